"""Commands for the printer beside a station that runs, and after it has gone."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

from devices.virtual_printer import VirtualPrinter
from tests.journeys.conftest import KIOSK
from tests.terminal import Terminal


def kiosk(*words: str | Path) -> tuple[int, str, str]:
    """Run a command; its exit code and what it printed."""
    ended = subprocess.run([*KIOSK, *words], capture_output=True, text=True, timeout=60)
    return ended.returncode, ended.stdout, ended.stderr


def test_the_printer_of_a_running_station_is_told_by_the_station_and_asked_again_once_that_was_killed(
    start: Callable[..., Terminal], settings: Callable[..., Path], port: Path, printer: VirtualPrinter, tmp_path: Path
) -> None:
    file = settings(port)
    places = ("--config", file, "--state", tmp_path / "state")
    terminal = start(file)
    left = tmp_path / "state" / "printer-now.json"
    terminal.wait(left.exists, "the printer was asked")
    running = f"(process {terminal.process.pid})"

    code, out, err = kiosk("printer", "status", *places)
    assert (code, err) == (os.EX_OK, "")
    assert out.startswith(f"{port}: ready\n  line: fine\n")
    assert running in out

    code, out, err = kiosk("printer", "test", *places)
    assert (code, err) == (os.EX_OK, "")
    assert "no test page was printed" in out
    assert printer.text() == ""

    code, out, err = kiosk("printer", "probe", "--port", port, *places)
    assert (code, err) == (os.EX_UNAVAILABLE, f"kiosk: no printer answers at {port}: see above\n")
    assert f"in use by the station that is running {running}: stop it first" in out

    terminal.process.kill()
    terminal.process.wait()
    assert left.exists()
    code, out, err = kiosk("printer", "status", *places)
    assert (code, err) == (os.EX_OK, "")
    assert "process" not in out, "what the killed one left counts no more"
