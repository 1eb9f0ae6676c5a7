"""The request that was sent: its code, what happens next, what becomes of its slip."""

from collections.abc import Iterator

from kiosk.desk import JobState, SentRequest, grouped
from kiosk.text import cells
from kiosk.visit import Rating
from screens.intents import AskEnd, Go, Intent
from screens.lines import pages, paragraph, step
from screens.pages.paper import DONE, PaperPage, coming, plan, trouble
from screens.pages.rating import can_rate
from screens.scene import Scene
from screens.widgets.bands import Heading
from screens.widgets.choice import Words
from screens.widgets.painted import Painted
from screens.widgets.sheet import Line, Notice, Sheet, Span

_GROUP = 7
"""Cells of one group of the code: four digits, their field, and the air behind it."""


def code_line(code: str, lead: str = "") -> Line:
    """Return a code as four groups, each on a dark field of its own, behind `lead`."""
    left = cells(lead) + 2 if lead else 0
    groups = (
        Span(group, left + _GROUP * number, "on-deep", bold=True, fill="deep")
        for number, group in enumerate(grouped(code).split())
    )
    return (*((Span(lead, 0, "muted"),) if lead else ()), *groups)


def slip_trouble(scene: Scene, width: int) -> tuple[str, ...]:
    """Return the lines of the notice about a slip with a code that did not come, none while it may."""
    doubtful = "不能确定小票打全了没有。", "请把编号记下来。"
    return trouble(scene, scene.live.job, "小票没有打出来，请把编号记下来。", doubtful, width)


class SentPage(PaperPage):
    """The code large enough to be copied, and the steps; a notice where the slip did not come."""

    NO_BACK = DONE

    def __init__(self, scene: Scene, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        request = scene.live.request
        if request is None:
            raise LookupError("no request was sent in this visit")
        self._request: SentRequest = request
        self._room = (0, 0)
        self._reported = scene.desk.requests.reported(request)

    def heading(self) -> str:
        """Say that it is done."""
        return self.scene.say("已经提交")

    def aside(self) -> str:
        """What."""
        return self.scene.text(self._request.form.name)

    def back(self) -> Intent | None:
        """It is sent; one goes on from here."""
        return None

    def news(self) -> tuple[Line, ...]:
        """Return the code and the steps."""
        return self._lines(*self._room)

    def stale(self) -> bool:
        """Whether the center has got the request meanwhile."""
        return super().stale() or self.scene.desk.requests.reported(self._request) is not self._reported

    def widgets(self) -> Iterator[Painted]:
        """Yield code, steps and choices, and the notice."""
        frame, say = self.scene.frame, self.scene.say
        lost = slip_trouble(self.scene, frame.body.width)
        rate = not lost and can_rate(self.scene, self._request.code)
        place = plan(frame, None, len(lost) + 2 if lost else 0, 2 + rate)
        yield self.masthead()
        yield Heading(self.palette, place.heading, self.heading(), self.aside())
        if place.notice:
            yield Notice(self.palette, place.notice, say("停"), lost)
        self._room = place.main.width - 2 * Sheet.MARGIN, Sheet.rows(place.main.height)
        lines = self._lines(*self._room)
        high = min(max(len(lines) + 2, 0), place.main.height)
        yield Sheet(self.palette, place.main.split_horizontal(high)[0] if high else place.main, lines)
        # Without paper a second touch by mistake must not take the code off the screen.
        yield from self.last_choices(place.choices, "我记下了", AskEnd(), lost=bool(lost))
        if rate:
            yield self.choice(place.choices[2], Words(say("评价服务")), Go(Rating(self._request.code)))
        yield self.footer()

    def _lines(self, width: int, rows: int) -> tuple[Line, ...]:
        """Return the code and the steps in at most `rows` lines, with air between where it fits."""
        scene, job, form = self.scene, self.scene.live.job, self._request.form
        say = scene.say
        told = []
        if coming(job):
            printed = job is not None and job.state is JobState.PRINTED
            told.append(say("请取走小票，纸从屏幕下方出来") if printed else say("正在打印小票，请稍等"))
        told += map(scene.text, form.next)
        steps = [step(number, words, width) for number, words in enumerate(told, 1)]
        head = ((), code_line(self._request.code, say("编号")), ())
        note = say("凭编号在自助站查进度、取消。") if form.cancellable else say("凭编号在自助站查进度。")
        news = say("中心已经收到。") if self._reported else say("已保存在本机，联网后自动上报。")
        last = paragraph(scene.sentences(news, note), width, "muted")
        fitting, *more = pages([head, *steps, last], rows)
        # Whether the center has it must be said; what else a code is good for may be left out where there is no room.
        return pages([head, *steps, paragraph(news, width, "muted")], rows)[0] if more else fitting
