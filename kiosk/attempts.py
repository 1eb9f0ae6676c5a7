"""How often wrong codes may be tried at one machine, whoever stands there: so that nobody tries them through."""

from collections.abc import Callable

MOST = 30
"""Wrong codes in a row that a machine bears: a scanner that reads badly and a few clumsy visitors together."""

EACH_S = 60.0
"""Seconds in which one of them is forgotten."""


class Attempts:
    """Counts wrong codes; they are forgotten with time, not by a new visit."""

    def __init__(self, now: Callable[[], float]) -> None:
        """`now`: seconds of a monotonic clock."""
        self._now = now
        self._missed = 0.0
        self._since = now()

    @property
    def allowed(self) -> bool:
        """Whether another code may be tried now."""
        self._forget()
        return self._missed + 1 <= MOST

    def missed(self) -> None:
        """A code was tried that is none of ours."""
        self._forget()
        self._missed += 1

    def _forget(self) -> None:
        now = self._now()
        self._missed = max(0.0, self._missed - (now - self._since) / EACH_S)
        self._since = now
