"""Work at the paper: a new roll, a jam cleared, slips that did not come out printed again or given up."""

import asyncio
import datetime
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from kiosk.documents import Document
from kiosk.hours import CHINA
from kiosk.journal.jobs import By, JobRecord, JobState
from kiosk.journal.writer import JournalError, Work, Writer
from kiosk.paper import Forecast, Roll, forecast
from kiosk.ports import Condition
from kiosk.services import Refused
from kiosk.spooler import Added, Look, SpoolerThread, VisitOver
from kiosk.technician.audit import Hand
from kiosk.technician.reading import read

T = TypeVar("T")

LEAST_METRES, MOST_METRES = 5, 200
"""Length of a roll; outside of it a digit was left out or typed twice."""

REPRINT_REASONS = ("来访者在等", "上一张打坏了", "检修后补打")
ABANDON_REASONS = ("来访者已离开", "已在窗口办好", "只是试打")
"""Why a slip is printed again or given up, in Simplified words, as the journal has them."""

POLL_S = 0.2
"""Seconds between two looks how far a slip of the technician's is."""

_REFUSED = "本机存储有问题，没有记下。"
_GONE = "这张小票不能再打印了。"


class Counted(msgspec.Struct, frozen=True):
    """Slips and millimetres of paper, and the first day of the count, ISO; empty before anything was printed."""

    slips: int
    millimetres: int
    since: str = ""


class PaperView(msgspec.Struct, frozen=True):
    """How the paper is. `roll` and `forecast` are None before a roll was put in with a word to the station.

    `ever` counts since the journal was made, `refill` since the roll was changed. `waiting`: slips that did not come
    out, or of which nobody can say. `condition`: the printer, as it last said.
    """

    condition: Condition
    roll: Roll | None
    forecast: Forecast | None
    ever: Counted
    refill: Counted
    waiting: tuple[JobRecord, ...]


class PaperWork:
    """What can be done at the paper. Every call is awaited; each action is noted."""

    def __init__(
        self,
        state: Path,
        writer: Writer,
        spooler: SpoolerThread,
        hand: Hand,
        now_ms: Callable[[], int],
    ) -> None:
        """`state`: the state folder; `now_ms`: the station's clock, UTC milliseconds."""
        self._state = state
        self._writer = writer
        self._spooler = spooler
        self._hand = hand
        self._now_ms = now_ms

    @property
    def condition(self) -> Condition:
        """How the printer last said it is; answers at once."""
        return self._spooler.condition

    async def view(self) -> PaperView:
        """Return how the paper is, and ask the printer anew for the next look. Raises Refused without a journal."""
        self._spooler.tell(Look())
        roll, use = await self._record(lambda journal: journal.paper())
        today = datetime.datetime.fromtimestamp(self._now_ms() / 1000, CHINA).date()

        def look() -> tuple[Counted, Counted, tuple[JobRecord, ...]]:
            with read(self._state) as listing:
                ever = listing.printed()
                since = _day(roll.changed) if roll else ""
                refill = Counted(listing.slips_since(roll.changed), roll.used, since) if roll else Counted(0, 0)
                return Counted(ever.slips, ever.millimetres, ever.since), refill, listing.waiting_jobs()

        ever, refill, waiting = await asyncio.to_thread(look)
        return PaperView(
            self._spooler.condition,
            roll,
            forecast(roll, use, today) if roll else None,
            ever,
            refill,
            waiting,
        )

    async def change_roll(self, metres: int) -> None:
        """A roll of so many metres was put in. Raises Refused, also for a length that no roll has."""
        if not LEAST_METRES <= metres <= MOST_METRES:
            raise Refused("没有这么长的纸卷，请按包装上的米数填。")
        moment = self._now_ms()
        await self._record(lambda journal: journal.change_roll(metres * 1000, moment))
        await self._did("roll-changed", metres=metres)
        self._spooler.tell(Look())

    async def jam_cleared(self) -> None:
        """The paper that had jammed is out."""
        await self._did("jam-cleared", condition=str(self._spooler.condition))
        self._spooler.tell(Look())

    async def reprint(self, job: int, reason: str) -> None:
        """Print a slip again that did not come out; it then carries 补打. Raises Refused when that cannot be."""
        moment, visit = self._now_ms(), self._hand.visit
        if not await self._record(lambda journal: journal.again(job, moment, By.TECHNICIAN, visit)):
            raise Refused(_GONE)
        await self._did("reprint", job=job, reason=reason)
        self._spooler.tell(Added(job, visit))

    async def abandon(self, job: int, reason: str) -> None:
        """Give a slip up and erase it. Raises Refused when it is in another state by now."""
        moment, note = self._now_ms(), f"{self._hand.name}: {reason}"
        if not await self._record(lambda journal: journal.abandon(job, moment, note)):
            raise Refused("这张小票的状态变了，没有放弃。")
        await self._did("abandon", job=job, reason=reason)

    async def print(self, document: Document) -> int:
        """Put a slip of the technician's own into the queue; returns its job. Raises Refused."""
        moment, visit = self._now_ms(), self._hand.visit
        job = await self._record(lambda journal: journal.enqueue(document, visit, moment))
        self._spooler.tell(Added(job, visit))
        return job

    async def ended(self, job: int) -> JobRecord:
        """Return a job once it is printed, held, unknown or given up. Raises Refused."""
        while True:
            record = await self._record(lambda journal: journal.job(job))
            if record.state not in {JobState.QUEUED, JobState.SENDING}:
                return record
            await asyncio.sleep(POLL_S)

    def leave(self) -> None:
        """Nothing more is printed by itself of what the technician asked for; returns at once."""
        visit = self._hand.visit
        self._writer.submit(lambda journal: journal.erase(visit))
        self._spooler.tell(VisitOver(visit))

    async def _did(self, what: str, **data: str | int) -> None:
        await asyncio.to_thread(lambda: self._hand.did(what, **data))

    async def _record(self, work: "Work[T]") -> T:
        try:
            return await asyncio.wrap_future(self._writer.submit(work))
        except JournalError as error:
            raise Refused(_REFUSED) from error


def _day(ms: int) -> str:
    return datetime.datetime.fromtimestamp(ms / 1000, CHINA).date().isoformat()
