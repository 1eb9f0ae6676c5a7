"""Calling the numbers of the hall: whose turn it is, over the tickets of all stations, for every store alike.

Calls are the center's own facts, not made from entries, and stay when projections are made anew. Each has its turn in
its queue for a key, so of two windows that call at once one takes the turn and the other is tried again from its
beginning, and finds the next ticket. A ticket that reaches the center late has its place by the time it was issued.
"""

import datetime
from collections.abc import Iterable

import msgspec

from center.asking import Rule, Statement
from kiosk.tickets import InLine, Priority, calling_order

TWICE_MS = 5_000
"""A window that calls again within this time of its own call has started the command twice; it gets the same call."""

ERASED_DAYS = 31
"""How far back grounds are looked for that are to be erased; a station that was cut off for longer is looked after."""

_CALLS = (
    "SELECT turn, station, code, number, issued, priority, place, called, repeated, absent FROM call"
    " WHERE theme = ? AND day = ? AND session = ? ORDER BY turn"
)
_TICKETS = "SELECT number, issued, priority, station, code FROM ticket WHERE theme = ? AND day = ? AND session = ?"
_CALL = (
    "INSERT INTO call (theme, day, session, turn, station, code, number, issued, priority, place, called)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_TURN = "theme = ? AND day = ? AND session = ? AND turn = ?"


class HallQueue(msgspec.Struct, frozen=True):
    """All tickets of a theme (its letter) for one session (`08:30-12:00`) of one day (ISO 8601)."""

    theme: str
    day: str
    session: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What its rows are found by."""
        return self.theme, self.day, self.session


class Call(msgspec.Struct, frozen=True):
    """A ticket that was called to a service window. Times in UTC milliseconds.

    `turn`: how many were called before it, and one. `repeated`: how often it was called again. `absent`: when it was
    marked that nobody came, 0 when it was not.
    """

    turn: int
    station: str
    code: str
    number: str
    issued: int
    priority: bool
    window: str
    called: int
    repeated: int = 0
    absent: int = 0


class Turn(msgspec.Struct, frozen=True):
    """What calling led to. `call` is None when nobody waits, `waiting` how many still do.

    `twice`: the command was started twice, and this is what the first start called.
    """

    call: Call | None
    waiting: int
    twice: bool = False


class Behind(msgspec.Struct, frozen=True):
    """What stands behind a call at the center.

    The ground for priority is sealed in entry `seq` of `epoch` of its station; None where there was nothing to seal it
    with, or it was erased.
    """

    package: str
    epoch: str
    seq: int
    sealed: bytes | None


Waiting = dict[InLine, tuple[str, str]]
"""Tickets with station and code."""


def call_next(queue: HallQueue, window: str, rule: Priority, now: int) -> Rule[Turn]:
    """Call the ticket whose turn it is to `window`, at `now` (UTC ms)."""
    before = yield from calls(queue)
    line = yield from waiting(queue, before)
    last = latest(before, window)
    if last and not last.absent and abs(now - last.called) < TWICE_MS:
        return Turn(last, len(line), twice=True)
    order = calling_order(line, map(in_line, before), rule)
    if not order:
        return Turn(None, 0)
    first, (station, code) = order[0], line[order[0]]
    call = Call(len(before) + 1, station, code, first.number, first.issued, first.priority, window, now)
    who = call.station, call.code, call.number, call.issued, int(call.priority)
    yield Statement(_CALL, (*queue.key, call.turn, *who, window, now))
    return Turn(call, len(line) - 1)


def call_again(queue: HallQueue, window: str) -> Rule[Turn]:
    """Repeat the last call of `window`."""
    before = yield from calls(queue)
    last = latest(before, window)
    if last:
        yield Statement(f"UPDATE call SET repeated = repeated + 1 WHERE {_TURN}", (*queue.key, last.turn))
        last = msgspec.structs.replace(last, repeated=last.repeated + 1)
    return Turn(last, len((yield from waiting(queue, before))))


def mark_absent(queue: HallQueue, window: str, now: int) -> Rule[Turn]:
    """Mark that nobody came upon the last call of `window`. `twice`: that was marked before."""
    before = yield from calls(queue)
    line = yield from waiting(queue, before)
    last = latest(before, window)
    if last is None or last.absent:
        return Turn(last, len(line), twice=last is not None)
    yield Statement(f"UPDATE call SET absent = ? WHERE {_TURN}", (now, *queue.key, last.turn))
    return Turn(msgspec.structs.replace(last, absent=now), len(line))


def behind(call: Call) -> Rule[Behind | None]:
    """What stands behind a call; None while projections are being made anew."""
    rows = yield Statement(
        "SELECT ticket.package, ticket.epoch, ticket.seq, entry.sealed FROM ticket LEFT JOIN entry"
        " ON entry.station = ticket.station AND entry.epoch = ticket.held_epoch AND entry.seq = ticket.held_seq"
        " WHERE ticket.station = ? AND ticket.code = ?",
        (call.station, call.code),
    )
    if not rows:
        return None
    package, epoch, seq, sealed = rows[0]
    return Behind(package, epoch, seq, None if sealed is None else bytes(sealed))


def erase_grounds(day: str) -> Rule[None]:
    """Erase the sealed grounds of the days before `day` (ISO 8601): whoever was to be served then was."""
    earliest = (datetime.date.fromisoformat(day) - datetime.timedelta(days=ERASED_DAYS)).isoformat()
    yield Statement(
        "UPDATE entry SET sealed = NULL WHERE sealed IS NOT NULL AND (station, epoch, seq) IN"
        " (SELECT station, held_epoch, held_seq FROM ticket WHERE priority = 1 AND day < ? AND day >= ?)",
        (day, earliest),
    )


def elsewhere(queue: HallQueue) -> Rule[tuple[tuple[str, int], ...]]:
    """The other sessions of that day for which tickets of the theme still wait, and how many."""
    rows = yield Statement(
        "SELECT session, count(*) FROM ticket WHERE theme = ? AND day = ? AND session <> ? AND NOT EXISTS"
        " (SELECT 1 FROM call WHERE call.theme = ticket.theme AND call.day = ticket.day"
        " AND call.session = ticket.session AND call.station = ticket.station AND call.code = ticket.code)"
        " GROUP BY session ORDER BY session",
        queue.key,
    )
    return tuple((session, int(count)) for session, count in rows)


def calls(queue: HallQueue) -> Rule[tuple[Call, ...]]:
    """All calls of a queue, in order."""
    rows = yield Statement(_CALLS, queue.key)
    return tuple(msgspec.structs.replace(Call(*row), priority=bool(row[5])) for row in rows)


def waiting(queue: HallQueue, before: Iterable[Call]) -> Rule[Waiting]:
    """The tickets of a queue that were not called `before`."""
    called = {(call.station, call.code) for call in before}
    rows = yield Statement(_TICKETS, queue.key)
    return {
        InLine(number, issued, bool(priority)): (station, code)
        for number, issued, priority, station, code in rows
        if (station, code) not in called
    }


def in_line(call: Call) -> InLine:
    """Return a call's ticket as far as the turns of others go."""
    return InLine(call.number, call.issued, call.priority)


def latest(before: Iterable[Call], window: str) -> Call | None:
    """Return the last of these calls that went to `window`."""
    own = [call for call in before if call.window == window]
    return own[-1] if own else None
