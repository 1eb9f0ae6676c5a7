"""Slips of other stations' tickets in the journal: each one printed here is an entry, so that the center knows."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import msgspec
from sqlite_utils import Database

from kiosk.documents import Document, marked
from kiosk.journal.jobs import Jobs
from kiosk.journal.ledger import Ledger

KIND = "ticket.reprinted-elsewhere"
"""Kind of the entry: it is written where the slip is printed, not where the number was given out."""


class Reprints:
    """The reprints of one journal. Writes are one transaction each; moments are UTC milliseconds.

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

    def count(self, code: str) -> int:
        """How many slips of the ticket with that public code were asked for here."""
        row = self._db.execute("SELECT count FROM reprint WHERE code = ?", [code]).fetchone()
        return row[0] if row else 0

    def add(self, code: str, data: dict[str, str | int], slip: Document, visit: int, moment: int) -> int:
        """Write another reprint and its print job in one commit; returns the job. The slip is marked with its count."""
        with self._transaction():
            count = self.count(code) + 1
            job = self._jobs.add(slip.title, msgspec.json.encode(marked(slip, count)), visit, moment)
            self._db.execute(
                "INSERT INTO reprint VALUES (?, 1) ON CONFLICT (code) DO UPDATE SET count = count + 1", [code]
            )
            self._ledger.append(KIND, moment, {"code": code, "count": count, "job": job, **data})
        return job
