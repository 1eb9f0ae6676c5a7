"""Decides when to exchange with the center, how much, and what an answer means. Does nothing itself.

Two kinds of failure. What may pass by itself (no line, a captive portal, a busy center) is tried again after a random
time whose bound doubles from 1 s to 5 min. What the center refuses as a whole (a key that it does not know, a request
that it cannot read) is kept, told, and tried again slowly. An entry is never dropped, and marked only when the center
has shown by its hash that it holds the same.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from kiosk.journal.outgoing import Run
from kiosk.wire.exchange import DOWNWARD_LIMIT, Answer, Downward, Reason, Refusal
from kiosk.wire.queue import QueueSnapshot

FIRST_BATCH = 50
LARGEST_BATCH = 500
QUICK_S = 3.0
"""Entries in a request: at first, at most; they double while an exchange is answered within QUICK_S."""

GATHER_S = 1.0
"""Seconds for which a new entry waits for others, so that a ticket and its paper go together."""

BACKOFF_S = 1.0
SLOWEST_S = 300.0
"""Seconds between tries after failures: bounds of the random time."""

RETRY_AFTER_LIMIT_S = 3600.0
"""Seconds above which the center's wish to be left alone is not believed."""

EPOCH_EVERY_S = 3600.0
"""Seconds in which a second new epoch is not begun; a center that asks for one is itself in trouble."""


class Trouble(StrEnum):
    """Why an exchange did not succeed, of itself or by the center's own word (then as `Reason`)."""

    NO_LINE = "no-line"
    TIMEOUT = "timeout"
    NOT_THE_CENTER = "not-the-center"
    CUT_OFF = "cut-off"
    BUSY = "busy"
    CENTER_FAILS = "center-fails"
    JOURNAL = "journal"
    DIFFERS = "differs"


class State(StrEnum):
    """How the line is. WAITING: the last try failed and may succeed later; REFUSED: a person must look at it."""

    NEVER = "never"
    WELL = "well"
    WAITING = "waiting"
    REFUSED = "refused"


@dataclass(frozen=True)
class Status:
    """How the link is. `since`: seconds of the monotonic clock of the last success, None before the first.

    `trouble`: a Trouble or Reason, empty when all is well. `unsent`: entries that the center is not known to have.
    `seconds`: how long the last answer took.
    """

    state: State = State.NEVER
    trouble: str = ""
    detail: str = ""
    since: float | None = None
    unsent: int = 0
    seconds: float = 0.0


@dataclass(frozen=True)
class Tick:
    """Time has passed."""


@dataclass(frozen=True)
class Entered:
    """The journal has a new entry."""


@dataclass(frozen=True)
class Hurry:
    """Somebody stands there and wants to know now."""


@dataclass(frozen=True)
class Answered:
    """The center answered the request that carried `run`, after `seconds`."""

    run: Run
    answer: Answer
    seconds: float


@dataclass(frozen=True)
class Refused:
    """The center itself refused the request that carried `run`."""

    run: Run
    refusal: Refusal


@dataclass(frozen=True)
class Failed:
    """There was no answer of the center's. `retry_after`: seconds that it asked for, 0 when it did not."""

    trouble: Trouble
    detail: str = ""
    retry_after: float = 0.0


@dataclass(frozen=True)
class Faulty:
    """The journal's own chain is broken right behind what is acknowledged."""

    run: Run


Event = Tick | Entered | Hurry | Answered | Refused | Failed | Faulty


@dataclass(frozen=True)
class Exchange:
    """Send at most `entries` entries from number `first` on, None for what is not acknowledged yet.

    `past`: of this earlier epoch instead of the present one. `numbers`: ask how far the center knows our numbers.
    `word`: say under this word which loans the journal holds, empty when nobody has asked.
    """

    first: int | None
    entries: int
    past: str | None = None
    numbers: bool = False
    word: str = ""


@dataclass(frozen=True)
class Confirm:
    """Mark the entries of `epoch` up to `seq`: the center has shown that it holds them."""

    epoch: str
    seq: int


@dataclass(frozen=True)
class Attest:
    """The center has nothing of `epoch` that is not in this journal: it did not come back from a backup unnoticed."""

    epoch: str


@dataclass(frozen=True)
class Begin:
    """Go on in a new epoch, for this reason."""

    reason: str


@dataclass(frozen=True)
class Keep:
    """Keep what the center sent."""

    items: tuple[Downward, ...]


@dataclass(frozen=True)
class Learn:
    """The center knows numbers up to these; a journal that came back from a backup may not."""

    numbers: Mapping[str, int]


@dataclass(frozen=True)
class Heard:
    """The center's time is `ms` (UTC milliseconds), at most `seconds` ago."""

    ms: int
    seconds: float


@dataclass(frozen=True)
class Called:
    """The hall's calling stood like this, at most `seconds` ago."""

    queue: QueueSnapshot
    seconds: float


Action = Exchange | Confirm | Attest | Begin | Keep | Learn | Heard | Called


@dataclass
class Link:
    """The step machine. Times are seconds of a monotonic clock; `random()` gives a float from 0 to 1.

    `interval`: seconds between exchanges when there is nothing to send.
    """

    interval: float
    random: Callable[[], float]
    status: Status = Status()
    _due: float = 0.0
    _failures: int = 0
    _batch: int = FIRST_BATCH
    _first: int | None = None
    _past: str | None = None
    _hopeless: set[str] = field(default_factory=set)
    _busy: bool = False
    _fresh: bool = False
    _told: bool = False
    _attested: bool = False
    _word: str = ""
    _began: float = field(default=float("-inf"))

    def wait(self, now: float) -> float:
        """Seconds until the next Tick can change anything."""
        return max(0.0, self._due - now)

    def step(self, now: float, event: Event) -> list[Action]:
        """Take in `event` at `now` and return what is to be done, in order."""
        actions: list[Action] = []
        match event:
            case Answered():
                actions = self._answered(now, event)
            case Refused(run, refusal):
                actions = self._refused(now, run, refusal)
            case Failed(trouble, detail, retry_after):
                self._failed(now, trouble, detail, retry_after)
            case Faulty(run) if run.past:
                actions = self._give_up(now, run, "altered", run.fault)
            case Faulty(run):
                actions = self._begin(now, run, "altered", run.fault)
            case Entered():
                self._fresh = self._busy
                if self._failures == 0:
                    self._due = min(self._due, now + GATHER_S)
            case Hurry():
                self._due = now
            case Tick():
                pass
        if not self._busy and now >= self._due:
            self._busy = True
            actions.append(Exchange(self._first, self._batch, self._past, not self._told, self._word))
        return actions

    def _answered(self, now: float, event: Answered) -> list[Action]:
        run, answer = event.run, event.answer
        at = answer.acknowledged
        if answer.epoch != run.epoch or not 0 <= at <= run.last or answer.watermark < at:
            self._keep_back(now, Trouble.DIFFERS, "it acknowledges what was not sent")
            return []
        if at >= run.first - 1 and answer.head != run.hash_at(at):
            self._keep_back(now, Trouble.DIFFERS, f"its hash of entry {at} is another")
            return []
        actions: list[Action] = [Heard(answer.time, event.seconds)]
        if answer.numbers is not None:
            # Before what takes longer: the next resident may be about to take a number.
            self._told = True
            actions.append(Learn(answer.numbers))
        if answer.queue is not None:
            passed = max(0, answer.time - answer.queue.time) / 1000
            actions.append(Called(answer.queue, passed + event.seconds))
        if answer.downward:
            actions.append(Keep(answer.downward))
        # Also when that is less than it once confirmed: a center back from a backup is sent again what it lost.
        self._first = at + 1 if at < run.newest else None
        self._past = run.epoch if run.past and at < run.newest else None
        if at >= run.first:
            actions.append(Confirm(run.epoch, at))
        if run.first - 1 <= at == answer.watermark and not run.past and not self._attested:
            self._attested = True
            actions.append(Attest(run.epoch))
        if answer.watermark > run.newest and not run.past:
            return actions + self._begin(now, run, "behind", f"the center has up to {answer.watermark}")
        if len(run.entries) >= self._batch and event.seconds < QUICK_S:
            self._batch = min(self._batch * 2, LARGEST_BATCH)
        want = answer.want
        if self._past is None and want is not None and want.epoch not in self._hopeless:
            self._first, self._past = want.seq + 1, want.epoch
        self.status = replace(self.status, unsent=run.newest - at, seconds=event.seconds)
        self._settle(now, State.WELL)
        asked = answer.word not in ("", self._word)
        self._word = answer.word
        # A new station has the center's whole log to read.
        long = len(answer.downward) >= DOWNWARD_LIMIT
        more = at < run.newest or run.past or self._past is not None or asked or long
        self._due = now if more else now + (GATHER_S if self._fresh else self._rest())
        self._fresh = False
        return actions

    def _rest(self) -> float:
        # Spread by a tenth, so that stations that started together do not stay together.
        return self.interval * (0.9 + 0.2 * self.random())

    def _refused(self, now: float, run: Run, refusal: Refusal) -> list[Action]:
        if run.past and refusal.reason in (Reason.FORK, Reason.ALTERED):
            return self._give_up(now, run, refusal.reason, refusal.detail)
        match refusal.reason:
            case Reason.GAP if 0 < refusal.need < run.first:
                self._first = refusal.need
                self._settle(now, State.WAITING, refusal.reason, refusal.detail)
                self._due = now
            case Reason.FORK | Reason.ALTERED:
                return self._begin(now, run, refusal.reason, refusal.detail)
            case Reason.TOO_LARGE if len(run.entries) > 1:
                self._batch = max(1, len(run.entries) // 2)
                self._settle(now, State.WAITING, refusal.reason, refusal.detail)
                self._due = now
            case _:
                self._keep_back(now, refusal.reason, refusal.detail)
        return []

    def _failed(self, now: float, trouble: Trouble, detail: str, retry_after: float) -> None:
        if trouble is Trouble.JOURNAL:
            # Perhaps the numbers that were told are among what could not be written.
            self._told = False
        if trouble in (Trouble.TIMEOUT, Trouble.CUT_OFF):
            self._batch = max(1, self._batch // 2)
        bound = min(SLOWEST_S, BACKOFF_S * 2 ** min(self._failures + 1, 16))
        self._failures += 1
        wait = max(BACKOFF_S, bound * self.random())
        if retry_after > 0:
            # All who were told the same time must not come back in the same moment.
            wait += min(retry_after, RETRY_AFTER_LIMIT_S)
        self._unsettle(State.WAITING, trouble, detail)
        self._due = now + wait

    def _keep_back(self, now: float, trouble: str, detail: str) -> None:
        self._failures += 1
        self._unsettle(State.REFUSED, trouble, detail)
        self._due = now + SLOWEST_S * (0.5 + 0.5 * self.random())

    def _begin(self, now: float, run: Run, reason: str, detail: str) -> list[Action]:
        if now - self._began < EPOCH_EVERY_S:
            self._keep_back(now, reason, detail)
            return []
        self._began = now
        # What put the journal behind may have put its numbers behind as well.
        self._told = self._attested = False
        self._first = self._past = None
        self._unsettle(State.WAITING, reason, detail)
        self._due = now
        return [Begin(reason)]

    def _give_up(self, now: float, run: Run, reason: str, detail: str) -> list[Action]:
        # The center asked for what it once had; if that cannot be sent again, it must not stop what is new.
        self._hopeless.add(run.epoch)
        self._first = self._past = None
        self._settle(now, State.WAITING, reason, detail)
        self._due = now
        return []

    def _settle(self, now: float, state: State, trouble: str = "", detail: str = "") -> None:
        self._busy = False
        self._failures = 0
        since = now if state is State.WELL else self.status.since
        self.status = replace(self.status, state=state, trouble=trouble, detail=detail, since=since)

    def _unsettle(self, state: State, trouble: str, detail: str) -> None:
        self._busy = False
        self.status = replace(self.status, state=state, trouble=trouble, detail=detail)
