"""Rating a service: five equal grades, nothing chosen beforehand, skipped in one touch, once for each matter."""

import pytest

from kiosk.journal.store import Reader
from kiosk.ports import Condition
from kiosk.text import Language
from kiosk.visit import Found, Home, Number, Rated, Rating
from screens.pages.ending import RefusedPage
from screens.widgets.choice import Choice
from tests.screens.stage import SIZES, Obedient, Stage, Visitor, walk_to_package
from tests.screens.test_scanning import scan

GRADES = ["非常满意", "满意", "基本满意", "不满意", "非常不满意"]


async def walk_to_rating(visitor: Visitor) -> None:
    await walk_to_package(visitor)
    await visitor.press("2")
    await visitor.wait_to_see("请取走小票")
    await visitor.press("3")
    assert isinstance(visitor.app._live.visit.place, Rating)


def given(visitor: Visitor) -> list[bytes]:
    reader = Reader(visitor.station.state)
    try:
        return [entry.body for entry in reader.entries() if entry.kind == "rating.given"]
    finally:
        reader.close()


@pytest.mark.parametrize("size", SIZES)
def test_five_grades_are_equal_and_none_is_chosen_beforehand(stage: Stage, size: tuple[int, int]) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_rating(visitor)
        *grades, skip = visitor.page.choices
        assert [grade.words.label for grade in grades] == GRADES
        assert len({look(grade) for grade in [*grades, skip]}) == 1
        assert skip.words.label == "不评价，跳过"

    def look(grade: Choice) -> tuple[bool, bool, int, bool]:
        return grade.primary, grade.focus_shown, grade.place.height, bool(grade.words.seal)

    stage.play(story, size)


def test_it_is_skipped_in_one_touch_and_nothing_is_noted(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_rating(visitor)
        await visitor.choose("不评价，跳过")
        assert visitor.app._live.visit.place == Number()
        assert given(visitor) == []

    stage.play(story)


def test_a_good_grade_is_noted_at_once_and_can_be_given_once(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_rating(visitor)
        await visitor.press("2")
        assert visitor.app._live.visit.place == Rated()
        assert visitor.sees("评价已记下，谢谢")
        ticket = visitor.app._live.ticket
        assert ticket is not None
        (body,) = given(visitor)
        assert ticket.code.encode() in body
        assert b'"answers":{"grade":"good"}' in body
        await visitor.station.desk.requests.rate(ticket.code, {"grade": "poor"})
        assert given(visitor) == [body]

    stage.play(story)


def test_a_bad_grade_asks_for_the_reason_which_may_be_left_out(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_rating(visitor)
        await visitor.press("5")
        assert visitor.sees("主要是哪里不好？")
        await visitor.press("*", "4")
        await visitor.choose("不选，跳过")
        assert visitor.app._live.visit.place == Rated()
        assert b'"answers":{"grade":"poor"}' in given(visitor)[0]

    stage.play(story)


async def take_a_number_and_leave(visitor: Visitor) -> str:
    """Returns the address of the number's page."""
    await walk_to_package(visitor)
    await visitor.press("2")
    await visitor.wait_to_see("请取走小票")
    ticket = visitor.app._live.ticket
    assert ticket
    assert ticket.link
    await visitor.press("1", "1")
    return ticket.link


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", list(Language))
def test_the_slip_of_a_number_leads_to_its_rating_later_and_once(
    stage: Stage, size: tuple[int, int], language: Language
) -> None:
    async def story(visitor: Visitor) -> None:
        say = visitor.app._desk.say
        link = await take_a_number_and_leave(visitor)
        await scan(visitor, link)
        visitor.app._live.visit.language = language
        visitor.app.show()
        await visitor.settle()
        await visitor.choose(say(language, "评价服务"))
        assert isinstance(visitor.app._live.visit.place, Rating)
        await visitor.press("1")
        assert visitor.app._live.visit.place == Rated()
        assert len(given(visitor)) == 1
        await visitor.press("1")
        await scan(visitor, link)
        assert visitor.app._live.visit.place == Found()
        assert not visitor.sees(say(Language.HANS, "评价服务"))
        assert len(visitor.page.choices) == 2

    stage.play(story, size)


def test_a_slip_that_can_still_be_printed_comes_first(stage: Stage, printer: Obedient) -> None:
    printer.condition_now = Condition.PAPER_OUT

    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        await visitor.press("2")
        await visitor.wait_to_see("缺纸")
        ticket = visitor.app._live.ticket
        assert ticket
        await visitor.press("1", "1")
        await scan(visitor, ticket.code)
        assert visitor.sees("补打小票")
        assert not visitor.sees("评价服务")

    stage.play(story)


def test_whoever_rates_a_second_time_is_told_that_the_first_one_stands(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        link = await take_a_number_and_leave(visitor)
        await scan(visitor, link)
        await visitor.choose("评价服务")
        ticket = visitor.app._live.found
        assert ticket
        await visitor.station.desk.requests.rate(ticket.ticket.code, {"grade": "poor"})
        await visitor.press("1")
        assert isinstance(visitor.page, RefusedPage)
        assert visitor.sees("这一件已经评价过，一件只评一次。")
        assert len(given(visitor)) == 1
        await visitor.press("1")
        assert visitor.app._live.visit.place == Found()
        await visitor.press("/")
        assert visitor.app._live.visit.place == Home()

    stage.play(story)
