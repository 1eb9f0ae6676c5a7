"""`kiosk printer`: how the printer is, what it answers, a test page, and a virtual printer on a pseudo-terminal."""

import argparse
import os
import textwrap
from pathlib import Path
from typing import NamedTuple

from devices.profile import Profile
from devices.virtual_script import EVENTS
from devices.wire import BAUDS
from kiosk import paths
from kiosk.cli.attached import glyphs, profile_called, profile_of, same_port
from kiosk.cli.failure import Failure
from kiosk.cli.last_known import LastKnown, Slip, last_known, station_at
from kiosk.cli.printer_words import clock, in_a_line, is_well, part_by_part, proved_by
from kiosk.cli.station import add_places, read_settings, state_folder
from kiosk.ports import Condition, Result, State
from kiosk.technician.by_hand import test_page
from kiosk.text import clean, is_plain

GENERIC = {58: "generic-58", 80: "generic-80"}


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
        about = f"{text}; beside a running station, what that one last knew"
        action = actions.add_parser(name, help=text, description=f"{about[0].upper()}{about[1:]}.")
        action.add_argument("--port", type=a_port, metavar="PORT", help="a device's path (default: from the settings)")
        action.add_argument(
            "--baud", type=int, choices=BAUDS, help="bits a second (default: from the settings, with --port 9600)"
        )
        kinds = action.add_mutually_exclusive_group()
        kinds.add_argument(
            "--paper",
            type=int,
            choices=sorted(GENERIC),
            help="any printer for that paper (default: from the settings, with --port 58)",
        )
        kinds.add_argument(
            "--profile", metavar="NAME", help="a printer of data/printers.toml (default: from the settings)"
        )
        add_places(action)
    probe = actions.add_parser("probe", help="find the printer, its speed and what it answers, and store it")
    probe.add_argument(
        "--port",
        type=a_port,
        metavar="PORT",
        action="append",
        help="look here alone, may be given again (default: the port of the settings, then all serial ports)",
    )
    add_places(probe)
    virtual = actions.add_parser(
        "virtual",
        help="a virtual printer that shows its paper here",
        epilog=_script_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    virtual.add_argument("--link", type=a_path, required=True, metavar="PATH", help="where the port is linked to")
    virtual.add_argument("--paper", type=int, choices=sorted(GENERIC), default=58, help="width in millimetres")
    virtual.add_argument("--baud", type=int, choices=BAUDS, help="its own speed (default: hears every speed)")
    virtual.add_argument("--flow", action="store_true", help="send XOFF and XON as its buffer fills")
    virtual.add_argument("--script", type=a_path, metavar="FILE", help="what goes wrong when, see below")
    virtual.add_argument("--log", type=a_path, metavar="FILE", help="write each piece of paper as a line of JSON")
    virtual.add_argument("--png", type=a_path, metavar="FOLDER", help="draw each piece of paper as a picture")
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
    state = state_of(arguments)
    station = station_at(state)
    if station is not None:
        known = last_known(state, station)
        if same_port(known[0].port, place.port) if known else not arguments.port:
            return _beside(station, known, place, arguments)
    return _status(place) if arguments.action == "status" else _test(place)


def a_port(text: str) -> str:
    """Return a port of the command line. Raises ArgumentTypeError for one that can be none."""
    if not text.strip():
        raise argparse.ArgumentTypeError("is empty: name a device such as /dev/ttyUSB0")
    return str(a_path(text))


def a_path(text: str) -> Path:
    """Return a path of the command line. Raises ArgumentTypeError for one that can be none."""
    if not text.strip():
        raise argparse.ArgumentTypeError("is empty: name a file or folder")
    if not is_plain(text):
        raise argparse.ArgumentTypeError(f"{clean(text, 40)!r} holds characters that cannot be shown")
    return Path(text)


def state_of(arguments: argparse.Namespace) -> Path:
    """Return the state folder, which need not be there yet. Raises Failure when it cannot be one."""
    state = state_folder(arguments.state)
    try:
        if state.exists() and not state.is_dir():
            raise Failure([f"{state}: is not a folder; choose another with --state"], os.EX_CANTCREAT)
    except OSError as error:
        words = f"{state}: cannot be looked at: {error.strerror}; run this as the station's user"
        raise Failure([words], os.EX_NOPERM) from None
    return state


def _script_help() -> str:
    # Textwrap parts at blanks, and most events have one within.
    names = ", ".join(event.replace(" ", "\xa0") for event in EVENTS)
    events = textwrap.fill(names, 70, initial_indent="  ", subsequent_indent="  ").replace("\xa0", " ")
    return f"""a script has one event a line, when and what; # begins a comment:
  3.5 s cover open       so many seconds after the start
  +2 s cover closed      so many seconds after the event above
  line 12 paper out      when so many lines have been printed
what can happen (docs/ explains each):
{events}"""


def _place(arguments: argparse.Namespace) -> Place:
    """Return the printer of the command line, and what that does not say of the settings."""
    profile = arguments.profile or (GENERIC[arguments.paper] if arguments.paper else None)
    if arguments.port:
        return Place(arguments.port, arguments.baud or BAUDS[0], profile_called(profile or GENERIC[58]))
    settings = read_settings(arguments.config)
    printer = settings.printer
    if not printer.port:
        raise Failure([f"{settings.path}: printer.port is empty: this station has no printer"], os.EX_CONFIG)
    kind = profile_called(profile) if profile else profile_of(settings, state_of(arguments))
    return Place(printer.port, arguments.baud or printer.baud, kind)


def _beside(station: int, known: tuple[LastKnown, int] | None, place: Place, arguments: argparse.Namespace) -> int:
    """Report what the running `station` last knew: the port is its own."""
    who = f"the station that is running (process {station or 'unknown'})"
    if arguments.baud or arguments.profile or arguments.paper:
        raise Failure([f"{place.port}: in use by {who}: stop it to try another speed or profile"], os.EX_TEMPFAIL)
    if known is None:
        words = f"{place.port}: {who} has not heard of a printer yet: try again, or start it anew if this port is new"
        raise Failure([words], os.EX_TEMPFAIL)
    last, asked = known
    slip = last.slip
    lines = [*part_by_part(last.state), f"  so {who} last heard at {clock(asked)}"]
    if slip is not None:
        lines.append(f"  its last slip, at {clock(slip.ended)}: {_slip_said(slip)}")
    if arguments.action == "test":
        lines.append("  no test page was printed: stop the station for one")
    code = _report(last.port, last.state, lines)
    if arguments.action == "test" and slip is not None and slip.result is not Result.PRINTED:
        raise Failure([f"{last.port}: the last slip was {_slip_said(slip)}"], os.EX_UNAVAILABLE)
    return code


def _status(place: Place) -> int:
    from devices.serial_printer import SerialPrinter

    printer = SerialPrinter(*place)
    state = printer.state()
    printer.close()
    return _report(place.port, state, part_by_part(state))


def _report(port: str, state: State, lines: list[str]) -> int:
    """Print what is known of a printer; one that is not well ends the command with its one line."""
    said = in_a_line(port, state)
    well = is_well(state)
    for line in [said, *lines] if well else lines:
        print(line)
    if not well:
        raise Failure([said], os.EX_UNAVAILABLE)
    return os.EX_OK


def _test(place: Place) -> int:
    from devices.serial_printer import SerialPrinter

    printer = SerialPrinter(*place, glyphs=glyphs())
    outcome = printer.print(test_page(place.profile.name, place.profile.columns), job=0)
    state = State(outcome.condition)
    if outcome.condition is Condition.OFFLINE:
        state = printer.state()
    printer.close()
    said = in_a_line(place.port, state)
    if outcome.result is Result.HELD:
        part = "; what came out of the test page is not whole: tear it off" if outcome.started else ""
        raise Failure([said + part], os.EX_UNAVAILABLE)
    if outcome.result is Result.UNKNOWN:
        words = f"{place.port}: sent, but the printer gives no proof: look whether the page ends with a cut"
        raise Failure([words], os.EX_UNAVAILABLE)
    print(f"{said}; the test page is printed ({proved_by(outcome.proof)})")
    if place.profile.unverified:
        print(f"  look at the page: of {place.profile.name} unverified are {', '.join(place.profile.unverified)}")
    return os.EX_OK


def _slip_said(slip: Slip) -> str:
    if slip.result is Result.PRINTED:
        return f"printed ({proved_by(slip.proof)})"
    if slip.result is Result.HELD and not slip.started:
        return "held back, nothing of it was sent"
    if slip.result is Result.HELD:
        return "stopped in the middle; whether all of it comes out is not certain"
    return "sent, without proof that it is printed"
