"""What is painted comes out as wide as the screen, literally, and with no way to command the terminal."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from screens.canvas import Canvas
from screens.palette import ROLES, palette
from screens.shapes import figures

DAY = palette("day")
HOSTILE = [
    "[/]",
    "[@click=app.quit]x[/]",
    "[bold]",
    "\x1b]52;c;aGk=\x07",
    "\x1b[2J",
    "a\x00b",
    "\x9b31m",
    "‮abc",
    "\ud800",
]


def rows(canvas: Canvas) -> list[str]:
    return [strip.text for strip in canvas.strips(DAY)]


@example("\U0001f3fb", 0, 0)  # a skin tone without a person
@example("\u093e", 0, 0)  # a vowel sign without its letter
@example("\u4dc0", 0, 0)  # as wide as the Unicode version says
@example("#\ufe0f\u20e3", 0, 0)
@given(st.text(max_size=40), st.integers(-5, 45), st.integers(-1, 3))
def test_any_text_at_any_place_leaves_every_row_as_wide_as_the_canvas(text: str, left: int, row: int) -> None:
    canvas = Canvas(40, 3, "page")
    canvas.fill(3, 1, 20, 3, "card")
    canvas.text(left, row, text, "ink")
    for strip in canvas.strips(DAY):
        assert sum(cell_len(segment.text) for segment in strip) == strip.cell_length == 40


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_terminal_obeys_reaches_it(text: str) -> None:
    canvas = Canvas(40, 1, "page")
    canvas.text(0, 0, text, "ink")
    assert rows(canvas)[0].isprintable()


@pytest.mark.parametrize("text", ["[/]", "[@click=app.quit]x[/]", "[bold]x[/bold]", "[red on blue]"])
def test_markup_is_painted_as_it_stands(text: str) -> None:
    canvas = Canvas(40, 1, "page")
    canvas.text(0, 0, text, "ink")
    assert rows(canvas)[0].rstrip() == text


def test_an_accent_joins_the_letter_before_it() -> None:
    canvas = Canvas(4, 1, "page")
    canvas.text(0, 0, "e\u0301x", "ink")
    assert rows(canvas)[0] == "e\u0301x  "


def test_a_wide_character_that_would_stick_out_is_left_out() -> None:
    canvas = Canvas(5, 1, "page")
    canvas.text(0, 0, "集美区", "ink")
    assert rows(canvas)[0] == "集美 "


def halves(canvas: Canvas) -> list[list[str]]:
    """The colour of every half cell, half row by half row, as a terminal draws it."""
    drawn: list[list[str]] = []
    for strip in canvas.strips(DAY):
        upper: list[str] = []
        lower: list[str] = []
        for segment in strip:
            assert segment.style is not None
            assert segment.style.color is not None
            assert segment.style.bgcolor is not None
            ink, ground = segment.style.color.name, segment.style.bgcolor.name
            for character in segment.text:
                upper.append(ink if character == "▀" else ground)
                lower.append(ink if character == "▄" else ground)
        drawn += [upper, lower]
    return drawn


@given(st.lists(st.tuples(st.integers(-2, 9), st.integers(-2, 7), st.integers(0, 9), st.integers(0, 7)), max_size=6))
def test_half_rows_are_drawn_as_they_were_filled(fills: list[tuple[int, int, int, int]]) -> None:
    canvas = Canvas(8, 3, "page")
    wanted = [[DAY.colour("page").lower()] * 8 for _ in range(6)]
    for number, (left, top, width, height) in enumerate(fills):
        role = ROLES[number]
        canvas.fill(left, top, width, height, role)
        for half in range(max(top, 0), min(top + height, 6)):
            for cell in range(max(left, 0), min(left + width, 8)):
                wanted[half][cell] = DAY.colour(role).lower()
    assert halves(canvas) == wanted


def test_a_shape_is_drawn_a_pixel_to_half_a_cell() -> None:
    shape = figures("mid", "A7")
    canvas = Canvas(shape.width, shape.height // 2, "card")
    canvas.shape(0, 0, shape, "accent")
    ink, ground = DAY.colour("accent").lower(), DAY.colour("card").lower()
    assert halves(canvas) == [[ink if pixel == "#" else ground for pixel in row] for row in shape.rows]
