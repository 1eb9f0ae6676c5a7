"""A ticket of another station: what its code says, and what becomes of the slip that is printed of it here."""

from collections.abc import Iterable, Iterator

from textual.geometry import Region

from kiosk.desk import JobState, OtherTicket, grouped
from screens.frame import columns, stack
from screens.intents import AskEnd, GoHome, Intent, PrintElsewhere
from screens.lines import pages, paragraph
from screens.pages.page import Page
from screens.pages.paper import PaperPage, coming, plan, trouble
from screens.scene import Scene
from screens.widgets.bands import Heading
from screens.widgets.choice import Words
from screens.widgets.number import NumberSheet
from screens.widgets.painted import Painted
from screens.widgets.sheet import Line, Notice, Sheet, Span

_NUMBER_ROWS = 8


def _other(scene: Scene) -> OtherTicket:
    other = scene.live.other
    if other is None:
        raise LookupError("no slip of another station was scanned in this visit")
    return other


def _heading(scene: Scene) -> str:
    return scene.say("这是{station}号站发的号", station=_other(scene).station)


class ElsewherePage(Page):
    """The number and its day, and that the slip can be printed here."""

    def heading(self) -> str:
        """Say whose it is."""
        return _heading(self.scene)

    def aside(self) -> str:
        """Which queue."""
        return self.scene.text(_other(self.scene).theme)

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the number, the words and the ways on."""
        scene, other = self.scene, _other(self.scene)
        say, frame = scene.say, scene.frame
        ways: list[tuple[Words, Intent]] = [(Words(say("回到首页")), GoHome()), (Words(say("结束并清除")), AskEnd())]
        if not other.over:
            ways.insert(0, (Words(say("补打小票")), PrintElsewhere()))
        high = 5 if frame.roomy else 3
        low = high * 3 if frame.tall else high
        above, rest = room.split_horizontal(_NUMBER_ROWS)
        told = self._told(rest.width - 2 * Sheet.MARGIN)
        below = rest.split_horizontal(min(len(told) + 2, rest.height - low))[0]
        yield NumberSheet(self.palette, above, other.number, "big")
        yield Sheet(self.palette, below, told, plain=not frame.roomy)
        bottom = Region(rest.x, room.bottom - low, rest.width, low)
        places = stack(bottom, [high] * len(ways)) if frame.tall else columns(bottom, len(ways), 1)
        for number, (place, (words, intent)) in enumerate(zip(places, ways, strict=True)):
            yield self.choice(place, words, intent, primary=number == 0 and not other.over)

    def _told(self, width: int) -> tuple[Line, ...]:
        scene, other = self.scene, _other(self.scene)
        day = scene.say("{date}，到{hall}", date=scene.date(other.day), hall=scene.text(scene.desk.hall))
        if other.over:
            news = scene.say("这个号的办理日已经过了，请重新取号。")
        else:
            news = scene.say("小票可以在这里补打。上午还是下午，看原来的小票。")
        code = scene.say("凭证码 {code}", code=grouped(other.code))
        return (*paragraph(day, width, bold=True), *paragraph(news, width), *paragraph(code, width, "muted"))


class ElsewhereSlipPage(PaperPage):
    """That the slip comes out; when it does not, that the number is good all the same."""

    def __init__(self, scene: Scene, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._room = (0, 0)

    def heading(self) -> str:
        """Say whose it is."""
        return _heading(self.scene)

    def aside(self) -> str:
        """Which queue."""
        return self.scene.text(_other(self.scene).theme)

    def news(self) -> tuple[Line, ...]:
        """Return the number, and how far its paper is."""
        scene, other, job = self.scene, _other(self.scene), self.scene.live.job
        say = scene.say
        width, rows = self._room
        if not coming(job):
            told = say("这个号仍然有效，到大厅说号码也可以。")
        elif job is not None and job.state is JobState.PRINTED:
            told = say("请取走小票，纸从屏幕下方出来")
        else:
            told = say("正在打印小票，请稍等")
        number: tuple[Line, ...] = ((Span(other.number, 0, bold=True),),)
        day = say("{date}，到{hall}", date=scene.date(other.day), hall=scene.text(scene.desk.hall))
        return pages([number, paragraph(day, width), paragraph(told, width, bold=True)], rows)[0]

    def widgets(self) -> Iterator[Painted]:
        """Yield sheet and choices, and the notice."""
        frame, say = self.scene.frame, self.scene.say
        lost = trouble(
            self.scene,
            self.scene.live.job,
            "小票没有打出来，号码仍然有效。",
            ("不能确定小票打全了没有。", "号码仍然有效。"),
            frame.body.width,
        )
        place = plan(frame, None, len(lost) + 2 if lost else 0, 2)
        yield self.masthead()
        yield Heading(self.palette, place.heading, self.heading(), self.aside())
        if place.notice:
            yield Notice(self.palette, place.notice, say("停"), lost)
        self._room = place.main.width - 2 * Sheet.MARGIN, Sheet.rows(place.main.height)
        lines = self.news()
        high = min(len(lines) + 2, place.main.height)
        yield Sheet(self.palette, place.main.split_horizontal(high)[0], lines)
        yield from self.last_choices(place.choices, "我记下了", AskEnd(), lost=bool(lost))
        yield self.footer()
