"""Looks after the station for as long as it runs: tests it again and again, and remembers since when what is wrong.

A fault is known within ten seconds of the first chance to know. A test that takes long is run the more seldom, so
that looking never costs the resident at the screen anything.
"""

import threading
import time
from collections.abc import Callable, Mapping

from kiosk.technician.findings import Finding, Test, ordered
from kiosk.technician.overview import Overview, dated
from kiosk.technician.rounds import WHOLE_S, Rounds

EVERY_S = 3.0
"""Seconds between two looks at a part."""

SHARE = 200
"""A test rests this many times the processor time that it took: half a hundredth of the time at most goes into any."""

LEAVE_S = 1.0
"""Seconds that a stop waits for the look under way; it ends with the process."""

KEPT_S = 60.0
"""Seconds after which the findings are kept again though they are the same: their age tells that somebody looks."""


class Watch:
    """A thread that runs tests. `overview` may be read from any thread."""

    def __init__(
        self,
        tests: Callable[[], tuple[Test, ...]],
        before: Callable[[], Overview],
        keep: Callable[[Overview], object],
        process: int,
        now_ms: Callable[[], int],
        rests: Mapping[str, float],
    ) -> None:
        """`tests()` puts the tests together anew for each look; `rests`: seconds for which some rest in between.

        `before()` is what an earlier run kept, `keep` keeps what this `process` finds. `now_ms`: UTC milliseconds.
        """
        self._tests = tests
        self._before = before
        self._keep = keep
        self._now_ms = now_ms
        self._rests = rests
        self._rounds = Rounds()
        self._due: dict[str, float] = {}
        self._found: dict[str, Finding] = {}
        self._kept = float("-inf")
        self._over = threading.Event()
        self.overview = Overview(process)
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin looking."""
        self._thread.start()

    def close(self) -> None:
        """Look no more."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(LEAVE_S)

    def _run(self) -> None:
        self.overview = Overview(self.overview.process, 0, self._before().findings)
        while not self._over.is_set():
            self._look()
            self._over.wait(EVERY_S)

    def _look(self) -> None:
        begun = time.monotonic()
        tests = self._tests()
        due = [test for test in tests if self._due.get(test.name, 0) <= begun]

        def done(finding: Finding, seconds: float) -> None:
            # The first look also loads what the test needs, which says nothing about its cost.
            share = SHARE if finding.test in self._found else 0
            self._due[finding.test] = begun + max(share * seconds, self._rests.get(finding.test, 0))

        for finding in self._rounds.run(due, WHOLE_S, done):
            self._found[finding.test] = finding
        self._tell(tuple(self._found[test.name] for test in tests if test.name in self._found))

    def _tell(self, findings: tuple[Finding, ...]) -> None:
        before, now = self.overview, self._now_ms()
        told = dated(ordered(findings), before, now)
        self.overview = Overview(before.process, now, told)
        moment = time.monotonic()
        # Values such as a time or a number of bytes change at each look, and the disk need not know.
        if _symptoms(told) != _symptoms(before.findings) or moment - self._kept >= KEPT_S:
            self._kept = moment
            self._keep(self.overview)


def _symptoms(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(one.test, one.symptom) for one in findings]
