"""The print head of the virtual printer: its font, its line buffer, its symbol memory, and the paper that it moves."""

import math
from dataclasses import dataclass, field, replace

from devices.virtual_paper import CELL_DOTS, Align, Feed, Glyph, Mark, Matrix, Picture, Slip, TextLine

KEPT = 200
"""Pieces of paper that are remembered; a demonstration may run for weeks."""

_GLYPH_DOTS = 24
_SPACING = 30
_TAB_COLUMNS = 8
_LEVELS = {0x30: "L", 0x31: "M", 0x32: "Q", 0x33: "H"}


@dataclass
class Settings:
    """What ESC @ puts back. Scales are (across, down), of ASCII and of Chinese characters."""

    ascii_scale: tuple[int, int] = (1, 1)
    kanji_scale: tuple[int, int] = (1, 1)
    bold: bool = False
    align: Align = 0
    spacing: int = _SPACING
    module: int = 3
    level: int = 0x30
    stored: bytes = b""


@dataclass
class PrintHead:
    """Puts marks on paper `dots` wide. `paper_left`: dots until the paper ends, None for a fresh roll.

    Counters of what a printer does silently wrong: `overflow`, characters that went to the next line for want of room;
    `misplaced`, settings that count at the beginning of a line only and came in its middle; `left_out`, symbols wider
    than the paper, for which nothing is printed. `lines` counts the lines and pictures printed, `finished` holds the
    last pieces that were cut off, of `cuts` in all.
    """

    dots: int
    paper_left: int | None = None
    overflow: int = 0
    misplaced: int = 0
    left_out: int = 0
    revision: int = 0
    lines: int = 0
    cuts: int = 0
    settings: Settings = field(default_factory=Settings)
    finished: list[Slip] = field(default_factory=list)
    _marks: list[Mark] = field(default_factory=list)
    _codes: list[str] = field(default_factory=list)
    _line: list[Glyph] = field(default_factory=list)
    _at: int = 0
    _tallest: int = 1

    @property
    def piece(self) -> Slip:
        """What has been printed since the last cut."""
        return Slip(tuple(self._marks), tuple(self._codes))

    @property
    def paper_ended(self) -> bool:
        """Whether the end of the roll has passed the head."""
        return self.paper_left is not None and self.paper_left <= 0

    def reset(self) -> None:
        """Drop the unprinted line and all settings."""
        self.settings = Settings()
        self.drop_line()

    def drop_line(self) -> None:
        """Drop the unprinted line."""
        self._line = []
        self._at = 0
        self._tallest = 1

    def character(self, character: str, cells: int) -> None:
        """Put `character`, one or two `cells` wide at the normal size, into the line; print a full line first."""
        across, down = self.settings.ascii_scale if cells == 1 else self.settings.kanji_scale
        self._put(Glyph(character, 0, CELL_DOTS * cells * across, across, down, self.settings.bold))

    def drawn(self, character: str, dots: Matrix, *, plain: bool) -> None:
        """Put a picture of a `character` into the line; a `plain` one (ESC *) takes no size and no bold."""
        across, down = (1, 1) if plain else self.settings.kanji_scale
        bold = self.settings.bold and not plain
        self._put(Glyph(character, 0, len(dots[0]) * across, across, down, bold, dots))

    def tab(self) -> None:
        """Go on to the next tab stop, one every eight columns."""
        stop = _TAB_COLUMNS * CELL_DOTS
        self._at = min((self._at // stop + 1) * stop, self.dots)

    def align(self, align: Align) -> None:
        """Align what follows, if this is the beginning of a line."""
        if self._line:
            self.misplaced += 1
        else:
            self.settings.align = align

    def end_line(self) -> None:
        """Print the line and feed by the line spacing, or by the height of its tallest character if that is more."""
        self._print_line(max(self.settings.spacing, _GLYPH_DOTS * self._tallest))

    def feed(self, dots: int) -> None:
        """Print the line if there is one, and feed."""
        if self._line:
            self._print_line(max(dots, _GLYPH_DOTS * self._tallest))
        elif dots:
            self._mark(Feed(dots))

    def feed_lines(self, lines: int) -> None:
        """Print the line and feed so that it is `lines` line spacings further on."""
        self.feed(lines * self.settings.spacing)

    def cut(self, dots: int) -> None:
        """Feed `dots` and cut."""
        self.feed(dots)
        self.finished.append(self.piece)
        del self.finished[:-KEPT]
        self.cuts += 1
        self._marks = []
        self._codes = []
        self.revision += 1

    def symbol(self) -> None:
        """Print the stored QR code, counted in byte mode; nothing at all if it is wider than the paper."""
        if not self.settings.stored:
            return
        if self._line:
            self.end_line()
        matrix = _qr(self.settings.stored, self.settings.level)
        if len(matrix) * self.settings.module > self.dots:
            self.left_out += 1
            return
        self._codes.append(self.settings.stored.decode("ascii", "replace"))
        self._mark(Picture(matrix, self.settings.module, self.settings.align))

    def raster(self, mode: int, rows: list[bytes]) -> None:
        """Print a picture, eight dots a byte, doubled across and down by the two low bits of `mode`.

        Only pictures doubled both ways or not at all are drawn true. Dots are joined to the squares that they make up.
        """
        if self._line:
            self.end_line()
        bits = [[bool(byte >> place & 1) for byte in row for place in range(7, -1, -1)] for row in rows]
        if len(bits[0]) * (1 + (mode & 1)) > self.dots:
            self.left_out += 1
            return
        matrix, side = _squares(bits)
        self._mark(Picture(matrix, side * (2 if mode & 1 else 1), self.settings.align))

    def _put(self, glyph: Glyph) -> None:
        if self._at + glyph.width > self.dots:
            self.overflow += 1
            self.end_line()
        self._line.append(replace(glyph, left=self._at))
        self._at += glyph.width
        self._tallest = max(self._tallest, glyph.down)

    def _print_line(self, height: int) -> None:
        if self._line:
            self._mark(TextLine(tuple(self._line), self.settings.align, self._tallest, height))
        else:
            self._mark(Feed(height))
        self.drop_line()

    def _mark(self, mark: Mark) -> None:
        self._marks.append(mark)
        self.lines += not isinstance(mark, Feed)
        self.revision += 1
        if self.paper_left is not None:
            self.paper_left -= mark.height


def _qr(data: bytes, level: int) -> Matrix:
    from qrcode import constants
    from qrcode.main import QRCode
    from qrcode.util import MODE_8BIT_BYTE, QRData

    correction = getattr(constants, f"ERROR_CORRECT_{_LEVELS[level]}")
    code = QRCode(error_correction=correction, border=0)
    code.add_data(QRData(data, MODE_8BIT_BYTE))
    return tuple(map(tuple, code.get_matrix()))


def _squares(bits: list[list[bool]]) -> tuple[Matrix, int]:
    """Return the picture without blank columns at its right, in the largest squares that make it up, and their side."""
    wide = max(max((x for x, dark in enumerate(row) if dark), default=0) for row in bits) + 1
    columns = [[row[x] for row in bits] for x in range(wide)]
    side = math.gcd(wide, len(bits))
    for sequence in ([row[:wide] for row in bits], columns):
        for place in range(1, len(sequence)):
            if sequence[place] != sequence[place - 1]:
                side = math.gcd(side, place)
    return tuple(tuple(row[:wide:side]) for row in bits[::side]), side
