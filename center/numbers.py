"""How far a station's numbers have come: for one whose journal came back from a backup, or was lost, for every store.

Counted are all tickets that are here, also those that are not in the projections yet.
"""

import datetime
import re
from collections.abc import Iterator

from center.asking import Rule, Statement
from center.facts import Fact, Recovered, TicketIssued, fact
from kiosk.hours import CHINA
from kiosk.wire.entries import Unreadable

DAYS = 31
"""Service days before today that are told of: no backup that anybody puts back should be older."""

_STEP = 2000
"""Entries read at a time."""

_NUMBER = re.compile(r"([A-Z])[0-9]{2}-([0-9]{3,5})")

# Numbers of one length sort like text, so one row for each length is enough.
_TICKETS = (
    "SELECT day, max(number) FROM ticket WHERE station = ? AND day >= ?"
    " GROUP BY day, substr(number, 1, 1), length(number)"
)
_WAITING = "SELECT seq, body FROM entry WHERE station = ? AND epoch = ? AND seq > ? ORDER BY seq LIMIT ?"


def highest(station: str, now: int) -> Rule[dict[str, int]]:
    """The highest number of each service day and theme, under keys as the wire has them; `now` in UTC milliseconds."""
    today = datetime.datetime.fromtimestamp(now / 1000, CHINA).date()
    since = (today - datetime.timedelta(days=DAYS)).isoformat()
    found: dict[str, int] = {}

    def count(day: str, number: str) -> None:
        if day >= since and (parts := _NUMBER.fullmatch(number)):
            key = f"{day} {parts[1]}"
            found[key] = max(int(parts[2]), found.get(key, 0))

    for day, number in (yield Statement(_TICKETS, (station, since))):
        count(day, number)
    chains = yield Statement("SELECT epoch, projected, seq FROM chain WHERE station = ?", (station,))
    for epoch, projected, last in chains:
        done = projected
        while done < last:
            rows = yield Statement(_WAITING, (station, epoch, done, _STEP))
            for seq, body in rows:
                for ticket in _tickets(bytes(body), station, epoch, seq):
                    count(ticket.day, ticket.number)
            done = rows[-1][0] if rows else last
    return found


def _tickets(body: bytes, station: str, epoch: str, seq: int) -> Iterator[TicketIssued]:
    try:
        meaning: Fact | None = fact(body, station, epoch, seq)[1]
    except Unreadable:
        # Told where the projections are made.
        return
    if isinstance(meaning, Recovered):
        meaning = meaning.fact
    if isinstance(meaning, TicketIssued):
        yield meaning
