"""A mistake in the program wipes the visit, says so in three languages, and ends with exit code 70."""

import asyncio
import logging
import os
from collections.abc import Iterable

import pytest
from textual.geometry import Region

from screens import sealed
from screens.app import KioskApp
from screens.pages.bare import OutOfOrderPage
from screens.pages.package import PackagePageScreen
from screens.widgets.painted import Painted
from tests.screens.stage import Stage, Visitor, walk_to_package

SECRET = "what the resident said"


@pytest.fixture
def mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    """Breaks the page of a package, and lets the app take its terminal for a real one."""

    def body(self: PackagePageScreen, room: Region) -> Iterable[Painted]:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(PackagePageScreen, "body", body)
    monkeypatch.setattr(KioskApp, "is_headless", property(lambda self: False))
    monkeypatch.setattr(sealed, "OUT_OF_ORDER_SECONDS", 3)


@pytest.mark.usefixtures("mistake")
def test_a_mistake_wipes_the_visit_and_says_where_to_go(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        assert isinstance(visitor.page, OutOfOrderPage)
        assert visitor.app._session is None
        assert visitor.sees("07号站", "已取的号码仍然有效")
        assert visitor.sees("本机暂停服务", "本機暫停服務", "This station is out of service")
        await visitor.press("1", "enter")
        assert isinstance(visitor.page, OutOfOrderPage)

    assert stage.play(story).return_code == os.EX_SOFTWARE
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.usefixtures("mistake")
def test_a_second_mistake_ends_it_at_once(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def widgets(self: OutOfOrderPage) -> Iterable[Painted]:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(OutOfOrderPage, "widgets", widgets)
    monkeypatch.setattr(sealed, "OUT_OF_ORDER_SECONDS", 3600)

    async def story(visitor: Visitor) -> None:
        for key in ("enter", "1", "1", "1"):
            await visitor.press(key)

    assert stage.play(story).return_code == os.EX_SOFTWARE


def test_the_station_can_be_ended_from_another_thread(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await asyncio.to_thread(visitor.app.halt, 143)

    assert stage.play(story).return_code == 143


def test_a_clock_that_ticks_while_the_station_ends_is_no_mistake(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    close = KioskApp._close_all

    async def close_and_tick(app: KioskApp) -> None:
        await close(app)
        app._tick()
        app._look_at_paper()

    monkeypatch.setattr(KioskApp, "_close_all", close_and_tick)

    async def story(visitor: Visitor) -> None:
        await visitor.press("enter")
        visitor.app.halt(143)

    assert stage.play(story).return_code == 143
