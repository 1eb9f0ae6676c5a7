"""How often a code may be wrong. Five in a row lock the entry, each time for longer.

A try is counted as wrong before it is looked at, so that pulling the plug in between gains nothing. Time is that of the
running machine, never of the wall clock, which whoever stands there might have set back; after a restart the whole lock
begins anew. The count is overwritten in place, in two turns, so that it can be kept on a full disk and a write that is
cut off leaves the one before.
"""

import hashlib
import os
import struct
from collections.abc import Callable
from pathlib import Path

import msgspec

from kiosk.technician.codes import belong

FILE = "technicians.tries"

IN_A_ROW = 5
MINUTES = (1, 5, 15, 60)
"""Wrong codes in a row that lock, and for how many minutes: the first time, the second, ..., from then on the last."""

BOOT = Path("/proc/sys/kernel/random/boot_id")

_SLOT = 512
"""A disk writes so many bytes as a whole, or not."""
_RECORD = struct.Struct("<4sQIQ16s")
_MARK = b"JMT1"


class TriesError(Exception):
    """The count cannot be kept, so no code may be tried; the message is one line for a person."""


class Tally(msgspec.Struct, frozen=True):
    """Wrong codes in a row, and when the last one was: ms of uptime in the run of the machine named `boot`."""

    wrong: int = 0
    at: int = 0
    boot: bytes = bytes(16)


def locked_for(tally: Tally, uptime: int, boot: bytes) -> int:
    """Return for how many milliseconds more no code may be tried at `uptime` (ms) of the machine's run `boot`."""
    rounds, rest = divmod(tally.wrong, IN_A_ROW)
    if rest or not rounds:
        return 0
    whole = MINUTES[min(rounds, len(MINUTES)) - 1] * 60_000
    # In another run of the machine nobody can say how long it was off; what it has been on counts.
    passed = uptime - tally.at if boot == tally.boot else uptime
    return max(whole - max(passed, 0), 0)


_SPOILT = Tally(IN_A_ROW * len(MINUTES))


def boot_id(path: Path = BOOT) -> bytes:
    """Return what names this run of the machine (random(4), boot_id), zeros where the system does not tell."""
    try:
        return bytes.fromhex(path.read_text("ascii").strip().replace("-", ""))[:16].ljust(16, b"\0")
    except (OSError, ValueError):
        return bytes(16)


class Tries:
    """The count in one state folder. For one thread at a time."""

    def __init__(self, folder: Path, uptime: Callable[[], int], boot: Callable[[], bytes] = boot_id) -> None:
        """`uptime`: milliseconds since the machine started; `boot`: what names its run, 16 bytes."""
        self._path = folder / FILE
        self._folder = folder
        self._uptime = uptime
        self._boot = boot

    def locked(self) -> int:
        """Return for how many milliseconds more no code may be tried. Raises TriesError."""
        return locked_for(self._read()[1], self._uptime(), self._boot())

    def wrong(self) -> int:
        """Return how many in a row were wrong. Raises TriesError."""
        return self._read()[1].wrong

    def count(self) -> int:
        """Count a try as wrong, on disk when this returns; returns how many that makes. Raises TriesError."""
        turn, tally = self._read()
        fresh = Tally(tally.wrong + 1, self._uptime(), self._boot())
        self._write(turn + 1, fresh)
        return fresh.wrong

    def prepare(self) -> None:
        """Take the room that the count will ever need. Raises TriesError."""
        turn, tally = self._read()
        if not turn:
            self._write(1, tally)

    def clear(self) -> None:
        """The code was right: begin anew. Raises TriesError."""
        turn, tally = self._read()
        if tally.wrong:
            self._write(turn + 1, Tally())

    def _read(self) -> tuple[int, Tally]:
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return 0, Tally()
        except OSError as error:
            raise TriesError(f"{self._path}: cannot be read: {error.strerror}") from None
        if len(content) < 2 * _SLOT:
            # Its making was cut off, before any code could be tried.
            return 0, Tally()
        slots = [_unpacked(content[place : place + _SLOT]) for place in (0, _SLOT)]
        # Nobody's mistake leaves both unreadable; whoever did it must not gain tries.
        return max((slot for slot in slots if slot), key=lambda slot: slot[0], default=(0, _SPOILT))

    def _write(self, turn: int, tally: Tally) -> None:
        record = _RECORD.pack(_MARK, turn, tally.wrong, tally.at, tally.boot)
        slot = (record + hashlib.sha256(record).digest()).ljust(_SLOT, b"\0")
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                if os.fstat(descriptor).st_size < 2 * _SLOT:
                    belong(descriptor, self._folder)
                    # Both slots, so that from now on no write needs room.
                    os.pwrite(descriptor, slot * 2, 0)
                else:
                    os.pwrite(descriptor, slot, turn % 2 * _SLOT)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise TriesError(f"{self._path}: cannot be written: {error.strerror}") from None


def _unpacked(slot: bytes) -> tuple[int, Tally] | None:
    record, digest = slot[: _RECORD.size], slot[_RECORD.size : _RECORD.size + 32]
    if len(record) < _RECORD.size or hashlib.sha256(record).digest() != digest:
        return None
    mark, turn, wrong, at, boot = _RECORD.unpack(record)
    return (turn, Tally(wrong, at, boot)) if mark == _MARK else None
