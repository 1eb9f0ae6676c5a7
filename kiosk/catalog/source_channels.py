"""What belongs into the files of data/channels/, one record per table. See `kiosk.catalog.source` for the manner."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from kiosk.catalog.model import Audience
from kiosk.catalog.schema import EMPTY, Between, Count, Defines, Pair, Pattern, Record, RefersTo, Shown
from kiosk.catalog.source import (
    CARD_GLOSS,
    CHANNEL_LABEL,
    IDENTIFIER,
    OWNER,
    PACKAGE,
    Code,
    Materials,
    MayBeEmpty,
    Name,
    Names,
    Source,
)

SECTION_NAME = (28, 31)

_UNIT = "unit of the student station"
_LANGUAGE_OR_EMPTY = Pattern("|zh-Hans|zh-Hant|en", 'zh-Hans, zh-Hant, en, or "" for none')
_CLOCK_OR_EMPTY = Pattern("|([01][0-9]|2[0-3]):[0-5][0-9]", 'a time such as "08:30", or "" when it is not known')

NO_TRIPS_KNOWN = -1
Trips = Annotated[int, Between(0, 9)]
"""How often one has to come; left out where nothing is known of it."""

Division = Annotated[str, Pattern("[0-9]{6}", "the six digits of GB/T 2260 in quotes")]


class Advice(StrEnum):
    """What a consultation of the student station is about."""

    POLICY = "policy"
    BANK_ACCOUNT = "bank-account"
    INCLUSIVE_LOAN = "inclusive-loan"


@dataclass(frozen=True, kw_only=True)
class ChannelTable(Record):
    """What `[channel]` has in every file.

    With `language` the channel has a card on the welcome page, which begins the visit there and in that language.
    """

    id: Annotated[str, IDENTIFIER, Defines(OWNER)]
    code: Code
    place: Annotated[int, Between(1, 9)]
    name: Name
    label: Annotated[Pair, Shown(CHANNEL_LABEL)]
    gloss: Annotated[Pair, Shown(CARD_GLOSS)]
    language: Annotated[str, _LANGUAGE_OR_EMPTY] = ""
    source: Source


@dataclass(frozen=True, kw_only=True)
class SectionSource(Record):
    """`[[section]]`: a page of the channel that shows the tables `list`, in groups of the table `group` if named.

    `empty` says where to ask while there are none.
    """

    list: str
    name: Annotated[Pair, Shown(SECTION_NAME)]
    group: str = ""
    empty: Annotated[Pair, Shown(SECTION_NAME, blank=True)] = EMPTY


@dataclass(frozen=True, kw_only=True)
class ChannelSource(Record):
    """A file of channels/."""

    channel: ChannelTable
    section: Annotated[tuple[SectionSource, ...], Count(1, 9)]


@dataclass(frozen=True, kw_only=True)
class PlainTable(ChannelTable):
    """`[channel]` of a channel that the bureau adds."""

    audience: MayBeEmpty = EMPTY
    location: MayBeEmpty = EMPTY
    mode: MayBeEmpty = EMPTY


@dataclass(frozen=True, kw_only=True)
class PlainItemSource(Record):
    """`[[item]]` of a channel that the bureau adds."""

    id: Annotated[str, IDENTIFIER, Defines("item")]
    name: Name
    summary: MayBeEmpty = EMPTY
    condition: MayBeEmpty = EMPTY
    fee: MayBeEmpty = EMPTY
    materials: Materials = ()
    package: Annotated[str, RefersTo(PACKAGE, blank=True)] = ""
    trips: Trips = NO_TRIPS_KNOWN
    source: Source


@dataclass(frozen=True, kw_only=True)
class PlainChannelSource(ChannelSource):
    """A file of channels/ that the bureau adds."""

    channel: PlainTable
    item: tuple[PlainItemSource, ...]


@dataclass(frozen=True, kw_only=True)
class StudentTable(ChannelTable):
    """`[channel]` of student_station.toml. The counts are the newspaper's of December 2022."""

    opened: Name
    audience: Name
    services: Names
    partners: Names
    branch_plan: Name
    matter_count: int
    consultation_count: int


@dataclass(frozen=True, kw_only=True)
class UnitSource(Record):
    """`[[unit]]`."""

    id: Annotated[str, IDENTIFIER, Defines(_UNIT)]
    name: Name
    source: Source


@dataclass(frozen=True, kw_only=True)
class StudentMatterSource(Record):
    """`[[matter]]` of student_station.toml."""

    id: Annotated[str, IDENTIFIER, Defines("matter of the student station")]
    unit: Annotated[str, RefersTo(_UNIT)]
    name: Name
    audience: Audience
    source: Source


@dataclass(frozen=True, kw_only=True)
class ConsultationSource(Record):
    """`[[consultation]]`."""

    id: Annotated[str, IDENTIFIER, Defines("consultation")]
    kind: Advice
    category: Name
    category_source: Source
    name: Name
    summary: Name
    provider: Name
    source: Source


@dataclass(frozen=True, kw_only=True)
class PracticeSource(Record):
    """`[[practice]]`: a place for practice or training."""

    id: Annotated[str, IDENTIFIER, Defines("practice place")]
    name: Name
    summary: Name
    source: Source


@dataclass(frozen=True, kw_only=True)
class StudentStationSource(ChannelSource):
    """student_station.toml."""

    channel: StudentTable
    unit: tuple[UnitSource, ...]
    matter: tuple[StudentMatterSource, ...]
    consultation: tuple[ConsultationSource, ...]
    practice: tuple[PracticeSource, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AjiTable(ChannelTable):
    """`[channel]` of aji_station.toml."""

    location: Name
    specialist_count: int
    specialists: Name
    claims: Names
    police_count: int
    tax_count: int
    phone: str


@dataclass(frozen=True, kw_only=True)
class PoliceMatterSource(Record):
    """`[[police_matter]]`. `days_note` is shown instead of a figure that nobody confirmed."""

    id: Annotated[str, IDENTIFIER, Defines("police matter")]
    name: Name
    materials: Materials
    condition: Name
    fee: Name
    named_in_article: bool
    source: Source
    condition_source: Source
    materials_source: Source
    statutory_days: Annotated[int, Between(1, 365)] = 0
    days_unit: Name = EMPTY
    days_source: str = ""
    days_note: Name = EMPTY


@dataclass(frozen=True, kw_only=True)
class TaxMatterSource(Record):
    """`[[tax_matter]]`."""

    id: Annotated[str, IDENTIFIER, Defines("tax matter")]
    name: Name
    summary: Name
    named_in_article: bool
    source: Source
    summary_source: Source


@dataclass(frozen=True, kw_only=True)
class BankService(Record):
    """`[bank_service]`. `weekday` by ISO 8601, Monday is 1."""

    name: Name
    weekday: Annotated[int, Between(1, 7)]
    day: Name
    period: Name
    start_time: Annotated[str, _CLOCK_OR_EMPTY]
    end_time: Annotated[str, _CLOCK_OR_EMPTY]
    services: Names
    holiday_note: Name
    source: Source


@dataclass(frozen=True, kw_only=True)
class AjiStationSource(ChannelSource):
    """aji_station.toml."""

    channel: AjiTable
    police_matter: tuple[PoliceMatterSource, ...]
    tax_matter: tuple[TaxMatterSource, ...]
    bank_service: BankService


@dataclass(frozen=True, kw_only=True)
class AdvisoryTable(ChannelTable):
    """`[channel]` of advisory_group.toml."""

    location: Name
    department_count: int
    measure_count: int
    audience: Name


@dataclass(frozen=True, kw_only=True)
class DepartmentSource(Record):
    """`[[department]]`."""

    name: Name
    role: Name
    named_in_article: bool
    source: Source


@dataclass(frozen=True, kw_only=True)
class MeasureSource(Record):
    """`[[measure]]`."""

    id: Annotated[str, IDENTIFIER, Defines("measure")]
    name: Name
    summary: Name
    described_in_article: bool
    source: Source


@dataclass(frozen=True, kw_only=True)
class AdvisoryGroupSource(ChannelSource):
    """advisory_group.toml."""

    channel: AdvisoryTable
    department: tuple[DepartmentSource, ...]
    measure: tuple[MeasureSource, ...]


@dataclass(frozen=True, kw_only=True)
class ProjectTable(ChannelTable):
    """`[channel]` of project_assist.toml. The counts are the newspaper's of December 2022."""

    audience: Name
    style: Name
    tracked_projects: int
    tracked_matters: int
    assisted_projects: int
    banners: int
    period: Name
    examples: Names


@dataclass(frozen=True, kw_only=True)
class StageSource(Record):
    """`[[stage]]`."""

    id: Annotated[str, IDENTIFIER, Defines("stage")]
    name: Name
    stage_source: Source
    services: Names
    services_source: Source
    matters: Names
    matters_source: Source
    package: Annotated[str, RefersTo(PACKAGE)]
    source: Source


@dataclass(frozen=True, kw_only=True)
class ProjectAssistSource(ChannelSource):
    """project_assist.toml."""

    channel: ProjectTable
    stage: tuple[StageSource, ...]


@dataclass(frozen=True, kw_only=True)
class HomeTable(ChannelTable):
    """`[channel]` of home_assist.toml."""

    status: Name
    mode: Name


@dataclass(frozen=True, kw_only=True)
class EligibleSource(Record):
    """`[[eligible]]`."""

    id: Annotated[str, IDENTIFIER, Defines("eligible group")]
    name: Name
    named_in_article: bool
    source: Source


@dataclass(frozen=True, kw_only=True)
class BookableSource(Record):
    """`[[bookable]]`."""

    id: Annotated[str, IDENTIFIER, Defines("bookable service")]
    name: Name
    package: Annotated[str, RefersTo(PACKAGE, blank=True)]
    source: Source


@dataclass(frozen=True, kw_only=True)
class HomeAssistSource(ChannelSource):
    """home_assist.toml."""

    channel: HomeTable
    eligible: tuple[EligibleSource, ...]
    bookable: tuple[BookableSource, ...]


@dataclass(frozen=True, kw_only=True)
class CrossProvinceTable(ChannelTable):
    """`[channel]` of cross_province.toml."""

    rule: Name
    modes: Names
    modes_source: Source
    local_code: Division
    local_name: Name
    local_code_source: Source


@dataclass(frozen=True, kw_only=True)
class PartnerSource(Record):
    """`[[partner]]`."""

    id: Annotated[str, IDENTIFIER, Defines("partner")]
    province: Name
    province_code: Division
    city: Name
    city_code: Division
    district: Name
    district_code: Division
    name: Name
    window_address: MayBeEmpty
    phone: str
    source: Source
    code_source: Source


@dataclass(frozen=True, kw_only=True)
class SharedMatterSource(Record):
    """`[[matter]]` of cross_province.toml."""

    id: Annotated[str, IDENTIFIER, Defines("cross-province matter")]
    name: Name
    system: Name
    mode: Name
    mode_source: Source
    trips: Trips = NO_TRIPS_KNOWN
    list_year: Annotated[int, Between(2020, 2100)]
    source: Source


@dataclass(frozen=True, kw_only=True)
class CrossProvinceSource(ChannelSource):
    """cross_province.toml."""

    channel: CrossProvinceTable
    partner: tuple[PartnerSource, ...]
    matter: tuple[SharedMatterSource, ...]


CHANNELS: dict[str, type[ChannelSource]] = {
    "student_station": StudentStationSource,
    "aji_station": AjiStationSource,
    "advisory_group": AdvisoryGroupSource,
    "project_assist": ProjectAssistSource,
    "home_assist": HomeAssistSource,
    "cross_province": CrossProvinceSource,
}
