"""`kiosk demo` in a real terminal: a station that reports to a center of its own, and leaves nothing behind."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from screens.hands import RESULT_SECONDS
from tests.journeys.test_bad_input import faketime
from tests.journeys.test_request_answered import look_up
from tests.journeys.test_requests import FROM_THE_PHONE, PHONE, TO_THE_PHONE, code_of
from tests.terminal import Terminal
from tests.waiting import wait_for

pytestmark = pytest.mark.system

DEMO = [sys.executable, "-m", "kiosk.cli", "demo"]
MORNING = "@2026-11-25 01:10:00"
"""Ten past nine in China, on a working day."""


def centers(folder: Path) -> list[int]:
    """The process ids of the centers whose folder is in `folder`."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().split(b"\0")
        except OSError:
            # It ended while it was looked at.
            continue
        if b"kiosk.cli.demo_hall" in words and any(word.startswith(bytes(folder)) for word in words):
            found.append(int(entry.parent.name))
    return found


def see_it_gone(folder: Path) -> None:
    wait_for(lambda: not centers(folder))


def go(terminal: Terminal, *way: tuple[str, str]) -> None:
    for key, seen in way:
        terminal.settle(0.6)
        terminal.press(key)
        terminal.see(seen)


def test_a_number_is_reported_called_and_shown_as_such_and_nothing_is_left(tmp_path: Path) -> None:
    with Terminal(DEMO, 120, 34, {"TMPDIR": str(tmp_path), **faketime(MORNING)}) as terminal:
        terminal.see("触摸屏幕")
        go(terminal, ("\r", "人生事件"))
        terminal.see("演示，已上报")
        assert len(centers(tmp_path)) == 1
        go(terminal, ("1", "是哪一类"), ("1", "新生儿出生一件事"), ("1", "看要带什么"), ("2", "A07-001"))
        terminal.see("大厅已经叫到 A07-001", patience=60)
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.end() == 128 + signal.SIGTERM
    assert centers(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_a_request_is_taken_on_and_its_code_shows_that(tmp_path: Path) -> None:
    with Terminal(DEMO, 120, 34, {"TMPDIR": str(tmp_path)}) as terminal:
        terminal.see("触摸屏幕")
        go(terminal, *TO_THE_PHONE, (PHONE, "138 0000 1234"), *FROM_THE_PHONE, ("\r", "请取走小票"))
        code = code_of(terminal)
        terminal.settle(RESULT_SECONDS + 0.1)
        end = time.monotonic() + 60
        while "有人在办" not in terminal.text():
            assert time.monotonic() < end, terminal.text()
            go(terminal, ("#", "要结束并清除吗"))
            terminal.press("1")
            terminal.see_no("要结束并清除吗")
            terminal.settle(0.6)
            if "触摸屏幕" not in terminal.text():
                go(terminal, ("\r", "触摸屏幕"))
            look_up(terminal, code)
            terminal.settle()
        terminal.see("演示答复，不作数。", "演示，已上报")
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.end() == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []


def test_a_place_is_lent_to_the_demonstration_and_can_be_booked(tmp_path: Path) -> None:
    with Terminal(DEMO, 120, 34, {"TMPDIR": str(tmp_path)}) as terminal:
        terminal.see("触摸屏幕")
        go(terminal, ("\r", "人生事件"), ("4", "当场约银行服务点"), ("3", "先取号"))
        end = time.monotonic() + 60
        while "本机还有" not in terminal.text():
            assert time.monotonic() < end, terminal.text()
            go(terminal, ("*", "当场约银行服务点"), ("3", "先取号"))
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.end() == 128 + signal.SIGTERM


def test_the_center_ends_with_a_demonstration_that_is_killed(tmp_path: Path) -> None:
    with Terminal(DEMO, 80, 24, {"TMPDIR": str(tmp_path)}) as terminal:
        terminal.see("触摸屏幕")
        go(terminal, ("\r", "人生事件"))
        terminal.see("演示，已上报")
        terminal.process.kill()
        terminal.process.wait()
        see_it_gone(tmp_path)


def test_without_even_a_loopback_the_demonstration_works_and_says_that_it_has_no_center(tmp_path: Path) -> None:
    apart = ["unshare", "--net", "--map-root-user"]
    if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody make a network namespace")
    with Terminal([*apart, *DEMO], 80, 24, {"TMPDIR": str(tmp_path)}) as terminal:
        terminal.see("触摸屏幕")
        go(terminal, ("\r", "演示，中心没有启动"), ("1", "是哪一类"), ("1", "新生儿出生一件事"), ("1", "看要带什么"))
        go(terminal, ("2", "A07-001"))
        terminal.process.send_signal(signal.SIGTERM)
        assert terminal.end() == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []
