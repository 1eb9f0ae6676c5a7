"""What a running station tells its own tests."""

from collections.abc import Callable
from dataclasses import dataclass

from kiosk.catalog.model import Release
from kiosk.ports import State
from kiosk.technician.exchanges import Exchanged

RESTS = {"disk-write": 600.0}
"""Seconds for which a test rests in a running station: flash wears out by being written to."""


@dataclass(frozen=True)
class Live:
    """What a running station knows of itself, so that its tests need not touch what it uses.

    `printer()`, `scanner()`: how they are, None for no scanner. `exchanged()`: how the link is, None while the station
    is not enrolled. `ahead()`: ms by which the wall clock is ahead of the center's time, None while that is not known.
    `cells()`: columns and rows of the terminal. `touched()`: seconds since the last touch, None before the first.
    `release()`: the catalogue in use; to read it from the disk at each look would cost too much.
    `unmonitored()`: why the monitor's port cannot be opened, empty when it is; None where there is to be none.
    """

    printer: Callable[[], State]
    scanner: Callable[[], State] | None
    exchanged: Callable[[], Exchanged | None]
    ahead: Callable[[], int | None]
    cells: Callable[[], tuple[int, int] | None]
    touched: Callable[[], float | None]
    release: Callable[[], Release]
    unmonitored: Callable[[], str] | None = None
