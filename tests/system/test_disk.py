"""Disks that are full or read-only, with real mounts."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.journal.ballast import BALLAST
from kiosk.journal.folder import StateError, StateFolder, journal_path
from kiosk.journal.recovery import open_journal
from kiosk.journal.store import Journal
from tests.faults.loop_disk import LoopDisk
from tests.journeys.conftest import KIOSK
from tests.terminal import Terminal
from tests.waiting import wait_for

pytestmark = pytest.mark.system

NOW = 1_795_500_000_000
ROOM_KIB = 24 << 10


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
def failing_disk(tmp_path: Path) -> Iterator[LoopDisk]:
    """A disk whose file system can find an error."""
    with LoopDisk(tmp_path) as disk:
        yield disk


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text('[printer]\nport = ""\n[idle]\nquiet_seconds = 600\n', "utf-8")
    return file


@pytest.fixture
def kiosk(settings: Path) -> Callable[[Path], Terminal]:
    return lambda state: Terminal([*KIOSK, "run", "--config", settings, "--state", state])


def fill(disk: Path, name: str = "filler") -> Path:
    """Leave not a byte free."""
    filler = disk / name
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
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


TO_A_PACKAGE = (("\r", "人生事件"), ("1", "出生"), ("1", "新生儿"), ("1", "看要带什么"))


def walk(terminal: Terminal, *steps: tuple[str, str]) -> None:
    for key, seen in steps:
        terminal.press(key)
        terminal.see(seen)
        terminal.settle()


def faults(state: Path) -> str:
    command = [*KIOSK, "journal", "verify", "--state", state]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_on_a_disk_that_fills_up_the_number_under_way_is_given_and_no_new_one_until_there_is_room(
    small_disk: Path, kiosk: Callable[[Path], Terminal]
) -> None:
    state = small_disk / "state"
    with kiosk(state) as terminal:
        terminal.see("触摸屏幕")
        wait_for((state / BALLAST).exists)
        walk(terminal, *TO_A_PACKAGE)
        filler = fill(small_disk)
        terminal.press("2")
        terminal.see("A07-001")
        assert not (state / BALLAST).exists(), "the room that was set aside is what the number was written in"
        terminal.settle(1)
        walk(terminal, ("#", "要结束并清除吗"), ("1", "触摸屏幕"))
        terminal.settle(1)
        walk(terminal, *TO_A_PACKAGE[:-1], ("1", "本机暂停"))
        more = fill(small_disk, "more")
        assert "0 faults" in faults(state)
        for file in (filler, more):
            file.unlink()
        terminal.see("直接取号  去大厅办")
        terminal.settle()
        walk(terminal, ("2", "A07-002"))
        wait_for((state / BALLAST).exists)
        assert "0 faults" in faults(state)


def test_a_station_starts_on_a_disk_that_is_full_and_says_that_it_gives_no_numbers(
    small_disk: Path, kiosk: Callable[[Path], Terminal]
) -> None:
    state = small_disk / "state"
    with StateFolder(state):
        journal = Journal(state, "07", NOW)
        journal.ballast.restore()
        journal.close()
    fill(small_disk)
    with kiosk(state) as terminal:
        terminal.see("触摸屏幕")
        terminal.settle(1)
        walk(terminal, *TO_A_PACKAGE[:-1], ("1", "本机暂停"))


def damaged(state: Path) -> None:
    """A journal with room set aside, of which nothing can be read."""
    journal = Journal(state, "07", NOW)
    journal.ballast.restore()
    journal.close()
    size = journal_path(state).stat().st_size
    journal_path(state).write_bytes(os.urandom(size))


def test_a_damaged_journal_on_a_full_disk_is_recovered_in_the_room_that_was_set_aside(small_disk: Path) -> None:
    damaged(small_disk)
    fill(small_disk)
    with StateFolder(small_disk):
        open_journal(small_disk, "07", NOW).close()
    assert len(list(small_disk.glob("damaged-*"))) == 1
    assert "0 faults" in faults(small_disk)


def test_a_recovery_for_which_there_is_no_room_leaves_nothing_behind_at_any_start(small_disk: Path) -> None:
    damaged(small_disk)
    (small_disk / BALLAST).unlink()
    fill(small_disk)
    for _ in range(3):
        with pytest.raises(StateError, match=r"full|No space"):
            open_journal(small_disk, "07", NOW)
    assert not list(small_disk.glob("damaged-*"))


def test_a_disk_that_becomes_read_only_refuses_the_number_in_words_and_keeps_what_was_given(
    failing_disk: LoopDisk, kiosk: Callable[[Path], Terminal]
) -> None:
    state = failing_disk.folder / "state"
    with kiosk(state) as terminal:
        terminal.see("触摸屏幕")
        walk(terminal, *TO_A_PACKAGE, ("2", "A07-001"))
        terminal.settle(1)
        walk(terminal, ("#", "要结束并清除吗"), ("1", "触摸屏幕"))
        terminal.settle(1)
        walk(terminal, *TO_A_PACKAGE)
        failing_disk.become_read_only()
        walk(terminal, ("2", "没有取成"))
        terminal.settle(1)
        walk(terminal, ("1", "本机暂停"))
        assert terminal.process.poll() is None
    failing_disk.plug_in()
    assert "0 faults" in faults(state)
