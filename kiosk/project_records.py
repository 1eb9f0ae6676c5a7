"""The record of a construction project: what was asked for it, by matter, and what the center answered, in order."""

import datetime
from collections.abc import Iterable, Mapping

import msgspec

from kiosk.forms import FieldKind, Form
from kiosk.hours import CHINA
from kiosk.requests import STATE_WORDS, State
from kiosk.text import NO_TEXT, Text, clean
from kiosk.wire.requests import WORDS_LIMIT, Told


class Step(msgspec.Struct, frozen=True):
    """A request came into a state, with what the staff added. `time` is aware, in China's time."""

    time: datetime.datetime
    state: State
    words: str = ""

    @property
    def progress(self) -> str:
        """The state, as a sentence of data/wording."""
        return STATE_WORDS[self.state]


class TrackedRequest(msgspec.Struct, frozen=True):
    """A request for the project: its kind, the station that took it, and its history, oldest first."""

    name: Text
    station: str
    steps: tuple[Step, ...]


class TrackedMatter(msgspec.Struct, frozen=True):
    """What was asked for in one matter of the project; without a name where the catalogue does not know it."""

    name: Text
    requests: tuple[TrackedRequest, ...]


class ProjectRecord(msgspec.Struct, frozen=True):
    """A project's record. `project`: its code, empty where this station knows only its digest.

    `heard`: when the center was last heard of, None for never. `newest`: so many newest steps stand in it where there
    may be more, 0 where it is whole.
    """

    project: str
    matters: tuple[TrackedMatter, ...]
    heard: datetime.datetime | None
    newest: int = 0


def subject(form: Form, answers: Mapping[str, str]) -> tuple[str, str]:
    """Return the project that a request is about, by its code, and which matter of it; empty for any other request."""
    project = _first(form, answers, FieldKind.PROJECT_CODE)
    return (project, _first(form, answers, FieldKind.CHOICE)) if project else ("", "")


def tracked(told: Iterable[Told], forms: Mapping[str, Form]) -> tuple[TrackedMatter, ...]:
    """Return what the center told of a project's requests, in any order, by matter, the oldest first."""
    histories: dict[str, list[Told]] = {}
    for one in sorted(told, key=lambda one: one.time):
        histories.setdefault(one.code, []).append(one)
    matters: dict[str, list[list[Told]]] = {}
    for history in sorted(histories.values(), key=lambda history: history[0].made):
        matters.setdefault(history[0].matter, []).append(history)
    return tuple(
        TrackedMatter(
            _matter(forms.get(requests[0][0].form), matter),
            tuple(_request(history, forms) for history in requests),
        )
        for matter, requests in matters.items()
    )


def understood(told: Told) -> Step:
    """Return the state that the center told."""
    try:
        state = State(told.state)
    except ValueError:
        # A newer center knows more states; whatever it is, somebody has seen it.
        state = State.TAKEN_ON
    return Step(china(told.time), state, clean(told.words, WORDS_LIMIT))


def china(ms: int) -> datetime.datetime:
    """Return a time in UTC milliseconds in China's time."""
    return datetime.datetime.fromtimestamp(ms / 1000, CHINA)


def _request(history: list[Told], forms: Mapping[str, Form]) -> TrackedRequest:
    first = history[0]
    form = forms.get(first.form)
    steps = [understood(one) for one in history]
    if steps[0].state is not State.RECEIVED:
        # Called off or answered before all stations were told of it.
        steps.insert(0, Step(china(first.made), State.RECEIVED))
    return TrackedRequest(form.name if form else NO_TEXT, first.station, tuple(steps))


def _matter(form: Form | None, matter: str) -> Text:
    options = (option for field in form.fields for option in field.options) if form else ()
    return next((option.name for option in options if option.id == matter), NO_TEXT)


def _first(form: Form, answers: Mapping[str, str], kind: FieldKind) -> str:
    return next((answers[field.id] for field in form.fields if field.kind is kind and answers.get(field.id)), "")
