"""`kiosk printer virtual` from the shell: its script of faults, its paper, its link, and how it ends."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from devices.virtual_script import EVENTS, Entry, read_script
from kiosk.cli import main
from tests.waiting import wait_for

GUIDE = Path(__file__).parents[2] / "docs" / "技术员指南.md"
KIOSK = (sys.executable, "-m", "kiosk.cli")


def test_a_virtual_printer_plays_its_script_and_logs_and_draws_its_paper(tmp_path: Path) -> None:
    link, log, script = tmp_path / "ttyPRINTER", tmp_path / "log", tmp_path / "script"
    script.write_text("# the paper ends in the middle and a new roll comes\nline 4 paper out\n+0.2 s paper in\n")
    words = ["printer", "virtual", "--link", link, "--script", script, "--log", log, "--png", tmp_path / "paper"]
    with subprocess.Popen([*KIOSK, *words], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(f"{link}: virtual printer, 58 mm")
        subprocess.run([*KIOSK, "printer", "test", "--port", link], capture_output=True)
        deadline = time.monotonic() + 20
        while '"cut"' not in log.read_text() and time.monotonic() < deadline:
            process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    entries = [json.loads(line) for line in log.read_text().splitlines()]
    assert [entry["what"] for entry in entries] == ["paper out", "paper in", "cut"]
    assert entries[0]["line"] == 4
    assert "下面切纸" in entries[2]["lines"]
    assert entries[2]["codes"] == ["https://STATION.EXAMPLE/T/0000000000000000"]
    assert (tmp_path / "paper" / "piece-001.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"5 s paper gone\n", ":1: 'paper gone' never happens; known: paper out"),
        (b"\n# all well\npaper out\n", ":3: 'paper out' must read like `3.5 s cover open`"),
        (b"1e300 s paper out", ":1: '1e300' s: allowed are 0 to 86400 seconds, such as 3.5"),
        (b"nan s paper out", ":1: 'nan' s: allowed are"),
        (b"-1 s paper out", ":1: '-1' s: allowed are"),
        (b"+-1 s paper out", ":1: '-1' s: allowed are"),
        (b"86401 s paper out", ":1: '86401' s: allowed are"),
        (b"3,5 s paper out", ":1: '3,5' s: allowed are"),
        (b"9" * 5000 + b" s paper out", "9' s: allowed are"),
        (b"line 0 paper out", ":1: line '0': allowed are lines 1 to 100000"),
        (b"line -3 paper out", ":1: line '-3': allowed are"),
        (b"line " + b"9" * 5000 + b" paper out", "9': allowed are"),
        (b"1 s paper\x1b[2J out", ":1: 'paper[2j out' never happens"),
        (b"1 s paper out\n\xff", ": byte 14 is not UTF-8"),
        (b"#" * 70_000, ": longer than 65536 bytes"),
    ],
)
def test_a_script_that_makes_no_sense_is_one_line_and_65(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, told: str
) -> None:
    script = tmp_path / "script"
    script.write_bytes(content)
    words = ["printer", "virtual", "--link", str(tmp_path / "tty"), "--script", str(script)]
    assert main(words) == os.EX_DATAERR
    said = capsys.readouterr().err
    assert f"{script}:" in said
    assert told in said
    assert "\x1b" not in said
    assert said.count("\n") == 1
    assert len(said) < 1000


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf1 s paper out\r\n", b"1\ts\tPaper  OUT", b"1s paper out # soon\n\n"])
def test_a_script_may_come_from_any_editor(content: bytes) -> None:
    assert read_script(content.decode(), "script") == (Entry("paper out", seconds=1),)


def test_the_guide_and_the_help_know_every_fault_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    rows = re.findall(r"^\| `([^`]+)` \| [^|]+ \| `([^`]+)` \|$", GUIDE.read_text("utf-8"), re.MULTILINE)
    assert [name for name, _ in rows] == list(EVENTS)
    for name, example in rows:
        assert [entry.event for entry in read_script(example, "guide")] == [name]
    with pytest.raises(SystemExit):
        main(["printer", "virtual", "--help"])
    shown = " ".join(capsys.readouterr().out.split())
    assert shown.endswith(f": {', '.join(EVENTS)}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_virtual_printer_shows_its_paper_as_it_comes_and_ends_cleanly(tmp_path: Path, number: int) -> None:
    link = tmp_path / "ttyPRINTER"
    with subprocess.Popen(
        [*KIOSK, "printer", "virtual", "--link", link, "--paper", "80"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(f"{link}: virtual printer, 80 mm")
        subprocess.run([*KIOSK, "printer", "test", "--port", link, "--paper", "80"], check=True, capture_output=True)
        shown = ""
        deadline = time.monotonic() + 20
        while "下面切纸" not in shown and time.monotonic() < deadline:
            shown += process.stdout.readline()
        process.send_signal(number)
        assert process.wait(20) == 0
    assert "123456789012345678901234567890123456789012345678" in shown
    assert not link.is_symlink()


@pytest.fixture
def signals() -> Iterator[None]:
    """The command takes the signals over; the tests want them back."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("signals")
@pytest.mark.parametrize("log", [False, True])
def test_a_virtual_printer_never_replaces_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str], log: bool) -> None:
    file, kept = tmp_path / "mine", tmp_path / "log"
    file.write_text("mine")
    kept.write_text("kept")
    assert main(["printer", "virtual", "--link", str(file), *(["--log", str(kept)] if log else [])]) == os.EX_CANTCREAT
    assert (file.read_text(), kept.read_text()) == ("mine", "kept")
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.usefixtures("signals")
def test_a_virtual_printer_never_takes_the_link_of_another_and_takes_over_one_that_leads_nowhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    link = tmp_path / "ttyPRINTER"
    words = ["printer", "virtual", "--link", str(link)]
    with subprocess.Popen([*KIOSK, *words], stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        first.stdout.readline()
        leads = link.readlink()
        assert main(words) == os.EX_CANTCREAT
        said = capsys.readouterr().err
        assert f"it leads to {leads} already: end the virtual device there" in said
        assert said.count("\n") == 1
        assert link.readlink() == leads
        assert main(["printer", "status", "--port", str(link)]) == 0, "the first one is still well"
        first.kill()
    assert link.is_symlink(), "as a killed one leaves it"
    link.unlink()
    link.symlink_to("/dev/pts/nonexistent")
    with subprocess.Popen([*KIOSK, *words], stdout=subprocess.PIPE, text=True) as second:
        assert second.stdout is not None
        assert second.stdout.readline().startswith(f"{link}: virtual printer")
        assert link.exists()
        second.terminate()
    assert not link.is_symlink()


def test_a_virtual_printer_whose_name_was_taken_while_it_was_away_says_so_and_ends(tmp_path: Path) -> None:
    link, script = tmp_path / "ttyPRINTER", tmp_path / "script"
    script.write_text("0 s port gone\n+1.5 s port back\n")
    words = ["printer", "virtual", "--link", link, "--script", script]
    with subprocess.Popen([*KIOSK, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        wait_for(lambda: not link.is_symlink())
        link.write_text("mine")
        _, said = process.communicate(timeout=20)
    assert process.returncode == os.EX_CANTCREAT
    told = "no port can be linked there: what is there is not a link to a port: choose another path"
    assert said == f"kiosk: {link}: {told}\n"
    assert link.read_text() == "mine"


@pytest.mark.parametrize("option", ["--link", "--script", "--log", "--png"])
def test_an_empty_path_is_a_usage_error_of_one_line(capsys: pytest.CaptureFixture[str], option: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["printer", "virtual", "--link", "/nonexistent/tty", option, ""])
    assert ended.value.code == os.EX_USAGE
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.usefixtures("signals")
def test_pictures_that_cannot_be_made_are_told_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["printer", "virtual", "--link", str(tmp_path / "tty"), "--png", __file__]
    assert main(words) == os.EX_CANTCREAT
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.usefixtures("signals")
def test_a_log_on_a_full_disk_ends_the_command_with_one_line_and_74(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "script"
    script.write_text("0 s paper out")
    words = ["printer", "virtual", "--link", str(tmp_path / "tty"), "--script", str(script), "--log", "/dev/full"]
    assert main(words) == os.EX_IOERR
    assert capsys.readouterr().err == "kiosk: /dev/full: cannot be written: No space left on device\n"


def test_one_path_for_two_things_is_a_usage_error_and_costs_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    script = tmp_path / "script"
    script.write_text("0 s paper out")
    words = ["printer", "virtual", "--link", str(tmp_path / "tty"), "--script", str(script)]
    assert main([*words, "--log", f"{tmp_path}/./script"]) == os.EX_USAGE
    assert capsys.readouterr().err.count("\n") == 1
    assert script.read_text() == "0 s paper out"


@pytest.mark.parametrize("option", ["--link", "--script", "--log", "--png"])
def test_a_path_that_cannot_be_shown_is_a_usage_error_of_one_line(
    capsys: pytest.CaptureFixture[str], option: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["printer", "virtual", "--link", "/nonexistent/tty", option, "a\n\x1b[2Jb"])
    assert ended.value.code == os.EX_USAGE
    said = capsys.readouterr().err
    assert (said.count("\n"), "\x1b" in said) == (1, False)
