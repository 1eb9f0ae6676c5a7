"""The one door for the screens: everything that a resident can do, one method each.

Reads answer at once from memory. Writes are awaited and end after the commit; what is on the screen then is on disk.
"""

import asyncio
import datetime
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

import msgspec

from kiosk import hours, slips
from kiosk.attempts import Attempts
from kiosk.booking import Booked, Booking, OpenSlot
from kiosk.catalog import search
from kiosk.catalog.guide import guide_code, merge
from kiosk.catalog.model import (
    PLACE,
    UNSURE,
    WAY,
    Answer,
    Channel,
    Checklist,
    Cycle,
    Direction,
    Group,
    Item,
    Material,
    MaterialKind,
    Matter,
    Option,
    Package,
    Question,
    Release,
    Section,
    Theme,
    trips_words,
)
from kiosk.catalog.search import ChannelHit, Hit
from kiosk.clock import Moment, StationClock
from kiosk.documents import Document
from kiosk.elsewhere import Elsewhere, OtherTicket
from kiosk.forms import OTHER, Field, FieldKind, Form, HalfDay, Problem
from kiosk.hours import Service
from kiosk.journal.jobs import By, JobRecord, JobState
from kiosk.journal.ticket_rows import Request
from kiosk.journal.writer import JournalError, Writer
from kiosk.keys import Claim, StationKey, ticket_link
from kiosk.ports import Condition
from kiosk.progress import Progress, RequestState
from kiosk.project_records import ProjectRecord
from kiosk.requesting import Requesting, SentRequest
from kiosk.scanned import IssuedTicket, Scanned, TicketState
from kiosk.services import Availability, Refused, Services, printing
from kiosk.settings import Settings
from kiosk.spooler import Added, SpoolerThread, VisitOver
from kiosk.text import NO_TEXT, Language, Text
from kiosk.tickets import GROUND_PURPOSE, Declared, Ground, Ticket, grouped
from kiosk.turns import Turn, Turns
from kiosk.visit import Visit
from kiosk.watched_jobs import WatchedJobs
from kiosk.wording import Wording

__all__ = [
    "OTHER",
    "PLACE",
    "UNSURE",
    "WAY",
    "Answer",
    "Availability",
    "Booked",
    "Channel",
    "ChannelHit",
    "Checklist",
    "Condition",
    "Cycle",
    "Desk",
    "Direction",
    "Field",
    "FieldKind",
    "Form",
    "Ground",
    "Group",
    "HalfDay",
    "Hit",
    "IssuedTicket",
    "Item",
    "JobRecord",
    "JobState",
    "Material",
    "MaterialKind",
    "Matter",
    "OpenSlot",
    "Option",
    "OtherTicket",
    "Package",
    "Problem",
    "ProjectRecord",
    "Question",
    "Refused",
    "RequestState",
    "Section",
    "SentRequest",
    "Service",
    "Services",
    "Text",
    "TicketState",
    "Turn",
    "grouped",
    "printing",
    "trips_words",
]

PROBE_S = 2.0
"""Seconds between two looks whether the disk, which refused a write, takes one again."""


class Desk:
    """What the screens may ask and do. Reads are safe from any thread; writes belong to an asyncio loop."""

    def __init__(
        self,
        release: Release,
        wording: Wording,
        settings: Settings,
        clock: StationClock,
        writer: Writer,
        key: Callable[[], StationKey],
        *,
        sealing_key: Callable[[], bytes | None] = lambda: None,
        specimen: bool = False,
    ) -> None:
        """`key()` gives the station's key; it is asked for in the writer's thread alone. So is `sealing_key()`, the
        center's public key for personal data, None before enrolment.

        `specimen`: slips say that they count for nothing (the demonstration).
        """
        self._specimen = specimen
        self._wording = wording
        self._settings = settings
        self._clock = clock
        self._writer = writer
        self._key = key
        self._renewed: Release | None = None
        self.turns = Turns(clock.uptime)
        self.scanned = Scanned(settings, clock, writer, key, self._issued)
        self.requests = Requesting(wording, settings, clock, writer, sealing_key, self._added, specimen=specimen)
        self.progress = Progress(wording, settings, clock, writer, self.requests.print_document, specimen=specimen)
        self.elsewhere = Elsewhere(wording, settings, clock, writer, self._added, specimen=specimen)
        self.appointments = Booking(
            wording,
            settings,
            clock,
            writer,
            lambda: bool(settings.center.url) and self.requests.can_seal,
            self._added,
            specimen=specimen,
        )
        self.attempts = Attempts(time.monotonic)
        self._take_up(release)
        self._spooler: SpoolerThread | None = None
        self._refused = False
        self._probed = 0.0
        self._lock = threading.Lock()
        self._jobs = WatchedJobs()

    def _take_up(self, release: Release) -> None:
        self._release = release
        self.scanned.take_up(release)
        self.requests.take_up(release)
        self.progress.take_up(release)
        self.elsewhere.take_up(release)
        self.appointments.take_up(release)
        self._hall = release.hall
        self._cycles = release.cycles
        self._cycle = {cycle.id: cycle for cycle in release.cycles}
        self._package = {package.id: package for package in release.packages}
        self._materials = {material.id: material for material in release.materials}
        # Of an older ticket the package may be gone from the catalogue; a letter is never given to another theme.
        self._queues = {theme.letter: theme.name for theme in release.themes}
        self._themes = {theme.of: theme for theme in release.themes}

    def renew(self, release: Release) -> None:
        """Use another catalogue from the next visit on; may come from any thread."""
        with self._lock:
            self._renewed = release

    @property
    def languages(self) -> tuple[Language, ...]:
        """The languages on offer, the first for a fresh visit."""
        return self._settings.languages.offered

    def use(self, spooler: SpoolerThread | None) -> None:
        """Learn of the spooler, which needs the desk's `job_changed` and so is made after it."""
        self._spooler = spooler

    def say(self, language: Language, sentence: str, /, **values: object) -> str:
        """Return the Simplified `sentence` in `language`, with `values` filled in."""
        return self._wording.say(language, sentence, **values)

    def now(self) -> datetime.datetime:
        """The station's time in China's zone."""
        return self._clock.now().local

    @property
    def clock_doubtful(self) -> bool:
        """Whether the clock is not to be trusted."""
        return self._clock.now().doubtful

    @property
    def number(self) -> str:
        """The station's two digits."""
        return self._settings.station.number

    @property
    def name(self) -> Text:
        """The station's name."""
        return self._settings.station.name

    @property
    def hall(self) -> Text:
        """The hall's name."""
        return self._settings.hall.name

    def services(self) -> Services:
        """What works right now, as far as is known. No numbers from a refused write to the next that is taken."""
        numbers = Availability(True)
        if self._refused or self._writer.full:
            self._probe()
            numbers = Availability(False, "本机存储有问题，暂时不能取号")
        condition = self._spooler.condition if self._spooler else Condition.UNKNOWN
        return Services(Availability(True), numbers, printing(condition))

    @property
    def has_links(self) -> bool:
        """Whether there are QR codes to scan: no host, no code."""
        return self._host() is not None

    @property
    def has_printer(self) -> bool:
        """Whether there is a printer at all, in whatever condition."""
        return self._spooler is None or self._spooler.condition is not Condition.NOT_CONFIGURED

    @property
    def catalog_built(self) -> datetime.date:
        """The day on which the catalogue was put together."""
        return self._release.built

    def cycles(self, direction: Direction) -> tuple[Cycle, ...]:
        """The cycles of one direction, in order."""
        return tuple(cycle for cycle in self._cycles if cycle.direction is direction)

    def cycle(self, cycle: str) -> Cycle:
        """One cycle by its id. Raises KeyError."""
        return self._cycle[cycle]

    def packages(self, cycle: str) -> tuple[Package, ...]:
        """The packages of one cycle, in order."""
        return tuple(self._package[one] for one in self._cycle[cycle].packages)

    def package(self, package: str) -> Package:
        """One package by its id. Raises KeyError."""
        return self._package[package]

    def find(self, words: str) -> tuple[Hit | ChannelHit, ...]:
        """The packages and what of the channels `words` find, best first; hanzi, pinyin, initials or English."""
        found: list[Hit | ChannelHit] = list(search.search(self._release, words))
        found += search.search_channels(self._release, words)
        return tuple(sorted(found, key=lambda hit: -hit.score)[: search.MOST_HITS])

    def nearest(self, words: str) -> tuple[Hit, ...]:
        """The three packages nearest to `words` that find nothing."""
        return search.nearest(self._release, words)

    def theme(self, subject: str) -> Theme:
        """The queue theme that a package or a channel leads to."""
        package = self._package.get(subject)
        return self._themes[package.cycle if package else subject]

    def checklist(self, package: str, answers: tuple[Answer, ...]) -> Checklist:
        """What to bring for a package with these answers, one for each question asked before the last given."""
        return merge(self._package[package], self._materials, answers)

    def service(self) -> Service:
        """The session that a number taken now is for.

        Not certain when clock or calendar are not, or when the hall's hours are only samples.
        """
        return self._service(self._clock.now())

    def guide_link(self, package: str, answers: tuple[Answer, ...], language: Language) -> str | None:
        """The address of the very checklist, for the phone; None when no host is set."""
        host = self._host()
        return f"https://{host}/G/{guide_code(self._package[package], answers, language)}" if host else None

    def begin(self, language: Language) -> Visit:
        """Start a visit, with the newest catalogue."""
        with self._lock:
            renewed, self._renewed = self._renewed, None
        if renewed is not None:
            self._take_up(renewed)
        self.requests.begin()
        return Visit(number=secrets.randbelow(2**53), language=language)

    def end(self, visit: Visit) -> None:
        """End a visit: nothing of it is printed by itself any more, and its lists are erased."""
        number = visit.number
        self._writer.submit(lambda journal: journal.erase(number))
        self._jobs.forget(number)
        if self._spooler:
            self._spooler.tell(VisitOver(number))

    @property
    def grounds(self) -> tuple[Ground, ...]:
        """What somebody may be served earlier for."""
        return self._release.priority.grounds

    @property
    def seals_grounds(self) -> bool:
        """Whether a ground that is declared reaches the window; else paper and journal say 优先 alone."""
        return self.requests.can_seal

    async def take_ticket(self, visit: Visit, package: str, answers: tuple[Answer, ...] | None) -> IssuedTicket:
        """Issue a queue ticket and print it, with the guide in one piece when the questions are answered.

        It has priority when the visit has declared a ground, which is sealed for the center where that can be.
        Ends after the commit. A second call of the same visit for the same package within seconds gives the same
        ticket. Raises Refused when the disk does not take it.
        """
        moment = self._clock.now()
        theme = self.theme(package)
        service, priority = self._service(moment), bool(visit.ground)
        request = Request(theme.letter, package, service, visit.number, moment.ms, moment.doubtful, priority)
        language, declared = visit.language, Declared(visit.ground).encoded()
        seal = self.requests.sealer(GROUND_PURPOSE, declared) if priority else None

        def compose(ticket: Ticket, epoch: str, seq: int) -> Document:
            host = self._host()
            qr = ticket_link(host, Claim.of(ticket, epoch, seq), self._key().sign) if host else None
            return self._slip(ticket, theme, answers, language, qr)

        try:
            ticket, job, repeated = await asyncio.wrap_future(
                self._writer.submit(lambda journal: journal.issue(request, compose, seal))
            )
        except JournalError as error:
            self._refused, self._probed = True, time.monotonic()
            raise Refused("本机存储有问题，号码没有取成。请到大厅取号，或换一台机器。") from error
        if not repeated:
            self._added(job, visit)
            self.turns.taken(ticket.theme, ticket.issued)
        return self._issued(ticket, job, repeated=repeated)

    def turn(self, ticket: IssuedTicket) -> Turn | None:
        """What is known of a ticket's turn; None without fresh word of it, and then nothing may be promised."""
        issued = int(ticket.issued.timestamp() * 1000)
        return self.turns.of(ticket.number, ticket.service, issued, priority=ticket.priority)

    async def ask_slip(self, visit: Visit, ticket: IssuedTicket) -> None:
        """Print the slip of a ticket of an earlier visit that did not come out; it then carries 补打.

        Raises Refused when it cannot be printed any more.
        """
        ms = self._clock.now().ms
        try:
            queued = await asyncio.wrap_future(
                self._writer.submit(lambda journal: journal.ask(ticket.code, visit.number, ms))
            )
        except JournalError as error:
            raise Refused("本机存储有问题，不能再打印。号码仍然有效。") from error
        if not queued:
            raise Refused("这张小票不能再打印了。")
        self._added(ticket.job, visit)

    async def print_guide(self, visit: Visit, package: str, answers: tuple[Answer, ...]) -> int:
        """Print the guide alone; returns its print job. Raises Refused when the disk does not take it."""
        document = slips.guide(
            self._wording,
            visit.language,
            self._package[package],
            self.checklist(package, answers),
            self.guide_link(package, answers, visit.language),
            specimen=self._specimen,
        )
        ms = self._clock.now().ms
        try:
            job = await asyncio.wrap_future(
                self._writer.submit(lambda journal: journal.enqueue(document, visit.number, ms))
            )
        except JournalError as error:
            self._refused, self._probed = True, time.monotonic()
            raise Refused("本机存储有问题，清单没有打印。可以扫码带走，或换一台机器。") from error
        self._added(job, visit)
        return job

    async def print_again(self, visit: Visit, job: int) -> None:
        """Try a held or unknown job of this visit once more; the paper then carries 补打."""
        ms = self._clock.now().ms
        try:
            queued = await asyncio.wrap_future(self._writer.submit(lambda journal: journal.again(job, ms, By.TOUCH)))
        except JournalError as error:
            raise Refused("本机存储有问题，不能再打印。号码仍然有效。") from error
        if queued:
            self._added(job, visit)

    async def watch(self, job: int, seen: JobState) -> JobRecord:
        """Return print job `job` as soon as its state is not `seen`."""
        return await self._jobs.watch(job, seen)

    def job_changed(self, record: JobRecord) -> None:
        """Take in the new state of a print job; called from the spooler's thread."""
        self._jobs.change(record)

    def _probe(self) -> None:
        now = time.monotonic()
        if now < self._probed + PROBE_S:
            return
        self._probed = now

        def look(probe: Future[None]) -> None:
            self._refused = probe.exception() is not None

        self._writer.submit(lambda journal: journal.probe()).add_done_callback(look)

    def _added(self, job: int, visit: Visit) -> None:
        self._jobs.add(job, visit.number, self._clock.now().ms)
        if self._spooler:
            self._spooler.tell(Added(job, visit.number))

    def _issued(self, ticket: Ticket, job: int, *, repeated: bool = False) -> IssuedTicket:
        host = self._host()
        return IssuedTicket(
            ticket.number,
            ticket.code,
            self._queues.get(ticket.theme, NO_TEXT),
            ticket.package,
            ticket.service,
            ticket.service.certain,
            ticket.issued_at.astimezone(hours.CHINA),
            job,
            f"https://{host}/T/{ticket.code}" if host else None,
            repeated,
            ticket.priority,
        )

    def _host(self) -> str | None:
        hosts = self._settings.qr.hosts
        return hosts[0].upper() if hosts else None

    def _service(self, moment: Moment) -> Service:
        service = hours.service(moment.local, self._hall)
        certain = service.certain and not moment.doubtful and not self._hall.sample
        return msgspec.structs.replace(service, certain=certain)

    def _slip(
        self,
        ticket: Ticket,
        theme: Theme,
        answers: tuple[Answer, ...] | None,
        language: Language,
        qr: str | None,
    ) -> Document:
        service = ticket.service
        facts = slips.TicketFacts(
            number=ticket.number,
            theme=theme.name,
            day=service.day,
            session=service.session.label,
            running=service.running,
            certain=service.certain,
            station=ticket.station,
            station_name=self.name,
            hall=self.hall,
            code=ticket.code,
            issued=ticket.issued_at.astimezone(hours.CHINA),
            qr=qr,
            priority=ticket.priority,
        )
        if answers is None:
            return slips.ticket(self._wording, language, facts, specimen=self._specimen)
        package = self._package[ticket.package]
        link = self.guide_link(package.id, answers, language)
        checklist = self.checklist(package.id, answers)
        return slips.ticket_with_guide(
            self._wording, language, facts, package, checklist, link, specimen=self._specimen
        )
