"""The print jobs of the visits that are going on, as their screens follow them. A part of `kiosk.desk`."""

import asyncio
import threading

from kiosk.journal.jobs import JobRecord, JobState
from kiosk.ports import Condition, Proof


class WatchedJobs:
    """What is known of each job. Changes come from the spooler's thread, those who wait belong to an asyncio loop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[int, JobRecord] = {}
        self._waiting: dict[int, list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]]] = {}

    def add(self, job: int, visit: int, moment: int) -> None:
        """Follow a job that visit number `visit` has made, or made again, at `moment` (UTC milliseconds)."""
        with self._lock:
            self._jobs[job] = JobRecord(
                job, "", JobState.QUEUED, Condition.UNKNOWN, Proof.NONE, 0, visit, moment, moment
            )

    def forget(self, visit: int) -> None:
        """Follow the jobs of a visit that is over no longer."""
        with self._lock:
            self._jobs = {job: record for job, record in self._jobs.items() if record.visit != visit}

    def changed(self, record: JobRecord) -> None:
        """Take in the new state of a job; called from the spooler's thread."""
        with self._lock:
            if record.id in self._jobs:
                self._jobs[record.id] = record
            waiting = self._waiting.pop(record.id, [])
        for loop, changed in waiting:
            loop.call_soon_threadsafe(_wake, changed)

    async def watch(self, job: int, seen: JobState) -> JobRecord:
        """Return a job as soon as its state is not `seen`."""
        loop = asyncio.get_running_loop()
        while True:
            with self._lock:
                record = self._jobs.get(job)
                if record is not None and record.state is not seen:
                    return record
                changed = loop.create_future()
                self._waiting.setdefault(job, []).append((loop, changed))
            try:
                await changed
            finally:
                # Whoever stops watching, as a visit's end does, leaves nothing behind.
                with self._lock:
                    waiting = [one for one in self._waiting.pop(job, []) if one[1] is not changed]
                    if waiting:
                        self._waiting[job] = waiting


def _wake(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)
