"""The bands that stand on every page: masthead, heading and footer."""

import itertools
from dataclasses import dataclass

from textual.geometry import Offset, Region
from textual.message import Message

from kiosk.text import cells, fit
from screens.canvas import Canvas
from screens.frame import Frame
from screens.intents import Intent
from screens.palette import Palette, Role
from screens.widgets.painted import Painted
from screens.widgets.pressed import Pressed

_MARK = 4
"""Cells of a step mark, and of the red square in the masthead."""


class Masthead(Painted):
    """The station's name under its seal, a pill for an unusual state, number, date and time.

    Of `pills` the first stands there that has room beside the name, the last in any case.
    """

    def __init__(
        self,
        palette: Palette,
        frame: Frame,
        name: str,
        number: str,
        date: str,
        time: str,
        pills: tuple[str, ...] = (),
    ) -> None:
        super().__init__(palette, frame.masthead)
        self._margin = frame.margin
        self._station = name
        self._number = number
        self._date = date
        self._time = time
        self._pills = pills

    def show(self, date: str, time: str, pills: tuple[str, ...]) -> None:
        """Show another minute or state; only the right part of the band goes to the terminal."""
        if (date, time, pills) != (self._date, self._time, self._pills):
            self._date, self._time, self._pills = date, time, pills
            left = self.place.width // 2
            self.repaint(Region(left, self._row, self.place.width - left, 1))

    @property
    def _row(self) -> int:
        return 1 if self.place.height == 3 else 0

    def paint(self, canvas: Canvas) -> None:
        """Draw the band; in two rows the seal hangs out of it like a tag."""
        row = self._row
        canvas.fill(0, 0, canvas.width, 6 if row else 2, "deep")
        canvas.fill(self._margin, row, _MARK, 4 if row else 3, "seal")
        canvas.text(self._margin + 1, row, "集", "on-seal", bold=True)
        left = self._margin + _MARK + 1
        canvas.text(left, row, self._station, "on-deep")
        facts = [self._number, self._date, self._time]
        if canvas.width < 110:
            facts.pop(1)
        right = canvas.width - self._margin
        room = right - left - cells(self._station) - 2
        last = self._pills[-1] if self._pills else ""
        word = next((one for one in self._pills if cells(one) + 5 + cells(self._time) <= room), last)
        if cells("   ".join(facts)) + (cells(word) + 5 if word else 0) > room:
            facts = facts[-1:]
        line = "   ".join(facts)
        begin = right - cells(line)
        canvas.text(begin, row, line, "on-deep")
        if word:
            width = cells(word) + 2
            pill(canvas, begin - width - 3, row, word, "warn", "on-warn")


def pill(canvas: Canvas, left: int, row: int, word: str, fill: Role, ink: Role) -> int:
    """Draw a word on a fill of its own and return the cell behind it."""
    width = cells(word) + 2
    canvas.fill(left, 2 * row, width, 2, fill)
    canvas.text(left + 1, row, word, ink, bold=True)
    return left + width


@dataclass(frozen=True)
class Steps:
    """How far one has come: `done` of `total`, and the words for it."""

    done: int
    total: int
    words: str


class Heading(Painted):
    """The page's title, and right of it how far one has come, or a short hint."""

    def __init__(self, palette: Palette, place: Region, title: str, aside: Steps | str = "") -> None:
        super().__init__(palette, place)
        self._title = title
        self._aside = aside

    def paint(self, canvas: Canvas) -> None:
        """Draw the title; what stands beside it gives way to it."""
        row = 1 if canvas.height > 2 else 0
        canvas.text(0, row, fit(self._title, canvas.width), "ink", bold=True)
        room = canvas.width - cells(self._title) - 2
        words = self._aside.words if isinstance(self._aside, Steps) else self._aside
        if cells(words) > room:
            return
        begin = canvas.right(row, words, "muted")
        if isinstance(self._aside, Steps):
            marks = self._aside.total * (_MARK + 1) + 1
            if marks + cells(words) <= room:
                for step in range(self._aside.total):
                    role: Role = "accent" if step < self._aside.done else "line"
                    canvas.fill(begin - marks + step * (_MARK + 1), 2 * row + 1, _MARK, 1, role)


@dataclass(frozen=True)
class FooterPlace:
    """One of the seven fixed places: its key, its word, and what it does; None where it does nothing here.

    `why` says in one line why it does nothing, in the visitor's language.
    """

    cap: str
    word: str
    intent: Intent | None
    why: str = ""


class Footer(Pressed[int]):
    """The rail with the seven places, always in the same order."""

    GROUND: Role = "rail"

    class Touched(Message):
        """A place was touched."""

        def __init__(self, place: FooterPlace) -> None:
            super().__init__()
            self.place = place

    def __init__(self, palette: Palette, frame: Frame, places: tuple[FooterPlace, ...]) -> None:
        super().__init__(palette, frame.footer)
        self.places = places
        self.told = ""
        self._margin = frame.margin
        self._stacked = frame.tall

    def show(self, places: tuple[FooterPlace, ...], *, repaint: bool) -> None:
        """Have other places; without `repaint` they look as before."""
        self.places = places
        if repaint:
            self.repaint()
        self.tell("")

    def tell(self, words: str) -> None:
        """Say something in the first row of the rail, which is empty otherwise; "" for nothing."""
        if words != self.told:
            self.told = words
            self.repaint()

    def slots(self) -> list[Region]:
        """Return where each place stands inside the footer; a touch anywhere in it counts."""
        width = self.place.width - 2 * self._margin
        count = len(self.places)
        edges = [self._margin + width * place // count for place in range(count + 1)]
        return [Region(left, 0, right - left, self.place.height) for left, right in itertools.pairwise(edges)]

    def part_at(self, offset: Offset) -> int | None:
        """Return the number of the place there."""
        return next((number for number, slot in enumerate(self.slots()) if slot.contains_point(offset)), None)

    def chosen(self, part: int) -> None:
        """Tell the page."""
        self.post_message(self.Touched(self.places[part]))

    def paint(self, canvas: Canvas) -> None:
        """Draw the places; an unavailable one keeps its place and loses its cap."""
        if self.told:
            canvas.fill(0, 0, canvas.width, 2, "deep")
            canvas.text(self._margin, 0, fit(self.told, canvas.width - 2 * self._margin), "on-deep", bold=True)
        for number, (place, slot) in enumerate(zip(self.places, self.slots(), strict=True)):
            if number == self.pressed:
                top = 2 if self.told else 0
                canvas.fill(slot.x, top, slot.width, 2 * canvas.height - top, "deep")
            ink: Role = "on-deep" if number == self.pressed else "on-rail" if place.intent else "muted-off"
            word, bold = place.word, place.intent is not None
            if self._stacked:
                left, row = slot.x + (slot.width - 3) // 2, 1
                canvas.text(slot.x + (slot.width - cells(word)) // 2, 3, word, ink, bold)
            else:
                left, row = slot.x + (slot.width - 4 - cells(word)) // 2, canvas.height // 2
                canvas.text(left + 4, row, word, ink, bold)
            if place.intent and number != self.pressed:
                canvas.fill(left, 2 * row, 3, 2, "accent")
                ink = "on-accent"
            canvas.text(left + 1, row, place.cap, ink, bold)
