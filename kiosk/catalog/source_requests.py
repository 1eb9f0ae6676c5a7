"""What belongs into the files of data/requests/, one for each kind. See `kiosk.catalog.source` for the manner."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from kiosk.catalog.schema import EMPTY, Between, Count, Defines, Pair, Pattern, Record, RefersTo, Shown
from kiosk.catalog.source import IDENTIFIER, OWNER, WHY, MayBeEmpty, Name, Names, Source
from kiosk.forms import FieldKind

REQUEST = "request"

QUESTION = (56, 72)
"""A question in the heading at 80x22."""
ANSWER_LABEL = (16, 22)
"""What stands before an answer on the check page and on paper of 58 mm."""
REQUEST_NAME, REQUEST_GLOSS = (28, 31), (24, 26)

_LIST = Pattern("|areas|communities|[a-z0-9_-]+[.][a-z_]+", "areas, communities, or a channel and one of its tables")


class HalfDayPart(StrEnum):
    """Which halves of a day are offered."""

    BOTH = "both"
    MORNING = "am"
    AFTERNOON = "pm"


@dataclass(frozen=True, kw_only=True)
class FormOptionSource(Record):
    """`[[field.option]]`."""

    id: Annotated[str, IDENTIFIER]
    name: Name


@dataclass(frozen=True, kw_only=True)
class FieldSource(Record):
    """`[[field]]`: one question. A choice has options of its own or takes them from a list of the catalogue."""

    id: Annotated[str, IDENTIFIER]
    kind: FieldKind
    question: Annotated[Pair, Shown(QUESTION)]
    label: Annotated[Pair, Shown(ANSWER_LABEL)]
    why: Annotated[Pair, Shown(WHY, blank=True)] = EMPTY
    optional: bool = False
    personal: bool = False
    list: Annotated[str, _LIST] = ""
    option: Annotated[tuple[FormOptionSource, ...], Count(2, 60)] = ()
    within: str = ""
    when: str = ""
    when_is: tuple[str, ...] = ()
    other: bool = False
    low: Annotated[int, Between(0, 999_999)] = 0
    high: Annotated[int, Between(0, 999_999)] = 0
    longest: Annotated[int, Between(0, 80)] = 0
    ahead: Annotated[int, Between(0, 20)] = 0
    weekdays: Annotated[tuple[int, ...], Between(1, 7), Count(0, 7)] = ()
    part: HalfDayPart = HalfDayPart.BOTH


@dataclass(frozen=True, kw_only=True)
class RequestTable(Record):
    """`[request]`. `place` orders the requests of a channel; `channel` is empty for what belongs to none.

    `large_print` makes its slip one of large type.
    """

    id: Annotated[str, IDENTIFIER, Defines(REQUEST)]
    channel: Annotated[str, RefersTo(OWNER, blank=True)]
    place: Annotated[int, Between(1, 9)]
    version: Annotated[int, Between(1, 9999)]
    name: Annotated[Pair, Shown(REQUEST_NAME)]
    gloss: Annotated[Pair, Shown(REQUEST_GLOSS, blank=True)]
    purpose: MayBeEmpty
    next: Names
    cancellable: bool
    large_print: bool = False
    source: Source


@dataclass(frozen=True, kw_only=True)
class RequestSource(Record):
    """A file of requests/."""

    request: RequestTable
    field: Annotated[tuple[FieldSource, ...], Count(1, 12)]
