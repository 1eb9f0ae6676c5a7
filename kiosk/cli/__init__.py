"""The command line: puts the rooms together. One module a command, loaded only when it is called."""

import argparse
import importlib
import os
import signal
import sys
from types import ModuleType
from typing import NoReturn

from kiosk import __version__
from kiosk.cli.failure import Failure
from kiosk.cli.printed import printed

COMMANDS = {
    "run": "the station, full screen",
    "demo": "the station offline, with a center and a virtual printer of its own",
    "receipt": "a specimen slip, as a picture or as bytes",
    "printer": "the printer from the shell, or a virtual one",
    "journal": "the local record: list, verify, export, recover",
    "diagnose": "what is wrong with this station, and what to do",
    "set-pin": "a technician's code for this station",
    "enroll": "make this station known to its center by a one-time code",
    "sync": "one exchange with the center",
    "center": "the other end of the line",
    "catalog": "the service catalogue: check, build, search",
}

_MODULES = {"set-pin": "technician_pin"}
"""Modules whose name is not their command's."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}; see {self.prog} --help", file=sys.stderr)
        sys.exit(os.EX_USAGE)


def parser(only: str | None = None) -> argparse.ArgumentParser:
    """Return the parser of all commands, or of `only` one, whose module alone is then loaded."""
    whole = _Parser(prog="kiosk", description="Self-service station of Jimei district.")
    whole.add_argument("--version", action="version", version=f"kiosk {__version__}")
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in [only] if only else COMMANDS:
        module = _module(name)
        module.add_parser(commands)
    return whole


def _module(command: str) -> ModuleType:
    return importlib.import_module(f"kiosk.cli.{_MODULES.get(command, command)}")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code (sysexits)."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        with printed():
            return _run(words)
    except Failure as failure:
        return _ended(failure)


def _run(words: list[str]) -> int:
    only = words[0] if words and words[0] in COMMANDS else None
    parsed = parser(only).parse_args(words)
    try:
        code: int = _module(parsed.command).run(parsed)
    except Failure as failure:
        return _ended(failure)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return code


def _ended(failure: Failure) -> int:
    for line in failure.lines:
        print(f"kiosk: {line}", file=sys.stderr)
    return failure.code
