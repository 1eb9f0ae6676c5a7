"""What belongs into slots.toml, which says what can be booked. See `kiosk.catalog.source` for the manner."""

from dataclasses import dataclass
from typing import Annotated

from kiosk.catalog.schema import Between, Count, Pair, Record, RefersTo, Shown
from kiosk.catalog.source import CLOCK, OWNER, THEME_NAME, Source

LONGEST_AHEAD = 60
"""Days ahead that may be booked: so far the hall's holidays are looked at."""


@dataclass(frozen=True, kw_only=True)
class SlotSource(Record):
    """`[[slot]]`. `weekdays` by ISO 8601, Monday is 1."""

    of: Annotated[str, RefersTo(OWNER)]
    name: Annotated[Pair, Shown(THEME_NAME)]
    weekdays: Annotated[tuple[int, ...], Between(1, 7), Count(1, 7)]
    opens: Annotated[str, CLOCK]
    closes: Annotated[str, CLOCK]
    capacity: Annotated[int, Between(1, 999)]
    at_a_time: Annotated[int, Between(1, 99)]
    days_ahead: Annotated[int, Between(1, LONGEST_AHEAD)]
    sample: bool
    source: Source


@dataclass(frozen=True, kw_only=True)
class SlotsSource(Record):
    """slots.toml."""

    slot: Annotated[tuple[SlotSource, ...], Count(0, 100)] = ()
