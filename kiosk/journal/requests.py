"""Residents' requests in the journal, found again by their public codes. What is personal of them is sealed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import msgspec
from sqlite_utils import Database

from kiosk.documents import Document
from kiosk.journal.jobs import Jobs
from kiosk.journal.ledger import Ledger
from kiosk.wire.entries import read_body
from kiosk.wire.requests import CANCELLED, MADE, RATED

Seal = Callable[[str, int], bytes]
"""Gives the personal data that belongs to entry `seq` of `epoch`, sealed for the center."""


class RequestRecord(msgspec.Struct, frozen=True):
    """A request of this station. `answers` are those that were not sealed, `time` UTC milliseconds."""

    code: str
    form: str
    answers: dict[str, str]
    time: int
    cancelled: bool


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

    def find(self, code: str) -> RequestRecord | None:
        """Return the request with that public code, None where this station took none.

        Entries are looked through from the newest: there are few requests among them, and few people ask.
        """
        row = self._newest(MADE, code)
        if row is None:
            return None
        data: dict[str, Any] = read_body(row[0]).data
        return RequestRecord(code, data["form"], data["answers"], row[1], self._newest(CANCELLED, code) is not None)

    def cancel(self, code: str, moment: int) -> None:
        """Write down that the resident calls a request off."""
        with self._transaction():
            self._ledger.append(CANCELLED, moment, {"code": code})

    def rate(self, code: str, data: dict[str, Any], moment: int) -> bool:
        """Write down how what has that public code was rated; False where it was rated before."""
        if self._newest(RATED, code):
            return False
        with self._transaction():
            self._ledger.append(RATED, moment, data)
        return True

    def _newest(self, kind: str, code: str) -> tuple[bytes, int] | None:
        row: tuple[bytes, int] | None = self._db.execute(
            "SELECT body, time FROM entry WHERE kind = ? AND json_extract(CAST(body AS TEXT), '$.data.code') = ?"
            " ORDER BY rowid DESC LIMIT 1",
            [kind, code],
        ).fetchone()
        return row
