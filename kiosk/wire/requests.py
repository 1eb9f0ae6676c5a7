"""What both ends say of residents' requests: the kinds of entries, and how the center tells how far a request is.

The center tells all stations, because residents may ask at any of them. What it tells names nobody, and stands under a
digest from which the public code cannot be found by trying.
"""

import hashlib

import msgspec

from kiosk.wire.entries import Unreadable
from kiosk.wire.exchange import STATION

MADE, CANCELLED, RATED = "request.made", "request.cancelled", "rating.given"
"""Kinds of entries. All hold the `code` of the request, a rating also that of a ticket."""

TOLD = "request.state"
"""Kind of the downward item; its data is a Told."""

PBKDF2 = "pbkdf2-sha256-20000"
"""Algorithm id of the digests: PBKDF2 with HMAC-SHA-256 (RFC 8018, 5.2), 20,000 rounds, 16 bytes."""

WORDS_LIMIT = 60
"""Characters that the center may add in its own words."""

_ROUNDS = 20_000
_BYTES = 16

_END = 2**47
"""Some time in the year 6429, in UTC milliseconds: within what calendars can hold."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """How far a request is. `code` and `project` are digests, `project` empty where the request is of no project.

    `station` took it at `made`; the state is that of `time` (both UTC milliseconds). `form` and `matter` are ids of the
    catalogue. `words`: what the staff adds, in the language in which it was written.
    """

    alg: str = PBKDF2
    code: str
    station: str
    form: str
    state: str
    words: str = ""
    made: int
    time: int
    project: str = ""
    matter: str = ""


def digest(public: str) -> str:
    """Return the digest of a public code or project code. Takes some milliseconds, so that trying takes years."""
    made = hashlib.pbkdf2_hmac("sha256", public.encode(), b"jimei-kiosk request 1", _ROUNDS, _BYTES)
    return made.hex()


def read_told(data: bytes) -> Told:
    """Return what an item tells. Raises Unreadable, also for digests by another algorithm and times that cannot be."""
    try:
        told = msgspec.json.decode(data, type=Told)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable(str(error)) from None
    if told.alg != PBKDF2:
        raise Unreadable(f"digests by {told.alg[:40]!r}, not {PBKDF2}")
    if not STATION.fullmatch(told.station) or not (0 <= told.made < _END and 0 <= told.time < _END):
        raise Unreadable("an impossible station or time")
    return told
