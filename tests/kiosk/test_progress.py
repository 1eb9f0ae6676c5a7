"""办件进度: what whoever has a slip's code learns at a station, with and without the center's word."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from kiosk import paths
from kiosk.attempts import EACH_S, MOST, Attempts
from kiosk.catalog.load import FILE, read_release
from kiosk.clock import StationClock
from kiosk.desk import Desk, RequestState, SentRequest
from kiosk.journal.folder import StateFolder
from kiosk.journal.store import Journal
from kiosk.requests import State
from kiosk.settings import Settings
from kiosk.station import Station
from kiosk.text import Language
from kiosk.wire.exchange import Downward
from kiosk.wire.requests import TOLD, Told, digest
from kiosk.wording import Wording
from tests.enrolled import enrol
from tests.screens.stage import MORNING, Obedient

T = TypeVar("T")
NOW = int(MORNING.timestamp() * 1000)
CODE, ELSEWHERE = "1234567890123459", "0000000000000106"
HOME_VISIT = {"area": "guankou", "community": "", "phone": "13800001234", "name": ""}


@pytest.fixture
def state(tmp_path: Path) -> Path:
    enrol(tmp_path)
    return tmp_path


class Running:
    """A station for as long as a test needs it; `again` stops it and starts it anew on the same disk."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._numbers = itertools.count(1)
        self.printer = Obedient()
        self._start()

    def _start(self) -> None:
        self._folder = StateFolder(self._state)
        self._folder.__enter__()
        wording = Wording(paths.release_dir())
        clock = StationClock(0, wall=lambda: NOW, uptime=lambda: NOW)
        release = read_release(paths.release_dir() / FILE)
        self.station = Station(Settings(), release, wording, self._folder, self.printer, pytest.fail, clock)
        self.station.start()

    def stop(self) -> None:
        self.station.stop()
        self._folder.__exit__(None, None, None)

    def again(self) -> None:
        self.stop()
        self._start()

    def do(self, work: Callable[[Desk], Awaitable[T]]) -> T:
        async def run() -> T:
            return await work(self.station.desk)

        return asyncio.run(run())

    def record(self, work: Callable[[Journal], T]) -> T:
        return self.station.writer.submit(work).result()

    def find(self, code: str, language: Language = Language.HANS) -> RequestState | None:
        return self.do(lambda desk: desk.progress.find(code, language))

    def make(self, name: str = "home-visit", answers: dict[str, str] = HOME_VISIT) -> str:
        """Send a request with the first options where `answers` says nothing; returns its code."""

        async def send(desk: Desk) -> str:
            visit = desk.begin(Language.HANS)
            form = desk.requests.form(name)
            while not desk.requests.available(form).ok:
                await asyncio.sleep(0.01)
            given = dict(answers)
            while field := desk.requests.next_field(form, given):
                options = desk.requests.options(field, given)
                given[field.id] = options[0].id if options else desk.requests.half_days(field)[0].value
            sent = await desk.requests.send(visit, form, given)
            assert isinstance(sent, SentRequest), sent
            return sent.code

        return self.do(send)

    def tell(self, code: str, state: str, words: str = "", station: str = "07", form: str = "home-visit") -> None:
        told = Told(
            code=digest(code), station=station, form=form, state=state, words=words, made=NOW, time=NOW + 60_000
        )
        self.keep(msgspec.json.encode(told))

    def keep(self, data: bytes) -> None:
        item = Downward(next(self._numbers), TOLD, data)
        self.record(lambda journal: journal.keep([item], NOW + 120_000))


@pytest.fixture
def running(state: Path) -> Iterator[Running]:
    one = Running(state)
    yield one
    one.stop()


def test_what_the_center_does_not_have_yet_is_saved_and_not_called_received_there(running: Running) -> None:
    code = running.make()
    found = running.find(code)
    assert found
    assert (found.state, found.reported, found.heard, found.station) == (State.RECEIVED, False, None, "07")
    running.record(lambda journal: journal.acknowledge(journal.epoch, journal.seq, NOW + 5))
    found = running.find(code)
    assert found
    assert found.reported
    assert found.heard is not None


def test_the_newest_answer_counts_and_is_there_after_a_restart(running: Running) -> None:
    code = running.make()
    running.tell(code, "taken-on")
    running.tell(code, "waiting", "请带身份证")
    running.tell(ELSEWHERE, "done")
    for _ in range(2):
        found = running.find(code)
        assert found
        assert (found.state, found.words, found.can_cancel) == (State.WAITING, "请带身份证", True)
        assert f"{found.since:%H:%M}" == "09:01"
        assert found.lines
        running.again()


def test_a_request_of_another_station_shows_what_the_center_told_and_no_answers(running: Running) -> None:
    assert running.find(ELSEWHERE) is None
    running.tell(ELSEWHERE, "taken-on", "社区会打电话", station="08")
    found = running.find(ELSEWHERE)
    assert found
    assert (found.state, found.words, found.station, found.lines) == (State.TAKEN_ON, "社区会打电话", "08", ())
    assert found.name.hans == "预约上门办理"
    assert running.find(CODE) is None


def test_it_is_called_off_at_any_station_and_not_once_it_is_over(running: Running) -> None:
    running.tell(ELSEWHERE, "received", station="08")
    found = running.find(ELSEWHERE)
    assert found
    assert found.can_cancel
    cancelled = running.do(lambda desk: desk.progress.cancel(found))
    again = running.find(ELSEWHERE)
    assert again
    assert (cancelled.state, again.state, again.can_cancel) == (State.CANCELLED, State.CANCELLED, False)
    running.tell(ELSEWHERE, "done", station="08")
    again = running.find(ELSEWHERE)
    assert again
    assert again.state is State.DONE


def test_what_is_no_news_or_from_a_newer_center_stops_nothing(running: Running) -> None:
    code = running.make()
    running.tell(code, "waiting", "请带身份证")
    for data in (b"rubbish", b"\xff\xfe", b"[]", b"{}", b'{"code":5}', b'{"code":"%s"}' % digest(code).encode()):
        running.keep(data)
    for wrong in ({"time": 2**62}, {"made": -1}, {"station": "\x1b"}, {"alg": "md5"}):
        said = {"code": digest(code), "station": "08", "form": "home-visit", "state": "done", "made": 1, "time": 2}
        running.keep(msgspec.json.encode(said | wrong))
    found = running.find(code)
    assert found
    assert (found.state, found.words) == (State.WAITING, "请带身份证")
    running.tell(code, "on-the-moon", "\x1b[2J好" + "字" * 100)
    found = running.find(code)
    assert found
    assert found.state is State.TAKEN_ON
    assert len(found.words) <= 60
    assert "\x1b" not in found.words


def test_a_kind_that_this_station_does_not_know_still_shows_its_state(running: Running) -> None:
    running.tell(ELSEWHERE, "waiting", form="tea-party", station="08")
    found = running.find(ELSEWHERE)
    assert found
    assert (found.form, found.name.hans, found.can_cancel, found.state) == (None, "", False, State.WAITING)


def test_only_codes_are_looked_up(running: Running) -> None:
    running.tell(ELSEWHERE, "done")
    for text in ("", "0", ELSEWHERE[:-1] + "7", digest(ELSEWHERE), "x" * 5000):
        assert running.find(text) is None
    assert running.find(f"https://station.example/T/{ELSEWHERE}") is None


def test_wrong_codes_are_borne_so_often_and_forgotten_with_time_alone() -> None:
    now = 0.0
    attempts = Attempts(lambda: now)
    for _ in range(MOST):
        assert attempts.allowed
        attempts.missed()
    assert not attempts.allowed
    now += EACH_S * 0.9
    assert not attempts.allowed
    now += EACH_S * 0.2
    assert attempts.allowed
    attempts.missed()
    assert not attempts.allowed
    now += EACH_S * MOST * 2
    assert attempts.allowed
