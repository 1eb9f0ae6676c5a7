"""Checks the descriptions of requests: what one field says must fit its kind, and the fields must fit one another."""

from collections.abc import Iterator, Mapping

from kiosk.catalog.compile_requests import PERSONAL, field_options
from kiosk.catalog.lists import Entry
from kiosk.catalog.mistakes import Mistake, nearest, quoted
from kiosk.catalog.source_requests import FieldSource, RequestSource
from kiosk.forms import FieldKind

_KEYS = {
    FieldKind.CHOICE: {"list", "option", "within", "other"},
    FieldKind.NUMBER: {"low", "high"},
    FieldKind.NAME: {"longest"},
    FieldKind.WORDS: {"longest"},
    FieldKind.HALF_DAY: {"ahead", "weekdays", "part"},
}
"""Keys that only fields of these kinds have."""

_OWN_KEYS = set().union(*_KEYS.values())


def check_request(file: RequestSource, lists: Mapping[str, tuple[Entry, ...]]) -> Iterator[Mistake]:
    """Yield what is wrong with one kind of request."""
    before: dict[str, FieldSource] = {}
    personal = False
    for field in file.field:
        if field.id in before:
            yield field.at.mistake("id", f"'{quoted(field.id)}' stands twice", "each field of a request has its own id")
        yield from _keys(field)
        yield from _bounds(field)
        if field.kind is FieldKind.CHOICE:
            yield from _choice(field, before, lists)
        yield from _condition(field, before, lists)
        personal = personal or field.personal or field.other or field.kind in PERSONAL
        before[field.id] = field
    if personal and not file.request.purpose.zh:
        allowed = "who gets the personal data, what for, and how long it is kept"
        yield file.request.at.mistake("purpose_zh", "is empty although personal data is asked for", allowed)


def _keys(field: FieldSource) -> Iterator[Mistake]:
    """Yield the keys that a field of another kind would have."""
    empty = FieldSource(id="", kind=field.kind, question=field.question, label=field.label)
    for key in sorted(_OWN_KEYS - _KEYS.get(field.kind, set())):
        if getattr(field, key) != getattr(empty, key):
            kinds = ", ".join(kind for kind, keys in _KEYS.items() if key in keys)
            if key == "longest" and field.other:
                continue
            yield field.at.mistake(key, f"belongs to no field of kind '{field.kind}'", f"only to {kinds}")


def _bounds(field: FieldSource) -> Iterator[Mistake]:
    if field.kind is FieldKind.NUMBER and not 0 <= field.low < field.high:
        yield field.at.mistake("high", f"{field.high} is not above low, {field.low}", "low and high of what is allowed")
    written = field.kind in {FieldKind.NAME, FieldKind.WORDS} or (field.kind is FieldKind.CHOICE and field.other)
    if written and not field.longest:
        yield field.at.mistake("longest", "is missing", "how many characters may be written, 1 to 80")
    if field.kind is FieldKind.HALF_DAY and not field.ahead:
        yield field.at.mistake("ahead", "is missing", "how many half-days are offered, 1 to 20")


def _choice(
    field: FieldSource, before: Mapping[str, FieldSource], lists: Mapping[str, tuple[Entry, ...]]
) -> Iterator[Mistake]:
    if bool(field.list) == bool(field.option):
        wrong = "has options of its own and a list" if field.list else "has neither options nor a list"
        yield field.at.mistake("option", wrong, "[[field.option]] tables, or the name of a list")
        return
    ids = [option.id for option in field.option]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield field.at.mistake("option", f"'{quoted(name)}' stands twice", "each option has its own id")
    if field.list and field.list not in lists:
        wrong = f"unknown list '{quoted(field.list)}'{nearest(field.list, lists)}"
        yield field.at.mistake("list", wrong, f"one of {', '.join(sorted(lists))}")
        return
    entries = lists.get(field.list, ())
    if field.list and not entries and not field.other:
        yield field.at.mistake("list", f"'{field.list}' is empty", "other = true, so that words can be written instead")
    if field.within:
        yield from _within(field, before, entries, lists)


def _within(
    field: FieldSource,
    before: Mapping[str, FieldSource],
    entries: tuple[Entry, ...],
    lists: Mapping[str, tuple[Entry, ...]],
) -> Iterator[Mistake]:
    """Yield why the options cannot be narrowed down by the earlier field that is named."""
    earlier = before.get(field.within)
    if earlier is None or earlier.kind is not FieldKind.CHOICE:
        wrong = f"'{quoted(field.within)}' is no choice before this field{nearest(field.within, before)}"
        yield field.at.mistake("within", wrong, "the id of an earlier field of kind choice")
        return
    if any(field.within not in entry.of for entry in entries):
        wrong = f"the entries of '{field.list}' do not say which {field.within} they belong to"
        yield field.at.mistake("within", wrong, f"a list whose records have the key {field.within}")
        return
    owned = {entry.of[field.within] for entry in entries}
    bare = [name for name, _ in field_options(earlier, lists) if name not in owned]
    if bare and not field.other:
        wrong = f"'{quoted(bare[0])}' of {field.within} has no entry in '{field.list}'"
        yield field.at.mistake("within", wrong, "an entry for each, or other = true")


def _condition(
    field: FieldSource, before: Mapping[str, FieldSource], lists: Mapping[str, tuple[Entry, ...]]
) -> Iterator[Mistake]:
    if bool(field.when) != bool(field.when_is):
        yield field.at.mistake("when", "when and when_is are not both there", "the earlier field and its answers")
        return
    if not field.when:
        return
    earlier = before.get(field.when)
    if earlier is None or earlier.kind is not FieldKind.CHOICE:
        wrong = f"'{quoted(field.when)}' is no choice before this field{nearest(field.when, before)}"
        yield field.at.mistake("when", wrong, "the id of an earlier field of kind choice")
        return
    known = [name for name, _ in field_options(earlier, lists)]
    for answer in field.when_is:
        if answer not in known:
            wrong = f"unknown option '{quoted(answer)}'{nearest(answer, known)}"
            yield field.at.mistake("when_is", wrong, f"options of the field {field.when}")
