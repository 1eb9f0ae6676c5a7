"""The last findings, kept in the state folder: for `since`, and for whoever asks beside a running station."""

import logging
import os
from pathlib import Path

import msgspec

from kiosk.technician.findings import Finding

FILE = "overview.json"

_log = logging.getLogger(__name__)


class Overview(msgspec.Struct, frozen=True):
    """What was found by `process` at `time`, UTC milliseconds."""

    process: int = 0
    time: int = 0
    findings: tuple[Finding, ...] = ()

    def finding(self, test: str) -> Finding | None:
        """What `test` found, None if it was not run."""
        return next((one for one in self.findings if one.test == test), None)


def read_overview(state: Path) -> Overview:
    """Return what was kept last; an empty one where nothing was, or it cannot be read."""
    try:
        return msgspec.json.decode((state / FILE).read_bytes(), type=Overview)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return Overview()


def keep_overview(state: Path, overview: Overview) -> bool:
    """Keep `overview`; False where the disk takes nothing, which is a finding of its own.

    Not synced: after a power cut everything is looked at anew.
    """
    fresh = state / f"{FILE}.{os.getpid()}"
    try:
        fresh.write_bytes(msgspec.json.encode(overview))
        fresh.replace(state / FILE)
    except OSError as error:
        _log.warning("%s: cannot be written: %s", state / FILE, error.strerror)
        return False
    return True


def dated(findings: tuple[Finding, ...], before: Overview, now: int) -> tuple[Finding, ...]:
    """Return `findings` with since when they are so: since `before`'s date where that found the same, else `now`."""

    def since(one: Finding) -> int:
        last = before.finding(one.test)
        return last.since or now if last and (last.grade, last.symptom) == (one.grade, one.symptom) else now

    return tuple(msgspec.structs.replace(one, since=since(one)) for one in findings)
