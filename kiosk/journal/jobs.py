"""Print jobs in the journal: what state each is in, its slip while that may still be needed, and the paper it took.

All methods run inside a transaction of the caller. Only what must not be lost is an entry: how a job ended, who wanted
it again, that a technician gave it up or put in a roll. Paper in an entry is `mm`, millimetres that are known, or
`mm_most`, no more than which were used: of a slip that may not be whole nobody knows how much came out. The odometer
counts both in full, for a roll must not end before its time.
"""

import datetime
from enum import StrEnum

import msgspec
from sqlite_utils import Database

from kiosk.documents import Document, marked
from kiosk.hours import CHINA, Session, end
from kiosk.journal.ledger import Ledger
from kiosk.paper import Roll, most
from kiosk.ports import Condition, Outcome, Proof, Result

RESUME_MS = 120_000
"""After a restart a print job goes on by itself only this long after it was made; a resident still waits then."""


class JobState(StrEnum):
    """Where a print job is. UNKNOWN: nobody can say whether it is wholly on paper; ABANDONED: given up.

    HELD: it is not. One of which nothing was sent may be held for as long as its session lasts; one that had been begun
    only while its visit is open and it is about to be printed again (see `Jobs.doubt`).
    """

    QUEUED = "queued"
    SENDING = "sending"
    PRINTED = "printed"
    HELD = "held"
    UNKNOWN = "unknown"
    ABANDONED = "abandoned"


class JobRecord(msgspec.Struct, frozen=True):
    """A print job as it stands. `copies`: attempts so far that may have put something on paper. Times: UTC ms."""

    id: int
    title: str
    state: JobState
    condition: Condition
    proof: Proof
    copies: int
    visit: int
    created: int
    changed: int


class Reason(StrEnum):
    """Why a job was given up."""

    SESSION_OVER = "session-over"
    TECHNICIAN = "technician"


class By(StrEnum):
    """Who wanted a slip again that may not have come out whole."""

    CODE = "code"  # whoever has its code, in a visit of their own
    TOUCH = "touch"  # its own visit
    STATION = "station"  # the station by itself, while its visit is open
    RESTART = "restart"  # the station by itself, so soon after a restart that its resident still waits
    TECHNICIAN = "technician"


class Unsure(StrEnum):
    """Why nobody can say any more whether a slip is wholly on paper, where the printing itself did not end so."""

    LEFT_TO_PRINTER = "left-to-printer"  # the printer has the rest of it, and finishes it by itself once it can
    DROPPED = "dropped"  # the printer has dropped the rest, but may have stopped behind the last line
    RESTART = "restart"  # the station ended while it was being printed


COLUMNS = ", ".join(JobRecord.__struct_fields__)


class Jobs:
    """The print jobs of an open journal."""

    def __init__(self, db: Database, ledger: Ledger) -> None:
        self._db = db
        self._ledger = ledger

    def add(self, title: str, document: bytes, visit: int, moment: int) -> int:
        """Add a job; returns its id."""
        cursor = self._db.execute(
            "INSERT INTO job (title, document, state, condition, proof, visit, created, changed)"
            " VALUES (?, ?, 'queued', ?, ?, ?, ?, ?)",
            [title, document, Condition.UNKNOWN, Proof.NONE, visit, moment, moment],
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def start(self, job: int, moment: int) -> tuple[Document, int]:
        """Mark `job` as being sent; returns its document and the attempts before that may have reached the paper."""
        row = self._db.execute("SELECT document, copies FROM job WHERE id = ?", [job]).fetchone()
        self._db.execute(
            "UPDATE job SET state = 'sending', copies = copies + 1, changed = ? WHERE id = ?", [moment, job]
        )
        return msgspec.json.decode(row[0], type=Document), row[1]

    def set_aside(self, job: int, moment: int, *, owned: bool) -> bool:
        """Take back out of the queue what may not be printed any more; whether it was so.

        That is a slip whose session is over, and one that was tried before and whose visit has ended while it waited:
        `owned` tells whether that visit is open. The first try of a visit that is over is printed all the same.
        """
        record = self.record(job)
        closes = self.closes(job)
        over = closes is not None and moment >= closes
        # What did not start was held because of the printer's condition, which the journal then knows.
        tried = record.copies > 0 or record.condition is not Condition.UNKNOWN
        if not over and (owned or not tried):
            return False
        self._put_aside(record, moment)
        if over:
            self.abandon(job, Reason.SESSION_OVER, moment)
        return True

    def settle(self, job: int, outcome: Outcome, moment: int) -> None:
        """Write down how an attempt to print `job` ended, or that it is held without one, and the paper that it took.

        A slip that is on paper is erased here: the list on it says what its owner answered.
        """
        begun = outcome.started or outcome.result is not Result.HELD
        kept = "NULL" if outcome.result is Result.PRINTED else "document"
        self._db.execute(
            f"UPDATE job SET state = ?, condition = ?, proof = ?, changed = ?, document = {kept},"
            " withdrawn = CASE ? WHEN 1 THEN ? ELSE withdrawn END,"
            " copies = copies - CASE state WHEN 'sending' THEN ? ELSE 0 END WHERE id = ?",
            [
                outcome.result,
                outcome.condition,
                outcome.proof,
                moment,
                begun,
                outcome.withdrawn,
                not begun,
                job,
            ],
        )
        facts: dict[str, int | str] = {"proof": outcome.proof, **_paper(outcome)}
        if outcome.started and outcome.result is Result.HELD:
            facts["withdrawn"] = outcome.withdrawn
        self._enter(f"paper.{outcome.result}", self.record(job), moment, facts)
        self._use(outcome.millimetres, moment)

    def doubt(self, job: int, moment: int) -> bool:
        """Make a held job that had been begun an unknown one, because its visit is over; False for any other.

        A printer keeps what it has received and finishes it by itself when it has paper again, unseen if need be; and
        one that has dropped the rest may have stopped behind the last line.
        """
        record = self.record(job)
        if record.state is not JobState.HELD or not record.copies:
            return False
        self._put_aside(record, moment)
        return True

    def separated(self, outcome: Outcome, moment: int) -> None:
        """Write down how an attempt to cut off a fragment ended, and the paper that it took."""
        if outcome.started:
            facts: dict[str, int | str] = {"result": outcome.result, "condition": outcome.condition}
            self._ledger.append("paper.cut", moment, {**facts, **_paper(outcome)})
            self._use(outcome.millimetres, moment, slips=0)

    def again(self, job: int, moment: int, by: By, visit: int | None = None) -> bool:
        """Put a held or unknown job back into the queue; False when it is in another state or its session is over.

        `visit` is the one that it belongs to from now on, if that is another.
        """
        record = self.record(job)
        if record.state not in {JobState.HELD, JobState.UNKNOWN} or not self._has_slip(job):
            return False
        closes = self.closes(job)
        if closes is not None and moment >= closes:
            self.abandon(job, Reason.SESSION_OVER, moment)
            return False
        self._db.execute(
            "UPDATE job SET state = 'queued', changed = ?, visit = ? WHERE id = ?",
            [moment, record.visit if visit is None else visit, job],
        )
        self._ledger.append("paper.asked", moment, {"job": job, "title": record.title, "by": by})
        return True

    def abandon(self, job: int, reason: Reason, moment: int, note: str = "") -> bool:
        """Give up a job that is held or unknown and erase its slip; False when it is in another state."""
        self.doubt(job, moment)
        record = self.record(job)
        if record.state not in {JobState.HELD, JobState.UNKNOWN}:
            return False
        self._db.execute("UPDATE job SET state = 'abandoned', document = NULL, changed = ? WHERE id = ?", [moment, job])
        data = {"job": job, "title": record.title, "copy": record.copies, "reason": reason, "note": note}
        self._ledger.append("paper.abandoned", moment, {**data, **self._code(job)})
        return True

    def expire(self, moment: int) -> int:
        """Give up every slip whose session is over at `moment`; returns how many."""
        rows = self._db.execute("SELECT id FROM job WHERE state IN ('held', 'unknown')").fetchall()
        over = [job for (job,) in rows if (closes := self.closes(job)) is not None and moment >= closes]
        return sum(self.abandon(job, Reason.SESSION_OVER, moment) for job in over)

    def resume(self, moment: int) -> list[int]:
        """After a start: return the jobs to go on with, oldest first; those that are too old are set aside.

        Nobody saw what became of those that were being printed, nor of those that the printer was left with.
        """
        rows = self._db.execute(
            "SELECT id FROM job WHERE state IN ('queued', 'sending') OR state = 'held' AND copies > 0 ORDER BY id"
        ).fetchall()
        going_on = []
        for record in [self.record(job) for (job,) in rows]:
            young = record.state is not JobState.HELD and 0 <= moment - record.created <= RESUME_MS
            if record.state is JobState.SENDING:
                self._lose_sight(record, moment)
                young = young and self.again(record.id, moment, By.RESTART)
            elif not young:
                self._put_aside(record, moment)
            if young:
                going_on.append(record.id)
        return going_on

    def fragment(self) -> bool:
        """Whether the last slip that was sent may have left a piece on the paper; asked after a start."""
        # Of two that ended in the same millisecond, the bad one counts: a cut too many does no harm.
        row = self._db.execute(
            "SELECT EXISTS (SELECT 1 FROM job WHERE copies > 0 AND state != 'printed'"
            " AND changed >= (SELECT coalesce(max(changed), 0) FROM job WHERE state = 'printed'))"
        ).fetchone()
        return bool(row[0])

    def proves(self) -> bool:
        """Whether this station's printer has ever proved a slip."""
        row = self._db.execute(
            "SELECT EXISTS (SELECT 1 FROM job WHERE state = 'printed' AND proof != 'none')"
        ).fetchone()
        return bool(row[0])

    def erase(self, visit: int) -> None:
        """Erase the lists of a visit that is over and that did not get on paper; nobody can ask for them any more.

        Slips of tickets stay: whoever has the code may ask for one again.
        """
        self._db.execute(
            "UPDATE job SET document = NULL WHERE visit = ? AND document IS NOT NULL"
            " AND state NOT IN ('queued', 'sending') AND NOT EXISTS (SELECT 1 FROM ticket WHERE ticket.job = job.id)",
            [visit],
        )

    def forget(self, before: int) -> None:
        """Erase the slips that were settled before that time (UTC ms)."""
        self._db.execute(
            "UPDATE job SET document = NULL WHERE changed < ? AND document IS NOT NULL"
            " AND state NOT IN ('queued', 'sending')",
            [before],
        )

    def record(self, job: int) -> JobRecord:
        """Return a job as it stands. Raises LookupError."""
        row = self._db.execute(f"SELECT {COLUMNS} FROM job WHERE id = ?", [job]).fetchone()
        if row is None:
            raise LookupError(f"no print job {job}")
        return msgspec.convert(dict(zip(JobRecord.__struct_fields__, row, strict=True)), JobRecord)

    def closes(self, job: int) -> int | None:
        """Return when the session of the job's ticket is over, UTC ms; None for a slip without a ticket."""
        row = self._db.execute("SELECT day, opens, closes FROM ticket WHERE job = ?", [job]).fetchone()
        return None if row is None else end(datetime.date.fromisoformat(row[0]), Session(row[1], row[2]))

    def change_roll(self, length: int, moment: int) -> None:
        """A technician put in a roll of `length` millimetres."""
        old = self.roll()
        self._db.execute("INSERT INTO roll (changed, length, used) VALUES (?, ?, 0)", [moment, length])
        data = {"length": length, "before": None if old is None else {"length": old.length, "used": old.used}}
        self._ledger.append("paper.roll", moment, data)

    def roll(self) -> Roll | None:
        """Return the roll that is in the printer; None before the first one was put in with a word to the journal."""
        row = next(iter(self._db.query("SELECT changed, length, used FROM roll ORDER BY id DESC LIMIT 1")), None)
        return None if row is None else msgspec.convert(row, Roll)

    def use(self) -> dict[datetime.date, int]:
        """Return the millimetres that were printed on each day that anything was."""
        rows = self._db.execute("SELECT day, millimetres FROM paper_use").fetchall()
        return {datetime.date.fromisoformat(day): used for day, used in rows}

    def _put_aside(self, record: JobRecord, moment: int) -> None:
        """Write down as what a job is left that is not printed any more by itself."""
        if not record.copies:
            self._db.execute("UPDATE job SET state = 'held', changed = ? WHERE id = ?", [moment, record.id])
            self._enter("paper.held", record, moment, {"proof": Proof.NONE, "mm": 0})
            return
        (dropped,) = self._db.execute("SELECT withdrawn FROM job WHERE id = ?", [record.id]).fetchone()
        self._become_unknown(record, moment, Unsure.DROPPED if dropped else Unsure.LEFT_TO_PRINTER, 0)

    def _lose_sight(self, record: JobRecord, moment: int) -> None:
        """The station ended while the job was being printed: all of its paper may have been used."""
        (slip,) = self._db.execute("SELECT document FROM job WHERE id = ?", [record.id]).fetchone()
        document = msgspec.json.decode(slip, type=Document)
        length = most(marked(document, record.copies - 1) if record.copies > 1 else document)
        self._become_unknown(record, moment, Unsure.RESTART, length)
        self._use(length, moment)

    def _become_unknown(self, record: JobRecord, moment: int, reason: Unsure, mm_most: int) -> None:
        self._db.execute(
            "UPDATE job SET state = 'unknown', proof = ?, changed = ? WHERE id = ?", [Proof.NONE, moment, record.id]
        )
        facts: dict[str, int | str] = {"proof": Proof.NONE, "mm_most": mm_most, "reason": reason}
        self._enter("paper.unknown", record, moment, facts)

    def _enter(self, kind: str, record: JobRecord, moment: int, facts: dict[str, int | str]) -> None:
        who = {"job": record.id, "title": record.title, "copy": record.copies, "condition": record.condition}
        self._ledger.append(kind, moment, {**who, **self._code(record.id), **facts})

    def _code(self, job: int) -> dict[str, str]:
        """The code of the job's ticket, if it has one: after a backup came back, number and job may be another's."""
        row = self._db.execute("SELECT code FROM ticket WHERE job = ?", [job]).fetchone()
        return {"code": row[0]} if row else {}

    def _use(self, millimetres: int, moment: int, slips: int = 1) -> None:
        if not millimetres:
            return
        day = datetime.datetime.fromtimestamp(moment / 1000, CHINA).date().isoformat()
        self._db.execute(
            "INSERT INTO paper_use VALUES (?, ?, ?) ON CONFLICT DO UPDATE"
            " SET millimetres = millimetres + excluded.millimetres, slips = slips + excluded.slips",
            [day, millimetres, slips],
        )
        self._db.execute("UPDATE roll SET used = used + ? WHERE id = (SELECT max(id) FROM roll)", [millimetres])

    def _has_slip(self, job: int) -> bool:
        row = self._db.execute("SELECT document IS NOT NULL FROM job WHERE id = ?", [job]).fetchone()
        return bool(row and row[0])


def _paper(outcome: Outcome) -> dict[str, int]:
    known = outcome.result is Result.PRINTED or not outcome.started
    return {"mm" if known else "mm_most": outcome.millimetres}
