"""Tells a key that is held down from one that is pressed again.

A terminal reports no release, only the same key over and over: first after the keyboard's delay (0.25 to 0.66 s by the
usual settings), then every 0.03 to 0.1 s. The first repeat looks like a second press, so it waits until it is seen
whether a third follows at once.
"""

from enum import StrEnum

FIRST_REPEAT = 0.8
"""Seconds within which the same key may be the keyboard's own first repeat."""

NEXT_REPEAT = 0.11
"""Seconds within which the same key is a repeat beyond doubt: no finger is as fast."""


class Verdict(StrEnum):
    """What to do with a key."""

    ACT = "act"
    WAIT = "wait"
    DROP = "drop"


class HeldKeys:
    """Judges keys one after the other. Times are seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._key = ""
        self._then = 0.0

    def judge(self, key: str, now: float) -> Verdict:
        """Return what to do with `key` at `now`: with WAIT, act `NEXT_REPEAT` later unless a DROP comes before."""
        gap = now - self._then if key == self._key else FIRST_REPEAT
        self._key, self._then = key, now
        if gap < NEXT_REPEAT:
            return Verdict.DROP
        return Verdict.WAIT if gap < FIRST_REPEAT else Verdict.ACT
