"""The rules that every page is held to find what they are there to find."""

import pytest
from textual.geometry import Region

from kiosk.text import Language
from screens.intents import Begin
from screens.palette import palette
from screens.widgets.choice import Choice, Words
from tests.screens import rules
from tests.screens.drawing import NOTING, Watched, draw_widget, pairs_of


@pytest.mark.parametrize(
    ("left", "row", "text"), [(-1, 0, "取号"), (7, 1, "取号"), (0, 3, "取号"), (5, 0, "no room")], ids=str
)
def test_words_cut_at_an_edge_are_found(left: int, row: int, text: str) -> None:
    canvas = Watched(8, 3, "page")
    canvas.text(left, row, text, "ink")
    assert canvas.finish() == [f"cut at the edge: {text!r}"]


def test_words_drawn_over_words_are_found() -> None:
    canvas = Watched(20, 1, "page")
    canvas.text(0, 0, "取号取号", "ink")
    canvas.text(4, 0, "清单", "ink")
    assert "drawn over: '取号取号'" in canvas.finish()


def test_words_over_the_edge_of_a_card_are_found() -> None:
    canvas = Watched(20, 2, "page")
    canvas.fill(0, 1, 20, 3, "card")
    canvas.text(2, 0, "取号", "ink")
    assert canvas.finish() == ["lies over an edge: '取号'"]


def test_words_without_a_blank_between_them_are_found() -> None:
    canvas = Watched(20, 1, "page")
    canvas.text(canvas.text(0, 0, "Print", "ink"), 0, "again", "muted")
    assert canvas.finish() == ["no blank between 'Print' and 'again'"]


def test_whole_words_are_not_found() -> None:
    canvas = Watched(20, 3, "page")
    canvas.fill(0, 0, 20, 6, "card")
    canvas.text(canvas.text(1, 1, "打印", "ink") + 1, 1, "清单", "muted")
    assert canvas.finish() == []


def test_a_choice_that_is_small_cut_or_without_its_digit_is_found() -> None:
    words = Words("一个很长的名字放不下")
    choice = Choice(palette("day"), Region(0, 0, 11, 3), "", words, Begin())
    strips, _ = draw_widget(choice)
    choice.digit = "1"
    assert [one.split(" is ")[-1] for one in rules._choice(choice, strips)] == [
        "only 11 x 3",
        "cut: 一个很长的名字放不下",
        "not to be seen",
    ]


def test_a_focus_that_nobody_can_see_is_found() -> None:
    class Plain(Choice):
        def paint(self, canvas: Watched) -> None:
            canvas.text(6, 1, self.words.label, "ink")

    found = list(rules.unclear(Plain(palette("day"), Region(0, 0, 30, 3), "1", Words("取号"), Begin())))
    assert "focus has the colours of rest" in found
    assert "focus on 取号 has the shape of rest" in found


def test_pale_text_is_found_in_the_theme_where_it_is_pale() -> None:
    assert list(rules.pale({("line", "card")}, set())) == ["text in line on card has a contrast of 3.8 in day"]
    assert list(rules.pale({("warn", "page")}, set())) == []
    assert list(rules.pale(set(), {("line", "card"), ("card", "page")})) == []
    assert len(list(rules.pale(set(), {("card", "warn"), ("notice", "rail")}))) == 2


def test_what_is_written_and_what_is_drawn_are_told_apart() -> None:
    canvas = Watched(8, 1, "page")
    canvas.fill(0, 1, 4, 1, "seal")
    canvas.text(5, 0, "a", "muted")
    text, shapes = pairs_of(canvas.strips(NOTING))
    assert text == {("muted", "page")}
    assert shapes == {("page", "seal")}


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("取号 Number", Language.HANS),
        ("取号", Language.HANT),
        ("Take a number 取号", Language.EN),
    ],
)
def test_foreign_words_are_found(text: str, language: Language) -> None:
    assert len(list(rules.foreign(text, language))) == 1


@pytest.mark.parametrize(
    ("text", "language"),
    [("简体中文 English EN", Language.HANS), ("取號 简体 群", Language.HANT), ("简体中文 集 Number", Language.EN)],
)
def test_languages_by_their_own_names_are_not_foreign(text: str, language: Language) -> None:
    assert list(rules.foreign(text, language)) == []


@pytest.mark.parametrize(
    "text", ["[bold]x", "[/]", "{n} 份", "[@click=app.quit]", "%s", "<object at 1>", "None", "\\n"]
)
def test_leftovers_of_markup_are_found(text: str) -> None:
    assert rules.MARKUP.search(text)


@pytest.mark.parametrize("text", ["None of these: search", "A07-012", "08:30-12:00", "（7合1）", "按「确认」"])
def test_plain_words_are_no_markup(text: str) -> None:
    assert not rules.MARKUP.search(text)
