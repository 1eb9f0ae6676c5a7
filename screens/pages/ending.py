"""The pages at the end of a visit: asked for, or because nobody is there any more; and a write that did not happen."""

from collections.abc import Iterable, Iterator

from textual.geometry import Region

from kiosk.desk import grouped
from kiosk.text import wrap, wrap_evenly
from screens.frame import stack
from screens.intents import Back, End, Intent, Leave, Stay
from screens.lines import paragraph
from screens.pages.page import Page
from screens.scene import Scene
from screens.widgets.bands import Heading
from screens.widgets.choice import Words
from screens.widgets.countdown import Countdown
from screens.widgets.number import PaperSign, SlipSheet
from screens.widgets.painted import Painted
from screens.widgets.sheet import Line, Notice, Sheet

_COUNTDOWN_ROWS = 9
_FAREWELL_ROWS = 8


class EndPage(Page):
    """End and erase, or go on."""

    def heading(self) -> str:
        """Ask."""
        return self.scene.say("要结束并清除吗？")

    def end(self) -> Intent | None:
        """One is asked already."""
        return None

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield what will happen, and the two ways."""
        say, text = self.scene.say, self.scene.text
        ticket, request = self.scene.live.ticket, self.scene.live.request
        high = 5 if self.scene.frame.roomy else 3
        width = room.width - 2 * Sheet.MARGIN
        lines: tuple[Line, ...] = (*paragraph(say("您的选择和回答会全部清除，不留在这台机器上。"), width, bold=True),)
        if self.scene.live.paper:
            lines = (*lines, (), *paragraph(say("还没取走的纸，请记得带走。"), width, "muted"))
        if ticket:
            kept = say("号码 {number} 仍然有效。", number=ticket.number)
            code = say("凭证码 {code}", code=grouped(ticket.code))
            lines = (*lines, (), *paragraph(f"{kept}   {code}", width, bold=True))
        if request:
            sent = say("「{form}」已经提交，编号 {code}", form=text(request.form.name), code=grouped(request.code))
            lines = (*lines, (), *paragraph(sent, width, bold=True))
        sheet, rest = room.split_horizontal(len(lines) + 2)
        yield Sheet(self.palette, sheet, lines)
        places = stack(rest, [high, high])
        yield self.choice(places[0], Words(say("结束并清除")), End(), primary=True)
        yield self.choice(places[1], Words(say("不结束，继续办")), Back())


class IdlePage(Page):
    """Is anybody there? Any key or touch says yes."""

    def __init__(self, scene: Scene, seconds: int, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._seconds = seconds
        self._total = scene.settings.idle.answer_seconds

    def heading(self) -> str:
        """Ask."""
        return self.scene.say("您还在吗？")

    def anywhere(self) -> Intent:
        """Somebody is there."""
        return Stay()

    def back(self) -> Intent:
        """Somebody is there."""
        return Stay()

    def home(self) -> Intent:
        """Somebody is there."""
        return Stay()

    def help(self) -> Intent:
        """Somebody is there."""
        return Stay()

    def end(self) -> Intent:
        """End at once: the question stands on this very page."""
        return End()

    def show_seconds(self, seconds: int) -> None:
        """Show how many seconds are left."""
        for countdown in self.query(Countdown):
            countdown.show_seconds(seconds)

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the countdown and the two ways."""
        say = self.scene.say
        high = 5 if self.scene.frame.roomy else 3
        unit = say("秒后")
        width = Countdown.words_room(room.width, self._total, unit)
        told = tuple(
            line
            for words in (say("无人操作就回到首页。"), say("您填的内容会全部清除，不留在这台机器上。"))
            for line in wrap(words, width)
        )
        extra = 2 if self.scene.frame.roomy else 0
        sheet, rest = room.split_horizontal(_COUNTDOWN_ROWS + extra)
        yield Countdown(self.palette, sheet, self._seconds, self._total, unit, told)
        places = stack(rest, [high, high])
        yield self.choice(places[0], Words(say("我还在，继续")), Stay(), primary=True)
        yield self.choice(places[1], Words(say("现在就结束并清除")), End())


class FarewellPage(Page):
    """The visit is over and erased; what is left of it is paper, which is easily forgotten."""

    def heading(self) -> str:
        """Say it."""
        return self.scene.say("请带走您的纸")

    def anywhere(self) -> Intent:
        """It is taken."""
        return Leave()

    def widgets(self) -> Iterator[Painted]:
        """Yield a page without a footer: there is no visit that its places could act on."""
        frame, say = self.scene.frame, self.scene.say
        high = 5 if frame.roomy else 3
        room = frame.body
        sheet, rest = room.split_horizontal(_FAREWELL_ROWS)
        width = SlipSheet.room(sheet.width)
        told = (
            *paragraph(say("纸从屏幕下方出来，请看一看还在不在。"), width, bold=True),
            (),
            *paragraph(say("您的选择和回答已经清除。"), width, "muted"),
        )
        sign = PaperSign(say("小票"), f"{self.scene.desk.now():%H:%M}")
        yield self.masthead()
        yield Heading(self.palette, frame.heading, self.heading())
        yield SlipSheet(self.palette, sheet, sign, told)
        yield self.choice(stack(rest, [high])[0], Words(say("拿好了")), Leave(), primary=True)


class RefusedPage(Page):
    """Something did not happen, and nothing is half done."""

    NO_HELP = "没有别的帮助，因为这一页都写了。"

    def help(self) -> None:
        """The page says all there is."""

    def heading(self) -> str:
        """Say it plainly."""
        return self.scene.say("没有办成")

    def back(self) -> Intent:
        """Back to where it was asked for."""
        return Stay()

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the reason and the way back."""
        say = self.scene.say
        high = 5 if self.scene.frame.roomy else 3
        lines = tuple(wrap_evenly(say(self.scene.live.refused), Notice.room(room.width)))
        notice, rest = room.split_horizontal(len(lines) + 3)
        yield Notice(self.palette, notice, say("停"), lines)
        yield self.choice(stack(rest, [high])[0], Words(say("返回")), Stay(), primary=True)
