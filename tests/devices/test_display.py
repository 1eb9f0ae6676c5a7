"""Large type: what sway is told, and what becomes of a sway that does not do it."""

import fcntl
import json
import os
import socket
import struct
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from devices.display import SwayDisplay
from kiosk.ports import FixedDisplay, TypeSize

FLOORS = ((80, 22), (60, 50))
HEADER = struct.Struct("=6sII")


class Sway:
    """Answers as sway does (sway-ipc(7)), with a terminal that fits its cells into each scale."""

    def __init__(self, path: Path, columns: int, rows: int) -> None:
        self.path = path
        self.commands: list[str] = []
        self.answer: Callable[[socket.socket], None] = self.agree
        self.rounding = 1.0
        self.fits = True
        self._cells = (columns, rows)
        self._master, self.terminal = os.openpty()
        self._resize(columns, rows)
        self._door = socket.socket(socket.AF_UNIX)
        self._door.bind(str(path))
        self._door.listen()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._door.close()
        os.close(self._master)
        os.close(self.terminal)

    @property
    def cells(self) -> tuple[int, int]:
        columns, rows = os.get_terminal_size(self.terminal)
        return columns, rows

    def agree(self, line: socket.socket) -> None:
        self.say(line, json.dumps([{"success": True}]).encode())
        scale = float(self.commands[-1].split()[-1])
        columns, rows = self._cells
        if self.fits:
            # What foot was seen to do: the new font in the old window, then the new window.
            self._resize(columns * 2, rows * 2)
            self._resize(int(columns / scale * self.rounding), int(rows / scale * self.rounding))

    def say(self, line: socket.socket, payload: bytes) -> None:
        line.sendall(HEADER.pack(b"i3-ipc", len(payload), 0) + payload)

    def _resize(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            # The station hangs up when it has waited long enough.
            with line, suppress(ConnectionError):
                magic, length, kind = HEADER.unpack(line.recv(HEADER.size, socket.MSG_WAITALL))
                assert (magic, kind) == (b"i3-ipc", 0)
                self.commands.append(line.recv(length, socket.MSG_WAITALL).decode())
                self.answer(line)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[int, int], Sway]]:
    started: list[Sway] = []

    def run(columns: int, rows: int) -> Sway:
        started.append(Sway(tmp_path / f"sway{len(started)}", columns, rows))
        return started[-1]

    yield run
    for sway in started:
        sway.close()


def display(sway: Sway, scale: float = 1.0, output: str = "*") -> SwayDisplay:
    return SwayDisplay(str(sway.path), output=output, scale=scale, floors=FLOORS, terminal=sway.terminal)


@pytest.mark.parametrize(
    ("columns", "rows", "command", "large"),
    [
        (120, 34, "output * scale 1.500", (80, 22)),
        (120, 30, "output * scale 1.363", (88, 22)),
        (180, 50, "output * scale 2.250", (80, 22)),
        (90, 75, "output * scale 1.500", (60, 50)),
    ],
)
def test_large_type_leaves_as_many_cells_as_the_pages_need(
    start: Callable[[int, int], Sway], columns: int, rows: int, command: str, large: tuple[int, int]
) -> None:
    sway = start(columns, rows)
    shown = display(sway)
    assert shown.sizes == (TypeSize.NORMAL, TypeSize.LARGE)
    assert shown.show(TypeSize.LARGE)
    assert sway.commands[0] == command
    assert shown.sizes == (TypeSize.NORMAL, TypeSize.LARGE), "the way back is always offered"
    assert sway.cells == large
    assert shown.show(TypeSize.NORMAL)
    assert sway.commands[-1] == "output * scale 1.000"
    assert sway.cells == (columns, rows)


@pytest.mark.parametrize(("columns", "rows"), [(80, 22), (60, 50), (84, 24), (40, 10)])
def test_a_terminal_with_no_cells_to_spare_offers_no_large_type(
    start: Callable[[int, int], Sway], columns: int, rows: int
) -> None:
    assert display(start(columns, rows)).sizes == (TypeSize.NORMAL,)


def test_the_output_and_the_scale_at_normal_type_are_the_settings(start: Callable[[int, int], Sway]) -> None:
    sway = start(120, 34)
    shown = display(sway, scale=1.25, output="HDMI-A-1")
    assert shown.show(TypeSize.NORMAL)
    assert sway.commands == ["output HDMI-A-1 scale 1.250"]


def test_asking_twice_tells_sway_once(start: Callable[[int, int], Sway]) -> None:
    sway = start(120, 34)
    shown = display(sway)
    assert shown.show(TypeSize.LARGE)
    assert shown.show(TypeSize.LARGE)
    assert len(sway.commands) == 1


def test_a_font_that_rounds_up_gets_a_smaller_scale_instead_of_too_few_cells(start: Callable[[int, int], Sway]) -> None:
    sway = start(120, 34)
    sway.rounding = 0.97
    assert display(sway).show(TypeSize.LARGE)
    assert sway.cells[0] >= 80
    assert sway.cells[1] >= 22
    assert len(sway.commands) > 1


def nothing(line: socket.socket) -> None:
    """Hang up."""


def silence(line: socket.socket) -> None:
    """Hang until the station hangs up."""
    line.recv(1)


def half(line: socket.socket) -> None:
    """Begin an answer that never ends."""
    line.sendall(HEADER.pack(b"i3-ipc", 40, 0) + b"[{")
    line.recv(1)


def foreign(line: socket.socket) -> None:
    """Answer as something else that listens there."""
    line.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


@pytest.mark.parametrize("fault", [nothing, silence, half, foreign])
def test_a_sway_that_does_not_answer_leaves_the_size_as_it_is_within_a_second(
    start: Callable[[int, int], Sway], fault: Callable[[socket.socket], None]
) -> None:
    sway = start(120, 34)
    sway.answer = fault
    shown = display(sway)
    begin = time.monotonic()
    assert not shown.show(TypeSize.LARGE)
    assert time.monotonic() - begin < 1
    sway.answer = sway.agree
    assert shown.show(TypeSize.LARGE), "it works again once sway does"


@pytest.mark.parametrize("answer", [b'[{"success": false, "error": "no output"}]', b"{}", b"not json", b"\xff\xfe"])
def test_a_refusal_leaves_the_size_as_it_is(start: Callable[[int, int], Sway], answer: bytes) -> None:
    sway = start(120, 34)
    sway.answer = lambda line: sway.say(line, answer)
    shown = display(sway)
    assert not shown.show(TypeSize.LARGE)
    assert sway.cells == (120, 34)


def test_an_output_that_is_not_the_terminals_is_scaled_back(start: Callable[[int, int], Sway]) -> None:
    sway = start(120, 34)
    sway.fits = False
    assert not display(sway).show(TypeSize.LARGE)
    assert sway.commands == ["output * scale 1.500", "output * scale 1.000"]


def test_a_sway_that_scales_but_answers_too_late_is_told_to_scale_back(start: Callable[[int, int], Sway]) -> None:
    sway = start(120, 34)
    sway.answer = silence
    assert not display(sway).show(TypeSize.LARGE)
    assert sway.commands == ["output * scale 1.500", "output * scale 1.000"]


def test_no_sway_at_all_is_no_reason_to_raise(start: Callable[[int, int], Sway], tmp_path: Path) -> None:
    sway = start(120, 34)
    shown = SwayDisplay(str(tmp_path / "none"), output="*", scale=1.0, floors=FLOORS, terminal=sway.terminal)
    assert not shown.show(TypeSize.LARGE)
    assert not shown.show(TypeSize.NORMAL)
    with (tmp_path / "file").open("w") as file:
        blind = SwayDisplay(str(sway.path), output="*", scale=1.0, floors=FLOORS, terminal=file.fileno())
        assert blind.sizes == (TypeSize.NORMAL,)


def test_a_terminal_of_one_size_says_so() -> None:
    assert FixedDisplay().sizes == (TypeSize.NORMAL,)
    assert FixedDisplay().show(TypeSize.NORMAL)
    assert not FixedDisplay().show(TypeSize.LARGE)
