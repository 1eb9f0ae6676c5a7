"""The queue number that was taken, and what becomes of its paper."""

from collections.abc import Iterator

from kiosk.desk import IssuedTicket, JobState, grouped
from screens.frame import stack
from screens.intents import End, GoHome, Intent, PrintAgain
from screens.lines import paragraph, step
from screens.pages.page import Page
from screens.pages.paper import PaperPlan, coming, plan, trouble
from screens.scene import MONTHS, WEEKDAYS, Scene
from screens.widgets.bands import Heading
from screens.widgets.choice import Words
from screens.widgets.number import CalendarLeaf, NumberSheet, PaperSign, Sign
from screens.widgets.painted import Painted
from screens.widgets.qr import QrPanel
from screens.widgets.sheet import Line, Notice, Sheet

_BIG_COLUMNS = 56
_NUMBER_ROWS = (8, 12)


class NumberPage(Page):
    """The number large and what to do with it; when the paper does not come, a QR code to keep it by."""

    def __init__(self, scene: Scene, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        ticket = scene.live.ticket
        if ticket is None:
            raise LookupError("no number was taken in this visit")
        self._ticket: IssuedTicket = ticket
        self._steps_width = 0

    def heading(self) -> str:
        """Say that it is done."""
        return self.scene.say("号码已取好")

    def aside(self) -> str:
        """Which queue."""
        return self.scene.text(self._ticket.theme)

    def back(self) -> Intent | None:
        """The number is taken; one goes on from here."""
        return None

    def show_job(self) -> bool:
        """Show the paper's new state in place; False if the page must be built anew for it."""
        if not coming(self.scene.live.job) or self.query(Notice):
            return False
        for sheet in self.query(Sheet):
            sheet.show(self._steps(self._steps_width))
        return True

    def widgets(self) -> Iterator[Painted]:
        """Yield number, steps and choices, the notice and the code."""
        frame = self.scene.frame
        lost = self._trouble(frame.body.width)
        again = bool(lost)
        place = plan(frame, self._ticket.link, len(lost) + 2 if lost else 0, 2)
        if place.notice:
            lost = self._trouble(place.notice.width)
            place = plan(frame, self._ticket.link, len(lost) + 2, 2)
        yield self.masthead()
        yield Heading(self.palette, place.heading, self.heading(), "" if place.code and lost else self.aside())
        if place.notice:
            yield Notice(self.palette, place.notice, "停", lost)
        yield from self._main(place)
        say = self.scene.say
        done = Words(say("我记下了")) if lost else Words(say("办完了"), say("结束并清除"))
        other = (Words(say("再试打印")), PrintAgain()) if again else (Words(say("再办一件")), GoHome())
        yield self.choice(place.choices[0], done, End(), primary=True)
        yield self.choice(place.choices[1], *other)
        if place.code and self._ticket.link:
            yield QrPanel(self.palette, place.code, self._ticket.link, say("扫码留住号码"))
        yield self.footer()

    def _main(self, place: PaperPlan) -> Iterator[Painted]:
        main, number = place.main, self._ticket.number
        if place.notice and (main.width < _BIG_COLUMNS or not self.scene.frame.roomy):
            width = main.width - 2 * Sheet.MARGIN
            when = self._when(hall=self._ticket.service.running)
            lines = (*paragraph(when, width, bold=True), *paragraph(self._code(), width, "muted"))
            yield NumberSheet(self.palette, main, number, "mid", None, lines)
            return
        self._steps_width = main.width - 2 * Sheet.MARGIN
        steps = self._steps(self._steps_width)
        plain = not self.scene.frame.roomy
        wanted = len(steps) + (0 if plain else 2)
        high = max(min(main.height - wanted, _NUMBER_ROWS[-1]), _NUMBER_ROWS[0])
        above, below = stack(main, [high, min(main.height - high, wanted)])
        yield NumberSheet(self.palette, above, number, "big", self._sign())
        yield Sheet(self.palette, below, steps, plain=plain)

    def _trouble(self, width: int) -> tuple[str, ...]:
        return trouble(
            self.scene,
            self.scene.live.job,
            "{reason}，小票没有打出来。",
            "不能确定小票打全了没有。",
            "号码有效，不用重新取。",
            width,
        )

    def _sign(self) -> Sign:
        """The slip that comes out, or the day that the number is for."""
        scene, service = self.scene, self._ticket.service
        if service.running:
            issued = self._ticket.issued
            return PaperSign(self._ticket.number, f"{issued:%H:%M}")
        month, weekday = scene.say(MONTHS[service.day.month - 1]), scene.say(WEEKDAYS[service.day.weekday()])
        return CalendarLeaf(f"{month} {weekday}", service.day.day, service.session.label)

    def _when(self, *, hall: bool = True) -> str:
        """When to be where; without `hall` the time alone."""
        scene, ticket = self.scene, self._ticket
        where, session = scene.text(scene.desk.hall), scene.session_words(ticket.service)
        if ticket.service.running:
            words = scene.say("到{hall}等叫号", hall=where)
        else:
            words = scene.say("{session}，到{hall}", session=session, hall=where) if hall else session
        return words if ticket.certain else scene.sentences(words, scene.say("（日期以大厅公告为准）"))

    def _code(self) -> str:
        return self.scene.say("凭证码 {code}", code=grouped(self._ticket.code))

    def _steps(self, width: int) -> tuple[Line, ...]:
        say, job = self.scene.say, self.scene.live.job
        if not coming(job):
            paper = say("请记下号码")
        elif job is not None and job.state is JobState.PRINTED:
            paper = say("请取走小票，纸从屏幕下方出来")
        else:
            paper = say("正在打印小票，请稍等")
        call = say("屏幕和广播叫到 {number}，去显示的窗口", number=self._ticket.number)
        told = [step(number, words, width) for number, words in enumerate((paper, self._when(), call), 1)]
        told.append(paragraph(self._code(), width, "muted"))
        between: tuple[Line, ...] = ((),) if self.scene.frame.roomy else ()
        return tuple(line for group in told for line in (*group, *between))[: -1 if between else None]
