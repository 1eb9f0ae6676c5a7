"""A grid of terminal cells to paint on, in half rows, and its way into Textual's strips.

All that the station shows goes through `Canvas.text`, so this is also where a string from outside stops being able to
command the terminal: what is not printable is cleaned away, and nothing is ever read as markup.
"""

from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from kiosk.text import cells, clean, is_plain
from screens.palette import Palette, Role
from screens.shapes import Shape

_NO_TEXT = ""
_SECOND_HALF = "\0"  # the cell that a wide character before it also covers
_UPPER_HALF = "▀"
_LOWER_HALF = "▄"


@lru_cache(maxsize=8192)
def _drawn(character: str, width: int) -> str:
    """Return `character`, or blanks where Rich's newer table of widths says otherwise: nor do terminals agree on it."""
    return character if cell_len(character) == width else " " * width


class Canvas:
    """`width` x `height` cells, all of `ground`. Coordinates beyond the edges are cut off, never an error.

    Fills take half rows: 0 is the upper half of the first row, 1 its lower half. Text takes whole rows and keeps the
    ground that was filled before.
    """

    def __init__(self, width: int, height: int, ground: Role) -> None:
        self.width = width
        self.height = height
        self._halves: list[list[Role]] = [[ground] * width for _ in range(2 * height)]
        self._texts = [[_NO_TEXT] * width for _ in range(height)]
        self._inks: list[list[tuple[Role, bool]]] = [[(ground, False)] * width for _ in range(height)]

    def fill(self, left: int, top: int, width: int, height: int, role: Role) -> None:
        """Fill `width` cells by `height` half rows from cell `left`, half row `top`."""
        first, last = max(left, 0), min(left + width, self.width)
        if last <= first:
            return
        for half in range(max(top, 0), min(top + height, 2 * self.height)):
            self._halves[half][first:last] = [role] * (last - first)
            self._texts[half // 2][first:last] = [_NO_TEXT] * (last - first)

    def text(self, left: int, row: int, text: str, ink: Role, bold: bool = False) -> int:
        """Write `text` from cell `left` and return the cell behind it."""
        if not is_plain(text):
            text = clean(text)
        if not 0 <= row < self.height:
            return left + cells(text)
        texts, inks = self._texts[row], self._inks[row]
        for character in text:
            width = cells(character)
            if width == 0:
                if 0 < left <= self.width and texts[left - 1] not in {_NO_TEXT, _SECOND_HALF}:
                    texts[left - 1] += character
                continue
            if left >= 0 and left + width <= self.width:
                texts[left] = _drawn(character, width)
                inks[left] = (ink, bold)
                if width == 2:
                    texts[left + 1] = _SECOND_HALF
                    inks[left + 1] = (ink, bold)
            left += width
        return left

    def block(self, left: int, row: int, character: str, ink: Role, ground: Role) -> None:
        """Put a block character (U+2580 to U+259F) in one cell, on a ground of its own."""
        self.fill(left, 2 * row, 1, 2, ground)
        self.text(left, row, character, ink)

    def centred(self, row: int, text: str, ink: Role, bold: bool = False) -> None:
        """Write `text` in the middle of `row`."""
        self.text((self.width - cells(text)) // 2, row, text, ink, bold)

    def right(self, row: int, text: str, ink: Role, bold: bool = False, margin: int = 0) -> int:
        """Write `text` so that it ends `margin` cells before the right edge; return where it begins."""
        left = self.width - margin - cells(text)
        self.text(left, row, text, ink, bold)
        return left

    def shape(self, left: int, top: int, shape: Shape, ink: Role) -> None:
        """Draw `shape` in `ink` from cell `left`, half row `top`."""
        for line, pixels in enumerate(shape.rows):
            run = 0
            for position, pixel in enumerate(f"{pixels}."):
                if pixel == "#":
                    run += 1
                elif run:
                    self.fill(left + position - run, top + line, run, 1, ink)
                    run = 0

    def strips(self, palette: Palette) -> list[Strip]:
        """Return the rows as strips of segments."""
        return [self._strip(row, palette) for row in range(self.height)]

    def _strip(self, row: int, palette: Palette) -> Strip:
        segments = []
        run: list[str] = []
        run_ground: Role | None = None
        run_ink: tuple[Role, bool] | None = None
        cells_of_row = zip(
            self._texts[row], self._inks[row], self._halves[2 * row], self._halves[2 * row + 1], strict=True
        )
        for text, ink, upper, lower in cells_of_row:
            if text == _SECOND_HALF:
                continue
            wanted: tuple[Role, bool] | None
            if text:
                wanted = ink
            elif upper != lower and run_ink and lower == run_ink[0]:
                # The same ink as just before: both halves then meet at the same height in every font.
                text, wanted, lower = _LOWER_HALF, (lower, False), upper
            elif upper != lower:
                text, wanted = _UPPER_HALF, (upper, False)
            else:
                text, wanted = " ", None
            if lower != run_ground or (wanted and run_ink and wanted != run_ink):
                if run and run_ground:
                    segments.append(_segment(run, run_ink, run_ground, palette))
                run, run_ground, run_ink = [], lower, wanted
            elif wanted:
                run_ink = wanted
            run.append(text)
        if run and run_ground:
            segments.append(_segment(run, run_ink, run_ground, palette))
        return Strip(segments, self.width)


def _segment(run: list[str], ink: tuple[Role, bool] | None, ground: Role, palette: Palette) -> Segment:
    role, bold = ink or (ground, False)
    return Segment("".join(run), palette.style(role, ground, bold))
