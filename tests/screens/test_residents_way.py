"""A resident's way through the screens: by touch, by keys, in three languages, and what happens to its paper."""

import pytest

from kiosk.desk import Refused
from kiosk.ports import Condition, Result
from kiosk.text import Language
from kiosk.visit import Asking, Home, ListPage, Number, PackagePage
from screens.pages.ending import FarewellPage, RefusedPage
from screens.pages.welcome import WelcomePage
from screens.widgets.bands import Footer
from screens.widgets.number import NumberSheet
from screens.widgets.qr import QrPanel
from tests.screens.stage import MORNING, NIGHT, SIZES, Obedient, Stage, Visitor, walk_to_list, walk_to_package


@pytest.mark.parametrize("size", SIZES)
def test_six_touches_and_one_per_question_lead_to_a_printed_number(
    stage: Stage, printer: Obedient, size: tuple[int, int]
) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.touch(size[0] // 2, size[1] // 2)
        for label in ("人生事件", "出生", "新生儿出生一件事", "看要带什么"):
            await visitor.choose(label)
        for _ in range(3):
            await visitor.choose("说不清楚")
        await visitor.choose("取号")
        await visitor.wait_to_see("请取走小票")
        assert visitor.page.query_one(NumberSheet).number == "A07-001"
        assert [document.title for document in printer.printed] == ["ticket and guide"]

    stage.play(story, size)


@pytest.mark.parametrize("size", SIZES)
def test_keys_alone_lead_to_a_printed_list(stage: Stage, printer: Obedient, size: tuple[int, int]) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_list(visitor)
        await visitor.press("1")
        await visitor.wait_to_see("请取走清单")
        assert [document.title for document in printer.printed] == ["guide"]

    stage.play(story, size)


def test_tab_and_enter_reach_what_digits_reach(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter", "tab", "enter")
        assert visitor.sees("企业历程：是哪一类？")
        await visitor.press("right", "down", "enter")
        assert visitor.sees("员工解聘：要办哪一件？")

    stage.play(story)


def test_a_number_may_be_taken_without_any_question(stage: Stage, printer: Obedient) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        await visitor.press("2")
        await visitor.wait_to_see("请取走小票")
        assert [document.title for document in printer.printed] == ["ticket"]

    stage.play(story)


def test_in_session_the_number_says_go_now_and_at_night_it_says_when_to_come(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        await visitor.press("2")
        await visitor.wait_to_see("请取走小票")
        running = visitor.clocks.wall_ms == int(MORNING.timestamp() * 1000)
        assert visitor.sees("现在到集美区政务服务中心" if running else "11月25日星期三08:30-12:00")

    stage.play(story, moment=MORNING)
    stage.play(story, moment=NIGHT)


def test_an_answer_that_rules_the_package_out_says_why_and_where_to_go(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        await visitor.press("1", "2")
        assert visitor.sees("这一件不适用您的情况", "本套餐要求父母双方均为福建省户籍")
        await visitor.press("2")
        assert visitor.sees("父母双方是否均为福建省户籍？", "第1问，共3问")

    stage.play(story)


def test_the_list_counts_what_it_shows(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_list(visitor)
        seen = visitor.text()
        await visitor.press("3")
        seen += visitor.text()
        assert "您要带这6样" in seen
        for name in ("父母双方居民身份证", "拟落户户主居民户口簿", "结婚证", "合并申请表（7合1）"):
            assert name in seen
        assert seen.count("仅供参考，以窗口为准") == 2

    stage.play(story)


def test_the_code_of_the_list_stands_beside_it_or_on_its_last_sheet(stage: Stage) -> None:
    links = []

    async def story(visitor: Visitor) -> None:
        await walk_to_list(visitor)
        while not visitor.page.query(QrPanel):
            await visitor.press("3")
        links.append(visitor.page.query_one(QrPanel).link)

    for size in SIZES:
        stage.play(story, size)
    assert set(links) == {links[0]}
    assert links[0].startswith("https://STATION.EXAMPLE/G/")


def test_every_page_can_be_turned_into_every_language_with_place_and_answers_kept(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        await visitor.press("1", "1")
        place, answers = visitor.app._live.visit.place, dict(visitor.app._live.visit.answers)
        seen = []
        for language in (Language.HANT, Language.EN, Language.HANS):
            await visitor.press("0")
            assert visitor.app._live.visit.language is language
            assert visitor.app._live.visit.place == place == Asking("newborn-birth", 1)
            assert visitor.app._live.visit.answers == answers
            seen.append(visitor.text())
        assert "第2問，共3問" in seen[0]
        assert "Question2of3" in seen[1]
        assert "第2问，共3问" in seen[2]

    stage.play(story)


def test_the_language_chosen_on_the_welcome_is_the_one_of_the_visit(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("3")
        assert visitor.sees("What would you like to do?")

    stage.play(story)


def test_back_leads_back_step_by_step_and_home_leads_home(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_list(visitor)
        await visitor.press("3", "*")
        assert visitor.app._live.visit.place == ListPage("newborn-birth")
        for place in (Asking("newborn-birth", 2), Asking("newborn-birth", 1), Asking("newborn-birth", 0)):
            await visitor.press("*")
            assert visitor.app._live.visit.place == place
        await visitor.press("*")
        assert visitor.app._live.visit.place == PackagePage("newborn-birth")
        await visitor.press("/")
        assert visitor.app._live.visit.place == Home()

    stage.play(story)


def test_the_footer_does_by_touch_what_its_keys_do(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        await visitor.touch_footer(3)
        assert visitor.app._live.visit.language is Language.HANT
        await visitor.touch_footer(0)
        assert visitor.sees("出生：要辦哪一件")
        await visitor.touch_footer(1)
        assert visitor.app._live.visit.place == Home()
        await visitor.touch_footer(6)
        assert visitor.sees("要結束並清除嗎")

    stage.play(story)


def test_a_place_of_the_footer_that_has_nothing_to_do_does_nothing(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter")
        places = visitor.page.query_one(Footer).places
        assert [bool(place.intent) for place in places] == [False, False, True, True, False, False, True]
        for number in (0, 1, 4, 5):
            await visitor.touch_footer(number)
        await visitor.press("-", "+")
        assert visitor.app._live.visit.place == Home()

    stage.play(story)


@pytest.mark.parametrize("size", SIZES)
def test_without_paper_the_number_stays_on_the_screen_with_its_code(
    stage: Stage, printer: Obedient, size: tuple[int, int]
) -> None:
    printer.condition_now = Condition.PAPER_OUT

    async def story(visitor: Visitor) -> None:
        await walk_to_list(visitor)
        await visitor.press("2")
        await visitor.wait_to_see("打印机缺纸", "号码仍然有效", "凭证码")
        ticket = visitor.app._live.ticket
        assert ticket is not None
        assert visitor.page.query_one(NumberSheet).number == ticket.number == "A07-001"
        assert visitor.page.query_one(QrPanel).link == ticket.link
        assert visitor.sees(ticket.code)
        printer.condition_now = Condition.READY
        await visitor.press("2")
        await visitor.wait_to_see("请取走小票")

    stage.play(story, size)


def test_when_nobody_knows_whether_it_printed_the_screen_says_so(stage: Stage, printer: Obedient) -> None:
    printer.result = Result.UNKNOWN

    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        await visitor.press("2")
        await visitor.wait_to_see("不能确定小票打全了没有", "号码仍然有效")

    stage.play(story)


def test_without_paper_the_list_is_offered_by_code(stage: Stage, printer: Obedient) -> None:
    printer.condition_now = Condition.COVER_OPEN

    async def story(visitor: Visitor) -> None:
        await walk_to_list(visitor)
        await visitor.press("1")
        await visitor.wait_to_see("打印机盖子开着", "可以扫码带走")
        assert visitor.page.query(QrPanel)
        await visitor.press("*")
        assert visitor.sees("您要带这6样")

    stage.play(story)


def test_a_disk_that_refuses_is_said_and_nothing_is_half_done(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(visitor: Visitor) -> None:
        async def refuse(*arguments: object) -> None:
            raise Refused("本机存储有问题，号码没有取成。请到大厅取号，或换一台机器。")

        monkeypatch.setattr(visitor.station.desk, "take_ticket", refuse)
        await walk_to_package(visitor)
        await visitor.press("2")
        assert isinstance(visitor.page, RefusedPage)
        assert visitor.sees("没有办成", "号码没有取成")
        await visitor.press("1")
        assert visitor.app._live.visit.place == PackagePage("newborn-birth")

    stage.play(story)


def test_the_visit_ends_when_the_resident_says_so(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        await visitor.press("2")
        await visitor.wait_to_see("请取走小票")
        assert visitor.app._live.visit.place == Number()
        await visitor.press("#")
        assert visitor.sees("要结束并清除吗？", "号码A07-001仍然有效")
        await visitor.press("2", "#", "1")
        assert isinstance(visitor.page, FarewellPage)
        await visitor.press("1")
        assert isinstance(visitor.page, WelcomePage)

    stage.play(story)
