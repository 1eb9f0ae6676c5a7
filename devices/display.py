"""Large type in the station's real terminal: sway scales its output, and foot keeps its full screen with fewer cells.

One command over sway's socket (sway-ipc(7)) takes effect at once, where a larger font in foot takes twenty steps that
each repaint everything.
"""

import json
import logging
import math
import os
import socket
import struct
import threading
import time
from collections.abc import Sequence

from kiosk.ports import TypeSize

_MAGIC = b"i3-ipc"
_HEADER = struct.Struct("=6sII")
"""Magic, bytes of the payload, kind of the message; in the machine's byte order."""
_RUN_COMMAND = 0
_LONGEST_ANSWER = 65_536

ANSWER_SECONDS = 0.3
RESIZE_SECONDS = 0.4
"""How long the terminal may take to fit its cells into another scale; 0.05 s were measured."""
QUIET_SECONDS = 0.04
"""The terminal passes through two or three sizes; the last one stands when none came for so long."""
WORTHWHILE = 1.1
"""Type that grows by less is not worth a key."""

_GLANCE_SECONDS = 0.005
_TRIES = 3
_STEP_BACK = 0.98

_log = logging.getLogger(__name__)

Cells = tuple[int, int]
"""Columns and rows."""


class SwayDisplay:
    """A terminal that fills an output of sway. Its calls may come from any thread, one after the other."""

    def __init__(
        self, path: str, *, output: str, scale: float, floors: Sequence[Cells], terminal: int | None = None
    ) -> None:
        """`path` is sway's socket, `scale` the scale of `output` at normal type.

        Large type leaves at least the cells of one of `floors`. `terminal` is the descriptor that knows the size of
        the terminal, standard output if none is given.
        """
        self._path = path
        self._output = output
        self._scale = scale
        self._floors = tuple(floors)
        self._terminal = 1 if terminal is None else terminal
        self._large = False
        self._lock = threading.Lock()

    @property
    def sizes(self) -> tuple[TypeSize, ...]:
        """Normal and large, where the terminal has cells to give up."""
        if self._large or self._room(self._cells()) >= WORTHWHILE:
            return (TypeSize.NORMAL, TypeSize.LARGE)
        return (TypeSize.NORMAL,)

    def show(self, size: TypeSize) -> bool:
        """Scale the output; False if sway does not do it, which is logged."""
        with self._lock:
            try:
                if size is TypeSize.NORMAL:
                    self._shrink()
                elif not self._large:
                    self._grow()
            except (OSError, ValueError) as error:
                _log.warning("the type size stays as it is: %s", error)
                if size is TypeSize.LARGE:
                    self._take_back()
                return False
            return self._large is (size is TypeSize.LARGE)

    def _shrink(self) -> None:
        before = self._cells()
        self._command(self._scale)
        if self._large:
            self._settled(before)
        self._large = False

    def _grow(self) -> None:
        """Scale so that the cells come near the floor; fonts are rounded to pixels, so the outcome is looked at."""
        before = self._cells()
        scale = self._scale * self._room(before)
        for _ in range(_TRIES):
            self._command(scale)
            found = self._settled(before)
            room = self._room(found)
            if found == before:
                break
            if room >= 1:
                self._large = True
                return
            scale, before = scale * min(room, _STEP_BACK), found
        raise ValueError(f"the terminal has {before[0]} x {before[1]} cells at scale {scale:.3f}")

    def _take_back(self) -> None:
        """Undo a scale that sway was told and did not answer for: it may have been slow, not deaf."""
        try:
            self._command(self._scale)
        except (OSError, ValueError) as error:
            _log.warning("sway was not told to go back to normal type: %s", error)

    def _room(self, cells: Cells) -> float:
        """Return by how much cells may grow before there are too few of them."""
        columns, rows = cells
        return max(min(columns / fewest, rows / lowest) for fewest, lowest in self._floors)

    def _cells(self) -> Cells:
        try:
            columns, rows = os.get_terminal_size(self._terminal)
        except OSError:
            return (0, 0)
        return columns, rows

    def _settled(self, before: Cells) -> Cells:
        """Wait until the terminal has another size than `before` and keeps it; return its size."""
        now = self._cells()
        since = time.monotonic()
        end = since + RESIZE_SECONDS
        while (now == before or time.monotonic() - since < QUIET_SECONDS) and time.monotonic() < end:
            time.sleep(_GLANCE_SECONDS)
            then, now = now, self._cells()
            if now != then:
                since = time.monotonic()
        return now

    def _command(self, scale: float) -> None:
        """Have sway scale the output. Raises OSError or ValueError with the reason."""
        # Rounded down: up would cost the last row of cells.
        command = f"output {self._output} scale {math.floor(scale * 1000) / 1000:.3f}".encode()
        end = time.monotonic() + ANSWER_SECONDS
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(ANSWER_SECONDS)
            line.connect(self._path)
            line.sendall(_HEADER.pack(_MAGIC, len(command), _RUN_COMMAND) + command)
            magic, length, _ = _HEADER.unpack(_receive(line, _HEADER.size, end))
            if magic != _MAGIC or length > _LONGEST_ANSWER:
                raise ValueError(f"{self._path} does not answer as sway does")
            answers = json.loads(_receive(line, length, end))
        if not (isinstance(answers, list) and all(isinstance(one, dict) and one.get("success") for one in answers)):
            raise ValueError(f"sway refused: {command.decode()}")


def _receive(line: socket.socket, count: int, end: float) -> bytes:
    """Return exactly `count` bytes that come before `end`. Raises OSError."""
    data = b""
    while len(data) < count:
        line.settimeout(max(end - time.monotonic(), 0.001))
        piece = line.recv(count - len(data))
        if not piece:
            raise ConnectionError("sway hung up")
        data += piece
    return data
