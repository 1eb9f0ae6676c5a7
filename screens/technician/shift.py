"""A technician's stay as the screens know it: where, and what was found there. Dropped as a whole when it ends."""

from dataclasses import dataclass, field

from kiosk.desk import JobRecord
from kiosk.technician.archive import RecordView
from kiosk.technician.carrying import Folder
from kiosk.technician.door import Door
from kiosk.technician.entrance import Entry
from kiosk.technician.findings import Finding
from kiosk.technician.line_work import LineView
from kiosk.technician.origins import SettingsView
from kiosk.technician.paper_work import PaperView
from kiosk.text import Language
from screens.intents import Task
from screens.technician.tasks import Browse, Cargo


@dataclass(frozen=True)
class CodeWanted:
    """A code is asked for. `entry`: what became of the last one; `until`: nothing is tried before (monotonic s)."""

    entry: Entry | None = None
    until: float = 0.0


@dataclass(frozen=True)
class AtOverview:
    """The overview, which the station keeps up to date by itself."""


@dataclass(frozen=True)
class AtTests:
    """The list of tests."""


@dataclass(frozen=True)
class Running:
    """All tests run, of which so many have ended."""

    total: int
    done: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Tested:
    """Tests have ended, the worst first. `slip`: what became of the printed report, None where there is none."""

    findings: tuple[Finding, ...]
    slip: JobRecord | None = None


@dataclass(frozen=True)
class PersonAsked:
    """A person is to say how a test ended."""

    test: str


@dataclass(frozen=True)
class AtPaper:
    """The paper."""

    view: PaperView


@dataclass(frozen=True)
class RollWanted:
    """How long is the new roll?"""


@dataclass(frozen=True)
class AtSlip:
    """A slip that did not come out."""

    record: JobRecord


@dataclass(frozen=True)
class ReasonWanted:
    """Why is a slip to be printed again, or given up?"""

    job: int
    title: str
    again: bool


@dataclass(frozen=True)
class AtRecord:
    """A page of the record, and what it shows."""

    view: RecordView
    shown: Browse


@dataclass(frozen=True)
class FilterWanted:
    """What kind of entries?"""

    searched: str


@dataclass(frozen=True)
class DigitsWanted:
    """Which digits must an entry hold?"""

    filter: int


@dataclass(frozen=True)
class FolderWanted:
    """Where is a file to be written?"""

    cargo: Cargo
    folders: tuple[Folder, ...]


@dataclass(frozen=True)
class AtLine:
    """The line."""

    view: LineView


@dataclass(frozen=True)
class AtSettings:
    """The settings."""

    view: SettingsView


@dataclass(frozen=True)
class AtRehearsal:
    """The faults to practise with."""


@dataclass(frozen=True)
class Told:
    """Something was done, or could not be: Simplified sentences with the values in them."""

    sentences: tuple[str, ...]
    values: dict[str, str | int] = field(default_factory=dict)
    well: bool = True


Spot = (
    CodeWanted
    | AtOverview
    | AtTests
    | Running
    | Tested
    | PersonAsked
    | AtPaper
    | RollWanted
    | AtSlip
    | ReasonWanted
    | AtRecord
    | FilterWanted
    | DigitsWanted
    | FolderWanted
    | AtLine
    | AtSettings
    | AtRehearsal
    | Told
)


@dataclass
class Shift:
    """The stay. `trail`: the tasks that led here, each of which opens its place anew on the way back."""

    door: Door
    language: Language
    spot: Spot = field(default_factory=CodeWanted)
    trail: list[Task] = field(default_factory=list)
    sheet: int = 0
    typed: str = ""
