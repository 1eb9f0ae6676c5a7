"""Compression with a bound: what comes from outside never unpacks to more than its reader allows."""

import gzip
import zlib

from kiosk.wire.entries import Unreadable

GZIP = "gzip"
"""The one content coding in use (RFC 9110, 8.4.1.3)."""

_LEVEL = 6


def pack(content: bytes) -> bytes:
    """Return `content` compressed; the same bytes for the same content."""
    return gzip.compress(content, _LEVEL, mtime=0)


def unpack(packed: bytes, limit: int) -> bytes:
    """Return what `packed` holds, at most `limit` (1 or more) bytes. Raises Unreadable.

    No more than `limit` bytes are ever unpacked, so a small body cannot fill the memory. One gzip member with nothing
    behind it is expected (RFC 1952).
    """
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        content = unpacker.decompress(packed, limit)
        # At the limit exactly, the trailer may not have been looked at yet.
        beyond = b"" if unpacker.eof else unpacker.decompress(unpacker.unconsumed_tail, 1)
    except zlib.error as error:
        raise Unreadable(f"not gzip: {error}") from None
    if beyond:
        raise Unreadable(f"unpacks to more than {limit} bytes")
    if not unpacker.eof:
        raise Unreadable("gzip that was cut off")
    if unpacker.unused_data:
        raise Unreadable("more bytes behind the gzip's end")
    return content
