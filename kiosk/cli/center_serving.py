"""`kiosk center serve`: one process with the folder's own database, or several workers with PostgreSQL."""

import argparse
import asyncio
import os
import secrets
import signal
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING

from kiosk.cli.center_store import now_ms
from kiosk.cli.failure import Failure, told

if TYPE_CHECKING:
    import uvicorn

    from center.store import Store

WORKERS = 64
"""The most that makes sense on one machine; further ones go to another."""


def serve(folder: Path, arguments: argparse.Namespace) -> int:
    """Run the command: serve until it is told to end."""
    from center.folder import database_path, served
    from center.sqlite_store import SqliteStore
    from center.workers import listener, run_workers

    workers: int = arguments.workers
    if not 1 <= workers <= WORKERS:
        raise Failure([f"--workers {workers}: 1 to {WORKERS}"], os.EX_USAGE)
    if workers > 1 and not arguments.database:
        words = "--workers: the folder's own database has one writer; several need --database postgresql://..."
        raise Failure([words], os.EX_USAGE)
    try:
        where = listener(arguments.address, arguments.port)
    except OSError as error:
        words = f"{arguments.address} port {arguments.port}: cannot be listened on: {error.strerror}"
        raise Failure([words], os.EX_UNAVAILABLE) from None
    with where:
        if not arguments.database:
            with served(folder):
                asyncio.run(begun(SqliteStore(database_path(folder))))
                return _run(center_server(folder, SqliteStore(database_path(folder)), plain=arguments.plain), where)

        from center.postgres_store import PostgresStore

        # What is wrong with the database is told here, once, and its tables are made before several want to.
        asyncio.run(begun(PostgresStore(arguments.database, serves=False)))
        server = center_server(folder, PostgresStore(arguments.database), plain=arguments.plain)
        return _run(server, where) if workers == 1 else run_workers(workers, lambda: _run(server, where))


async def begun(store: "Store") -> None:
    """Ask all stations what they hold: perhaps the database was put back to a backup since it was served last."""
    from center.inventory import begin

    await store.open()
    await store.write(lambda: begin(secrets.token_hex(8), now_ms()))
    await store.close()


def _run(server: "uvicorn.Server", where: socket) -> int:
    """Serve in this process until SIGTERM."""
    # The server sends itself the signal again once it has ended in good order; that must not look like a failure.
    signal.signal(signal.SIGTERM, lambda number, frame: None)
    try:
        server.run([where])
    except SystemExit:
        return os.EX_UNAVAILABLE
    return os.EX_OK


def center_server(folder: Path, store: "Store", *, plain: bool) -> "uvicorn.Server":
    """Return the server of the center in `folder`, ready to run. Raises AuthorityError and Failure."""
    from center.app import application, wall_ms
    from center.authority import CA, RELEASE, SEALING, certificate, raw_key, server_files
    from center.board import Boards
    from center.enrolling import Enrolling
    from center.folder import keys_dir, releases_dir
    from center.lending import Lender
    from center.public import PublicPages
    from center.server import server
    from center.shelf import Current, Shelf
    from kiosk import paths
    from kiosk.catalog.load import FILE
    from kiosk.wording import Wording

    keys = keys_dir(folder)
    files = (None, None) if plain else server_files(keys)
    enrolling = Enrolling(store, certificate(keys / CA), raw_key(keys / SEALING), raw_key(keys / RELEASE))
    with told():
        shelf = Shelf(releases_dir(folder))
        current, wording = Current(shelf, paths.release_dir() / FILE), Wording(paths.release_dir())
    boards, lender = Boards(store, current.release), Lender(store, current.release)
    pages = PublicPages(store, current.release, wording, place=lambda ticket: boards.place(ticket, wall_ms()))
    app = application(store, enrolling, shelf, pages, lender=lender, boards=boards)
    return server(app, "", 0, *files)
