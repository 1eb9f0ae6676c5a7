"""Bad settings, state folders, catalogues and clocks: one line or an honest screen, never a traceback."""

import os
import shutil
import signal
import struct
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

from devices.virtual_printer import VirtualPrinter
from kiosk import paths
from kiosk.journal.store import Journal, Reader
from tests.journeys.conftest import KIOSK
from tests.terminal import Terminal

Start = Callable[..., Terminal]
Write = Callable[..., Path]


def refused(settings: Path, state: Path, **environment: str) -> tuple[int, str]:
    """Run `kiosk run`, which must end by itself with one line; returns the exit code and the line."""
    command = [*KIOSK, "run", "--config", settings, "--state", state]
    with Terminal(command, environment=environment) as terminal:
        code = terminal.end()
        said = [line for line in terminal.text().splitlines() if line.strip()]
    text = "".join(said)
    assert "Traceback" not in text
    assert text.startswith("kiosk: ")
    return code, text


def test_a_broken_settings_file_names_all_its_mistakes(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text('[printer]\nbaud = 1\nprot = "x"\n[idle]\nanswer_seconds = 1\n')
    done = subprocess.run([*KIOSK, "run", "--check", "--config", file], capture_output=True, text=True, check=False)
    assert done.returncode == os.EX_CONFIG
    lines = done.stderr.splitlines()
    assert len(lines) == 3
    assert all(line.startswith(f"kiosk: {file}: ") for line in lines)


def test_a_state_folder_that_another_kiosk_uses(start: Start, settings: Write, tmp_path: Path) -> None:
    first = start(settings(""))
    code, line = refused(settings(""), tmp_path / "state")
    assert code == os.EX_CANTCREAT
    assert f"process {first.process.pid}" in line.replace("\n", "")


def test_a_journal_of_a_newer_version(settings: Write, tmp_path: Path) -> None:
    Journal(tmp_path, "07", 0).close()
    with (tmp_path / "journal.db").open("r+b") as file:
        file.seek(60)
        file.write(struct.pack(">I", 99))
    code, line = refused(settings(""), tmp_path)
    assert code == os.EX_CANTCREAT
    assert "newer version" in line


def test_a_key_that_others_may_read_ends_the_station_with_one_line(settings: Write, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "station.key").write_text("00" * 32)
    code, line = refused(settings(""), tmp_path)
    assert code == os.EX_CONFIG
    assert "chmod 600" in line


@pytest.mark.parametrize("damage", ["missing", "truncated", "flipped", "wording"])
def test_a_damaged_or_missing_release(
    settings: Write, tmp_path: Path, damage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The program finds its data beside itself, so a copy of the program gets the damaged release.
    tree = tmp_path / "copy"
    source = Path(__file__).parents[2]
    for room in ("kiosk", "screens", "devices", "data"):
        shutil.copytree(source / room, tree / room, ignore=shutil.ignore_patterns("__pycache__"))
    release = tree / "data" / "release" / "catalog.msgpack"
    content = release.read_bytes()
    match damage:
        case "missing":
            release.unlink()
        case "truncated":
            release.write_bytes(content[: len(content) // 2])
        case "flipped":
            release.write_bytes(content[:5000] + bytes([content[5000] ^ 1]) + content[5001:])
        case "wording":
            (release.parent / "en.mo").unlink()
    code, line = refused(settings(""), tmp_path / "state", PYTHONPATH=str(tree), PYTHONSAFEPATH="1")
    assert code == os.EX_DATAERR
    assert "make release" in line.replace("\n", "")


def test_without_a_terminal_it_says_so(settings: Write) -> None:
    done = subprocess.run(
        [*KIOSK, "run", "--config", settings("")],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == os.EX_USAGE
    assert done.stderr == "kiosk: needs a terminal: standard input or output is not one\n"


def to_a_number(terminal: Terminal) -> None:
    """Take a number without a list by keypad, from the welcome on."""
    for key, seen in (("\r", "人生事件"), ("1", "出生"), ("1", "新生儿"), ("1", "看要带什么")):
        terminal.press(key)
        terminal.see(seen)
        terminal.settle()
    terminal.press("2")
    terminal.see("A07-001")


def test_a_missing_port_never_blocks_and_the_resident_is_told_what_still_counts(
    start: Start, settings: Write, tmp_path: Path
) -> None:
    terminal = start(settings(tmp_path / "nothing"))
    terminal.see("暂停")
    to_a_number(terminal)
    terminal.see("打印机没有连接", "号码仍然有效")


def test_a_station_without_a_printer_says_so_and_serves(start: Start, settings: Write) -> None:
    terminal = start(settings(""))
    terminal.see("暂停")
    to_a_number(terminal)
    terminal.see("号码仍然有效")


def test_the_zone_of_the_machine_changes_nothing(
    start: Start, settings: Write, port: Path, printer: VirtualPrinter
) -> None:
    terminal = start(settings(port), TZ="America/New_York")
    from kiosk.clock import StationClock

    local = StationClock(0).now().local
    terminal.wait(lambda: f"{StationClock(0).now().local.month}月{local.day}日" in terminal.text(), "the date in China")
    to_a_number(terminal)
    terminal.wait(lambda: len(printer.slips) == 1, "a slip")
    assert f"{local:%Y-%m-%d}" in printer.slips[0].text


def faketime(when: str) -> dict[str, str]:
    """The environment that starts a program at another time, its steady clocks left alone."""
    library = Path(sysconfig.get_path("purelib")) / "libfaketime/vendor/libfaketime/src/libfaketime.so.1"
    assert library.exists()
    return {"LD_PRELOAD": str(library), "FAKETIME": when, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


def test_a_clock_of_1970_serves_on_from_the_floor_and_says_so(
    start: Start, settings: Write, port: Path, printer: VirtualPrinter
) -> None:
    terminal = start(settings(port), **faketime("@1970-01-01 00:00:00"))
    to_a_number(terminal)
    terminal.see("以大厅公告为准")
    terminal.wait(lambda: len(printer.slips) == 1, "a slip")
    assert "日期以大厅公告为准" in printer.slips[0].text
    assert "1970" not in printer.slips[0].text


def test_sigterm_in_mid_print_ends_in_order_and_nothing_is_lost(
    start: Start, settings: Write, port: Path, printer: VirtualPrinter, tmp_path: Path
) -> None:
    terminal = start(settings(port))
    to_a_number(terminal)
    terminal.process.send_signal(signal.SIGTERM)
    assert terminal.end() == 128 + signal.SIGTERM
    assert b"\x1b[?1049l" in terminal.output
    reader = Reader(tmp_path / "state")
    assert reader.verify()[1] == []
    kinds = [entry.kind for entry in reader.entries()]
    reader.close()
    assert kinds[0] == "ticket.issued"
    again = start(settings(port))
    again.wait(lambda: len(printer.slips) >= 1, "the slip")
    assert sum("A07-001" in slip.text and "补打" not in slip.text for slip in printer.slips) <= 1


@pytest.mark.parametrize("name", ["[/]", "[@click=app.quit]x[/]", "[bold]x"])
def test_markup_in_a_package_name_is_plain_text(settings: Write, tmp_path: Path, name: str) -> None:
    data = tmp_path / "data"
    shutil.copytree(paths.data_dir(), data, ignore=shutil.ignore_patterns("release"))
    birth = data / "cycles" / "birth.toml"
    text = birth.read_text("utf-8")
    birth.write_text(text.replace('name_zh = "新生儿出生一件事"', f'name_zh = "{name}"', 1), "utf-8")
    built = subprocess.run(
        [*KIOSK, "catalog", "build", "--data", data, "--out", data / "release"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    tree = tmp_path / "copy"
    source = Path(__file__).parents[2]
    for room in ("kiosk", "screens", "devices"):
        shutil.copytree(source / room, tree / room, ignore=shutil.ignore_patterns("__pycache__"))
    data.rename(tree / "data")
    command = [sys.executable, "-m", "kiosk.cli", "run", "--config", settings(""), "--state", tmp_path / "state"]
    with Terminal(command, environment={"PYTHONPATH": str(tree), "PYTHONSAFEPATH": "1"}) as terminal:
        terminal.see("触摸屏幕")
        for key, seen in (("\r", "人生事件"), ("1", "出生"), ("1", name)):
            terminal.press(key)
            terminal.see(seen)
            terminal.settle()
        terminal.settle(0.45)  # a touch counts only on a page that has stood a moment
        terminal.touch(name)
        terminal.see("看要带什么", name)
        assert terminal.process.poll() is None


def test_an_escape_in_a_package_name_is_refused_with_its_line(tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(paths.data_dir(), data, ignore=shutil.ignore_patterns("release"))
    birth = data / "cycles" / "birth.toml"
    text = birth.read_text("utf-8")
    birth.write_text(text.replace('name_zh = "新生儿出生一件事"', 'name_zh = "新生\\u001b[2J儿"', 1), "utf-8")
    done = subprocess.run([*KIOSK, "catalog", "check", "--data", data], capture_output=True, text=True, check=False)
    assert done.returncode == os.EX_DATAERR
    assert "birth.toml" in done.stdout + done.stderr
    assert "\x1b" not in done.stdout + done.stderr
