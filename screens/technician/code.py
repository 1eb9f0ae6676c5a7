"""The question for the technician's code, and the time for which it is not even asked."""

from collections.abc import Callable, Iterable

from textual.geometry import Region

from kiosk.desk import FieldKind, Problem
from kiosk.technician.code_rules import LONGEST
from kiosk.text import wrap
from screens.frame import stack
from screens.intents import End, Intent
from screens.pages.digits import DigitsPage
from screens.pages.typed import NumberAsked
from screens.scene import Scene
from screens.technician.page import Technical
from screens.technician.shift import CodeWanted, Shift
from screens.technician.tasks import Enter
from screens.widgets.choice import Words
from screens.widgets.painted import Painted
from screens.widgets.sheet import Notice

_MINUTE = 60


class TechnicianCodePage(Technical, DigitsPage):
    """The digits of a code, none of them shown. Nothing of a visit can be seen from here."""

    def __init__(self, scene: Scene, shift: Shift, spot: CodeWanted, *, focus: int | None = None) -> None:
        asked = NumberAsked(
            scene.say("技术员密码"),
            scene.say("只供维护人员使用。走错了，请按结束。"),
            FieldKind.NUMBER,
            high=10**LONGEST - 1,
        )
        problem = Problem("code", "密码不对，还可以试 {n} 次。", {"n": spot.entry.tries}) if spot.entry else None
        self.shift = shift
        DigitsPage.__init__(self, scene, asked, shift.typed, problem, focus=focus)

    def shown(self, typed: str) -> str:
        """Whoever stands behind shall not read it."""
        return "*" * len(typed)

    def hints(self) -> tuple[str, ...]:
        """Return how to type it, and in the demonstration what."""
        say, code = self.scene.say, self.shift.door.shown_code
        shown = (say("演示密码 {code}", code=code),) if code else ()
        return (say("按数字键，填好按确认。"), *shown)

    def done(self, typed: str) -> Intent:
        """Try it."""
        return Enter(typed)

    def back(self) -> Intent:
        """Out."""
        return End()

    def home(self) -> None:
        """Nobody is in yet."""


class LockedPage(Technical):
    """Too many wrong codes: how long to wait."""

    def __init__(self, scene: Scene, shift: Shift, left: Callable[[], float], *, focus: int | None = None) -> None:
        """`left()`: seconds that it takes yet."""
        super().__init__(scene, shift, focus=focus)
        self._left = left
        self._told = self._words()

    def stale(self) -> bool:
        """Whether it takes less by now than the page says."""
        return self._left() <= 0 or self._words() != self._told

    def _words(self) -> str:
        """Return how long it takes yet: minutes, and in the last one seconds by tens."""
        say, seconds = self.scene.say, self._left()
        if seconds > _MINUTE:
            return say("还要等 {n} 分钟", n=-int(-seconds // _MINUTE))
        return say("还要等 {n} 秒", n=max(10 * -int(-seconds // 10), 10))

    def heading(self) -> str:
        """What was asked for."""
        return self.scene.say("技术员密码")

    def back(self) -> Intent:
        """Out."""
        return End()

    def home(self) -> None:
        """Nobody is in yet."""

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the reason and the way out."""
        say = self.scene.say
        width = Notice.room(room.width)
        lines = [*wrap(say("连续输错，已经锁住。"), width), self._told]
        lines += wrap(say("重新启动也不会解锁。"), width)
        notice, rest = room.split_horizontal(len(lines) + 3)
        yield Notice(self.palette, notice, say("停"), tuple(lines))
        yield self.choice(stack(rest, [5 if self.scene.frame.roomy else 3])[0], Words(say("离开")), End(), primary=True)
