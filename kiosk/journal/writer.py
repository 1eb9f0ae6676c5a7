"""The one thread that writes to the journal. Others hand it work and wait for the end of the commit."""

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from sqlite_utils.utils import sqlite3

from kiosk.journal.database import trouble
from kiosk.journal.store import Journal

_log = logging.getLogger(__name__)

IDLE_S = 5.0
"""Seconds without work after which the write-ahead log is checkpointed."""

T = TypeVar("T")
Work = Callable[[Journal], T]


class JournalError(Exception):
    """The disk or the journal refused a write; nothing of it has happened. The message is one line for a person."""


class Writer:
    """Runs work on the journal in its own thread, in the order in which it was handed in."""

    def __init__(self, opening: Callable[[], Journal], failed: Callable[[Exception], None]) -> None:
        """`opening` makes the journal, in the new thread; `failed` is told there if that raises."""
        self._opening = opening
        self._failed = failed
        self._work: queue.SimpleQueue[Callable[[Journal | None], None] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._full = False

    @property
    def full(self) -> bool:
        """Whether the disk had no room for more than was under way when something was written last."""
        return self._full

    def start(self) -> None:
        """Start the thread; work handed in before waits for it."""
        self._thread.start()

    def submit(self, work: "Work[T]") -> "Future[T]":
        """Hand in `work`; the future ends after its commit, or with what it raised."""
        future: Future[T] = Future()

        def run(journal: Journal | None) -> None:
            if not future.set_running_or_notify_cancel():
                return
            if journal is None:
                future.set_exception(JournalError("the journal could not be opened"))
                return
            try:
                future.set_result(work(journal))
            except (sqlite3.Error, OSError) as error:
                future.set_exception(JournalError(trouble(error)))
            except Exception as error:  # noqa: BLE001 - whoever waits for the future handles it
                future.set_exception(error)

        self._work.put(run)
        return future

    def close(self) -> None:
        """Finish the work handed in so far, checkpoint, and end the thread."""
        self._work.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        journal = None
        try:
            journal = self._opening()
        except Exception as error:  # noqa: BLE001 - told to the station, which ends with one line
            self._failed(error)
        settled = True
        while True:
            try:
                run = self._work.get(timeout=None if settled else IDLE_S)
            except queue.Empty:
                settled = True
                self._rest(journal)
                continue
            if run is None:
                break
            run(journal)
            # What was written may have belonged to a visit that is over; the wait for the next must not hold it.
            del run
            self._look(journal)
            settled = False
        if journal is not None:
            journal.close()

    def _rest(self, journal: Journal | None) -> None:
        try:
            if journal is not None:
                journal.checkpoint()
                journal.ballast.restore()
        except (sqlite3.Error, OSError) as error:
            # Nothing is lost: what is committed stays in the log, and the next idle moment tries again.
            _log.warning("checkpoint: %s", trouble(error))
        self._look(journal)

    def _look(self, journal: Journal | None) -> None:
        try:
            self._full = journal is not None and journal.ballast.full
        except OSError as error:
            _log.warning("room: %s", trouble(error))
