"""Taking a ticket: the desk's whole way (slip, signature, journal) against a bare SQLite transaction like it."""

import asyncio
import gc
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlite_utils.utils import sqlite3

from bench.figure import Figure, percentile
from kiosk import paths
from kiosk.catalog.load import read_release
from kiosk.desk import Desk
from kiosk.journal.folder import StateFolder
from kiosk.ports import NoPrinter
from kiosk.settings import QrHosts, Settings
from kiosk.station import Station
from kiosk.text import Language
from kiosk.wording import Wording
from screens.app import GC_THRESHOLDS

COUNT = 1500


def ours(count: int, folder: Path) -> list[float]:
    """Take `count` tickets at the desk; returns the seconds that each took."""
    # As the station does before its first visit.
    gc.set_threshold(*GC_THRESHOLDS)
    release = read_release(paths.release_dir() / "catalog.msgpack")
    settings = Settings(qr=QrHosts(("station.example",)))
    with StateFolder(folder) as state:
        station = Station(settings, release, Wording(paths.release_dir()), state, NoPrinter(), print)
        # Without its spooler, whose commits are not the ticket's.
        station.writer.start()
        station.desk.use(None)
        try:
            return asyncio.run(_take(station.desk, count))
        finally:
            station.writer.close()


async def _take(desk: Desk, count: int) -> list[float]:
    package = desk.packages("birth")[0].id
    await desk.take_ticket(desk.begin(Language.HANS), package, None)
    seconds = []
    for _ in range(count):
        visit = desk.begin(Language.HANS)
        start = time.perf_counter()
        await desk.take_ticket(visit, package, None)
        seconds.append(time.perf_counter() - start)
    return seconds


def bare(count: int, folder: Path) -> list[float]:
    """The reference: counter, ticket and outbox row in one commit, WAL, synchronous=FULL."""
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE counter (theme TEXT PRIMARY KEY, last INTEGER)")
    connection.execute("CREATE TABLE ticket (id INTEGER PRIMARY KEY, number TEXT)")
    connection.execute("CREATE TABLE outbox (id INTEGER PRIMARY KEY, body BLOB)")
    body = bytes(1500)
    seconds = []
    for number in range(count):
        start = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO counter VALUES ('A', 1) ON CONFLICT DO UPDATE SET last = last + 1")
        connection.execute("INSERT INTO ticket (number) VALUES (?)", [f"A07-{number:03d}"])
        connection.execute("INSERT INTO outbox (body) VALUES (?)", [body])
        connection.execute("COMMIT")
        seconds.append(time.perf_counter() - start)
    connection.close()
    return seconds


def syncs(count: int) -> float | None:
    """Return disk syncs per ticket, counted by strace; None where there is no strace."""
    if shutil.which("strace") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        counts = []
        for number in (0, count):
            trace = Path(folder) / f"trace-{number}"
            subprocess.run(
                [
                    *("strace", "-f", "-c", "-e", "trace=fsync,fdatasync,sync_file_range,msync", "-o", trace),
                    *(sys.executable, "-m", "bench.tickets", str(number), Path(folder) / f"state-{number}"),
                ],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            # Columns of the summary: % time, seconds, usecs/call, calls, then errors if any, and the name.
            rows = [line.split() for line in trace.read_text().splitlines()]
            counts.append(sum(int(row[3]) for row in rows if row and row[-1] in ("fsync", "fdatasync")))
        return (counts[1] - counts[0]) / count


def figures() -> Iterator[Figure]:
    """Yield the figures of this module."""
    with tempfile.TemporaryDirectory() as folder:
        # Bare before and after, so that a busy minute counts for both.
        before = bare(COUNT, Path(tempfile.mkdtemp(dir=folder)))
        mine = ours(COUNT, Path(folder) / "state")
        after = bare(COUNT, Path(tempfile.mkdtemp(dir=folder)))
    reference = percentile(before + after, 0.99) * 1000
    p99 = percentile(mine, 0.99) * 1000
    yield Figure("take a ticket, durable, p99", p99, reference, "ms", "bare + 1 ms", p99 <= reference + 1)
    rate = len(mine) / sum(mine)
    yield Figure("tickets", rate, len(before + after) / sum(before + after), "/s", ">= 1,000/s", rate >= 1000)
    if (each := syncs(400)) is not None:
        yield Figure("syncs per ticket", each, 1, "", "1 on average (reserve: 2 in 200)", each <= 1.06)


if __name__ == "__main__":
    ours(int(sys.argv[1]), Path(sys.argv[2]))
