"""Declaring priority: voluntary, one touch away, and the reason is in plain nowhere."""

from pathlib import Path

import msgspec
import pytest

from kiosk.journal.store import Reader
from kiosk.sealing import Place, unseal
from kiosk.text import Language
from kiosk.tickets import GROUND_PURPOSE, Declared
from kiosk.visit import GroundAsked, PackagePage
from kiosk.wire.entries import read_body
from screens.pages.page import Page
from tests.enrolled import enrol
from tests.screens.stage import SIZES, Obedient, Stage, Visitor, walk_to_package
from tests.screens.test_calls_promised import texts_of

NAMES = {Language.HANS: "退役军人", Language.HANT: "退役軍人", Language.EN: "A veteran"}


async def declare_and_take(visitor: Visitor, language: Language = Language.HANS) -> None:
    """Go to a package, declare to be a veteran, take a number."""
    say = visitor.app._desk.say
    await walk_to_package(visitor)
    visitor.app._live.visit.language = language
    visitor.app.show()
    await visitor.settle()
    await visitor.choose(say(language, "我要优先"))
    assert visitor.app._live.visit.place == GroundAsked()
    await visitor.choose(NAMES[language])
    assert visitor.app._live.visit.place == PackagePage("newborn-birth")
    assert visitor.sees(say(language, "已选优先"))
    await visitor.choose(say(language, "直接取号"))
    await visitor.wait_to_see(say(language, "请取走小票，纸从屏幕下方出来"))


def entries(visitor: Visitor) -> list[tuple[bytes, dict[str, object]]]:
    reader = Reader(visitor.station.state)
    try:
        return [(one.body, read_body(one.body).data) for one in reader.entries() if one.kind == "ticket.issued"]
    finally:
        reader.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", list(Language))
def test_whoever_declares_a_ground_gets_a_slip_that_says_priority_and_not_why(
    stage: Stage, printer: Obedient, size: tuple[int, int], language: Language
) -> None:
    async def story(visitor: Visitor) -> None:
        await declare_and_take(visitor, language)
        word = visitor.app._desk.say(language, "优先")
        assert visitor.sees(word)
        (document,) = printer.printed
        (large,) = [block for block in msgspec.to_builtins(document.blocks) if block.get("text") == word]
        assert large["size"] == 2
        printed = " ".join(texts_of(msgspec.to_builtins(document)))
        assert not any(name in printed for name in (*NAMES.values(), "veteran"))

    stage.play(story, size)


def test_a_number_costs_no_more_touches_than_before(stage: Stage, printer: Obedient) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        await visitor.press("2")
        await visitor.wait_to_see("请取走小票")
        assert "优先" not in " ".join(texts_of(msgspec.to_builtins(printer.printed[0])))
        ((body, data),) = entries(visitor)
        assert b"priority" not in body
        assert data["number"] == "A07-001"

    stage.play(story)


def test_keys_alone_declare_it_and_take_it_back(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        page: Page = visitor.page
        (digit,) = (one.digit for one in page.choices if one.words.label == "我要优先")
        await visitor.press(digit, "2")
        assert visitor.app._live.visit.ground == "disabled"
        await visitor.press(digit, "5")
        assert visitor.app._live.visit.ground == ""
        await visitor.press(digit, "*")
        assert visitor.app._live.visit.place == PackagePage("newborn-birth")
        assert visitor.sees("我要优先")

    stage.play(story)


def test_the_ground_is_sealed_for_the_center_and_stands_nowhere_else(
    stage: Stage, tmp_path: Path, printer: Obedient
) -> None:
    key = enrol(tmp_path)

    async def story(visitor: Visitor) -> None:
        await declare_and_take(visitor)
        state = visitor.station.state
        reader = Reader(state)
        try:
            (row,) = reader._db.query("SELECT * FROM entry WHERE kind = 'ticket.issued'")
        finally:
            reader.close()
        said = read_body(row["body"])
        assert said.data["priority"] is True
        place = Place(GROUND_PURPOSE, "07", row["epoch"], row["seq"])
        assert unseal(key.private_bytes_raw(), place, row["sealed"]) == Declared("veteran").encoded()
        for file in (one for one in state.rglob("*") if one.is_file()):
            assert b"veteran" not in file.read_bytes(), file
        await visitor.press("1", "1")
        await walk_to_package(visitor)
        assert visitor.sees("我要优先")

    stage.play(story)


def test_where_nothing_can_be_sealed_priority_counts_and_the_reason_is_not_kept(
    stage: Stage, printer: Obedient
) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        await visitor.choose("我要优先")
        assert visitor.sees("小票只印「优先」，原因不保存。")
        await visitor.choose("孕妇")
        await visitor.choose("直接取号")
        await visitor.wait_to_see("请取走小票")
        ((body, data),) = entries(visitor)
        assert data["priority"] is True
        assert b"pregnant" not in body
        assert read_body(body).sealed is None

    stage.play(story)


def test_who_declares_it_just_after_a_number_gets_another_one_that_has_it(stage: Stage, printer: Obedient) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        await visitor.choose("直接取号")
        await visitor.wait_to_see("请取走小票")
        visitor.clocks.steady += 1
        await visitor.choose("再办一件")
        await visitor.press("1", "1", "1")
        await visitor.choose("我要优先")
        await visitor.choose("孕妇")
        await visitor.choose("直接取号")
        await visitor.wait_to_see("A07-002")
        assert [data.get("priority") for _, data in entries(visitor)] == [None, True]

    stage.play(story)
