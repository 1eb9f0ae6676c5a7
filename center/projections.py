"""Tables that are made from the entries and can be made anew from them at any time, for every store alike.

A new one needs its table in both schemas (`database`, `postgres_database`), its name in TABLES, a fact (`facts`), and
its case in `_changes`. Everything is done station by station, so nothing here ever waits for another station.
"""

from center.asking import Rule, Statement
from center.facts import Fact, PaperSettled, Recovered, TicketIssued, fact
from kiosk.wire.entries import Unreadable

TABLES = ("ticket", "recovered", "trouble")
"""All of them; each has a column `station`."""

_TICKET = (
    "INSERT INTO ticket (station, code, number, theme, package, day, session, issued, doubtful, job)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
# A lost journal starts its jobs at 1 again, so only the newest ticket of that job and number is meant.
_PAPER = (
    "UPDATE ticket SET paper = ? WHERE station = ? AND code = (SELECT code FROM ticket"
    " WHERE station = ? AND job = ? AND number = ? ORDER BY issued DESC, code LIMIT 1)"
)
_RECOVERED = (
    "INSERT INTO recovered (station, epoch, seq, inside) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (station, epoch, seq) DO UPDATE SET inside = excluded.inside"
)
_TROUBLE = (
    "INSERT INTO trouble (station, epoch, seq, words) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (station, epoch, seq) DO UPDATE SET words = excluded.words"
)


def behind() -> Rule[tuple[str, ...]]:
    """The stations of which entries are here that are not in the projections yet, the longest known first."""
    rows = yield Statement("SELECT station FROM chain WHERE projected < seq GROUP BY station ORDER BY min(begun)")
    return tuple(station for (station,) in rows)


def stations() -> Rule[tuple[str, ...]]:
    """The stations of which entries are here."""
    rows = yield Statement("SELECT DISTINCT station FROM chain ORDER BY station")
    return tuple(station for (station,) in rows)


def project(station: str, limit: int) -> Rule[int]:
    """Bring at most `limit` entries of a station into the projections, oldest epochs first; returns how many.

    The number is that of one epoch; 0 when nothing is left.
    """
    # All epochs are held: what one of them means may depend on those before it.
    chains = yield Statement(
        "SELECT epoch, projected, seq FROM chain WHERE station = ? ORDER BY begun, epoch", (station,), locks=True
    )
    for epoch, projected, seq in chains:
        if projected < seq:
            return (yield from _project(station, epoch, projected, limit))
    return 0


def unproject(station: str) -> Rule[None]:
    """Empty the projections of a station; `project` then makes them anew."""
    yield Statement("UPDATE chain SET projected = 0 WHERE station = ?", (station,))
    for table in TABLES:
        yield Statement(f"DELETE FROM {table} WHERE station = ?", (station,))


def _project(station: str, epoch: str, projected: int, limit: int) -> Rule[int]:
    rows = yield Statement(
        "SELECT seq, body FROM entry WHERE station = ? AND epoch = ? AND seq > ? ORDER BY seq LIMIT ?",
        (station, epoch, projected, limit),
    )
    for seq, body in rows:
        try:
            time, meaning = fact(body, station, epoch, seq)
        except Unreadable as error:
            yield Statement(_TROUBLE, (station, epoch, seq, str(error)))
        else:
            yield from _changes(station, epoch, time, meaning)
    last = rows[-1][0]
    yield Statement("UPDATE chain SET projected = ? WHERE station = ? AND epoch = ?", (last, station, epoch))
    return len(rows)


def _changes(station: str, epoch: str, time: int, meaning: Fact | None) -> Rule[None]:
    match meaning:
        case TicketIssued():
            ticket = meaning.code, meaning.number, meaning.theme, meaning.package, meaning.day, meaning.session
            yield Statement(_TICKET, (station, *ticket, time, int(meaning.doubtful), meaning.job))
        case PaperSettled(job, title, outcome):
            yield Statement(_PAPER, (outcome, station, station, job, title))
        case Recovered(origin, seq, written, inner):
            yield Statement(_RECOVERED, (station, origin, seq, epoch))
            yield from _changes(station, origin, written, inner)
        case None:
            pass
