"""What is read from the center's database for pages and reports. Nothing here writes."""

import msgspec
from sqlite_utils import Database

from center.store import AsideView, ChainView, StationView, TicketView
from kiosk.wire.exchange import Heartbeat

DOUBLED_LIMIT = 100
"""Numbers that are named when they came twice."""

_TICKET = "station, code, number, theme, package, day, session, issued, doubtful, paper"


def ticket(db: Database, code: str) -> TicketView | None:
    """The ticket with this public code."""
    row = next(iter(db.query(f"SELECT {_TICKET} FROM ticket WHERE code = ? LIMIT 1", [code])), None)
    return None if row is None else msgspec.convert({**row, "doubtful": bool(row["doubtful"])}, TicketView)


def stations(db: Database) -> tuple[StationView, ...]:
    """All stations that are enrolled, were revoked, or have sent anything, by number."""
    numbers = db.execute(
        "SELECT number FROM station UNION SELECT station FROM chain UNION SELECT station FROM aside ORDER BY 1"
    ).fetchall()
    return tuple(_station(db, number) for (number,) in numbers)


def _station(db: Database, number: str) -> StationView:
    revoked = db.execute("SELECT revoked FROM station WHERE number = ?", [number]).fetchone() or (0,)
    beat = db.execute("SELECT heard, content FROM heartbeat WHERE station = ?", [number]).fetchone()
    chains = db.execute(
        "SELECT epoch, seq, head, begun, latest FROM chain WHERE station = ? ORDER BY begun, epoch", [number]
    ).fetchall()
    aside = db.execute(
        "SELECT epoch, reason, min(seq), count(*), max(received) FROM aside WHERE station = ? GROUP BY epoch, reason",
        [number],
    ).fetchall()

    doubled = db.execute(
        "SELECT day || ' ' || number FROM ticket WHERE station = ? GROUP BY day, number HAVING count(*) > 1 ORDER BY 1"
        " LIMIT ?",
        [number, DOUBLED_LIMIT],
    ).fetchall()

    def count(table: str) -> int:
        return int(db.execute(f"SELECT count(*) FROM {table} WHERE station = ?", [number]).fetchone()[0])

    return StationView(
        number=number,
        revoked=bool(revoked[0]),
        chains=tuple(ChainView(*row) for row in chains),
        aside=tuple(AsideView(*row) for row in aside),
        troubles=count("trouble"),
        recovered=count("recovered"),
        tickets=count("ticket"),
        doubled=tuple(one for (one,) in doubled),
        heard=beat[0] if beat else 0,
        heartbeat=msgspec.json.decode(beat[1], type=Heartbeat) if beat else Heartbeat(),
    )
