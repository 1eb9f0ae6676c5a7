"""A center's own process under all that strangers send at its kinds of addresses: its memory stays bounded."""

import contextlib
import http.client
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.wire.exchange import MEDIA_TYPE
from kiosk.wire.packing import GZIP, pack
from tests.center.running import enrolled, request, signed
from tests.waiting import wait_for

KIOSK = (sys.executable, "-m", "kiosk.cli")
SYNC, ENROL, GUIDE, TICKET = "/v1/stations/07/sync", "/v1/stations/07/enrol", "/g/0101", "/t/1234567890123456"
PATHS = (SYNC, ENROL, GUIDE, TICKET)
BOMB = pack(bytes(64 << 20))
MORE_MB = 40
"""Five times what it takes: one bomb is unpacked up to the limit of a request."""

TIMES = 5


@dataclass(frozen=True)
class Center:
    """Where it listens, its process, and its folder."""

    port: int
    process: int
    folder: Path

    def memory(self) -> float:
        """Megabytes that it has had at most so far (VmHWM of proc(5))."""
        found = re.search(r"^VmHWM:\s+(\d+) kB", Path(f"/proc/{self.process}/status").read_text(), re.M)
        assert found is not None
        return int(found[1]) / 1024

    def send(self, method: str, path: str, headers: dict[str, str], content: bytes | Iterator[bytes] = b"") -> int:
        """Send a request; returns the status, 0 where the center closed the connection instead."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, content, headers, encode_chunked=not isinstance(content, bytes))
            return connection.getresponse().status
        except (ConnectionError, http.client.BadStatusLine):
            return 0
        finally:
            connection.close()


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Center]:
    folder = tmp_path_factory.mktemp("center") / "center"
    subprocess.run(
        [*KIOSK, "center", "init", "--host", "localhost", "--folder", folder], check=True, capture_output=True
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    place = ("--plain", "--address", "127.0.0.1", "--port", str(port), "--folder", folder)
    with subprocess.Popen(
        [*KIOSK, "center", "serve", *place], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        running = Center(port, process.pid, folder)

        def listens() -> bool:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                return True
            return False

        wait_for(listens)
        # What it loads for its first pages and requests is no attack's.
        for path in PATHS:
            running.send("POST" if path.startswith("/v1") else "GET", path, {})
        yield running
        process.send_signal(signal.SIGTERM)


def endless() -> Iterator[bytes]:
    for _ in range(1024):
        yield bytes(65536)


def test_memory_stays_bounded_whatever_comes_at_any_address(center: Center) -> None:
    before = center.memory()
    statuses: dict[str, set[int]] = {}

    def attack(name: str, *arguments: object) -> None:
        statuses.setdefault(name, set()).add(center.send(*arguments))  # type: ignore[arg-type]

    for _ in range(TIMES):
        for path in PATHS:
            method = "POST" if path.startswith("/v1") else "GET"
            attack("a huge header", method, path, {"x": "y" * (1 << 20)})
            attack("many headers", method, path, {f"x{number}": "y" * 1000 for number in range(2000)})
            attack("a huge address", method, path + "x" * (1 << 20), {})
            attack("many languages", method, path, {"accept-language": ",".join(["xx-yy;q=0.1"] * 1000)})
            attack("a wrong type", "POST", path, {"content-type": "text/html"}, b"<" * 100_000)
            attack("gzip of zeros", "POST", path, {"content-type": MEDIA_TYPE, "content-encoding": GZIP}, BOMB)
            attack("deep JSON", "POST", path, {"content-type": MEDIA_TYPE}, b"[" * 200_000)
    for path in PATHS:
        attack("content without end", "POST", path, {"content-type": MEDIA_TYPE}, endless())
    assert center.memory() - before < MORE_MB
    served = {status for seen in statuses.values() for status in seen if status in range(200, 400) or status >= 500}
    assert served == set(), statuses


def test_a_station_s_own_bombs_take_no_memory_and_it_is_served_afterwards(center: Center) -> None:
    key = enrolled(center.folder, "07")
    made, head = request("07", [])
    before = center.memory()
    for content in [BOMB, pack(b"\x91" * 200_000), pack(b"[" * 1_000_000)] * TIMES:
        headers, packed = signed(key, made, head, content)
        assert center.send("POST", SYNC, headers, packed) == 400
    assert center.memory() - before < MORE_MB
    assert center.send("POST", SYNC, *signed(key, made, head)) == 200
