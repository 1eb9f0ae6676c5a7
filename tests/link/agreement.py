"""Do a station's journal and the center's store hold the same? Every difference in words."""

from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Database

from kiosk.journal.store import Reader


def disagreements(
    state: Path, station: str, center: Database, *, may_lack: bool = False, may_differ: bool = False
) -> Iterator[str]:
    """Compare the journal in `state` with what `center` has of `station`, projections made.

    `may_lack`: the journal came back from a backup, so the center may have more. `may_differ`: nothing told it so, and
    an earlier epoch may have gone on another way before the center did.
    """
    reader = Reader(state)
    faults = reader.verify()[1]
    entries = list(reader.entries())
    reader.close()
    yield from (f"the journal of station {station} is not sound: {fault}" for fault in faults)
    own = {(entry.epoch, entry.seq): (entry.body, entry.hash) for entry in entries}
    rows = center.execute("SELECT epoch, seq, body, hash FROM entry WHERE station = ?", [station]).fetchall()
    held = {(epoch, seq): (body, digest) for epoch, seq, body, digest in rows}
    inside = set(center.execute("SELECT epoch, seq FROM recovered WHERE station = ?", [station]).fetchall())
    present = entries[-1].epoch if entries else ""
    for entry in entries:
        place = entry.epoch, entry.seq
        carried_on = entry.epoch != present and place in inside
        if held.get(place) != own[place] and not carried_on:
            yield f"the center has not entry {place} of station {station}, or another"
        if entry.acknowledged is None and not carried_on:
            yield f"entry {place} of station {station} is not marked"
    if not may_lack:
        yield from (f"the center has entry {place}, station {station} has not" for place in held.keys() - own.keys())
    heads = center.execute("SELECT epoch, seq, head FROM chain WHERE station = ?", [station]).fetchall()
    for epoch, seq, head in heads:
        other_way = may_differ and epoch != present
        if own.get((epoch, seq), (b"", head))[1] != head and not other_way:
            yield f"the heads of epoch {epoch} of station {station} differ at {seq}"
        if max(number for name, number in held if name == epoch) != seq:
            yield f"the watermark of epoch {epoch} of station {station} is not its last entry"
