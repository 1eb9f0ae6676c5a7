"""A resident asks for a home visit, the center's staff answers, the resident reads it: real processes, killed between.

The station runs in a pseudo-terminal, the center listens with its own certificate, and what staff does is what they
type. Every program is killed (-9) once it has done its part.
"""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.tickets import grouped
from screens.hands import RESULT_SECONDS
from tests.journeys.test_requests import FROM_THE_PHONE, PHONE, TO_THE_PHONE, code_of, go
from tests.terminal import Terminal
from tests.waiting import wait_for

pytestmark = pytest.mark.system

KIOSK = [sys.executable, "-m", "kiosk.cli"]


class District:
    """A center and its stations, each in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self._port = listener.getsockname()[1]
        self._serving: subprocess.Popen[bytes] | None = None
        self.kiosk("center", "init", "--host", "localhost", *self.place)

    @property
    def place(self) -> tuple[str, str]:
        return "--folder", str(self._folder / "center")

    def kiosk(self, *words: str, code: int = 0) -> str:
        """Run a command to its end; returns what it says."""
        done = subprocess.run([*KIOSK, *words], capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def requests(self, *words: str, code: int = 0) -> str:
        """`kiosk center requests`."""
        return self.kiosk("center", "requests", *words, *self.place, code=code)

    def serve(self) -> None:
        """Start the center; it listens when this returns."""
        words = ["center", "serve", "--address", "127.0.0.1", "--port", str(self._port), *self.place]
        self._serving = subprocess.Popen([*KIOSK, *words])
        wait_for(self._listens)

    def _listens(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self._port)):
            return True
        return False

    def kill(self) -> None:
        """Kill the center."""
        if self._serving is not None:
            self._serving.kill()
            self._serving.wait()
            self._serving = None

    def at(self, number: str) -> tuple[str, ...]:
        """Settings and state of a station."""
        file = self._folder / f"kiosk{number}.toml"
        file.write_text(
            f'[station]\nnumber = "{number}"\n[center]\nurl = "https://localhost:{self._port}"\ninterval_seconds = 5\n'
            '[qr]\nhosts = ["station.example"]\n[idle]\nquiet_seconds = 600\n',
            "utf-8",
        )
        return "--config", str(file), "--state", str(self._folder / f"state{number}")

    def let_in(self, number: str) -> None:
        """Enrol a station."""
        code = self.kiosk("center", "code", number, *self.place).split()[0]
        self.kiosk("enroll", code, *self.at(number))

    def sync(self, number: str, code: int = 0) -> str:
        return self.kiosk("sync", "--once", *self.at(number), code=code)

    def terminal(self, number: str) -> Terminal:
        return Terminal([*KIOSK, "run", *self.at(number)])


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    one = District(tmp_path)
    yield one
    one.kill()


def look_up(terminal: Terminal, code: str, *seen: str) -> str:
    """Type a slip's code, and return the page behind it."""
    terminal.see("触摸屏幕")
    go(terminal, ("\r", "办件进度"), ("8", "小票上的编号"), (code, code[12:]), ("\r", "这是您的申请"))
    terminal.see(*seen)
    return terminal.text()


def test_the_staffs_answer_comes_back_to_every_station_whatever_is_killed(district: District) -> None:
    district.serve()
    for number in ("07", "08"):
        district.let_in(number)
    with district.terminal("07") as terminal:
        terminal.see("触摸屏幕")
        go(terminal, *TO_THE_PHONE, (PHONE, "138 0000 1234"), *FROM_THE_PHONE, ("\r", "请把编号记下来"))
        code = code_of(terminal)
        terminal.process.kill()
    district.sync("07")
    district.kill()
    (listed,) = json.loads(district.requests("list", "--json", "--place", "后溪镇"))
    assert (listed["code"], listed["kind"], listed["state"]) == (code, "home-visit", "received")
    assert PHONE not in district.requests("list")
    assert PHONE in district.requests("show", grouped(code))
    district.requests("answer", code, "taken-on", "--words", "社区明天打电话", "--by", "爱心帮办")

    # The center is down: the request is kept and shown as it was last known.
    district.sync("07", code=os.EX_UNAVAILABLE)
    district.serve()
    for number in ("07", "08"):
        district.sync(number)
    district.kill()
    for number, where in (("07", "后溪镇"), ("08", "07号站")):
        with district.terminal(number) as terminal:
            page = look_up(terminal, code, "有人在办", "社区明天打电话")
            assert re.search(r"这是\d+月\d+日 \d\d:\d\d从中心得到的消息", page)
            go(terminal, ("4", where))
            assert PHONE not in page + terminal.text()
            if number == "08":
                terminal.settle(RESULT_SECONDS)
                go(terminal, ("2", "要取消这个申请吗"), ("2", "已取消"))
            terminal.process.kill()
    district.serve()
    for number in ("08", "07"):
        district.sync(number)
    district.kill()
    assert json.loads(district.requests("list", "--json")) == []
    assert PHONE not in district.requests("show", code)
    assert "called off" in district.requests("show", code)
    assert "is cancelled since" in district.requests("answer", code, "done", code=os.EX_DATAERR)
