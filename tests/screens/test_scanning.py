"""A slip held under the scanner: on the welcome page, in a visit, with the paper back, and codes of strangers."""

import pytest

from kiosk.desk import JobState
from kiosk.ports import Condition
from kiosk.text import Language
from kiosk.visit import ChannelPage, Found, Home, ManualPage, Number, PackagePage
from screens.pages.ending import IdlePage, RefusedPage
from screens.pages.welcome import WelcomePage
from screens.widgets.qr import QrPanel
from tests.screens.stage import SIZES, Obedient, Stage, Visitor, walk_to_package


async def scan(visitor: Visitor, text: str) -> None:
    visitor.app.scanned(text)
    for _ in range(200):
        await visitor.settle()
        if not visitor.app._busy:
            break
    await visitor.settle()


async def lose_a_slip(visitor: Visitor) -> str:
    """Take a number while there is no paper, leave, and return the link that the phone kept."""
    await walk_to_package(visitor)
    await visitor.press("2")
    for _ in range(500):
        job = visitor.app._live.job
        if job and job.state is JobState.HELD:
            break
        await visitor.settle()
    ticket = visitor.app._live.ticket
    assert ticket
    assert ticket.link
    await visitor.press("1", "1")
    assert isinstance(visitor.page, WelcomePage)
    return ticket.link


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", list(Language))
def test_a_lost_slip_is_printed_again_for_whoever_has_its_code(
    stage: Stage, printer: Obedient, size: tuple[int, int], language: Language
) -> None:
    printer.condition_now = Condition.PAPER_OUT

    async def story(visitor: Visitor) -> None:
        link = await lose_a_slip(visitor)
        printer.condition_now = Condition.READY
        await scan(visitor, link)
        assert visitor.app._live.visit.place == Found()
        visitor.app._live.visit.language = language
        visitor.app.show()
        await visitor.settle()
        say = visitor.app._desk.say
        assert visitor.sees(say(language, "小票没有打出来，可以补打一张。"), say(language, "补打小票"))
        await visitor.press("1")
        await visitor.wait_to_see(say(language, "请取走小票，纸从屏幕下方出来"))
        assert visitor.app._live.visit.place == Number()
        assert len(printer.printed) == 1
        await scan(visitor, link)
        assert visitor.sees(say(language, "小票已经打出来过，号码仍然有效。"))
        assert visitor.sees(say(language, "评价服务"))
        assert len(visitor.page.choices) == 3

    stage.play(story, size)


@pytest.mark.parametrize(
    "text",
    ["", "hello", "https://example.org/", "https://STATION.EXAMPLE/T/1234567890123456", "A07-001", "T/" * 3000],
)
def test_any_other_code_is_plainly_not_read_and_opens_nothing(stage: Stage, text: str) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        await scan(visitor, text)
        assert isinstance(visitor.page, RefusedPage)
        assert visitor.sees("这个码读不出来，或者不是本站的小票。")
        await visitor.press("1")
        assert visitor.app._live.visit.place == PackagePage("newborn-birth")

    stage.play(story)


def test_a_code_of_a_stranger_on_the_welcome_page_leads_to_the_first_choice(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await scan(visitor, "https://example.org/")
        assert visitor.sees("这个码读不出来")
        await visitor.press("1")
        assert visitor.app._live.visit.place == Home()

    stage.play(story)


@pytest.mark.parametrize(("key", "seen"), [("#", "要结束并清除吗"), ("/", "人生事件"), ("*", "人生事件")])
def test_every_way_out_leads_away_from_a_code_that_is_not_read(stage: Stage, key: str, seen: str) -> None:
    async def story(visitor: Visitor) -> None:
        await scan(visitor, "WIFI:S:free;;")
        assert isinstance(visitor.page, RefusedPage)
        await visitor.press(key)
        assert not isinstance(visitor.page, RefusedPage)
        assert visitor.sees(seen)

    stage.play(story)


def test_a_manuals_code_from_the_screen_is_printed_and_leads_back_to_its_channel(
    stage: Stage, printer: Obedient
) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter", "3", "8")
        assert visitor.app._live.visit.place == ManualPage("student_station")
        (panel,) = visitor.page.query(QrPanel)
        assert panel.link == "https://STATION.EXAMPLE/G/51S"
        await visitor.press("1")
        await visitor.wait_to_see("请取走小票")
        assert len(printer.printed) == 1
        await visitor.press("2")
        await scan(visitor, panel.link)
        assert visitor.app._live.visit.place == ChannelPage("student_station")

    stage.play(story)


def test_a_scan_says_that_somebody_is_there(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        await visitor.pass_time(61)
        assert isinstance(visitor.page, IdlePage)
        await scan(visitor, "x")
        assert isinstance(visitor.page, RefusedPage)
        await visitor.press("1")
        assert visitor.app._live.visit.place == PackagePage("newborn-birth")

    stage.play(story)


def test_nothing_of_a_scanned_ticket_stays_after_the_visit(stage: Stage, printer: Obedient) -> None:
    printer.condition_now = Condition.PAPER_OUT

    async def story(visitor: Visitor) -> None:
        link = await lose_a_slip(visitor)
        await scan(visitor, link)
        await visitor.press("#", "1")
        assert isinstance(visitor.page, WelcomePage)
        assert visitor.app._session is None

    stage.play(story)
