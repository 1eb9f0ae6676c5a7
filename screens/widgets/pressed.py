"""Widgets with several parts of which one is pressed: what a finger does on them."""

from typing import Generic, TypeVar

from textual import events
from textual.geometry import Offset, Region

from screens.palette import Palette
from screens.widgets.painted import Painted

T = TypeVar("T")


class Pressed(Painted, Generic[T]):
    """Shows that a part was felt when the finger comes down, and acts when it lifts, unless it slid off meanwhile."""

    def __init__(self, palette: Palette, place: Region) -> None:
        super().__init__(palette, place)
        self.pressed: T | None = None

    def part_at(self, offset: Offset) -> T | None:
        """Return the part at a cell of the widget that can be had now."""
        raise NotImplementedError

    def chosen(self, part: T) -> None:
        """Act: the finger has lifted from `part`."""
        raise NotImplementedError

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Show that the finger was felt."""
        part = self._part(event)
        if event.button == 1 and part is not None:
            self.capture_mouse()
            self._press(part)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Act, unless the finger slid off the part before it lifted."""
        event.stop()
        pressed = self.pressed
        if pressed is None or event.button != 1:
            return
        self.release_mouse()
        self._press(None)
        if self._part(event) == pressed:
            self.chosen(pressed)

    def _part(self, event: events.MouseEvent) -> T | None:
        if not self.region.contains_point(event.screen_offset):
            return None
        return self.part_at(event.screen_offset - self.region.offset)

    def _press(self, part: T | None) -> None:
        self.pressed = part
        self.repaint()
