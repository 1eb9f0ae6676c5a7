"""The serial port of a printer: opened when first needed, 8 data bits, no parity, one stop bit; every call is bounded.

All ways in which a port can fail (missing, a directory, not permitted, in use, pulled out) come out as PortLostError;
the port is then closed and the next call opens it anew, so that a cable put back works without a restart.
"""

import termios
import time
from collections import deque
from contextlib import suppress
from typing import NoReturn

import serial

from devices.status import Answer, Answers

BITS_PER_BYTE = 10
"""On the wire: a start bit, eight data bits, a stop bit."""
_CHUNK = 256
_GLANCE_S = 0.05


class PortLostError(Exception):
    """The port cannot be used. `sent`: bytes of the last write that may have gone out."""

    def __init__(self, reason: str, sent: int = 0) -> None:
        super().__init__(reason)
        self.sent = sent


class StuckError(Exception):
    """The port takes no more bytes in the time allowed. `sent`: bytes that may have gone out."""

    def __init__(self, sent: int) -> None:
        super().__init__(f"stuck after {sent} bytes")
        self.sent = sent


class SerialLine:
    """Bytes out, answers in. Not for two threads at once."""

    def __init__(self, port: str, baud: int) -> None:
        """`port` is a device's path, `baud` its speed in bits a second. Nothing is opened yet."""
        self._name = port
        self._baud = baud
        self._port: serial.Serial | None = None
        self._answers = Answers()
        self._inbox: deque[Answer] = deque()

    def wire_seconds(self, count: int) -> float:
        """Return how long `count` bytes take on the wire."""
        return count * BITS_PER_BYTE / self._baud

    def open(self) -> None:
        """Open the port unless it is open, and forget what came in before. Raises PortLostError."""
        try:
            if self._port is None:
                self._port = serial.Serial(self._name, self._baud, timeout=_GLANCE_S, exclusive=True)
            self._port.reset_input_buffer()
        except (OSError, ValueError, termios.error) as error:
            self._lose(error)
        self._answers = Answers()
        self._inbox.clear()

    def write(self, data: bytes, seconds: float) -> None:
        """Send `data` within about `seconds`. Raises StuckError or PortLostError; what was not sent is then lost."""
        sent = 0
        try:
            port = self._opened()
            port.write_timeout = seconds
            deadline = time.monotonic() + seconds
            while sent < len(data):
                chunk = data[sent : sent + _CHUNK]
                sent += len(chunk)
                port.write(chunk)
                if time.monotonic() > deadline:
                    raise serial.SerialTimeoutException
        except serial.SerialTimeoutException:
            self.close()
            raise StuckError(sent) from None
        except (OSError, termios.error) as error:
            self._lose(error, sent)

    def listen(self, seconds: float) -> Answer | None:
        """Return the next answer, or None when none comes within `seconds`. Raises PortLostError."""
        deadline = time.monotonic() + seconds
        while not self._inbox:
            try:
                port = self._opened()
                data = port.read(1)
                if data:
                    data += port.read(port.in_waiting)
            except (OSError, termios.error) as error:
                self._lose(error)
            self._inbox.extend(self._answers.take(data))
            if not self._inbox and time.monotonic() >= deadline:
                return None
        return self._inbox.popleft()

    def close(self) -> None:
        """Give the port back at once. What the kernel has not sent is dropped.

        It must neither come out later as a stranger's slip nor hold up the close, which would wait for it up to 30 s
        (closing_wait, setserial(8)).
        """
        port, self._port = self._port, None
        if port is not None:
            with suppress(OSError, termios.error):  # a port that was pulled out has nothing left to drop
                port.reset_output_buffer()
            port.close()

    def _opened(self) -> serial.Serial:
        if self._port is None:
            raise serial.SerialException("not open")
        return self._port

    def _lose(self, error: Exception, sent: int = 0) -> NoReturn:
        self.close()
        raise PortLostError(str(error), sent) from None
