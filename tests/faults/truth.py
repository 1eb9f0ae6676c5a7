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
from kiosk.journal.jobs import JobState
from kiosk.journal.store import Reader
from kiosk.ports import Check, Condition, Outcome, Printer, Result, State
from kiosk.text import Language
from kiosk.tickets import Ticket, grouped

COLUMNS = 32
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
    """A printer between spooler and printer: notes what was asked, and lets `starting` look at it first."""

    def __init__(self, printer: Printer, starting: Callable[[Attempt], None], separating: Callable[[], None]) -> None:
        self._printer = printer
        self._starting = starting
        self._separating = separating
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
        self._separating()
        return self._printer.separate()

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
    dots: int = 0
    _cuts: int = 0

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
            self.dots += slip.height

    def whole(self, attempt: Attempt) -> int:
        """How many pieces are exactly that slip, all of it and nothing else."""
        self.collect()
        return self.pieces.count((attempt.lines, attempt.codes))

    @property
    def millimetres(self) -> float:
        """The paper that has come out, as the encoder counts it."""
        self.collect()
        return (self.dots + self.printer.piece.height) / 8 + CUT_MM * len(self.pieces)


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
    seen: Counter[tuple[str, int]] = Counter()
    for piece in pieces:
        fits = piece in beginnings or any(_broken_off(piece, lines) for lines in known)
        demand(fits, f"a piece is one slip or the beginning of one: {' / '.join(piece)}")
        mark = piece[0] if piece and piece[0].startswith("补打") else ""
        number = piece[1:2] if not mark else piece[2:3]
        for one in number:
            seen[one, int("".join(filter(str.isdigit, mark)) or 0)] += 1
    for (number, mark), times in seen.items():
        demand(times == 1, f"{number} has {times} slips with the mark {mark}")


def _broken_off(piece: tuple[str, ...], lines: tuple[str, ...]) -> bool:
    """Whether a piece is the beginning of a slip that broke off in the middle of a command or a row.

    Such a command swallows a byte or two of the init that comes before the cut; the rest of it is printed, as on paper.
    """
    whole, last = piece[:-1], piece[-1].rstrip("@&")
    return lines[: len(whole)] == whole and "".join(lines[len(whole) : len(piece)]).startswith(last)


def check_journal(folder: Path, paper: Paper, attempts: Iterable[Attempt], issued: Iterable[str], lost_mm: int) -> None:
    """Every line of the journal equals what lies on paper, and no number is lost.

    `lost_mm`: by how much the odometer may differ: the slips that did not come out whole, cuts of fragments, and what
    was on its way when the station was killed.
    """
    reader = Reader(folder)
    sound, faults = reader.verify()
    bodies = [msgspec.json.decode(entry.body, type=Body) for entry in reader.entries()]
    open_jobs = {job.title: job.state for job in reader.jobs()}
    reader.close()
    demand(sound > 0 and faults == [], f"the journal is sound: {faults}")
    tried = {(attempt.number, attempt.mark): attempt for attempt in attempts}
    told = Counter[str]()
    odometer = 0
    for body in bodies:
        if body.kind.startswith("paper.") and "mm" in body.data:
            odometer += body.data["mm"]
        if body.kind == "paper.printed":
            number, copy = body.data["title"], body.data["copy"]
            told[number] += 1
            demand((number, copy - 1) in tried, f"copy {copy} of {number} was sent to the printer")
            demand(paper.whole(tried[number, copy - 1]) == 1, f"copy {copy} of {number} is told printed and is there")
    numbers = [body.data["number"] for body in bodies if body.kind == "ticket.issued"]
    demand(len(set(numbers)) == len(numbers), "no number was issued twice")
    demand(set(issued) <= set(numbers), f"every number promised is in the journal: {set(issued) - set(numbers)}")
    for number in numbers:
        state = open_jobs.get(number, JobState.PRINTED)
        demand(state not in (JobState.QUEUED, JobState.SENDING), f"{number} is not forgotten as {state}")
        demand(state is not JobState.PRINTED or told[number] == 1, f"{number} is told printed {told[number]} times")
        demand(state is JobState.PRINTED or not told[number], f"{number} was printed and is then {state}")
    difference = odometer - paper.millimetres
    demand(abs(difference) <= lost_mm, f"odometer and paper differ by {difference:.0f} mm, at most {lost_mm}")
