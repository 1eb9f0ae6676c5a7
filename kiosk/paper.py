"""How long the paper lasts: the rules of the roll, without I/O. Lengths in millimetres, days of China's calendar."""

import datetime

import msgspec

from kiosk.documents import NARROWEST, Code, Cut, Document, Gap, Row, layout

WARN_SHARE = 0.15
WARN_DAYS = 3
WEEKS = 4
"""The forecast rests on the use of so many weeks before today; older days say little about the next ones."""

SEEN_DAYS = 3
"""Fewer days of use than this are no ground for a forecast."""

_COARSEST = 7
_LINE_DOTS, _CHARACTER_DOTS, _CODE_DOTS, _CUT_DOTS = 30, 24, 378, 120
"""Line spacing (ESC 2), a character, a QR code of 53 modules of 6 dots between two empty lines, the knife."""


class Roll(msgspec.Struct, frozen=True):
    """The roll in the printer, as far as the journal knows: when it was put in (UTC ms), its length, what is used."""

    changed: int
    length: int
    used: int

    @property
    def left(self) -> int:
        """What should be left. Never below 0: rolls differ, and a reset can have been forgotten."""
        return max(self.length - self.used, 0)


class Forecast(msgspec.Struct, frozen=True):
    """What is left of the roll, its share of the whole (0 to 1), and for how many days; None: nobody can say."""

    left: int
    share: float
    days: float | None
    low: bool


def forecast(
    roll: Roll, use: dict[datetime.date, int], today: datetime.date, *, near_end: bool | None = None
) -> Forecast:
    """Return how long `roll` lasts.

    `use` is what was printed on each day that anything was. Days without an entry count as days without use from the
    first day in it on, so that a week of holidays lengthens the forecast. `near_end` is what the printer's sensor
    says, None where it has none or does not tell: a sensor that has tripped outweighs the count.
    """
    begin = today - datetime.timedelta(weeks=WEEKS)
    # Today is not over: counted, it would halve the use in the morning.
    recent = {day: used for day, used in use.items() if begin <= day < today}
    days = None
    if len(recent) >= SEEN_DAYS:
        mean = sum(recent.values()) / (today - min(recent)).days
        days = roll.left / mean if mean > 0 else None
    share = roll.left / roll.length
    low = bool(near_end) or share < WARN_SHARE or (days is not None and days < WARN_DAYS)
    return Forecast(roll.left, share, days, low)


def most(document: Document) -> int:
    """Return the millimetres that `document` takes at most, on the narrowest paper at 7 dots a millimetre (180 dpi)."""
    dots = 0
    for line in layout(document, NARROWEST):
        match line:
            case Row():
                dots += max(_LINE_DOTS, _CHARACTER_DOTS * line.size)
            case Gap(lines):
                dots += _LINE_DOTS * lines
            case Code():
                dots += _CODE_DOTS
            case Cut():
                dots += _CUT_DOTS
    return -(-dots // _COARSEST)
