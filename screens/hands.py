"""Which keys and touches count: neither the second tap of a double tap, nor a held key, nor anything while busy."""

from collections.abc import Awaitable, Callable

from textual import events
from textual.timer import Timer

from screens.held import NEXT_REPEAT, HeldKeys, Verdict

SETTLE_SECONDS = 0.4
"""No touch counts for so long after another page has come: the second tap of a double tap would choose from it."""

RESULT_SECONDS = 0.9
"""No key and no touch counts for so long on the page that a number or list leads to: whoever presses twice to be sure
would end the visit before having seen it."""

_NAVIGATION = {"tab", "shift+tab", "up", "down", "left", "right"}

LetThrough = Callable[[events.Key], Awaitable[None]]
Later = Callable[[float, Callable[[], Awaitable[None]]], Timer]


class Hands:
    """Judges what hands do, one event after the other. Times are seconds of a monotonic clock.

    `by_key`: whoever stands there used a key last. `touched`: when the glass was last touched, None before.
    """

    def __init__(self, monotonic: Callable[[], float], later: Later, let_through: LetThrough) -> None:
        """`later(seconds, work)` has work done later; `let_through` hands a key on that had to wait."""
        self._monotonic = monotonic
        self._later = later
        self._let_through = let_through
        self._held = HeldKeys()
        self._waiting: tuple[Timer, events.Key] | None = None
        self._shown_at = monotonic() - SETTLE_SECONDS
        self._deaf_until = monotonic()
        self.by_key = False
        self.touched: float | None = None

    def page_shown(self) -> None:
        """Another page has come."""
        self._shown_at = self._monotonic()

    def result_shown(self) -> None:
        """The page that shows a result has come."""
        self._deaf_until = self._monotonic() + RESULT_SECONDS

    async def key_counts(self, event: events.Key, *, busy: bool, typed: bool) -> bool:
        """Return whether a key counts now; `typed`: it is a character of a word, where the same one may follow."""
        now = self._monotonic()
        if busy or now < self._deaf_until:
            return False
        self.by_key = True
        return typed or event.key in _NAVIGATION or await self._unheld(event, now)

    def touch_counts(self, event: events.MouseDown, *, busy: bool) -> bool:
        """Return whether a finger that comes down counts now."""
        now = self.touched = self._monotonic()
        if event.button != 1 or busy or now < max(self._deaf_until, self._shown_at + SETTLE_SECONDS):
            return False
        self.by_key = False
        return True

    async def _unheld(self, event: events.Key, now: float) -> bool:
        verdict = self._held.judge(event.key, now)
        if self._waiting:
            timer, waiting = self._waiting
            timer.stop()
            self._waiting = None
            if verdict is not Verdict.DROP:
                await self._let_through(waiting)
        if verdict is Verdict.WAIT:
            self._waiting = self._later(NEXT_REPEAT, self._waited), event
        return verdict is Verdict.ACT

    async def _waited(self) -> None:
        if self._waiting:
            _, event = self._waiting
            self._waiting = None
            await self._let_through(event)
