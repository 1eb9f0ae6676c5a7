"""How many days the paper lasts, and when a technician is told."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.paper import Forecast, Roll, forecast

TODAY = datetime.date(2026, 11, 24)
LENGTH = 50_000


def days(*used: int) -> dict[datetime.date, int]:
    """Use of the days before today, yesterday last."""
    return {TODAY - datetime.timedelta(len(used) - number): one for number, one in enumerate(used)}


def test_a_fresh_roll_without_history_promises_no_days() -> None:
    assert forecast(Roll(0, LENGTH, 0), {}, TODAY) == Forecast(LENGTH, 1.0, None, low=False)


def test_two_days_are_no_history() -> None:
    assert forecast(Roll(0, LENGTH, 2000), days(1000, 1000), TODAY).days is None


def test_the_days_left_follow_the_use_of_the_last_weeks() -> None:
    assert forecast(Roll(0, LENGTH, 10_000), days(*[2000] * 5), TODAY).days == pytest.approx(20)


def test_a_day_without_use_lengthens_the_forecast() -> None:
    assert forecast(Roll(0, LENGTH, 10_000), days(3000, 0, 3000), TODAY).days == pytest.approx(20)
    skipped = days(3000, 0, 3000)
    del skipped[TODAY - datetime.timedelta(2)]
    skipped[TODAY - datetime.timedelta(4)] = 2000
    assert forecast(Roll(0, LENGTH, 10_000), skipped, TODAY).days == pytest.approx(20)


def test_this_morning_does_not_halve_the_use() -> None:
    use = {**days(2000, 2000, 2000), TODAY: 10}
    assert forecast(Roll(0, LENGTH, 6010), use, TODAY).days == pytest.approx((LENGTH - 6010) / 2000)


def test_use_of_last_year_does_not_count() -> None:
    old = {TODAY - datetime.timedelta(300 + day): 9000 for day in range(30)}
    assert forecast(Roll(0, LENGTH, 0), old, TODAY).days is None


@pytest.mark.parametrize(
    ("used", "use", "sensor", "low"),
    [
        (LENGTH * 84 // 100, {}, None, False),
        (LENGTH * 86 // 100, {}, None, True),
        (10_000, days(*[15_000] * 4), None, True),
        (10_000, days(*[13_000] * 4), None, False),
        (0, {}, True, True),
        (LENGTH * 86 // 100, {}, False, True),
    ],
)
def test_low_is_below_three_days_or_fifteen_percent_or_what_the_sensor_says(
    used: int, use: dict[datetime.date, int], sensor: bool | None, low: bool
) -> None:
    assert forecast(Roll(0, LENGTH, used), use, TODAY, near_end=sensor).low is low


@given(
    st.integers(0, 200_000),
    st.dictionaries(st.dates(datetime.date(2026, 1, 1), TODAY), st.integers(0, 50_000), max_size=60),
)
def test_no_history_gives_a_negative_or_endless_answer(used: int, use: dict[datetime.date, int]) -> None:
    found = forecast(Roll(0, LENGTH, used), use, TODAY)
    assert 0 <= found.left <= LENGTH
    assert 0 <= found.share <= 1
    assert found.days is None or 0 <= found.days < float("inf")
