"""`kiosk enroll`: make this station known to its center by a code of `kiosk center code NN`, or renew its key."""

import argparse
import os
from typing import TYPE_CHECKING

from kiosk.cli.failure import Failure, told
from kiosk.cli.station import add_places, read_settings, state_folder

if TYPE_CHECKING:
    from kiosk.settings import Settings


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to `commands`."""
    parser = commands.add_parser("enroll", help="make this station known to its center, or give it a new key")
    how = parser.add_mutually_exclusive_group(required=True)
    how.add_argument("code", metavar="CODE", nargs="?", help="26 letters and digits, however grouped")
    how.add_argument("--renew", action="store_true", help="a new key takes over, signed by the present one; no code")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the command. The station may be running; it notices within seconds."""
    return _renew(arguments) if arguments.renew else _enrol(arguments)


def _enrol(arguments: argparse.Namespace) -> int:
    import msgspec

    from kiosk.journal.reserve import prepare
    from kiosk.keys import open_station_key
    from kiosk.link.enrolment import NotEnrolled, enrol
    from kiosk.link.transport import LineTrouble, Transport, unpinned
    from kiosk.trust import keep_trust
    from kiosk.wire.enrolment import ENROL_LIMIT, read_code
    from kiosk.wire.entries import Unreadable
    from kiosk.wire.exchange import read_numbers

    settings = _settings(arguments)
    try:
        code = read_code(arguments.code)
    except Unreadable as error:
        raise Failure([f"this is no code: {error}"], os.EX_USAGE) from None
    state = state_folder(arguments.state)
    folder = state / "keys"
    station = settings.station.number
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Before there is a key: one without numbers is the sign of a station that has lost them.
        prepare(state, {})
    except OSError as error:
        raise Failure([f"{error.filename or state}: cannot be written: {error.strerror}"], os.EX_CANTCREAT) from None
    with told():
        key = open_station_key(folder)
    line = Transport(settings.center.url, unpinned(), ENROL_LIMIT)
    try:
        keys = enrol(line, station, code, key)
        prepare(state, read_numbers(keys.numbers))
        keep_trust(folder, msgspec.structs.replace(keys, numbers={}))
    except NotEnrolled as error:
        raise Failure([f"{settings.center.url}: station {station} is not enrolled: {error}"], os.EX_NOPERM) from None
    except LineTrouble as error:
        words = (
            f"{settings.center.url}: no answer of a center ({error.trouble}: {error}); try again, the code stays good"
        )
        raise Failure([words], os.EX_UNAVAILABLE) from None
    except OSError as error:
        raise Failure([f"{error.filename or folder}: cannot be written: {error.strerror}"], os.EX_CANTCREAT) from None
    finally:
        line.close()
    print(f"station {station} is enrolled at {settings.center.url}")
    return os.EX_OK


def _renew(arguments: argparse.Namespace) -> int:
    from kiosk.keyring import Keyring
    from kiosk.keys import KeyFileError
    from kiosk.link.renewal import NotRenewed, renew
    from kiosk.link.transport import LineTrouble, Transport, pinned
    from kiosk.trust import read_trust
    from kiosk.wire.renewal import RENEWAL_LIMIT

    settings = _settings(arguments)
    folder = state_folder(arguments.state) / "keys"
    station, url = settings.station.number, settings.center.url
    with told():
        trust = read_trust(folder)
        if trust is None:
            raise Failure([f"{folder}: this station is not enrolled; run: kiosk enroll CODE"], os.EX_CONFIG)
        keyring = Keyring(folder)
    line = Transport(url, pinned(trust.ca), RENEWAL_LIMIT)
    try:
        renew(line, station, keyring)
    except NotRenewed as error:
        words = f"{url}: the key of station {station} is not renewed, the present one stays in use: {error}"
        raise Failure([words], os.EX_NOPERM) from None
    except LineTrouble as error:
        words = f"{url}: no answer of the center ({error.trouble}: {error}); nothing is lost, run it again"
        raise Failure([words], os.EX_UNAVAILABLE) from None
    except KeyFileError as error:
        # The present key was read: what cannot be made is the one that is to follow.
        raise Failure([f"the key is not renewed: {error}"], os.EX_CANTCREAT) from None
    except OSError as error:
        raise Failure([f"{error.filename or folder}: cannot be written: {error.strerror}"], os.EX_CANTCREAT) from None
    finally:
        line.close()
    print(f"station {station} signs with a new key from now on; the others learn of it in their next exchange")
    return os.EX_OK


def _settings(arguments: argparse.Namespace) -> "Settings":
    settings = read_settings(arguments.config)
    if not settings.center.url:
        raise Failure([f"{settings.path}: center.url is empty; write the center's address there first"], os.EX_CONFIG)
    return settings
