"""What kind of printer stands at the port: one entry of data/printers.toml."""

import tomllib
from pathlib import Path
from typing import Literal

import msgspec

from devices.wire import BAUDS, Flow
from kiosk.documents import NARROWEST
from kiosk.ports import Part

COLUMN_DOTS = 12
"""Width of one ASCII character of font A; a Chinese character takes 24 (Epson, Gprinter and Zjiang manuals agree)."""
UNVERIFIED = "未核实"
"""How the source of a fact begins that nobody has confirmed."""

Cutting = Literal["partial", "full", "tear"]
Charset = Literal["gbk", "gb2312"]
Asking = Literal["real-time", "unasked", "none"]
Drawing = Literal["user", "image", "none"]


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of printer. `columns` of 12 dots fit its `dots`; the other keys are explained in data/printers.toml.

    Raises ValueError when the columns do not fit the dots or are fewer than a slip needs.
    """

    name: str
    columns: int
    dots: int
    cut: Cutting
    native_qr: bool
    process_id: bool
    charset: Charset
    glyphs: Drawing = "none"
    slots: int = 6
    status: Asking = "real-time"
    senses: tuple[Part, ...] = (Part.COVER, Part.PAPER, Part.ROLL, Part.CUTTER, Part.HEAD)
    clear: bool = False
    flow: Flow = Flow.NONE
    dots_per_mm: int = 8
    speed: int = 60
    bauds: tuple[int, ...] = BAUDS
    source: dict[str, str] = {}

    def __post_init__(self) -> None:
        if not NARROWEST <= self.columns <= self.dots // COLUMN_DOTS:
            raise ValueError(
                f"printer {self.name}: columns = {self.columns} must be at least {NARROWEST} and fit {self.dots} dots, "
                f"which are {self.dots // COLUMN_DOTS} columns"
            )
        if not 20 <= self.speed <= 500:
            raise ValueError(f"printer {self.name}: speed = {self.speed} must be 20 to 500 millimetres a second")
        if not 5 <= self.dots_per_mm <= 12:
            raise ValueError(f"printer {self.name}: dots_per_mm = {self.dots_per_mm} must be 5 to 12")
        if not 1 <= self.slots <= 94:
            raise ValueError(f"printer {self.name}: slots = {self.slots} must be 1 to 94: FE A1 to FE FE")
        if not self.bauds or not set(self.bauds) <= set(BAUDS):
            raise ValueError(f"printer {self.name}: bauds must be some of {', '.join(map(str, BAUDS))}")

    @property
    def unverified(self) -> tuple[str, ...]:
        """The facts that nobody has confirmed: a test page or `kiosk printer probe` settles them."""
        return tuple(fact for fact in FACTS if self.source.get(fact, UNVERIFIED).startswith(UNVERIFIED))


FACTS = tuple(field for field in Profile.__struct_fields__ if field not in {"name", "source"})
"""All that a profile says of a printer; each has its source."""


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    printer: tuple[Profile, ...]


def read_profiles(path: Path) -> dict[str, Profile]:
    """Return the printers of `path` (TOML) by name.

    Raises OSError when the file cannot be read, ValueError naming the file and the mistake, in one line, when it is
    wrong: also when a fact is left out, or has no source.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
        profiles = msgspec.convert(tables, _Table).printer
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise ValueError(f"{path}: {error}") from None
    for place, (profile, table) in enumerate(zip(profiles, tables["printer"], strict=True)):
        names = [one.name for one in profiles[:place]]
        if profile.name in names:
            raise ValueError(f"{path}: two printers are named {profile.name}")
        _check_sources(path, profile, table)
    return {profile.name: profile for profile in profiles}


def _check_sources(path: Path, profile: Profile, table: dict[str, object]) -> None:
    where = f"{path}: printer {profile.name}"
    for fact in FACTS:
        if fact not in table:
            raise ValueError(f"{where}: {fact} is missing")
        if not profile.source.get(fact, "").strip():
            raise ValueError(f"{where}: source.{fact} is missing: where the fact is from, or {UNVERIFIED}")
    for fact in profile.source:
        if fact not in FACTS:
            raise ValueError(f"{where}: source.{fact} is the source of no fact; known: {', '.join(FACTS)}")
