"""What a resident has from before, known again by its code: the ticket of a slip, the list of a guide.

A part of `kiosk.desk` with the same manner: what is looked up in the journal is awaited.
"""

import asyncio
import datetime
from collections.abc import Callable

import msgspec

from kiosk.catalog.guide import read_guide_code, read_manual_code
from kiosk.catalog.model import Answer, Channel, Package, Release
from kiosk.clock import StationClock
from kiosk.hours import Service
from kiosk.journal.jobs import JobRecord, JobState
from kiosk.journal.store import Journal
from kiosk.journal.writer import JournalError, Writer
from kiosk.keys import StationKey, read_short_link, read_ticket_link, verify
from kiosk.services import Refused
from kiosk.settings import Settings
from kiosk.text import Text
from kiosk.tickets import Ticket


class IssuedTicket(msgspec.Struct, frozen=True):
    """A ticket as the resident sees it. `link`: the short address of its page, None when no host is set.

    `certain`: the date of its session can be relied on. `repeated`: a second touch, which gave the same ticket.
    `priority`: a ground for it was declared.
    """

    number: str
    code: str
    theme: Text
    package: str
    service: Service
    certain: bool
    issued: datetime.datetime
    job: int
    link: str | None
    repeated: bool
    priority: bool = False


class TicketState(msgspec.Struct, frozen=True):
    """A ticket of this station that somebody asks after, and its slip.

    `slip` is HELD only where nothing of it was ever sent. `over`: its session has ended. `can_print`: the slip is not
    known to have come out, and may still be printed. `rated`: the service was rated by its code before.
    """

    ticket: IssuedTicket
    slip: JobState
    over: bool
    can_print: bool
    rated: bool


class Scanned:
    """What codes that are scanned, or typed from a slip, belong to."""

    def __init__(
        self,
        settings: Settings,
        clock: StationClock,
        writer: Writer,
        key: Callable[[], StationKey],
        issued: Callable[[Ticket, int], IssuedTicket],
    ) -> None:
        """`key()` gives the station's key, in the writer's thread; `issued` shows a ticket and its print job."""
        self._settings = settings
        self._clock = clock
        self._writer = writer
        self._key = key
        self._issued = issued

    def take_up(self, release: Release) -> None:
        """Use another catalogue from now on."""
        self._packages = release.packages
        self._channels = release.channels

    async def ticket(self, text: str) -> TicketState | None:
        """Return the ticket on the slip of this station whose code was scanned as `text`; None for anything else.

        Raises Refused when the disk does not tell.
        """

        def find(journal: Journal) -> tuple[Ticket, JobRecord, bool] | None:
            code = read_short_link(text, self._settings.qr.hosts)
            if code is None:
                own = self._settings.station.number
                # Slips of before a renewal stay good; the center told this station its own keys as well.
                keys = {self._key().public, *(known.public for known in journal.station_keys(own).keys)}
                claim = read_ticket_link(
                    text,
                    lambda station, message, mark: (
                        station == int(own) and any(verify(public, message, mark) for public in keys)
                    ),
                )
                code = claim.code if claim else None
            issued = journal.ticket(code) if code else None
            return (*issued, journal.requests.rated(issued[0].code)) if issued else None

        try:
            found = await asyncio.wrap_future(self._writer.submit(find))
        except JournalError as error:
            raise Refused("本机存储有问题，查不到。号码仍然有效。") from error
        if found is None:
            return None
        ticket, record, rated = found
        over = self._clock.now().ms >= ticket.closes
        waiting = record.state in {JobState.HELD, JobState.UNKNOWN}
        # What stopped in the middle may have been finished by the printer since, before the station saw it.
        slip = JobState.UNKNOWN if record.state is JobState.HELD and record.copies else record.state
        return TicketState(self._issued(ticket, record.id), slip, over, waiting and not over, rated)

    def guide(self, text: str) -> tuple[Package, tuple[Answer, ...]] | None:
        """Return the package and answers of one of our guides whose code was scanned as `text`; None otherwise."""
        try:
            package, answers, _ = read_guide_code(self._packages, self._behind_g(text))
        except ValueError:
            return None
        return package, answers

    def manual(self, text: str) -> Channel | None:
        """Return the channel of one of our service manuals whose code was scanned as `text`; None otherwise."""
        try:
            return read_manual_code(self._channels, self._behind_g(text))[0]
        except ValueError:
            return None

    def _behind_g(self, text: str) -> str:
        """Return what stands behind `/G/` in a link to one of our hosts, "" for anything else."""
        parts = text.split("/")
        known = {host.upper() for host in self._settings.qr.hosts}
        if len(parts) != 5 or parts[2].upper() not in known or parts[3].upper() != "G":
            return ""
        return parts[4].upper()
