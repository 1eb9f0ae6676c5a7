"""The test of the clock, against the center and against what is known to be past."""

import time
from collections.abc import Callable

from kiosk.clock import JUMP_MS
from kiosk.technician.findings import Finding, Kind
from kiosk.technician.symptoms import found

WRONG_MS = 12 * 3_600_000
"""A clock that is off by half a day takes one day for another."""


class Clock:
    """Is it the time that it says?"""

    name, title, kind = "clock", "时钟", Kind.AUTOMATIC
    reason = "时钟不准，小票上的日期就不可信"

    def __init__(
        self, wall_ms: Callable[[], int], floor: Callable[[], int], ahead: Callable[[], int | None], *, has_center: bool
    ) -> None:
        """`wall_ms`: the machine's wall clock, `floor()`: a time that is past for certain (UTC milliseconds).

        `ahead()`: ms by which the wall clock is ahead of the center, None where that is not known.
        """
        self._wall_ms = wall_ms
        self._floor = floor
        self._ahead = ahead
        self._has_center = has_center

    def run(self) -> Finding:
        """Compare."""
        zone = f"UTC{time.strftime('%z')}"
        behind = self._floor() - self._wall_ms()
        ahead = self._ahead()
        if ahead is not None:
            symptom = "clock-wrong" if abs(ahead) > WRONG_MS else "clock-drift" if abs(ahead) > JUMP_MS else ""
            return found(self.name, symptom, f"{ahead / 1000:+.1f} s, {zone}")
        if behind > JUMP_MS:
            return found(self.name, "clock-behind", f"{-behind / 1000:+.0f} s, {zone}")
        return found(self.name, "clock-uncompared" if self._has_center else "clock-alone", zone)
