"""Places are never sold twice, whatever is lost on the way or put back to a backup; and which slots are offered."""

import datetime
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.appointments import (
    GIVE_BACK_MS,
    Coming,
    Holding,
    Loan,
    NoPlace,
    Slot,
    SlotRule,
    coming,
    to_lend,
    wanted,
)
from kiosk.hours import CHINA, Hall, Session
from kiosk.text import Text

MORNING, AFTERNOON = Session(510, 720), Session(900, 1050)
HALL = Hall(Text("大厅", "大廳", "Hall"), False, (MORNING, AFTERNOON), 15, (), ())
TUESDAY = datetime.date(2026, 11, 24)
SLOT = Slot("T", TUESDAY, AFTERNOON)
RULE = SlotRule("T", "aji_station", Text("银行", "銀行", "Bank"), (2,), AFTERNOON, 8, 2, 28, False)
HOUR_MS = 3_600_000


def loan(places: int = 2, epoch: str = "one", lent: int = 0) -> Loan:
    return Loan("loan", epoch, SLOT, places, lent)


def at(day: int, hour: int) -> datetime.datetime:
    return datetime.datetime(2026, 11, day, hour, tzinfo=CHINA)


def test_a_station_sells_what_it_holds_and_no_more() -> None:
    held = Holding(loan()).sell("one", 0).sell("one", 0)
    with pytest.raises(NoPlace):
        held.sell("one", 0)
    assert held.cancel().sell("one", 0).free == 0


def test_a_journal_that_goes_on_in_another_epoch_sells_nothing_of_the_one_before() -> None:
    with pytest.raises(NoPlace):
        Holding(loan()).sell("two", 0)
    assert not Holding(loan()).due_back("two", SLOT.begins - HOUR_MS)


def test_nothing_is_sold_of_a_session_that_has_begun() -> None:
    assert Holding(loan()).for_sale("one", SLOT.begins - 1) == 2
    assert Holding(loan()).for_sale("one", SLOT.begins) == 0
    assert wanted(RULE, SLOT, SLOT.begins) == 0


def test_what_nobody_took_goes_back_a_day_before_and_what_was_lent_later_stays() -> None:
    early, late = Holding(loan(3)), Holding(loan(1, lent=SLOT.begins - HOUR_MS))
    since = SLOT.begins - GIVE_BACK_MS
    assert early.sell("one", 0).due_back("one", since - 1) == 0
    assert early.sell("one", 0).give_back("one", since) == Holding(loan(3), sold=1, returned=2)
    assert late.due_back("one", SLOT.begins - 1) == 0
    assert wanted(RULE, SLOT, since - 1) == 2
    assert wanted(RULE, SLOT, since) == 1


def test_a_loan_cannot_be_more_than_used_up() -> None:
    with pytest.raises(ValueError, match="3 sold"):
        Holding(loan(), sold=3)
    with pytest.raises(NoPlace):
        Holding(loan()).cancel()


def test_the_bank_comes_on_tuesdays_but_not_on_holidays() -> None:
    days = [one.slot.day for one in coming([RULE], HALL, at(23, 9))]
    assert days == [datetime.date(2026, 11, 24), *(datetime.date(2026, 12, day) for day in (1, 8, 15))]
    closed = msgspec.structs.replace(HALL, closed=(TUESDAY,))
    assert coming([RULE], closed, at(23, 9))[0].slot.day == datetime.date(2026, 12, 1)


def test_a_session_that_has_begun_is_not_offered_any_more() -> None:
    assert coming([RULE], HALL, at(24, 14))[0].slot == SLOT
    assert coming([RULE], HALL, at(24, 15))[0].slot.day == datetime.date(2026, 12, 1)


def test_beyond_the_announced_holidays_a_day_is_not_certain() -> None:
    far: tuple[Coming, ...] = coming([RULE], HALL, datetime.datetime(2031, 3, 3, 9, tzinfo=CHINA))
    assert far
    assert not any(one.certain for one in far)


@given(capacity=st.integers(0, 20), used=st.integers(0, 40), asked=st.integers(0, 20))
def test_no_more_is_lent_than_there_is(capacity: int, used: int, asked: int) -> None:
    lent = to_lend(capacity, used, asked)
    assert 0 <= lent <= asked
    assert not lent or used + lent <= capacity


class District:
    """A center and stations on a line that loses and doubles, with journals that are put back to backups.

    `lent` and `returned` are what the center knows; a return reaches it late, or never. `paper` cannot be taken back.
    """

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.lent: list[Loan] = []
        self.returned: dict[str, int] = {}
        self.journals: list[dict[str, Holding]] = [{} for _ in range(3)]
        self.backups: list[dict[str, Holding]] = [{} for _ in range(3)]
        self.epochs = ["0", "0", "0"]
        self.on_the_way: list[tuple[int, Loan]] = []
        self.returning: list[tuple[str, int]] = []
        self.paper = 0
        self.now = SLOT.begins - 2 * GIVE_BACK_MS

    def lend(self, station: int, asked: int) -> None:
        used = sum(one.places for one in self.lent) - sum(self.returned.values())
        if places := to_lend(self.capacity, used, asked):
            made = Loan(str(len(self.lent)), self.epochs[station], SLOT, places, self.now)
            self.lent.append(made)
            self.on_the_way.append((station, made))

    def arrive(self, place: int, again: int) -> None:
        if self.on_the_way:
            station, made = self.on_the_way[place % len(self.on_the_way)]
            if made.epoch == self.epochs[station]:
                self.journals[station].setdefault(made.id, Holding(made))
            if again % 2:
                self.on_the_way.remove((station, made))

    def sell(self, station: int, _: int) -> None:
        for name, held in self.journals[station].items():
            if held.for_sale(self.epochs[station], self.now):
                self.journals[station][name] = held.sell(self.epochs[station], self.now)
                self.paper += 1
                return

    def cancel(self, station: int, _: int) -> None:
        for name, held in self.journals[station].items():
            if held.sold:
                self.journals[station][name] = held.cancel()
                self.paper -= 1
                return

    def give_back(self, station: int, _: int) -> None:
        for name, held in self.journals[station].items():
            if due := held.due_back(self.epochs[station], self.now):
                self.journals[station][name] = held.give_back(self.epochs[station], self.now)
                self.returning.append((name, due))

    def hear(self, place: int, _: int) -> None:
        if self.returning:
            name, places = self.returning.pop(place % len(self.returning))
            self.returned[name] = self.returned.get(name, 0) + places

    def back_up(self, station: int, _: int) -> None:
        self.backups[station] = dict(self.journals[station])

    def restore(self, station: int, _: int) -> None:
        self.journals[station] = dict(self.backups[station])
        self.epochs[station] += "'"

    def wait(self, hours: int, _: int) -> None:
        self.now += hours * 4 * HOUR_MS


STEPS: tuple[Callable[[District, int, int], None], ...] = (
    District.lend,
    District.arrive,
    District.sell,
    District.cancel,
    District.give_back,
    District.hear,
    District.back_up,
    District.restore,
    District.wait,
)


@given(
    capacity=st.integers(1, 6),
    steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 2), st.integers(0, 3)), max_size=80),
)
def test_no_slot_is_ever_sold_beyond_its_capacity(
    capacity: int, steps: list[tuple[Callable[[District, int, int], None], int, int]]
) -> None:
    district = District(capacity)
    for step, station, number in steps:
        step(district, station, number)
        assert district.paper <= capacity
