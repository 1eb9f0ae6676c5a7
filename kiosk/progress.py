"""What became of a request, for whoever has its code: what this station knows, and what the center last told.

A part of `kiosk.desk` with the same manner: what is looked up or written in the journal is awaited.
"""

import asyncio
import datetime
from collections.abc import Awaitable, Callable, Mapping

import msgspec

from kiosk import forms, requests, slips
from kiosk.catalog.model import Release
from kiosk.clock import StationClock
from kiosk.documents import Document
from kiosk.forms import Form
from kiosk.journal.requests import NEWEST, Known
from kiosk.journal.writer import JournalError, Writer
from kiosk.keys import read_short_link
from kiosk.project_records import ProjectRecord, Step, china, subject, tracked, understood
from kiosk.requests import Seen, State
from kiosk.services import Refused
from kiosk.settings import Settings
from kiosk.text import NO_TEXT, Language, Text
from kiosk.visit import Visit
from kiosk.wire.requests import digest
from kiosk.wording import Wording


class RequestState(msgspec.Struct, frozen=True):
    """A request that somebody has the code of. `form`: None where this station's catalogue does not know the kind.

    `lines`: label and answer of what is not personal, of a request of this station. `words`: what the staff added.
    `since`: when it came into its state. `reported`: the center has it. `heard`: when the center was last heard of,
    None for never. `station`: where it was made. `project`: the code of the project that it is about, where this
    station took it, and `project_digest`, both empty for other requests. Times are aware, in China's time.
    """

    form: Form | None
    code: str
    made: datetime.datetime
    state: State
    lines: tuple[tuple[str, str], ...] = ()
    words: str = ""
    since: datetime.datetime | None = None
    reported: bool = True
    heard: datetime.datetime | None = None
    station: str = ""
    project: str = ""
    project_digest: str = ""

    @property
    def name(self) -> Text:
        """What kind of request it is."""
        return self.form.name if self.form else NO_TEXT

    @property
    def progress(self) -> str:
        """How far it is, as a sentence of data/wording."""
        return requests.STATE_WORDS[self.state]

    @property
    def can_cancel(self) -> bool:
        """Whether it may still be called off."""
        return self.form is not None and self.form.cancellable and not self.state.over


class Progress:
    """Looks requests up, and calls them off."""

    def __init__(
        self,
        wording: Wording,
        settings: Settings,
        clock: StationClock,
        writer: Writer,
        print_document: Callable[[Visit, Document], Awaitable[int]],
        *,
        specimen: bool,
    ) -> None:
        """`print_document` returns the print job of a document. `specimen`: slips say that they count for nothing."""
        self._print_document = print_document
        self._specimen = specimen
        self._wording = wording
        self._settings = settings
        self._clock = clock
        self._writer = writer
        self._quiet: Callable[[], float | None] = lambda: None
        self._forms: Mapping[str, Form] = {}

    def take_up(self, release: Release) -> None:
        """Use another catalogue from now on."""
        self._forms = {form.id: form for form in release.requests}

    def use_line(self, quiet: Callable[[], float | None]) -> None:
        """Learn of the line: `quiet()` gives the seconds since the last exchange of this run, None before the first."""
        self._quiet = quiet

    async def find(self, text: str, language: Language) -> RequestState | None:
        """Return the request with the code that was typed, or scanned from its slip as `text`.

        None for anything else. Raises Refused.
        """
        code = read_short_link(text, self._settings.qr.hosts)
        if code is None:
            return None
        # Of another thread: it takes some milliseconds by intention.
        code_digest = await asyncio.to_thread(digest, code)
        try:
            known = await asyncio.wrap_future(
                self._writer.submit(lambda journal: journal.requests.find(code, code_digest))
            )
        except JournalError as error:
            raise Refused("本机存储有问题，查不到。编号仍然有效。") from error
        return await asyncio.to_thread(self._state, code, known, language)

    async def record(self, found: RequestState) -> ProjectRecord:
        """Return the record of the project that a request is about, as the center told it. Raises Refused."""
        try:
            told = await asyncio.wrap_future(
                self._writer.submit(lambda journal: journal.requests.of_project(found.project_digest))
            )
        except JournalError as error:
            raise Refused("本机存储有问题，查不到。编号仍然有效。") from error
        newest = NEWEST if len(told) == NEWEST else 0
        return ProjectRecord(found.project, tracked(told, self._forms), found.heard, newest)

    async def print_record(self, visit: Visit, record: ProjectRecord) -> int:
        """Print a project's record; returns its print job. Raises Refused."""
        now, station = self._clock.now(), self._settings.station
        document = slips.project_record(
            self._wording, visit.language, record, station.number, station.name, now.local, specimen=self._specimen
        )
        return await self._print_document(visit, document)

    async def cancel(self, found: RequestState) -> RequestState:
        """Call a request off; returns it as it then is. Raises Refused."""
        now = self._clock.now()
        try:
            await asyncio.wrap_future(self._writer.submit(lambda journal: journal.requests.cancel(found.code, now.ms)))
        except JournalError as error:
            raise Refused("本机存储有问题，没有取消成功。请再试，或到窗口办。") from error
        since = china(now.ms)
        return msgspec.structs.replace(found, state=State.CANCELLED, words="", since=since, reported=False)

    def _state(self, code: str, known: Known, language: Language) -> RequestState | None:
        made, told = known.made, known.told
        if made is None and told is None:
            return None
        form = self._forms.get(made.form if made else told.form if told else "")
        taken = made.time if made else told.made if told else 0
        standing = _standing(known)
        project = subject(form, made.answers)[0] if made and form else ""
        return RequestState(
            form,
            code,
            china(taken),
            standing.state if standing else State.RECEIVED,
            self._lines(form, made.answers, language) if made and form else (),
            standing.words if standing else "",
            standing.time if standing else None,
            made is None or made.reported,
            self._heard(known.heard),
            told.station if told and not made else self._settings.station.number,
            project,
            digest(project) if project else told.project if told else "",
        )

    def _heard(self, written: int) -> datetime.datetime | None:
        quiet = self._quiet()
        if quiet is not None:
            return self._clock.now().local - datetime.timedelta(seconds=quiet)
        return china(written) if written else None

    def _lines(self, form: Form, answers: dict[str, str], language: Language) -> tuple[tuple[str, str], ...]:
        # What was sealed cannot be read here any more: of it nothing is shown, not even masked.
        return tuple(
            (
                field.label.in_(language),
                requests.shown(
                    field,
                    answers[field.id],
                    language,
                    lambda sentence, /, **values: self._wording.say(language, sentence, **values),
                    Seen.BACK,
                ),
            )
            for field in forms.asked(form, answers)
            if field.id in answers
        )


def _standing(known: Known) -> Step | None:
    """Return how far a request is as the center tells, unless it was called off here meanwhile; None where it waits."""
    told = understood(known.told) if known.told else None
    if known.cancelled and (told is None or not told.state.over):
        return Step(china(known.cancelled), State.CANCELLED)
    return told
