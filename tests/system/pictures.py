"""Photographs of every page in the station's real terminal, in every size and language. Run by `make pictures`."""

import datetime
import itertools
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

from devices.virtual_port import VirtualPort
from devices.virtual_printer import VirtualPrinter
from kiosk.hours import CHINA
from kiosk.text import Language
from tests.system.compositor import PATIENCE, SIZES, RealTerminal, Size, Unchanged, missing
from tests.system.gallery import BY_ITSELF, FOCUS, HOME, LANGUAGE, README, SHOTS, Paper, Shot, Station

TREE = Path(__file__).parents[2]
BUILD = TREE / "build" / "pictures"
DOCS = TREE / "docs" / "pictures"

TOO_SMALL = replace(SIZES["120x30"], pixels="1120x700")
TUESDAY = datetime.date(2026, 11, 24)
TOUCH_SECONDS = 0.45
"""A page takes no touch before it has stood for so long."""

TURN_SECONDS = 1.0
"""A key that has changed nothing for so long turns to nothing."""

PAPER_SECONDS = 1.0
"""The demonstration's paper has stopped when nothing has moved for so long."""

QUIET_SECONDS = 0.12
"""The same key within less would be taken for one that is held down."""


def main() -> int:
    """Take all pictures, all sizes at once, then copy those of the README."""
    if lacking := missing():
        print(f"pictures: this machine lacks {', '.join(lacking)}; .ci/run installs them", file=sys.stderr)
        return 1
    begin = time.monotonic()
    shutil.rmtree(BUILD, ignore_errors=True)
    with ThreadPoolExecutor(len(SIZES)) as pool:
        counts = list(pool.map(take, SIZES))
    with Studio(TOO_SMALL, Station()) as studio:
        studio.terminal.photograph(BUILD / "too-small.png")
    DOCS.mkdir(parents=True, exist_ok=True)
    for name, (size, shot) in README.items():
        shutil.copyfile(picture(size, shot, Language.HANS), DOCS / f"{name}.png")
    print(f"{sum(counts) + 1} pictures in {BUILD} after {time.monotonic() - begin:.0f} s")
    return 0


def picture(size: str, name: str, language: Language) -> Path:
    """Return where a picture is kept."""
    return BUILD / size / f"{name}.{language}.png"


def take(size: str) -> int:
    """Photograph the whole table at one size; returns the number of pictures."""
    (BUILD / size).mkdir(parents=True)
    return sum(
        studio(size, station, list(shots)) for station, shots in itertools.groupby(SHOTS, lambda shot: shot.station)
    )


def studio(size: str, station: Station, shots: list[Shot]) -> int:
    """Photograph `shots` of one station, restarted only where there is no way back from a page."""
    wanted = iter(orders(shots))
    order = next(wanted, None)
    count = 0
    while order:
        with Studio(SIZES[size], station) as walk:
            while order:
                shot, language = order
                count += walk.photograph(shot, language, picture(size, shot.name, language))
                order = next(wanted, None)
                if shot.again is None:
                    break
    return count


def orders(shots: list[Shot]) -> Iterator[tuple[Shot, Language]]:
    """Yield every picture; a page before the language is chosen is taken once."""
    for language in Language:
        yield from ((shot, language) for shot in shots if language is Language.HANS or LANGUAGE in shot.keys)


def program(station: Station) -> str:
    """Return the station as Python: the same minute of the same Tuesday in every picture."""
    moment = datetime.datetime.combine(TUESDAY, datetime.time.fromisoformat(station.clock), CHINA)
    return (
        f"import sys, kiosk.clock\nmoment = kiosk.clock.Moment({moment.timestamp() * 1000:.0f}, False)\n"
        f"kiosk.clock.StationClock.now = lambda self: moment\n{station.before}\n"
        "from kiosk.cli import main\nsys.exit(main(sys.argv[1:]))"
    )


class ShyPrinter(VirtualPrinter):
    """Falls silent for ever once the present piece is cut, if it is told to be `shy`."""

    def __init__(self) -> None:
        super().__init__(paper_mm=58)
        self._cuts = 0
        self.shy = False

    def feed(self, data: bytes) -> bytes:
        """Take `data`; return the answers as far as they are given."""
        cuts = self._cuts if self.shy else self.head.cuts
        self._cuts = cuts
        answers = super().feed(data)
        return b"" if self.shy and self.head.cuts > cuts else answers


class Studio:
    """A station in its terminal with a printer at its port, and somebody who walks from page to page."""

    def __init__(self, size: Size, station: Station) -> None:
        self._size = size
        self._station = station
        self._printer = ShyPrinter()
        self._at: tuple[str, ...] = ()
        self._last: Shot | None = None

    def __enter__(self) -> "Studio":
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kiosk-pictures-")))
            port = stack.enter_context(VirtualPort(self._printer))
            settings = folder / "kiosk.toml"
            settings.write_text(
                f'[printer]\nport = "{port.name}"\nbaud = 115200\n'
                f'[display]\ntheme = "{self._station.theme}"\nlarge_type = "sway"\n'
                '[qr]\nhosts = ["station.example"]\n',
                "utf-8",
            )
            command = "demo" if self._station.demo else "run"
            words = [
                sys.executable,
                "-c",
                program(self._station),
                command,
                "--config",
                settings,
                "--state",
                folder / "state",
            ]
            self.terminal = stack.enter_context(RealTerminal(words, self._size, {"PYTHONPATH": str(TREE)}))
            self._stack = stack.pop_all()
        self._hero = self._top()
        return self

    def _top(self) -> bytes:
        """Return the upper part of the screen: on the welcome page it is never like that of another page."""
        screen = self.terminal.screen()
        return screen[: len(screen) // 3]

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    def photograph(self, shot: Shot, language: Language, path: Path) -> bool:
        """Walk to a page and photograph it; False if a key on the way has nothing to turn to at this size."""
        digit = str(list(Language).index(language) + 1)
        keys = tuple(digit if key == LANGUAGE else key for key in shot.keys.split())
        self._leave_for(keys, shot)
        if not self._walk(keys, shot):
            return False
        if not shot.alive:
            self._hide_focus()
        self.terminal.screen(quiet=PAPER_SECONDS if self._station.demo else QUIET_SECONDS)
        self.terminal.photograph(path)
        return True

    def _leave_for(self, keys: tuple[str, ...], shot: Shot) -> None:
        """Go back as far as needed, unless the way to where one stands is the beginning of `keys`."""
        last = self._last
        if last is None or (keys[: len(self._at)] == self._at and shot.paper is last.paper):
            return
        back = (last.again or "").split()
        self._press(*back)
        self._at = self._at[:1] if back[-1:] == [HOME] else ()
        if self._at and (self._at != keys[:1] or shot.paper is not Paper.NONE):
            self._press("#", "1")
            self._at = ()
        end = time.monotonic() + PATIENCE
        while not self._at and self._top() != self._hero:
            if time.monotonic() > end:
                raise AssertionError(f"{last.again} does not lead back from {last.name}")
        self._printer.shy = self._printer.paper_out = False

    def _walk(self, keys: tuple[str, ...], shot: Shot) -> bool:
        """Press those of `keys` that are still to be pressed, and wait for the paper if there is some."""
        self._last = shot
        printing = shot.paper if not self._at else Paper.NONE
        cuts = self._printer.head.cuts
        lasting = max((at for at, key in enumerate(keys) if key != BY_ITSELF), default=0)
        for at in range(len(self._at), len(keys)):
            if printing is not Paper.NONE and at == lasting:
                self._printer.shy = printing is Paper.SHY
                self._printer.paper_out = printing is Paper.OUT
            try:
                self._press(keys[at], patience=TURN_SECONDS if shot.maybe else PATIENCE)
            except Unchanged:
                if shot.maybe:
                    return False
                raise
            if keys[at] != FOCUS:
                self._at = keys[: at + 1]
        if printing is Paper.COMES:
            end = time.monotonic() + PATIENCE
            while self._printer.head.cuts == cuts and time.monotonic() < end:
                self.terminal.screen()
        return True

    def _press(self, *keys: str, patience: float = PATIENCE) -> None:
        """Press keys, and wait after each until the page that it leads to is there."""
        for key in keys:
            if key == BY_ITSELF:
                self.terminal.screen(unlike=self.terminal.screen(), quiet=QUIET_SECONDS)
                continue
            before = self.terminal.written
            self.terminal.type(key)
            self.terminal.wait_for_writing(beyond=before, quiet=QUIET_SECONDS, patience=patience)

    def _hide_focus(self) -> None:
        """Touch where nothing is: most people touch, and see no focus."""
        before = self.terminal.written
        with suppress(Unchanged):
            self.terminal.wait_for_writing(beyond=-1, quiet=TOUCH_SECONDS)
            self.terminal.touch(0, 0)
            self.terminal.wait_for_writing(beyond=before, quiet=QUIET_SECONDS, patience=TURN_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
