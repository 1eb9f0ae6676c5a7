"""Every setting with its value and where it comes from. They are changed in the file alone, and count after a start."""

import dataclasses
import tomllib
from collections.abc import Mapping
from enum import StrEnum

import msgspec

from kiosk.settings import CHECKS, Settings
from kiosk.text import clean


class Origin(StrEnum):
    """Where the value in use comes from. CHANGED: the file says otherwise by now, which counts after a restart."""

    FILE = "file"
    DEFAULT = "default"
    CHANGED = "changed"


class Setting(msgspec.Struct, frozen=True):
    """One setting: its name in the file, its value as it would stand there, where it comes from."""

    name: str
    value: str
    origin: Origin


class SettingsView(msgspec.Struct, frozen=True):
    """All settings of a running station. `readable`: the file can be read now."""

    path: str
    readable: bool
    settings: tuple[Setting, ...]


def view(settings: Settings) -> SettingsView:
    """Return the settings in use beside what the file says now; waits for the disk. A broken file is no error here."""
    tables = _tables(settings)
    told = []
    for section in CHECKS:
        table = (tables or {}).get(section, {})
        written = table if isinstance(table, Mapping) else {}
        for one in dataclasses.fields(used := getattr(settings, section)):
            value = getattr(used, one.name)
            told.append(Setting(f"{section}.{one.name}", _shown(value), _origin(value, one.name, written, one.default)))
    return SettingsView(str(settings.path or ""), tables is not None, tuple(told))


def _tables(settings: Settings) -> dict[str, object] | None:
    try:
        return tomllib.loads(settings.path.read_text("utf-8")) if settings.path else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None


def _origin(value: object, name: str, written: Mapping[str, object], default: object) -> Origin:
    if name in written:
        return Origin.FILE if _shown(written[name]) == _shown(value) else Origin.CHANGED
    return Origin.DEFAULT if value == default else Origin.CHANGED


def _shown(value: object) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(clean(str(one), 40) for one in value)
    return clean(str(value), 60)
