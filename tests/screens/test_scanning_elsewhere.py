"""The slip of another station under the scanner: its number, printed once more, or why not, in three languages."""

import datetime

import msgspec
import pytest

from kiosk.journal.store import Journal
from kiosk.keys import Claim, StationKey, ticket_link
from kiosk.ports import Condition
from kiosk.text import Language
from kiosk.tickets import new_code
from kiosk.visit import Elsewhere, ElsewhereSlip
from kiosk.wire.exchange import ED25519, Downward
from screens.pages.ending import RefusedPage
from tests.screens.stage import MORNING, SIZES, Obedient, Stage, Visitor
from tests.screens.test_scanning import scan

KEY = StationKey.throw_away()
TODAY = MORNING.date()
NOW_MS = int(MORNING.timestamp() * 1000)


def link(day: datetime.date = TODAY, key: StationKey = KEY) -> str:
    claim = Claim(new_code(lambda below: 1), "08", 0x00112233, 7, day, "A", 12)
    return ticket_link("station.example", claim, key.sign)


async def tell_the_key(visitor: Visitor) -> None:
    """Have the center tell this station the key of station 08."""
    data = msgspec.json.encode({"station": "08", "alg": ED25519, "public": KEY.public.hex(), "since": 1})

    def keep(journal: Journal) -> None:
        journal.keep([Downward(1, "station.key", data)], NOW_MS)

    visitor.app._desk._writer.submit(keep).result()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", list(Language))
def test_another_station_s_slip_is_printed_here_once_more(
    stage: Stage, printer: Obedient, size: tuple[int, int], language: Language
) -> None:
    async def story(visitor: Visitor) -> None:
        await tell_the_key(visitor)
        await scan(visitor, link())
        assert visitor.app._live.visit.place == Elsewhere()
        visitor.app._live.visit.language = language
        visitor.app.show()
        await visitor.settle()
        say = visitor.app._desk.say
        assert visitor.sees(say(language, "这是{station}号站发的号", station="08"), say(language, "补打小票"))
        await visitor.press("1")
        await visitor.wait_to_see(say(language, "请取走小票，纸从屏幕下方出来"))
        assert visitor.app._live.visit.place == ElsewhereSlip()
        assert visitor.sees("A08-012")
        assert len(printer.printed) == 1

    stage.play(story, size)


def test_without_paper_the_number_stays_on_the_screen_and_printing_can_be_tried_again(
    stage: Stage, printer: Obedient
) -> None:
    printer.condition_now = Condition.PAPER_OUT

    async def story(visitor: Visitor) -> None:
        await tell_the_key(visitor)
        await scan(visitor, link())
        await visitor.press("1")
        await visitor.wait_to_see("小票没有打出来，号码仍然有效。")
        assert visitor.sees("A08-012", "再试打印")
        printer.condition_now = Condition.READY
        await visitor.press("2")
        await visitor.wait_to_see("请取走小票，纸从屏幕下方出来")

    stage.play(story)


def test_a_day_that_is_over_prints_nothing(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await tell_the_key(visitor)
        await scan(visitor, link(TODAY - datetime.timedelta(days=1)))
        assert visitor.sees("这个号的办理日已经过了，请重新取号。")
        assert len(visitor.page.choices) == 2

    stage.play(story)


def test_a_slip_that_cannot_be_checked_or_was_altered_is_refused_in_plain_words(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await scan(visitor, link())
        assert isinstance(visitor.page, RefusedPage)
        assert visitor.sees("本站还核对不了")
        await visitor.press("1")
        await tell_the_key(visitor)
        await scan(visitor, link(key=StationKey.throw_away()))
        assert isinstance(visitor.page, RefusedPage)
        assert visitor.sees("这个码核对不上")

    stage.play(story)
