"""QR codes on the screen, drawn in half rows: white to the edges in every theme, four modules of quiet around."""

import re
from functools import lru_cache

from textual.geometry import Region

from kiosk.text import cells, wrap
from screens.canvas import Canvas
from screens.palette import Palette
from screens.widgets.painted import Painted

QUIET = 4
PANEL_MODULES = 25
"""Modules of the code that the pages are planned for (version 2); a longer address gets a page of its own."""

_LINK = re.compile(r"(https://)([0-9A-Z $%*+./:-]*?)([0-9]{4,})?")


@lru_cache(maxsize=32)
def modules(link: str) -> tuple[tuple[bool, ...], ...]:
    """Return the QR code of `link` (ISO/IEC 18004, error correction L) as rows of dark modules.

    The scheme stands in a byte segment, the rest in denser ones: alphanumeric, numeric for a long number at the end.
    Raises ValueError for anything but `https://` and capitals, digits and $%*+-./: behind it.
    """
    from qrcode.constants import ERROR_CORRECT_L
    from qrcode.main import QRCode
    from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, MODE_NUMBER, QRData

    parts = _LINK.fullmatch(link)
    if parts is None:
        raise ValueError(f"not an address for a QR code: {link!r}")
    code = QRCode(error_correction=ERROR_CORRECT_L, border=0)
    for part, mode in zip(parts.groups(), (MODE_8BIT_BYTE, MODE_ALPHA_NUM, MODE_NUMBER), strict=True):
        if part:
            code.add_data(QRData(part.encode("ascii"), mode=mode))
    code.make(fit=True)
    return tuple(tuple(map(bool, row)) for row in code.get_matrix())


def panel_size(link: str) -> tuple[int, int]:
    """Return the cells and rows that the code of `link` takes with its quiet zone."""
    side = len(modules(link)) + 2 * QUIET
    return side, (side + 1) // 2


def fits_beside(link: str) -> bool:
    """Return whether the code fits the panel beside a list."""
    return len(modules(link)) <= PANEL_MODULES


class QrPanel(Painted):
    """A code in the middle of a white field, with words below it where there are rows for them."""

    def __init__(self, palette: Palette, place: Region, link: str, caption: str = "") -> None:
        super().__init__(palette, place)
        self.link = link
        self._caption = caption

    def paint(self, canvas: Canvas) -> None:
        """Draw one module as one cell in half a row."""
        code = modules(self.link)
        side = len(code) + 2 * QUIET
        edge = 1 if 2 * canvas.height - 2 >= side else 0
        canvas.fill(0, edge, canvas.width, 2 * (canvas.height - edge), "module-light")
        lines = wrap(self._caption, canvas.width - 4) if self._caption else []
        rows = (side + 1) // 2
        if rows + len(lines) + edge > canvas.height:
            lines = []
        free = canvas.height - rows - len(lines)
        left = (canvas.width - side) // 2 + QUIET
        top = max(2 * (free // 2), edge) + QUIET
        for line, row in enumerate(code):
            for position, dark in enumerate(row):
                if dark:
                    canvas.fill(left + position, top + line, 1, 1, "module")
        for number, caption in enumerate(lines):
            position = (canvas.width - cells(caption)) // 2
            canvas.text(position, free // 2 + rows + number, caption, "module", bold=True)
