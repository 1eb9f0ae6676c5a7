"""The demonstration shows its paper beside the screens, or over them where there is no room."""

import pytest

from kiosk.ports import PaperRow
from screens.pages.bare import PaperPage
from screens.widgets.slip import PaperPane
from tests.screens.stage import Stage, Visitor, walk_to_list, walk_to_package


class Paper:
    """A slip of numbered rows."""

    def __init__(self, length: int = 0) -> None:
        self.length = length

    @property
    def revision(self) -> int:
        return self.length

    def rows(self) -> tuple[PaperRow, ...]:
        return tuple(PaperRow(f"{row} [/]小票") for row in range(self.length))


@pytest.mark.parametrize(("width", "pane"), [(114, 34), (115, 34), (116, 36), (200, 36)])
def test_from_114_columns_the_paper_stands_beside_every_page(stage: Stage, width: int, pane: int) -> None:
    stage.paper = paper = Paper()

    async def story(visitor: Visitor) -> None:
        assert visitor.sees("演示", "小票从这里出来")
        await walk_to_package(visitor)
        place = visitor.page.query_one(PaperPane).place
        assert (place.width, place.right, place.height) == (pane, width, 30)
        assert visitor.page.scene.frame.columns == width - pane
        paper.length = 5
        visitor.app._look_at_paper()
        await visitor.settle()
        assert visitor.sees("0[/]小票", "4[/]小票", "演示")

    stage.play(story, (width, 30))


def test_a_slip_longer_than_the_pane_is_turned_by_a_touch(stage: Stage) -> None:
    stage.paper = Paper(40)

    async def story(visitor: Visitor) -> None:
        await visitor.press("enter")
        assert visitor.sees("0[/]小票", "触摸纸，看下面")
        assert not visitor.sees("39[/]小票")
        await visitor.touch(110, 10)
        assert visitor.sees("39[/]小票")
        await visitor.touch(110, 10)
        assert visitor.sees("0[/]小票")

    stage.play(story, (120, 30))


def test_below_114_columns_the_paper_covers_the_screen_until_touched(stage: Stage) -> None:
    stage.paper = Paper(30)

    async def story(visitor: Visitor) -> None:
        await walk_to_list(visitor)
        assert not visitor.page.query(PaperPane)
        await visitor.press("2")
        await visitor.wait_to_see("0[/]小票", "收起小票")
        assert isinstance(visitor.page, PaperPage)
        await visitor.press("x")
        assert visitor.sees("29[/]小票")
        await visitor.press("y")
        assert visitor.sees("号码已取好", "请取走小票")

    stage.play(story, (100, 26))
