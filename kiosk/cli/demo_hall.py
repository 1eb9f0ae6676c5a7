"""The demonstration's center, a process of its own: takes in the one station, calls its numbers, takes on its requests.

Arguments: its folder, the descriptor of a listening socket, the station's number. Says on standard output the code with
which the station may enrol, and ends with its standard input, however the demonstration ends.
"""

import asyncio
import datetime
import logging
import os
import secrets
import sys
import threading
from pathlib import Path
from socket import socket
from typing import TYPE_CHECKING

from center import calling
from center.authority import make
from center.folder import database_path, keys_dir
from center.kept import StoreTrouble
from center.sqlite_store import SqliteStore
from kiosk import hours, paths
from kiosk.catalog.load import FILE, read_release
from kiosk.cli.center_serving import begun, center_server
from kiosk.cli.center_store import now_ms
from kiosk.requests import State
from kiosk.wire.enrolment import CODE_BYTES, CODE_HOURS, written

if TYPE_CHECKING:
    import uvicorn

    from center.store import Store
    from kiosk.catalog.model import Release

ROUND_S = 20.0
"""Seconds after which the one window calls again, and what came in meanwhile is taken on."""

WINDOW = "1"
WORDS = "演示答复，不作数。"

_log = logging.getLogger(__name__)


def main(folder: Path, listener: socket, station: str) -> None:
    """Make the center in `folder` and serve it until standard input ends."""
    # The screens come first, on however few cores.
    os.nice(5)
    folder.mkdir(mode=0o700)
    make(keys_dir(folder), "localhost", datetime.datetime.now(datetime.UTC))
    asyncio.run(_serve(folder, listener, station))


async def _serve(folder: Path, listener: socket, station: str) -> None:
    await begun(SqliteStore(database_path(folder)))
    store = SqliteStore(database_path(folder))
    server = center_server(folder, store, plain=False)
    code = secrets.token_bytes(CODE_BYTES)
    await store.set_code(station, code, now_ms() + CODE_HOURS * 3_600_000)
    threading.Thread(target=_end_with_parent, args=(server,), daemon=True).start()
    work = asyncio.create_task(_staff(store, read_release(paths.release_dir() / FILE)))
    print(written(code), flush=True)
    try:
        await server.serve([listener])
    finally:
        work.cancel()


async def _staff(store: "Store", release: "Release") -> None:
    """Do what people do at a real center."""
    while True:
        await asyncio.sleep(ROUND_S)
        try:
            await _call(store, release)
            for found in await store.requests(everything=False):
                if found.state is State.RECEIVED:
                    await store.answer(found.code, State.TAKEN_ON, WORDS, "", now_ms())
        except StoreTrouble as error:
            _log.warning("the demonstration's staff: %s", error)


async def _call(store: "Store", release: "Release") -> None:
    now = hours.begun(datetime.datetime.now(datetime.UTC), release.hall)
    if now is None:
        return
    for theme in release.themes:
        queue = calling.HallQueue(theme.letter, now.day.isoformat(), now.session.label)
        await store.write(lambda queue=queue: calling.call_next(queue, WINDOW, release.priority, now_ms()))  # type: ignore[misc]


def _end_with_parent(server: "uvicorn.Server") -> None:
    sys.stdin.buffer.read()
    server.should_exit = True


if __name__ == "__main__":
    main(Path(sys.argv[1]), socket(fileno=int(sys.argv[2])), sys.argv[3])
