"""How the hall's calling stands: for the stations with each answer, and for the page behind a ticket's code.

Only themes that are being called are on it. Where the hall does not call by this center, nobody is promised anything.
"""

import datetime
import time
from collections.abc import Callable

import msgspec

from center.asking import Rule, Statement
from center.calling import HallQueue, calls, in_line, waiting
from center.kept import TicketView
from center.store import Store
from kiosk import hours
from kiosk.catalog.model import Release
from kiosk.tickets import Priority, calling_order
from kiosk.wire.queue import QueueSnapshot, ThemeCalls

KEPT_S = 2.0
"""Seconds for which the board is not read again, however many stations ask."""

CALLED_MS = 30 * 60_000
"""A theme of which nobody was called for so long is not being called."""

WINDOWS = 4
"""Windows whose last numbers are named."""


class Waiting(msgspec.Struct, frozen=True):
    """A ticket that waits."""

    station: str
    code: str
    number: str


class Standing(msgspec.Struct, frozen=True):
    """One theme, by its letter: the last number of each window, the newest first; who waits, in the order of turns."""

    theme: str
    called: tuple[str, ...]
    order: tuple[Waiting, ...]
    gone: frozenset[tuple[str, str]]
    """Station and code of everybody who was called."""


class Board(msgspec.Struct, frozen=True):
    """All themes that are being called at `time` (UTC ms), in one session of one day."""

    day: str
    session: str
    time: int
    themes: tuple[Standing, ...]


class Place(msgspec.Struct, frozen=True):
    """Where one ticket stands at `time` (UTC ms). `ahead`: how many come before it, None once it was called."""

    called: tuple[str, ...]
    ahead: int | None
    time: int


class Boards:
    """Reads the board when somebody asks, and keeps it for a moment."""

    def __init__(self, store: Store, release: Callable[[], Release], now: Callable[[], float] = time.monotonic) -> None:
        """`release()` is the newest catalogue; `now`: seconds of a monotonic clock."""
        self._store = store
        self._release = release
        self._now = now
        self._board: Board | None = None
        self._until = float("-inf")

    async def snapshot(self, station: str, now_ms: int) -> QueueSnapshot | None:
        """What a station is told, None when nobody calls. Raises StoreTrouble."""
        board = await self._newest(now_ms)
        if board is None:
            return None
        themes = tuple(
            ThemeCalls(
                one.theme,
                one.called,
                len(one.order),
                {ticket.number: ahead for ahead, ticket in enumerate(one.order) if ticket.station == station},
            )
            for one in board.themes
        )
        return QueueSnapshot(day=board.day, session=board.session, time=board.time, themes=themes)

    async def place(self, ticket: TicketView, now_ms: int) -> Place | None:
        """Where a ticket stands, None where that is not known. Raises StoreTrouble."""
        board = await self._newest(now_ms)
        if board is None or (board.day, board.session) != (ticket.day, ticket.session):
            return None
        for one in board.themes:
            if one.theme != ticket.theme:
                continue
            if (ticket.station, ticket.code) in one.gone:
                return Place(one.called, None, board.time)
            for ahead, waiting_one in enumerate(one.order):
                if (waiting_one.station, waiting_one.code) == (ticket.station, ticket.code):
                    return Place(one.called, ahead, board.time)
        return None

    async def _newest(self, now_ms: int) -> Board | None:
        moment = self._now()
        if moment >= self._until:
            release = self._release()
            self._board = await self._store.read(lambda: board(release, now_ms))
            self._until = moment + KEPT_S
        return self._board


def board(release: Release, now_ms: int) -> Rule[Board | None]:
    """The board of the session that goes on or ended last today; None where none has begun or nobody calls."""
    begun = hours.begun(datetime.datetime.fromtimestamp(now_ms / 1000, datetime.UTC), release.hall)
    if begun is None:
        return None
    day, session = begun.day.isoformat(), begun.session.label
    letters = tuple(theme.letter for theme in release.themes)
    rows = yield Statement(
        "SELECT theme, max(called) FROM call WHERE day = ? AND session = ?"
        f" AND theme IN ({', '.join('?' * len(letters))}) GROUP BY theme ORDER BY theme",
        (day, session, *letters),
    )
    themes = []
    for theme, called in rows:
        if now_ms - called < CALLED_MS:
            themes.append((yield from _standing(HallQueue(theme, day, session), release.priority)))
    return Board(day, session, now_ms, tuple(one for one in themes if one.called)) if themes else None


def _standing(queue: HallQueue, rule: Priority) -> Rule[Standing]:
    before = yield from calls(queue)
    line = yield from waiting(queue, before)
    newest = {call.window: call for call in before}
    # Whoever did not come is not being served.
    serving = sorted((call for call in newest.values() if not call.absent), key=lambda call: -call.turn)
    order = calling_order(line, map(in_line, before), rule)
    return Standing(
        queue.theme,
        tuple(call.number for call in serving[:WINDOWS]),
        tuple(Waiting(*line[ticket], ticket.number) for ticket in order),
        frozenset((call.station, call.code) for call in before),
    )
