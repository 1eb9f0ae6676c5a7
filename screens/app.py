"""The station's screens as one application: turns intents into places, and watches over time, paper and mistakes."""

import gc
import logging
import time
from collections.abc import Callable

from textual import events
from textual.driver import Driver
from textual.worker import Worker

from kiosk.desk import Desk, JobState, Refused
from kiosk.ports import Display, FixedDisplay, Paper
from kiosk.settings import Settings
from kiosk.technician.door import Door
from kiosk.text import Language
from kiosk.visit import ChannelPage, Idle, IdleClock
from screens import errands
from screens.driver import StationDriver
from screens.errands import Errand
from screens.frame import Frame, paper_columns
from screens.hands import Hands
from screens.intents import (
    Begin,
    End,
    Leave,
    Stay,
    SwitchLanguage,
    SwitchType,
)
from screens.knock import Knock
from screens.large_type import LargeType
from screens.moves import keep, move
from screens.pages.bare import OutOfOrderPage, PaperPage, TooSmallPage
from screens.pages.ending import FarewellPage, IdlePage, RefusedPage
from screens.pages.page import Page, next_language
from screens.pages.places import page_of
from screens.pages.welcome import WelcomePage
from screens.palette import palette
from screens.scene import Scene, Session
from screens.sealed import SealedApp
from screens.technician.room import Room, Work
from screens.widgets.slip import PaperPane

QUIET_SECONDS = 3.0
"""Untouched for so long, the welcome page is a good place to collect garbage."""

FAREWELL_SECONDS = 10.0
"""How long the page that reminds of the paper stays when nobody touches it."""

GC_THRESHOLDS = (10_000, 10, 10)
"""Some ten pages' worth of objects: larger heaps are collected in longer pauses, smaller ones too often."""

_COMING = {JobState.QUEUED, JobState.SENDING}
_PAPER_SECONDS = 0.1

_log = logging.getLogger(__name__)


class KioskApp(SealedApp, inherit_bindings=False):
    """All screens of a station. Run it with `run_to_end`."""

    def __init__(
        self,
        desk: Desk,
        settings: Settings,
        *,
        started: Callable[[], None] | None = None,
        paper: Paper | None = None,
        display: Display | None = None,
        door: Door | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        mark: Callable[[], str] = lambda: "演示",
        driver_class: type[Driver] = StationDriver,
    ) -> None:
        """`started` is called once the first page is painted; `paper` makes this the demonstration.

        `display` is the terminal where it has more than one type size; `door` is the technician's way in; `monotonic`
        gives seconds for idle time, touches and held keys. `mark()` is the sentence by which a demonstration is known,
        and how it is.
        """
        super().__init__(driver_class=driver_class)
        self._desk = desk
        self._settings = settings
        self._started = started
        self._paper = paper
        self._monotonic = monotonic
        self._mark = mark
        self._type = LargeType(display or FixedDisplay(), "contrast" if settings.display.theme == "contrast" else "day")
        self._session: Session | None = None
        self._idle = IdleClock(settings.idle.quiet_seconds, settings.idle.answer_seconds, monotonic())
        self._farewell: tuple[Language, float] | None = None
        self._warned = False
        self._covered = False
        self._busy = False
        self._collected = False
        self._hands = Hands(monotonic, self.set_timer, super().on_event)
        self._knock = Knock(vars(settings.keypad))
        self._room = Room(door, desk, monotonic, self._progressed)
        self._demo_code = door.shown_code if door else ""
        self._watcher: Worker[None] | None = None

    def touched_ago(self) -> float | None:
        """Seconds since the glass was last touched, None before the first time; from any thread."""
        touched = self._hands.touched
        return None if touched is None else self._monotonic() - touched

    # ---- pages -------------------------------------------------------------------------------------------------------

    @property
    def frame(self) -> Frame:
        """The station's pane: the terminal without the paper beside it."""
        columns, rows = self.size
        return Frame(columns - self._paper_columns, rows)

    @property
    def _paper_columns(self) -> int:
        return paper_columns(self.size.width) if self._paper else 0

    def _scene(self) -> Scene:
        session = self._session
        return Scene(
            self._desk,
            self._settings,
            self.frame,
            palette(self._type.theme),
            self._language(),
            session,
            mark=self._mark if self._paper else None,
            paper=self._paper if self._paper_columns else None,
            paper_columns=self._paper_columns,
            type_word=self._type.word,
            demo_code=self._demo_code,
        )

    def _language(self) -> Language:
        if self._room.shift:
            return self._room.shift.language
        if self._session:
            return self._session.visit.language
        return self._farewell[0] if self._farewell else self._desk.languages[0]

    def _page(self, focus: int | None) -> Page:
        scene = self._scene()
        session = self._session
        if self.broken:
            return OutOfOrderPage(scene)
        if not scene.frame.fits:
            return TooSmallPage(scene)
        if self._covered and self._paper and self._room.shift:
            return PaperPage(scene, self._paper)
        if self._room.shift:
            # Loaded only now: the first screen does not wait for pages that no resident sees.
            from screens.technician.places import technician_page

            return technician_page(scene, self._room.shift, self._monotonic, focus)
        if session is None:
            return FarewellPage(scene, focus=focus) if self._farewell else WelcomePage(scene)
        if self._covered and self._paper:
            return PaperPage(scene, self._paper)
        if self._warned:
            return IdlePage(scene, self._seconds_left(), focus=focus)
        if session.refused:
            return RefusedPage(scene, focus=focus)
        return page_of(session.visit.place, scene, focus)

    def show(self, focus: int | None = None) -> None:
        """Show the page of the present state; `focus` is the choice that has the focus, the first after a key."""
        if focus is None and self._hands.by_key:
            focus = 0
        self._hands.page_shown()
        self.switch_screen(self._page(focus))

    # ---- what is wanted ----------------------------------------------------------------------------------------------

    def on_page_wanted(self, message: Page.Wanted) -> None:
        """Carry out what a page was asked for, if it is still the page on the screen."""
        if message.page is self.screen and not self._busy:
            self.perform(message)

    def perform(self, message: Page.Wanted) -> None:
        """Carry out an intent and show what comes of it."""
        intent = message.intent
        if self._room.shift:
            self._perform_inside(message)
            return
        if self._session and (errand := errands.errand(self._desk, self._session, intent)):
            self._write(message, errand)
            return
        match intent:
            case Begin(language, channel):
                self._session = Session(self._desk.begin(language or self._desk.languages[0]))
                if channel:
                    self._session.visit.go(ChannelPage(channel))
                self.show()
            case End():
                self.end_visit()
            case Leave():
                self._farewell = None
                self._hands.by_key = False
                self.show()
            case SwitchLanguage(language):
                visit = self._live.visit
                visit.language = language or next_language(self._desk.languages, visit.language)
                self.show(message.page.focus_at)
            case SwitchType():
                self._type.forward()
                self.run_worker(self._change_type(self._live, message.page.focus_at))
            case Stay():
                if self._warned or self._covered:
                    self._warned = self._covered = False
                else:
                    self._live.refused = ""
                self.show()
            case _:
                if not keep(self._live, intent):
                    self._live.refused = ""
                    move(self._desk, self._live, intent)
                    self.show()

    # ---- the technician ----------------------------------------------------------------------------------------------

    def _let_in(self) -> bool:
        """Ask for the technician's code; the visit under way is over. False where there is no way in now."""
        if not self._room.can_open or self.broken or not self.frame.fits:
            return False
        language = self._language()
        self._farewell = None
        self._forget()
        self._work_inside(self._room.knock(language))
        return True

    def _perform_inside(self, message: Page.Wanted) -> None:
        room, intent = self._room, message.intent
        match intent:
            case End():
                self._forget()
                self.show()
            case SwitchType():
                self._type.forward()
                self.run_worker(self._change_type(None, message.page.focus_at))
            case _ if not room.keep(intent):
                before = room.inside.spot
                work = room.perform(intent)
                if work is None or room.inside.spot is not before:
                    self.show()
                else:
                    message.page.show_busy(intent)
                if work:
                    self._work_inside(work)

    def _work_inside(self, work: Work) -> None:
        self._busy = True
        self.run_worker(self._worked_inside(work))

    async def _worked_inside(self, work: Work) -> None:
        try:
            await work
        finally:
            self._busy = False
        self._idle.touched(self._monotonic())
        self.show()

    def _progressed(self) -> None:
        """Show what has changed on a technician's page by itself."""
        page = self.screen
        if isinstance(page, Page) and not page.show_job() and not self._busy and self.mouse_captured is None:
            self.show(page.focus_at)

    def _watch_inside(self, now: float) -> None:
        if self._busy:
            return
        if self._room.is_away(now - self._idle.last):
            self._hands.by_key = False
            self._forget()
            self.show()
        elif work := self._room.look():
            self.run_worker(work)

    @property
    def _live(self) -> Session:
        if self._session is None:
            raise LookupError("no visit has begun")
        return self._session

    # ---- what is scanned ---------------------------------------------------------------------------------------------

    def scanned(self, text: str) -> None:
        """Take in what was held under the scanner, cleaned; from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.call_later, self._take_scan, text)

    def _take_scan(self, text: str) -> None:
        if self._busy or self.broken or not self.frame.fits:
            return
        self._idle.touched(self._monotonic())
        if self._room.shift:
            if work := self._room.scanned():
                self._work_inside(work)
            return
        self._farewell = None
        if self._session is None:
            self._session = Session(self._desk.begin(self._desk.languages[0]))
        self._warned = self._covered = False
        self._live.refused = ""
        self._begin_work(errands.open_slip(self._desk, self._live, text))

    # ---- writes ------------------------------------------------------------------------------------------------------

    def _write(self, message: Page.Wanted, work: Errand) -> None:
        message.page.show_busy(message.intent)
        self._begin_work(work)

    def _begin_work(self, work: Errand) -> None:
        self._busy = True
        self.run_worker(self._written(self._live, work))

    async def _written(self, session: Session, work: Errand) -> None:
        job = None
        try:
            job = await work
        except Refused as refusal:
            session.refused = refusal.sentence
        finally:
            self._busy = False
        if job is not None:
            self._watch(session, job)
            self._hands.result_shown()
        if session is self._session:
            self.show()

    def _watch(self, session: Session, job: int) -> None:
        self._stop_watching()
        session.job = None
        if session is self._session:
            self._watcher = self.run_worker(self._follow(session, job))

    def _stop_watching(self) -> None:
        if self._watcher:
            self._watcher.cancel()
            self._watcher = None

    async def _follow(self, session: Session, job: int) -> None:
        seen = JobState.QUEUED
        while True:
            record = await self._desk.watch(job, seen)
            seen = record.state
            session.job = record
            session.paper |= record.state in {JobState.PRINTED, JobState.UNKNOWN}
            self._job_changed(record.state)

    def _job_changed(self, state: JobState) -> None:
        if state is JobState.PRINTED and self._paper and not self._paper_columns:
            self._covered = True
            self.show()
        elif isinstance(self.screen, Page) and not self.screen.show_job():
            self.show(self.screen.focus_at)

    # ---- the end of a visit ------------------------------------------------------------------------------------------

    def end_visit(self) -> None:
        """Forget the visit and all that was said in it; remind of the paper, if there is some."""
        session = self._session
        if session and (session.paper or (session.job and session.job.state in _COMING)):
            self._farewell = session.visit.language, self._monotonic() + FAREWELL_SECONDS
        self._forget()
        self.show()

    def wipe(self) -> None:
        """Forget everything after a mistake."""
        self._busy = False
        self._forget()

    def _forget(self) -> None:
        self._stop_watching()
        session, self._session = self._session, None
        self._warned = self._covered = False
        self._collected = False
        self._mouse_down_widget = None
        if self._type.reset():
            self.run_worker(self._fit_type())
        if session:
            self._desk.end(session.visit)
        if work := self._room.leave():
            self.run_worker(work)

    # ---- time --------------------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Show the first page, and start the clocks once it is painted."""
        self.remember_home()
        self.push_screen(self._page(None))
        self.set_interval(1, self._tick)
        if self._paper:
            self.set_interval(_PAPER_SECONDS, self._look_at_paper)
        self.call_after_refresh(self._first_page_painted)

    def _first_page_painted(self) -> None:
        gc.set_threshold(*GC_THRESHOLDS)
        gc.enable()
        if not self.end_if_halted() and self._started:
            self._started()
            self.run_worker(self._room.settle())

    def _tick(self) -> None:
        if not self.screen_stack:
            # Between the last page's end and the app's, its clocks still run.
            return
        now = self._monotonic()
        if self._farewell and now > self._farewell[1]:
            self._farewell = None
            self.show()
        if self._room.shift:
            self._watch_inside(now)
        elif self._session is None:
            if not self._collected and now - self._idle.last > QUIET_SECONDS:
                self._collected = True
                gc.collect()
        else:
            self._watch_idle(now)
        if isinstance(self.screen, Page):
            self.screen.show_clock()
            if self.screen.stale() and not self._busy and self.mouse_captured is None:
                self.show(self.screen.focus_at)

    def _watch_idle(self, now: float) -> None:
        state = self._idle.state(now)
        if state is Idle.OVER:
            self._hands.by_key = False
            self.end_visit()
        elif (state is Idle.WARNING) is not self._warned:
            if self.mouse_captured is None:
                self._warned = state is Idle.WARNING
                self._covered = False
                self.show()
        elif isinstance(self.screen, IdlePage):
            self.screen.show_seconds(self._seconds_left())

    def _seconds_left(self) -> int:
        return max(1, round(self._idle.left(self._monotonic())))

    def _look_at_paper(self) -> None:
        for screen in self.screen_stack[-1:]:
            for pane in screen.query(PaperPane):
                pane.look()

    # ---- input -------------------------------------------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """Sort out what counts before any widget sees it."""
        if isinstance(event, events.Paste | events.AppFocus | events.AppBlur):
            return
        if isinstance(event, events.InputEvent) and not event.is_forwarded and not await self._counts(event):
            return
        await super().on_event(event)

    async def _counts(self, event: events.InputEvent) -> bool:
        if isinstance(event, events.Key):
            self._idle.touched(self._monotonic())
            if self._knock.pressed(event.character or "", self._monotonic()) and self._let_in():
                return False
            typed = isinstance(self.screen, Page) and self.screen.is_typed(event)
            return await self._hands.key_counts(event, busy=self._busy, typed=typed)
        if isinstance(event, events.MouseDown):
            self._idle.touched(self._monotonic())
            if self._knock.touched(event.x, event.y, self.frame, self._monotonic()) and self._let_in():
                return False
            return self._hands.touch_counts(event, busy=self._busy)
        return isinstance(event, events.MouseUp)

    async def on_resize(self, event: events.Resize) -> None:
        """Fit the page once Textual itself has taken in the new size, which it does after this handler."""
        self.call_later(self._fit)

    async def _change_type(self, session: Session | None, focus: int | None) -> None:
        await self._type.settle()
        self.show(focus if session is self._session else None)

    async def _fit_type(self) -> None:
        await self._type.settle()
        self._fit()

    def _fit(self) -> None:
        """Build the page anew for another size; place and answers are kept."""
        page = self.screen
        if isinstance(page, Page) and page.scene.frame != self.frame and not self._type.changing:
            self.show(page.focus_at)
