"""A station with its screens but without a terminal: real journal, catalogue and key, and clocks that tests turn."""

import asyncio
import datetime
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from textual import events
from textual.pilot import Pilot

from kiosk import paths, ports
from kiosk.catalog.load import read_release
from kiosk.catalog.model import Release
from kiosk.clock import StationClock
from kiosk.documents import Document
from kiosk.journal.folder import StateFolder
from kiosk.ports import Condition, Outcome, Paper, Proof, Result
from kiosk.settings import Display, QrHosts, Settings
from kiosk.station import Station
from kiosk.technician.door import Door
from kiosk.wording import Wording
from screens.app import KioskApp
from screens.pages.page import Page
from screens.widgets.bands import Footer
from screens.widgets.choice import Choice

MORNING = datetime.datetime.fromisoformat("2026-11-24T09:00+08:00")
NIGHT = datetime.datetime.fromisoformat("2026-11-24T23:30+08:00")
SIZES = [(80, 22), (120, 30), (120, 34), (60, 50)]
PATIENCE = 10.0
CHARACTERS = {"enter": "\r", "tab": "\t", "escape": "\x1b"}


class Obedient:
    """A printer that does as it is told: `condition_now` is how it says it is, `result` what becomes of a job."""

    def __init__(self) -> None:
        self.printed: list[Document] = []
        self.condition_now = Condition.READY
        self.result = Result.PRINTED

    def condition(self) -> Condition:
        return self.condition_now

    def print(self, document: Document, job: int) -> Outcome:
        if not self.condition_now.can_print:
            return Outcome(Result.HELD, self.condition_now, started=False)
        self.printed.append(document)
        return Outcome(self.result, Condition.READY, Proof.PROCESS_ID)

    def separate(self) -> Outcome:
        return Outcome(Result.PRINTED, Condition.READY, Proof.PROCESS_ID)

    def close(self) -> None:
        pass


class Visitor:
    """Somebody in front of the station: presses, touches, looks. Time passes only when the test says so."""

    def __init__(self, app: KioskApp, pilot: Pilot[None], station: Station, clocks: "Clocks") -> None:
        self.app = app
        self.pilot = pilot
        self.station = station
        self.clocks = clocks

    @property
    def page(self) -> Page:
        assert isinstance(self.app.screen, Page)
        return self.app.screen

    def lines(self) -> list[str]:
        """The screen as text, a string a row."""
        return [strip.text for strip in self.app.screen._compositor.render_strips()]

    def cells(self, x: int, y: int, width: int) -> str:
        """What stands in `width` cells of a row."""
        return self.app.screen._compositor.render_strips()[y].crop(x, x + width).text

    def text(self) -> str:
        """The screen as one text without blanks, so that a wrapped sentence reads through."""
        return "".join("".join(self.lines()).split())

    def sees(self, *wanted: str) -> bool:
        text = self.text()
        return all("".join(one.split()) in text for one in wanted)

    async def settle(self) -> None:
        """Let everything that was asked for happen: until nobody has had a message for a while."""
        quiet = 0
        end = time.monotonic() + PATIENCE
        while quiet < 6 and not self.app._exit:
            assert time.monotonic() < end, "the screens do not come to rest"
            await asyncio.sleep(0.001)
            pumps = [self.app, *self.app.screen_stack, *self.app.screen.walk_children()]
            busy = any(pump._message_queue.qsize() or pump._next_callbacks for pump in pumps)
            quiet = 0 if busy or self.app._busy else quiet + 1
        if not self.app._exit:
            self.app.screen._on_timer_update()

    async def wait_to_see(self, *wanted: str) -> None:
        """Wait for what another thread brings about."""
        for _ in range(int(PATIENCE / 0.02)):
            if self.sees(*wanted):
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"not seen: {wanted}\n" + "\n".join(self.lines()))

    async def press(self, *keys: str, after: float = 1.0) -> None:
        """Press keys one after the other, as calmly as a person does."""
        for key in keys:
            self.clocks.steady += after
            self.app.post_message(events.Key(key, CHARACTERS.get(key, key if len(key) == 1 else None)))
            await self.settle()

    async def finger(self, down: bool, x: int, y: int, button: int = 1) -> None:
        """Put a finger on a cell or lift it, by the events that a terminal driver sends."""
        kind = events.MouseDown if down else events.MouseUp
        self.app.post_message(kind(None, x, y, 0, 0, button, False, False, False, x, y))
        await self.settle()

    async def touch(self, x: int, y: int, after: float = 1.0, button: int = 1) -> None:
        """Touch a cell `after` seconds."""
        self.clocks.steady += after
        await self.finger(True, x, y, button)
        await self.finger(False, x, y, button)

    def choice(self, label: str) -> Choice:
        return next(choice for choice in self.page.choices if choice.words.label == label)

    async def choose(self, label: str, after: float = 1.0) -> None:
        """Touch the middle of a card."""
        place = self.choice(label).place
        await self.touch(place.x + place.width // 2, place.y + place.height // 2, after)

    async def touch_footer(self, place: int) -> None:
        """Touch one of the seven places, from 0."""
        footer = self.page.query_one(Footer)
        slot = footer.slots()[place]
        await self.touch(slot.x + slot.width // 2, footer.place.y + slot.height // 2)

    async def pass_time(self, seconds: float) -> None:
        """Let time pass without a touch."""
        self.clocks.steady += seconds
        self.clocks.wall_ms += int(seconds * 1000)
        self.app._tick()
        await self.settle()


class Clocks:
    """The station's wall clock and the steady one that idle time and touches are measured by."""

    def __init__(self, moment: datetime.datetime) -> None:
        self.wall_ms = int(moment.timestamp() * 1000)
        self.steady = 1000.0


LONGEST_STORY_S = 180
"""A story that waits for what never comes fails after so many seconds."""

Story = Callable[[Visitor], Awaitable[None]]


class Stage:
    """Plays a visitor's story in front of a fresh station."""

    def __init__(self, folder: Path, printer: Obedient) -> None:
        self._folder = folder
        self.printer = printer
        self.release: Release = read_release(paths.release_dir() / "catalog.msgpack")
        self.settings = Settings(qr=QrHosts(("station.example",)))
        self.paper: Paper | None = None
        self.terminal: ports.Display | None = None
        self.door: Callable[[Station], Door] | None = None

    def play(
        self,
        story: Story,
        size: tuple[int, int] = (80, 22),
        moment: datetime.datetime = MORNING,
        theme: str = "day",
    ) -> KioskApp:
        """Play `story`; returns the app, which has ended."""
        whole = self._play(story, size, moment, replace(self.settings, display=Display(theme)))
        return asyncio.run(asyncio.wait_for(whole, LONGEST_STORY_S))

    async def _play(
        self, story: Story, size: tuple[int, int], moment: datetime.datetime, settings: Settings
    ) -> KioskApp:
        clocks = Clocks(moment)
        troubles: list[Exception] = []
        with StateFolder(self._folder) as folder:
            clock = StationClock(0, wall=lambda: clocks.wall_ms, uptime=lambda: clocks.wall_ms)
            station = Station(
                settings, self.release, Wording(paths.release_dir()), folder, self.printer, troubles.append, clock
            )
            station.start()
            app = KioskApp(
                station.desk,
                settings,
                paper=self.paper,
                display=self.terminal,
                door=self.door(station) if self.door else None,
                monotonic=lambda: clocks.steady,
            )
            try:
                async with app.run_test(size=size) as pilot:
                    visitor = Visitor(app, pilot, station, clocks)
                    await visitor.settle()
                    await story(visitor)
            finally:
                station.stop()
        assert troubles == []
        return app


async def walk_to_package(visitor: Visitor) -> None:
    """Go by keys from the welcome to the first package of the first cycle."""
    await visitor.press("enter", "1", "1", "1")


async def walk_to_list(visitor: Visitor) -> None:
    """Go on to its list, with the first answer to each question."""
    await walk_to_package(visitor)
    await visitor.press("1", "1", "1", "1")
