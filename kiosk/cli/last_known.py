"""What a running station last knew of its printer, left in the state folder for the commands beside it.

A port has one user at a time, and while a station runs it is the station. What it leaves counts only as long as it
runs: the file names its process, and the state folder's lock tells whether that one still holds it.
"""

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from kiosk.documents import Document
from kiosk.ports import Check, Condition, Outcome, Printer, Proof, Result, State

LEFT = "printer-now.json"
"""The file, in the state folder."""

_log = logging.getLogger(__name__)


class Slip(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The last attempt to print; `ended` in UTC milliseconds."""

    ended: int
    result: Result
    condition: Condition
    proof: Proof
    started: bool


class LastKnown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the printer at `port` was when the station in `process` last asked it, and the last slip if there was one."""

    process: int
    port: str
    state: State
    slip: Slip | None = None


class RememberedPrinter:
    """Implements `kiosk.ports.Printer` by another one, and keeps the last that it said in a file.

    The file is written when something has changed; its time of modification is that of the last answer.
    """

    def __init__(
        self, printer: Printer, port: str, state: Path, now_ms: Callable[[], int] = lambda: time.time_ns() // 1_000_000
    ) -> None:
        """`state`: the station's state folder. `now_ms`: UTC milliseconds."""
        self._printer = printer
        self._path = state / LEFT
        self._now_ms = now_ms
        self._lock = threading.Lock()
        self._known = LastKnown(os.getpid(), port, State(Condition.UNKNOWN))
        self._kept: LastKnown | None = None
        self._told = False

    def condition(self) -> Condition:
        """Ask the printer how it is."""
        return self.state().condition

    def state(self) -> State:
        """Ask the printer how it is, part by part."""
        state = self._printer.state()
        with self._lock:
            self._keep(msgspec.structs.replace(self._known, state=state))
        return state

    def self_test(self) -> tuple[Check, ...]:
        """Check what can be checked without a person."""
        return self._printer.self_test()

    def print(self, document: Document, job: int) -> Outcome:
        """Print and wait for proof."""
        outcome = self._printer.print(document, job)
        slip = Slip(self._now_ms(), outcome.result, outcome.condition, outcome.proof, outcome.started)
        with self._lock:
            self._keep(msgspec.structs.replace(self._known, state=self._after(outcome), slip=slip))
        return outcome

    def separate(self) -> Outcome:
        """Feed and cut."""
        outcome = self._printer.separate()
        with self._lock:
            self._keep(msgspec.structs.replace(self._known, state=self._after(outcome)))
        return outcome

    def close(self) -> None:
        """Give the port back; what was known of the printer holds no longer."""
        self._printer.close()
        with self._lock:
            try:
                self._path.unlink(missing_ok=True)
            except OSError as error:
                self._trouble(error)

    def _after(self, outcome: Outcome) -> State:
        """Return how the printer is by the end of a job, which tells of no part alone."""
        known = self._known.state
        return known if known.condition is outcome.condition else State(outcome.condition)

    def _keep(self, known: LastKnown) -> None:
        self._known = known
        try:
            if known == self._kept and self._path.exists():
                os.utime(self._path)
                return
            # Not synced: after a power cut nothing of it counts any more.
            fresh = self._path.with_suffix(".new")
            fresh.write_bytes(msgspec.json.encode(known))
            fresh.replace(self._path)
            self._kept = known
            self._told = False
        except OSError as error:
            self._trouble(error)

    def _trouble(self, error: OSError) -> None:
        # The station goes on: this is for commands beside it alone, and a full disk is told of elsewhere.
        if not self._told:
            _log.warning("%s: cannot be written: %s", self._path, error.strerror)
        self._told = True


def station_at(state: Path) -> int | None:
    """Return the process of the station that runs with the folder `state`; None when there is none, 0 if not known."""
    try:
        descriptor = os.open(state / "lock", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        # Shared and let go at once; nothing but this call tells whether somebody holds it.
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        owner = os.read(descriptor, 32).decode("ascii", "replace").strip()
        return int(owner) if owner.isascii() and owner.isdigit() else 0
    finally:
        os.close(descriptor)
    return None


def last_known(state: Path, process: int) -> tuple[LastKnown, int] | None:
    """Return what the station in `process` knew, and when it last had an answer, UTC milliseconds.

    None where it has not asked its printer yet, or has none.
    """
    path = state / LEFT
    try:
        known = msgspec.json.decode(path.read_bytes(), type=LastKnown)
        asked = path.stat().st_mtime_ns // 1_000_000
    except (OSError, msgspec.DecodeError):
        return None
    return (known, asked) if known.process == process else None
