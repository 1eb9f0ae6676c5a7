"""QR codes on the screen, drawn in half rows: white to the edges in every theme, four modules of quiet around.

No code is kept for the next time: it holds what a visitor answered, and must be gone with the visit.
"""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.geometry import Region

from kiosk.text import cells, wrap_evenly
from screens.canvas import Canvas
from screens.palette import Palette
from screens.widgets.painted import Painted

if TYPE_CHECKING:
    from qrcode.main import QRCode

QUIET = 4
PANEL_MODULES = 25
"""Modules of the code that the pages are planned for (version 2); a longer address gets a page of its own."""

_LINK = re.compile(r"(https://)([0-9A-Z $%*+./:-]*?)([0-9]{4,})?")


Modules = tuple[tuple[bool, ...], ...]
"""Rows of modules, True for dark ones."""


def modules(link: str) -> Modules:
    """Return the QR code of `link`.

    The scheme stands in a byte segment, the rest in denser ones: alphanumeric, numeric for a long number at the end.
    Raises ValueError for anything but `https://` and capitals, digits and $%*+-./: behind it.
    """
    return _drawn(_link_code(link))


def text_modules(text: str) -> Modules:
    """Return the QR code of any text: UTF-8 in one byte segment without ECI, as readers expect it.

    Raises ValueError for more than the 2,953 bytes that a code can hold.
    """
    return _drawn(_text_code(text))


def text_side(text: str) -> int:
    """Return the modules along a side of `text_modules(text)`, which is much quicker to say than to draw."""
    return _side(_text_code(text))


def panel_size(link: str) -> tuple[int, int]:
    """Return the cells and rows that the code of `link` takes with its quiet zone."""
    side = _side(_link_code(link)) + 2 * QUIET
    return side, (side + 1) // 2


def fits_beside(link: str) -> bool:
    """Return whether the code fits the panel beside a list."""
    return _side(_link_code(link)) <= PANEL_MODULES


def _link_code(link: str) -> "QRCode":
    from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, MODE_NUMBER

    parts = _LINK.fullmatch(link)
    if parts is None:
        raise ValueError(f"not an address for a QR code: {link!r}")
    return _code(zip(parts.groups(), (MODE_8BIT_BYTE, MODE_ALPHA_NUM, MODE_NUMBER), strict=True))


def _text_code(text: str) -> "QRCode":
    from qrcode.util import MODE_8BIT_BYTE

    return _code([(text, MODE_8BIT_BYTE)])


def _code(segments: Iterable[tuple[str, int]]) -> "QRCode":
    """Return the code of `segments`, each a text and its mode (ISO/IEC 18004, error correction L), not yet drawn."""
    from qrcode.constants import ERROR_CORRECT_L
    from qrcode.exceptions import DataOverflowError
    from qrcode.main import QRCode
    from qrcode.util import QRData

    code = QRCode(error_correction=ERROR_CORRECT_L, border=0)
    for text, mode in segments:
        if text:
            code.add_data(QRData(text.encode(), mode=mode))
    try:
        code.best_fit()
    except DataOverflowError as error:
        raise ValueError("too long for a QR code") from error
    return code


def _side(code: "QRCode") -> int:
    return 17 + 4 * int(code.version)


def _drawn(code: "QRCode") -> Modules:
    code.make(fit=False)
    return tuple(tuple(map(bool, row)) for row in code.get_matrix())


class QrPanel(Painted):
    """A code in the middle of a white field, with words below it where there are rows for them."""

    def __init__(self, palette: Palette, place: Region, link: str, caption: str = "") -> None:
        super().__init__(palette, place)
        self.link = link
        self._caption = caption

    def code(self) -> Modules:
        """Return the modules."""
        return modules(self.link)

    def paint(self, canvas: Canvas) -> None:
        """Draw one module as one cell in half a row."""
        code = self.code()
        side = len(code) + 2 * QUIET
        edge = 1 if 2 * canvas.height - 2 >= side else 0
        canvas.fill(0, edge, canvas.width, 2 * (canvas.height - edge), "module-light")
        lines = wrap_evenly(self._caption, canvas.width - 4) if self._caption else []
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


class TextPanel(QrPanel):
    """A code that holds a text instead of an address."""

    def code(self) -> Modules:
        """Return the modules."""
        return text_modules(self.link)
