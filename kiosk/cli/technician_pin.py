"""`kiosk set-pin`: a technician's code for this station. It is asked for twice and shown nowhere."""

import argparse
import datetime
import getpass
import os
import sys
import time
from pathlib import Path

from kiosk.cli.failure import Failure
from kiosk.cli.station import add_places, state_folder
from kiosk.clock import uptime_ms
from kiosk.hours import CHINA
from kiosk.technician.code_rules import LONGEST, SHORTEST, Weakness
from kiosk.technician.codes import Codes, CodesError, Unfit
from kiosk.technician.lockout import Tries, TriesError

_WEAK = {
    Weakness.NOT_DIGITS: "a code has digits alone",
    Weakness.TOO_SHORT: f"a code has at least {SHORTEST} digits",
    Weakness.TOO_LONG: f"a code has at most {LONGEST} digits",
    Weakness.RISING: "digits that follow one another are tried first; choose another code",
    Weakness.REPEATED: "a code that repeats itself is tried first; choose another code",
    Weakness.FEW_DIGITS: "a code needs at least three different digits; choose another code",
}


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to `commands`."""
    parser = commands.add_parser("set-pin", help="a technician's code for this station")
    parser.add_argument("name", nargs="?", metavar="NAME", help="who it is for, such as a staff number")
    doing = parser.add_mutually_exclusive_group()
    doing.add_argument("--remove", action="store_true", help="take the code of NAME away")
    doing.add_argument("--list", action="store_true", help="who has a code, and since when")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command. Codes come from the terminal, unseen, or one a line from standard input."""
    if arguments.list == bool(arguments.name):
        raise Failure(["give either NAME or --list"], os.EX_USAGE)
    state = state_folder(arguments.state)
    codes = Codes(state)
    try:
        if arguments.list:
            return _list(codes)
        if arguments.remove:
            return _remove(codes, arguments.name)
        return _set(codes, arguments.name, state)
    except CodesError as error:
        raise Failure([str(error)], os.EX_CANTCREAT) from None
    except TriesError as error:
        raise Failure([str(error)], os.EX_CANTCREAT) from None


def _list(codes: Codes) -> int:
    names = codes.names()
    for name, since in names:
        print(f"{name}  since {datetime.datetime.fromtimestamp(since / 1000, CHINA):%Y-%m-%d %H:%M}")
    if not names:
        print("no technician has a code yet; kiosk set-pin NAME gives one")
    return os.EX_OK


def _remove(codes: Codes, name: str) -> int:
    if not codes.remove(name, _now()):
        raise Failure([f"{name}: has no code here; kiosk set-pin --list tells who has"], os.EX_DATAERR)
    print(f"{name}: the code is gone; nothing else was changed")
    return os.EX_OK


def _set(codes: Codes, name: str, state: Path) -> int:
    code = _asked(f"code for {name}: ")
    if _asked("the same again: ") != code:
        raise Failure(["the two codes differ; nothing was changed"], os.EX_DATAERR)
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Failure([f"{state}: cannot be made: {error.strerror}"], os.EX_CANTCREAT) from None
    try:
        known = codes.set(name, code, _now())
    except Unfit as unfit:
        raise Failure([_WEAK[unfit.weakness] if unfit.weakness else str(unfit)], os.EX_DATAERR) from None
    Tries(state, uptime_ms).prepare()
    print(f"{name}: has {'a new' if known else 'a'} code; it counts at once, also beside a running station")
    return os.EX_OK


def _asked(question: str) -> str:
    try:
        if sys.stdin.isatty():
            return getpass.getpass(question)
        line = sys.stdin.readline()
    except (EOFError, UnicodeDecodeError):
        line = ""
    if not line:
        raise Failure(["two lines are needed, the code and the same again; nothing was changed"], os.EX_NOINPUT)
    return line.rstrip("\r\n")


def _now() -> int:
    return time.time_ns() // 1_000_000
