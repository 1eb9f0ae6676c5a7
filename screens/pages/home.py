"""The first choice: life events or enterprise stages, the district's special channels, a code, the search."""

from collections.abc import Iterable

from textual.geometry import Region

from kiosk.desk import Direction
from kiosk.text import cells
from kiosk.visit import ChannelPage, Channels, CodeAsked, Cycles, Search
from screens.frame import columns, stack
from screens.intents import Go, Intent
from screens.lines import paragraph
from screens.pages.channels import channel_words
from screens.pages.offers import Offer
from screens.pages.page import Page
from screens.pages.turn import hall_words
from screens.scene import Scene
from screens.widgets.choice import Words
from screens.widgets.painted import Painted
from screens.widgets.sheet import Line, Sheet

_TALLEST = 15
_CARDS = 6
"""Cards between doors and search: all that there are digits for."""

_LARGE_SEAL = 9
"""Rows from which on a door has a large seal."""

_HEIGHTS = ((5, 5), (3, 5), (5, 4), (3, 4), (5, 3), (3, 3))
"""Rows of the search and of a card, the best first."""


class HomePage(Page):
    """Two large doors, below them the channels and the search, and whether the hall is open."""

    def __init__(self, scene: Scene, *, focus: int | None = None) -> None:
        super().__init__(scene, focus=focus)
        self._called = bool(hall_words(scene))

    def stale(self) -> bool:
        """Whether something has become known of what the hall calls, or nothing is any more."""
        return super().stale() or bool(hall_words(self.scene)) is not self._called

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
        """Yield the doors, the channels, the way to the search, and the hall's hours."""
        say, frame = self.scene.say, self.scene.frame
        hours = self._hours(room.width - 2 * Sheet.MARGIN)
        low = len(hours) + 2 if frame.roomy else len(hours)
        across, doors = (2, 2) if frame.tall else (3, 1)
        offers = self._cards()
        bands = -(-len(offers) // across)

        def door(search: int, card: int) -> int:
            high = min((room.height - search - low - bands * card) // doors, _TALLEST)
            return high - 1 + high % 2

        search, card = next((one for one in _HEIGHTS if door(*one) >= _LARGE_SEAL), _HEIGHTS[-1])
        high = door(search, card)
        if frame.tall:
            places = stack(room, [high, high])
        else:
            places = columns(Region(room.x, room.y, room.width, high), 2, frame.gutter)
        named = (
            (say("人生事件"), say("出生、入学、就业、养老等八类"), "人", Direction.LIFE),
            (say("企业历程"), say("开办、变更、注销等八类"), "企", Direction.ENTERPRISE),
        )
        for place, (label, gloss, character, direction) in zip(places, named, strict=True):
            yield self.choice(place, Words(label, gloss, character), Go(Cycles(direction)))
        below = Region(room.x, places[-1].bottom, room.width, room.bottom - places[-1].bottom)
        *rows, looked, told = stack(below, [*[card] * bands, search, low])
        spots = [spot for row in rows for spot in columns(row, across, 1 if across > 2 else frame.gutter)]
        for spot, offer in zip(spots, offers, strict=False):
            yield self.choice(spot, offer.words, offer.intent)
        yield self.choice(looked, Words(say("查找"), say("输入首字母或名称，例如：jzz 居住证")), Go(Search()))
        yield Sheet(self.palette, told, hours, plain=not frame.roomy)

    def _cards(self) -> list[Offer]:
        """Return the channels, the last card of them for those that have no room, and the way to a code."""
        scene = self.scene
        say = scene.say
        channels = scene.desk.requests.channels
        shown = channels if len(channels) < _CARDS else channels[: _CARDS - 2]
        offers = [Offer(channel_words(scene, one), Go(ChannelPage(one.id))) for one in shown]
        if len(shown) < len(channels):
            rest = say("、").join(scene.text(one.label) for one in channels[len(shown) :])
            offers.append(Offer(Words(say("更多特色服务"), rest), Go(Channels())))
        return [*offers, Offer(Words(say("办件进度"), say("凭编号")), Go(CodeAsked()))]

    def _hours(self, width: int) -> tuple[Line, ...]:
        """Whether the hall is open and when a number taken now is for; in few rows as much as one line holds."""
        scene, service, called = self.scene, self.scene.desk.service(), hall_words(self.scene)
        doubt = "" if service.certain else scene.say("日期以大厅公告为准。")
        if not scene.frame.roomy:
            if service.running:
                news = scene.say("大厅正在办理，{session}。", session=service.session.label)
            else:
                news = scene.say("大厅没有开门，现在取的号是{session}的。", session=scene.session_words(service))
            wordings = (called, scene.sentences(news, doubt), news)
            return paragraph(next((one for one in wordings if one and cells(one) <= width), news), width, bold=True)
        if service.running:
            news = scene.say(
                "{hall}正在办理：{session}", hall=scene.text(scene.desk.hall), session=service.session.label
            )
            then = scene.say("现在取的号，今天这一场有效。")
        else:
            news = scene.say("{hall}现在没有开门", hall=scene.text(scene.desk.hall))
            then = scene.say("现在取的号，是{session}的。", session=scene.session_words(service))
        told = called if called and cells(called) <= width else scene.sentences(then, doubt)
        return (*paragraph(news, width, bold=True), *paragraph(told, width, "muted"))
