"""Letters to touch, in rows that a keypad reaches by two digits: the row, then the key in it."""

from dataclasses import dataclass
from typing import ClassVar

from textual.geometry import Offset, Region
from textual.message import Message

from kiosk.text import cells
from screens.canvas import Canvas
from screens.palette import Palette, Role
from screens.widgets.pressed import Pressed

CAP = 3
"""Cells of the cap before a row, with the row's digit."""

_ACROSS = 6


@dataclass(frozen=True)
class Key:
    """A key: what stands on it, what it does (a letter, or a word of the page's own), how many letters wide it is."""

    face: str
    does: str
    width: int = 1


KeyRow = tuple[Key, ...]


def letters(*more: Key) -> tuple[KeyRow, ...]:
    """Return A to Z in rows of six; `more` fills the last one."""
    alphabet = [Key(chr(code), chr(code).lower()) for code in range(ord("A"), ord("Z") + 1)]
    keys = [*alphabet, *more]
    return tuple(tuple(keys[start : start + _ACROSS]) for start in range(0, len(keys), _ACROSS))


class Keyboard(Pressed[Key]):
    """The rows one below the other, each `height` of the place divided by their number."""

    ROWS: ClassVar[int] = 5

    class Struck(Message):
        """A key was touched."""

        def __init__(self, key: Key) -> None:
            super().__init__()
            self.key = key

    def __init__(self, palette: Palette, place: Region, rows: tuple[KeyRow, ...], across: int = _ACROSS) -> None:
        """`across`: letters that a row has room for."""
        super().__init__(palette, place)
        self.rows = rows
        self._across = across
        self.picked: int | None = None

    def pick(self, row: int | None) -> None:
        """Show that the next digit means a key of `row`, from 0; None: that it means a row again."""
        if row != self.picked:
            self.picked = row
            self.repaint()

    def slots(self) -> list[tuple[Key, Region]]:
        """Return where each key stands inside the keyboard; a touch anywhere in it counts."""
        high = self.place.height // len(self.rows)
        across = self._across
        edges = [CAP + (self.place.width - CAP) * column // across for column in range(across + 1)]
        found = []
        for number, row in enumerate(self.rows):
            column = 0
            for key in row:
                left, right = edges[column], edges[column + key.width]
                found.append((key, Region(left, number * high, right - left, high)))
                column += key.width
        return found

    def part_at(self, offset: Offset) -> Key | None:
        """Return the key there."""
        return next((key for key, slot in self.slots() if slot.contains_point(offset)), None)

    def chosen(self, part: Key) -> None:
        """Type it."""
        self.post_message(self.Struck(part))

    def paint(self, canvas: Canvas) -> None:
        """Draw the rows; while one is picked, its keys carry the digits and the others step back."""
        high = canvas.height // len(self.rows)
        middle = (high - 1) // 2
        for number in range(len(self.rows)):
            if self.picked is None:
                canvas.fill(0, 2 * number * high + 1, CAP, 2 * high - 2, "accent")
                canvas.text(1, number * high + middle, str(number + 1), "on-accent", bold=True)
        for key, slot in self.slots():
            row = slot.y // high
            digit = self.rows[row].index(key) + 1 if row == self.picked else 0
            fill, ink = self._inks(key, row)
            left, width = slot.x + 1, slot.width - 1
            canvas.fill(left, 2 * slot.y + 1, width, 2 * high - 2, fill)
            if digit:
                canvas.fill(left, 2 * slot.y + 1, 2, 2 * high - 2, "frame")
                canvas.text(left, slot.y + middle, str(digit), "focus", bold=True)
                left, width = left + 2, width - 2
            place = left + (width - cells(key.face)) // 2
            canvas.text(place, slot.y + middle, key.face, ink, bold=self.picked in {None, row})

    def _inks(self, key: Key, row: int) -> tuple[Role, Role]:
        if key == self.pressed:
            return "deep", "on-deep"
        if row == self.picked:
            return "focus", "on-focus"
        return ("card", "ink") if self.picked is None else ("rail", "muted")
