"""A few words in the middle of an otherwise empty screen."""

from textual.geometry import Region

from kiosk.text import cells, wrap_evenly
from screens.canvas import Canvas
from screens.palette import Palette
from screens.widgets.painted import Painted


class Message(Painted):
    """Lines in the middle, the first and each after a blank one bold; `mark` is one character on a warning field."""

    def __init__(self, palette: Palette, place: Region, lines: tuple[str, ...], mark: str = "") -> None:
        super().__init__(palette, place)
        self.lines = lines
        self._mark = mark

    def paint(self, canvas: Canvas) -> None:
        """Draw mark and lines."""
        room = max(canvas.width - 2, 4)
        rows: list[tuple[str, bool]] = []
        bold = True
        for line in self.lines:
            rows += [(piece, bold) for piece in wrap_evenly(line, room)] if line else [("", False)]
            bold = not line
        top = max(canvas.height - len(rows), 0) // 2
        if self._mark and top >= 4:
            left = (canvas.width - 4) // 2
            canvas.fill(left, 2 * (top - 3) - 1, 4, 4, "warn")
            canvas.text(left + (4 - cells(self._mark)) // 2, top - 3, self._mark, "on-warn", bold=True)
        for row, (line, strong) in enumerate(rows, top):
            canvas.centred(row, line, "ink", strong)
