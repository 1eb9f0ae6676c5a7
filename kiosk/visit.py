"""One resident's visit: where they are, in which language, with which answers; and the clock that ends it.

Plain state without a screen: the screens render `visit.place` and call its methods. Ending a visit drops the object,
and with it all that the resident said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.catalog.model import Answer, Direction
from kiosk.forms import FieldKind, Form
from kiosk.text import Language


@dataclass(frozen=True)
class Home:
    """The first choice: life events, enterprise stages."""


@dataclass(frozen=True)
class Cycles:
    """The eight cycles of one direction."""

    direction: Direction


@dataclass(frozen=True)
class Packages:
    """The packages of one cycle."""

    cycle: str


@dataclass(frozen=True)
class Search:
    """Looking for a package by `words`: initials, pinyin, characters or English, as far as they are typed."""

    words: str = ""


@dataclass(frozen=True)
class PackagePage:
    """What one package is, before any question."""

    package: str


@dataclass(frozen=True)
class Asking:
    """Question number `question` (from 0) of a package."""

    package: str
    question: int


@dataclass(frozen=True)
class NotForYou:
    """The package does not apply, because of the answer to `question`."""

    package: str
    question: int


@dataclass(frozen=True)
class ListPage:
    """The checklist, `page` from 0."""

    package: str
    page: int = 0


@dataclass(frozen=True)
class GroundAsked:
    """Whether there is a ground to be served earlier: only whoever wants to comes here."""


@dataclass(frozen=True)
class Number:
    """The queue ticket that was taken, and what became of its paper."""


@dataclass(frozen=True)
class Slip:
    """The guide that is being printed without a number, and what became of its paper."""

    package: str


@dataclass(frozen=True)
class Found:
    """A ticket whose slip was held under the scanner, and what can be done about its paper."""


@dataclass(frozen=True)
class Elsewhere:
    """A ticket of another station whose signed code was held under the scanner."""


@dataclass(frozen=True)
class ElsewhereSlip:
    """The slip of another station's ticket that is being printed, and what became of its paper."""


@dataclass(frozen=True)
class Channels:
    """All of the district's special channels, where the first page has no room for all."""


@dataclass(frozen=True)
class ChannelPage:
    """What one channel offers: its pages of matters and the requests that it takes."""

    channel: str


@dataclass(frozen=True)
class SectionPage:
    """The items of one table of a channel, all of them or those of one group."""

    channel: str
    section: str
    group: str = ""


@dataclass(frozen=True)
class ItemPage:
    """One item of a channel: where, what to bring, ways of handling."""

    channel: str
    section: str
    item: str


@dataclass(frozen=True)
class ItemSlip:
    """The guide to one item of a channel that is being printed, and what became of its paper."""

    channel: str
    section: str
    item: str


@dataclass(frozen=True)
class AboutChannel:
    """What a channel is, for whom and who is behind it."""

    channel: str


@dataclass(frozen=True)
class ManualPage:
    """The service manual of a channel, to be scanned and read on a phone."""

    channel: str


@dataclass(frozen=True)
class ManualSlip:
    """The code of a channel's service manual that is being printed, and what became of its paper."""

    channel: str


@dataclass(frozen=True)
class FormPage:
    """Who gets what is filled in, what for, and what happens next: before anything is asked."""

    form: str


@dataclass(frozen=True)
class Filling:
    """One field of a form. `writing`: none of the options fits, and words are written instead."""

    form: str
    field: str
    writing: bool = False


@dataclass(frozen=True)
class Checking:
    """All answers of a form, before it is sent."""

    form: str


@dataclass(frozen=True)
class Sent:
    """The request that was sent last, and what became of its paper."""


@dataclass(frozen=True)
class CodeAsked:
    """The code of a slip is typed in."""


@dataclass(frozen=True)
class RequestFound:
    """A request whose code was typed in or scanned, and what can be done about it."""


@dataclass(frozen=True)
class RecordPage:
    """The record of the project that the request is about whose code was given."""


@dataclass(frozen=True)
class RecordSlip:
    """The record of a project that is being printed, and what became of its paper."""


@dataclass(frozen=True)
class CallingOff:
    """Whether the request that was found is to be called off."""


@dataclass(frozen=True)
class SlotsPage:
    """The slots of a package or channel. `change`: for the appointment that was found, instead of a new one."""

    subject: str
    change: bool = False


@dataclass(frozen=True)
class SlotAsked:
    """Whether the slot at `position` of those that were shown is the right one."""

    subject: str
    position: int
    change: bool = False


@dataclass(frozen=True)
class Reserved:
    """The appointment that was booked or changed last, and what became of its paper."""


@dataclass(frozen=True)
class AppointmentFound:
    """An appointment whose code was typed in or scanned, and what can be done about it."""


@dataclass(frozen=True)
class CancellingAppointment:
    """Whether the appointment that was found is to be called off."""


@dataclass(frozen=True)
class Rating:
    """How the service with the public code `code` was; `answers` so far, by field."""

    code: str
    answers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Rated:
    """The rating is noted."""


@dataclass(frozen=True)
class Help:
    """What can be done on the page before, in the visitor's language, and which languages there are."""


@dataclass(frozen=True)
class About:
    """What the station is, whose figures it shows, and what it keeps."""


@dataclass(frozen=True)
class EndAsked:
    """The resident pressed 结束: end and erase, or go on."""


Place = (
    Home
    | Cycles
    | Packages
    | Search
    | PackagePage
    | Asking
    | NotForYou
    | ListPage
    | GroundAsked
    | Number
    | Slip
    | Found
    | Elsewhere
    | ElsewhereSlip
    | Channels
    | ChannelPage
    | SectionPage
    | ItemPage
    | ItemSlip
    | AboutChannel
    | ManualPage
    | ManualSlip
    | FormPage
    | Filling
    | Checking
    | Sent
    | CodeAsked
    | RequestFound
    | RecordPage
    | RecordSlip
    | CallingOff
    | SlotsPage
    | SlotAsked
    | Reserved
    | AppointmentFound
    | CancellingAppointment
    | Rating
    | Rated
    | Help
    | About
    | EndAsked
)


class Idle(StrEnum):
    """What the idle clock says."""

    ACTIVE = "active"
    WARNING = "warning"
    OVER = "over"


@dataclass
class Visit:
    """The state of one visit. `number` tells visits apart in the journal and names nobody."""

    number: int
    language: Language = Language.HANS
    trail: list[Place] = field(default_factory=lambda: [Home()])
    answers: dict[str, tuple[Answer, ...]] = field(default_factory=dict)
    ticket: int | None = None
    """Print job of the ticket that was taken last, for `desk.ticket`."""
    ground: str = ""
    """The ground for priority that was declared, by its id; numbers that are taken from then on have it."""
    forms: dict[str, dict[str, str]] = field(default_factory=dict)
    """The answers of each form that is being filled in."""
    given: dict[tuple[str, FieldKind], str] = field(default_factory=dict)
    """What was typed into any form, by field and kind: it is not asked again."""

    @property
    def place(self) -> Place:
        """Where the resident is."""
        return self.trail[-1]

    @property
    def before(self) -> Place:
        """Where the resident came from to get here; the first place has none before it but itself."""
        return self.trail[-2] if len(self.trail) > 1 else self.trail[-1]

    def go(self, place: Place) -> None:
        """Go on to `place`; 返回 leads back from it."""
        self.trail.append(place)

    def back(self) -> bool:
        """Go back one place; False at the first one."""
        if len(self.trail) == 1:
            return False
        self.trail.pop()
        return True

    def home(self) -> None:
        """Go to the first choice; the answers stay until the visit ends."""
        self.trail = [Home()]

    def search(self, words: str) -> None:
        """Keep what is typed on the search page, so that 返回 leads back to it."""
        self.trail[-1] = Search(words)

    def answer(self, package: str, question: int, answer: Answer) -> None:
        """Keep the answer to question number `question`; later answers of the package are asked again."""
        self.answers[package] = (*self.answers.get(package, ())[:question], answer)

    def fill(self, form: Form, answers: Mapping[str, str], onward: Place) -> None:
        """Keep the answers of a form and go `onward`; to the check page as it was left, if one came from there."""
        self.forms[form.id] = dict(answers)
        kinds = {one.id: one.kind for one in form.fields}
        self.given |= {(name, kinds[name]): value for name, value in answers.items() if value}
        if onward in self.trail:
            del self.trail[self.trail.index(onward) + 1 :]
        else:
            self.go(onward)


@dataclass
class IdleClock:
    """Decides from the last touch or key when to warn and when a visit is over. Times in seconds of a monotonic clock.

    WCAG 2.2.1: at least 20 s to answer the warning, and any number of extensions.
    """

    quiet: float
    answer: float
    last: float = 0.0

    def touched(self, now: float) -> None:
        """A key or touch: the visit goes on."""
        self.last = now

    def state(self, now: float) -> Idle:
        """Return where the idle clock stands at `now`."""
        if now - self.last < self.quiet:
            return Idle.ACTIVE
        return Idle.WARNING if self.left(now) > 0 else Idle.OVER

    def left(self, now: float) -> float:
        """Seconds until the visit is over."""
        return max(0.0, self.last + self.quiet + self.answer - now)
