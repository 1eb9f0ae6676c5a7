"""The seconds that are left before a visit ends by itself."""

from textual.geometry import Region

from kiosk.text import cells
from screens.canvas import Canvas
from screens.palette import Palette
from screens.shapes import figures
from screens.widgets.painted import Painted, card

_MARGIN = 4


class Countdown(Painted):
    """Large figures, words beside them, and a bar that runs out. Only figures and bar change."""

    def __init__(
        self, palette: Palette, place: Region, seconds: int, total: int, unit: str, lines: tuple[str, ...]
    ) -> None:
        super().__init__(palette, place)
        self.seconds = seconds
        self._total = total
        self._unit = unit
        self._lines = lines

    def show_seconds(self, seconds: int) -> None:
        """Show how many seconds are left."""
        if seconds != self.seconds:
            self.seconds = seconds
            self.repaint()

    def paint(self, canvas: Canvas) -> None:
        """Draw figures, unit, words and bar."""
        card(canvas)
        top = 1 + max(canvas.height - 9, 0) // 2
        shape = figures("big", str(self.seconds))
        canvas.shape(_MARGIN, 2 * top, shape, "accent")
        unit = _MARGIN + figures("big", "000" if self._total > 99 else "00").width + 2
        canvas.text(unit, top + 5, self._unit, "ink", bold=True)
        left = unit + cells(self._unit) + 4
        first = top + (6 - len(self._lines)) // 2
        for row, line in enumerate(self._lines):
            canvas.text(left, first + row, line, "ink", bold=row == 0)
        width = canvas.width - 2 * _MARGIN
        canvas.fill(_MARGIN, 2 * top + 13, width, 1, "page")
        canvas.fill(_MARGIN, 2 * top + 13, width * self.seconds // max(self._total, 1), 1, "accent")

    @staticmethod
    def words_room(width: int, total: int, unit: str) -> int:
        """Return the cells that a line beside the figures has in a sheet `width` cells wide."""
        figures_width = figures("big", "000" if total > 99 else "00").width
        return width - 2 * _MARGIN - figures_width - 2 - cells(unit) - 4
