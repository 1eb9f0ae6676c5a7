"""The queue number that was taken, and what becomes of its paper."""

from collections.abc import Iterator

from kiosk.desk import IssuedTicket, JobState, grouped
from kiosk.text import cells
from kiosk.visit import Rating
from screens.frame import stack
from screens.intents import AskEnd, Go, Intent
from screens.lines import pages, paragraph, step
from screens.pages.paper import DONE, PaperPage, PaperPlan, coming, plan, trouble
from screens.pages.rating import can_rate
from screens.pages.turn import turn_words
from screens.scene import MONTHS, SHORT_WEEKDAYS, Scene
from screens.shapes import FigureSize
from screens.widgets.bands import Heading
from screens.widgets.choice import Words
from screens.widgets.number import CalendarLeaf, NumberSheet, PaperSign, Sign
from screens.widgets.painted import Painted
from screens.widgets.qr import QrPanel
from screens.widgets.sheet import Line, Notice, Sheet

_BIG_ROWS = 6
_NUMBER_ROWS = (8, 12)


class NumberPage(PaperPage):
    """The number large and what to do with it; when the paper does not come, a QR code to keep it by."""

    NO_BACK = DONE

    def __init__(self, scene: Scene, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        ticket = scene.live.ticket
        if ticket is None:
            raise LookupError("no number was taken in this visit")
        self._ticket: IssuedTicket = ticket
        self._steps_room = (0, 0)
        self._turn_known = bool(turn_words(scene, ticket))

    def heading(self) -> str:
        """Say that it is done."""
        return self.scene.say("号码已取好")

    def aside(self) -> str:
        """Which queue; without paper there is room only for what else matters about the date."""
        if not coming(self.scene.live.job):
            return "" if self._ticket.certain else self._doubt()
        return self.scene.text(self._ticket.theme)

    def back(self) -> Intent | None:
        """The number is taken; one goes on from here."""
        return None

    def news(self) -> tuple[Line, ...]:
        """Return what to do next."""
        return self._steps(*self._steps_room)

    def show_clock(self) -> None:
        """Show the minute that has begun, and what is known of the number's turn by now."""
        super().show_clock()
        if self._turn_known:
            self.show_job()

    def stale(self) -> bool:
        """Whether something has become known of the number's turn, or nothing is any more."""
        return super().stale() or bool(turn_words(self.scene, self._ticket)) is not self._turn_known

    def widgets(self) -> Iterator[Painted]:
        """Yield number, steps and choices, the notice and the code."""
        frame, say = self.scene.frame, self.scene.say
        lost = self._trouble(frame.body.width)
        rate = not lost and can_rate(self.scene, self._ticket.code)
        place = plan(frame, self._ticket.link, len(lost) + 2 if lost else 0, 2 + rate)
        if place.notice:
            lost = self._trouble(place.notice.width)
            place = plan(frame, self._ticket.link, len(lost) + 2, 2)
        yield self.masthead()
        yield Heading(self.palette, place.heading, self.heading(), self.aside())
        if place.notice:
            yield Notice(self.palette, place.notice, say("停"), lost)
        yield from self._main(place)
        # Without paper a second touch by mistake must not take the number off the screen.
        yield from self.last_choices(place.choices, "我记下了", AskEnd(), lost=bool(lost))
        if rate:
            yield self.choice(place.choices[2], Words(say("评价服务")), Go(Rating(self._ticket.code)))
        if place.code and self._ticket.link:
            yield QrPanel(self.palette, place.code, self._ticket.link, say("扫码留住号码"))
        yield self.footer()

    def _main(self, place: PaperPlan) -> Iterator[Painted]:
        main, number = place.main, self._ticket.number
        width = main.width - 2 * Sheet.MARGIN
        if place.notice:
            when = self._when(hall=self._ticket.service.running)
            kept = "   ".join([number, self._code(), *([self.scene.say("优先")] if self._ticket.priority else [])])
            lines = (*paragraph(when, width, bold=True), *paragraph(kept, width, "muted"))
            size: FigureSize = "big" if main.height - 2 >= _BIG_ROWS + len(lines) else "mid"
            # No sign for paper where none comes.
            sign = None if self._ticket.service.running else self._sign()
            yield NumberSheet(self.palette, main, number, size, sign, lines)
            return
        low = main.height - _NUMBER_ROWS[0]
        plain = not self.scene.frame.roomy
        self._steps_room = width, low if plain else Sheet.rows(low)
        steps = self._steps(*self._steps_room)
        wanted = len(steps) + (0 if plain else 2)
        high = min(main.height - wanted, _NUMBER_ROWS[1])
        above, below = stack(main, [high, wanted])
        yield NumberSheet(self.palette, above, number, "big", self._sign())
        yield Sheet(self.palette, below, steps, plain=plain)

    def _trouble(self, width: int) -> tuple[str, ...]:
        return trouble(
            self.scene,
            self.scene.live.job,
            "小票没有打出来，号码仍然有效。",
            ("不能确定小票打全了没有。", "号码仍然有效。"),
            width,
        )

    def _sign(self) -> Sign:
        """The slip that comes out, or the day that the number is for."""
        scene, service = self.scene, self._ticket.service
        if service.running:
            issued = self._ticket.issued
            return PaperSign(self._ticket.number, f"{issued:%H:%M}")
        month, weekday = scene.say(MONTHS[service.day.month - 1]), scene.say(SHORT_WEEKDAYS[service.day.weekday()])
        return CalendarLeaf(f"{month} {weekday}", service.day.day, service.session.label)

    def _when(self, *, hall: bool = True) -> str:
        """When to be where; without `hall` the time alone."""
        scene, service = self.scene, self._ticket.service
        where, session = scene.text(scene.desk.hall), scene.session_words(service)
        if service.running:
            return scene.say("带上材料，现在到{hall}", hall=where)
        return scene.say("{session}，到{hall}", session=session, hall=where) if hall else session

    def _code(self) -> str:
        return self.scene.say("凭证码 {code}", code=grouped(self._ticket.code))

    def _doubt(self) -> str:
        return self.scene.say("日期以大厅公告为准")

    def _steps(self, width: int, rows: int) -> tuple[Line, ...]:
        """Return what to do next in at most `rows` lines, with air between where it fits."""
        say, job = self.scene.say, self.scene.live.job
        printed = job is not None and job.state is JobState.PRINTED
        paper = say("请取走小票，纸从屏幕下方出来") if printed else say("正在打印小票，请稍等")
        show = say("把号码 {number} 给窗口的工作人员看", number=self._ticket.number)
        turn = turn_words(self.scene, self._ticket)
        told = [step(number, words, width) for number, words in enumerate((paper, self._when(), show), 1)]
        last = [self._code()]
        last += [say("优先")] if self._ticket.priority else []
        last += [] if self._ticket.certain else [self._doubt()]
        joined = "   ".join(last)
        notes = [joined] if cells(joined) <= width else last
        kept = tuple(line for note in notes for line in paragraph(note, width, "muted"))
        if turn:
            # In few rows it takes the place of what the slip says as well.
            whole = [*told, paragraph(turn, width, bold=True), kept]
            fits = sum(map(len, whole)) <= rows
            told = whole if fits else [*told[:2], paragraph(turn, width, bold=True), kept]
        else:
            told.append(kept)
        return pages(told, rows)[0]
