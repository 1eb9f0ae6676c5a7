"""What is read from the center's books for pages and reports, for every store alike. Nothing here writes."""

import msgspec

from center.asking import Rows, Rule, Statement
from center.kept import AppointmentView, AsideView, ChainView, RefusalView, StationView, TicketView
from kiosk.wire.exchange import Heartbeat

REFUSED_LIMIT = 3
"""Refused releases that are named, the newest."""

DOUBLED_LIMIT = 100
"""Numbers that are named when they came twice."""

_TICKET = (
    "SELECT station, code, number, theme, package, day, session, issued, doubtful, coalesce((SELECT outcome FROM paper"
    " WHERE paper.station = ticket.station AND paper.code = ticket.code), paper) FROM ticket WHERE code = ?"
)

_DIVIDED = (
    "SELECT 1 FROM aside WHERE station = ? AND reason = 'fork' UNION ALL SELECT 1 FROM chain JOIN chain later"
    " ON later.station = chain.station AND later.begun > chain.begun AND chain.latest > later.begun"
    " WHERE chain.station = ? LIMIT 1"
)


def ticket(code: str) -> Rule[TicketView | None]:
    """The ticket with this public code."""
    rows = yield Statement(f"{_TICKET} ORDER BY station LIMIT 1", (code,))
    if not rows:
        return None
    row = dict(zip(TicketView.__struct_fields__, rows[0], strict=True))
    return msgspec.convert({**row, "doubtful": bool(row["doubtful"])}, TicketView)


def appointment(code: str) -> Rule[AppointmentView | None]:
    """The appointment with this public code."""
    rows = yield Statement(
        "SELECT station, code, theme, day, session, EXISTS (SELECT 1 FROM appointment_cancelled AS off"
        " WHERE off.station = appointment.station AND off.code = appointment.code) FROM appointment WHERE code = ?"
        " ORDER BY turn DESC, time DESC, station LIMIT 1",
        (code,),
    )
    if not rows:
        return None
    station, _, theme, day, session, cancelled = rows[0]
    return AppointmentView(station, code, theme, day, session, bool(cancelled))


def stations() -> Rule[tuple[StationView, ...]]:
    """All stations that are enrolled, were revoked, or have sent anything, by number."""
    numbers = yield Statement(
        "SELECT number FROM station UNION SELECT station FROM chain UNION SELECT station FROM aside ORDER BY 1"
    )
    views = []
    for (number,) in numbers:
        views.append((yield from _station(number)))
    return tuple(views)


def divided(number: str) -> Rule[bool]:
    """Whether entries came from two machines as one station: its disk was copied, or a backup of it was put back.

    A fork tells, and so does an epoch that gets more entries after another had begun; the same may come of a center
    that was put back and is sent again what it lost.
    """
    rows = yield Statement(_DIVIDED, (number, number))
    return bool(rows)


def _station(number: str) -> Rule[StationView]:
    revoked = yield Statement("SELECT revoked FROM station WHERE number = ?", (number,))
    keys = yield Statement("SELECT public, since FROM station_key WHERE station = ? AND ended = ''", (number,))
    beats = yield Statement("SELECT heard, content FROM heartbeat WHERE station = ?", (number,))
    chains = yield Statement(
        "SELECT epoch, seq, head, begun, latest FROM chain WHERE station = ? ORDER BY begun, epoch", (number,)
    )
    aside = yield Statement(
        "SELECT epoch, reason, min(seq), count(*), max(received) FROM aside WHERE station = ?"
        " GROUP BY epoch, reason ORDER BY epoch, reason",
        (number,),
    )
    doubled = yield Statement(
        "SELECT day || ' ' || number FROM ticket WHERE station = ? GROUP BY day, number HAVING count(*) > 1 ORDER BY 1"
        " LIMIT ?",
        (number, DOUBLED_LIMIT),
    )
    in_two = yield from divided(number)
    heartbeat = msgspec.json.decode(beats[0][1], type=Heartbeat) if beats else Heartbeat()
    refused = yield Statement(
        "SELECT version, reason, min(time) FROM release_refused WHERE station = ? AND version > ?"
        " GROUP BY version, reason ORDER BY version DESC, reason LIMIT ?",
        (number, heartbeat.release, REFUSED_LIMIT),
    )
    counts = []
    for table in ("trouble", "recovered", "ticket", "reprint"):
        rows: Rows = yield Statement(f"SELECT count(*) FROM {table} WHERE station = ?", (number,))
        counts.append(int(rows[0][0]))
    troubles, recovered, tickets, reprints = counts
    return StationView(
        number=number,
        revoked=bool(revoked and revoked[0][0]),
        key=bytes(keys[0][0]) if keys else b"",
        since=keys[0][1] if keys else 0,
        chains=tuple(ChainView(*row) for row in chains),
        aside=tuple(AsideView(*row) for row in aside),
        troubles=troubles,
        recovered=recovered,
        tickets=tickets,
        reprints=reprints,
        doubled=tuple(one for (one,) in doubled),
        heard=beats[0][0] if beats else 0,
        heartbeat=heartbeat,
        refused=tuple(RefusalView(*row) for row in refused),
        divided=in_two,
    )
