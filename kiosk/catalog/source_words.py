"""What belongs into the files of the pinyin keyboard and of the district. See `kiosk.catalog.source` for the manner."""

from dataclasses import dataclass
from typing import Annotated

from kiosk.catalog.schema import Between, Count, Defines, Pair, Pattern, Record, Shown
from kiosk.catalog.source import IDENTIFIER, Name, Source

AREA = "area"

_CHARACTERS = Pattern("[\u4e00-\u9fff]+", "Chinese characters and nothing else")
_SURNAME = Pattern(
    "[\u4e00-\u9fff]{1,3}( [a-z]{1,6}){1,3}( [\u4e00-\u9fff]{1,3})?", 'a surname and how it is read, such as "陈 chen"'
)

AREA_NAME = (20, 24)
"""A sub-district's name on a card in two columns."""


@dataclass(frozen=True, kw_only=True)
class CharactersTable(Record):
    """`[characters]` of characters.toml: lines of characters, the most frequent first."""

    common: Annotated[tuple[str, ...], _CHARACTERS, Count(1, 400)]
    names: Annotated[tuple[str, ...], _CHARACTERS, Count(0, 100)]
    source: Source


@dataclass(frozen=True, kw_only=True)
class CharactersSource(Record):
    """characters.toml."""

    characters: CharactersTable


@dataclass(frozen=True, kw_only=True)
class SurnamesTable(Record):
    """`[surnames]` of surnames.toml: `character syllable`, for some their Traditional form behind it."""

    surname: Annotated[tuple[str, ...], _SURNAME, Count(1, 3000)]
    source: Source


@dataclass(frozen=True, kw_only=True)
class SurnamesSource(Record):
    """surnames.toml."""

    surnames: SurnamesTable


@dataclass(frozen=True, kw_only=True)
class AreaSource(Record):
    """`[[area]]`: a sub-district or town, and its communities as far as the bureau has filled them in."""

    id: Annotated[str, IDENTIFIER, Defines(AREA)]
    name: Annotated[Pair, Shown(AREA_NAME)]
    communities: Annotated[tuple[Pair, ...], Shown(), Count(0, 80)]
    source: Source


@dataclass(frozen=True, kw_only=True)
class PlacesSource(Record):
    """places.toml. `word`: other names of places that the keyboard offers."""

    word: Annotated[tuple[str, ...], Shown(), _CHARACTERS, Count(0, 200)]
    source: Source
    area: Annotated[tuple[AreaSource, ...], Count(1, 9)]


@dataclass(frozen=True, kw_only=True)
class PriorityTable(Record):
    """`[priority]` of priority.toml."""

    head_start_minutes: Annotated[int, Between(0, 240)]
    most_passed: Annotated[int, Between(0, 20)]
    source: Source


@dataclass(frozen=True, kw_only=True)
class GroundSource(Record):
    """`[[ground]]` of priority.toml."""

    id: Annotated[str, IDENTIFIER, Defines("ground for priority")]
    name: Name
    source: Source


@dataclass(frozen=True, kw_only=True)
class PrioritySource(Record):
    """priority.toml. Nine grounds at most: each has a digit on its screen."""

    priority: PriorityTable
    ground: Annotated[tuple[GroundSource, ...], Count(1, 9)]
