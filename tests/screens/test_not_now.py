"""What cannot be had now: every page on which that shows says why and what to do instead, in three languages."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest

from kiosk.desk import SentRequest
from kiosk.journal.store import Journal
from kiosk.ports import Condition
from kiosk.text import Language
from kiosk.visit import CodeAsked, Filling, FormPage, PackagePage, Place
from screens.pages.ending import RefusedPage
from tests.enrolled import enrol
from tests.screens.stage import NIGHT, Obedient, Stage, Visitor
from tests.screens.test_requests import wait_for_the_key

ROOMLESS = pytest.mark.parametrize("size", [(80, 22), (60, 50)])
SEALS = str.maketrans("", "", "停!")
"""A notice's seal stands between its lines."""

NEWBORN = PackagePage("newborn-birth")

InOneLanguage = Callable[[Visitor, Language], Awaitable[None]]


def in_all_languages(visit: InOneLanguage) -> Callable[[Visitor], Awaitable[None]]:
    """Return a story in which three residents come one after the other, each with a language of their own."""

    async def story(visitor: Visitor) -> None:
        for language in Language:
            await visitor.press("enter")
            visitor.app._live.visit.language = language
            visitor.app.show()
            await visitor.settle()
            await visit(visitor, language)
            visitor.app.end_visit()
            await visitor.settle()
            while visitor.app._farewell:
                await visitor.press("enter")

    return story


async def stand_on(visitor: Visitor, place: Place) -> None:
    """Stand on the page of a place, as a resident who has found it."""
    visitor.app._live.visit.go(place)
    visitor.app.show()
    await visitor.settle()


def says(visitor: Visitor, *sentences: str) -> bool:
    """Whether the page says all `sentences` in the visit's language."""
    say, language = visitor.app._desk.say, visitor.app._live.visit.language
    text = visitor.text().translate(SEALS)
    return all("".join(say(language, one).split()).translate(SEALS) in text for one in sentences)


@ROOMLESS
def test_a_closed_window_says_when_it_opens_and_what_can_be_done_before(stage: Stage, size: tuple[int, int]) -> None:
    async def visit(visitor: Visitor, language: Language) -> None:
        await stand_on(visitor, NEWBORN)
        service = visitor.app._desk.service()
        assert not service.running
        while not says(visitor, "本机可以出清单、取号。"):
            await visitor.press("3")
        assert visitor.sees(service.session.label[:5])
        await visitor.press("2")
        await visitor.wait_to_see(visitor.app._desk.say(language, "请取走小票，纸从屏幕下方出来"))
        assert visitor.sees(service.session.label)

    stage.play(in_all_languages(visit), size, NIGHT)


@ROOMLESS
def test_where_no_time_can_be_booked_the_window_or_another_day_is_offered(stage: Stage, size: tuple[int, int]) -> None:
    never = tuple(
        msgspec.structs.replace(
            form, fields=tuple(msgspec.structs.replace(field, weekdays=(7,)) for field in form.fields)
        )
        for form in stage.release.requests
    )
    stage.release = msgspec.structs.replace(stage.release, requests=never)

    async def visit(visitor: Visitor, language: Language) -> None:
        await stand_on(visitor, Filling("advice", "time"))
        assert says(visitor, "现在没有可以约的时间。请到窗口问，或过些日子再来。", "回到首页", "返回")
        await visitor.press("2")
        assert not isinstance(visitor.app._live.visit.place, Filling)

    stage.play(in_all_languages(visit), size)


@ROOMLESS
def test_with_no_line_a_request_is_kept_and_its_page_says_that_it_goes_out_later(
    stage: Stage, size: tuple[int, int], tmp_path: Path
) -> None:
    enrol(tmp_path)

    async def visit(visitor: Visitor, language: Language) -> None:
        await wait_for_the_key(visitor)
        desk, live = visitor.app._desk, visitor.app._live
        form = desk.requests.form("advice")
        answers = {field.id: "" for field in form.fields} | {
            "topic": desk.requests.options(form.fields[0], {})[0].id,
            "time": desk.requests.half_days(form.field("time"))[0].value,
            "phone": "13800001234",
        }
        sent = await desk.requests.send(live.visit, form, answers)
        assert isinstance(sent, SentRequest)
        await stand_on(visitor, CodeAsked())
        await visitor.press(*sent.code, "enter")
        await visitor.wait_to_see(desk.say(language, "已保存在本机，联网后自动上报。"))

    stage.play(in_all_languages(visit), size)


@ROOMLESS
def test_a_station_that_is_not_enrolled_sends_to_the_window(stage: Stage, size: tuple[int, int]) -> None:
    async def visit(visitor: Visitor, language: Language) -> None:
        for form in (one.id for one in stage.release.requests if one.channel):
            await stand_on(visitor, FormPage(form))
            assert says(visitor, "本机还没有登记，不能收您的信息。请到窗口办。", "不填了，回去")

    stage.play(in_all_languages(visit), size)


@ROOMLESS
def test_a_printer_that_is_out_leaves_the_number_on_the_screen_to_be_written_down(
    stage: Stage, printer: Obedient, size: tuple[int, int]
) -> None:
    printer.condition_now = Condition.PAPER_OUT

    async def visit(visitor: Visitor, language: Language) -> None:
        await stand_on(visitor, NEWBORN)
        await visitor.press("2")
        await visitor.wait_to_see(visitor.app._desk.say(language, "小票没有打出来，号码仍然有效。"))
        assert says(visitor, "我记下了", "再试打印")
        ticket = visitor.app._live.ticket
        assert ticket
        assert visitor.sees(ticket.number, ticket.code)

    stage.play(in_all_languages(visit), size)


@ROOMLESS
def test_a_disk_that_takes_nothing_sends_to_the_hall_and_the_grey_card_says_so_too(
    stage: Stage, size: tuple[int, int]
) -> None:
    async def visit(visitor: Visitor, language: Language) -> None:
        visitor.app._desk._refused = False
        await stand_on(visitor, NEWBORN)
        await turn_read_only(visitor)
        await visitor.press("2")
        assert isinstance(visitor.page, RefusedPage)
        assert says(visitor, "本机存储有问题，号码没有取成。请到大厅取号，或换一台机器。")
        visitor.app._desk._probed = float("inf")
        await visitor.press("1", "2")
        assert visitor.app._live.visit.place == NEWBORN
        assert says(visitor, "本机暂停", "本机暂停取号，因为存储有问题。请到大厅取号。")

    stage.play(in_all_languages(visit), size)


async def turn_read_only(visitor: Visitor) -> None:
    """Let the journal take no write, as on a disk that was remounted read-only after a fault of its own."""

    def turn(journal: Journal) -> None:
        journal._db.execute("PRAGMA query_only = ON").fetchall()

    await asyncio.wrap_future(visitor.station.writer.submit(turn))
