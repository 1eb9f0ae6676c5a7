"""What an ESC/POS printer says: its answers told apart and their bits decoded. Pure functions of bytes.

Bits: Epson TM-T88III specification, commands DLE EOT, GS a, GS r and appendix G. Answers carry fixed bits by which they
are told apart; what breaks them is noise: a wrong speed, a bad cable, or no printer at all. Many clones leave bits at
zero that they do not know (HPRT PPTII-A manual), so that a zero proves something of a part alone that the printer's
profile says it tells of.
"""

import msgspec

from kiosk.ports import Condition, Part, Reading, State

_ASB_BYTES = 4
_BLOCK_HEADS = (0x37, 0x5F)
_BLOCK_LIMIT = 80
"""Bytes of the longest block answer (GS I 69) with room to spare; a block that runs on is noise."""
_FLOW = {0x11: False, 0x13: True}
_PROCESS_ID_HEAD = b"\x37\x22"
_CLEARED = b"\x37\x25\x00"


class RealTime(msgspec.Struct, frozen=True):
    """The answer to DLE EOT n: one byte `0xx1xx10`. It does not say which n was asked."""

    byte: int


class Automatic(msgspec.Struct, frozen=True):
    """An Automatic Status Back block (GS a): four bytes that come unasked."""

    block: bytes


class Queued(msgspec.Struct, frozen=True):
    """The answer to GS r or GS I: one byte `0xx0xxxx`."""

    byte: int

    @property
    def of_paper(self) -> bool:
        """Whether it can be the answer to GS r 1, which has its four low bits alone."""
        return self.byte & 0xF0 == 0


class Block(msgspec.Struct, frozen=True):
    """An answer from a head byte to a closing 00h, such as the echo of a process id."""

    content: bytes

    @property
    def process_id(self) -> bytes | None:
        """The four bytes of a GS ( H echo, `37 22 d1 d2 d3 d4 00`, or None for another block."""
        if self.content[:2] == _PROCESS_ID_HEAD and len(self.content) == 7:
            return self.content[2:6]
        return None

    @property
    def cleared(self) -> bool:
        """Whether it tells that DLE DC4 8 has emptied the printer's buffers."""
        return self.content == _CLEARED

    @property
    def identity(self) -> str | None:
        """The text of a GS I answer, `5F .. 00`, as far as it is ASCII; None for another block."""
        return self.content[1:-1].decode("ascii", "replace") if self.content[:1] == b"\x5f" else None


class Held(msgspec.Struct, frozen=True):
    """A word of flow control, in whatever it comes: the host is to wait (`on`, XOFF 13h), or may go on (XON 11h)."""

    on: bool


class Noise(msgspec.Struct, frozen=True):
    """A byte that no answer has here."""

    byte: int


Answer = RealTime | Automatic | Queued | Block | Held | Noise


class Answers:
    """Takes bytes as they come from the port and gives whole answers; a piece of one is kept for the next call."""

    def __init__(self) -> None:
        self._open = bytearray()

    def take(self, data: bytes) -> list[Answer]:
        """Return the answers that `data` completes, in order."""
        found: list[Answer] = []
        for byte in data:
            found.extend(self._byte(byte))
        return found

    def break_off(self) -> list[Answer]:
        """Return the piece of an answer that came so far as noise: the rest of it will not come."""
        return self._abandoned()

    def _byte(self, byte: int) -> list[Answer]:
        # Neither is a byte of any answer, so they part none: not of a block's four, nor of what is printable.
        if byte in _FLOW:
            return [Held(_FLOW[byte])]
        if not self._open:
            return self._first(byte)
        if self._open[0] in _BLOCK_HEADS:
            return self._in_block(byte)
        if byte & 0x90:
            return [*self._abandoned(), *self._first(byte)]
        self._open.append(byte)
        if len(self._open) < _ASB_BYTES:
            return []
        return [Automatic(self._closed())]

    def _first(self, byte: int) -> list[Answer]:
        if byte in _BLOCK_HEADS or byte & 0x93 == 0x10:
            self._open.append(byte)
            return []
        if byte & 0x93 == 0x12:
            return [RealTime(byte)]
        if byte & 0x90 == 0:
            return [Queued(byte)]
        return [Noise(byte)]

    def _in_block(self, byte: int) -> list[Answer]:
        if byte == 0:
            self._open.append(byte)
            return [Block(self._closed())]
        if not (0x20 <= byte <= 0x7E) or len(self._open) > _BLOCK_LIMIT:
            # What is inside a block is printable: this is the next answer, and half of a block stands before it.
            return [*self._abandoned(), *self._first(byte)]
        self._open.append(byte)
        return []

    def _closed(self) -> bytes:
        whole = bytes(self._open)
        self._open.clear()
        return whole

    def _abandoned(self) -> list[Answer]:
        return [Noise(byte) for byte in self._closed()]


class Signs(msgspec.Struct, frozen=True):
    """What a printer said of itself: True for trouble, False for a bit that is clear, None for no answer.

    `head`: it stands still until its head has cooled and then goes on by itself. `broken`: an error that a printer does
    not get over by itself, or does not name. `waits`: it told the host to wait, and not yet to go on. `patchy`: it was
    asked more than once before it answered.
    """

    offline: bool | None = None
    cover: bool | None = None
    paper: bool | None = None
    roll: bool | None = None
    cutter: bool | None = None
    head: bool | None = None
    broken: bool | None = None
    waits: bool = False
    patchy: bool = False

    @property
    def stopped(self) -> Condition | None:
        """Why the printer stands still, what a hand can mend first; None when nothing speaks for it."""
        for sign, condition in (
            (self.cover, Condition.COVER_OPEN),
            (self.paper, Condition.PAPER_OUT),
            (self.cutter, Condition.CUTTER),
            (self.broken, Condition.ERROR),
            (self.head, Condition.ERROR),
            (self.offline or self.waits, Condition.OFFLINE),
        ):
            if sign:
                return condition
        return None

    @property
    def pausing(self) -> bool:
        """Whether it will go on by itself."""
        return bool(self.head) and not any((self.cover, self.paper, self.cutter, self.broken))

    def state(self, senses: tuple[Part, ...]) -> State:
        """Return how the printer is, part by part. `senses`: the parts that this kind of printer tells of.

        A part that it does not tell of is UNSUPPORTED as long as its bit is clear. A missing answer makes it UNKNOWN,
        and so does one that had to be asked for again, or a kind of printer that does not tell of its paper.
        """
        parts = {
            Part.COVER: (self.cover, Reading.FAULT),
            Part.PAPER: (self.paper, Reading.FAULT),
            Part.ROLL: (self.roll, Reading.LOW),
            Part.CUTTER: (self.cutter, Reading.FAULT),
            Part.HEAD: (self.head or self.broken, Reading.WAITING if self.pausing else Reading.FAULT),
        }
        line = Reading.UNKNOWN if self.offline is None or self.patchy else Reading.FINE
        readings = {Part.LINE: Reading.WAITING if self.waits else line}
        for part, (sign, bad) in parts.items():
            clear = Reading.UNKNOWN if sign is None else Reading.FINE
            readings[part] = bad if sign else clear if part in senses else Reading.UNSUPPORTED
        if self.stopped:
            return State(self.stopped, readings)
        if self.roll:
            return State(Condition.PAPER_LOW, readings)
        known = Part.PAPER in senses and Reading.UNKNOWN not in readings.values()
        return State(Condition.READY if known else Condition.UNKNOWN, readings)


def signs_of(printer: int | None, offline: int | None, error: int | None, paper: int | None) -> Signs:
    """Return what the answers to DLE EOT 1, 2, 3 and 4 tell; None for one that did not come."""

    def bits(byte: int | None, mask: int) -> bool | None:
        return None if byte is None else bool(byte & mask)

    ended = bits(paper, 0x60)
    named = bool((error or 0) & 0x48)
    unnamed = bits(offline, 0x40) and not named
    return Signs(
        offline=bits(printer, 0x08),
        cover=bits(offline, 0x04),
        paper=True if (offline or 0) & 0x20 else ended,
        roll=bits(paper, 0x0C),
        cutter=bits(error, 0x08),
        head=bits(error, 0x40),
        broken=True if unnamed else bits(error, 0x20),
    )


def signs_of_block(block: bytes) -> Signs:
    """Return what an Automatic Status Back block of four bytes tells."""
    first, second, third, _ = block
    return Signs(
        offline=bool(first & 0x08),
        cover=bool(first & 0x20),
        paper=bool(third & 0x0C),
        roll=bool(third & 0x03),
        cutter=bool(second & 0x08),
        head=bool(second & 0x40),
        broken=bool(second & 0x20),
    )
