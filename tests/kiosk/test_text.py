"""Strings from outside, widths, and lines that respect words."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.text import ambiguous, cells, clean, fit, wrap, wrap_evenly

MIXED = st.text(st.sampled_from("集美区政务（）「」，。：A07-012bcd 123.5"), max_size=80)


@pytest.mark.parametrize(
    "hostile",
    ["\x1b]52;c;aGk=\x07", "\x9b31m", "\x1b[2J", "a\u202eb", "\u2066x", "\ud800", "a\x00b", "\x7f", "\u200b", "\ue000"],
)
def test_nothing_that_commands_a_terminal_or_printer_gets_through(hostile: str) -> None:
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co"} for c in clean(hostile))


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


def test_white_space_becomes_one_blank_and_length_is_limited() -> None:
    assert clean(" 集\t\n 美\u3000区 ") == "集 美 区"
    assert len(clean("x" * 100_000)) == 4096


def test_markup_is_plain_text() -> None:
    assert clean("[@click=app.quit]x[/]") == "[@click=app.quit]x[/]"


def test_widths() -> None:
    assert cells("A07-012") == 7
    assert cells("集美24") == 6
    assert cells("e\u0301") == 1
    assert fit("集美区", 5) == "集美"
    assert ambiguous("第①步 → 完成…") == "①→…"
    assert not ambiguous("▄▀─「」：，")


@given(MIXED, st.integers(8, 40))
def test_wrapping_keeps_every_character_within_the_width(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(cells(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(MIXED, st.integers(16, 40))
def test_no_line_starts_with_closing_punctuation(text: str, width: int) -> None:
    lines = wrap(text, width)
    joined = text.replace(" ", "")
    for line in lines[1:]:
        # Only a run that alone is wider than the paper may break before it.
        if line[:1] in set("，。：）」"):
            assert any(cells(run) > width - 4 for run in _runs(joined))


@given(MIXED, st.integers(8, 40))
def test_wrapping_evenly_takes_no_more_lines_and_loses_nothing(text: str, width: int) -> None:
    lines = wrap_evenly(text, width)
    assert len(lines) <= len(wrap(text, width))
    assert all(cells(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("落户、医保、社保卡", 14, ["落户、医保、", "社保卡"]),
        ("请取走清单，纸从屏幕下方出来。", 26, ["请取走清单，", "纸从屏幕下方出来。"]),
        ("一直在：返回、首页、帮助、语言、大字、结束。", 42, ["一直在：返回、首页、帮助、语言、", "大字、结束。"]),
        ("Read the list here again: press Back.", 34, ["Read the list here again:", "press Back."]),
        ("短", 10, ["短"]),
    ],
)
def test_wrapping_evenly_breaks_where_a_reader_pauses(text: str, width: int, lines: list[str]) -> None:
    assert wrap_evenly(text, width) == lines


def _runs(text: str) -> list[str]:
    runs, run = [], ""
    for character in text:
        if character in "，。：）」（「" or character.isascii() or (run and run[-1] in "（「"):
            run += character
        else:
            runs.append(run)
            run = character
    return [*runs, run]


def test_numbers_and_words_stay_whole() -> None:
    lines = wrap("请在2026年11月24日到A07-012窗口 Please wait", 14)
    assert any("A07-012" in line for line in lines)
    assert any("Please" in line for line in lines)
