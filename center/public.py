"""The addresses that residents' phones open, and what protects them: a pace for each address, and a strict policy."""

import logging
import time
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from center.appointment_page import AppointmentPages
from center.board import Place
from center.guide_page import GuidePages
from center.html import POLICY
from center.kept import StoreTrouble, TicketView
from center.manual_page import ManualPages
from center.pace import Pace
from center.request_page import RequestPages
from center.store import Store
from center.ticket_page import TicketPages, language_of
from kiosk.catalog.model import Release
from kiosk.keys import read_code
from kiosk.text import Language
from kiosk.wording import Wording

BURST = 30
BURST_S = 60.0
"""Pages of tickets that one address may ask for in a minute: codes cannot be guessed through at that pace."""

GUIDE_AGE_S = 3600
"""Seconds that a phone or proxy may keep a guide page, which is the same for everybody."""

_log = logging.getLogger(__name__)


class PublicPages:
    """Answers `/g/...` and `/t/...`, in any case of letters."""

    def __init__(
        self,
        store: Store,
        release: Callable[[], Release],
        wording: Wording,
        now: Callable[[], float] = time.monotonic,
        place: Callable[[TicketView], Awaitable[Place | None]] | None = None,
    ) -> None:
        """`release()` is the newest catalogue; `now`: seconds of a monotonic clock.

        `place(ticket)` tells where a ticket stands in its queue; without it no page says so.
        """
        self._store = store
        self._release = release
        self._guides = GuidePages(wording)
        self._manuals = ManualPages(wording)
        self._tickets = TicketPages(wording)
        self._requests = RequestPages(wording)
        self._appointments = AppointmentPages(wording)
        self._place = place
        self._pace = Pace(BURST, BURST_S, now)

    def routes(self) -> list[Route]:
        """The addresses. Behind a ticket's code there may be the signed token, which is for a window to check."""
        return [
            *(Route(f"/{letter}/{{code}}", self.guide) for letter in "gG"),
            *(Route(f"/{letter}/{{code}}{token}", self.ticket) for letter in "tT" for token in ("", "/{token}")),
        ]

    async def guide(self, request: Request) -> Response:
        """The list behind a guide's code, or the service manual behind a channel's."""
        release, code = self._release(), request.path_params["code"]
        page = self._guides.page(release, code) or self._manuals.page(release, code)
        if page is None:
            return _html(self._guides.missing(self._language(request)), 404)
        return _html(page, 200, f"public, max-age={GUIDE_AGE_S}")

    async def ticket(self, request: Request) -> Response:
        """The number behind a ticket's code, how far the request behind that of a request is, or the appointment."""
        language = self._language(request)
        address = request.client.host if request.client else ""
        if not self._pace.allows(address):
            return _html(self._tickets.too_often(language), 429)
        typed = request.path_params["code"]
        code = read_code(typed)
        try:
            page = await self._page(code, language) if code else None
        except StoreTrouble as error:
            _log.error("a code cannot be looked up: %s", error)
            return _html(self._tickets.unavailable(language), 503)
        return _html(page or self._tickets.unknown(code or typed, language), 200 if page else 404)

    async def _page(self, code: str, language: Language) -> bytes | None:
        if ticket := await self._store.ticket(code):
            place = await self._place(ticket) if self._place else None
            return self._tickets.known(self._release(), ticket, language, place)
        if found := await self._store.request(code):
            return self._requests.known(self._release(), found, language)
        if booked := await self._store.appointment(code):
            return self._appointments.known(self._release(), booked, language)
        return None

    def _language(self, request: Request) -> Language:
        return language_of(request.query_params.get("l", ""), request.headers.get("accept-language", ""))


def _html(page: bytes, status: int, cache: str = "no-store") -> Response:
    headers = {
        "cache-control": cache,
        "content-security-policy": POLICY,
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
    if status == 429:
        headers["retry-after"] = str(int(BURST_S))
    return Response(page, status, headers, "text/html")
