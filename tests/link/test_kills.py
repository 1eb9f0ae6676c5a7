"""Station and center are killed (-9) at random while entries are on their way. In the end both hold the same."""

import random
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from center.authority import CA, certificate
from center.books import Books
from center.database import open_for_writing
from center.folder import database_path, keys_dir
from center.kept import Enrolled
from kiosk.keys import open_station_key
from kiosk.sealing import HPKE
from kiosk.trust import keep_trust
from kiosk.wire.enrolment import CenterKeys
from kiosk.wire.exchange import ED25519
from tests.link.agreement import disagreements

STATION = Path(__file__).with_name("station_process.py")
TICKETS = 60


class Ends:
    """The two processes."""

    def __init__(self, folder: Path, host: str = "localhost") -> None:
        self.center, self.state = folder / "center", folder / "state"
        self.state.mkdir()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
        self._kiosk("init", "--host", host).wait(30)
        key = open_station_key(self.state / "keys")
        books = Books(open_for_writing(database_path(self.center), checkpoints=False))
        with books.transaction():
            books.enrol(Enrolled("07", key.public, 1))
        books.close()
        ca = certificate(keys_dir(self.center) / CA)
        keep_trust(
            self.state / "keys",
            CenterKeys(
                station="07",
                ca=ca,
                sealing_alg=HPKE,
                sealing=bytes(32),
                release_alg=ED25519,
                release=bytes(32),
                time=1,
            ),
        )

    def _kiosk(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "kiosk.cli", "center", *words, "--folder", str(self.center)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def serve(self, address: str = "127.0.0.1") -> subprocess.Popen[str]:
        return self._kiosk("serve", "--address", address, "--port", str(self.port))

    def station(self, tickets: int) -> subprocess.Popen[str]:
        command = [sys.executable, str(STATION), str(self.state), f"https://localhost:{self.port}", str(tickets)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def end(process: subprocess.Popen[str]) -> list[str]:
    """Kill a process at once; returns the lines that it had said."""
    process.kill()
    return (process.communicate()[0] or "").splitlines()


def campaign(folder: Path, rounds: int) -> None:
    chance = random.Random(rounds)
    ends = Ends(folder)
    promised: list[str] = []
    for _ in range(rounds):
        center, station = ends.serve(), ends.station(TICKETS)
        # Not a wait for anything: the moment of the kill is what is tried.
        time.sleep(chance.uniform(0.3, 1.6))
        first, second = chance.sample([center, station], 2)
        said = {first: end(first)}
        time.sleep(chance.choice([0.0, 0.0, 0.3]))
        said[second] = end(second)
        promised += [line for line in said[station] if line != "all"]
    center, station = ends.serve(), ends.station(1)
    said_last = station.communicate(timeout=60)[0].splitlines()
    assert said_last[-1] == "all"
    promised += said_last[:-1]
    end(center)
    books = Books(open_for_writing(database_path(ends.center), checkpoints=True))
    done = 1
    while done:
        with books.transaction():
            done = books.project(1000)
    assert list(disagreements(ends.state, "07", books._db)) == []
    known = {f"{code} {number}" for code, number in books._db.execute("SELECT code, number FROM ticket").fetchall()}
    books.close()
    assert len({line.split()[1] for line in promised}) == len(promised) > TICKETS
    assert set(promised) <= known


def test_killed_a_few_times(tmp_path: Path) -> None:
    campaign(tmp_path, 2)


@pytest.mark.system
def test_killed_twenty_times(tmp_path: Path) -> None:
    campaign(tmp_path, 20)
