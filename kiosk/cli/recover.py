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
    from kiosk.journal.aside import is_decided
    from kiosk.journal.folder import Damaged, StateError, StateFolder, journal_path, log_path, size_of
    from kiosk.journal.recovery import recover
    from kiosk.journal.store import Journal

    station = read_settings(arguments.config).station.number
    state = state_folder(arguments.state)
    now = time.time_ns() // 1_000_000
    with told():
        path = journal_path(state)
        if not (size_of(path) or size_of(log_path(path)) or is_decided(state)):
            raise StateError(f"{path}: no journal here, so there is nothing to recover; the next start begins one")
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
                print(f"{path}: can be read whole, nothing to recover; its hashes: kiosk journal verify")
            journal.close()
    return os.EX_OK
