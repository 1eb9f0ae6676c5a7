"""The link's thread: waits, steps the machine, has its actions done."""

import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable

from kiosk.journal.folder import StateError
from kiosk.journal.writer import JournalError
from kiosk.link.carrier import Carrier
from kiosk.link.machine import Entered, Event, Link, Status, Tick

_log = logging.getLogger(__name__)


def run_through(link: Link, carrier: Carrier, event: Event, now: Callable[[], float]) -> None:
    """Hand `event` to the machine, do what it decides, and hand it what came of that, until it rests."""
    pending: deque[Event] = deque([event])
    while pending:
        for action in link.step(now(), pending.popleft()):
            if outcome := carrier.do(action):
                pending.append(outcome)


class LinkThread:
    """Drives a Link in a thread of its own."""

    def __init__(self, link: Link, opening: Callable[[], Carrier], abort: Callable[[], None]) -> None:
        """`opening` makes the carrier in the new thread; `abort` ends a request under way."""
        self._link = link
        self._opening = opening
        self._abort = abort
        self._events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)

    @property
    def status(self) -> Status:
        """How the line is."""
        return self._link.status

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def entered(self) -> None:
        """Learn that the journal has a new entry; returns at once."""
        self._events.put(Entered())

    def close(self) -> None:
        """End, without waiting for an answer that is still out."""
        self._events.put(None)
        while self._thread.is_alive():
            self._abort()
            self._thread.join(0.1)

    def _run(self) -> None:
        try:
            carrier = self._opening()
        except (JournalError, StateError) as error:
            # The writer has told the station; without a journal there is nothing to carry.
            _log.error("the link does not start: %s", error)
            return
        event: Event | None = Tick()
        while event is not None:
            run_through(self._link, carrier, event, time.monotonic)
            try:
                event = self._events.get(timeout=self._link.wait(time.monotonic()))
            except queue.Empty:
                event = Tick()
        carrier.close()
