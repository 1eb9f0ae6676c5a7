"""Waiting for something to be so, never for time to pass."""

import time
from collections.abc import Callable

PATIENCE = 20.0
"""Seconds after which something that does not come has not come."""

_GLANCE_S = 0.005


def wait_for(ready: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Return as soon as `ready()` holds; AssertionError when it does not within `seconds`."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, f"not within {seconds:g} s"
        time.sleep(_GLANCE_S)
