"""How the bands of a page share the station's pane, for any number of cells.

Pages are planned in whole cells: `Frame` gives the bands, `columns` and `row_heights` divide what is left. There is no
style sheet for this, because a page must come out exactly at 80 x 22, where one row too many would cut a choice off.
"""

from dataclasses import dataclass

from textual.geometry import Region

LARGE_COLUMNS, LARGE_ROWS = 80, 22
TALL_COLUMNS, TALL_ROWS = 60, 50
WIDE_COLUMNS = 110
ROOMY_ROWS = 30
PAPER_COLUMNS = 34
PAPER_WIDE_COLUMNS = 36
"""Width of the demonstration's paper pane: 32 columns of paper and its edges."""

_WIDEST_CONTENT = 132
_CHOICE_HEIGHTS = (3, 4, 5, 7, 9, 11)


@dataclass(frozen=True)
class Frame:
    """The station's pane, `columns` x `rows` cells from the upper left corner of the terminal."""

    columns: int
    rows: int

    @property
    def fits(self) -> bool:
        """Whether every page is complete here; otherwise a plain page asks for a larger terminal."""
        large = self.columns >= LARGE_COLUMNS and self.rows >= LARGE_ROWS
        tall = self.columns >= TALL_COLUMNS and self.rows >= TALL_ROWS
        return large or tall

    @property
    def tall(self) -> bool:
        """Whether this is a narrow portrait pane."""
        return self.columns < LARGE_COLUMNS

    @property
    def wide(self) -> bool:
        """Whether four choices stand side by side."""
        return self.columns >= WIDE_COLUMNS

    @property
    def roomy(self) -> bool:
        """Whether there are rows for air between lines."""
        return self.rows >= ROOMY_ROWS

    @property
    def margin(self) -> int:
        """Cells left and right of the content."""
        if self.wide:
            return max(4, (self.columns - _WIDEST_CONTENT) // 2)
        return 2 if self.tall or self.columns > LARGE_COLUMNS + 2 else 1

    @property
    def gutter(self) -> int:
        """Cells between two choices side by side."""
        return 2

    @property
    def masthead(self) -> Region:
        """The dark band at the top; in 22 rows only its first row, the second holds the lower half of the seal."""
        return Region(0, 0, self.columns, 3 if self.roomy else 2)

    @property
    def footer(self) -> Region:
        """The rail with the seven fixed places."""
        height = 5 if self.tall else 3
        return Region(0, self.rows - height, self.columns, height)

    @property
    def content(self) -> Region:
        """All between masthead and footer, heading included."""
        top = self.masthead.bottom
        return Region(self.margin, top, self.columns - 2 * self.margin, self.footer.y - top)

    @property
    def heading_height(self) -> int:
        """Rows of the heading, the air below it included."""
        return 4 if self.rows > ROOMY_ROWS else 3 if self.roomy else 2

    @property
    def heading(self) -> Region:
        """The title over the whole width."""
        return self.content.split_horizontal(self.heading_height)[0]

    @property
    def body(self) -> Region:
        """What the page itself fills: 15 rows at 80 x 22."""
        return self.content.split_horizontal(self.heading_height)[1]


def paper_columns(columns: int) -> int:
    """Return the width of the paper pane in a terminal of `columns`, 0 where it has no room beside the station."""
    for width in (PAPER_WIDE_COLUMNS, PAPER_COLUMNS):
        if columns >= LARGE_COLUMNS + width:
            return width
    return 0


def columns(region: Region, count: int, gutter: int) -> list[Region]:
    """Divide `region` into `count` columns of nearly equal width, `gutter` cells apart."""
    usable = region.width - gutter * (count - 1)
    edges = [usable * place // count for place in range(count + 1)]
    return [
        Region(region.x + edges[place] + gutter * place, region.y, edges[place + 1] - edges[place], region.height)
        for place in range(count)
    ]


def row_height(rows: int, count: int, most: int, two_lines: bool = False) -> int:
    """Return the height of each of `count` choices that share `rows`: at least 3, at most `most`.

    A choice of height h has h - 2 full rows between its half-row edges, so that an odd h can centre one line. With
    `two_lines` the choices have a second one, and 4 will do as well.
    """
    share = min(rows // count, most)
    fitting = [height for height in _CHOICE_HEIGHTS if height <= share and (height % 2 or (two_lines and height == 4))]
    return max(fitting, default=_CHOICE_HEIGHTS[0])


def stack(region: Region, heights: list[int]) -> list[Region]:
    """Return one region per height, from the top of `region` down."""
    places = []
    top = region.y
    for height in heights:
        places.append(Region(region.x, top, region.width, height))
        top += height
    return places
