"""How a command of `kiosk center` names the center's database, and works with it beside the center that serves it."""

import argparse
import asyncio
import datetime
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from kiosk.cli.failure import Failure

if TYPE_CHECKING:
    from center.store import Store

T = TypeVar("T")

DATABASE = "KIOSK_CENTER_DATABASE"
"""Environment variable that names a PostgreSQL database, so that a password need not stand in the list of processes."""


def add_center(parser: argparse.ArgumentParser) -> None:
    """Let a command be told which center is meant."""
    parser.add_argument("--folder", type=Path, metavar="FOLDER", help="the center's folder (default: $KIOSK_CENTER)")
    parser.add_argument(
        "--database",
        metavar="URL",
        default=os.environ.get(DATABASE, ""),
        help=f"postgresql://... in place of the folder's own database (default: ${DATABASE})",
    )


def with_store(folder: Path, arguments: argparse.Namespace, work: "Callable[[Store], Awaitable[T]]") -> T:
    """Do `work` with the center's store, open for a moment, also beside a running center."""
    from center.folder import beside, database_path
    from center.sqlite_store import SqliteStore

    if arguments.database:
        from center.postgres_store import PostgresStore

        return asyncio.run(_done(PostgresStore(arguments.database, serves=False), work))
    path = database_path(folder)
    if not path.exists():
        raise Failure([f"{path}: no center here; make one with: kiosk center init --host NAME"], os.EX_NOINPUT)
    with beside(folder):
        return asyncio.run(_done(SqliteStore(path, beside=True), work))


def now_ms() -> int:
    """The wall clock in UTC milliseconds."""
    return int(datetime.datetime.now(datetime.UTC).timestamp() * 1000)


def china_time(ms: int) -> str:
    """Return a time in UTC milliseconds as people at the center read it, `never` for 0."""
    from kiosk.hours import CHINA

    return f"{datetime.datetime.fromtimestamp(ms / 1000, CHINA):%Y-%m-%d %H:%M:%S}" if ms else "never"


async def _done(store: "Store", work: "Callable[[Store], Awaitable[T]]") -> T:
    await store.open()
    try:
        return await work(store)
    finally:
        await store.close()
