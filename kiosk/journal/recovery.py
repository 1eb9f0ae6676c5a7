"""Goes on after damage: a new journal in a new epoch, with all that the center lacks and the old one still tells.

Tickets and print jobs are not taken over: each belongs to an entry of a chain that is no more, and a slip that nobody
can hold against its entry must not be printed. Their numbers stay good, and their entries reach the center.

The damaged files are kept. Numbers go on above the reserve; where that is lost as well, above what the old counters
tell, or from 500 on.
"""

import logging
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from sqlite_utils.utils import sqlite3

from kiosk.journal.aside import COPY, UNFINISHED, clear, finish, make_place, put_in_place
from kiosk.journal.ballast import MARGIN, Ballast
from kiosk.journal.database import open_for_writing, trouble
from kiosk.journal.folder import Damaged, StateError, journal_path, log_path, size_of
from kiosk.journal.ledger import RAISED, Ledger
from kiosk.journal.numbering import LOST_FLOOR, Floor, Limits, Numbers, last_day
from kiosk.journal.reserve import BLOCK, RESERVE, Reserve
from kiosk.journal.salvage import Salvage, salvage
from kiosk.journal.store import Journal

_log = logging.getLogger(__name__)

_NAMED = 100
"""Gaps that the first entry of the new epoch names; the files that were kept tell the rest."""


class Recovery(msgspec.Struct, frozen=True):
    """What was done. `aside`: the folder with the damaged files. `salvaged`: entries taken over.

    `lost`: first and last number of entries that could not be read; `unknown`: nobody knows how many there were.
    `numbers`: how they go on, in words.
    """

    aside: Path
    salvaged: int
    lost: tuple[tuple[int, int], ...]
    unknown: bool
    numbers: str

    def words(self) -> str:
        """One line for a person."""
        count = sum(last - first + 1 for first, last in self.lost)
        unread = "an unknown number was" if self.unknown else f"{count} were"
        return (
            f"the journal was damaged: {self.salvaged} entries that the center lacks were salvaged, {unread} not"
            f" readable; {self.numbers}; the damaged files are kept in {self.aside}"
        )


def open_journal(
    folder: Path,
    station: str,
    now: int,
    step: Callable[[str], None] = lambda name: None,
    entered: Callable[[], None] = lambda: None,
    acknowledged: Callable[[str, int], None] = lambda epoch, seq: None,
) -> Journal:
    """Open the journal as `Journal` does, and recover it first when it is damaged. Raises StateError."""
    try:
        return Journal(folder, station, now, step=step, entered=entered, acknowledged=acknowledged)
    except Damaged as error:
        _log.error("%s", error)
        _log.warning("%s", recover(folder, station, now).words())
    return Journal(folder, station, now, step=step, entered=entered, acknowledged=acknowledged)


def recover(folder: Path, station: str, now: int, random_below: Callable[[int], int] = secrets.randbelow) -> Recovery:
    """Put a new journal in the place of the damaged one in `folder`; `now` in UTC milliseconds.

    The folder is the caller's alone. At any moment the plug may be pulled: the next start then does what is left.
    Raises StateError; the damaged files are in their place then, and nothing else.
    """
    try:
        finish(folder)
        reserve = Reserve(folder / RESERVE)
        path = journal_path(folder)
        # The new journal is no larger than the old one with its log, and its own log no larger than itself.
        Ballast(folder).make_way(MARGIN + 2 * (size_of(path) + size_of(log_path(path))))
        place = make_place(folder, now)
        with _cleared(folder):
            found = salvage(folder, reserve.mark, place / COPY)
            numbers = _make(place / UNFINISHED, station, found, reserve, place.name, now, random_below)
            put_in_place(folder, place)
    except OSError as error:
        raise StateError(f"{error.filename or folder}: cannot be used: {error.strerror}") from None
    except sqlite3.Error as error:
        raise StateError(f"{folder}: the new journal {trouble(error)}") from None
    return Recovery(place, len(found.waiting), found.lost, found.unknown, numbers)


@contextmanager
def _cleared(folder: Path) -> Iterator[None]:
    """Leave nothing of a new journal that cannot be made."""
    try:
        yield
    except (OSError, sqlite3.Error, StateError):
        try:
            clear(folder)
        except OSError as error:
            _log.warning("%s: what was begun there is cleared at the next start: %s", folder, error.strerror)
        raise


def _make(
    path: Path,
    station: str,
    found: Salvage,
    reserve: Reserve,
    aside: str,
    now: int,
    random_below: Callable[[int], int],
) -> str:
    moment = max(now, found.place.last_time)
    limits, floor = _numbers(found, reserve, moment)
    db = open_for_writing(path)
    try:
        ledger = Ledger(db, station, random_below)
        counters = Numbers(db)
        db.execute("BEGIN IMMEDIATE")
        counters.raise_to(limits)
        counters.set_floor(floor)
        details = {"lost": [list(gap) for gap in found.lost[:_NAMED]], "aside": aside}
        ledger.carry_on("damaged", moment, found.place, found.waiting, details)
        told = {"reason": "journal damaged", "limits": len(limits), "from": floor.last + 1, "until": floor.until}
        ledger.append(RAISED, moment, told)
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        reserve.take_over(dict(limits), ledger.epoch, ledger.seq)
    finally:
        db.close()
        reserve.close()
    if floor.last:
        return f"numbers go on from {floor.last + 1} until {floor.until}"
    return "numbers go on above all that may have been given out"


def _numbers(found: Salvage, reserve: Reserve, moment: int) -> tuple[Limits, Floor]:
    if reserve.known:
        both = found.limits.keys() | reserve.limits().keys()
        return {key: max(found.limits.get(key, 0), reserve.limits().get(key, 0)) for key in both}, Floor(0, "")
    # The newest counters may have been in a part of the log that is gone.
    limits = {key: limit + BLOCK for key, limit in found.limits.items()}
    return limits, Floor(0, "") if found.complete else Floor(LOST_FLOOR, last_day(moment))
