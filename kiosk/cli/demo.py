"""`kiosk demo`: the station with a center of its own, printing into a virtual printer whose paper is shown beside it.

Nothing of it leaves this machine.
"""

import argparse
import dataclasses
import tempfile
from pathlib import Path

from kiosk.cli.attached import glyphs, printer_of
from kiosk.cli.demo_center import DemoCenter
from kiosk.cli.rehearsing import FAULTS, fresh_code, switch
from kiosk.cli.station import add_places, read_settings
from kiosk.settings import Center, PrinterPort, QrHosts

HOST = "station.example"
"""The host in the demonstration's QR codes: reserved by RFC 2606, so that no code leads anywhere."""


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to `commands`."""
    parser = commands.add_parser("demo", help="the station offline, with a center and a virtual printer of its own")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command. Without --state nothing of it stays on the disk.

    With --state there is no center: what is in that folder may belong to another one.
    """
    from devices.glyphs import GlyphReader
    from devices.virtual_port import VirtualPort
    from devices.virtual_printer import VirtualPrinter
    from kiosk.cli.show import Stage, show

    settings = read_settings(arguments.config)
    font = glyphs()
    printer = VirtualPrinter(paper_mm=58, read=GlyphReader(font)) if font else VirtualPrinter(paper_mm=58)
    with VirtualPort(printer) as port, tempfile.TemporaryDirectory(prefix="kiosk-demo-") as scratch:
        settings = dataclasses.replace(
            settings,
            printer=PrinterPort(port=port.name, baud=115200),
            qr=QrHosts((HOST,)),
            center=Center(),
        )
        state = arguments.state or Path(scratch) / "station"
        inner = None if arguments.state else DemoCenter(Path(scratch) / "center")
        if inner is not None:
            settings = dataclasses.replace(settings, center=inner.line)
        faults = FAULTS, lambda name, on: switch(name, on, printer, port)
        return show(settings, state, printer_of(settings), Stage(printer, faults, fresh_code(state), inner))
