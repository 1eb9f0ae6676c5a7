"""A center that serves in a process of its own, as it does in the hall."""

import datetime
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from center.authority import make
from center.folder import keys_dir
from tests.center.running import give_code
from tests.waiting import wait_for

KIOSK = (sys.executable, "-m", "kiosk.cli")


@contextmanager
def serving(folder: Path, station: str) -> Iterator[tuple[int, bytes]]:
    """Make a center in `folder` and serve it at a free port of this machine.

    Yields the port, and the code by which the station of that number enrols.
    """
    make(keys_dir(folder), "localhost", datetime.datetime.now(datetime.UTC))
    code = give_code(folder, station)
    port = free_port()
    command = [*KIOSK, "center", "serve", "--address", "127.0.0.1", "--port", str(port), "--folder", folder]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: _listens(port))
        yield port, code
    finally:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port of this machine at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def _listens(port: int) -> bool:
    with socket.socket() as asking:
        return asking.connect_ex(("127.0.0.1", port)) == 0
