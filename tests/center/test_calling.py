"""Calling: one queue for the tickets of all stations, windows that call at once, and what stays of it.

Every test here but the last holds for both stores.
"""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from center import calling
from center.calling import Call, HallQueue
from kiosk.sealing import Place, unseal
from kiosk.tickets import GROUND_PURPOSE, Declared, Priority
from tests.center.hall import LOST, MINUTE, MORNING, RULE, SEALING, Hall
from tests.center.running import EPOCH
from tests.center.stores import STORES, Servers, kept


@pytest.fixture(params=STORES)
def hall(request: pytest.FixtureRequest, tmp_path: Path, servers: Servers) -> Iterator[Hall]:
    with kept(request.param, tmp_path, servers.one) as books:
        yield Hall(books)


def test_tickets_of_all_stations_stand_in_one_queue_by_when_they_were_issued(hall: Hall) -> None:
    second, first, third = hall.ticket("07", 2), hall.ticket("08", 1), hall.ticket("07", 3)
    hall.ticket("07", 0, queue=HallQueue("B", MORNING.day, MORNING.session))
    hall.ticket("07", 0, queue=HallQueue("A", MORNING.day, "13:30-17:00"))
    assert [hall.call(), hall.call("2"), hall.call(), hall.call()] == [first, second, third, ""]


def test_a_ticket_that_arrives_late_has_its_place_by_when_it_was_issued(hall: Hall) -> None:
    later = [hall.ticket("07", minute) for minute in (5, 6)]
    assert hall.call() == later[0]
    late = hall.ticket("08", 1)
    assert [hall.call(), hall.call()] == [late, later[1]]


def test_priority_comes_earlier_and_nobody_is_passed_too_often(hall: Hall) -> None:
    patient = hall.ticket("07", 0)
    favoured = [hall.ticket("08", minute, priority=True) for minute in (1, 2, 3)]
    assert [hall.call() for _ in range(4)] == [favoured[0], favoured[1], patient, favoured[2]]


def test_a_command_that_was_started_twice_calls_one_number(hall: Hall) -> None:
    first, second = hall.ticket("07", 0), hall.ticket("07", 1)
    turn = hall.turn()
    assert (turn.call and turn.call.number, turn.waiting, turn.twice) == (first, 1, False)
    again = hall.at_once()
    assert (again.call, again.waiting, again.twice) == (turn.call, 1, True)
    other = hall.at_once("2").call
    assert other
    assert other.number == second


def test_a_number_is_called_again_and_nobody_is_called_meanwhile(hall: Hall) -> None:
    first, second = hall.ticket("07", 0), hall.ticket("07", 1)
    assert hall.call("2") == first
    for count in (1, 2):
        repeated = hall.write(lambda: calling.call_again(MORNING, "2")).call
        assert repeated
        assert (repeated.number, repeated.repeated) == (first, count)
    assert hall.write(lambda: calling.call_again(MORNING, "3")).call is None
    assert hall.call("2") == second


def test_an_absent_one_is_marked_once_and_the_next_is_called_at_once(hall: Hall) -> None:
    first, second = hall.ticket("07", 0), hall.ticket("07", 1)
    assert hall.call() == first
    marked = hall.write(lambda: calling.mark_absent(MORNING, "1", 9))
    assert marked.call
    assert (marked.call.number, marked.call.absent, marked.twice) == (first, 9, False)
    once_more = hall.write(lambda: calling.mark_absent(MORNING, "1", 10))
    assert (once_more.call, once_more.twice) == (marked.call, True)
    following = hall.at_once().call
    assert following
    assert following.number == second


def test_calls_stay_when_everything_else_is_made_anew(hall: Hall) -> None:
    numbers = [hall.ticket("07", minute) for minute in range(3)]
    assert hall.call() == numbers[0]
    before = hall.books.read(lambda: calling.calls(MORNING))
    hall.books.do(hall.books.store.rebuild())
    assert hall.books.read(lambda: calling.calls(MORNING)) == before
    assert [hall.call(), hall.call(), hall.call()] == [*numbers[1:], ""]


def test_windows_that_call_at_once_never_call_one_number_twice(hall: Hall) -> None:
    numbers = [hall.ticket(station, minute) for minute in range(6) for station in ("07", "08")]
    other = hall.books.again()

    async def all_at_once() -> list[calling.Turn]:
        await other.open()
        stores = (hall.books.store, other) * 6
        return await asyncio.gather(
            *(
                store.write(lambda window=f"w{place}": calling.call_next(MORNING, window, RULE, 1))  # type: ignore[misc]
                for place, store in enumerate(stores)
            )
        )

    turns = hall.books.do(all_at_once())
    hall.books.do(other.close())
    called = [turn.call for turn in turns if turn.call]
    assert sorted(call.number for call in called) == sorted(numbers)
    assert sorted(call.turn for call in called) == list(range(1, len(numbers) + 1))
    in_order = sorted(called, key=lambda call: call.turn)
    assert [call.issued for call in in_order] == sorted(call.issued for call in called)


def test_one_window_that_is_started_twice_at_once_calls_one_number(hall: Hall) -> None:
    for minute in range(4):
        hall.ticket("07", minute)
    other = hall.books.again()

    async def both() -> list[calling.Turn]:
        await other.open()
        starts = (store.write(lambda: calling.call_next(MORNING, "1", RULE, 1)) for store in (hall.books.store, other))
        return list(await asyncio.gather(*starts))

    first, second = hall.books.do(both())
    hall.books.do(other.close())
    assert first.call == second.call
    assert {first.twice, second.twice} == {False, True}
    assert len(hall.books.read(lambda: calling.calls(MORNING))) == 1


@pytest.mark.parametrize("inside", [False, True])
def test_the_ground_is_opened_by_the_sealing_key_alone_and_erased_the_day_after(hall: Hall, inside: bool) -> None:
    hall.ticket("07", 0, ground="veteran", inside=inside)
    call = hall.turn().call
    assert call
    behind = hall.books.read(lambda: calling.behind(call))
    assert behind
    assert behind.sealed
    assert (behind.epoch, behind.seq) == ((LOST, 77) if inside else (EPOCH, 1))
    place = Place(GROUND_PURPOSE, "07", behind.epoch, behind.seq)
    assert Declared("veteran").encoded() == unseal(SEALING.private_bytes_raw(), place, behind.sealed)
    stored = hall.books.query("SELECT body FROM entry") + hall.books.query("SELECT * FROM ticket")
    assert not any(b"veteran" in repr(row).encode() for row in stored)

    def erased_on(day: str) -> bool:
        hall.books.do(hall.books.store.write(lambda: calling.erase_grounds(day)))
        found = hall.books.read(lambda: calling.behind(call))
        return found is not None and found.sealed is None

    assert not erased_on("2026-11-24")
    assert erased_on("2026-11-25")


def test_all_grounds_are_as_long_as_each_other_once_they_are_sealed() -> None:
    assert {len(Declared(ground).encoded()) for ground in ("elder", "disabled", "veteran", "pregnant")} == {64}


def test_the_other_sessions_of_the_day_are_named_when_somebody_still_waits_there(hall: Hall) -> None:
    afternoon = HallQueue("A", MORNING.day, "13:30-17:00")
    hall.ticket("07", 0)
    hall.ticket("07", 1)
    assert hall.call()
    assert hall.books.read(lambda: calling.elsewhere(afternoon)) == ((MORNING.session, 1),)
    assert hall.call()
    assert hall.books.read(lambda: calling.elsewhere(afternoon)) == ()


COMING = st.lists(
    st.tuples(st.integers(0, 60), st.booleans(), st.integers(0, 40), st.sampled_from(["07", "08"])),
    min_size=1,
    max_size=12,
)
"""Tickets by the minute they are issued, with priority or without, the minutes until they arrive, their station."""


@settings(max_examples=15, deadline=None)
@given(COMING, st.integers(0, 60), st.integers(0, 3), st.integers(1, 9))
def test_nobody_starves_in_the_real_store_also_when_stations_report_late(
    coming: list[tuple[int, bool, int, str]], head_start: int, most_passed: int, pace: int
) -> None:
    rule = Priority((), head_start, most_passed)
    arriving = sorted((minute + late, minute, priority, station) for minute, priority, late, station in coming)
    with tempfile.TemporaryDirectory() as folder, kept("sqlite", Path(folder), Servers().one) as books:
        hall = Hall(books)
        before: dict[str, int] = {}
        called: list[Call] = []
        for minute in range(0, 1000, pace):
            while arriving and arriving[0][0] <= minute:
                _, issued, priority, station = arriving.pop(0)
                before[hall.ticket(station, issued, priority=priority)] = len(called)
            call = hall.turn(rule=rule).call
            called += [call] if call else []
            if not call and not arriving:
                break
    assert sorted(call.number for call in called) == sorted(before)
    for turn, call in enumerate(called):
        came = call.issued, call.number
        passed = [one for one in called[before[call.number] : turn] if (one.issued, one.number) > came]
        assert all(one.priority for one in passed)
        assert len(passed) <= (0 if call.priority else most_passed)
        assert all(one.issued - call.issued <= head_start * MINUTE for one in passed)
