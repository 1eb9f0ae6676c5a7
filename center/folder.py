"""The center's folder: its database, its keys, and a lock that says that it is being served."""

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils.utils import sqlite3

from center.kept import StoreTrouble

SYSTEM = Path("/var/lib/kiosk-center")

SAFE_BESIDE = (3, 51, 3)
"""From this SQLite on two processes may write; before it, a checkpoint beside a write could damage the file
(https://sqlite.org/wal.html, the WAL-reset bug)."""


def center_dir(explicit: Path | None, environ: Mapping[str, str]) -> Path:
    """Return the center's folder: `--folder`, $KIOSK_CENTER, /var/lib/kiosk-center if writable, else by XDG."""
    if explicit is not None:
        return explicit
    if named := environ.get("KIOSK_CENTER"):
        return Path(named)
    if SYSTEM.is_dir() and os.access(SYSTEM, os.W_OK | os.X_OK):
        return SYSTEM
    base = Path(environ.get("XDG_STATE_HOME", ""))
    if base.is_absolute():
        return base / "kiosk-center"
    home = environ.get("HOME")
    return Path(home) / ".local" / "state" / "kiosk-center" if home else SYSTEM


def database_path(folder: Path) -> Path:
    """Where the database stands."""
    return folder / "center.db"


def keys_dir(folder: Path) -> Path:
    """Where keys and certificates stand."""
    return folder / "keys"


def releases_dir(folder: Path) -> Path:
    """Where signed catalogue releases stand."""
    return folder / "releases"


@contextmanager
def served(folder: Path) -> Iterator[None]:
    """Hold the folder as the one process that serves it. Raises StoreTrouble."""
    lock = _lock(folder)
    if lock is None:
        raise StoreTrouble(f"{folder}: is being served already; stop that center first")
    try:
        yield
    finally:
        os.close(lock)


@contextmanager
def beside(folder: Path) -> Iterator[None]:
    """Write to the database for a moment, also beside the process that serves it. Raises StoreTrouble."""
    lock = _lock(folder)
    if lock is None and sqlite3.sqlite_version_info < SAFE_BESIDE:
        raise StoreTrouble(f"{folder}: this SQLite must not write beside a running center; stop it first")
    try:
        yield
    finally:
        if lock is not None:
            os.close(lock)


def _lock(folder: Path) -> int | None:
    try:
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreTrouble(f"{folder}: {error.strerror}; `kiosk center init` makes a center's folder") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return None
    return lock
