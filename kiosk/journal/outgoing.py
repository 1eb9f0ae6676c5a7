"""What of the journal the center does not have yet, read beside the writer by whoever carries it there."""

from pathlib import Path

import msgspec

from kiosk.journal.database import open_for_reading
from kiosk.journal.folder import journal_path
from kiosk.journal.places import inventory
from kiosk.wire.entries import GENESIS, chain
from kiosk.wire.exchange import EARLIER_LIMIT, Carried, Upto
from kiosk.wire.places import LOANS_LIMIT, Lent
from kiosk.wire.release import NOTICE, Offer


class Run(msgspec.Struct, frozen=True):
    """Entries that follow one another, and where they stand.

    `before`: hash of the entry before `first`. `hashes`: one for each entry. `newest`: number of the epoch's last
    entry that the center has or is to get. `oldest`: time of the first of `entries`, UTC milliseconds, 0 when there is
    none. `fault`: what is wrong with the entry after them, so that none follows; empty when nothing is. `earlier`: what
    the center confirmed of epochs before the present one. `past`: this run is of one of those.
    """

    epoch: str
    first: int
    before: bytes
    entries: tuple[Carried, ...]
    hashes: tuple[bytes, ...]
    newest: int
    oldest: int = 0
    fault: str = ""
    earlier: tuple[Upto, ...] = ()
    past: bool = False

    @property
    def last(self) -> int:
        """The number of the last entry, `first` - 1 when there is none."""
        return self.first + len(self.entries) - 1

    @property
    def head(self) -> bytes:
        """The hash at `last`."""
        return self.hashes[-1] if self.hashes else self.before

    def hash_at(self, seq: int) -> bytes:
        """The hash at entry `seq`, which is at least `first` - 1 and at most `last`."""
        return self.before if seq < self.first else self.hashes[seq - self.first]


class Outgoing:
    """Reads runs of entries. Belongs to the thread that makes it; the journal must have been made."""

    def __init__(self, folder: Path) -> None:
        """Open the journal of a state folder read-only. Raises StateError."""
        self._db = open_for_reading(journal_path(folder))
        self._acknowledged: tuple[str, int] = ("", 0)
        self._earlier: tuple[Upto, ...] = ()

    def run(self, first: int | None, count: int, size: int, past: str | None = None) -> Run:
        """Return at most `count` entries of the present epoch with at most `size` bytes, but one if there is any.

        They begin with number `first`, or with None after what is acknowledged. Each one's hash is checked. `past`: an
        earlier epoch to take instead, as far as it was acknowledged. Raises sqlite3.Error.
        """
        self._db.execute("BEGIN")
        try:
            return self._run(first, count, size, past)
        finally:
            self._db.execute("ROLLBACK")

    def cursor(self) -> int:
        """The number of the last item kept of what the center sent."""
        return self._one("SELECT max(seq) FROM downward") or 0

    def loans(self, station: str) -> tuple[Lent, ...]:
        """The loans that the journal knows, of all epochs, whose day may not be over."""
        return inventory(self._db, station, LOANS_LIMIT)

    def offered(self) -> int:
        """The version of the newest release that the center has told of, 0 before the first."""
        row = self._db.execute(
            "SELECT data FROM downward WHERE kind = ? ORDER BY seq DESC LIMIT 1", [NOTICE]
        ).fetchone()
        return msgspec.json.decode(row[0], type=Offer).version if row else 0

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _run(self, first: int | None, count: int, size: int, past: str | None) -> Run:
        epoch = str(self._db.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()[0])
        waiting = self._first_waiting(epoch)
        newest: int = self._one("SELECT max(seq) FROM entry WHERE epoch = ?", epoch) or 0
        if past is not None:
            epoch, waiting = past, 1
            newest = next((one.seq for one in self._earlier if one.epoch == past), 0)
        first = min(first or waiting, newest + 1)
        head = self._hash(epoch, first - 1)
        if head is None:
            return Run(epoch, first, GENESIS, (), (), newest, fault=f"entry {first - 1} is missing")
        before = head
        entries: list[Carried] = []
        hashes: list[bytes] = []
        oldest, fault = 0, ""
        rows = self._db.execute(
            "SELECT seq, time, body, sealed, hash FROM entry WHERE epoch = ? AND seq BETWEEN ? AND ? ORDER BY seq",
            [epoch, first, min(newest, first + count - 1)],
        ).fetchall()
        for seq, time, body, sealed, stored in rows:
            size -= len(body) + len(sealed or b"")
            if size < 0 and entries:
                break
            if seq != first + len(entries):
                fault = f"entry {first + len(entries)} is missing"
                break
            head = chain(head, body)
            if head != stored:
                fault = f"entry {seq} was altered"
                break
            oldest = oldest or time
            entries.append(Carried(body, sealed))
            hashes.append(head)
        return Run(
            epoch, first, before, tuple(entries), tuple(hashes), newest, oldest, fault, self._earlier, past is not None
        )

    def _first_waiting(self, epoch: str) -> int:
        # What is acknowledged is a beginning of the epoch, so the search may start where the last one ended.
        if self._acknowledged[0] != epoch:
            last = self._one(
                "SELECT seq FROM entry WHERE epoch = ? AND acknowledged IS NOT NULL ORDER BY seq DESC LIMIT 1", epoch
            )
            self._earlier = self._confirmed_before(epoch)
        else:
            waiting = self._one(
                "SELECT seq FROM entry WHERE epoch = ? AND seq > ? AND acknowledged IS NULL ORDER BY seq LIMIT 1",
                *self._acknowledged,
            )
            last = waiting - 1 if waiting else self._one("SELECT max(seq) FROM entry WHERE epoch = ?", epoch)
        self._acknowledged = (epoch, last or 0)
        return self._acknowledged[1] + 1

    def _confirmed_before(self, epoch: str) -> tuple[Upto, ...]:
        # Earlier epochs never change, so this is read once in each.
        rows = self._db.execute(
            "SELECT epoch, max(seq) FROM entry WHERE epoch != ? AND acknowledged IS NOT NULL GROUP BY epoch"
            " ORDER BY max(rowid) DESC LIMIT ?",
            [epoch, EARLIER_LIMIT],
        ).fetchall()
        return tuple(Upto(*row) for row in rows)

    def _hash(self, epoch: str, seq: int) -> bytes | None:
        if seq == 0:
            return GENESIS
        row = self._db.execute("SELECT hash FROM entry WHERE epoch = ? AND seq = ?", [epoch, seq]).fetchone()
        return row and bytes(row[0])

    def _one(self, query: str, *values: str | int) -> int | None:
        row = self._db.execute(query, values).fetchone()
        return row[0] if row else None
