"""`kiosk journal`: the local record, read-only, also beside a running station."""

import argparse
import datetime
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.cli import recover
from kiosk.cli.failure import Failure, told
from kiosk.cli.station import add_places, state_folder
from kiosk.hours import CHINA
from kiosk.text import clean
from kiosk.tickets import masked

if TYPE_CHECKING:
    from kiosk.journal.store import Reader

_LONGEST = 9


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to `commands`."""
    parser = commands.add_parser("journal", help="the local record: list, verify, export, recover")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="entries, one a line, oldest first; codes only in part")
    listing.add_argument("--last", type=_how_many, metavar="N", help="only the newest N")
    verify = actions.add_parser("verify", help="check the hash chain and the tickets against it")
    verify.add_argument("--against", choices=["center"], help="ask the center as well whether it holds the same")
    export = actions.add_parser("export", help="all entries as JSON lines with their hashes")
    export.add_argument("--bundle", type=Path, metavar="FILE", help="what the center lacks, signed, to carry by hand")
    for action in (listing, verify, export):
        add_places(action)
    recover.add_action(actions)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; exit code 65 when the journal is not sound."""
    from kiosk.journal.store import Reader

    if arguments.action == "recover":
        return recover.run(arguments)
    with told():
        reader = Reader(state_folder(arguments.state))
    try:
        return {"list": _list, "verify": _verify, "export": _export}[arguments.action](reader, arguments)
    finally:
        reader.close()


def _list(reader: "Reader", arguments: argparse.Namespace) -> int:
    from kiosk.journal.listing import UNREADABLE, words_of

    for entry in reader.entries(arguments.last):
        words = words_of(entry.body)
        shown = "cannot be read: run kiosk journal verify" if words == UNREADABLE else words
        sent = "acknowledged" if entry.acknowledged is not None else "not sent"
        print(f"{entry.seq:>7}  {_moment(entry.time):<19}  {clean(entry.kind):<16} {sent:<12} {shown}")
    for job in reader.jobs():
        print(f"print job {job.id}: {masked(clean(job.title))} {job.state} ({job.condition}), attempts {job.copies}")
    return os.EX_OK


def _moment(ms: int) -> str:
    try:
        return f"{datetime.datetime.fromtimestamp(ms / 1000, CHINA):%Y-%m-%d %H:%M:%S}"
    except (ValueError, OverflowError, OSError):
        return "no possible time"


def _how_many(text: str) -> int:
    """Return a count of the command line. Raises ArgumentTypeError."""
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST and int(text) >= 1:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text[:20]!r} must be a whole number, 1 to {'9' * _LONGEST}")


def _verify(reader: "Reader", arguments: argparse.Namespace) -> int:
    sound, faults = reader.verify()
    for fault in faults:
        print(fault)
    print(f"{sound} entries sound, {len(faults)} faults")
    if faults:
        return os.EX_DATAERR
    return _against_center(state_folder(arguments.state), arguments) if arguments.against else os.EX_OK


def _export(reader: "Reader", arguments: argparse.Namespace) -> int:
    if arguments.bundle is not None:
        return _bundle(state_folder(arguments.state), arguments)
    from kiosk.journal.entries import exported

    for entry in reader.entries():
        sys.stdout.buffer.write(exported(entry))
    return os.EX_OK


def _bundle(state: Path, arguments: argparse.Namespace) -> int:
    from kiosk.cli.station import read_settings
    from kiosk.link.bundling import bundled
    from kiosk.wire.bundle import read_bundle
    from kiosk.wire.entries import Unreadable

    station = read_settings(arguments.config).station.number
    with told():
        content, count = bundled(station, state, time.time_ns() // 1_000_000)
    try:
        if arguments.bundle.is_file() and (there := arguments.bundle.read_bytes()):
            read_bundle(there)
        arguments.bundle.write_bytes(content)
    except OSError as error:
        raise Failure([f"{arguments.bundle}: cannot be written: {error.strerror}"], os.EX_CANTCREAT) from None
    except Unreadable:
        words = f"{arguments.bundle}: another file is there already, which is no bundle; name another"
        raise Failure([words], os.EX_CANTCREAT) from None
    print(f"{arguments.bundle}: {count} entries of station {station}; at the center: kiosk center import FILE")
    return os.EX_OK


def _against_center(state: Path, arguments: argparse.Namespace) -> int:
    """Send a request with no entry, which changes nothing, and compare the hash that comes back with our own."""
    from kiosk.cli.station import read_settings
    from kiosk.journal.outgoing import Outgoing
    from kiosk.keys import open_station_key
    from kiosk.link.carrier import understood
    from kiosk.link.machine import Answered, Failed, Refused
    from kiosk.link.parcels import headers, parcel, request
    from kiosk.link.transport import LineTrouble, Transport, pinned
    from kiosk.trust import read_trust
    from kiosk.wire.exchange import ANSWER_LIMIT, Heartbeat, Reason, sync_path

    settings = read_settings(arguments.config)
    station, url = settings.station.number, settings.center.url
    with told():
        trust = read_trust(state / "keys")
        if trust is None or not url:
            raise Failure([f"{state}: this station is not enrolled; run: kiosk enroll CODE"], os.EX_CONFIG)
        key = open_station_key(state / "keys")
        outgoing = Outgoing(state)
    line = Transport(url, pinned(trust.ca), ANSWER_LIMIT)
    try:
        run = outgoing.run(sys.maxsize, 0, 0)
        nonce = os.urandom(8)
        ready = parcel(request(station, run, Heartbeat(), outgoing.cursor(), nonce), run.head, key.sign)
        event = understood(line.post(sync_path(station), headers(ready), ready.content), run, nonce, 0.0)
    except LineTrouble as error:
        raise Failure([f"{url}: no answer of the center: {error}"], os.EX_UNAVAILABLE) from None
    finally:
        line.close()
        outgoing.close()
    where = f"epoch {run.epoch}, entries 1 to {run.last}"
    match event:
        case Answered(_, answer, _) if answer.acknowledged == run.last and answer.head == run.head:
            print(f"{where}: the center holds the same, hash {run.head.hex()}")
            return os.EX_OK
        case Refused(_, refusal) if refusal.reason == Reason.GAP:
            print(f"{where}: the center has 1 to {refusal.need - 1}; {run.last - refusal.need + 1} wait to be sent")
            return os.EX_TEMPFAIL
        case Refused(_, refusal) if refusal.reason in (Reason.FORK, Reason.ALTERED):
            raise Failure([f"{where}: the center does not hold the same: {refusal.detail}"], os.EX_DATAERR)
        case Refused(_, refusal):
            words = f"{where}: could not be compared, the center refuses to answer: {refusal.detail}"
            raise Failure([words], os.EX_UNAVAILABLE)
        case Failed(_, detail, _):
            raise Failure([f"{url}: no answer of the center: {detail}"], os.EX_UNAVAILABLE)
        case _:
            raise Failure([f"{where}: the center holds something else"], os.EX_DATAERR)
