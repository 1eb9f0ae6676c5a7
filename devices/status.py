"""What an ESC/POS printer says: its answers told apart and their bits decoded. Pure functions of bytes.

Bits: Epson TM-T88III specification, commands DLE EOT, GS a, GS r and appendix G. Answers carry fixed bits by which they
are told apart; what breaks them is noise: a wrong speed, a bad cable, or no printer at all. Many clones leave bits at
zero that they do not know, so that a zero alone never proves that all is well.
"""

import msgspec

from kiosk.ports import Condition

_ASB_BYTES = 4
_BLOCK_HEADS = (0x37, 0x5F)
_BLOCK_LIMIT = 80
"""Bytes of the longest block answer (GS I 69) with room to spare; a block that runs on is noise."""
_FLOW = (0x11, 0x13)
_PROCESS_ID_HEAD = b"\x37\x22"


class RealTime(msgspec.Struct, frozen=True):
    """The answer to DLE EOT n: one byte `0xx1xx10`. It does not say which n was asked."""

    byte: int


class Automatic(msgspec.Struct, frozen=True):
    """An Automatic Status Back block (GS a): four bytes that come unasked."""

    block: bytes


class Queued(msgspec.Struct, frozen=True):
    """The answer to GS r or GS I: one byte `0xx0xxxx`."""

    byte: int


class Block(msgspec.Struct, frozen=True):
    """An answer from a head byte to a closing 00h, such as the echo of a process id."""

    content: bytes

    @property
    def process_id(self) -> bytes | None:
        """The four bytes of a GS ( H echo, `37 22 d1 d2 d3 d4 00`, or None for another block."""
        if self.content[:2] == _PROCESS_ID_HEAD and len(self.content) == 7:
            return self.content[2:6]
        return None


class Noise(msgspec.Struct, frozen=True):
    """A byte that no answer has here."""

    byte: int


Answer = RealTime | Automatic | Queued | Block | Noise


class Answers:
    """Takes bytes as they come from the port and gives whole answers; a piece of one is kept for the next call."""

    def __init__(self) -> None:
        self._open = bytearray()

    def take(self, data: bytes) -> list[Answer]:
        """Return the answers that `data` completes, in order. XON and XOFF are left out."""
        found: list[Answer] = []
        for byte in data:
            found.extend(self._byte(byte))
        return found

    def _byte(self, byte: int) -> list[Answer]:
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
        if byte in _FLOW:
            return []
        if byte in _BLOCK_HEADS or byte & 0x93 == 0x10:
            self._open.append(byte)
            return []
        if byte & 0x93 == 0x12:
            return [RealTime(byte)]
        if byte & 0x90 == 0:
            return [Queued(byte)]
        return [Noise(byte)]

    def _in_block(self, byte: int) -> list[Answer]:
        self._open.append(byte)
        if byte == 0:
            return [Block(self._closed())]
        return self._abandoned() if len(self._open) > _BLOCK_LIMIT else []

    def _closed(self) -> bytes:
        whole = bytes(self._open)
        self._open.clear()
        return whole

    def _abandoned(self) -> list[Answer]:
        return [Noise(byte) for byte in self._closed()]


class Status(msgspec.Struct, frozen=True):
    """The answers to DLE EOT 1, 2, 3 and 4; None for one that did not come."""

    printer: int | None = None
    offline: int | None = None
    error: int | None = None
    paper: int | None = None

    @property
    def condition(self) -> Condition:
        """The most useful thing to tell: what a hand can mend comes first. UNKNOWN when an answer is missing."""
        printer, offline, error, paper = (
            answer or 0 for answer in (self.printer, self.offline, self.error, self.paper)
        )
        if offline & 0x04:
            return Condition.COVER_OPEN
        if paper & 0x60 or offline & 0x20:
            return Condition.PAPER_OUT
        if error & 0x08:
            return Condition.CUTTER
        if error & 0x60 or offline & 0x40:
            return Condition.ERROR
        if printer & 0x08:
            return Condition.OFFLINE
        if paper & 0x0C:
            return Condition.PAPER_LOW
        if None in (self.printer, self.offline, self.error, self.paper):
            return Condition.UNKNOWN
        return Condition.READY


def automatic_condition(block: bytes) -> Condition:
    """Return the condition that an Automatic Status Back block of four bytes tells."""
    first, second, third, _ = block
    if first & 0x20:
        return Condition.COVER_OPEN
    if third & 0x0C:
        return Condition.PAPER_OUT
    if second & 0x08:
        return Condition.CUTTER
    if second & 0x60:
        return Condition.ERROR
    if first & 0x08:
        return Condition.OFFLINE
    return Condition.PAPER_LOW if third & 0x03 else Condition.READY
