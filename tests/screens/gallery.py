"""Every page that the station can show, drawn without a running application, which is quick enough to look at them all.

What is drawn here is what the application shows: test_pages_everywhere.py compares the two.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from kiosk.desk import (
    OTHER,
    UNSURE,
    Answer,
    Channel,
    Desk,
    Direction,
    FieldKind,
    Form,
    IssuedTicket,
    JobRecord,
    JobState,
    Package,
    Problem,
    RequestState,
    SentRequest,
    TicketState,
)
from kiosk.identity import SENTENCES
from kiosk.ports import Condition, Proof
from kiosk.requests import State as Progress
from kiosk.settings import Settings
from kiosk.text import Language, cells
from kiosk.visit import (
    About,
    AboutChannel,
    Asking,
    CallingOff,
    ChannelPage,
    Channels,
    Checking,
    CodeAsked,
    Cycles,
    EndAsked,
    Filling,
    FormPage,
    Found,
    Help,
    Home,
    ItemPage,
    ItemSlip,
    ListPage,
    NotForYou,
    Number,
    PackagePage,
    Packages,
    Place,
    Rated,
    Rating,
    RequestFound,
    Search,
    SectionPage,
    Sent,
    Slip,
)
from screens.canvas import Canvas
from screens.frame import Frame
from screens.intents import TurnSheet
from screens.large_type import Reading
from screens.pages.bare import OutOfOrderPage
from screens.pages.ending import FarewellPage, IdlePage, RefusedPage
from screens.pages.page import Page
from screens.pages.places import page_of
from screens.pages.welcome import WelcomePage
from screens.palette import Palette, Role, ThemeName, palette
from screens.scene import Scene, Session
from screens.shapes import Shape
from screens.widgets.bands import Footer
from screens.widgets.choice import Choice, State
from screens.widgets.digit_pad import DigitPad
from screens.widgets.keyboard import Keyboard
from screens.widgets.painted import Painted

Pair = tuple[Role, Role]
"""An ink and the ground below it."""

Cell = tuple[str, str, str]
"""A character, the colour of its ink (none for a blank) and that of its ground, as #RRGGBB."""

THEMES: tuple[ThemeName, ...] = ("day", "contrast")
WORDS = ("", "b", "jzz", "newborn", "住", "居住证", "axbb", "taiwan", "old", "xqzvw", "xqzvwxqzvwxqzvwxqzvwxqzv")
REFUSED = "本机存储有问题，号码没有取成。请到大厅取号，或换一台机器。"
LONGEST_NUMBER = "A07-1000"
CODE = "7184059362718405"
_NOT_WRITTEN = dict.fromkeys([ord(" "), ord("─"), *range(0x2580, 0x25A0)])
"""Blanks, rules and block elements."""


class Noting(Palette):
    """A palette that can tell which roles a style was made of: from them follow the colours of every theme."""

    def __init__(self) -> None:
        super().__init__("day")
        self.roles: dict[int, Pair] = {}

    def style(self, ink: Role, on: Role, bold: bool = False) -> Style:
        style = super().style(ink, on, bold)
        self.roles[id(style)] = (ink, on)
        return style


NOTING = Noting()


class Watched(Canvas):
    """A canvas that remembers what was lost on it: words cut at its edges, drawn over, or laid over an edge."""

    def __init__(self, width: int, height: int, ground: Role) -> None:
        super().__init__(width, height, ground)
        self.lost: list[str] = []
        self._runs: list[tuple[int, int, int, str]] = []

    def text(self, left: int, row: int, text: str, ink: Role, bold: bool = False) -> int:
        end = super().text(left, row, text, ink, bold)
        if text.strip() and (left < 0 or end > self.width or not 0 <= row < self.height):
            self.lost.append(f"cut at the edge: {text!r}")
        if text.strip() and not _drawn(text):
            self._runs.append((row, left, end, text))
        return end

    def shape(self, left: int, top: int, shape: Shape, ink: Role) -> None:
        super().shape(left, top, shape, ink)
        inside = left >= 0 <= top and left + shape.width <= self.width and top + shape.height <= 2 * self.height
        if not inside:
            self.lost.append(f"a shape of {shape.width} x {shape.height} pixels is cut at the edge")

    def finish(self) -> list[str]:
        """Return all that was lost, now that everything is drawn."""
        for row, left, _, text in self._runs:
            if 0 <= row < self.height and left >= 0:
                shown = "".join(one for one in self._texts[row][left : left + cells(text)] if one != "\0")
                if shown != text and cells(text) <= self.width - left:
                    self.lost.append(f"drawn over: {text!r}")
                halves = zip(
                    self._halves[2 * row][left : left + cells(text)],
                    self._halves[2 * row + 1][left : left + cells(text)],
                    strict=True,
                )
                if any(upper != lower for upper, lower in halves):
                    self.lost.append(f"lies over an edge: {text!r}")
        for (row, _, end, text), (next_row, left, _, following) in zip(
            sorted(self._runs), sorted(self._runs)[1:], strict=False
        ):
            if row == next_row and left == end and text[-1] != " " != following[0]:
                self.lost.append(f"no blank between {text!r} and {following!r}")
        return self.lost


def _drawn(text: str) -> bool:
    return not text.translate(_NOT_WRITTEN)


@dataclass(frozen=True)
class Exhibit:
    """A page: how it is called in a report, what the visit holds, how it is made; `mixed` in all languages at once.

    `form` is filled in, `request` sent or looked up; `typed` and `problem` stand in the field of the page.
    """

    name: str
    trail: tuple[Place, ...] = (Home(),)
    answers: dict[str, tuple[Answer, ...]] = field(default_factory=dict)
    job: JobRecord | None = None
    found: Callable[[IssuedTicket], TicketState] | None = None
    page: Callable[[Scene], Page] = lambda scene: page_of(scene.visit.place, scene, None)
    refused: str = ""
    demo: bool = False
    mixed: bool = False
    reading: Reading = Reading.NORMAL
    form: str = ""
    request: str = ""
    progress: Progress = Progress.RECEIVED
    typed: str = ""
    problem: Problem | None = None


@dataclass(frozen=True)
class Drawing:
    """A page with its widgets, the rows of each, what was lost, and the inks and grounds of its text and shapes."""

    page: Page
    widgets: tuple[Painted, ...]
    strips: tuple[list[Strip], ...]
    lost: tuple[str, ...]
    text: frozenset[Pair]
    shapes: frozenset[Pair]

    def rows(self) -> list[Strip]:
        """Return the rows of the whole screen."""
        frame = self.page.scene.frame
        ground = NOTING.style("page", "page")
        pieces: list[list[tuple[int, Strip]]] = [[] for _ in range(frame.rows)]
        for widget, strips in zip(self.widgets, self.strips, strict=True):
            for row, strip in enumerate(strips, widget.place.y):
                if 0 <= row < frame.rows:
                    pieces[row].append((widget.place.x, strip))
        return [_joined(row, frame.columns, ground) for row in pieces]

    def lines(self) -> list[str]:
        """Return the screen as text."""
        return [row.text for row in self.rows()]

    def cells(self, theme: ThemeName) -> list[list[Cell]]:
        """Return the cells of each row with the colours that they have in `theme`."""
        colour = palette(theme).colour
        rows = []
        for strip in self.rows():
            row: list[Cell] = []
            for segment in strip:
                ink, on = map(colour, NOTING.roles[id(segment.style)])
                row += [(one, "" if one == " " else ink, on) for one in segment.text]
            rows.append(row)
        return rows


def _joined(pieces: list[tuple[int, Strip]], width: int, ground: Style) -> Strip:
    # Not Strip.blank, which gives back a strip of any style that is equal.
    row, column = [], 0
    for left, strip in [*sorted(pieces, key=lambda piece: piece[0]), (width, Strip([]))]:
        row += [Strip([Segment(" " * max(left - column, 0), ground)]), strip]
        column = left + strip.cell_length
    return Strip.join(row)


class Gallery:
    """Draws exhibits with one desk."""

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self.desk = desk
        self._settings = settings

    def session(self, exhibit: Exhibit, language: Language) -> Session:
        """Return the visit in which an exhibit is seen."""
        visit = self.desk.begin(language)
        visit.trail = list(exhibit.trail)
        visit.answers = dict(exhibit.answers)
        ticket = self._ticket()
        found = exhibit.found(ticket) if exhibit.found else None
        session = Session(visit, ticket=ticket, job=exhibit.job, refused=exhibit.refused, found=found)
        if exhibit.form:
            visit.forms[exhibit.form] = longest_answers(self.desk, self.desk.requests.form(exhibit.form), language)
        if exhibit.request:
            form, now = self.desk.requests.form(exhibit.request), self.desk.now()
            session.request = SentRequest(form, CODE, now, 1)
            lines = self.desk.requests.lines(form, longest_answers(self.desk, form, language), language)
            session.asked = RequestState(form, CODE, now, exhibit.progress, lines)
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
            demo=exhibit.demo,
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
            if isinstance(visit.place, ListPage):
                visit.trail[-1] = replace(visit.place, page=session.sheet)

    def _ticket(self) -> IssuedTicket:
        package = self.desk.cycles(Direction.LIFE)[0].packages[0]
        host = self._settings.qr.hosts
        link = f"https://{host[0].upper()}/T/{CODE}" if host else None
        theme, service = self.desk.theme(package).name, self.desk.service()
        now = self.desk.now()
        return IssuedTicket(LONGEST_NUMBER, CODE, theme, package, service, service.certain, now, 1, link, False)


def draw(page: Page) -> Drawing:
    """Draw all that stands on a page."""
    widgets = tuple(widget for widget in page.compose() if isinstance(widget, Painted))
    strips, lost = [], []
    text: set[Pair] = set()
    shapes: set[Pair] = set()
    for widget in widgets:
        painted, missing = draw_widget(widget)
        strips.append(painted)
        lost += [f"{widget.__class__.__name__}: {one}" for one in missing]
        for found, pairs in zip((text, shapes), pairs_of(painted), strict=True):
            found |= pairs
    return Drawing(page, widgets, tuple(strips), tuple(lost), frozenset(text), frozenset(shapes))


def draw_widget(widget: Painted) -> tuple[list[Strip], list[str]]:
    """Return the rows of a widget as it now stands, and what was lost."""
    canvas = Watched(max(widget.place.width, 0), max(widget.place.height, 0), widget.GROUND)
    widget.paint(canvas)
    return canvas.strips(NOTING), canvas.finish()


def pairs_of(strips: list[Strip]) -> tuple[set[Pair], set[Pair]]:
    """Return the inks and grounds of what is written in rows, and of what is drawn in them."""
    text: set[Pair] = set()
    shapes: set[Pair] = set()
    for strip in strips:
        for segment in strip:
            pair = NOTING.roles[id(segment.style)]
            written = segment.text.translate(_NOT_WRITTEN)
            if written:
                text.add(pair)
            if len(written) < len(segment.text) - segment.text.count(" "):
                shapes.add(pair)
    return text, shapes


def states_of(widget: Painted) -> Iterator[str]:
    """Put a widget into each state that it can show besides the one at rest, and yield its name."""
    match widget:
        case Choice() if widget.state not in {State.ABSENT, State.DISABLED}:
            widget.focus_shown = True
            yield "focus"
            widget.focus_shown = False
            for state in (State.PRESSED, State.BUSY, State.DISABLED):
                widget.state = state
                yield state
            widget.state = State.READY
        case Footer():
            for slot, place in enumerate(widget.places):
                if place.intent:
                    widget.pressed = slot
                    yield f"{place.word} pressed"
            widget.pressed = None
        case DigitPad():
            for key in (widget.keys[0], widget.keys[-1]):
                widget.pressed = key
                yield f"{key.face} pressed"
            widget.pressed = None
        case Keyboard():
            for row in range(len(widget.rows)):
                widget.picked = row
                yield f"row {row + 1} picked"
            widget.picked, widget.pressed = None, widget.rows[0][0]
            yield "a key pressed"
            widget.pressed = None


# ---- what there is to see --------------------------------------------------------------------------------------------


def exhibits(desk: Desk, every: int = 1) -> list[Exhibit]:
    """Return everything, of the packages every so many: a page added here is walked in all sizes and languages."""
    packages = [package for direction in Direction for cycle in desk.cycles(direction) for package in cycle.packages]
    return [
        *pages_of_the_way(desk),
        *(one for package in packages[::every] for one in pages_of(desk.package(package))),
        *(one for channel in desk.requests.channels for one in pages_of_channel(desk, channel, every)),
        *pages_with_codes(desk),
        *pages_with_paper(desk.package(packages[0])),
        *pages_beside_the_way(packages[0]),
    ]


def one_of_each_kind(gallery: Gallery, frame: Frame) -> list[Exhibit]:
    """Return the first exhibit of each kind of page."""
    kinds: dict[type[Page], Exhibit] = {}
    for exhibit in exhibits(gallery.desk, 50):
        kinds.setdefault(type(next(gallery.sheets(exhibit, frame, Language.HANS)).page), exhibit)
    return list(kinds.values())


def pages_of_the_way(desk: Desk) -> Iterator[Exhibit]:
    """Yield the pages that one passes before a package."""
    yield Exhibit("home")
    for words in WORDS:
        yield Exhibit(f"search for {words!r}", (Home(), Search(words)))
    for direction in Direction:
        yield Exhibit(f"cycles of {direction}", (Home(), Cycles(direction)))
        for cycle in desk.cycles(direction):
            yield Exhibit(f"packages of {cycle.id}", (Home(), Packages(cycle.id)))


def pages_of(package: Package) -> Iterator[Exhibit]:
    """Yield the pages of one package."""
    yield Exhibit(package.id, (Home(), PackagePage(package.id)))
    blocking = [next((n for n, one in enumerate(asked.options) if one.blocks), 0) for asked in package.questions]
    for number, question in enumerate(package.questions):
        yield Exhibit(f"{package.id}, question {number + 1}", (Home(), Asking(package.id, number)))
        if any(option.blocks for option in question.options):
            answers = {package.id: tuple(blocking)}
            yield Exhibit(f"not {package.id}, {number + 1}", (Home(), NotForYou(package.id, number)), answers)
    unsure = {package.id: (UNSURE,) * len(package.questions)}
    yield Exhibit(f"list of {package.id}", (Home(), ListPage(package.id)), unsure)


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
    yield Exhibit(channel.id, (Home(), ChannelPage(channel.id)))
    yield Exhibit(f"about {channel.id}", (Home(), AboutChannel(channel.id)))
    for section in channel.sections:
        groups = ("", *(group.id for group in section.groups))
        for group in groups:
            yield Exhibit(
                f"{section.list} {group} of {channel.id}", (Home(), SectionPage(channel.id, section.list, group))
            )
        for item in section.items[:: ITEMS * every]:
            yield Exhibit(f"{item.id} of {channel.id}", (Home(), ItemPage(channel.id, section.list, item.id)))
    for form in desk.requests.offered(channel):
        yield from pages_of_form(form)


def pages_of_form(form: Form) -> Iterator[Exhibit]:
    """Yield the pages on which a form is filled in, checked and sent."""
    yield Exhibit(f"form {form.id}", (Home(), FormPage(form.id)))
    for asked in form.fields:
        place = Filling(form.id, asked.id)
        yield Exhibit(f"{form.id}, {asked.id}", (Home(), place))
        if asked.other and asked.options:
            yield Exhibit(f"{form.id}, {asked.id} in words", (Home(), replace(place, writing=True)))
        if typed := "".join(filter(str.isalnum, TYPED.get(asked.kind, ""))):
            yield Exhibit(f"{form.id}, {asked.id} typed", (Home(), place), form=form.id, typed=typed)
    yield Exhibit(f"check of {form.id}", (Home(), Checking(form.id)), form=form.id)
    for state, condition in ((JobState.PRINTED, Condition.READY), (JobState.HELD, Condition.NO_ANSWER)):
        job = JobRecord(1, "", state, condition, Proof.NONE, 1, 1, 0, 0)
        yield Exhibit(f"{form.id} sent, {state}", (Home(), Sent()), job=job, request=form.id)


def pages_of_problems(desk: Desk, kind: FieldKind, typed: str) -> Iterator[Exhibit]:
    """Yield the page of the first field of a kind with everything that may be wrong with what is typed there."""
    forms = [form for channel in desk.requests.channels for form in desk.requests.offered(channel)]
    places = [Filling(form.id, one.id) for form in forms for one in form.fields if one.kind is kind]
    for place in places[:1]:
        for sentence in SENTENCES.values():
            problem = Problem(place.field, sentence, {"place": 3, "n": 3})
            yield Exhibit(f"{place.field}, {sentence}", (Home(), place), typed=typed.replace("-", ""), problem=problem)


def pages_with_codes(desk: Desk) -> Iterator[Exhibit]:
    """Yield the pages of those who have the code of a slip."""
    yield Exhibit("all channels", (Home(), Channels()))
    yield Exhibit("rating", (Home(), Rating(CODE)))
    yield Exhibit("reason of a rating", (Home(), Rating(CODE, (("grade", "very-poor"),))))
    yield Exhibit("rated", (Home(), Rated()))
    for kind, typed in TYPED.items():
        yield from pages_of_problems(desk, kind, typed)
    problem = Problem("code", "这台机器上没有这个编号，请对照小票逐位核对。")
    yield Exhibit("code asked", (Home(), CodeAsked()))
    yield Exhibit("code not known", (Home(), CodeAsked()), typed=CODE, problem=problem)
    for progress in Progress:
        yield Exhibit(f"request {progress}", (Home(), RequestFound()), request="home-visit", progress=progress)
    yield Exhibit("end asked after a request", (Home(), Sent(), EndAsked()), request="home-visit")
    yield Exhibit("call off", (Home(), RequestFound(), CallingOff()), request="home-visit")
    job = JobRecord(1, "", JobState.UNKNOWN, Condition.UNKNOWN, Proof.NONE, 1, 1, 0, 0)
    yield Exhibit("sent, perhaps printed", (Home(), Sent()), job=job, request="home-visit")


def pages_with_paper(package: Package) -> Iterator[Exhibit]:
    """Yield the number and the list in every state that their paper can have."""
    answers = {package.id: (UNSURE,) * len(package.questions)}
    states = [(JobState.QUEUED, Condition.READY), (JobState.PRINTED, Condition.READY)]
    states += [(JobState.UNKNOWN, Condition.UNKNOWN)]
    states += [(JobState.HELD, condition) for condition in Condition if not condition.can_print]
    for state, condition in states:
        job = JobRecord(1, "", state, condition, Proof.NONE, 1, 1, 0, 0)
        item = ItemSlip("aji_station", "police_matter", "residence-permit-renew")
        yield Exhibit(f"guide to an item, {state}, {condition}", (Home(), item), job=job)
        yield Exhibit(f"number, {state}, {condition}", (Home(), Number()), answers, job)
        yield Exhibit(f"slip, {state}, {condition}", (Home(), Slip(package.id)), answers, job)
    yield Exhibit("end asked", (Home(), Number(), EndAsked()))
    for state in JobState:
        for over, can_print in ((False, False), (False, True), (True, False)):
            found = partial(TicketState, slip=state, over=over, can_print=can_print)
            yield Exhibit(f"found, {state}, {over}, {can_print}", (Home(), Found()), found=found)


def pages_beside_the_way(package: str) -> Iterator[Exhibit]:
    """Yield what stands before, after and over the places of a visit, and help for each kind of place."""
    yield Exhibit("welcome", page=WelcomePage, mixed=True)
    yield Exhibit("welcome of the demonstration", page=WelcomePage, demo=True, mixed=True)
    yield Exhibit("out of order", page=OutOfOrderPage, mixed=True)
    yield Exhibit("warning", page=lambda scene: IdlePage(scene, 20))
    yield Exhibit("last seconds", page=lambda scene: IdlePage(scene, 1))
    yield Exhibit("farewell", page=FarewellPage)
    yield Exhibit("refused", page=RefusedPage, refused=REFUSED)
    yield Exhibit("home of the demonstration", demo=True)
    for reading in Reading:
        yield Exhibit(f"home with {reading.value}", reading=reading)
    helped = (Home(), Cycles(Direction.LIFE), Packages("birth"), Search(), PackagePage(package), Asking(package, 0))
    asked = (ChannelPage("home_assist"), FormPage("home-visit"), Filling("home-visit", "phone"), Checking("home-visit"))
    found = (Sent(), CodeAsked(), RequestFound(), AboutChannel("home_assist"))
    ends = (NotForYou(package, 0), ListPage(package), Number(), Slip(package), EndAsked())
    for place in (*helped, *asked, *found, *ends):
        yield Exhibit(f"help for {place}", (Home(), place, Help()))
    yield Exhibit("about", (Home(), Help(), About()))
