"""`kiosk run`: the station, full screen."""

import argparse
import os
from pathlib import Path

from kiosk.cli.attached import printer_of
from kiosk.cli.station import add_places, read_settings, state_folder


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

    state = state_folder(arguments.state)
    return show(settings, state, printer_of(settings, state))
