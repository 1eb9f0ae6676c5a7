"""The station in its real terminal: foot under a headless sway, set up as deploy/ does it, photographed by grim.

sway and foot refuse root, so everything runs in a user namespace of its own in which we are nobody in particular.
"""

import json
import os
import shlex
import shutil
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from tests.system.finger import Finger

DEPLOY = Path(__file__).parents[2] / "deploy"
PROGRAMS = ("sway", "swaymsg", "foot", "grim", "wtype", "unshare")
PATIENCE = 30.0

_GLANCE_SECONDS = 0.005
_HEADER_BYTES = 20
_SAMPLE_STEP = 3 * 101
"""Every hundred-and-first pixel is looked at when the colours of a screen are counted."""
_BLANK_COLOURS = 2
"""A ground and a cursor, as there is before the program has painted."""


@dataclass(frozen=True)
class Size:
    """Pixels of the screen and the font that gives the wanted cells. Font, line and offset in points."""

    pixels: str
    font: float
    line: float
    spacing: int
    offset: float


SIZES = {
    "80x22": Size("1920x1080", 31.5, 36.8, 3, -8.4),
    "120x30": Size("1920x1080", 22, 26.4, 1, -5),
    "120x34": Size("1920x1200", 22, 26.4, 1, -5),
    "60x50": Size("1080x1920", 24, 28.5, 2, -7),
}


def missing() -> list[str]:
    """Return the programs that this machine lacks."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


def as_nobody(*command: str | Path) -> list[str]:
    """Return `command` as root can run it for programs that refuse root."""
    prefix = ["unshare", "-U", "--map-user=1000", "--map-group=1000"] if os.geteuid() == 0 else []
    return [*prefix, *map(str, command)]


class Unchanged(AssertionError):
    """The screen is not as it was waited for."""


class RealTerminal:
    """Runs `command` full screen in foot, from `__enter__` to `__exit__`; `foot` are the settings of foot."""

    def __init__(
        self,
        command: Sequence[str | Path],
        size: Size,
        environment: Mapping[str, str] | None = None,
        *,
        foot: Path = DEPLOY / "foot.ini",
    ) -> None:
        """The program's clock is ahead to the beginning of the next minute: no test sees the minute change."""
        self._command = [str(word) for word in command]
        self._size = size
        self._foot = foot
        self._ahead = 62 - time.time() % 60
        self._folder = Path(tempfile.mkdtemp(prefix="kiosk-terminal-"))
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder),
            "LANG": "C.UTF-8",
            "XDG_RUNTIME_DIR": str(self._folder / "run"),
            "WLR_BACKENDS": "headless",
            "WLR_RENDERER": "pixman",
            "WLR_LIBINPUT_NO_DEVICES": "1",
            **(environment or {}),
        }
        self._own: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "RealTerminal":
        try:
            self._begin()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _begin(self) -> None:
        run = self._folder / "run"
        run.mkdir(mode=0o700)
        start = self._folder / "start"
        start.write_text(
            f"#!/bin/sh\ntty >'{self._folder}/tty'\necho $$ >'{self._folder}/pid'\n"
            f"export LD_PRELOAD='{_other_clock()}' FAKETIME=+{self._ahead:.0f} FAKETIME_DONT_FAKE_MONOTONIC=1\n"
            f"exec {shlex.join(self._command)} 2>'{self._folder}/errors'\n"
        )
        start.chmod(0o755)
        (self._folder / "sway.conf").write_text(
            "\n".join(line for line in (DEPLOY / "sway.conf").read_text().splitlines() if not line.startswith("exec "))
            + f"\noutput HEADLESS-1 resolution {self._size.pixels} position 0 0\n"
            + f"exec foot --config={self._foot} {' '.join(self._font())} {start}\n"
        )
        self._start("sway", "-c", self._folder / "sway.conf")
        end = time.monotonic() + PATIENCE
        while not ((run / "wayland-1").exists() and list(run.glob("sway-ipc.*"))):
            if time.monotonic() > end or not self.running:
                raise RuntimeError((self._folder / "log").read_text())
            time.sleep(_GLANCE_SECONDS)
        self._environment["WAYLAND_DISPLAY"] = "wayland-1"
        self._environment["SWAYSOCK"] = str(next(run.glob("sway-ipc.*")))
        # Keyboard and finger stay plugged in: what comes first is lost until foot has taken in that there is one now.
        self._start("wtype", "-s", str(10**9))
        self._finger = Finger(run / "wayland-1")
        self.screen()

    def _stop(self) -> None:
        for process in reversed(self._own):
            process.terminate()
            process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _font(self) -> list[str]:
        size = self._size
        return [
            f"--override='font=Noto Sans Mono CJK SC:size={size.font}'",
            f"--override=line-height={size.line}",
            f"--override=letter-spacing={size.spacing}px",
            f"--override=vertical-letter-offset={size.offset}",
        ]

    @property
    def running(self) -> bool:
        """Whether the compositor runs."""
        return self._own[0].poll() is None

    @property
    def program(self) -> int:
        """Process id of the program in the terminal."""
        return int((self._folder / "pid").read_text())

    @property
    def written(self) -> int:
        """How many bytes the program has written so far: it grows with whatever happens on the screen (proc(5), io)."""
        for line in Path(f"/proc/{self.program}/io").read_text().splitlines():
            name, _, count = line.partition(": ")
            if name == "wchar":
                return int(count)
        raise LookupError("wchar")

    def wait_for_writing(self, *, beyond: int, quiet: float, patience: float = PATIENCE) -> None:
        """Wait until the program has written more than `beyond` and then has been idle for `quiet` seconds.

        Costs next to nothing, where looking at the screen keeps a processor busy. Raises Unchanged.
        """
        since = time.monotonic()
        end = since + patience
        before = beyond
        while before == beyond or time.monotonic() - since < quiet:
            if (now := self.written) != before or not self._idle:
                before, since = now, time.monotonic()
            if time.monotonic() > end:
                raise Unchanged("the program writes nothing, or does not come to rest")
            time.sleep(_GLANCE_SECONDS)

    @property
    def _idle(self) -> bool:
        """Whether all of the program's threads sleep (proc(5), stat), also when others keep the processors busy."""
        stats = [task.read_text() for task in Path(f"/proc/{self.program}/task").glob("*/stat")]
        return all(stat.rpartition(") ")[2].startswith("S") for stat in stats)

    @property
    def cells(self) -> tuple[int, int]:
        """Columns and rows of the terminal, asked of its port."""
        port = os.open((self._folder / "tty").read_text().strip(), os.O_RDONLY | os.O_NOCTTY)
        try:
            columns, rows = os.get_terminal_size(port)
        finally:
            os.close(port)
        return columns, rows

    def wait_for_cells(self, columns: int, rows: int) -> None:
        """Wait until the terminal has so many cells."""
        end = time.monotonic() + PATIENCE
        while self.cells != (columns, rows):
            if time.monotonic() > end:
                raise AssertionError(f"the terminal has {self.cells} cells")
            time.sleep(_GLANCE_SECONDS)

    @property
    def windows(self) -> list[str]:
        """Titles of all windows that sway shows."""
        found, titles = [json.loads(self._run("swaymsg", "-t", "get_tree"))], []
        while found:
            node = found.pop()
            found += node["nodes"] + node["floating_nodes"]
            if node["type"] in ("con", "floating_con") and node.get("pid"):
                titles.append(node["name"])
        return titles

    def press(self, *keys: str) -> None:
        """Type each of `keys`, a character or a name as wtype's -k takes it, and wait until the screen has changed."""
        for key in keys:
            before = self.screen()
            self.type(key)
            self.screen(unlike=before)

    def type(self, key: str, *modifiers: str) -> None:
        """Type one key with `modifiers` (ctrl, shift, alt, logo) held, and do not wait."""
        held = [word for modifier in modifiers for word in ("-M", modifier)]
        name = "minus" if key == "-" else key  # which wtype takes for its standard input
        self._run("wtype", *held, *((name,) if len(name) == 1 else ("-k", name)))

    def touch(self, column: int, row: int) -> None:
        """Touch a cell, counted from 0, and do not wait."""
        width, height = map(int, self._size.pixels.split("x"))
        columns, rows = self.cells
        self._finger.touch(int((column + 0.5) * width / columns), int((row + 0.5) * height / rows), width, height)

    def screen(self, *, unlike: bytes = b"", quiet: float = 0.05, patience: float = PATIENCE) -> bytes:
        """Return the pixels of the screen (PPM) once they are not like `unlike` and the same for `quiet` seconds.

        A screen as there is before the program has painted does not count. Raises Unchanged after `patience` seconds.
        """
        since = time.monotonic()
        end = since + patience
        before = b""
        while True:
            now = self._run("grim", "-t", "ppm", "-")
            if now != before:
                before, since = now, time.monotonic()
            elif now != unlike and time.monotonic() - since >= quiet and _painted(now):
                return now
            if time.monotonic() > end:
                errors = (self._folder / "errors").read_text(errors="replace")
                raise Unchanged(f"the screen does not change, or does not come to rest {errors[-1000:]}")

    def photograph(self, path: Path) -> None:
        """Write the screen, as it is now, as a PNG."""
        self._run("grim", path)

    def _start(self, *command: str | Path) -> None:
        with (self._folder / "log").open("ab") as log:
            self._own.append(
                subprocess.Popen(
                    as_nobody(*command),
                    env=self._environment,
                    stdout=subprocess.DEVNULL,
                    stderr=log,
                )
            )

    def _run(self, *command: str | Path) -> bytes:
        return subprocess.run(as_nobody(*command), env=self._environment, check=True, capture_output=True).stdout


def _other_clock() -> Path:
    library = Path(sysconfig.get_path("purelib")) / "libfaketime/vendor/libfaketime/src/libfaketime.so.1"
    if not library.exists():
        raise RuntimeError(f"{library} is missing; install the development packages")
    return library


def _painted(screen: bytes) -> bool:
    colours = {screen[at : at + 3] for at in range(_HEADER_BYTES, len(screen) - 3, _SAMPLE_STEP)}
    return len(colours) > _BLANK_COLOURS
