"""An ESC/POS receipt printer in software: takes bytes one by one, answers as a printer does, and keeps its paper.

What it can do wrong, a real one has been seen or is documented to do: reference manuals of Epson (DLE EOT, DLE ENQ,
DLE DC4, GS a, GS r, GS ( H), and reports of clones.
"""

import threading
from collections import deque
from collections.abc import Callable
from itertools import chain

from devices.paper_picture import picture
from devices.virtual_commands import Interpreter
from devices.virtual_head import KEPT, PrintHead
from devices.virtual_paper import CELL_DOTS, Matrix, Slip
from kiosk.ports import PaperRow

DOTS = {58: 384, 80: 576}
"""Dots across the paper, by its width in millimetres."""
BUFFER_BYTES = 4096

_XON, _XOFF = b"\x11", b"\x13"
_CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
_BREAK = b"\x00"
"""What a line reads that loses its voltage (framing error, termios(3))."""
_LAST_WARNING = 256


class VirtualPrinter:
    """A printer for paper of `paper_mm`, 58 or 80. May be fed by one thread and looked at by another.

    Faults to switch on and off: `paper_out`, `paper_low`, `cover_open`, `cutter_jammed` (the knife sticks when it is
    next used), `head_hot`, `silent` (answers nothing), `half` (answers break off), `line_held` (XOFF and no XON), and
    `switch` for its power. A stopped printer keeps what it receives, `buffer_bytes` of it, and goes on with it once the
    fault is gone and `feed` is called again. `head` is its mechanics.
    """

    def __init__(
        self,
        paper_mm: int = 58,
        dots: int | None = None,
        *,
        read: Callable[[Matrix], str | None] = lambda _: None,
        flow: bool = False,
    ) -> None:
        """`dots`: dots across, if they differ from the usual ones of that paper. Raises KeyError for other paper.

        `read`: which character a bitmap of 24 x 24 dots is. `flow`: it sends XOFF and XON as its buffer fills.
        """
        self.head = PrintHead(dots or DOTS[paper_mm])
        self.paper_out = False
        self.paper_low = False
        self.cover_open = False
        self.cutter_jammed = False
        self.cutter_error = False
        """The knife stuck, and the printer waits to be told that it is free."""
        self.head_hot = False
        self.silent = False
        self.half = False
        self.line_held = False
        self.powered = True
        self.buffer_bytes = BUFFER_BYTES
        self.overrun = 0
        """Bytes that came while the buffer was full, and are lost."""
        self.on_line: Callable[[], None] = lambda: None
        """Called after each line or picture that is printed."""
        self._flow = flow
        self._lock = threading.RLock()
        self._received = bytearray()
        self._arrived = b""
        self._answers: list[bytes] = []
        self._cut_pending = False
        self._told_to_wait = False
        self._automatic = False
        self._told = b""
        self._odd = False
        self._pictures: deque[tuple[PaperRow, ...]] = deque(maxlen=KEPT)
        self._pictured = 0
        self._rows_gone = 0
        self._interpreter = Interpreter(self.head, self, read)

    def feed(self, data: bytes) -> bytes:
        """Take `data` from the line and return the answers so far; call with nothing to go on after a fault."""
        with self._lock:
            for byte in data:
                if not self.powered:
                    break
                if len(self._received) < self.buffer_bytes:
                    self._received.append(byte)
                else:
                    self.overrun += 1
                self._on_arrival(byte)
                self._go_on()
            self._go_on()
            if self._automatic and self._told != self._automatic_status():
                self._told = self._automatic_status()
                self.answer(self._told)
            self._control_line(heard=bool(data))
            self._draw_finished()
            return self._said()

    def reload(self) -> None:
        """Put in a fresh roll; printing goes on with the next call of `feed`."""
        with self._lock:
            self.head.paper_left = None
            self.paper_out = self.paper_low = False

    def switch(self, on: bool) -> None:
        """Switch the power. Off, the memory is lost: what was received, the settings, the unprinted line."""
        with self._lock:
            if self.powered and not on:
                self._drop()
                self._interpreter.reset()
                self.cutter_error = False
                self._answers = [_BREAK]
            self.powered = on

    @property
    def junk(self) -> int:
        """Bytes of Chinese text that came while Kanji mode was off, or were no character."""
        return self._interpreter.junk

    @property
    def unknown(self) -> list[bytes]:
        """Commands that this printer does not have."""
        return self._interpreter.unknown

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

    def answer(self, data: bytes) -> None:
        """Send `data` to the host with the next call of `feed`; implements `Machine`."""
        self._answers.append(data)

    def cut(self, dots: int) -> None:
        """Feed and cut, unless the knife sticks; implements `Machine`."""
        if self.cutter_jammed:
            self.head.feed(dots)
            self.cutter_error = self._cut_pending = True
        else:
            self.head.cut(dots)

    def tell_changes(self, on: bool) -> None:
        """Switch the unasked status; implements `Machine`."""
        self._automatic = on
        self._told = b""

    def _draw_finished(self) -> None:
        fresh = min(self.head.cuts - self._pictured, len(self.head.finished))
        for slip in self.head.finished[len(self.head.finished) - fresh :]:
            if len(self._pictures) == KEPT:
                self._rows_gone += len(self._pictures[0])
            self._pictures.append(picture(slip, self.columns, cut=True))
        self._pictured = self.head.cuts

    @property
    def _stopped(self) -> bool:
        return self.paper_out or self.cover_open or self.cutter_error or self.head_hot or not self.powered

    def _go_on(self) -> None:
        while self._received and not self._stopped and not self.line_held:
            printed = self.head.lines
            self._interpreter.take(self._received.pop(0))
            self.paper_out = self.paper_out or self.head.paper_ended
            if self.head.lines != printed:
                self.on_line()

    def _drop(self) -> None:
        """Lose what was received and not yet printed."""
        self._received.clear()
        self._interpreter.forget()
        self.head.drop_line()
        self._cut_pending = False

    def _control_line(self, *, heard: bool) -> None:
        """Tell the host to wait or to go on; one that goes on sending all the same is told again."""
        full = len(self._received) > self.buffer_bytes - _LAST_WARNING
        wait = self.powered and (self.line_held or (self._flow and full))
        if wait and (heard or not self._told_to_wait):
            self.answer(_XOFF)
        if self._told_to_wait and not wait and (not self._flow or len(self._received) < self.buffer_bytes // 2):
            self.answer(_XON)
        elif self._told_to_wait and not wait:
            return
        self._told_to_wait = wait

    def _said(self) -> bytes:
        """Return the answers since the last call, as far as they reach the line."""
        answers, self._answers = self._answers, []
        if self.silent:
            return b""
        if not self.half:
            return b"".join(answers)
        said = b""
        for answer in answers:
            self._odd = not self._odd
            said += answer[: len(answer) // 2] if len(answer) > 1 else answer * self._odd
        return said

    # Obeyed on arrival, also in the middle of another command or while stopped

    def _on_arrival(self, byte: int) -> None:
        self._arrived = (self._arrived + bytes((byte,)))[-len(_CLEAR) :]
        if self._arrived[-3:-1] == b"\x10\x04":
            self._real_time(byte)
        elif self._arrived[-3:-1] == b"\x10\x05" and byte in (1, 2):
            self._recover(byte)
        elif self._arrived == _CLEAR:
            self._drop()
            if not self.cutter_jammed:
                self.cutter_error = False
            self.answer(b"\x37\x25\x00")

    def _real_time(self, which: int) -> None:
        states = {
            1: 0x08 * self._stopped | 0x20 * self.cutter_error,
            2: 0x04 * self.cover_open | 0x20 * self.paper_out | 0x40 * (self.cutter_error or self.head_hot),
            3: 0x08 * self.cutter_error | 0x40 * self.head_hot,
            4: 0x6C * self.paper_out | 0x0C * self.paper_low,
        }
        if which in states:
            self.answer(bytes((0x12 | states[which],)))

    def _recover(self, how: int) -> None:
        """DLE ENQ: go on at the line (1), or without what was received (2). It acts on a knife that is free alone."""
        if not self.cutter_error or self.cutter_jammed or self.cover_open:
            return
        self.cutter_error = False
        if how == 2:
            self._drop()
        elif self._cut_pending:
            self._cut_pending = False
            self.head.cut(0)

    def _automatic_status(self) -> bytes:
        first = 0x10 | 0x08 * self._stopped | 0x20 * self.cover_open
        second = 0x08 * self.cutter_error | 0x40 * self.head_hot
        third = 0x0F * self.paper_out | 0x03 * self.paper_low
        return bytes((first, second, third, 0))
