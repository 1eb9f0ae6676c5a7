"""What a page is made from. A page is built once from a scene and never reaches for more."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk.desk import (
    Booked,
    Desk,
    IssuedTicket,
    JobRecord,
    OpenSlot,
    OtherTicket,
    Problem,
    ProjectRecord,
    RequestState,
    SentRequest,
    Service,
    Text,
    TicketState,
)
from kiosk.ports import Paper
from kiosk.settings import Settings
from kiosk.text import Language, cells
from kiosk.visit import Place, Visit
from screens.frame import Frame
from screens.palette import Palette
from screens.shapes import traditional
from screens.widgets.pinyin_draft import Draft

MONTHS = ("1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月")
SHORT_WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
WEEKDAYS = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")


@dataclass
class Session:
    """One visit as the screens know it. Dropped as a whole when the visit ends, and with it all that was said.

    `job` is the slip that was asked for last, `refused` the Simplified sentence of a write that did not happen, `sheet`
    the sheet that is turned up on a page with several. `typed` and `drafts` hold what stands in a field and is not its
    answer yet, `problems` why it could not become one. `request` was sent last, `asked` is the one whose code was
    given, `record` that of its project, `tried` counts the codes that were typed in, `rated` are those whose service
    was rated. `other` is the ticket of another station that was scanned. `slots` were shown last, `booked` is the
    appointment that was booked last or whose code was given.
    """

    visit: Visit
    ticket: IssuedTicket | None = None
    job: JobRecord | None = None
    refused: str = ""
    sheet: int = 0
    paper: bool = False
    found: TicketState | None = None
    typed: dict[Place, str] = field(default_factory=dict)
    drafts: dict[Place, Draft] = field(default_factory=dict)
    problems: dict[Place, Problem] = field(default_factory=dict)
    request: SentRequest | None = None
    asked: RequestState | None = None
    record: ProjectRecord | None = None
    tried: int = 0
    rated: set[str] = field(default_factory=set)
    other: OtherTicket | None = None
    slots: tuple[OpenSlot, ...] = ()
    booked: Booked | None = None


@dataclass(frozen=True)
class Scene:
    """Desk, settings, room and colours; `language` is the visitor's, or the station's first before a visit.

    `mark()` is the sentence by which a demonstration is known; None at a station that is none.

    `paper` is what the demonstration shows beside the station in `paper_columns`, None where it does not. `type_word`
    is what 大字 does next, empty where the terminal has one type size. `demo_code` is the technician's code of the
    demonstration, empty elsewhere.
    """

    desk: Desk
    settings: Settings
    frame: Frame
    palette: Palette
    language: Language
    session: Session | None
    mark: Callable[[], str] | None
    paper: Paper | None = None
    paper_columns: int = 0
    type_word: str = ""
    demo_code: str = ""

    def say(self, sentence: str, /, **values: object) -> str:
        """Return the Simplified `sentence` in the visitor's language."""
        return self.desk.say(self.language, sentence, **values)

    def text(self, text: Text) -> str:
        """Return a text of the catalogue in the visitor's language."""
        return text.in_(self.language)

    def sentences(self, *parts: str) -> str:
        """Return sentences one behind the other, as the visitor's language does it."""
        return (" " if self.language is Language.EN else "").join(part for part in parts if part)

    def title(self, name: Text, short: Text, room: int) -> str:
        """Return `name`, or `short` where the name is wider than `room` cells."""
        whole = self.text(name)
        return whole if cells(whole) <= room or not short else self.text(short)

    def seal(self, character: str) -> str:
        """Return a seal's character in the visitor's script."""
        return traditional(character) if self.language is Language.HANT else character

    def day(self, date: datetime.date) -> str:
        """Return a date as `11月24日`."""
        return self.say("{month}{day}日", month=self.say(MONTHS[date.month - 1]), day=date.day)

    def date(self, date: datetime.date) -> str:
        """Return a date as `11月24日 星期二`."""
        return self.say("{date} {weekday}", date=self.day(date), weekday=self.say(WEEKDAYS[date.weekday()]))

    def session_words(self, service: Service) -> str:
        """Return a session as `11月24日 星期二 08:30-12:00`."""
        return f"{self.date(service.day)} {service.session.label}"

    @property
    def visit(self) -> Visit:
        """The visit; asking for it before one began is a mistake in the program."""
        return self.live.visit

    @property
    def live(self) -> Session:
        """The session of the visit."""
        if self.session is None:
            raise LookupError("no visit has begun")
        return self.session
