"""The virtual printer's paper on standard output: dark on paper colour in a terminal, plain characters elsewhere."""

import os
import sys
from collections.abc import Iterable, Iterator

from kiosk.ports import PaperRow
from kiosk.text import cells

_PAPER = "\x1b[38;2;26;26;26;48;2;251;250;246m"
_BOLD = "\x1b[1m"
_END = "\x1b[0m"


def lines(rows: Iterable[PaperRow], columns: int) -> Iterator[str]:
    """Yield `rows` as lines for standard output, with a cell of margin on both sides.

    A QR code must be dark on light to be read, so a terminal's own colours, often light on dark, will not do.
    """
    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    for row in rows:
        if coloured:
            blanks = " " * (columns - cells(row.text) + 1)
            yield f"{_PAPER}{_BOLD if row.bold else ''} {row.text}{blanks}{_END}"
        else:
            yield f" {row.text}".rstrip()
