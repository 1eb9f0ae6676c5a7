"""Journal entries: their canonical bytes and the hash chain over them.

An entry's body is canonical JSON that is kept as it was written and never encoded again; its hash is SHA-256 over the
hash of the entry before and the body. Personal data stands sealed beside the body, which holds only its digest: when it
is erased, the chain can still be verified.
"""

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec

GENESIS = bytes(32)
"""The hash before the first entry of an epoch."""

SHA256 = "sha256"
"""Algorithm id of the chain and of every digest so far."""

_encoder = msgspec.json.Encoder(order="sorted")


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry says. `v` is the format, `alg` the hash of the chain, `time` UTC milliseconds.

    `sealed`: digest of the sealed personal data that belongs to it, as `sealed_digest` makes it.
    """

    v: int = 1
    alg: str = SHA256
    station: str
    epoch: str
    seq: int
    kind: str
    time: int
    data: dict[str, Any]
    sealed: str | None = None

    def encoded(self) -> bytes:
        """The canonical bytes: JSON, keys sorted, UTF-8."""
        return _encoder.encode(self)


class Unreadable(Exception):
    """Bytes from outside are not what they should be; the message says why."""


def read_body(body: bytes) -> Body:
    """Return what an entry's bytes say, of this or a newer format. Raises Unreadable."""
    try:
        return msgspec.json.decode(body, type=Body)
    except RecursionError:
        # msgspec's own guard against JSON that is nested without end is no MsgspecError.
        raise Unreadable("nested too deeply") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Unreadable(str(error)) from None


def chain(before: bytes, body: bytes) -> bytes:
    """Return the hash of an entry with `body` after the entry whose hash is `before`."""
    return hashlib.sha256(before + body).digest()


def hashes(before: bytes, bodies: Iterable[bytes]) -> tuple[bytes, ...]:
    """Return the hash of each of the entries that follow the one whose hash is `before`."""
    made = []
    for body in bodies:
        before = chain(before, body)
        made.append(before)
    return tuple(made)


def sealed_digest(sealed: bytes) -> str:
    """Return the digest of sealed personal data that its entry's body holds."""
    return f"{SHA256}:{hashlib.sha256(sealed).hexdigest()}"
