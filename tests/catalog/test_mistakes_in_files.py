"""Mistakes in questions and whole files, acted out; and what looks like a mistake but is legal text."""

import datetime
import re
from collections.abc import Callable
from pathlib import Path

import pytest

Lines = Callable[[], list[str]]

BIRTH = "cycles/birth.toml"
HALL = "hall.toml"
THEMES = "themes.toml"
PO = "wording/en.po"

QUESTION = """
[[package.situation]]
question_zh = "是否加急？"
question_en = "Is it urgent?"
kind = "{kind}"
source = "general-knowledge"
"""
OPTION = """
[[package.situation.option]]
label_zh = "{zh}"
label_en = "{en}"
{rest}
"""
YES = OPTION.format(zh="是", en="Yes", rest='adds = ["photo"]')
NO = OPTION.format(zh="否", en="No", rest="")


@pytest.mark.parametrize(
    ("kind", "options", "said"),
    [
        ("yesno", "", "situation 4 option: is missing; [[option]] belongs here"),
        ("yesno", YES, "situation 4 option: has 1 entries; 2 to 4 entries"),
        ("yesno", YES + NO + NO, "situation 4 option: a yes-no question has 3 options; two: yes, then no"),
        ("yesno", NO + YES, "the options are '否' and '是'; yes (是, Yes) first, then no (否, No)"),
        ("choice", NO + NO, "situation 4 option: no answer changes anything; a question that makes a difference"),
        ("choice", YES + NO * 4, "situation 4 option: has 5 entries; 2 to 4 entries"),
        (
            "yesno",
            YES + OPTION.format(zh="否", en="No", rest="blocks = true"),
            "option 2 note_zh: is missing; an answer that blocks says why and where to go",
        ),
        (
            "yesno",
            YES + OPTION.format(zh="否", en="No", rest='removes = ["will-doc"]'),
            "option 2 removes: 'will-doc' is asked for by no matter of this package",
        ),
        (
            "yesno",
            YES
            + OPTION.format(
                zh="否",
                en="No",
                rest='skips_matters = ["生育登记", "生育医疗费支付", "生育津贴支付"]',
            ),
            "skip every matter; at least one matter remains whatever is answered",
        ),
        (
            "yesno",
            OPTION.format(zh="是", en="Yes", rest=f"adds = {[f'extra-{n}' for n in range(40)]}".replace("'", '"')) + NO,
            "more than the 17 before; a list that merging makes shorter",
        ),
    ],
)
def test_a_question_that_cannot_be_asked_is_named(
    kind: str, options: str, said: str, data: Path, mistakes: Lines
) -> None:
    with (data / BIRTH).open("a", encoding="utf-8") as file:
        file.write(QUESTION.format(kind=kind) + options)
    with (data / "materials.toml").open("a", encoding="utf-8") as file:
        for number in range(40):
            file.write(
                f'\n[[material]]\nid = "extra-{number}"\nname_zh = "材料"\nname_en = "Paper"\nkind = "copy"\n'
                'obtainable_electronically = false\nsource = "general-knowledge"\n'
            )
    found = mistakes()
    assert [line for line in found if said in line], found
    assert all("maternity-benefit" in line for line in found)


@pytest.mark.parametrize("name", ["materials.toml", THEMES, HALL, "station.toml", "glossary.toml", PO])
def test_a_missing_file_is_named(name: str, data: Path, mistakes: Lines) -> None:
    (data / name).unlink()
    assert f"{name}: no such file or directory; the file must be there and readable" in mistakes()


def test_a_missing_channel_and_an_unknown_one_are_named(data: Path, mistakes: Lines) -> None:
    (data / "channels/home_assist.toml").rename(data / "channels/home-assist.toml")
    found = mistakes()
    assert "channels/home_assist.toml: is missing; each channel has its file" in found
    assert any(line.startswith("channels/home-assist.toml: unknown channel (nearest: home_assist)") for line in found)


def test_a_missing_folder_is_named(data: Path, mistakes: Lines) -> None:
    (data / "cycles").rename(data / "zyklen")
    assert "cycles: no such file or directory; a folder of .toml files belongs here" in mistakes()


def test_a_folder_where_a_file_belongs_is_named(data: Path, mistakes: Lines) -> None:
    (data / HALL).unlink()
    (data / HALL).mkdir()
    assert f"{HALL}: is not a file; a TOML file belongs here" in mistakes()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'[cycle]\nid = "birth\n', r"cycles/birth.toml:2: is no valid TOML"),
        (b'[cycle]\nid = "birth"\nid = "birth"\n', r"cycles/birth.toml:3: is no valid TOML"),
        (b"[[package]\n", r"cycles/birth.toml:1: is no valid TOML"),
        ("[cycle]\nname_zh = '\x1b[31m出生'\n".encode(), r"cycles/birth.toml:2: is no valid TOML"),
        ("[cycle]\nname_zh = '出生'\n".encode("gb18030"), r"cycles/birth.toml:2: is not UTF-8"),
        (b"\xff\xfe[\x00", r"cycles/birth.toml:1: is not UTF-8"),
        (b"a = " + b"[" * 20_000, r"cycles/birth.toml: is nested too deeply"),
        (b"a = " + b"1" * 20_000, r"cycles/birth.toml: holds an impossible value"),
        (b"a = 1" + b"\n" * 4_000_000, r"cycles/birth.toml: is too large"),
        (b"", r"cycles/birth.toml: cycle: is missing; \[cycle\] belongs here"),
        (b"cycle = 3\n", r"cycles/birth.toml:1: cycle: is the number 3; a table with id"),
        (b'[[cycle]]\nid = "birth"\n', r"cycles/birth.toml:1: cycle: is a list; a table with id"),
        (b"package = [1]\n", r"cycles/birth.toml:1: package 1: is the number 1; a table with id"),
        (b"[package]\n", r"cycles/birth.toml:1: package: is a table; \[\[package\]\] belongs here"),
    ],
)
def test_a_file_that_is_broken_is_named_with_its_line(content: bytes, said: str, data: Path, mistakes: Lines) -> None:
    (data / BIRTH).write_bytes(content)
    assert [line for line in mistakes() if re.match(said, line)]


def test_a_file_saved_by_a_windows_editor_is_read(data: Path, mistakes: Lines) -> None:
    text = (data / BIRTH).read_text("utf-8")
    (data / BIRTH).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert mistakes() == []


@pytest.mark.parametrize("name", ["[/]", "[@click=app.quit]x[/]", "{name}", "%s", "$(id)", "'; DROP TABLE", "a\\\\b"])
def test_what_looks_like_markup_is_legal_text(name: str, data: Path, mistakes: Lines) -> None:
    text = (data / BIRTH).read_text("utf-8")
    text = text.replace('name_zh = "公民婚育一件事"', f'name_zh = "{name}"')
    (data / BIRTH).write_text(text.replace('name_en = "Marriage and childbirth"', f'name_en = "{name}"'), "utf-8")
    assert mistakes() == []


def test_a_closure_of_months_is_refused_because_no_number_could_be_given(data: Path, mistakes: Lines) -> None:
    days = ", ".join(str(datetime.date(2027, 3, 1) + datetime.timedelta(days=day)) for day in range(60))
    text = (data / HALL).read_text("utf-8")
    (data / HALL).write_text(re.sub(r"closed = \[.*?\n\]", f"closed = [{days}]", text, flags=re.DOTALL), "utf-8")
    assert [line for line in mistakes() if "hall closed: the hall is closed for 60 days from 2027-03-01" in line]


def test_no_session_is_refused(data: Path, mistakes: Lines) -> None:
    text = (data / HALL).read_text("utf-8")
    (data / HALL).write_text(text[: text.index("[[session]]")], "utf-8")
    assert any("session: is missing; [[session]] belongs here" in line for line in mistakes())
