"""A serial port as the station uses it: opened when first needed, 8N1, every call bounded.

All ways in which a port can fail (missing, a directory, not permitted, in use, pulled out) come out as PortLostError;
the port is then closed and the next `open` opens it anew, so that a cable put back works without a restart, and a port
that came back under another name is found by the link that leads to it (/dev/serial/by-id).
"""

import os
import termios
from contextlib import suppress
from pathlib import Path

import serial


class PortLostError(Exception):
    """The port cannot be used. `sent`: bytes of the last write that may have gone out."""

    def __init__(self, reason: str, sent: int = 0) -> None:
        super().__init__(reason)
        self.sent = sent


class SerialPort:
    """Not for two threads at once."""

    def __init__(self, name: str, baud: int) -> None:
        """`name` is a device's path, `baud` its speed in bits a second. Nothing is opened yet."""
        self._name = name
        self._baud = baud
        self._port: serial.Serial | None = None

    @property
    def is_open(self) -> bool:
        """Whether it was opened and not lost since."""
        return self._port is not None

    def open(self) -> None:
        """Open the port unless it is open. Raises PortLostError."""
        try:
            if self._port is not None and self._led_elsewhere(self._port):
                self.close()
            if self._port is None:
                self._port = serial.Serial(
                    self._name,
                    self._baud,
                    bytesize=serial.EIGHTBITS,
                    parity=serial.PARITY_NONE,
                    stopbits=serial.STOPBITS_ONE,
                    exclusive=True,
                )
        except (OSError, ValueError, termios.error) as error:
            self.close()
            raise PortLostError(str(error)) from None

    def usable(self) -> serial.Serial:
        """Return the open port. Raises serial.SerialException, an OSError, if it is not open."""
        if self._port is None:
            raise serial.SerialException("not open")
        return self._port

    def read(self, seconds: float) -> bytes:
        """Return what has come, waiting for the first byte for at most `seconds`. Raises PortLostError."""
        try:
            port = self.usable()
            if port.timeout != seconds:
                port.timeout = seconds
            data = port.read(1)
            return data + port.read(port.in_waiting) if data else b""
        except (OSError, termios.error) as error:
            self.close()
            raise PortLostError(str(error)) from None

    def close(self) -> None:
        """Give the port back at once. What the kernel has not sent is dropped.

        It must neither come out later nor hold up the close, which would wait for it up to 30 s (closing_wait,
        setserial(8)).
        """
        port, self._port = self._port, None
        if port is not None:
            with suppress(OSError, termios.error):  # a port that was pulled out has nothing left to drop
                port.reset_output_buffer()
            port.close()

    def _led_elsewhere(self, port: serial.Serial) -> bool:
        """Whether the name now leads to another device than the open one."""
        there, here = Path(self._name).stat(), os.fstat(port.fileno())
        return (there.st_rdev, there.st_ino) != (here.st_rdev, here.st_ino)
