"""The characters and words that the typed pinyin may mean, to touch or to reach by two digits."""

from dataclasses import dataclass

from textual.geometry import Offset, Region
from textual.message import Message

from kiosk.text import cells, wrap_evenly
from screens.canvas import Canvas
from screens.palette import Palette, Role
from screens.widgets.keyboard import CAP
from screens.widgets.pressed import Pressed

MOST = 9
"""Offers on one sheet: each has a digit, 0 turns the sheet."""

_DIGIT = 2
_AIR = 1
_UNIT = 7
"""Cells of the smallest place: a digit, one character, and the air around them."""


@dataclass(frozen=True)
class Offered:
    """One place: what stands there, its number on its sheet from 0, None for the one that turns the sheet."""

    face: str
    number: int | None
    slot: Region


class PinyinOffers(Pressed[Offered]):
    """Sheets of offers in `rows` rows. `digit` reaches them from a keypad, `more` is the word that turns a sheet."""

    class Chosen(Message):
        """An offer was touched; its number counts from 0 over all sheets."""

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    class Turned(Message):
        """The place that turns the sheet was touched."""

    def __init__(self, palette: Palette, place: Region, digit: str, rows: int, more: str) -> None:
        super().__init__(palette, place)
        self.digit = digit
        self.rows = rows
        self.picked = False
        self._more = more
        self._hint = ""
        self._marked = False
        self._sheets: list[tuple[Offered, ...]] = [()]
        self._sheet = 0

    @property
    def sheets(self) -> int:
        """How many sheets there are, at least one."""
        return len(self._sheets)

    @property
    def sheet(self) -> int:
        """The sheet that is turned up, from 0."""
        return self._sheet

    @property
    def places(self) -> tuple[Offered, ...]:
        """What stands on the sheet."""
        return self._sheets[self._sheet]

    def show(self, faces: tuple[str, ...], hint: str, *, marked: bool) -> None:
        """Show the first sheet of `faces`, or `hint` where there are none. `marked`: Enter chooses the first."""
        self._sheets, self._sheet = self._laid_out(faces), 0
        self._hint, self._marked = hint, marked
        self.picked = False
        self.repaint()

    def turn(self) -> None:
        """Turn up the next sheet, after the last one the first."""
        self._sheet = (self._sheet + 1) % len(self._sheets)
        self.repaint()

    def mark(self, marked: bool) -> None:
        """Show whether Enter chooses the first offer."""
        if marked is not self._marked:
            self._marked = marked
            self.repaint()

    def pick(self, picked: bool) -> None:
        """Show that the next digit means an offer."""
        if picked is not self.picked:
            self.picked = picked
            self.repaint()

    def number(self, digit: int) -> int | None:
        """Return the number over all sheets of the offer that a digit from 1 means, None for none."""
        if not any(place.number == digit - 1 for place in self.places):
            return None
        return self._before(self._sheet) + digit - 1

    def _before(self, sheet: int) -> int:
        """Return how many offers stand on the sheets before."""
        return sum(place.number is not None for places in self._sheets[:sheet] for place in places)

    def _laid_out(self, faces: tuple[str, ...]) -> list[tuple[Offered, ...]]:
        sheets: list[tuple[Offered, ...]] = []
        left = list(faces)
        while left:
            whole = self._filled(left[:MOST])
            if len(whole) < len(left):
                whole = self._filled([*left[:MOST], self._more], turns=True)
            sheets.append(whole)
            del left[: max(sum(place.number is not None for place in whole), 1)]
        return sheets or [()]

    def _filled(self, faces: list[str], *, turns: bool = False) -> tuple[Offered, ...]:
        """Return the places of as many of `faces` as fit; with `turns` the last of them always has its place."""
        across, pitch = self._grid()
        units = [min(-(-(cells(face) + _DIGIT + _AIR) // pitch), across) for face in faces]
        last = units.pop() if turns else 0
        turner = faces[len(units)] if turns else ""
        found: list[tuple[str, int, int, int]] = []
        row = column = 0
        for face, wide in zip(faces, units, strict=False):
            if column + wide > across:
                row, column = row + 1, 0
            room = across - (last if row == self.rows - 1 else 0)
            if row >= self.rows or column + wide > room:
                break
            found.append((face, row, column, wide))
            column += wide
        places = [Offered(face, number, self._slot(*at)) for number, (face, *at) in enumerate(found)]
        if turns:
            places.append(Offered(turner, None, self._slot(self.rows - 1, across - last, last)))
        return tuple(places)

    def _grid(self) -> tuple[int, int]:
        """Return how many places stand side by side, no more than a sheet fills, and the cells of each."""
        across = min((self.place.width - CAP) // _UNIT, -(-(MOST + 1) // self.rows))
        return across, (self.place.width - CAP) // across

    def _slot(self, row: int, column: int, wide: int) -> Region:
        _, pitch = self._grid()
        high = self.place.height // self.rows
        return Region(CAP + column * pitch, row * high, wide * pitch, high)

    # ---- touch -------------------------------------------------------------------------------------------------------

    def part_at(self, offset: Offset) -> Offered | None:
        """Return the offer there."""
        return next((place for place in self.places if place.slot.contains_point(offset)), None)

    def chosen(self, part: Offered) -> None:
        """Choose it, or turn the sheet."""
        if part.number is None:
            self.post_message(self.Turned())
        else:
            self.post_message(self.Chosen(self._before(self._sheet) + part.number))

    # ---- drawing -----------------------------------------------------------------------------------------------------

    def paint(self, canvas: Canvas) -> None:
        """Draw the sheet; the cap at its left says which digit reaches it, until the offers carry digits themselves."""
        if not self.places:
            lines = wrap_evenly(self._hint, canvas.width - CAP - 1)[: canvas.height]
            for row, line in enumerate(lines, (canvas.height - len(lines)) // 2):
                canvas.text(CAP + 1, row, line, "muted")
            return
        high = canvas.height // self.rows
        used = self.rows * high
        if not self.picked:
            canvas.fill(0, 1, CAP, 2 * used - 2, "accent")
            canvas.text(1, (used - 1) // 2, self.digit, "on-accent", bold=True)
        for place in self.places:
            self._draw(canvas, place, (high - 1) // 2)

    def _draw(self, canvas: Canvas, place: Offered, middle: int) -> None:
        slot = place.slot
        left, width = slot.x + 1, slot.width - 1
        fill, ink = self._inks(place)
        canvas.fill(left, 2 * slot.y + 1, width, 2 * slot.height - 2, fill)
        if self.picked:
            digit = "0" if place.number is None else str(place.number + 1)
            canvas.fill(left, 2 * slot.y + 1, _DIGIT, 2 * slot.height - 2, "frame")
            canvas.text(left, slot.y + middle, digit, "focus", bold=True)
            left, width = left + _DIGIT, width - _DIGIT
        begin = left + max(width - cells(place.face), 0) // 2
        canvas.text(begin, slot.y + middle, place.face, ink, bold=place.number is not None)

    def _inks(self, place: Offered) -> tuple[Role, Role]:
        if place == self.pressed:
            return "deep", "on-deep"
        if self.picked or (self._marked and place.number == 0 and self._sheet == 0):
            return "focus", "on-focus"
        return ("rail", "on-rail") if place.number is None else ("card", "ink")
