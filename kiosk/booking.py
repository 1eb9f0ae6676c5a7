"""Appointments as the screens see them: which slots there are, which have a place here, booked ones by their code.

A part of `kiosk.desk` with the same manner: reads answer at once, writes are awaited and end after the commit.
"""

import asyncio
import datetime
from collections.abc import Callable
from typing import TypeVar

import msgspec

from kiosk import slips
from kiosk.appointments import Coming, NoPlace, Slot, SlotRule, coming
from kiosk.catalog.model import Release
from kiosk.clock import StationClock
from kiosk.documents import Document
from kiosk.hours import CHINA
from kiosk.journal.places import Appointment, Wish
from kiosk.journal.store import Journal
from kiosk.journal.writer import JournalError, Writer
from kiosk.keys import read_short_link
from kiosk.services import Refused
from kiosk.settings import Settings
from kiosk.text import NO_TEXT, Language, Text
from kiosk.visit import Visit
from kiosk.wording import Wording

T = TypeVar("T")

NO_PLACE = "这一场在本机没有名额了。请换一个时间，或先取号。"
NOT_WRITTEN = "本机存储有问题，没有办成。请再试，或到窗口办。"
"""Why something was not done, as sentences of data/wording."""


class OpenSlot(msgspec.Struct, frozen=True):
    """A slot that lies ahead. `places`: those that this station may sell. `certain`: its date and hours are known."""

    slot: Slot
    name: Text
    places: int
    certain: bool


class Booked(msgspec.Struct, frozen=True):
    """An appointment of this station. `subject`: id of the package or channel that it is for.

    `job` carries its newest slip. `over`: its session has begun, so that nothing can be changed any more.
    """

    code: str
    slot: Slot
    name: Text
    subject: str
    certain: bool
    cancelled: bool
    over: bool
    job: int

    @property
    def can_change(self) -> bool:
        """Whether it may still be changed or called off."""
        return not self.cancelled and not self.over


class Booking:
    """Slots and appointments at the desk."""

    def __init__(
        self,
        wording: Wording,
        settings: Settings,
        clock: StationClock,
        writer: Writer,
        enrolled: Callable[[], bool],
        added: Callable[[int, Visit], None],
        *,
        specimen: bool,
    ) -> None:
        """`enrolled()`: whether there was a center that knows this station when the visit began; answers at once.

        `added` is told each print job that a visit has made. `specimen`: slips say that they count for nothing.
        """
        self._wording = wording
        self._settings = settings
        self._clock = clock
        self._writer = writer
        self._enrolled = enrolled
        self._added = added
        self._specimen = specimen

    def take_up(self, release: Release) -> None:
        """Use another catalogue from now on."""
        self._release = release
        self._letters = {theme.of: theme.letter for theme in release.themes}
        self._cycles = {package.id: package.cycle for package in release.packages}

    def next(self, subject: str) -> Coming | None:
        """The next slot of a package's or channel's theme; None where it has none, or no center lends places here."""
        ahead = self._coming(subject) if self._enrolled() else ()
        return ahead[0] if ahead else None

    async def slots(self, subject: str) -> tuple[OpenSlot, ...]:
        """The slots of a package's or channel's theme, those without a place here as well. Raises Refused."""
        now = self._clock.now()
        free = await self._written(lambda journal: journal.places.free(now.ms))
        doubtful = now.doubtful
        return tuple(
            OpenSlot(
                one.slot,
                one.rule.name,
                free.get(one.slot, 0),
                one.certain and not doubtful and not one.rule.sample,
            )
            for one in self._coming(subject)
        )

    async def book(self, visit: Visit, subject: str, slot: Slot) -> Booked:
        """Book a place and print its slip; a second touch gives the same. Raises Refused, also where none is left."""
        wish, language = self._wish(visit, subject, slot), visit.language

        def write(journal: Journal) -> tuple[Appointment, int, bool]:
            return journal.places.book(wish, lambda made: self._slip(made, language))

        made, job, again = await self._written(write)
        if not again:
            self._added(job, visit)
        return self._booked(made, job)

    async def change(self, visit: Visit, before: Booked, slot: Slot) -> Booked:
        """Change an appointment to another slot and print a new slip. Raises Refused; it stays as it was then."""
        wish, language = self._wish(visit, before.subject, slot), visit.language

        def write(journal: Journal) -> tuple[Appointment, int]:
            return journal.places.change(before.code, wish, lambda made: self._slip(made, language))

        made, job = await self._written(write)
        self._added(job, visit)
        return self._booked(made, job)

    async def cancel(self, found: Booked) -> Booked:
        """Call an appointment off; returns it as it then is. Raises Refused."""
        ms = self._clock.now().ms
        await self._written(lambda journal: journal.places.cancel(found.code, ms))
        return msgspec.structs.replace(found, cancelled=True)

    async def find(self, text: str) -> Booked | None:
        """Return the appointment of this station with the code that was typed, or scanned from its slip as `text`.

        None for anything else. Raises Refused.
        """
        code = read_short_link(text, self._settings.qr.hosts)
        if code is None:
            return None
        found = await self._written(lambda journal: journal.places.find(code))
        return self._booked(found[0], found[1].id) if found else None

    async def _written(self, work: Callable[[Journal], T]) -> T:
        try:
            return await asyncio.wrap_future(self._writer.submit(work))
        except NoPlace as error:
            raise Refused(NO_PLACE) from error
        except JournalError as error:
            raise Refused(NOT_WRITTEN) from error

    def _wish(self, visit: Visit, subject: str, slot: Slot) -> Wish:
        now = self._clock.now()
        return Wish(slot, subject, visit.number, now.ms, now.doubtful)

    def _coming(self, subject: str) -> tuple[Coming, ...]:
        letter = self._letters.get(self._cycles.get(subject, subject), "")
        rules = (rule for rule in self._release.slots if rule.theme == letter)
        return coming(rules, self._release.hall, self._clock.now().local)

    def _rule(self, slot: Slot) -> SlotRule | None:
        for rule in self._release.slots:
            if (rule.theme, rule.session) == (slot.theme, slot.session):
                return rule
        return None

    def _booked(self, made: Appointment, job: int) -> Booked:
        rule = self._rule(made.slot)
        themes = (theme.name for theme in self._release.themes if theme.letter == made.slot.theme)
        name = rule.name if rule else next(themes, NO_TEXT)
        over = self._clock.now().ms >= made.slot.begins
        certain = not made.doubtful and (rule is None or not rule.sample)
        return Booked(made.code, made.slot, name, made.subject, certain, made.cancelled, over, job)

    def _slip(self, made: Appointment, language: Language) -> Document:
        hosts = self._settings.qr.hosts
        booked = self._booked(made, 0)
        facts = slips.AppointmentFacts(
            name=booked.name,
            day=made.slot.day,
            session=made.slot.session.label,
            certain=booked.certain,
            changed=made.turn > 0,
            code=made.code,
            station=self._settings.station.number,
            station_name=self._settings.station.name,
            hall=self._release.hall.name,
            made=datetime.datetime.fromtimestamp(self._clock.now().ms / 1000, CHINA),
            qr=f"https://{hosts[0].upper()}/T/{made.code}" if hosts else None,
        )
        return slips.appointment(self._wording, language, facts, specimen=self._specimen)
