"""Tables that are made from the entries and can be made anew from them at any time, for every store alike.

A new one needs its table in both schemas (`database`, `postgres_database`), its name in TABLES, a fact (`facts`), and
its case in `_Changes`. Everything is done station by station, so nothing here ever waits for another station.
"""

import msgspec

from center.asking import Each, Insert, Rule, Statement, Table, Value
from center.facts import (
    AppointmentCancelled,
    Fact,
    PaperSettled,
    PlaceBooked,
    PlacesReturned,
    RatingGiven,
    Recovered,
    ReleaseRefused,
    RequestCancelled,
    RequestMade,
    SlipReprinted,
    TicketIssued,
    fact,
)
from kiosk.text import clean
from kiosk.wire.entries import Unreadable

TABLES = (
    "ticket",
    "paper",
    "recovered",
    "trouble",
    "request",
    "request_sealed",
    "request_cancelled",
    "rating",
    "appointment",
    "appointment_cancelled",
    "returned",
    "reprint",
    "release_refused",
)
"""All of them; each has a column `station`."""

_REASON = 200
"""Characters that are kept of a station's reason to refuse a release."""

# Where the sealed ground of a ticket or answers of a request are held, and at which entry they were sealed; both differ
# for what was recovered.
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
        ("priority", "bigint"),
        ("held_epoch", "text"),
        ("held_seq", "bigint"),
        ("epoch", "text"),
        ("seq", "bigint"),
    ),
    "ON CONFLICT DO NOTHING",
)
# A table of its own, because entries of an epoch may come late, after a backup of this center was put back: a ticket
# then comes after word of its paper. What counts is the last word in the order in which all is made anew.
_PAPER = (
    "INSERT INTO paper (station, code, outcome, begun, epoch, seq) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (station, code) DO UPDATE SET outcome = excluded.outcome, begun = excluded.begun,"
    " epoch = excluded.epoch, seq = excluded.seq"
    " WHERE (paper.begun, paper.epoch, paper.seq) <= (excluded.begun, excluded.epoch, excluded.seq)"
)
# Entries of earlier programs do not name the ticket. A lost journal starts its jobs at 1 again, so only the newest
# ticket of that job and number is meant.
_PAPER_OF_JOB = (
    "UPDATE ticket SET paper = ? WHERE station = ? AND code = (SELECT code FROM ticket"
    " WHERE station = ? AND job = ? AND number = ? ORDER BY issued DESC, code LIMIT 1)"
)
_REQUEST = Table(
    "request",
    (
        ("station", "text"),
        ("code", "text"),
        ("form", "text"),
        ("version", "bigint"),
        ("language", "text"),
        ("answers", "bytea"),
        ("project", "text"),
        ("matter", "text"),
        ("made", "bigint"),
        ("doubtful", "bigint"),
    ),
    "ON CONFLICT DO NOTHING",
)
_SEALED = (
    "INSERT INTO request_sealed (station, code, held_epoch, held_seq, epoch, seq) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT DO NOTHING"
)
_TO_BE_TOLD = (
    "INSERT INTO told (station, code, state, words, due) VALUES (?, ?, '', '', 1)"
    " ON CONFLICT (station, code) DO UPDATE SET due = 1"
)
_CANCELLED = "INSERT INTO request_cancelled (station, code, time) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_CANCELLED_TO_BE_TOLD = "UPDATE told SET due = 1 WHERE code = ?"
_RATING = (
    "INSERT INTO rating (station, code, version, grade, reason, given) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_PLACE = Table(
    "appointment",
    (
        ("station", "text"),
        ("code", "text"),
        ("turn", "bigint"),
        ("loan", "text"),
        ("theme", "text"),
        ("day", "text"),
        ("session", "text"),
        ("time", "bigint"),
        ("doubtful", "bigint"),
    ),
    "ON CONFLICT DO NOTHING",
)
_CALLED_OFF = "INSERT INTO appointment_cancelled (station, code, time) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
# By the entry in which it was first said, so that what comes again inside another counts once.
_RETURNED = "INSERT INTO returned (station, epoch, seq, loan, places) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
_REPRINT = (
    "INSERT INTO reprint (station, epoch, seq, issuer, code, number, day, count, time)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_RELEASE_REFUSED = (
    "INSERT INTO release_refused (station, epoch, seq, version, reason, time) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT DO NOTHING"
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
        "SELECT epoch, begun, projected, seq FROM chain WHERE station = ? ORDER BY begun, epoch", (station,), locks=True
    )
    for epoch, begun, projected, seq in chains:
        if projected < seq:
            return (yield from _project(station, epoch, begun, projected, limit))
    return 0


def unproject(station: str) -> Rule[None]:
    """Empty the projections of a station; `project` then makes them anew."""
    yield Statement("UPDATE chain SET projected = 0 WHERE station = ?", (station,))
    for table in TABLES:
        yield Statement(f"DELETE FROM {table} WHERE station = ?", (station,))


def _project(station: str, epoch: str, begun: int, projected: int, limit: int) -> Rule[int]:
    rows = yield Statement(
        "SELECT seq, body FROM entry WHERE station = ? AND epoch = ? AND seq > ? ORDER BY seq LIMIT ?",
        (station, epoch, projected, limit),
    )
    changes = _Changes(station, begun)
    for seq, body in rows:
        try:
            time, meaning = fact(body, station, epoch, seq)
        except Unreadable as error:
            changes.troubles.append((station, epoch, seq, str(error)))
        else:
            yield from changes.add((epoch, seq), time, meaning)
    yield from changes.write()
    last = rows[-1][0]
    yield Statement("UPDATE chain SET projected = ? WHERE station = ? AND epoch = ?", (last, station, epoch))
    return len(rows)


class _Changes:
    """What a run of entries changes, gathered so that it takes few statements.

    Gathering must not change what comes out: what has to be written before something else is added, is.
    """

    def __init__(self, station: str, begun: int) -> None:
        """`begun`: when the entries' chain was first seen here, UTC milliseconds."""
        self._station = station
        self._begun = begun
        self._tickets: list[tuple[Value, ...]] = []
        self._papers: dict[str, tuple[Value, ...]] = {}
        self._papers_of_jobs: dict[tuple[int, str], str] = {}
        self._requests: list[tuple[Value, ...]] = []
        self._sealed: list[tuple[Value, ...]] = []
        self._cancelled: list[tuple[Value, ...]] = []
        self._ratings: list[tuple[Value, ...]] = []
        self._places: list[tuple[Value, ...]] = []
        self._called_off: list[tuple[Value, ...]] = []
        self._returned: list[tuple[Value, ...]] = []
        self._reprints: list[tuple[Value, ...]] = []
        self._releases_refused: list[tuple[Value, ...]] = []
        self._recovered: list[tuple[Value, ...]] = []
        self.troubles: list[tuple[Value, ...]] = []

    def add(
        self, held: tuple[str, int], time: int, meaning: Fact | None, origin: tuple[str, int] | None = None
    ) -> Rule[None]:
        """Add what an entry that is `held` as number so much of an epoch means; it was written at `time`.

        `origin`: the epoch and number that it had when it was written, where they were others.
        """
        station = self._station
        match meaning:
            case TicketIssued():
                if (meaning.job, meaning.number) in self._papers_of_jobs:
                    # That paper was of an older ticket, and must not become this one's.
                    yield from self.write()
                words = meaning.code, meaning.number, meaning.theme, meaning.package, meaning.day, meaning.session
                facts = int(meaning.doubtful), meaning.job, int(meaning.priority)
                self._tickets.append((station, *words, time, *facts, *held, *(origin or held)))
            case PaperSettled(job, title, outcome, ""):
                if self._papers:
                    yield from self.write()
                self._papers_of_jobs[job, title] = outcome
            case PaperSettled(_, _, outcome, code):
                self._papers[code] = (station, code, outcome, self._begun, *held)
            case RequestMade(code, form, version, answers, language, doubtful, project, matter):
                kept = msgspec.json.encode(answers, order="sorted")
                self._requests.append(
                    (station, code, form, version, language, kept, project, matter, time, int(doubtful))
                )
                self._sealed.append((station, code, *held, *(origin or held)))
            case RequestCancelled(code):
                self._cancelled.append((station, code, time))
            case RatingGiven(code, version, answers):
                grade, reason = answers.get("grade", ""), answers.get("reason", "")
                self._ratings.append((station, code, version, grade, reason, time))
            case PlaceBooked(code, loan, theme, day, session, turn, doubtful):
                self._places.append((station, code, turn, loan, theme, day, session, time, int(doubtful)))
            case AppointmentCancelled(code):
                self._called_off.append((station, code, time))
            case PlacesReturned(loan, places):
                self._returned.append((station, *(origin or held), loan, places))
            case SlipReprinted(issuer, code, number, day, count):
                self._reprints.append((station, *(origin or held), issuer, code, number, day, count, time))
            case ReleaseRefused(version, reason):
                why = clean(reason, _REASON)
                self._releases_refused.append((station, *(origin or held), version, why, time))
            case Recovered(epoch, seq, written, inner):
                self._recovered.append((station, epoch, seq, held[0]))
                yield from self.add(held, written, inner, (epoch, seq))
            case None:
                pass

    def write(self) -> Rule[None]:
        """Write down what was gathered, tickets before their papers."""
        station = self._station
        yield Insert(_TICKET, self._tickets)
        of_jobs = self._papers_of_jobs.items()
        yield Each(_PAPER_OF_JOB, [(outcome, station, station, job, title) for (job, title), outcome in of_jobs])
        yield Each(_PAPER, list(self._papers.values()))
        if self._requests or self._cancelled:
            yield Insert(_REQUEST, self._requests)
            yield Each(_SEALED, self._sealed)
            yield Each(_CANCELLED, self._cancelled)
            yield Each(_TO_BE_TOLD, [row[:2] for row in self._requests])
            yield Each(_CANCELLED_TO_BE_TOLD, [row[1:2] for row in self._cancelled])
        yield Each(_RATING, self._ratings)
        if self._places or self._called_off or self._returned:
            yield Insert(_PLACE, self._places)
            yield Each(_CALLED_OFF, self._called_off)
            yield Each(_RETURNED, self._returned)
        if self._reprints:
            yield Each(_REPRINT, self._reprints)
        if self._releases_refused:
            yield Each(_RELEASE_REFUSED, self._releases_refused)
        yield Each(_RECOVERED, self._recovered)
        yield Each(_TROUBLE, self.troubles)
        self._papers.clear()
        self._papers_of_jobs.clear()
        for rows in (
            self._tickets,
            self._requests,
            self._sealed,
            self._cancelled,
            self._ratings,
            self._places,
            self._called_off,
            self._returned,
            self._reprints,
            self._releases_refused,
            self._recovered,
            self.troubles,
        ):
            rows.clear()
