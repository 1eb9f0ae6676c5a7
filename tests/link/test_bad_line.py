"""The station's real process behind a line that loses packets, crawls, or swallows answers (network namespaces)."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from center.books import Books
from center.database import open_for_writing
from center.folder import database_path
from tests.link.agreement import disagreements
from tests.link.test_kills import STATION, Ends, end

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(os.geteuid() != 0, reason="network namespaces need root"),
    pytest.mark.skipif(not (shutil.which("ip") and shutil.which("iptables")), reason="needs iproute2 and iptables"),
]

CENTER, STATION_ADDRESS = "10.77.0.1", "10.77.0.2"
TICKETS = 150
WHOLE_S = 240


def run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)


class Line:
    """A cable between this machine and a namespace in which the station lives."""

    def __init__(self) -> None:
        self.name = f"kiosk{os.getpid()}"
        self.here, self.there = f"kc{os.getpid()}", f"ks{os.getpid()}"
        run("ip", "netns", "add", self.name)
        run("ip", "link", "add", self.here, "type", "veth", "peer", "name", self.there)
        run("ip", "link", "set", self.there, "netns", self.name)
        run("ip", "addr", "add", f"{CENTER}/24", "dev", self.here)
        run("ip", "link", "set", self.here, "up")
        self.inside("ip", "addr", "add", f"{STATION_ADDRESS}/24", "dev", self.there)
        self.inside("ip", "link", "set", self.there, "up")

    def inside(self, *words: str) -> None:
        run("ip", "netns", "exec", self.name, *words)

    def lose(self, share: float) -> None:
        """Lose this share of the packets in both directions."""
        chance = ("-m", "statistic", "--mode", "random", "--probability", str(share), "-j", "DROP")
        self.inside("iptables", "-A", "OUTPUT", "-o", self.there, *chance)
        self.inside("iptables", "-A", "INPUT", "-i", self.there, *chance)

    def crawl(self) -> None:
        """64 kbit/s."""
        self.inside(
            "tc", "qdisc", "add", "dev", self.there, "root", "tbf", "rate", "64kbit", "burst", "4kb", "latency", "500ms"
        )

    def swallow_answers(self, on: bool) -> None:
        """Let requests through and no answer with content back."""
        word = "-A" if on else "-D"
        self.inside("iptables", word, "INPUT", "-i", self.there, "-p", "tcp", "--tcp-flags", "PSH", "PSH", "-j", "DROP")

    def sent(self) -> int:
        """Bytes that have left the station so far."""
        shown = subprocess.run(
            ["ip", "netns", "exec", self.name, "cat", f"/sys/class/net/{self.there}/statistics/tx_bytes"],
            check=True,
            capture_output=True,
            text=True,
        )
        return int(shown.stdout)

    def close(self) -> None:
        with contextlib.suppress(subprocess.CalledProcessError):
            run("ip", "link", "del", self.here)
        run("ip", "netns", "del", self.name)


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    made.close()


def deliver(ends: Ends, line: Line, tickets: int = TICKETS) -> float:
    """Have the station give out its numbers and send them; returns the seconds until all were acknowledged."""
    center = ends.serve(CENTER)
    command = ["ip", "netns", "exec", line.name, sys.executable, str(STATION), str(ends.state)]
    started = time.monotonic()
    station = subprocess.Popen(
        [*command, f"https://{CENTER}:{ends.port}", str(tickets)], stdout=subprocess.PIPE, text=True
    )
    said = station.communicate(timeout=WHOLE_S)[0].splitlines()
    took = time.monotonic() - started
    end(center)
    assert said[-1] == "all"
    books = Books(open_for_writing(database_path(ends.center), checkpoints=True))
    done = 1
    while done:
        with books.transaction():
            done = books.project(1000)
    assert list(disagreements(ends.state, "07", books._db)) == []
    books.close()
    return took


def test_a_third_of_all_packets_lost(line: Line, tmp_path: Path) -> None:
    ends = Ends(tmp_path, CENTER)
    line.lose(0.3)
    took = deliver(ends, line)
    print(f"30 % loss: {took:.0f} s, {line.sent()} bytes")


def test_sixty_four_kilobits(line: Line, tmp_path: Path) -> None:
    ends = Ends(tmp_path, CENTER)
    line.crawl()
    took = deliver(ends, line, 3000)
    print(f"64 kbit/s: {took:.0f} s, {line.sent()} bytes")


def test_requests_that_arrive_and_answers_that_do_not(line: Line, tmp_path: Path) -> None:
    ends = Ends(tmp_path, CENTER)
    center = ends.serve(CENTER)
    line.swallow_answers(True)
    command = ["ip", "netns", "exec", line.name, sys.executable, str(STATION), str(ends.state)]
    station = subprocess.Popen([*command, f"https://{CENTER}:{ends.port}", "5"], stdout=subprocess.PIPE, text=True)
    assert station.stdout is not None
    for _ in range(5):
        station.stdout.readline()
    line.swallow_answers(False)
    end(station)
    end(center)
    deliver(ends, line)
