"""What a technician looks at or touches to judge the glass: swatches of every fill, and tiles to light one by one."""

from textual.geometry import Offset, Region
from textual.message import Message

from kiosk.text import cells
from screens.canvas import Canvas
from screens.palette import Palette, Role
from screens.widgets.painted import Painted, card
from screens.widgets.pressed import Pressed

_SWATCHES: tuple[tuple[Role, Role], ...] = (
    ("deep", "on-deep"),
    ("accent", "on-accent"),
    ("ok", "on-ok"),
    ("warn", "on-warn"),
    ("seal", "on-seal"),
    ("focus", "on-focus"),
    ("notice", "notice-ink"),
    ("rail", "on-rail"),
)


class Swatches(Painted):
    """Every fill with its ink, and characters of every kind."""

    def __init__(self, palette: Palette, place: Region, samples: tuple[str, ...]) -> None:
        super().__init__(palette, place)
        self._samples = samples

    def paint(self, canvas: Canvas) -> None:
        """Draw the fills side by side above the characters."""
        width = canvas.width // len(_SWATCHES)
        for number, (fill, ink) in enumerate(_SWATCHES):
            canvas.fill(number * width, 0, width, 4, fill)
            canvas.text(number * width + 1, 0, f"{number + 1} 字", ink, bold=True)
        for row, sample in enumerate(self._samples[: canvas.height - 2], 2):
            canvas.text(1, row, sample, "ink", bold=row % 2 == 0)


class Tiles(Pressed[int]):
    """Tiles in a grid that are lit one by one; `touch` tells whether a finger lights them."""

    class AllLit(Message):
        """Every tile is lit."""

    def __init__(self, palette: Palette, place: Region, words: tuple[str, ...], across: int, *, touch: bool) -> None:
        super().__init__(palette, place)
        self.words = words
        self.lit: set[int] = set()
        self._across = across
        self._touch = touch

    def slots(self) -> list[Region]:
        """Return where each tile stands inside the grid."""
        rows = -(-len(self.words) // self._across)
        xs = [self.place.width * column // self._across for column in range(self._across + 1)]
        ys = [self.place.height * row // rows for row in range(rows + 1)]
        return [
            Region(xs[at], ys[row], xs[at + 1] - xs[at], ys[row + 1] - ys[row])
            for row, at in (divmod(number, self._across) for number in range(len(self.words)))
        ]

    def part_at(self, offset: Offset) -> int | None:
        """Return the number of the tile there, where a finger lights tiles."""
        slots = enumerate(self.slots()) if self._touch else ()
        return next((number for number, slot in slots if slot.contains_point(offset)), None)

    def chosen(self, part: int) -> None:
        """Light it."""
        self.light(part)

    def light(self, number: int) -> None:
        """Light a tile; the page is told when all are lit."""
        self.lit.add(number)
        self.repaint()
        if len(self.lit) == len(self.words):
            self.post_message(self.AllLit())

    def paint(self, canvas: Canvas) -> None:
        """Draw the tiles; a lit one is told by a mark as well."""
        card(canvas, "page")
        for number, (word, slot) in enumerate(zip(self.words, self.slots(), strict=True)):
            lit = number in self.lit
            fill: Role = "accent" if lit else "card"
            canvas.fill(slot.x, 2 * slot.y, slot.width - 1, 2 * slot.height - 1, fill)
            shown = f"+{word}" if lit else word
            left = slot.x + max((slot.width - 1 - cells(shown)) // 2, 0)
            canvas.text(left, slot.y + (slot.height - 1) // 2, shown, "on-accent" if lit else "ink", bold=True)
