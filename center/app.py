"""The center's addresses. Answers to stations are in the line's own form, so that no proxy's page passes for one."""

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from center.enrolling import Enrolling
from center.intake import read_batch, refusal_of_headers, too_long
from center.receiving import Receiving
from center.store import Store, StoreTrouble
from center.taking import Declined
from kiosk.wire.enrolment import ENROL_LIMIT
from kiosk.wire.enrolment import encoded as encoded_enrolment
from kiosk.wire.exchange import MEDIA_TYPE, PACKED_LIMIT, STATION, STATUS, Answer, Reason, Refusal, encoded

_log = logging.getLogger(__name__)

BUSY_S = 15
"""Seconds that a station is asked to wait when there is too much to do."""


def wall_ms() -> int:
    """The wall clock in UTC milliseconds."""
    return time.time_ns() // 1_000_000


class Lines:
    """The addresses that stations use."""

    def __init__(self, store: Store, enrolling: Enrolling, now_ms: Callable[[], int] = wall_ms) -> None:
        """`now_ms`: the center's clock, UTC milliseconds."""
        self._store = store
        self._enrolling = enrolling
        self._now_ms = now_ms
        self._receiving = Receiving()

    async def sync(self, request: Request) -> Response:
        """Take in one request of a station."""
        try:
            return await self._sync(request.path_params["station"], request)
        except StoreTrouble as error:
            _log.error("%s", error)
            return self._decline(Declined(Reason.BUSY, "the center's disk or database does not take it now"))

    async def enrol(self, request: Request) -> Response:
        """Let a station enrol by its one-time code."""
        try:
            if (declined := too_long(request.headers, ENROL_LIMIT)) is not None:
                return self._decline(declined, close=True)
            content = await self._receiving.content(request, ENROL_LIMIT)
            if isinstance(content, Declined):
                return self._decline(content, close=True)
            answer = await self._enrolling.enrol(request.path_params["station"], content, self._now_ms())
        except StoreTrouble as error:
            _log.error("%s", error)
            return self._decline(Declined(Reason.BUSY, "the center's disk or database does not take it now"))
        if isinstance(answer, Declined):
            return self._decline(answer)
        return Response(encoded_enrolment(answer), media_type=MEDIA_TYPE)

    async def _sync(self, station: str, request: Request) -> Response:
        enrolled = await self._store.station(station) if STATION.fullmatch(station) else None
        declined = refusal_of_headers(request.headers, enrolled)
        if declined is not None or enrolled is None:
            # Its content is not read, so the connection cannot go on.
            return self._decline(declined or Declined(Reason.UNKNOWN_STATION), close=True)
        content = await self._receiving.content(request, PACKED_LIMIT)
        if isinstance(content, Declined):
            return self._decline(content, close=True)
        batch = read_batch(station, request.headers, content, enrolled.public)
        if isinstance(batch, Declined):
            return self._decline(batch)
        now = self._now_ms()
        taken = await self._store.take(batch, enrolled.public, now)
        if isinstance(taken, Declined):
            _log.warning("station %s: %s: %s", station, taken.reason, taken.detail)
            return self._decline(taken)
        self._store.beat(station, batch.request.heartbeat, now)
        answer = Answer(
            epoch=batch.request.epoch,
            acknowledged=taken.acknowledged,
            head=taken.head,
            watermark=taken.watermark,
            nonce=batch.request.nonce,
            time=self._now_ms(),
            downward=taken.downward,
        )
        return Response(encoded(answer), media_type=MEDIA_TYPE)

    def _decline(self, declined: Declined, *, close: bool = False) -> Response:
        refusal = Refusal(reason=declined.reason, detail=declined.detail, need=declined.need, time=self._now_ms())
        headers: dict[str, str] = {"connection": "close"} if close else {}
        if declined.reason is Reason.BUSY:
            headers["retry-after"] = str(BUSY_S)
        return Response(encoded(refusal), STATUS[declined.reason], headers, MEDIA_TYPE)


def application(store: Store, enrolling: Enrolling, now_ms: Callable[[], int] = wall_ms) -> Starlette:
    """Return the whole application. It closes `store` when it ends."""
    lines = Lines(store, enrolling, now_ms)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await store.close()

    return Starlette(
        routes=[
            Route("/v1/stations/{station}/sync", lines.sync, methods=["POST"]),
            Route("/v1/stations/{station}/enrol", lines.enrol, methods=["POST"]),
        ],
        lifespan=lifespan,
    )
