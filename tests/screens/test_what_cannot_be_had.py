"""A choice that cannot be had now keeps its place and says why; no key, touch or focus reaches it."""

import pytest

from kiosk.ports import Condition
from kiosk.visit import CodeAsked, ListPage, PackagePage
from screens.pages.welcome import WelcomePage
from screens.widgets.bands import Footer
from screens.widgets.choice import State
from tests.screens.stage import SIZES, Obedient, Stage, Visitor, walk_to_list, walk_to_package


@pytest.mark.parametrize("size", SIZES)
def test_without_a_printer_the_list_is_not_promised_on_paper(
    stage: Stage, printer: Obedient, size: tuple[int, int]
) -> None:
    printer.condition_now = Condition.NOT_CONFIGURED

    async def story(visitor: Visitor) -> None:
        await visitor.wait_to_see("这台机器没有打印机")
        await walk_to_list(visitor)
        place = visitor.app._live.visit.place
        assert visitor.page.choices[0].state is State.DISABLED
        assert visitor.page.choices[0].words.label == "打印清单"
        assert visitor.page.choices[1].primary
        assert visitor.page.choices[1].focus_shown
        await visitor.choose("打印清单")
        await visitor.press("1")
        assert visitor.app._live.visit.place == place
        assert isinstance(place, ListPage)

    stage.play(story, size)


def test_when_the_disk_took_nothing_no_number_is_offered_for_a_while(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        visitor.app._desk._refused, visitor.app._desk._probed = True, float("inf")
        assert isinstance(visitor.page, WelcomePage)
        await walk_to_package(visitor)
        assert visitor.sees("直接取号", "本机暂停")
        await visitor.press("2")
        await visitor.choose("直接取号")
        assert visitor.app._live.visit.place == PackagePage("newborn-birth")

    stage.play(story, (120, 34))


def test_a_page_is_drawn_anew_when_numbers_can_be_had_again_and_not_before(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        visitor.app._desk._refused, visitor.app._desk._probed = True, float("inf")
        await walk_to_package(visitor)
        page = visitor.page
        visitor.app._tick()
        await visitor.settle()
        assert visitor.page is page
        visitor.app._desk._refused = False
        visitor.app._tick()
        await visitor.settle()
        assert not visitor.sees("本机暂停")
        assert visitor.page.choices[1].state is State.READY

    stage.play(story)


def test_the_focus_goes_past_what_cannot_be_had(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        visitor.app._desk._refused, visitor.app._desk._probed = True, float("inf")
        await walk_to_package(visitor)
        choices = visitor.page.choices
        assert [choice.focus_shown for choice in choices] == [True, False, False, False]
        for key, at in (("tab", 2), ("tab", 3), ("tab", 0), ("shift+tab", 3), ("up", 0), ("down", 2)):
            await visitor.press(key)
            assert [number for number, choice in enumerate(choices) if choice.focus_shown] == [at], key

    stage.play(story)


def rail(visitor: Visitor) -> str:
    return visitor.page.query_one(Footer).told


@pytest.mark.parametrize("size", SIZES)
def test_a_grey_key_says_in_one_line_why_and_the_next_key_takes_that_away(stage: Stage, size: tuple[int, int]) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter")
        for key, why in (
            ("*", "不能返回，因为这是第一页。"),
            ("/", "不能回首页，因为这里就是首页。"),
            ("+", "不能朗读，因为本机现在没有语音。"),
        ):
            await visitor.press(key)
            assert rail(visitor) == why
            assert visitor.sees(why)
        await visitor.press("tab")
        assert rail(visitor) == ""
        await visitor.touch_footer(5)
        assert visitor.sees("不能朗读，因为本机现在没有语音。")
        await visitor.touch(0, 0)
        assert rail(visitor) == ""
        await visitor.press("0", "+")
        assert visitor.sees("不能朗讀")
        await visitor.press("0")
        assert rail(visitor) == ""
        await visitor.press("+")
        assert visitor.sees("No reading aloud")

    stage.play(story, size)


def test_where_digits_are_typed_nothing_is_said_but_the_digit(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter")
        visitor.app._live.visit.go(CodeAsked())
        visitor.app.show()
        await visitor.settle()
        await visitor.touch_footer(3)
        assert rail(visitor) == "0 在这里是数字，换语言请按帮助。"
        await visitor.press("0")
        assert rail(visitor) == ""
        assert visitor.sees("1 位")

    stage.play(story)


def test_a_grey_key_answers_the_question_whether_anybody_is_there(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        await visitor.pass_time(61)
        await visitor.press("+")
        assert visitor.app._live.visit.place == PackagePage("newborn-birth")
        assert rail(visitor) == ""

    stage.play(story)
