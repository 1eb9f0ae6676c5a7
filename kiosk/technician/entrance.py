"""The way into the technician's mode: one code, five tries."""

import threading

import msgspec

from kiosk.technician.audit import ENTERED, LOCKED, REFUSED, Audit
from kiosk.technician.codes import Codes
from kiosk.technician.lockout import IN_A_ROW, MINUTES, Tries


class Entry(msgspec.Struct, frozen=True):
    """What became of a code. `name`: whose it is, empty when it was not taken.

    `tries`: how many are left before the lock. `locked`: milliseconds for which nothing is tried.
    """

    name: str = ""
    tries: int = 0
    locked: int = 0


class Entrance:
    """Takes codes. Every call waits for the disk; safe from any thread."""

    def __init__(self, codes: Codes, tries: Tries, audit: Audit) -> None:
        self._codes = codes
        self._tries = tries
        self._audit = audit
        self._lock = threading.Lock()

    def settle(self) -> None:
        """Enter into the journal what was changed from the shell. Raises CodesError."""
        changes = self._codes.changes()
        if changes and all(self._audit.note(one.kind, one.time, name=one.name) for one in changes):
            self._codes.entered(changes)

    def locked(self) -> int:
        """Return for how many milliseconds more no code is tried. Raises TriesError."""
        with self._lock:
            return self._tries.locked()

    def enter(self, code: str) -> Entry:
        """Try `code`. Raises CodesError and TriesError: then nothing was tried, and nobody is in."""
        with self._lock:
            if left := self._tries.locked():
                return Entry(locked=left)
            wrong = self._tries.count()
            name = self._codes.who(code)
            if name is not None:
                self._tries.clear()
                self._audit.note(ENTERED, name=name)
                return Entry(name, IN_A_ROW)
            self._audit.note(REFUSED, wrong=wrong)
            locked = self._tries.locked()
            if locked:
                self._audit.note(LOCKED, wrong=wrong, minutes=MINUTES[min(wrong // IN_A_ROW, len(MINUTES)) - 1])
            return Entry(tries=IN_A_ROW - wrong % IN_A_ROW if not locked else 0, locked=locked)
