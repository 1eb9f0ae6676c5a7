"""What the center keeps, as values."""

from enum import StrEnum

import msgspec

from kiosk.requests import State
from kiosk.wire.exchange import Heartbeat


class KeyEnd(StrEnum):
    """Why a station's key is no longer the one that it sends with. What it signed before may still be checked."""

    RENEWED = "renewed"  # it has signed that another takes over
    REPLACED = "replaced"  # another machine was enrolled as this station
    REVOKED = "revoked"  # nobody is to trust it any more


class EarlierKey(msgspec.Struct, frozen=True):
    """A key that a station had `until` then, UTC milliseconds."""

    public: bytes
    until: int
    end: KeyEnd


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


class AppointmentView(msgspec.Struct, frozen=True):
    """An appointment as its entries tell: the place that it was changed to last, by theme, day and session."""

    station: str
    code: str
    theme: str
    day: str
    session: str
    cancelled: bool


class AnswerView(msgspec.Struct, frozen=True):
    """What the staff answered to a request, at `time` (UTC ms). `desk`: who, by the name of a desk; may be empty."""

    state: State
    words: str
    desk: str
    time: int


class RequestView(msgspec.Struct, frozen=True, kw_only=True):
    """A resident's request as its entries tell, and what it was `answered`, oldest first.

    `answers`: those that are not personal, by field. `made` and `cancelled` in UTC milliseconds, `cancelled` 0 when the
    resident has not called it off. `doubtful`: the station's clock was not to be trusted.
    """

    station: str
    code: str
    form: str
    version: int
    language: str
    answers: dict[str, str]
    project: str
    matter: str
    made: int
    doubtful: bool
    cancelled: int
    answered: tuple[AnswerView, ...]

    @property
    def _standing(self) -> AnswerView | None:
        """The answer that counts: the newest, but none of those before the resident called it off."""
        newest = self.answered[-1] if self.answered else None
        return newest if newest is not None and (newest.state.over or not self.cancelled) else None

    @property
    def state(self) -> State:
        """How far it is."""
        if (standing := self._standing) is not None:
            return standing.state
        return State.CANCELLED if self.cancelled else State.RECEIVED

    @property
    def words(self) -> str:
        """What the staff added to the state."""
        return self._standing.words if self._standing else ""

    @property
    def time(self) -> int:
        """Since when it is in this state, UTC milliseconds."""
        return self._standing.time if self._standing else self.cancelled or self.made


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


class RefusalView(msgspec.Struct, frozen=True):
    """A catalogue release that a station does not take, why, and `since` when, UTC milliseconds."""

    version: int
    reason: str
    since: int


class StationView(msgspec.Struct, frozen=True):
    """All that is known of one station. `heard`: when its newest heartbeat came, 0 for never.

    `key`: its public key, which it has `since` then; empty when it has none.

    `troubles`: entries that are here but could not be understood. `recovered`: entries that came inside others, after
    their own epoch could not go on. `reprints`: slips of other stations' tickets that it printed. `doubled`: numbers
    that were given out twice on one day, which only two machines with the same disk can do. `refused`: releases newer
    than the one in use there, the newest first. `divided`: entries came from two states of it.
    """

    number: str
    revoked: bool
    key: bytes
    since: int
    chains: tuple[ChainView, ...]
    aside: tuple[AsideView, ...]
    troubles: int
    recovered: int
    tickets: int
    reprints: int
    doubled: tuple[str, ...]
    heard: int
    heartbeat: Heartbeat
    refused: tuple[RefusalView, ...]
    divided: bool


class StoreTrouble(Exception):
    """The store cannot do it; nothing of it has happened. The message is one line for a person."""


class Unreachable(StoreTrouble):
    """There is nobody who could do it: the database's server does not answer, or refuses the connection."""


class Unfit(StoreTrouble):
    """The database is not one that this program can use as it is set up."""
