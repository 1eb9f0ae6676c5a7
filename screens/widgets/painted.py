"""A widget that paints its own cells at a place that its page gave it."""

from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from screens.canvas import Canvas
from screens.palette import Palette, Role


class Painted(Widget):
    """Keeps its strips until something that it shows has changed, and skips Textual's own styling altogether.

    A page is redrawn by as many calls of `paint` as it has widgets, and moving the focus by two.
    """

    ALLOW_SELECT = False
    GROUND: Role = "page"

    def __init__(self, palette: Palette, place: Region) -> None:
        """`place` is the widget's region in the cells of the whole terminal."""
        super().__init__()
        self.palette = palette
        self.place = place
        self._strips: list[Strip] | None = None

    def paint(self, canvas: Canvas) -> None:
        """Draw everything on a canvas of the size of `place`, all of it `GROUND`."""
        raise NotImplementedError

    def repaint(self, *regions: Region) -> None:
        """Draw anew; with `regions`, only these cells of the widget go to the terminal."""
        self._strips = None
        self.refresh(*regions)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the rows of `crop` (Textual's line protocol)."""
        if self._strips is None:
            canvas = Canvas(self.place.width, self.place.height, self.GROUND)
            self.paint(canvas)
            self._strips = canvas.strips(self.palette)
        rows = self._strips[crop.y : crop.bottom]
        if crop.x == 0 and crop.width == self.place.width:
            return rows
        return [row.crop(crop.x, crop.right) for row in rows]


def card(canvas: Canvas, role: Role = "card") -> None:
    """Fill the canvas but for half a row at its upper and lower edge: stacked cards so stand one row apart."""
    canvas.fill(0, 1, canvas.width, 2 * canvas.height - 2, role)
