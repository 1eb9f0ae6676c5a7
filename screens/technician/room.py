"""Leads through the technician's mode: lets in, carries out what is wanted, and knows when nobody is there any more."""

import logging
from collections.abc import Callable, Coroutine

from kiosk.desk import Desk, Refused
from kiosk.technician.by_hand import SCAN
from kiosk.technician.door import Door
from kiosk.text import Language
from screens.intents import Back, GoHome, Intent, SwitchLanguage, Task, TurnSheet, Type
from screens.pages.page import next_language
from screens.technician import shift as at
from screens.technician.deeds import Deeds, opened
from screens.technician.tasks import Abandon, Answer, Area, Browse, Enter, Open, OpenSlip, Reprint, RunAll

CODE_SECONDS = 45.0
AWAY_SECONDS = 300.0
"""Seconds without a touch or key after which nobody is there any more: at the question for the code, and inside, where
hands are in the printer."""

LOOK_SECONDS = 2.0
"""Seconds between two looks at what changes by itself while it is on the screen."""

Work = Coroutine[None, None, None]
_OPENED = (at.AtOverview, at.AtTests, at.AtPaper, at.AtSlip, at.AtRecord, at.AtLine, at.AtSettings, at.AtRehearsal)
"""Spots that the last task of the trail opened; all others are passed through."""

_HOME = Open(Area.OVERVIEW)

_log = logging.getLogger(__name__)


class Room:
    """Who is in, where, and what is being done. Belongs to the screens' loop."""

    def __init__(
        self, door: Door | None, desk: Desk, monotonic: Callable[[], float], progressed: Callable[[], None]
    ) -> None:
        """`door`: None where there is no way in. `progressed` is called when the page under way has more to show."""
        self._door = door
        self._desk = desk
        self._monotonic = monotonic
        self._progressed = progressed
        self._deeds = Deeds(desk.say, monotonic, progressed)
        self._looked = 0.0
        self.shift: at.Shift | None = None

    @property
    def can_open(self) -> bool:
        """Whether there is a way in, and nobody inside."""
        return self._door is not None and self.shift is None

    @property
    def inside(self) -> at.Shift:
        """The stay. Asking for it while nobody is there is a mistake in the program."""
        if self.shift is None:
            raise LookupError("no technician is here")
        return self.shift

    async def settle(self) -> None:
        """Have the journal know what was changed from the shell while no station ran."""
        if self._door is None:
            return
        try:
            await self._door.settle()
        except Refused as refusal:
            # The overview tells of codes that cannot be read, and what to do.
            _log.warning("%s", refusal)

    def knock(self, language: Language) -> Work:
        """Ask for a code; returns what is to be awaited before it can be tried."""
        if self._door is None:
            raise LookupError("there is no way in")
        self.shift = at.Shift(self._door, language)
        return self._look_at_lock(self.shift)

    def leave(self) -> Work | None:
        """Forget the stay at once; returns what is to be awaited for it to be noted."""
        shift, self.shift = self.shift, None
        return shift.door.leave() if shift else None

    def is_away(self, quiet: float) -> bool:
        """Whether nobody is there any more, `quiet` seconds after the last touch or key."""
        code = isinstance(self.inside.spot, at.CodeWanted)
        return quiet > (CODE_SECONDS if code else AWAY_SECONDS)

    def keep(self, intent: Intent) -> bool:
        """Keep what is typed, which the page itself shows; False for any other intent."""
        if isinstance(intent, Type):
            self.inside.typed = intent.typed
            return True
        return False

    def perform(self, intent: Intent) -> Work | None:
        """Do what is wanted at once, or return what is to be awaited for it; then the page is another."""
        shift = self.inside
        match intent:
            case SwitchLanguage(language):
                shift.language = language or next_language(self._desk.languages, shift.language)
            case TurnSheet(sheet):
                shift.sheet = sheet
            case Back() if not shift.trail:
                return self._look_at_lock(shift)
            case Back():
                if isinstance(shift.spot, _OPENED) and len(shift.trail) > 1:
                    shift.trail.pop()
                return self._carry_out(shift, shift.trail[-1])
            case GoHome():
                return self._carry_out(shift, _HOME)
            case RunAll():
                shift.spot = at.Running(shift.door.bench.automatic)
                return self._carry_out(shift, intent)
            case Task():
                return self._carry_out(shift, intent)
        return None

    def look(self) -> Work | None:
        """Return what is to be awaited to see what has changed by itself, None where there is nothing or not yet."""
        shift, now = self.shift, self._monotonic()
        if shift is None or now - self._looked < LOOK_SECONDS or not isinstance(shift.spot, at.AtPaper | at.AtLine):
            return None
        self._looked = now
        return self._look_again(shift, shift.spot)

    def scanned(self) -> Work | None:
        """Something was held to the scanner: that is an answer where it is waited for."""
        shift = self.shift
        if shift and shift.spot == at.PersonAsked(SCAN):
            return self._carry_out(shift, Answer(SCAN, well=True))
        return None

    # ---- what is awaited ---------------------------------------------------------------------------------------------

    async def _look_at_lock(self, shift: at.Shift) -> None:
        await self.settle()
        try:
            shift.spot = at.CodeWanted(until=self._monotonic() + await shift.door.locked() / 1000)
        except Refused as refusal:
            shift.spot = at.Told((refusal.sentence,), well=False)

    async def _look_again(self, shift: at.Shift, before: at.Spot) -> None:
        try:
            fresh = await opened(shift.door, shift.trail[-1])
        except Refused as refusal:
            fresh = at.Told((refusal.sentence,), well=False)
        if shift is self.shift and shift.spot == before != fresh:
            shift.spot = fresh
            self._progressed()

    async def _carry_out(self, shift: at.Shift, task: Task) -> None:
        try:
            spot = await self._deeds.after(shift, task)
        except Refused as refusal:
            spot = at.Told((refusal.sentence,), well=False)
        shift.spot, shift.sheet, shift.typed = spot, 0, ""
        match task:
            case Enter() if isinstance(spot, at.AtOverview):
                shift.trail = [_HOME]
            case Open(Area.OVERVIEW):
                shift.trail = [_HOME]
            case Open(Area.REHEARSAL):
                shift.trail = [_HOME, Open(Area.TESTS), task]
            case Open() | Browse():
                shift.trail = [_HOME, task]
            case OpenSlip() if task not in shift.trail:
                shift.trail.append(task)
            case Reprint() | Abandon():
                shift.trail = [_HOME, Open(Area.PAPER)]
