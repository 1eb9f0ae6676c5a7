"""A few pages as pictures: what a change of palette, grid or drawing does to them is to be seen, not guessed.

After a change that is meant: pytest tests/screens/test_layouts.py --snapshot-update, and look at the report.
"""

import datetime
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from textual.app import App

from kiosk import paths
from kiosk.catalog.load import read_release
from kiosk.clock import StationClock
from kiosk.journal.folder import StateFolder
from kiosk.settings import Display, IdleTimes, QrHosts, Settings
from kiosk.station import Station
from kiosk.wording import Wording
from screens.app import KioskApp
from tests.screens.stage import Obedient

MORNING = datetime.datetime.fromisoformat("2026-11-24T09:00+08:00")
Compare = Callable[..., bool]
Make = Callable[[str], App[None]]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Make]:
    """Makes the app in a theme, with clocks of its own: the steady one moves on with every look at it."""
    ms = int(MORNING.timestamp() * 1000)
    clock = StationClock(0, wall=lambda: ms, uptime=lambda: 1)
    steady = itertools.count(1000.0)
    settings = Settings(qr=QrHosts(("station.example",)), idle=IdleTimes(quiet_seconds=600))
    release = read_release(paths.release_dir() / "catalog.msgpack")
    with StateFolder(tmp_path) as folder:

        def app(theme: str) -> App[None]:
            themed = replace(settings, display=Display(theme))
            station = Station(
                themed, release, Wording(paths.release_dir()), folder, Obedient(), lambda error: None, clock
            )
            return KioskApp(station.desk, themed, monotonic=lambda: next(steady))

        yield app


@pytest.mark.parametrize(
    ("name", "size", "theme", "keys"),
    [
        ("welcome", (80, 22), "day", []),
        ("home-with-focus", (80, 22), "day", ["enter", "tab"]),
        ("cycles", (120, 34), "day", ["enter", "1"]),
        ("question-in-contrast", (80, 22), "contrast", ["enter", "1", "1", "1", "1"]),
        ("list-in-english", (60, 50), "day", ["3", "1", "1", "1", "1", "1", "1", "1"]),
    ],
)
def test_the_page_looks_as_it_did(
    snap_compare: Compare, make: Make, name: str, size: tuple[int, int], theme: str, keys: list[str]
) -> None:
    assert snap_compare(make(theme), terminal_size=size, press=keys)
