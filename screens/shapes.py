"""Hand-drawn pixel shapes: the seals of the cycles, and the figures and letters of queue numbers, clock and countdown.

A pixel is one cell wide and half a row high, which is nearly square in a terminal. Shapes carry no colour.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

FigureSize = Literal["big", "mid"]
"""`big`: 7 x 12 pixels, strokes of two. `mid`: 5 x 8, strokes of one."""

_SOURCE = Path(__file__).with_name("shapes.toml")
_INK = "#"
_GROUND = "."


class ShapeError(ValueError):
    """shapes.toml holds a drawing that is not a rectangle of '#' and '.'."""


@dataclass(frozen=True)
class Shape:
    """A drawing: `rows` of '#' (ink) and '.' (ground), all equally long, an even number of them."""

    rows: tuple[str, ...]

    @property
    def width(self) -> int:
        """Width in pixels, which is also cells."""
        return len(self.rows[0])

    @property
    def height(self) -> int:
        """Height in pixels; two of them make a row of cells."""
        return len(self.rows)


def _shape(name: str, drawing: str) -> Shape:
    rows = tuple(drawing.strip().splitlines())
    if len(rows) % 2 or len({len(row) for row in rows}) != 1 or set("".join(rows)) - {_INK, _GROUND}:
        raise ShapeError(f"{_SOURCE.name}: {name}: needs an even number of equally long rows of '#' and '.'")
    return Shape(rows)


@cache
def _tables() -> dict[str, dict[str, str]]:
    return tomllib.loads(_SOURCE.read_text("utf-8"))


@cache
def _drawings() -> dict[str, dict[str, Shape]]:
    return {
        table: {name: _shape(f"{table}.{name}", drawing) for name, drawing in _tables()[table].items()}
        for table in ("seal", "big", "mid")
    }


def traditional(character: str) -> str:
    """Return a seal's character as Traditional Chinese writes it."""
    return _tables()["traditional"].get(character, character)


def seal(character: str) -> Shape | None:
    """Return the 11 x 12 drawing of a Chinese character, or None if nobody has drawn it yet."""
    return _drawings()["seal"].get(character)


@cache
def drawn(size: FigureSize) -> frozenset[str]:
    """Return the characters that `figures` can show in `size`."""
    return frozenset(_drawings()[size])


def figures(size: FigureSize, text: str) -> Shape:
    """Return `text` as one shape, a pixel of ground between characters. Raises KeyError for a character not `drawn`.

    Not kept for the next time: a station shows thousands of numbers, each to one visitor.
    """
    shapes = [_drawings()[size][character] for character in text]
    return Shape(tuple(_GROUND.join(parts) for parts in zip(*(shape.rows for shape in shapes), strict=True)))
