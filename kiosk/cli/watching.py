"""Puts together what looks after a running station: its tests, and the findings that are kept beside it."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli.last_known import last_known
from kiosk.clock import wall_ms
from kiosk.ports import Scanner, State
from kiosk.settings import Settings
from kiosk.station import Station
from kiosk.technician.findings import Test
from kiosk.technician.live import RESTS, Live
from kiosk.technician.overview import Overview, keep_overview, read_overview
from kiosk.technician.watch import Watch

if TYPE_CHECKING:
    from kiosk.cli.metrics import Metrics
    from screens.app import KioskApp


def watch_of(settings: Settings, state: Path, live: Live) -> Watch:
    """Return what looks after the station with `settings` and the state folder `state`, not yet started."""
    return Watch(
        lambda: running_tests(settings, state, live),
        before=lambda: read_overview(state),
        keep=lambda overview: keep_overview(state, overview),
        process=os.getpid(),
        now_ms=wall_ms,
        rests=RESTS,
    )


def running_tests(settings: Settings, state: Path, live: Live) -> tuple[Test, ...]:
    """Return the automatic tests of the running station."""
    # Its imports take a while, and the first screen must not wait for them.
    from kiosk.cli.registry import tests_of

    return tests_of(settings, state, [], live)


def tests_at_the_glass(settings: Settings, state: Path, live: Live) -> tuple[Test, ...]:
    """Return what a technician can have tested at the glass: besides all that, the line step by step."""
    from kiosk.technician.line import Probe, steps

    url = settings.center.url
    return (
        *running_tests(settings, state, live),
        *(steps(Probe(url, settings.station.number, state)) if url else ()),
    )


def live_of(station: Station, scanner: Scanner | None, app: "KioskApp", unmonitored: Callable[[], str] | None) -> Live:
    """Return what the running `station` knows of itself, with the screens `app`.

    `unmonitored()`: why the monitor's port cannot be opened; None where there is to be none.
    """

    def printer() -> State:
        left = last_known(station.state, os.getpid())
        return left[0].state if left else State(station.spooler.condition)

    return Live(
        printer=printer,
        scanner=scanner.state if scanner else None,
        exchanged=station.exchanged,
        ahead=station.clock.ahead,
        cells=lambda: app.size,
        touched=app.touched_ago,
        release=lambda: station.release,
        unmonitored=unmonitored,
    )


def metrics_of(settings: Settings, overview: Callable[[], Overview]) -> "Metrics | None":
    """Return what serves the findings to a monitor, not yet started; None where there is to be none."""
    if not settings.metrics.port:
        return None
    from kiosk.cli.metrics import Metrics

    return Metrics(settings.metrics.port, settings.station.number, overview)
