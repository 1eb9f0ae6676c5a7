"""Reads a print job as a printer would, and is stricter: what the manuals do not allow fails the test.

Written for the tests from the manuals' command tables. It shares no code with the encoder, the virtual printer or the
files that they read.
"""

import struct
from dataclasses import dataclass, field
from pathlib import Path

from tests.devices.qr_reader import payload

_FONT = Path(__file__).parents[2] / "data" / "glyphs" / "glyphs24"
_DOTS = 24


@dataclass
class Line:
    """One printed row: its text, the dots that it takes, and how it looks."""

    text: str
    dots: int
    scale: int
    bold: bool
    centred: bool


@dataclass
class Piece:
    """A piece of paper: rows of text and payloads of QR codes, in order."""

    lines: list[Line] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All rows, blank ones left out."""
        return "\n".join(line.text for line in self.lines if line.text.strip())


@dataclass
class Job:
    """What a job leaves on paper: pieces that are cut off, and what is left in the printer."""

    pieces: list[Piece]
    rest: Piece
    requests: list[bytes]
    defined: int
    images: int


class Reader:
    """Takes one job for a printer of `dots` and `charset` ("gbk" or "gb2312") with room for `slots` characters."""

    def __init__(self, dots: int, charset: str, slots: int) -> None:
        self._dots = dots
        self._charset = charset
        self._slots = slots

    def read(self, data: bytes) -> Job:
        """Return what `data` prints."""
        assert data[:4] == b"\x1b@\x1c&", "an init and Kanji mode at the beginning"
        self._data, self._at = data, 4
        self._job = Job([], Piece(), [], 0, 0)
        self._user: dict[bytes, str] = {}
        self._text, self._width, self._tallest = "", 0, 1
        self._scale, self._bold, self._centred = 1, False, False
        self._module, self._level, self._stored = 3, 0x30, b""
        while self._at < len(data):
            self._one()
        assert not self._text, "the last line is printed"
        return self._job

    def _take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        assert len(taken) == count, "a command that breaks off"
        self._at += count
        return taken

    def _one(self) -> None:
        byte = self._take(1)[0]
        if byte == 0x0A:
            self._job.rest.lines.append(Line(self._text, self._width, self._tallest, self._bold, self._centred))
            self._text, self._width, self._tallest = "", 0, 1
        elif byte == 0x09:
            stop = (self._width // 96 + 1) * 96
            self._text += " " * ((stop - self._width) // 12)
            self._width = stop
        elif byte in (0x1B, 0x1C, 0x1D):
            self._command(bytes((byte,)) + self._take(1))
        elif 0x20 <= byte <= 0x7E:
            self._put(chr(byte), 12 * self._scale)
        else:
            assert byte >= 0x81, f"a control byte {byte:02x} in the text"
            self._chinese(bytes((byte,)) + self._take(1))

    def _chinese(self, code: bytes) -> None:
        if code in self._user:
            self._put(self._user[code], 24 * self._scale)
            return
        if self._charset == "gb2312":
            assert 0xA1 <= code[0] <= 0xF7, f"{code!r} is not in the printer's font"
            assert 0xA1 <= code[1] <= 0xFE, f"{code!r} is not in the printer's font"
        self._put(code.decode("gbk"), 24 * self._scale)

    def _put(self, character: str, width: int) -> None:
        self._text += character
        self._width += width
        self._tallest = max(self._tallest, self._scale)
        assert self._width <= self._dots, f"{self._text!r} is wider than the paper"

    def _command(self, command: bytes) -> None:
        match command:
            case b"\x1ba":
                assert not self._text, "alignment in the middle of a line"
                self._centred = self._take(1) == b"\x01"
            case b"\x1bE":
                self._bold = self._take(1) == b"\x01"
            case b"\x1bd":
                assert not self._text
                self._job.rest.lines += [Line("", 0, 1, False, False)] * self._take(1)[0]
            case b"\x1d!":
                size = self._take(1)[0]
                assert size >> 4 == size & 0x0F, "both ways alike"
                self._scale = (size >> 4) + 1
            case b"\x1dV":
                assert not self._text, "cut in the middle of a line"
                assert self._take(2) in (b"\x41\x00", b"\x42\x00")
                self._job.pieces.append(self._job.rest)
                self._job.rest = Piece()
            case b"\x1dv":
                self._raster()
            case b"\x1d(":
                self._function()
            case b"\x1dr":
                self._job.requests.append(command + self._take(1))
            case b"\x1c2":
                code = self._take(2)
                assert not self._text, "a definition in the middle of a line"
                assert code[0] == 0xFE
                assert 0xA1 <= code[1] <= 0xFE
                self._user[code] = _character(self._take(72))
                assert len(self._user) <= self._slots, "more characters than the printer keeps"
                self._job.defined += 1
            case b"\x1b*":
                assert self._take(3) == b"\x21\x18\x00"
                assert self._scale == 1, "a bit image has one size"
                self._put(_character(self._take(72)), 24)
                self._job.images += 1
            case _:
                raise AssertionError(f"{command!r} is no command of a receipt printer")

    def _raster(self) -> None:
        zero, mode, wide, rows = struct.unpack("<BBHH", self._take(6))
        assert (zero, mode) == (0x30, 3), "doubled both ways by the printer"
        assert not self._text
        assert wide * 8 * 2 <= self._dots + 14, "wider than the paper"
        data = self._take(wide * rows)
        picture = [[bool(data[y * wide + x // 8] >> (7 - x % 8) & 1) for x in range(rows)] for y in range(rows)]
        modules = [row[::3] for row in picture[::3]]
        assert picture == [[dark for dark in row for _ in range(3)] for row in modules for _ in range(3)]
        self._code(payload(modules), len(modules), 6)

    def _function(self) -> None:
        kind, length = self._take(1), struct.unpack("<H", self._take(2))[0]
        data = self._take(length)
        match kind, data[:2]:
            case b"k", b"1A":
                assert data[2:] == b"2\x00", "model 2"
            case b"k", b"1C":
                self._module = data[2]
            case b"k", b"1E":
                self._level = data[2]
            case b"k", b"1P":
                self._stored = data[3:]
            case b"k", b"1Q":
                assert self._level == 0x31, "correction M"
                versions = (14, 26, 42, 62, 84, 106, 122, 152, 180)
                side = 21 + 4 * next(place for place, most in enumerate(versions) if len(self._stored) <= most)
                self._code(self._stored.decode("ascii"), side, self._module)
            case b"H", b"00":
                self._job.requests.append(b"\x1d(H" + data)
            case _:
                raise AssertionError(f"GS ( {kind!r} {data[:2]!r} is no function of a receipt printer")

    def _code(self, text: str, side: int, module: int) -> None:
        assert self._centred
        assert module >= 5, "smaller ones are not read after dot gain"
        assert (side + 8) * module <= self._dots, "no room for the quiet zone"
        above = self._job.rest.lines[-1]
        assert not above.text, "quiet zone above: a blank line of 30 dots"
        assert self._data[self._at : self._at + 1] == b"\n", "quiet zone below"
        self._job.rest.codes.append(text)


def _font() -> dict[int, str]:
    data = _FONT.read_bytes()
    count = struct.unpack_from("<8sI", data)[1]
    points = struct.unpack_from(f"<{count}I", data, 12)
    start = 12 + 4 * count
    known: dict[int, str] = {}
    for place, point in enumerate(points):
        if point > 0x7F:
            bitmap = data[start + 72 * place : start + 72 * (place + 1)]
            known.setdefault(int.from_bytes(bitmap, "big"), chr(point))
    return known


_KNOWN: dict[int, str] = {}


def _character(columns: bytes) -> str:
    """Return the character that looks most like `columns`; a dot or two may differ."""
    if not _KNOWN:
        _KNOWN.update(_font())
    seen = int.from_bytes(columns, "big")
    if seen in _KNOWN:
        return _KNOWN[seen]
    nearest = min(_KNOWN, key=lambda known: (known ^ seen).bit_count())
    assert (nearest ^ seen).bit_count() <= 4, "a bitmap that is no character"
    return _KNOWN[nearest]
