"""What belongs into each of the bureau's files: one record per table, read by `kiosk.catalog.decode`.

Rooms are cells at 80x22, the smallest screen on which everything must be complete. Fields named `source` or `*_source`
keep where a fact comes from; they never reach a screen.
"""

import datetime
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from kiosk.catalog.model import Direction, MaterialKind
from kiosk.catalog.schema import EMPTY, Between, Count, Defines, Pair, Pattern, Record, RefersTo, Shown

MATERIAL, PACKAGE, OWNER, CODE, LETTER = "material", "package", "cycle or channel", "code", "letter"

IDENTIFIER = Pattern(r"[a-z0-9]+([-_][a-z0-9]+)*", "small letters, digits and hyphens")
_TWO_DIGITS = Pattern("[0-9]{2}", "two digits in quotes")
CLOCK = Pattern("([01][0-9]|2[0-3]):[0-5][0-9]", 'a time such as "08:30"')

TITLE = (28, 31)
"""A package's title in the heading (14 Chinese characters) and on a card in two columns."""
CARD_LABEL, CARD_GLOSS = (10, 22), (20, 24)
CARD = 26
"""Cells for label, two blanks and gloss of a card in two columns, beside its digit and seal."""
CHANNEL_LABEL = (18, 18)
THEME_NAME = (18, 24)
WHY = (60, 76)

Source = Annotated[str, Pattern(r".*\S.*", 'where the fact comes from, or "general-knowledge"')]
Name = Annotated[Pair, Shown()]
MayBeEmpty = Annotated[Pair, Shown(blank=True)]
Names = Annotated[tuple[Pair, ...], Shown(), Count(1, 20)]
Materials = Annotated[tuple[str, ...], RefersTo(MATERIAL)]
Code = Annotated[str, _TWO_DIGITS, Defines(CODE)]


class Provenance(StrEnum):
    """How well the composition of a package is supported."""

    XIAMEN = "xiamen"
    FUJIAN = "fujian"
    NATIONAL = "national"
    OTHER_REGION = "other-region"
    GENERAL_KNOWLEDGE = "general-knowledge"


class QuestionKind(StrEnum):
    """Yes or no, or one of several."""

    YESNO = "yesno"
    CHOICE = "choice"


@dataclass(frozen=True, kw_only=True)
class MaterialSource(Record):
    """`[[material]]` of materials.toml."""

    id: Annotated[str, IDENTIFIER, Defines(MATERIAL)]
    name: Name
    kind: MaterialKind
    obtainable_electronically: bool
    carried: bool = True
    note: MayBeEmpty = EMPTY
    source: Source


@dataclass(frozen=True, kw_only=True)
class OptionSource(Record):
    """`[[package.situation.option]]`."""

    label: Name
    adds: Materials = ()
    removes: Materials = ()
    skips_matters: tuple[str, ...] = ()
    blocks: bool = False
    note: MayBeEmpty = EMPTY


@dataclass(frozen=True, kw_only=True)
class SituationSource(Record):
    """`[[package.situation]]`: one question."""

    question: Name
    kind: QuestionKind
    why: Annotated[Pair, Shown(WHY, blank=True)] = EMPTY
    source: Source
    option: Annotated[tuple[OptionSource, ...], Count(2, 4)]


@dataclass(frozen=True, kw_only=True)
class MatterSource(Record):
    """`[[package.matter]]`."""

    name: Name
    department: Name
    materials: Annotated[tuple[str, ...], RefersTo(MATERIAL), Count(1, 40)]
    produces: Materials = ()
    source: Source


@dataclass(frozen=True, kw_only=True)
class PackageSource(Record):
    """`[[package]]` of a cycle's file."""

    id: Annotated[str, IDENTIFIER, Defines(PACKAGE)]
    code: Code
    name: Annotated[Pair, Shown(TITLE, short=True)]
    short: Annotated[Pair, Shown(TITLE, blank=True, apart=True)] = EMPTY
    summary: Name
    audience: Name
    steps: Names
    trips: Annotated[int, Between(0, 9)]
    trips_source: Source
    online: bool
    fee: Name
    fee_source: Source
    statutory_days: Annotated[int, Between(1, 365)] = 0
    days_unit: Name = EMPTY
    days_scope: Name = EMPTY
    days_source: str = ""
    note: MayBeEmpty = EMPTY
    note_source: str = ""
    provenance_level: Provenance
    reference_only: bool
    national_list: tuple[str, ...] = ()
    source: Source
    matter: Annotated[tuple[MatterSource, ...], Count(1, 40)]
    situation: Annotated[tuple[SituationSource, ...], Count(0, 6)] = ()


@dataclass(frozen=True, kw_only=True)
class CycleTable(Record):
    """`[cycle]` of a cycle's file."""

    id: Annotated[str, IDENTIFIER, Defines(OWNER)]
    direction: Direction
    place: Annotated[int, Between(1, 8)]
    name: Name
    label: Annotated[Pair, Shown(CARD_LABEL)]
    gloss: Annotated[Pair, Shown(CARD_GLOSS)]
    seal: Annotated[str, Shown(), Pattern("[\u4e00-\u9fff]", "one Chinese character")]
    source: Source


@dataclass(frozen=True, kw_only=True)
class CycleSource(Record):
    """A file of cycles/. Nine packages at most: each has a digit on its screen."""

    cycle: CycleTable
    package: Annotated[tuple[PackageSource, ...], Count(1, 9)]


@dataclass(frozen=True, kw_only=True)
class MaterialsSource(Record):
    """materials.toml."""

    material: Annotated[tuple[MaterialSource, ...], Count(1, 5000)]


@dataclass(frozen=True, kw_only=True)
class ThemeSource(Record):
    """`[[theme]]`."""

    letter: Annotated[str, Pattern("[A-HJ-NP-Z]", "one capital letter, without I and O"), Defines(LETTER)]
    of: Annotated[str, RefersTo(OWNER), Defines("theme for")]
    name: Annotated[Pair, Shown(THEME_NAME)]


@dataclass(frozen=True, kw_only=True)
class ThemesSource(Record):
    """themes.toml."""

    retired: Annotated[tuple[str, ...], Pattern("[A-HJ-NP-Z]", "one capital letter, without I and O")]
    theme: Annotated[tuple[ThemeSource, ...], Count(1, 24)]


@dataclass(frozen=True, kw_only=True)
class HallTable(Record):
    """`[hall]` of hall.toml."""

    name: Name
    sample: bool
    last_number_minutes: Annotated[int, Between(0, 120)]
    closed: tuple[datetime.date, ...] = ()
    open: tuple[datetime.date, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SessionSource(Record):
    """`[[session]]` of hall.toml."""

    opens: Annotated[str, CLOCK]
    closes: Annotated[str, CLOCK]


@dataclass(frozen=True, kw_only=True)
class HallSource(Record):
    """hall.toml."""

    hall: HallTable
    session: Annotated[tuple[SessionSource, ...], Count(1, 6)]


@dataclass(frozen=True, kw_only=True)
class FactSource(Record):
    """`[[kiosk.fact]]`."""

    text: Name
    source: Source


@dataclass(frozen=True, kw_only=True)
class KioskTable(Record):
    """`[kiosk]` of station.toml."""

    name: Name
    station_count_in_district: int
    station_count_source: Source
    auth: Name
    auth_source: Source
    fact: tuple[FactSource, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CenterTable(Record):
    """`[center]` of station.toml."""

    name: Name
    address: MayBeEmpty
    phone: str
    operator: Name
    theme_queue: Name
    source: Source


@dataclass(frozen=True, kw_only=True)
class StationSource(Record):
    """station.toml."""

    kiosk: KioskTable
    center: CenterTable
