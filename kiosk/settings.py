"""kiosk.toml as frozen values. Every mistake is found in one go and said with its file, key and what is allowed."""

import difflib
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from kiosk.text import Language, Text, ambiguous, cells, clean

BAUDS = (9600, 19200, 38400, 57600, 115200)
HOST_LIMIT = 25
"""Characters of a host that still leave room for code and signature in a QR code of 180 characters."""


class SettingsError(Exception):
    """The settings cannot be used; `mistakes` holds one line each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class Station:
    """Which station this is."""

    number: str = "07"
    name_zh: str = "集美区24小时e政务便民服务站"
    name_hant: str = "集美區24小時e政務便民服務站"
    name_en: str = "Jimei 24-hour e-Government Station"

    @property
    def name(self) -> Text:
        """The name in all languages."""
        return Text(self.name_zh, self.name_hant, self.name_en)


@dataclass(frozen=True)
class HallName:
    """The hall where the tickets are called."""

    name_zh: str = "集美区政务服务中心"
    name_hant: str = "集美區政務服務中心"
    name_en: str = "Jimei Government Service Centre"

    @property
    def name(self) -> Text:
        """The name in all languages."""
        return Text(self.name_zh, self.name_hant, self.name_en)


@dataclass(frozen=True)
class Display:
    """How the screen looks, and what the terminal is.

    `large_type` tells how 大字 is done: "none", or "sway", which scales its `output` ("*" for all); `scale` is the
    output's scale at normal type, as sway-output(5) has it. `capital_mm` is the height of a capital H as measured on
    the glass, 0 for not measured, `distance_mm` how far away people stand.
    """

    theme: str = "day"
    large_type: str = "none"
    output: str = "*"
    scale: float = 1.0
    capital_mm: float = 0.0
    distance_mm: int = 600


@dataclass(frozen=True)
class Keypad:
    """The keys of the seven places at the foot of each screen, one character each."""

    back: str = "*"
    home: str = "/"
    help: str = "."
    language: str = "0"
    large: str = "-"
    voice: str = "+"
    end: str = "#"


@dataclass(frozen=True)
class PrinterPort:
    """Where the printer is and what it is. `baud` in bits a second, `paper` in millimetres."""

    port: str = "/dev/ttyUSB0"
    baud: int = 9600
    paper: int = 58
    columns: int = 32
    profile: str = "generic-58"


@dataclass(frozen=True)
class ScannerPort:
    """Where the scanner is, an empty port for none. `baud` in bits a second."""

    port: str = ""
    baud: int = 9600


@dataclass(frozen=True)
class Languages:
    """The languages on offer, the first for a fresh visit."""

    offered: tuple[Language, ...] = (Language.HANS, Language.HANT, Language.EN)


@dataclass(frozen=True)
class IdleTimes:
    """Seconds without a touch before the warning, and seconds to answer it (WCAG 2.2.1: at least 20)."""

    quiet_seconds: int = 60
    answer_seconds: int = 30


@dataclass(frozen=True)
class QrHosts:
    """The hosts that a QR code may lead to; the first is used, none means that no QR code is shown."""

    hosts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Center:
    """The other end of the line; an empty address means not connected."""

    url: str = ""
    interval_seconds: int = 30


@dataclass(frozen=True)
class Retention:
    """How long things stay on the station. `personal_hours` begin when the center has acknowledged what was sealed."""

    slips_days: int = 10
    counters_days: int = 400
    personal_hours: int = 24


@dataclass(frozen=True)
class Metrics:
    """Where the findings are told to a monitor on the same machine; port 0 for nowhere."""

    port: int = 0


@dataclass(frozen=True)
class Settings:
    """All settings; `path` is the file they came from."""

    station: Station = Station()
    hall: HallName = HallName()
    display: Display = Display()
    keypad: Keypad = Keypad()
    printer: PrinterPort = PrinterPort()
    scanner: ScannerPort = ScannerPort()
    languages: Languages = Languages()
    idle: IdleTimes = IdleTimes()
    qr: QrHosts = QrHosts()
    center: Center = Center()
    retention: Retention = Retention()
    metrics: Metrics = Metrics()
    path: Path | None = None


Check = Callable[[Any], str | None]
"""Returns what is allowed when the value is not, else None."""


def _label(width: int, pattern: str = "") -> Check:
    def check(value: Any) -> str | None:
        if not isinstance(value, str):
            return "a text in quotation marks"
        if not value or clean(value) != value:
            return "a text without control characters or blanks at its ends"
        if found := ambiguous(value):
            return f"a text without {found[0]!r}, which terminals draw in different widths"
        if cells(value) > width:
            return f"at most {width} cells (a Chinese character takes 2); this one takes {cells(value)}"
        if pattern and not re.fullmatch(pattern, value):
            return pattern
        return None

    return check


def _choice(*allowed: object) -> Check:
    def check(value: Any) -> str | None:
        if isinstance(value, bool) or value not in allowed:
            return "one of " + ", ".join(repr(one) if isinstance(one, str) else str(one) for one in allowed)
        return None

    return check


def _whole(low: int, high: int) -> Check:
    def check(value: Any) -> str | None:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            return f"a whole number from {low} to {high}"
        return None

    return check


def _from_to(low: float, high: float) -> Check:
    def check(value: Any) -> str | None:
        if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
            return None
        return f"a number from {low:g} to {high:g}"

    return check


def _output(value: Any) -> str | None:
    # The name becomes part of a command to sway, so nothing but a connector's name may stand there.
    if isinstance(value, str) and re.fullmatch(r"\*|[A-Za-z0-9-]{1,40}", value, re.ASCII):
        return None
    return 'the name of an output such as "HDMI-A-1", or "*" for all'


def _number(value: Any) -> str | None:
    if isinstance(value, str) and re.fullmatch(r"\d\d", value, re.ASCII) and value != "00":
        return None
    return 'two digits in quotation marks, "01" to "99"'


def _key(value: Any) -> str | None:
    if isinstance(value, str) and re.fullmatch("[!-~]", value) and value not in set("123456789"):
        return None
    return "one printable character that is not a digit 1 to 9"


def _port(value: Any) -> str | None:
    if not isinstance(value, str) or clean(value) != value:
        return 'the name of a serial port such as "/dev/ttyUSB0", or "" for none'
    if value and not value.startswith("/"):
        return "a full path such as /dev/ttyUSB0"
    if value and Path(value).is_dir():
        return f"a serial port; {value} is a folder"
    if value and Path(value).exists() and not Path(value).is_char_device():
        return f"a serial port; {value} is an ordinary file"
    return None


def _port_number(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and (value == 0 or 1024 <= value <= 65535):
        return None
    return "0 for none, or a whole number from 1024 to 65535"


def _languages(value: Any) -> str | None:
    known = [str(language) for language in Language]
    if isinstance(value, list) and value and all(one in known for one in value) and len(set(value)) == len(value):
        return None
    return "a list of one to three different languages out of " + ", ".join(f'"{one}"' for one in known)


def _hosts(value: Any) -> str | None:
    pattern = r"(?=.{4,})[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+"
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return 'a list of host names such as ["fw.example.cn"]'
    for one in value:
        if len(one) > HOST_LIMIT:
            return f"host names of at most {HOST_LIMIT} characters; {one!r} has {len(one)}"
        if not re.fullmatch(pattern, one, re.ASCII):
            return f"plain host names in lower case without https:// or port; not {one!r}"
    return None


def _url(value: Any) -> str | None:
    if value == "" or (isinstance(value, str) and re.fullmatch(r"https://[a-z0-9.-]+(:\d{1,5})?/?", value, re.ASCII)):
        return None
    return '"" or an address such as "https://center.example.cn"'


_PROFILE = r"[a-z0-9-]+"
CHECKS: dict[str, dict[str, Check]] = {
    "station": {"number": _number, "name_zh": _label(32), "name_hant": _label(32), "name_en": _label(40)},
    "hall": {"name_zh": _label(32), "name_hant": _label(32), "name_en": _label(32)},
    "display": {
        "theme": _choice("day", "contrast"),
        "large_type": _choice("none", "sway"),
        "output": _output,
        "scale": _from_to(0.5, 4),
        "capital_mm": _from_to(0, 100),
        "distance_mm": _whole(200, 2000),
    },
    "keypad": {one.name: _key for one in fields(Keypad)},
    "printer": {
        "port": _port,
        "baud": _choice(*BAUDS),
        "paper": _choice(58, 80),
        "columns": _whole(24, 64),
        "profile": _label(40, _PROFILE),
    },
    "scanner": {"port": _port, "baud": _choice(*BAUDS)},
    "languages": {"offered": _languages},
    "idle": {"quiet_seconds": _whole(20, 600), "answer_seconds": _whole(20, 300)},
    "qr": {"hosts": _hosts},
    "center": {"url": _url, "interval_seconds": _whole(5, 3600)},
    "metrics": {"port": _port_number},
    "retention": {"slips_days": _whole(1, 400), "counters_days": _whole(400, 36500), "personal_hours": _whole(1, 720)},
}


def _nearest(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else f"; known here: {', '.join(known)}"


def load(path: Path, profiles: frozenset[str] | None = None) -> Settings:
    """Read `path`. `profiles` are the known printer profiles, checked when given.

    Raises SettingsError with every mistake, one line each: file, key, what was found, what is allowed.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise SettingsError([f"{path}: no such file; copy the kiosk.toml that came with the program"]) from None
    except OSError as error:
        raise SettingsError([f"{path}: cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError as error:
        raise SettingsError([f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8"]) from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError([f"{path}: not valid TOML: {error}"]) from None
    mistakes = [f"{path}: {mistake}" for mistake in _mistakes(tables, profiles)]
    if mistakes:
        raise SettingsError(mistakes)
    return _build(tables, path)


def _mistakes(tables: dict[str, Any], profiles: frozenset[str] | None) -> list[str]:
    found = []
    for section, table in tables.items():
        checks = CHECKS.get(section)
        if checks is None:
            found.append(f"[{clean(section, 40)}] is not a section{_nearest(section, list(CHECKS))}")
            continue
        if not isinstance(table, dict):
            found.append(f"{section}: must be a section [{section}], not a single value")
            continue
        for key, value in table.items():
            check = checks.get(key)
            if check is None:
                found.append(f"{section}.{clean(key, 40)} is not a key{_nearest(key, list(checks))}")
            elif allowed := check(value):
                found.append(f"{section}.{key} = {clean(repr(value), 60)}: must be {allowed}")
    if not found:
        keypad = Keypad(**tables.get("keypad", {}))
        caps = [getattr(keypad, one.name) for one in fields(Keypad)]
        found += [
            f"keypad: {cap!r} stands for more than one place; every place needs a key of its own"
            for cap in sorted({cap for cap in caps if caps.count(cap) > 1})
        ]
        profile = PrinterPort(**tables.get("printer", {})).profile
        if profiles is not None and profile not in profiles:
            found.append(f"printer.profile = {profile!r} is not known{_nearest(profile, sorted(profiles))}")
    return found


def _build(tables: dict[str, Any], path: Path) -> Settings:
    def take(section: str) -> dict[str, Any]:
        return dict(tables.get(section, {}))

    languages = take("languages")
    if languages:
        languages["offered"] = tuple(map(Language, languages["offered"]))
    return Settings(
        station=Station(**take("station")),
        hall=HallName(**take("hall")),
        display=Display(**take("display")),
        keypad=Keypad(**take("keypad")),
        printer=PrinterPort(**take("printer")),
        scanner=ScannerPort(**take("scanner")),
        languages=Languages(**languages),
        idle=IdleTimes(**take("idle")),
        qr=QrHosts(hosts=tuple(take("qr").get("hosts", ()))),
        center=Center(**take("center")),
        retention=Retention(**take("retention")),
        metrics=Metrics(**take("metrics")),
        path=path,
    )
