"""Appointments on the screens: booked, changed and called off, printed each time, and an honest word where none is."""

import asyncio

import msgspec
import pytest

from kiosk.documents import Document, Words
from kiosk.journal.store import Journal
from kiosk.visit import AppointmentFound, ChannelPage, Reserved, SlotAsked, SlotsPage
from kiosk.wire.exchange import Downward
from kiosk.wire.places import LENT, Lent
from tests.screens.stage import SIZES, Obedient, Stage, Visitor

FIRST, SECOND = "2026-11-24", "2026-12-01"


async def arrive(visitor: Visitor, **lent: int) -> None:
    """Begin a visit in front of a station to which the bank's places of these days were lent."""
    # A line to the center is for other tests; what it lent is in the journal.
    visitor.station.desk.appointments._enrolled = lambda: True

    def give(journal: Journal) -> None:
        items = []
        for seq, (day, places) in enumerate(lent.items(), start=1):
            loan = Lent(
                loan=day,
                station=visitor.station.desk.number,
                epoch=journal.epoch,
                theme="T",
                day=day,
                session="15:00-17:30",
                places=places,
                lent=1,
            )
            items.append(Downward(seq, LENT, msgspec.json.encode(loan.proved())))
        journal.keep(items, 1)
        journal.places.attest(journal.epoch)

    await asyncio.wrap_future(visitor.station.writer.submit(give))
    await visitor.press("enter")
    visitor.app._live.visit.go(ChannelPage("aji_station"))
    visitor.app.show()
    await visitor.settle()


def words_of(document: Document) -> str:
    return " ".join(block.text for block in document.blocks if isinstance(block, Words))


async def choose(visitor: Visitor, label: str) -> None:
    """Touch the card with this label."""
    for y, line in enumerate(visitor.lines()):
        if label in line:
            before = line[: line.index(label)]
            await visitor.touch(sum(2 if ord(one) > 0x2E7F else 1 for one in before) + 1, y)
            return
    raise AssertionError(f"no card says {label}\n" + "\n".join(visitor.lines()))


@pytest.mark.parametrize("size", SIZES)
def test_a_bank_day_is_booked_changed_and_called_off_by_its_code(
    stage: Stage, printer: Obedient, size: tuple[int, int]
) -> None:
    async def story(visitor: Visitor) -> None:
        await arrive(visitor, **{FIRST: 1, SECOND: 1})
        assert visitor.sees("当场约银行服务点", "11月24日")
        await choose(visitor, "当场约银行服务点")
        assert visitor.app._live.visit.place == SlotsPage("aji_station")
        assert visitor.sees("本机还有1个名额", "本机没有名额")
        await choose(visitor, "11月24日 星期二 15:00")
        assert isinstance(visitor.app._live.visit.place, SlotAsked)
        await choose(visitor, "打印预约单")
        assert visitor.app._live.visit.place == Reserved()
        booked = visitor.app._live.booked
        assert booked is not None
        assert visitor.sees("约好了", booked.code[:4], "15:00-17:30")
        await visitor.wait_to_see("请取走小票")
        assert booked.code[:4] in words_of(printer.printed[-1])
        await choose(visitor, "再办一件")
        visitor.app.scanned(f"https://STATION.EXAMPLE/T/{booked.code}")
        await visitor.wait_to_see("这是您的预约")
        await choose(visitor, "改时间")
        await choose(visitor, "12月1日 星期二 15:00")
        await choose(visitor, "打印预约单")
        await visitor.wait_to_see("请取走小票")
        assert visitor.sees("12月1日", booked.code[-4:])
        assert "改约单" in words_of(printer.printed[-1])
        await choose(visitor, "再办一件")
        visitor.app.scanned(booked.code)
        await visitor.wait_to_see("这是您的预约")
        await choose(visitor, "不要了，取消")
        await choose(visitor, "取消预约")
        assert visitor.app._live.visit.place == AppointmentFound()
        assert visitor.sees("已取消")
        free = await asyncio.wrap_future(visitor.station.writer.submit(lambda journal: len(journal.places.free(1))))
        assert free == 2

    stage.play(story, size)


def test_where_no_place_was_lent_it_says_so_and_a_number_can_be_had(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await arrive(visitor)
        await choose(visitor, "当场约银行服务点")
        assert visitor.sees("还没有确认", "先取号")
        await choose(visitor, "11月24日 星期二 15:00")
        assert visitor.app._live.visit.place == SlotsPage("aji_station")
        await choose(visitor, "先取号")
        assert visitor.app._live.ticket is not None

    stage.play(story)


def test_the_last_place_is_not_sold_to_two(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await arrive(visitor, **{FIRST: 1})
        await choose(visitor, "当场约银行服务点")
        await choose(visitor, "11月24日 星期二 15:00")
        desk = visitor.station.desk
        await desk.appointments.book(desk.begin(desk.languages[0]), "aji_station", visitor.app._live.slots[0].slot)
        await choose(visitor, "打印预约单")
        assert visitor.sees("没有名额了")

    stage.play(story)


def test_a_station_that_no_center_knows_offers_no_appointments(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter")
        visitor.app._live.visit.go(ChannelPage("aji_station"))
        visitor.app.show()
        await visitor.settle()
        assert not visitor.sees("当场约银行服务点")

    stage.play(story)
