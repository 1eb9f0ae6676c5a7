"""大字 as a visitor meets it, in a terminal that changes its cells as the real one does."""

import asyncio
import threading

import pytest
from textual import events
from textual.drivers.headless_driver import HeadlessDriver
from textual.geometry import Size

from kiosk.ports import TypeSize
from kiosk.text import Language
from kiosk.visit import Home
from screens.app import KioskApp
from screens.pages.welcome import WelcomePage
from screens.widgets.bands import Footer
from tests.screens.stage import Stage, Visitor, walk_to_package

PLACE = 4
"""Of 大字 in the footer."""

NORMAL, LARGE = (120, 34), (80, 22)


class Elastic:
    """A terminal with two sizes, which passes through another on its way."""

    def __init__(self) -> None:
        self.able = True
        self.shown: list[TypeSize] = []
        self.app: KioskApp | None = None
        self.gate = threading.Event()
        self.gate.set()

    @property
    def sizes(self) -> tuple[TypeSize, ...]:
        return (TypeSize.NORMAL, TypeSize.LARGE)

    def show(self, size: TypeSize) -> bool:
        self.gate.wait()
        self.shown.append(size)
        if self.able and self.app:
            for columns, rows in ((41, 11), NORMAL if size is TypeSize.NORMAL else LARGE):
                self.app.call_from_thread(self._resize, self.app, Size(columns, rows))
        return self.able

    def _resize(self, app: KioskApp, size: Size) -> None:
        assert isinstance(app._driver, HeadlessDriver)
        app._driver._size = size
        app.post_message(events.Resize(size, size))


@pytest.fixture
def terminal(stage: Stage) -> Elastic:
    terminal = Elastic()
    stage.terminal = terminal
    return terminal


async def has(visitor: Visitor, columns: int, theme: str) -> None:
    """Wait for a page of so many columns in a theme."""
    for _ in range(500):
        if visitor.page.scene.frame.columns == columns and visitor.page.palette.theme == theme:
            await visitor.settle()
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"not seen: {columns} columns in {theme}; {visitor.page.scene.frame}, {visitor.page.palette}")


def word(visitor: Visitor) -> str:
    return visitor.page.query_one(Footer).places[PLACE].word


def test_large_then_dark_then_as_it_was_with_place_answers_and_language_kept(stage: Stage, terminal: Elastic) -> None:
    async def story(visitor: Visitor) -> None:
        terminal.app = visitor.app
        await walk_to_package(visitor)
        await visitor.press("1", "1")
        visit = visitor.app._live.visit
        place, answers = visit.place, dict(visit.answers)
        for key, columns, theme, then in (
            ("-", 80, "day", "黑底"),
            ("-", 80, "contrast", "小字"),
            ("0", 80, "contrast", "小字"),
            ("-", 120, "day", "大字"),
        ):
            await visitor.press(key)
            await has(visitor, columns, theme)
            assert (visit.place, visit.answers) == (place, answers)
            assert word(visitor) == visitor.page.scene.say(then)
        assert visit.language is Language.HANT
        assert terminal.shown == [TypeSize.LARGE, TypeSize.NORMAL]

    stage.play(story, NORMAL)


def test_a_finger_does_the_same_and_the_page_answers_afterwards(stage: Stage, terminal: Elastic) -> None:
    async def story(visitor: Visitor) -> None:
        terminal.app = visitor.app
        await visitor.press("enter")
        await visitor.touch_footer(PLACE)
        await has(visitor, 80, "day")
        await visitor.choose("人生事件")
        assert visitor.app._live.visit.place != Home()

    stage.play(story, NORMAL)


@pytest.mark.parametrize("steps", [1, 2])
def test_the_next_visitor_finds_the_station_as_it_always_is(stage: Stage, terminal: Elastic, steps: int) -> None:
    async def story(visitor: Visitor) -> None:
        terminal.app = visitor.app
        await visitor.press("enter")
        for theme in ("day", "contrast")[:steps]:
            await visitor.press("-")
            await has(visitor, 80, theme)
        await visitor.press("#", "1")
        await has(visitor, 120, "day")
        assert isinstance(visitor.page, WelcomePage)
        assert terminal.shown == [TypeSize.LARGE, TypeSize.NORMAL]

    stage.play(story, NORMAL)


def test_a_visit_that_nobody_ends_goes_back_to_normal_as_well(stage: Stage, terminal: Elastic) -> None:
    async def story(visitor: Visitor) -> None:
        terminal.app = visitor.app
        await visitor.press("enter", "-")
        await has(visitor, 80, "day")
        await visitor.pass_time(61)
        await visitor.pass_time(40)
        await has(visitor, 120, "day")
        assert isinstance(visitor.page, WelcomePage)

    stage.play(story, NORMAL)


def test_a_visit_that_ends_while_the_terminal_is_still_changing_ends_at_normal(stage: Stage, terminal: Elastic) -> None:
    async def story(visitor: Visitor) -> None:
        terminal.app = visitor.app
        await visitor.press("enter")
        terminal.gate.clear()
        await visitor.press("-")
        visitor.app.end_visit()
        await visitor.press("enter")
        terminal.gate.set()
        for _ in range(500):
            if terminal.shown == [TypeSize.LARGE, TypeSize.NORMAL]:
                break
            await asyncio.sleep(0.01)
        await has(visitor, 120, "day")
        await visitor.press("1")
        assert visitor.app._live.visit.place != Home()

    stage.play(story, NORMAL)


def test_the_terminal_is_never_waited_for(stage: Stage, terminal: Elastic) -> None:
    async def story(visitor: Visitor) -> None:
        terminal.app = visitor.app
        await visitor.press("enter")
        terminal.gate.clear()
        await visitor.press("-")
        assert visitor.sees("人生事件")
        await visitor.pass_time(61)
        assert visitor.sees("还在吗")
        terminal.gate.set()
        await has(visitor, 80, "day")
        assert visitor.sees("还在吗")

    stage.play(story, NORMAL)


def test_a_terminal_that_fails_leaves_a_page_that_answers(stage: Stage, terminal: Elastic) -> None:
    terminal.able = False

    async def story(visitor: Visitor) -> None:
        await visitor.press("enter", "-", "1")
        await visitor.wait_to_see("人生事件")
        for _ in range(500):
            if not visitor.page._spent:
                break
            await asyncio.sleep(0.01)
        assert word(visitor) == "大字"
        await visitor.press("1")
        assert visitor.app._live.visit.place != Home()

    stage.play(story, NORMAL)


def test_a_station_that_is_dark_already_has_no_step_for_it(stage: Stage, terminal: Elastic) -> None:
    async def story(visitor: Visitor) -> None:
        terminal.app = visitor.app
        await visitor.press("enter", "-")
        await has(visitor, 80, "contrast")
        assert word(visitor) == "小字"
        await visitor.press("-")
        await has(visitor, 120, "contrast")

    stage.play(story, NORMAL, theme="contrast")


def test_where_the_terminal_has_one_size_the_place_is_kept_and_off(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter", "-")
        await visitor.touch_footer(PLACE)
        place = visitor.page.query_one(Footer).places[PLACE]
        assert (place.word, place.intent) == ("大字", None)
        assert visitor.page.scene.frame.columns == 120

    stage.play(story, NORMAL)
