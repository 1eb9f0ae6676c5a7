"""The drawings are whole: every letter that a number can begin with, every digit, every seal."""

import pytest

from kiosk import paths
from kiosk.catalog.load import read_release
from screens.shapes import FigureSize, drawn, figures, seal, traditional

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
HEIGHTS: dict[FigureSize, int] = {"big": 12, "mid": 8}


@pytest.mark.parametrize("size", ["big", "mid"])
def test_every_number_can_be_shown_large(size: FigureSize) -> None:
    assert drawn(size) >= set(LETTERS + "0123456789-:")
    for letter in LETTERS:
        assert figures(size, f"{letter}07-1000").height == HEIGHTS[size]


@pytest.mark.parametrize("size", ["big", "mid"])
def test_no_two_figures_look_alike(size: FigureSize) -> None:
    shapes = [figures(size, character).rows for character in LETTERS + "0123456789"]
    assert len(set(shapes)) == len(shapes)


def test_a_number_takes_the_room_that_the_pages_plan_for() -> None:
    assert figures("big", "A07-012").width == 52
    assert figures("mid", "A07-012").width == 39
    assert max(figures("big", f"{letter}07-012").width for letter in LETTERS) <= 53
    assert max(figures("mid", f"{letter}07-012").width for letter in LETTERS) == 39


def test_every_cycle_has_its_seal_in_both_scripts() -> None:
    cycles = read_release(paths.release_dir() / "catalog.msgpack").cycles
    for character in [cycle.seal for cycle in cycles] + list("集美人企是否"):
        shape = seal(character)
        assert shape is not None, character
        assert (shape.width, shape.height) == (11, 12)
        assert seal(traditional(character)) is not None, traditional(character)


def test_a_character_that_nobody_drew_is_no_error() -> None:
    assert seal("福") is None
    assert traditional("福") == "福"
