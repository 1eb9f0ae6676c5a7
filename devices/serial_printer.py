"""A receipt printer on a serial port: asked before every job, and a job counts as printed only with proof.

Proof, strongest first: the printer echoes the job's process id (GS ( H), which it does when the printing before it is
completed; or it answers the queued status request after the job (GS r 1) and is well. Silence is neither printed nor
not printed, but unknown.
"""

import threading
import time

import msgspec

from devices.escpos import DOTS_PER_MM, Encoded, encode, separator
from devices.profile import Profile
from devices.serial_line import PortLostError, SerialLine, StuckError
from devices.status import Answer, Automatic, Block, Noise, Queued, RealTime, Status, automatic_condition
from kiosk.documents import Document
from kiosk.ports import Condition, Outcome, Proof, Result

_STOPPED = frozenset(
    {
        Condition.COVER_OPEN,
        Condition.PAPER_OUT,
        Condition.CUTTER,
        Condition.ERROR,
        Condition.OFFLINE,
    }
)
"""What a printer says of itself when it prints nothing more."""


class Limits(msgspec.Struct, frozen=True):
    """How long to wait, in seconds. A status answer comes within some 10 ms where there is one.

    `paper_speed` is a slow printer's, in millimetres a second; most feed 90 to 250. `cut` is the time that a cut takes.
    """

    answer: float = 0.3
    tries: int = 3
    least_completion: float = 8.0
    between_looks: float = 1.0
    stuck: float = 2.0
    paper_speed: float = 60.0
    cut: float = 1.0


class SerialPrinter:
    """Implements `kiosk.ports.Printer`. The port is opened when first needed, and again after it was lost."""

    def __init__(self, port: str, baud: int, profile: Profile, limits: Limits | None = None) -> None:
        """`port` is a device's path (a pseudo-terminal's will do), `baud` its speed in bits a second."""
        self._line = SerialLine(port, baud)
        self._profile = profile
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._heard = False

    def condition(self) -> Condition:
        """Ask the printer how it is (DLE EOT 1 to 4)."""
        with self._lock:
            try:
                self._line.open()
                return self._look([])
            except PortLostError:
                return Condition.NO_PORT
            except StuckError:
                return Condition.NO_ANSWER

    def print(self, document: Document, job: int) -> Outcome:
        """Print `document` and wait, within limits, for proof. `job`: 0 to 9999, echoed by the printer as its proof."""
        process_id = b"%04d" % job
        with self._lock:
            return self._carry(encode(document, self._profile, process_id), process_id)

    def separate(self) -> Outcome:
        """Feed and cut, so that a fragment of an earlier job becomes a piece of its own."""
        process_id = b"cut "
        with self._lock:
            return self._carry(separator(self._profile, process_id), process_id)

    def close(self) -> None:
        """Give the port back."""
        with self._lock:
            self._line.close()

    def _carry(self, job: Encoded, process_id: bytes) -> Outcome:
        try:
            self._line.open()
            before = self._look([])
        except PortLostError:
            return Outcome(Result.HELD, Condition.NO_PORT, started=False)
        except StuckError:
            return Outcome(Result.HELD, Condition.NO_ANSWER, started=False)
        # Over a cable without the printer's sending wire nothing is ever heard, and slips must come out all the same.
        never_heard = before is Condition.NO_ANSWER and not self._heard
        if not before.can_print and not never_heard:
            return Outcome(Result.HELD, before, started=False)
        try:
            self._line.write(job.data, self._line.wire_seconds(len(job.data)) * 3 + self._limits.stuck)
        except PortLostError as lost:
            return Outcome(Result.HELD, Condition.NO_PORT, started=lost.sent > 0)
        except StuckError:
            return Outcome(Result.HELD, self._why_stuck())
        try:
            return self._await_proof(job, process_id, before)
        except PortLostError:
            return Outcome(Result.UNKNOWN, Condition.NO_PORT)
        except StuckError:
            return Outcome(Result.UNKNOWN, Condition.NO_ANSWER)

    def _why_stuck(self) -> Condition:
        try:
            self._line.open()
            condition = self._look([])
        except PortLostError:
            return Condition.NO_PORT
        except StuckError:
            return Condition.NO_ANSWER
        return Condition.NO_ANSWER if condition.can_print else condition

    def _await_proof(self, job: Encoded, process_id: bytes, before: Condition) -> Outcome:
        """Wait for the echo, or for want of one until the paper must have come out and the queued status was answered.

        Meanwhile look again and again whether the printer has stopped.
        """
        limits = self._limits
        out = self._line.wire_seconds(len(job.data)) + job.dots / DOTS_PER_MM / limits.paper_speed + limits.cut
        now = time.monotonic()
        deadline = now + max(2 * out, limits.least_completion)
        echo_until = now + out if self._profile.process_id else now
        next_look = now + limits.between_looks
        queued = False
        condition = before
        while now < deadline:
            answer = self._line.listen(min(next_look, deadline) - now)
            arrived = [] if answer is None else [answer]
            queued = queued or isinstance(answer, Queued)
            now = time.monotonic()
            settled = queued and now >= echo_until
            if settled or now >= next_look or isinstance(answer, Automatic):
                condition = self._look(arrived, job_sent=True)
                next_look = time.monotonic() + limits.between_looks
            if any(isinstance(one, Block) and one.process_id == process_id for one in arrived):
                return Outcome(Result.PRINTED, before, Proof.PROCESS_ID)
            queued = queued or any(isinstance(one, Queued) for one in arrived)
            if condition in _STOPPED:
                return Outcome(Result.UNKNOWN if queued else Result.HELD, condition)
            if settled and condition.can_print:
                return Outcome(Result.PRINTED, condition, Proof.QUEUED_STATUS)
            now = time.monotonic()
        return Outcome(Result.UNKNOWN, condition)

    def _look(self, others: list[Answer], *, job_sent: bool = False) -> Condition:
        """Ask for all four status bytes. What else comes in is added to `others`.

        Before a job is sent, an answer to a queued request is as strange as any other noise.
        """
        bytes_of: dict[int, int | None] = {}
        seen = len(others)
        for which in (1, 4, 2, 3):
            if len(bytes_of) == 2 and not any(bytes_of.values()):
                break
            tries = 1 if None in bytes_of.values() else self._limits.tries
            bytes_of[which] = self._ask(which, tries, others)
        new = others[seen:]
        status = Status(bytes_of.get(1), bytes_of.get(2), bytes_of.get(3), bytes_of.get(4))
        condition = status.condition
        if condition is Condition.UNKNOWN:
            blocks = [answer.block for answer in new if isinstance(answer, Automatic)]
            if blocks:
                return automatic_condition(blocks[-1])
            if any(isinstance(answer, Noise) or (isinstance(answer, Queued) and not job_sent) for answer in new):
                return Condition.NOISE
            if not any(bytes_of.values()):
                return Condition.NO_ANSWER
        return condition

    def _ask(self, which: int, tries: int, others: list[Answer]) -> int | None:
        for attempt in range(tries):
            self._line.write(bytes((0x10, 0x04, which)), self._limits.stuck)
            byte = self._real_time(others)
            if byte is not None:
                if attempt:
                    # The answer to an earlier try may still be under way; it must not pass for the next question's.
                    self._real_time(others)
                return byte
        return None

    def _real_time(self, others: list[Answer]) -> int | None:
        deadline = time.monotonic() + self._limits.answer
        while (answer := self._line.listen(max(0.0, deadline - time.monotonic()))) is not None:
            self._heard = self._heard or not isinstance(answer, Noise | Queued)
            if isinstance(answer, RealTime):
                return answer.byte
            others.append(answer)
        return None
