"""The demonstration's paper: the virtual printer's rows hanging out of a slot."""

from textual.geometry import Region

from kiosk.ports import Paper, PaperRow
from screens.canvas import Canvas
from screens.palette import Palette, Role
from screens.widgets.painted import Painted

_COLUMNS = 32


class PaperPane(Painted):
    """The end of the paper, as long as the pane is high; what came out earlier has run out at the top.

    Before anything is printed, the paper says that it will come out here.
    """

    GROUND: Role = "desk"

    def __init__(self, palette: Palette, place: Region, paper: Paper, before: str) -> None:
        super().__init__(palette, place)
        self._paper = paper
        self._before = before
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
        edge = 1 if canvas.width > _COLUMNS + 2 else 0
        left = (canvas.width - _COLUMNS) // 2
        shown = rows[-max(canvas.height - 2, 1) :] or (PaperRow(""), PaperRow(""), PaperRow(""))
        canvas.fill(0, 1, canvas.width, 1, "deep")
        canvas.fill(edge, 2, canvas.width - 2 * edge, 2 * len(shown) + 1, "paper")
        for number, row in enumerate(shown, 1):
            if row.kind == "cut":
                canvas.fill(0, 2 * number + 1, canvas.width, 1, "desk")
                continue
            ink: Role = "paper-ink"
            if row.kind == "qr":
                ink = "module"
                canvas.fill(left, 2 * number, _COLUMNS, 2, "module-light")
            canvas.text(left, number, row.text, ink, row.bold)
        if not rows:
            canvas.centred(2, self._before, "paper-ink")
