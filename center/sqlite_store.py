"""The store for one machine: SQLite, one writer thread, many requests in one commit.

While a commit waits for the disk, further requests gather and share the next one, so the disk's pace bounds the commits
and not the requests. An answer goes out only after the commit that holds what it acknowledges.
"""

import asyncio
import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from center.asking import Asks
from center.books import Books
from center.database import open_for_reading, open_for_writing
from center.kept import StoreTrouble
from center.store import BEAT_S, Store

T = TypeVar("T")
_log = logging.getLogger(__name__)

GROUP = 256
"""Requests in one commit at most; more would make the first of them wait long."""

PROJECT_STEP = 500
"""Entries projected in one commit, so that a request never waits longer than for these."""

PAUSE_S = 0.02
LAG_S = 1.0
"""Seconds without a request after which projecting goes on, and for which it may be put off while they keep coming."""

IDLE_S = 5.0
"""Seconds without work after which the log is moved into the database."""


@dataclass(frozen=True)
class _Job:
    asks: Asks[Any]
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[Any]"


class SqliteStore(Store):
    """The store in one SQLite file."""

    def __init__(self, path: Path, step: Callable[[str], None] = lambda name: None, *, beside: bool = False) -> None:
        """Open or make the database. `step` is told each step of the writer by name, for tests. Raises StoreTrouble.

        `beside`: another process may serve it, which then makes the projections and moves the log into the database.
        """
        super().__init__()
        self._path = path
        self._step = step
        self._beside = beside
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        opened: queue.SimpleQueue[StoreTrouble | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, args=(opened,), name="books", daemon=True)
        self._thread.start()
        if trouble := opened.get():
            raise trouble
        self._reading: Database | None = None

    async def open(self) -> None:
        """Open what reads."""
        self._reader()

    async def read(self, asks: Asks[T]) -> T:
        """Follow a rule that changes nothing."""
        try:
            return Books(self._reader()).follow(asks())
        except sqlite3.Error as error:
            raise StoreTrouble(f"{self._path}: {error}") from error

    async def write(self, asks: Asks[T]) -> T:
        """Follow a rule, together with others that wait; return after the commit."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._jobs.put(_Job(asks, loop, future))
        return await future

    async def close(self) -> None:
        """Finish what was handed in, and close."""
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        if self._reading is not None:
            self._reading.close()

    def _reader(self) -> Database:
        # A connection belongs to the thread that opens it, which is the event loop's and not the constructor's.
        if self._reading is None:
            self._reading = open_for_reading(self._path)
        return self._reading

    def _run(self, opened: "queue.SimpleQueue[StoreTrouble | None]") -> None:
        try:
            books = Books(open_for_writing(self._path, checkpoints=not self._beside), self._step)
        except StoreTrouble as error:
            opened.put(error)
            return
        opened.put(None)
        settled = self._beside
        caught = beaten = time.monotonic()
        while True:
            try:
                group = self._group(IDLE_S if settled else PAUSE_S)
            except queue.Empty:
                group = []
            if group is None:
                break
            if group:
                _commit(books, group)
                settled = self._beside
            if not settled and (not group or time.monotonic() - caught >= LAG_S):
                settled = self._catch_up(books)
                caught = time.monotonic()
            if time.monotonic() - beaten >= BEAT_S:
                beaten = time.monotonic()
                self._write_beats(books)
        self._write_beats(books)
        books.close()

    def _group(self, timeout: float) -> list[_Job] | None:
        """Return what waits to be committed, None at the end. Raises queue.Empty after `timeout` seconds."""
        job = self._jobs.get(timeout=timeout)
        group: list[_Job] = []
        while job is not None:
            group.append(job)
            if len(group) == GROUP:
                break
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                return group
        if job is None:
            if not group:
                return None
            self._jobs.put(None)
        return group

    def _catch_up(self, books: Books) -> bool:
        """Bring some entries into the projections; returns whether all is done."""
        try:
            with books.transaction():
                done = books.project(PROJECT_STEP) < PROJECT_STEP
            if done:
                with books.transaction():
                    done = not books.tell_due(time.time_ns() // 1_000_000)
            if done:
                books.checkpoint()
        except (StoreTrouble, sqlite3.Error) as error:
            # The entries are safe, and the next time tries again.
            _log.error("projections: %s", error)
            return True
        return done

    def _write_beats(self, books: Books) -> None:
        beats = self._beats.drain()
        if not beats:
            return
        try:
            with books.transaction():
                books.beat(beats)
        except StoreTrouble as error:
            _log.error("heartbeats: %s", error)


def _commit(books: Books, group: list[_Job]) -> None:
    """Do all of `group` in one transaction and tell each how it went, after the commit."""
    outcomes: list[tuple[_Job, Any, Exception | None]] = []
    try:
        with books.transaction():
            for job in group:
                try:
                    with books.part():
                        outcomes.append((job, books.follow(job.asks()), None))
                except Exception as error:  # noqa: BLE001 - whoever handed it in is told
                    outcomes.append((job, None, error))
    except StoreTrouble as error:
        outcomes = [(job, None, error) for job in group]
    for loop in {job.loop for job in group}:
        told = [outcome for outcome in outcomes if outcome[0].loop is loop]
        with contextlib.suppress(RuntimeError):  # the loop has ended, nobody waits any more
            loop.call_soon_threadsafe(_tell, told)


def _tell(outcomes: list[tuple[_Job, Any, Exception | None]]) -> None:
    for job, result, error in outcomes:
        if job.future.done():
            continue
        if error is None:
            job.future.set_result(result)
        else:
            job.future.set_exception(error if isinstance(error, StoreTrouble) else StoreTrouble(str(error)))
