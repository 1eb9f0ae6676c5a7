"""Requests on the screens: what is asked, what is kept, what is changed, and what a clerk adds without a program."""

import asyncio
import shutil
from pathlib import Path

import msgspec
import pytest

from kiosk import paths
from kiosk.attempts import MOST, Attempts
from kiosk.catalog.build import build
from kiosk.catalog.check import check
from kiosk.catalog.load import read_release
from kiosk.desk import Refused, SentRequest
from kiosk.documents import Document, Item, Words
from kiosk.journal.store import Journal
from kiosk.ports import Condition
from kiosk.text import Language
from kiosk.visit import ChannelPage, Checking, Filling, FormPage, Home, Sent
from kiosk.wire.exchange import Downward
from kiosk.wire.requests import TOLD, Told, digest
from screens.pages.ending import RefusedPage
from screens.widgets.field import Field
from tests.catalog.conftest import BUILT
from tests.catalog.test_requests import NEW_CHANNEL, NEW_FIELD, NEW_REQUEST
from tests.enrolled import enrol
from tests.screens.stage import SIZES, Obedient, Stage, Visitor

PHONE = "13800001234"
TO_THE_CHECK = ("enter", "6", "1", "1", "1", "1", "9", "1", "1", *PHONE, "enter", "9")
"""From the welcome to the check of all answers of a home visit, by keys alone."""


@pytest.fixture
def enrolled(stage: Stage, tmp_path: Path) -> Stage:
    enrol(tmp_path)
    return stage


async def wait_for_the_key(visitor: Visitor) -> None:
    """Begin a visit, and wait until the station has read whether it is enrolled."""
    await visitor.press("enter")
    while visitor.station.desk.requests._key is None:
        await asyncio.sleep(0.01)


async def walk_to_check(visitor: Visitor) -> None:
    await wait_for_the_key(visitor)
    await visitor.press(*TO_THE_CHECK[1:])
    assert visitor.app._live.visit.place == Checking("home-visit")


def words_of(document: Document) -> str:
    return " ".join(block.text for block in document.blocks if isinstance(block, Words))


@pytest.mark.parametrize("size", SIZES)
def test_help_at_home_is_asked_for_by_touch_in_every_size(
    enrolled: Stage, printer: Obedient, size: tuple[int, int]
) -> None:
    async def story(visitor: Visitor) -> None:
        await wait_for_the_key(visitor)
        for label in ("爱心帮办", "预约上门办理", "知道了，开始填", "自己", "灌口镇", "不写了，打电话时再说"):
            await visitor.choose(label)
        await visitor.choose("老年人优待证和公交优惠")
        await visitor.choose("11月25日（周三）下午")
        await visitor.press(*PHONE)
        await visitor.choose("填好了")
        await visitor.choose("不写了，打我留的电话")
        await visitor.choose("都对，提交")
        await visitor.wait_to_see("请取走小票")
        assert PHONE not in words_of(printer.printed[0])
        assert "138****1234" in words_of(printer.printed[0])

    enrolled.play(story, size)


def test_an_answer_is_changed_from_the_check_and_only_what_hangs_on_it_is_asked_again(enrolled: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_check(visitor)
        await visitor.press("1", "3")
        assert visitor.sees("请核对，还没有提交", "邻居")
        await visitor.press("2", "5")
        assert visitor.app._live.visit.place == Filling("home-visit", "community")
        await visitor.press("9")
        assert visitor.sees("请核对，还没有提交", "灌口镇", PHONE)
        await visitor.press("6", "*")
        assert visitor.page.query_one(Field).words == "138 0000 123"
        await visitor.press("9", "enter")
        assert visitor.sees("请核对，还没有提交", "13800001239")

    enrolled.play(story)


def test_back_leads_to_the_question_before_and_what_was_answered_is_not_asked_again(enrolled: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await wait_for_the_key(visitor)
        await visitor.press("6", "1", "1", "1", "1", "9", "2")
        assert visitor.app._live.visit.place == Filling("home-visit", "time")
        await visitor.press("*", "*", "*")
        assert visitor.app._live.visit.place == Filling("home-visit", "area")
        await visitor.press("1")
        assert visitor.app._live.visit.place == Filling("home-visit", "time")

    enrolled.play(story)


def test_another_language_keeps_the_place_the_answers_and_what_is_half_typed(enrolled: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await wait_for_the_key(visitor)
        await visitor.press("6", "1", "1", "1", "1", "9", "1", "1", "1", "3", "8", "0", "0")
        for language, asked in ((3, "Which number shall they call?"), (2, "社區打哪個電話找您？")):
            await visitor.press(".", str(language), "*")
            assert visitor.sees(asked)
            assert visitor.page.query_one(Field).words == "138 00"
        await visitor.press("0", "0", "1", "2", "3", "4", "enter", "w", "a", "n", "g")
        await visitor.press(".", "3", "*")
        assert visitor.sees("Whom shall they ask for?", "wang")
        assert visitor.app._live.visit.forms["home-visit"]["phone"] == PHONE

    enrolled.play(story)


def test_what_was_given_once_is_not_asked_again_in_the_visit(enrolled: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_check(visitor)
        await visitor.choose("都对，提交")
        await visitor.wait_to_see("请取走小票")
        visitor.clocks.steady += 1
        await visitor.choose("再办一件")
        for label in ("阿集驿站", "请台胞专员帮忙", "知道了，开始填", "办税", "11月26日（周四）上午"):
            await visitor.choose(label)
        assert visitor.sees("您怎么称呼？")
        await visitor.choose("不写了，打我留的电话")
        assert visitor.sees("证件号码是多少？")
        await visitor.press("enter")
        assert visitor.sees("请核对，还没有提交", PHONE)

    enrolled.play(story)


def test_a_matter_leads_to_the_request_with_the_matter_chosen(enrolled: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await wait_for_the_key(visitor)
        for label in ("大学生创业就业驿站", "代办事项", "税务局", "发票领用", "请人导办、帮代办", "知道了，开始填"):
            await visitor.choose(label)
        assert visitor.app._live.visit.place == Filling("agent-service", "help")
        await visitor.press("1")
        assert visitor.app._live.visit.place == Filling("agent-service", "phone")

    enrolled.play(story)


def test_a_disk_that_takes_nothing_says_so_and_keeps_the_answers(
    enrolled: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_check(visitor)

        async def refuse(*_: object) -> None:
            raise Refused("本机存储有问题，没有提交成功。您填的还在，可以再试，或到窗口办。")

        with monkeypatch.context() as patch:
            patch.setattr(visitor.station.desk.requests, "send", refuse)
            await visitor.choose("都对，提交")
        assert isinstance(visitor.page, RefusedPage)
        assert visitor.sees("没有提交成功")
        await visitor.press("1")
        assert visitor.sees("请核对，还没有提交", PHONE)
        await visitor.choose("都对，提交")
        await visitor.wait_to_see("请取走小票")

    enrolled.play(story)


def test_without_paper_the_code_stays_on_the_screen_until_it_is_noted(enrolled: Stage, printer: Obedient) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_check(visitor)
        printer.condition_now = Condition.PAPER_OUT
        await visitor.choose("都对，提交")
        await visitor.wait_to_see("打印机缺纸", "请把编号记下来")
        assert visitor.app._live.visit.place == Sent()
        visitor.clocks.steady += 1
        await visitor.choose("我记下了")
        assert visitor.sees("要结束并清除吗？")
        request = visitor.app._live.request
        assert request is not None
        assert visitor.sees(request.code)

    enrolled.play(story)


def test_whether_the_center_has_a_request_is_said_as_it_is_and_changes_on_the_page(enrolled: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_check(visitor)
        await visitor.press("enter")
        await visitor.wait_to_see("已保存在本机，联网后自动上报。")
        await visitor.pass_time(2)
        assert visitor.sees("已保存在本机，联网后自动上报。")
        sent = visitor.app._live.request
        assert sent is not None

        def confirm(journal: Journal) -> None:
            journal.acknowledge(sent.epoch, sent.seq, 1)

        visitor.station.writer.submit(confirm).result()
        await visitor.pass_time(2)
        await visitor.wait_to_see("中心已经收到。")
        assert not visitor.sees("联网后自动上报")

    enrolled.play(story)


def test_a_half_day_that_has_passed_is_asked_again_before_anything_is_sent(enrolled: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_check(visitor)
        visitor.clocks.wall_ms += 2 * 86_400_000
        await visitor.choose("都对，提交")
        assert visitor.app._live.visit.place == Filling("home-visit", "time")
        assert visitor.sees("这个时间约不了，请另选。")
        await visitor.press("1")
        assert visitor.sees("请核对，还没有提交")

    enrolled.play(story)


def test_a_station_that_is_not_enrolled_begins_no_form(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter", "6")
        assert visitor.sees("本机现在不能收")
        await visitor.press("1")
        assert visitor.app._live.visit.place == FormPage("home-visit")
        assert [choice.words.label for choice in visitor.page.choices] == ["不填了，回去"]
        await visitor.press("1")
        assert visitor.app._live.visit.place == ChannelPage("home_assist")

    stage.play(story)


def test_the_guide_to_a_matter_is_printed_with_what_to_bring(stage: Stage, printer: Obedient) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter")
        for label in ("阿集驿站", "警务事项", "申领台湾居民居住证", "打印指南"):
            await visitor.choose(label)
        await visitor.wait_to_see("请取走清单")
        (document,) = printer.printed
        assert "区政务服务中心内" in words_of(document)
        assert [block.text for block in document.blocks if isinstance(block, Item)] == [
            "台湾居民居住证申领登记表",
            "台湾居民来往大陆通行证",
            "居住半年以上证明（居住登记记录）",
            "合法稳定就业、住所或连续就读证明",
            "近期免冠证件照",
        ]

    stage.play(story)


def test_who_comes_from_taiwan_is_at_home_with_one_touch(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.choose("台胞台企")
        assert visitor.app._live.visit.place == ChannelPage("aji_station")
        assert visitor.sees("阿集驛站", "警務事項", "請台胞專員幫忙")
        await visitor.press("*")
        assert visitor.sees("您要辦什麼事？")

    stage.play(story)


def test_a_number_of_a_channels_own_queue_is_taken(stage: Stage, printer: Obedient) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter")
        await visitor.choose("阿集驿站")
        await visitor.choose("取号")
        await visitor.wait_to_see("请取走小票")
        assert "T07-001" in words_of(printer.printed[0])
        assert "阿集驿站" in words_of(printer.printed[0])

    stage.play(story)


def test_a_clerk_adds_a_channel_a_matter_and_a_field_by_editing_files_alone(
    enrolled: Stage, printer: Obedient, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    shutil.copytree(paths.data_dir(), data, ignore=shutil.ignore_patterns("release"))
    (data / "channels/library-desk.toml").write_text(NEW_CHANNEL, "utf-8")
    (data / "requests/library-card.toml").write_text(NEW_REQUEST + NEW_FIELD, "utf-8")
    enrolled.release = read_release(build(check(data), tmp_path / "out", BUILT))

    async def story(visitor: Visitor) -> None:
        await wait_for_the_key(visitor)
        visitor.app._live.visit.language = Language.EN
        for label in ("More services", "Sample desk", "What is done here", "Sample matter"):
            visitor.app.show()
            await visitor.settle()
            await visitor.choose(label)
        assert visitor.sees("A sample condition", "A sample place")
        await visitor.choose("Sample request")
        assert visitor.sees("A sample purpose", "A sample step")
        await visitor.choose("I see, begin")
        await visitor.press(*PHONE, "enter", "2", "1", "enter")
        assert visitor.sees("Please give a number from 1 to 20.", "How many people live there?")
        await visitor.press("*", "enter", "enter")
        await visitor.wait_to_see("Take the slip", "A sample step")
        assert "People: 2" in words_of(printer.printed[0])
        assert visitor.app._live.visit.trail == [Home(), Sent()]

    enrolled.play(story)


def test_many_wrong_codes_close_the_machine_for_a_while_whoever_tries(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        for _ in range(MOST):
            visitor.station.desk.attempts.missed()
        visitor.app.scanned("0000000000000106")
        await visitor.wait_to_see("试的次数太多了")
        await visitor.press("#", "enter", "enter")
        visitor.station.desk.attempts = Attempts(lambda: 0.0)
        visitor.app.scanned("0000000000000106")
        await visitor.wait_to_see("不是本站的小票")

    stage.play(story)


def test_a_projects_record_is_read_and_printed_by_whoever_has_the_code_of_one_of_its_requests(
    enrolled: Stage, printer: Obedient
) -> None:
    async def story(visitor: Visitor) -> None:
        await wait_for_the_key(visitor)
        desk, project = visitor.station.desk, "2611-350211-04-01-123456"
        form = desk.requests.form("project-helper")
        answers = {"project": project, "stage": "completion", "words": "", "phone": PHONE, "name": ""}
        sent = await desk.requests.send(visitor.app._live.visit, form, answers)
        assert isinstance(sent, SentRequest)
        told = Told(
            code=digest(sent.code),
            station="07",
            form=form.id,
            state="taken-on",
            words="专员已联系消防",
            made=0,
            time=0,
            project=digest(project),
            matter="completion",
        )
        item = Downward(1, TOLD, msgspec.json.encode(told))
        visitor.station.writer.submit(lambda journal: journal.keep([item], 0)).result()
        visitor.app.scanned(sent.code)
        await visitor.wait_to_see("这是您的申请", "有人在办")
        await visitor.choose("项目办理记录")
        assert visitor.sees(project, "竣工验收", "请帮办专员", "专员已联系消防")
        await visitor.choose("打印记录")
        await visitor.wait_to_see("请取走小票")
        assert "项目办理记录" in words_of(printer.printed[-1])

    enrolled.play(story)
