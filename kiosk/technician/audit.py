"""What technicians do, written into the journal, and never a code."""

import logging
import secrets
import threading
from collections.abc import Callable

from kiosk.journal.store import Journal
from kiosk.journal.writer import JournalError, Writer

ENTERED, REFUSED, LOCKED, LEFT = "technician.entered", "technician.refused", "technician.locked", "technician.left"
DID, TESTED = "technician.did", "technician.tested"
"""Kinds of entries: the way in and out, what was done, how a test ended."""

_log = logging.getLogger(__name__)


class Audit:
    """Enters notes in the order in which they are made. Safe from any thread that may wait for a disk.

    A disk that takes nothing must not keep the technician out who comes to free it: what it refuses is kept in memory
    and goes before the next note.
    """

    def __init__(self, writer: Writer, now_ms: Callable[[], int]) -> None:
        """`now_ms`: the station's clock, UTC milliseconds."""
        self._writer = writer
        self._now_ms = now_ms
        self._lock = threading.Lock()
        self._waiting: list[tuple[str, int, dict[str, str | int]]] = []

    def note(self, kind: str, moment: int | None = None, /, **data: str | int) -> bool:
        """Enter a note, at `moment` (UTC milliseconds) or now; whether it and all before it are on disk."""
        with self._lock:
            self._waiting.append((kind, self._now_ms() if moment is None else moment, data))
            while self._waiting:
                try:
                    self._writer.submit(_entering(self._waiting[0])).result()
                except JournalError as error:
                    _log.error("%s is not in the journal yet: %s", kind, error)
                    return False
                del self._waiting[0]
        return True


class Hand:
    """Whoever is in, and what they do: each action is noted with their name. Empty while nobody is.

    `visit` stands for them where the station asks whose a slip is; it is drawn anew for each stay.
    """

    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        self.name = ""
        self.visit = 0

    def take(self, name: str) -> None:
        """Somebody has come in, or with an empty name nobody is there any more."""
        self.name = name
        self.visit = secrets.randbelow(2**53)

    def did(self, what: str, /, **data: str | int) -> None:
        """Note an action; waits for the disk."""
        self._audit.note(DID, name=self.name, what=what, **data)

    def tested(self, test: str, grade: str, symptom: str, by: str) -> None:
        """Note how a test ended; `by`: the station, or a person. Waits for the disk."""
        self._audit.note(TESTED, name=self.name, test=test, grade=grade, symptom=symptom, by=by)


def _entering(note: tuple[str, int, dict[str, str | int]]) -> Callable[[Journal], object]:
    kind, moment, data = note
    return lambda journal: journal.enter(kind, moment, data)
