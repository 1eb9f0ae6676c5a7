"""The lists of the catalogue that forms and menus take their entries from: tables of channels, areas, communities.

A list is called by its channel and table, such as `home_assist.bookable`. Records with an id and a name are entries.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeGuard

from kiosk.catalog.read import Data
from kiosk.catalog.schema import Pair, Record


@dataclass(frozen=True)
class Entry:
    """One entry: its id, its name, and what it belongs to, by key: a matter's `unit`, a community's `area`."""

    id: str
    name: Pair
    of: Mapping[str, str]
    record: Record


def named_lists(data: Data) -> dict[str, tuple[Entry, ...]]:
    """Return every list by its name."""
    found: dict[str, tuple[Entry, ...]] = {}
    for file in data.channels:
        for name, records in tables(file).items():
            found[f"{file.channel.id}.{name}"] = tuple(_entry(record) for record in records)
    areas = data.places.area if data.places else ()
    found["areas"] = tuple(_entry(area) for area in areas)
    found["communities"] = tuple(
        Entry(community.zh, community, {"area": area.id}, area) for area in areas for community in area.communities
    )
    return found


def tables(file: Record) -> dict[str, tuple[Record, ...]]:
    """Return the tables of a file whose records have an id and a name, by their key; empty ones too."""
    found = {}
    for spec in dataclasses.fields(file):
        value = getattr(file, spec.name)
        if isinstance(value, tuple) and all(named(record) and hasattr(record, "id") for record in value):
            found[spec.name] = value
    return found


def named(value: object) -> TypeGuard[Record]:
    """Return whether `value` is a record with a name."""
    return isinstance(value, Record) and isinstance(getattr(value, "name", None), Pair)


def _entry(record: Record) -> Entry:
    values = {spec.name: getattr(record, spec.name) for spec in dataclasses.fields(record)}
    of = {name: value for name, value in values.items() if isinstance(value, str) and name not in {"id", "source"}}
    return Entry(values["id"], values["name"], of, record)
