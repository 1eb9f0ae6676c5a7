"""Whoever needs longer gets it, on every page and as often as they ask: warned first, with time enough to answer."""

import re

import pytest

from kiosk.text import Language
from screens.frame import Frame
from screens.pages.ending import IdlePage
from screens.pages.page import Page
from screens.pages.welcome import WelcomePage
from screens.widgets.countdown import Countdown
from tests.screens.gallery import Gallery, one_of_each_kind
from tests.screens.stage import Stage, Visitor

EXTENSIONS = 11
LEAST_SECONDS = 20
WITHOUT_A_VISIT = {"WelcomePage", "OutOfOrderPage", "FarewellPage", "IdlePage"}
SIZE = (80, 22)


async def every_page(visitor: Visitor) -> list[type[Page]]:
    """Show each kind of page in turn, extend it over and over, and see that it is still what it was."""
    app, seen = visitor.app, []
    quiet = app._settings.idle.quiet_seconds
    gallery = Gallery(app._desk, app._settings)
    for exhibit in one_of_each_kind(gallery, Frame(*SIZE)):
        session = gallery.session(exhibit, Language.HANS)
        app._session, app._warned = session, False
        await visitor.touch(0, 0)
        app.show()
        await visitor.settle()
        kind, before = type(visitor.page), visitor.text()
        if kind.__name__ in WITHOUT_A_VISIT or kind in seen:
            continue
        seen.append(kind)
        trail, answers = list(session.visit.trail), dict(session.visit.answers)
        await visitor.pass_time(quiet - 1)
        assert isinstance(visitor.page, kind), exhibit.name
        await visitor.pass_time(1)
        assert visitor.page.query_one(Countdown).seconds >= LEAST_SECONDS
        await visitor.pass_time(LEAST_SECONDS - 1)
        for turn in range(EXTENSIONS):
            assert isinstance(visitor.page, IdlePage), exhibit.name
            await (visitor.press("x") if turn % 2 else visitor.touch(40, 2))
            assert isinstance(visitor.page, kind), exhibit.name
            await visitor.pass_time(quiet)
        await visitor.touch(40, 2)
        assert app._session is session
        assert (session.visit.trail, session.visit.answers) == (trail, answers)
        assert _but_for_the_clock(visitor.text()) == _but_for_the_clock(before)
    return seen


def _but_for_the_clock(text: str) -> str:
    return re.sub(r"\d\d:\d\d", "", text)


def test_every_page_can_be_extended_more_than_ten_times(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter")
        assert len(await every_page(visitor)) >= 12

    stage.play(story, SIZE)


@pytest.mark.parametrize("by_key", [True, False])
def test_whoever_is_there_is_never_warned(stage: Stage, by_key: bool) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter", "1")
        for _ in range(20):
            await visitor.pass_time(visitor.app._settings.idle.quiet_seconds - 2)
            await (visitor.press("tab") if by_key else visitor.touch(0, 0))
            await visitor.pass_time(1)
            assert not isinstance(visitor.page, IdlePage | WelcomePage)

    stage.play(story, SIZE)
