"""From touch to the printer, and what a printer that hangs costs the screens.

Hanging, the printer has stopped in the middle of a slip, holds the line and answers nothing: the worst that a printer
can do to its host.
"""

import asyncio
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figure import Figure, percentile
from bench.screens import MOVES, TREE
from bench.visits import WELCOME
from devices.profile import read_profiles
from devices.serial_printer import SerialPrinter
from devices.virtual_port import VirtualPort
from devices.virtual_printer import VirtualPrinter
from kiosk import paths
from kiosk.catalog.load import read_release
from kiosk.desk import JobState
from kiosk.journal.folder import StateFolder
from kiosk.settings import QrHosts, Settings
from kiosk.station import Station
from kiosk.text import Language
from kiosk.wording import Wording
from tests.terminal import Terminal

TICKETS = 40
ROUNDS = 8
BAUD = 115200


class Listener(VirtualPrinter):
    """A printer that notes when the first byte of a slip comes, and may hang from its third line on."""

    def __init__(self, *, hangs: bool = False) -> None:
        super().__init__(paper_mm=58)
        self.first = threading.Event()
        self.came = 0.0
        if hangs:
            self.on_line = self._hang

    def feed(self, data: bytes) -> bytes:
        # Questions begin with DLE, a slip with ESC.
        if b"\x1b" in data and not self.first.is_set():
            self.came = time.perf_counter()
            self.first.set()
        return super().feed(data)

    def _hang(self) -> None:
        if self.head.lines >= 3:
            self.line_held = self.silent = True


async def _touch_to_byte(station: Station, printer: Listener) -> list[float]:
    seconds = []
    package = station.desk.packages("birth")[0].id
    for _ in range(TICKETS):
        visit = station.desk.begin(Language.HANS)
        printer.first.clear()
        began = time.perf_counter()
        ticket = await station.desk.take_ticket(visit, package, None)
        state = JobState.QUEUED
        while state in (JobState.QUEUED, JobState.SENDING):
            state = (await station.desk.watch(ticket.job, state)).state
        seconds.append(printer.came - began)
        station.desk.end(visit)
    return seconds


def touch_to_byte() -> list[float]:
    """Return the seconds from `take_ticket` to the first byte of its slip at the printer."""
    profile = read_profiles(paths.data_dir() / "printers.toml")["generic-58"]
    release = read_release(paths.release_dir() / "catalog.msgpack")
    printer = Listener()
    with (
        tempfile.TemporaryDirectory() as folder,
        VirtualPort(printer) as port,
        StateFolder(Path(folder)) as state,
    ):
        station = Station(
            Settings(qr=QrHosts(("station.example",))),
            release,
            Wording(paths.release_dir()),
            state,
            SerialPrinter(port.name, BAUD, profile),
            lambda error: print(error, file=sys.stderr),
        )
        station.start()
        seconds = asyncio.run(_touch_to_byte(station, printer))
        station.stop()
    return seconds


@contextmanager
def _station(printer: Listener) -> Iterator[Terminal]:
    """A station on whose screen a number has just been taken."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = folder / "kiosk.toml"
        settings.write_text(
            f'[printer]\nport = "{folder / "printer"}"\nbaud = {BAUD}\n[idle]\nquiet_seconds = 600\n', "utf-8"
        )
        command = [sys.executable, "-m", "kiosk.cli", "run", "--config", settings, "--state", folder / "state"]
        with (
            VirtualPort(printer, folder / "printer"),
            Terminal(command, environment={"PYTHONPATH": str(TREE)}) as terminal,
        ):
            terminal.see(WELCOME)
            terminal.settle(2)
            for key, seen in (("\r", "人生事件"), ("1", "是哪一类"), ("3", "要办哪一件"), ("1", "看要带什么")):
                terminal.press(key)
                terminal.see(seen)
                terminal.settle(0.45)
            terminal.press("2")
            assert printer.first.wait(20), "the slip comes to the printer"
            yield terminal


def answer_times(*, hangs: bool) -> list[float]:
    """Return the seconds from Tab to the first byte on the screen, while the printer has hung or has not."""
    seconds = []
    with _station(Listener(hangs=hangs)) as terminal:
        terminal.settle(1)
        for _ in range(MOVES):
            terminal.settle(0.05)
            began = time.perf_counter()
            terminal.press("\t")
            while not terminal.pump(1):
                pass
            seconds.append(time.perf_counter() - began)
    return seconds


def figures() -> Iterator[Figure]:
    """Yield the figures of this module."""
    p95 = percentile(touch_to_byte(), 0.95) * 1000
    yield Figure("touch to first byte at the printer, p95", p95, None, "ms", "<= 100 ms", p95 <= 100)
    hung: list[float] = []
    well: list[float] = []
    for _ in range(ROUNDS):
        well += answer_times(hangs=False)
        hung += answer_times(hangs=True)
    mine, reference = (percentile(times, 0.95) * 1000 for times in (hung, well))
    limit = "<= 1.2 x without"
    yield Figure("key to screen while the printer hangs, p95", mine, reference, "ms", limit, mine <= 1.2 * reference)
