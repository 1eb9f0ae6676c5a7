"""Paper, and what a print head has put on it: the physical model behind the virtual printer.

Lengths are dots, 8 to the millimetre.
"""

from dataclasses import dataclass
from typing import Literal

CELL_DOTS = 12
"""Width of one ASCII character at the normal size."""

Align = Literal[0, 1, 2]
"""Left, centre, right, as ESC a numbers them."""
Matrix = tuple[tuple[bool, ...], ...]
"""Rows of modules, True for dark."""


@dataclass(frozen=True)
class Glyph:
    """One character, `left` dots from the line's beginning, `width` dots wide, magnified `scale` times across.

    `down`: times that it is magnified down the paper. `dots`: its picture, where the printer's font had no part in it.
    """

    character: str
    left: int
    width: int
    scale: int
    down: int
    bold: bool
    dots: Matrix | None = None


@dataclass(frozen=True)
class TextLine:
    """Characters printed in one go. `scale`: the tallest one's magnification; `height` includes the space below."""

    glyphs: tuple[Glyph, ...]
    align: Align
    scale: int
    height: int

    @property
    def text(self) -> str:
        """The characters, with the blanks that their places tell."""
        text = ""
        end = 0
        for glyph in self.glyphs:
            text += " " * ((glyph.left - end) // (CELL_DOTS * glyph.scale)) + glyph.character
            end = glyph.left + glyph.width
        return text


@dataclass(frozen=True)
class Picture:
    """A QR code or raster image: `module` dots for each entry of `matrix` both ways."""

    matrix: Matrix
    module: int
    align: Align

    @property
    def height(self) -> int:
        """Dots down the paper."""
        return len(self.matrix) * self.module


@dataclass(frozen=True)
class Feed:
    """Blank paper."""

    height: int


Mark = TextLine | Picture | Feed


@dataclass(frozen=True)
class Slip:
    """One piece of paper, or what of it has come out so far. `codes` are the payloads of its QR codes."""

    marks: tuple[Mark, ...]
    codes: tuple[str, ...]

    @property
    def text(self) -> str:
        """All characters, a line break for each line and each feed of blank paper."""
        return "\n".join(mark.text if isinstance(mark, TextLine) else "" for mark in self.marks)

    @property
    def height(self) -> int:
        """Dots from its top to its bottom."""
        return sum(mark.height for mark in self.marks)
