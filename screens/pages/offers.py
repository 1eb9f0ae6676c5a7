"""Pages that offer several things of one kind: equal cards, as many as have digits, the rest on further sheets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.geometry import Region

from kiosk.text import wrap_evenly
from screens.frame import columns, stack
from screens.intents import Intent, TurnSheet
from screens.pages.page import Page
from screens.widgets.choice import CAP, Choice, Words

DIGITS = 9
_HEIGHTS = (3, 4, 5, 7)


@dataclass(frozen=True)
class Offer:
    """One card: its words, what it does, whether it is the likeliest or cannot be had now, and then why."""

    words: Words
    intent: Intent
    primary: bool = False
    disabled: bool = False
    why: str = ""


class OffersPage(Page):
    """Yields cards from `cards`. Which sheet of them is turned up is the session's `sheet`."""

    def cards(self, room: Region, offers: Sequence[Offer], always: Sequence[Offer] = ()) -> Iterator[Choice]:
        """Yield `offers` in `room`, a sheet of them where they are too many; `always` stand behind those of each sheet.

        All cards are as high as the one with most to say, where that costs no further sheet.
        """
        across = 1 if self.scene.frame.tall else 2
        high, room_for = _height(room, [*offers, *always], across)
        shown = list(offers)
        if len(offers) + len(always) > room_for:
            size = room_for - len(always) - 1
            sheets = -(-len(offers) // size)
            sheet = self.scene.live.sheet % sheets
            shown = [*offers[sheet * size :][:size], self._turner(sheet, sheets)]
        shown += always
        rows = -(-len(shown) // across)
        places = [place for band in stack(room, [high] * rows) for place in columns(band, across, 2)]
        if len(shown) % across:
            last = places[len(shown) - 1]
            places[len(shown) - 1] = Region(room.x, last.y, room.width, high)
        for place, offer in zip(places, shown, strict=False):
            yield self.choice(
                place, offer.words, offer.intent, primary=offer.primary, disabled=offer.disabled, why=offer.why
            )

    def _turner(self, sheet: int, sheets: int) -> Offer:
        say = self.scene.say
        label = say("看更多") if sheet + 1 < sheets else say("回到第一页")
        turn = say("第{n}页，共{total}页", n=sheet + 1, total=sheets)
        return Offer(Words(label, turn), TurnSheet((sheet + 1) % sheets))


def _height(room: Region, offers: Sequence[Offer], across: int) -> tuple[int, int]:
    """Return how high the cards are and how many stand on a sheet."""
    width = (room.width - 2 * (across - 1)) // across - CAP - 2
    labels = max(len(wrap_evenly(offer.words.label, width)) for offer in offers)
    whole = max(_lines(offer.words, width) for offer in offers)
    rows = -(-len(offers) // across)

    def on_a_sheet(high: int) -> int:
        return min(room.height // high * across, DIGITS)

    least = next((high for high in _HEIGHTS if high >= labels + 2), _HEIGHTS[-1])
    fitting = [
        high
        for high in _HEIGHTS
        if high >= whole + 2 and rows * high <= room.height and (high % 2 or whole == high - 2)
    ]
    if len(offers) <= DIGITS and fitting:
        return fitting[-1], DIGITS
    told = next((high for high in _HEIGHTS if high >= whole + 2), least)
    high = told if on_a_sheet(told) == on_a_sheet(least) else least
    return high, on_a_sheet(high)


def _lines(words: Words, width: int) -> int:
    """Return the lines of a card that has room for all its words."""
    label = wrap_evenly(words.label, width)
    if not words.gloss:
        return len(label)
    return len(label) + len(wrap_evenly(words.gloss, width))
