"""What an entry means for the center: pure, so that projections can be made anew from the entries at any time.

Kinds that are not known here, and newer formats, are no fault: they stay in the store as they came until a program
that knows them makes the projections anew.
"""

import base64
import binascii
from typing import TypeVar

import msgspec

from kiosk.wire.entries import Body, Unreadable, read_body

T = TypeVar("T")

_NEWEST_FORMAT = 1
_OUTCOMES = {"paper.printed", "paper.held", "paper.unknown", "paper.abandoned"}
_NESTED = 8
"""Epochs that an entry may have been carried through; more cannot come from a station that works."""


class TicketIssued(msgspec.Struct, frozen=True):
    """A number was given out."""

    number: str
    code: str
    theme: str
    package: str
    day: str
    session: str
    doubtful: bool
    job: int


class PaperSettled(msgspec.Struct, frozen=True):
    """An attempt to print ended. `title`: the number on a ticket's slip, or the name of another document."""

    job: int
    title: str
    outcome: str


class Recovered(msgspec.Struct, frozen=True):
    """The entry holds one of an earlier epoch, which means `fact` and was written at `time` (UTC ms)."""

    epoch: str
    seq: int
    time: int
    fact: "TicketIssued | PaperSettled | None"


Fact = TicketIssued | PaperSettled | Recovered


class _Paper(msgspec.Struct, frozen=True):
    job: int
    title: str


class _Inner(msgspec.Struct, frozen=True):
    epoch: str
    seq: int
    body: str


def fact(body: bytes, station: str, epoch: str, seq: int) -> tuple[Body, Fact | None]:
    """Return what the entry with these bytes says and means, None when that is nothing for the center.

    Raises Unreadable when it cannot be understood, or says another station, epoch or number than it stands under.
    """
    said = read_body(body)
    if (said.station, said.epoch, said.seq) != (station, epoch, seq):
        raise Unreadable("says that it is another entry than the one it stands under")
    if said.v > _NEWEST_FORMAT:
        return said, None
    if said.kind == "entry.recovered":
        return said, _recovered(said)
    return said, _plain(said)


def _plain(said: Body) -> TicketIssued | PaperSettled | None:
    if said.v > _NEWEST_FORMAT:
        return None
    if said.kind == "ticket.issued":
        return _data(said, TicketIssued)
    if said.kind in _OUTCOMES:
        paper = _data(said, _Paper)
        return PaperSettled(paper.job, paper.title, said.kind.removeprefix("paper."))
    return None


def _recovered(said: Body) -> Recovered:
    for _ in range(_NESTED):
        inner = _data(said, _Inner)
        try:
            original = read_body(base64.b64decode(inner.body, validate=True))
        except binascii.Error as error:
            raise Unreadable(f"holds an entry that is not base64: {error}") from None
        if original.kind != said.kind:
            return Recovered(inner.epoch, inner.seq, original.time, _plain(original))
        said = original
    raise Unreadable("holds an entry that was recovered too often")


def _data(said: Body, kind: type[T]) -> T:
    try:
        return msgspec.convert(said.data, kind)
    except msgspec.ValidationError as error:
        raise Unreadable(f"{said.kind}: {error}") from None
