"""The technician's words: one source, all of it used, in both languages, and the guide says the same."""

import re
from pathlib import Path

import pytest

from kiosk import paths
from kiosk.catalog.load import FILE, read_release
from kiosk.catalog.model import Release
from kiosk.ports import Condition, State
from kiosk.settings import Keypad, Settings
from kiosk.technician import findings
from kiosk.technician.archive import FILTERS, KINDS
from kiosk.technician.by_hand import by_hand
from kiosk.technician.live import Live
from kiosk.technician.symptoms import GRADES, SYMPTOMS, Symptom
from kiosk.text import Language, ambiguous
from kiosk.wording import Wording
from screens.knock import CORNERS, KEYS

TREE = Path(__file__).parents[2]
GUIDE = TREE / "docs" / "技术员指南.md"


def rows() -> list[str]:
    """The table of symptoms as the guide has it."""
    return [
        f"| `{code}` | {GRADES[one.grade]} | {one.means} | {one.do} | {one.works or '不受影响'} |"
        for code, one in SYMPTOMS.items()
    ]


def every_test() -> list[findings.Test]:
    """Those of the shell, and behind them those that only a running station has."""
    from kiosk.cli.registry import tests_of

    state = State(Condition.UNKNOWN)

    def release() -> Release:
        return read_release(paths.release_dir() / FILE)

    live = Live(lambda: state, None, lambda: None, lambda: None, lambda: None, lambda: None, release, lambda: "")
    shell = tests_of(Settings(), TREE / "none", [])
    known = {one.name for one in shell}
    return [*shell, *(one for one in tests_of(Settings(), TREE / "none", [], live) if one.name not in known)]


def sentences() -> set[str]:
    said = {sentence for one in SYMPTOMS.values() for sentence in (one.means, one.do, one.works) if sentence}
    return said | {one.title for one in every_test()} | {one.reason for one in every_test()} | set(GRADES.values())


def test_the_guide_has_every_symptom_in_the_words_of_the_screen() -> None:
    table = [line for line in GUIDE.read_text("utf-8").splitlines() if line.startswith("| `") and line.count("|") == 6]
    assert table == rows()


def test_the_guide_names_every_test() -> None:
    text = GUIDE.read_text("utf-8")
    assert not [one.title for one in every_test() if f"| {one.title} | {one.reason} |" not in text]


def test_the_guide_names_every_test_that_a_person_judges_and_the_way_in() -> None:
    text = GUIDE.read_text("utf-8")
    by_person = by_hand("generic-58", 32, scanner=True)
    assert not [one.title for one in by_person if one.title not in text]
    keypad = vars(Keypad())
    assert " ".join(keypad[name] for name in KEYS) in text
    assert len(CORNERS) == 5
    assert "左上角、右上角、右下角、左下角、左上角" in text


def test_every_symptom_can_be_found_by_some_test() -> None:
    source = "".join(path.read_text("utf-8") for path in (TREE / "kiosk" / "technician").glob("*.py"))
    source = source.replace((TREE / "kiosk" / "technician" / "symptoms.py").read_text("utf-8"), "")
    source += "".join(f'"database-{kind}"' for kind in ("newer", "damaged", "unreadable"))
    unused = [code for code in SYMPTOMS if f'"{code}"' not in source and not code.startswith("printer-")]
    assert unused == []


@pytest.mark.parametrize("language", [Language.EN, Language.HANT])
def test_every_sentence_is_said_in_each_language(language: Language) -> None:
    wording = Wording(paths.release_dir())
    missing = [one for one in sentences() if language is Language.EN and wording.say(language, one) == one]
    assert missing == []
    assert not [one for one in sentences() if ambiguous(wording.say(language, one))]


def test_simplified_sentences_stay_within_what_every_printer_has() -> None:
    for sentence in sentences():
        sentence.encode("gb2312")


def test_each_says_what_to_do_and_what_is_grave_says_what_still_works() -> None:
    def grave(one: Symptom) -> bool:
        return one.grade == "severe"

    assert all(re.search(r"\w", one.do) for one in SYMPTOMS.values())
    assert all(one.works for one in SYMPTOMS.values() if grave(one))


def test_every_kind_of_entry_has_a_word_of_its_own_and_is_found_by_a_filter() -> None:
    written = re.compile(r'"((?:ticket|paper|request|rating|appointment|places|catalog|epoch|entry)\.[a-z-]+)"')
    told_downward = {"places.lent", "request.state", "catalog.release"}
    rooms = [*(TREE / "kiosk" / "journal").glob("*.py"), *(TREE / "kiosk" / "wire").glob("*.py")]
    kinds = {kind for path in rooms for kind in written.findall(path.read_text("utf-8"))} - told_downward
    assert len(kinds) > 15
    assert kinds - set(KINDS) == set()
    assert all(any(kind.startswith(some) for _, some in FILTERS[1:]) for kind in KINDS)
