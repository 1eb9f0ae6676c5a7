"""A pseudo-terminal with the virtual printer at its far end: to who opens it, a serial port with a printer."""

import os
import select
import threading
import tty
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from devices.virtual_printer import VirtualPrinter

_GLANCE_S = 0.05
"""How soon a printer that stopped goes on once its fault is switched off."""


class VirtualPort:
    """Context manager: while it is open, `name` can be opened as a serial port and its bytes go to the printer."""

    def __init__(self, printer: VirtualPrinter, link: Path | None = None) -> None:
        """`link`: where a symbolic link to the port is made, a name that stays the same from run to run."""
        self._printer = printer
        self._link = link
        self._master = -1
        self._slave = -1
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="virtual printer", daemon=True)
        self.name = ""
        """The port's path, empty while it is closed."""

    def __enter__(self) -> "VirtualPort":
        """Open the port. Raises OSError, as FileExistsError if something else than a symbolic link stands at `link`."""
        self._master, self._slave = os.openpty()
        try:
            # The far side is held open here too: else the master reads errors whenever no program has the port open.
            tty.setraw(self._slave)
            os.set_blocking(self._master, False)
            self.name = os.ttyname(self._slave)
            if self._link is not None:
                self._make_link(self._link)
        except BaseException:
            self._close()
            raise
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the port, as when a cable is pulled, and remove the link."""
        self._over.set()
        self._thread.join()
        if self._link is not None and self._link.is_symlink() and str(self._link.readlink()) == self.name:
            self._link.unlink()
        self._close()

    def _make_link(self, link: Path) -> None:
        if link.exists() and not link.is_symlink():
            raise FileExistsError(f"{link} is a file of its own, not a link to a port")
        fresh = link.with_name(f"{link.name}.{os.getpid()}")
        fresh.symlink_to(self.name)
        fresh.replace(link)

    def _close(self) -> None:
        self.name = ""
        for descriptor in (self._master, self._slave):
            os.close(descriptor)

    def _serve(self) -> None:
        while not self._over.is_set():
            ready, _, _ = select.select([self._master], [], [], _GLANCE_S)
            data = os.read(self._master, 4096) if ready else b""
            answers = self._printer.feed(data)
            # Like on a wire, what nobody reads is lost once the port's buffer is full.
            with suppress(BlockingIOError):
                os.write(self._master, answers)
