"""`kiosk printer probe`: finds the printer, its speed and what it answers, and stores it for the station."""

import argparse
import os
from pathlib import Path

import msgspec

from devices.probe import NothingFoundError, Probed, found, serial_ports, store
from devices.wire import BAUDS
from kiosk.cli.attached import PROBED
from kiosk.cli.failure import Failure
from kiosk.cli.printer import why_no_port
from kiosk.cli.station import read_settings, state_folder
from kiosk.settings import PrinterPort


def run(arguments: argparse.Namespace) -> int:
    """Run the command. Raises Failure when no printer answers."""
    settings = read_settings(arguments.config).printer
    ports = tuple(arguments.port or serial_ports())
    if not ports:
        raise Failure(["this machine has no serial port: check the cable or the USB adapter"], os.EX_UNAVAILABLE)
    bauds = (settings.baud, *(baud for baud in reversed(BAUDS) if baud != settings.baud))
    printers, silent = [], []
    for one in found(ports, bauds):
        if isinstance(one, Probed):
            printers.append(one)
            print("\n".join(_told(one)))
        else:
            silent.append(_why(one))
    if not printers:
        raise Failure([f"no printer answers: {'; '.join(silent)}"], os.EX_UNAVAILABLE)
    _store(printers, settings, state_folder(arguments.state))
    return os.EX_OK


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
    return [f"{probed.port}: printer at {probed.baud} baud, calls itself {name or 'nothing'}", f"  {answers}"]


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


def _why(nothing: NothingFoundError) -> str:
    port = str(nothing)
    if nothing.reason:
        return f"{port}: {why_no_port(Path(port))}"
    return f"{port}: {'noise at every speed: check cable and frame (8N1)' if nothing.noise else 'no answer'}"


def _store(printers: list[Probed], settings: PrinterPort, state: Path) -> None:
    """Store the printer that the settings name, else the only one there is."""
    here = [one for one in printers if _same(one.port, settings.port)]
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


def _same(port: str, other: str) -> bool:
    return bool(other) and Path(port).resolve() == Path(other).resolve()
