"""One exchange: what a station sends, what the center answers, and what the station signs.

A request carries a run of entries that follow one another in one epoch, at least none. The center answers up to where
it has that epoch without a gap, and with its own hash there: when that is the station's hash, both hold the same.
Requests may be lost, doubled, late; whatever arrives is recognised by (station, epoch, seq).
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from kiosk.wire.decoding import decoded
from kiosk.wire.entries import GENESIS, SHA256, Unreadable
from kiosk.wire.places import LOANS_LIMIT, Inventory
from kiosk.wire.queue import QueueSnapshot

MEDIA_TYPE = "application/vnd.jimei-kiosk+msgpack"
"""Content type of requests, answers and refusals; whatever comes back as another is not from the center."""

PACKED_LIMIT = 1 << 20
CONTENT_LIMIT = 4 << 20
"""Bytes that a request may have as it is sent, and after unpacking."""

ENTRIES_LIMIT = 1000
"""Entries in one request."""

EARLIER_LIMIT = 16
"""Epochs that a request names besides its own, the newest ones."""

ANSWER_LIMIT = 1 << 20
"""Bytes that an answer may have."""

DOWNWARD_LIMIT = 50
"""Items of the center's log in one answer; behind so many there may be more."""

ED25519 = "ed25519"
"""Algorithm id of the signatures (RFC 8032)."""

VOUCHER_HEADER = "kiosk-voucher"
SIGNATURE_HEADER = "kiosk-signature"

NUMBERED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) ([A-Z])")
"""A service day and a queue theme."""

NUMBER_LIMIT = 100_000
"""No station gives out so many numbers of one theme on one day; what says so is wrong."""

EPOCH = re.compile(r"[0-9a-f]{16}")
STATION = re.compile(r"(?!00)[0-9]{2}")


def sync_path(station: str) -> str:
    """The path of a station's exchanges."""
    return f"/v1/stations/{station}/sync"


class Carried(msgspec.Struct, frozen=True, array_like=True):
    """One entry on the line. `sealed` is missing once it was erased; the body's digest stays."""

    body: bytes
    sealed: bytes | None = None


FAULTS_LIMIT = 16
"""Faults that a heartbeat tells of, the worst."""


class Fault(msgspec.Struct, frozen=True, array_like=True):
    """What is not well at a station, as its own tests found it: codes alone. `since` in UTC milliseconds."""

    test: str
    grade: str
    symptom: str
    since: int


class Heartbeat(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a station is. Nothing here must not be lost. Times in UTC milliseconds.

    `unsent`: entries that wait; `oldest`: time of the oldest of them, 0 when there is none. `doubtful`: its clock is
    not to be trusted. `printer`: the printer's condition. `release`: version of the catalogue in use. `faults`: what
    is not well, the worst first.
    """

    program: str = ""
    release: int = 0
    printer: str = ""
    unsent: int = 0
    oldest: int = 0
    time: int = 0
    doubtful: bool = False
    faults: tuple[Fault, ...] = ()


class Downward(msgspec.Struct, frozen=True, array_like=True):
    """One item of the center's log for one station. `data` is JSON; unknown kinds are kept as they are."""

    seq: int
    kind: str
    data: bytes


class Upto(msgspec.Struct, frozen=True, array_like=True):
    """Entries 1 to `seq` of `epoch`."""

    epoch: str
    seq: int


class Request(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a station sends.

    `first`: number of the first of `entries`, or of the next one when there is none. `before`: hash of the entry before
    it. `newest`: number of the epoch's last entry. `earlier`: what the center once confirmed of epochs before the
    present one. `cursor`: number of the last downward item that the station keeps. `nonce` comes back in the answer, so
    that a stale one from some cache is noticed. `numbers`: the station wants to know how far its numbers have come.
    `inventory`: the loans that it holds, when the center has asked.
    """

    v: int = 1
    alg: str = SHA256
    station: str
    epoch: str
    first: int
    before: bytes
    newest: int
    nonce: bytes
    entries: tuple[Carried, ...] = ()
    earlier: tuple[Upto, ...] = ()
    heartbeat: Heartbeat = Heartbeat()
    cursor: int = 0
    numbers: bool = False
    inventory: Inventory | None = None

    @property
    def last(self) -> int:
        """The number of the last entry sent; `first` - 1 when there is none."""
        return self.first + len(self.entries) - 1


class Answer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the center answers, after its commit.

    `acknowledged`: up to here, and not above the request's last, it has the epoch without a gap; `head`: its hash
    there. `watermark`: up to where it has the epoch at all. `want`: an earlier epoch of which it has no more than this,
    though it once confirmed more (it came back from a backup). `time`: UTC milliseconds. `numbers`: the highest number
    that is known of each service day and theme, written as `NUMBERED`; None when that was not asked. `word`: under
    which the station is to say what loans it holds; empty when the center knows. `queue`: how the hall's calling
    stands, None when nobody calls.
    """

    v: int = 1
    epoch: str
    acknowledged: int
    head: bytes
    watermark: int
    nonce: bytes
    time: int
    want: Upto | None = None
    downward: tuple[Downward, ...] = ()
    numbers: dict[str, int] | None = None
    word: str = ""
    queue: QueueSnapshot | None = None


class Reason(StrEnum):
    """Why the center did not take a whole request."""

    GAP = "gap"
    FORK = "fork"
    ALTERED = "altered"
    MALFORMED = "malformed"
    TOO_LARGE = "too-large"
    UNKNOWN_STATION = "unknown-station"
    REVOKED = "revoked"
    BAD_SIGNATURE = "bad-signature"
    BAD_CODE = "bad-code"
    UNSUPPORTED = "unsupported"
    BUSY = "busy"
    TROUBLE = "trouble"


STATUS = {
    Reason.GAP: 409,
    Reason.FORK: 409,
    Reason.ALTERED: 409,
    Reason.MALFORMED: 400,
    Reason.TOO_LARGE: 413,
    Reason.UNKNOWN_STATION: 403,
    Reason.REVOKED: 403,
    Reason.BAD_SIGNATURE: 401,
    Reason.BAD_CODE: 403,
    Reason.UNSUPPORTED: 415,
    Reason.BUSY: 503,
    Reason.TROUBLE: 500,
}
"""The HTTP status that goes with each reason."""


class Refusal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a request was not taken. `reason` is a Reason, or one that a newer center knows.

    `need`: for a gap, the number that must come next; for a fork or an altered entry, the first one concerned.
    """

    v: int = 1
    reason: str
    detail: str = ""
    need: int = 0
    time: int = 0


class Voucher(msgspec.Struct, frozen=True):
    """What a station signs with each request: that entries `first` to `last` end with the hash `head`.

    `digest`: SHA-256 of the request as it is sent, so that nothing is unpacked whose sender is not known. The signed
    text has no time in it: a clock may be wrong, and a request that comes twice changes nothing.
    """

    station: str
    epoch: str
    first: int
    last: int
    head: bytes
    digest: bytes

    @classmethod
    def of(cls, request: Request, head: bytes, content: bytes) -> "Voucher":
        """Return the voucher for `request`, sent as `content`, whose last entry has the hash `head`."""
        digest = hashlib.sha256(content).digest()
        return cls(request.station, request.epoch, request.first, request.last, head, digest)

    def message(self) -> bytes:
        """The signed text."""
        return (
            f"jimei-kiosk sync 1\nPOST {sync_path(self.station)}\n{self.epoch} {self.first} {self.last}\n"
            f"{SHA256}:{self.head.hex()}\n{SHA256}:{self.digest.hex()}\n"
        ).encode("ascii")

    def header(self) -> str:
        """What goes before the content; station and digest are known from path and content."""
        return f"1 {self.epoch} {self.first} {self.last} {SHA256}:{self.head.hex()}"


_VOUCHER = re.compile(rf"1 ({EPOCH.pattern}) ([0-9]{{1,18}}) ([0-9]{{1,18}}) {SHA256}:([0-9a-f]{{64}})")


def read_voucher(station: str, header: str, content: bytes) -> Voucher:
    """Return the voucher for `content` that `header` states. Raises Unreadable."""
    found = _VOUCHER.fullmatch(header)
    if found is None:
        raise Unreadable("no voucher of a known kind")
    epoch, first, last, head = found.groups()
    digest = hashlib.sha256(content).digest()
    return Voucher(station, epoch, int(first), int(last), bytes.fromhex(head), digest)


def signature_header(signature: bytes) -> str:
    """Return the header for an Ed25519 signature."""
    return f"{ED25519} {base64.b64encode(signature).decode('ascii')}"


def read_signature(header: str) -> bytes:
    """Return the 64 bytes of an Ed25519 signature. Raises Unreadable, also for other algorithms."""
    algorithm, _, text = header.partition(" ")
    if algorithm != ED25519:
        raise Unreadable(f"signature by {algorithm[:20]!r}, not {ED25519}")
    try:
        signature = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise Unreadable("signature that is not base64") from None
    if len(signature) != 64:
        raise Unreadable("signature of a wrong length")
    return signature


_encoder = msgspec.msgpack.Encoder()


def encoded(value: Request | Answer | Refusal) -> bytes:
    """Return the bytes of a request, answer or refusal before compression."""
    return _encoder.encode(value)


def read_request(content: bytes) -> Request:
    """Return the request in `content`, whose numbers and hashes have the right shape. Raises Unreadable."""
    request = decoded(content, Request)
    if not STATION.fullmatch(request.station) or not EPOCH.fullmatch(request.epoch):
        raise Unreadable("no such station or epoch can be")
    if request.alg != SHA256:
        raise Unreadable(f"a chain by {request.alg[:20]!r}, not {SHA256}")
    if not 1 <= request.first < 2**53 or len(request.before) != len(GENESIS):
        raise Unreadable("an impossible number or hash")
    if len(request.earlier) > EARLIER_LIMIT:
        raise Unreadable(f"more than {EARLIER_LIMIT} earlier epochs")
    if not 0 <= request.cursor < 2**53:
        raise Unreadable("an impossible cursor")
    if len(request.entries) > ENTRIES_LIMIT:
        raise Unreadable(f"more than {ENTRIES_LIMIT} entries")
    if request.inventory is not None:
        if len(request.inventory.loans) > LOANS_LIMIT:
            raise Unreadable(f"more than {LOANS_LIMIT} loans")
        for loan in request.inventory.loans:
            loan.check()
    return request


def read_answer(content: bytes) -> Answer:
    """Return the answer in `content`. Raises Unreadable."""
    return decoded(content, Answer)


def read_numbers(numbers: Mapping[str, int]) -> dict[tuple[str, str], int]:
    """Return the highest numbers by service day and theme, without what cannot be."""
    return {
        (found[1], found[2]): number
        for key, number in numbers.items()
        if (found := NUMBERED.fullmatch(key)) and 0 < number < NUMBER_LIMIT
    }


def read_refusal(content: bytes) -> Refusal:
    """Return the refusal in `content`. Raises Unreadable."""
    return decoded(content, Refusal)
