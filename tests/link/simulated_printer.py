"""The printer end of a simulated station: keeps its paper whatever happens to the station, and answers with proofs.

What a printer may do between the bytes is left to `tests.faults`; here it is one that prints, stops in the middle and
goes on by itself, drops the rest, or falls silent.
"""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from kiosk.documents import Cut, Document, Words
from kiosk.journal.jobs import JobState
from kiosk.ports import Check, Condition, Outcome, Proof, Result, State
from kiosk.text import Language
from kiosk.tickets import Ticket

if TYPE_CHECKING:
    from tests.link.simulation import World

SLIP_MM = 40
PAPER_OUT_S = (3.0, 30.0, 600.0, 20_000.0)
"""Seconds until somebody puts paper in."""


def slip(made: Ticket, epoch: str, seq: int) -> Document:
    """The shortest slip that tells which ticket it is of."""
    return Document(made.number, Language.HANS, (Words(made.number, 4), Words(made.code), Cut()))


class Piece:
    """A slip as it lies there. `mark`: the count that its 补打 tells, 0 without one."""

    def __init__(self, document: Document) -> None:
        words = [block.text for block in document.blocks if isinstance(block, Words)]
        self.code = words[-1]
        self.mark = int("".join(filter(str.isdigit, words[0]))) if words[0].startswith("补打") else 0
        self.whole = False


class SimulatedPrinter:
    """A printer that proves its slips. Fulfils `kiosk.ports.Printer`."""

    def __init__(self, world: "World") -> None:
        self.world = world
        self.pieces: list[Piece] = []
        self._condition = Condition.READY
        self._stopped_in: Piece | None = None

    def print(self, document: Document, job: int) -> Outcome:
        world = self.world
        world.perhaps_kill()
        if not self._condition.can_print:
            return Outcome(Result.HELD, self._condition, started=False)
        world.now += world.random.uniform(1.0, 4.0)
        piece = Piece(document)
        self.pieces.append(piece)
        world.perhaps_kill()
        if world.random.random() < world.plan.faults:
            return self._fail(piece)
        piece.whole = True
        world.perhaps_kill()
        return Outcome(Result.PRINTED, Condition.READY, Proof.PROCESS_ID, millimetres=SLIP_MM)

    def separate(self) -> Outcome:
        self.world.perhaps_kill()
        if not self._condition.can_print:
            return Outcome(Result.HELD, self._condition, started=False)
        self.world.now += 1.0
        return Outcome(Result.PRINTED, Condition.READY, Proof.PROCESS_ID, millimetres=5)

    def condition(self) -> Condition:
        return self._condition

    def state(self) -> State:
        return State(self._condition)

    def self_test(self) -> tuple[Check, ...]:
        return ()

    def close(self) -> None:
        """Nothing is open."""

    def _fail(self, piece: Piece) -> Outcome:
        world = self.world
        match world.random.randrange(3):
            case 0:
                self._stopped_in = piece
                self._stop(Condition.PAPER_OUT)
                return Outcome(Result.HELD, Condition.PAPER_OUT, millimetres=SLIP_MM)
            case 1:
                self._stop(Condition.COVER_OPEN)
                return Outcome(Result.HELD, Condition.COVER_OPEN, withdrawn=True, millimetres=SLIP_MM)
            case _:
                piece.whole = world.random.random() < 0.5
                return Outcome(Result.UNKNOWN, Condition.NO_ANSWER, millimetres=SLIP_MM)

    def _stop(self, condition: Condition) -> None:
        self._condition = condition
        self.world.later(self.world.random.choice(PAPER_OUT_S), self._go_on)

    def _go_on(self) -> None:
        self._condition = Condition.READY
        if self._stopped_in is not None:
            self._stopped_in.whole = self.world.random.random() < 0.8
            self._stopped_in = None


def untruths(pieces: list[Piece], jobs: dict[str, tuple[JobState, int]], told: dict[str, str]) -> Iterator[str]:
    """What does not agree between the paper, the journal's jobs (state and copies by code) and what the center says."""
    for (code, mark), times in Counter((piece.code, piece.mark) for piece in pieces if piece.code in jobs).items():
        if times > 1:
            yield f"the slip of {code} came out {times} times with the mark {mark}"
    for code, (state, copies) in jobs.items():
        own = [piece for piece in pieces if piece.code == code]
        match state:
            case JobState.PRINTED if not any(piece.whole and piece.mark == copies - 1 for piece in own):
                yield f"copy {copies} of the slip of {code} is told printed and does not lie there whole"
            case JobState.HELD if own:
                yield f"the slip of {code} is told held and something of it is on paper"
            case JobState.QUEUED | JobState.SENDING:
                yield f"the slip of {code} is forgotten as {state}"
        if told.get(code, state) != state:
            yield f"the slip of {code} is {state}, and the center says {told[code]}"
