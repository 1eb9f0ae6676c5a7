"""The layout of slips: what a resident would see on 58 and 80 mm paper."""

import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.documents import Code, Cut, Document, Gap, Item, Row, Rule, Words, columns_of, layout, marked
from kiosk.text import Language, clean

WIDTHS = (24, 32, 42, 48)
MIXED = st.text(
    st.one_of(
        st.sampled_from("集美区便民服务站，。、；：？！（）「」《》"),
        st.sampled_from("abcXYZ0123456789-+/.,;:()%' "),
        st.characters(codec="utf-8"),
    ),
    max_size=80,
)
BLOCKS = st.one_of(
    st.builds(
        Words,
        MIXED,
        size=st.sampled_from((1, 2, 4)),
        bold=st.booleans(),
        centre=st.booleans(),
        hang=st.integers(0, 6),
    ),
    st.builds(Item, st.sampled_from(("[ ]", "1", "12", "")), MIXED, MIXED.map(lambda note: note[:12])),
    st.builds(Rule),
    st.builds(Gap, st.integers(1, 3)),
)


def document(*blocks: Words | Item | Rule | Gap | Code | Cut, language: Language = Language.HANS) -> Document:
    return Document("test", language, blocks)


def rows(*blocks: Words | Item | Rule, columns: int = 32) -> list[str]:
    return [line.text for line in layout(document(*blocks), columns) if isinstance(line, Row)]


def letters(text: str) -> str:
    return re.sub(r"\s", "", text)


@settings(deadline=None)
@given(st.lists(BLOCKS, max_size=6), st.sampled_from(WIDTHS))
def test_nothing_is_printed_past_the_last_column(blocks: list[Words | Item | Rule | Gap], columns: int) -> None:
    for line in layout(document(*blocks), columns):
        if isinstance(line, Row):
            assert columns_of(line.text) * line.size <= columns


@settings(deadline=None)
@given(MIXED, MIXED.map(lambda note: note[:12]), st.sampled_from(WIDTHS))
def test_every_character_of_an_item_is_on_paper_and_in_order(text: str, note: str, columns: int) -> None:
    printed = letters("".join(rows(Item("[ ]", text, note), columns=columns)))
    expected = document(Words(text), Words(note))
    wanted = "".join(letters(line.text) for line in layout(expected, columns) if isinstance(line, Row))
    assert sorted(printed) == sorted("[]" + wanted)
    assert printed.startswith("[]")


@settings(deadline=None)
@given(MIXED, st.sampled_from((1, 2, 4)), st.booleans(), st.sampled_from(WIDTHS))
def test_every_character_of_a_paragraph_is_on_paper_and_in_order(
    text: str, size: int, centre: bool, columns: int
) -> None:
    paragraph = msgspec.convert({"type": "words", "text": text, "size": size, "centre": centre}, Words)
    printed = letters("".join(rows(paragraph, columns=columns)))
    one_row = "".join(rows(Words(text), columns=100_000))
    assert printed == letters(one_row)


@settings(deadline=None)
@given(
    st.lists(st.from_regex(r"[A-Za-z0-9-]{1,24}", fullmatch=True), max_size=12),
    st.sampled_from((1, 2, 4)),
    st.sampled_from(WIDTHS),
)
def test_no_word_or_number_is_cut(words: list[str], size: int, columns: int) -> None:
    paragraph = msgspec.convert({"type": "words", "text": " ".join(words), "size": size}, Words)
    printed = [word for row in rows(paragraph, columns=columns) for word in row.split()]
    assert printed == words


def test_a_number_too_wide_for_four_times_the_size_is_set_smaller_and_not_broken() -> None:
    (wide,) = layout(document(Words("A07-1000", size=4)), 32)
    (wider,) = layout(document(Words("A07-10000", size=4)), 32)
    assert wide == Row("A07-1000", size=4)
    assert wider == Row("A07-10000", size=2)


def test_the_note_stands_at_the_right_edge_of_the_first_row_with_room() -> None:
    assert rows(Item("[ ]", "申请人居民身份证", "原件")) == ["[ ] 申请人居民身份证        原件"]
    assert rows(Item("[ ]", "不动产权证书或者房屋租赁合同备案证明", "复印件")) == [
        "[ ] 不动产权证书或者房屋租赁合同",
        "    备案证明              复印件",
    ]
    assert rows(Item("[ ]", "一二三四五六七八九十一二三四", "原件")) == [
        "[ ] 一二三四五六七八九十一二三四",
        "                            原件",
    ]


def test_wrapped_rows_of_an_item_and_of_a_step_hang_under_their_text() -> None:
    assert rows(Item("12", "Marriage certificate of both parents, if married")) == [
        "12 Marriage certificate of both",
        "   parents, if married",
    ]
    assert rows(Words("1 在终端或省网上办事大厅选择本套餐", hang=2)) == ["1 在终端或省网上办事大厅选择本套", "  餐"]


def test_no_row_begins_with_closing_punctuation() -> None:
    text = "一二三四五六七八九十一二三四五六，七八九十"
    assert all(row[0] not in "，。" for row in rows(Words(text)))


def test_characters_that_a_printer_draws_wider_than_a_terminal_count_as_wide() -> None:
    texts = rows(Words("é" * 40))
    assert texts == ["é" * 16, "é" * 16, "é" * 8]


def test_control_characters_never_reach_the_layout() -> None:
    assert rows(Words("名\x1b@称\x00\r\n二")) == ["名@称 二"]
    assert rows(Item("[ ]", "甲\x1d!\x33乙", "\x10\x04\x01件")) == ["[ ] 甲 !3乙                   件"]


@pytest.mark.parametrize("columns", [0, 16, 23])
def test_paper_too_narrow_for_a_number_is_refused(columns: int) -> None:
    with pytest.raises(ValueError, match="too narrow"):
        layout(document(Words("A07-012")), columns)


@pytest.mark.parametrize("data", ["", "集美", "A\x1b", "A" * 181])
def test_a_code_that_phones_could_misread_is_refused(data: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        Code(data)


@pytest.mark.parametrize("lines", [0, -1, 21])
def test_a_gap_of_no_or_endless_paper_is_refused(lines: int) -> None:
    with pytest.raises(ValueError, match="1 to 20 lines"):
        Gap(lines)


@pytest.mark.parametrize(
    ("language", "mark"),
    [(Language.HANS, "补打 第2次"), (Language.HANT, "補印 第2次"), (Language.EN, "REPRINT 2")],
)
def test_a_reprint_says_so_at_the_top_in_the_slips_language(language: Language, mark: str) -> None:
    original = document(Words("A07-012", size=4), Cut(), language=language)
    first, *rest = layout(marked(original, 2), 32)
    assert first == Row(mark, size=2, bold=True, centre=True)
    assert tuple(rest) == layout(original, 32)
    with pytest.raises(ValueError, match="from 1"):
        marked(original, 0)


def test_a_document_comes_back_whole_from_the_journal() -> None:
    slip = document(Words("A07-012", size=4), Item("[ ]", "户口簿", "原件"), Rule(), Gap(2), Code("HTTPS"), Cut())
    assert msgspec.json.decode(msgspec.json.encode(slip), type=Document) == slip


def test_a_document_with_a_broken_code_in_the_journal_is_refused_and_not_printed() -> None:
    stored = msgspec.json.encode(document(Code("A"))).replace(b'"A"', '"集"'.encode())
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(stored, type=Document)


def test_the_cleaner_of_names_is_the_one_of_the_whole_station() -> None:
    hostile = "[/]\x1b]0;x\x07名\u202e称"
    assert rows(Words(hostile)) == [clean(hostile)]
