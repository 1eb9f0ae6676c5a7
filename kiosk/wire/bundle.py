"""A station's waiting entries as one file, for carrying them to the center by hand.

It holds the very requests that would go over the line, each signed; whoever carries it can neither read what is sealed
nor change a byte, and it may be brought in as often as one likes.
"""

import msgspec

from kiosk.wire.decoding import decoded
from kiosk.wire.entries import Unreadable
from kiosk.wire.exchange import STATION

FORMAT = "jimei-kiosk bundle 1"

FILE_LIMIT = 512 << 20
"""Bytes of a file that is brought in."""


class Parcel(msgspec.Struct, frozen=True):
    """One request: what would stand in its headers, and its packed content."""

    voucher: str
    signature: str
    content: bytes


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """All of them, in order. `made`: UTC milliseconds by the station's clock."""

    format: str = FORMAT
    station: str
    made: int
    parcels: tuple[Parcel, ...]


def encoded(bundle: Bundle) -> bytes:
    """Return the bytes of the file."""
    return msgspec.msgpack.encode(bundle)


def read_bundle(content: bytes) -> Bundle:
    """Return the bundle in a file's bytes. Raises Unreadable."""
    bundle = decoded(content, Bundle)
    if bundle.format != FORMAT or not STATION.fullmatch(bundle.station):
        raise Unreadable("no bundle of a known format")
    return bundle
