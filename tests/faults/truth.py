"""What a campaign holds against each other: what the printer was asked, what lies on paper, what the journal says."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from devices.virtual_paper import Slip
from devices.virtual_printer import VirtualPrinter
from kiosk.documents import Code, Cut, Document, Gap, Item, Row, Rule, Words, layout
from kiosk.journal.entries import Body
from kiosk.journal.jobs import JobState, Unsure
from kiosk.journal.store import Reader
from kiosk.ports import Check, Condition, Outcome, Printer, Result, State
from kiosk.text import Language
from kiosk.tickets import Ticket, grouped

COLUMNS = 32
_OUTCOMES = frozenset({"paper.printed", "paper.held", "paper.unknown", "paper.abandoned"})
CUT_MM = 5
"""The encoder counts 15 mm to the knife, so that no printer needs more; the virtual one's is 10 mm away."""


class Untrue(AssertionError):
    """An invariant does not hold."""


def demand(holds: bool, what: str) -> None:
    """Raise Untrue unless `what` holds."""
    if not holds:
        raise Untrue(what)


def compose(ticket: Ticket, with_code: bool) -> Document:
    """A short slip: a campaign prints thousands of them."""
    return Document(
        ticket.number,
        Language.HANS,
        (
            Words("样例服务站", centre=True),
            Words(ticket.number, size=4, centre=True),
            Rule(),
            Item("□", "居民身份证", "原件"),
            Words(f"凭证号 {grouped(ticket.code)}"),
            *((Code(f"https://STATION.EXAMPLE/T/{ticket.code}"),) if with_code else ()),
            Gap(1),
            Words("仅供参考，以窗口为准"),
            Cut(),
        ),
    )


def asked_lines(document: Document) -> tuple[str, ...]:
    """The rows of text that a whole slip of `document` shows, without blanks."""
    rows = (line.text for line in layout(document, COLUMNS) if isinstance(line, Row))
    return tuple(text for row in rows if (text := "".join(row.split())))


def paper_lines(slip: Slip) -> tuple[str, ...]:
    """The rows of text on a piece of paper, without blanks."""
    return tuple(text for line in slip.text.splitlines() if (text := "".join(line.split())))


@dataclass(frozen=True)
class Attempt:
    """One call to print. `mark`: the count that its 补打 tells, 0 without one."""

    number: str
    mark: int
    lines: tuple[str, ...]
    codes: int


class Witness:
    """A printer between spooler and printer: notes what was asked, and lets `starting` look at it first.

    `cutting`: a fragment is being cut off right now, or the station was killed while it was.
    """

    def __init__(self, printer: Printer, starting: Callable[[Attempt], None]) -> None:
        self._printer = printer
        self._starting = starting
        self.cutting = False
        self.attempts: list[Attempt] = []

    def print(self, document: Document, job: int) -> Outcome:
        first = document.blocks[0]
        assert isinstance(first, Words)
        mark = int("".join(filter(str.isdigit, first.text))) if first.text.startswith("补打") else 0
        codes = sum(isinstance(block, Code) for block in document.blocks)
        attempt = Attempt(document.title, mark, asked_lines(document), codes)
        self.attempts.append(attempt)
        self._starting(attempt)
        return self._printer.print(document, job)

    def separate(self) -> Outcome:
        self.cutting = True
        outcome = self._printer.separate()
        self.cutting = False
        return outcome

    def condition(self) -> Condition:
        return self._printer.condition()

    def state(self) -> State:
        return self._printer.state()

    def self_test(self) -> tuple[Check, ...]:
        return self._printer.self_test()

    def close(self) -> None:
        self._printer.close()


@dataclass
class Paper:
    """All the paper that has come out, longer than the virtual printer remembers it. Call `collect` often."""

    printer: VirtualPrinter
    pieces: list[tuple[tuple[str, ...], int]] = field(default_factory=list)
    heights: list[int] = field(default_factory=list)
    spoiled: set[int] = field(default_factory=set)
    """The pieces, by their order, on which rubbish was printed while the printer was set to another speed."""
    _cuts: int = 0

    def feed(self, data: bytes, *, rubbish: bool) -> bytes:
        """Let the printer take `data` from the line and return its answers; `rubbish` was said at another speed.

        It may be printed at once, or later, behind a slip that the printer was stopped in.
        """
        if data and rubbish:
            self.spoiled |= {self.printer.head.cuts, self.printer.head.cuts + 1}
        return self.printer.feed(data)

    def collect(self) -> None:
        """Take in what was cut off since the last call."""
        head = self.printer.head
        # Behind a real port another thread prints.
        with self.printer._lock:
            fresh = head.cuts - self._cuts
            self._cuts = head.cuts
            cut_off = head.finished[len(head.finished) - fresh :]
        for slip in cut_off:
            self.pieces.append((paper_lines(slip), len(slip.codes)))
            self.heights.append(slip.height)

    def whole(self, attempt: Attempt) -> int:
        """How many pieces are exactly that slip, all of it and nothing else but rubbish in front of it."""
        self.collect()
        fresh = (self.pieces[place] for place in self.spoiled if place < len(self.pieces))
        behind = sum(
            lines[-len(attempt.lines) :] == attempt.lines != lines and codes == attempt.codes for lines, codes in fresh
        )
        return self.pieces.count((attempt.lines, attempt.codes)) + behind

    def shows(self, number: str) -> bool:
        """Whether `number` can be read on any piece."""
        self.collect()
        return any(number in lines for lines in [*(lines for lines, _ in self.pieces), paper_lines(self.printer.piece)])

    @property
    def millimetres(self) -> float:
        """The paper that has come out, as the encoder counts it."""
        self.collect()
        return (sum(self.heights) + self.printer.piece.height) / 8 + CUT_MM * len(self.pieces)


def settled_fits(paper: Paper, attempt: Attempt, outcome: Outcome) -> None:
    """What is said of an attempt as it ends is so on paper at that moment."""
    if outcome.result is Result.PRINTED:
        demand(
            paper.whole(attempt) == 1, f"{attempt.number}, copy {attempt.mark}, is told printed and lies there whole"
        )
    if not outcome.started:
        demand(paper.whole(attempt) == 0, f"{attempt.number}, copy {attempt.mark}, did not start and is not there")


def check_paper(paper: Paper, attempts: Sequence[Attempt]) -> None:
    """Every piece is one slip or the beginning of one, and no number has two slips that look the same."""
    paper.collect()
    known = {attempt.lines for attempt in attempts}
    beginnings = {lines[:length]: lines for lines in known for length in range(len(lines) + 1)}
    pieces = [*(lines for lines, _ in paper.pieces), paper_lines(paper.printer.piece)]
    numbers = {attempt.number for attempt in attempts}
    seen: Counter[tuple[str, int]] = Counter()
    for place, piece in enumerate(pieces):
        fits = piece in beginnings or any(_broken_off(piece, lines) for lines in known) or place in paper.spoiled
        demand(fits, f"a piece is one slip or the beginning of one: {' / '.join(piece)}")
        mark = next((line for line in piece if line.startswith("补打")), "")
        for one in numbers.intersection(piece):
            seen[one, int("".join(filter(str.isdigit, mark)) or 0)] += 1
    for (number, mark), times in seen.items():
        demand(times == 1, f"{number} has {times} slips with the mark {mark}")


def _broken_off(piece: tuple[str, ...], lines: tuple[str, ...]) -> bool:
    """Whether a piece is the beginning of a slip that broke off in the middle of a command or a row.

    Such a command swallows a byte or two of the init that comes before the cut; the rest of it is printed, as on paper.
    """
    whole, last = piece[:-1], piece[-1].rstrip("@&")
    return lines[: len(whole)] == whole and "".join(lines[len(whole) : len(piece)]).startswith(last)


def check_journal(
    folder: Path, paper: Paper, attempts: Sequence[Attempt], issued: Iterable[str], unseen_mm: int = 0
) -> None:
    """Every line of the journal equals what lies on paper, and no number is lost.

    `unseen_mm`: paper that nobody could write down, because the station was killed while it cut off a fragment.
    """
    reader = Reader(folder)
    sound, faults = reader.verify()
    bodies = [msgspec.json.decode(entry.body, type=Body) for entry in reader.entries()]
    open_jobs = {job.title: job.state for job in reader.jobs()}
    (counted,) = reader._db.execute("SELECT coalesce(sum(millimetres), 0) FROM paper_use").fetchone()
    reader.close()
    demand(sound > 0 and faults == [], f"the journal is sound: {faults}")
    numbers = [body.data["number"] for body in bodies if body.kind == "ticket.issued"]
    demand(len(set(numbers)) == len(numbers), "no number was issued twice")
    demand(set(issued) <= set(numbers), f"every number promised is in the journal: {set(issued) - set(numbers)}")
    histories: dict[str, list[Body]] = {number: [] for number in numbers}
    for body in bodies:
        if body.kind.startswith("paper.") and "title" in body.data:
            histories[body.data["title"]].append(body)
    tried: dict[str, list[Attempt]] = {number: [] for number in numbers}
    for attempt in attempts:
        tried[attempt.number].append(attempt)
    for number in numbers:
        state = open_jobs.get(number, JobState.PRINTED)
        _check_number(number, state, histories[number], tried[number], paper)
    _check_odometer(bodies, counted, paper, unseen_mm)


def _check_number(
    number: str, state: JobState, history: Sequence[Body], attempts: Sequence[Attempt], paper: Paper
) -> None:
    demand(state not in (JobState.QUEUED, JobState.SENDING), f"{number} is not forgotten as {state}")
    said = [body.kind.removeprefix("paper.") for body in history if body.kind in _OUTCOMES]
    demand(said[-1:] == [state], f"{number} is {state}, as the last entry about it says: {said}")
    copies = [body.data["copy"] for body in history if body.kind == "paper.printed"]
    demand(len(copies) == (state is JobState.PRINTED), f"{number} is told printed {len(copies)} times and is {state}")
    for copy in copies:
        sent = next((attempt for attempt in attempts if attempt.mark == copy - 1), None)
        demand(sent is not None, f"copy {copy} of {number} was sent to the printer")
        demand(sent is not None and paper.whole(sent) == 1, f"copy {copy} of {number} is told printed and is there")
    last = said[-2] if state is JobState.ABANDONED else said[-1]
    if last == JobState.HELD:
        demand(not any(map(paper.whole, attempts)), f"{number} is told held and does not lie there whole")
        demand(not paper.shows(number), f"{number} is told held for good and nothing of it is on paper")
    # Killed between the entry and the first byte, the station itself cannot know that nothing was sent.
    lost_sight_of = any(body.data.get("reason") == Unsure.RESTART for body in history)
    sent_at_all = bool(attempts) or lost_sight_of
    demand(last != JobState.UNKNOWN or sent_at_all, f"{number} is told unknown and was sent to the printer")
    asked = sum(body.kind == "paper.asked" for body in history)
    demand(len(attempts) <= 1 + asked, f"{number} was sent {len(attempts)} times, wanted again {asked} times")


def _check_odometer(bodies: Sequence[Body], counted: int, paper: Paper, unseen_mm: int) -> None:
    used = [body.data for body in bodies if body.kind.startswith("paper.")]
    known = sum(data.get("mm", 0) for data in used)
    most = known + sum(data.get("mm_most", 0) for data in used)
    demand(counted == most, f"the odometer has counted {counted} mm, by the entries they are {most}")
    # Each length is rounded up to whole millimetres.
    least = known - sum("mm" in data for data in used)
    there = paper.millimetres
    rubbish = sum(paper.heights[place] // 8 + CUT_MM for place in paper.spoiled if place < len(paper.heights))
    demand(least <= there <= most + unseen_mm + rubbish, f"{there:.0f} mm of paper, by the odometer {known} to {most}")
