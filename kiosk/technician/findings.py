"""What a test of the station finds: codes and values alone. Their words stand in `symptoms`."""

from enum import StrEnum
from typing import Protocol

import msgspec


class Grade(StrEnum):
    """How bad it is. Neither UNKNOWN nor UNSUPPORTED ever means that all is well."""

    SEVERE = "severe"
    ATTENTION = "attention"
    UNKNOWN = "unknown"
    OK = "ok"
    UNSUPPORTED = "unsupported"


WORST_FIRST = tuple(Grade)


class Kind(StrEnum):
    """Who or what a test needs."""

    AUTOMATIC = "automatic"
    PERSON = "person"  # somebody says what was seen, heard or felt
    PAPER = "paper"  # uses paper up


class Finding(msgspec.Struct, frozen=True):
    """How one part of the station is.

    `test`: the code of the test that found it. `symptom`: a code of `symptoms`, empty when there is nothing to tell.
    `value`: what was measured, cleaned, without words of a language where that can be. `since`: when it was first found
    so, UTC milliseconds, 0 when that is not known.
    """

    test: str
    grade: Grade
    symptom: str = ""
    value: str = ""
    since: int = 0


class Test(Protocol):
    """One test. A new device adds one class beside its port, and one line where the command line registers it."""

    @property
    def name(self) -> str:
        """Its stable code."""

    @property
    def title(self) -> str:
        """What it tests, in Simplified Chinese, for `wording.say`."""

    @property
    def reason(self) -> str:
        """Why, in a Simplified sentence."""

    @property
    def kind(self) -> Kind:
        """Who or what it needs."""

    def run(self) -> Finding:
        """Test, in any thread. What can be foreseen does not raise; time is bounded by whoever runs it."""


def ordered(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Return `findings` with the worst first, and else as they were."""
    return tuple(sorted(findings, key=lambda one: WORST_FIRST.index(one.grade)))


def is_fault(finding: Finding) -> bool:
    """Whether this asks for a technician: what a station does not have is not missing."""
    return finding.grade not in {Grade.OK, Grade.UNSUPPORTED}


def is_well(findings: tuple[Finding, ...]) -> bool:
    """Whether nothing asks for a technician."""
    return not any(map(is_fault, findings))
