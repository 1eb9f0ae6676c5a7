"""All that waits for the center as one signed file, for whoever carries it there by hand."""

from pathlib import Path

from kiosk.journal.outgoing import Outgoing
from kiosk.keys import open_station_key
from kiosk.link.parcels import waiting
from kiosk.wire.bundle import Bundle, encoded


def bundled(station: str, state: Path, now: int) -> tuple[bytes, int]:
    """Return the bytes of the bundle of `station` with the state folder `state`, and how many entries are in it.

    `now`: UTC milliseconds. Raises StateError, KeyFileError, sqlite3.Error.
    """
    key = open_station_key(state / "keys")
    outgoing = Outgoing(state)
    try:
        ready = list(waiting(station, outgoing, key.sign))
    finally:
        outgoing.close()
    bundle = Bundle(station=station, made=now, parcels=tuple(parcel for _, parcel in ready))
    return encoded(bundle), sum(len(run.entries) for run, _ in ready)
