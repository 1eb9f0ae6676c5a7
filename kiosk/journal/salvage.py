"""Reads what can still be read of a damaged journal. The file is opened read-only and never changed.

Where it cannot be opened as it is, a copy is read whose header is made anew.

A table is read by ranges of row numbers; a range that cannot be read is halved, down to the single row. So a damaged
page costs the rows that it held and no other.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from sqlite_utils.utils import sqlite3

from kiosk.journal.database import escaped
from kiosk.journal.folder import journal_path, size_of
from kiosk.journal.header import copy_with_header
from kiosk.journal.ledger import Place, Waiting
from kiosk.journal.numbering import Limits
from kiosk.wire.entries import GENESIS, Unreadable, chain, read_body, sealed_digest

_CHUNK = 4096
"""Rows read at a time."""

_LEAST_ROW = 32
"""Bytes that a row of the table of entries takes at least; bounds how many there can be in the file."""

_FAILURES = 20_000
"""Reads that may fail before the rest counts as lost: a table whose root is damaged fails at each."""


class Salvage(msgspec.Struct, frozen=True):
    """What was readable.

    `place`: where the chain stood; its epoch is empty when not even that is known. `waiting`: entries that the center
    is not known to have, each sound in itself. `lost`: first and last number of the entries that should be there and
    are not, or were altered. `unknown`: no entry was readable, so nobody knows how many those are. `limits`: numbers
    given out, as far as known. `complete`: the counters were read whole.
    """

    place: Place
    waiting: tuple[Waiting, ...]
    lost: tuple[tuple[int, int], ...]
    unknown: bool
    limits: Limits
    complete: bool


class _Row(msgspec.Struct, frozen=True, array_like=True):
    seq: int
    kind: str
    time: int
    body: bytes
    sealed: bytes | None
    hash: bytes
    acknowledged: int | None


def salvage(folder: Path, mark: tuple[str, int], copy: Path) -> Salvage:
    """Read what can be read of the journal in `folder`; `mark`: how far the reserve says that it had come.

    `copy`: where a copy of it may be made, which is gone at the end. Raises OSError.
    """
    path = journal_path(folder)
    # Opened without its first page, SQLite would erase the log.
    connection = _open(path) if size_of(path) else None
    if connection is None:
        copy_with_header(path, copy)
        connection = _open(copy)
    try:
        if connection is None:
            return Salvage(Place(mark[0], mark[1], GENESIS, 0, 0), (), (), True, {}, complete=False)
        return _salvage(connection, mark)
    finally:
        if connection is not None:
            connection.close()
        for file in copy.parent.glob(f"{copy.name}*"):
            file.unlink()


def _open(path: Path) -> Any:
    # Without the second mode nothing is read where not even the log's index can be made.
    for mode in ("mode=ro", "mode=ro&immutable=1"):
        try:
            connection = sqlite3.connect(f"file:{escaped(path)}?{mode}", uri=True, timeout=5, isolation_level=None)
        except sqlite3.Error:
            continue
        try:
            for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
                connection.execute(f"PRAGMA {pragma}")
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.Error:
            connection.close()
        else:
            return connection
    return None


def _salvage(connection: Any, mark: tuple[str, int]) -> Salvage:
    epoch = _epoch(connection) or mark[0]
    limits, complete = _limits(connection)
    acknowledged, last_time = 0, 0
    last: tuple[int, bytes] = (0, GENESIS)
    before: _Row | None = None
    sound = False
    kept: list[Waiting] = []
    for row in _entries(connection, epoch):
        last_time = max(last_time, row.time)
        last = max(last, (row.seq, row.hash))
        if row.acknowledged is not None:
            acknowledged = max(acknowledged, row.seq)
            sound = True
        else:
            sound = _sound(row, before if sound else None, epoch)
            if sound:
                kept.append(Waiting(row.seq, row.body, row.sealed, row.hash))
        before = row
    kept.sort(key=lambda one: one.seq)
    newest = max(last[0], mark[1] if mark[0] == epoch else 0)
    lost = _gaps([one.seq for one in kept], acknowledged, newest)
    for one in kept:
        for key, number in _numbers(one.body):
            limits[key] = max(number, limits.get(key, 0))
    head = last[1] if last[0] == newest else GENESIS
    place = Place(epoch, newest, head, acknowledged, last_time)
    return Salvage(place, tuple(kept), lost, last[0] == 0, limits, complete)


def _epoch(connection: Any) -> str:
    for query in (
        "SELECT value FROM meta WHERE key = 'epoch'",
        "SELECT epoch FROM entry ORDER BY rowid DESC LIMIT 1",
        "SELECT epoch FROM entry INDEXED BY sqlite_autoindex_entry_1 LIMIT 1",
    ):
        try:
            row = connection.execute(query).fetchone()
        except sqlite3.Error:
            continue
        if row and isinstance(row[0], str):
            return row[0]
    return ""


def _sound(row: _Row, before: _Row | None, epoch: str) -> bool:
    """Whether an entry is what was written: by the hash that follows from `before`, or by what it says where there is
    no sound one before it."""
    try:
        body = read_body(row.body)
    except Unreadable:
        return False
    if (body.epoch, body.seq, body.kind, body.time) != (epoch, row.seq, row.kind, row.time):
        return False
    if row.sealed is not None and body.sealed != sealed_digest(row.sealed):
        return False
    if row.seq == 1:
        return chain(GENESIS, row.body) == row.hash
    if before is not None and before.seq == row.seq - 1:
        return chain(before.hash, row.body) == row.hash
    return True


def _numbers(body: bytes) -> Iterator[tuple[tuple[str, str], int]]:
    said = read_body(body)
    day, number = said.data.get("day"), said.data.get("number")
    if said.kind == "ticket.issued" and isinstance(day, str) and isinstance(number, str):
        running = number.rpartition("-")[2]
        if running.isdecimal():
            yield (day, number[0]), int(running)


def _gaps(present: Sequence[int], acknowledged: int, newest: int) -> tuple[tuple[int, int], ...]:
    gaps = []
    expected = acknowledged + 1
    for seq in [*present, newest + 1]:
        if seq > expected:
            gaps.append((expected, seq - 1))
        expected = max(expected, seq + 1)
    return tuple(gaps)


def _limits(connection: Any) -> tuple[dict[tuple[str, str], int], bool]:
    found: dict[tuple[str, str], int] = {}
    # From both ends, since a table without row numbers can only be read in its order.
    for order in ("ASC", "DESC"):
        cursor = connection.cursor()
        try:
            cursor.execute(f"SELECT day, theme, last FROM counter ORDER BY day {order}, theme {order}")
            for day, theme, last in cursor:
                if isinstance(day, str) and isinstance(theme, str) and isinstance(last, int):
                    found[day, theme] = last
        except sqlite3.Error:
            continue
        return found, True
    return found, False


def _entries(connection: Any, epoch: str) -> Iterator[_Row]:
    """All readable rows of the epoch, in the order of their row numbers; only what waits has its body."""
    query = (
        "SELECT seq, kind, time, CASE WHEN acknowledged IS NULL THEN body ELSE x'' END,"
        " CASE WHEN acknowledged IS NULL THEN sealed END, hash, acknowledged"
        " FROM entry NOT INDEXED WHERE rowid BETWEEN ? AND ? AND epoch = ? ORDER BY rowid"
    )
    failures = 0
    ranges = [(first, first + _CHUNK - 1) for first in range(1, _bound(connection) + 1, _CHUNK)]
    ranges.reverse()
    while ranges:
        first, last = ranges.pop()
        try:
            rows = connection.execute(query, [first, last, epoch]).fetchall()
        except sqlite3.Error:
            failures += 1
            if failures > _FAILURES:
                return
            if first < last:
                middle = (first + last) // 2
                ranges += [(middle + 1, last), (first, middle)]
            continue
        for row in rows:
            try:
                yield msgspec.convert(row, _Row)
            except msgspec.ValidationError:
                # A damaged page can still read as a row, with values of other types.
                continue


def _bound(connection: Any) -> int:
    try:
        return int(connection.execute("SELECT coalesce(max(rowid), 0) FROM entry").fetchone()[0])
    except sqlite3.Error:
        pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
        return int(pages * size) // _LEAST_ROW
