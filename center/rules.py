"""What is done to the center's books, for every store alike. Each rule here belongs into one transaction.

No rule here rests on a lock: an entry and a notice each have a key that only one transaction can take, and whoever
comes second is tried again from its beginning.
"""

from collections.abc import Mapping

import msgspec

from center.asking import Insert, Rule, Statement, Table, Together
from center.kept import EarlierKey, Enrolled, KeyEnd
from center.taking import Batch, Declined, Held, Taken, judge, lacking
from kiosk.wire.exchange import DOWNWARD_LIMIT, ED25519, Downward, Heartbeat, Reason
from kiosk.wire.renewal import RenewalRequest

ASIDE_LIMIT = 10_000
"""Entries set aside for one station; a station that goes on contradicting itself must not fill the disk."""

STATION_KEY = "station.key"
STATION_REVOKED = "station.revoked"
SKIPPED = "skipped"

ENTRY = Table(
    "entry",
    (
        ("station", "text"),
        ("epoch", "text"),
        ("received", "bigint"),
        ("seq", "bigint"),
        ("body", "bytea"),
        ("sealed", "bytea"),
        ("hash", "bytea"),
    ),
)
ASIDE = Table(
    "aside",
    (
        ("station", "text"),
        ("epoch", "text"),
        ("seq", "bigint"),
        ("hash", "bytea"),
        ("reason", "text"),
        ("body", "bytea"),
        ("sealed", "bytea"),
        ("received", "bigint"),
    ),
    "ON CONFLICT DO NOTHING",
)
HEARTBEAT = Table(
    "heartbeat",
    (("station", "text"), ("heard", "bigint"), ("content", "bytea")),
    "ON CONFLICT (station) DO UPDATE SET heard = excluded.heard, content = excluded.content"
    " WHERE excluded.heard >= heartbeat.heard",
)

_STANDING = (
    "SELECT station.revoked, station.public, chain.seq, chain.head FROM station"
    " LEFT JOIN chain ON chain.station = station.number AND chain.epoch = ? WHERE station.number = ?"
)
_CHAIN = (
    "INSERT INTO chain (station, epoch, seq, head, begun, latest) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (station, epoch) DO UPDATE SET seq = excluded.seq, head = excluded.head, latest = excluded.latest"
)
_VOUCHER = (
    "INSERT INTO voucher (station, epoch, last, first, head, digest, signature, public, received)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_STATION = (
    "INSERT INTO station (number, public, enrolled, revoked) VALUES (?, ?, ?, 0) ON CONFLICT (number) DO UPDATE"
    " SET public = excluded.public, enrolled = excluded.enrolled, revoked = 0"
)
_END_KEY = "UPDATE station_key SET until = ?, ended = ? WHERE station = ? AND ended = ''"
_BEGIN_KEY = (
    "INSERT INTO station_key (station, public, since) VALUES (?, ?, ?) ON CONFLICT (station, public) DO UPDATE"
    " SET since = excluded.since, until = 0, ended = ''"
)
_CODE = (
    "INSERT INTO code (station, code, expires, used_by) VALUES (?, ?, ?, NULL) ON CONFLICT (station) DO UPDATE"
    " SET code = excluded.code, expires = excluded.expires, used_by = NULL"
)


def take(batch: Batch, public: bytes, now: int, *, earlier_key: bool = False) -> Rule[Taken | Declined]:
    """Store what is new in `batch`, with the watermark; or set it aside. `public`: the key that signed it.

    `earlier_key`: it may be one that the station had before and that was not revoked.
    All is written by one statement, in which the first new entry's key is free only as long as nobody else went on.
    """
    request, voucher = batch.request, batch.voucher
    station, epoch = request.station, request.epoch
    verdict, have = yield from _judged(batch, public, earlier_key=earlier_key)
    if isinstance(verdict, Declined):
        if verdict.aside_from:
            yield from _set_aside(batch, verdict, now)
        return verdict
    fresh = batch.entries_from(have.seq + 1)
    if fresh:
        rows = [(seq, entry.body, entry.sealed, digest) for seq, entry, digest in fresh]
        proof = voucher.head, voucher.digest, batch.signature, public
        yield Together(
            (
                Insert(ENTRY, rows, (station, epoch, now)),
                Statement(_CHAIN, (station, epoch, request.last, voucher.head, now, now)),
                Statement(_VOUCHER, (station, epoch, request.last, request.first, *proof, now)),
            )
        )
    return verdict


def judged(batch: Batch, public: bytes) -> Rule[Taken | Declined]:
    """Say what is to be done with `batch`, signed by the key `public`, without doing it."""
    verdict, _ = yield from _judged(batch, public)
    return verdict


def held(station: str, epoch: str) -> Rule[Held]:
    """How far the epoch is here."""
    rows = yield Statement("SELECT seq, head FROM chain WHERE station = ? AND epoch = ?", (station, epoch))
    return Held(*rows[0]) if rows else Held()


def station(number: str) -> Rule[Enrolled | None]:
    """The station with this number."""
    rows = yield Statement("SELECT number, public, enrolled, revoked FROM station WHERE number = ?", (number,))
    return Enrolled(*rows[0]) if rows else None


def set_code(number: str, code: bytes, expires: int) -> Rule[None]:
    """Let a station enrol with `code` until `expires` (UTC ms); an earlier code is void."""
    yield Statement(_CODE, (number, code, expires))


def code(number: str, public: bytes, now: int) -> Rule[bytes | None]:
    """The code with which the station of the key `public` may enrol now; once used, only for the same key again."""
    rows = yield Statement(
        "SELECT code FROM code WHERE station = ? AND expires > ? AND (used_by IS NULL OR used_by = ?)",
        (number, now, public),
    )
    return bytes(rows[0][0]) if rows else None


def enrol(enrolled: Enrolled) -> Rule[None]:
    """Enrol a station, or another machine in its place, use up its code, and tell all stations its key."""
    known = yield from station(enrolled.number)
    yield Statement(_STATION, (enrolled.number, enrolled.public, enrolled.enrolled))
    yield Statement("UPDATE code SET used_by = ? WHERE station = ?", (enrolled.public, enrolled.number))
    if known is None or known.revoked or known.public != enrolled.public:
        yield from _change_key(enrolled.number, enrolled.public, KeyEnd.REPLACED, enrolled.enrolled)


def renew(request: RenewalRequest, now: int) -> Rule[Declined | int]:
    """Let a station's new key take over, whose request both keys have signed; returns since when it holds.

    A request that comes again gives the same answer: the first one may have been lost.
    """
    known = yield from station(request.station)
    if known is None:
        return Declined(Reason.UNKNOWN_STATION, "no such station is enrolled here")
    if known.revoked:
        return Declined(Reason.REVOKED, "this station's key was revoked")
    rows = yield Statement("SELECT public, since, ended FROM station_key WHERE station = ?", (request.station,))
    keys = {bytes(public): (since, ended) for public, since, ended in rows}
    if known.public == request.new and keys.get(request.old, (0, ""))[1] == KeyEnd.RENEWED:
        return int(keys[request.new][0])
    if known.public != request.old:
        return Declined(Reason.BAD_SIGNATURE, "the present key of this station is another")
    if request.new in keys:
        return Declined(Reason.BAD_SIGNATURE, "this station had that key before; a key never comes back")
    yield Statement("UPDATE station SET public = ? WHERE number = ?", (request.new, request.station))
    yield from _change_key(request.station, request.new, KeyEnd.RENEWED, now)
    return now


def earlier_keys(number: str) -> Rule[tuple[EarlierKey, ...]]:
    """The keys that a station had before its present one, the newest first."""
    rows = yield Statement(
        "SELECT public, until, ended FROM station_key WHERE station = ? AND ended <> '' ORDER BY until DESC", (number,)
    )
    return tuple(EarlierKey(bytes(public), until, KeyEnd(ended)) for public, until, ended in rows)


def revoke(number: str, now: int) -> Rule[bool]:
    """Refuse this station from now on, and tell all others; False when it is not enrolled."""
    yield Statement("DELETE FROM code WHERE station = ?", (number,))
    changed = yield Statement(
        "UPDATE station SET revoked = ? WHERE number = ? AND revoked = 0 RETURNING number", (now, number)
    )
    if changed:
        yield Statement(_END_KEY, (now, KeyEnd.REVOKED.value, number))
        yield from publish(STATION_REVOKED, {"station": number}, now)
    return bool(changed)


def publish(kind: str, data: Mapping[str, str | int], now: int, station: str = "") -> Rule[None]:
    """Tell all stations something, or one of them, in an order that is the same for all."""
    content = msgspec.json.encode(data, order="sorted")
    seq = (yield from last_notice()) + 1
    yield Statement(
        "INSERT INTO notice (seq, kind, data, made, station) VALUES (?, ?, ?, ?, ?)", (seq, kind, content, now, station)
    )


def last_notice() -> Rule[int]:
    """The number of the newest notice, 0 before the first."""
    rows = yield Statement("SELECT coalesce(max(seq), 0) FROM notice")
    return int(rows[0][0])


def notices(station: str, after: int) -> Rule[tuple[Downward, ...] | None]:
    """What this station and all are told, from the item behind number `after` on, some of it at a time.

    None when number `after` was never given out here: this center was put back to a backup, see `skip_notices`.
    """
    rows = yield Statement(
        "SELECT seq, kind, data FROM notice WHERE station IN ('', ?) AND seq > ? ORDER BY seq LIMIT ?",
        (station, after, DOWNWARD_LIMIT),
    )
    if not rows and (yield from last_notice()) < after:
        return None
    return tuple(Downward(*row) for row in rows)


def skip_notices(seq: int, now: int) -> Rule[None]:
    """Let the next notice have a number above `seq`, which some station has seen: this center was put back."""
    if (yield from last_notice()) < seq:
        yield Statement("INSERT INTO notice (seq, kind, data, made) VALUES (?, ?, ?, ?)", (seq, SKIPPED, b"{}", now))


def beat(heartbeats: Mapping[str, tuple[int, Heartbeat]]) -> Rule[None]:
    """Keep the newest heartbeat of each station, with the time when it came."""
    # In one order everywhere, so that two who write at once wait for each other and not in a ring.
    yield Insert(
        HEARTBEAT,
        [(number, heard, msgspec.json.encode(content)) for number, (heard, content) in sorted(heartbeats.items())],
    )


def _change_key(number: str, public: bytes, end: KeyEnd, now: int) -> Rule[None]:
    """Let the station have the key `public` from now on, and tell all stations; `end`: why an earlier one ends."""
    yield Statement(_END_KEY, (now, end.value, number))
    yield Statement(_BEGIN_KEY, (number, public, now))
    yield from publish(STATION_KEY, {"station": number, "alg": ED25519, "public": public.hex(), "since": now}, now)


def _judged(batch: Batch, public: bytes, *, earlier_key: bool = False) -> Rule[tuple[Taken | Declined, Held]]:
    request = batch.request
    station, epoch = request.station, request.epoch
    # The key was good when the request's head came; what counts is that it still is.
    rows = yield Statement(_STANDING, (epoch, station))
    if not rows or rows[0][0]:
        return Declined(Reason.REVOKED, "this station's key was revoked"), Held()
    if rows[0][1] != public and not (earlier_key and (yield from _was_good(station, public))):
        return Declined(Reason.BAD_SIGNATURE, "this station has another key now"), Held()
    have = Held(*rows[0][2:]) if rows[0][2] else Held()
    stored: dict[int, bytes] = {}
    if request.first <= have.seq:
        rows = yield Statement(
            "SELECT seq, hash FROM entry WHERE station = ? AND epoch = ? AND seq BETWEEN ? AND ?",
            (station, epoch, request.first - 1, request.last),
        )
        stored = {seq: bytes(digest) for seq, digest in rows}
    verdict = judge(batch, have, stored.__getitem__)
    if not isinstance(verdict, Taken) or not request.earlier:
        return verdict, have
    known: dict[str, Held] = {}
    for earlier in request.earlier:
        known[earlier.epoch] = yield from held(station, earlier.epoch)
    return msgspec.structs.replace(verdict, want=lacking(batch, known.__getitem__)), have


def _was_good(number: str, public: bytes) -> Rule[bool]:
    earlier = yield from earlier_keys(number)
    return any(key.public == public and key.end is not KeyEnd.REVOKED for key in earlier)


def _set_aside(batch: Batch, verdict: Declined, now: int) -> Rule[None]:
    station, epoch = batch.request.station, batch.request.epoch
    rows = yield Statement("SELECT count(*) FROM aside WHERE station = ?", (station,))
    room = max(0, ASIDE_LIMIT - int(rows[0][0]))
    yield Insert(
        ASIDE,
        [
            (station, epoch, seq, digest, verdict.reason.value, entry.body, entry.sealed, now)
            for seq, entry, digest in batch.entries_from(verdict.aside_from)[:room]
        ],
    )
