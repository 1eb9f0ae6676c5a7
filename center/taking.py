"""The rule by which entries are taken in. No I/O: a store tells what it has and does what comes out.

A batch is taken when it continues what is there, as far as it is new. One that would leave a gap is refused with the
number that is needed. One that contradicts what is there (the disk was cloned, or came back from a backup) or itself
(an entry was altered after it was written) is set aside as it came and refused; the station then goes on in a new
epoch. Other epochs and other stations are not concerned.
"""

from collections.abc import Callable

import msgspec

from kiosk.wire.entries import GENESIS
from kiosk.wire.exchange import Carried, Reason, Request, Upto, Voucher


class Batch(msgspec.Struct, frozen=True):
    """A request whose signature is genuine. `hashes`: one for each entry, computed here.

    `voucher` and `signature` are kept with the entries: they prove who sent them.
    """

    request: Request
    hashes: tuple[bytes, ...]
    voucher: Voucher
    signature: bytes

    def hash_at(self, seq: int) -> bytes:
        """The hash at entry `seq`, from the one before the first to the last."""
        first = self.request.first
        return self.request.before if seq < first else self.hashes[seq - first]

    def entries_from(self, seq: int) -> tuple[tuple[int, Carried, bytes], ...]:
        """Number, entry and hash of all entries from number `seq` on."""
        first = self.request.first
        skip = max(0, seq - first)
        return tuple(
            (first + place, entry, self.hashes[place])
            for place, entry in enumerate(self.request.entries[skip:], start=skip)
        )


class Held(msgspec.Struct, frozen=True):
    """What a store has of an epoch: entries 1 to `seq`, the last with hash `head`. An unknown epoch has none."""

    seq: int = 0
    head: bytes = GENESIS


class Taken(msgspec.Struct, frozen=True):
    """A batch is in, up to `acknowledged` with hash `head`; the epoch is here up to `watermark`.

    `new`: how many of its entries were not here before. `want`: an earlier epoch that is here no further than this,
    though the station saw more of it confirmed.
    """

    acknowledged: int
    head: bytes
    watermark: int
    new: int = 0
    want: Upto | None = None


class Declined(msgspec.Struct, frozen=True):
    """A batch is not in. `aside_from`: number of the first entry to be set aside, 0 when none is."""

    reason: Reason
    detail: str = ""
    need: int = 0
    aside_from: int = 0


def judge(batch: Batch, held: Held, hash_of: Callable[[int], bytes]) -> Taken | Declined:
    """Say what is to be done with `batch`. `hash_of(seq)` gives the stored hash of an entry that is held, from 1 on.

    When it is Taken, the entries above `held.seq` are to be stored.
    """
    request = batch.request
    if batch.voucher.head != batch.hash_at(request.last):
        # The station's own chain and its entries do not agree, and only the first of them can be named.
        detail = "the entries do not lead to the hash that is signed"
        return Declined(Reason.ALTERED, detail, request.first, request.first)
    if request.first > held.seq + 1:
        return Declined(Reason.GAP, f"entry {held.seq + 1} is the next one here", held.seq + 1)
    common = min(request.last, held.seq)
    known = held.head if common == held.seq else hash_of(common) if common else GENESIS
    if batch.hash_at(common) != known:
        fork = _fork(batch, held, hash_of)
        return Declined(Reason.FORK, f"entry {fork} is here with another content", fork, fork)
    new = max(0, request.last - max(held.seq, request.first - 1))
    return Taken(request.last, batch.voucher.head, max(held.seq, request.last), new)


def lacking(batch: Batch, held: Callable[[str], Held]) -> Upto | None:
    """Return the first earlier epoch of which less is `held` than the station saw confirmed, and how far it is."""
    for earlier in batch.request.earlier:
        if (seq := held(earlier.epoch).seq) < earlier.seq:
            return Upto(earlier.epoch, seq)
    return None


def _fork(batch: Batch, held: Held, hash_of: Callable[[int], bytes]) -> int:
    """Return the first number of the batch at which it differs from what is held."""
    first = batch.request.first
    for seq in range(first, min(batch.request.last, held.seq) + 1):
        if batch.hash_at(seq) != hash_of(seq):
            return seq
    return first
