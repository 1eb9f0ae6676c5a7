"""The chained entries of an open journal: appending, and what the center is known to have.

All methods run inside a transaction of the caller, who puts `place` back when it is rolled back.
"""

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec
from sqlite_utils import Database

from kiosk.wire.entries import GENESIS, Body, chain, sealed_digest
from kiosk.wire.exchange import ED25519, Downward

BEGUN = "epoch.begun"
RECOVERED = "entry.recovered"
"""Kinds of the first entry of a new epoch, and of one that holds an entry of the epoch before."""

RAISED = "numbers.raised"
"""Kind of the entry that says why numbers go on higher than the last one."""


class Place(msgspec.Struct, frozen=True):
    """Where the chain stands.

    `acknowledged`: the last entry of this epoch that the center has. `last_time`: the latest time of any entry, UTC
    milliseconds.
    """

    epoch: str
    seq: int
    head: bytes
    acknowledged: int
    last_time: int


class Waiting(msgspec.Struct, frozen=True):
    """An entry that the center is not known to have, as it was written."""

    seq: int
    body: bytes
    sealed: bytes | None
    hash: bytes


class KnownKey(msgspec.Struct, frozen=True):
    """A public key of a station. `until`: when another one took over, UTC milliseconds; None for the present one."""

    public: bytes
    until: int | None = None


class StationKeys(msgspec.Struct, frozen=True):
    """The keys of a station, the present one last: none when it is not known here, or was `revoked`."""

    keys: tuple[KnownKey, ...] = ()
    revoked: bool = False


class _Told(msgspec.Struct, frozen=True):
    station: str
    alg: str = ""
    public: str = ""
    since: int = 0


class Ledger:
    """The entries of one station's journal, in the thread that owns the database."""

    def __init__(self, db: Database, station: str, random_below: Callable[[int], int]) -> None:
        """Take up the chain where it ended, or start the first epoch."""
        self._db = db
        self._station = station
        self._random_below = random_below
        row = db.execute("SELECT value FROM meta WHERE key = 'epoch'").fetchone()
        self.fresh = row is None
        """Whether this database has only now got its first epoch."""
        if row is None:
            row = (self._new_epoch(),)
            db.execute("INSERT INTO meta VALUES ('epoch', ?)", row)
        epoch = str(row[0])
        seq, head = db.execute(
            "SELECT seq, hash FROM entry WHERE epoch = ? ORDER BY seq DESC LIMIT 1", [epoch]
        ).fetchone() or (0, GENESIS)
        last = db.execute("SELECT coalesce(max(time), 0) FROM entry").fetchone()[0]
        acknowledged = db.execute(
            "SELECT seq FROM entry WHERE epoch = ? AND acknowledged IS NOT NULL ORDER BY seq DESC LIMIT 1", [epoch]
        ).fetchone() or (0,)
        self.place = Place(epoch, seq, head, acknowledged[0], last)

    @property
    def epoch(self) -> str:
        """The epoch that is being written."""
        return self.place.epoch

    @property
    def seq(self) -> int:
        """The number of its last entry."""
        return self.place.seq

    @property
    def last_time(self) -> int:
        """The latest time of any entry, UTC milliseconds."""
        return self.place.last_time

    def append(self, kind: str, moment: int, data: dict[str, Any], sealed: bytes | None = None) -> None:
        """Add an entry. `sealed`: personal data of it, sealed for the center; only its digest enters the chain."""
        at = self.place
        body = Body(
            station=self._station,
            epoch=at.epoch,
            seq=at.seq + 1,
            kind=kind,
            time=moment,
            data=data,
            sealed=None if sealed is None else sealed_digest(sealed),
        ).encoded()
        digest = chain(at.head, body)
        self._db.execute(
            "INSERT INTO entry (epoch, seq, kind, time, body, sealed, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [at.epoch, at.seq + 1, kind, moment, body, sealed, digest],
        )
        self.place = Place(at.epoch, at.seq + 1, digest, at.acknowledged, max(at.last_time, moment))

    def begin(self, reason: str, moment: int) -> None:
        """Start a new epoch that says where the old one ended, and enter again what was not acknowledged there."""
        old = self.place
        rows = self._db.execute(
            "SELECT seq, body, sealed, hash FROM entry WHERE epoch = ? AND seq > ? ORDER BY seq",
            [old.epoch, old.acknowledged],
        ).fetchall()
        # What is sealed goes with the entry into the new epoch; here nobody would ever acknowledge and so erase it.
        self._db.execute(
            "UPDATE entry SET sealed = NULL WHERE sealed IS NOT NULL AND epoch = ? AND seq > ?",
            [old.epoch, old.acknowledged],
        )
        self.place = Place(self._new_epoch(), 0, GENESIS, 0, old.last_time)
        self._db.execute("UPDATE meta SET value = ? WHERE key = 'epoch'", [self.place.epoch])
        self.carry_on(reason, moment, old, [Waiting(*row) for row in rows], {})

    def carry_on(
        self, reason: str, moment: int, old: Place, waiting: Sequence[Waiting], details: Mapping[str, object]
    ) -> None:
        """Say in this epoch, which has no entry yet, that it follows `old`, and enter what waited there again."""
        before = {"epoch": old.epoch, "seq": old.seq, "head": old.head.hex()}
        self.append(BEGUN, moment, {"reason": reason, "before": before, "recovered": len(waiting), **details})
        for entry in waiting:
            # In base64, because a damaged entry need not be text, and its bytes must still match its hash.
            body = base64.b64encode(entry.body).decode()
            data = {"epoch": old.epoch, "seq": entry.seq, "hash": entry.hash.hex(), "body": body}
            self.append(RECOVERED, moment, data, entry.sealed)

    def acknowledge(self, epoch: str, seq: int, moment: int) -> None:
        """Mark the entries up to `seq` as held by the center; nothing to do when `epoch` is an earlier one."""
        at = self.place
        if epoch == at.epoch and seq > at.acknowledged:
            self._db.execute(
                "UPDATE entry SET acknowledged = ? WHERE epoch = ? AND seq > ? AND seq <= ?",
                [moment, epoch, at.acknowledged, seq],
            )
            self.place = Place(at.epoch, at.seq, at.head, min(seq, at.seq), at.last_time)

    def keep(self, items: Iterable[Downward], moment: int) -> int:
        """Keep the center's items behind what is kept, as they are; returns the number of the last one.

        Their numbers rise, but not always by one: a center that came back from a backup skips those that it lost.
        """
        last: int = self._db.execute("SELECT coalesce(max(seq), 0) FROM downward").fetchone()[0]
        for item in items:
            if item.seq > last:
                self._db.execute("INSERT INTO downward VALUES (?, ?, ?, ?)", [item.seq, item.kind, item.data, moment])
                last = item.seq
        return last

    def station_keys(self, number: str) -> StationKeys:
        """The public keys of a station by the center's word."""
        rows = self._db.execute(
            "SELECT kind, data, received FROM downward WHERE kind IN ('station.key', 'station.revoked') ORDER BY seq"
        ).fetchall()
        keys: list[KnownKey] = []
        revoked = False
        for kind, data, received in rows:
            told = msgspec.json.decode(data, type=_Told)
            if told.station != number:
                continue
            revoked = kind == "station.revoked"
            if revoked:
                keys = []
                continue
            keys = [msgspec.structs.replace(key, until=key.until or told.since or received) for key in keys]
            if told.alg == ED25519:
                keys.append(KnownKey(bytes.fromhex(told.public)))
        return StationKeys(tuple(keys), revoked)

    def erase_sealed(self, acknowledged_before: int) -> bool:
        """Erase sealed data that the center has had since before `acknowledged_before` (UTC ms); whether any was."""
        erased = self._db.execute(
            "UPDATE entry SET sealed = NULL WHERE sealed IS NOT NULL AND acknowledged < ?", [acknowledged_before]
        )
        return bool(erased.rowcount)

    def _new_epoch(self) -> str:
        return f"{self._random_below(2**64):016x}"
