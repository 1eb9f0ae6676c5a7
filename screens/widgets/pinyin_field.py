"""The line that is written on: the text, the pinyin that waits for a character, a note."""

from textual.geometry import Region

from kiosk.text import cells
from screens.canvas import Canvas
from screens.palette import Palette
from screens.widgets.painted import Painted, card
from screens.widgets.pinyin_draft import Draft

_MARGIN = 2


class PinyinField(Painted):
    """A card with an accent edge below. The letters stand behind the text on a ground of their own."""

    def __init__(self, palette: Palette, place: Region, draft: Draft, note: str) -> None:
        super().__init__(palette, place)
        self.draft = draft
        self.note = note

    def show(self, draft: Draft, note: str) -> None:
        """Show another draft."""
        if (draft, note) != (self.draft, self.note):
            self.draft, self.note = draft, note
            self.repaint()

    def paint(self, canvas: Canvas) -> None:
        """Draw the end of the text where it does not all fit: that is where one writes."""
        card(canvas)
        canvas.fill(0, 2 * canvas.height - 2, canvas.width, 1, "accent")
        row = (canvas.height - 1) // 2
        letters, text = self.draft.letters, self.draft.text
        pending = cells(letters) + 3 if letters else 0
        room = canvas.width - 2 * _MARGIN - 1
        if pending + cells(self.note) + 2 <= room:
            canvas.right(row, self.note, "muted", margin=_MARGIN)
            room -= cells(self.note) + 2
        while text and cells(text) > room - pending:
            text = text[1:]
        cursor = canvas.text(_MARGIN, row, text, "ink", bold=True)
        if letters:
            canvas.fill(cursor + 1, 2 * row, pending - 1, 2, "deep")
            canvas.text(cursor + 2, row, letters, "on-deep", bold=True)
            cursor += pending
        canvas.fill(cursor, 2 * row, 1, 2, "accent")
