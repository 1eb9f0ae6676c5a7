"""What a page looks like, drawn without a running application: rows, colours, and what was lost on the way."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from kiosk.text import cells
from screens.canvas import Canvas
from screens.pages.page import Page
from screens.palette import Palette, Role, ThemeName, palette
from screens.shapes import Shape
from screens.widgets.bands import Footer
from screens.widgets.choice import Choice, State
from screens.widgets.digit_pad import DigitPad
from screens.widgets.keyboard import Keyboard
from screens.widgets.painted import Painted

Pair = tuple[Role, Role]
"""An ink and the ground below it."""

Cell = tuple[str, str, str]
"""A character, the colour of its ink (none for a blank) and that of its ground, as #RRGGBB."""

THEMES: tuple[ThemeName, ...] = ("day", "contrast")
_NOT_WRITTEN = dict.fromkeys([ord(" "), ord("─"), *range(0x2580, 0x25A0)])
"""Blanks, rules and block elements."""


class Noting(Palette):
    """A palette that can tell which roles a style was made of: from them follow the colours of every theme."""

    def __init__(self) -> None:
        super().__init__("day")
        self.roles: dict[int, Pair] = {}

    def style(self, ink: Role, on: Role, bold: bool = False) -> Style:
        style = super().style(ink, on, bold)
        self.roles[id(style)] = (ink, on)
        return style


NOTING = Noting()


_STRIPS: dict[tuple[object, ...], Strip] = {}
"""Rows that were drawn before, by all that they are drawn from: some 20,000 for a whole walk."""


class Watched(Canvas):
    """A canvas that remembers what was lost on it: words cut at its edges, drawn over, or laid over an edge."""

    def __init__(self, width: int, height: int, ground: Role) -> None:
        super().__init__(width, height, ground)
        self.lost: list[str] = []
        self._runs: list[tuple[int, int, int, str]] = []

    def text(self, left: int, row: int, text: str, ink: Role, bold: bool = False) -> int:
        end = super().text(left, row, text, ink, bold)
        if text.strip() and (left < 0 or end > self.width or not 0 <= row < self.height):
            self.lost.append(f"cut at the edge: {text!r}")
        if text.strip() and not _drawn(text):
            self._runs.append((row, left, end, text))
        return end

    def shape(self, left: int, top: int, shape: Shape, ink: Role) -> None:
        super().shape(left, top, shape, ink)
        inside = left >= 0 <= top and left + shape.width <= self.width and top + shape.height <= 2 * self.height
        if not inside:
            self.lost.append(f"a shape of {shape.width} x {shape.height} pixels is cut at the edge")

    def _strip(self, row: int, palette: Palette) -> Strip:
        # Most rows are those of some other page: blanks, bands, the same words in another place.
        cells_of_row = self._texts[row], self._inks[row], self._halves[2 * row], self._halves[2 * row + 1]
        key = (id(palette), *map(tuple, cells_of_row))
        if (strip := _STRIPS.get(key)) is None:
            strip = _STRIPS[key] = super()._strip(row, palette)
        return strip

    def finish(self) -> list[str]:
        """Return all that was lost, now that everything is drawn."""
        for row, left, _, text in self._runs:
            if 0 <= row < self.height and left >= 0:
                shown = "".join(one for one in self._texts[row][left : left + cells(text)] if one != "\0")
                if shown != text and cells(text) <= self.width - left:
                    self.lost.append(f"drawn over: {text!r}")
                halves = zip(
                    self._halves[2 * row][left : left + cells(text)],
                    self._halves[2 * row + 1][left : left + cells(text)],
                    strict=True,
                )
                if any(upper != lower for upper, lower in halves):
                    self.lost.append(f"lies over an edge: {text!r}")
        for (row, _, end, text), (next_row, left, _, following) in zip(
            sorted(self._runs), sorted(self._runs)[1:], strict=False
        ):
            if row == next_row and left == end and text[-1] != " " != following[0]:
                self.lost.append(f"no blank between {text!r} and {following!r}")
        return self.lost


def _drawn(text: str) -> bool:
    return not text.translate(_NOT_WRITTEN)


@dataclass(frozen=True)
class Drawing:
    """A page with its widgets, the rows of each, what was lost, and the inks and grounds of its text and shapes."""

    page: Page
    widgets: tuple[Painted, ...]
    strips: tuple[list[Strip], ...]
    lost: tuple[str, ...]
    text: frozenset[Pair]
    shapes: frozenset[Pair]

    def rows(self) -> list[list[Segment]]:
        """Return the rows of the whole screen."""
        frame = self.page.scene.frame
        pieces: list[list[tuple[int, Strip]]] = [[] for _ in range(frame.rows)]
        for widget, strips in zip(self.widgets, self.strips, strict=True):
            for row, strip in enumerate(strips, widget.place.y):
                if 0 <= row < frame.rows:
                    pieces[row].append((widget.place.x, strip))
        return [_joined(row, frame.columns) for row in pieces]

    def lines(self) -> list[str]:
        """Return the screen as text."""
        return ["".join(segment.text for segment in row) for row in self.rows()]

    def cells(self, theme: ThemeName) -> list[list[Cell]]:
        """Return the cells of each row with the colours that they have in `theme`."""
        colour = palette(theme).colour
        rows = []
        for strip in self.rows():
            row: list[Cell] = []
            for segment in strip:
                ink, on = map(colour, NOTING.roles[id(segment.style)])
                row += [(one, "" if one == " " else ink, on) for one in segment.text]
            rows.append(row)
        return rows


def _joined(pieces: list[tuple[int, Strip]], width: int) -> list[Segment]:
    """Return the segments of a row, with the page's ground between its pieces."""
    ground = NOTING.style("page", "page")
    row, column = [], 0
    for left, strip in [*sorted(pieces, key=lambda piece: piece[0]), (width, Strip([]))]:
        if left > column:
            row.append(Segment(" " * (left - column), ground))
        row += strip
        column = left + strip.cell_length
    return row


def draw(page: Page) -> Drawing:
    """Draw all that stands on a page."""
    widgets = tuple(widget for widget in page.compose() if isinstance(widget, Painted))
    strips, lost = [], []
    text: set[Pair] = set()
    shapes: set[Pair] = set()
    for widget in widgets:
        painted, missing = draw_widget(widget)
        strips.append(painted)
        lost += [f"{widget.__class__.__name__}: {one}" for one in missing]
        for found, pairs in zip((text, shapes), pairs_of(painted), strict=True):
            found |= pairs
    return Drawing(page, widgets, tuple(strips), tuple(lost), frozenset(text), frozenset(shapes))


def draw_widget(widget: Painted) -> tuple[list[Strip], list[str]]:
    """Return the rows of a widget as it now stands, and what was lost."""
    canvas = Watched(max(widget.place.width, 0), max(widget.place.height, 0), widget.GROUND)
    widget.paint(canvas)
    return canvas.strips(NOTING), canvas.finish()


def pairs_of(strips: list[Strip]) -> tuple[set[Pair], set[Pair]]:
    """Return the inks and grounds of what is written in rows, and of what is drawn in them."""
    text: set[Pair] = set()
    shapes: set[Pair] = set()
    for strip in strips:
        for segment in strip:
            pair = NOTING.roles[id(segment.style)]
            written = segment.text.translate(_NOT_WRITTEN)
            if written:
                text.add(pair)
            if len(written) < len(segment.text) - segment.text.count(" "):
                shapes.add(pair)
    return text, shapes


def states_of(widget: Painted) -> Iterator[str]:
    """Put a widget into each state that it can show besides the one at rest, and yield its name."""
    match widget:
        case Choice() if widget.state not in {State.ABSENT, State.DISABLED}:
            widget.focus_shown = True
            yield "focus"
            widget.focus_shown = False
            for state in (State.PRESSED, State.BUSY, State.DISABLED):
                widget.state = state
                yield state
            widget.state = State.READY
        case Footer():
            for slot, place in enumerate(widget.places):
                widget.pressed = slot
                yield f"{place.word} pressed"
                widget.pressed = None
                if not place.intent:
                    widget.told = place.why
                    yield f"{place.word} explained"
                    widget.told = ""
        case DigitPad():
            for key in (widget.keys[0], widget.keys[-1]):
                widget.pressed = key
                yield f"{key.face} pressed"
            widget.pressed = None
        case Keyboard():
            for row in range(len(widget.rows)):
                widget.picked = row
                yield f"row {row + 1} picked"
            widget.picked, widget.pressed = None, widget.rows[0][0]
            yield "a key pressed"
            widget.pressed = None
