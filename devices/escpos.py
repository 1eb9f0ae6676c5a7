"""Documents as the bytes of an ESC/POS printer with a Chinese font.

Commands and their bytes: Epson's ESC/POS command reference and the manuals of Gprinter, Zjiang, SPRT and CITAQ, which
agree on all that is used here. Settings are sent only when they change: a slip of 500 bytes fits any printer's receive
buffer whole, so that no flow control is needed.
"""

import re
from collections.abc import Mapping

import msgspec

from devices.characters import GETA, adapted, pair
from devices.commands import INIT, PROCESS_ID, QUEUED_STATUS, UNASKED_ON
from devices.glyphs import Glyphs
from devices.profile import Profile
from kiosk.documents import Code, Cut, Document, Gap, Line, Row, columns_of, layout

KANJI_ON = b"\x1c&"
"""Needed after every init: Epson's default is off, where Chinese bytes print as symbols of a code page."""

BIT_IMAGE = b"\x1b*\x21\x18\x00"
"""ESC * 33: a picture of 24 columns and 24 dots in the line, at full density. Three bytes a column follow."""

LINE_DOTS = 30
"""Default line spacing, 3.75 mm; a taller row feeds its own height."""
GLYPH_DOTS = 24
CUT_DOTS = 120
"""Paper from the print head to past the knife or tear bar, 15 mm: a generous estimate, for time limits only."""

_TAB = 8
_QUIET = 4
_MODULE_DOTS = 6
_BYTES_OF_VERSION = (14, 26, 42, 62, 84, 106, 122, 152, 180)
"""ISO/IEC 18004 table 7: bytes at error correction M of versions 1 to 9."""

PADDING = bytes(192)
"""Zeros that fill up a command that broke off, a whole QR code's text at most; printers pass over all others."""

_BLANKS = re.compile("( {2,})")


class Encoded(msgspec.Struct, frozen=True):
    """A job for the wire. `dots`: length of its paper; `missing`: different characters printed as 〓."""

    data: bytes
    dots: int
    missing: int


def encode(
    document: Document, profile: Profile, process_id: bytes | None = None, glyphs: Glyphs | None = None
) -> Encoded:
    """Return `document` as bytes for a printer of `profile`.

    With a `process_id` (four bytes 20h to 7Eh, else ValueError) the job ends with requests for proof, placed after the
    cut. `glyphs` draw the characters that the printer's font lacks. No control byte that is not ours can be in the
    result, whatever the document's texts hold.
    """
    able = None if profile.glyphs == "none" else glyphs
    fit = adapted(document, profile.charset, able, kept=profile.glyphs == "user")
    stream = _Stream(profile, {one: columns for one in fit.drawn if able and (columns := able.columns(one))})
    for line in layout(fit.document, profile.columns):
        stream.line(line)
    return stream.finished(process_id, fit.missing)


def separator(profile: Profile, process_id: bytes | None = None) -> Encoded:
    """Return the bytes that make a fragment of an earlier job a piece of its own.

    That job may have broken off in the middle of a command, which would take this one's cut for its own data.
    """
    stream = _Stream(profile, {}, before=PADDING)
    stream.line(Gap(1))
    stream.line(Cut())
    return stream.finished(process_id, 0)


class _Stream:
    """The bytes so far, and the printer's settings after them."""

    def __init__(self, profile: Profile, drawn: Mapping[str, bytes], before: bytes = b"") -> None:
        """`drawn`: the characters that the printer's font lacks, as 72 bytes each. `before` goes before the init."""
        self._profile = profile
        self._data = bytearray(before + INIT + KANJI_ON)
        if profile.status == "unasked":
            self._data += UNASKED_ON
        self._dots = 0
        self._drawn = drawn
        self._slots: dict[str, bytes] = {}
        self._size = 1
        self._bold = False
        self._centre = False
        self._module = 0

    def line(self, line: Line) -> None:
        match line:
            case Row():
                self._row(line)
            case Gap(lines):
                self._data += b"\n" * lines if lines < 3 else bytes((0x1B, 0x64, lines))
                self._dots += LINE_DOTS * lines
            case Code(data):
                self._code(data.encode("ascii"))
            case Cut():
                self._cut()

    def finished(self, process_id: bytes | None, missing: int) -> Encoded:
        if process_id is not None:
            if len(process_id) != 4 or not all(0x20 <= byte <= 0x7E for byte in process_id):
                raise ValueError(f"a process id has four bytes 20h to 7Eh, not {process_id!r}")
            if self._profile.process_id:
                self._data += PROCESS_ID + process_id
            self._data += QUEUED_STATUS
        return Encoded(bytes(self._data), self._dots, missing)

    def _row(self, row: Row) -> None:
        size = row.size
        lacking = [character for character in dict.fromkeys(row.text) if character in self._drawn]
        images = self._profile.glyphs == "image" or len(lacking) > self._profile.slots
        if lacking and images:
            size = 1  # a bit image has one size, and beside it larger letters would stand alone
        elif lacking:
            self._define(lacking)
        if row.text:
            self._align(row.centre)
            if size != self._size:
                self._data += bytes((0x1D, 0x21, (size - 1) << 4 | (size - 1)))
                self._size = size
            if row.bold != self._bold:
                self._data += bytes((0x1B, 0x45, row.bold))
                self._bold = row.bold
            text = row.text if row.centre or size > 1 else _tabbed(row.text)
            self._data += self._encoded(text, images=images)
        self._data += b"\n"
        self._dots += max(LINE_DOTS, GLYPH_DOTS * size)

    def _define(self, characters: list[str]) -> None:
        """Put `characters` into the printer's memory for characters of the user (FS 2), which has room for them."""
        for character in characters:
            if character in self._slots:
                continue
            if len(self._slots) < self._profile.slots:
                place = bytes((0xFE, 0xA1 + len(self._slots)))
            else:
                place = self._slots.pop(next(one for one in self._slots if one not in characters))
            self._slots[character] = place
            self._data += b"\x1c2" + place + self._drawn[character]

    def _align(self, centre: bool) -> None:
        if centre != self._centre:
            self._data += bytes((0x1B, 0x61, centre))
            self._centre = centre

    def _encoded(self, text: str, *, images: bool) -> bytes:
        encoded = bytearray()
        for character in text:
            if character.isascii():
                if character.isprintable() or character == "\t":
                    encoded += character.encode("ascii")
            elif character not in self._drawn:
                encoded += pair(character, self._profile.charset) or GETA.encode("gbk")
            elif images:
                encoded += BIT_IMAGE + self._drawn[character]
            else:
                encoded += self._slots[character]
        return bytes(encoded)

    def _code(self, data: bytes) -> None:
        modules = modules_of(data)
        module = min(_MODULE_DOTS, self._profile.dots // (modules + 2 * _QUIET))
        # A line feed is 30 dots, more than the quiet zone's four modules.
        self._align(True)
        self._data += b"\n"
        if self._profile.native_qr:
            if module != self._module:
                self._data += b"\x1d(k\x04\x001A2\x00"
                self._data += b"\x1d(k\x03\x001C" + bytes((module,))
                self._data += b"\x1d(k\x03\x001E1"
                self._module = module
            self._data += b"\x1d(k" + (len(data) + 3).to_bytes(2, "little") + b"1P0" + data
            self._data += b"\x1d(k\x03\x001Q0"
        else:
            self._data += raster(data)
        self._data += b"\n"
        self._dots += modules * module + 2 * LINE_DOTS

    def _cut(self) -> None:
        match self._profile.cut:
            case "partial":
                self._data += b"\x1dV\x42\x00"
            case "full":
                self._data += b"\x1dV\x41\x00"
            case "tear":
                self._data += bytes((0x1B, 0x64, CUT_DOTS // LINE_DOTS))
        self._dots += CUT_DOTS


def modules_of(data: bytes) -> int:
    """Return the modules along one side of the QR code of `data`.

    Counted in byte mode, the largest that a printer may choose. Raises ValueError for more than 180 bytes.
    """
    for version, capacity in enumerate(_BYTES_OF_VERSION, start=1):
        if len(data) <= capacity:
            return 17 + 4 * version
    raise ValueError(f"{len(data)} bytes do not fit a QR code of version {len(_BYTES_OF_VERSION)}")


def raster(data: bytes) -> bytes:
    """Return the QR code of `data` as `GS v 0` of 3 dots a module, doubled both ways by the printer (m = 3).

    A printer obeys real-time commands even in the middle of a picture, so a mask is chosen that spells none.
    """
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.main import QRCode
    from qrcode.util import MODE_8BIT_BYTE, QRData

    for mask in range(8):
        code = QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=mask)
        code.add_data(QRData(data, MODE_8BIT_BYTE))
        code.make()
        picture = _picture(code.get_matrix())
        if not any(command in picture for command in (b"\x10\x04", b"\x10\x05", b"\x10\x14")):
            break
    return picture


def _picture(matrix: list[list[bool]]) -> bytes:
    wide = (3 * len(matrix) + 7) // 8
    picture = bytearray(b"\x1dv0\x03" + wide.to_bytes(2, "little") + (3 * len(matrix)).to_bytes(2, "little"))
    for row in matrix:
        bits = "".join("111" if dark else "000" for dark in row).ljust(8 * wide, "0")
        picture += int(bits, 2).to_bytes(wide, "big") * 3
    return bytes(picture)


def _tabbed(text: str) -> str:
    """Return `text` with long runs of blanks as HT, the stops being at every eighth column after an init."""
    columns = 0
    parts: list[str] = []
    for run in _BLANKS.split(text):
        start = columns
        columns += columns_of(run)
        if not run.startswith("  "):
            parts.append(run)
            continue
        tabs = columns // _TAB - start // _TAB
        parts.append("\t" * tabs + " " * (columns % _TAB) if tabs else run)
    return "".join(parts)
