"""The station in its real terminal: foot under a headless sway, photographed by grim.

sway and foot refuse root, so everything runs in a user namespace of its own in which we are nobody in particular.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

PROGRAMS = ("sway", "foot", "grim", "wtype", "unshare")
PATIENCE = 30.0
ONE_COLOUR = 15_000
"""Bytes of a PNG that shows no more than a ground and a cursor."""


@dataclass(frozen=True)
class Size:
    """Pixels of the screen and the font that gives the wanted cells. Font, line and offset in points."""

    pixels: str
    font: float
    line: float
    spacing: int
    offset: float


SIZES = {
    "80x22": Size("1920x1080", 33, 36.8, 2, -6.8),
    "120x34": Size("1920x1200", 22.5, 26.4, 1, -4.2),
}


def missing() -> list[str]:
    """Return the programs that this machine lacks."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


class RealTerminal:
    """Runs `command` full screen in foot, from `__enter__` to `__exit__`."""

    def __init__(self, command: Sequence[str | Path], size: Size, environment: Mapping[str, str] | None = None) -> None:
        self._command = [str(word) for word in command]
        self._size = size
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

    def __enter__(self) -> "RealTerminal":
        (self._folder / "run").mkdir(mode=0o700)
        size = self._size
        (self._folder / "foot.ini").write_text(
            "[main]\n"
            f"font=Noto Sans Mono CJK SC:size={size.font}\n"
            f"line-height={size.line}\nletter-spacing={size.spacing}px\nvertical-letter-offset={size.offset}\n"
            "pad=0x0 center\ninitial-window-mode=fullscreen\n[scrollback]\nlines=0\n[cursor]\nblink=no\n"
        )
        start = self._folder / "start"
        words = " ".join("'" + word.replace("'", "'\\''") + "'" for word in self._command)
        start.write_text(f"#!/bin/sh\nexec {words} 2>'{self._folder}/errors'\n")
        start.chmod(0o755)
        (self._folder / "sway.conf").write_text(
            f"output HEADLESS-1 resolution {size.pixels} position 0 0\n"
            "default_border none\n"
            f"exec foot --config={self._folder}/foot.ini {start}\n"
        )
        self._sway = subprocess.Popen(
            self._as_nobody("sway", "-c", self._folder / "sway.conf"),
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=(self._folder / "sway.log").open("w"),
            start_new_session=True,
        )
        end = time.monotonic() + PATIENCE
        while not (self._folder / "run" / "wayland-1").exists():
            if time.monotonic() > end or self._sway.poll() is not None:
                raise RuntimeError((self._folder / "sway.log").read_text())
            time.sleep(0.05)
        self._environment["WAYLAND_DISPLAY"] = "wayland-1"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sway.terminate()
        self._sway.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def press(self, *keys: str) -> None:
        """Type each of `keys`, a character or a name as wtype's -k takes it, and wait until the screen has changed."""
        for key in keys:
            before = self.picture()
            # The first key after a start is lost unless wtype waits for its keyboard to be taken in.
            self._run("wtype", "-s", "300", *((key,) if len(key) == 1 else ("-k", key)))
            self.picture(unlike=before)

    def picture(self, path: Path | None = None, *, unlike: bytes = b"") -> bytes:
        """Photograph the screen once two pictures in a row are alike, and not like `unlike`; returns the PNG.

        A screen of one colour, as there is before the program has painted, does not count.
        """
        path = path or self._folder / "picture.png"
        end = time.monotonic() + PATIENCE
        before = b""
        while True:
            self._run("grim", path)
            now = path.read_bytes()
            if now == before != unlike and len(now) > ONE_COLOUR:
                return now
            if time.monotonic() > end:
                raise AssertionError(f"the screen does not change, or does not come to rest; see {path}")
            before = now

    def _run(self, *command: str | Path) -> None:
        subprocess.run(self._as_nobody(*command), env=self._environment, check=True, capture_output=True)

    def _as_nobody(self, *command: str | Path) -> list[str]:
        prefix = ["unshare", "-U", "--map-user=1000", "--map-group=1000"] if os.geteuid() == 0 else []
        return [*prefix, *map(str, command)]
