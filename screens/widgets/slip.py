"""The demonstration's paper: the virtual printer's rows hanging out of a slot."""

from textual.geometry import Region

from kiosk.ports import Paper, PaperRow
from screens.canvas import Canvas
from screens.palette import Palette, Role
from screens.widgets.painted import Painted

_EDGE = 1


class PaperPane(Painted):
    """The end of the paper, as long as the pane is high; what came out earlier has run out at the top."""

    GROUND: Role = "desk"

    def __init__(self, palette: Palette, place: Region, paper: Paper) -> None:
        super().__init__(palette, place)
        self._paper = paper
        self._shown = paper.revision

    def look(self) -> bool:
        """Draw anew if the printer has printed; return whether it has."""
        if self._paper.revision == self._shown:
            return False
        self._shown = self._paper.revision
        self.repaint()
        return True

    def paint(self, canvas: Canvas) -> None:
        """Draw slot and paper."""
        rows = self._paper.rows()
        canvas.fill(0, 0, canvas.width, 2, "desk")
        canvas.fill(0, 1, canvas.width, 1, "deep")
        room = canvas.height - 2
        shown = rows[-room:] if room > 0 else ()
        width = canvas.width - 2 * _EDGE
        canvas.fill(_EDGE, 2, width, 2 * len(shown) + 1, "paper")
        for number, row in enumerate(shown, 1):
            _row(canvas, number, row, width)


def _row(canvas: Canvas, number: int, row: PaperRow, width: int) -> None:
    if row.kind == "cut":
        canvas.fill(_EDGE, 2 * number + 1, width, 1, "desk")
        return
    ink: Role = "module" if row.kind == "qr" else "paper-ink"
    if row.kind == "qr":
        canvas.fill(_EDGE, 2 * number, width, 2, "module-light")
    canvas.text(_EDGE, number, row.text, ink, row.bold)
