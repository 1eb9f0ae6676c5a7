"""Takes in a file that was carried by hand: the same requests as over the line, through the same checks."""

import msgspec

from center.intake import read_batch
from center.kept import EarlierKey, KeyEnd
from center.store import Store
from center.taking import Batch, Declined
from kiosk.wire.bundle import Bundle
from kiosk.wire.exchange import SIGNATURE_HEADER, VOUCHER_HEADER, Reason
from kiosk.wire.packing import GZIP


class Brought(msgspec.Struct, frozen=True):
    """What came of a bundle: entries that are new here, entries that were here, and why the rest was not taken."""

    new: int
    known: int
    declined: tuple[Declined, ...]


async def bring_in(store: Store, bundle: Bundle, now: int, *, earlier_key: bool = False) -> Brought:
    """Take in `bundle`; each parcel is a commit of its own. `now` in UTC milliseconds. Raises StoreTrouble.

    `earlier_key`: also what a key has signed that the station had before and that was not revoked, for a bundle that is
    the last copy of a station that is no more.
    """
    enrolled = await store.station(bundle.station)
    if enrolled is None:
        return Brought(0, 0, (Declined(Reason.UNKNOWN_STATION, f"station {bundle.station} is not enrolled here"),))
    if enrolled.revoked:
        return Brought(0, 0, (Declined(Reason.REVOKED, f"the key of station {bundle.station} was revoked"),))
    earlier = await store.earlier_keys(bundle.station)
    new = known = 0
    declined: list[Declined] = []
    for parcel in bundle.parcels:
        headers = {"content-encoding": GZIP, VOUCHER_HEADER: parcel.voucher, SIGNATURE_HEADER: parcel.signature}
        public = enrolled.public
        batch = read_batch(bundle.station, headers, parcel.content, public)
        if isinstance(batch, Declined) and batch.reason is Reason.BAD_SIGNATURE:
            for key in earlier:
                signed = read_batch(bundle.station, headers, parcel.content, key.public)
                if isinstance(signed, Batch):
                    public, batch = key.public, signed if earlier_key else _earlier(key)
        taken = batch if isinstance(batch, Declined) else await store.take(batch, public, now, earlier_key=earlier_key)
        if isinstance(taken, Declined):
            declined.append(taken)
        elif isinstance(batch, Batch):
            new += taken.new
            known += len(batch.request.entries) - taken.new
    return Brought(new, known, tuple(declined))


def _earlier(key: EarlierKey) -> Declined:
    words = f"signed by an earlier key of this station, which was {key.end} since"
    if key.end is not KeyEnd.REVOKED:
        words += "; if you know where the file comes from, --earlier-key takes it in"
    return Declined(Reason.BAD_SIGNATURE, words)
