"""From the bytes of a request to a batch that may be stored: who sent it, is it whole, is it what it says it is.

The order keeps strangers cheap: headers first, then the signature over the bytes as they came, and only what a known
station has signed is unpacked, within bounds.
"""

from collections.abc import Mapping

from center.kept import Enrolled
from center.taking import Batch, Declined
from kiosk.keys import verify
from kiosk.wire.entries import Unreadable, hashes
from kiosk.wire.exchange import (
    CONTENT_LIMIT,
    MEDIA_TYPE,
    PACKED_LIMIT,
    SIGNATURE_HEADER,
    VOUCHER_HEADER,
    Reason,
    read_request,
    read_signature,
    read_voucher,
)
from kiosk.wire.packing import GZIP, unpack


def refusal_of_headers(headers: Mapping[str, str], enrolled: Enrolled) -> Declined | None:
    """Say why a request of `enrolled` cannot be taken, from its headers alone; None when its content is to be read."""
    if enrolled.revoked:
        return Declined(Reason.REVOKED, "this station's key was revoked")
    if headers.get("content-type", "").partition(";")[0].strip().lower() != MEDIA_TYPE:
        return Declined(Reason.UNSUPPORTED, f"content must be {MEDIA_TYPE}")
    if headers.get("content-encoding", "").strip().lower() not in ("", "identity", GZIP):
        return Declined(Reason.UNSUPPORTED, f"content may be packed by {GZIP} alone")
    if VOUCHER_HEADER not in headers or SIGNATURE_HEADER not in headers:
        return Declined(Reason.BAD_SIGNATURE, "the request is not signed")
    return too_long(headers, PACKED_LIMIT)


def too_long(headers: Mapping[str, str], limit: int) -> Declined | None:
    """Say that the content will be longer than `limit` bytes, as far as the headers tell."""
    length = headers.get("content-length", "0")
    if not length.isdecimal() or len(length) > 12 or int(length) > limit:
        return Declined(Reason.TOO_LARGE, f"content may have {limit} bytes")
    return None


def read_batch(station: str, headers: Mapping[str, str], content: bytes, public: bytes) -> Batch | Declined:
    """Return the batch in `content`, of at most PACKED_LIMIT bytes, if the key `public` has signed it."""
    try:
        voucher = read_voucher(station, headers.get(VOUCHER_HEADER, ""), content)
        signature = read_signature(headers.get(SIGNATURE_HEADER, ""))
    except Unreadable as error:
        return Declined(Reason.BAD_SIGNATURE, str(error))
    if not verify(public, voucher.message(), signature):
        return Declined(Reason.BAD_SIGNATURE, "the signature is not this station's")
    try:
        packed = headers.get("content-encoding", "").strip().lower() == GZIP
        request = read_request(unpack(content, CONTENT_LIMIT) if packed else content)
    except Unreadable as error:
        return Declined(Reason.MALFORMED, str(error))
    said = (request.station, request.epoch, request.first, request.last)
    if said != (station, voucher.epoch, voucher.first, voucher.last):
        return Declined(Reason.MALFORMED, "the content is not what its voucher says")
    made = hashes(request.before, (entry.body for entry in request.entries))
    return Batch(request, made, voucher, signature)
