"""The first choice: life events or enterprise stages."""

from collections.abc import Iterable

from textual.geometry import Region

from kiosk.desk import Direction
from kiosk.text import cells
from kiosk.visit import Cycles, Search
from screens.frame import columns, stack
from screens.intents import Go, Intent
from screens.lines import paragraph
from screens.pages.page import Page
from screens.widgets.choice import Words
from screens.widgets.painted import Painted
from screens.widgets.sheet import Line, Sheet

_TALLEST = 15
_SEARCH_ROOM = 23
"""Rows of a body in which the search may be as high as it likes: the doors keep their large seals."""


class HomePage(Page):
    """Two large doors, below them the search, and whether the hall is open."""

    def heading(self) -> str:
        """Ask what one wants."""
        return self.scene.say("您要办什么事？")

    def aside(self) -> str:
        """How to choose."""
        return self.scene.say("按数字键，或触摸")

    def back(self) -> Intent | None:
        """Nothing lies behind this page."""
        return None

    def home(self) -> Intent | None:
        """This is it."""
        return None

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the doors, the way to the search, and the hall's hours."""
        say, frame = self.scene.say, self.scene.frame
        hours = self._hours(room.width - 2 * Sheet.MARGIN)
        low = len(hours) + 2
        search = 5 if frame.tall or room.height >= _SEARCH_ROOM else 3
        high = min((room.height - search - low) // (2 if frame.tall else 1), _TALLEST)
        high -= 1 - high % 2
        if frame.tall:
            places = stack(room, [high, high])
        else:
            places = columns(Region(room.x, room.y, room.width, high), 2, frame.gutter)
        doors = (
            (say("人生事件"), say("出生、入学、就业、养老等八类"), "人", Direction.LIFE),
            (say("企业历程"), say("开办、变更、注销等八类"), "企", Direction.ENTERPRISE),
        )
        for place, (label, gloss, character, direction) in zip(places, doors, strict=True):
            yield self.choice(place, Words(label, gloss, character), Go(Cycles(direction)))
        below = Region(room.x, places[-1].bottom, room.width, room.bottom - places[-1].bottom)
        looked, told = stack(below, [search, low])
        yield self.choice(looked, Words(say("查找"), say("输入首字母或名称，例如：jzz 居住证")), Go(Search()))
        yield Sheet(self.palette, told, hours)

    def _hours(self, width: int) -> tuple[Line, ...]:
        """Whether the hall is open and when a number taken now is for; in few rows as much as one line holds."""
        scene, service = self.scene, self.scene.desk.service()
        doubt = "" if service.certain else scene.say("日期以大厅公告为准。")
        if not scene.frame.roomy:
            if service.running:
                news = scene.say("大厅正在办理，{session}。", session=service.session.label)
            else:
                news = scene.say("大厅没有开门，现在取的号是{session}的。", session=scene.session_words(service))
            whole = scene.sentences(news, doubt)
            return paragraph(whole if cells(whole) <= width else news, width, bold=True)
        if service.running:
            news = scene.say(
                "{hall}正在办理：{session}", hall=scene.text(scene.desk.hall), session=service.session.label
            )
            then = scene.say("现在取的号，今天这一场有效。")
        else:
            news = scene.say("{hall}现在没有开门", hall=scene.text(scene.desk.hall))
            then = scene.say("现在取的号，是{session}的。", session=scene.session_words(service))
        return (*paragraph(news, width, bold=True), *paragraph(scene.sentences(then, doubt), width, "muted"))
