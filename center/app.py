"""The center's addresses. Answers to stations are in the line's own form, so that no proxy's page passes for one."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from center.board import Boards
from center.enrolling import Enrolling
from center.exchanging import TROUBLE, Exchanging, Outcome
from center.intake import too_long
from center.kept import StoreTrouble
from center.lending import Lender
from center.pace import Pace
from center.public import PublicPages
from center.receiving import Receiving
from center.shelf import Shelf
from center.store import Store
from center.taking import Declined
from kiosk.wire import enrolment, renewal
from kiosk.wire.enrolment import ENROL_LIMIT
from kiosk.wire.exchange import MEDIA_TYPE, PACKED_LIMIT
from kiosk.wire.release import MEDIA_TYPE as RELEASE_TYPE
from kiosk.wire.renewal import RENEWAL_LIMIT

T = TypeVar("T")
_log = logging.getLogger(__name__)


RELEASES = 60
RELEASES_S = 60.0
"""Releases that one address may fetch in so many seconds; all stations may stand behind one address."""


def wall_ms() -> int:
    """The wall clock in UTC milliseconds."""
    return time.time_ns() // 1_000_000


class Lines:
    """The addresses that stations use."""

    def __init__(self, store: Store, enrolling: Enrolling, now_ms: Callable[[], int], boards: Boards | None) -> None:
        """`now_ms`: the center's clock, UTC milliseconds. `boards`: how the hall's calling stands."""
        self._exchanging = Exchanging(store, now_ms, boards)
        self._enrolling = enrolling
        self._now_ms = now_ms
        self._receiving = Receiving()

    async def sync(self, request: Request) -> Response:
        """Take in one request of a station."""
        enrolled = await self._exchanging.admit(request.path_params["station"], request.headers)
        if isinstance(enrolled, Declined):
            return self._unread(enrolled)
        content = await self._receiving.content(request, PACKED_LIMIT)
        if isinstance(content, Declined):
            return self._unread(content)
        return _response(await self._exchanging.exchange(enrolled, request.headers, content))

    async def enrol(self, request: Request) -> Response:
        """Let a station enrol by its one-time code."""
        return await self._answer(request, ENROL_LIMIT, self._enrolling.enrol, enrolment.encoded)

    async def renew(self, request: Request) -> Response:
        """Let a station's new key take over."""
        return await self._answer(request, RENEWAL_LIMIT, self._enrolling.renew, renewal.encoded)

    async def _answer(
        self,
        request: Request,
        limit: int,
        work: Callable[[str, bytes, int], Awaitable[T | Declined]],
        encoded: Callable[[T], bytes],
    ) -> Response:
        if (declined := too_long(request.headers, limit)) is not None:
            return self._unread(declined)
        content = await self._receiving.content(request, limit)
        if isinstance(content, Declined):
            return self._unread(content)
        answer: T | Declined
        try:
            answer = await work(request.path_params["station"], content, self._now_ms())
        except StoreTrouble as error:
            _log.error("%s", error)
            answer = TROUBLE
        if isinstance(answer, Declined):
            return _response(self._exchanging.decline(answer))
        return Response(encoded(answer), media_type=MEDIA_TYPE)

    def _unread(self, declined: Declined) -> Response:
        # What was not read to its end stays on the connection, so that cannot go on.
        response = _response(self._exchanging.decline(declined))
        response.headers["connection"] = "close"
        return response


class Releases:
    """The address of signed catalogue releases. They are public; their signature is what counts."""

    def __init__(self, shelf: Shelf, now: Callable[[], float] = time.monotonic) -> None:
        """`now`: seconds of a monotonic clock."""
        self._shelf = shelf
        self._pace = Pace(RELEASES, RELEASES_S, now)

    async def release(self, request: Request) -> Response:
        """One release."""
        if not self._pace.allows(request.client.host if request.client else ""):
            return Response(status_code=429, headers={"retry-after": str(int(RELEASES_S))})
        try:
            content = self._shelf.file(request.path_params["version"])
        except OSError as error:
            _log.error("%s", error)
            return Response(status_code=503, headers={"retry-after": str(int(RELEASES_S))})
        if content is None:
            return Response(status_code=404)
        return Response(content, media_type=RELEASE_TYPE)


def _response(outcome: Outcome) -> Response:
    headers = {"retry-after": str(outcome.retry_after)} if outcome.retry_after else None
    return Response(outcome.content, outcome.status, headers, MEDIA_TYPE)


def application(
    store: Store,
    enrolling: Enrolling,
    shelf: Shelf,
    pages: PublicPages | None,
    now_ms: Callable[[], int] = wall_ms,
    lender: Lender | None = None,
    boards: Boards | None = None,
) -> Starlette:
    """Return the whole application; without `pages` it serves stations alone.

    Without `lender` nothing is lent to them, without `boards` they are not told how the hall's calling stands.

    It opens `store` when it starts, and closes it when it ends.
    """
    lines = Lines(store, enrolling, now_ms, boards)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await store.open()
        lending = asyncio.create_task(lender.run()) if lender else None
        yield
        if lending:
            lending.cancel()
            await asyncio.gather(lending, return_exceptions=True)
        await store.close()

    return Starlette(
        routes=[
            Route("/v1/stations/{station}/sync", lines.sync, methods=["POST"]),
            Route("/v1/stations/{station}/enrol", lines.enrol, methods=["POST"]),
            Route("/v1/stations/{station}/renew", lines.renew, methods=["POST"]),
            Route("/v1/releases/{version:int}", Releases(shelf).release),
            *(pages.routes() if pages else []),
        ],
        lifespan=lifespan,
    )
