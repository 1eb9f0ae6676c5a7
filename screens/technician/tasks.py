"""What a technician can want: the values that choices and keys carry, and that the room carries out."""

from dataclasses import dataclass
from enum import Enum, auto

from kiosk.technician.carrying import Folder
from screens.intents import Task

ENTRIES = 6
"""Entries of the record that are looked at at a time."""


class Area(Enum):
    """The pages that lead to all others."""

    OVERVIEW = auto()
    TESTS = auto()
    PAPER = auto()
    LINE = auto()
    SETTINGS = auto()
    REHEARSAL = auto()


class Cargo(Enum):
    """What is carried away in a file."""

    RECORD = auto()
    BUNDLE = auto()


@dataclass(frozen=True)
class Enter(Task):
    """Try a code."""

    code: str


@dataclass(frozen=True)
class Open(Task):
    """Go to an area."""

    area: Area


@dataclass(frozen=True)
class RunTest(Task):
    """Run one test; one that needs a person prints what it has to print, and asks."""

    name: str


@dataclass(frozen=True)
class RunAll(Task):
    """Run every test that needs nobody, and print the report."""


@dataclass(frozen=True)
class Answer(Task):
    """Say how a test ended that only a person can judge."""

    name: str
    well: bool


@dataclass(frozen=True)
class AskRoll(Task):
    """Ask how long the new roll is."""


@dataclass(frozen=True)
class ChangeRoll(Task):
    """A roll of so many metres, as it was typed, is in."""

    metres: str


@dataclass(frozen=True)
class JamCleared(Task):
    """The paper that had jammed is out."""


@dataclass(frozen=True)
class OpenSlip(Task):
    """Look at a slip that did not come out."""

    job: int


@dataclass(frozen=True)
class AskReason(Task):
    """Ask why a slip is to be printed again, or given up."""

    job: int
    title: str
    again: bool


@dataclass(frozen=True)
class Reprint(Task):
    """Print a slip again."""

    job: int
    reason: str


@dataclass(frozen=True)
class Abandon(Task):
    """Give a slip up."""

    job: int
    reason: str


@dataclass(frozen=True)
class Browse(Task):
    """Look at the entries of filter number `filter` whose data holds `searched`, behind the first `skip`."""

    filter: int = 0
    searched: str = ""
    skip: int = 0


@dataclass(frozen=True)
class AskSearch(Task):
    """Ask for the digits that entries of that filter must hold."""

    filter: int


@dataclass(frozen=True)
class AskFilter(Task):
    """Ask what kind of entries to look at; `searched` stays."""

    searched: str


@dataclass(frozen=True)
class PrintRecord(Task):
    """Print the newest entries that are looked at, in short."""

    filter: int
    searched: str


@dataclass(frozen=True)
class AskFolder(Task):
    """Ask where a file is to be written."""

    cargo: Cargo


@dataclass(frozen=True)
class Carry(Task):
    """Write the file."""

    cargo: Cargo
    folder: Folder


@dataclass(frozen=True)
class Pause(Task):
    """Let the line rest, or go on."""

    wanted: bool


@dataclass(frozen=True)
class HurryLine(Task):
    """Exchange with the center now."""


@dataclass(frozen=True)
class Toggle(Task):
    """Let a fault happen, or take it away."""

    fault: str
