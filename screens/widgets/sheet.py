"""What is only read: sheets of laid-out lines, and notices."""

from dataclasses import dataclass

from textual.geometry import Region

from kiosk.text import cells
from screens.canvas import Canvas
from screens.palette import Palette, Role
from screens.widgets.painted import Painted, card

_MARK = 4


@dataclass(frozen=True)
class Span:
    """A piece of a line: `text` from cell `left`, or ending at the right edge when `left` is negative.

    With `fill` the text stands on a field of its own, a blank wide at both sides.
    """

    text: str
    left: int = 0
    ink: Role = "ink"
    bold: bool = False
    fill: Role | None = None


Line = tuple[Span, ...]


def rule(width: int) -> Line:
    """Return a thin line over `width` cells."""
    return (Span("─" * width, ink="line"),)


class Sheet(Painted):
    """A card of lines. `bar` draws an accent bar at its left, the sign of a question; `plain` leaves the card out."""

    MARGIN = 2

    def __init__(
        self, palette: Palette, place: Region, lines: tuple[Line, ...], *, bar: bool = False, plain: bool = False
    ) -> None:
        super().__init__(palette, place)
        self.lines = lines
        self._bar = bar
        self._plain = plain

    @staticmethod
    def rows(height: int) -> int:
        """Return how many lines a sheet of `height` rows can show."""
        return height - 2

    def show(self, lines: tuple[Line, ...]) -> None:
        """Show other lines."""
        if lines != self.lines:
            self.lines = lines
            self.repaint()

    def paint(self, canvas: Canvas) -> None:
        """Draw the lines from the top."""
        if not self._plain:
            card(canvas)
        if self._bar:
            canvas.fill(0, 1, 1, 2 * canvas.height - 2, "accent")
        lines = self.lines if self._plain else self.lines[: self.rows(canvas.height)]
        draw(canvas, lines, self.MARGIN + self._bar, 0 if self._plain else 1, canvas.width - self.MARGIN)


def draw(canvas: Canvas, lines: tuple[Line, ...], left: int, top: int, right: int) -> None:
    """Draw lines between the cells `left` and `right`, from row `top` down."""
    for row, line in enumerate(lines, top):
        for span in line:
            begin = left + span.left if span.left >= 0 else right - cells(span.text)
            if span.fill:
                canvas.fill(begin, 2 * row, cells(span.text) + 2, 2, span.fill)
                begin += 1
            canvas.text(begin, row, span.text, span.ink, span.bold)


class Notice(Painted):
    """Trouble in plain words: a field with one character (停, 慢, 夜) and what happened, what still counts."""

    def __init__(self, palette: Palette, place: Region, mark: str, lines: tuple[str, ...]) -> None:
        super().__init__(palette, place)
        self.mark = mark
        self.lines = lines

    @staticmethod
    def room(width: int) -> int:
        """Return the cells of a line in a notice `width` cells wide."""
        return width - _MARK - 2

    def paint(self, canvas: Canvas) -> None:
        """Draw mark and lines; the first line is the news."""
        card(canvas, "notice")
        canvas.fill(0, 1, _MARK, 2 * canvas.height - 2, "warn")
        canvas.text(1, (canvas.height - 1) // 2, self.mark, "on-warn", bold=True)
        top = 1 + (canvas.height - 2 - len(self.lines)) // 2
        for row, line in enumerate(self.lines):
            canvas.text(_MARK + 1, top + row, line, "notice-ink", bold=True)
