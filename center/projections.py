"""Tables that are made from the entries and can be made anew from them at any time, for every store alike.

A new one needs its table in both schemas (`database`, `postgres_database`), its name in TABLES, a fact (`facts`), and
its case in `_Changes`. Everything is done station by station, so nothing here ever waits for another station.
"""

from center.asking import Each, Insert, Rule, Statement, Table, Value
from center.facts import Fact, PaperSettled, Recovered, TicketIssued, fact
from kiosk.wire.entries import Unreadable

TABLES = ("ticket", "recovered", "trouble")
"""All of them; each has a column `station`."""

_TICKET = Table(
    "ticket",
    (
        ("station", "text"),
        ("code", "text"),
        ("number", "text"),
        ("theme", "text"),
        ("package", "text"),
        ("day", "text"),
        ("session", "text"),
        ("issued", "bigint"),
        ("doubtful", "bigint"),
        ("job", "bigint"),
    ),
    "ON CONFLICT DO NOTHING",
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
    changes = _Changes(station)
    for seq, body in rows:
        try:
            time, meaning = fact(body, station, epoch, seq)
        except Unreadable as error:
            changes.troubles.append((station, epoch, seq, str(error)))
        else:
            yield from changes.add(epoch, time, meaning)
    yield from changes.write()
    last = rows[-1][0]
    yield Statement("UPDATE chain SET projected = ? WHERE station = ? AND epoch = ?", (last, station, epoch))
    return len(rows)


class _Changes:
    """What a run of entries changes, gathered so that it takes few statements.

    Gathering must not change what comes out: what has to be written before something else is added, is.
    """

    def __init__(self, station: str) -> None:
        self._station = station
        self._tickets: list[tuple[Value, ...]] = []
        self._papers: dict[tuple[int, str], str] = {}
        self._recovered: list[tuple[Value, ...]] = []
        self.troubles: list[tuple[Value, ...]] = []

    def add(self, epoch: str, time: int, meaning: Fact | None) -> Rule[None]:
        """Add what an entry of `epoch`, written at `time`, means."""
        match meaning:
            case TicketIssued():
                if (meaning.job, meaning.number) in self._papers:
                    # That paper was of an older ticket, and must not become this one's.
                    yield from self.write()
                words = meaning.code, meaning.number, meaning.theme, meaning.package, meaning.day, meaning.session
                self._tickets.append((self._station, *words, time, int(meaning.doubtful), meaning.job))
            case PaperSettled(job, title, outcome):
                self._papers[job, title] = outcome
            case Recovered(origin, seq, written, inner):
                self._recovered.append((self._station, origin, seq, epoch))
                yield from self.add(origin, written, inner)
            case None:
                pass

    def write(self) -> Rule[None]:
        """Write down what was gathered, tickets before their papers."""
        station = self._station
        yield Insert(_TICKET, self._tickets)
        yield Each(_PAPER, [(outcome, station, station, job, title) for (job, title), outcome in self._papers.items()])
        yield Each(_RECOVERED, self._recovered)
        yield Each(_TROUBLE, self.troubles)
        self._tickets, self._papers, self._recovered, self.troubles = [], {}, [], []
