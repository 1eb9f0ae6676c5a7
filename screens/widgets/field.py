"""What is typed, and what has come of it."""

from textual.geometry import Region

from kiosk.text import cells
from screens.canvas import Canvas
from screens.palette import Palette
from screens.widgets.painted import Painted, card

_MARGIN = 2


class Field(Painted):
    """One line on a card with an accent edge below: the words, a cursor that does not blink, a note at the right."""

    def __init__(self, palette: Palette, place: Region, words: str, note: str, wrong: int | None = None) -> None:
        """`wrong` is the place in `words`, from 0, of a character that cannot be right."""
        super().__init__(palette, place)
        self.words = words
        self.note = note
        self._wrong = wrong

    def show(self, words: str, note: str, wrong: int | None = None) -> None:
        """Show other words."""
        if (words, note, wrong) != (self.words, self.note, self._wrong):
            self.words, self.note, self._wrong = words, note, wrong
            self.repaint()

    def paint(self, canvas: Canvas) -> None:
        """Draw the end of the words where they do not all fit: that is where one types."""
        card(canvas)
        canvas.fill(0, 2 * canvas.height - 2, canvas.width, 1, "accent")
        row = (canvas.height - 1) // 2
        end = canvas.right(row, self.note, "muted", margin=_MARGIN)
        shown = self.words
        while cells(shown) > end - 2 - _MARGIN - 1:
            shown = shown[1:]
        cursor = canvas.text(_MARGIN, row, shown, "ink", bold=True)
        canvas.fill(cursor, 2 * row, 1, 2, "accent")
        if self._wrong is not None and shown == self.words and self._wrong < len(shown):
            before = cells(shown[: self._wrong])
            canvas.fill(_MARGIN + before, 2 * row, cells(shown[self._wrong]), 2, "warn")
            canvas.text(_MARGIN + before, row, shown[self._wrong], "on-warn", bold=True)
