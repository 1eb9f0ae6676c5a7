"""The vocabulary in which `kiosk.catalog.source` says what belongs into the bureau's files.

A record is one table of a file. A field's type says what belongs there, rules in `Annotated` say the rest. A field of
type `Pair` stands for the two keys `name_zh` and `name_en`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from kiosk.catalog.mistakes import Mistake, nearest, quoted
from kiosk.catalog.origin import Keys, Origin


@dataclass(frozen=True)
class Pair:
    """A text in Simplified Chinese and English; the Traditional one is made when a release is built."""

    zh: str = ""
    en: str = ""


EMPTY = Pair()


@dataclass(frozen=True)
class Shown:
    """Rule: the text appears on screen or paper. `room`: cells for Chinese and English at 80x22.

    `short`: where the text exceeds its room, the field `short` must stand in. `blank`: may be empty. `apart`: one
    language alone may be given.
    """

    room: tuple[int, int] | None = None
    short: bool = False
    blank: bool = False
    apart: bool = False


@dataclass(frozen=True)
class Pattern:
    """Rule: the text matches `expression` as a whole; `allowed` says to a clerk what that is."""

    expression: str
    allowed: str


@dataclass(frozen=True)
class Between:
    """Rule: the number is at least `low` and at most `high`."""

    low: int
    high: int


@dataclass(frozen=True)
class Count:
    """Rule: the list has at least `low` and at most `high` entries."""

    low: int
    high: int


@dataclass(frozen=True)
class Defines:
    """Rule: the text is the only one of its `kind` in the whole catalogue."""

    kind: str


@dataclass(frozen=True)
class RefersTo:
    """Rule: the text, or each of the list, is one that a `Defines` of the same kind has. `blank`: or empty."""

    kind: str
    blank: bool = False


Rule = Shown | Pattern | Between | Count | Defines | RefersTo


@dataclass(frozen=True)
class Place:
    """Where a record stands: its file, its keys from the top, the id that names it, and its way below that id."""

    origin: Origin
    keys: Keys = ()
    id: str = ""
    below: str = ""

    def mistake(self, key: str, wrong: str, allowed: str) -> Mistake:
        """Return a mistake in the field `key` of this record ("" for the record itself)."""
        line = self.origin.line((*self.keys, key) if key else self.keys)
        return Mistake(self.origin.name, line, self.id, " ".join(filter(None, (self.below, key))), wrong, allowed)


NOWHERE = Place(Origin("", {}, {}))


@dataclass(frozen=True, kw_only=True)
class Record:
    """A table of a file. `at` is where it was written."""

    at: Place = field(default=NOWHERE, repr=False, compare=False)


@dataclass
class Findings:
    """What decoding found: the mistakes, who defines what, and who refers to what."""

    mistakes: list[Mistake] = field(default_factory=list)
    defined: dict[str, dict[str, Place]] = field(default_factory=dict)
    _referred: list[tuple[str, str, Place, str]] = field(default_factory=list)

    def define(self, kind: str, name: str, place: Place, key: str) -> None:
        """Note that the field `key` at `place` gives a thing of `kind` its name; a second one of that name is wrong."""
        first = self.defined.setdefault(kind, {}).setdefault(name, place)
        if first is not place:
            where = first.mistake(key, "", "")
            wrong = f"duplicate {kind} '{quoted(name)}', used before in {where.file}:{where.line}"
            self.mistakes.append(place.mistake(key, wrong, "each is given once"))

    def refer(self, kind: str, name: str, place: Place, key: str) -> None:
        """Note that the field `key` at `place` means the thing of `kind` with that name."""
        self._referred.append((kind, name, place, key))

    def unknown_references(self) -> Iterator[Mistake]:
        """Yield a mistake for every reference to something that nothing defines."""
        for kind, name, place, key in self._referred:
            known = self.defined.get(kind, {})
            if name not in known:
                wrong = f"unknown {kind} '{quoted(name)}'{nearest(name, known)}"
                yield place.mistake(key, wrong, f"one of the {len(known)} that the catalogue defines")
