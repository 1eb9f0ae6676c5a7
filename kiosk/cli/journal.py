"""`kiosk journal`: the local record, read-only, also beside a running station."""

import argparse
import datetime
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from kiosk.cli.failure import Failure, told
from kiosk.cli.station import add_places, state_folder
from kiosk.hours import CHINA
from kiosk.journal.entries import Body
from kiosk.text import clean

if TYPE_CHECKING:
    from kiosk.journal.store import Reader


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to `commands`."""
    parser = commands.add_parser("journal", help="the local record: list, verify, export")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="entries, one a line, oldest first")
    listing.add_argument("--last", type=int, metavar="N", help="only the newest N")
    verify = actions.add_parser("verify", help="check the hash chain and the tickets against it")
    export = actions.add_parser("export", help="all entries as JSON lines with their hashes")
    export.add_argument("--bundle", type=Path, metavar="FILE", help="what the center lacks, signed, to carry by hand")
    for action in (listing, verify, export):
        add_places(action)


def run(arguments: argparse.Namespace) -> int:
    """Run the command; exit code 65 when the journal is not sound."""
    from kiosk.journal.store import Reader

    with told():
        reader = Reader(state_folder(arguments.state))
    try:
        return {"list": _list, "verify": _verify, "export": _export}[arguments.action](reader, arguments)
    finally:
        reader.close()


def _list(reader: "Reader", arguments: argparse.Namespace) -> int:
    if arguments.last is not None and arguments.last < 1:
        raise Failure([f"--last {arguments.last}: must be 1 or more"], os.EX_USAGE)
    for entry in reader.entries(arguments.last):
        data = msgspec.json.decode(entry.body, type=Body).data
        moment = datetime.datetime.fromtimestamp(entry.time / 1000, CHINA)
        sent = "acknowledged" if entry.acknowledged is not None else "not sent"
        words = " ".join(f"{key}={clean(str(value))}" for key, value in data.items())
        print(f"{entry.seq:>7}  {moment:%Y-%m-%d %H:%M:%S}  {entry.kind:<16} {sent:<12} {words}")
    for job in reader.jobs():
        print(f"print job {job.id}: {clean(job.title)} {job.state} ({job.condition}), attempts {job.copies}")
    return os.EX_OK


def _verify(reader: "Reader", arguments: argparse.Namespace) -> int:
    sound, faults = reader.verify()
    for fault in faults:
        print(fault)
    print(f"{sound} entries sound, {len(faults)} faults")
    return os.EX_DATAERR if faults else os.EX_OK


def _export(reader: "Reader", arguments: argparse.Namespace) -> int:
    if arguments.bundle is not None:
        return _bundle(state_folder(arguments.state), arguments)
    for entry in reader.entries():
        sys.stdout.buffer.write(b'{"body":' + entry.body + f',"hash":"{entry.hash.hex()}"}}\n'.encode())
    return os.EX_OK


def _bundle(state: Path, arguments: argparse.Namespace) -> int:
    from kiosk.cli.station import read_settings
    from kiosk.journal.outgoing import Outgoing
    from kiosk.keys import open_station_key
    from kiosk.link.parcels import waiting
    from kiosk.wire.bundle import Bundle, encoded

    station = read_settings(arguments.config).station.number
    with told():
        key = open_station_key(state / "keys")
        outgoing = Outgoing(state)
    try:
        ready = list(waiting(station, outgoing, key.sign))
    finally:
        outgoing.close()
    bundle = Bundle(station=station, made=time.time_ns() // 1_000_000, parcels=tuple(parcel for _, parcel in ready))
    try:
        arguments.bundle.write_bytes(encoded(bundle))
    except OSError as error:
        raise Failure([f"{arguments.bundle}: cannot be written: {error.strerror}"], os.EX_CANTCREAT) from None
    count = sum(len(run.entries) for run, _ in ready)
    print(f"{arguments.bundle}: {count} entries of station {station}; at the center: kiosk center import FILE")
    return os.EX_OK
