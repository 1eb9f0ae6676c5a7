"""`kiosk journal recover`: what a station does by itself when it starts with a damaged journal, by hand."""

import argparse
import os
import time

from kiosk.cli.failure import told
from kiosk.cli.station import add_places, read_settings, state_folder


def add_action(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the action to those of `kiosk journal`."""
    parser = actions.add_parser("recover", help="salvage a damaged journal and go on in a new one")
    add_places(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the action, while no station is running here; a journal that is sound stays as it is."""
    from kiosk.journal.folder import Damaged, StateFolder, journal_path
    from kiosk.journal.recovery import recover
    from kiosk.journal.store import Journal, Reader

    station = read_settings(arguments.config).station.number
    state = state_folder(arguments.state)
    now = time.time_ns() // 1_000_000
    with told():
        if not journal_path(state).exists() and not list(state.glob("damaged-*")):
            Reader(state)
        with StateFolder(state):
            try:
                journal = Journal(state, station, now)
            except Damaged as error:
                print(error)
                done = recover(state, station, now)
                print(done.words())
                for first, last in done.lost:
                    print(f"  not readable: entries {first} to {last}" if first < last else f"  not readable: {first}")
                journal = Journal(state, station, now)
                print(f"epoch {journal.epoch} is begun; the next exchange carries what was salvaged to the center")
            else:
                print(f"{journal_path(state)}: can be read whole, nothing to recover; its hashes: kiosk journal verify")
            journal.close()
    return os.EX_OK
