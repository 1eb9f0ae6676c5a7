"""The link's thread: waits, steps the machine, has its actions done."""

import contextlib
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kiosk.journal.folder import StateError
from kiosk.journal.writer import JournalError
from kiosk.keys import KeyFileError
from kiosk.link.machine import Entered, Event, Hurry, Link, State, Status, Tick

if TYPE_CHECKING:
    # Loading it loads the network, which the station does after its first screen.
    from kiosk.link.carrier import Carrier

ENROLLED_S = 10.0
"""Seconds between looks whether the station has been enrolled by now."""

RESTING_S = 1.0
"""Seconds between looks whether the line is wanted again."""

KEPT_TROUBLES = 8
"""The last so many troubles are remembered, for whoever asks what was wrong."""

LEAVE_S = 2.0
"""Seconds that a stop waits for the thread. A connection that is only being made cannot be cut short; the thread then
ends with the process, and what it had under way is sent again the next time."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Past:
    """A trouble that the line had: what, and when it was first and last met, seconds of the monotonic clock."""

    trouble: str
    detail: str
    first: float
    last: float


def run_through(link: Link, carrier: "Carrier", event: Event, now: Callable[[], float]) -> None:
    """Hand `event` to the machine, do what it decides, and hand it what came of that, until it rests."""
    pending: deque[Event] = deque([event])
    while pending:
        for action in link.step(now(), pending.popleft()):
            if outcome := carrier.do(action):
                pending.append(outcome)


class LinkThread:
    """Drives a Link in a thread of its own."""

    def __init__(self, link: Link, opening: "Callable[[], Carrier | None]") -> None:
        """`opening` makes the carrier in the new thread, None while the station is not enrolled."""
        self._link = link
        self._opening = opening
        self._carrier: Carrier | None = None
        self._ending = threading.Event()
        self._paused = threading.Event()
        self.troubles: tuple[Past, ...] = ()
        """What went wrong last, the newest first; replaced as a whole."""
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)

    @property
    def status(self) -> Status:
        """How the line is."""
        return self._link.status

    @property
    def paused(self) -> bool:
        """Whether the line rests because somebody wants it to."""
        return self._paused.is_set()

    def pause(self, wanted: bool) -> None:
        """Exchange nothing until told to go on; an exchange under way is ended. Returns at once."""
        if wanted:
            self._paused.set()
        else:
            self._paused.clear()
        self._events.put(Tick())

    def hurry(self) -> None:
        """Exchange now, whenever the next time would have been; returns at once."""
        self._events.put(Hurry())

    @property
    def opened(self) -> bool:
        """Whether there is a center to talk to: the station is enrolled."""
        return self._carrier is not None

    @property
    def traffic(self) -> tuple[int, int]:
        """Bytes of requests and answers since the start."""
        return (self._carrier.sent, self._carrier.received) if self._carrier else (0, 0)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def entered(self) -> None:
        """Learn that the journal has a new entry; returns at once."""
        self._events.put(Entered())

    def look(self) -> None:
        """Look at once whether the station has been enrolled; returns at once."""
        self._events.put(Tick())

    def close(self) -> None:
        """End, without waiting for an answer that is still out."""
        self._ending.set()
        self._events.put(Tick())
        end = time.monotonic() + LEAVE_S
        while self._thread.is_alive() and time.monotonic() < end:
            if self._carrier is not None:
                self._carrier.abort()
            self._thread.join(0.1)

    def _run(self) -> None:
        try:
            while self._carrier is None and not self._ending.is_set():
                self._carrier = self._opening()
                if self._carrier is None:
                    # Whatever happens meanwhile is a reason to look at once.
                    with contextlib.suppress(queue.Empty):
                        self._events.get(timeout=ENROLLED_S)
        except (JournalError, StateError, KeyFileError) as error:
            # A broken journal ends the station by its own way; a broken key leaves it working without a line.
            _log.error("the link does not start: %s", error)
        if self._carrier is None:
            return
        self._deliver(self._carrier)
        self._carrier.close()

    def _deliver(self, carrier: "Carrier") -> None:
        event: Event = Tick()
        while not self._ending.is_set():
            if self._paused.is_set():
                # What is entered meanwhile stays in the journal, where the next exchange looks for it.
                with contextlib.suppress(queue.Empty):
                    self._events.get(timeout=RESTING_S)
                event = Hurry()
                continue
            run_through(self._link, carrier, event, time.monotonic)
            self._remember()
            if self._link.status.state is State.WELL and not self._ending.is_set():
                carrier.between()
            try:
                event = self._events.get(timeout=self._link.wait(time.monotonic()))
            except queue.Empty:
                event = Tick()

    def _remember(self) -> None:
        status, now = self._link.status, time.monotonic()
        if not status.trouble:
            return
        last, *before = self.troubles or (None,)
        if last and (last.trouble, last.detail) == (status.trouble, status.detail):
            fresh = replace(last, last=now)
        else:
            fresh, before = Past(status.trouble, status.detail, now, now), list(self.troubles)
        self.troubles = (fresh, *(one for one in before if one))[:KEPT_TROUBLES]
