"""A catalogue release as the center signs it and stations take it in."""

import hashlib

import msgspec

from kiosk.wire.decoding import decoded
from kiosk.wire.entries import SHA256, Unreadable
from kiosk.wire.exchange import ED25519
from kiosk.wire.packing import pack, unpack

MEDIA_TYPE = "application/vnd.jimei-kiosk.release+msgpack"
NOTICE = "catalog.release"
"""Kind of the item by which stations learn that there is a release; its data is an Offer."""

SIGNED_LIMIT = 8 << 20
CONTENT_LIMIT = 32 << 20
"""Bytes that a signed release may have, and the catalogue in it after unpacking."""

FORMAT = "jimei-kiosk release 1"


class Offer(msgspec.Struct, frozen=True):
    """There is a release of this version."""

    version: int


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A release. `content`: the packed catalogue; `signature`: over version and digest, by the center's release key."""

    format: str = FORMAT
    version: int
    alg: str = ED25519
    signature: bytes
    content: bytes


def release_path(version: int) -> str:
    """The path of a release at the center."""
    return f"/v1/releases/{version}"


def message(version: int, content: bytes) -> bytes:
    """The signed text. The version is in it, so that an old release cannot pass for a newer one."""
    return f"{FORMAT}\n{version}\n{SHA256}:{hashlib.sha256(content).hexdigest()}\n".encode()


def packed(catalog: bytes) -> bytes:
    """Return a catalogue's bytes as the content of a release."""
    return pack(catalog)


def unpacked(content: bytes) -> bytes:
    """Return the catalogue's bytes. Raises Unreadable."""
    return unpack(content, CONTENT_LIMIT)


def encoded(signed: Signed) -> bytes:
    """Return the bytes of a signed release."""
    return msgspec.msgpack.encode(signed)


def read_signed(content: bytes) -> Signed:
    """Return the signed release in `content`; its signature is not checked yet. Raises Unreadable."""
    signed = decoded(content, Signed)
    if signed.format != FORMAT or signed.alg != ED25519:
        raise Unreadable("a release of another format or algorithm")
    if not 1 <= signed.version < 2**31 or len(signed.signature) != 64:
        raise Unreadable("an impossible version or signature")
    return signed
