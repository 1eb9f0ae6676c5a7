"""A printer's serial line: jobs out under one of three flow controls, answers in; every call is bounded.

Flow control is in force only while a job goes out. A device that holds the line stopped is asked all the same how it
is: status requests are obeyed on arrival, also with the buffer full (Epson ESC/POS reference, DLE EOT).
"""

import os
import select
import termios
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import serial

from devices.serial_port import PortLostError, SerialPort
from devices.status import Answer, Answers
from devices.wire import Flow, wire_seconds

XON, XOFF = 0x11, 0x13
PATIENCE = 3
STUCK_S = 2.0
"""A write may take so many times its time on the wire, and so many seconds more."""

_CHUNK = 256
_GLANCE_S = 0.05
_BROKEN_OFF_S = 0.05
"""A pause in the middle of an answer that no printer makes: a byte takes 1 ms at 9600 baud, a USB adapter waits 16."""
_XOFF_BELIEVED_S = 60.0
"""An XON can get lost: after so long the line is tried again."""


class StuckError(Exception):
    """The port takes no more bytes in the time allowed. `sent`: bytes that may have gone out."""

    def __init__(self, sent: int) -> None:
        super().__init__(f"stuck after {sent} bytes")
        self.sent = sent


class SerialLine:
    """Bytes out, answers in. Not for two threads at once."""

    def __init__(self, port: str, baud: int, flow: Flow = Flow.NONE, stuck: float = STUCK_S) -> None:
        """`port` is a device's path, `baud` its speed in bits a second. Nothing is opened yet.

        `stuck`: seconds that a write may stand still beyond its time on the wire.
        """
        self.baud = baud
        self._flow = flow
        self._stuck = stuck
        self._port = SerialPort(port, baud)
        self._answers = Answers()
        self._inbox: deque[Answer] = deque()
        self._last_byte = 0.0
        self._stopped_until = 0.0

    def write_seconds(self, count: int) -> float:
        """Return how long a write of `count` bytes may take."""
        return wire_seconds(count, self.baud) * PATIENCE + self._stuck

    @property
    def held_off(self) -> bool:
        """Whether the device has told the host to wait and not yet to go on."""
        if self._flow is Flow.RTS_CTS and self._port.is_open:
            with suppress(OSError):  # a port without modem lines, such as a pseudo-terminal, cannot say so
                if not self._port.usable().cts:
                    return True
        return time.monotonic() < self._stopped_until

    def now(self) -> float:
        """Seconds of the machine's monotonic clock."""
        return time.monotonic()

    def open(self) -> None:
        """Open the port unless it is open, and forget the answers that came before. Raises PortLostError."""
        with self._losing():
            self._port.open()
            self._take(self._port.read(0))
        self._answers = Answers()
        self._inbox.clear()

    def write(self, data: bytes) -> None:
        """Send a job under flow control and wait until it has gone out. Raises StuckError or PortLostError.

        What was not sent in time is dropped: it must not come out later as a stranger's slip.
        """
        if self.held_off:
            raise StuckError(0)
        self._send(data, self._flow)

    def urge(self, data: bytes) -> None:
        """Send a request that is obeyed on arrival, past any flow control. Raises StuckError or PortLostError."""
        self._send(data, Flow.NONE)

    def listen(self, seconds: float) -> Answer | None:
        """Return the next answer, or None when none comes within `seconds`. Raises PortLostError."""
        deadline = time.monotonic() + seconds
        while not self._inbox:
            with self._losing():
                data = self._port.read(_GLANCE_S)
            now = time.monotonic()
            self._take(data)
            if data:
                self._last_byte = now
            elif now - self._last_byte > _BROKEN_OFF_S:
                self._inbox.extend(self._answers.break_off())
            if not self._inbox and now >= deadline:
                return None
        return self._inbox.popleft()

    def close(self) -> None:
        """Give the port back at once. What the kernel has not sent is dropped.

        It must neither come out later nor hold up the close, which would wait for it up to 30 s (closing_wait,
        setserial(8)).
        """
        self._port.close()

    @contextmanager
    def _losing(self) -> Iterator[None]:
        try:
            yield
        except PortLostError:
            self._stopped_until = 0.0
            raise

    def _take(self, data: bytes) -> None:
        for byte in data:
            if self._flow is Flow.XON_XOFF and byte in (XON, XOFF):
                self._stopped_until = time.monotonic() + _XOFF_BELIEVED_S if byte == XOFF else 0.0
        self._inbox.extend(self._answers.take(data))

    def _send(self, data: bytes, flow: Flow) -> None:
        sent = 0
        try:
            port = self._port.usable()
            deadline = time.monotonic() + self.write_seconds(len(data))
            self._control(port, flow)
            while sent < len(data):
                # Not pyserial's write: it turns in circles at full load while the line is stopped.
                _, ready, _ = select.select([], [port.fileno()], [], max(0.0, deadline - time.monotonic()))
                if not ready:
                    raise StuckError(sent)
                with suppress(BlockingIOError):  # stopped between the two calls
                    sent += os.write(port.fileno(), data[sent : sent + _CHUNK])
            while port.out_waiting:
                if time.monotonic() > deadline:
                    raise StuckError(sent)
                time.sleep(min(_GLANCE_S, wire_seconds(port.out_waiting, self.baud)))
            self._control(port, Flow.NONE)
        except StuckError:
            if flow is Flow.XON_XOFF:
                self._stopped_until = time.monotonic() + _XOFF_BELIEVED_S
            self.close()
            raise
        except (OSError, termios.error) as error:
            self.close()
            self._stopped_until = 0.0
            raise PortLostError(str(error), sent) from None

    def _control(self, port: serial.Serial, flow: Flow) -> None:
        """Put `flow` in force. Taking XON/XOFF out of force also sets a stopped line going again (tty_ioctl(4))."""
        if port.xonxoff is not (flow is Flow.XON_XOFF):
            port.xonxoff = flow is Flow.XON_XOFF
        if port.rtscts is not (flow is Flow.RTS_CTS):
            port.rtscts = flow is Flow.RTS_CTS
