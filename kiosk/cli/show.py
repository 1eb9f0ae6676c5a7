"""Runs a station behind its screens: what `kiosk run` and `kiosk demo` have in common."""

import gc
import logging
import logging.handlers
import os
import resource
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kiosk import paths
from kiosk.catalog.installed import FOLDER, newest
from kiosk.catalog.load import CatalogError
from kiosk.cli import failure
from kiosk.cli.attached import scanner_of
from kiosk.cli.technician_door import Faults, door_of
from kiosk.cli.watchdog import Watchdog
from kiosk.cli.watching import live_of, metrics_of, tests_at_the_glass, watch_of
from kiosk.journal.folder import StateFolder
from kiosk.ports import Display, FixedDisplay, Paper, Printer, TypeSize
from kiosk.scanning import ScannerThread
from kiosk.settings import Settings
from kiosk.station import Station
from kiosk.wording import Wording

_CHANGING = {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "PYTHONINSPECT"}
"""The last would leave a Python prompt when the station ends; the interpreter looks at it again then."""


class Companion(Protocol):
    """What runs beside a demonstration's station."""

    def begin(self, station: Station) -> None:
        """Start, now that the first page is painted; returns at once."""

    def word(self) -> str:
        """What the demonstration's mark says, as a sentence of data/wording."""

    def close(self) -> None:
        """End, and be gone when this returns."""


@dataclass(frozen=True)
class Stage:
    """What makes a station a demonstration.

    `paper` is shown beside the screens, `faults` can be practised with, `code` is the technician's, for all to see.
    `companion` runs beside the station.
    """

    paper: Paper
    faults: Faults
    code: str
    companion: Companion | None = None


def show(settings: Settings, state: Path, printer: Printer, stage: Stage | None = None) -> int:
    """Run the station with its state in `state`; `stage` makes it a demonstration.

    Returns the exit code. Raises Failure for what can be known before the first screen.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise failure.Failure(["needs a terminal: standard input or output is not one"], os.EX_USAGE)
    clear_environment()
    keep_memory_off_the_disk()
    watchdog = Watchdog()
    # Start-up makes many objects that live for ever; collecting among them only costs the first screen time.
    gc.disable()
    with failure.told():
        release = newest(state / FOLDER, paths.release_dir() / "catalog.msgpack")
        wording = read_wording(paths.release_dir())
        with StateFolder(state) as folder:
            log_to(state / "log")
            from screens.app import KioskApp

            trouble: list[Exception] = []

            def failed(error: Exception) -> None:
                trouble.append(error)
                app.halt(os.EX_SOFTWARE)

            station = Station(settings, release, wording, folder, printer, failed, specimen=stage is not None)
            display = display_of(settings)
            # A station that was killed may have left its terminal at large type.
            display.show(TypeSize.NORMAL)
            reader = scanner_of(settings)
            scanner = ScannerThread(reader, lambda scan: app.scanned(scan.text)) if reader else None

            def started() -> None:
                station.start()
                if companion:
                    companion.begin(station)
                if scanner:
                    scanner.start()
                watch.start()
                watchdog.start()

            companion = stage.companion if stage else None
            door = door_of(
                settings,
                station,
                lambda: tests_at_the_glass(settings, state, live),
                lambda: watch.overview,
                faults=stage.faults if stage else None,
                shown_code=stage.code if stage else "",
            )
            app = KioskApp(
                station.desk,
                settings,
                started=started,
                paper=stage.paper if stage else None,
                display=display,
                door=door,
                mark=companion.word if companion else lambda: "演示",
            )
            metrics = metrics_of(settings, lambda: watch.overview)
            live = live_of(station, reader, app, (lambda: metrics.trouble) if metrics else None)
            watch = watch_of(settings, state, live)
            station.watched_by(lambda: watch.overview.findings)
            if metrics:
                metrics.start()
            try:
                code = app.run_to_end()
            finally:
                watchdog.stop()
                display.show(TypeSize.NORMAL)
                if scanner:
                    scanner.close()
                watch.close()
                if metrics:
                    metrics.close()
                station.stop()
                if companion:
                    companion.close()
    if trouble:
        raise failure.of(trouble[0])
    return code


def display_of(settings: Settings) -> Display:
    """Return the terminal as the settings describe it; without sway around it, it has one type size."""
    path = os.environ.get("SWAYSOCK")
    if settings.display.large_type != "sway" or not path:
        return FixedDisplay()
    from devices.display import SwayDisplay
    from screens.frame import LARGE_COLUMNS, LARGE_ROWS, TALL_COLUMNS, TALL_ROWS

    return SwayDisplay(
        path,
        output=settings.display.output,
        scale=settings.display.scale,
        floors=((LARGE_COLUMNS, LARGE_ROWS), (TALL_COLUMNS, TALL_ROWS)),
    )


def read_wording(folder: Path) -> Wording:
    """Return the wording of the release in `folder`. Raises CatalogError."""
    try:
        return Wording(folder)
    except OSError as error:
        raise CatalogError(
            f"{error.filename}: cannot be read: {error.strerror}; make it anew with: make release"
        ) from None


def clear_environment() -> None:
    """Forget variables by which Textual would log keys, take pictures, or look different (textual.constants)."""
    for name in list(os.environ):
        if name.startswith("TEXTUAL") or name in _CHANGING:
            del os.environ[name]


def keep_memory_off_the_disk() -> None:
    """Let a crash write no core file: the memory holds what a resident is typing (core(5))."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def log_to(folder: Path) -> None:
    """Write warnings and errors to files in `folder`, never to the screen; they hold no personal data."""
    folder.mkdir(mode=0o700, exist_ok=True)
    handler = logging.handlers.RotatingFileHandler(folder / "kiosk.log", maxBytes=1_000_000, backupCount=3, delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
