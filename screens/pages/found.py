"""A ticket whose slip was held under the scanner."""

from collections.abc import Iterable

from textual.geometry import Region

from kiosk.desk import JobState, TicketState, grouped
from kiosk.visit import Rating
from screens.frame import columns, stack
from screens.intents import AskEnd, AskSlip, Go, GoHome, Intent
from screens.lines import paragraph
from screens.pages.page import Page
from screens.pages.rating import can_rate
from screens.pages.turn import turn_words
from screens.scene import Scene
from screens.widgets.choice import Words
from screens.widgets.number import NumberSheet
from screens.widgets.painted import Painted
from screens.widgets.sheet import Line, Sheet

_NUMBER_ROWS = 8


class FoundPage(Page):
    """The number, when it is for, what became of its paper; the slip once more where it did not come out."""

    def __init__(self, scene: Scene, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        found = scene.live.found
        if found is None:
            raise LookupError("no slip was scanned in this visit")
        self._found: TicketState = found
        self._turn_known = bool(self._turn())
        self._told_width = 0

    def heading(self) -> str:
        """Say whose it is."""
        return self.scene.say("这是您的号码")

    def aside(self) -> str:
        """Which queue."""
        return self.scene.text(self._found.ticket.theme)

    def show_clock(self) -> None:
        """Show the minute that has begun, and what is known of the number's turn by now."""
        super().show_clock()
        for sheet in self.query(Sheet):
            sheet.show(self._told(self._told_width))

    def stale(self) -> bool:
        """Whether something has become known of the number's turn, or nothing is any more."""
        return super().stale() or bool(self._turn()) is not self._turn_known

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the number, the words and the ways on."""
        say, frame = self.scene.say, self.scene.frame
        high = 5 if frame.roomy else 3
        ways: list[tuple[Words, Intent]] = [(Words(say("回到首页")), GoHome()), (Words(say("结束并清除")), AskEnd())]
        low = high * 3 if frame.tall else high
        above, rest = room.split_horizontal(_NUMBER_ROWS)
        self._told_width = rest.width - 2 * Sheet.MARGIN
        told = self._told(self._told_width)
        below, choices = rest.split_horizontal(min(len(told) + 2, rest.height - low))
        yield NumberSheet(self.palette, above, self._found.ticket.number, "big")
        yield Sheet(self.palette, below, told, plain=not frame.roomy)
        if can_rate(self.scene, self._found.ticket.code) and not (self._found.can_print or self._found.rated):
            ways.append((Words(say("评价服务")), Go(Rating(self._found.ticket.code))))
        count = len(ways) + self._found.can_print
        bottom = Region(choices.x, room.bottom - low, choices.width, low)
        places = stack(bottom, [high] * count) if frame.tall else columns(bottom, count, 1)
        if self._found.can_print:
            yield self.choice(places.pop(0), Words(say("补打小票")), AskSlip(), primary=True)
        for place, (words, intent) in zip(places, ways, strict=True):
            yield self.choice(place, words, intent)

    def _told(self, width: int) -> tuple[Line, ...]:
        scene, ticket = self.scene, self._found.ticket
        where = scene.say(
            "{session}，到{hall}", session=scene.session_words(ticket.service), hall=scene.text(scene.desk.hall)
        )
        code = scene.say("凭证码 {code}", code=grouped(ticket.code))
        if ticket.priority:
            code = f"{code}   {scene.say('优先')}"
        news = paragraph(self._paper(), width)
        turn = paragraph(self._turn(), width, bold=True)
        return (*paragraph(where, width, bold=True), *turn, *news, *paragraph(code, width, "muted"))

    def _turn(self) -> str:
        return turn_words(self.scene, self._found.ticket)

    def _paper(self) -> str:
        say, slip = self.scene.say, self._found.slip
        if self._found.over:
            return say("这个号的办理时间已经过了，请重新取号。")
        if slip is JobState.PRINTED:
            return say("小票已经打出来过，号码仍然有效。")
        if slip in {JobState.QUEUED, JobState.SENDING}:
            return say("小票正在打印。")
        if slip is JobState.UNKNOWN and self._found.can_print:
            return say("不能确定小票打全了没有，可以补打一张。")
        if self._found.can_print:
            return say("小票没有打出来，可以补打一张。")
        return say("这张小票不能再打印，号码仍然有效。")
