"""A receipt printer on a serial port: asked before every job, and a job counts as printed only with proof.

Proof, strongest first: the printer echoes the job's process id (GS ( H), which it does when the printing before it is
completed; or it answers the queued status request after the job (GS r 1), which it does not while it stands still, and
answers every question well from the job to the end. Silence is neither printed nor not printed, but unknown.
"""

import threading

import msgspec

from devices.escpos import PADDING, Encoded, encode, separator
from devices.glyphs import Glyphs
from devices.inquiry import Inquiry, Limits, Line, Look
from devices.profile import Profile
from devices.serial_line import STUCK_S, SerialLine, StuckError
from devices.serial_port import PortLostError
from devices.status import Answer, Automatic, Block, Queued, signs_of_block
from devices.wire import wire_seconds
from kiosk.documents import Document
from kiosk.ports import Check, Condition, Outcome, Part, Proof, Reading, Result, State, Verdict

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
_VERDICTS = {
    Reading.FINE: Verdict.PASSED,
    Reading.LOW: Verdict.WARNING,
    Reading.WAITING: Verdict.WARNING,
    Reading.FAULT: Verdict.FAILED,
    Reading.UNKNOWN: Verdict.UNKNOWN,
    Reading.UNSUPPORTED: Verdict.UNSUPPORTED,
}


class SerialPrinter:
    """Implements `kiosk.ports.Printer`. The port is opened when first needed, and again after it was lost."""

    def __init__(
        self,
        port: str,
        baud: int,
        profile: Profile,
        limits: Limits | None = None,
        stuck: float = STUCK_S,
        glyphs: Glyphs | None = None,
        line: Line | None = None,
    ) -> None:
        """`port` is a device's path (a pseudo-terminal's will do), `baud` its speed in bits a second.

        `stuck`: seconds that the line may stand still while bytes go out. `glyphs` draw what the printer's font lacks.
        `line` takes the place of `port`, where time is not the machine's.
        """
        self._glyphs = glyphs
        self._limits = limits or Limits()
        self._line: Line = line or SerialLine(port, baud, profile.flow, stuck)
        self._inquiry = Inquiry(self._line, self._limits)
        self._profile = profile
        self._lock = threading.Lock()
        self._recovered = float("-inf")
        self._owed = 0
        """Queued requests of earlier jobs that the printer may still answer."""
        self._left = True
        """Whether the printer may hold the rest of a job, of an earlier run of this program if need be."""
        self._misheard = True
        """The printer may wait for the rest of a command that nobody sent: what comes at another speed, or before this
        program began, reads as anything."""

    def condition(self) -> Condition:
        """Ask the printer how it is."""
        return self.state().condition

    def state(self) -> State:
        """Ask the printer how it is (DLE EOT 1 to 4, or by its unasked status where it has no other).

        A printer whose knife was stuck waits for a word of the host once it is free: it gets it here, not too often.
        One that stands still with the rest of a job, which it could not be told before, is told to drop it.
        """
        with self._lock:
            try:
                self._line.open()
                state = self._state()
                if state.condition is Condition.CUTTER and self._may_recover():
                    self._inquiry.recover()
                    state = self._state()
                if self._left and state.condition in _STOPPED:
                    self._withdraw()
            except PortLostError:
                return self._unreached(Condition.NO_PORT)
            except StuckError:
                return self._unreached(Condition.NO_ANSWER)
            return state

    def self_test(self) -> tuple[Check, ...]:
        """Ask the printer how it is, part by part; nothing is printed."""
        state = self.state()
        return tuple(
            Check(f"printer-{part}", _VERDICTS[reading], state.condition if part is Part.LINE else "")
            for part, reading in state.readings.items()
        )

    def print(self, document: Document, job: int) -> Outcome:
        """Print `document` and wait, within limits, for proof. `job`: 0 to 9999, echoed by the printer as its proof."""
        process_id = b"%04d" % job
        with self._lock:
            return self._carried(encode(document, self._profile, process_id, self._glyphs), process_id)

    def separate(self) -> Outcome:
        """Feed and cut, so that a fragment of an earlier job becomes a piece of its own."""
        process_id = b"cut "
        with self._lock:
            return self._carried(separator(self._profile, process_id), process_id)

    def close(self) -> None:
        """Give the port back."""
        with self._lock:
            self._line.close()

    def _unreached(self, condition: Condition) -> State:
        return State(condition, {Part.LINE: Reading.FAULT, **dict.fromkeys(self._profile.senses, Reading.UNKNOWN)})

    def _may_recover(self) -> bool:
        now = self._line.now()
        if now - self._recovered < self._limits.between_recoveries:
            return False
        self._recovered = now
        return True

    def _state(self) -> State:
        """Ask, with nothing under way. Raises PortLostError and StuckError."""
        if self._profile.status == "none":
            return State(Condition.UNSUPPORTED, dict.fromkeys(Part, Reading.UNSUPPORTED))
        look = self._inquiry.look(unasked=self._profile.status == "unasked")
        state = look.signs.state(self._profile.senses)
        if look.noise or not look.heard:
            self._misheard = True
            return self._unreached(Condition.NOISE if look.noise else Condition.NO_ANSWER)
        if state.condition.can_print and self._line.held_off:
            return msgspec.structs.replace(state, condition=Condition.OFFLINE)
        return state

    def _carried(self, job: Encoded, process_id: bytes) -> Outcome:
        outcome = self._carry(job, process_id)
        if outcome.started and outcome.result is not Result.PRINTED:
            self._left = True
            outcome = msgspec.structs.replace(outcome, withdrawn=self._withdraw())
        elif outcome.started:
            self._left = False
        length = -(-job.dots // self._profile.dots_per_mm) if outcome.started else 0
        return msgspec.structs.replace(outcome, millimetres=length)

    def _withdraw(self) -> bool:
        """Have the printer drop the rest of a job, else it prints that by itself once it can; whether it says so."""
        if not self._profile.clear:
            return False
        try:
            self._line.open()
            cleared = self._inquiry.clear()
        except (PortLostError, StuckError):
            return False
        if cleared:
            self._owed, self._left = 0, False
        return cleared

    def _carry(self, job: Encoded, process_id: bytes) -> Outcome:
        try:
            self._line.open()
            before = self._state().condition
        except PortLostError:
            return Outcome(Result.HELD, Condition.NO_PORT, started=False)
        except StuckError:
            return Outcome(Result.HELD, Condition.NO_ANSWER, started=False)
        if not before.can_print:
            return Outcome(Result.HELD, before, started=False)
        if self._misheard:
            job = msgspec.structs.replace(job, data=PADDING + job.data)
        try:
            self._line.write(job.data)
        except PortLostError as lost:
            whole = lost.sent == len(job.data)
            return Outcome(Result.UNKNOWN if whole else Result.HELD, Condition.NO_PORT, started=lost.sent > 0)
        except StuckError as stuck:
            return Outcome(Result.HELD, self._why_stuck(), started=stuck.sent > 0)
        try:
            wait = _Wait(self._line, self._inquiry, self._profile, self._limits, job, process_id, before, self._owed)
            outcome = wait.outcome()
        except PortLostError:
            outcome = Outcome(Result.UNKNOWN, Condition.NO_PORT)
        except StuckError:
            outcome = Outcome(Result.UNKNOWN, Condition.NO_ANSWER)
        printed = outcome.result is Result.PRINTED
        self._owed = 0 if printed else self._owed + 1
        self._misheard = self._misheard and not printed
        return outcome

    def _why_stuck(self) -> Condition:
        try:
            self._line.open()
            condition = self._state().condition
        except PortLostError:
            return Condition.NO_PORT
        except StuckError:
            return Condition.NO_ANSWER
        return Condition.NO_ANSWER if condition.can_print else condition


class _Wait:
    """Waits for the proof of a job that has gone out, and looks again and again whether the printer stands still."""

    def __init__(
        self,
        line: Line,
        inquiry: Inquiry,
        profile: Profile,
        limits: Limits,
        job: Encoded,
        process_id: bytes,
        before: Condition,
        owed: int,
    ) -> None:
        """`owed`: answers to earlier jobs' requests that may still come before this job's."""
        self._line = line
        self._inquiry = inquiry
        self._profile = profile
        self._limits = limits
        self._process_id = process_id
        self._condition = before
        self._before = before
        self._owed = owed
        self._answered = False
        self._queued = False
        self._echoed = False
        # A printer that was not to be heard for a moment may have lost its power, which reads as a byte 00: the very
        # answer to GS r 1. From then on only the echo proves.
        self._doubtful = False
        paper_seconds = job.dots / profile.dots_per_mm / profile.speed
        self._out = wire_seconds(len(job.data), line.baud) + paper_seconds + limits.cut

    def outcome(self) -> Outcome:
        """Return the end of it. Raises PortLostError and StuckError."""
        limits = self._limits
        now = self._line.now()
        deadline = now + max(2 * self._out, limits.least_completion)
        longest = deadline + limits.longest_pause
        echo_until = now + self._out if self._profile.process_id else now
        next_look = now + limits.between_looks
        pausing = False
        while now < deadline:
            answer = self._line.listen(min(next_look, deadline) - now)
            if answer is not None:
                self._take(answer)
            now = self._line.now()
            settled = self._queued and now >= echo_until
            if not self._echoed and (settled or now >= next_look or isinstance(answer, Automatic)):
                pausing = self._look(answer)
                now = self._line.now()
                next_look = now + limits.between_looks
                if pausing:
                    deadline = min(max(deadline, now + limits.least_completion), longest)
            if self._echoed:
                return Outcome(Result.PRINTED, self._before, Proof.PROCESS_ID)
            if self._condition in _STOPPED:
                return Outcome(Result.UNKNOWN if self._queued else Result.HELD, self._condition)
            if settled and self._queued and self._condition.can_print and self._profile.status != "none":
                return Outcome(Result.PRINTED, self._condition, Proof.QUEUED_STATUS)
            now = self._line.now()
        if self._answered and not pausing and self._condition.can_print and self._profile.status != "none":
            # It goes on, says that it is well and has nothing more to answer: what is missing was lost with its power.
            return Outcome(Result.PRINTED, self._condition, Proof.QUEUED_STATUS)
        return Outcome(Result.UNKNOWN, Condition.ERROR if pausing else self._condition)

    def _take(self, answer: Answer) -> None:
        if isinstance(answer, Block) and answer.process_id == self._process_id:
            self._echoed = True
        if isinstance(answer, Queued) and answer.of_paper and not self._doubtful:
            self._answered = True
            self._queued = self._owed == 0
            self._owed = max(self._owed - 1, 0)

    def _look(self, answer: Answer | None) -> bool:
        """Look how the printer is; whether it stands still and will go on by itself."""
        status = self._profile.status
        if status == "none":
            return False
        if status == "unasked":
            # Switching it on is a request that waits for its turn behind the job; changes come by themselves.
            if not isinstance(answer, Automatic):
                return False
            look = Look(signs_of_block(answer.block), heard=True)
        else:
            look = self._inquiry.look(job_sent=True)
        for other in look.others:
            self._take(other)
        if look.noise or look.missed:
            self._doubtful, self._queued, self._answered = True, False, False
        if look.noise or not look.heard:
            self._condition = Condition.NOISE if look.noise else Condition.NO_ANSWER
            return False
        if look.signs.pausing:
            return True
        self._condition = look.signs.state(self._profile.senses).condition
        return False
