"""Which loans the stations say that they hold: for a center that was put back to a backup, for every store alike.

Such a center does not know what it has lent since, and must not lend the same places to others. It cannot notice by
itself that it was put back. So at each start it asks all stations, under a new word, and lends nothing before every one
has answered, or a person says that it was not put back.
"""

from center.asking import Insert, Rule, Statement, Table
from kiosk.wire.places import Inventory

LOAN = Table(
    "loan",
    (
        ("theme", "text"),
        ("day", "text"),
        ("session", "text"),
        ("number", "bigint"),
        ("loan", "text"),
        ("station", "text"),
        ("epoch", "text"),
        ("places", "bigint"),
        ("lent", "bigint"),
    ),
)
_BEGIN = (
    "INSERT INTO watch (one, word, began, trusted) VALUES (1, ?, ?, 0)"
    " ON CONFLICT (one) DO UPDATE SET word = excluded.word, began = excluded.began, trusted = 0"
)
_LAST = "SELECT coalesce(max(number), 0) FROM loan WHERE theme = ? AND day = ? AND session = ?"
_TOLD = (
    "INSERT INTO inventory (station, word, epoch, told) VALUES (?, ?, ?, ?) ON CONFLICT (station)"
    " DO UPDATE SET word = excluded.word, epoch = excluded.epoch, told = excluded.told"
)


def begin(word: str, now: int) -> Rule[None]:
    """The center starts at `now` (UTC ms): ask all stations under `word`, which was never used before."""
    yield Statement(_BEGIN, (word, now))


def trust() -> Rule[None]:
    """Lend without the word of stations that have not answered: a person says that this center was not put back."""
    yield Statement("UPDATE watch SET trusted = 1")


def word() -> Rule[str]:
    """The word under which stations are asked; empty when the center was never started."""
    rows = yield Statement("SELECT word FROM watch")
    return rows[0][0] if rows else ""


def told(station: str) -> Rule[tuple[str, str]]:
    """Under which word and for which epoch this station has answered last."""
    rows = yield Statement("SELECT word, epoch FROM inventory WHERE station = ?", (station,))
    return (rows[0][0], rows[0][1]) if rows else ("", "")


def silent() -> Rule[tuple[str, ...]]:
    """The stations whose answer is waited for; all where the center was never started."""
    rows = yield Statement(
        "SELECT station.number FROM station LEFT JOIN watch ON watch.one = 1"
        " LEFT JOIN inventory ON inventory.station = station.number AND inventory.word = watch.word"
        " WHERE station.revoked = 0 AND inventory.station IS NULL AND coalesce(watch.trusted, 0) = 0"
        " ORDER BY station.number"
    )
    return tuple(number for (number,) in rows)


def keep(station: str, epoch: str, inventory: Inventory, now: int) -> Rule[bool]:
    """Count the loans that a station holds and that are not known here; False for an answer to an earlier question."""
    if (yield from word()) != inventory.word:
        return False
    rows = yield Statement("SELECT loan FROM loan WHERE station = ?", (station,))
    known = {loan for (loan,) in rows}
    for lent in inventory.loans:
        if lent.loan not in known and lent.station == station:
            known.add(lent.loan)
            slot = lent.theme, lent.day, lent.session
            rows = yield Statement(_LAST, slot)
            yield Insert(LOAN, [(*slot, int(rows[0][0]) + 1, lent.loan, station, lent.epoch, lent.places, lent.lent)])
    yield Statement(_TOLD, (station, inventory.word, epoch, now))
    return True
