"""The station's Ed25519 key and what it signs: the QR code of a ticket, which a service window checks with no network.

The signed link is `https://HOST/T/<code>/<token>`; the token is base32 (RFC 4648, no padding) of a fixed claim and its
signature, so the whole is capitals and digits after the scheme. Its first byte names the algorithm.
"""

import base64
import datetime
import os
import struct
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from kiosk.identity import tidy
from kiosk.tickets import Ticket, valid_code

FOLDER, FILE = "keys", "station.key"
"""The keys folder in the state folder, and the private key's file there."""

ED25519 = 1
"""Algorithm id of the first suite: Ed25519 over the claim (RFC 8032)."""

_PURPOSE = b"jimei-kiosk ticket 1\n"
_CLAIM = struct.Struct(">BBIIHcH")
_FIRST_DAY = datetime.date(2020, 1, 1)
_SIGNATURE = 64

Sign = Callable[[bytes], bytes]


class KeyFileError(Exception):
    """The key file cannot be used; the message says which and what to do."""


class Claim(msgspec.Struct, frozen=True):
    """What the QR code of a ticket states. `epoch`: first 32 bits of the journal's epoch, `seq`: its entry there."""

    code: str
    station: str
    epoch: int
    seq: int
    day: datetime.date
    theme: str
    running: int

    @classmethod
    def of(cls, ticket: Ticket, epoch: str, seq: int) -> "Claim":
        """Return the claim for `ticket`, written as entry `seq` of the journal's `epoch` (16 hexadecimal digits)."""
        return cls(
            ticket.code, ticket.station, int(epoch[:8], 16), seq, ticket.service.day, ticket.theme, ticket.running
        )


def _packed(claim: Claim) -> bytes:
    days = (claim.day - _FIRST_DAY).days % 65536
    return _CLAIM.pack(ED25519, int(claim.station), claim.epoch, claim.seq, days, claim.theme.encode(), claim.running)


def ticket_link(host: str, claim: Claim, sign: Sign) -> str:
    """Return the signed link of a ticket, ASCII, 155 characters and the host's."""
    body = _packed(claim)
    token = base64.b32encode(body + sign(_PURPOSE + claim.code.encode() + body)).decode().rstrip("=")
    return f"https://{host.upper()}/T/{claim.code}/{token}"


def read_code(text: str) -> str | None:
    """Return the code that was typed as `text`, full width or half, with any blanks and hyphens; None if it is none."""
    digits = tidy(text)
    return digits if valid_code(digits) else None


def read_short_link(link: str, hosts: Iterable[str]) -> str | None:
    """Return the code in the short link of a ticket, as the screen shows it, to one of `hosts`; None otherwise.

    The code alone, as it stands below the link and as people type it, will do.
    """
    parts = link.split("/")
    if len(parts) == 1:
        return read_code(link)
    if len(parts) != 5 or parts[0].lower() != "https:" or parts[1] or parts[3].upper() != "T":
        return None
    return read_code(parts[4]) if parts[2].upper() in {host.upper() for host in hosts} else None


class SignedClaim(msgspec.Struct, frozen=True):
    """What a signed link states, the bytes that were signed, and the signature, which nobody has checked yet."""

    claim: Claim
    message: bytes
    signature: bytes
    token: str

    def link(self, host: str) -> str:
        """Return the link once more, to `host`."""
        return f"https://{host.upper()}/T/{self.claim.code}/{self.token}"


def read_signed_link(link: str) -> SignedClaim | None:
    """Return what a signed link states, None if it has not the form of one. Whether it is genuine is not looked at."""
    parts = link.split("/")
    if len(parts) != 6 or parts[3].upper() != "T" or not valid_code(parts[4]):
        return None
    token = parts[5].upper()
    try:
        raw = base64.b32decode(token + "=" * (-len(token) % 8))
    except ValueError:
        return None
    # Base32 leaves bits over at the end: a token has one spelling, or an altered one would pass for it.
    if base64.b32encode(raw).decode().rstrip("=") != token:
        return None
    body, signature = raw[: _CLAIM.size], raw[_CLAIM.size :]
    if len(body) != _CLAIM.size or len(signature) != _SIGNATURE or body[0] != ED25519:
        return None
    _, station, epoch, seq, days, theme, running = _CLAIM.unpack(body)
    if not (1 <= station <= 99 and b"A" <= theme <= b"Z"):
        return None
    day = _FIRST_DAY + datetime.timedelta(days=days)
    claim = Claim(parts[4], f"{station:02d}", epoch, seq, day, theme.decode("ascii"), running)
    return SignedClaim(claim, _PURPOSE + parts[4].encode() + body, signature, token)


def read_ticket_link(link: str, verify: Callable[[int, bytes, bytes], bool]) -> Claim | None:
    """Return the claim of a signed link, or None if it is not one or not genuine.

    `verify(station, message, signature)` checks a signature with that station's public key.
    """
    signed = read_signed_link(link)
    if signed is None or not verify(int(signed.claim.station), signed.message, signed.signature):
        return None
    return signed.claim


class StationKey:
    """An Ed25519 private key. Loads `cryptography` when it is made, so make it after the first screen."""

    def __init__(self, secret: bytes) -> None:
        """`secret` is the raw private key, 32 bytes."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._key = Ed25519PrivateKey.from_private_bytes(secret)

    @classmethod
    def throw_away(cls) -> "StationKey":
        """Return a key that is kept nowhere, for specimens."""
        return cls(os.urandom(32))

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of `message`."""
        return self._key.sign(message)

    @property
    def public(self) -> bytes:
        """The raw public key, 32 bytes."""
        return self._key.public_key().public_bytes_raw()


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether `signature` is `message`'s by the key whose raw public half is `public`."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def open_station_key(folder: Path, name: str = FILE) -> StationKey:
    """Return the key in the file `name` of `folder`, made there if it is not (folder 0700, file 0600, synced first).

    Raises KeyFileError when the file is not a key or others could read it.
    """
    path = folder / name
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            _write_new(path, os.urandom(32).hex().encode() + b"\n")
    except OSError as error:
        raise KeyFileError(f"{path}: cannot be used: {error.strerror}") from None
    return read_station_key(path)


def read_station_key(path: Path) -> StationKey:
    """Return the key in the file `path`. Raises KeyFileError when it is not a key or others could read it."""
    try:
        if path.stat().st_mode & 0o077:
            raise KeyFileError(f"{path}: others may read this key; run: chmod 600 {path}")
        secret = bytes.fromhex(path.read_text("ascii").strip())
    except OSError as error:
        raise KeyFileError(f"{path}: cannot be used: {error.strerror}") from None
    except ValueError:
        raise KeyFileError(f"{path}: is not a station key; put the file back from the backup") from None
    if len(secret) != 32:
        raise KeyFileError(f"{path}: is not a station key; put the file back from the backup")
    return StationKey(secret)


def _write_new(path: Path, content: bytes) -> None:
    temporary = path.with_name(path.name + ".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
