"""Tests of what residents look at and touch: the display and the touch screen."""

import math
from collections.abc import Callable

from kiosk.technician.findings import Finding, Kind
from kiosk.technician.symptoms import found

CAPITAL_DEGREES = 0.7
"""The least visual angle of a capital H at the distance from which a station is used (EN 301 549, 5.1.4)."""


def degrees(capital_mm: float, distance_mm: float) -> float:
    """Return under which angle a capital of that height is seen, as the standard reckons: 180 H / (pi D)."""
    return 180 * capital_mm / (math.pi * distance_mm)


class Display:
    """Can the letters be read from where people stand?"""

    name, title, kind = "display", "屏幕", Kind.AUTOMATIC
    reason = "字太小，老人和视力不好的人看不清"

    def __init__(self, capital_mm: float, distance_mm: float, cells: Callable[[], tuple[int, int] | None]) -> None:
        """`capital_mm`: height of a capital H as measured on the glass, 0 for not measured.

        `cells()`: columns and rows of the terminal, None where that is not known.
        """
        self._capital = capital_mm
        self._distance = distance_mm
        self._cells = cells

    def run(self) -> Finding:
        """Reckon the angle from what was measured."""
        cells = self._cells()
        size = f"{cells[0]} x {cells[1]}" if cells else "-"
        if not self._capital:
            return found(self.name, "display-unmeasured", size)
        angle = degrees(self._capital, self._distance)
        return found(self.name, "display-small" if angle < CAPITAL_DEGREES else "", f"H = {angle:.2f} deg, {size}")


class Touch:
    """Does the glass feel?"""

    name, title, kind = "touch", "触摸屏", Kind.AUTOMATIC
    reason = "触摸屏不灵时，只能用键盘"

    def __init__(self, ago: Callable[[], float | None]) -> None:
        """`ago()`: seconds since the last touch, None before the first."""
        self._ago = ago

    def run(self) -> Finding:
        """Tell when it last felt something: silence at night is no fault, so only a person can say more."""
        ago = self._ago()
        if ago is None:
            return found(self.name, "touch-untouched")
        return found(self.name, value=f"{ago:.0f} s" if ago < 600 else f"{ago / 3600:.1f} h")
