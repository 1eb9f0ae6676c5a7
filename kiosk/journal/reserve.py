"""The number reserve: a small second file that keeps numbers from coming twice when the journal is lost or restored.

It holds, for each service day and theme, the number up to which this station may have issued. It is extended by a
block, and synced, before a number above it is committed. Its first line notes how far the journal had come; that line
is only written through the page cache after each commit, which survives any end of the process. A journal that is
behind that line, or of another epoch, was restored or lost: numbers then go on above the reserve.
"""

import contextlib
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from kiosk.journal.folder import journal_path
from kiosk.keys import FILE as KEY_FILE
from kiosk.keys import FOLDER as KEYS

BLOCK = 200
"""Numbers reserved at a time: two syncs in two hundred tickets, so few that the slowest in a hundred has none."""

RESERVE = "numbers.reserve"
"""The file's name in the state folder."""

_MARK = 64
"""Bytes of the first line."""


def prepare(folder: Path, limits: Mapping[tuple[str, str], int]) -> None:
    """Make the reserve of a station that has no journal yet, so that its numbers begin above `limits`.

    Others may have been given out there of which nobody knows, so a block is left out. A station that has a journal,
    or a key and no reserve, is left alone: it has been at work, and knows by itself what it lost. Raises OSError.
    """
    path = folder / RESERVE
    begun = (folder / KEYS / KEY_FILE).exists() and not path.exists()
    if not journal_path(folder).exists() and not begun:
        reserve = Reserve(path)
        if not reserve.mark[0]:
            reserve.take_over({key: limit + BLOCK for key, limit in limits.items()}, "", 0)


class _Mark(msgspec.Struct, frozen=True):
    epoch: str
    seq: int


class Reserve:
    """The reserve file in a state folder. Not for use by two threads at once."""

    def __init__(self, path: Path) -> None:
        """Read the file; one that is missing or damaged counts as empty (`known` is then False). Raises OSError."""
        self._path = path
        self._limits: dict[str, int] = {}
        self._mark = _Mark("", 0)
        self._file: int | None = None
        self.known = False
        with contextlib.suppress(FileNotFoundError, msgspec.MsgspecError):
            content = path.read_bytes()
            self._mark = msgspec.json.decode(content[:_MARK], type=_Mark)
            self._limits = msgspec.json.decode(content[_MARK:], type=dict[str, int])
            self.known = True

    @property
    def mark(self) -> tuple[str, int]:
        """Epoch and number of the last entry that was noted; the epoch is empty before the first."""
        return self._mark.epoch, self._mark.seq

    def behind(self, epoch: str, seq: int) -> bool:
        """Return whether a journal of `epoch` that ends with entry `seq` lacks what was once written."""
        return bool(self._mark.epoch) and (epoch != self._mark.epoch or seq < self._mark.seq)

    def limits(self) -> dict[tuple[str, str], int]:
        """The highest number that may have been issued, by service day (ISO) and theme."""
        return {(key[:10], key[11:]): limit for key, limit in self._limits.items()}

    def cover(self, day: str, theme: str, number: int, mark: tuple[str, int]) -> None:
        """Reserve `number` on disk before it is issued. Raises OSError; nothing is changed then."""
        key = f"{day} {theme}"
        if number <= self._limits.get(key, 0):
            return
        limits = {**self._limits, key: number + BLOCK - 1}
        self._write(limits, _Mark(*mark))
        self._limits = limits

    def take_over(self, limits: dict[tuple[str, str], int], epoch: str, seq: int) -> None:
        """Put the file in order for a journal that has come to entry `seq` and knows these numbers. Raises OSError."""
        known = {f"{day} {theme}": limit for (day, theme), limit in limits.items()}
        merged = {key: max(known.get(key, 0), self._limits.get(key, 0)) for key in known | self._limits}
        self._write(merged, _Mark(epoch, seq))
        self._limits, self._mark, self.known = merged, _Mark(epoch, seq), True

    def begin(self, mark: tuple[str, int]) -> None:
        """Make the file if there is none, so that what is noted from now on stays. Raises OSError."""
        if not self._path.exists():
            self._write(self._limits, _Mark(*mark))

    def note(self, epoch: str, seq: int) -> None:
        """Note that the journal has come to entry `seq`; not synced."""
        self._mark = _Mark(epoch, seq)
        if self._file is None and self._path.exists():
            self._file = os.open(self._path, os.O_WRONLY | os.O_CLOEXEC)
        if self._file is not None:
            os.pwrite(self._file, _line(self._mark), 0)

    def keep_newest(self, days: int) -> None:
        """Drop all but the newest `days` service days. Raises OSError.

        Counted in days that are here, not by the clock: a clock that is years ahead must not erase what counts.
        """
        newest = sorted({key[:10] for key in self._limits})[-days:]
        kept = {key: limit for key, limit in self._limits.items() if key[:10] in newest}
        if kept != self._limits:
            self._write(kept, self._mark)
            self._limits = kept

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _write(self, limits: dict[str, int], mark: _Mark) -> None:
        temporary = self._path.with_name(self._path.name + ".new")
        with temporary.open("wb") as file:
            file.write(_line(mark) + msgspec.json.encode(limits))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self.close()


def _line(mark: _Mark) -> bytes:
    return msgspec.json.encode(mark).ljust(_MARK - 1) + b"\n"
