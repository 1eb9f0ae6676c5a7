"""How a station's key follows another one: the old key and the new one both sign that the new one takes over.

The signed text has no time in it, because a clock may be wrong. A request that comes again changes nothing: a key that
a station once had is never taken for it by a renewal again.
"""

import msgspec

from kiosk.wire.decoding import decoded
from kiosk.wire.entries import Unreadable
from kiosk.wire.exchange import ED25519, STATION

RENEWAL_LIMIT = 4 << 10
"""Bytes that either message may have."""

_KEY, _SIGNATURE = 32, 64


def renewal_path(station: str) -> str:
    """The path of a station's renewals."""
    return f"/v1/stations/{station}/renew"


class RenewalRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A station's raw public keys, the `old` one and the `new` one, and the signature of `message` by each."""

    v: int = 1
    station: str
    alg: str = ED25519
    old: bytes
    new: bytes
    by_old: bytes
    by_new: bytes

    def message(self) -> bytes:
        """The text that both keys sign."""
        return message(self.station, self.old, self.new)


class RenewalAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`public` is the station's key at the center since `since`, UTC milliseconds."""

    v: int = 1
    public: bytes
    since: int


def message(station: str, old: bytes, new: bytes) -> bytes:
    """Return what is signed so that the key `new` takes over from the key `old`."""
    return f"jimei-kiosk renew 1\n{station}\n{ED25519}:{old.hex()}\n{ED25519}:{new.hex()}\n".encode("ascii")


def encoded(value: RenewalRequest | RenewalAnswer) -> bytes:
    """Return the bytes of a message."""
    return msgspec.msgpack.encode(value)


def read_renewal_request(content: bytes) -> RenewalRequest:
    """Return the request in `content`, whose parts have the right lengths. Raises Unreadable."""
    request = decoded(content, RenewalRequest)
    if not STATION.fullmatch(request.station) or request.alg != ED25519 or request.old == request.new:
        raise Unreadable("no such station or keys can be")
    if {len(request.old), len(request.new)} != {_KEY} or {len(request.by_old), len(request.by_new)} != {_SIGNATURE}:
        raise Unreadable("a key or signature of a wrong length")
    return request


def read_renewal_answer(content: bytes) -> RenewalAnswer:
    """Return the answer in `content`. Raises Unreadable."""
    return decoded(content, RenewalAnswer)
