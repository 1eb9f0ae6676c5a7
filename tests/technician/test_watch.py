"""What looks after a running station: since when, how often, and what hangs."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from kiosk.technician import findings, watch
from kiosk.technician.findings import Finding, Grade, Kind
from kiosk.technician.overview import Overview
from kiosk.technician.symptoms import found
from kiosk.technician.watch import Watch
from tests.waiting import wait_for

NOW = 1_795_500_000_000


class Part:
    """A part of a station that a test can break."""

    title, reason, kind = "部件", "要紧", Kind.AUTOMATIC

    def __init__(self, name: str, symptom: str = "") -> None:
        self.name = name
        self.symptom = symptom
        self.looks = 0
        self.hang: threading.Event | None = None

    def run(self) -> Finding:
        self.looks += 1
        if self.hang:
            self.hang.wait()
        return found(self.name, self.symptom)


@contextmanager
def watching(
    *parts: Part, kept: list[Overview] | None = None, rests: dict[str, float] | None = None
) -> Iterator[Watch]:
    """Look after `parts` as fast as it goes; `kept` begins with what an earlier run left, and gets all that is kept."""
    log = kept if kept is not None else []

    def tests() -> tuple[findings.Test, ...]:
        return parts

    before = log[-1] if log else Overview()
    looking = Watch(tests, lambda: before, log.append, 42, lambda: NOW + len(log), rests or {})
    looking.start()
    try:
        yield looking
    finally:
        looking.close()


@pytest.fixture(autouse=True)
def look_without_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "EVERY_S", 0.001)
    monkeypatch.setattr(watch, "SHARE", 0)


def symptoms(looking: Watch) -> list[tuple[str, str]]:
    return [(one.test, one.symptom) for one in looking.overview.findings]


def test_what_breaks_is_seen_at_the_next_look_and_the_worst_stands_first() -> None:
    disk, printer = Part("disk"), Part("printer")
    with watching(disk, printer) as looking:
        wait_for(lambda: symptoms(looking) == [("disk", ""), ("printer", "")])
        printer.symptom = "printer-paper-out"
        wait_for(lambda: symptoms(looking) == [("printer", "printer-paper-out"), ("disk", "")])


def test_since_when_outlives_a_restart_and_begins_anew_with_another_fault() -> None:
    earlier = Overview(41, NOW, (Finding("printer", Grade.SEVERE, "printer-paper-out", "", 77),))
    kept, printer = [earlier], Part("printer", "printer-paper-out")
    with watching(printer, kept=kept) as looking:
        wait_for(lambda: len(kept) > 1)
        assert (kept[-1].process, looking.overview.findings[0].since) == (42, 77)
        printer.symptom = "printer-cover-open"
        wait_for(lambda: symptoms(looking) == [("printer", "printer-cover-open")])
        assert looking.overview.findings[0].since >= NOW


def test_findings_are_kept_when_they_change_and_not_at_each_look() -> None:
    kept: list[Overview] = []
    printer = Part("printer")
    with watching(printer, kept=kept):
        wait_for(lambda: printer.looks > 20)
        assert len(kept) == 1
        printer.symptom = "printer-cover-open"
        wait_for(lambda: len(kept) == 2)


def test_a_test_that_hangs_is_told_of_and_not_begun_a_second_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "WHOLE_S", 0.05)
    disk, printer = Part("disk"), Part("printer")
    disk.hang = threading.Event()
    with watching(disk, printer) as looking:
        wait_for(lambda: ("disk", "test-timeout") in symptoms(looking) and printer.looks > 3)
        assert disk.looks == 1
        disk.hang.set()
        wait_for(lambda: ("disk", "") in symptoms(looking))


def test_what_takes_long_or_wears_out_is_looked_at_more_seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "SHARE", 200)

    class Slow(Part):
        def run(self) -> Finding:
            begun = time.thread_time()
            while time.thread_time() - begun < 0.05:
                pass
            return super().run()

    slow, worn, quick = Slow("chain"), Part("disk-write"), Part("printer")
    with watching(slow, worn, quick, rests={"disk-write": 600}) as looking:
        wait_for(lambda: quick.looks >= 5)
        # The first look loads what a test needs, and says nothing about its cost.
        assert (slow.looks, worn.looks) == (2, 1)
        assert len(looking.overview.findings) == 3
