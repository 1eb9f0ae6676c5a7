"""What a technician can do, with a real journal and a printer that obeys: each action happens, and is noted."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from kiosk import paths
from kiosk.catalog.load import read_release
from kiosk.cli.technician_door import door_of
from kiosk.desk import Direction
from kiosk.journal.folder import StateFolder
from kiosk.journal.jobs import JobState
from kiosk.journal.listing import Listing
from kiosk.ports import Condition
from kiosk.services import Refused
from kiosk.settings import Center, Settings
from kiosk.station import Station
from kiosk.technician.codes import Codes
from kiosk.technician.door import Door
from kiosk.technician.findings import Finding, Kind
from kiosk.technician.overview import Overview
from kiosk.technician.symptoms import found
from kiosk.text import Language
from kiosk.wire.bundle import read_bundle
from kiosk.wording import Wording
from tests.screens.stage import Obedient

CODE = "271828"
NO_CENTER = Center()


class Fine:
    name, title, kind = "fine", "打印机", Kind.AUTOMATIC
    reason = "打印机出问题时，来访者拿不到小票"

    def run(self) -> Finding:
        return found(self.name)


class House:
    """A station with its door, and somebody who may come in."""

    def __init__(self, folder: Path, station: Station, printer: Obedient, door: Door) -> None:
        self.folder = folder
        self.station = station
        self.printer = printer
        self.door = door

    def noted(self, *beginnings: str) -> list[str]:
        with Listing(self.folder) as listing:
            return [f"{one.kind} {one.words}" for one in listing.entries(beginnings, "", 100)][::-1]

    async def held_ticket(self) -> int:
        """Take a number while the printer has no paper; its visit is over then."""
        self.printer.condition_now = Condition.PAPER_OUT
        visit = self.station.desk.begin(Language.HANS)
        ticket = await self.station.desk.take_ticket(visit, "birth", None)
        await self.door.paper.ended(ticket.job)
        self.station.desk.end(visit)
        self.printer.condition_now = Condition.READY
        return ticket.job


Deed = Callable[[House], Awaitable[None]]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Callable[..., None]]:
    Codes(tmp_path).set("T1", CODE, 0)
    release = read_release(paths.release_dir() / "catalog.msgpack")

    def play(deed: Deed, center: Center = NO_CENTER) -> None:
        settings = Settings(center=center)
        printer = Obedient()
        with StateFolder(tmp_path) as folder:
            station = Station(settings, release, Wording(paths.release_dir()), folder, printer, pytest.fail)
            station.start()
            door = door_of(settings, station, lambda: (Fine(),), Overview)
            try:
                asyncio.run(asyncio.wait_for(_inside(deed, House(tmp_path, station, printer, door)), 30))
            finally:
                station.stop()

    yield play


async def _inside(deed: Deed, house: House) -> None:
    entry = await house.door.enter(CODE)
    assert entry.name == "T1"
    await deed(house)


def test_coming_and_going_are_noted_with_the_name(house: Callable[..., None]) -> None:
    async def deed(house: House) -> None:
        assert house.door.name == "T1"
        await house.door.leave()
        assert house.door.name == ""
        assert house.noted("technician.") == ["technician.entered name=T1", "technician.left name=T1"]

    house(deed)


def test_five_wrong_codes_lock_and_the_right_one_does_not_help(house: Callable[..., None]) -> None:
    async def deed(house: House) -> None:
        await house.door.leave()
        for left in (4, 3, 2, 1, 0):
            assert (await house.door.enter("999999")).tries == left
        locked = await house.door.enter(CODE)
        assert locked.name == ""
        assert 0 < locked.locked <= 60_000 >= await house.door.locked()

    house(deed)


def test_a_roll_is_put_in_and_a_length_that_no_roll_has_is_not(house: Callable[..., None]) -> None:
    async def deed(house: House) -> None:
        assert (await house.door.paper.view()).roll is None
        await house.door.paper.change_roll(30)
        view = await house.door.paper.view()
        assert view.forecast is not None
        assert view.forecast.left == 30_000
        with pytest.raises(Refused):
            await house.door.paper.change_roll(3000)
        assert any("metres=30" in line and "what=roll-changed" in line for line in house.noted("technician.did"))

    house(deed)


def test_a_slip_that_did_not_come_out_is_printed_again_with_a_reason(house: Callable[..., None]) -> None:
    async def deed(house: House) -> None:
        job = await house.held_ticket()
        waiting = (await house.door.paper.view()).waiting
        assert [(one.id, one.state) for one in waiting] == [(job, JobState.HELD)]
        await house.door.paper.reprint(job, "来访者在等")
        assert (await house.door.paper.ended(job)).state is JobState.PRINTED
        assert len(house.printer.printed) == 1
        with pytest.raises(Refused):
            await house.door.paper.reprint(job, "来访者在等")
        noted = house.noted("technician.did", "paper.asked")
        assert any("by=technician" in line for line in noted)
        assert any("what=reprint" in line and "来访者在等" in line for line in noted)

    house(deed)


def test_a_slip_is_given_up_with_a_reason_and_cannot_come_out_later(house: Callable[..., None]) -> None:
    async def deed(house: House) -> None:
        job = await house.held_ticket()
        await house.door.paper.abandon(job, "来访者已离开")
        assert (await house.door.paper.view()).waiting == ()
        with pytest.raises(Refused):
            await house.door.paper.abandon(job, "来访者已离开")
        assert any("note=T1: 来访者已离开" in line for line in house.noted("paper.abandoned"))

    house(deed)


def test_the_record_is_filtered_searched_and_paged_with_codes_masked(house: Callable[..., None]) -> None:
    async def deed(house: House) -> None:
        desk = house.station.desk
        visit = desk.begin(Language.HANS)
        packages = [cycle.packages[0] for cycle in desk.cycles(Direction.LIFE)[:2]]
        tickets = [await desk.take_ticket(visit, one, None) for one in packages]
        view = await house.door.archive.page(("ticket.",), "", 1, 0)
        assert (view.total, len(view.entries)) == (2, 1)
        assert tickets[1].number in view.entries[0].words
        assert tickets[1].code not in view.entries[0].words
        found = await house.door.archive.page((), tickets[0].number, 5, 0)
        assert any(one.kind == "ticket.issued" for one in found.entries)
        last = await house.door.archive.page(("ticket.",), "", 1, 99)
        assert last.skip == 1

    house(deed)


def test_the_record_is_carried_away_with_a_marker(house: Callable[..., None]) -> None:
    async def deed(house: House) -> None:
        assert (await house.door.archive.page((), "", 5, 0)).exported == 0
        folder = (await house.door.archive.folders())[-1]
        path, count = await house.door.archive.export(folder)
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        assert len(lines) == count
        assert all(set(line) == {"body", "hash"} for line in lines)
        view = await house.door.archive.page((), "", 5, 0)
        assert view.exported > 0

    house(deed)


def test_a_place_that_cannot_be_written_to_is_told(house: Callable[..., None]) -> None:
    async def deed(house: House) -> None:
        folder = (await house.door.archive.folders())[-1]
        (house.folder / "outgoing").write_text("a file where the folder would be")
        with pytest.raises(Refused):
            await house.door.archive.export(folder)

    house(deed)


def test_what_waits_goes_into_a_bundle_that_the_center_reads(house: Callable[..., None]) -> None:
    async def deed(house: House) -> None:
        visit = house.station.desk.begin(Language.HANS)
        await house.station.desk.take_ticket(visit, "birth", None)
        backlog = dict((await house.door.line.view()).backlog)
        assert backlog["ticket.issued"] == 1
        path, count = await house.door.line.bundle((await house.door.line.folders())[-1])
        assert count >= 2
        assert read_bundle(path.read_bytes()).station == "07"

    house(deed)


def test_a_line_rests_until_told_to_go_on_or_until_the_technician_leaves(house: Callable[..., None]) -> None:
    async def deed(house: House) -> None:
        await house.door.line.pause(True)
        assert (await house.door.line.view()).paused
        await house.door.leave()
        assert not (await house.door.line.view()).paused

    house(deed, Center("https://center.example"))


def test_without_a_center_the_line_says_so(house: Callable[..., None]) -> None:
    async def deed(house: House) -> None:
        assert (await house.door.line.view()).symptom == "center-none"
        with pytest.raises(Refused):
            await house.door.line.hurry()

    house(deed)


def test_tests_are_run_told_as_they_end_and_noted(house: Callable[..., None]) -> None:
    async def deed(house: House) -> None:
        told: list[Finding] = []
        findings = await house.door.bench.run_all(told.append)
        await asyncio.sleep(0)
        assert told == list(findings) == [found("fine")]
        assert (await house.door.bench.answer("fine", well=False)).symptom == "person-says-no"
        result = house.door.bench.result("fine")
        assert result is not None
        assert result.finding.symptom == "person-says-no"
        assert [line.split()[1] for line in house.noted("technician.tested")] == ["by=station", "by=person"]

    house(deed)
