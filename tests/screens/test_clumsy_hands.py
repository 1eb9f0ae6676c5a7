"""On every kind of page: what is not one touch of one finger does nothing, what is done twice at once is done once."""

from collections.abc import Awaitable, Callable

import pytest
from textual.geometry import Offset

from kiosk.text import Language
from screens.frame import Frame
from screens.hands import SETTLE_SECONDS
from screens.intents import Intent, Write
from screens.pages.page import Page
from screens.widgets.bands import Footer
from screens.widgets.keyboard import Keyboard
from tests.screens.gallery import Gallery, one_of_each_kind
from tests.screens.stage import Stage, Visitor

SIZE = (80, 22)
ANYWHERE = {"WelcomePage", "IdlePage", "FarewellPage"}
"""Pages on which any touch or key means something."""


def targets(page: Page, *, letters: bool) -> list[Offset]:
    """Return the middle of the first and last card, of 结束 in the footer, and of a letter.

    Without `letters` also without the card that changes them.
    """
    cards = [choice for choice in page.choices if letters or not isinstance(choice.intent, Write)]
    places = [choice.place for choice in dict.fromkeys((*cards[:1], *cards[-1:]))]
    places += [footer.slots()[-1].translate(footer.place.offset) for footer in page.query(Footer)]
    if letters:
        places += [board.slots()[8][1].translate(board.place.offset) for board in page.query(Keyboard)]
    return [Offset(place.x + place.width // 2, place.y + place.height // 2) for place in places]


class Wanted:
    """Counts what the app is asked to carry out, and carries it out."""

    def __init__(self, visitor: Visitor) -> None:
        self.intents: list[Intent] = []
        self._perform = visitor.app.perform
        visitor.app.perform = self._note  # type: ignore[method-assign]

    def _note(self, message: Page.Wanted) -> None:
        self.intents.append(message.intent)
        self._perform(message)


Clumsy = Callable[[Visitor, Offset, Offset], Awaitable[None]]


async def other_buttons(visitor: Visitor, at: Offset, other: Offset) -> None:
    for button in (2, 3):
        await visitor.touch(*at, button=button)


async def a_finger_that_slides_away(visitor: Visitor, at: Offset, other: Offset) -> None:
    visitor.clocks.steady += 1
    await visitor.finger(True, *at)
    await visitor.finger(False, *other)


async def two_fingers(visitor: Visitor, at: Offset, other: Offset) -> None:
    visitor.clocks.steady += 1
    for down, where in ((True, at), (True, other), (False, at), (False, other)):
        await visitor.finger(down, *where)


async def a_double_tap(visitor: Visitor, at: Offset, other: Offset) -> None:
    await visitor.touch(*at)
    await visitor.touch(*at, after=SETTLE_SECONDS - 0.1)


async def a_tap_that_bounces(visitor: Visitor, at: Offset, other: Offset) -> None:
    visitor.clocks.steady += 1
    await visitor.finger(True, *at)
    await visitor.finger(True, *at)
    await visitor.finger(False, *at)
    await visitor.finger(False, *at)


@pytest.mark.parametrize(
    ("clumsy", "most"),
    [(other_buttons, 0), (a_finger_that_slides_away, 0), (two_fingers, 1), (a_double_tap, 1), (a_tap_that_bounces, 1)],
)
def test_a_clumsy_hand_does_nothing_twice(stage: Stage, clumsy: Clumsy, most: int) -> None:
    async def story(visitor: Visitor) -> None:
        app = visitor.app
        gallery = Gallery(app._desk, app._settings)
        wanted = Wanted(visitor)
        kinds = set()
        for exhibit in one_of_each_kind(gallery, Frame(*SIZE)):
            session = gallery.session(exhibit, Language.HANS)
            app._session = session
            app.show()
            await visitor.settle()
            kind = type(visitor.page)
            if kind.__name__ in ANYWHERE or kind in kinds:
                continue
            kinds.add(kind)
            # A letter touched twice is typed twice, and other letters asked for twice come twice.
            letters = clumsy is not a_double_tap
            for number in range(len(targets(visitor.page, letters=letters))):
                app._session = gallery.session(exhibit, Language.HANS)
                app.show()
                await visitor.settle()
                places = targets(visitor.page, letters=letters)
                wanted.intents.clear()
                await clumsy(visitor, places[number], places[number - 1])
                assert len(wanted.intents) <= most, (exhibit.name, wanted.intents)
        assert len(kinds) >= 12

    stage.play(story, SIZE)
