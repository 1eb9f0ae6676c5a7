"""`kiosk run`: the station, full screen."""

import argparse
import os
from pathlib import Path

from kiosk import paths
from kiosk.cli.failure import told
from kiosk.cli.station import add_places, read_settings, state_folder
from kiosk.ports import NoPrinter, Printer
from kiosk.settings import Settings


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to `commands`."""
    parser = commands.add_parser("run", help="the station, full screen")
    parser.add_argument("--check", action="store_true", help="only say what is wrong with the settings")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    settings = read_settings(arguments.config)
    if arguments.check:
        print(f"{settings.path}: all settings are in order")
        port = settings.printer.port
        if port and not Path(port).exists():
            print(f"{port}: no such port now; the station runs and says on its screen that it cannot print")
        if not settings.qr.hosts:
            print("qr.hosts is empty: no QR code is shown or printed")
        return os.EX_OK
    from kiosk.cli.show import show

    return show(settings, state_folder(arguments.state), printer_of(settings))


def printer_of(settings: Settings) -> Printer:
    """Return the printer that the settings name."""
    if not settings.printer.port:
        return NoPrinter()
    import msgspec

    from devices.profile import read_profiles
    from devices.serial_printer import SerialPrinter

    with told():
        profile = read_profiles(paths.data_dir() / "printers.toml")[settings.printer.profile]
    profile = msgspec.structs.replace(profile, columns=settings.printer.columns)
    return SerialPrinter(settings.printer.port, settings.printer.baud, profile)
