"""A station in a real pseudo-terminal, with a virtual printer at a real serial port of its own."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from devices.virtual_port import VirtualPort
from devices.virtual_printer import VirtualPrinter
from tests.terminal import Terminal

KIOSK = (sys.executable, "-m", "kiosk.cli")
WELCOME = "触摸屏幕"


@pytest.fixture
def printer() -> VirtualPrinter:
    return VirtualPrinter(paper_mm=58)


@pytest.fixture
def port(printer: VirtualPrinter, tmp_path: Path) -> Iterator[Path]:
    """A port with the printer at it, under a name that stays the same."""
    link = tmp_path / "printer"
    with VirtualPort(printer, link):
        yield link


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., Path]:
    """Writes a kiosk.toml; arguments are its extra lines."""

    def write(port: Path | str, *, quiet: int = 600, extra: str = "") -> Path:
        file = tmp_path / "kiosk.toml"
        file.write_text(
            f'[printer]\nport = "{port}"\nbaud = 115200\n'
            f"[idle]\nquiet_seconds = {quiet}\nanswer_seconds = 20\n"
            f'[qr]\nhosts = ["station.example"]\n{extra}',
            "utf-8",
        )
        return file

    return write


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Starts `kiosk run` with a settings file and waits for its first page."""
    with ExitStack() as stack:

        def run(settings: Path, columns: int = 80, rows: int = 22, **environment: str) -> Terminal:
            command = [*KIOSK, "run", "--config", settings, "--state", tmp_path / "state"]
            terminal = stack.enter_context(Terminal(command, columns, rows, environment))
            terminal.see(WELCOME)
            terminal.settle()
            return terminal

        yield run
