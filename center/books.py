"""The center's SQLite store from inside: what is done to it within one transaction. Belongs to one thread."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec
from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from center import views
from center.facts import Fact, PaperSettled, Recovered, TicketIssued, fact
from center.store import Enrolled, StoreTrouble, TicketView
from center.taking import Batch, Declined, Held, Taken, judge, lacking
from kiosk.wire.entries import Unreadable
from kiosk.wire.exchange import ED25519, Downward, Heartbeat

T = TypeVar("T")
Work = Callable[["Books"], T]

ASIDE_LIMIT = 10_000
"""Entries set aside for one station; a station that goes on contradicting itself must not fill the disk."""

NOTICES = 50
"""Notices in one answer."""

STATION_KEY = "station.key"
STATION_REVOKED = "station.revoked"
SKIPPED = "skipped"

_VOUCHER = "INSERT OR IGNORE INTO voucher VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
_TICKET = (
    "INSERT INTO ticket (station, code, number, theme, package, day, session, issued, doubtful, job)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)


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

    def take(self, batch: Batch, public: bytes, now: int) -> Taken | Declined:
        """Store what is new in `batch`, with the watermark; or set it aside. `public`: the key that signed it."""
        request, voucher = batch.request, batch.voucher
        station, epoch = request.station, request.epoch
        verdict = self.judge(batch)
        if isinstance(verdict, Declined):
            if verdict.aside_from:
                self._set_aside(batch, verdict, now)
            return verdict
        held = self.held(station, epoch)
        fresh = batch.entries_from(held.seq + 1)
        if fresh:
            self._db.conn.executemany(
                "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(station, epoch, seq, entry.body, entry.sealed, digest, now) for seq, entry, digest in fresh],
            )
            self._step("entries")
            self._db.execute(
                "INSERT INTO chain (station, epoch, seq, head, begun, latest) VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET seq = excluded.seq, head = excluded.head, latest = excluded.latest",
                [station, epoch, request.last, voucher.head, now, now],
            )
            self._db.execute(
                _VOUCHER,
                [
                    station,
                    epoch,
                    request.last,
                    request.first,
                    voucher.head,
                    voucher.digest,
                    batch.signature,
                    public,
                    now,
                ],
            )
        return verdict

    def judge(self, batch: Batch) -> Taken | Declined:
        """Say what is to be done with `batch`, without doing it."""
        station, epoch = batch.request.station, batch.request.epoch

        def hash_of(seq: int) -> bytes:
            row = self._db.execute(
                "SELECT hash FROM entry WHERE station = ? AND epoch = ? AND seq = ?", [station, epoch, seq]
            ).fetchone()
            return bytes(row[0])

        verdict = judge(batch, self.held(station, epoch), hash_of)
        if isinstance(verdict, Taken) and batch.request.earlier:
            return msgspec.structs.replace(verdict, want=lacking(batch, lambda one: self.held(station, one)))
        return verdict

    def held(self, station: str, epoch: str) -> Held:
        """How far the epoch is here."""
        row = self._db.execute(
            "SELECT seq, head FROM chain WHERE station = ? AND epoch = ?", [station, epoch]
        ).fetchone()
        return Held(*row) if row else Held()

    def station(self, number: str) -> Enrolled | None:
        """The station with this number."""
        row = self._db.execute("SELECT * FROM station WHERE number = ?", [number]).fetchone()
        return Enrolled(*row) if row else None

    def set_code(self, number: str, code: bytes, expires: int) -> None:
        """Let a station enrol with `code` until `expires` (UTC ms); an earlier code is void."""
        self._db.execute("INSERT OR REPLACE INTO code VALUES (?, ?, ?, NULL)", [number, code, expires])

    def code(self, number: str, public: bytes, now: int) -> bytes | None:
        """The code with which the station of the key `public` may enrol now; once used, only for the same key again."""
        row = self._db.execute(
            "SELECT code FROM code WHERE station = ? AND expires > ? AND (used_by IS NULL OR used_by = ?)",
            [number, now, public],
        ).fetchone()
        return row[0] if row else None

    def enrol(self, station: Enrolled) -> None:
        """Enrol a station, or another machine in its place, use up its code, and tell all stations its key."""
        known = self.station(station.number)
        self._db.execute(
            "INSERT INTO station VALUES (?, ?, ?, 0) ON CONFLICT DO UPDATE SET public = excluded.public,"
            " enrolled = excluded.enrolled, revoked = 0",
            [station.number, station.public, station.enrolled],
        )
        self._db.execute("UPDATE code SET used_by = ? WHERE station = ?", [station.public, station.number])
        if known is None or known.revoked or known.public != station.public:
            key = {"station": station.number, "alg": ED25519, "public": station.public.hex()}
            self.publish(STATION_KEY, key, station.enrolled)

    def revoke(self, number: str, now: int) -> bool:
        """Refuse this station from now on, and tell all others; False when it is not enrolled."""
        self._db.execute("DELETE FROM code WHERE station = ?", [number])
        changed = self._db.execute("UPDATE station SET revoked = ? WHERE number = ? AND revoked = 0", [now, number])
        if changed.rowcount:
            self.publish(STATION_REVOKED, {"station": number}, now)
        return bool(changed.rowcount)

    def publish(self, kind: str, data: dict[str, Any], now: int) -> None:
        """Tell all stations something, in an order that is the same for all."""
        content = msgspec.json.encode(data, order="sorted")
        self._db.execute("INSERT INTO notice VALUES (?, ?, ?, ?)", [self.last_notice() + 1, kind, content, now])

    def last_notice(self) -> int:
        """The number of the newest notice, 0 before the first."""
        return int(self._db.execute("SELECT coalesce(max(seq), 0) FROM notice").fetchone()[0])

    def notices(self, after: int) -> tuple[Downward, ...]:
        """What all stations are told, from the item behind number `after` on, some of it at a time."""
        rows = self._db.execute(
            "SELECT seq, kind, data FROM notice WHERE seq > ? ORDER BY seq LIMIT ?", [after, NOTICES]
        ).fetchall()
        return tuple(Downward(*row) for row in rows)

    def skip_notices(self, seq: int, now: int) -> None:
        """Let the next notice have a number above `seq`, which some station has seen: this center was put back."""
        if self.last_notice() < seq:
            self._db.execute("INSERT INTO notice VALUES (?, ?, ?, ?)", [seq, SKIPPED, b"{}", now])

    def beat(self, heartbeats: Mapping[str, tuple[int, Heartbeat]]) -> None:
        """Keep the newest heartbeat of each station, with the time when it came."""
        self._db.conn.executemany(
            "INSERT OR REPLACE INTO heartbeat VALUES (?, ?, ?)",
            [(number, heard, msgspec.json.encode(content)) for number, (heard, content) in heartbeats.items()],
        )

    def ticket(self, code: str) -> TicketView | None:
        """The ticket with this public code."""
        return views.ticket(self._db, code)

    def project(self, limit: int) -> int:
        """Bring at most `limit` entries into the projections, oldest epochs first; returns how many there were."""
        row = self._db.execute(
            "SELECT station, epoch, projected FROM chain WHERE projected < seq ORDER BY begun LIMIT 1"
        ).fetchone()
        if row is None:
            return 0
        station, epoch, projected = row
        rows = self._db.execute(
            "SELECT seq, body FROM entry WHERE station = ? AND epoch = ? AND seq > ? ORDER BY seq LIMIT ?",
            [station, epoch, projected, limit],
        ).fetchall()
        for seq, body in rows:
            try:
                said, meaning = fact(body, station, epoch, seq)
            except Unreadable as error:
                self._db.execute(
                    "INSERT OR REPLACE INTO trouble VALUES (?, ?, ?, ?)", [station, epoch, seq, str(error)]
                )
            else:
                self._apply(station, epoch, said.time, meaning)
        self._db.execute(
            "UPDATE chain SET projected = ? WHERE station = ? AND epoch = ?", [rows[-1][0], station, epoch]
        )
        return len(rows)

    def unproject(self) -> None:
        """Empty all projections; `project` then makes them anew."""
        for table in ("ticket", "recovered", "trouble"):
            self._db.execute(f"DELETE FROM {table}")
        self._db.execute("UPDATE chain SET projected = 0")

    def checkpoint(self) -> None:
        """Move the write-ahead log into the database, at a moment when nobody waits. Raises sqlite3.Error."""
        self._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _apply(self, station: str, epoch: str, time: int, meaning: Fact | None) -> None:
        match meaning:
            case TicketIssued():
                self._db.execute(
                    _TICKET,
                    [
                        station,
                        meaning.code,
                        meaning.number,
                        meaning.theme,
                        meaning.package,
                        meaning.day,
                        meaning.session,
                        time,
                        meaning.doubtful,
                        meaning.job,
                    ],
                )
            case PaperSettled(job, title, outcome):
                # A lost journal starts its jobs at 1 again, so only the newest ticket of that job and number is meant.
                self._db.execute(
                    "UPDATE ticket SET paper = ? WHERE station = ? AND code = (SELECT code FROM ticket"
                    " WHERE station = ? AND job = ? AND number = ? ORDER BY issued DESC LIMIT 1)",
                    [outcome, station, station, job, title],
                )
            case Recovered(origin, seq, written, inner):
                self._db.execute("INSERT OR REPLACE INTO recovered VALUES (?, ?, ?, ?)", [station, origin, seq, epoch])
                self._apply(station, origin, written, inner)
            case None:
                pass

    def _set_aside(self, batch: Batch, verdict: Declined, now: int) -> None:
        request = batch.request
        kept = self._db.execute("SELECT count(*) FROM aside WHERE station = ?", [request.station]).fetchone()[0]
        self._db.conn.executemany(
            "INSERT OR IGNORE INTO aside VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (request.station, request.epoch, seq, digest, verdict.reason, entry.body, entry.sealed, now)
                for seq, entry, digest in batch.entries_from(verdict.aside_from)[: max(0, ASIDE_LIMIT - kept)]
            ],
        )
