"""`kiosk center`: the other end of the line. Makes it, serves it, lets stations in, tells how they are."""

import argparse
import contextlib
import datetime
import os
import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kiosk.cli import center_calling, center_ratings, center_requests, center_slots
from kiosk.cli.center_store import add_center, china_time, now_ms, with_store
from kiosk.cli.failure import Failure, told
from kiosk.text import clean

if TYPE_CHECKING:
    from center.kept import StationView
    from center.store import Store


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to `commands`."""
    parser = commands.add_parser("center", help="the other end of the line")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    init = actions.add_parser("init", help="make keys, certificates and an empty database")
    init.add_argument("--host", required=True, metavar="NAME", help="name or address by which stations reach it")
    serve = actions.add_parser("serve", help="take in the stations' journals")
    serve.add_argument("--address", default="0.0.0.0", metavar="ADDRESS", help="where to listen (default: everywhere)")
    serve.add_argument("--port", type=int, default=8443, help="default: 8443")
    serve.add_argument("--plain", action="store_true", help="without TLS, behind a proxy that has it")
    serve.add_argument(
        "--workers", type=int, default=1, metavar="N", help="processes that serve, with --database (default: 1)"
    )
    code = actions.add_parser("code", help="a one-time code for kiosk enroll, good for 24 hours")
    revoke = actions.add_parser("revoke", help="refuse a station from now on")
    for action in (code, revoke):
        action.add_argument("station", metavar="NN", help="the station's two digits")
    stations = actions.add_parser("stations", help="what has come from each station, and what is wrong")
    bringing = actions.add_parser("import", help="take in a file that `kiosk journal export --bundle` wrote")
    bringing.add_argument("file", type=Path, metavar="FILE")
    bringing.add_argument(
        "--earlier-key", action="store_true", help="also what an earlier key of the station has signed, if not revoked"
    )
    release = actions.add_parser("release", help="sign the bureau's catalogue for all stations")
    release.add_argument("data", type=Path, metavar="DATA", help="the bureau's files")
    release.add_argument("--key", type=Path, metavar="FILE", help="the release key (default: in the center's folder)")
    rebuild = actions.add_parser("rebuild", help="make tickets and reports anew from the entries")
    for action in (init, serve, code, revoke, stations, bringing, release, rebuild):
        add_center(action)
    center_calling.add_parser(actions)
    center_requests.add_parser(actions)
    center_ratings.add_parser(actions)
    center_slots.add_parser(actions)


def run(arguments: argparse.Namespace) -> int:
    """Run the command."""
    from center.authority import AuthorityError
    from center.folder import center_dir
    from center.kept import StoreTrouble, Unfit, Unreachable
    from kiosk.cli.center_serving import serve

    folder = center_dir(arguments.folder, os.environ)
    if arguments.database and not arguments.database.startswith(("postgresql://", "postgres://")):
        raise Failure(["--database: must begin with postgresql://"], os.EX_USAGE)
    doing = {
        "init": _init,
        "serve": serve,
        "code": _code,
        "revoke": _revoke,
        "stations": _stations,
        "import": _import,
        "release": _release,
        "call": center_calling.run,
        "rebuild": _rebuild,
        "requests": center_requests.run,
        "ratings": center_ratings.run,
        "slots": center_slots.run,
    }
    try:
        return doing[arguments.action](folder, arguments)
    except AuthorityError as error:
        raise Failure([str(error)], os.EX_CONFIG) from None
    except Unreachable as error:
        raise Failure([str(error)], os.EX_UNAVAILABLE) from None
    except Unfit as error:
        raise Failure([str(error)], os.EX_CONFIG) from None
    except StoreTrouble as error:
        raise Failure([str(error)], os.EX_CANTCREAT) from None


def _init(folder: Path, arguments: argparse.Namespace) -> int:
    from center.authority import PAGE, demand_room, make
    from center.database import open_for_writing
    from center.folder import database_path, keys_dir, served

    if not re.fullmatch(r"[a-z0-9.:-]{1,253}", arguments.host, re.ASCII):
        raise Failure([f"--host {arguments.host}: a name or address without https:// or port"], os.EX_USAGE)
    with contextlib.suppress(OSError):
        # What is wrong with the folder is said by what needs it next.
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    demand_room(keys_dir(folder))
    # The database first: keys that are there say that this has been done.
    if arguments.database:
        with_store(folder, arguments, _nothing)
    else:
        with served(folder):
            open_for_writing(database_path(folder), checkpoints=True).close()
    make(keys_dir(folder), arguments.host, datetime.datetime.now(datetime.UTC))
    print(f"{folder}: a center for {arguments.host}\n\n{PAGE}\nNext: kiosk center code NN, kiosk center serve")
    return os.EX_OK


def _code(folder: Path, arguments: argparse.Namespace) -> int:
    from kiosk.wire.enrolment import CODE_BYTES, CODE_HOURS, written

    number = _number(arguments.station)
    code = secrets.token_bytes(CODE_BYTES)
    now = datetime.datetime.now(datetime.UTC)
    expires = now + datetime.timedelta(hours=CODE_HOURS)
    with_store(folder, arguments, lambda store: store.set_code(number, code, int(expires.timestamp() * 1000)))
    print(written(code))
    print(
        f"good for station {number} until {china_time(int(expires.timestamp() * 1000))}, once; there: kiosk enroll CODE"
    )
    return os.EX_OK


def _revoke(folder: Path, arguments: argparse.Namespace) -> int:
    number = _number(arguments.station)
    if not with_store(folder, arguments, lambda store: store.revoke(number, now_ms())):
        raise Failure([f"station {number} is not enrolled; nothing was changed"], os.EX_DATAERR)
    print(f"station {number} is refused from now on; what it sent stays")
    return os.EX_OK


def _import(folder: Path, arguments: argparse.Namespace) -> int:
    from center.bringing import Brought, bring_in
    from kiosk.wire.bundle import FILE_LIMIT, read_bundle
    from kiosk.wire.entries import Unreadable

    path: Path = arguments.file
    try:
        with path.open("rb") as file:
            # A device or a pipe tells no size beforehand.
            content = file.read(FILE_LIMIT + 1)
        if len(content) > FILE_LIMIT:
            raise Failure([f"{path}: is larger than any bundle ({FILE_LIMIT >> 20} MiB)"], os.EX_DATAERR)
        bundle = read_bundle(content)
    except OSError as error:
        raise Failure([f"{path}: cannot be read: {error.strerror}"], os.EX_NOINPUT) from None
    except Unreadable as error:
        raise Failure([f"{path}: is no bundle, or is damaged: {error}"], os.EX_DATAERR) from None

    async def bring(store: "Store") -> Brought:
        brought = await bring_in(store, bundle, now_ms(), earlier_key=arguments.earlier_key)
        await store.settle()
        return brought

    brought = with_store(folder, arguments, bring)
    if brought.new or brought.known or not brought.declined:
        print(f"station {bundle.station}: {brought.new} entries are new, {brought.known} were here already")
    if brought.declined:
        words = [f"{path}: {one.reason}: {one.detail}" for one in brought.declined]
        raise Failure(words, os.EX_DATAERR)
    return os.EX_OK


def _release(folder: Path, arguments: argparse.Namespace) -> int:
    from center.authority import RELEASE_KEY, signing_key
    from center.folder import keys_dir, releases_dir
    from center.shelf import Current, Shelf
    from kiosk import paths
    from kiosk.catalog.installed import contradictions
    from kiosk.catalog.load import FILE
    from kiosk.cli.catalog import built_release
    from kiosk.wire.release import NOTICE

    keys = keys_dir(folder)
    key = signing_key(keys, arguments.key or keys / RELEASE_KEY)
    shelf = Shelf(releases_dir(folder))
    with told():
        before = Current(shelf, paths.release_dir() / FILE).release()
    release = msgspec.structs.replace(built_release(arguments.data), version=shelf.newest() + 1)
    if taken := contradictions(before, release):
        raise Failure([f"{arguments.data}: {one}; what is on paper must stay true" for one in taken], os.EX_DATAERR)
    try:
        shelf.add(release, key.sign)
    except OSError as error:
        raise Failure([f"{error.filename or folder}: cannot be written: {error.strerror}"], os.EX_CANTCREAT) from None
    with_store(folder, arguments, lambda store: store.publish(NOTICE, {"version": release.version}, now_ms()))
    print(f"release {release.version}: {len(release.packages)} packages; stations take it in between visits")
    return os.EX_OK


def _rebuild(folder: Path, arguments: argparse.Namespace) -> int:
    done = with_store(folder, arguments, lambda store: store.rebuild())
    print(f"{done} entries read again")
    return os.EX_OK


def _stations(folder: Path, arguments: argparse.Namespace) -> int:
    views = with_store(folder, arguments, lambda store: store.stations())
    for view in views:
        _tell(view)
    if not views:
        print("no station has been enrolled yet; kiosk center code NN gives a code")
    return os.EX_OK


def _tell(view: "StationView") -> None:
    state = "revoked" if view.revoked else "enrolled"
    beat = view.heartbeat
    waiting = f"{beat.unsent} entries wait there" if beat.unsent else "nothing waits there"
    print(f"station {view.number}: {state}, {view.tickets} tickets, last heard {china_time(view.heard)}, {waiting}")
    if view.key:
        print(f"  key {view.key.hex()[:16]} since {china_time(view.since)}")
    for chain in view.chains:
        print(f"  epoch {chain.epoch}: entries 1 to {chain.seq}, sound, head {chain.head.hex()[:16]}")
    for aside in view.aside:
        print(f"  SET ASIDE: {aside.count} entries of epoch {aside.epoch} from {aside.first} on: {aside.reason}")
    if view.doubled:
        print(
            f"  GIVEN OUT TWICE: {', '.join(view.doubled[:5])}{' ...' if view.doubled[5:] else ''}; is its disk a copy?"
        )
    if view.divided:
        print(
            "  TWO IN ONE: entries came of two states of it: was its disk copied, or a backup put back, there or here?"
        )
    if view.recovered:
        print(f"  recovered: {view.recovered} entries of earlier epochs came inside later ones")
    if view.reprints:
        print(f"  printed again: {view.reprints} slips of other stations' tickets")
    if view.troubles:
        print(f"  NOT UNDERSTOOD: {view.troubles} entries, kept as they came")
    for refusal in view.refused:
        why = f"{clean(refusal.reason, 120)}, since {china_time(refusal.since)}"
        print(f"  RELEASE {refusal.version} IS REFUSED: {why}; release {beat.release} is in use")
    for fault in beat.faults:
        print(f"  {clean(fault.grade, 12).upper()}: {clean(fault.symptom, 40)} since {china_time(fault.since)}")
    if beat.doubtful:
        print("  its clock is not to be trusted")


def _number(text: str) -> str:
    from kiosk.wire.exchange import STATION

    if not STATION.fullmatch(text):
        raise Failure([f"{text}: a station's number has two digits, 01 to 99"], os.EX_USAGE)
    return text


async def _nothing(store: "Store") -> None:
    """Opening has made what was not there."""
