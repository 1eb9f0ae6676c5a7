"""Which number comes next: one counter for each service day and theme, and a floor where the counters may lack some.

All that writes runs inside a transaction of the caller.
"""

import datetime
from collections.abc import Mapping

import msgspec
from sqlite_utils import Database

from kiosk.hours import CHINA
from kiosk.journal.reserve import BLOCK

LOST_FLOOR = 499
"""Numbers that a station skips when it has lost journal and reserve and nobody can tell it where it was."""

FLOOR_DAYS = 14
"""Days for which numbers may have been given out in advance: the longest holiday and some more."""

Limits = Mapping[tuple[str, str], int]
"""The highest number that may have been given out, by service day (ISO) and theme."""


def last_day(moment: int) -> str:
    """The last service day (ISO) for which a number may have been given out by `moment`, UTC milliseconds."""
    today = datetime.datetime.fromtimestamp(moment / 1000, CHINA).date()
    return (today + datetime.timedelta(days=FLOOR_DAYS)).isoformat()


class Floor(msgspec.Struct, frozen=True):
    """Numbers up to `last` are not given out for any service day up to `until` (ISO date)."""

    last: int
    until: str


class Numbers:
    """The counters of one journal."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.floor = self._read_floor()
        """Whoever rolls a transaction back puts this back as well."""

    @property
    def settled(self) -> bool:
        """Whether it has been decided once where these counters begin."""
        return self.floor is not None

    def next(self, day: str, theme: str) -> int:
        """The number that comes next for this service day and theme."""
        floor = self.floor.last if self.floor and day <= self.floor.until else 0
        return max(self._last(day, theme), floor) + 1

    def raise_to(self, limits: Limits) -> None:
        """Let every number that comes next be above these."""
        for (day, theme), limit in limits.items():
            self._db.execute(
                "INSERT INTO counter VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET last = max(last, excluded.last)",
                [day, theme, limit],
            )

    def set_floor(self, floor: Floor) -> None:
        """Give out no number of the floor; the one before is void."""
        self._db.execute(
            "INSERT OR REPLACE INTO meta VALUES ('floor', ?)", [msgspec.json.encode(floor).decode("ascii")]
        )
        self.floor = floor

    def learn(self, limits: Limits, moment: int) -> bool:
        """Go on above these numbers of the center's if they show that some were lost here; returns whether they do.

        Others may have been given out and not have reached the center, so as many are left out as the reserve does.
        """
        guessed = self.floor is not None and self.floor.last > BLOCK
        behind = any(limit >= self.next(day, theme) for (day, theme), limit in limits.items())
        if not (guessed or behind):
            return False
        # Where the center has no more than this journal, numbers may still be missing if they are anywhere.
        least = 0 if behind else 1
        self.raise_to({key: limit + BLOCK for key, limit in limits.items() if limit >= self._last(*key) + least})
        self.set_floor(Floor(BLOCK, last_day(moment)))
        return True

    def forget(self, days: int) -> None:
        """Drop all counters but those of the newest `days` service days."""
        self._db.execute(
            "DELETE FROM counter WHERE day NOT IN (SELECT DISTINCT day FROM counter ORDER BY day DESC LIMIT ?)", [days]
        )

    def _last(self, day: str, theme: str) -> int:
        row = self._db.execute("SELECT last FROM counter WHERE day = ? AND theme = ?", [day, theme]).fetchone()
        return int(row[0]) if row else 0

    def _read_floor(self) -> Floor | None:
        row = self._db.execute("SELECT value FROM meta WHERE key = 'floor'").fetchone()
        return msgspec.json.decode(row[0], type=Floor) if row else None
