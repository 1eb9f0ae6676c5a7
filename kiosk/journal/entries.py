"""Journal entries: their stored bytes and the hash chain over them.

An entry's body is canonical JSON that is kept as it was written and never encoded again; its hash is SHA-256 over the
hash of the entry before and the body. Personal data stands sealed beside the body, which holds only its digest: when it
is erased, the chain can still be verified.
"""

import hashlib
from typing import Any

import msgspec

GENESIS = bytes(32)
"""The hash before the first entry of an epoch."""

_encoder = msgspec.json.Encoder(order="sorted")


class Body(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry says. `v` is the format, `alg` the hash of the chain, `time` UTC milliseconds."""

    v: int = 1
    alg: str = "sha256"
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


class Entry(msgspec.Struct, frozen=True):
    """A stored entry. `acknowledged`: when the center confirmed it, UTC milliseconds."""

    epoch: str
    seq: int
    kind: str
    time: int
    body: bytes
    hash: bytes
    acknowledged: int | None


def chain(before: bytes, body: bytes) -> bytes:
    """Return the hash of an entry with `body` after the entry whose hash is `before`."""
    return hashlib.sha256(before + body).digest()


def fault(entry: Entry, before: bytes, expected: int) -> str:
    """Return what is wrong with `entry`, expected as number `expected` after hash `before`; empty when nothing is."""
    if entry.seq != expected:
        return f"entry {expected} is missing; the next one here is {entry.seq}"
    if chain(before, entry.body) != entry.hash:
        return f"entry {entry.seq} was altered, or one before it: its hash does not follow"
    try:
        body = msgspec.json.decode(entry.body, type=Body)
    except msgspec.MsgspecError as error:
        return f"entry {entry.seq} cannot be read: {error}"
    if (body.epoch, body.seq, body.kind, body.time) != (entry.epoch, entry.seq, entry.kind, entry.time):
        return f"entry {entry.seq} stands under another number, kind or time than its own"
    return ""
