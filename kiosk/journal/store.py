"""The journal's operations. Each write is one transaction, and has ended on disk when it returns.

Everything here belongs to the thread that made the Journal: the writer (see `writer`).
"""

import datetime
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from kiosk.documents import Document
from kiosk.journal import ticket_rows
from kiosk.journal.aside import finish
from kiosk.journal.ballast import Ballast
from kiosk.journal.database import empty_log, is_damage, open_for_reading, open_for_writing, trouble
from kiosk.journal.entries import GENESIS, Entry, fault
from kiosk.journal.folder import Damaged, StateError, journal_path
from kiosk.journal.jobs import COLUMNS, By, JobRecord, Jobs, Reason
from kiosk.journal.ledger import RAISED, Ledger, StationKeys
from kiosk.journal.numbering import LOST_FLOOR, Floor, Limits, Numbers, last_day
from kiosk.journal.places import Places
from kiosk.journal.reprints import Reprints
from kiosk.journal.requests import Requests, Seal
from kiosk.journal.reserve import RESERVE, Reserve
from kiosk.journal.ticket_rows import Request
from kiosk.keys import FILE as KEY_FILE
from kiosk.keys import FOLDER as KEYS
from kiosk.paper import Roll
from kiosk.ports import Outcome
from kiosk.tickets import Ticket, new_code
from kiosk.wire.exchange import Downward

Compose = Callable[[Ticket, str, int], Document]
"""Makes the slip of a ticket that is entry `seq` of `epoch`."""


class Journal:
    """The open journal of one station."""

    def __init__(
        self,
        folder: Path,
        station: str,
        now: int,
        random_below: Callable[[int], int] = secrets.randbelow,
        step: Callable[[str], None] = lambda name: None,
        entered: Callable[[], None] = lambda: None,
        acknowledged: Callable[[str, int], None] = lambda epoch, seq: None,
    ) -> None:
        """Open or make the journal in `folder`; `now` in UTC milliseconds.

        `step` is told each step by name, for tests; `entered` after every commit that holds an entry,
        `acknowledged` after one by which the center is known to hold the entries of an epoch up to a number.
        Raises StateError.
        """
        self._station = station
        self._random_below = random_below
        self._step = step
        self._entered = entered
        self._acknowledged = acknowledged
        # An earlier run may have been ended before it emptied the log.
        self._residue = True
        try:
            finish(folder)
            self._reserve = Reserve(folder / RESERVE)
            self.ballast = Ballast(folder)
            """The room set aside for what is under way when the disk is full."""
        except OSError as error:
            raise StateError(f"{error.filename or folder}: cannot be used: {error.strerror}") from None
        self._db: Database = open_for_writing(journal_path(folder))
        try:
            self._ledger = Ledger(self._db, station, random_below)
            self._jobs = Jobs(self._db, self._ledger)
            self._numbers = Numbers(self._db)
            self._requests = Requests(self._db, self._ledger, self._jobs, self._transaction)
            self._reprints = Reprints(self._db, self._ledger, self._jobs, self._transaction)
            self._places = Places(self._db, self._ledger, self._jobs, station, self._begin_sale, step)
            if self._reserve.behind(self._ledger.epoch, self._ledger.seq):
                self._go_on_after_loss(now)
            elif self._ledger.seq == 0 and not self._numbers.settled:
                self._settle_numbers((folder / KEYS / KEY_FILE).exists(), now)
        except sqlite3.Error as error:
            self._db.close()
            kind = Damaged if is_damage(error) else StateError
            raise kind(f"{journal_path(folder)}: {trouble(error)}") from None

    def close(self) -> None:
        """Checkpoint and close."""
        self._reserve.close()
        self._db.close()

    def checkpoint(self) -> None:
        """Move what is in the write-ahead log into the database, at a moment when nobody waits.

        The log keeps its room, unless there may be something in it that was to be erased.
        """
        if self._residue and empty_log(self._db):
            self._residue = False
        else:
            self._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def probe(self) -> None:
        """Write and clear as much as a ticket may need. Raises sqlite3.Error or OSError where there is no room."""
        self.ballast.restore()
        self.ballast.demand()
        for value in ("hex(zeroblob(16384))", "''"):
            with self._transaction():
                self._db.execute(f"INSERT OR REPLACE INTO meta VALUES ('probe', {value})")

    @property
    def epoch(self) -> str:
        """The random name of the run of entries that is being written, 16 hexadecimal digits."""
        return self._ledger.epoch

    @property
    def seq(self) -> int:
        """The number of the last entry."""
        return self._ledger.seq

    @property
    def last_time(self) -> int:
        """The latest time of any entry, UTC milliseconds."""
        return self._ledger.last_time

    @property
    def requests(self) -> Requests:
        """Residents' requests and ratings."""
        return self._requests

    @property
    def places(self) -> Places:
        """Lent places and appointments."""
        return self._places

    def issue(self, request: Request, compose: Compose, seal: Seal | None = None) -> tuple[Ticket, int, bool]:
        """Issue a ticket: number, print job and chained entry in one commit. `seal` gives the ground for its priority.

        Returns the ticket, its print job, and whether it is the one that the same visit got for the same package a
        moment ago (a second touch). Raises sqlite3.Error or OSError; nothing has happened then.
        """
        if again := ticket_rows.just_issued(self._db, request):
            return again[0], again[1], True
        self.ballast.demand()
        day, theme = request.service.day.isoformat(), request.theme
        running = self._numbers.next(day, theme)
        self._reserve.cover(day, theme, running, (self._ledger.epoch, self._ledger.seq))
        self._step("reserved")
        ticket = Ticket(
            theme,
            self._station,
            running,
            new_code(self._random_below),
            request.package,
            request.service,
            request.moment,
            request.doubtful,
            request.priority,
        )
        epoch, seq = self._ledger.epoch, self._ledger.seq + 1
        document = msgspec.json.encode(compose(ticket, epoch, seq))
        with self._transaction():
            self._numbers.raise_to({(day, theme): running})
            job = self._jobs.add(ticket.number, document, request.visit, request.moment)
            self._ledger.append(
                "ticket.issued",
                request.moment,
                {
                    "number": ticket.number,
                    "code": ticket.code,
                    "theme": theme,
                    "package": request.package,
                    "day": day,
                    "session": request.service.session.label,
                    "doubtful": request.doubtful,
                    "job": job,
                    **({"priority": True} if request.priority else {}),
                },
                seal(epoch, seq) if seal else None,
            )
            self._step("entered")
            ticket_rows.add(self._db, ticket, request.visit, job, self._ledger.place)
        self._step("committed")
        return ticket, job, False

    def enqueue(self, document: Document, visit: int, moment: int) -> int:
        """Add a print job that belongs to no ticket; returns its id."""
        with self._transaction():
            return self._jobs.add(document.title, msgspec.json.encode(document), visit, moment)

    def start(self, job: int, moment: int) -> tuple[Document, int]:
        """Mark `job` as being sent; returns its document and the attempts before that may have reached the paper."""
        with self._transaction():
            started = self._jobs.start(job, moment)
        self._step("sending")
        return started

    def set_aside(self, job: int, moment: int, *, owned: bool) -> bool:
        """Take back out of the queue what may not be printed any more; `owned`: its visit is open."""
        with self._transaction():
            return self._jobs.set_aside(job, moment, owned=owned)

    def settle(self, job: int, outcome: Outcome, moment: int) -> None:
        """Write down how an attempt to print `job` ended, or that it is held without one."""
        with self._transaction():
            self._jobs.settle(job, outcome, moment)
        self._step("settled")

    def doubt(self, job: int, moment: int) -> bool:
        """Make a held job that had been begun an unknown one, because its visit is over; False for any other."""
        with self._transaction():
            return self._jobs.doubt(job, moment)

    def separated(self, outcome: Outcome, moment: int) -> None:
        """Write down how an attempt to cut off a fragment ended."""
        with self._transaction():
            self._jobs.separated(outcome, moment)

    def again(self, job: int, moment: int, by: By, visit: int | None = None) -> bool:
        """Put a held or unknown job back into the queue, for its own visit or another; False when that cannot be."""
        with self._transaction():
            return self._jobs.again(job, moment, by, visit)

    def ask(self, code: str, visit: int, moment: int) -> bool:
        """Put the slip of the ticket with `code` back into the queue, for a visit whose resident has the code."""
        found = self.ticket(code)
        if found is None:
            return False
        with self._transaction():
            return self._jobs.again(found[1].id, moment, By.CODE, visit)

    def abandon(self, job: int, moment: int, note: str) -> bool:
        """Give up a held or unknown job, because a technician says so; `note` says why. False in another state."""
        with self._transaction():
            return self._jobs.abandon(job, Reason.TECHNICIAN, moment, note)

    def expire(self, moment: int) -> int:
        """Give up the slips whose session is over at `moment`; returns how many."""
        with self._transaction():
            return self._jobs.expire(moment)

    def resume(self, moment: int) -> list[int]:
        """After a start: return the jobs to go on with, oldest first; those that are too old are set aside as held."""
        with self._transaction():
            return self._jobs.resume(moment)

    def fragment(self) -> bool:
        """Whether the last slip that was sent may have left a piece on the paper; asked after a start."""
        return self._jobs.fragment()

    def proves(self) -> bool:
        """Whether this station's printer has ever proved a slip."""
        return self._jobs.proves()

    def erase(self, visit: int) -> None:
        """Erase the lists of a visit that is over and that did not get on paper."""
        with self._transaction():
            self._jobs.erase(visit)

    def change_roll(self, length: int, moment: int) -> None:
        """A technician put in a roll of `length` millimetres."""
        with self._transaction():
            self._jobs.change_roll(length, moment)

    def paper(self) -> tuple[Roll | None, dict[datetime.date, int]]:
        """Return the roll that is in the printer, and the millimetres printed on each day."""
        return self._jobs.roll(), self._jobs.use()

    def ticket(self, code: str) -> tuple[Ticket, JobRecord] | None:
        """Return the ticket with that public code and its print job, None where this station issued none."""
        row = next(iter(self._db.query("SELECT * FROM ticket WHERE code = ?", [code])), None)
        return None if row is None else (ticket_rows.read(row), self._jobs.record(row["job"]))

    def _settle_numbers(self, enrolled: bool, now: int) -> None:
        if enrolled and not self._reserve.known:
            # A station that has been at work: its journal and its reserve are lost, and with them all its numbers.
            self.skip_numbers("journal and reserve lost", LOST_FLOOR, now)
            return
        with self._transaction():
            self._numbers.raise_to(self._reserve.limits())
            self._numbers.set_floor(Floor(0, ""))

    def skip_numbers(self, reason: str, last: int, moment: int) -> None:
        """Give out no number up to `last` of the next days, because some of them may have been given out already."""
        until = last_day(moment)
        with self._transaction():
            self._numbers.set_floor(Floor(last, until))
            self._ledger.append(RAISED, moment, {"reason": reason, "from": last + 1, "until": until})

    def learn_numbers(self, told: Limits, moment: int) -> None:
        """Learn how far the center knows this station's numbers, which is further than here after a restore."""
        with self._transaction():
            if self._numbers.learn(told, moment):
                self._ledger.append(RAISED, moment, {"reason": "the center knows higher", "limits": len(told)})

    def forget(self, slips_before: int, counter_days: int) -> None:
        """Erase what retention no longer allows: slips settled before `slips_before` (UTC ms), and old counters.

        Of the counters the newest `counter_days` service days stay.
        """
        with self._transaction():
            self._jobs.forget(slips_before)
            self._numbers.forget(counter_days)
        self._reserve.keep_newest(counter_days)

    def enter(self, kind: str, moment: int, data: dict[str, Any], seal: Seal | None = None) -> tuple[str, int]:
        """Write an entry of its own; returns its epoch and number. Nothing of what `seal` gives may stand in `data`."""
        with self._transaction():
            epoch, seq = self._ledger.epoch, self._ledger.seq + 1
            self._ledger.append(kind, moment, data, seal(epoch, seq) if seal else None)
        return epoch, seq

    def acknowledge(self, epoch: str, seq: int, moment: int) -> None:
        """Mark the entries of `epoch` up to `seq` as held by the center at `moment`."""
        with self._transaction():
            self._ledger.acknowledge(epoch, seq, moment)
        self._acknowledged(epoch, seq)

    def begin_epoch(self, reason: str, moment: int) -> None:
        """Go on in a new epoch, because the center cannot take the present one any further.

        What it has not acknowledged is entered again, each whole inside an entry `entry.recovered`.
        """
        with self._transaction():
            self._ledger.begin(reason, moment)

    def keep(self, items: Sequence[Downward], moment: int) -> int:
        """Keep what the center sent, as it is; returns the number of the last item."""
        with self._transaction():
            self._places.learn(items)
            return self._ledger.keep(items, moment)

    def station_keys(self, number: str) -> StationKeys:
        """The public keys of a station as the center told them."""
        return self._ledger.station_keys(number)

    @property
    def reprints(self) -> Reprints:
        """Slips of other stations' tickets that are printed here."""
        return self._reprints

    def erase_sealed(self, acknowledged_before: int) -> None:
        """Erase the sealed personal data of entries that the center has had since before that time (UTC ms).

        The next checkpoint takes it out of the write-ahead log as well.
        """
        with self._transaction():
            self._residue |= self._ledger.erase_sealed(acknowledged_before)

    def job(self, job: int) -> JobRecord:
        """Return print job `job`. Raises LookupError."""
        return self._jobs.record(job)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        place, floor = self._ledger.place, self._numbers.floor
        self.ballast.make_way()
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            self._ledger.place = place
            self._numbers.floor = floor
            # SQLite has rolled back by itself when the disk was full.
            if self._db.conn.in_transaction:
                self._db.execute("ROLLBACK")
            raise
        if self._ledger.place.head != place.head:
            self._reserve.note(self._ledger.epoch, self._ledger.seq)
            self._entered()

    @contextmanager
    def _begin_sale(self) -> Iterator[None]:
        self.ballast.demand()
        # A journal that comes back from a backup must be known for one, or it sells the same places again.
        self._reserve.begin((self._ledger.epoch, self._ledger.seq))
        with self._transaction():
            yield

    def _go_on_after_loss(self, now: int) -> None:
        limits = self._reserve.limits()
        with self._transaction():
            if not self._ledger.fresh:
                # Entries above the backup's last were written once, and the center may have them.
                self._ledger.begin("restored", now)
            self._numbers.raise_to(limits)
            self._ledger.append(RAISED, now, {"reason": "journal restored or lost", "limits": len(limits)})


class Reader:
    """A journal opened read-only: for listing, verifying and exporting, also beside a running station."""

    def __init__(self, folder: Path) -> None:
        """Raises StateError."""
        self._db = open_for_reading(journal_path(folder))

    def entries(self, newest: int | None = None) -> Iterator[Entry]:
        """All entries in order, or the `newest` so many."""
        rows = self._db.query(
            "SELECT epoch, seq, kind, time, body, hash, acknowledged FROM (SELECT rowid AS place, * FROM entry"
            " ORDER BY place DESC LIMIT ?) ORDER BY place",
            [-1 if newest is None else newest],
        )
        for row in rows:
            yield Entry(**row)

    def jobs(self) -> Iterator[JobRecord]:
        """Jobs that are not printed, oldest first."""
        for row in self._db.query(f"SELECT {COLUMNS} FROM job WHERE state != 'printed' ORDER BY id"):
            yield msgspec.convert(row, JobRecord)

    def verify(self) -> tuple[int, list[str]]:
        """Check the chain of every epoch and that tickets and entries tell the same.

        Returns how many entries are sound and every fault found, one line each.
        """
        faults: list[str] = []
        sound = 0
        before: dict[str, tuple[int, bytes]] = {}
        for entry in self.entries():
            seq, head = before.get(entry.epoch, (0, GENESIS))
            if trouble := fault(entry, head, seq + 1):
                faults.append(f"epoch {entry.epoch}: {trouble}")
            else:
                sound += 1
            before[entry.epoch] = (entry.seq, entry.hash)
        faults += [
            f"ticket {row['theme']}{row['station']}-{row['running']:03d} of {row['day']} has no entry of its own"
            for row in self._db.query(
                "SELECT ticket.* FROM ticket LEFT JOIN entry ON entry.epoch = ticket.epoch AND entry.seq = ticket.seq"
                " AND entry.kind = 'ticket.issued'"
                " AND json_extract(CAST(entry.body AS TEXT), '$.data.code') = ticket.code"
                " WHERE entry.seq IS NULL"
            )
        ]
        faults += [
            f"entry {row['seq']} of epoch {row['epoch']} is a ticket that the list of tickets lacks"
            for row in self._db.query(
                "SELECT entry.epoch, entry.seq FROM entry LEFT JOIN ticket ON entry.epoch = ticket.epoch"
                " AND entry.seq = ticket.seq WHERE entry.kind = 'ticket.issued' AND ticket.code IS NULL"
            )
        ]
        return sound, faults

    def close(self) -> None:
        """Close the file."""
        self._db.close()
