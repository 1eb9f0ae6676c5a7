"""Whoever has the code of a slip: types it in, sees how far the request is, and may call it off."""

import datetime
from collections.abc import Iterable

from textual.geometry import Region

from kiosk.desk import FieldKind, RequestState
from kiosk.text import cells
from kiosk.visit import CallingOff, CodeAsked, Rating
from screens.frame import stack
from screens.intents import Back, CallOff, FindCode, Go, GoHome, Intent, OpenRecord
from screens.lines import Fact, fact_lines, paragraph
from screens.pages.digits import DigitsPage
from screens.pages.help import SheetPage
from screens.pages.page import Page
from screens.pages.rating import can_rate
from screens.pages.sent import code_line
from screens.pages.typed import NumberAsked
from screens.scene import Scene
from screens.widgets.choice import Words
from screens.widgets.painted import Painted
from screens.widgets.sheet import Line, Sheet


class CodePage(DigitsPage):
    """The 16 digits of a slip's code."""

    def __init__(self, scene: Scene, place: CodeAsked, *, focus: int | None = None) -> None:
        asked = NumberAsked(
            scene.say("小票上的编号是多少？"),
            scene.say("小票上写着「编号」或「凭证码」，一共16位数字。"),
            FieldKind.CODE,
        )
        session = scene.live
        super().__init__(scene, asked, session.typed.get(place, ""), session.problems.get(place), focus=focus)

    def hints(self) -> tuple[str, ...]:
        """What it is good for."""
        return (self.scene.say("可以查进度、取消申请、补打小票。"), self.scene.say("按数字键，填好按确认。"))

    def done(self, typed: str) -> Intent:
        """Look it up."""
        return FindCode(typed)


def _found(scene: Scene) -> RequestState:
    found = scene.live.asked
    if found is None:
        raise LookupError("no request was looked up in this visit")
    return found


class RequestPage(SheetPage):
    """How far a request is. What is personal of it cannot be read here any more."""

    def __init__(self, scene: Scene, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._found = _found(scene)

    def heading(self) -> str:
        """Say whose it is."""
        return self.scene.say("这是您的申请")

    def aside(self) -> str:
        """What was asked for."""
        return self.scene.text(self._found.name)

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield what is known, and the ways on."""
        return self.read(room)

    def ways(self) -> list[tuple[Words, Intent]]:
        """To the project's record or the first page; or to call it off."""
        say = self.scene.say
        project = bool(self._found.project_digest)
        on = (Words(say("项目办理记录")), OpenRecord()) if project else (Words(say("回到首页")), GoHome())
        ways: list[tuple[Words, Intent]] = [on]
        if self._found.can_cancel:
            ways.append((Words(say("不要了，取消")), Go(CallingOff())))
        if can_rate(self.scene, self._found.code):
            ways.append((Words(say("评价服务")), Go(Rating(self._found.code))))
        return ways

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return the state and what the staff says, when and where it was sent, its open answers, how new all is."""
        say, found = self.scene.say, self._found
        made = moment(self.scene, found.made)
        if found.station != self.scene.desk.number:
            made = say("{when}，{number}号站", when=made, number=found.station)
        state = [Fact(say("进度"), (say(found.progress),))]
        state += [Fact(say("工作人员说"), (found.words,))] if found.words else []
        facts = [Fact(say("更新"), (moment(self.scene, found.since),))] if found.since else []
        facts += [Fact(say("提交"), (made,)), *(Fact(label, (answer,)) for label, answer in found.lines)]
        indent = max(cells(fact.term) for fact in (*state, *facts)) + 2
        sealed = say("姓名、电话等加密后交给了工作人员，这里看不到。")
        return [
            ((), code_line(found.code, say("编号")), ()),
            *(fact_lines(fact, indent, width) for fact in state),
            paragraph(self._news(), width, "muted"),
            *(fact_lines(fact, indent, width) for fact in facts),
            *([paragraph(sealed, width, "muted")] if found.lines else []),
        ]

    def _news(self) -> str:
        say, found = self.scene.say, self._found
        if not found.reported:
            return say("已保存在本机，联网后自动上报。")
        if found.heard is None:
            return say("本机还没有和中心联系上。")
        return say("这是{when}从中心得到的消息。", when=moment(self.scene, found.heard))


def moment(scene: Scene, time: datetime.datetime) -> str:
    """Return a moment as `11月24日 09:00`."""
    return scene.say("{date} {time}", date=scene.day(time.date()), time=f"{time:%H:%M}")


class CallOffPage(Page):
    """Call it off, or not."""

    def __init__(self, scene: Scene, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._found = _found(scene)

    def heading(self) -> str:
        """Ask."""
        return self.scene.say("要取消这个申请吗？")

    def aside(self) -> str:
        """Which."""
        return self.scene.text(self._found.name)

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield what will happen, and the two ways, equal."""
        say = self.scene.say
        high = 5 if self.scene.frame.roomy else 3
        width = room.width - 2 * Sheet.MARGIN
        lines = (*paragraph(say("取消以后，工作人员不再联系您。以后还要办，可以重新提交。"), width, bold=True),)
        sheet, rest = room.split_horizontal(len(lines) + 2)
        yield Sheet(self.palette, sheet, lines, bar=True)
        places = stack(rest, [high, high])
        yield self.choice(places[0], Words(say("不取消，回去")), Back())
        yield self.choice(places[1], Words(say("取消申请")), CallOff())
