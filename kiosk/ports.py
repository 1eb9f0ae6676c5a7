"""What the station asks of its devices: protocols, and the states they can be in. Their words stand in data/wording."""

from enum import StrEnum
from typing import Protocol

import msgspec

from kiosk.documents import Document


class Condition(StrEnum):
    """What is known of a printer. UNKNOWN and UNSUPPORTED are answers of their own and never mean that all is well."""

    READY = "ready"
    PAPER_LOW = "paper-low"
    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"
    CUTTER = "cutter"
    ERROR = "error"
    OFFLINE = "offline"
    NO_ANSWER = "no-answer"
    NOISE = "noise"  # bytes that no status has: wrong speed, cable, or not a printer
    NO_PORT = "no-port"
    NOT_CONFIGURED = "not-configured"
    UNSUPPORTED = "unsupported"
    UNKNOWN = "unknown"

    @property
    def can_print(self) -> bool:
        """Whether sending a job makes sense: nothing known speaks against it."""
        return self in {Condition.READY, Condition.PAPER_LOW, Condition.UNKNOWN, Condition.UNSUPPORTED}


class Reading(StrEnum):
    """What is known of one part of a device. Neither UNKNOWN nor UNSUPPORTED ever means that all is well."""

    FINE = "fine"
    LOW = "low"  # works, but not for long
    WAITING = "waiting"  # stands still and goes on by itself
    FAULT = "fault"
    UNKNOWN = "unknown"  # should tell, and did not
    UNSUPPORTED = "unsupported"  # this kind of device does not tell


class Part(StrEnum):
    """A part of a device that may tell how it is."""

    LINE = "line"  # the host's side: port, cable, speed
    COVER = "cover"
    PAPER = "paper"
    ROLL = "roll"  # how much of it is left
    CUTTER = "cutter"
    HEAD = "head"
    READER = "reader"


class State(msgspec.Struct, frozen=True):
    """How a device is: the one thing to tell first, and what is known of each of its parts."""

    condition: Condition
    readings: dict[Part, Reading] = {}


class Verdict(StrEnum):
    """How a check of a self-test ended."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    UNKNOWN = "unknown"
    UNSUPPORTED = "unsupported"


class Check(msgspec.Struct, frozen=True):
    """One check of a device's self-test: codes and values alone, the words stand in data/wording.

    `name` is a stable code such as `printer-cover`; `value` is what was found, cleaned, at most 80 characters.
    """

    name: str
    verdict: Verdict
    value: str = ""


class Device(Protocol):
    """What every device has: a state, a self-test, and an end. Every call ends in bounded time; none raises."""

    def state(self) -> State:
        """Ask the device how it is, part by part."""

    def self_test(self) -> tuple[Check, ...]:
        """Check all that can be checked without a person and without using anything up."""

    def close(self) -> None:
        """Give the port back."""


class Proof(StrEnum):
    """How it is known that a job is on paper, strongest first (reference: ESC/POS GS ( H fn 48, GS r)."""

    PROCESS_ID = "process-id"
    QUEUED_STATUS = "queued-status"
    NONE = "none"


class Result(StrEnum):
    """What became of a job that was given to the printer."""

    PRINTED = "printed"
    HELD = "held"  # known not to be (wholly) on paper; `condition` says why
    UNKNOWN = "unknown"


class Outcome(msgspec.Struct, frozen=True):
    """The end of one attempt to print.

    `started` tells whether any byte of the job may have reached the printer; `withdrawn`, that the printer has said to
    have dropped what it had not yet printed, so that the rest cannot come out later. `millimetres`: paper that the
    whole job takes, 0 if it did not start.
    """

    result: Result
    condition: Condition
    proof: Proof = Proof.NONE
    started: bool = True
    withdrawn: bool = False
    millimetres: int = 0


class Printer(Device, Protocol):
    """A receipt printer. Every call ends within a bounded time; none raises for a fault of the device."""

    def condition(self) -> Condition:
        """Ask the printer how it is: `state().condition`."""

    def print(self, document: Document, job: int) -> Outcome:
        """Print `document` and wait, within limits, for proof. `job`: the spooler's number of it, 0 to 9999."""

    def separate(self) -> Outcome:
        """Feed and cut, so that a fragment of an earlier job becomes a piece of its own."""


class Unread(StrEnum):
    """Why a code that was held to the scanner is not read. To the resident all are one: this code cannot be read."""

    TOO_LONG = "too-long"
    BROKEN_OFF = "broken-off"
    NO_TEXT = "no-text"  # control bytes, or bytes of no writing
    FOREIGN = "foreign"  # an address that is not ours, or nothing that we know


class Scan(msgspec.Struct, frozen=True):
    """A code that was held to the scanner: its cleaned `text`, or `unread` with the reason and no text at all."""

    text: str = ""
    unread: Unread | None = None


class Scanner(Device, Protocol):
    """A reader of QR codes. Every call ends within a bounded time; none raises for a fault of the device."""

    def read(self, seconds: float) -> Scan | None:
        """Wait for a code; None when none is held to it within `seconds`."""


class NoScanner:
    """Stands where a station has no scanner."""

    def read(self, seconds: float) -> Scan | None:
        """Nothing is ever read. Returns at once."""
        return None

    def state(self) -> State:
        """There is none."""
        return State(Condition.NOT_CONFIGURED)

    def self_test(self) -> tuple[Check, ...]:
        """Nothing to check."""
        return (Check("scanner-line", Verdict.UNSUPPORTED),)

    def close(self) -> None:
        """Nothing to give back."""


class Paper(Protocol):
    """What the demonstration shows beside the screens: the virtual printer's paper as rows of plain cells."""

    def rows(self) -> "tuple[PaperRow, ...]":
        """All that is on paper, oldest first."""

    @property
    def revision(self) -> int:
        """Grows whenever `rows` changes."""


class PaperRow(msgspec.Struct, frozen=True):
    """One row of paper as terminal cells. `kind` is text, cut or qr; `bold` counts for text alone."""

    text: str
    bold: bool = False
    kind: str = "text"


class NoPrinter:
    """Stands where a station has no printer: every job is held."""

    def condition(self) -> Condition:
        """There is none."""
        return Condition.NOT_CONFIGURED

    def state(self) -> State:
        """There is none."""
        return State(Condition.NOT_CONFIGURED)

    def self_test(self) -> tuple[Check, ...]:
        """Nothing to check."""
        return (Check("printer-line", Verdict.UNSUPPORTED),)

    def print(self, document: Document, job: int) -> Outcome:
        """Hold the job."""
        return Outcome(Result.HELD, Condition.NOT_CONFIGURED, started=False)

    def separate(self) -> Outcome:
        """Nothing to cut."""
        return Outcome(Result.HELD, Condition.NOT_CONFIGURED, started=False)

    def close(self) -> None:
        """Nothing to give back."""


class TypeSize(StrEnum):
    """How large everything on the screen is drawn."""

    NORMAL = "normal"
    LARGE = "large"


class Display(Protocol):
    """The terminal that the screens are shown in. Every call ends within a bounded time; none raises."""

    @property
    def sizes(self) -> tuple[TypeSize, ...]:
        """The type sizes that it offers now, NORMAL first. Answers at once."""

    def show(self, size: TypeSize) -> bool:
        """Draw everything in `size` and wait until the terminal has it; False, and the size as it was, if it cannot."""


class FixedDisplay:
    """A terminal with one type size."""

    @property
    def sizes(self) -> tuple[TypeSize, ...]:
        """The one that it has."""
        return (TypeSize.NORMAL,)

    def show(self, size: TypeSize) -> bool:
        """Nothing changes."""
        return size is TypeSize.NORMAL
