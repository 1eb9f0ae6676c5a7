"""The queue number in large figures, and beside it what the paper does or when the session is."""

from dataclasses import dataclass

from textual.geometry import Region

from kiosk.text import cells
from screens.canvas import Canvas
from screens.palette import Palette
from screens.shapes import FigureSize, figures
from screens.widgets.painted import Painted, card
from screens.widgets.sheet import Line, draw

_MARGIN = 2
_GAP = 3
_SIGN = 18


@dataclass(frozen=True)
class PaperSign:
    """The sign for "paper comes out here": a slot with a slip of two lines below it. It does not move."""

    title: str
    below: str


@dataclass(frozen=True)
class CalendarLeaf:
    """A leaf of a tear-off calendar: the day that a number is for. `head` and `foot` are words, `day` 1 to 31."""

    head: str
    day: int
    foot: str


Sign = PaperSign | CalendarLeaf


class NumberSheet(Painted):
    """A number as `big` figures (6 rows) with a sign beside it, or `mid` ones (4 rows) with lines below.

    Where even those are too wide, as four running figures are beside a code, it is written as text.
    """

    def __init__(
        self,
        palette: Palette,
        place: Region,
        number: str,
        size: FigureSize,
        sign: Sign | None = None,
        lines: tuple[Line, ...] = (),
    ) -> None:
        super().__init__(palette, place)
        self.number = number
        self._figures: FigureSize = size
        self._sign = sign
        self._lines = lines

    def paint(self, canvas: Canvas) -> None:
        """Draw number and sign; where both do not fit, the sign gives way, then the size."""
        card(canvas)
        shape = figures(self._figures, self.number)
        room = canvas.width - 2 * _MARGIN
        if shape.width > room:
            shape = figures("mid", self.number)
        if shape.width > room:
            self._written(canvas)
            return
        sign = self._sign if shape.width + _GAP + _SIGN <= room else None
        gap = 1 if self._lines and canvas.height - 2 > shape.height // 2 + len(self._lines) else 0
        block = shape.height // 2 + gap + len(self._lines)
        top = 1 + max(canvas.height - 2 - block, 0) // 2
        left = _MARGIN
        if sign:
            spare = room - shape.width - _GAP - _SIGN
            left += min(spare // 3, 8)
            _sign(canvas, sign, canvas.width - left - _SIGN, top)
        canvas.shape(left, 2 * top, shape, "accent")
        draw(canvas, self._lines, left, top + shape.height // 2 + gap, canvas.width - _MARGIN)

    def _written(self, canvas: Canvas) -> None:
        top = 1 + max(canvas.height - 4 - len(self._lines), 0) // 2
        canvas.text(_MARGIN, top, self.number, "accent", bold=True)
        draw(canvas, self._lines, _MARGIN, top + 2, canvas.width - _MARGIN)


class SlipSheet(Painted):
    """The sign for paper, and beside it what is happening to it."""

    def __init__(self, palette: Palette, place: Region, sign: PaperSign, lines: tuple[Line, ...]) -> None:
        super().__init__(palette, place)
        self._paper = sign
        self.lines = lines

    @staticmethod
    def room(width: int) -> int:
        """Return the cells of a line in a sheet `width` cells wide."""
        return width - 2 * _MARGIN - _SIGN - 2 * _GAP

    def show(self, lines: tuple[Line, ...]) -> None:
        """Show other lines."""
        if lines != self.lines:
            self.lines = lines
            self.repaint()

    def paint(self, canvas: Canvas) -> None:
        """Draw sign and lines in the middle of the height."""
        card(canvas)
        left = _MARGIN + _GAP
        _sign(canvas, self._paper, left, 1 + max(canvas.height - 8, 0) // 2)
        top = 1 + max(canvas.height - 2 - len(self.lines), 0) // 2
        draw(canvas, self.lines, left + _SIGN + _GAP, top, canvas.width - _MARGIN)


def _sign(canvas: Canvas, sign: Sign, left: int, top: int) -> None:
    if isinstance(sign, PaperSign):
        canvas.fill(left, 2 * top + 1, _SIGN, 1, "ink")
        canvas.fill(left + 2, 2 * top + 2, _SIGN - 4, 10, "page")
        _middle(canvas, left, top + 2, sign.title, bold=True)
        canvas.text(left + 4, top + 3, "─" * (_SIGN - 8), "line")
        _middle(canvas, left, top + 4, sign.below)
        return
    canvas.fill(left, 2 * top, _SIGN, 12, "page")
    canvas.fill(left, 2 * top, _SIGN, 2, "seal")
    canvas.text(left + (_SIGN - cells(sign.head)) // 2, top, sign.head, "on-seal", bold=True)
    day = figures("mid", str(sign.day))
    canvas.shape(left + (_SIGN - day.width) // 2, 2 * top + 2, day, "accent")
    _middle(canvas, left, top + 5, sign.foot, bold=True)


def _middle(canvas: Canvas, left: int, row: int, text: str, bold: bool = False) -> None:
    canvas.text(left + (_SIGN - cells(text)) // 2, row, text, "ink" if bold else "muted", bold)
