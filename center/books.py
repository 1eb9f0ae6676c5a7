"""The center's SQLite store from inside: what is done to it within one transaction. Belongs to one thread."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from center import projections, requests, rules, views
from center.asking import Asked, Each, Insert, Rows, Rule, Together
from center.kept import Enrolled, StationView, StoreTrouble, TicketView
from center.taking import Batch, Declined, Held, Taken
from kiosk.wire.exchange import Downward, Heartbeat

T = TypeVar("T")


class Books:
    """An open database and all that changes it. What one `transaction` covers is committed together."""

    def __init__(self, db: Database, step: Callable[[str], None] = lambda name: None) -> None:
        """`step` is told each step by name, for tests."""
        self._db = db
        self._step = step

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is on disk when it ends, or nothing of it when it raises. Raises StoreTrouble."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            yield
            self._step("before commit")
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise StoreTrouble(f"the database does not take it: {error}") from error
        finally:
            # SQLite has rolled back by itself when the disk was full.
            if self._db.conn.in_transaction:
                self._db.execute("ROLLBACK")
        self._step("committed")

    @contextmanager
    def part(self) -> Iterator[None]:
        """A part of a transaction that may fail without the others."""
        self._db.execute("SAVEPOINT part")
        try:
            yield
        except Exception:
            if self._db.conn.in_transaction:
                self._db.execute("ROLLBACK TO part")
                self._db.execute("RELEASE part")
            raise
        self._db.execute("RELEASE part")

    def follow(self, rule: Rule[T]) -> T:
        """Do what a rule asks, and return its result. What writes belongs into a transaction."""
        rows: Rows = ()
        try:
            asked = next(rule)
            while True:
                rows = self._answer(asked)
                asked = rule.send(rows)
        except StopIteration as done:
            return done.value  # type: ignore[no-any-return]

    def take(self, batch: Batch, public: bytes, now: int) -> Taken | Declined:
        """Store what is new in `batch`, with the watermark; or set it aside. `public`: the key that signed it."""
        return self.follow(rules.take(batch, public, now))

    def judge(self, batch: Batch, public: bytes) -> Taken | Declined:
        """Say what is to be done with `batch`, signed by the key `public`, without doing it."""
        return self.follow(rules.judged(batch, public))

    def held(self, station: str, epoch: str) -> Held:
        """How far the epoch is here."""
        return self.follow(rules.held(station, epoch))

    def station(self, number: str) -> Enrolled | None:
        """The station with this number."""
        return self.follow(rules.station(number))

    def set_code(self, number: str, code: bytes, expires: int) -> None:
        """Let a station enrol with `code` until `expires` (UTC ms); an earlier code is void."""
        self.follow(rules.set_code(number, code, expires))

    def code(self, number: str, public: bytes, now: int) -> bytes | None:
        """The code with which the station of the key `public` may enrol now; once used, only for the same key again."""
        return self.follow(rules.code(number, public, now))

    def enrol(self, station: Enrolled) -> None:
        """Enrol a station, or another machine in its place, use up its code, and tell all stations its key."""
        self.follow(rules.enrol(station))

    def revoke(self, number: str, now: int) -> bool:
        """Refuse this station from now on, and tell all others; False when it is not enrolled."""
        return self.follow(rules.revoke(number, now))

    def publish(self, kind: str, data: Mapping[str, str | int], now: int) -> None:
        """Tell all stations something, in an order that is the same for all."""
        self.follow(rules.publish(kind, data, now))

    def notices(self, station: str, after: int) -> tuple[Downward, ...] | None:
        """What this station and all are told behind number `after`; None when this center never gave it out."""
        return self.follow(rules.notices(station, after))

    def skip_notices(self, seq: int, now: int) -> None:
        """Let the next notice have a number above `seq`, which some station has seen: this center was put back."""
        self.follow(rules.skip_notices(seq, now))

    def beat(self, heartbeats: Mapping[str, tuple[int, Heartbeat]]) -> None:
        """Keep the newest heartbeat of each station, with the time when it came."""
        self.follow(rules.beat(heartbeats))

    def ticket(self, code: str) -> TicketView | None:
        """The ticket with this public code."""
        return self.follow(views.ticket(code))

    def stations(self) -> tuple[StationView, ...]:
        """All that is known of every station."""
        return self.follow(views.stations())

    def project(self, limit: int) -> int:
        """Bring at most `limit` entries into the projections, oldest epochs first; returns how many there were."""
        for station in self.follow(projections.behind()):
            return self.follow(projections.project(station, limit))
        return 0

    def unproject(self) -> None:
        """Empty all projections; `project` then makes them anew."""
        for station in self.follow(projections.stations()):
            self.follow(projections.unproject(station))

    def tell_due(self, now: int) -> int:
        """Tell all stations of some requests that are new or were called off; returns how many were looked at."""
        return self.follow(requests.tell_due(now))

    def checkpoint(self) -> None:
        """Move the write-ahead log into the database, at a moment when nobody waits. Raises sqlite3.Error."""
        self._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _answer(self, asked: Asked) -> Rows:
        if isinstance(asked, Together):
            for part in asked.parts:
                self._answer(part)
            return ()
        if isinstance(asked, Each):
            self._db.conn.executemany(asked.sql, asked.rows)
            return ()
        if isinstance(asked, Insert):
            table = asked.table
            names = ", ".join(name for name, _ in table.columns)
            marks = ", ".join("?" * len(table.columns))
            sql = f"INSERT INTO {table.name} ({names}) VALUES ({marks}) {table.conflict}"
            rows = (asked.shared + row for row in asked.rows) if asked.shared else asked.rows
            self._db.conn.executemany(sql, rows)
            self._step(f"rows of {table.name}")
            return ()
        found: Rows = self._db.conn.execute(asked.sql, asked.values).fetchall()
        return found
