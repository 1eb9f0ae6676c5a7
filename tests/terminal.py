"""A program in a real pseudo-terminal, and what a person would see there.

The screen is kept by pyte, a terminal emulator that shares nothing with Textual. Waiting is always for something to be
seen, never for time to pass.
"""

import fcntl
import os
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType

import pyte

PATIENCE = 20.0
"""Seconds after which something that does not come has not come."""


class Terminal:
    """Runs `command` in a pseudo-terminal of `columns` x `rows` cells, from `__enter__` to `__exit__`."""

    def __init__(
        self,
        command: Sequence[str | os.PathLike[str]],
        columns: int = 80,
        rows: int = 22,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._command = list(command)
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "LANG": "C.UTF-8",
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            **(environment or {}),
        }
        self._size = (columns, rows)
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self.output = bytearray()
        """Every byte that the program wrote."""

    def __enter__(self) -> "Terminal":
        self._master, follower = os.openpty()
        self._resize_port(follower)
        self.process = subprocess.Popen(
            self._command,
            stdin=follower,
            stdout=follower,
            stderr=follower,
            env=self._environment,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(follower)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._master)

    def _resize_port(self, port: int) -> None:
        columns, rows = self._size
        fcntl.ioctl(port, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns: int, rows: int) -> None:
        """Make the terminal another size, as dragging its corner does."""
        self._size = (columns, rows)
        self._screen.resize(rows, columns)
        self._resize_port(self._master)
        self.process.send_signal(signal.SIGWINCH)

    def pump(self, seconds: float = 0.05) -> bool:
        """Take in what the program writes within `seconds`; False when there was nothing."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self.output += data
        self._stream.feed(data)
        return bool(data)

    def lines(self) -> list[str]:
        """The screen as text, one string a row."""
        columns, rows = self._size
        # The second cell of a wide character holds nothing.
        return ["".join(self._screen.buffer[row][x].data for x in range(columns)).rstrip() for row in range(rows)]

    def text(self) -> str:
        """The whole screen as one text."""
        return "\n".join(self.lines())

    def see(self, *wanted: str, patience: float = PATIENCE) -> None:
        """Wait until all of `wanted` stand on the screen."""
        self.wait(lambda: all(one in self.text() for one in wanted), " and ".join(wanted), patience)

    def see_no(self, unwanted: str, patience: float = PATIENCE) -> None:
        """Wait until `unwanted` is gone from the screen."""
        self.wait(lambda: unwanted not in self.text(), f"no {unwanted}", patience)

    def wait(self, condition: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
        """Wait until `condition` holds; AssertionError with the screen when it does not."""
        end = time.monotonic() + patience
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"not seen within {patience:g} s: {what}\n{self.text()}")
            if not self.pump() and self.process.poll() is not None and not self.pump(0.2):
                assert condition(), f"ended with {self.process.returncode} before: {what}\n{self.text()}"

    def settle(self, quiet: float = 0.15) -> None:
        """Take in output until none has come for `quiet` seconds."""
        while self.pump(quiet):
            pass

    def press(self, keys: str | bytes) -> None:
        """Type `keys`."""
        os.write(self._master, keys.encode() if isinstance(keys, str) else keys)

    def place(self, text: str) -> tuple[int, int]:
        """Return column and row (from 0) of the first `text` on the screen."""
        for row in range(self._size[1]):
            line = self._screen.buffer[row]
            shown, columns = "", []
            for column in range(self._size[0]):
                data = line[column].data
                shown += data
                columns += [column] * len(data)
            if (found := shown.find(text)) >= 0:
                return columns[found], row
        raise AssertionError(f"not on the screen: {text}\n{self.text()}")

    def cell(self, column: int, row: int) -> str:
        """Return the character at a column and row from 0."""
        return self._screen.buffer[row][column].data

    def touch(self, where: str | tuple[int, int]) -> None:
        """Press and release the first button (SGR mouse reports) on a text or at a column and row from 0."""
        column, row = self.place(where) if isinstance(where, str) else where
        self.press(f"\x1b[<0;{column + 1};{row + 1}M\x1b[<0;{column + 1};{row + 1}m")

    def end(self, patience: float = PATIENCE) -> int:
        """Wait for the program to end by itself; returns its exit code."""
        end = time.monotonic() + patience
        while self.process.poll() is None:
            assert time.monotonic() < end, f"still running after {patience:g} s\n{self.text()}"
            self.pump()
        self.settle(0.05)
        assert self.process.returncode is not None
        return self.process.returncode
