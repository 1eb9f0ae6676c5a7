"""What a resident can do at the desk, with a real journal, catalogue and key, and a printer that does as it is told."""

import asyncio
import datetime
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from kiosk import paths
from kiosk.catalog.load import read_release
from kiosk.clock import StationClock
from kiosk.desk import UNSURE, Desk, Direction, JobState, Refused
from kiosk.documents import Code, Document
from kiosk.journal.folder import StateFolder
from kiosk.journal.store import Journal, Reader
from kiosk.keys import read_ticket_link, verify
from kiosk.ports import Condition, Outcome, Proof, Result
from kiosk.settings import QrHosts, Settings
from kiosk.station import Station
from kiosk.text import Language
from kiosk.wording import Wording

T = TypeVar("T")
MORNING = datetime.datetime.fromisoformat("2026-11-24T09:00+08:00")
NIGHT = datetime.datetime.fromisoformat("2026-11-24T23:30+08:00")


class Obedient:
    """A printer that keeps what it is given; `condition_now` is how it says it is."""

    def __init__(self) -> None:
        self.printed: list[Document] = []
        self.condition_now = Condition.READY

    def condition(self) -> Condition:
        return self.condition_now

    def print(self, document: Document, job: int) -> Outcome:
        if not self.condition_now.can_print:
            return Outcome(Result.HELD, self.condition_now, started=False)
        self.printed.append(document)
        return Outcome(Result.PRINTED, Condition.READY, Proof.PROCESS_ID)

    def separate(self) -> Outcome:
        return Outcome(Result.PRINTED, Condition.READY, Proof.PROCESS_ID)

    def close(self) -> None:
        pass


@pytest.fixture
def printer() -> Obedient:
    return Obedient()


@pytest.fixture
def open_station(tmp_path: Path, printer: Obedient) -> Iterator[Callable[[datetime.datetime], Station]]:
    """Opens the station of this test at a given time; it stops at the end."""
    release = read_release(paths.release_dir() / "catalog.msgpack")
    opened: list[Station] = []
    with StateFolder(tmp_path) as folder:

        def open_at(moment: datetime.datetime) -> Station:
            ms = int(moment.timestamp() * 1000)
            clock = StationClock(0, wall=lambda: ms, uptime=lambda: 1)
            settings = Settings(qr=QrHosts(("station.example",)))
            station = Station(
                settings, release, Wording(paths.release_dir()), folder, printer, lambda error: None, clock
            )
            station.start()
            opened.append(station)
            return station

        yield open_at
        for station in opened:
            station.stop()


def run(awaitable: Awaitable[T]) -> T:
    async def main() -> T:
        return await awaitable

    return asyncio.run(main())


async def settled(desk: Desk, job: int) -> JobState:
    state = JobState.QUEUED
    while state in (JobState.QUEUED, JobState.SENDING):
        state = (await desk.watch(job, state)).state
    return state


OpenAt = Callable[[datetime.datetime], Station]


def test_in_session_the_number_is_for_now_and_at_night_for_the_next_morning(open_station: OpenAt) -> None:
    assert open_station(MORNING).desk.service().running
    service = open_station(NIGHT).desk.service()
    assert (service.day.isoformat(), service.session.label, service.running) == ("2026-11-25", "08:30-12:00", False)


def test_a_number_from_a_checklist_prints_ticket_and_guide_in_one_piece(
    open_station: OpenAt, printer: Obedient
) -> None:
    desk = open_station(MORNING).desk
    package = desk.packages("birth")[0]
    answers = (UNSURE,) * len(package.questions)

    async def way() -> JobState:
        ticket = await desk.take_ticket(desk.begin(Language.EN), package.id, answers)
        assert ticket.number == "A07-001"
        assert ticket.link == f"https://STATION.EXAMPLE/T/{ticket.code}"
        return await settled(desk, ticket.job)

    assert run(way()) is JobState.PRINTED
    (document,) = printer.printed
    codes = [block.data for block in document.blocks if isinstance(block, Code)]
    assert len(codes) == 2
    assert codes[1] == desk.guide_link(package.id, answers, Language.EN)


def test_the_window_can_check_the_signed_code_on_the_slip(open_station: OpenAt, printer: Obedient) -> None:
    station = open_station(MORNING)
    desk = station.desk

    async def way() -> str:
        ticket = await desk.take_ticket(desk.begin(Language.HANS), desk.packages("birth")[0].id, None)
        await settled(desk, ticket.job)
        return ticket.code

    code = run(way())
    (link,) = [block.data for block in printer.printed[0].blocks if isinstance(block, Code)]
    from kiosk.keys import open_station_key

    public = open_station_key(station.state / "keys").public
    claim = read_ticket_link(link, lambda number, message, signature: verify(public, message, signature))
    assert claim is not None
    assert (claim.code, claim.station, claim.theme, claim.running) == (code, "07", "A", 1)
    assert claim.day.isoformat() == "2026-11-24"


def test_a_double_touch_gives_one_ticket_and_one_slip(open_station: OpenAt, printer: Obedient) -> None:
    desk = open_station(MORNING).desk

    async def way() -> None:
        visit = desk.begin(Language.HANS)
        package = desk.packages("birth")[0].id
        first, second = await asyncio.gather(
            desk.take_ticket(visit, package, None), desk.take_ticket(visit, package, None)
        )
        assert first.number == second.number
        assert (first.repeated, second.repeated) == (False, True)
        await settled(desk, first.job)

    run(way())
    assert len(printer.printed) == 1


def test_paper_that_comes_back_while_the_resident_waits_prints_the_ticket(
    open_station: OpenAt, printer: Obedient
) -> None:
    desk = open_station(MORNING).desk
    printer.condition_now = Condition.PAPER_OUT

    async def way() -> None:
        visit = desk.begin(Language.HANS)
        ticket = await desk.take_ticket(visit, desk.packages("birth")[0].id, None)
        assert await settled(desk, ticket.job) is JobState.HELD
        assert desk.services().printing.reason == "打印机缺纸"
        printer.condition_now = Condition.READY
        await desk.print_again(visit, ticket.job)
        # The spooler may have seen the paper first and be printing already.
        state = JobState.HELD
        while state is not JobState.PRINTED:
            state = (await desk.watch(ticket.job, state)).state

    run(way())
    assert len(printer.printed) == 1


def test_a_guide_is_printed_without_a_number(open_station: OpenAt, printer: Obedient, tmp_path: Path) -> None:
    desk = open_station(MORNING).desk
    package = desk.packages("startup")[0]

    async def way() -> None:
        job = await desk.print_guide(desk.begin(Language.HANT), package.id, (0,) * len(package.questions))
        assert await settled(desk, job) is JobState.PRINTED

    run(way())
    assert printer.printed[0].language is Language.HANT
    reader = Reader(tmp_path)
    assert "ticket.issued" not in {entry.kind for entry in reader.entries()}
    reader.close()


def test_a_full_disk_refuses_the_number_in_words_and_leaves_nothing_half_done(
    open_station: OpenAt, monkeypatch: pytest.MonkeyPatch
) -> None:
    station = open_station(MORNING)
    desk = station.desk

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    async def way() -> None:
        visit = desk.begin(Language.HANS)
        package = desk.packages("birth")[0].id
        with monkeypatch.context() as patch:
            patch.setattr(Journal, "issue", full)
            with pytest.raises(Refused, match="没有取成"):
                await desk.take_ticket(visit, package, None)
        assert not desk.services().numbers.ok
        assert (await desk.take_ticket(visit, package, None)).number == "A07-001"

    run(way())


def test_a_doubtful_clock_serves_on_and_says_so(open_station: OpenAt, tmp_path: Path) -> None:
    station = open_station(datetime.datetime.fromtimestamp(0, datetime.UTC))
    station.clock.raise_floor(int(MORNING.timestamp() * 1000))
    assert station.desk.clock_doubtful
    assert not station.desk.service().certain
    assert station.desk.now() >= MORNING

    async def way() -> None:
        ticket = await station.desk.take_ticket(
            station.desk.begin(Language.HANS), station.desk.packages("birth")[0].id, None
        )
        assert not ticket.certain

    run(way())


def test_both_menus_have_eight_cycles_and_every_package_a_theme(open_station: OpenAt) -> None:
    desk = open_station(MORNING).desk
    for direction in Direction:
        cycles = desk.cycles(direction)
        assert len(cycles) == 8
        for cycle in cycles:
            for package in desk.packages(cycle.id):
                assert desk.theme(package.id).of == cycle.id


def test_search_finds_packages_and_names_the_nearest_when_nothing_is_found(open_station: OpenAt) -> None:
    desk = open_station(MORNING).desk
    assert desk.find("xsr")[0].package == "newborn-birth"
    assert desk.find("newborn")
    assert desk.find("qqqq") == ()
    assert len(desk.nearest("qqqq")) == 3
