"""What a station says of a number's turn: fresh word of the center, or nothing."""

import datetime

import msgspec
import pytest

from kiosk.hours import Service, Session
from kiosk.turns import FRESH_MS, Turn, Turns
from kiosk.wire.queue import QueueSnapshot, ThemeCalls

MORNING = Service(datetime.date(2026, 11, 24), Session(510, 720), running=True, certain=True)
CALLS = QueueSnapshot(
    day="2026-11-24",
    session="08:30-12:00",
    time=0,
    themes=(
        ThemeCalls("A", ("A08-003", "A07-002", "A07-001"), 4, {"A07-004": 0, "A07-006": 3}),
        ThemeCalls("C", ("C07-001",), 0),
    ),
)
MINUTE_MS = 60_000


class Station:
    """Its clock, which nobody sets, and what it knows."""

    def __init__(self) -> None:
        self.ms = 10_000_000
        self.turns = Turns(lambda: self.ms)

    def turn(self, number: str, issued: int = 1, service: Service = MORNING, *, priority: bool = False) -> Turn | None:
        return self.turns.of(number, service, issued, priority=priority)


@pytest.fixture
def station() -> Station:
    return Station()


def test_without_word_of_the_center_nothing_is_known(station: Station) -> None:
    assert station.turn("A07-004") is None
    assert station.turns.hall() is None


def test_a_number_that_the_center_has_is_told_how_many_come_before_it(station: Station) -> None:
    station.turns.tell(CALLS, 61)
    assert station.turn("A07-006") == Turn(("A08-003", "A07-002"), 1, ahead=3)
    assert station.turns.hall() == Turn(("A08-003", "C07-001"), 1)


def test_a_snapshot_that_is_too_old_is_no_more_known(station: Station) -> None:
    station.turns.tell(CALLS, 60)
    station.ms += FRESH_MS - MINUTE_MS - 1
    assert station.turn("A07-004")
    station.ms += 1
    assert station.turn("A07-004") is None
    assert station.turns.hall() is None
    station.turns.tell(CALLS, FRESH_MS / 1000)
    assert station.turn("A07-004") is None


def test_a_number_taken_since_stands_behind_those_who_wait_and_those_taken_before_it(station: Station) -> None:
    station.turns.tell(CALLS, 5)
    for issued, theme in ((100, "A"), (200, "C"), (300, "A")):
        station.turns.taken(theme, issued)
    assert station.turn("A07-007", 100) == Turn(("A08-003", "A07-002"), 0, ahead=4)
    assert station.turn("A07-008", 300) == Turn(("A08-003", "A07-002"), 0, ahead=5)
    favoured = station.turn("A07-008", 300, priority=True)
    assert favoured
    assert (favoured.ahead, favoured.at_most) == (5, True)


def test_of_a_number_that_was_called_or_never_arrived_no_place_is_told(station: Station) -> None:
    station.turns.taken("A", 100)
    station.ms += MINUTE_MS
    station.turns.tell(CALLS, 5)
    assert station.turn("A07-005", 100) == Turn(("A08-003", "A07-002"), 0)
    called = station.turn("A07-001")
    assert called
    assert (called.own, called.ahead) == (True, None)


@pytest.mark.parametrize(
    "service",
    [
        msgspec.structs.replace(MORNING, day=datetime.date(2026, 11, 25)),
        msgspec.structs.replace(MORNING, session=Session(810, 1020)),
    ],
)
def test_a_number_for_another_session_hears_nothing(station: Station, service: Service) -> None:
    station.turns.tell(CALLS, 5)
    assert station.turn("A07-004", service=service) is None
    assert station.turn("B07-004") is None


@pytest.mark.parametrize(
    "calls",
    [
        ThemeCalls("A", ("请到3号窗口",), 1),
        ThemeCalls("A", (), 1),
        ThemeCalls("A", ("A07-001",), -1),
        ThemeCalls("A", ("A07-001",), 10**9),
        ThemeCalls("A", ("A07-001",), 1, {"A07-002": -5}),
        ThemeCalls("A", ("A07-001",), 1, {"x": 1}),
    ],
)
def test_what_cannot_be_true_is_not_shown_to_people(station: Station, calls: ThemeCalls) -> None:
    station.turns.tell(msgspec.structs.replace(CALLS, themes=(calls,)), 5)
    assert station.turns.hall() is None
    station.turns.tell(CALLS, 5)
    station.turns.tell(msgspec.structs.replace(CALLS, themes=(calls,)), 5)
    assert station.turn("A07-004")
