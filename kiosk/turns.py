"""When a number's turn is, as far as the center last said: kept in memory, and forgotten when it is too old.

The hall may call its numbers by other means, and a line may be down. So nothing is told without a fresh snapshot, and
nothing of it ever goes on paper, which is read later than it is printed.
"""

import re
import threading
from collections.abc import Callable

import msgspec

from kiosk.hours import Service
from kiosk.wire.queue import QueueSnapshot, ThemeCalls

FRESH_MS = 5 * 60_000
"""How old a snapshot may be: ten exchanges of a station that has nothing to send."""

SHOWN = 2
"""Numbers that are named at most: a window beside the other."""

_NUMBER = re.compile(r"[A-Z][0-9]{2}-[0-9]{3,5}")
_MOST = 100_000
_MINUTE_MS = 60_000


class Turn(msgspec.Struct, frozen=True):
    """What is known of a number's turn. `called`: what was called last; `minutes`: how old that is.

    `ahead`: how many come before it, None where that is not known; `at_most`: it may be fewer. `own`: it is itself
    among those that were called last.
    """

    called: tuple[str, ...]
    minutes: int
    ahead: int | None = None
    at_most: bool = False
    own: bool = False


class Turns:
    """The newest snapshot, and the tickets that this station issued after it. For any thread."""

    def __init__(self, uptime: Callable[[], int]) -> None:
        """`uptime()`: milliseconds of a clock that nobody sets."""
        self._uptime = uptime
        self._lock = threading.Lock()
        self._snapshot: QueueSnapshot | None = None
        self._at = 0
        self._since: dict[int, tuple[str, int]] = {}

    def tell(self, snapshot: QueueSnapshot, seconds: float) -> None:
        """Take in a snapshot that is `seconds` old; one that cannot be true is left."""
        if not all(map(_possible, snapshot.themes)):
            return
        with self._lock:
            self._snapshot = snapshot
            self._at = self._uptime() - int(1000 * seconds)
            self._since = {issued: one for issued, one in self._since.items() if one[1] > self._at}

    def taken(self, theme: str, issued: int) -> None:
        """Learn that a ticket of `theme` was issued at `issued` (UTC ms) by this station just now."""
        now = self._uptime()
        with self._lock:
            self._since = {at: one for at, one in self._since.items() if one[1] > now - FRESH_MS}
            self._since[issued] = theme, now

    def of(self, number: str, service: Service, issued: int, *, priority: bool) -> Turn | None:
        """What is known of the turn of a ticket, issued at `issued` (UTC ms); None without a fresh snapshot of it."""
        with self._lock:
            fresh = self._fresh()
            if fresh is None or (fresh.day, fresh.session) != (service.day.isoformat(), service.session.label):
                return None
            calls = next((one for one in fresh.themes if one.theme == number[0]), None)
            if calls is None:
                return None
            turn = Turn(calls.called[:SHOWN], self._minutes(), own=number in calls.called)
            if number in calls.places:
                return msgspec.structs.replace(turn, ahead=calls.places[number])
            if issued not in self._since:
                return turn
            before = sum(theme == number[0] and at < issued for at, (theme, _) in self._since.items())
            # With priority it may be fewer, but never more.
            return msgspec.structs.replace(turn, ahead=calls.waiting + before, at_most=priority)

    def hall(self) -> Turn | None:
        """What was called last, of any theme; None without a fresh snapshot."""
        with self._lock:
            fresh = self._fresh()
            if fresh is None or not fresh.themes:
                return None
            return Turn(tuple(one.called[0] for one in fresh.themes[:SHOWN]), self._minutes())

    def _fresh(self) -> QueueSnapshot | None:
        return self._snapshot if self._uptime() - self._at < FRESH_MS else None

    def _minutes(self) -> int:
        return (self._uptime() - self._at) // _MINUTE_MS


def _possible(calls: ThemeCalls) -> bool:
    """Return whether what came over the line may be shown to people."""
    numbers = (*calls.called, *calls.places)
    counts = (calls.waiting, *calls.places.values())
    return bool(calls.called) and all(map(_NUMBER.fullmatch, numbers)) and all(0 <= one < _MOST for one in counts)
