"""What an entry means for the center: pure, so that projections can be made anew from the entries at any time.

Kinds that are not known here, and newer formats, are no fault: they stay in the store as they came until a program
that knows them makes the projections anew.
"""

import base64
import binascii
from typing import Annotated, TypeVar

import msgspec

from kiosk.wire import places
from kiosk.wire.entries import Body, Unreadable, read_body
from kiosk.wire.requests import CANCELLED, MADE, RATED

T = TypeVar("T")

_NEWEST_FORMAT = 1
_OUTCOMES = {"paper.printed", "paper.held", "paper.unknown", "paper.abandoned"}
_NESTED = 8
"""Epochs that an entry may have been carried through; more cannot come from a station that works."""


Words = Annotated[str, msgspec.Meta(max_length=200, pattern=r"\A[^\x00]*\Z")]
"""Text of a length that can be a key in every database, without the one character that PostgreSQL cannot keep."""

Whole = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]

Answers = Annotated[dict[Words, Words], msgspec.Meta(max_length=64)]
"""Answers of a form by the ids of its fields."""


class TicketIssued(msgspec.Struct, frozen=True):
    """A number was given out. `priority`: a ground for it was declared; the entry may hold it, sealed."""

    number: Words
    code: Words
    theme: Words
    package: Words
    day: Words
    session: Words
    doubtful: bool
    job: Whole
    priority: bool = False


class PaperSettled(msgspec.Struct, frozen=True):
    """An attempt to print ended. `title`: the number on a ticket's slip, or the name of another document.

    `code`: the ticket's; empty for another document, and in entries of earlier programs.
    """

    job: Whole
    title: Words
    outcome: str
    code: Words = ""


class RequestMade(msgspec.Struct, frozen=True):
    """A resident asks for something. `answers`: the open ones by field; the personal ones stand sealed at the entry.

    `project`: code of the construction project that it is about, `matter`: which of that; empty for others.
    """

    code: Words
    form: Words
    version: Whole
    answers: Answers
    language: Words = ""
    doubtful: bool = False
    project: Words = ""
    matter: Words = ""


class RequestCancelled(msgspec.Struct, frozen=True):
    """The resident called the request with this code off, at whatever station."""

    code: Words


class RatingGiven(msgspec.Struct, frozen=True):
    """What has this code was rated, by the list of grades and reasons of `version`."""

    code: Words
    version: Whole
    answers: Answers


class PlaceBooked(msgspec.Struct, frozen=True):
    """A place of a loan was sold, or changed for this one. `turn`: how often the appointment was changed before."""

    code: Words
    loan: Words
    theme: Words
    day: Words
    session: Words
    turn: Whole = 0
    doubtful: bool = False


class AppointmentCancelled(msgspec.Struct, frozen=True):
    """The resident called the appointment with this code off."""

    code: Words


class PlacesReturned(msgspec.Struct, frozen=True):
    """A station gave back `places` of a loan, for good."""

    loan: Words
    places: Annotated[int, msgspec.Meta(gt=0, le=places.PLACES_LIMIT)]


class SlipReprinted(msgspec.Struct, frozen=True):
    """The slip of another station's ticket was printed: `issuer` gave it out, `count` slips of it were made so far."""

    issuer: Words
    code: Words
    number: Words
    day: Words
    count: Whole


class ReleaseRefused(msgspec.Struct, frozen=True):
    """The station did not take catalogue release `version`. `reason`: its own words, of any length."""

    version: Whole
    reason: str = ""


Plain = (
    TicketIssued
    | SlipReprinted
    | ReleaseRefused
    | PaperSettled
    | RequestMade
    | RequestCancelled
    | RatingGiven
    | PlaceBooked
    | AppointmentCancelled
    | PlacesReturned
)


class Recovered(msgspec.Struct, frozen=True):
    """The entry holds one of an earlier epoch, which means `fact` and was written at `time` (UTC ms)."""

    epoch: str
    seq: int
    time: int
    fact: Plain | None


Fact = Plain | Recovered


_KINDS: dict[
    str,
    type[
        TicketIssued
        | SlipReprinted
        | ReleaseRefused
        | RequestMade
        | RequestCancelled
        | RatingGiven
        | PlaceBooked
        | AppointmentCancelled
        | PlacesReturned
    ],
] = {
    "ticket.issued": TicketIssued,
    "ticket.reprinted-elsewhere": SlipReprinted,
    "catalog.refused": ReleaseRefused,
    MADE: RequestMade,
    CANCELLED: RequestCancelled,
    RATED: RatingGiven,
    places.BOOKED: PlaceBooked,
    places.CHANGED: PlaceBooked,
    places.CANCELLED: AppointmentCancelled,
    places.RETURNED: PlacesReturned,
}


class _Paper(msgspec.Struct, frozen=True):
    job: Whole
    title: Words
    code: Words = ""


class _Inner(msgspec.Struct, frozen=True):
    epoch: Words
    seq: Whole
    body: str


def fact(body: bytes, station: str, epoch: str, seq: int) -> tuple[int, Fact | None]:
    """Return when the entry with these bytes was written (UTC ms) and what it means, None when nothing for the center.

    Raises Unreadable when it cannot be understood, or says another station, epoch or number than it stands under.
    """
    said = read_body(body)
    if (said.station, said.epoch, said.seq) != (station, epoch, seq):
        raise Unreadable("says that it is another entry than the one it stands under")
    if said.v > _NEWEST_FORMAT:
        return 0, None
    if said.kind == "entry.recovered":
        return _time(said), _recovered(said)
    return _time(said), _plain(said)


def _plain(said: Body) -> Plain | None:
    if said.v > _NEWEST_FORMAT:
        return None
    if kind := _KINDS.get(said.kind):
        return _data(said, kind)
    if said.kind in _OUTCOMES:
        paper = _data(said, _Paper)
        return PaperSettled(paper.job, paper.title, said.kind.removeprefix("paper."), paper.code)
    return None


def _recovered(said: Body) -> Recovered:
    for _ in range(_NESTED):
        inner = _data(said, _Inner)
        try:
            original = read_body(base64.b64decode(inner.body, validate=True))
        except binascii.Error as error:
            raise Unreadable(f"holds an entry that is not base64: {error}") from None
        if original.kind != said.kind:
            return Recovered(inner.epoch, inner.seq, _time(original), _plain(original))
        said = original
    raise Unreadable("holds an entry that was recovered too often")


def _data(said: Body, kind: type[T]) -> T:
    try:
        return msgspec.convert(said.data, kind)
    except msgspec.ValidationError as error:
        raise Unreadable(f"{said.kind}: {error}") from None


def _time(said: Body) -> int:
    if not 0 <= said.time < 2**63:
        raise Unreadable("written at a time that cannot be")
    return said.time
