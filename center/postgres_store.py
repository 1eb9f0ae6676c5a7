"""The store for a district and beyond: PostgreSQL, any number of processes and machines beside each other.

Transactions of different stations never meet. Where two meet all the same (the same station over two lines, two who
publish), the database lets one of them go through and the other is tried again from its beginning.
"""

import asyncio
import contextlib
import functools
import itertools
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import asyncpg

from center import projections, requests, rules
from center.asking import Asked, Asks, Each, Insert, Rows, Rule, Statement, Table, Together
from center.kept import StoreTrouble
from center.postgres_database import connected, explained, prepare
from center.store import BEAT_S, Store
from center.taking import Batch, Declined, Taken

T = TypeVar("T")
_log = logging.getLogger(__name__)

CONNECTIONS = 8
"""Connections of one process at most. More would wait for the same disk."""

WAIT_S = 10.0
"""Seconds for which a request waits for a connection; then its station is asked to come again."""

STATEMENT_S = 30.0
"""Seconds that one statement may take."""

TRIES = 8
PAUSE_S = 0.01
LONGEST_S = 0.5
"""A transaction that met another is tried so often, after a random pause that doubles at most from PAUSE_S on."""

PROJECT_STEP = 500
"""Entries projected in one transaction: their station's next request waits for that long at most."""

QUIET_S = 0.05
BUSY_S = 0.25
"""Seconds without a request after which projecting goes on, and between two steps of it while they keep coming."""

SWEEP_S = 30.0
"""Seconds between looks for entries that another process stored and did not project before it ended."""

_AGAIN = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    # Two stored the same number; the second finds it there when it looks again.
    asyncpg.UniqueViolationError,
)


class PostgresStore(Store):
    """The store in a PostgreSQL database. Each process has its own; a fresh one may be handed to a forked process."""

    def __init__(self, url: str, *, serves: bool = True, chance: Callable[[], float] = random.random) -> None:
        """Connects later, by `open`. `serves`: make projections and write heartbeats meanwhile. `chance`: 0 to 1."""
        super().__init__()
        self._url = url
        self._serves = serves
        self._chance = chance
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._fresh: dict[str, None] = {}
        self._arrived = asyncio.Event()
        self._busy = -BUSY_S

    async def open(self) -> None:
        """Connect, check the database and make what is missing in it."""
        with explained(self._url):
            connection = await connected(self._url)
            try:
                await prepare(connection, self._url)
            finally:
                await connection.close()
            self._pool = await asyncpg.create_pool(
                min_size=1,
                max_size=CONNECTIONS,
                connect=self._connect,
                reset=_as_it_is,
            )
        if self._serves:
            self._tasks = [asyncio.create_task(self._project()), asyncio.create_task(self._write_beats())]

    async def read(self, asks: Asks[T]) -> T:
        """Follow a rule that changes nothing."""
        with explained(self._url):
            return await self._plain(asks)

    async def write(self, asks: Asks[T]) -> T:
        """Follow a rule in a transaction of its own, perhaps several times; return after the commit."""
        return await self._tried(lambda: self._transaction(asks))

    async def write_once(self, asks: Asks[T]) -> T:
        """Follow a rule that writes by one statement at most; that is its transaction."""
        return await self._tried(lambda: self._plain(asks))

    async def take(self, batch: Batch, public: bytes, now: int, *, earlier_key: bool = False) -> Taken | Declined:
        """Take in what one request carries, and project it soon."""
        self._busy = asyncio.get_running_loop().time()
        taken = await super().take(batch, public, now, earlier_key=earlier_key)
        if isinstance(taken, Taken) and taken.new:
            self._fresh[batch.request.station] = None
            self._arrived.set()
        return taken

    async def close(self) -> None:
        """Finish what was handed in, and close."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._pool is None:
            return
        await self._keep_beats()
        try:
            async with asyncio.timeout(WAIT_S):
                await self._pool.close()
        except TimeoutError:
            self._pool.terminate()

    def _ready(self) -> "asyncpg.Pool[asyncpg.Record]":
        if self._pool is None:
            raise StoreTrouble("the database was not opened")
        return self._pool

    async def _connect(self, *args: object, **settings: object) -> "asyncpg.Connection[asyncpg.Record]":
        return await connected(self._url)

    async def _tried(self, work: Callable[[], Awaitable[T]]) -> T:
        with explained(self._url):
            for tried in range(1, TRIES):
                try:
                    return await work()
                except _AGAIN as error:
                    _log.info("tried again: %s", error)
                except asyncpg.ReadOnlySQLTransactionError:
                    # The server has become a standby; the next connection looks for the one that takes writes.
                    await self._ready().expire_connections()
                await asyncio.sleep(self._chance() * min(LONGEST_S, PAUSE_S * 2**tried))
            return await work()

    async def _plain(self, asks: Asks[T]) -> T:
        async with self._ready().acquire(timeout=WAIT_S) as connection:
            return await _follow(connection, asks())

    async def _transaction(self, asks: Asks[T]) -> T:
        async with self._ready().acquire(timeout=WAIT_S) as connection, connection.transaction():
            return await _follow(connection, asks())

    async def _project(self) -> None:
        """Bring what has come into the projections; what this process stored soon, what others left now and then."""
        loop = asyncio.get_running_loop()
        swept = -SWEEP_S
        while True:
            try:
                if loop.time() - swept >= SWEEP_S:
                    swept = loop.time()
                    self._fresh.update(dict.fromkeys(await self.read(projections.behind)))
                while self._fresh:
                    await asyncio.sleep(BUSY_S if loop.time() - self._busy < QUIET_S else 0)
                    station = next(iter(self._fresh))
                    del self._fresh[station]
                    if await self.write(lambda station=station: projections.project(station, PROJECT_STEP)):  # type: ignore[misc]
                        # Behind all others, so that one with a long backlog does not hold them up.
                        self._fresh[station] = None
                while await self.write(lambda: requests.tell_due(time.time_ns() // 1_000_000)):
                    pass
            except StoreTrouble as error:
                # The entries are safe, and the next look finds them.
                _log.error("projections: %s", error)
                await asyncio.sleep(SWEEP_S)
            self._arrived.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SWEEP_S):
                    await self._arrived.wait()

    async def _write_beats(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            await self._keep_beats()

    async def _keep_beats(self) -> None:
        if beats := self._beats.drain():
            try:
                await self.write(lambda: rules.beat(beats))
            except StoreTrouble as error:
                _log.error("heartbeats: %s", error)


async def _as_it_is(connection: object) -> None:
    """Nothing is left on a connection behind a transaction, so nothing has to be reset."""


async def _follow(connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]", rule: Rule[T]) -> T:
    rows: Rows = ()
    try:
        asked = next(rule)
        while True:
            rows = await _answer(connection, asked)
            asked = rule.send(rows)
    except StopIteration as done:
        return done.value  # type: ignore[no-any-return]


async def _answer(connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]", asked: Asked) -> Rows:
    match asked:
        case Insert():
            sql, values = _one(asked)
            await connection.execute(_numbered(sql), *values, timeout=STATEMENT_S)
        case Each(sql, rows):
            if rows:
                await connection.executemany(_numbered(sql), rows, timeout=STATEMENT_S)
        case Together(parts):
            pieces = [_one(part) for part in parts]
            sql = _together(tuple(piece for piece, _ in pieces))
            await connection.execute(
                _numbered(sql), *itertools.chain.from_iterable(values for _, values in pieces), timeout=STATEMENT_S
            )
        case Statement(sql, values, locks):
            found: Rows = await connection.fetch(_numbered(sql, locks=locks), *values, timeout=STATEMENT_S)
            return found
    return ()


def _one(part: Statement | Insert) -> tuple[str, Sequence[object]]:
    if isinstance(part, Statement):
        return part.sql, part.values
    columns = zip(*part.rows, strict=True) if part.rows else [()] * (len(part.table.columns) - len(part.shared))
    return _insert(part.table, len(part.shared)), [*part.shared, *columns]


@functools.lru_cache(maxsize=256)
def _numbered(sql: str, *, locks: bool = False) -> str:
    """Return a statement with PostgreSQL's own marks for values."""
    first, *rest = sql.split("?")
    numbered = first + "".join(f"${place}{part}" for place, part in enumerate(rest, start=1))
    return f"{numbered} FOR UPDATE" if locks else numbered


@functools.lru_cache(maxsize=32)
def _together(statements: tuple[str, ...]) -> str:
    """Return several insertions as one statement."""
    *others, last = statements
    named = ", ".join(f"part{place} AS ({one})" for place, one in enumerate(others))
    return f"WITH {named} {last}"


@functools.lru_cache(maxsize=32)
def _insert(table: Table, shared: int) -> str:
    """Return the statement that inserts rows handed in as one array for each column, one value for those shared."""
    names = ", ".join(name for name, _ in table.columns)
    values = "".join(f"?::{kind}, " for _, kind in table.columns[:shared])
    arrays = ", ".join(f"?::{kind}[]" for _, kind in table.columns[shared:])
    return f"INSERT INTO {table.name} ({names}) SELECT {values}rows.* FROM unnest({arrays}) AS rows {table.conflict}"
