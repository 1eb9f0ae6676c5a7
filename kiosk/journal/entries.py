"""Stored journal entries, checked against the chain that `kiosk.wire.entries` defines."""

import msgspec

from kiosk.wire.entries import GENESIS, Body, Unreadable, chain, read_body

__all__ = ["GENESIS", "Body", "Entered", "Entry", "chain", "exported", "fault"]


class Entry(msgspec.Struct, frozen=True):
    """A stored entry. `acknowledged`: when the center confirmed it, UTC milliseconds."""

    epoch: str
    seq: int
    kind: str
    time: int
    body: bytes
    hash: bytes
    acknowledged: int | None


class Entered(msgspec.Struct, frozen=True):
    """One entry. `words`: the names and values of its data, public codes masked. `time`: UTC milliseconds.

    `sent`: the center has confirmed it.
    """

    epoch: str
    seq: int
    kind: str
    time: int
    words: str
    sent: bool


def fault(entry: Entry, before: bytes, expected: int) -> str:
    """Return what is wrong with `entry`, expected as number `expected` after hash `before`; empty when nothing is."""
    if entry.seq != expected:
        return f"entry {expected} is missing; the next one here is {entry.seq}"
    if chain(before, entry.body) != entry.hash:
        return f"entry {entry.seq} was altered, or one before it: its hash does not follow"
    try:
        body = read_body(entry.body)
    except Unreadable as error:
        return f"entry {entry.seq} cannot be read: {error}"
    if (body.epoch, body.seq, body.kind, body.time) != (entry.epoch, entry.seq, entry.kind, entry.time):
        return f"entry {entry.seq} stands under another number, kind or time than its own"
    return ""


def exported(entry: Entry) -> bytes:
    """Return `entry` as a line of the export: its body as it was hashed, and its hash."""
    return b'{"body":' + entry.body + f',"hash":"{entry.hash.hex()}"}}\n'.encode()
