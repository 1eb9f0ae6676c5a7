"""Every page that the station can show, drawn without a running application, which is quick enough to look at them all.

What is drawn here is what the application shows: test_pages_everywhere.py compares the two.
"""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

import msgspec

from kiosk import visit as at
from kiosk.desk import (
    OTHER,
    UNSURE,
    Answer,
    Booked,
    Channel,
    Desk,
    Direction,
    FieldKind,
    Form,
    IssuedTicket,
    JobRecord,
    JobState,
    OpenSlot,
    OtherTicket,
    Package,
    Problem,
    ProjectRecord,
    RequestState,
    SentRequest,
    TicketState,
)
from kiosk.identity import SENTENCES
from kiosk.keys import Claim, SignedClaim
from kiosk.ports import Condition, Proof
from kiosk.project_records import Step, TrackedMatter, TrackedRequest
from kiosk.requests import State as Progress
from kiosk.settings import Settings
from kiosk.text import Language, cells
from kiosk.visit import Place
from kiosk.wire.requests import WORDS_LIMIT
from screens.frame import Frame
from screens.intents import TurnSheet
from screens.large_type import Reading
from screens.pages.bare import OutOfOrderPage
from screens.pages.ending import FarewellPage, IdlePage, RefusedPage
from screens.pages.help import AboutPage
from screens.pages.page import Page
from screens.pages.places import page_of
from screens.pages.welcome import WelcomePage
from screens.scene import Scene, Session
from tests.screens.drawing import NOTING, Drawing, draw

WORDS = ("", "b", "jzz", "newborn", "住", "居住证", "axbb", "taiwan", "old", "xqzvw", "xqzvwxqzvwxqzvwxqzvwxqzv")
REFUSED = "本机存储有问题，号码没有取成。请到大厅取号，或换一台机器。"
LONGEST_NUMBER = "A07-1000"
PROJECT = "2611-350211-04-01-123456"
CODE = "7184059362718405"
OTHER_TICKET = SignedClaim(Claim(CODE, "50", 1, 1, datetime.date(2026, 11, 25), "A", 1000), b"", b"", "")


@dataclass(frozen=True)
class Exhibit:
    """A page: how it is called in a report, what the visit holds, how it is made; `mixed` in all languages at once.

    `form` is filled in, `request` sent or looked up; `typed` and `problem` stand in the field of the page. `ground` was
    declared for priority. `other_over`: a slip of another station was scanned, and whether its day is over.
    `unreported`: the center is not known to have the request.

    `lends`: places of each slot that a center has lent, -1 where there is none; `booked`: the appointment was
    `cancelled`, is `over`, or stands.
    """

    name: str
    trail: tuple[Place, ...] = (at.Home(),)
    answers: dict[str, tuple[Answer, ...]] = field(default_factory=dict)
    job: JobRecord | None = None
    found: Callable[[IssuedTicket], TicketState] | None = None
    page: Callable[[Scene], Page] = lambda scene: page_of(scene.visit.place, scene, None)
    refused: str = ""
    mark: str = ""
    mixed: bool = False
    reading: Reading = Reading.NORMAL
    form: str = ""
    request: str = ""
    progress: Progress = Progress.RECEIVED
    here: bool = True
    typed: str = ""
    problem: Problem | None = None
    ground: str = ""
    other_over: bool | None = None
    unreported: bool = False
    lends: int = -1
    booked: str = ""


class Gallery:
    """Draws exhibits with one desk."""

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self.desk = desk
        self._settings = settings

    def session(self, exhibit: Exhibit, language: Language) -> Session:
        """Return the visit in which an exhibit is seen."""
        appointments = self.desk.appointments
        appointments._enrolled = lambda: exhibit.lends >= 0
        visit = self.desk.begin(language)
        visit.trail = list(exhibit.trail)
        visit.answers = dict(exhibit.answers)
        visit.ground = exhibit.ground
        ticket = msgspec.structs.replace(self._ticket(), priority=bool(exhibit.ground))
        found = exhibit.found(ticket) if exhibit.found else None
        session = Session(visit, ticket=ticket, job=exhibit.job, refused=exhibit.refused, found=found)
        if exhibit.form:
            visit.forms[exhibit.form] = longest_answers(self.desk, self.desk.requests.form(exhibit.form), language)
        if exhibit.request:
            form, now = self.desk.requests.form(exhibit.request), self.desk.now()
            session.request = SentRequest(form, CODE, now, 1, "", exhibit.unreported)
            lines = self.desk.requests.lines(form, longest_answers(self.desk, form, language), language)
            words = WRITTEN[language] * WORDS_LIMIT
            session.asked = RequestState(
                form,
                CODE,
                now,
                exhibit.progress,
                lines if exhibit.here else (),
                words[:WORDS_LIMIT],
                now,
                exhibit.here,
                now,
                self.desk.number if exhibit.here else "50",
                PROJECT if exhibit.here else "",
                "digest" if exhibit.request == "project-helper" else "",
            )
            session.record = self._record(form, words[:WORDS_LIMIT])
        if exhibit.other_over is not None:
            session.other = OtherTicket(OTHER_TICKET, ticket.theme, exhibit.other_over)
        session.slots = tuple(
            OpenSlot(one.slot, one.rule.name, exhibit.lends, False) for one in appointments._coming("aji_station")
        )
        first, gone = session.slots[0], exhibit.booked
        session.booked = Booked(
            CODE, first.slot, first.name, "aji_station", False, gone == "cancelled", gone == "over", 1
        )
        if exhibit.typed:
            session.typed[visit.place] = exhibit.typed
        if exhibit.problem:
            session.problems[visit.place] = exhibit.problem
        return session

    def scene(self, exhibit: Exhibit, frame: Frame, session: Session) -> Scene:
        """Return what the page of an exhibit is made from."""
        return Scene(
            self.desk,
            self._settings,
            frame,
            NOTING,
            session.visit.language,
            session,
            mark=(lambda: exhibit.mark) if exhibit.mark else None,
            type_word=exhibit.reading.value,
        )

    def sheets(self, exhibit: Exhibit, frame: Frame, language: Language) -> Iterator[Drawing]:
        """Draw an exhibit, and every sheet that it can be turned to."""
        session = self.session(exhibit, language)
        visit = session.visit
        while True:
            drawing = draw(exhibit.page(self.scene(exhibit, frame, session)))
            yield drawing
            turns = [choice.intent.sheet for choice in drawing.page.choices if isinstance(choice.intent, TurnSheet)]
            if not any(turn > session.sheet for turn in turns):
                return
            session.sheet += 1
            if isinstance(visit.place, at.ListPage):
                visit.trail[-1] = replace(visit.place, page=session.sheet)

    def _record(self, form: Form, words: str) -> ProjectRecord:
        """Return a record of a project with every matter and every state, or of a form without any."""
        now = self.desk.now()
        steps = tuple(Step(now, state, words) for state in Progress)
        matters = next((field.options for field in form.fields if field.id == "stage"), ())
        request = TrackedRequest(form.name, "50", steps)
        return ProjectRecord(PROJECT, tuple(TrackedMatter(one.name, (request, request)) for one in matters), now, 100)

    def _ticket(self) -> IssuedTicket:
        package = self.desk.cycles(Direction.LIFE)[0].packages[0]
        host = self._settings.qr.hosts
        link = f"https://{host[0].upper()}/T/{CODE}" if host else None
        theme, service = self.desk.theme(package).name, self.desk.service()
        now = self.desk.now()
        return IssuedTicket(LONGEST_NUMBER, CODE, theme, package, service, service.certain, now, 1, link, False)


def exhibits(desk: Desk, every: int = 1) -> list[Exhibit]:
    """Return everything, of the packages every so many: a page added here is walked in all sizes and languages."""
    packages = [package for direction in Direction for cycle in desk.cycles(direction) for package in cycle.packages]
    return [
        *pages_of_the_way(desk),
        *(one for package in packages[::every] for one in pages_of(desk.package(package))),
        *(one for channel in desk.requests.channels for one in pages_of_channel(desk, channel, every)),
        *pages_with_codes(desk),
        *pages_of_booking(),
        *pages_with_paper(desk.package(packages[0])),
        *pages_beside_the_way(packages[0]),
    ]


OF_A_KIND = 4
"""So many pages of one kind are walked in each state of the station that is not the usual one."""


def some_of_each_kind(gallery: Gallery, frame: Frame) -> list[Exhibit]:
    """Return at most `OF_A_KIND` exhibits of each kind of page and place, and of field; of forms all.

    Whether a form can be used is what states change; the words of a question are the same in all of them.
    """
    kinds: dict[tuple[type[Page], type, str], list[Exhibit]] = {}
    for exhibit in exhibits(gallery.desk, 20):
        place, within = exhibit.trail[-1], ""
        if isinstance(place, at.Filling):
            fields = gallery.desk.requests.form(place.form).fields
            within = next(one.kind for one in fields if one.id == place.field)
        elif isinstance(place, at.FormPage):
            within = place.form
        kinds.setdefault((_kind(gallery, exhibit, frame), type(place), within), []).append(exhibit)
    return [one for kind in kinds.values() for one in kind[:: -(-len(kind) // OF_A_KIND)]]


def one_of_each_kind(gallery: Gallery, frame: Frame) -> list[Exhibit]:
    """Return the first exhibit of each kind of page."""
    kinds: dict[type[Page], Exhibit] = {}
    for exhibit in exhibits(gallery.desk, 50):
        kinds.setdefault(_kind(gallery, exhibit, frame), exhibit)
    return list(kinds.values())


def _kind(gallery: Gallery, exhibit: Exhibit, frame: Frame) -> type[Page]:
    return type(exhibit.page(gallery.scene(exhibit, frame, gallery.session(exhibit, Language.HANS))))


def pages_of_the_way(desk: Desk) -> Iterator[Exhibit]:
    """Yield the pages that one passes before a package."""
    yield Exhibit("home")
    for words in WORDS:
        yield Exhibit(f"search for {words!r}", (at.Home(), at.Search(words)))
    for direction in Direction:
        yield Exhibit(f"cycles of {direction}", (at.Home(), at.Cycles(direction)))
        for cycle in desk.cycles(direction):
            yield Exhibit(f"packages of {cycle.id}", (at.Home(), at.Packages(cycle.id)))


def pages_of(package: Package) -> Iterator[Exhibit]:
    """Yield the pages of one package."""
    yield Exhibit(package.id, (at.Home(), at.PackagePage(package.id)))
    blocking = [next((n for n, one in enumerate(asked.options) if one.blocks), 0) for asked in package.questions]
    for number, question in enumerate(package.questions):
        yield Exhibit(f"{package.id}, question {number + 1}", (at.Home(), at.Asking(package.id, number)))
        if any(option.blocks for option in question.options):
            answers = {package.id: tuple(blocking)}
            yield Exhibit(f"not {package.id}, {number + 1}", (at.Home(), at.NotForYou(package.id, number)), answers)
    unsure = {package.id: (UNSURE,) * len(package.questions)}
    yield Exhibit(f"list of {package.id}", (at.Home(), at.ListPage(package.id)), unsure)


ITEMS = 9
"""Of the items of one table of a channel every so many is walked; they differ in their names alone."""

TYPED = {
    FieldKind.PHONE: "13800001234",
    FieldKind.PERSON: "11010519491231002X",
    FieldKind.CREDIT_CODE: "91110000600037341L",
    FieldKind.PROJECT_CODE: "2611-350211-04-01-123456",
    FieldKind.NUMBER: "1",
}
WRITTEN = {Language.HANS: "王小明", Language.HANT: "王小明", Language.EN: "Xiaoming Wang, "}
"""Of Chinese characters those that are the same in Simplified and Traditional writing."""


def longest_answers(desk: Desk, form: Form, language: Language) -> dict[str, str]:
    """Return answers to all fields of a form that take as much room as they can."""
    answers: dict[str, str] = {}
    for asked in form.fields:
        if asked.when and answers.get(asked.when) not in asked.when_is:
            continue
        options = desk.requests.options(asked, answers)
        written = (WRITTEN[language] * asked.longest)[: asked.longest]
        if asked.kind is FieldKind.CHOICE:
            longest = max(options, key=lambda option: cells(option.name.in_(language)), default=None)
            answers[asked.id] = longest.id if longest else OTHER + written
        elif asked.kind is FieldKind.HALF_DAY:
            answers[asked.id] = desk.requests.half_days(asked)[-1].value
        else:
            answers[asked.id] = TYPED.get(asked.kind, written)
    return answers


def pages_of_channel(desk: Desk, channel: Channel, every: int) -> Iterator[Exhibit]:
    """Yield the pages of one channel and of the requests that it takes."""
    yield Exhibit(channel.id, (at.Home(), at.ChannelPage(channel.id)))
    yield Exhibit(f"about {channel.id}", (at.Home(), at.AboutChannel(channel.id)))
    yield Exhibit(f"manual of {channel.id}", (at.Home(), at.ManualPage(channel.id)))
    for section in channel.sections:
        groups = ("", *(group.id for group in section.groups))
        for group in groups:
            yield Exhibit(
                f"{section.list} {group} of {channel.id}", (at.Home(), at.SectionPage(channel.id, section.list, group))
            )
        for item in section.items[:: ITEMS * every]:
            yield Exhibit(f"{item.id} of {channel.id}", (at.Home(), at.ItemPage(channel.id, section.list, item.id)))
    for form in desk.requests.offered(channel):
        yield from pages_of_form(form)


def pages_of_form(form: Form) -> Iterator[Exhibit]:
    """Yield the pages on which a form is filled in, checked and sent."""
    yield Exhibit(f"form {form.id}", (at.Home(), at.FormPage(form.id)))
    for asked in form.fields:
        place = at.Filling(form.id, asked.id)
        yield Exhibit(f"{form.id}, {asked.id}", (at.Home(), place))
        if asked.other and asked.options:
            yield Exhibit(f"{form.id}, {asked.id} in words", (at.Home(), replace(place, writing=True)))
        if typed := "".join(filter(str.isalnum, TYPED.get(asked.kind, ""))):
            yield Exhibit(f"{form.id}, {asked.id} typed", (at.Home(), place), form=form.id, typed=typed)
    yield Exhibit(f"check of {form.id}", (at.Home(), at.Checking(form.id)), form=form.id)
    for state, condition in ((JobState.PRINTED, Condition.READY), (JobState.HELD, Condition.NO_ANSWER)):
        job = JobRecord(1, "", state, condition, Proof.NONE, 1, 1, 0, 0)
        sent = at.Home(), at.Sent()
        yield Exhibit(f"{form.id} sent, {state}", sent, job=job, request=form.id, unreported=True)


def pages_of_problems(desk: Desk, kind: FieldKind, typed: str) -> Iterator[Exhibit]:
    """Yield the page of the first field of a kind with everything that may be wrong with what is typed there."""
    forms = [form for channel in desk.requests.channels for form in desk.requests.offered(channel)]
    places = [at.Filling(form.id, one.id) for form in forms for one in form.fields if one.kind is kind]
    for place in places[:1]:
        for sentence in SENTENCES.values():
            problem = Problem(place.field, sentence, {"place": 3, "n": 3})
            yield Exhibit(
                f"{place.field}, {sentence}", (at.Home(), place), typed=typed.replace("-", ""), problem=problem
            )


def pages_of_booking() -> Iterator[Exhibit]:
    """Yield the pages of appointments, where a center has lent places or none."""
    for places in (0, 1, 12):
        yield Exhibit(f"slots {places}", (at.Home(), at.SlotsPage("aji_station")), lends=places)
        yield Exhibit(f"other slots {places}", (at.Home(), at.SlotsPage("aji_station", True)), lends=places)
    for change in (False, True):
        yield Exhibit(f"slot asked {change}", (at.Home(), at.SlotAsked("aji_station", 0, change)), lends=2)
    yield Exhibit("channel with slots", (at.Home(), at.ChannelPage("aji_station")), lends=2)
    for package in ("enterprise-property-transfer", "factory-first-registration"):
        yield Exhibit(f"{package} with slots", (at.Home(), at.PackagePage(package)), lends=2)
    for state in ("", "cancelled", "over"):
        yield Exhibit(f"appointment {state}", (at.Home(), at.AppointmentFound()), booked=state)
    yield Exhibit("cancel an appointment", (at.Home(), at.AppointmentFound(), at.CancellingAppointment()))
    yield Exhibit("booked", (at.Home(), at.Reserved()))
    for state, condition in ((JobState.UNKNOWN, Condition.UNKNOWN), (JobState.HELD, Condition.PAPER_OUT)):
        job = JobRecord(1, "", state, condition, Proof.NONE, 1, 1, 0, 0)
        yield Exhibit(f"booked, {state}", (at.Home(), at.Reserved()), job=job)
    for place in (at.SlotsPage("aji_station"), at.Reserved(), at.AppointmentFound()):
        yield Exhibit(f"help for {place}", (at.Home(), place, at.Help()))


def pages_with_codes(desk: Desk) -> Iterator[Exhibit]:
    """Yield the pages of those who have the code of a slip."""
    yield Exhibit("all channels", (at.Home(), at.Channels()))
    yield Exhibit("rating", (at.Home(), at.Rating(CODE)))
    yield Exhibit("reason of a rating", (at.Home(), at.Rating(CODE, (("grade", "very-poor"),))))
    yield Exhibit("rated", (at.Home(), at.Rated()))
    for kind, typed in TYPED.items():
        yield from pages_of_problems(desk, kind, typed)
    problem = Problem(
        "code", "这里没有这个编号，请对照小票逐位核对。别的站的号码，凭编号查不到；别的站的申请，过一会儿再查。"
    )
    yield Exhibit("code asked", (at.Home(), at.CodeAsked()))
    yield Exhibit("code not known", (at.Home(), at.CodeAsked()), typed=CODE, problem=problem)
    for progress in Progress:
        for here in (True, False):
            seen = at.Home(), at.RequestFound()
            yield Exhibit(f"request {progress} {here}", seen, request="home-visit", progress=progress, here=here)
    for here in (True, False):
        for name, place in (("asked", at.RequestFound()), ("record", at.RecordPage())):
            yield Exhibit(f"project {name} {here}", (at.Home(), place), request="project-helper", here=here)
    yield Exhibit("record without news", (at.Home(), at.RecordPage()), request="home-visit")
    yield Exhibit("end asked after a request", (at.Home(), at.Sent(), at.EndAsked()), request="home-visit")
    yield Exhibit("call off", (at.Home(), at.RequestFound(), at.CallingOff()), request="home-visit")
    job = JobRecord(1, "", JobState.UNKNOWN, Condition.UNKNOWN, Proof.NONE, 1, 1, 0, 0)
    yield Exhibit("sent, perhaps printed", (at.Home(), at.Sent()), job=job, request="home-visit")


def pages_with_paper(package: Package) -> Iterator[Exhibit]:
    """Yield the number and the list in every state that their paper can have."""
    answers = {package.id: (UNSURE,) * len(package.questions)}
    states = [(JobState.QUEUED, Condition.READY), (JobState.PRINTED, Condition.READY)]
    states += [(JobState.UNKNOWN, Condition.UNKNOWN)]
    states += [(JobState.HELD, condition) for condition in Condition if not condition.can_print]
    for state, condition in states:
        job = JobRecord(1, "", state, condition, Proof.NONE, 1, 1, 0, 0)
        item = at.ItemSlip("aji_station", "police_matter", "residence-permit-renew")
        yield Exhibit(f"guide to an item, {state}, {condition}", (at.Home(), item), job=job)
        manual = at.ManualSlip("student_station")
        yield Exhibit(f"record, {state}, {condition}", (at.Home(), at.RecordSlip()), job=job, request="project-helper")
        yield Exhibit(f"code of a manual, {state}, {condition}", (at.Home(), manual), job=job)
        yield Exhibit(f"number, {state}, {condition}", (at.Home(), at.Number()), answers, job)
        yield Exhibit(f"slip, {state}, {condition}", (at.Home(), at.Slip(package.id)), answers, job)
        other = (at.Home(), at.ElsewhereSlip())
        yield Exhibit(f"slip of elsewhere, {state}, {condition}", other, job=job, other_over=False)
    for over in (False, True):
        yield Exhibit(f"found of elsewhere, {over}", (at.Home(), at.Elsewhere()), other_over=over)
    yield Exhibit("list with priority", (at.Home(), at.ListPage(package.id)), answers, ground="elder")
    yield Exhibit("end asked", (at.Home(), at.Number(), at.EndAsked()))
    for state in JobState:
        for over, can_print in ((False, False), (False, True), (True, False)):
            found = partial(TicketState, slip=state, over=over, can_print=can_print, rated=over)
            yield Exhibit(f"found, {state}, {over}, {can_print}", (at.Home(), at.Found()), found=found)


def pages_beside_the_way(package: str) -> Iterator[Exhibit]:
    """Yield what stands before, after and over the places of a visit, and help for each kind of place."""
    yield Exhibit("welcome", page=WelcomePage, mixed=True)
    yield Exhibit("welcome of the demonstration", page=WelcomePage, mark="演示", mixed=True)
    yield Exhibit("out of order", page=OutOfOrderPage, mixed=True)
    yield Exhibit("warning", page=lambda scene: IdlePage(scene, 20))
    yield Exhibit("last seconds", page=lambda scene: IdlePage(scene, 1))
    yield Exhibit("farewell", page=FarewellPage)
    for ground in ("", "pregnant"):
        yield Exhibit(f"ground for priority {ground}", (at.Home(), at.GroundAsked()), ground=ground)
    yield Exhibit("package with priority", (at.Home(), at.PackagePage(package)), ground="elder")
    yield Exhibit("channel with priority", (at.Home(), at.ChannelPage("home_assist")), ground="elder")
    for state in (JobState.PRINTED, JobState.UNKNOWN):
        job = JobRecord(1, "", state, Condition.READY, Proof.NONE, 1, 1, 0, 0)
        yield Exhibit(f"number with priority, {state}", (at.Home(), at.Number()), job=job, ground="elder")
    held = partial(TicketState, slip=JobState.HELD, over=False, can_print=True, rated=False)
    yield Exhibit("found with priority", (at.Home(), at.Found()), found=held, ground="elder")
    yield Exhibit("refused", page=RefusedPage, refused=REFUSED)
    for mark in ("演示", "演示，已上报", "演示，待上报", "演示，中心没有启动"):
        yield Exhibit(f"home of a demonstration: {mark}", mark=mark)
    for reading in Reading:
        yield Exhibit(f"home with {reading.value}", reading=reading)
    helped = (
        at.Home(),
        at.Cycles(Direction.LIFE),
        at.Packages("birth"),
        at.Search(),
        at.PackagePage(package),
        at.GroundAsked(),
        at.Asking(package, 0),
    )
    asked = (
        at.ChannelPage("home_assist"),
        at.FormPage("home-visit"),
        at.Filling("home-visit", "phone"),
        at.Checking("home-visit"),
    )
    found = (
        at.Sent(),
        at.CodeAsked(),
        at.RequestFound(),
        at.RecordPage(),
        at.AboutChannel("home_assist"),
        at.ManualPage("home_assist"),
    )
    ends = (at.NotForYou(package, 0), at.ListPage(package), at.Number(), at.Slip(package), at.EndAsked())
    for place in (*helped, *asked, *found, *ends):
        yield Exhibit(f"help for {place}", (at.Home(), place, at.Help()))
    yield Exhibit("about", (at.Home(), at.Help(), at.About()))
    shown = Exhibit("about the demonstration", (at.Home(), at.Help(), at.About()), mark="演示")
    yield replace(shown, page=lambda scene: AboutPage(replace(scene, demo_code="271828")))
