"""Disks that are full or read-only, with real mounts."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys.conftest import KIOSK
from tests.terminal import Terminal

pytestmark = pytest.mark.system

ROOM_KIB = 1200


def mount(*arguments: str | Path) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with little room."""
    assert os.geteuid() == 0, "mounting a small disk needs root"
    disk = tmp_path / "disk"
    disk.mkdir()
    mount("-t", "tmpfs", "-o", f"size={ROOM_KIB}k", "tmpfs", disk)
    yield disk
    subprocess.run(["umount", disk], check=True)


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text('[printer]\nport = ""\n[idle]\nquiet_seconds = 600\n', "utf-8")
    return file


@pytest.fixture
def kiosk(settings: Path) -> Callable[[Path], Terminal]:
    return lambda state: Terminal([*KIOSK, "run", "--config", settings, "--state", state])


def fill(disk: Path) -> Path:
    """Leave not a byte free."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1024))
        except OSError:
            return filler


def test_a_full_disk_at_start_is_refused_with_one_line(small_disk: Path, kiosk: Callable[[Path], Terminal]) -> None:
    fill(small_disk)
    with kiosk(small_disk / "state") as terminal:
        assert terminal.end() == os.EX_CANTCREAT
        assert terminal.text().startswith("kiosk: ")
        assert "full" in terminal.text()


def test_a_read_only_disk_is_refused_with_one_line(small_disk: Path, kiosk: Callable[[Path], Terminal]) -> None:
    (small_disk / "state").mkdir()
    mount("-o", "remount,ro", small_disk)
    with kiosk(small_disk / "state") as terminal:
        assert terminal.end() == os.EX_CANTCREAT
        assert "cannot be written to" in terminal.text().replace("\n", "")


def test_a_disk_that_fills_up_refuses_the_number_in_words_and_goes_on_when_there_is_room(
    small_disk: Path, kiosk: Callable[[Path], Terminal]
) -> None:
    with kiosk(small_disk / "state") as terminal:
        terminal.see("触摸屏幕")
        terminal.settle(0.5)
        filler = fill(small_disk)
        for key, seen in (("\r", "人生事件"), ("1", "出生"), ("1", "新生儿"), ("1", "看要带什么")):
            terminal.press(key)
            terminal.see(seen)
            terminal.settle()
        terminal.press("2")
        terminal.see("没有取成")
        terminal.settle(1)
        terminal.press("1")
        terminal.see("本机暂停")
        filler.unlink()
        terminal.see("直接取号  去大厅办")
        terminal.settle()
        terminal.press("2")
        terminal.see("A07-001")
        listed = subprocess.run(
            [*KIOSK, "journal", "verify", "--state", small_disk / "state"], capture_output=True, text=True, check=False
        )
        assert "0 faults" in listed.stdout
