"""The station's clock: never behind what is already known to be past, and honest when it is not to be trusted.

The floor is the latest of the catalogue's build date, the last journal entry and the last time heard from the center. A
wall clock below it, or one that jumps against the machine's uptime, is doubtful: time then runs on from the floor
until the center sets it right.
"""

import datetime
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.hours import CHINA

JUMP_MS = 120_000
"""Difference between wall clock and uptime above which the wall clock has been set while we ran."""

FAR_MS = 100 * 365 * 86_400_000
"""A center that is so far ahead of the catalogue has a broken clock itself."""


@dataclass(frozen=True)
class Moment:
    """A point in time in UTC milliseconds; `doubtful` when the clock could not be trusted."""

    ms: int
    doubtful: bool

    @property
    def local(self) -> datetime.datetime:
        """The moment in China's time."""
        return datetime.datetime.fromtimestamp(self.ms / 1000, CHINA)


def wall_ms() -> int:
    """The machine's wall clock in UTC milliseconds."""
    return time.time_ns() // 1_000_000


def uptime_ms() -> int:
    """Milliseconds since the machine started, sleep included."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000


class StationClock:
    """Tells the time from a wall clock and an uptime, both in milliseconds."""

    def __init__(self, floor_ms: int, wall: Callable[[], int] = wall_ms, uptime: Callable[[], int] = uptime_ms) -> None:
        self._wall = wall
        self._uptime = uptime
        self._lock = threading.Lock()
        self._offset = 0
        self._earliest = floor_ms
        self._heard: tuple[int, int] | None = None
        now = wall()
        self._doubtful = now < floor_ms
        self._start = max(now, floor_ms) - uptime()

    def raise_floor(self, floor_ms: int) -> None:
        """Learn of a time that is past, such as the journal's last entry."""
        with self._lock:
            behind = floor_ms - (self._start + self._uptime())
            if behind > 0:
                self._doubtful = self._doubtful or behind > JUMP_MS
                self._start += behind

    def set_right(self, ms: int) -> None:
        """Learn the center's time. A clock that was trusted and agrees within JUMP_MS stays as it is.

        A time that cannot be, from before the first floor or FAR_MS after it, changes nothing.
        """
        if not self._earliest <= ms <= self._earliest + FAR_MS:
            return
        with self._lock:
            self._heard = ms, self._uptime()
            away = ms - (self._start + self._uptime())
            if self._doubtful or abs(away) > JUMP_MS:
                self._start += away
                # The wall clock stays as wrong as it is; only a further jump of it means anything from here on.
                self._offset = ms - self._wall()
                self._doubtful = False

    def ahead(self) -> int | None:
        """Return by how many ms the wall clock is ahead of the center's time, None while the center has told none."""
        with self._lock:
            if self._heard is None:
                return None
            told, then = self._heard
            return self._wall() - told - (self._uptime() - then)

    def uptime(self) -> int:
        """Milliseconds of a clock that nobody sets, for what is so or so old."""
        return self._uptime()

    def now(self) -> Moment:
        """Return the present moment; it never runs backwards, unless the center has set it right meanwhile."""
        with self._lock:
            steady = self._start + self._uptime()
            if not self._doubtful:
                drift = self._wall() + self._offset - steady
                if abs(drift) > JUMP_MS:
                    self._doubtful = True
                elif drift > 0:
                    self._start += drift
                    steady += drift
            return Moment(steady, self._doubtful)
