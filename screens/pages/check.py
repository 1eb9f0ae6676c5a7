"""The check of all answers before a form is sent: each answer with the way to change it. Nothing is sent yet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from textual.geometry import Region

from kiosk.desk import Field
from kiosk.text import cells, wrap_evenly
from kiosk.visit import Checking, Filling
from screens.frame import columns
from screens.intents import Go, Send, TurnSheet
from screens.pages.offers import DIGITS
from screens.pages.page import Page
from screens.scene import Scene
from screens.widgets.choice import CAP, Choice, Words
from screens.widgets.painted import Painted

_GUTTER = 2
_HALF_LINES = 3
"""Lines up to which an answer shares its band with another."""


@dataclass(frozen=True)
class _Answer:
    """One answer: its field, the name of it, what was answered."""

    field: Field
    label: str
    value: str

    def lines(self, width: int) -> int:
        """Return the lines of its card, whose words have `width` cells."""
        if cells(self.label) + 2 + cells(self.value) <= width:
            return 1
        return 1 + len(wrap_evenly(self.value, width))


Band = tuple[_Answer, ...]


class CheckPage(Page):
    """The answers in bands of cards, on as many sheets as they need; what sends them stands on the last."""

    def __init__(self, scene: Scene, place: Checking, *, focus: int | None = None) -> None:
        desk = scene.desk.requests
        self._form = desk.form(place.form)
        answers = scene.visit.forms.get(place.form, {})
        shown = desk.lines(self._form, answers, scene.language)
        self._answers = [
            _Answer(field, label, value)
            for field, (label, value) in zip(desk.asked(self._form, answers), shown, strict=True)
        ]
        # By Enter the answers go on their way; they are changed only by who means to.
        super().__init__(scene, focus=DIGITS if focus == 0 else focus)

    def heading(self) -> str:
        """Say that nothing is sent yet."""
        return self.scene.say("请核对，还没有提交")

    def aside(self) -> str:
        """How to change."""
        return self.scene.say("哪一项不对，就按哪一项")

    def body(self, room: Region) -> Iterable[Painted]:
        """Yield the sheet of answers that is turned up, and what goes on."""
        low = 5 if self.scene.frame.roomy else 3
        sheets = self._sheets(room, low)
        sheet = self.scene.live.sheet % len(sheets)
        bands = sheets[sheet]
        last = sheet + 1 == len(sheets)
        places = self._bands(room, bands)
        beside = last and self._joined(room, bands, low)
        for (place, cards), final in zip(places, [*[False] * (len(bands) - 1), True], strict=True):
            across = 2 if len(cards) == 2 or (beside and final) else 1
            for spot, answer in zip(columns(place, across, _GUTTER), cards, strict=False):
                yield self._card(spot, answer)
        if beside:
            spot = columns(places[-1][0], 2, _GUTTER)[1]
        else:
            top = places[-1][0].bottom
            spot = Region(room.x, top, room.width, low)
        yield from self._onward(spot, sheet, len(sheets))

    def _onward(self, place: Region, sheet: int, sheets: int) -> Iterator[Choice]:
        """Yield what sends the answers, or turns to the rest of them and back."""
        say = self.scene.say
        turn = say("第{n}页，共{total}页", n=sheet + 1, total=sheets)
        if sheet + 1 < sheets:
            yield self.choice(place, Words(say("对，看其余的"), turn), TurnSheet(sheet + 1), primary=True)
            return
        send = Words(say("都对，提交"), say("小票随后打印"))
        if sheets == 1:
            yield self.choice(place, send, Send(self._form.id), primary=True)
            return
        first, second = columns(place, 2, _GUTTER)
        yield self.choice(first, Words(say("回到第一页"), turn), TurnSheet(0))
        yield self.choice(second, send, Send(self._form.id), primary=True)

    def _card(self, place: Region, answer: _Answer) -> Choice:
        words = Words(answer.value, caption=answer.label)
        return self.choice(place, words, Go(Filling(self._form.id, answer.field.id)))

    # ---- how they are divided ----------------------------------------------------------------------------------------

    def _sheets(self, room: Region, low: int) -> list[list[Band]]:
        """Return the bands of each sheet: as many as there is room and digits for."""
        bands = self._paired(room.width)
        if self._joined(room, bands, low) or self._high(room, bands) + low <= room.height:
            return [bands]
        sheets: list[list[Band]] = [[]]
        for band in bands:
            grown = [*sheets[-1], band]
            if sheets[-1] and (self._high(room, grown) + low > room.height or sum(map(len, grown)) > DIGITS - 2):
                sheets.append([band])
            else:
                sheets[-1] = grown
        return sheets

    def _joined(self, room: Region, bands: list[Band], low: int) -> bool:
        """Whether what sends the answers must share the last band: it needs the rows, and half a band is free."""
        free = not self.scene.frame.tall and len(bands[-1]) == 1 and self._fits_half(bands[-1][0], room.width)
        high = self._high(room, bands)
        return free and high + low > room.height >= high

    def _paired(self, width: int) -> list[Band]:
        """Return the answers in bands of two, one of much text in a band of its own."""
        bands: list[Band] = []
        waiting: _Answer | None = None
        for answer in self._answers:
            if self.scene.frame.tall or not self._fits_half(answer, width):
                bands += [(one,) for one in (waiting, answer) if one]
                waiting = None
            elif waiting:
                bands.append((waiting, answer))
                waiting = None
            else:
                waiting = answer
        return [*bands, *([(waiting,)] if waiting else [])]

    def _fits_half(self, answer: _Answer, width: int) -> bool:
        return answer.lines(_room((width - _GUTTER) // 2)) <= _HALF_LINES

    def _high(self, room: Region, bands: list[Band]) -> int:
        return sum(self._height(room, band) for band in bands)

    def _height(self, room: Region, band: Band) -> int:
        halved = len(band) == 2 or (not self.scene.frame.tall and self._fits_half(band[0], room.width))
        width = _room((room.width - _GUTTER) // 2 if halved else room.width)
        return max(answer.lines(width) for answer in band) + 2

    def _bands(self, room: Region, bands: list[Band]) -> list[tuple[Region, Band]]:
        top, places = room.y, []
        for band in bands:
            high = self._height(room, band)
            places.append((Region(room.x, top, room.width, high), band))
            top += high
        return places


def _room(width: int) -> int:
    """Return the cells for the words of a card."""
    return width - CAP - 2
