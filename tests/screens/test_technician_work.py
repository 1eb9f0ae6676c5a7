"""What a technician does in front of the station, by keys and by touch, with a real journal behind it."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from kiosk.journal.listing import Listing
from kiosk.ports import Condition
from kiosk.text import Language
from kiosk.visit import Home
from screens.intents import TakeNumber
from screens.pages.welcome import WelcomePage
from screens.technician.bench import BenchPage
from screens.technician.line import LinePage
from screens.technician.overview import OverviewPage
from screens.technician.paper import PaperPage
from screens.technician.person import GridPage, KeysPage
from screens.technician.record import RecordPage
from screens.technician.settings import SettingsPage
from screens.technician.told import ResultPage
from screens.widgets.tiles import Tiles
from tests.screens.stage import Obedient, Stage, Visitor
from tests.screens.technicians import door_to, enter, knock_by_key

Doing = Callable[[Visitor], Awaitable[None]]


@pytest.fixture
def at_work(stage: Stage, tmp_path: Path) -> Callable[..., None]:
    """Plays what is done inside."""
    stage.door = door_to(tmp_path, faults=lambda name, on: SWITCHED.append((name, on)))
    SWITCHED.clear()

    def play(doing: Doing, size: tuple[int, int] = (80, 22)) -> None:
        async def story(visitor: Visitor) -> None:
            await knock_by_key(visitor)
            await enter(visitor)
            assert isinstance(visitor.page, OverviewPage)
            await doing(visitor)

        stage.play(story, size)

    return play


SWITCHED: list[tuple[str, bool]] = []


def noted(folder: Path, *beginnings: str) -> str:
    with Listing(folder) as listing:
        return "\n".join(one.words for one in listing.entries(beginnings, "", 100))


def test_one_test_is_run_and_its_result_is_kept(at_work: Callable[..., None], tmp_path: Path) -> None:
    async def doing(visitor: Visitor) -> None:
        await visitor.choose("测试")
        await visitor.choose("打印机")
        assert visitor.sees("严重", "打印机缺纸", "换上新的纸卷")
        await visitor.choose("返回")
        assert isinstance(visitor.page, BenchPage)
        assert visitor.sees("打印机 严重")
        assert "symptom=printer-paper-out" in noted(tmp_path, "technician.tested")

    at_work(doing)


def test_all_tests_run_and_the_report_comes_out_with_a_code_for_machines(
    at_work: Callable[..., None], printer: Obedient
) -> None:
    async def doing(visitor: Visitor) -> None:
        await visitor.press("1")
        await visitor.choose("全部测试")
        assert isinstance(visitor.page, ResultPage)
        assert visitor.sees("测试结果", "报告已经打印")
        (slip,) = printer.printed
        assert any(getattr(block, "data", "").startswith("JMK1;07;") for block in slip.blocks)

    at_work(doing)


def test_a_new_roll_is_noted_with_its_length(at_work: Callable[..., None]) -> None:
    async def doing(visitor: Visitor) -> None:
        await visitor.press("2", "1", *"30", "enter")
        assert visitor.sees("新纸卷 30 米")
        await visitor.choose("返回")
        assert isinstance(visitor.page, PaperPage)
        assert visitor.sees("还剩 30.0 米")
        await visitor.press("1", *"900")
        assert visitor.sees("900")
        await visitor.press("enter")
        assert visitor.sees("没有这么长的纸卷")

    at_work(doing)


def test_a_slip_that_did_not_come_out_is_printed_again_or_given_up(
    stage: Stage, printer: Obedient, tmp_path: Path
) -> None:
    stage.door = door_to(tmp_path)

    async def story(visitor: Visitor) -> None:
        desk, spooler = visitor.station.desk, visitor.station.spooler
        printer.condition_now = Condition.PAPER_OUT
        visit = desk.begin(Language.HANS)
        package = desk.packages("birth")[0].id
        tickets = [await desk.take_ticket(visit, one, None) for one in (package, "home_assist")]
        while spooler.condition is not Condition.PAPER_OUT:
            await visitor.pass_time(0.1)
        desk.end(visit)
        await knock_by_key(visitor)
        await enter(visitor)
        await visitor.press("2")
        await visitor.wait_to_see("2 张没有打出来")
        printer.condition_now = Condition.READY
        await visitor.choose(tickets[0].number)
        assert visitor.sees("没有打出来", "打印机缺纸")
        await visitor.choose("补打")
        await visitor.choose("来访者在等")
        assert visitor.sees("打出来了")
        await visitor.choose("返回")
        await visitor.choose(tickets[1].number)
        await visitor.choose("放弃")
        await visitor.choose("来访者已离开")
        await visitor.choose("返回")
        assert visitor.sees("没有要处理的")
        assert len(printer.printed) == 1

    stage.play(story)


def test_the_record_is_browsed_filtered_searched_and_printed(at_work: Callable[..., None], printer: Obedient) -> None:
    async def doing(visitor: Visitor) -> None:
        await visitor.choose("记录")
        assert isinstance(visitor.page, RecordPage)
        assert visitor.sees("技术员进入", "name=T1", "还没有导出过")
        await visitor.choose("分类")
        await visitor.choose("取号")
        assert visitor.sees("没有这样的记录")
        await visitor.choose("分类")
        await visitor.choose("技术员")
        await visitor.choose("查找")
        await visitor.press(*"987654", "enter")
        assert visitor.sees("含 987654", "没有这样的记录")
        await visitor.choose("查找")
        await visitor.press("enter")
        await visitor.choose("打印")
        assert visitor.sees("打出来了")
        assert printer.printed[0].title == "technician record"

    at_work(doing)


def test_the_record_is_exported_with_a_marker(at_work: Callable[..., None], tmp_path: Path) -> None:
    async def doing(visitor: Visitor) -> None:
        await visitor.choose("记录")
        await visitor.choose("导出")
        assert visitor.sees("个人信息一直是加密的", "没有看到能写入的移动盘")
        await visitor.choose("本机文件夹")
        assert visitor.sees("写好了")
        assert len(list((tmp_path / "outgoing").iterdir())) == 1
        await visitor.choose("返回")
        assert not visitor.sees("还没有导出过")

    at_work(doing)


def test_line_and_settings_say_what_is_so(at_work: Callable[..., None]) -> None:
    async def doing(visitor: Visitor) -> None:
        await visitor.choose("线路")
        assert isinstance(visitor.page, LinePage)
        assert visitor.sees("没有设置中心", "待送", "技术员进入 1")
        await visitor.choose("拷走")
        await visitor.choose("本机文件夹")
        assert visitor.sees("写好了")
        await visitor.press("/")
        await visitor.choose("参数")
        assert isinstance(visitor.page, SettingsPage)
        assert visitor.sees("station.number", "默认", "只能在文件里改")

    at_work(doing)


def test_a_fault_is_practised_and_gone_when_the_technician_leaves(at_work: Callable[..., None]) -> None:
    async def doing(visitor: Visitor) -> None:
        await visitor.press("1")
        await visitor.choose("演练")
        await visitor.choose("盖子开着")
        assert visitor.sees("盖子开着 已发生")
        assert SWITCHED == [("cover", True)]
        await visitor.press("#")
        assert isinstance(visitor.page, WelcomePage)
        assert SWITCHED == [("cover", True), ("cover", False)]

    at_work(doing)


async def open_test(visitor: Visitor, title: str) -> None:
    await visitor.choose("测试")
    while not any(choice.words.label == title for choice in visitor.page.choices):
        await visitor.choose("翻页")
    await visitor.choose(title)


def test_every_key_pressed_once_answers_for_itself(at_work: Callable[..., None], tmp_path: Path) -> None:
    async def doing(visitor: Visitor) -> None:
        await open_test(visitor, "按键")
        assert isinstance(visitor.page, KeysPage)
        await visitor.press(*"0123456789*/.-+#", "enter")
        assert visitor.sees("全部正常")
        assert "by=person" in noted(tmp_path, "technician.tested")

    at_work(doing)


def test_a_dead_key_is_told_by_pressing_enter_twice(at_work: Callable[..., None]) -> None:
    async def doing(visitor: Visitor) -> None:
        await open_test(visitor, "按键")
        await visitor.press("1", "enter", "enter")
        assert visitor.sees("看的人说不正常")

    at_work(doing)


@pytest.mark.parametrize("size", [(80, 22), (60, 50)])
def test_every_tile_touched_once_answers_for_itself(at_work: Callable[..., None], size: tuple[int, int]) -> None:
    async def doing(visitor: Visitor) -> None:
        await open_test(visitor, "触摸格")
        assert isinstance(visitor.page, GridPage)
        tiles = visitor.page.query_one(Tiles)
        for slot in tiles.slots():
            at = slot.translate(tiles.place.offset)
            await visitor.touch(at.x + at.width // 2, at.y + at.height // 2)
        assert visitor.sees("全部正常")

    at_work(doing, size)


def test_a_page_from_paper_is_judged_by_who_holds_it(at_work: Callable[..., None], printer: Obedient) -> None:
    async def doing(visitor: Visitor) -> None:
        await open_test(visitor, "打印样张")
        assert printer.printed[0].title == "test page"
        assert visitor.sees("标尺、字号、生僻字、二维码、切纸都好吗？")
        await visitor.choose("都好")
        assert visitor.sees("全部正常")

    at_work(doing)


def test_back_leads_the_way_one_came_and_home_to_the_overview(at_work: Callable[..., None]) -> None:
    async def doing(visitor: Visitor) -> None:
        await visitor.press("1", "1", "*")
        assert isinstance(visitor.page, BenchPage)
        await visitor.press("*")
        assert isinstance(visitor.page, OverviewPage)
        await visitor.press("2", "1", "*")
        assert isinstance(visitor.page, PaperPage)
        await visitor.press("/")
        assert isinstance(visitor.page, OverviewPage)

    at_work(doing)


def test_the_next_resident_finds_nothing_of_it(at_work: Callable[..., None]) -> None:
    async def doing(visitor: Visitor) -> None:
        await visitor.press("3", "#")
        assert isinstance(visitor.page, WelcomePage)
        assert visitor.app._room.shift is None
        await visitor.press("enter")
        assert visitor.app._live.visit.place == Home()
        assert not any(isinstance(choice.intent, TakeNumber) and choice.disabled for choice in visitor.page.choices)

    at_work(doing)
