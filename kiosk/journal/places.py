"""Lent places in the journal: what the center lent, what of it is sold, and the appointments by their public codes.

Places are for sale only when the center has shown, since this process began, that it has nothing of this journal that
is not here: a whole folder that came back from a backup would otherwise sell again what it sold already.
"""

import datetime
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import msgspec
from sqlite_utils import Database

from kiosk.appointments import Holding, Loan, NoPlace, Slot
from kiosk.documents import Document
from kiosk.hours import CHINA, Session, read_session
from kiosk.journal.jobs import JobRecord, Jobs
from kiosk.journal.ledger import Ledger
from kiosk.tickets import REPEAT_SECONDS, new_code
from kiosk.wire.entries import Unreadable
from kiosk.wire.exchange import Downward
from kiosk.wire.places import BOOKED, CANCELLED, CHANGED, LENT, RETURNED, Lent, read_lent

_HOLDINGS = (
    "SELECT id, epoch, theme, day, opens, closes, places, lent, returned,"
    " (SELECT count(*) FROM appointment WHERE appointment.loan = loan.id AND state = 'booked') FROM loan"
)


class Wish(msgspec.Struct, frozen=True):
    """What a place is wanted for: `subject` is the id of the package or channel.

    `moment`: UTC milliseconds, `doubtful` as the clock says.
    """

    slot: Slot
    subject: str
    visit: int
    moment: int
    doubtful: bool


class Appointment(msgspec.Struct, frozen=True):
    """A place that was sold. `turn`: how often it was changed. `cancelled`: its holder called it off."""

    code: str
    slot: Slot
    subject: str
    turn: int
    cancelled: bool
    doubtful: bool


Compose = Callable[[Appointment], Document]
"""Makes the slip of an appointment."""


class Places:
    """The loans and appointments of one journal. Each write is one transaction; moments are UTC milliseconds.

    All raise sqlite3.Error or OSError; nothing has happened then.
    """

    def __init__(
        self,
        db: Database,
        ledger: Ledger,
        jobs: Jobs,
        station: str,
        transaction: Callable[[], AbstractContextManager[None]],
        step: Callable[[str], None],
    ) -> None:
        """`transaction()` is one of the journal that `ledger` and `jobs` belong to; `step` is told each step."""
        self._db = db
        self._ledger = ledger
        self._jobs = jobs
        self._station = station
        self._transaction = transaction
        self._step = step
        self._attested = False

    def attest(self, epoch: str) -> None:
        """The center has shown that it has nothing of `epoch` that is not here."""
        self._attested = self._attested or epoch == self._ledger.epoch

    def learn(self, items: Iterable[Downward]) -> None:
        """Take in the loans among what the center sent; those to another epoch are void. Inside a transaction."""
        for item in items:
            if item.kind != LENT:
                continue
            try:
                lent = read_lent(item.data)
            except Unreadable:
                # What a newer center lends otherwise is not for this program; there it stays lent.
                continue
            if (lent.station, lent.epoch) == (self._station, self._ledger.epoch):
                session = read_session(lent.session)
                self._db.execute(
                    "INSERT INTO loan (id, epoch, theme, day, opens, closes, places, lent)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                    [
                        lent.loan,
                        lent.epoch,
                        lent.theme,
                        lent.day,
                        session.opens,
                        session.closes,
                        lent.places,
                        lent.lent,
                    ],
                )

    def free(self, now: int) -> dict[Slot, int]:
        """Places for sale at `now`, by slot; no slot without any."""
        found: dict[Slot, int] = {}
        for holding in self._for_sale(now):
            slot = holding.loan.slot
            found[slot] = found.get(slot, 0) + holding.free
        return found

    def book(self, wish: Wish, compose: Compose) -> tuple[Appointment, int, bool]:
        """Sell a place: appointment, print job and chained entry in one commit.

        Returns the appointment, its print job, and whether it is the one that the same visit got a moment ago (a second
        touch). Raises NoPlace.
        """
        if again := self._just_booked(wish):
            return *again, True
        made = Appointment(new_code(secrets.randbelow), wish.slot, wish.subject, 0, False, wish.doubtful)
        document = compose(made)
        with self._transaction():
            loan = self._sell(wish.slot, wish.moment)
            job = self._add(document, wish)
            self._enter(BOOKED, made, loan, job, wish.moment)
            self._step("place sold")
            self._db.execute(
                "INSERT INTO appointment (code, theme, day, opens, closes, state, job, epoch, seq, loan, turn, subject,"
                " visit, booked, doubtful) VALUES (?, ?, ?, ?, ?, 'booked', ?, ?, ?, ?, 0, ?, ?, ?, ?)",
                [
                    made.code,
                    *_columns(wish.slot),
                    job,
                    self._ledger.epoch,
                    self._ledger.seq,
                    loan.id,
                    wish.subject,
                    wish.visit,
                    wish.moment,
                    wish.doubtful,
                ],
            )
        self._step("committed")
        return made, job, False

    def change(self, code: str, wish: Wish, compose: Compose) -> tuple[Appointment, int]:
        """Sell another place to the holder of `code` and take the one before back; returns it and its print job.

        Raises NoPlace, also where there is no such appointment any more; the one before stays then.
        """
        found = self.find(code)
        if found is None or found[0].cancelled:
            raise NoPlace
        before = found[0]
        made = msgspec.structs.replace(before, slot=wish.slot, turn=before.turn + 1, doubtful=wish.doubtful)
        document = compose(made)
        with self._transaction():
            loan = self._sell(wish.slot, wish.moment)
            job = self._add(document, wish)
            self._enter(CHANGED, made, loan, job, wish.moment)
            self._step("place sold")
            self._db.execute(
                "UPDATE appointment SET theme = ?, day = ?, opens = ?, closes = ?, job = ?, epoch = ?, seq = ?,"
                " loan = ?, turn = ?, doubtful = ? WHERE code = ?",
                [
                    *_columns(wish.slot),
                    job,
                    self._ledger.epoch,
                    self._ledger.seq,
                    loan.id,
                    made.turn,
                    wish.doubtful,
                    code,
                ],
            )
        self._step("committed")
        return made, job

    def cancel(self, code: str, moment: int) -> bool:
        """Take the place of `code` back; False where there is none any more."""
        found = self.find(code)
        if found is None or found[0].cancelled:
            return False
        with self._transaction():
            self._ledger.append(CANCELLED, moment, {"code": code})
            self._step("place taken back")
            self._db.execute("UPDATE appointment SET state = 'cancelled' WHERE code = ?", [code])
        self._step("committed")
        return True

    def find(self, code: str) -> tuple[Appointment, JobRecord] | None:
        """Return the appointment with that public code and its newest print job; None where this station made none."""
        row = next(iter(self._db.query("SELECT * FROM appointment WHERE code = ?", [code])), None)
        return None if row is None else (_appointment(row), self._jobs.record(row["job"]))

    def give_back(self, now: int) -> int:
        """Give back, for good, the places that nobody has taken and others may sell yet; returns how many."""
        epoch = self._ledger.epoch
        due = [(one.loan.id, one.due_back(epoch, now)) for one in self._for_sale(now)]
        due = [(loan, places) for loan, places in due if places]
        if due:
            with self._transaction():
                for loan, places in due:
                    self._ledger.append(RETURNED, now, {"loan": loan, "places": places})
                    self._db.execute("UPDATE loan SET returned = returned + ? WHERE id = ?", [places, loan])
                    self._step("places given back")
        return sum(places for _, places in due)

    def _for_sale(self, now: int) -> Iterator[Holding]:
        if not self._attested:
            return
        epoch = self._ledger.epoch
        for row in self._db.execute(f"{_HOLDINGS} WHERE epoch = ? ORDER BY lent, id", [epoch]).fetchall():
            holding = _holding(row)
            if holding.for_sale(epoch, now):
                yield holding

    def _sell(self, slot: Slot, moment: int) -> Loan:
        for holding in self._for_sale(moment):
            if holding.loan.slot == slot:
                return holding.sell(self._ledger.epoch, moment).loan
        raise NoPlace

    def _add(self, document: Document, wish: Wish) -> int:
        return self._jobs.add(document.title, msgspec.json.encode(document), wish.visit, wish.moment)

    def _enter(self, kind: str, made: Appointment, loan: Loan, job: int, moment: int) -> None:
        data: dict[str, Any] = {
            "code": made.code,
            "loan": loan.id,
            "theme": made.slot.theme,
            "day": made.slot.day.isoformat(),
            "session": made.slot.session.label,
            "subject": made.subject,
            "turn": made.turn,
            "doubtful": made.doubtful,
            "job": job,
        }
        self._ledger.append(kind, moment, data)

    def _just_booked(self, wish: Wish) -> tuple[Appointment, int] | None:
        row = next(
            iter(
                self._db.query(
                    "SELECT * FROM appointment WHERE visit = ? AND theme = ? AND day = ? AND opens = ? AND closes = ?"
                    " AND state = 'booked' AND abs(booked - ?) <= ? LIMIT 1",
                    [wish.visit, *_columns(wish.slot), wish.moment, REPEAT_SECONDS * 1000],
                )
            ),
            None,
        )
        return (_appointment(row), row["job"]) if row else None


def inventory(db: Database, station: str, limit: int) -> tuple[Lent, ...]:
    """The loans that a journal knows, of all epochs, the newest `limit` whose day may not be over.

    Which days are over is told by the center's own times, not by a clock that may be wrong.
    """
    (newest,) = db.execute("SELECT coalesce(max(lent), 0) FROM loan").fetchone()
    today = datetime.datetime.fromtimestamp(newest / 1000, CHINA).date().isoformat()
    rows = db.execute(f"{_HOLDINGS} WHERE day >= ? ORDER BY lent DESC, id LIMIT ?", [today, limit]).fetchall()
    return tuple(_lent(_holding(row).loan, station) for row in rows)


def _lent(loan: Loan, station: str) -> Lent:
    slot = loan.slot
    return Lent(
        loan=loan.id,
        station=station,
        epoch=loan.epoch,
        theme=slot.theme,
        day=slot.day.isoformat(),
        session=slot.session.label,
        places=loan.places,
        lent=loan.lent,
    ).proved()


def _columns(slot: Slot) -> tuple[str, str, int, int]:
    return slot.theme, slot.day.isoformat(), slot.session.opens, slot.session.closes


def _slot(theme: str, day: str, opens: int, closes: int) -> Slot:
    return Slot(theme, datetime.date.fromisoformat(day), Session(opens, closes))


def _holding(row: tuple[Any, ...]) -> Holding:
    loan, epoch, theme, day, opens, closes, places, lent, returned, sold = row
    return Holding(Loan(loan, epoch, _slot(theme, day, opens, closes), places, lent), sold, returned)


def _appointment(row: dict[str, Any]) -> Appointment:
    return Appointment(
        row["code"],
        _slot(row["theme"], row["day"], row["opens"], row["closes"]),
        row["subject"],
        row["turn"],
        row["state"] == "cancelled",
        bool(row["doubtful"]),
    )
