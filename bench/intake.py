"""What the center takes in: 50 stations at once, batches of 100 entries, against a bare endpoint with the same commit.

Both run as processes of their own behind plain HTTP, and the load comes from this one, on the same cores.
"""

import asyncio
import contextlib
import datetime
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.figure import Figure
from bench.memory import resident
from center.authority import make
from center.folder import database_path, keys_dir
from center.kept import Enrolled
from center.sqlite_store import SqliteStore
from center.store import Store
from kiosk.keys import StationKey
from kiosk.wire.entries import GENESIS, Body, hashes
from kiosk.wire.exchange import (
    MEDIA_TYPE,
    SIGNATURE_HEADER,
    VOUCHER_HEADER,
    Carried,
    Heartbeat,
    Request,
    Voucher,
    encoded,
    signature_header,
    sync_path,
)
from kiosk.wire.packing import GZIP, pack

STATIONS = [f"{number:02d}" for number in range(1, 51)]
BATCHES = 24
BATCH = 100
SHARE = 0.7

Load = dict[str, list[bytes]]


def load(keys: dict[str, StationKey], batches: int, size: int) -> Load:
    """All requests of all stations as they go over the line."""
    made = {}
    for number, key in keys.items():
        epoch = number * 8
        runs = [[_ticket(number, epoch, seq) for seq in range(at, at + size)] for at in range(1, batches * size, size)]
        made[number] = list(requests(number, key, epoch, runs))
    return made


def requests(number: str, key: StationKey, epoch: str, runs: list[list[bytes]]) -> Iterator[bytes]:
    """The requests of one station for the entries of an epoch, one for each run of them."""
    first, before, newest = 1, GENESIS, sum(map(len, runs))
    for bodies in runs:
        made = hashes(before, bodies)
        request = Request(
            station=number,
            epoch=epoch,
            first=first,
            before=before,
            newest=newest,
            nonce=b"12345678",
            entries=tuple(Carried(one) for one in bodies),
            heartbeat=Heartbeat(program="1", unsent=newest - first + 1),
            # They have been told each other's keys, as all stations are that have been at work for a minute.
            cursor=len(STATIONS),
        )
        first += len(bodies)
        before = made[-1]
        content = pack(encoded(request))
        voucher = Voucher.of(request, before, content)
        lines = [
            f"POST {sync_path(number)} HTTP/1.1",
            "host: bench",
            f"content-type: {MEDIA_TYPE}",
            f"content-encoding: {GZIP}",
            f"content-length: {len(content)}",
            f"{VOUCHER_HEADER}: {voucher.header()}",
            f"{SIGNATURE_HEADER}: {signature_header(key.sign(voucher.message()))}",
        ]
        yield "\r\n".join([*lines, "", ""]).encode() + content


def _ticket(number: str, epoch: str, seq: int) -> bytes:
    data = {
        "number": f"A{number}-{seq:03d}",
        "code": f"{int(number):04d}{seq:012d}",
        "theme": "A",
        "package": "newborn-birth",
        "day": "2026-11-25",
        "session": "08:30-12:00",
        "doubtful": False,
        "job": seq,
    }
    return Body(station=number, epoch=epoch, seq=seq, kind="ticket.issued", time=seq, data=data).encoded()


async def _send(port: int, requests: list[bytes]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in requests:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 "), head
        length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.partition(b":")[2]))
    writer.close()


async def drain(port: int, made: Load) -> float:
    """Send all requests, the stations side by side, each one request at a time; returns the seconds that it took."""
    begin = time.perf_counter()
    await asyncio.gather(*(_send(port, requests) for requests in made.values()))
    return time.perf_counter() - begin


@contextlib.contextmanager
def serving(*command: str | Path, port: int) -> Iterator[int]:
    """Run a module of Python that listens at `port` until the block ends; gives its process."""
    process = subprocess.Popen([sys.executable, "-m", *map(str, command)])
    try:
        for _ in range(3000):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.01)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def free_port() -> int:
    """A port of this machine at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@dataclass(frozen=True)
class Taken:
    """How a load was taken in: in so many seconds, with so many megabytes of memory at most."""

    seconds: float
    memory: float


def bare(folder: Path, made: Load, url: str = "") -> Taken:
    """Let the bare endpoint take in everything; `url`: a fresh PostgreSQL database."""
    port = free_port()
    with serving("bench.bare_intake", str(port), url or folder / "bare.db", port=port) as process:
        return Taken(asyncio.run(drain(port, made)), resident(process, most=True))


def ours(folder: Path, made: Load, keys: dict[str, StationKey], url: str = "", workers: int = 1) -> Taken:
    """Let the center take in everything."""
    make(keys_dir(folder), "localhost", datetime.datetime.now(datetime.UTC))
    asyncio.run(_enrol(folder, keys, url))
    port = free_port()
    extra = ("--database", url, "--workers", str(workers)) if url else ()
    place = ("--plain", "--address", "127.0.0.1", "--port", str(port), "--folder", folder)
    with serving("kiosk.cli", "center", "serve", *place, *extra, port=port) as process:
        return Taken(asyncio.run(drain(port, made)), resident(process, most=True))


async def _enrol(folder: Path, keys: dict[str, StationKey], url: str) -> None:
    store: Store
    if url:
        from center.postgres_store import PostgresStore

        store = PostgresStore(url, serves=False)
    else:
        store = SqliteStore(database_path(folder))
    await store.open()
    for number, key in keys.items():
        await store.enrol(Enrolled(number, key.public, 1))
    await store.close()


def figures() -> Iterator[Figure]:
    """Yield the figures of this module; PostgreSQL's only where it is installed."""
    keys = {number: StationKey.throw_away() for number in STATIONS}
    made = load(keys, BATCHES, BATCH)
    yield _figure("SQLite", keys, made, None)
    if shutil.which("pg_config") or Path("/usr/lib/postgresql").exists():
        from tests.center.postgres import cluster

        with cluster(durable=True) as server:
            yield _figure("PostgreSQL", keys, made, server.database)


def _figure(name: str, keys: dict[str, StationKey], made: Load, database: Callable[[], str] | None) -> Figure:
    entries = len(keys) * BATCHES * BATCH
    with tempfile.TemporaryDirectory() as folder:

        def fresh() -> tuple[Path, str]:
            return Path(tempfile.mkdtemp(dir=folder)), database() if database else ""

        def one(kind: str) -> float:
            place, url = fresh()
            taken = bare(place, made, url) if kind == "bare" else ours(place, made, keys, url)
            return taken.seconds

        # In turns, so that a busy moment counts for both.
        seconds: dict[str, list[float]] = {"bare": [], "ours": []}
        for kind in ("bare", "ours", "ours", "bare"):
            seconds[kind].append(one(kind))
    rate, reference = (entries * 2 / sum(seconds[kind]) for kind in ("ours", "bare"))
    what = f"center intake, {name}, {len(keys)} stations, batches of {BATCH}"
    return Figure(what, rate, reference, "entries/s", f">= {SHARE} of bare", rate >= SHARE * reference)


if __name__ == "__main__":
    for figure in figures():
        print(*figure.cells(), sep=" | ")
    print(f"load average {os.getloadavg()[0]:.2f}")
