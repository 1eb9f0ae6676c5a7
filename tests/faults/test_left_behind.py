"""The paper ends in the middle of a slip and its owner leaves; with a new roll the printer finishes the slip by itself.

So does every printer that cannot be told to drop what it has received, the shipped generic-58 among them. Acted out
with a whole station, its screens, and a virtual printer at a real pseudo-terminal.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from devices.inquiry import Limits
from devices.profile import read_profiles
from devices.serial_printer import SerialPrinter
from devices.virtual_port import VirtualPort
from devices.virtual_printer import VirtualPrinter
from devices.virtual_script import Play, read_script
from kiosk import paths
from kiosk.journal.entries import Body
from kiosk.journal.jobs import JobState
from kiosk.journal.store import Reader
from kiosk.text import Language
from screens.pages.found import FoundPage
from screens.pages.welcome import WelcomePage
from tests.screens.stage import PATIENCE, Stage, Visitor, walk_to_package

QUICK = Limits(
    answer=0.1, tries=2, least_completion=0.6, between_looks=0.1, longest_pause=5, cut=0.1, between_recoveries=0
)


async def wait_for(ready: Callable[[], bool]) -> None:
    for _ in range(int(PATIENCE / 0.02)):
        if ready():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it does not come about")


def state_of(visitor: Visitor, code: str) -> JobState | None:
    """What the journal says of the slip with that code."""
    found = visitor.station.writer.submit(lambda journal: journal.ticket(code)).result()
    return found[1].state if found else None


def told(folder: Path) -> list[Body]:
    """All entries about paper."""
    reader = Reader(folder)
    bodies = [msgspec.json.decode(entry.body, type=Body) for entry in reader.entries()]
    assert reader.verify()[1] == []
    reader.close()
    return [body for body in bodies if body.kind.startswith("paper.")]


@pytest.mark.parametrize("language", list(Language))
def test_a_slip_that_its_printer_finished_by_itself_is_never_told_as_not_whole(
    tmp_path: Path, language: Language
) -> None:
    profile = read_profiles(paths.data_dir() / "printers.toml")["generic-58"]
    assert not profile.clear
    virtual = VirtualPrinter()
    link = tmp_path / "ttyPRINTER"
    state = tmp_path / "state"
    state.mkdir()
    numbers: list[str] = []

    with VirtualPort(virtual, link) as port:
        printer = SerialPrinter(str(link), 115200, msgspec.structs.replace(profile, speed=500), QUICK)

        async def story(visitor: Visitor) -> None:
            say = visitor.app._desk.say
            Play(read_script("line 5 paper out", "script"), virtual, port)
            await walk_to_package(visitor)
            visitor.app._live.visit.language = language
            await visitor.press("2")
            doubt = "不能确定小票打全了没有。"
            await visitor.wait_to_see(say(language, doubt))
            ticket = visitor.app._live.ticket
            assert ticket
            assert ticket.link
            numbers.append(ticket.number)
            assert state_of(visitor, ticket.code) is JobState.HELD
            await visitor.press("1", "1")
            assert isinstance(visitor.page, WelcomePage)
            await wait_for(lambda: state_of(visitor, ticket.code) is JobState.UNKNOWN)
            assert virtual.slips == []

            Play(read_script("0 s paper in", "script"), virtual, port)
            await wait_for(lambda: len(virtual.slips) == 1)
            assert ticket.number in virtual.slips[0].text
            assert state_of(visitor, ticket.code) is JobState.UNKNOWN

            visitor.app.scanned(ticket.link)
            await wait_for(lambda: isinstance(visitor.app.screen, FoundPage))
            visitor.app._live.visit.language = language
            visitor.app.show()
            await visitor.settle()
            honest = "不能确定小票打全了没有，可以补打一张。"
            assert visitor.sees(say(language, honest), say(language, "补打小票"))
            await visitor.press("1")
            await wait_for(lambda: state_of(visitor, ticket.code) is JobState.PRINTED)

        Stage(state, printer).play(story)

    (number,) = numbers
    with_number = [slip.text for slip in virtual.slips if number in slip.text]
    assert len(with_number) == 2
    marks = {Language.HANS: "补打 第1次", Language.HANT: "補印 第1次", Language.EN: "REPRINT 1"}
    assert [marks[language] in text for text in with_number] == [False, True]
    entries = told(state)
    assert [entry.kind for entry in entries] == [
        "paper.held",
        "paper.unknown",
        "paper.asked",
        "paper.cut",
        "paper.printed",
    ]
    held, unknown, asked, cut, printed = (entry.data for entry in entries)
    assert (held["withdrawn"], held["condition"]) == (False, "paper-out")
    assert unknown["reason"] == "left-to-printer"
    assert asked["by"] == "code"
    assert printed["copy"] == 2
    assert "mm_most" in held
    assert "mm" in cut
    assert "mm" in printed
