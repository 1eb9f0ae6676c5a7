"""Requests made ready to go, signed: one for the line, or all that wait for a file that is carried by hand."""

from collections.abc import Iterator, Mapping

from kiosk.journal.outgoing import Outgoing, Run
from kiosk.keys import Sign
from kiosk.wire.bundle import Parcel
from kiosk.wire.exchange import (
    MEDIA_TYPE,
    SIGNATURE_HEADER,
    VOUCHER_HEADER,
    Heartbeat,
    Request,
    Voucher,
    encoded,
    signature_header,
)
from kiosk.wire.packing import GZIP, pack
from kiosk.wire.places import Inventory

BATCH_BYTES = 256 << 10
"""Bytes of entries in one request, before compression; a single larger entry still goes."""

BUNDLE_ENTRIES = 500
"""Entries in one parcel of a bundle."""


def request(
    station: str,
    run: Run,
    heartbeat: Heartbeat,
    cursor: int,
    nonce: bytes,
    *,
    numbers: bool = False,
    inventory: Inventory | None = None,
) -> Request:
    """Return the request that carries `run`; `numbers`: ask for the highest numbers as well.

    `inventory`: the loans that the journal holds, where the center has asked.
    """
    return Request(
        station=station,
        epoch=run.epoch,
        first=run.first,
        before=run.before,
        newest=run.newest,
        nonce=nonce,
        entries=run.entries,
        earlier=run.earlier,
        heartbeat=heartbeat,
        cursor=cursor,
        numbers=numbers,
        inventory=inventory,
    )


def parcel(made: Request, head: bytes, sign: Sign) -> Parcel:
    """Return a request whose last entry has the hash `head`, packed and signed."""
    content = pack(encoded(made))
    voucher = Voucher.of(made, head, content)
    return Parcel(voucher.header(), signature_header(sign(voucher.message())), content)


def headers(ready: Parcel) -> Mapping[str, str]:
    """Return what goes before a parcel's content on the line."""
    return {
        "content-type": MEDIA_TYPE,
        "content-encoding": GZIP,
        "accept": MEDIA_TYPE,
        VOUCHER_HEADER: ready.voucher,
        SIGNATURE_HEADER: ready.signature,
    }


def waiting(station: str, outgoing: Outgoing, sign: Sign) -> Iterator[tuple[Run, Parcel]]:
    """Yield all that the center is not known to have, with where it stands; up to where the journal is broken."""
    first: int | None = None
    while True:
        run = outgoing.run(first, BUNDLE_ENTRIES, BATCH_BYTES)
        if not run.entries:
            return
        yield run, parcel(request(station, run, Heartbeat(), outgoing.cursor(), bytes(8)), run.head, sign)
        first = run.last + 1
