"""Appointments: which day and session, whether that is right, what was booked, and what can be done about it."""

from collections.abc import Iterable, Iterator

from textual.geometry import Region

from kiosk.desk import Booked, JobState, OpenSlot
from kiosk.text import cells
from kiosk.visit import CancellingAppointment, SlotAsked, SlotsPage
from screens.frame import stack
from screens.intents import AskEnd, Back, Book, CancelAppointment, Go, GoHome, Intent, SeeSlots, TakeNumber
from screens.lines import Fact, fact_lines, pages, paragraph
from screens.pages.help import SheetPage
from screens.pages.offers import Offer, OffersPage
from screens.pages.page import NO_NUMBERS, Page
from screens.pages.paper import DONE, PaperPage, coming, plan
from screens.pages.sent import code_line, slip_trouble
from screens.scene import Scene
from screens.widgets.bands import Heading
from screens.widgets.choice import Words
from screens.widgets.painted import Painted
from screens.widgets.sheet import Line, Notice, Sheet


def booking_offer(scene: Scene, subject: str, *, named: bool) -> Offer | None:
    """Return the card that leads to the slots of a package or channel; None where nothing can be booked here.

    `named`: the card says what for, which the page does not.
    """
    ahead = scene.desk.appointments.next(subject)
    if ahead is None:
        return None
    label = scene.say("当场约{name}", name=scene.text(ahead.rule.name)) if named else scene.say("预约时间")
    return Offer(Words(label, scene.day(ahead.slot.day)), SeeSlots(subject))


def slot_words(scene: Scene, slot: OpenSlot | Booked) -> str:
    """Return when a slot is, as `12月1日 星期二 15:00-17:30`."""
    return f"{scene.date(slot.slot.day)} {slot.slot.session.label}"


class SlotsMenuPage(OffersPage):
    """The slots that lie ahead; those without a place here cannot be chosen. A number can be had in any case."""

    def __init__(self, scene: Scene, place: SlotsPage, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._place = place
        self._slots = scene.live.slots

    def heading(self) -> str:
        """Ask which, or say that there is none."""
        say = self.scene.say
        return say("约哪一场？") if any(slot.places for slot in self._slots) else say("本机没有名额，还没有确认")

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the slots, and the number."""
        able = self.scene.desk.services().numbers.ok
        words = Words(self.scene.say("先取号"), self.number_gloss(able))
        number = Offer(words, TakeNumber(self._place.subject), disabled=not able, why=self.scene.say(NO_NUMBERS))
        always = () if self._place.change else (number,)
        return self.cards(room, [self._card(at, slot) for at, slot in enumerate(self._slots)], always)

    def _card(self, at: int, slot: OpenSlot) -> Offer:
        say = self.scene.say
        gloss = say("本机还有{n}个名额", n=slot.places) if slot.places else say("本机没有名额")
        there = Go(SlotAsked(self._place.subject, at, self._place.change))
        words = Words(slot_words(self.scene, slot), gloss)
        return Offer(words, there, disabled=not slot.places, why=say("本机没有这一场的名额。请换一场，或先取号。"))


class SlotPage(SheetPage):
    """What is about to be booked, before it is."""

    def __init__(self, scene: Scene, place: SlotAsked, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._place = place
        self._slot = scene.live.slots[place.position]

    def heading(self) -> str:
        """Ask whether it is right."""
        return self.scene.say("改到这一场，对吗？") if self._place.change else self.scene.say("约这一场，对吗？")

    def aside(self) -> str:
        """What for."""
        return self.scene.text(self._slot.name)

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the slot and the two ways."""
        return self.read(room)

    def ways(self) -> list[tuple[Words, Intent]]:
        """Book it, or another."""
        say = self.scene.say
        label = say("改约") if self._place.change else say("预约")
        return [
            (Words(label, say("打印预约单")), Book(self._place)),
            (Words(say("换一场")), Back()),
        ]

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return when, where, and what has to be known."""
        say = self.scene.say
        facts = _facts(self.scene, self._slot)
        indent = max(cells(fact.term) for fact in facts) + 2
        notes = [say("一张预约单只管一个人，到时凭单办理。")]
        if not self._slot.certain:
            notes.append(say("日期以大厅公告为准。"))
        if self._place.change:
            notes.append(say("改好以后，原来的那一场就让给别人了。"))
        return [
            *(fact_lines(fact, indent, width) for fact in facts),
            *(paragraph(one, width, "muted") for one in notes),
        ]


class BookedPage(PaperPage):
    """It is booked: when and where, and the code large enough to be copied; a notice where the slip did not come."""

    NO_BACK = DONE

    def __init__(self, scene: Scene, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._booked = _booked(scene)
        self._room = (0, 0)

    def heading(self) -> str:
        """Say that it is done."""
        return self.scene.say("约好了")

    def aside(self) -> str:
        """What for."""
        return self.scene.text(self._booked.name)

    def back(self) -> Intent | None:
        """It is booked; one goes on from here."""
        return None

    def news(self) -> tuple[Line, ...]:
        """Return when, where and the code."""
        return self._lines(*self._room)

    def widgets(self) -> Iterator[Painted]:
        """Yield the sheet and the choices, and the notice."""
        frame, say = self.scene.frame, self.scene.say
        lost = slip_trouble(self.scene, frame.body.width)
        place = plan(frame, None, len(lost) + 2 if lost else 0, 2)
        yield self.masthead()
        yield Heading(self.palette, place.heading, self.heading(), self.aside())
        if place.notice:
            yield Notice(self.palette, place.notice, say("停"), lost)
        self._room = place.main.width - 2 * Sheet.MARGIN, Sheet.rows(place.main.height)
        lines = self._lines(*self._room)
        high = min(len(lines) + 2, place.main.height)
        yield Sheet(self.palette, place.main.split_horizontal(high)[0], lines)
        yield from self.last_choices(place.choices, "我记下了", AskEnd(), lost=bool(lost))
        yield self.footer()

    def _lines(self, width: int, rows: int) -> tuple[Line, ...]:
        """Return the code, when and where in at most `rows` lines, with air between where it fits."""
        scene, job = self.scene, self.scene.live.job
        say = scene.say
        facts = _facts(scene, self._booked)
        indent = max(cells(fact.term) for fact in facts) + 2
        told = []
        if coming(job):
            printed = job is not None and job.state is JobState.PRINTED
            told.append(say("请取走小票，纸从屏幕下方出来") if printed else say("正在打印小票，请稍等"))
        if not self._booked.certain:
            told.append(say("日期以大厅公告为准。"))
        told.append(say("要改时间或取消，到{station}号站输入编号", station=scene.desk.number))
        head = ((), code_line(self._booked.code, say("编号")), ())
        lines = (fact_lines(fact, indent, width) for fact in facts)
        return pages([head, *lines, *(paragraph(one, width, "muted") for one in told)], rows)[0]


class AppointmentPage(SheetPage):
    """An appointment whose code was given, and what can be done about it."""

    def __init__(self, scene: Scene, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._booked = _booked(scene)

    def heading(self) -> str:
        """Say whose it is."""
        return self.scene.say("这是您的预约")

    def aside(self) -> str:
        """What for."""
        return self.scene.text(self._booked.name)

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield what is known, and the ways on."""
        return self.read(room)

    def ways(self) -> list[tuple[Words, Intent]]:
        """To the first page; or to change it, or to call it off."""
        say = self.scene.say
        ways: list[tuple[Words, Intent]] = [(Words(say("回到首页")), GoHome())]
        if self._booked.can_change:
            ways.append((Words(say("改时间")), SeeSlots(self._booked.subject, change=True)))
            ways.append((Words(say("不要了，取消")), Go(CancellingAppointment())))
        return ways

    def groups(self, width: int) -> list[tuple[Line, ...]]:
        """Return the code, whether it stands, when and where."""
        say = self.scene.say
        facts = [Fact(say("状态"), (self._state(),)), *_facts(self.scene, self._booked)]
        indent = max(cells(fact.term) for fact in facts) + 2
        return [
            ((), code_line(self._booked.code, say("编号")), ()),
            *(fact_lines(fact, indent, width) for fact in facts),
        ]

    def _state(self) -> str:
        say = self.scene.say
        if self._booked.cancelled:
            return say("已取消")
        return say("这一场已经开始或过了") if self._booked.over else say("约好了")


class CancelAppointmentPage(Page):
    """Call the appointment off, or not."""

    def __init__(self, scene: Scene, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._booked = _booked(scene)

    def heading(self) -> str:
        """Ask."""
        return self.scene.say("要取消这个预约吗？")

    def aside(self) -> str:
        """What for."""
        return self.scene.text(self._booked.name)

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield what will happen, and the two ways, equal."""
        say = self.scene.say
        high = 5 if self.scene.frame.roomy else 3
        width = room.width - 2 * Sheet.MARGIN
        when = say("时间：{when}", when=slot_words(self.scene, self._booked))
        lines = (
            *paragraph(when, width, bold=True),
            *paragraph(say("取消以后，名额让给别人，不能恢复。"), width),
        )
        sheet, rest = room.split_horizontal(len(lines) + 2)
        yield Sheet(self.palette, sheet, lines, bar=True)
        places = stack(rest, [high, high])
        yield self.choice(places[0], Words(say("不取消，回去")), Back())
        yield self.choice(places[1], Words(say("取消预约")), CancelAppointment())


def _booked(scene: Scene) -> Booked:
    if scene.live.booked is None:
        raise LookupError("no appointment was booked or looked up in this visit")
    return scene.live.booked


def _facts(scene: Scene, slot: OpenSlot | Booked) -> list[Fact]:
    say = scene.say
    return [Fact(say("时间"), (slot_words(scene, slot),)), Fact(say("在哪里"), (scene.text(scene.desk.hall),))]
