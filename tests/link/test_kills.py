"""Station and center are killed (-9) at random while entries are on their way. In the end both hold the same."""

import asyncio
import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from center.authority import CA, certificate
from center.database import open_for_reading
from center.folder import database_path, keys_dir
from center.kept import Enrolled
from center.sqlite_store import SqliteStore
from center.store import Store
from kiosk.keys import open_station_key
from kiosk.sealing import HPKE
from kiosk.trust import keep_trust
from kiosk.wire.enrolment import CenterKeys
from kiosk.wire.exchange import ED25519
from tests.center.postgres import Asked, Cluster, cluster
from tests.link.agreement import disagreements

T = TypeVar("T")

STATION = Path(__file__).with_name("station_process.py")
TICKETS = 60


class Ends:
    """The two processes. `database`: PostgreSQL in place of the center's own file."""

    def __init__(self, folder: Path, host: str = "localhost", database: str = "") -> None:
        self.center, self.state = folder / "center", folder / "state"
        self.database = database
        self.state.mkdir()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
        self._kiosk("center", "init", "--host", host, "--folder", self.center).wait(30)
        key = open_station_key(self.state / "keys")
        self.with_store(lambda store: store.enrol(Enrolled("07", key.public, 1)))
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

    def _kiosk(self, *words: str | Path) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "kiosk.cli", *map(str, words)]
        environment = {**os.environ, "KIOSK_CENTER_DATABASE": self.database}
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)

    def with_store(self, work: Callable[[Store], Awaitable[T]]) -> T:
        """Do something with the center's store, beside it or while it is down."""

        async def done() -> T:
            store: Store
            if self.database:
                from center.postgres_store import PostgresStore

                store = PostgresStore(self.database, serves=False)
            else:
                store = SqliteStore(database_path(self.center), beside=True)
            await store.open()
            try:
                return await work(store)
            finally:
                await store.close()

        return asyncio.run(done())

    def serve(self, address: str = "127.0.0.1") -> subprocess.Popen[str]:
        # The workers of a killed parent end by themselves, and only then the port is free.
        for _ in range(2000):
            with contextlib.suppress(OSError), socket.create_server((address, self.port)):
                break
            time.sleep(0.01)
        workers = ("--workers", "2") if self.database else ()
        place = ("--address", address, "--port", str(self.port), "--folder", self.center)
        return self._kiosk("center", "serve", *place, *workers)

    def station(self, tickets: int) -> subprocess.Popen[str]:
        command = [sys.executable, str(STATION), str(self.state), f"https://localhost:{self.port}", str(tickets)]
        return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)

    def verify(self) -> tuple[int, str]:
        """What `kiosk journal verify --against center` says."""
        settings = self.state.with_name("kiosk.toml")
        settings.write_text(f'[station]\nnumber = "07"\n[center]\nurl = "https://localhost:{self.port}"\n')
        places = ("--state", self.state, "--config", settings)
        process = self._kiosk("journal", "verify", "--against", "center", *places)
        said, errors = process.communicate(timeout=30)
        return process.returncode, said + errors


def end(process: subprocess.Popen[str]) -> list[str]:
    """Kill a process at once; returns the lines that it had said to their ends."""
    process.kill()
    return (process.communicate()[0] or "").split("\n")[:-1]


def workers(center: subprocess.Popen[str]) -> list[int]:
    """The processes that a center has started."""
    children = Path(f"/proc/{center.pid}/task/{center.pid}/children")
    return [int(pid) for pid in children.read_text().split()] if children.exists() else []


def campaign(folder: Path, rounds: int, server: Cluster | None = None) -> None:
    """Kill whoever, as often as asked; with `server` the center uses a database there, and that is killed as well."""
    chance = random.Random(rounds)
    ends = Ends(folder, database=server.database() if server else "")
    promised: list[str] = []
    for _ in range(rounds):
        center, station = ends.serve(), ends.station(TICKETS)
        # Not a wait for anything: the moment of the kill is what is tried.
        time.sleep(chance.uniform(0.3, 1.6))
        if server is not None and (serving := workers(center)) and chance.random() < 0.5:
            os.kill(chance.choice(serving), signal.SIGKILL)
            time.sleep(chance.uniform(0.0, 0.5))
        if server is not None and chance.random() < 0.3:
            server.stop()
            server.start()
        first, second = chance.sample([center, station], 2)
        said = {first: end(first)}
        time.sleep(chance.choice([0.0, 0.0, 0.3]))
        said[second] = end(second)
        promised += [line for line in said[station] if line != "all"]
    center, station = ends.serve(), ends.station(1)
    said_last = station.communicate(timeout=60)[0].splitlines()
    assert said_last[-1] == "all"
    promised += said_last[:-1]
    code, words = ends.verify()
    assert code == os.EX_OK, words
    assert "the center holds the same" in words
    end(center)
    ends.with_store(lambda store: store.settle())
    held = Asked(ends.database) if server else open_for_reading(database_path(ends.center))
    assert list(disagreements(ends.state, "07", held)) == []  # type: ignore[arg-type]
    known = {f"{code} {number}" for code, number in held.execute("SELECT code, number FROM ticket").fetchall()}
    assert len({line.split()[1] for line in promised}) == len(promised) > TICKETS
    assert set(promised) <= known


def test_killed_a_few_times(tmp_path: Path) -> None:
    campaign(tmp_path, 2)


@pytest.mark.system
def test_killed_twenty_times(tmp_path: Path) -> None:
    campaign(tmp_path, 20)


@pytest.mark.system
def test_killed_twenty_times_with_postgresql(tmp_path: Path) -> None:
    with cluster(durable=True) as server:
        campaign(tmp_path, 20, server)
