"""What an ESC/POS printer makes of the bytes in its receive buffer, one by one and in order.

Written from the manuals that the encoder was written from, and otherwise knowing nothing of it: its own tables, its own
parser. It is stricter than most printers where printers differ: Kanji mode is off after an init, a symbol that is too
wide is left out, and alignment counts at the beginning of a line only. What it does not know, it counts.
"""

from collections.abc import Callable, Generator
from typing import Protocol

from devices.virtual_head import PrintHead
from devices.virtual_paper import Align, Matrix

CUTTER_DOTS = 80
"""From the print head to the knife."""

JUNK = "▒"
"""Stands for bytes that are no character, and for a bitmap that is none known."""

_GLYPH_BYTES = 72
_IMAGE_ROWS = {0: 8, 1: 8, 0x20: 24, 0x21: 24}
_ALIGNMENTS: dict[int, Align] = {0: 0, 1: 1, 2: 2, 0x30: 0, 0x31: 1, 0x32: 2}
_NAMES = {0x41: b"1.00", 0x42: b"VIRTUAL", 0x43: b"VIRTUAL PRINTER"}

_Parser = Generator[None, int, None]


class Machine(Protocol):
    """The rest of the printer, as far as commands reach it."""

    @property
    def paper_low(self) -> bool:
        """Whether the roll is near its end."""

    def answer(self, data: bytes) -> None:
        """Send `data` to the host."""

    def cut(self, dots: int) -> None:
        """Feed `dots` and cut."""

    def tell_changes(self, on: bool) -> None:
        """Switch the unasked status on or off."""


class Interpreter:
    """Obeys commands on a print head. `read` tells which character a bitmap of 24 x 24 dots is, as an eye would."""

    def __init__(self, head: PrintHead, machine: Machine, read: Callable[[Matrix], str | None]) -> None:
        self.junk = 0
        self.unknown: list[bytes] = []
        self._head = head
        self._machine = machine
        self._read = read
        self._kanji = False
        self._drawn: dict[bytes, Matrix] = {}
        self._plain: dict[bytes, Callable[[], None]] = {
            b"\x1b2": lambda: self._spacing(30),
            b"\x1b@": self.reset,
            b"\x1c&": lambda: self._kanji_mode(True),
            b"\x1c.": lambda: self._kanji_mode(False),
        }
        self._numbered: dict[bytes, Callable[[int], None]] = {
            b"\x1b!": self._ascii_mode,
            b"\x1b3": self._spacing,
            b"\x1bE": self._bold,
            b"\x1bJ": head.feed,
            b"\x1ba": self._align,
            b"\x1bd": head.feed_lines,
            b"\x1c!": self._chinese_mode,
            b"\x1d!": self._size,
            b"\x1dI": self._identity,
            b"\x1da": lambda n: machine.tell_changes(bool(n)),
            b"\x1dr": self._queued_status,
        }
        self.forget()

    def take(self, byte: int) -> None:
        """Obey `byte`, or keep it for the command that it is part of."""
        self._parser.send(byte)

    def forget(self) -> None:
        """Drop the command that has begun."""
        self._parser = self._parse()
        next(self._parser)

    def reset(self) -> None:
        """What ESC @ does: the settings, the characters of the user and the unprinted line are gone."""
        self._kanji = False
        self._drawn = {}
        self._machine.tell_changes(False)
        self._head.reset()

    def _parse(self) -> _Parser:
        while True:
            byte = yield
            match byte:
                case 0x09:
                    self._head.tab()
                case 0x0A:
                    self._head.end_line()
                case 0x0D:
                    pass
                case 0x10:
                    yield from self._parse_real_time()
                case 0x1B | 0x1C | 0x1D:
                    yield from self._parse_command(byte)
                case _:
                    yield from self._parse_character(byte)

    def _parse_real_time(self) -> _Parser:
        """Step over what was obeyed on arrival: DLE EOT n, DLE ENQ n, DLE DC4 and its function."""
        command = yield
        if command == 0x14:
            function = yield
            count = 7 if function == 8 else 2
        elif command in (0x04, 0x05):
            count = 1
        else:
            self.unknown.append(bytes((0x10, command)))
            count = 0
        for _ in range(count):
            yield

    def _parse_command(self, prefix: int) -> _Parser:
        command = bytes((prefix, (yield)))
        if command in self._plain:
            self._plain[command]()
        elif command in self._numbered:
            self._numbered[command]((yield))
        elif command == b"\x1d(":
            function, low, high = (yield), (yield), (yield)
            data = yield from _bytes(low + 256 * high)
            self._function(function, data)
        elif command == b"\x1dV":
            mode = yield
            dots = (yield) if mode in (0x41, 0x42) else -CUTTER_DOTS
            self._machine.cut(CUTTER_DOTS + dots)
        elif command == b"\x1dv":
            yield from self._parse_raster()
        elif command == b"\x1c2":
            place = yield from _bytes(2)
            self._drawn[place] = _matrix((yield from _bytes(_GLYPH_BYTES)), 24)
        elif command == b"\x1b*":
            yield from self._parse_bit_image()
        else:
            self.unknown.append(command)

    def _parse_raster(self) -> _Parser:
        _, mode, low, high = (yield), (yield), (yield), (yield)
        wide = low + 256 * high
        low, high = (yield), (yield)
        data = yield from _bytes(wide * (low + 256 * high))
        self._head.raster(mode, [data[start : start + wide] for start in range(0, len(data), wide)])

    def _parse_bit_image(self) -> _Parser:
        mode, low, high = (yield), (yield), (yield)
        rows = _IMAGE_ROWS.get(mode, 8)
        data = yield from _bytes((low + 256 * high) * rows // 8)
        matrix = _matrix(data, rows)
        if mode != 0x21:
            self.unknown.append(bytes((0x1B, 0x2A, mode)))
            return
        self._head.drawn(self._read(matrix) or JUNK, matrix, plain=True)

    def _parse_character(self, byte: int) -> _Parser:
        if 0x20 <= byte < 0x7F:
            self._head.character(chr(byte), 1)
        elif byte < 0x80:
            if byte:  # a zero is passed over
                self.unknown.append(bytes((byte,)))
        elif not self._kanji or byte in (0x80, 0xFF):
            self.junk += 1
            self._head.character(JUNK, 1)
        else:
            code = bytes((byte, (yield)))
            if byte == 0xFE and code in self._drawn:
                matrix = self._drawn[code]
                self._head.drawn(self._read(matrix) or JUNK, matrix, plain=False)
                return
            try:
                character = code.decode("gbk")
            except UnicodeDecodeError:
                self.junk += 1
                character = JUNK
            self._head.character(character, 2)

    def _kanji_mode(self, on: bool) -> None:
        self._kanji = on

    def _size(self, n: int) -> None:
        scale = ((n >> 4 & 7) + 1, (n & 7) + 1)
        self._head.settings.ascii_scale = self._head.settings.kanji_scale = scale

    def _ascii_mode(self, n: int) -> None:
        self._head.settings.ascii_scale = (2 if n & 0x20 else 1, 2 if n & 0x10 else 1)
        self._head.settings.bold = bool(n & 0x08)

    def _chinese_mode(self, n: int) -> None:
        self._head.settings.kanji_scale = (2 if n & 0x04 else 1, 2 if n & 0x08 else 1)

    def _bold(self, n: int) -> None:
        self._head.settings.bold = bool(n & 1)

    def _spacing(self, n: int) -> None:
        self._head.settings.spacing = n

    def _align(self, n: int) -> None:
        if n in _ALIGNMENTS:
            self._head.align(_ALIGNMENTS[n])

    def _queued_status(self, n: int) -> None:
        if n in (1, 0x31):
            self._machine.answer(bytes((0x03 * self._machine.paper_low,)))
        elif n in (2, 0x32):
            self._machine.answer(b"\x00")

    def _identity(self, n: int) -> None:
        if n in _NAMES:
            self._machine.answer(b"\x5f" + _NAMES[n] + b"\x00")
        else:
            self._machine.answer(b"\x02" if n in (2, 0x32) else b"\x20")

    def _function(self, function: int, data: bytes) -> None:
        settings = self._head.settings
        match function, data[:2]:
            case 0x6B, b"1A":
                pass
            case 0x6B, b"1C":
                settings.module = data[2]
            case 0x6B, b"1E":
                settings.level = data[2]
            case 0x6B, b"1P":
                settings.stored = data[3:]
            case 0x6B, b"1Q":
                self._head.symbol()
            case 0x48, b"00":
                self._machine.answer(b"\x37\x22" + data[2:6] + b"\x00")
            case _:
                self.unknown.append(b"\x1d(" + bytes((function,)) + data[:2])


def _bytes(count: int) -> Generator[None, int, bytes]:
    data = bytearray()
    for _ in range(count):
        data.append((yield))
    return bytes(data)


def _matrix(columns: bytes, rows: int) -> Matrix:
    """Return a picture that came in columns from left to right, each from top to bottom, as rows."""
    deep = rows // 8
    wide = len(columns) // deep
    return tuple(tuple(bool(columns[x * deep + y // 8] >> (7 - y % 8) & 1) for x in range(wide)) for y in range(rows))
