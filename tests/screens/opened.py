"""Opens galleries of pages for the walks over them, and gathers what the walks find wrong."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from kiosk import paths
from kiosk.catalog.load import read_release
from kiosk.clock import StationClock
from kiosk.journal.folder import StateFolder
from kiosk.ports import Condition
from kiosk.settings import QrHosts, Settings
from kiosk.station import Station
from kiosk.text import Language
from kiosk.wire.queue import QueueSnapshot, ThemeCalls
from kiosk.wording import Wording
from screens.frame import Frame
from tests.screens.drawing import Drawing
from tests.screens.gallery import LONGEST_NUMBER, Exhibit, Gallery
from tests.screens.stage import NIGHT, Obedient

HOST = QrHosts(("station.example",))
LONG_HOST = QrHosts(("a-host-of-more-than-16-characters.example",))
CALLS = QueueSnapshot(
    day="2026-11-24",
    session="08:30-12:00",
    time=0,
    themes=(
        ThemeCalls("A", ("A07-1001", "A08-1000"), 120, {LONGEST_NUMBER: 119}),
        ThemeCalls("C", ("C07-1001",), 0),
    ),
)
Open = Callable[..., Gallery]
"""Opens a gallery whose station is in the state that the arguments say."""


class Stuck:
    """A spooler whose printer is in one condition."""

    def __init__(self, condition: Condition) -> None:
        self.condition = condition


@contextmanager
def opened(folder: Path) -> Iterator[Open]:
    """Gives what opens galleries with a station in `folder`, which is not started."""
    release, wording = read_release(paths.release_dir() / "catalog.msgpack"), Wording(paths.release_dir())

    with StateFolder(folder) as state:

        def with_(
            moment: datetime = NIGHT,
            hosts: QrHosts = HOST,
            condition: Condition = Condition.READY,
            enrolled: bool = True,
            calls: bool = False,
        ) -> Gallery:
            settings = Settings(qr=hosts)
            ms = int(moment.timestamp() * 1000)
            clock = StationClock(0, wall=lambda: ms, uptime=lambda: ms)
            station = Station(settings, release, wording, state, Obedient(), pytest.fail, clock)
            station.desk.use(Stuck(condition))  # type: ignore[arg-type]
            station.desk.requests._key = bytes(32) if enrolled else None
            if calls:
                station.desk.turns.tell(CALLS, 90)
            return Gallery(station.desk, settings)

        yield with_


class Report:
    """What was found wrong, and where."""

    def __init__(self) -> None:
        self._found: defaultdict[str, list[str]] = defaultdict(list)

    def add(self, mistakes: Iterator[str], exhibit: Exhibit, frame: Frame) -> None:
        for mistake in mistakes:
            self._found[mistake].append(f"{exhibit.name} at {frame.columns} x {frame.rows}")

    def check(self) -> None:
        lines = (f"{mistake}: {len(where)} times, {where[:3]}" for mistake, where in self._found.items())
        assert not self._found, "\n".join(lines)


def walk(
    gallery: Gallery, shown: list[Exhibit], sizes: list[tuple[int, int]], language: Language
) -> Iterator[tuple[Exhibit, Frame, Drawing]]:
    # All sizes of a page in turn: its codes are then made once.
    for exhibit in shown:
        for size in sizes:
            for drawing in gallery.sheets(exhibit, Frame(*size), language):
                yield exhibit, Frame(*size), drawing
