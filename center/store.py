"""The one interface of the center's stores: what serving and the commands need, whatever database is behind it.

A store has two kinds of content: entries, raw as they came, each for good; and projections of them (tickets, what was
recovered, what could not be read), which can be made anew from the entries at any time. What is done with either is
written in `rules`, `projections` and `views`; a store only knows how to follow such a rule.
"""

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import TypeVar

from center import inventory, projections, requests, rules, views
from center.asking import Asks
from center.kept import AppointmentView, EarlierKey, Enrolled, RequestView, StationView, TicketView
from center.requests import NotAnswered, SealedAnswers
from center.taking import Batch, Declined, Taken
from kiosk.requests import State
from kiosk.wire.exchange import Downward, Heartbeat, Request
from kiosk.wire.renewal import RenewalRequest

T = TypeVar("T")

BEAT_S = 10.0
"""Seconds between commits of heartbeats."""

KNOWN_S = 1.0
"""Seconds for which a station's key, and that there is no newer notice, are not looked up again.

Nothing is taken in on the strength of a key from memory alone: `rules.take` asks again.
"""

DIVIDED_S = 5.0
"""Seconds for which it is not looked up again whether two machines are one station."""

REBUILD_STEP = 2000
"""Entries read again in one commit."""


class Beats:
    """Heartbeats that wait to be written down together, the newest of each station. For any thread."""

    def __init__(self) -> None:
        self._newest: dict[str, tuple[int, Heartbeat]] = {}
        self._lock = threading.Lock()

    def put(self, number: str, heartbeat: Heartbeat, now: int) -> None:
        """Keep a heartbeat that came at `now`, UTC milliseconds."""
        with self._lock:
            self._newest[number] = (now, heartbeat)

    def drain(self) -> dict[str, tuple[int, Heartbeat]]:
        """Return what waits; it waits no more."""
        with self._lock:
            newest, self._newest = self._newest, {}
            return newest


class Store(ABC):
    """Where the center keeps everything. Belongs to one event loop. All methods raise StoreTrouble."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """`now`: seconds of a monotonic clock."""
        self._now = now
        self._beats = Beats()
        self._known: dict[str, tuple[float, Enrolled]] = {}
        self._divided: dict[str, tuple[float, bool]] = {}
        self._newest, self._newest_until = 0, -KNOWN_S
        self._quiet: dict[str, tuple[int, int]] = {}
        self._word, self._word_until = "", -KNOWN_S
        self._told: dict[str, tuple[str, str]] = {}

    @abstractmethod
    async def open(self) -> None:
        """Be ready, in the loop that will use it."""

    @abstractmethod
    async def read(self, asks: Asks[T]) -> T:
        """Follow a rule that changes nothing."""

    @abstractmethod
    async def write(self, asks: Asks[T]) -> T:
        """Follow a rule in a transaction of its own, perhaps several times; return after the commit."""

    async def write_once(self, asks: Asks[T]) -> T:
        """Follow a rule that writes by one statement at most, which fails when what the rule has read is no more so."""
        return await self.write(asks)

    @abstractmethod
    async def close(self) -> None:
        """Finish what was handed in, and close."""

    async def station(self, number: str) -> Enrolled | None:
        """The station with this number, as it was at most KNOWN_S ago."""
        moment = self._now()
        if (known := self._known.get(number)) and moment < known[0]:
            return known[1]
        if found := await self.read(lambda: rules.station(number)):
            self._known[number] = moment + KNOWN_S, found
        return found

    async def divided(self, number: str) -> bool:
        """Whether two machines seem to be this station, as it was at most DIVIDED_S ago."""
        moment = self._now()
        if (known := self._divided.get(number)) and moment < known[0]:
            return known[1]
        found = await self.read(lambda: views.divided(number))
        self._divided[number] = moment + DIVIDED_S, found
        return found

    async def stations(self) -> tuple[StationView, ...]:
        """All that is known of every station."""
        return await self.read(views.stations)

    async def ticket(self, code: str) -> TicketView | None:
        """The ticket with this public code."""
        return await self.read(lambda: views.ticket(code))

    async def appointment(self, code: str) -> AppointmentView | None:
        """The appointment with this public code."""
        return await self.read(lambda: views.appointment(code))

    async def requests(self, *, everything: bool) -> tuple[RequestView, ...]:
        """The requests of which something may still come, or all, oldest first."""
        return await self.read(lambda: requests.listing(everything=everything))

    async def request(self, code: str) -> RequestView | None:
        """The request with this public code."""
        return await self.read(lambda: requests.request(code))

    async def sealed_answers(self, found: RequestView) -> SealedAnswers | None:
        """The personal answers of a request, None where there are none any more."""
        return await self.read(lambda: requests.sealed(found.station, found.code))

    async def answer(
        self, code: str, state: State, words: str, desk: str, now: int
    ) -> RequestView | NotAnswered | None:
        """Keep what the staff answers to a request and tell all stations; see `requests.answer`."""
        return await self.write(lambda: requests.answer(code, state, words, desk, now))

    async def take(self, batch: Batch, public: bytes, now: int, *, earlier_key: bool = False) -> Taken | Declined:
        """Take in what one request carries, signed by the key `public`; `now` in UTC milliseconds.

        `earlier_key`: it may be one that the station had before and that was not revoked.
        """
        if not batch.request.entries:
            # Most requests carry nothing; what they ask stands on disk already.
            return await self.read(lambda: rules.judged(batch, public))
        return await self.write_once(lambda: rules.take(batch, public, now, earlier_key=earlier_key))

    def beat(self, number: str, heartbeat: Heartbeat, now: int) -> None:
        """Learn how a station is; written down together with others, some seconds later."""
        self._beats.put(number, heartbeat, now)

    async def notices(self, station: str, after: int, now: int) -> tuple[Downward, ...]:
        """What this station and all are told, behind number `after`, up to KNOWN_S late; `now` in UTC milliseconds."""
        moment = self._now()
        if moment >= self._newest_until:
            self._newest, self._newest_until = await self.read(rules.last_notice), moment + KNOWN_S
        place = after, self._newest
        if self._quiet.get(station) == place:
            return ()
        told = await self.read(lambda: rules.notices(station, after))
        if told is None:
            await self.write(lambda: rules.skip_notices(after, now))
            told = await self.read(lambda: rules.notices(station, after))
        if not told:
            self._quiet[station] = place
        return told or ()

    async def hear(self, request: Request, now: int) -> str:
        """Count the loans that a station says it holds; returns the word under which it is to say so, empty when known.

        A new start of the center is noticed up to KNOWN_S late; `now` in UTC milliseconds.
        """
        moment, station = self._now(), request.station
        if moment >= self._word_until:
            self._word, self._word_until = await self.read(inventory.word), moment + KNOWN_S
        said, place = request.inventory, (self._word, request.epoch)
        if not self._word or self._told.get(station) == place:
            return ""
        if said is not None and said.word == self._word:
            await self.write(lambda: inventory.keep(station, request.epoch, said, now))
        self._told[station] = await self.read(lambda: inventory.told(station))
        return "" if self._told[station] == place else self._word

    async def publish(self, kind: str, data: Mapping[str, str | int], now: int) -> None:
        """Tell all stations something."""
        await self.write(lambda: rules.publish(kind, data, now))
        self._forget()

    async def set_code(self, number: str, code: bytes, expires: int) -> None:
        """Let a station enrol with `code` until `expires` (UTC ms); an earlier code is void."""
        await self.write(lambda: rules.set_code(number, code, expires))

    async def code(self, number: str, public: bytes, now: int) -> bytes | None:
        """The one-time code with which the station of the key `public` may enrol now."""
        return await self.read(lambda: rules.code(number, public, now))

    async def enrol(self, station: Enrolled) -> None:
        """Enrol a station and use up its code."""
        await self.write(lambda: rules.enrol(station))
        self._forget()

    async def renew(self, request: RenewalRequest, now: int) -> Declined | int:
        """Let a station's new key take over, and tell all others; returns since when it holds."""
        renewed = await self.write(lambda: rules.renew(request, now))
        self._forget()
        return renewed

    async def earlier_keys(self, number: str) -> tuple[EarlierKey, ...]:
        """The keys that a station had before its present one, the newest first."""
        return await self.read(lambda: rules.earlier_keys(number))

    async def revoke(self, number: str, now: int) -> bool:
        """Refuse a station from now on, and tell all others; False when it is not enrolled."""
        revoked = await self.write(lambda: rules.revoke(number, now))
        self._forget()
        return revoked

    async def settle(self) -> int:
        """Bring all that is here into the projections; returns how many entries that were."""
        done = 0
        for number in await self.read(projections.behind):
            done += await self._settle(number)
        return done

    async def rebuild(self) -> int:
        """Make all projections anew, station by station; returns how many entries were read."""
        done = 0
        for number in await self.read(projections.stations):
            await self.write(lambda number=number: projections.unproject(number))  # type: ignore[misc]
            done += await self._settle(number)
        return done

    def _forget(self) -> None:
        self._known.clear()
        self._newest_until = -KNOWN_S

    async def _settle(self, number: str) -> int:
        done = 0
        while step := await self.write(lambda: projections.project(number, REBUILD_STEP)):
            done += step
        return done
