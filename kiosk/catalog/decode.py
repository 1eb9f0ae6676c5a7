"""Turns a table of a TOML file into a typed record and collects every mistake on the way, without ever stopping.

What is missing or wrong becomes an empty value, so that later checks have something to work on; a release is built only
when there is no mistake.
"""

import dataclasses
import datetime
import re
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from kiosk.catalog.characters import flaws
from kiosk.catalog.mistakes import nearest, quoted
from kiosk.catalog.schema import (
    Between,
    Count,
    Defines,
    Findings,
    Pair,
    Pattern,
    Place,
    Record,
    RefersTo,
    Rule,
    Shown,
)
from kiosk.text import cells

R = TypeVar("R", bound=Record)

_LANGUAGES = ("zh", "en")
_SPOKEN = {"zh": "Chinese", "en": "English"}
_ANY_NUMBER = Between(0, 999_999)
_ANY_COUNT = Count(0, 200)
_WANTED: dict[object, str] = {
    str: "text in quotes",
    int: "a whole number",
    bool: "true or false",
    datetime.date: "a date such as 2027-01-01",
    list: "a list in [ ]",
    dict: "a table",
}


@dataclass(frozen=True)
class _Field:
    """One field of a record: its type without `Annotated`, whether it is a list, its rules, and its default."""

    name: str
    kind: type
    many: bool
    rules: tuple[Rule, ...]
    default: object

    @property
    def required(self) -> bool:
        return self.default is dataclasses.MISSING

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that it has in the file."""
        return tuple(f"{self.name}_{tag}" for tag in _LANGUAGES) if self.kind is Pair else (self.name,)


def _fields(shape: type[Record]) -> tuple[_Field, ...]:
    hints = typing.get_type_hints(shape, include_extras=True)
    found = []
    for declared in dataclasses.fields(shape):
        if declared.name == "at":
            continue
        hint, rules = _bare(hints[declared.name])
        many = typing.get_origin(hint) is tuple
        if many:
            hint, inner = _bare(typing.get_args(hint)[0])
            rules += inner
        found.append(_Field(declared.name, hint, many, rules, declared.default))
    return tuple(found)


def _bare(hint: Any) -> tuple[Any, tuple[Rule, ...]]:
    if typing.get_origin(hint) is typing.Annotated:
        inner, *rules = typing.get_args(hint)
        return inner, tuple(rules)
    return hint, ()


def described(value: object) -> str:
    """Return what a value of a TOML file is, in words for a clerk."""
    match value:
        case str():
            return f"the text '{quoted(value)}'"
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {quoted(str(value))}"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return f"the date or time {value}"


class Decoder:
    """Decodes tables of any file into records; what is wrong with them goes into `findings`."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._shapes: dict[type[Record], tuple[_Field, ...]] = {}

    def _fields(self, shape: type[Record]) -> tuple[_Field, ...]:
        """Return the fields of `shape`; worked out once, since resolving annotations is slow."""
        if shape not in self._shapes:
            self._shapes[shape] = _fields(shape)
        return self._shapes[shape]

    def _wrong(self, place: Place, key: str, wrong: str, allowed: str) -> None:
        self._findings.mistakes.append(place.mistake(key, wrong, allowed))

    def record(self, shape: type[R], table: object, place: Place) -> R:
        """Return `table` as a record of type `shape`."""
        if not isinstance(table, dict):
            wanted = f"a table with {', '.join(self._keys(shape))} belongs here"
            self._wrong(place, "", f"is {described(table)}", wanted)
            return self._blank(shape, place)
        name = table.get("id")
        if isinstance(name, str) and name:
            place = dataclasses.replace(place, id=name, below="")
        self._unknown_keys(shape, table, place)
        values: dict[str, Any] = {spec.name: self._field(spec, table, place) for spec in self._fields(shape)}
        return shape(at=place, **values)

    def _blank(self, shape: type[R], place: Place) -> R:
        values: dict[str, Any] = {spec.name: self._empty(spec, place) for spec in self._fields(shape)}
        return shape(at=place, **values)

    def _empty(self, spec: _Field, place: Place) -> object:
        """Return what stands in for a value that is missing or wrong."""
        if not spec.required:
            return spec.default
        if spec.many:
            return ()
        if issubclass(spec.kind, Record):
            return self._blank(spec.kind, place)
        if issubclass(spec.kind, StrEnum):
            return next(iter(spec.kind))
        return datetime.date.min if spec.kind is datetime.date else spec.kind()

    def _unknown_keys(self, shape: type[Record], table: Mapping[str, object], place: Place) -> None:
        known = self._keys(shape)
        for key in table:
            if key not in known:
                self._wrong(place, key, f"unknown key{nearest(key, known)}", f"known are {', '.join(known)}")

    def _keys(self, shape: type[Record]) -> list[str]:
        return [key for spec in self._fields(shape) for key in spec.keys]

    def _field(self, spec: _Field, table: Mapping[str, object], place: Place) -> object:
        if spec.kind is Pair:
            return self._pairs(spec, table, place) if spec.many else self._pair(spec, table, place)
        if spec.name not in table:
            if spec.required:
                self._wrong(place, spec.name, "is missing", f"{_wanted(spec)} belongs here")
            return self._empty(spec, place)
        value = table[spec.name]
        if not spec.many:
            return self._single(spec, value, place, spec.name)
        return self._list(spec, value, place)

    def _list(self, spec: _Field, value: object, place: Place) -> object:
        if not isinstance(value, list):
            self._wrong(place, spec.name, f"is {described(value)}", f"{_wanted(spec)} belongs here")
            return self._empty(spec, place)
        self._count(spec, len(value), place, spec.name)
        items: list[object] = []
        for number, item in enumerate(value):
            if issubclass(spec.kind, Record):
                items.append(self.record(spec.kind, item, _inner(place, spec.name, number)))
            elif not _fits(item, spec.kind):
                wrong = f"entry {number + 1} is {described(item)}"
                self._wrong(place, spec.name, wrong, f"{_WANTED.get(spec.kind, 'text in quotes')} belongs here")
            elif item in items:
                self._wrong(place, spec.name, f"names {described(item)} twice", "each once")
            else:
                items.append(self._single(spec, item, place, spec.name))
        return tuple(items)

    def _count(self, spec: _Field, count: int, place: Place, key: str) -> None:
        rule = _rule(spec, Count) or _ANY_COUNT
        if not rule.low <= count <= rule.high:
            wrong = "is empty" if count == 0 else f"has {count} entries"
            self._wrong(place, key, wrong, f"{rule.low} to {rule.high} entries")

    def _single(self, spec: _Field, value: object, place: Place, key: str) -> object:
        if issubclass(spec.kind, Record):
            return self.record(spec.kind, value, dataclasses.replace(place, keys=(*place.keys, key), below=key))
        if issubclass(spec.kind, StrEnum):
            return self._choice(spec, value, place, key)
        if not _fits(value, spec.kind):
            self._wrong(place, key, f"is {described(value)}", f"{_wanted(spec)} belongs here")
            return self._empty(spec, place)
        if isinstance(value, str):
            self._text(spec, value, place, key)
        elif type(value) is int:
            rule = _rule(spec, Between) or _ANY_NUMBER
            if not rule.low <= value <= rule.high:
                self._wrong(place, key, f"is {described(value)}", f"a number from {rule.low} to {rule.high}")
        return value

    def _choice(self, spec: _Field, value: object, place: Place, key: str) -> object:
        allowed = [str(item) for item in typing.cast(type[StrEnum], spec.kind)]
        if isinstance(value, str) and value in allowed:
            return spec.kind(value)
        hint = nearest(value, allowed) if isinstance(value, str) else ""
        self._wrong(place, key, f"is {described(value)}{hint}", f"one of {', '.join(allowed)}")
        return self._empty(spec, place)

    def _text(self, spec: _Field, value: str, place: Place, key: str) -> None:
        shown = spec.kind is Pair or _rule(spec, Shown) is not None
        for wrong, allowed in flaws(value, shown=shown, chinese=not key.endswith("_en")):
            self._wrong(place, key, wrong, allowed)
        if shown and (value != value.strip() or "  " in value):
            self._wrong(place, key, "has blanks at an end or two in a row", "one blank between words")
        pattern = _rule(spec, Pattern)
        if pattern and not re.fullmatch(pattern.expression, value):
            self._wrong(place, key, f"is {described(value)}", pattern.allowed)
        elif defines := _rule(spec, Defines):
            self._findings.define(defines.kind, value, place, key)
        refers = _rule(spec, RefersTo)
        if refers and not (refers.blank and not value):
            self._findings.refer(refers.kind, value, place, key)

    def _pair(self, spec: _Field, table: Mapping[str, object], place: Place) -> Pair:
        shown = _rule(spec, Shown) or Shown()
        given = [key for key in spec.keys if key in table]
        if not given and not spec.required:
            return Pair()
        texts = []
        for key, tag in zip(spec.keys, _LANGUAGES, strict=True):
            value = table.get(key, "")
            if key not in table and not shown.apart:
                wrong = f"the {_SPOKEN[tag]} text is missing" if given else "is missing"
                self._wrong(place, key, wrong, "every text is given in Chinese (_zh) and English (_en)")
            texts.append(value if self._translation(value, spec, place, key) else "")
        self._room(shown, table, texts, place, spec)
        if any(texts) and not all(texts) and shown.blank and len(given) == len(_LANGUAGES):
            key = spec.keys[texts.index("")]
            self._wrong(place, key, "is empty although the other language is not", "both filled, or both empty")
        return Pair(*texts)

    def _translation(self, value: object, spec: _Field, place: Place, key: str) -> typing.TypeGuard[str]:
        """Check one language of a pair; say whether `value` is a text at all."""
        if not isinstance(value, str):
            self._wrong(place, key, f"is {described(value)}", "text in quotes belongs here")
            return False
        if value:
            self._text(spec, value, place, key)
        return True

    def _room(
        self, shown: Shown, table: Mapping[str, object], texts: Iterable[str], place: Place, spec: _Field
    ) -> None:
        for key, tag, text, position in zip(spec.keys, _LANGUAGES, texts, (0, 1), strict=True):
            if not text and key in table and isinstance(table[key], str) and not shown.blank:
                self._wrong(place, key, "is empty", f"{_SPOKEN[tag]} text belongs here")
            if not shown.room or cells(text) <= shown.room[position]:
                continue
            if shown.short and table.get(f"short_{tag}"):
                continue
            remedy = f"shorten it or add short_{tag}" if shown.short else "shorten it"
            wrong = f"'{quoted(text)}' is {cells(text)} cells wide and exceeds its label"
            self._wrong(
                place, key, wrong, f"at most {shown.room[position]} cells, a Chinese character takes 2; {remedy}"
            )

    def _pairs(self, spec: _Field, table: Mapping[str, object], place: Place) -> tuple[Pair, ...]:
        lists = []
        for key, tag in zip(spec.keys, _LANGUAGES, strict=True):
            value = table.get(key)
            if key not in table:
                if spec.required:
                    self._wrong(place, key, f"the {_SPOKEN[tag]} list is missing", "a list in [ ] belongs here")
                value = []
            elif not isinstance(value, list):
                self._wrong(place, key, f"is {described(value)}", "a list in [ ] belongs here")
                value = []
            else:
                self._count(spec, len(value), place, key)
            lists.append([text for text in value if self._entry(text, spec, place, key)])
        chinese, english = lists
        if len(chinese) != len(english):
            wrong = f"has {len(english)} texts, but {spec.keys[0]} has {len(chinese)}"
            self._wrong(place, spec.keys[1], wrong, "as many in both languages")
        return tuple(Pair(zh, en) for zh, en in zip(chinese, english, strict=False))

    def _entry(self, text: object, spec: _Field, place: Place, key: str) -> typing.TypeGuard[str]:
        if isinstance(text, str) and not text:
            self._wrong(place, key, "holds an empty text", "text in quotes belongs here")
        return self._translation(text, spec, place, key)


Kind = TypeVar("Kind", bound=Rule)


def _rule(spec: _Field, kind: type[Kind]) -> Kind | None:
    return next((rule for rule in spec.rules if isinstance(rule, kind)), None)


def _fits(value: object, kind: type) -> bool:
    return type(value) is kind or (issubclass(kind, StrEnum) and isinstance(value, str))


def _inner(place: Place, key: str, number: int) -> Place:
    below = f"{place.below} {key} {number + 1}".strip()
    return dataclasses.replace(place, keys=(*place.keys, key, number), below=below)


def _wanted(spec: _Field) -> str:
    if issubclass(spec.kind, Record):
        return f"{'[[' if spec.many else '['}{spec.name}{']]' if spec.many else ']'}"
    if issubclass(spec.kind, StrEnum):
        return f"one of {', '.join(map(str, spec.kind))}"
    word = _WANTED[spec.kind]
    return f"a list in [ ] of {word}" if spec.many else word
