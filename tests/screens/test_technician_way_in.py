"""The technician's way in: known to those who were told, found by nobody else, and no resident's visit behind it."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.settings import Keypad
from kiosk.station import Station
from kiosk.technician.codes import Codes
from kiosk.technician.door import Door
from screens.frame import Frame
from screens.knock import CORNERS, KEYS, WITHIN_S, Knock
from screens.pages.welcome import WelcomePage
from screens.technician.code import LockedPage, TechnicianCodePage
from screens.technician.overview import OverviewPage
from screens.technician.room import AWAY_SECONDS, CODE_SECONDS
from tests.screens.stage import SIZES, Stage, Visitor, walk_to_list
from tests.screens.technicians import CODE, door_to, enter, knock_by_key, knock_by_touch

FRAME = Frame(80, 22)
KEYPAD = vars(Keypad())


@pytest.fixture
def station_with_door(stage: Stage, tmp_path: Path) -> Stage:
    stage.door = door_to(tmp_path)
    return stage


@pytest.mark.parametrize("size", SIZES)
def test_the_corners_in_turn_ask_for_a_code(station_with_door: Stage, size: tuple[int, int]) -> None:
    async def story(visitor: Visitor) -> None:
        await knock_by_touch(visitor)
        assert isinstance(visitor.page, TechnicianCodePage)

    station_with_door.play(story, size)


def test_the_keys_in_turn_ask_for_a_code_and_the_right_one_opens(station_with_door: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await knock_by_key(visitor)
        assert visitor.sees("技术员密码")
        await visitor.press(*CODE)
        assert visitor.sees("******")
        assert CODE not in visitor.text()
        await visitor.press("enter")
        assert isinstance(visitor.page, OverviewPage)

    station_with_door.play(story)


def test_digits_of_full_width_are_digits_too(station_with_door: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await knock_by_key(visitor)
        await visitor.press(*(chr(ord(digit) - ord("0") + ord("０")) for digit in CODE), "enter")
        assert isinstance(visitor.page, OverviewPage)

    station_with_door.play(story)


def test_a_visit_under_way_is_over_and_nothing_of_it_is_seen(station_with_door: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_list(visitor)
        before = visitor.app._session
        assert before is not None
        await knock_by_key(visitor)
        assert visitor.app._session is None
        await enter(visitor)
        assert isinstance(visitor.page, OverviewPage)
        await visitor.press("#")
        assert isinstance(visitor.page, WelcomePage)

    station_with_door.play(story)


def test_five_wrong_codes_lock_with_the_time_left_and_another_start_does_not_help(
    station_with_door: Stage,
) -> None:
    async def wrong(visitor: Visitor) -> None:
        await knock_by_key(visitor)
        for left in (4, 3, 2, 1):
            await visitor.press(*"999999", "enter")
            assert visitor.sees(f"还可以试{left}次")
        await visitor.press(*"999999", "enter")
        assert isinstance(visitor.page, LockedPage)
        assert visitor.sees("还要等 60 秒")
        await visitor.pass_time(31)
        assert visitor.sees("还要等 30 秒")
        await visitor.press(*CODE, "enter")
        assert not isinstance(visitor.page, OverviewPage)

    async def again(visitor: Visitor) -> None:
        await knock_by_key(visitor)
        assert isinstance(visitor.page, LockedPage)

    station_with_door.play(wrong)
    station_with_door.play(again)


def test_a_code_that_nobody_types_goes_away_by_itself(station_with_door: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await knock_by_key(visitor)
        await visitor.press("1")
        await visitor.pass_time(CODE_SECONDS + 1)
        assert isinstance(visitor.page, WelcomePage)
        await knock_by_key(visitor)
        assert not visitor.sees("*1位")

    station_with_door.play(story)


def test_a_technician_who_went_away_is_out(station_with_door: Stage, tmp_path: Path) -> None:
    doors: list[Door] = []
    make = station_with_door.door
    assert make is not None

    def kept(station: Station) -> Door:
        doors.append(make(station))
        return doors[0]

    station_with_door.door = kept

    async def story(visitor: Visitor) -> None:
        await knock_by_key(visitor)
        await enter(visitor)
        await visitor.pass_time(AWAY_SECONDS - 1)
        assert isinstance(visitor.page, OverviewPage)
        await visitor.pass_time(2)
        assert isinstance(visitor.page, WelcomePage)
        assert doors[0].name == ""

    station_with_door.play(story)


def test_without_a_door_the_sequence_means_nothing(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await knock_by_key(visitor)
        assert not visitor.sees("技术员")

    stage.play(story)


def test_a_slow_or_broken_sequence_means_nothing() -> None:
    slow = Knock(KEYPAD)
    step = WITHIN_S / (len(KEYS) - 1) + 0.01
    assert not any(slow.pressed(KEYPAD[name], step * at) for at, name in enumerate(KEYS))
    broken = Knock(KEYPAD)
    for name in KEYS[:-1]:
        assert not broken.pressed(KEYPAD[name], 0)
    assert not broken.pressed("5", 0)
    assert not broken.pressed(KEYPAD[KEYS[-1]], 0)


@given(st.lists(st.sampled_from([*Keypad().__dict__.values(), *"123456789", "\r"]), max_size=40))
def test_keys_open_only_where_they_end_with_the_whole_sequence(keys: list[str]) -> None:
    knock, wanted = Knock(KEYPAD), [KEYPAD[name] for name in KEYS]
    fresh = 0
    for count, key in enumerate(keys, 1):
        opened = knock.pressed(key, 0.0)
        heard = keys[fresh:count]
        assert opened is (heard[-len(wanted) :] == wanted)
        if opened:
            fresh = count


def test_a_monkey_at_the_glass_does_not_get_in() -> None:
    chance = random.Random(20261124)
    knock = Knock(KEYPAD)
    touches = ((chance.randrange(80), chance.randrange(22), number / 4) for number in range(200_000))
    assert not any(knock.touched(x, y, FRAME, now) for x, y, now in touches)


def test_a_monkey_that_knows_only_the_corners_seldom_gets_in() -> None:
    chance = random.Random(20261124)
    knock, opened = Knock(KEYPAD), 0
    for number in range(20_000):
        x, y = chance.choice([0, 79]), chance.choice([0, 21])
        opened += knock.touched(x, y, FRAME, number / 4)
    assert opened < 20_000 / len(set(CORNERS)) ** len(CORNERS) * 3


def test_no_code_is_there_before_somebody_sets_one(stage: Stage, tmp_path: Path) -> None:
    stage.door = door_to(tmp_path, with_code=False)

    async def story(visitor: Visitor) -> None:
        await knock_by_key(visitor)
        for code in ("000000", "123456", CODE):
            await visitor.press(*code, "enter")
            assert not isinstance(visitor.page, OverviewPage)
        assert Codes(tmp_path).names() == ()

    stage.play(story)
