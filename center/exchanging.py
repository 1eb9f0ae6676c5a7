"""What the center answers to a station, without any HTTP server around it."""

import logging
from collections.abc import Callable, Mapping

import msgspec

from center.board import Boards
from center.intake import read_batch, refusal_of_headers
from center.kept import Enrolled, StoreTrouble
from center.numbers import highest
from center.store import Store
from center.taking import Declined
from kiosk.wire.exchange import STATION, STATUS, Answer, Heartbeat, Reason, Refusal, Request, encoded

_log = logging.getLogger(__name__)

BUSY_S = 15
"""Seconds that a station is asked to wait when there is too much to do."""

TROUBLE = Declined(Reason.BUSY, "the center's disk or database does not take it now")


class Outcome(msgspec.Struct, frozen=True):
    """An answer or refusal. `retry_after`: seconds to wait before the next try, 0 when that does not matter."""

    status: int
    content: bytes
    retry_after: int = 0


class Exchanging:
    """Takes in requests whose content has been read."""

    def __init__(self, store: Store, now_ms: Callable[[], int], boards: Boards | None = None) -> None:
        """`now_ms`: the center's clock, UTC milliseconds. Without `boards` nobody is told of calls."""
        self._store = store
        self._boards = boards
        self._now_ms = now_ms

    async def admit(self, station: str, headers: Mapping[str, str]) -> Enrolled | Declined:
        """Say by its headers alone whether a request's content is worth reading, and whose it should be."""
        try:
            enrolled = await self._store.station(station) if STATION.fullmatch(station) else None
        except StoreTrouble as error:
            _log.error("%s", error)
            return TROUBLE
        if enrolled is None:
            return Declined(Reason.UNKNOWN_STATION, "no such station is enrolled here")
        return refusal_of_headers(headers, enrolled) or enrolled

    async def exchange(self, enrolled: Enrolled, headers: Mapping[str, str], content: bytes) -> Outcome:
        """Take in the request of an enrolled station and answer it, after the commit."""
        batch = read_batch(enrolled.number, headers, content, enrolled.public)
        if isinstance(batch, Declined):
            return self.decline(batch)
        now = self._now_ms()
        try:
            taken = await self._store.take(batch, enrolled.public, now)
            word = "" if isinstance(taken, Declined) else await self._store.hear(batch.request, now)
            downward = await self._store.notices(enrolled.number, batch.request.cursor, now)
            numbers = await self._numbers(batch.request, now)
            queue = await self._boards.snapshot(enrolled.number, now) if self._boards else None
        except StoreTrouble as error:
            _log.error("%s", error)
            return self.decline(TROUBLE)
        if isinstance(taken, Declined):
            # A request without entries only asks, such as of a command that compares: nothing was sent in vain.
            level = logging.WARNING if batch.request.entries else logging.INFO
            _log.log(level, "station %s: %s: %s", enrolled.number, taken.reason, taken.detail)
            return self.decline(taken)
        if batch.request.heartbeat != Heartbeat():
            # A request that only asks, such as of a command, says nothing of how the station is.
            self._store.beat(enrolled.number, batch.request.heartbeat, now)
        answer = Answer(
            epoch=batch.request.epoch,
            acknowledged=taken.acknowledged,
            head=taken.head,
            watermark=taken.watermark,
            want=taken.want,
            nonce=batch.request.nonce,
            time=self._now_ms(),
            downward=downward,
            numbers=numbers,
            word=word,
            queue=queue,
        )
        return Outcome(200, encoded(answer))

    async def _numbers(self, request: Request, now: int) -> dict[str, int] | None:
        # Of two machines that are one station, each must learn what the other gives out, whether it asks or not.
        if request.numbers or await self._store.divided(request.station):
            return await self._store.read(lambda: highest(request.station, now))
        return None

    def decline(self, declined: Declined) -> Outcome:
        """Return the refusal that goes over the line."""
        refusal = Refusal(reason=declined.reason, detail=declined.detail, need=declined.need, time=self._now_ms())
        wait = BUSY_S if declined.reason is Reason.BUSY else 0
        return Outcome(STATUS[declined.reason], encoded(refusal), wait)
