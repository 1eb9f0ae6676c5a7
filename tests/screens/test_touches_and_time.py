"""What does not count as a touch, and what happens when nobody touches: the warning, the end, the erasure."""

import pytest
from textual import events

from kiosk.visit import Cycles, Home, Number, PackagePage
from screens.hands import SETTLE_SECONDS
from screens.pages.bare import TooSmallPage
from screens.pages.ending import IdlePage
from screens.pages.welcome import WelcomePage
from screens.widgets.choice import CAP, Choice, State
from screens.widgets.countdown import Countdown
from tests.screens.stage import SIZES, Obedient, Stage, Visitor, walk_to_package


@pytest.mark.parametrize("gap", [0.08, 0.2, SETTLE_SECONDS - 0.01])
def test_a_double_tap_opens_one_page_and_not_two(stage: Stage, gap: float) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.touch(20, 8)
        assert visitor.app._live.visit.place == Home()
        await visitor.touch(20, 8, after=gap)
        assert visitor.app._live.visit.place == Home()
        await visitor.touch(20, 8, after=SETTLE_SECONDS)
        assert isinstance(visitor.app._live.visit.place, Cycles)

    stage.play(story)


def test_a_touch_counts_when_the_finger_lifts(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter")
        visitor.clocks.steady += 1
        await visitor.finger(True, 20, 8)
        assert visitor.page.choices[0].state is State.PRESSED
        assert visitor.app._live.visit.place == Home()
        await visitor.finger(False, 20, 8)
        assert isinstance(visitor.app._live.visit.place, Cycles)

    stage.play(story)


def test_a_finger_that_slides_off_chooses_nothing(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter")
        visitor.clocks.steady += 1
        await visitor.finger(True, 20, 8)
        await visitor.finger(False, 20, 17)
        assert visitor.app._live.visit.place == Home()
        assert {choice.state for choice in visitor.page.choices} == {State.READY}

    stage.play(story)


def test_the_right_button_presses_nothing(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter")
        await visitor.touch(20, 8, button=3)
        assert visitor.app._live.visit.place == Home()

    stage.play(story)


def test_a_held_key_acts_once(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter")
        await visitor.press("1")
        await visitor.press("1", after=0.3)
        for _ in range(10):
            await visitor.press("1", after=0.03)
        assert isinstance(visitor.app._live.visit.place, Cycles)

    stage.play(story)


def test_focus_appears_with_the_first_key_and_goes_with_a_touch(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        def focused() -> list[int]:
            return [number for number, choice in enumerate(visitor.page.choices) if choice.focus_shown]

        await visitor.touch(20, 8)
        assert focused() == []
        await visitor.press("tab")
        assert focused() == [0]
        await visitor.press("tab")
        assert focused() == [1]
        await visitor.touch(20, 1)
        assert focused() == []
        await visitor.press("1")
        assert focused() == [0]

    stage.play(story)


def test_nobody_there_is_warned_with_twenty_seconds_to_answer_and_then_erased(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        await visitor.pass_time(59)
        assert visitor.app._live.visit.place == PackagePage("newborn-birth")
        await visitor.pass_time(1)
        assert isinstance(visitor.page, IdlePage)
        assert visitor.page.query_one(Countdown).seconds >= 20
        await visitor.pass_time(10)
        assert visitor.page.query_one(Countdown).seconds == 20
        await visitor.pass_time(19)
        assert isinstance(visitor.page, IdlePage)
        await visitor.pass_time(2)
        assert isinstance(visitor.page, WelcomePage)

    stage.play(story)


@pytest.mark.parametrize("key", ["x", "1", "*", "/", "enter"])
def test_any_key_says_that_somebody_is_there(stage: Stage, key: str) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        for _ in range(12):
            await visitor.pass_time(61)
            assert isinstance(visitor.page, IdlePage)
            await visitor.press(key)
            assert visitor.app._live.visit.place == PackagePage("newborn-birth")
            assert visitor.sees("看要带什么")

    stage.play(story)


def test_a_touch_anywhere_says_that_somebody_is_there(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        await visitor.pass_time(61)
        await visitor.touch(40, 2)
        assert visitor.sees("看要带什么")

    stage.play(story)


def test_a_resize_keeps_place_answers_and_focus(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        await visitor.press("1", "1", "tab")
        for size in [*SIZES, (100, 24), (200, 60)]:
            await visitor.pilot.resize_terminal(*size)
            await visitor.settle()
            assert visitor.sees("第2问，共3问")
            assert [choice.focus_shown for choice in visitor.page.choices] == [False, True, False]
            assert visitor.page.scene.frame.columns == size[0]

    stage.play(story)


@pytest.mark.parametrize("size", [(79, 22), (80, 21), (59, 80), (60, 49), (20, 5), (1, 1)])
def test_a_terminal_that_is_too_small_asks_for_more_and_forgets_nothing(stage: Stage, size: tuple[int, int]) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        await visitor.pilot.resize_terminal(*size)
        await visitor.settle()
        assert isinstance(visitor.page, TooSmallPage)
        if size[0] >= 20:
            assert visitor.sees("窗口太小", "80列22行")
        await visitor.press("1", "#")
        await visitor.pilot.resize_terminal(80, 22)
        await visitor.settle()
        assert visitor.sees("看要带什么")

    stage.play(story)


def test_the_minute_is_the_only_thing_that_moves(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter")
        before = visitor.lines()
        await visitor.pass_time(59)
        assert visitor.lines() == before
        await visitor.press("tab")
        before = visitor.lines()
        await visitor.pass_time(1)
        changed = [row for row, (old, new) in enumerate(zip(before, visitor.lines(), strict=True)) if old != new]
        assert changed == [0]
        assert visitor.lines()[0].rstrip().endswith("09:01")

    stage.play(story)


def test_while_something_is_written_nothing_else_can_be_chosen(stage: Stage, printer: Obedient) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        visitor.page.choices[1].choose()
        visitor.page.choices[0].choose()
        visitor.page.choices[1].choose()
        await visitor.wait_to_see("请取走小票")
        assert len(printer.printed) == 1

    stage.play(story)


def test_a_busy_choice_loses_its_digit_and_says_wait(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        choice = visitor.page.choices[1]
        choice.show_busy()
        await visitor.settle()
        assert visitor.sees("请稍候")
        assert visitor.cells(choice.place.x, choice.place.y + choice.place.height // 2, CAP).strip() == ""

    stage.play(story)


def test_pastes_and_focus_reports_reach_nobody(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter", "tab")
        for event in (events.Paste("1"), events.AppBlur(), events.AppFocus()):
            visitor.app.post_message(event)
        await visitor.settle()
        assert visitor.app._live.visit.place == Home()
        assert isinstance(visitor.page.choices[0], Choice)
        assert visitor.page.choices[1].focus_shown or visitor.page.choices[0].focus_shown

    stage.play(story)


@pytest.mark.parametrize("gap", [0.05, 0.3, 0.5, 0.7])
def test_who_presses_twice_to_be_sure_still_sees_the_number(stage: Stage, gap: float) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        await visitor.press("2")
        await visitor.press("2", after=gap)
        place = visitor.page.choices[1].place
        await visitor.touch(place.x + 2, place.y + 1, after=0.1)
        assert visitor.app._live.visit.place == Number()
        await visitor.press("2")
        assert visitor.app._live.visit.place == Home()

    stage.play(story)
