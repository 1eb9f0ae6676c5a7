"""Nobody is promised a call: not by a slip, ever, and by a screen only while there is fresh word of the center."""

import re
from collections.abc import Iterator

import msgspec
import pytest

from kiosk.catalog.load import read_release
from kiosk.catalog.messages import read_messages
from kiosk.paths import data_dir, release_dir
from kiosk.text import Language
from kiosk.turns import FRESH_MS
from kiosk.visit import Found, Home, Number
from kiosk.wire.queue import QueueSnapshot, ThemeCalls
from screens.frame import Frame
from tests.screens.gallery import Exhibit, Gallery, exhibits
from tests.screens.stage import MORNING, NIGHT, SIZES, Obedient, Stage, Visitor, walk_to_package

PROMISES = re.compile(
    "叫号|叫您|叫到|留意|等候|等叫|排队|您前面|正在办理 ?[A-Z{]|正在辦理 ?[A-Z]"
    "|[Nn]ow serving|ahead of you|been called|be called|call your number"
)
"""Words that let somebody wait for a call, in the three languages."""

FROM_THE_CENTER = {
    "大厅已经叫到 {number}（{age}）",
    "正在办理 {called}（{age}）",
    "正在办理 {called}，您前面最多 {n} 人（{age}）",
    "正在办理 {called}，您前面 {n} 人（{age}）",
}
"""The sentences that only fresh word of the center brings about: screens/pages/turn.py, center/ticket_page.py."""

CALLS = QueueSnapshot(
    day="2026-11-24",
    session="08:30-12:00",
    time=0,
    themes=(ThemeCalls("A", ("A08-003",), 3, {}),),
)


def texts_of(value: object) -> Iterator[str]:
    """Every text inside a value of plain types."""
    match value:
        case str():
            yield value
        case dict():
            for key, inner in value.items():
                yield from texts_of(key)
                yield from texts_of(inner)
        case list() | tuple():
            for inner in value:
                yield from texts_of(inner)


def test_no_other_wording_and_nothing_in_the_catalogue_speaks_of_calls() -> None:
    messages, _ = read_messages(data_dir())
    speaking = {one.id for one in messages if PROMISES.search(str(one.id)) or PROMISES.search(str(one.string))}
    assert speaking == FROM_THE_CENTER
    release = msgspec.to_builtins(read_release(release_dir() / "catalog.msgpack"))
    assert [text for text in texts_of(release) if PROMISES.search(text)] == []


def shown(gallery: Gallery, size: tuple[int, int], language: Language) -> Iterator[tuple[Exhibit, str]]:
    for exhibit in exhibits(gallery.desk, 25):
        if isinstance(exhibit.trail[-1], Home | Number | Found) or "help" in exhibit.name or "welcome" in exhibit.name:
            for drawing in gallery.sheets(exhibit, Frame(*size), language):
                yield exhibit, "".join("".join(drawing.lines()).split())


@pytest.mark.parametrize("moment", [MORNING, NIGHT])
def test_without_word_of_the_center_no_page_speaks_of_calls(stage: Stage, moment: object) -> None:
    async def story(visitor: Visitor) -> None:
        gallery = Gallery(visitor.app._desk, visitor.app._settings)
        for size in ((80, 22), (120, 34)):
            for language in Language:
                said = [(one.name, text) for one, text in shown(gallery, size, language) if PROMISES.search(text)]
                assert said == []

    stage.play(story, moment=moment)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", SIZES)
def test_a_number_shows_its_turn_while_the_word_of_it_is_fresh(
    stage: Stage, printer: Obedient, size: tuple[int, int]
) -> None:
    async def story(visitor: Visitor) -> None:
        turns = visitor.station.desk.turns
        turns.tell(CALLS, 125)
        await visitor.press("enter")
        assert visitor.sees("正在办理 A08-003（2 分钟前的情况）")
        await visitor.press("1", "1", "1", "2")
        await visitor.wait_to_see("请取走小票")
        assert visitor.sees("正在办理 A08-003，您前面 3 人（2 分钟前的情况）")
        turns.tell(msgspec.structs.replace(CALLS, themes=(ThemeCalls("A", ("A08-009",), 1, {"A07-001": 0}),)), 0)
        await visitor.pass_time(1)
        assert visitor.sees("正在办理 A08-009，您前面 0 人（刚才的情况）")
        visitor.clocks.wall_ms += FRESH_MS
        visitor.app._tick()
        await visitor.settle()
        assert visitor.sees("A07-001")
        assert not PROMISES.search(visitor.text())
        turns.tell(msgspec.structs.replace(CALLS, themes=(ThemeCalls("A", ("A07-001",), 0),)), 0)
        await visitor.pass_time(1)
        assert visitor.sees("大厅已经叫到 A07-001（刚才的情况）")
        for document in printer.printed:
            assert not any(PROMISES.search(text) for text in texts_of(msgspec.to_builtins(document)))

    stage.play(story, size)


def test_a_number_for_another_session_is_promised_nothing_however_much_is_known(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        visitor.station.desk.turns.tell(CALLS, 5)
        await walk_to_package(visitor)
        await visitor.press("2")
        await visitor.wait_to_see("请取走小票")
        assert not PROMISES.search(visitor.text())

    stage.play(story, moment=NIGHT)
