"""The catalogue release: one file that holds the whole catalogue, built once, read by every station at its start.

The file is MessagePack: an envelope of format number, SHA-256 of the content, and the content, a `Release`.
"""

import hashlib
from pathlib import Path

import msgspec

from kiosk.catalog.model import Release

FORMAT = 2
"""Grows whenever a release of one version of the program cannot be read by another."""

FILE = "catalog.msgpack"

_REMEDY = "make it anew with: make release"


class CatalogError(Exception):
    """The catalogue cannot be used; the message names the file and what to do."""


class _Envelope(msgspec.Struct, frozen=True, array_like=True):
    format: int
    digest: bytes
    content: bytes


def packed(release: Release) -> bytes:
    """Return the bytes of a release file."""
    content = msgspec.msgpack.encode(release)
    return msgspec.msgpack.encode(_Envelope(FORMAT, hashlib.sha256(content).digest(), content))


def read_release(path: Path) -> Release:
    """Return the release in the file `path`. Raises CatalogError when it is missing, damaged or of another format."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CatalogError(f"{path}: cannot be read: {error.strerror or error}; {_REMEDY}") from None
    return unpacked(content, str(path))


def unpacked(content: bytes, name: str) -> Release:
    """Return the release in the bytes of a file; `name` says whose in the message. Raises CatalogError."""
    try:
        envelope = msgspec.msgpack.decode(content, type=_Envelope)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise CatalogError(f"{name}: is no catalogue release, or was cut off; {_REMEDY}") from None
    if envelope.format != FORMAT:
        raise CatalogError(f"{name}: has format {envelope.format}, this program reads {FORMAT}; {_REMEDY}")
    if hashlib.sha256(envelope.content).digest() != envelope.digest:
        raise CatalogError(f"{name}: is damaged; {_REMEDY}")
    try:
        return msgspec.msgpack.decode(envelope.content, type=Release)
    except (msgspec.DecodeError, RecursionError):
        raise CatalogError(f"{name}: was made by another version of this program; {_REMEDY}") from None
