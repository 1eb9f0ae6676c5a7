"""Requests that residents leave: what of them may be shown to whom, what leaves the station sealed, how they go on.

No I/O. A request is a filled-in form (`kiosk.forms`) with a public code; its answers are never shown whole again once
it is sent.
"""

from collections.abc import Callable
from enum import StrEnum

import msgspec

from kiosk import identity
from kiosk.forms import OTHER, Answers, Field, FieldKind, Form, Part, asked, read_half_day
from kiosk.text import Language

Say = Callable[..., str]
"""Says a sentence of data/wording in one language: `say("第{n}页", n=1)`."""

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


class Seen(StrEnum):
    """Where an answer is shown: on the check page before sending, read back later on a screen, on paper."""

    CHECK = "check"
    BACK = "back"
    PAPER = "paper"


class State(StrEnum):
    """How far a request is. WAITING: the resident is asked to do or bring something."""

    RECEIVED = "received"
    TAKEN_ON = "taken-on"
    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Whether nothing more comes of it."""
        return self in OVER


OVER = frozenset({State.DONE, State.REFUSED, State.CANCELLED})

BY_STAFF = (State.TAKEN_ON, State.WAITING, State.DONE, State.REFUSED)
"""What the center's staff can answer; the others come about by themselves or by the resident."""

STATE_WORDS = {
    State.RECEIVED: "已收到",
    State.TAKEN_ON: "有人在办",
    State.WAITING: "等您补充",
    State.DONE: "办好了",
    State.REFUSED: "不能办",
    State.CANCELLED: "已取消",
}
"""What residents read, as sentences of data/wording."""


def may_become(before: State, after: State) -> bool:
    """Return whether a request may go from one state to another: until it is over, and never back to RECEIVED.

    The staff may ask the resident for something and go on more than once; the same state may come with other words.
    """
    return not before.over and after is not State.RECEIVED


class Parted(msgspec.Struct, frozen=True):
    """A request's answers in two: what may stand in the journal, and what is sealed before it touches the disk."""

    open: dict[str, str]
    personal: dict[str, str]


def parted(form: Form, answers: Answers) -> Parted:
    """Return the answers that count in two, and none that is empty. Words that were written for a choice are sealed."""
    parts: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for field in asked(form, answers):
        if value := answers.get(field.id, ""):
            parts[field.personal or value.startswith(OTHER)][field.id] = value
    return Parted(*parts)


def takes_personal_data(form: Form) -> bool:
    """Return whether a form can only be used where there is a key to seal with."""
    return any(field.personal or field.other for field in form.fields)


def lines(form: Form, answers: Answers, language: Language, say: Say, seen: Seen) -> tuple[tuple[str, str], ...]:
    """Return label and answer of each field that counts, as they are shown in one place. `say` speaks `language`."""
    return tuple(
        (field.label.in_(language), shown(field, answers.get(field.id, ""), language, say, seen))
        for field in asked(form, answers)
    )


def shown(field: Field, value: str, language: Language, say: Say, seen: Seen) -> str:
    """Return one answer as it is shown.

    On the check page everything stands as it was typed, because it is to be checked. Afterwards names and numbers are
    masked, and of personal words and choices it is only said that they are there.
    """
    if not value:
        return say("没有填")
    if seen is not Seen.CHECK:
        if mask := _MASKS[seen].get(field.kind):
            return mask(value)
        if field.personal or value.startswith(OTHER):
            return say("已填写")
    if field.kind is FieldKind.HALF_DAY:
        return half_day_words(value, say)
    if field.kind is FieldKind.CHOICE and not value.startswith(OTHER):
        return next((option.name.in_(language) for option in field.options if option.id == value), say("没有填"))
    return value.removeprefix(OTHER)


def half_day_words(value: str, say: Say) -> str:
    """Return a half-day as `11月25日（周三）上午`."""
    half_day = read_half_day(value)
    if half_day is None:
        return say("没有填")
    day = half_day.day
    sentence = "{month}{day}日（{weekday}）上午" if half_day.part is Part.MORNING else "{month}{day}日（{weekday}）下午"
    return say(sentence, month=say(f"{day.month}月"), day=day.day, weekday=say(WEEKDAYS[day.weekday()]))


_MASKS: dict[Seen, dict[FieldKind, Callable[[str], str]]] = {
    Seen.BACK: {
        FieldKind.NAME: identity.masked_name,
        FieldKind.PHONE: identity.masked_phone,
        FieldKind.PERSON: identity.masked_number,
        FieldKind.CODE: identity.masked_on_paper,
    },
    Seen.PAPER: {
        FieldKind.NAME: identity.masked_name,
        FieldKind.PHONE: identity.masked_phone,
        FieldKind.PERSON: identity.masked_on_paper,
        FieldKind.CODE: identity.masked_on_paper,
    },
}
