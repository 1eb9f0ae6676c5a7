"""What the center keeps, as values, and what a store must do with them.

A store has two kinds of content: entries, raw as they came, each for good; and projections of them (tickets, what was
recovered, what could not be read), which can be made anew from the entries at any time.
"""

from typing import Protocol

import msgspec

from center.taking import Batch, Declined, Taken
from kiosk.wire.exchange import Downward, Heartbeat


class Enrolled(msgspec.Struct, frozen=True):
    """A station that the center knows: its Ed25519 public key, 32 bytes. Times are UTC milliseconds, 0 for never."""

    number: str
    public: bytes
    enrolled: int
    revoked: int = 0


class TicketView(msgspec.Struct, frozen=True):
    """A ticket as its entries tell. `paper`: how the newest attempt to print it ended, empty before any."""

    station: str
    code: str
    number: str
    theme: str
    package: str
    day: str
    session: str
    issued: int
    doubtful: bool
    paper: str


class ChainView(msgspec.Struct, frozen=True):
    """One epoch of a station: entries 1 to `seq` are here, and `head` is the hash of the last."""

    epoch: str
    seq: int
    head: bytes
    begun: int
    latest: int


class AsideView(msgspec.Struct, frozen=True):
    """Entries set aside: how many of an epoch, from which number on, why, and when the newest came."""

    epoch: str
    reason: str
    first: int
    count: int
    latest: int


class StationView(msgspec.Struct, frozen=True):
    """All that is known of one station. `heard`: when its newest heartbeat came, 0 for never.

    `troubles`: entries that are here but could not be understood. `recovered`: entries that came inside others, after
    their own epoch could not go on. `doubled`: numbers that were given out twice on one day, which only two machines
    with the same disk can do.
    """

    number: str
    revoked: bool
    chains: tuple[ChainView, ...]
    aside: tuple[AsideView, ...]
    troubles: int
    recovered: int
    tickets: int
    doubled: tuple[str, ...]
    heard: int
    heartbeat: Heartbeat


class StoreTrouble(Exception):
    """The store cannot do it; nothing of it has happened. The message is one line for a person."""


class Store(Protocol):
    """Where the center keeps everything. What writes returns after its commit. All methods raise StoreTrouble."""

    async def station(self, number: str) -> Enrolled | None:
        """The station with this number."""

    async def take(self, batch: Batch, public: bytes, now: int) -> Taken | Declined:
        """Take in what one request carries, signed by the key `public`; `now` in UTC milliseconds."""

    async def notices(self, after: int, now: int) -> tuple[Downward, ...]:
        """What all stations are told, behind number `after`; `now` in UTC milliseconds."""

    async def code(self, number: str, public: bytes, now: int) -> bytes | None:
        """The one-time code with which the station of the key `public` may enrol now."""

    async def enrol(self, station: Enrolled) -> None:
        """Enrol a station and use up its code."""

    def beat(self, number: str, heartbeat: Heartbeat, now: int) -> None:
        """Learn how a station is; written down together with others, some seconds later."""

    async def ticket(self, code: str) -> TicketView | None:
        """The ticket with this public code."""

    async def close(self) -> None:
        """Finish what was handed in, and close."""
