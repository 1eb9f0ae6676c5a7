"""What a resident can ask for at the desk besides a number: the district's channels and the requests that they take.

A part of `kiosk.desk` with the same manner: reads answer at once, writes are awaited and end after the commit.
"""

import asyncio
import datetime
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING

import msgspec

from kiosk import forms, requests, slips
from kiosk.catalog.guide import manual_code
from kiosk.catalog.model import Channel, Item, Material, Release, Section
from kiosk.clock import StationClock
from kiosk.documents import Document
from kiosk.forms import Field, FieldKind, Form, HalfDay, Option, Problem
from kiosk.hours import CHINA
from kiosk.journal.requests import Seal
from kiosk.journal.store import Journal
from kiosk.journal.writer import JournalError, Writer
from kiosk.project_records import subject
from kiosk.requests import Say, Seen
from kiosk.services import Availability, Refused
from kiosk.settings import Settings
from kiosk.text import Language
from kiosk.tickets import new_code
from kiosk.visit import Visit
from kiosk.wording import Wording

if TYPE_CHECKING:
    from kiosk.pinyin import Pinyin

RATING = "rating"
"""Id of the form by which a service is rated; it belongs to no channel."""

NOT_ENROLLED = "本机还没有登记，不能收您的信息。请到窗口办。"
"""Why a form with personal data cannot be used, as a sentence of data/wording."""


class SentRequest(msgspec.Struct, frozen=True):
    """A request that is in the journal. `job` carries its slip; `made` is aware, in China's time.

    `epoch` and `seq` name its entry.
    """

    form: Form
    code: str
    made: datetime.datetime
    job: int
    epoch: str
    seq: int


class Requesting:
    """Channels and requests as the screens see them."""

    def __init__(
        self,
        wording: Wording,
        settings: Settings,
        clock: StationClock,
        writer: Writer,
        sealing_key: Callable[[], bytes | None],
        added: Callable[[int, Visit], None],
        *,
        specimen: bool,
    ) -> None:
        """`sealing_key()` reads the center's public key from the disk, in the writer's thread; None before enrolment.

        `added` is told each print job that a visit has made. `specimen`: slips say that they count for nothing.
        """
        self._wording = wording
        self._settings = settings
        self._clock = clock
        self._writer = writer
        self._sealing_key = sealing_key
        self._added = added
        self._specimen = specimen
        self._key: bytes | None = None
        self._held = "", 0
        self._pinyin: dict[Language, "Pinyin"] = {}  # noqa: UP037 - loaded only when somebody writes

    def take_up(self, release: Release) -> None:
        """Use another catalogue from now on."""
        self._release = release
        self._channels = {channel.id: channel for channel in release.channels}
        self._forms = {form.id: form for form in release.requests}
        self._materials = {material.id: material for material in release.materials}
        self._pinyin = {}

    def begin(self) -> None:
        """A visit begins: look whether there is a key to seal with, for a station may be enrolled while it runs."""

        def keep(reading: Future[bytes | None]) -> None:
            self._key = None if reading.exception() else reading.result()

        self._writer.submit(lambda journal: self._sealing_key()).add_done_callback(keep)

    @property
    def can_seal(self) -> bool:
        """Whether there was a key to seal with when the visit began."""
        return self._key is not None

    def sealer(self, purpose: str, plain: bytes) -> Seal | None:
        """Return what seals `plain` for the center, bound to the entry that it belongs to; None before enrolment."""
        key, station = self._key, self._settings.station.number
        if key is None:
            return None

        def sealed(epoch: str, seq: int) -> bytes:
            from kiosk.sealing import Place, seal

            return seal(key, Place(purpose, station, epoch, seq), plain)

        return sealed

    # ---- channels ----------------------------------------------------------------------------------------------------

    @property
    def channels(self) -> tuple[Channel, ...]:
        """The channels, in the order of their places."""
        return self._release.channels

    def channel(self, channel: str) -> Channel:
        """One channel by its id. Raises KeyError."""
        return self._channels[channel]

    def section(self, channel: str, section: str) -> Section:
        """One page of a channel by the name of its table. Raises LookupError."""
        for one in self._channels[channel].sections:
            if one.list == section:
                return one
        raise LookupError(f"the channel '{channel}' has no page '{section}'")

    def item(self, channel: str, section: str, item: str) -> Item:
        """One item of a channel by its id. Raises LookupError."""
        for one in self.section(channel, section).items:
            if one.id == item:
                return one
        raise LookupError(f"the page '{section}' of '{channel}' has no item '{item}'")

    def materials(self, item: Item) -> tuple[Material, ...]:
        """What to bring for an item, in its order."""
        return tuple(self._materials[one] for one in item.materials)

    async def print_item(self, visit: Visit, channel: str, section: str, item: str) -> int:
        """Print the guide to one item of a channel; returns its print job. Raises Refused."""
        found = self.item(channel, section, item)
        document = slips.item_guide(
            self._wording,
            visit.language,
            self.channel(channel),
            found,
            self.materials(found),
            specimen=self._specimen,
        )
        return await self.print_document(visit, document)

    def manual_link(self, channel: str, language: Language) -> str | None:
        """The address of a channel's service manual, for the phone; None when no host is set."""
        hosts = self._settings.qr.hosts
        return f"https://{hosts[0].upper()}/G/{manual_code(self.channel(channel), language)}" if hosts else None

    async def print_manual(self, visit: Visit, channel: str) -> int:
        """Print the code of a channel's service manual; returns its print job. Raises Refused, LookupError."""
        link = self.manual_link(channel, visit.language)
        if link is None:
            raise LookupError("no host is set for the service manual's address")
        document = slips.manual(self._wording, visit.language, self.channel(channel), link, specimen=self._specimen)
        return await self.print_document(visit, document)

    async def print_document(self, visit: Visit, document: Document) -> int:
        """Print what belongs to no ticket; returns its print job. Raises Refused."""
        ms = self._clock.now().ms
        try:
            job = await asyncio.wrap_future(
                self._writer.submit(lambda journal: journal.enqueue(document, visit.number, ms))
            )
        except JournalError as error:
            raise Refused("本机存储有问题，没有打印。可以看屏幕，或换一台机器。") from error
        self._added(job, visit)
        return job

    # ---- forms -------------------------------------------------------------------------------------------------------

    def form(self, form: str) -> Form:
        """One kind of request by its id. Raises KeyError."""
        return self._forms[form]

    def offered(self, channel: Channel) -> tuple[Form, ...]:
        """The requests that a channel takes, in order."""
        return tuple(self._forms[one] for one in channel.requests)

    def available(self, form: Form) -> Availability:
        """Whether a form can be used here: personal data only where there is a key to seal it with."""
        if self._key is None and requests.takes_personal_data(form):
            return Availability(False, NOT_ENROLLED)
        return Availability(True)

    def started(self, visit: Visit, form: Form, item: Item | None = None) -> dict[str, str]:
        """Return the answers that a form begins with: those it was left with, those given before, and `item` chosen."""
        answers = forms.prefilled(form, visit.given) | visit.forms.get(form.id, {})
        if item is not None:
            for field, option in _chosen(form, item):
                if field.within and option.of:
                    answers[field.within] = option.of
                answers[field.id] = option.id
        counted = {field.id for field in forms.asked(form, answers)}
        return {name: value for name, value in answers.items() if name in counted}

    def takes(self, form: Form, item: Item) -> bool:
        """Whether a form can be about an item of its channel."""
        return any(_chosen(form, item))

    def asked(self, form: Form, answers: Mapping[str, str]) -> tuple[Field, ...]:
        """The fields that count after `answers`, in order."""
        return forms.asked(form, answers)

    def next_field(self, form: Form, answers: Mapping[str, str]) -> Field | None:
        """The first field without an answer; None when the form is filled in."""
        return forms.next_field(form, answers)

    def options(self, field: Field, answers: Mapping[str, str]) -> tuple[Option, ...]:
        """The options of a field after `answers`."""
        return forms.options(field, answers)

    def half_days(self, field: Field) -> tuple[HalfDay, ...]:
        """The half-days that a field offers now."""
        return forms.half_days(field, self._moment())

    def take(self, form: Form, field: Field, typed: str, answers: Mapping[str, str]) -> dict[str, str] | Problem:
        """Return the answers with what was typed or chosen for `field`, or why it cannot stand."""
        taken = forms.take(field, typed, answers, self._moment())
        return taken if isinstance(taken, Problem) else forms.changed(form, answers, field.id, taken)

    def lines(self, form: Form, answers: Mapping[str, str], language: Language) -> tuple[tuple[str, str], ...]:
        """Label and answer of each field that counts, whole, as they are checked before sending."""
        return requests.lines(form, answers, language, self._say(language), Seen.CHECK)

    def half_day_words(self, half_day: HalfDay, language: Language) -> str:
        """A half-day as it is offered."""
        return requests.half_day_words(half_day.value, self._say(language))

    def pinyin(self, language: Language) -> "Pinyin":
        """The pinyin keyboard's table of a language."""
        from kiosk.pinyin import Pinyin

        if language not in self._pinyin:
            self._pinyin[language] = Pinyin(self._release.typing, language)
        return self._pinyin[language]

    # ---- sent --------------------------------------------------------------------------------------------------------

    async def send(self, visit: Visit, form: Form, answers: Mapping[str, str]) -> SentRequest | Problem:
        """Check a form once more, seal what is personal, write entry and slip in one commit.

        Returns the first problem where an answer cannot stand any more; nothing has happened then. Raises Refused when
        it cannot be sealed or the disk does not take it.
        """
        problems = forms.check(form, answers, self._moment())
        if problems:
            return problems[0]
        if not self.available(form).ok:
            raise Refused(NOT_ENROLLED)
        now, code = self._clock.now(), new_code(secrets.randbelow)
        made = datetime.datetime.fromtimestamp(now.ms / 1000, CHINA)
        parts = requests.parted(form, answers)
        document = self._slip(form, answers, visit.language, code, made)
        data = {
            "code": code,
            "form": form.id,
            "version": form.version,
            "language": visit.language,
            "answers": parts.open,
            "doubtful": now.doubtful,
        }
        project, matter = subject(form, parts.open)
        if project:
            data |= {"project": project, "matter": matter}
        sealed = self.sealer(form.id, msgspec.json.encode(parts.personal)) if parts.personal else None
        if parts.personal and sealed is None:
            # The key has gone since the form was offered.
            raise Refused(NOT_ENROLLED)

        def write(journal: Journal) -> tuple[int, str, int]:
            job = journal.requests.make(data, document, visit.number, now.ms, sealed)
            return job, journal.epoch, journal.seq

        try:
            job, epoch, seq = await asyncio.wrap_future(self._writer.submit(write))
        except JournalError as error:
            raise Refused("本机存储有问题，没有提交成功。您填的还在，可以再试，或到窗口办。") from error
        self._added(job, visit)
        return SentRequest(form, code, made, job, epoch, seq)

    def acknowledged(self, epoch: str, seq: int) -> None:
        """Learn that the center holds the entries of `epoch` up to `seq`; may come from any thread."""
        self._held = epoch, seq

    def reported(self, sent: SentRequest) -> bool:
        """Whether the center is known to have a request. What went on in another epoch is not known to be there."""
        epoch, seq = self._held
        return epoch == sent.epoch and sent.seq <= seq

    @property
    def rating(self) -> Form | None:
        """The form by which a service is rated; None where the bureau has none."""
        return self._forms.get(RATING)

    async def rate(self, code: str, answers: Mapping[str, str]) -> bool:
        """Write down how the service with that public code was rated; False where it was rated before.

        Only the first rating counts. Raises Refused.
        """
        form, now = self._forms[RATING], self._clock.now()
        given = {name: value for name, value in answers.items() if value}
        data = {"code": code, "version": form.version, "answers": given}
        try:
            return await asyncio.wrap_future(
                self._writer.submit(lambda journal: journal.requests.rate(code, data, now.ms))
            )
        except JournalError as error:
            raise Refused("本机存储有问题，评价没有记下。") from error

    def _slip(
        self, form: Form, answers: Mapping[str, str], language: Language, code: str, made: datetime.datetime
    ) -> Document:
        hosts = self._settings.qr.hosts
        facts = slips.RequestFacts(
            name=form.name,
            code=code,
            station=self._settings.station.number,
            station_name=self._settings.station.name,
            made=made,
            lines=requests.lines(form, answers, language, self._say(language), Seen.PAPER),
            following=form.next,
            cancellable=form.cancellable,
            large=form.large_print,
            qr=f"https://{hosts[0].upper()}/T/{code}" if hosts else None,
        )
        return slips.request(self._wording, language, facts, specimen=self._specimen)

    def _moment(self) -> forms.Moment:
        return forms.Moment(self._clock.now().local, self._release.hall)

    def _say(self, language: Language) -> Say:
        return lambda sentence, /, **values: self._wording.say(language, sentence, **values)


def _chosen(form: Form, item: Item) -> tuple[tuple[Field, Option], ...]:
    """Return the choices of a form that mean an item: by its id and its name."""
    return tuple(
        (field, option)
        for field in form.fields
        if field.kind is FieldKind.CHOICE
        for option in field.options
        if (option.id, option.name) == (item.id, item.name)
    )
