"""`kiosk printer`: how the printer is, what it answers, a test page, and a virtual printer on a pseudo-terminal."""

import argparse
import os
from pathlib import Path
from typing import NamedTuple

from devices.profile import Profile
from devices.wire import BAUDS
from kiosk import paths
from kiosk.cli.attached import glyphs, profile_called, profile_of
from kiosk.cli.failure import Failure
from kiosk.cli.station import add_places, read_settings, state_folder
from kiosk.documents import Code, Cut, Document, Gap, Item, Rule, Words
from kiosk.ports import Condition, Outcome, Part, Proof, Reading, Result
from kiosk.text import Language

GENERIC = {58: "generic-58", 80: "generic-80"}

_CONDITIONS = {
    Condition.READY: "ready",
    Condition.PAPER_LOW: "ready, but the paper is nearly used up: have a new roll at hand",
    Condition.PAPER_OUT: "out of paper: put in a new roll",
    Condition.COVER_OPEN: "the cover is open: close it",
    Condition.CUTTER: "the cutter is stuck: switch off, free it, switch on",
    Condition.ERROR: "reports an error: let it cool, or switch it off and on again",
    Condition.OFFLINE: "is offline: check for a pressed feed button, then switch it off and on again",
    Condition.NO_ANSWER: "does not answer: check power, cable and speed (baud); kiosk printer probe finds the speed",
    Condition.NOISE: "answers with noise: wrong speed (baud) or bad cable; kiosk printer probe finds the speed",
    Condition.UNKNOWN: "answers only in part: what it does not say is unknown",
    Condition.UNSUPPORTED: "does not tell how it is, by its profile: look at a page of: kiosk printer test",
}
_PARTS = {
    Part.LINE: "line",
    Part.COVER: "cover",
    Part.PAPER: "paper",
    Part.ROLL: "roll",
    Part.CUTTER: "cutter",
    Part.HEAD: "head",
}
_READINGS = {
    Reading.FINE: "fine",
    Reading.LOW: "nearly used up",
    Reading.WAITING: "waiting, goes on by itself",
    Reading.FAULT: "fault",
    Reading.UNKNOWN: "unknown",
    Reading.UNSUPPORTED: "not told by this printer",
}


class Place(NamedTuple):
    """Where a printer is, how fast, and of what kind."""

    port: str
    baud: int
    profile: Profile


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to `commands`."""
    parser = commands.add_parser("printer", help="the printer from the shell, or a virtual one")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, text in (("status", "ask the printer how it is"), ("test", "print a test page and wait for proof")):
        action = actions.add_parser(name, help=text)
        action.add_argument("--port", metavar="PORT", help="a device's path (default: from the settings)")
        action.add_argument("--baud", type=int, choices=BAUDS, default=9600, help="bits a second, with --port")
        action.add_argument("--paper", type=int, choices=sorted(GENERIC), default=58, help="paper, with --port")
        action.add_argument("--profile", metavar="NAME", help="a name of data/printers.toml, with --port")
        add_places(action)
    probe = actions.add_parser("probe", help="find the printer, its speed and what it answers, and store it")
    probe.add_argument("--port", metavar="PORT", action="append", help="look here alone (default: all serial ports)")
    add_places(probe)
    virtual = actions.add_parser("virtual", help="a virtual printer that shows its paper here")
    virtual.add_argument("--link", type=Path, required=True, metavar="PATH", help="where the port is linked to")
    virtual.add_argument("--paper", type=int, choices=sorted(GENERIC), default=58, help="width in millimetres")
    virtual.add_argument("--baud", type=int, choices=BAUDS, help="its own speed (default: hears every speed)")
    virtual.add_argument("--flow", action="store_true", help="send XOFF and XON as its buffer fills")
    virtual.add_argument("--script", type=Path, metavar="FILE", help="what goes wrong when: `line 12 paper out`")
    virtual.add_argument("--log", type=Path, metavar="FILE", help="write each piece of paper as a line of JSON")
    virtual.add_argument("--png", type=Path, metavar="FOLDER", help="draw each piece of paper as a picture")
    making = actions.add_parser("glyphs", help="for developers: make data/glyphs from an open font")
    making.add_argument("font", type=Path, metavar="FONT", help="a font file with half-wide ASCII characters")
    making.add_argument("--face", type=int, default=0, metavar="N", help="which face of a collection")


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    match arguments.action:
        case "virtual":
            from kiosk.cli import virtual

            return virtual.run(arguments)
        case "probe":
            from kiosk.cli import probing

            return probing.run(arguments)
        case "glyphs":
            from kiosk.cli.glyphs import make

            print(make(arguments.font, arguments.face, paths.data_dir() / "glyphs"))
            return os.EX_OK
    place = _place(arguments)
    return _status(place) if arguments.action == "status" else _test(place)


def _place(arguments: argparse.Namespace) -> Place:
    """Return the printer of the command line, or else that of the settings."""
    if arguments.port:
        profile = profile_called(arguments.profile or GENERIC[arguments.paper])
        return Place(arguments.port, arguments.baud, profile)
    settings = read_settings(arguments.config)
    printer = settings.printer
    if not printer.port:
        raise Failure([f"{settings.path}: printer.port is empty: this station has no printer"], os.EX_CONFIG)
    return Place(printer.port, printer.baud, profile_of(settings, state_folder(arguments.state)))


def _status(place: Place) -> int:
    from devices.serial_printer import SerialPrinter

    printer = SerialPrinter(*place)
    state = printer.state()
    printer.close()
    if state.condition not in {Condition.READY, Condition.PAPER_LOW}:
        raise Failure([_said(place.port, state.condition)], os.EX_UNAVAILABLE)
    print(_said(place.port, state.condition))
    for part, reading in state.readings.items():
        print(f"  {_PARTS[part]}: {_READINGS[reading]}")
    return os.EX_OK


def _test(place: Place) -> int:
    from devices.serial_printer import SerialPrinter

    printer = SerialPrinter(*place, glyphs=glyphs())
    outcome = printer.print(test_page(place.profile), job=0)
    printer.close()
    if outcome.result is not Result.PRINTED:
        raise Failure([_trouble(place.port, outcome)], os.EX_UNAVAILABLE)
    proof = "its process id came back" if outcome.proof is Proof.PROCESS_ID else "the printer processed all of it"
    print(f"{place.port}: printed ({proof}); {_CONDITIONS[outcome.condition]}")
    if place.profile.unverified:
        print(f"  look at the page: of {place.profile.name} unverified are {', '.join(place.profile.unverified)}")
    return os.EX_OK


def _trouble(port: str, outcome: Outcome) -> str:
    if outcome.result is Result.HELD:
        part = "; what came out of the test page is not whole" if outcome.started else ""
        return _said(port, outcome.condition) + part
    return f"{port}: sent, but the printer gives no proof: look whether the page ends with a cut"


def _said(port: str, condition: Condition) -> str:
    return f"{port}: {_CONDITIONS.get(condition) or why_no_port(Path(port))}"


def why_no_port(port: Path) -> str:
    """Return in words why `port` cannot be opened."""
    if port.is_dir():
        return "is a folder: printer.port must be a device"
    if not port.exists():
        return "no such port: check cable and printer.port"
    if not os.access(port, os.R_OK | os.W_OK):
        return "not permitted: add this user to the group that owns the port (often dialout)"
    return "cannot be opened: in use by another program, or no serial port"


def test_page(profile: Profile) -> Document:
    """Return a page that shows at a glance what is wrong with columns, fonts, sizes, codes or the cutter."""
    ruler = "".join(str(column % 10) for column in range(1, profile.columns + 1))
    return Document(
        "test page",
        Language.HANS,
        (
            Words(f"{profile.name} {profile.columns}", bold=True, centre=True),
            Words(ruler),
            Words("简体 集美区政务服务 取号 打印"),
            Words("繁體 集美區政務服務 取號 列印"),
            Words("生僻字 镕堃喆𠮷䶮"),
            Words("符号 □ （）「」《》，。"),
            Words("English: queue number A07-012"),
            Words("粗体 bold", bold=True),
            Words("两倍 2x 镕", size=2),
            Words("四倍 4x", size=4),
            Item("□", "左边", "右边"),
            Rule(),
            Code("https://STATION.EXAMPLE/T/0000000000000000"),
            Gap(),
            Words("下面切纸", centre=True),
            Cut(),
        ),
    )
