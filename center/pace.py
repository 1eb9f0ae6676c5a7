"""How often one address may ask: a bucket for each, refilled with time, of a bounded number of addresses."""

from collections import OrderedDict
from collections.abc import Callable

ADDRESSES = 4096
"""Addresses that are remembered; the one that has been quiet longest is forgotten first."""


class Pace:
    """Lets each address ask `burst` times at once, and then `burst` times in `seconds`."""

    def __init__(self, burst: int, seconds: float, now: Callable[[], float]) -> None:
        """`now`: seconds of a monotonic clock."""
        self._burst = burst
        self._each = burst / seconds
        self._now = now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, address: str) -> bool:
        """Count one question of `address`; False when that is one too many."""
        now = self._now()
        left, since = self._buckets.pop(address, (float(self._burst), now))
        left = min(float(self._burst), left + (now - since) * self._each)
        allowed = left >= 1
        self._buckets[address] = (left - 1 if allowed else left, now)
        if len(self._buckets) > ADDRESSES:
            self._buckets.popitem(last=False)
        return allowed
