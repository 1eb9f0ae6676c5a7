"""What kind of printer stands at the port: one entry of data/printers.toml."""

import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from kiosk.documents import NARROWEST

COLUMN_DOTS = 12
"""Width of one ASCII character of font A; a Chinese character takes 24 (Epson, Gprinter and Zjiang manuals agree)."""


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of printer. `columns` of 12 dots fit its `dots`; the other keys are explained in data/printers.toml.

    Raises ValueError when the columns do not fit the dots or are fewer than a slip needs.
    """

    name: str
    columns: int
    dots: int
    cut: Literal["partial", "full", "tear"]
    native_qr: bool
    process_id: bool
    charset: Literal["gbk", "gb2312"]

    def __post_init__(self) -> None:
        if not NARROWEST <= self.columns <= self.dots // COLUMN_DOTS:
            raise ValueError(
                f"printer {self.name}: columns = {self.columns} must be at least {NARROWEST} and fit {self.dots} dots, "
                f"which are {self.dots // COLUMN_DOTS} columns"
            )


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    printer: tuple[Profile, ...]


def read_profiles(path: Path) -> dict[str, Profile]:
    """Return the printers of `path` (TOML) by name.

    Raises OSError when the file cannot be read, ValueError naming the file and the mistake when it is wrong.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
        profiles = msgspec.convert(tables, _Table).printer
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise ValueError(f"{path}: {error}") from None
    names = [profile.name for profile in profiles]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{path}: two printers are named {name}")
    return dict(zip(names, profiles, strict=True))
