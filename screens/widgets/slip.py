"""The demonstration's paper: the virtual printer's rows hanging out of a slot."""

from textual import events
from textual.geometry import Region

from kiosk.ports import Paper, PaperRow
from kiosk.text import cells
from screens.canvas import Canvas
from screens.palette import Palette, Role
from screens.widgets.painted import Painted

_COLUMNS = 32


class PaperPane(Painted):
    """The slip that came out last, from its beginning; one longer than the pane is shown in parts.

    Before anything is printed, the paper says that it will come out here.
    """

    GROUND: Role = "desk"

    def __init__(
        self, palette: Palette, place: Region, paper: Paper, *, before: str = "", more: str = "", touched: bool = False
    ) -> None:
        """`before` stands on the empty paper, `more` below a part that is not the last; `touched`: a touch turns."""
        super().__init__(palette, place)
        self._paper = paper
        self._before = before
        self._more = more
        self._touched = touched
        self._shown = paper.revision
        self._part = 0

    @property
    def _room(self) -> int:
        return max(self.place.height - 3, 1)

    def look(self) -> bool:
        """Draw anew if the printer has printed; return whether it has."""
        if self._paper.revision == self._shown:
            return False
        self._shown = self._paper.revision
        self._part = 0
        self.repaint()
        return True

    def turn(self) -> bool:
        """Show the next part of the slip; False when the last one was shown, and the first one comes back."""
        parts = -(-len(_last_slip(self._paper.rows())) // self._room)
        self._part = (self._part + 1) % max(parts, 1)
        self.repaint()
        return self._part > 0

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Turn the paper."""
        if self._touched:
            event.stop()
            self.turn()

    def paint(self, canvas: Canvas) -> None:
        """Draw slot and paper."""
        slip = _last_slip(self._paper.rows())
        shown = slip[self._part * self._room :][: self._room] or (PaperRow(""),) * 3
        edge = 1 if canvas.width > _COLUMNS + 2 else 0
        left = (canvas.width - _COLUMNS) // 2
        canvas.fill(0, 1, canvas.width, 1, "deep")
        canvas.fill(edge, 2, canvas.width - 2 * edge, 2 * len(shown) + 1, "paper")
        for number, row in enumerate(shown, 1):
            if row.kind == "qr":
                canvas.fill(left, 2 * number, _COLUMNS, 2, "module-light")
            canvas.text(left, number, row.text, "module" if row.kind == "qr" else "paper-ink", row.bold)
        if not slip:
            canvas.centred(2, self._before, "paper-ink")
        elif self._more and (self._part + 1) * self._room < len(slip):
            width = cells(self._more) + 2
            canvas.fill((canvas.width - width) // 2, 2 * (canvas.height - 1), width, 2, "deep")
            canvas.centred(canvas.height - 1, self._more, "on-deep")


def _last_slip(rows: tuple[PaperRow, ...]) -> tuple[PaperRow, ...]:
    """Return the rows of the last piece of paper that has any."""
    slip: list[PaperRow] = []
    new: list[PaperRow] = []
    for row in rows:
        if row.kind == "cut":
            slip, new = new or slip, []
        else:
            new.append(row)
    return tuple(new if any(row.text for row in new) else slip or new)
