"""Pages without bands: the terminal is too small, the station is out of order, the paper covers the screen."""

from collections.abc import Iterator

from textual.geometry import Region

from kiosk.ports import Paper
from kiosk.text import Language
from screens.frame import LARGE_COLUMNS, LARGE_ROWS, PAPER_WIDE_COLUMNS, TALL_COLUMNS, TALL_ROWS
from screens.intents import Stay
from screens.pages.page import Page
from screens.scene import Scene
from screens.widgets.message import Message
from screens.widgets.painted import Painted
from screens.widgets.slip import PaperPane


class TooSmallPage(Page):
    """Asks for a larger terminal; place and answers are kept meanwhile."""

    def widgets(self) -> Iterator[Painted]:
        """Yield one message."""
        say, frame = self.scene.say, self.scene.frame
        wanted = say("请放大到 {columns} 列 {rows} 行以上", columns=LARGE_COLUMNS, rows=LARGE_ROWS)
        upright = say("竖着用，{columns} 列 {rows} 行以上也可以", columns=TALL_COLUMNS, rows=TALL_ROWS)
        found = say("现在是 {columns} 列 {rows} 行", columns=frame.columns, rows=frame.rows)
        place = Region(0, 0, frame.columns, frame.rows)
        yield Message(self.palette, place, (say("窗口太小"), wanted, upright, found))


class OutOfOrderPage(Page):
    """Says in every language that this station does not work, where to go, and what still counts.

    The guard or cleaner reads the station's number from it to the technician; there is no code to be read wrong.
    """

    def widgets(self) -> Iterator[Painted]:
        """Yield one message."""
        desk, frame = self.scene.desk, self.scene.frame
        numbers = dict.fromkeys(desk.say(language, "{number}号站", number=desk.number) for language in Language)
        lines = ["   ".join(numbers), ""]
        for language in Language:
            lines += [
                desk.say(language, "本机暂停服务"),
                desk.say(language, "请到大厅办理，已取的号码仍然有效。"),
                "",
            ]
        yield Message(self.palette, Region(0, 0, frame.columns, frame.rows), tuple(lines[:-1]), "停")


class PaperPage(Page):
    """The demonstration's paper where there is no room beside the screens: it covers them until touched."""

    def __init__(self, scene: Scene, paper: Paper) -> None:
        super().__init__(scene)
        self._paper = paper

    def elsewhere(self) -> bool:
        """Show the rest of the paper, then put it away."""
        if not any(pane.turn() for pane in self.query(PaperPane)):
            self.want(Stay())
        return True

    def widgets(self) -> Iterator[Painted]:
        """Yield the paper in the middle, and how it goes away."""
        frame = self.scene.frame
        left = (frame.columns - PAPER_WIDE_COLUMNS) // 2
        place = Region(left, 0, PAPER_WIDE_COLUMNS, frame.rows - 2)
        yield PaperPane(self.palette, place, self._paper, more=self.scene.say("触摸纸，看下面"))
        told = Region(0, frame.rows - 2, frame.columns, 2)
        yield Message(self.palette, told, (self.scene.say("触摸屏幕或按任意键，收起小票"),))
