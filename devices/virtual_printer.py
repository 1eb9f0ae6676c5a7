"""An ESC/POS receipt printer in software: takes bytes one by one, answers as a printer does, and keeps its paper.

Written from the manuals that the encoder was written from, and otherwise knowing nothing of it: its own tables, its own
parser. It is stricter than most printers where printers differ: Kanji mode is off after an init, a symbol that is too
wide is left out, and alignment counts at the beginning of a line only. What it does not know, it counts.
"""

import threading
from collections import deque
from collections.abc import Callable, Generator
from itertools import chain

from devices.paper_picture import picture
from devices.virtual_head import KEPT, PrintHead
from devices.virtual_paper import CELL_DOTS, Align, Slip
from kiosk.ports import PaperRow

DOTS = {58: 384, 80: 576}
"""Dots across the paper, by its width in millimetres."""

_CUTTER_DOTS = 80
_ALIGNMENTS: dict[int, Align] = {0: 0, 1: 1, 2: 2, 0x30: 0, 0x31: 1, 0x32: 2}
_NAMES = {0x41: b"1.00", 0x42: b"VIRTUAL", 0x43: b"VIRTUAL PRINTER"}
_JUNK = "▒"

_Parser = Generator[None, int, None]


class VirtualPrinter:
    """A printer for paper of `paper_mm`, 58 or 80. May be fed by one thread and looked at by another.

    `paper_out`, `cover_open`, `paper_low` and `silent` are faults to switch on and off. A stopped printer keeps what it
    receives and goes on with it once the fault is gone and `feed` is called again. `head` is its mechanics.
    """

    def __init__(self, paper_mm: int = 58, dots: int | None = None) -> None:
        """`dots`: dots across, if they differ from the usual ones of that paper. Raises KeyError for other paper."""
        self.head = PrintHead(dots or DOTS[paper_mm])
        self.paper_out = False
        self.paper_low = False
        self.cover_open = False
        self.silent = False
        self.junk = 0
        """Bytes of Chinese text that came while Kanji mode was off, or were no character."""
        self.unknown: list[bytes] = []
        """Commands that this printer does not have."""
        self._lock = threading.RLock()
        self._received = bytearray()
        self._arrived = b""
        self._answers = bytearray()
        self._automatic = False
        self._told = b""
        self._pictures: deque[tuple[PaperRow, ...]] = deque(maxlen=KEPT)
        self._pictured = 0
        self._rows_gone = 0
        self._kanji = False
        self._plain: dict[bytes, Callable[[], None]] = {
            b"\x1b2": lambda: self._spacing(30),
            b"\x1b@": self._init,
            b"\x1c&": lambda: self._kanji_mode(True),
            b"\x1c.": lambda: self._kanji_mode(False),
        }
        self._numbered: dict[bytes, Callable[[int], None]] = {
            b"\x1b!": self._ascii_mode,
            b"\x1b3": self._spacing,
            b"\x1bE": self._bold,
            b"\x1bJ": self.head.feed,
            b"\x1ba": self._align,
            b"\x1bd": self.head.feed_lines,
            b"\x1c!": self._chinese_mode,
            b"\x1d!": self._size,
            b"\x1dI": self._identity,
            b"\x1da": self._automatic_back,
            b"\x1dr": self._queued_status,
        }
        self._parser = self._parse()
        next(self._parser)

    def feed(self, data: bytes) -> bytes:
        """Take `data` from the line and return the answers so far; call with nothing to go on after a fault."""
        with self._lock:
            for byte in data:
                self._on_arrival(byte)
            self._received += data
            while self._received and not self._stopped:
                self._parser.send(self._received.pop(0))
                self.paper_out = self.paper_out or self.head.paper_ended
            if self._automatic and self._told != self._automatic_status():
                self._told = self._automatic_status()
                self._answers += self._told
            self._draw_finished()
            answers = bytes(self._answers)
            self._answers.clear()
            return b"" if self.silent else answers

    def reload(self) -> None:
        """Put in a fresh roll; printing goes on with the next call of `feed`."""
        with self._lock:
            self.head.paper_left = None
            self.paper_out = False

    @property
    def slips(self) -> list[Slip]:
        """The pieces cut off so far, oldest first; the last 200 are kept."""
        with self._lock:
            return list(self.head.finished)

    @property
    def piece(self) -> Slip:
        """What has been printed since the last cut."""
        with self._lock:
            return self.head.piece

    @property
    def codes(self) -> list[str]:
        """The payloads of all QR codes on paper."""
        return [code for slip in [*self.slips, self.piece] for code in slip.codes]

    def text(self) -> str:
        """All characters on paper, the finished pieces first."""
        return "\n".join(slip.text for slip in [*self.slips, self.piece] if slip.marks)

    @property
    def columns(self) -> int:
        """ASCII characters across the paper."""
        return self.head.dots // CELL_DOTS

    @property
    def revision(self) -> int:
        """Grows whenever `rows` changes."""
        return self.head.revision

    def rows(self) -> tuple[PaperRow, ...]:
        """All that is on paper, oldest first, as terminal cells; implements `kiosk.ports.Paper`."""
        with self._lock:
            piece = picture(self.head.piece, self.columns, cut=False)
            return (*chain.from_iterable(self._pictures), *piece)

    def rows_since(self, seen: int) -> tuple[PaperRow, ...]:
        """All rows but the first `seen` that this printer has ever printed."""
        with self._lock:
            return self.rows()[max(0, seen - self._rows_gone) :]

    def _draw_finished(self) -> None:
        fresh = min(self.head.cuts - self._pictured, len(self.head.finished))
        for slip in self.head.finished[len(self.head.finished) - fresh :]:
            if len(self._pictures) == KEPT:
                self._rows_gone += len(self._pictures[0])
            self._pictures.append(picture(slip, self.columns, cut=True))
        self._pictured = self.head.cuts

    @property
    def _stopped(self) -> bool:
        return self.paper_out or self.cover_open

    # Obeyed on arrival, also in the middle of another command or while stopped

    def _on_arrival(self, byte: int) -> None:
        self._arrived = (self._arrived + bytes((byte,)))[-3:]
        if self._arrived[:2] == b"\x10\x04" and len(self._arrived) == 3:
            self._real_time(byte)
            self._arrived = b""

    def _real_time(self, which: int) -> None:
        states = {
            1: 0x08 * self._stopped,
            2: 0x04 * self.cover_open | 0x20 * self.paper_out,
            3: 0,
            4: 0x6C * self.paper_out | 0x0C * self.paper_low,
        }
        if which in states:
            self._answers.append(0x12 | states[which])

    def _automatic_status(self) -> bytes:
        first = 0x10 | 0x08 * self._stopped | 0x20 * self.cover_open
        third = 0x0F * self.paper_out | 0x03 * self.paper_low
        return bytes((first, 0, third, 0))

    # Taken from the receive buffer in order

    def _parse(self) -> _Parser:
        while True:
            byte = yield
            match byte:
                case 0x09:
                    self.head.tab()
                case 0x0A:
                    self.head.end_line()
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
            data = bytearray()
            for _ in range(low + 256 * high):
                data.append((yield))
            self._function(function, bytes(data))
        elif command == b"\x1dV":
            mode = yield
            dots = (yield) if mode in (0x41, 0x42) else -_CUTTER_DOTS
            self.head.cut(_CUTTER_DOTS + dots)
        elif command == b"\x1dv":
            yield from self._parse_raster()
        else:
            self.unknown.append(command)

    def _parse_raster(self) -> _Parser:
        _, mode, low, high = (yield), (yield), (yield), (yield)
        wide = low + 256 * high
        low, high = (yield), (yield)
        rows = []
        for _ in range(low + 256 * high):
            row = bytearray()
            for _ in range(wide):
                row.append((yield))
            rows.append(bytes(row))
        self.head.raster(mode, rows)

    def _parse_character(self, byte: int) -> _Parser:
        if 0x20 <= byte < 0x7F:
            self.head.character(chr(byte), 1)
        elif byte < 0x80:
            self.unknown.append(bytes((byte,)))
        elif not self._kanji or byte in (0x80, 0xFF):
            self.junk += 1
            self.head.character(_JUNK, 1)
        else:
            trail = yield
            try:
                character = bytes((byte, trail)).decode("gbk")
            except UnicodeDecodeError:
                self.junk += 1
                character = _JUNK
            self.head.character(character, 2)

    # What the commands do

    def _init(self) -> None:
        self._kanji = False
        self._automatic = False
        self.head.reset()

    def _kanji_mode(self, on: bool) -> None:
        self._kanji = on

    def _size(self, n: int) -> None:
        scale = ((n >> 4 & 7) + 1, (n & 7) + 1)
        self.head.settings.ascii_scale = self.head.settings.kanji_scale = scale

    def _ascii_mode(self, n: int) -> None:
        self.head.settings.ascii_scale = (2 if n & 0x20 else 1, 2 if n & 0x10 else 1)
        self.head.settings.bold = bool(n & 0x08)

    def _chinese_mode(self, n: int) -> None:
        self.head.settings.kanji_scale = (2 if n & 0x04 else 1, 2 if n & 0x08 else 1)

    def _bold(self, n: int) -> None:
        self.head.settings.bold = bool(n & 1)

    def _spacing(self, n: int) -> None:
        self.head.settings.spacing = n

    def _align(self, n: int) -> None:
        if n in _ALIGNMENTS:
            self.head.align(_ALIGNMENTS[n])

    def _automatic_back(self, n: int) -> None:
        self._automatic = bool(n)
        self._told = b""

    def _queued_status(self, n: int) -> None:
        if n in (1, 0x31):
            self._answers.append(0x03 * self.paper_low)
        elif n in (2, 0x32):
            self._answers.append(0)

    def _identity(self, n: int) -> None:
        if n in _NAMES:
            self._answers += b"\x5f" + _NAMES[n] + b"\x00"
        else:
            self._answers.append(0x02 if n in (2, 0x32) else 0x20)

    def _function(self, function: int, data: bytes) -> None:
        settings = self.head.settings
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
                self.head.symbol()
            case 0x48, b"00":
                self._answers += b"\x37\x22" + data[2:6] + b"\x00"
            case _:
                self.unknown.append(b"\x1d(" + bytes((function,)) + data[:2])
