"""Turns the descriptions of requests, which hold no mistake any more, into the forms that the station uses."""

from collections.abc import Mapping

from kiosk.catalog.compile import Words
from kiosk.catalog.lists import Entry
from kiosk.catalog.schema import Pair
from kiosk.catalog.source_requests import FieldSource, HalfDayPart, RequestSource
from kiosk.forms import Field, FieldKind, Form, Option, Part

PERSONAL = {FieldKind.NAME, FieldKind.PHONE, FieldKind.PERSON, FieldKind.WORDS, FieldKind.CODE}
"""Kinds that say something about a person whatever the description says; free words may hold anything."""

Lists = Mapping[str, tuple[Entry, ...]]


def form(file: RequestSource, lists: Lists, words: Words) -> Form:
    """Return one kind of request."""
    source = file.request
    return Form(
        id=source.id,
        channel=source.channel,
        version=source.version,
        name=words(source.name),
        gloss=words(source.gloss),
        purpose=words(source.purpose),
        next=tuple(words(step) for step in source.next),
        cancellable=source.cancellable,
        large_print=source.large_print,
        fields=tuple(_field(field, lists, words) for field in file.field),
    )


def _field(source: FieldSource, lists: Lists, words: Words) -> Field:
    entries = {entry.id: entry for entry in lists.get(source.list, ())}
    return Field(
        id=source.id,
        kind=source.kind,
        question=words(source.question),
        label=words(source.label),
        why=words(source.why),
        optional=source.optional,
        personal=source.personal or source.kind in PERSONAL,
        options=tuple(
            Option(name, words(pair), entries[name].of.get(source.within, "") if name in entries else "")
            for name, pair in field_options(source, lists)
        ),
        within=source.within,
        when=source.when,
        when_is=source.when_is,
        other=source.other,
        low=source.low,
        high=source.high,
        longest=source.longest,
        ahead=source.ahead,
        weekdays=source.weekdays,
        part=None if source.part is HalfDayPart.BOTH else Part(source.part),
    )


def field_options(source: FieldSource, lists: Lists) -> list[tuple[str, Pair]]:
    """Return id and name of each option, its own or those of its list."""
    if source.list:
        return [(entry.id, entry.name) for entry in lists.get(source.list, ())]
    return [(option.id, option.name) for option in source.option]
