"""`make soak`: 10,000 tickets with faults in virtual time, then 1,000 through a real pseudo-terminal, by seed.

`python -m tests.faults.soak SEED [virtual|port [TICKETS]]` makes one of the two alone.
"""

import sys
import tempfile
import time
from pathlib import Path

from tests.faults.campaign import Plan, world
from tests.faults.port_campaign import PortCampaign
from tests.faults.truth import Untrue

VIRTUAL, PORT = 10_000, 1_000
A_RUN, A_PORT_RUN = 100, 50


def virtual(seed: int, tickets: int) -> int:
    """Make so many tickets in virtual time, in runs of 100; returns how many times the station was killed."""
    kills = 0
    for run in range(-(-tickets // A_RUN)):
        with world(Plan(seed * 100_000 + run, tickets=min(A_RUN, tickets))) as one:
            one.run()
            kills += one.kills
    return kills


def port(seed: int, tickets: int) -> None:
    """Make so many tickets through a real port, in runs of 50."""
    for run in range(-(-tickets // A_PORT_RUN)):
        with tempfile.TemporaryDirectory(prefix="kiosk-port-") as folder:
            PortCampaign(Path(folder), seed + run).run(min(A_PORT_RUN, tickets))


def main(seed: int, which: str = "both", tickets: int | None = None) -> int:
    """Run it; returns the exit code."""
    try:
        if which != "port":
            began = time.monotonic()
            kills = virtual(seed, tickets or VIRTUAL)
            seconds = time.monotonic() - began
            print(
                f"{tickets or VIRTUAL} tickets in virtual time, {kills} kills: nothing lost or doubled, {seconds:.0f} s"
            )
        if which != "virtual":
            began = time.monotonic()
            port(seed, tickets or PORT)
            seconds = time.monotonic() - began
            print(f"{tickets or PORT} tickets through a real port: nothing lost or doubled, {seconds:.0f} s")
    except Untrue as untrue:
        print(untrue, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), *sys.argv[2:3], *map(int, sys.argv[3:4])))
