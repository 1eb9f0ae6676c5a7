"""Residents' requests in the journal, found again by their public codes. What is personal of them is sealed."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, suppress
from typing import Any

import msgspec
from sqlite_utils import Database

from kiosk.documents import Document
from kiosk.journal.database import ENTRY_CODE, REQUEST_ENTRY, REQUEST_TOLD, TOLD_CODE, TOLD_PROJECT
from kiosk.journal.jobs import Jobs
from kiosk.journal.ledger import Ledger
from kiosk.wire.entries import Unreadable, read_body
from kiosk.wire.requests import CANCELLED, MADE, RATED, Told, read_told

NEWEST = 100
"""Items that are read of what the center told of a request or a project; the newest."""

Seal = Callable[[str, int], bytes]
"""Gives the personal data that belongs to entry `seq` of `epoch`, sealed for the center."""


class RequestRecord(msgspec.Struct, frozen=True):
    """A request of this station. `answers` are those that were not sealed, `time` UTC milliseconds.

    `reported`: the center is known to have it.
    """

    code: str
    form: str
    answers: dict[str, str]
    time: int
    reported: bool


class Known(msgspec.Struct, frozen=True):
    """All that is known here of a public code. `made`: the request, where this station took it.

    `cancelled`: when it was called off at this station, 0 when it was not. `told`: what the center last said of it.
    `heard`: when the center was last known to say anything, 0 for never. Times are UTC milliseconds.
    """

    made: RequestRecord | None
    cancelled: int
    told: Told | None
    heard: int


class Requests:
    """The requests and ratings of one journal. Each write is one transaction; moments are UTC milliseconds.

    All raise sqlite3.Error or OSError; nothing has happened then.
    """

    def __init__(
        self, db: Database, ledger: Ledger, jobs: Jobs, transaction: Callable[[], AbstractContextManager[None]]
    ) -> None:
        """`transaction()` is one of the journal that `ledger` and `jobs` belong to."""
        self._db = db
        self._ledger = ledger
        self._jobs = jobs
        self._transaction = transaction

    def make(self, data: dict[str, Any], slip: Document, visit: int, moment: int, seal: Seal | None) -> int:
        """Write a resident's request and the print job of its slip in one commit; returns the job.

        `data` holds its code, and nothing of what `seal` gives.
        """
        document = msgspec.json.encode(slip)
        with self._transaction():
            epoch, seq = self._ledger.epoch, self._ledger.seq + 1
            job = self._jobs.add(slip.title, document, visit, moment)
            self._ledger.append(MADE, moment, {**data, "job": job}, seal(epoch, seq) if seal else None)
        return job

    def find(self, code: str, code_digest: str) -> Known:
        """Return what is known of the request with that public code, whose digest is `code_digest`."""
        row, made = self._newest(MADE, code), None
        if row is not None:
            body, time, acknowledged = row
            data: dict[str, Any] = read_body(body).data
            made = RequestRecord(code, data["form"], data["answers"], time, acknowledged is not None)
        cancelled = self._newest(CANCELLED, code)
        told = next(self._told(TOLD_CODE, code_digest), None)
        return Known(made, cancelled[1] if cancelled else 0, told, self._heard())

    def of_project(self, project_digest: str) -> tuple[Told, ...]:
        """Return what the center told of all requests of a project, newest first."""
        return tuple(self._told(TOLD_PROJECT, project_digest))

    def cancel(self, code: str, moment: int) -> None:
        """Write down that the resident calls a request off."""
        with self._transaction():
            self._ledger.append(CANCELLED, moment, {"code": code})

    def rated(self, code: str) -> bool:
        """Whether what has that public code was rated at this station."""
        return self._newest(RATED, code) is not None

    def rate(self, code: str, data: dict[str, Any], moment: int) -> bool:
        """Write down how what has that public code was rated; False where it was rated before."""
        if self.rated(code):
            return False
        with self._transaction():
            self._ledger.append(RATED, moment, data)
        return True

    def _newest(self, kind: str, code: str) -> tuple[bytes, int, int | None] | None:
        row: tuple[bytes, int, int | None] | None = self._db.execute(
            f"SELECT body, time, acknowledged FROM entry WHERE {REQUEST_ENTRY} AND {ENTRY_CODE} = ? AND kind = ?"
            " ORDER BY rowid DESC LIMIT 1",
            [code, kind],
        ).fetchone()
        return row

    def _told(self, what: str, digest: str) -> Iterator[Told]:
        rows = self._db.execute(
            f"SELECT data FROM downward WHERE {REQUEST_TOLD} AND {what} = ? ORDER BY seq DESC LIMIT ?", [digest, NEWEST]
        ).fetchall()
        for (data,) in rows:
            # What a newer center tells otherwise is kept for a newer program.
            with suppress(Unreadable):
                yield read_told(data)

    def _heard(self) -> int:
        (heard,) = self._db.execute(
            "SELECT max(coalesce((SELECT received FROM downward ORDER BY seq DESC LIMIT 1), 0), coalesce(("
            "SELECT acknowledged FROM entry WHERE acknowledged IS NOT NULL ORDER BY rowid DESC LIMIT 1), 0))"
        ).fetchone()
        return int(heard)
