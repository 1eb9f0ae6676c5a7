"""The service manager hears of the station as long as the loop turns that moves its screens, and no longer."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import Terminal

pytestmark = pytest.mark.system

PERIOD_S = 0.6
FROZEN_S = 6
DEPLOY = Path(__file__).parents[2] / "deploy"

# A signal's handler runs in the main thread, between two steps of the loop: the loop stands, all else goes on.
FREEZING = f"""
import signal, sys, time
signal.signal(signal.SIGRTMIN, lambda *_: time.sleep({FROZEN_S}))
from kiosk.cli import main
sys.exit(main(sys.argv[1:]))
"""


class Manager:
    """A service manager's ear."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._ear.bind(str(path))

    def hear(self, terminal: Terminal, word: str, seconds: float) -> float | None:
        """Wait for a datagram with `word`; returns when it came, None if it did not within `seconds`."""
        end = time.monotonic() + seconds
        self._ear.setblocking(False)
        while time.monotonic() < end:
            terminal.pump(0.02)
            try:
                if word in self._ear.recv(4096).decode():
                    return time.monotonic()
            except BlockingIOError:
                continue
        return None

    def forget(self) -> None:
        self._ear.setblocking(False)
        try:
            while True:
                self._ear.recv(4096)
        except BlockingIOError:
            return

    def close(self) -> None:
        self._ear.close()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    ear = Manager(tmp_path / "notify")
    yield ear
    ear.close()


def station(tmp_path: Path, manager: Manager) -> Terminal:
    config = tmp_path / "kiosk.toml"
    config.write_text('[printer]\nport = ""\n', "utf-8")
    words = ["run", "--config", str(config), "--state", str(tmp_path / "state")]
    environment = {
        "NOTIFY_SOCKET": str(manager.path),
        "WATCHDOG_USEC": str(int(PERIOD_S * 1e6)),
        "WATCHDOG_PID": "1",
    }
    return Terminal([sys.executable, "-c", FREEZING, *words], environment=environment)


def test_a_frozen_screen_stops_the_feed_and_one_that_moves_again_goes_on(tmp_path: Path, manager: Manager) -> None:
    with station(tmp_path, manager) as terminal:
        assert manager.hear(terminal, "READY=1", 20)
        terminal.see("触摸屏幕")
        assert all(manager.hear(terminal, "WATCHDOG=1", 5 * PERIOD_S) for _ in range(5))
        terminal.process.send_signal(signal.SIGRTMIN)
        # What was on its way when the loop stopped does not count.
        manager.hear(terminal, "never", PERIOD_S)
        manager.forget()
        assert manager.hear(terminal, "WATCHDOG=1", 3 * PERIOD_S) is None
        assert terminal.process.poll() is None, "it is frozen, not dead"
        assert manager.hear(terminal, "WATCHDOG=1", FROZEN_S + 5)


def test_a_station_that_is_told_to_end_says_so(tmp_path: Path, manager: Manager) -> None:
    with station(tmp_path, manager) as terminal:
        assert manager.hear(terminal, "READY=1", 20)
        terminal.process.terminate()
        assert manager.hear(terminal, "STOPPING=1", 10)


@pytest.mark.parametrize("unit", ["kiosk-station.service", "kiosk-center.service"])
def test_systemd_takes_the_units(tmp_path: Path, unit: str) -> None:
    text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", (DEPLOY / unit).read_text("utf-8"), flags=re.MULTILINE)
    text = re.sub(r"^(User=.*|PAMName=.*)\n", "", text, flags=re.MULTILINE)
    copy = tmp_path / unit
    copy.write_text(text, "utf-8")
    command = ["systemd-analyze", "--man=no", "--recursive-errors=yes", "verify", str(copy)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"})
    assert (done.returncode, done.stderr) == (0, "")
