"""`kiosk printer probe`: finds the printer, its speed and what it answers, and stores it for the station."""

import argparse
import os
from pathlib import Path

import msgspec

from devices.probe import Nothing, NothingFoundError, Probed, probe, serial_ports, store
from devices.wire import BAUDS
from kiosk.cli.attached import PROBED, same_port
from kiosk.cli.failure import Failure
from kiosk.cli.last_known import last_known, station_at
from kiosk.cli.printer import state_of
from kiosk.cli.printer_words import why_no_port
from kiosk.cli.station import read_settings
from kiosk.settings import PrinterPort

_WHY = {
    Nothing.SILENT: "no answer at any speed: check its power and cable",
    Nothing.NOISE: "noise at every speed: check the cable and the frame (8N1), or it is no printer",
    Nothing.STUCK: "takes no bytes: check the flow control and the cable",
}


def run(arguments: argparse.Namespace) -> int:
    """Run the command. Raises Failure when no printer answers."""
    settings = read_settings(arguments.config).printer
    state = state_of(arguments)
    ports = _ports(arguments.port, settings)
    if not ports:
        raise Failure(["this machine has no serial port: check the cable or the USB adapter"], os.EX_UNAVAILABLE)
    bauds = (settings.baud, *(baud for baud in reversed(BAUDS) if baud != settings.baud))
    printers: list[Probed] = []
    for port in ports:
        where = "of the settings, " if same_port(port, settings.port) else ""
        print(f"{port}: {where}asking at {', '.join(map(str, bauds))} baud", flush=True)
        try:
            found = probe(port, bauds)
        except NothingFoundError as nothing:
            print(f"  {_why(nothing, state)}", flush=True)
            continue
        printers.append(found)
        print("\n".join(_told(found)), flush=True)
        if not arguments.port and where:
            break
    if not printers:
        at = f"at {ports[0]}" if len(ports) == 1 else f"at any of {len(ports)} ports"
        raise Failure([f"no printer answers {at}: see above"], os.EX_UNAVAILABLE)
    _store(printers, settings, state)
    return os.EX_OK


def _ports(named: list[str] | None, settings: PrinterPort) -> list[str]:
    """Return where to look: at what was named, else first where the settings say that the printer is."""
    if named:
        return list(dict.fromkeys(named))
    others = [port for port in serial_ports() if not same_port(port, settings.port)]
    return [settings.port, *others] if settings.port else others


def _told(probed: Probed) -> list[str]:
    name = " ".join(part for part in (probed.maker, probed.model, probed.firmware) if part)
    questions = {
        "DLE EOT": " ".join(map(str, probed.real_time)) or "no",
        "unasked status": _yes(probed.unasked),
        "GS r 1": _yes(probed.queued),
        "GS ( H": _yes(probed.process_id),
        "DLE DC4 8": _yes(probed.clear),
    }
    answers = "; ".join(f"{question}: {answer}" for question, answer in questions.items())
    return [f"  a printer at {probed.baud} baud, calls itself {name or 'nothing'}", f"  {answers}"]


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


def _why(nothing: NothingFoundError, state: Path) -> str:
    if nothing.why in _WHY:
        return _WHY[nothing.why]
    station = station_at(state)
    known = last_known(state, station) if station is not None else None
    if known and same_port(known[0].port, nothing.port):
        return f"in use by the station that is running (process {station}): stop it first"
    return why_no_port(nothing.port)


def _store(printers: list[Probed], settings: PrinterPort, state: Path) -> None:
    """Store the printer that the settings name, else the only one there is."""
    here = [one for one in printers if same_port(one.port, settings.port)]
    chosen = here[0] if here else printers[0] if len(printers) == 1 else None
    if chosen is None:
        print("more than one printer: name one as printer.port in the settings, then probe again")
        return
    if here:
        chosen = msgspec.structs.replace(chosen, port=settings.port)
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        store(state / PROBED, chosen)
    except OSError as error:
        raise Failure([f"{state / PROBED}: cannot be written: {error.strerror}"], os.EX_CANTCREAT) from None
    print(f"stored in {state / PROBED}")
    if (chosen.port, chosen.baud) != (settings.port, settings.baud):
        print(f'it counts once the settings have, in [printer]: port = "{chosen.port}", baud = {chosen.baud}')
