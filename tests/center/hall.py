"""A hall: stations whose tickets arrive at a center's store, and service windows that call them."""

import base64

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from center import calling
from center.asking import Asks
from center.calling import TWICE_MS, HallQueue, Turn
from center.intake import read_batch
from center.taking import Batch, Taken
from kiosk.sealing import Place, seal
from kiosk.tickets import GROUND_PURPOSE, Declared, Priority, check_digit
from kiosk.wire.entries import GENESIS, Body, chain, sealed_digest
from kiosk.wire.exchange import Carried
from tests.center.running import EPOCH, request, signed
from tests.center.stores import KEY, Kept

MINUTE = 60_000
MORNING = HallQueue("A", "2026-11-24", "08:30-12:00")
RULE = Priority((), 30, 2)
SEALING = X25519PrivateKey.generate()
LOST = "ffffffffffffffff"
"""An epoch that never arrives itself."""


class Hall:
    """What happens in it, minute by minute: `now` in UTC milliseconds."""

    def __init__(self, books: Kept, public: bytes = SEALING.public_key().public_bytes_raw(), now: int = 0) -> None:
        """`public`: what grounds are sealed for."""
        self.books = books
        self.now = now
        self._public = public
        self._chains: dict[str, tuple[int, bytes]] = {}
        self._made = 0

    def ticket(
        self,
        station: str,
        minute: float,
        *,
        priority: bool = False,
        ground: str = "",
        queue: HallQueue = MORNING,
        inside: bool = False,
    ) -> str:
        """Have a ticket arrive that a station issued at `minute`; returns its number.

        `ground` is declared, and sealed; `inside`: the entry comes in one of a later epoch.
        """
        self._made += 1
        number = f"{queue.theme}{station}-{self._made:03d}"
        seq, head = self._chains.get(station, (0, GENESIS))
        epoch, at = (LOST, 77) if inside else (EPOCH, seq + 1)
        sealed = None
        if ground:
            sealed = seal(self._public, Place(GROUND_PURPOSE, station, epoch, at), Declared(ground).encoded())
        data = {
            "number": number,
            "code": self.code(number),
            "theme": queue.theme,
            "package": "newborn-birth",
            "day": queue.day,
            "session": queue.session,
            "doubtful": False,
            "job": self._made,
            **({"priority": True} if priority or ground else {}),
        }
        said = self._body(station, epoch, at, "ticket.issued", int(minute * MINUTE), data, sealed)
        if inside:
            held = {"epoch": epoch, "seq": at, "hash": "", "body": base64.b64encode(said).decode()}
            said = self._body(station, EPOCH, seq + 1, "entry.recovered", int(minute * MINUTE), held, sealed)
        self._chains[station] = seq + 1, chain(head, said)
        taken = self.books.take(self._batch(station, seq + 1, head, Carried(said, sealed)))
        assert isinstance(taken, Taken)
        self.books.do(self.books.store.settle())
        return number

    @staticmethod
    def code(number: str) -> str:
        """The public code of one of these tickets."""
        digits = f"{int(number.partition('-')[2]):015d}"
        return digits + check_digit(digits)

    def turn(self, window: str = "1", queue: HallQueue = MORNING, rule: Priority = RULE) -> Turn:
        """Have a window call, a while after the last time."""
        self.now += 2 * TWICE_MS
        return self.at_once(window, queue, rule)

    def at_once(self, window: str = "1", queue: HallQueue = MORNING, rule: Priority = RULE) -> Turn:
        """Have a window call in the same moment as the last time."""
        return self.write(lambda: calling.call_next(queue, window, rule, self.now))

    def call(self, window: str = "1", queue: HallQueue = MORNING) -> str:
        """The number that is called; empty where nobody waits."""
        call = self.turn(window, queue).call
        return call.number if call else ""

    def write(self, asks: Asks[Turn]) -> Turn:
        """Follow a rule."""
        return self.books.do(self.books.store.write(asks))

    @staticmethod
    def _body(
        station: str, epoch: str, seq: int, kind: str, time: int, data: dict[str, object], sealed: bytes | None
    ) -> bytes:
        digest = sealed_digest(sealed) if sealed else None
        return Body(station=station, epoch=epoch, seq=seq, kind=kind, time=time, data=data, sealed=digest).encoded()

    @staticmethod
    def _batch(station: str, seq: int, before: bytes, entry: Carried) -> Batch:
        made, head = request(station, [entry.body], first=seq, before=before)
        whole = msgspec.structs.replace(made, entries=(entry,))
        read = read_batch(station, *signed(KEY, whole, head), KEY.public)
        assert isinstance(read, Batch)
        return read
