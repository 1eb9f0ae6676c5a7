"""Both stores, for tests that must hold for either. The PostgreSQL one belongs to `make system`."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlite_utils.utils import sqlite3

from center.asking import Asks
from center.kept import Enrolled
from center.sqlite_store import SqliteStore
from center.store import Store
from center.taking import Batch, Declined, Taken
from kiosk.keys import StationKey
from kiosk.wire.exchange import Reason
from tests.center.postgres import Cluster, cluster, query

T = TypeVar("T")

KEY = StationKey.throw_away()
STORES = ["sqlite", pytest.param("postgres", marks=pytest.mark.system)]


class Kept:
    """An open store and its event loop. `again` opens one more for the same database."""

    def __init__(self, again: Callable[[], Store], rows: Callable[[str], list[tuple[Any, ...]]]) -> None:
        self.loop = asyncio.new_event_loop()
        self.again = again
        self.query = rows
        self.store = again()
        self.do(self.store.open())
        for number in ("07", "08"):
            self.do(self.store.enrol(Enrolled(number, KEY.public, 1)))

    def do(self, work: Awaitable[T]) -> T:
        """Wait for something in this store's loop."""
        return self.loop.run_until_complete(work)

    def take(self, batch: Batch, now: int = 5) -> Taken | Declined:
        return self.do(self.store.take(batch, KEY.public, now))

    def refused(self, batch: Batch) -> tuple[Reason, int]:
        declined = self.take(batch)
        assert isinstance(declined, Declined), declined
        return declined.reason, declined.need

    def read(self, asks: Asks[T]) -> T:
        return self.do(self.store.read(asks))

    def count(self, table: str) -> int:
        """How many rows a table has on disk."""
        return int(self.query(f"SELECT count(*) FROM {table}")[0][0])

    def close(self) -> None:
        self.do(self.store.close())
        self.loop.close()


def rows_of(path: Path, statement: str) -> list[tuple[Any, ...]]:
    """Ask an SQLite file something, by itself."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()  # type: ignore[no-any-return]


@contextlib.contextmanager
def kept(kind: str, folder: Path, server: Callable[[], Cluster]) -> Iterator[Kept]:
    """An empty store of this kind with the stations 07 and 08 enrolled. `server()`: where PostgreSQL runs."""
    if kind == "sqlite":
        path = folder / "center.db"
        one = Kept(lambda: SqliteStore(path), lambda statement: rows_of(path, statement))
    else:
        from center.postgres_store import PostgresStore

        url = server().database()
        one = Kept(lambda: PostgresStore(url), lambda statement: query(url, statement))
    try:
        yield one
    finally:
        one.close()


class Servers:
    """Starts a PostgreSQL server for whoever first asks."""

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._one: Cluster | None = None

    def one(self) -> Cluster:
        """The server."""
        if self._one is None:
            self._one = self._stack.enter_context(cluster())
        return self._one

    def close(self) -> None:
        """Stop it if it was started."""
        self._stack.close()
