"""How a new station and its center come to know each other, by a one-time code that a person carries.

The code is 128 random bits, so it can authenticate both sides before any certificate is known: each proves by HMAC
(RFC 2104) over all it says that it has the code, and the code itself never goes over the line. Whoever listens learns
public keys.
"""

import base64
import hmac
import re

import msgspec

from kiosk.wire.decoding import decoded
from kiosk.wire.entries import SHA256, Unreadable
from kiosk.wire.exchange import ED25519, STATION

CODE_BYTES = 16
CODE_HOURS = 24

ENROL_LIMIT = 16 << 10
"""Bytes that either message may have."""


def enrol_path(station: str) -> str:
    """The path of a station's enrolment."""
    return f"/v1/stations/{station}/enrol"


def written(code: bytes) -> str:
    """Return a code as it is written down: 26 letters and digits of base32 (RFC 4648) in groups of five."""
    letters = base64.b32encode(code).decode().rstrip("=")
    return "-".join(letters[place : place + 5] for place in range(0, len(letters), 5))


def read_code(text: str) -> bytes:
    """Return the code that was typed, however grouped. Raises Unreadable."""
    letters = re.sub(r"[\s-]", "", text).upper()
    if not re.fullmatch("[A-Z2-7]{26}", letters):
        raise Unreadable("a code has 26 letters and digits, none of them 0, 1, 8 or 9")
    try:
        return base64.b32decode(letters + "======")
    except ValueError:
        raise Unreadable("no such code can be") from None


class EnrolRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A station shows its public key. `proof` is the HMAC of all the rest."""

    v: int = 1
    station: str
    alg: str = ED25519
    public: bytes
    nonce: bytes
    proof: bytes


class CenterKeys(msgspec.Struct, frozen=True, kw_only=True):
    """What a station keeps of its center. `ca`: the CA of its address, PEM. Public keys come with their algorithm.

    `sealing`: for personal data. `release`: signs catalogue releases. `time`: UTC milliseconds. `numbers`: as in an
    exchange's answer, for a machine that takes the place of another; not kept.
    """

    v: int = 1
    station: str
    ca: str
    sealing_alg: str
    sealing: bytes
    release_alg: str
    release: bytes
    time: int
    numbers: dict[str, int] = {}


class EnrolAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`content`: CenterKeys; `proof`: HMAC of it, of the station's key and of its nonce."""

    v: int = 1
    content: bytes
    proof: bytes


def station_proof(code: bytes, station: str, public: bytes, nonce: bytes) -> bytes:
    """What a station proves by."""
    return _proof(code, b"station", station.encode(), public, nonce)


def center_proof(code: bytes, station: str, public: bytes, nonce: bytes, content: bytes) -> bytes:
    """What a center proves by."""
    return _proof(code, b"center", station.encode(), public, nonce, content)


def same(one: bytes, other: bytes) -> bool:
    """Return whether two proofs are the same, in constant time."""
    return hmac.compare_digest(one, other)


def _proof(code: bytes, *parts: bytes) -> bytes:
    # Lengths go in as well, so that no two lists of parts run together to the same bytes.
    message = b"".join(len(part).to_bytes(4, "big") + part for part in (b"jimei-kiosk enrol 1", *parts))
    return hmac.digest(code, message, SHA256)


def encoded(value: EnrolRequest | CenterKeys | EnrolAnswer) -> bytes:
    """Return the bytes of a message."""
    return msgspec.msgpack.encode(value)


def read_enrol_request(content: bytes) -> EnrolRequest:
    """Return the request in `content`. Raises Unreadable."""
    request = decoded(content, EnrolRequest)
    if not STATION.fullmatch(request.station) or request.alg != ED25519 or len(request.public) != 32:
        raise Unreadable("no such station or key can be")
    return request


def read_enrol_answer(content: bytes) -> EnrolAnswer:
    """Return the answer in `content`. Raises Unreadable."""
    return decoded(content, EnrolAnswer)


def read_center_keys(content: bytes) -> CenterKeys:
    """Return the keys in `content`. Raises Unreadable."""
    return decoded(content, CenterKeys)
