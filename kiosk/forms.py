"""Forms that a resident fills in, as the bureau describes them: which fields come next, and what may stand in each.

No I/O, no clock: the moment and the hall's days are handed in. Station and center use the same checks. Answers are kept
as texts by field: an option's id, digits, a number in its one written form, a half-day such as `2026-11-25 am`, words.
"""

import datetime
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from kiosk import identity
from kiosk.hours import CHINA, Hall, working_day
from kiosk.text import NO_TEXT, Text, ambiguous, clean
from kiosk.tickets import valid_code

Answers = Mapping[str, str]
"""What was answered, by the field's id."""

OTHER = "other:"
"""Stands before words that were written because no option fits."""

_NOON = 12 * 60
_HALF_DAYS_WITHIN = 45
"""Days ahead in which half-days are looked for; the longest closure that the catalogue allows."""


class FieldKind(StrEnum):
    """What belongs into a field."""

    CHOICE = "choice"
    NUMBER = "number"
    PHONE = "phone"
    PERSON = "person"
    CREDIT_CODE = "credit-code"
    PROJECT_CODE = "project-code"
    CODE = "code"
    NAME = "name"
    WORDS = "words"
    HALF_DAY = "half-day"


class Part(StrEnum):
    """A half of a day."""

    MORNING = "am"
    AFTERNOON = "pm"


class HalfDay(msgspec.Struct, frozen=True):
    """A morning or afternoon on which the hall works, as far as is known: `certain`."""

    day: datetime.date
    part: Part
    certain: bool = True

    @property
    def value(self) -> str:
        """The half-day as an answer."""
        return f"{self.day} {self.part}"


def read_half_day(value: str) -> HalfDay | None:
    """Return the half-day that an answer means, None if it means none."""
    day, _, part = value.partition(" ")
    try:
        return HalfDay(datetime.date.fromisoformat(day), Part(part))
    except ValueError:
        return None


class Option(msgspec.Struct, frozen=True):
    """One choice. `of`: the option of the field `Field.within` that it belongs to."""

    id: str
    name: Text
    of: str = ""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One question of a form. `label` stands beside the answer when it is read back, `why` below the question.

    `personal`: the answer says something about a person and leaves the station sealed alone. `within`: only the options
    that belong to the answer of that earlier field. `when`: asked only if that earlier field has one of the answers
    `when_is`. `other`: where no option fits, words are written. `low` and `high` bound a number, `longest` words.
    `ahead`: how many half-days are offered, on `weekdays` (ISO 8601, all if empty), of `part` (both if None).
    """

    id: str
    kind: FieldKind
    question: Text
    label: Text
    why: Text = NO_TEXT
    optional: bool = False
    personal: bool = False
    options: tuple[Option, ...] = ()
    within: str = ""
    when: str = ""
    when_is: tuple[str, ...] = ()
    other: bool = False
    low: int = 0
    high: int = 0
    longest: int = 0
    ahead: int = 0
    weekdays: tuple[int, ...] = ()
    part: Part | None = None


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of request. `channel`: the channel that it belongs to, empty for none. `version` grows with its lists.

    `purpose`: who gets the personal data, what for, how long, said before anything is asked. `next`: what happens after
    it is sent, step by step. `large_print`: its slip is in large type.
    """

    id: str
    channel: str
    version: int
    name: Text
    gloss: Text
    purpose: Text
    next: tuple[Text, ...]
    cancellable: bool
    large_print: bool = False
    fields: tuple[Field, ...]

    def field(self, id_: str) -> Field:
        """Return a field by its id. Raises LookupError."""
        for field in self.fields:
            if field.id == id_:
                return field
        raise LookupError(f"the form '{self.id}' has no field '{id_}'")


class Problem(msgspec.Struct, frozen=True):
    """Why an answer cannot stand: a sentence of data/wording and its values."""

    field: str
    sentence: str
    values: dict[str, int] = {}


class Moment(msgspec.Struct, frozen=True):
    """When a form is filled in (`now` is aware), and the hall whose days count."""

    now: datetime.datetime
    hall: Hall

    @property
    def today(self) -> datetime.date:
        """The date in China."""
        return self.now.astimezone(CHINA).date()


# ---- which fields ----------------------------------------------------------------------------------------------------


def asked(form: Form, answers: Answers) -> tuple[Field, ...]:
    """Return the fields that count after `answers`, in order."""
    counted: dict[str, Field] = {}
    for field in form.fields:
        if not field.when or (field.when in counted and answers.get(field.when) in field.when_is):
            counted[field.id] = field
    return tuple(counted.values())


def next_field(form: Form, answers: Answers) -> Field | None:
    """Return the first field that has no answer yet, not even an empty one; None when the form is filled in."""
    return next((field for field in asked(form, answers) if field.id not in answers), None)


def options(field: Field, answers: Answers) -> tuple[Option, ...]:
    """Return the options of a field after `answers`."""
    if not field.within:
        return field.options
    return tuple(option for option in field.options if option.of == answers.get(field.within))


def half_days(field: Field, moment: Moment) -> tuple[HalfDay, ...]:
    """Return the half-days that a field offers, from the next day on."""
    parts = [part for part in Part if field.part in {None, part} and _works_in(moment.hall, part)]
    found: list[HalfDay] = []
    sure = True
    for ahead in range(1, _HALF_DAYS_WITHIN + 1):
        day = moment.today + datetime.timedelta(days=ahead)
        works, certain = working_day(day, moment.hall)
        sure = sure and certain
        if works and (not field.weekdays or day.isoweekday() in field.weekdays):
            found += [HalfDay(day, part, sure) for part in parts]
    return tuple(found[: field.ahead])


def _works_in(hall: Hall, part: Part) -> bool:
    if part is Part.MORNING:
        return any(session.opens < _NOON for session in hall.sessions)
    return any(session.closes > _NOON for session in hall.sessions)


# ---- answers ---------------------------------------------------------------------------------------------------------


def take(field: Field, typed: str, answers: Answers, moment: Moment) -> str | Problem:
    """Return what was typed or chosen as an answer in its one written form, or why it cannot stand."""
    if not typed.strip():
        return "" if field.optional else Problem(field.id, _NOTHING.get(field.kind, "请填写。"))
    match field.kind:
        case FieldKind.CHOICE:
            return _choice(field, typed, answers)
        case FieldKind.NUMBER:
            return _number(field, typed)
        case FieldKind.HALF_DAY:
            offered = {half_day.value for half_day in half_days(field, moment)}
            return typed if typed in offered else Problem(field.id, "这个时间约不了，请另选。")
        case FieldKind.NAME | FieldKind.WORDS:
            return _words(field, typed)
        case FieldKind.CODE:
            digits = identity.tidy(typed)
            return digits if valid_code(digits) else Problem(field.id, "没有这个编号，请对照小票逐位核对。")
        case FieldKind.PERSON:
            person = identity.person(typed, moment.today)
            return _known(field, person.value if isinstance(person, identity.PersonNumber) else person)
        case FieldKind.PHONE:
            return _known(field, identity.telephone(typed))
        case FieldKind.CREDIT_CODE:
            return _known(field, identity.credit_code(typed))
        case FieldKind.PROJECT_CODE:
            return _known(field, identity.project_code(typed))


_NOTHING = {FieldKind.CHOICE: "请选一项。", FieldKind.HALF_DAY: "请选一个时间。"}


def _known(field: Field, result: str | identity.Wrong) -> str | Problem:
    return Problem(field.id, result.sentence, result.values) if isinstance(result, identity.Wrong) else result


def _choice(field: Field, typed: str, answers: Answers) -> str | Problem:
    if field.other and typed.startswith(OTHER):
        words = _words(field, typed.removeprefix(OTHER))
        return OTHER + words if isinstance(words, str) else words
    known = {option.id for option in options(field, answers)}
    return typed if typed in known else Problem(field.id, "请选一项。")


def _number(field: Field, typed: str) -> str | Problem:
    digits = identity.tidy(typed)
    if digits.isascii() and digits.isdigit() and field.low <= int(digits) <= field.high:
        return str(int(digits))
    return Problem(field.id, "请填 {low} 到 {high} 之间的数。", {"low": field.low, "high": field.high})


def _words(field: Field, typed: str) -> str | Problem:
    words = clean("".join(character for character in clean(typed) if not ambiguous(character)))
    if not words:
        return Problem(field.id, "请填写。")
    if len(words) > field.longest:
        return Problem(field.id, "最多写 {n} 个字。", {"n": field.longest})
    return words


def check(form: Form, answers: Answers, moment: Moment) -> tuple[Problem, ...]:
    """Return what keeps a form from being sent; nothing when every field that counts has an answer that can stand.

    Answers must be in their written form, and none may be there that is not asked for.
    """
    problems = []
    wanted = asked(form, answers)
    for field in wanted:
        taken = take(field, answers.get(field.id, ""), answers, moment)
        if isinstance(taken, Problem):
            problems.append(taken)
        elif taken != answers.get(field.id, ""):
            problems.append(Problem(field.id, "请重新填写。"))
    surplus = sorted(answers.keys() - {field.id for field in wanted})
    return (*problems, *(Problem(id_, "请重新填写。") for id_ in surplus))


def changed(form: Form, answers: Answers, id_: str, value: str) -> dict[str, str]:
    """Return `answers` with another answer to the field `id_`, without those that no longer belong to it."""
    kept = dict(answers)
    if kept.get(id_) != value:
        stale = {id_}
        for field in form.fields:
            if field.within in stale:
                kept.pop(field.id, None)
                stale.add(field.id)
    kept[id_] = value
    counted = {field.id for field in asked(form, kept)}
    return {name: answer for name, answer in kept.items() if name in counted}


def prefilled(form: Form, earlier: Mapping[tuple[str, FieldKind], str]) -> dict[str, str]:
    """Return the answers that need not be asked again, because a form of this visit had them (WCAG 2.2, 3.3.7).

    `earlier` is by field id and kind. Only what a person types counts: choices and half-days mean another thing on
    another form.
    """
    return {
        field.id: earlier[field.id, field.kind]
        for field in form.fields
        if field.kind in _TYPED and (field.id, field.kind) in earlier
    }


_TYPED = {
    FieldKind.PHONE,
    FieldKind.PERSON,
    FieldKind.CREDIT_CODE,
    FieldKind.PROJECT_CODE,
    FieldKind.NAME,
}
