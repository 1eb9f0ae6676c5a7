"""A journal's writer for tests that have no threads."""

from concurrent.futures import Future
from typing import TypeVar

from kiosk.journal.store import Journal
from kiosk.journal.writer import Work, Writer

T = TypeVar("T")


class Direct(Writer):
    """Does its work at once, in the thread that hands it in."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._full = False

    def submit(self, work: "Work[T]") -> "Future[T]":
        future: Future[T] = Future()
        future.set_result(work(self._journal))
        return future
