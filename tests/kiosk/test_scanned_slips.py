"""A slip that is held under the scanner: whose it is, what became of it, and whether it can be printed again."""

import asyncio
import datetime
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest

from kiosk import paths
from kiosk.catalog.load import read_release
from kiosk.clock import StationClock
from kiosk.desk import Desk, IssuedTicket, JobState, Refused
from kiosk.documents import Code
from kiosk.journal.folder import StateFolder
from kiosk.keys import Claim, StationKey, ticket_link
from kiosk.ports import Condition, Result
from kiosk.settings import QrHosts, Settings
from kiosk.station import Station
from kiosk.text import Language
from kiosk.wording import Wording
from tests.screens.stage import MORNING, Obedient

T = TypeVar("T")
Way = Callable[[Desk], Awaitable[None]]


class Clock:
    def __init__(self) -> None:
        self.moment = MORNING

    def ms(self) -> int:
        return int(self.moment.timestamp() * 1000)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def printer() -> Obedient:
    return Obedient()


@pytest.fixture
def play(tmp_path: Path, printer: Obedient, clock: Clock) -> Callable[[Way], None]:
    """Runs a way through the desk of a station of its own."""

    def run(way: Way) -> None:
        release = read_release(paths.release_dir() / "catalog.msgpack")
        settings = Settings(qr=QrHosts(("station.example",)))
        with StateFolder(tmp_path) as folder:
            station = Station(
                settings,
                release,
                Wording(paths.release_dir()),
                folder,
                printer,
                pytest.fail,
                StationClock(0, wall=clock.ms, uptime=clock.ms),
            )
            station.start()

            async def main() -> None:
                await way(station.desk)

            try:
                asyncio.run(main())
            finally:
                station.stop()

    return run


async def take(desk: Desk) -> tuple[IssuedTicket, JobState]:
    visit = desk.begin(Language.HANS)
    ticket = await desk.take_ticket(visit, "newborn-birth", None)
    state = JobState.QUEUED
    while state in {JobState.QUEUED, JobState.SENDING}:
        state = (await desk.watch(ticket.job, state)).state
    desk.end(visit)
    return ticket, state


async def printed(desk: Desk, job: int) -> None:
    """Wait until the slip is on paper. Late word of the visit before may come in between."""

    async def follow() -> None:
        state = JobState.QUEUED
        while state is not JobState.PRINTED:
            state = (await desk.watch(job, state)).state

    await asyncio.wait_for(follow(), 10)


def printed_link(printer: Obedient) -> str:
    return next(block.data for block in printer.printed[-1].blocks if isinstance(block, Code))


def test_a_slip_that_is_on_paper_opens_as_printed(play: Callable[[Way], None], printer: Obedient) -> None:
    async def way(desk: Desk) -> None:
        ticket, _ = await take(desk)
        found = await desk.scanned.ticket(printed_link(printer))
        assert found
        assert (found.ticket.number, found.ticket.code) == (ticket.number, ticket.code)
        assert (found.slip, found.over, found.can_print) == (JobState.PRINTED, False, False)
        with pytest.raises(Refused):
            await desk.ask_slip(desk.begin(Language.HANS), found.ticket)

    play(way)


@pytest.mark.parametrize("result", [Result.UNKNOWN, Result.HELD])
def test_the_fragment_of_a_slip_gives_the_whole_with_its_mark(
    play: Callable[[Way], None], printer: Obedient, result: Result
) -> None:
    printer.result = result

    async def way(desk: Desk) -> None:
        await take(desk)
        found = await desk.scanned.ticket(printed_link(printer))
        assert found
        assert found.can_print
        printer.result = Result.PRINTED
        visit = desk.begin(Language.HANS)
        await desk.ask_slip(visit, found.ticket)
        await printed(desk, found.ticket.job)
        assert len(printer.printed) == 2
        assert "补打" in str(printer.printed[1])
        with pytest.raises(Refused):
            await desk.ask_slip(visit, found.ticket)

    play(way)


def test_the_code_from_the_screen_in_a_phone_opens_it_too(play: Callable[[Way], None], printer: Obedient) -> None:
    printer.condition_now = Condition.PAPER_OUT

    async def way(desk: Desk) -> None:
        ticket, state = await take(desk)
        assert state is JobState.HELD
        assert ticket.link
        found = await desk.scanned.ticket(ticket.link)
        assert found
        assert found.can_print
        assert await desk.scanned.ticket(ticket.link.replace("STATION", "STRANGER")) is None

    play(way)


def test_once_the_session_is_over_the_slip_is_not_printed(
    play: Callable[[Way], None], printer: Obedient, clock: Clock
) -> None:
    printer.condition_now = Condition.PAPER_OUT

    async def way(desk: Desk) -> None:
        ticket, _ = await take(desk)
        printer.condition_now = Condition.READY
        clock.moment += datetime.timedelta(hours=4)
        assert ticket.link
        found = await desk.scanned.ticket(ticket.link)
        assert found
        assert (found.over, found.can_print) == (True, False)
        with pytest.raises(Refused):
            await desk.ask_slip(desk.begin(Language.HANS), ticket)
        again = await desk.scanned.ticket(ticket.link)
        assert again
        assert again.slip is JobState.ABANDONED
        assert printer.printed == []

    play(way)


def test_an_altered_or_foreign_code_opens_nothing(play: Callable[[Way], None], printer: Obedient) -> None:
    async def way(desk: Desk) -> None:
        ticket, _ = await take(desk)
        link = printed_link(printer)
        stranger = StationKey.throw_away()
        claim = Claim(ticket.code, "07", 1, 1, ticket.service.day, "A", 1)
        elsewhere = Claim(ticket.code, "08", 1, 1, ticket.service.day, "A", 1)
        for text in (
            link[:-1] + ("A" if link[-1] != "A" else "B"),
            link.replace(ticket.code, "0000000000000000"),
            ticket_link("station.example", claim, stranger.sign),
            ticket_link("station.example", elsewhere, stranger.sign),
            "https://STATION.EXAMPLE/T/1234567890123456",
            "https://example.org/",
            "",
            "\x1b[2J",
            "T/" * 4000,
            "//////",
        ):
            assert await desk.scanned.ticket(text) is None, text

    play(way)
