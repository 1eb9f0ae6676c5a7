"""The print jobs of open visits, as the screens watch them: each from being asked for to the end of its visit.

A part of `kiosk.desk`. Whoever watches belongs to an asyncio loop; what changes may be told from any thread.
"""

import asyncio
import threading

from kiosk.journal.jobs import JobRecord, JobState
from kiosk.ports import Condition, Proof


class WatchedJobs:
    """What is known of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[int, JobRecord] = {}
        self._waiting: dict[int, list[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]]] = {}

    def add(self, job: int, visit: int, now: int) -> None:
        """Know of a job that a visit has asked for at `now`, UTC milliseconds."""
        with self._lock:
            self._jobs[job] = JobRecord(job, "", JobState.QUEUED, Condition.UNKNOWN, Proof.NONE, 0, visit, now, now)

    def forget(self, visit: int) -> None:
        """Know of the jobs of a visit no more."""
        with self._lock:
            self._jobs = {job: record for job, record in self._jobs.items() if record.visit != visit}

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

    def change(self, record: JobRecord) -> None:
        """Take in the new state of a job."""
        with self._lock:
            if record.id in self._jobs:
                self._jobs[record.id] = record
            waiting = self._waiting.pop(record.id, [])
        for loop, changed in waiting:
            loop.call_soon_threadsafe(_wake, changed)


def _wake(waiting: asyncio.Future[None]) -> None:
    if not waiting.done():
        waiting.set_result(None)
