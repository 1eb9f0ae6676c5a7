"""Digits to touch, as they stand on a telephone; a keypad's own digits type without them."""

from textual.geometry import Offset, Region
from textual.message import Message

from kiosk.text import cells
from screens.canvas import Canvas
from screens.palette import Palette, Role
from screens.widgets.keyboard import Key
from screens.widgets.pressed import Pressed

ROWS, ACROSS = 4, 3


class DigitPad(Pressed[Key]):
    """Four rows of three keys; `last` are those left and right of the 0."""

    class Struck(Message):
        """A key was touched."""

        def __init__(self, key: Key) -> None:
            super().__init__()
            self.key = key

    def __init__(self, palette: Palette, place: Region, last: tuple[Key, Key]) -> None:
        super().__init__(palette, place)
        left, right = last
        self.keys = (*(Key(digit, digit) for digit in "123456789"), left, Key("0", "0"), right)

    def slots(self) -> list[tuple[Key, Region]]:
        """Return where each key stands inside the pad; a touch anywhere in it counts."""
        high = self.place.height // ROWS
        edges = [(self.place.width + 1) * column // ACROSS for column in range(ACROSS + 1)]
        return [
            (
                key,
                Region(
                    edges[number % ACROSS],
                    number // ACROSS * high,
                    edges[number % ACROSS + 1] - edges[number % ACROSS] - 1,
                    high,
                ),
            )
            for number, key in enumerate(self.keys)
        ]

    def part_at(self, offset: Offset) -> Key | None:
        """Return the key there."""
        return next((key for key, slot in self.slots() if slot.contains_point(offset)), None)

    def chosen(self, part: Key) -> None:
        """Type it."""
        self.post_message(self.Struck(part))

    def paint(self, canvas: Canvas) -> None:
        """Draw the keys."""
        for key, slot in self.slots():
            fill, ink = self._inks(key)
            canvas.fill(slot.x, 2 * slot.y + 1, slot.width, 2 * slot.height - 2, fill)
            left = slot.x + (slot.width - cells(key.face)) // 2
            canvas.text(left, slot.y + (slot.height - 1) // 2, key.face, ink, bold=len(key.does) == 1)

    def _inks(self, key: Key) -> tuple[Role, Role]:
        if key == self.pressed:
            return "deep", "on-deep"
        return ("card", "ink") if len(key.does) == 1 else ("rail", "on-rail")
