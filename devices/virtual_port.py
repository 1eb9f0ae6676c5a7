"""A pseudo-terminal with a virtual device at its far end: to who opens it, a serial port with a printer or a scanner.

The wire between them can be cut, disturbed, or set to another speed at the device's end, and the port itself can go
away and come back under another name, as a USB adapter does.
"""

import errno
import os
import random
import select
import termios
import threading
import tty
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Protocol

from devices.virtual_wire import heard

_GLANCE_S = 0.05
"""How soon a device that stopped goes on once its fault is switched off."""
_SPEEDS = {getattr(termios, f"B{speed}"): speed for speed in (9600, 19200, 38400, 57600, 115200)}


class Far(Protocol):
    """What can stand at the far end of a port."""

    def feed(self, data: bytes) -> bytes:
        """Take `data` from the line, perhaps none, and return what goes back."""


def check_link(link: Path) -> None:
    """Raise FileExistsError if a link to a port cannot be made at `link`: a file is there, or a link that leads on.

    A link that leads nowhere is what a virtual device has left that was killed.
    """
    if not link.exists():
        return
    if link.is_symlink():
        raise FileExistsError(
            errno.EEXIST,
            f"it leads to {link.readlink()} already: end the virtual device there, or choose another path",
            str(link),
        )
    raise FileExistsError(errno.EEXIST, "what is there is not a link to a port: choose another path", str(link))


class VirtualPort:
    """Context manager: while it is open, `name` can be opened as a serial port and its bytes go to the device.

    To switch on and off: `plugged` (no byte passes an unplugged cable), `noise` (what the device says arrives as other
    bytes, and more come unasked), `baud` (the device's own speed; None hears the host at any), `present`.
    """

    def __init__(self, device: Far, link: Path | None = None, *, baud: int | None = None) -> None:
        """`link`: where a symbolic link to the port is made, a name that stays the same from run to run."""
        self._device = device
        self._link = link
        self._master = -1
        self._slave = -1
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="virtual port", daemon=True)
        self._random = random.Random(0)
        self._last_name = ""
        self._talking = False
        self.plugged = True
        self.noise = False
        self.baud = baud
        self.present = True
        """Set to False, the port goes away; set to True again, it is back under another name."""
        self.step: Callable[[], None] = lambda: None
        """Called in the port's thread, at least twenty times a second."""
        self.name = ""
        """The port's path, empty while there is none."""
        self.lost: OSError | None = None
        """Why the port that was to come back cannot; it then stays away."""

    def __enter__(self) -> "VirtualPort":
        """Open the port. Raises OSError, as FileExistsError where `check_link` does."""
        self._appear()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the port, as when a cable is pulled, and remove the link."""
        self._over.set()
        self._thread.join()
        self._vanish()

    def _appear(self) -> None:
        self._master, self._slave = os.openpty()
        if os.ttyname(self._slave) == self._last_name:
            known = (self._master, self._slave)
            self._master, self._slave = os.openpty()
            for descriptor in known:
                os.close(descriptor)
        try:
            # The far side is held open here too: else the master reads errors whenever no program has the port open.
            tty.setraw(self._slave)
            os.set_blocking(self._master, False)
            self.name = self._last_name = os.ttyname(self._slave)
            if self._link is not None:
                self._make_link(self._link)
        except BaseException:
            self._close()
            raise

    def _come_back(self) -> None:
        try:
            self._appear()
        except OSError as error:
            self.lost = error

    def _vanish(self) -> None:
        if not self.name:
            return
        if self._link is not None and self._link.is_symlink() and str(self._link.readlink()) == self.name:
            self._link.unlink()
        self._close()

    def _make_link(self, link: Path) -> None:
        check_link(link)
        fresh = link.with_name(f"{link.name}.{os.getpid()}")
        fresh.symlink_to(self.name)
        fresh.replace(link)

    def _close(self) -> None:
        self.name = ""
        for descriptor in (self._master, self._slave):
            os.close(descriptor)

    def _serve(self) -> None:
        while not self._over.is_set():
            self.step()
            if not self.present:
                self._vanish()
            elif not self.name and self.lost is None:
                self._come_back()
            if self.name:
                self._exchange()
            else:
                self._over.wait(_GLANCE_S)

    def _exchange(self) -> None:
        ready, _, _ = select.select([self._master], [], [], 0 if self._talking else _GLANCE_S)
        data = os.read(self._master, 4096) if ready else b""
        host = _SPEEDS.get(termios.tcgetattr(self._slave)[5], 0)
        device = self.baud or host
        data = heard(data, host, device)
        said = b""
        # Byte by byte, so that a cable that is pulled at a line of print lets nothing more through.
        for start in range(max(len(data), 1)):
            passing = self.plugged and self.present
            answers = self._device.feed(data[start : start + 1] if passing else b"")
            said += answers if passing else b""
        self._talking = bool(said)
        said = heard(said, device, host)
        if self.noise:
            said = self._random.randbytes(len(said) + 3)
        # Like on a wire, what nobody reads is lost once the port's buffer is full.
        with suppress(BlockingIOError):
            os.write(self._master, said if self.plugged else b"")
