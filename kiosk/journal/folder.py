"""The state folder: one station at a time, checked before anything is shown."""

import contextlib
import errno
import fcntl
import os
import struct
import time
from pathlib import Path
from types import TracebackType

from kiosk.journal.ballast import Ballast

APPLICATION_ID = 0x4A4D4B31
"""`JMK1`: marks the file as our journal (PRAGMA application_id)."""

VERSION = 1
"""The newest schema that this program knows (PRAGMA user_version)."""


GLANCE_S = 0.2
"""Seconds for which a locked folder is tried again."""


class StateError(Exception):
    """The state folder or journal cannot be used; the message is one line for a person."""


class Damaged(StateError):
    """The journal's file is there but can no longer be read as one; what is readable of it can be salvaged."""


def journal_path(folder: Path) -> Path:
    """Where the journal stands in a state folder."""
    return folder / "journal.db"


def log_path(path: Path) -> Path:
    """Where the write-ahead log of the journal `path` stands (https://sqlite.org/wal.html)."""
    return path.with_name(path.name + "-wal")


def size_of(path: Path) -> int:
    """Bytes in a file, none where there is no such file. Raises OSError."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def check_header(path: Path) -> None:
    """Raise StateError if `path` is not a journal that this program can open or make (SQLite file format, 1.3)."""
    try:
        with path.open("rb") as file:
            header = file.read(100)
    except FileNotFoundError:
        header = b""
    except OSError as error:
        raise StateError(f"{path}: cannot be read: {error.strerror}") from None
    if not header:
        # SQLite would erase the log. None is begun before the file has its first page.
        if size_of(log_path(path)):
            raise Damaged(f"{path}: is damaged (only its log is left); run: kiosk journal recover")
        return
    if len(header) < 100 or not header.startswith(b"SQLite format 3\0"):
        if _made_halfway(path):
            return
        raise Damaged(f"{path}: is damaged (no journal begins like this); run: kiosk journal recover")
    version, application = struct.unpack(">I", header[60:64])[0], struct.unpack(">I", header[68:72])[0]
    # Both are zero while a first start that was cut off has only its write-ahead log.
    if application not in (APPLICATION_ID, 0):
        raise StateError(f"{path}: belongs to another program; choose another state folder")
    if version > VERSION:
        raise StateError(
            f"{path}: was written by a newer version (schema {version}, this one knows {VERSION}); update the program"
        )


def _made_halfway(path: Path) -> bool:
    """Whether the plug was pulled while the file was made: SQLite then takes back by itself what there is of it.

    Only a first start writes that way, with a rollback journal beside the file (https://sqlite.org/fileformat.html, 3).
    """
    undo = path.with_name(path.name + "-journal")
    return undo.exists() and undo.stat().st_size > 0


class StateFolder:
    """A state folder that this process alone may write to, from `__enter__` to `__exit__`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: int | None = None

    def __enter__(self) -> "StateFolder":
        """Make, lock and check the folder. Raises StateError."""
        path = self.path
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            raise StateError(f"{path}: is not a folder; choose another with --state") from None
        except OSError as error:
            raise StateError(f"{path}: {disk_trouble(error)}") from None
        if not self._taken():
            owner = os.read(self._lock, 32).decode("ascii", "replace").strip() or "?"
            self.__exit__(None, None, None)
            raise StateError(f"{path}: is in use by another kiosk (process {owner}); stop it first")
        try:
            Ballast(path).make_way()
            os.ftruncate(self._lock, 0)
            os.pwrite(self._lock, f"{os.getpid()}\n".encode(), 0)
            self._try_writing()
            with contextlib.suppress(Damaged):
                # Whoever opens it decides whether to salvage what is in it.
                check_header(journal_path(path))
        except OSError as error:
            self.__exit__(None, None, None)
            raise StateError(f"{path}: {disk_trouble(error)}") from None
        except StateError:
            self.__exit__(None, None, None)
            raise
        return self

    def _taken(self) -> bool:
        """Take the lock; a command that merely looks whether a station runs holds it for an instant."""
        assert self._lock is not None
        until = time.monotonic() + GLANCE_S
        while True:
            try:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                if time.monotonic() > until:
                    return False
                time.sleep(GLANCE_S / 10)
            else:
                return True

    def _try_writing(self) -> None:
        probe = self.path / "probe"
        with probe.open("wb") as file:
            file.write(bytes(65536))
            file.flush()
            os.fsync(file.fileno())
        probe.unlink()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def disk_trouble(error: OSError) -> str:
    """Say in words what the disk's error means for the person who has to act."""
    if error.errno == errno.ENOSPC:
        return "the disk is full; free some space, nothing was lost"
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return "cannot be written to; mount it writable or choose another folder with --state"
    return f"cannot be used: {error.strerror}"
