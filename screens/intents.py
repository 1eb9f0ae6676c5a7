"""What can be wanted: the values that choices and keys carry, and that the app carries out."""

from dataclasses import dataclass

from kiosk.desk import Answer
from kiosk.text import Language
from kiosk.visit import Place, SlotAsked
from screens.widgets.pinyin_draft import Draft


@dataclass(frozen=True)
class Begin:
    """Start a visit, in the station's first language unless another was chosen, at a channel if one was."""

    language: Language | None = None
    channel: str = ""


@dataclass(frozen=True)
class Go:
    """Go on to a place."""

    place: Place


@dataclass(frozen=True)
class Seek:
    """Keep the words that are typed on the search page. The page itself shows what they find."""

    words: str


@dataclass(frozen=True)
class Write:
    """Keep what is being written. The page itself shows it."""

    draft: Draft


@dataclass(frozen=True)
class Written:
    """Take what was written, cleaned and never empty, as the answer."""

    text: str


@dataclass(frozen=True)
class LeaveOut:
    """Leave out what is asked for: somebody will call."""


@dataclass(frozen=True)
class Type:
    """Keep the digits and letters that are typed into a field. The page itself shows them."""

    typed: str


@dataclass(frozen=True)
class StartForm:
    """Begin a form, about an item of its channel if one is named."""

    form: str
    section: str = ""
    item: str = ""


@dataclass(frozen=True)
class Onward:
    """Go on to the first field of a form that has no answer, or to the check of all answers."""

    form: str


@dataclass(frozen=True)
class Fill:
    """Give what was chosen or typed as the answer to a field of a form."""

    form: str
    field: str
    value: str


@dataclass(frozen=True)
class Send:
    """Send a form that has been checked."""

    form: str


@dataclass(frozen=True)
class FindCode:
    """Look up the code of a slip."""

    code: str


@dataclass(frozen=True)
class OpenRecord:
    """Look up the record of the project that the request is about whose code was given."""


@dataclass(frozen=True)
class PrintRecord:
    """Print the record of the project."""


@dataclass(frozen=True)
class CallOff:
    """Call off the request that was found."""


@dataclass(frozen=True)
class SeeSlots:
    """Look which slots of a package or channel have a place here. `change`: for the appointment that was found."""

    subject: str
    change: bool = False


@dataclass(frozen=True)
class Book:
    """Book the slot that was asked about, or change the appointment that was found to it."""

    asked: SlotAsked


@dataclass(frozen=True)
class CancelAppointment:
    """Call off the appointment that was found."""


@dataclass(frozen=True)
class Rate:
    """Note how the service with the public code `code` was rated, by field."""

    code: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Reply:
    """Answer question number `question` of a package."""

    package: str
    question: int
    answer: Answer


@dataclass(frozen=True)
class Declare:
    """Declare a ground for priority by its id, none with an empty one."""

    ground: str


@dataclass(frozen=True)
class TakeNumber:
    """Take a queue number for a package, printed with its checklist if the questions are answered, or for a channel."""

    subject: str


@dataclass(frozen=True)
class PrintGuide:
    """Print the checklist without a number."""

    package: str


@dataclass(frozen=True)
class PrintItem:
    """Print the guide to one item of a channel."""

    channel: str
    section: str
    item: str


@dataclass(frozen=True)
class PrintManual:
    """Print the code of a channel's service manual."""

    channel: str


@dataclass(frozen=True)
class PrintElsewhere:
    """Print the slip of another station's ticket that was scanned."""


@dataclass(frozen=True)
class PrintAgain:
    """Try the slip that did not come out once more."""


@dataclass(frozen=True)
class AskSlip:
    """Print the slip of the ticket that was scanned."""


@dataclass(frozen=True)
class TurnSheet:
    """Show sheet number `sheet` of the page that one is on."""

    sheet: int


@dataclass(frozen=True)
class Back:
    """Go back one place."""


@dataclass(frozen=True)
class GoHome:
    """Go to the first choice."""


@dataclass(frozen=True)
class SwitchLanguage:
    """Show the same place in `language`, None for the next one."""

    language: Language | None = None


@dataclass(frozen=True)
class SwitchType:
    """Show the same place in larger type, then in high contrast as well, then as it was."""


@dataclass(frozen=True)
class AskHelp:
    """Ask what can be done on this page."""


@dataclass(frozen=True)
class AskEnd:
    """Ask whether to end the visit."""


@dataclass(frozen=True)
class End:
    """End the visit and erase it."""


@dataclass(frozen=True)
class Leave:
    """The paper is taken, or nobody is there: show the welcome page."""


@dataclass(frozen=True)
class Stay:
    """Go on with the visit: from the idle warning, or from the paper that covers the screen."""


class Task:
    """What a technician wants; the values stand in `screens.technician.tasks`."""


Intent = (
    Begin
    | Go
    | Seek
    | Write
    | Written
    | LeaveOut
    | Type
    | StartForm
    | Onward
    | Fill
    | Send
    | FindCode
    | OpenRecord
    | PrintRecord
    | CallOff
    | SeeSlots
    | Book
    | CancelAppointment
    | Rate
    | Reply
    | Declare
    | TakeNumber
    | PrintGuide
    | PrintItem
    | PrintManual
    | PrintAgain
    | AskSlip
    | PrintElsewhere
    | TurnSheet
    | Back
    | GoHome
    | SwitchLanguage
    | SwitchType
    | AskHelp
    | AskEnd
    | End
    | Leave
    | Stay
    | Task
)
