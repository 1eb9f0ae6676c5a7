"""Takes in a file that was carried by hand: the same requests as over the line, through the same checks."""

import msgspec

from center.intake import read_batch
from center.store import Store
from center.taking import Declined
from kiosk.wire.bundle import Bundle
from kiosk.wire.exchange import SIGNATURE_HEADER, VOUCHER_HEADER, Reason
from kiosk.wire.packing import GZIP


class Brought(msgspec.Struct, frozen=True):
    """What came of a bundle: entries that are new here, entries that were here, and why the rest was not taken."""

    new: int
    known: int
    declined: tuple[Declined, ...]


async def bring_in(store: Store, bundle: Bundle, now: int) -> Brought:
    """Take in `bundle`; each parcel is a commit of its own. `now` in UTC milliseconds. Raises StoreTrouble."""
    enrolled = await store.station(bundle.station)
    if enrolled is None:
        return Brought(0, 0, (Declined(Reason.UNKNOWN_STATION, f"station {bundle.station} is not enrolled here"),))
    if enrolled.revoked:
        return Brought(0, 0, (Declined(Reason.REVOKED, f"the key of station {bundle.station} was revoked"),))
    new = known = 0
    declined: list[Declined] = []
    for parcel in bundle.parcels:
        headers = {"content-encoding": GZIP, VOUCHER_HEADER: parcel.voucher, SIGNATURE_HEADER: parcel.signature}
        batch = read_batch(bundle.station, headers, parcel.content, enrolled.public)
        if isinstance(batch, Declined):
            declined.append(batch)
            continue
        taken = await store.take(batch, enrolled.public, now)
        if isinstance(taken, Declined):
            declined.append(taken)
            continue
        new += taken.new
        known += len(batch.request.entries) - taken.new
    return Brought(new, known, tuple(declined))
