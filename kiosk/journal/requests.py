"""Residents' requests in the journal, found again by their public codes. What is personal of them is sealed."""

from typing import Any

import msgspec
from sqlite_utils import Database

from kiosk.wire.entries import read_body

MADE, CANCELLED, RATED = "request.made", "request.cancelled", "rating.given"
"""Kinds of entries. All hold the `code` of the request, a rating also that of a ticket."""


class RequestRecord(msgspec.Struct, frozen=True):
    """A request of this station. `answers` are those that were not sealed, `time` UTC milliseconds."""

    code: str
    form: str
    answers: dict[str, str]
    time: int
    cancelled: bool


def find(db: Database, code: str) -> RequestRecord | None:
    """Return the request with that public code, None where this station took none.

    Entries are looked through from the newest: there are few requests among them, and few people ask.
    """
    row = _newest(db, MADE, code)
    if row is None:
        return None
    data: dict[str, Any] = read_body(row[0]).data
    return RequestRecord(code, data["form"], data["answers"], row[1], _newest(db, CANCELLED, code) is not None)


def rated(db: Database, code: str) -> bool:
    """Return whether what has that public code was rated at this station."""
    return _newest(db, RATED, code) is not None


def _newest(db: Database, kind: str, code: str) -> tuple[bytes, int] | None:
    row: tuple[bytes, int] | None = db.execute(
        "SELECT body, time FROM entry WHERE kind = ? AND json_extract(CAST(body AS TEXT), '$.data.code') = ?"
        " ORDER BY rowid DESC LIMIT 1",
        [kind, code],
    ).fetchone()
    return row
