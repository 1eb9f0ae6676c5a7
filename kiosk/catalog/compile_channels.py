"""Turns the files of the channels, which hold no mistake any more, into pages of items with their facts."""

import dataclasses
from collections.abc import Iterable, Iterator

from kiosk.catalog.compile import Words
from kiosk.catalog.lists import named
from kiosk.catalog.model import PLACE, WAY, Audience, Channel, Fact, Group, Item, Section
from kiosk.catalog.schema import Pair, Record
from kiosk.catalog.source_channels import NO_TRIPS_KNOWN, ChannelSource, SectionSource
from kiosk.catalog.source_requests import RequestSource
from kiosk.text import Language, Text

TERMS = {
    "opened": "开设",
    "audience": "服务对象",
    "location": PLACE,
    "province": "省份",
    "city": "城市",
    "role": "职责",
    "category": "类别",
    "summary": "说明",
    "condition": "条件",
    "services": "服务内容",
    "matters": "包含事项",
    "provider": "由谁提供",
    "system": "主管系统",
    "rule": "办理原则",
    "mode": WAY,
    "modes": WAY,
    "fee": "费用",
    "days_note": "办理时限",
    "day": "日期",
    "period": "时段",
    "holiday_note": "提醒",
    "window_address": "窗口地址",
    "specialists": "专员",
    "partners": "参与单位",
    "claims": "特色",
    "style": "服务方式",
    "status": "现状",
    "branch_plan": "分站",
}
"""Which keys of the files are facts to show, in this order, and what each is called."""

_DAYS = "办理时限"
_PHONE = "电话"
_GUESSED = "general-knowledge"


def channel(file: ChannelSource, requests: Iterable[RequestSource], words: Words) -> Channel:
    """Return one channel with its pages and the requests that it takes."""
    source = file.channel
    return Channel(
        id=source.id,
        code=source.code,
        name=words(source.name),
        label=words(source.label),
        gloss=words(source.gloss),
        about=tuple(_facts(source, words)),
        sections=tuple(_section(file, section, words) for section in file.section),
        requests=tuple(request.request.id for request in requests if request.request.channel == source.id),
        language=Language(source.language) if source.language else None,
    )


def shown_tables(file: ChannelSource) -> dict[str, tuple[Record, ...]]:
    """Return the tables of a channel that can be pages, by their key: lists of named records, and single ones."""
    found = {}
    for spec in dataclasses.fields(file):
        value = getattr(file, spec.name)
        records = value if isinstance(value, tuple) else (value,)
        if spec.name not in {"at", "channel", "section"} and all(named(record) for record in records):
            found[spec.name] = records
    return found


def _section(file: ChannelSource, source: SectionSource, words: Words) -> Section:
    groups = shown_tables(file)[source.group] if source.group else ()
    records = enumerate(shown_tables(file)[source.list], 1)
    return Section(
        list=source.list,
        name=words(source.name),
        groups=tuple(Group(getattr(group, "id", ""), words(getattr(group, "name", Pair()))) for group in groups),
        items=tuple(_item(record, f"{source.list}-{number}", source.group, words) for number, record in records),
        empty=words(source.empty),
    )


def _item(record: Record, position: str, group: str, words: Words) -> Item:
    audience = getattr(record, "audience", None)
    return Item(
        id=getattr(record, "id", position),
        name=words(getattr(record, "name", Pair())),
        facts=tuple(_facts(record, words)),
        materials=getattr(record, "materials", ()),
        package=getattr(record, "package", ""),
        group=getattr(record, group) if group else "",
        audience=audience if isinstance(audience, Audience) else None,
        sure=not any(_GUESSED in source for source in _sources(record)),
        trips=trips if (trips := getattr(record, "trips", NO_TRIPS_KNOWN)) != NO_TRIPS_KNOWN else None,
    )


def _sources(record: Record) -> Iterator[str]:
    for spec in dataclasses.fields(record):
        if spec.name == "source" or spec.name.endswith("_source"):
            yield getattr(record, spec.name)


def _facts(record: Record, words: Words) -> Iterator[Fact]:
    for key, term in TERMS.items():
        if values := _values(getattr(record, key, None)):
            yield Fact(term, tuple(words(value) for value in values))
    if days := getattr(record, "statutory_days", 0):
        unit: Pair = getattr(record, "days_unit", Pair())
        yield Fact(_DAYS, (words(Pair(f"{days}{unit.zh}", f"{days} {unit.en}")),))
    if phone := getattr(record, "phone", ""):
        yield Fact(_PHONE, (Text(phone, phone, phone),))


def _values(value: object) -> tuple[Pair, ...]:
    """Return what a key holds as texts, nothing for what is empty or no text."""
    if isinstance(value, Pair):
        return (value,) if value.zh else ()
    if isinstance(value, tuple):
        return tuple(entry for entry in value if isinstance(entry, Pair))
    return ()
