"""The eight cycles of one direction."""

from collections.abc import Iterable

from textual.geometry import Region

from kiosk.desk import Direction
from kiosk.visit import Cycles, Packages
from screens.frame import columns, row_height, stack
from screens.intents import Go
from screens.lines import paragraph
from screens.pages.page import Page
from screens.scene import Scene
from screens.widgets.choice import Words
from screens.widgets.painted import Painted
from screens.widgets.sheet import Sheet

_HINT_ROWS = 3


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
        """Yield the cycles in rows, and a hint where a row is left."""
        frame = self.scene.frame
        cycles = self.scene.desk.cycles(self._direction)
        across = 4 if frame.wide else 2
        rows = -(-len(cycles) // across)
        high = row_height(room.height, rows, most=11)
        for number, band in enumerate(stack(room, [high] * rows)):
            for place, cycle in zip(
                columns(band, across, frame.gutter), cycles[number * across : (number + 1) * across], strict=False
            ):
                words = Words(self.scene.text(cycle.label), self.scene.text(cycle.gloss), self.scene.seal(cycle.seal))
                yield self.choice(place, words, Go(Packages(cycle.id)))
        left = room.height - high * rows
        if left >= _HINT_ROWS:
            hint = self.scene.say("拿不准就选最接近的，下一页有说明。")
            place = Region(room.x, room.y + high * rows, room.width, _HINT_ROWS)
            yield Sheet(self.palette, place, paragraph(hint, room.width - 2 * Sheet.MARGIN, "muted"))
