"""Runs tests side by side, each within its time, so that one that hangs keeps none of the others from being told."""

import queue
import threading
import time
from collections.abc import Callable, Sequence

from kiosk.technician.findings import Finding, Test, ordered
from kiosk.technician.symptoms import found
from kiosk.text import clean

WHOLE_S = 8.0
"""Seconds that a round may take: what can be found out is told within 10."""


def run_one(test: Test) -> Finding:
    """Run `test`; one that breaks is a finding of its own, for the technician comes because things are broken."""
    try:
        return test.run()
    except Exception as error:  # noqa: BLE001 - whatever is broken on the station must not hide all else
        return found(test.name, "test-failed", clean(f"{type(error).__name__}: {error}", 80))


class Rounds:
    """Runs tests, and knows those that hang: they are not begun again before they have ended."""

    def __init__(self) -> None:
        self._threads: dict[str, threading.Thread] = {}

    def run(
        self,
        tests: Sequence[Test],
        seconds: float = WHOLE_S,
        done: Callable[[Finding, float], None] = lambda finding, seconds: None,
    ) -> tuple[Finding, ...]:
        """Run `tests` side by side for at most `seconds`; returns the findings, the worst first.

        `done` is told each one as it comes, and how many seconds of processor time it took, in the calling thread. A
        test that hangs is left behind.
        """
        came: queue.SimpleQueue[tuple[Finding, float]] = queue.SimpleQueue()

        def timed(test: Test) -> None:
            begun = time.thread_time()
            finding = run_one(test)
            came.put((finding, time.thread_time() - begun))

        begun = 0
        for test in tests:
            if (before := self._threads.get(test.name)) and before.is_alive():
                continue
            thread = threading.Thread(target=timed, args=(test,), name=f"test {test.name}", daemon=True)
            self._threads[test.name] = thread
            thread.start()
            begun += 1
        end = time.monotonic() + seconds
        findings: dict[str, Finding] = {}
        while len(findings) < begun:
            try:
                finding, took = came.get(timeout=max(end - time.monotonic(), 0))
            except queue.Empty:
                break
            findings[finding.test] = finding
            done(finding, took)
        return ordered(tuple(findings.get(test.name) or found(test.name, "test-timeout") for test in tests))
