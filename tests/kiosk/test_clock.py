"""The station's clock with a dead battery, a jump, and an ordinary day."""

import pytest

from kiosk.clock import FAR_MS, JUMP_MS, Moment, StationClock

NOW = 1_795_500_000_000


class Machine:
    """A wall clock and an uptime that a test can move."""

    def __init__(self, wall: int) -> None:
        self.wall = wall
        self.up = 5_000

    def run(self, ms: int) -> None:
        self.wall += ms
        self.up += ms

    def clock(self, floor: int) -> StationClock:
        return StationClock(floor, lambda: self.wall, lambda: self.up)


def test_an_ordinary_clock_is_trusted_and_follows_small_corrections() -> None:
    machine = Machine(NOW)
    clock = machine.clock(NOW - 10**9)
    machine.run(60_000)
    machine.wall += 800
    assert clock.now().ms == machine.wall
    assert not clock.now().doubtful


def test_a_clock_of_1970_serves_on_from_the_floor_and_says_so() -> None:
    machine = Machine(0)
    clock = machine.clock(NOW)
    machine.run(3_600_000)
    assert clock.now().ms == NOW + 3_600_000
    assert clock.now().doubtful


def test_a_clock_that_jumps_while_running_is_not_followed() -> None:
    for jump in (-3 * 86_400_000, 400 * 86_400_000):
        machine = Machine(NOW)
        clock = machine.clock(0)
        machine.run(1000)
        machine.wall += jump
        assert clock.now().doubtful
        assert clock.now().ms == NOW + 1000


def test_time_never_runs_backwards() -> None:
    machine = Machine(NOW)
    clock = machine.clock(0)
    before = clock.now().ms
    machine.wall -= 900
    assert clock.now().ms >= before
    assert not clock.now().doubtful


def test_a_last_entry_in_the_future_lifts_the_clock() -> None:
    machine = Machine(NOW)
    clock = machine.clock(0)
    clock.raise_floor(NOW + 500)
    assert not clock.now().doubtful
    clock.raise_floor(NOW + 500 + 2 * JUMP_MS)
    assert clock.now().ms == NOW + 500 + 2 * JUMP_MS
    assert clock.now().doubtful


def test_the_center_sets_a_dead_clock_right_in_both_directions_and_it_stays_right() -> None:
    for wrong in (0, NOW - 3 * 86_400_000, NOW + 400 * 86_400_000, 2_145_916_800_000):
        machine = Machine(wrong)
        clock = machine.clock(NOW - 1000)
        clock.set_right(NOW)
        machine.run(3_600_000)
        assert clock.now().ms == NOW + 3_600_000
        assert not clock.now().doubtful


def test_a_clock_that_is_put_right_by_hand_later_is_doubted_until_the_next_word_from_the_center() -> None:
    machine = Machine(0)
    clock = machine.clock(NOW)
    clock.set_right(NOW)
    machine.wall = NOW
    assert clock.now().doubtful
    assert clock.now().ms == NOW
    clock.set_right(NOW + 10)
    assert not clock.now().doubtful
    machine.run(1000)
    assert clock.now().ms == NOW + 1010


@pytest.mark.parametrize("told", [0, -5, NOW - 86_400_000, NOW + 2 * FAR_MS, 2**62])
def test_a_center_whose_own_clock_is_broken_changes_nothing(told: int) -> None:
    machine = Machine(NOW)
    clock = machine.clock(NOW - 1000)
    clock.set_right(told)
    assert clock.now() == Moment(NOW, doubtful=False)
    machine.wall = 0
    clock.set_right(told)
    assert clock.now() == Moment(NOW, doubtful=True)


def test_a_good_clock_does_not_follow_the_line_s_delays() -> None:
    machine = Machine(NOW)
    clock = machine.clock(0)
    clock.set_right(NOW - 5000)
    assert clock.now().ms == NOW
