"""The reference for the center's intake: an endpoint that unpacks a request and commits it, and nothing else.

It checks no signature, no chain and no station; it stores the same entries and the same watermark with the same care:
SQLite with one writer and group commit, PostgreSQL with one statement for each request.

Run as `python -m bench.bare_intake PORT DATABASE`, where DATABASE is a file or a postgresql:// address.
"""

import asyncio
import contextlib
import queue
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import asyncpg
from sqlite_utils.utils import sqlite3
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from center.database import open_for_writing
from center.postgres_store import PostgresStore
from center.server import server
from center.workers import listener
from kiosk.wire.exchange import CONTENT_LIMIT, read_request
from kiosk.wire.exchange import Request as Sent
from kiosk.wire.packing import unpack

ENTRY = "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?)"
CHAIN = (
    "INSERT INTO chain (station, epoch, seq, head, begun, latest) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (station, epoch) DO UPDATE SET seq = excluded.seq, head = excluded.head, latest = excluded.latest"
)
ENTRIES = (
    "INSERT INTO entry SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bytea[], $5::bytea[],"
    " $6::bytea[], $7::bigint[])"
)
HASH = bytes(32)

Row = tuple[str, str, int, bytes, bytes | None, bytes, int]


def rows(sent: Sent) -> list[Row]:
    """The rows that a request brings."""
    return [
        (sent.station, sent.epoch, sent.first + place, entry.body, entry.sealed, HASH, 1)
        for place, entry in enumerate(sent.entries)
    ]


class SqliteCommits:
    """One writer thread; what waits while it commits shares the next commit."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._waiting: queue.SimpleQueue[tuple[Sent, asyncio.Future[None]]] = queue.SimpleQueue()
        self._loop = asyncio.get_running_loop()
        threading.Thread(target=self._run, daemon=True).start()

    async def keep(self, sent: Sent) -> None:
        """Return when it is on disk."""
        future: asyncio.Future[None] = self._loop.create_future()
        self._waiting.put((sent, future))
        await future

    def _run(self) -> None:
        connection = open_for_writing(self._path, checkpoints=True).conn
        assert isinstance(connection, sqlite3.Connection)
        while True:
            group = [self._waiting.get()]
            with contextlib.suppress(queue.Empty):
                while True:
                    group.append(self._waiting.get_nowait())
            connection.execute("BEGIN IMMEDIATE")
            for sent, _ in group:
                connection.executemany(ENTRY, rows(sent))
                connection.execute(CHAIN, (sent.station, sent.epoch, sent.last, HASH, 1, 1))
            connection.execute("COMMIT")
            self._loop.call_soon_threadsafe(_done, [future for _, future in group])


def _done(futures: "list[asyncio.Future[None]]") -> None:
    for future in futures:
        future.set_result(None)


async def postgres_keep(url: str) -> Callable[[Sent], Awaitable[None]]:
    """Return what stores one request in one transaction."""
    # Makes the tables.
    store = PostgresStore(url, serves=False)
    await store.open()
    await store.close()

    async def reset(connection: object) -> None:
        return None

    pool = await asyncpg.create_pool(url, min_size=1, max_size=8, reset=reset)
    first, *rest = CHAIN.split("?")
    both = f"WITH entries AS ({ENTRIES}) {first}" + "".join(f"${at}{part}" for at, part in enumerate(rest, start=8))

    async def keep(sent: Sent) -> None:
        async with pool.acquire() as connection:
            mark = sent.station, sent.epoch, sent.last, HASH, 1, 1
            await connection.execute(both, *map(list, zip(*rows(sent), strict=True)), *mark)

    return keep


def application(database: str) -> Starlette:
    """The endpoint."""
    keeps: list[Callable[[Sent], Awaitable[None]]] = []

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        keeps.append(await postgres_keep(database) if "://" in database else SqliteCommits(Path(database)).keep)
        yield

    async def sync(request: Request) -> Response:
        await keeps[0](read_request(unpack(await request.body(), CONTENT_LIMIT)))
        return Response(b"ok")

    return Starlette(routes=[Route("/v1/stations/{station}/sync", sync, methods=["POST"])], lifespan=lifespan)


if __name__ == "__main__":
    with listener("127.0.0.1", int(sys.argv[1])) as listening:
        server(application(sys.argv[2]), "", 0, None, None).run([listening])
