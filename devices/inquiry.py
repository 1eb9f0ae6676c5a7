"""Questions to a printer and their answers, over a serial line.

Real-time requests (DLE EOT, DLE ENQ, DLE DC4) are obeyed on arrival, also offline and with the buffer full; the others
wait in the receive buffer for their turn (Epson ESC/POS reference).
"""

from collections.abc import Callable
from typing import Protocol, TypeVar

import msgspec
from msgspec.structs import replace

from devices.commands import PROCESS_ID, QUEUED_STATUS, UNASKED_ON
from devices.status import Answer, Automatic, Block, Held, Noise, Queued, RealTime, Signs, signs_of, signs_of_block

T = TypeVar("T")

CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
RECOVER = b"\x10\x05\x02"
"""DLE ENQ 2: clear the buffers and recover from an error whose cause is gone. Many clones know cutter errors alone."""

_CLEAR_S = 1.0
"""Nothing may be sent while the buffers are being cleared, until the printer says that they are (Epson, DLE DC4 8)."""


class Line(Protocol):
    """What lies between host and printer, and the clock by which it is waited for: `devices.serial_line.SerialLine`."""

    @property
    def baud(self) -> int:
        """Bits a second."""

    @property
    def held_off(self) -> bool:
        """Whether the device has told the host to wait and not yet to go on."""

    def now(self) -> float:
        """Seconds of a clock that only goes forward."""

    def open(self) -> None:
        """Open the port unless it is open, and forget the answers that came before. Raises PortLostError."""

    def write(self, data: bytes) -> None:
        """Send a job under flow control, and wait until it has gone out. Raises StuckError or PortLostError."""

    def urge(self, data: bytes) -> None:
        """Send a request past any flow control. Raises StuckError or PortLostError."""

    def listen(self, seconds: float) -> Answer | None:
        """Return the next answer, or None when none comes within `seconds`. Raises PortLostError."""

    def close(self) -> None:
        """Give the port back at once."""


class Limits(msgspec.Struct, frozen=True):
    """How long to wait, in seconds. A status answer comes within some 10 ms where there is one.

    `least_completion`: the least time that a job is given; `longest_pause`: how long a printer may stand still that
    says to go on by itself; `cut`: the time that a cut takes; `between_recoveries`: a knife is not set going again and
    again while somebody frees it.
    """

    answer: float = 0.3
    tries: int = 3
    least_completion: float = 8.0
    between_looks: float = 1.0
    longest_pause: float = 60.0
    cut: float = 1.0
    between_recoveries: float = 20.0


class Look(msgspec.Struct, frozen=True):
    """What one round of questions found. `noise`: bytes that no answer has; `others`: answers to other questions.

    `missed`: a question went without its answer, if only once.
    """

    signs: Signs
    heard: bool
    noise: bool = False
    missed: bool = False
    others: tuple[Answer, ...] = ()


class Inquiry:
    """Asks the printer on `line`. Every call raises StuckError or PortLostError as the line does."""

    def __init__(self, line: Line, limits: Limits) -> None:
        self._line = line
        self._limits = limits

    def look(self, *, unasked: bool = False, job_sent: bool = False) -> Look:
        """Ask how the printer is; `unasked`: by switching its unasked status on, where it knows no real-time requests.

        While a job is out, an answer to a queued request is none to wonder at, nor a word to wait. A round with noise
        in it is made again: something else than a wrong speed may have disturbed it.
        """
        for attempt in range(1, self._limits.tries + 1):
            look = self._unasked(job_sent) if unasked else self._real_time(job_sent)
            if not look.noise or job_sent or attempt == self._limits.tries:
                break
        return look

    def real_time_answers(self) -> tuple[tuple[int, ...], bool]:
        """Return the numbers of DLE EOT that are answered, of 1 to 4, and whether anything else came as well."""
        others: list[Answer] = []
        answered: list[int] = []
        for which in (1, 2, 3, 4):
            if which > 1 and not answered:
                break
            if self._status_byte(which, self._limits.tries, others)[0] is not None:
                answered.append(which)
        return tuple(answered), any(isinstance(one, Noise | Queued) for one in others)

    def queued_status(self) -> int | None:
        """Ask GS r 1: near end in the two low bits. None when no answer comes, as with paper out."""
        found = self._ask(QUEUED_STATUS, lambda one: one if isinstance(one, Queued) and one.of_paper else None, [])
        return None if found is None else found.byte

    def echoes(self, process_id: bytes) -> bool:
        """Whether the printer sends back `process_id` (GS ( H function 48)."""
        return self._ask(PROCESS_ID + process_id, lambda one: True if _echo(one) == process_id else None, []) is True

    def identity(self, which: int) -> str | None:
        """Ask GS I `which`, 65 to 69: firmware, maker, model, serial number, fonts. None when no answer comes."""
        return self._ask(b"\x1dI" + bytes((which,)), lambda one: one.identity if isinstance(one, Block) else None, [])

    def unasked_block(self) -> bytes | None:
        """Switch the unasked status on and return its first block; None when none comes."""
        return self._ask(UNASKED_ON, lambda one: one.block if isinstance(one, Automatic) else None, [])

    def clear(self) -> bool:
        """Drop what the printer has not yet printed; whether it said that it has."""
        self._line.urge(CLEAR)
        deadline = self._line.now() + _CLEAR_S
        while self._line.now() < deadline:
            answer = self._line.listen(max(0.0, deadline - self._line.now()))
            if isinstance(answer, Block) and answer.cleared:
                return True
        return False

    def recover(self) -> None:
        """Tell a printer that waits for it to go on without what it has not yet printed (DLE ENQ 2). No answer."""
        self._line.urge(RECOVER)

    def _unasked(self, job_sent: bool) -> Look:
        others: list[Answer] = []
        block = self._ask(UNASKED_ON, lambda one: one.block if isinstance(one, Automatic) else None, others)
        signs = Signs() if block is None else signs_of_block(block)
        return _look(signs, others, heard=block is not None, missed=block is None, job_sent=job_sent)

    def _real_time(self, job_sent: bool) -> Look:
        others: list[Answer] = []
        found: dict[int, int | None] = {}
        missed = patchy = False
        for which in (1, 4, 2, 3):
            if len(found) == 2 and not any(found.values()):
                break
            tries = 1 if None in found.values() else self._limits.tries
            found[which], tried = self._status_byte(which, tries, others)
            missed = missed or found[which] is None or tried > 1
            patchy = patchy or (found[which] is not None and tried > 1)
        signs = signs_of(found.get(1), found.get(2), found.get(3), found.get(4))
        blocks = [one.block for one in others if isinstance(one, Automatic)]
        if None in found.values() and blocks:
            signs = signs_of_block(blocks[-1])
        heard = bool(blocks) or any(found.values())
        if patchy and not job_sent:
            signs = replace(signs, patchy=True)
        return _look(signs, others, heard=heard, missed=missed, job_sent=job_sent)

    def _status_byte(self, which: int, tries: int, others: list[Answer]) -> tuple[int | None, int]:
        """Return the answer to DLE EOT `which`, and how often it was asked for."""
        for attempt in range(1, tries + 1):
            byte = self._ask(bytes((0x10, 0x04, which)), _real_time_byte, others)
            if byte is not None:
                if attempt > 1:
                    # The answer to an earlier try may still be under way; it must not pass for the next question's.
                    self._wait(_real_time_byte, others)
                return byte, attempt
        return None, tries

    def _ask(self, request: bytes, wanted: Callable[[Answer], T | None], others: list[Answer]) -> T | None:
        self._line.urge(request)
        return self._wait(wanted, others)

    def _wait(self, wanted: Callable[[Answer], T | None], others: list[Answer]) -> T | None:
        deadline = self._line.now() + self._limits.answer
        while (answer := self._line.listen(max(0.0, deadline - self._line.now()))) is not None:
            found = wanted(answer)
            if found is not None:
                return found
            others.append(answer)
            if self._line.now() > deadline:  # noise may come without end
                break
        return None


def _real_time_byte(answer: Answer) -> int | None:
    return answer.byte if isinstance(answer, RealTime) else None


def _echo(answer: Answer) -> bytes | None:
    return answer.process_id if isinstance(answer, Block) else None


def _look(signs: Signs, others: list[Answer], *, heard: bool, missed: bool, job_sent: bool) -> Look:
    noise = any(isinstance(one, Noise) or (isinstance(one, Queued) and not job_sent) for one in others)
    held = [one.on for one in others if isinstance(one, Held)]
    # In the middle of a job a full buffer is all that it means.
    if held and held[-1] and not job_sent:
        signs = replace(signs, waits=True)
    return Look(signs, heard, noise, missed, tuple(others))
