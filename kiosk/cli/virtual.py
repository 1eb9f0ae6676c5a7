"""`kiosk printer virtual`: a printer on a pseudo-terminal, with faults by a script, a log and pictures of its paper."""

import argparse
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

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
    entries = _script(arguments.script)
    link = arguments.link
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
        write = _writer(arguments.log, stack)
        log = PaperLog(printer, write)
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
            if port.lost is not None:
                with _linking(link):
                    raise port.lost
        log.end()
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


def _writer(path: Path | None, stack: ExitStack) -> Callable[[str], None]:
    """Return what writes a line into the file at `path`, at once."""
    if path is None:
        return lambda line: None
    try:
        file = stack.enter_context(path.open("w", encoding="utf-8"))
    except OSError as error:
        raise Failure([f"{path}: cannot be written: {error.strerror}"], os.EX_CANTCREAT) from None

    def write(line: str) -> None:
        file.write(f"{line}\n")
        file.flush()

    return write


def _draw(folder: Path | None, number: int, slip: Slip, printer: VirtualPrinter, font: Glyphs | None) -> None:
    """Draw `slip` as `piece-NNN.png`; without glyphs its letters are boxes."""
    if folder is None:
        return
    rows = dots(slip, printer.head.dots, font.columns if font else lambda character: None)
    try:
        (folder / f"piece-{number:03}.png").write_bytes(png(rows))
    except OSError as error:
        raise Failure([f"{folder}: cannot be written: {error.strerror}"], os.EX_CANTCREAT) from None
