"""What is typed, and what has come of it."""

from textual.geometry import Region

from kiosk.text import cells
from screens.canvas import Canvas
from screens.palette import Palette
from screens.widgets.painted import Painted, card

_MARGIN = 2


class Field(Painted):
    """One line on a card with an accent edge below: the words, a cursor that does not blink, a note at the right."""

    def __init__(self, palette: Palette, place: Region, words: str, note: str) -> None:
        super().__init__(palette, place)
        self.words = words
        self.note = note

    def show(self, words: str, note: str) -> None:
        """Show other words."""
        if (words, note) != (self.words, self.note):
            self.words, self.note = words, note
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
