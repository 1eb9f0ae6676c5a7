"""Puts a new journal in the place of a damaged one, whose files are kept beside it under the time of the change.

The new one is made complete in the folder where the old files will be, under a name that says so; from then on the
change is decided, and whoever opens the journal next brings it to its end. So the plug may be pulled between any two
steps.
"""

import os
import time
from pathlib import Path

from kiosk.journal.folder import journal_path

_READY = "journal.ready"
_PREFIX = "damaged-"
_FILES = ("journal.db-wal", "journal.db-shm", "journal.db")

UNFINISHED = "journal.new"
"""The name of the new journal until it is complete."""

COPY = f"{UNFINISHED}.copy"
"""The name of a copy of the damaged journal, from which the new one is made."""


def make_place(folder: Path, now: int) -> Path:
    """Make the folder for the damaged files; `now` in UTC milliseconds, for its name. Raises OSError."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now / 1000))
    place = folder / f"{_PREFIX}{stamp}"
    count = 1
    while place.exists():
        count += 1
        place = folder / f"{_PREFIX}{stamp}-{count}"
    place.mkdir(mode=0o700)
    return place


def put_in_place(folder: Path, place: Path) -> None:
    """Let the closed journal `UNFINISHED` in `place`, which `make_place` made, be the journal. Raises OSError."""
    new = place / UNFINISHED
    with new.open("rb") as file:
        os.fsync(file.fileno())
    new.replace(new.with_name(_READY))
    _sync(new.parent)
    _sync(folder)
    finish(folder)


def is_decided(folder: Path) -> bool:
    """Whether a change was decided and not brought to its end. Raises OSError."""
    return any(folder.glob(f"{_PREFIX}*/{_READY}"))


def finish(folder: Path) -> None:
    """Bring a change that was decided to its end, and take away what is left of one that was not. Raises OSError.

    Nothing to do in most starts.
    """
    for ready in folder.glob(f"{_PREFIX}*/{_READY}"):
        for name in _FILES:
            if (folder / name).exists():
                (folder / name).replace(ready.parent / name)
        _sync(ready.parent)
        _sync(folder)
        ready.replace(journal_path(folder))
        _sync(folder)
    clear(folder)


def clear(folder: Path) -> None:
    """Take away the places that hold no damaged files but only the beginning of a new journal. Raises OSError."""
    for place in folder.glob(f"{_PREFIX}*/"):
        for file in place.glob(f"{UNFINISHED}*"):
            file.unlink()
        if not any(place.iterdir()):
            place.rmdir()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
