"""A slip of another station: its signed code is checked here with no line, and its number printed once more.

A part of `kiosk.desk` with the same manner. What is printed is what stands in the code, and no more is known here: not
the session, not whether its own station printed it. So it is marked as a reprint in any case, and the journal says so.
"""

import asyncio
import datetime
from collections.abc import Callable

import msgspec

from kiosk import slips
from kiosk.catalog.model import Release
from kiosk.clock import StationClock
from kiosk.hours import CHINA
from kiosk.journal.ledger import KnownKey, StationKeys
from kiosk.journal.store import Journal
from kiosk.journal.writer import JournalError, Writer
from kiosk.keys import SignedClaim, read_signed_link, verify
from kiosk.services import Refused
from kiosk.settings import Settings
from kiosk.text import NO_TEXT, Text
from kiosk.tickets import number
from kiosk.visit import Visit
from kiosk.wording import Wording

MOST = 2
"""Slips of one ticket that one station prints for another: one that was lost, and one that came out badly."""

AHEAD = datetime.timedelta(days=20)
"""A number is for a session at most so far ahead, over the longest holiday: a key signs for no later day than that."""


class OtherTicket(msgspec.Struct, frozen=True):
    """A ticket of another station, of which the signed code was shown. `day`: the service day."""

    signed: SignedClaim
    theme: Text
    over: bool

    @property
    def number(self) -> str:
        """The number."""
        claim = self.signed.claim
        return number(claim.theme, claim.station, claim.running)

    @property
    def code(self) -> str:
        """The public code, 16 digits."""
        return self.signed.claim.code

    @property
    def station(self) -> str:
        """The station that gave it out, two digits."""
        return self.signed.claim.station

    @property
    def day(self) -> datetime.date:
        """The service day."""
        return self.signed.claim.day


class Elsewhere:
    """Tickets of other stations as the screens see them."""

    def __init__(
        self,
        wording: Wording,
        settings: Settings,
        clock: StationClock,
        writer: Writer,
        added: Callable[[int, Visit], None],
        *,
        specimen: bool,
    ) -> None:
        """`added` is told each print job that a visit has made. `specimen`: slips say that they count for nothing."""
        self._wording = wording
        self._settings = settings
        self._clock = clock
        self._writer = writer
        self._added = added
        self._specimen = specimen

    def take_up(self, release: Release) -> None:
        """Use another catalogue from now on."""
        self._themes = {theme.letter: theme.name for theme in release.themes}

    async def ticket(self, text: str) -> OtherTicket | None:
        """Return the ticket of another station whose signed code was scanned as `text`; None for anything else.

        Raises Refused when it cannot be checked here, or is not genuine.
        """
        signed = read_signed_link(text)
        if signed is None or signed.claim.station == self._settings.station.number:
            return None
        try:
            known = await asyncio.wrap_future(
                self._writer.submit(lambda journal: journal.station_keys(signed.claim.station))
            )
        except JournalError as error:
            raise Refused("本机存储有问题，查不到。号码仍然有效。") from error
        if reason := _doubt(signed, known):
            raise Refused(reason)
        today = self._clock.now().local.date()
        return OtherTicket(signed, self._themes.get(signed.claim.theme, NO_TEXT), signed.claim.day < today)

    async def print(self, visit: Visit, ticket: OtherTicket) -> int:
        """Print the slip of another station's ticket, marked as a reprint; returns its print job. Raises Refused."""
        hosts, station = self._settings.qr.hosts, self._settings.station
        now = self._clock.now()
        document = slips.other_ticket(
            self._wording,
            visit.language,
            slips.OtherTicketFacts(
                number=ticket.number,
                theme=ticket.theme,
                day=ticket.day,
                issuer=ticket.station,
                station=station.number,
                station_name=station.name,
                hall=self._settings.hall.name,
                code=ticket.code,
                printed=now.local,
                qr=ticket.signed.link(hosts[0]) if hosts else None,
            ),
            specimen=self._specimen,
        )
        claim = ticket.signed.claim
        data: dict[str, str | int] = {
            "issuer": claim.station,
            "number": ticket.number,
            "day": claim.day.isoformat(),
            "epoch": f"{claim.epoch:08x}",
            "seq": claim.seq,
        }

        def write(journal: Journal) -> int | None:
            if journal.reprints.count(ticket.code) >= MOST:
                return None
            return journal.reprints.add(ticket.code, data, document, visit.number, now.ms)

        try:
            job = await asyncio.wrap_future(self._writer.submit(write))
        except JournalError as error:
            raise Refused("本机存储有问题，不能再打印。号码仍然有效。") from error
        if job is None:
            raise Refused("这张小票在本站补打过了，不能再打。号码仍然有效。")
        self._added(job, visit)
        return job


def _doubt(signed: SignedClaim, known: StationKeys) -> str:
    """Return why a code is not to be believed, as a sentence of data/wording; empty when its station signed it."""
    if known.revoked:
        return "发这个号的站已经停用，小票请到大厅窗口核对。"
    if not known.keys:
        return "这是别的站的小票，本站还核对不了。请到发号的站，或到大厅窗口。"
    if any(_signed_by(key, signed) for key in known.keys):
        return ""
    return "这个码核对不上，不能补打。请拿原来的小票到大厅窗口。"


def _signed_by(key: KnownKey, signed: SignedClaim) -> bool:
    if not verify(key.public, signed.message, signed.signature):
        return False
    if key.until is None:
        return True
    ended = datetime.datetime.fromtimestamp(key.until / 1000, CHINA).date()
    return signed.claim.day <= ended + AHEAD
