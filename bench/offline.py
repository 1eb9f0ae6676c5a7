"""All stations come back after three days without a line: how fast the center has it all, and what it takes.

The entries are those that a station writes for numbers that are given out and printed. Both the center and the bare
endpoint that commits the same run as processes of their own; the load comes from this one, on the same cores.
"""

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import backlog
from bench.figure import Figure
from bench.intake import STATIONS, Load, Taken, bare, ours, requests
from center.folder import database_path
from kiosk.journal.folder import journal_path
from kiosk.keys import StationKey
from kiosk.wire.entries import Body

DAYS = 3
LONGEST_S = 60.0
ON_THE_LINE = 0.5
"""Of an entry's own bytes, compressed, with its share of the request around it."""

ON_DISK = 3.0
"""Times an entry's own bytes: its hash, its row, what is projected from it, and half-filled pages."""

MORE_MB = 64.0
"""More memory than the bare endpoint: what the center knows of each station, and its pages."""


def _load(keys: dict[str, StationKey], template: list[Body]) -> Load:
    chance = random.Random(1)
    made = {}
    for number, key in keys.items():
        epoch = number * 8
        entries = [backlog.of_another(body, number, epoch, chance) for body in template]
        made[number] = list(requests(number, key, epoch, list(backlog.runs(entries))))
    return made


def _size(database: Path) -> int:
    return sum(file.stat().st_size for file in database.parent.glob(f"{database.name}*"))


def figures() -> Iterator[Figure]:
    """Yield the figures of this module."""
    keys = {number: StationKey.throw_away() for number in STATIONS}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        backlog.fill(folder / "station", DAYS)
        template = backlog.bodies(folder / "station")
        entries = len(template) * len(keys)
        plain = sum(len(body.encoded()) for body in template) / len(template)
        load = _load(keys, template)
        taken: dict[str, list[Taken]] = {"bare": [], "ours": []}
        # In turns, so that a busy moment counts for both.
        for turn, kind in enumerate(("bare", "ours", "ours", "bare") * 2):
            place = folder / f"{kind}{turn}"
            place.mkdir()
            taken[kind].append(bare(place, load) if kind == "bare" else ours(place, load, keys))
        disk, bare_disk = _size(database_path(folder / "ours1")), _size(folder / "bare0" / "bare.db")
        own_disk = _size(journal_path(folder / "station"))
    what = f"{DAYS} days of {len(keys)} stations, {entries:,} entries"
    seconds, reference = (sum(one.seconds for one in taken[kind]) / len(taken[kind]) for kind in ("ours", "bare"))
    rates = entries / seconds, entries / reference
    limit = f"all of it in <= {LONGEST_S:.0f} s"
    yield Figure(what, *rates, "entries/s", limit, seconds <= LONGEST_S)
    yield Figure(f"{what}: all of it", seconds, reference, "s", f"<= {LONGEST_S:.0f} s", seconds <= LONGEST_S)
    memory, reference = (max(one.memory for one in taken[kind]) for kind in ("ours", "bare"))
    limit = f"<= bare + {MORE_MB:.0f} MB"
    yield Figure(f"{what}: the center's memory", memory, reference, "MB", limit, memory <= reference + MORE_MB)
    line = sum(len(one) for sent in load.values() for one in sent) / entries
    limit = f"<= {ON_THE_LINE} of its own bytes"
    yield Figure("an entry on the line (bare: its own bytes)", line, plain, "B", limit, line <= ON_THE_LINE * plain)
    each, reference = disk / entries, bare_disk / entries
    limit = f"<= {ON_DISK:.0f} x its own bytes"
    yield Figure("an entry on the center's disk", each, reference, "B", limit, each <= ON_DISK * plain)
    each = own_disk / len(template)
    limit = f"<= {ON_DISK:.0f} x its own bytes"
    yield Figure("an entry on the station's disk, with its number", each, plain, "B", limit, each <= ON_DISK * plain)


if __name__ == "__main__":
    for figure in figures():
        print(*figure.cells(), sep=" | ")
