"""Tests of the local record, read-only, so that they may run beside a station."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.journal.folder import Damaged, StateError, journal_path, log_path, size_of
from kiosk.paper import Roll, forecast
from kiosk.technician.findings import Finding, Kind
from kiosk.technician.symptoms import found

if TYPE_CHECKING:
    from sqlite_utils import Database as File

    from kiosk.clock import Moment

OLD_MS = 24 * 3_600_000
"""Entries that wait for longer than a day are not waiting for a night without a line."""


class _Unusable(Exception):
    def __init__(self, symptom: str, value: str) -> None:
        super().__init__(value)
        self.symptom = symptom
        self.value = value

    @property
    def elsewhere(self) -> str:
        """The symptom of what was not tested because of this; the test of the database itself tells the cause."""
        return self.symptom if self.symptom == "database-none" else "database-not-read"


@contextmanager
def _reading(state: Path) -> "Iterator[File]":
    """Open the journal of `state` for reading. Raises _Unusable, also for what goes wrong inside."""
    # The database is slow to load, and other tests wait for nothing.
    from sqlite_utils.utils import sqlite3

    from kiosk.journal.database import is_damage, open_for_reading

    path = journal_path(state)
    try:
        known = path.exists() or size_of(log_path(path)) > 0
    except OSError as error:
        raise _Unusable("database-unreadable", error.strerror or "") from None
    if not known:
        raise _Unusable("database-none", str(path))
    try:
        file = open_for_reading(path)
    except Damaged as error:
        raise _Unusable("database-damaged", str(error)) from None
    except StateError as error:
        words = str(error)
        kind = "newer" if "newer version" in words else "damaged" if "is damaged" in words else "unreadable"
        raise _Unusable(f"database-{kind}", words) from None
    try:
        yield file
    except sqlite3.Error as error:
        raise _Unusable("database-damaged" if is_damage(error) else "database-unreadable", str(error)) from None
    finally:
        file.close()


class Database:
    """Can the journal be read whole?"""

    name, title, kind = "database", "本机记录", Kind.AUTOMATIC
    reason = "记录损坏时不能取号"

    def __init__(self, state: Path) -> None:
        self._state = state

    def run(self) -> Finding:
        """Look at every page (PRAGMA quick_check), and tell epoch and number of the last entry."""
        try:
            with _reading(self._state) as file:
                problem = str(file.execute("PRAGMA quick_check(1)").fetchone()[0])
                epoch = file.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()
                entries = file.execute("SELECT count(*) FROM entry").fetchone()[0]
        except _Unusable as unusable:
            return found(self.name, unusable.symptom, unusable.value[:80])
        if problem != "ok":
            return found(self.name, "database-damaged", problem[:80])
        return found(self.name, value=f"{epoch[0] if epoch else '-'}, {entries}")


class Chain:
    """Do the entries follow one another by their hashes, and do tickets and entries tell the same?"""

    name, title, kind = "chain", "记录核对", Kind.AUTOMATIC
    reason = "改动或丢失的记录必须看得出来"

    def __init__(self, state: Path) -> None:
        self._state = state

    def run(self) -> Finding:
        """Verify all of it."""
        from sqlite_utils.utils import sqlite3

        from kiosk.journal.store import Reader

        try:
            with _reading(self._state):
                reader = Reader(self._state)
                try:
                    sound, faults = reader.verify()
                finally:
                    reader.close()
        except _Unusable as unusable:
            return found(self.name, unusable.elsewhere)
        except (StateError, sqlite3.Error) as error:
            return found(self.name, "database-damaged", str(error)[:80])
        return found(self.name, "chain-broken" if faults else "", (faults[0] if faults else str(sound))[:80])


class Backlog:
    """Does what is written here get to the center?"""

    name, title, kind = "backlog", "待送记录", Kind.AUTOMATIC
    reason = "没有送到的记录，中心看不到"

    def __init__(self, state: Path, now: "Callable[[], Moment]", *, has_center: bool) -> None:
        """`now`: the station's clock."""
        self._state = state
        self._now = now
        self._has_center = has_center

    def run(self) -> Finding:
        """Count the entries that the center is not known to have, and tell the hours of the oldest."""
        try:
            with _reading(self._state) as file:
                count, oldest = file.execute(
                    "SELECT count(*), min(time) FROM entry WHERE acknowledged IS NULL"
                    " AND epoch = (SELECT value FROM meta WHERE key = 'epoch')"
                ).fetchone()
        except _Unusable as unusable:
            return found(self.name, unusable.elsewhere)
        if not self._has_center:
            return found(self.name, "center-none", str(count))
        waited = max(self._now().ms - (oldest or self._now().ms), 0)
        return found(self.name, "backlog-old" if waited > OLD_MS else "", f"{count}, {waited // 3_600_000} h")


class Slips:
    """Did every slip come out?"""

    name, title, kind = "slips", "小票", Kind.AUTOMATIC
    reason = "没有打出来的小票，还有人等着"

    def __init__(self, state: Path) -> None:
        self._state = state

    def run(self) -> Finding:
        """Count the slips that are held, and those of which nobody can say."""
        try:
            with _reading(self._state) as file:
                held, unknown, printed = file.execute(
                    "SELECT coalesce(sum(state = 'held'), 0), coalesce(sum(state = 'unknown'), 0),"
                    " coalesce(sum(state = 'printed'), 0) FROM job"
                ).fetchone()
        except _Unusable as unusable:
            return found(self.name, unusable.elsewhere)
        return found(self.name, "slips-waiting" if held + unknown else "", f"{held} + {unknown} / {printed}")


class PaperLeft:
    """How long will the paper last?"""

    name, title, kind = "paper", "纸卷", Kind.AUTOMATIC
    reason = "要在纸用完以前来换"

    def __init__(self, state: Path, now: "Callable[[], Moment]", near_end: Callable[[], bool | None]) -> None:
        """`near_end()`: what the printer's sensor says, None where it does not tell."""
        self._state = state
        self._now = now
        self._near_end = near_end

    def run(self) -> Finding:
        """Reckon from the roll that was put in and the use of the last weeks; the sensor outweighs it."""
        near_end = self._near_end()
        try:
            with _reading(self._state) as file:
                row = file.execute("SELECT changed, length, used FROM roll ORDER BY id DESC LIMIT 1").fetchone()
                used = file.execute("SELECT day, millimetres FROM paper_use").fetchall()
        except _Unusable as unusable:
            return found(self.name, "roll-low" if near_end else unusable.elsewhere)
        if row is None:
            known = "" if near_end is False else "roll-low" if near_end else "roll-unknown"
            return found(self.name, known)
        use = {datetime.date.fromisoformat(day): length for day, length in used}
        left = forecast(Roll(*row), use, self._now().local.date(), near_end=near_end)
        days = "?" if left.days is None else f"{left.days:.0f}"
        return found(self.name, "roll-low" if left.low else "", f"{left.left / 1000:.1f} m, {days} d")
