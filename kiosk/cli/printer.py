"""`kiosk printer`: how the printer is, a test page, and a virtual printer on a pseudo-terminal."""

import argparse
import os
import signal
import threading
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

import msgspec

from devices.profile import Profile, read_profiles
from kiosk import paths
from kiosk.cli.failure import Failure
from kiosk.cli.station import read_settings
from kiosk.documents import Code, Cut, Document, Gap, Item, Rule, Words
from kiosk.ports import Condition, Outcome, Proof, Result
from kiosk.text import Language

_GENERIC = {58: "generic-58", 80: "generic-80"}
_GLANCE_S = 0.1

_CONDITIONS = {
    Condition.READY: "ready",
    Condition.PAPER_LOW: "ready, but the paper is nearly used up: have a new roll at hand",
    Condition.PAPER_OUT: "out of paper: put in a new roll",
    Condition.COVER_OPEN: "the cover is open: close it",
    Condition.CUTTER: "the cutter is stuck: switch off, free it, switch on",
    Condition.ERROR: "reports an error: switch it off and on again",
    Condition.OFFLINE: "is offline: check for a pressed feed button, then switch it off and on again",
    Condition.NO_ANSWER: "does not answer: check power and cable",
    Condition.NOISE: "answers with noise: check the speed (baud) and the cable",
    Condition.UNKNOWN: "answers only in part: what it does not say is unknown",
}


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to `commands`."""
    parser = commands.add_parser("printer", help="the printer from the shell, or a virtual one")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, text in (("status", "ask the printer how it is"), ("test", "print a test page and wait for proof")):
        action = actions.add_parser(name, help=text)
        action.add_argument("--port", metavar="PORT", help="a device's path (default: from the settings)")
        action.add_argument("--baud", type=int, default=9600, metavar="SPEED", help="bits a second, with --port")
        action.add_argument("--paper", type=int, choices=sorted(_GENERIC), default=58, help="paper, with --port")
        action.add_argument(
            "--config", type=Path, metavar="FILE", help="settings (default: $KIOSK_CONFIG, ./kiosk.toml)"
        )
    virtual = actions.add_parser("virtual", help="a virtual printer that shows its paper here")
    virtual.add_argument("--link", type=Path, required=True, metavar="PATH", help="where the port is linked to")
    virtual.add_argument("--paper", type=int, choices=sorted(_GENERIC), default=58, help="width in millimetres")


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    if arguments.action == "virtual":
        return _virtual(arguments.link, arguments.paper)
    port, baud, profile = _place(arguments)
    return _status(port, baud, profile) if arguments.action == "status" else _test(port, baud, profile)


def _place(arguments: argparse.Namespace) -> tuple[str, int, Profile]:
    """Return port, speed and kind of the printer: from the command line, or else from the settings."""
    profiles = read_profiles(paths.data_dir() / "printers.toml")
    if arguments.port:
        return arguments.port, arguments.baud, profiles[_GENERIC[arguments.paper]]
    settings = read_settings(arguments.config)
    printer = settings.printer
    if not printer.port:
        raise Failure([f"{settings.path}: printer.port is empty: this station has no printer"], os.EX_CONFIG)
    return printer.port, printer.baud, msgspec.structs.replace(profiles[printer.profile], columns=printer.columns)


def _status(port: str, baud: int, profile: Profile) -> int:
    from devices.serial_printer import SerialPrinter

    printer = SerialPrinter(port, baud, profile)
    condition = printer.condition()
    printer.close()
    if condition not in {Condition.READY, Condition.PAPER_LOW}:
        raise Failure([_said(port, condition)], os.EX_UNAVAILABLE)
    print(_said(port, condition))
    return os.EX_OK


def _test(port: str, baud: int, profile: Profile) -> int:
    from devices.serial_printer import SerialPrinter

    printer = SerialPrinter(port, baud, profile)
    outcome = printer.print(_test_page(profile), job=0)
    printer.close()
    if outcome.result is not Result.PRINTED:
        raise Failure([_trouble(port, outcome)], os.EX_UNAVAILABLE)
    proof = "its process id came back" if outcome.proof is Proof.PROCESS_ID else "the printer processed all of it"
    print(f"{port}: printed ({proof}); {_CONDITIONS[outcome.condition]}")
    return os.EX_OK


def _trouble(port: str, outcome: Outcome) -> str:
    if outcome.result is Result.HELD:
        part = "; what came out of the test page is not whole" if outcome.started else ""
        return _said(port, outcome.condition) + part
    return f"{port}: sent, but the printer gives no proof: look whether the page ends with a cut"


def _said(port: str, condition: Condition) -> str:
    return f"{port}: {_CONDITIONS.get(condition) or _why_no_port(Path(port))}"


def _why_no_port(port: Path) -> str:
    if port.is_dir():
        return "is a folder: printer.port must be a device"
    if not port.exists():
        return "no such port: check cable and printer.port"
    if not os.access(port, os.R_OK | os.W_OK):
        return "not permitted: add this user to the group that owns the port (often dialout)"
    return "cannot be opened: in use by another program, or no serial port"


def _test_page(profile: Profile) -> Document:
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
            Words("生僻字 镕堃喆 □ （）「」《》，。"),
            Words("English: queue number A07-012"),
            Words("粗体 bold", bold=True),
            Words("两倍 2x", size=2),
            Words("四倍 4x", size=4),
            Item("□", "左边", "右边"),
            Rule(),
            Code("https://STATION.EXAMPLE/T/0000000000000000"),
            Gap(),
            Words("下面切纸", centre=True),
            Cut(),
        ),
    )


def _virtual(link: Path, paper: int) -> int:
    from devices.virtual_port import VirtualPort
    from devices.virtual_printer import VirtualPrinter
    from kiosk.cli.paper import lines

    over = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        over.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    printer = VirtualPrinter(paper)
    with ExitStack() as stack:
        try:
            port = stack.enter_context(VirtualPort(printer, link))
        except OSError as error:
            reason = error.strerror or "another file is there"
            raise Failure([f"{link}: no port can be linked there: {reason}"], os.EX_CANTCREAT) from None
        print(f"{link}: virtual printer, {paper} mm, at {port.name}; Ctrl-C ends it", flush=True)
        shown = 0
        ended = False
        while not ended:
            ended = over.wait(_GLANCE_S)
            fresh = printer.rows_since(shown)
            for line in lines(fresh, printer.columns):
                print(line, flush=True)
            shown += len(fresh)
    return os.EX_OK
