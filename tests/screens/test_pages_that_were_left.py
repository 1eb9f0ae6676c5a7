"""A station shows thousands of pages a day: of those that were left nothing stays in memory."""

import gc

from textual.strip import Strip

from screens.pages.page import Page
from screens.widgets.painted import Painted
from tests.screens.stage import Stage, Visitor

MOST_STRIPS = 400
"""Rows of one page in pieces, and what Textual keeps of them while it stands on the screen."""


def strips() -> int:
    gc.collect()
    return sum(isinstance(one, Strip) for one in gc.get_objects())


def test_of_a_hundred_pages_only_the_last_one_is_alive(stage: Stage) -> None:
    # The walks over all pages remember the rows that they have drawn.
    remembered = strips()

    async def story(visitor: Visitor) -> None:
        await visitor.press("enter")
        for _ in range(25):
            await visitor.press("1", "*", "2", "*")
        gc.collect()
        alive = gc.get_objects()
        assert [one for one in alive if isinstance(one, Page)] == [visitor.page]
        assert {one.screen for one in alive if isinstance(one, Painted)} == {visitor.page}
        assert strips() - remembered < MOST_STRIPS

    stage.play(story)
