"""The words of screens and slips: English by hand, Traditional made from the sentence itself."""

import ast
import datetime
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.catalog.build import build
from kiosk.catalog.check import Checked, check
from kiosk.text import Language
from kiosk.wording import Wording

ADDED = """
msgid "打印清单"
msgstr "Print the list"

msgid "{n} 份"
msgid_plural "{n} 份"
msgstr[0] "{n} paper"
msgstr[1] "{n} papers"

msgid "第{n}步，共{total}步"
msgstr "Step {n} of {total}"
"""


@pytest.fixture
def wording(data: Path, tmp_path: Path) -> Wording:
    """The wording built from the shipped file and three sentences more."""
    file = data / "wording/en.po"
    known = "".join(line for line in file.read_text("utf-8").splitlines(keepends=True))
    for sentence in re.findall(r'msgid "(.+)"', ADDED):
        known = re.sub(rf'\nmsgid "{re.escape(sentence)}"\n(?:msg.*\n)*', "\n", known)
    file.write_text(known + ADDED, "utf-8")
    checked = check(data)
    assert [str(mistake) for mistake in checked.mistakes] == []
    build(checked, tmp_path / "release", datetime.date(2026, 11, 24))
    return Wording(tmp_path / "release")


def test_a_sentence_is_said_in_each_language(wording: Wording) -> None:
    said = [wording.say(language, "打印清单") for language in Language]
    assert said == ["打印清单", "列印清單", "Print the list"]


def test_only_english_has_a_plural(wording: Wording) -> None:
    assert [wording.say(Language.EN, "{n} 份", n=n) for n in (0, 1, 5)] == ["0 papers", "1 paper", "5 papers"]
    assert [wording.say(Language.HANT, "{n} 份", n=n) for n in (0, 1, 5)] == ["0 份", "1 份", "5 份"]
    assert wording.say(Language.HANS, "{n} 份", n=1) == "1 份"


@pytest.mark.parametrize("n", [1, 2])
def test_a_number_in_a_sentence_without_plural_is_said_too(n: int, wording: Wording) -> None:
    assert wording.say(Language.EN, "第{n}步，共{total}步", n=n, total=3) == f"Step {n} of 3"
    assert wording.say(Language.HANT, "第{n}步，共{total}步", n=n, total=3) == f"第{n}步，共3步"


def test_a_value_is_put_in_as_it_is(wording: Wording) -> None:
    assert wording.say(Language.EN, "第{n}步，共{total}步", n="{打印}", total="[/]") == "Step {打印} of [/]"


def test_a_missing_catalogue_is_an_os_error(built: Path, tmp_path: Path) -> None:
    shutil.copy(built / "en.mo", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"zh-Hant\.mo"):
        Wording(tmp_path)


SPEAKERS = {"say", "Refused", "Availability", "steps", "Problem"}
"""Calls whose texts reach a resident by way of `Wording.say`."""


def sentences(path: Path) -> Iterator[str]:
    """Yield the Chinese texts that the module in `path` hands to one of the speakers."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in SPEAKERS:
                texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
                yield from (text for text in texts if isinstance(text, str) and re.search("[\u4e00-\u9fff]", text))


def test_every_sentence_of_the_program_has_its_english(checked: Checked, shipped: Path) -> None:
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in checked.messages}
    house = shipped.parent
    modules = [path for room in ("kiosk", "screens") for path in (house / room).rglob("*.py")]
    missing = {text: path.name for path in modules for text in sentences(path) if text not in known}
    assert not missing, "add these to data/wording/en.po"
    assert sum(1 for path in modules for _ in sentences(path)) > 50
