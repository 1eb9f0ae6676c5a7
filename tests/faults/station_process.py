"""A whole station without screens, as a process that a test can kill: takes tickets and prints them.

Arguments: state folder, port, name of the step at which to die by SIGKILL (or "none"), how often that step may pass
first, tickets to take. Prints one line for each ticket that the desk promised.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

from devices.profile import read_profiles
from devices.serial_printer import SerialPrinter
from kiosk import paths
from kiosk.catalog.load import read_release
from kiosk.desk import JobState
from kiosk.journal.folder import StateFolder
from kiosk.settings import QrHosts, Settings
from kiosk.station import Station
from kiosk.text import Language
from kiosk.wording import Wording


async def take(station: Station, count: int) -> None:
    """Take `count` tickets and wait for each one's paper."""
    for _ in range(count):
        visit = station.desk.begin(Language.HANS)
        package = station.desk.packages("birth")[0]
        ticket = await station.desk.take_ticket(visit, package.id, None)
        print(ticket.number, ticket.code, flush=True)
        state = JobState.QUEUED
        while state in (JobState.QUEUED, JobState.SENDING):
            state = (await station.desk.watch(ticket.job, state)).state


def main() -> None:
    """Run until done, or until the step."""
    state, port, fatal, passes, count = sys.argv[1:]
    left = [int(passes)]

    def step(name: str) -> None:
        if name == fatal:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    profile = read_profiles(paths.data_dir() / "printers.toml")["generic-58"]
    release = read_release(paths.release_dir() / "catalog.msgpack")
    with StateFolder(Path(state)) as folder:
        station = Station(
            Settings(qr=QrHosts(("station.example",))),
            release,
            Wording(paths.release_dir()),
            folder,
            SerialPrinter(port, 115200, profile),
            lambda error: print(error, file=sys.stderr),
            step=step,
        )
        station.start()
        asyncio.run(take(station, int(count)))
        station.stop()


main()
