"""Room that is set aside on the disk, and given back when there is no other.

So what is under way can be written to its end, and the station can say that it gives out no more numbers, instead of
breaking off in the middle. It is set aside again as soon as there is room to spare. Without it nothing new is promised.
"""

import errno
import os
from pathlib import Path

BALLAST = "ballast"
"""The file's name in the state folder."""

SIZE = 8 << 20
"""Bytes set aside: 150 tickets with their logs, or one checkpoint of a busy day."""

MARGIN = 1 << 20
"""Bytes free below which a write might fail: a ticket takes some 50 kB, a request with its slip as much."""


def room(folder: Path) -> int:
    """Bytes that this user may still write there. Raises OSError."""
    told = os.statvfs(folder)
    return told.f_bavail * told.f_frsize


def is_full(folder: Path, free: int) -> bool:
    """Whether a station in `folder` promises nothing new, with `free` bytes left. Raises OSError."""
    return free < (MARGIN if _held(folder / BALLAST) else MARGIN + SIZE)


class Ballast:
    """The room that one state folder has set aside."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError."""
        self._folder = folder
        self._path = folder / BALLAST
        self._held = _held(self._path)

    @property
    def full(self) -> bool:
        """Whether nothing is set aside, and nothing can be: what is new must be refused. Raises OSError."""
        return not self._held and room(self._folder) < MARGIN + SIZE

    def demand(self) -> None:
        """Refuse what is new while the disk is full; what begins now may have the room, and ends in it.

        Raises OSError (ENOSPC).
        """
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.make_way()

    def make_way(self, need: int = MARGIN) -> None:
        """Give the room back if there are not `need` bytes without it. Raises OSError."""
        if self._held and room(self._folder) < need:
            self._held = False
            self._path.unlink(missing_ok=True)

    def restore(self) -> None:
        """Set the room aside if it is not and there is enough. Raises OSError; nothing is set aside then."""
        if self._held or self.full:
            return
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, SIZE)
        except OSError:
            self._path.unlink()
            raise
        finally:
            os.close(descriptor)
        self._held = True


def _held(path: Path) -> bool:
    """Whether the file is there and takes its room: a copy of it may be a hole."""
    try:
        told = path.stat()
    except FileNotFoundError:
        return False
    # In units of 512 bytes whatever the file system's own are (stat(2)).
    return told.st_blocks * 512 >= SIZE
