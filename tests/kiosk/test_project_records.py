"""Project records: what was asked for one project at any station, by matter, and what the center answered."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from kiosk.desk import Desk, JobState, ProjectRecord, RequestState
from kiosk.documents import Words
from kiosk.journal.outgoing import Outgoing
from kiosk.journal.requests import NEWEST
from kiosk.text import Language
from kiosk.wire.entries import read_body
from kiosk.wire.requests import Told, digest
from tests.enrolled import enrol
from tests.kiosk.test_progress import NOW, Running

PROJECT, OTHER_PROJECT = "2611-350211-04-01-123456", "2611-350211-04-01-654321"
ELSEWHERE = "0000000000000106"
HELPER = {"project": PROJECT, "stage": "completion", "words": "消防验收卡住了", "phone": "13800001234", "name": ""}


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    enrol(tmp_path)
    one = Running(tmp_path)
    yield one
    one.stop()


def tell(running: Running, code: str, state: str, minute: int, words: str = "", **other: str) -> None:
    said = {"station": "08", "form": "project-helper", "project": digest(PROJECT), "matter": "completion"} | other
    told = Told(code=digest(code), state=state, words=words, made=NOW, time=NOW + 60_000 * minute, **said)  # type: ignore[arg-type]
    running.keep(msgspec.json.encode(told))


def record_of(running: Running, code: str) -> tuple[RequestState, ProjectRecord]:
    found = running.find(code)
    assert found is not None
    return found, running.do(lambda desk: desk.progress.record(found))


def test_the_entry_names_project_and_matter_for_the_center(running: Running, tmp_path: Path) -> None:
    running.make("project-helper", HELPER)
    running.make()
    outgoing = Outgoing(tmp_path)
    run = outgoing.run(None, 100, 1 << 20)
    outgoing.close()
    made = [read_body(one.body).data for one in run.entries if read_body(one.body).kind == "request.made"]
    assert [(one.get("project"), one.get("matter")) for one in made] == [(PROJECT, "completion"), (None, None)]


def test_all_requests_of_the_project_stand_in_it_with_their_history(running: Running) -> None:
    code = running.make("project-helper", HELPER)
    assert record_of(running, code)[1].matters == ()
    tell(running, code, "received", 0, station="07")
    tell(running, ELSEWHERE, "received", 0, form="project-register", matter="land-planning")
    tell(running, ELSEWHERE, "waiting", 9, "请补规划图", form="project-register", matter="land-planning")
    tell(running, code, "taken-on", 5, "专员已联系消防", station="07")
    tell(running, "1234567890123459", "done", 3, project=digest(OTHER_PROJECT))
    found, record = record_of(running, code)
    assert (found.project, record.project) == (PROJECT, PROJECT)
    told = {
        (matter.name.hans, request.name.hans, request.station): [(step.progress, step.words) for step in request.steps]
        for matter in record.matters
        for request in matter.requests
    }
    assert told == {
        ("竣工验收", "请帮办专员", "07"): [("已收到", ""), ("有人在办", "专员已联系消防")],
        ("立项用地规划许可", "项目建档", "08"): [("已收到", ""), ("等您补充", "请补规划图")],
    }
    running.again()
    assert record_of(running, code)[1].matters == record.matters


def test_at_another_station_the_record_is_there_without_the_projects_code(running: Running) -> None:
    tell(running, ELSEWHERE, "done", 9, "已完成")
    found, record = record_of(running, ELSEWHERE)
    assert (found.project, found.project_digest, record.project) == ("", digest(PROJECT), "")
    ((request,),) = [matter.requests for matter in record.matters]
    assert [step.progress for step in request.steps] == ["已收到", "办好了"]


def test_a_very_long_record_says_that_it_holds_the_newest_alone(running: Running) -> None:
    for minute in range(NEWEST + 5):
        tell(running, ELSEWHERE, "waiting", minute, f"第{minute}次")
    _, record = record_of(running, ELSEWHERE)
    ((request,),) = [matter.requests for matter in record.matters]
    assert record.newest == NEWEST
    assert request.steps[-1].words == f"第{NEWEST + 4}次"


@pytest.mark.parametrize("language", Language)
def test_the_record_is_printed_in_the_visitors_language(running: Running, language: Language) -> None:
    code = running.make("project-helper", HELPER)
    tell(running, code, "waiting", 9, "A3", station="07")
    _, record = record_of(running, code)

    async def print_it(desk: Desk) -> str:
        visit = desk.begin(language)
        job, state = await desk.progress.print_record(visit, record), JobState.QUEUED
        while state is not JobState.PRINTED:
            state = (await desk.watch(job, state)).state
        return " ".join(block.text for block in running.printer.printed[-1].blocks if isinstance(block, Words))

    paper = running.do(print_it)
    assert PROJECT in paper
    assert {"zh-Hans": "等您补充 A3", "zh-Hant": "等您補充 A3", "en": "Waiting for you A3"}[language] in paper
    assert "13800001234" not in paper
    assert (language is Language.EN) is paper.isascii()
