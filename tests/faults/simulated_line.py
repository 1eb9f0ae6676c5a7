"""A serial line in virtual time between the product's printer driver and the product's virtual printer."""

import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from devices.serial_line import PATIENCE, STUCK_S, XOFF, XON, StuckError
from devices.serial_port import PortLostError
from devices.status import Answer, Answers
from devices.virtual_wire import heard
from devices.wire import Flow, wire_seconds
from tests.faults.truth import Paper

_GLANCE_S = 0.05
_BELIEVED_S = 60.0


class Time(Protocol):
    """The world's clock."""

    now: float

    def advance(self, to: float) -> None:
        """Let everything happen until `to`."""

    def perhaps_kill(self) -> None:
        """Kill the station now and then."""


@dataclass
class FarEnd:
    """What can go wrong beyond the host's port, named as the faults of `devices.virtual_port.VirtualPort`."""

    baud: int
    plugged: bool = True
    present: bool = True
    noise: bool = False
    step: Callable[[], None] = lambda: None


class SimulatedLine:
    """Implements `devices.inquiry.Line`; its faults are those of its `far` end.

    A host that is killed leaves the line behind: `forget` gives its port back.
    """

    def __init__(self, time: Time, paper: Paper, chance: random.Random, baud: int, flow: Flow) -> None:
        self._time = time
        self._paper = paper
        self._random = chance
        self.baud = baud
        self._flow = flow
        self.far = FarEnd(baud)
        self._port_open = False
        self._came = bytearray()
        self.forget()

    def forget(self) -> None:
        """The host is another process from now on."""
        self._port_open = False
        self._answers = Answers()
        self._inbox: deque[Answer] = deque()
        self._stopped_until = 0.0

    def step(self) -> None:
        """The printer goes on by itself; what it says waits in the host's buffer."""
        self._exchange(b"")
        if not self.far.present:
            self._port_open = False
            self._came.clear()

    def now(self) -> float:
        return self._time.now

    @property
    def held_off(self) -> bool:
        return self._time.now < self._stopped_until

    def open(self) -> None:
        self._time.perhaps_kill()
        if not self.far.present:
            self._lose(0)
        self._port_open = True
        self._receive()
        self._answers = Answers()
        self._inbox.clear()

    def write(self, data: bytes) -> None:
        if self.held_off:
            raise StuckError(0)
        self._send(data, self._flow)

    def urge(self, data: bytes) -> None:
        self._send(data, Flow.NONE)

    def listen(self, seconds: float) -> Answer | None:
        deadline = self._time.now + seconds
        while True:
            self._time.perhaps_kill()
            self.step()
            if not self._port_open:
                self._lose(0)
            if not self._receive():
                self._inbox.extend(self._answers.break_off())
            if self._inbox:
                return self._inbox.popleft()
            if self._time.now >= deadline:
                return None
            self._time.advance(min(deadline, self._time.now + _GLANCE_S))

    def close(self) -> None:
        self._port_open = False

    def _lose(self, sent: int) -> None:
        self._port_open = False
        self._stopped_until = 0.0
        raise PortLostError("gone", sent)

    def _send(self, data: bytes, flow: Flow) -> None:
        deadline = self._time.now + wire_seconds(len(data), self.baud) * PATIENCE + STUCK_S
        stopped = False
        for sent, byte in enumerate(data):
            self._time.perhaps_kill()
            while stopped or not self._port_open:
                if not self._port_open:
                    # The kernel takes more than it has sent: how much of it went out nobody knows.
                    self._lose(self._random.choice((sent, len(data))) if sent else 0)
                if self._time.now >= deadline:
                    self._stopped_until = self._time.now + _BELIEVED_S
                    self.close()
                    raise StuckError(self._random.choice((sent, len(data))) if sent else 0)
                self._time.advance(min(deadline, self._time.now + _GLANCE_S))
                stopped = self._stops(stopped)
            self._time.advance(self._time.now + wire_seconds(1, self.baud))
            self._exchange(bytes((byte,)))
            if flow is Flow.XON_XOFF:
                stopped = self._stops(stopped)

    def _stops(self, stopped: bool) -> bool:
        for byte in self._came:
            stopped = byte == XOFF if byte in (XON, XOFF) else stopped
        self._came = bytearray(byte for byte in self._came if byte not in (XON, XOFF))
        return stopped

    def _exchange(self, data: bytes) -> None:
        passing = self.far.plugged and self.far.present
        host, far = self.baud, self.far.baud
        answers = self._paper.feed(heard(data, host, far) if passing else b"", rubbish=host != far)
        answers = heard(answers, far, host)
        if passing and self.far.noise:
            answers = self._random.randbytes(len(answers) + (0 if data else 3))
        if passing:
            self._came += answers

    def _receive(self) -> bool:
        data, self._came = bytes(self._came), bytearray()
        for byte in data:
            if self._flow is Flow.XON_XOFF and byte in (XON, XOFF):
                self._stopped_until = self._time.now + _BELIEVED_S if byte == XOFF else 0.0
        self._inbox.extend(self._answers.take(data))
        return bool(data)
