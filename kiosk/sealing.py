"""Personal data sealed for the center before it touches the station's disk (HPKE, RFC 9180).

The station has only the public half, so neither it nor whoever steals it can open what it has sealed. Each seal is
bound to the entry that it belongs to: moved to another, it does not open.
"""

import hashlib
from typing import TYPE_CHECKING

import msgspec

from kiosk.wire.decoding import decoded
from kiosk.wire.entries import Unreadable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.hpke import Suite

HPKE = "hpke-x25519-hkdf-sha256-chacha20poly1305"
"""Algorithm id: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305, base mode, one shot."""

_KEY_ID = 8


class Place(msgspec.Struct, frozen=True):
    """The entry that sealed data belongs to, and what the data is for, such as `home-visit`."""

    purpose: str
    station: str
    epoch: str
    seq: int

    def info(self) -> bytes:
        """What the seal is bound to (RFC 9180, 5.1: info)."""
        return f"jimei-kiosk sealed 1\n{self.purpose}\n{self.station} {self.epoch} {self.seq}\n".encode()


class Sealed(msgspec.Struct, frozen=True, array_like=True):
    """Sealed data as it is stored. `key`: the first bytes of SHA-256 over the public key it was sealed for."""

    alg: str
    key: bytes
    content: bytes


def key_id(public: bytes) -> bytes:
    """Return the short name of a public key."""
    return hashlib.sha256(public).digest()[:_KEY_ID]


def throw_away_public() -> bytes:
    """Return the public half of a key that is kept nowhere, for a demonstration."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    return X25519PrivateKey.generate().public_key().public_bytes_raw()


def seal(public: bytes, place: Place, plain: bytes) -> bytes:
    """Return `plain` sealed for the owner of the X25519 key `public` (32 bytes), to be stored at `place`."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey

    content = _suite().encrypt(plain, X25519PublicKey.from_public_bytes(public), place.info())
    return msgspec.msgpack.encode(Sealed(HPKE, key_id(public), content))


def unseal(secret: bytes, place: Place, sealed: bytes) -> bytes:
    """Return what was sealed, with the raw private key `secret`.

    Raises Unreadable when it was sealed for another key, by another algorithm, for another place, or was altered.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    blob = decoded(sealed, Sealed)
    key = X25519PrivateKey.from_private_bytes(secret)
    if blob.alg != HPKE:
        raise Unreadable(f"sealed by {blob.alg[:60]!r}, not {HPKE}")
    if blob.key != key_id(key.public_key().public_bytes_raw()):
        raise Unreadable("sealed for another key")
    try:
        return bytes(_suite().decrypt(blob.content, key, place.info()))
    except (InvalidTag, ValueError):
        raise Unreadable("altered, or sealed for another place") from None


def _suite() -> "Suite":
    from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
