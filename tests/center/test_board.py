"""How the hall's calling stands, as stations are told it. Every test holds for both stores."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from center import calling
from center.board import CALLED_MS, KEPT_S, Boards
from center.exchanging import Exchanging
from center.kept import TicketView
from kiosk import paths
from kiosk.catalog.load import FILE, read_release
from kiosk.hours import CHINA
from kiosk.wire.exchange import read_answer
from kiosk.wire.queue import QueueSnapshot, ThemeCalls
from tests.center.hall import MORNING, Hall
from tests.center.running import request, signed
from tests.center.stores import KEY, STORES, Servers, kept

NINE = int(datetime.datetime(2026, 11, 24, 9, tzinfo=CHINA).timestamp() * 1000)
RELEASE = read_release(paths.release_dir() / FILE)


class Watched:
    """The board of a hall, and the clock by which it is kept."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self.seconds = 0.0
        self.boards = Boards(hall.books.store, lambda: RELEASE, lambda: self.seconds)

    def snapshot(self, station: str = "07") -> QueueSnapshot | None:
        self.seconds += 2 * KEPT_S
        return self.hall.books.do(self.boards.snapshot(station, self.hall.now))


@pytest.fixture(params=STORES)
def watched(request: pytest.FixtureRequest, tmp_path: Path, servers: Servers) -> Iterator[Watched]:
    with kept(request.param, tmp_path, servers.one) as books:
        yield Watched(Hall(books, now=NINE))


def test_where_nobody_calls_there_is_nothing_to_tell(watched: Watched) -> None:
    watched.hall.ticket("07", 0)
    assert watched.snapshot() is None


def test_each_station_hears_of_its_own_numbers_how_many_come_before_them(watched: Watched) -> None:
    hall = watched.hall
    numbers = [hall.ticket(station, minute) for minute, station in enumerate(("07", "08", "08", "07", "07"))]
    favoured = hall.ticket("07", 9, priority=True)
    assert hall.call("1") == favoured
    assert hall.call("2") == numbers[0]
    told = watched.snapshot()
    assert told
    assert (told.day, told.session, told.time) == (MORNING.day, MORNING.session, hall.now)
    assert told.themes == (ThemeCalls("A", (numbers[0], favoured), 4, {numbers[3]: 2, numbers[4]: 3}),)
    other = watched.snapshot("08")
    assert other
    assert other.themes[0].places == {numbers[1]: 0, numbers[2]: 1}


def test_who_did_not_come_is_not_said_to_be_served(watched: Watched) -> None:
    hall = watched.hall
    first, second = hall.ticket("07", 0), hall.ticket("07", 1)
    hall.call("1")
    hall.call("2")
    hall.write(lambda: calling.mark_absent(MORNING, "2", hall.now))
    told = watched.snapshot()
    assert told
    assert told.themes[0].called == (first,)
    hall.write(lambda: calling.mark_absent(MORNING, "1", hall.now))
    told = watched.snapshot()
    assert told
    assert (told.themes, second) == ((), second)


def test_a_hall_that_has_stopped_calling_promises_nothing(watched: Watched) -> None:
    watched.hall.ticket("07", 0)
    watched.hall.call()
    assert watched.snapshot()
    watched.hall.now += CALLED_MS
    assert watched.snapshot() is None


def test_the_page_of_a_code_learns_the_same(watched: Watched) -> None:
    hall = watched.hall
    numbers = [hall.ticket("07", minute) for minute in range(3)]
    views = [hall.books.do(hall.books.store.ticket(hall.code(number))) for number in numbers]
    assert all(isinstance(view, TicketView) for view in views)

    def ahead() -> list[int | None]:
        watched.seconds += 2 * KEPT_S
        places = [hall.books.do(watched.boards.place(view, hall.now)) for view in views if view]
        return [place.ahead if place else -1 for place in places]

    assert ahead() == [-1, -1, -1]
    hall.call()
    assert ahead() == [None, 0, 1]


def test_the_answer_of_an_exchange_carries_it(watched: Watched) -> None:
    hall = watched.hall
    number = hall.ticket("08", 0)
    hall.call()
    exchanging = Exchanging(hall.books.store, lambda: hall.now, watched.boards)
    headers, content = signed(KEY, *request("07", []))

    async def exchange() -> bytes:
        enrolled = await exchanging.admit("07", headers)
        return (await exchanging.exchange(enrolled, headers, content)).content  # type: ignore[arg-type]

    queue = read_answer(hall.books.do(exchange())).queue
    assert queue
    assert queue.themes == (ThemeCalls("A", (number,), 0),)
