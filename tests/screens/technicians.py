"""A technician in front of the station: how they come in, and what stands behind the door."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.cli.rehearsing import FAULTS
from kiosk.cli.technician_door import door_of
from kiosk.settings import ScannerPort, Settings
from kiosk.station import Station
from kiosk.technician.codes import Codes
from kiosk.technician.door import Door
from kiosk.technician.findings import Finding, Kind, ordered
from kiosk.technician.overview import Overview
from kiosk.technician.symptoms import SYMPTOMS, found
from screens.knock import KEYS
from tests.screens.stage import Visitor

CODE = "271828"
NAME = "T1"
SINCE = 1_790_000_000_000


@dataclass
class Given:
    """A test that finds what it was given."""

    name: str
    title: str
    reason: str = "打印机出问题时，来访者拿不到小票"
    symptom: str = ""
    value: str = ""
    kind: Kind = Kind.AUTOMATIC
    runs: list[int] = field(default_factory=list)

    def run(self) -> Finding:
        self.runs.append(1)
        return found(self.name, self.symptom, self.value)


def station_tests() -> tuple[Given, ...]:
    """As many tests as a station has, well and not."""
    return (
        Given("printer", "打印机", symptom="printer-paper-out", value="/dev/ttyUSB0 9600"),
        Given("disk", "磁盘", value="12.0 GiB, 3 ms"),
        Given("line", "线路", symptom="line-route"),
        Given("scanner", "扫码器", symptom="scanner-not-configured"),
        Given("clock", "时钟", symptom="clock-uncompared"),
    )


def door_to(
    folder: Path,
    tests: tuple[Given, ...] | None = None,
    *,
    faults: Callable[[str, bool], None] | None = None,
    with_code: bool = True,
) -> Callable[[Station], Door]:
    """Return what makes the door of a station whose state folder is `folder`."""
    if with_code:
        Codes(folder).set(NAME, CODE, 0)
    given = station_tests() if tests is None else tests
    findings = ordered(tuple(found(one.name, one.symptom, one.value) for one in given))

    def make(station: Station) -> Door:
        return door_of(
            Settings(scanner=ScannerPort("/dev/ttyS1")),
            station,
            lambda: given,
            lambda: Overview(1, SINCE, findings),
            faults=(FAULTS, faults) if faults else None,
        )

    return make


def every_symptom() -> tuple[Given, ...]:
    """A test for each symptom that there is."""
    return tuple(Given(f"t{at}", "打印机", symptom=code, value="ttyUSB0") for at, code in enumerate(SYMPTOMS))


async def knock_by_key(visitor: Visitor) -> None:
    """Press the sequence on the keypad."""
    keypad = vars(visitor.app._settings.keypad)
    await visitor.press(*(keypad[name] for name in KEYS))


async def knock_by_touch(visitor: Visitor) -> None:
    """Touch the corners in turn."""
    right, low = visitor.app.frame.columns - 1, visitor.app.frame.rows - 1
    for x, y in ((0, 0), (right, 0), (right, low), (0, low), (0, 0)):
        await visitor.touch(x, y)


async def enter(visitor: Visitor) -> None:
    """Type the code."""
    await visitor.press(*CODE, "enter")
