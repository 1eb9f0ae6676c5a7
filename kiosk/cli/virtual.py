"""`kiosk printer virtual`: a printer on a pseudo-terminal, with faults by a script, a log and pictures of its paper."""

import argparse
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType, TracebackType

from devices.glyphs import GlyphReader, Glyphs
from devices.paper_dots import dots, png
from devices.virtual_log import PaperLog
from devices.virtual_paper import Slip
from devices.virtual_port import VirtualPort, check_link
from devices.virtual_printer import VirtualPrinter
from devices.virtual_script import Entry, Play, read_script
from kiosk.cli.attached import glyphs
from kiosk.cli.failure import Failure
from kiosk.cli.paper import lines

_GLANCE_S = 0.1
_SCRIPT_BYTES = 65_536


def run(arguments: argparse.Namespace) -> int:
    """Run until a signal ends it. Raises Failure."""
    link = arguments.link
    named = [os.path.realpath(path) for path in (link, arguments.script, arguments.log, arguments.png) if path]
    if len(set(named)) < len(named):
        raise Failure(["--link, --script, --log and --png: each must be another path"], os.EX_USAGE)
    entries = _script(arguments.script)
    with _linking(link):
        check_link(link)
    over = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        over.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    font = glyphs()
    read = GlyphReader(font) if font else (lambda _: None)
    printer = VirtualPrinter(arguments.paper, read=read, flow=arguments.flow)
    with ExitStack() as stack:
        _make_folder(arguments.png)
        file = stack.enter_context(_LogFile(arguments.log))
        log = PaperLog(printer, file.write)
        port = VirtualPort(printer, link, baud=arguments.baud)
        Play(entries, printer, port, happened=log.event)
        with _linking(link):
            stack.enter_context(port)
        where = f"{link}: virtual printer, {arguments.paper} mm, at {port.name}"
        print(f"{where}; Ctrl-C ends it", flush=True)
        shown = 0
        drawn = 0
        ended = False
        while not ended:
            ended = over.wait(_GLANCE_S)
            fresh = printer.rows_since(shown)
            for line in lines(fresh, printer.columns):
                print(line, flush=True)
            shown += len(fresh)
            for slip in log.look():
                drawn += 1
                _draw(arguments.png, drawn, slip, printer, font)
            file.check()
            if port.lost is not None:
                with _linking(link):
                    raise port.lost
        log.end()
        file.check()
        if printer.piece.marks:
            _draw(arguments.png, drawn + 1, printer.piece, printer, font)
    return os.EX_OK


@contextmanager
def _linking(link: Path) -> Iterator[None]:
    """Turn what keeps a port from being linked into its Failure."""
    try:
        yield
    except OSError as error:
        raise Failure([f"{link}: no port can be linked there: {error.strerror}"], os.EX_CANTCREAT) from None


def _make_folder(folder: Path | None) -> None:
    try:
        if folder is not None:
            folder.mkdir(exist_ok=True)
    except OSError as error:
        raise Failure([f"{folder}: no folder can be made there: {error.strerror}"], os.EX_CANTCREAT) from None


def _script(path: Path | None) -> tuple[Entry, ...]:
    if path is None:
        return ()
    try:
        with path.open("rb") as file:
            content = file.read(_SCRIPT_BYTES + 1)
        if len(content) > _SCRIPT_BYTES:
            raise Failure([f"{path}: longer than {_SCRIPT_BYTES} bytes: this is no script"], os.EX_DATAERR)
        return read_script(content.decode("utf-8"), str(path))
    except OSError as error:
        raise Failure([f"{path}: cannot be read: {error.strerror}"], os.EX_NOINPUT) from None
    except UnicodeDecodeError as error:
        raise Failure([f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8"], os.EX_DATAERR) from None
    except ValueError as error:
        raise Failure([str(error)], os.EX_DATAERR) from None


class _LogFile:
    """Takes lines from more than one thread, each at once; `trouble` is what has kept one from being written."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.trouble: OSError | None = None
        try:
            self._file = path.open("wb", buffering=0) if path else None
        except OSError as error:
            raise self._failure(error, os.EX_CANTCREAT) from None

    def __enter__(self) -> "_LogFile":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, line: str) -> None:
        """Write `line`, unless an earlier one could not be."""
        try:
            if self._file is not None and self.trouble is None:
                self._file.write(f"{line}\n".encode())
        except OSError as error:
            self.trouble = error

    def check(self) -> None:
        """Raise Failure if a line could not be written."""
        if self.trouble is not None:
            raise self._failure(self.trouble, os.EX_IOERR)

    def _failure(self, error: OSError, code: int) -> Failure:
        return Failure([f"{self._path}: cannot be written: {error.strerror}"], code)


def _draw(folder: Path | None, number: int, slip: Slip, printer: VirtualPrinter, font: Glyphs | None) -> None:
    """Draw `slip` as `piece-NNN.png`; without glyphs its letters are boxes."""
    if folder is None:
        return
    rows = dots(slip, printer.head.dots, font.columns if font else lambda character: None)
    try:
        (folder / f"piece-{number:03}.png").write_bytes(png(rows))
    except OSError as error:
        raise Failure([f"{folder}: cannot be written: {error.strerror}"], os.EX_CANTCREAT) from None
