"""The journal as a person looks through it: newest first, filtered, searched, counted. Read-only, beside the writer."""

from pathlib import Path
from types import TracebackType

import msgspec

from kiosk.journal.database import open_for_reading
from kiosk.journal.entries import Entered
from kiosk.journal.folder import journal_path
from kiosk.journal.jobs import COLUMNS, JobRecord
from kiosk.text import clean
from kiosk.tickets import masked
from kiosk.wire.entries import Unreadable, read_body

UNREADABLE = "?"
"""The words of an entry that cannot be read; the test of the chain tells what is wrong with it."""

_DATA = (
    "CASE WHEN json_valid(CAST(body AS TEXT)) THEN coalesce(json_extract(CAST(body AS TEXT), '$.data'), '') ELSE '' END"
)


class Printed(msgspec.Struct, frozen=True):
    """Slips that came out and the paper that they took, millimetres; `since`: the first day of it, ISO, or empty."""

    slips: int
    millimetres: int
    since: str = ""


def words_of(body: bytes) -> str:
    """Return the data of an entry as `name=value` pairs, cleaned, codes masked; UNREADABLE where it cannot be read."""
    try:
        data = read_body(body).data
    except Unreadable:
        return UNREADABLE
    return " ".join(f"{key}={masked(clean(str(value)))}" for key, value in data.items())


class Listing:
    """An open journal. Belongs to the thread that makes it; every call may raise sqlite3.Error."""

    def __init__(self, folder: Path) -> None:
        """Raises StateError."""
        self._db = open_for_reading(journal_path(folder))

    def __enter__(self) -> "Listing":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def count(self, beginnings: tuple[str, ...] = (), searched: str = "") -> int:
        """Return how many entries there are whose kind begins so, all with no `beginnings`, and whose data holds it."""
        where, values = _where(beginnings, searched)
        return int(self._db.execute(f"SELECT count(*) FROM entry WHERE {where}", values).fetchone()[0])

    def entries(self, beginnings: tuple[str, ...], searched: str, count: int, skip: int = 0) -> tuple[Entered, ...]:
        """Return `count` of these entries, newest first, behind the first `skip`."""
        where, values = _where(beginnings, searched)
        rows = self._db.execute(
            f"SELECT epoch, seq, kind, time, body, acknowledged IS NOT NULL FROM entry WHERE {where}"
            " ORDER BY rowid DESC LIMIT ? OFFSET ?",
            [*values, count, skip],
        ).fetchall()
        return tuple(
            Entered(epoch, seq, clean(kind, 40), time, words_of(body), bool(sent))
            for epoch, seq, kind, time, body, sent in rows
        )

    def made_since(self, moment: int) -> int:
        """Return how many entries were made after `moment`, UTC milliseconds."""
        return int(self._db.execute("SELECT count(*) FROM entry WHERE time > ?", [moment]).fetchone()[0])

    def backlog(self) -> tuple[tuple[str, int], ...]:
        """Return how many entries of each kind the center is not known to have, most first."""
        rows = self._db.execute(
            "SELECT kind, count(*) FROM entry WHERE acknowledged IS NULL"
            " AND epoch = (SELECT value FROM meta WHERE key = 'epoch') GROUP BY kind ORDER BY count(*) DESC, kind"
        ).fetchall()
        return tuple((clean(kind, 40), count) for kind, count in rows)

    def waiting_jobs(self) -> tuple[JobRecord, ...]:
        """Return the slips that did not come out, or of which nobody can say, oldest first."""
        rows = self._db.query(f"SELECT {COLUMNS} FROM job WHERE state IN ('held', 'unknown') ORDER BY id")
        return tuple(msgspec.convert(row, JobRecord) for row in rows)

    def printed(self) -> Printed:
        """Return what was printed since the journal was made."""
        slips, length, since = self._db.execute(
            "SELECT coalesce(sum(slips), 0), coalesce(sum(millimetres), 0), coalesce(min(day), '') FROM paper_use"
        ).fetchone()
        return Printed(slips, length, since)

    def slips_since(self, moment: int) -> int:
        """Return how many slips came out, proved, since `moment` (UTC ms)."""
        rows = self._db.execute("SELECT count(*) FROM entry WHERE kind = 'paper.printed' AND time >= ?", [moment])
        return int(rows.fetchone()[0])

    def ending(self, before: int) -> int:
        """Return how many slips that never came out were last touched before `before` (UTC ms) and are kept yet."""
        rows = self._db.execute("SELECT count(*) FROM job WHERE document IS NOT NULL AND changed < ?", [before])
        return int(rows.fetchone()[0])


def _where(beginnings: tuple[str, ...], searched: str) -> tuple[str, list[str]]:
    parts, values = ["1"], []
    if beginnings:
        parts.append("(" + " OR ".join("substr(kind, 1, length(?)) = ?" for _ in beginnings) + ")")
        values += [value for beginning in beginnings for value in (beginning, beginning)]
    if searched:
        parts.append(f"instr({_DATA}, ?) > 0")
        values.append(searched)
    return " AND ".join(parts), values
