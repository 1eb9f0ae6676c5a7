"""The eight cycles of one direction."""

from collections.abc import Iterable

from textual.geometry import Region

from kiosk.desk import Direction
from kiosk.visit import Cycles, Packages, Search
from screens.frame import columns, row_height, stack
from screens.intents import Go
from screens.pages.page import Page
from screens.scene import Scene
from screens.widgets.choice import Words, seal_fits
from screens.widgets.painted import Painted

_SEARCH_ROWS = (3, 5)
_MOST_ACROSS = 4


class CyclesPage(Page):
    """One card a cycle, with its seal."""

    STEP = 1

    def __init__(self, scene: Scene, place: Cycles, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._direction = place.direction

    def heading(self) -> str:
        """Ask which cycle."""
        if self._direction is Direction.LIFE:
            return self.scene.say("人生事件：是哪一类？")
        return self.scene.say("企业历程：是哪一类？")

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the cycles in rows, and the way to the search."""
        frame = self.scene.frame
        cycles = self.scene.desk.cycles(self._direction)
        across = _MOST_ACROSS if frame.wide else 2
        rows = -(-len(cycles) // across)
        least, most = _SEARCH_ROWS
        high = row_height(room.height - least, rows, most=11)
        gutter = 1 if across == _MOST_ACROSS else frame.gutter
        places = [place for band in stack(room, [high] * rows) for place in columns(band, across, gutter)]
        labels = [self.scene.text(cycle.label) for cycle in cycles]
        # One seal that must be small makes all of them small: the cards are of one kind.
        small = not all(seal_fits(label, place.width, high) for label, place in zip(labels, places, strict=False))
        for label, place, cycle in zip(labels, places, cycles, strict=False):
            words = Words(label, self.scene.text(cycle.gloss), self.scene.seal(cycle.seal), small=small)
            yield self.choice(place, words, Go(Packages(cycle.id)))
        left = room.height - high * rows
        place = Region(room.x, room.y + high * rows, room.width, most if left >= most else least)
        yield self.choice(place, Words(self.scene.say("都不是，去查找")), Go(Search()))
