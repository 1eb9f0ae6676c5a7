"""By a keypad alone and by touch alone everything can be reached and done: a tour of every page leaves nothing out."""

import copy
from collections.abc import Awaitable, Callable

import pytest

from kiosk.desk import UNSURE, Direction
from kiosk.ports import Condition, TypeSize
from kiosk.text import Language
from kiosk.visit import About, Asking, Cycles, PackagePage, Packages, Search
from screens.intents import (
    AskEnd,
    AskHelp,
    Back,
    Begin,
    End,
    Go,
    GoHome,
    Intent,
    Leave,
    PrintGuide,
    Reply,
    Stay,
    TakeNumber,
)
from screens.pages.page import Page
from screens.widgets.bands import Footer
from screens.widgets.choice import Choice
from tests.screens.stage import Obedient, Stage, Visitor

PACKAGE = "newborn-birth"
ROUTE: tuple[tuple[str, Intent | None], ...] = (
    ("WelcomePage", Begin(Language.HANS)),
    ("HomePage", Go(Cycles(Direction.LIFE))),
    ("CyclesPage", Go(Search())),
    ("SearchPage", Back()),
    ("CyclesPage", Go(Packages("birth"))),
    ("PackagesPage", Go(PackagePage(PACKAGE))),
    ("PackagePageScreen", AskHelp()),
    ("HelpPage", Go(About())),
    ("AboutPage", Back()),
    ("HelpPage", Back()),
    ("PackagePageScreen", None),
    ("IdlePage", Stay()),
    ("PackagePageScreen", Go(Asking(PACKAGE, 0))),
    ("QuestionPage", Reply(PACKAGE, 0, 1)),
    ("NotForYouPage", Back()),
    ("QuestionPage", Reply(PACKAGE, 0, UNSURE)),
    ("QuestionPage", Reply(PACKAGE, 1, UNSURE)),
    ("QuestionPage", Reply(PACKAGE, 2, UNSURE)),
    ("ChecklistPage", PrintGuide(PACKAGE)),
    ("SlipPage", Back()),
    ("ChecklistPage", TakeNumber(PACKAGE)),
    ("NumberPage", AskEnd()),
    ("EndPage", Back()),
    ("NumberPage", GoHome()),
    ("HomePage", AskEnd()),
    ("EndPage", End()),
    ("FarewellPage", Leave()),
    ("WelcomePage", None),
)
"""Kinds of pages and what leads on from each; None: nothing but time, or the end of the tour."""


WITH_PAPER = {"SlipPage", "NumberPage"}
"""Pages that offer other things when the paper did not come."""


class BothSizes:
    """A terminal that can be asked for large type and looks the same in both."""

    sizes = (TypeSize.NORMAL, TypeSize.LARGE)

    def show(self, size: TypeSize) -> bool:
        return True


Control = Choice | int
"""A card, or a place of the footer by its number."""


def controls(page: Page) -> list[tuple[Intent, Control]]:
    """Return what can be done on a page, the end of the visit last."""
    found: list[tuple[Intent, Control]] = [(choice.intent, choice) for choice in page.choices if choice.ready]
    for footer in page.query(Footer):
        found += [(place.intent, number) for number, place in enumerate(footer.places) if place.intent]
    return sorted(found, key=lambda one: isinstance(one[0], End))


async def by_keypad(visitor: Visitor, what: Control) -> None:
    """Press the digit on the card, Enter where it has the focus, or the key of the footer's place."""
    if isinstance(what, int):
        await visitor.press(visitor.page.query_one(Footer).places[what].cap)
    else:
        await visitor.press("enter" if what.focus_shown else what.digit)


async def by_touch(visitor: Visitor, what: Control) -> None:
    """Touch the middle of the card or of the footer's place."""
    if isinstance(what, int):
        await visitor.touch_footer(what)
    else:
        await visitor.touch(what.place.x + what.place.width // 2, what.place.y + what.place.height // 2)


Do = Callable[[Visitor, Control], Awaitable[None]]


@pytest.mark.parametrize("paper", [Condition.READY, Condition.PAPER_OUT])
@pytest.mark.parametrize("do", [by_keypad, by_touch])
def test_a_tour_reaches_every_page_and_does_all_that_it_offers(
    stage: Stage, printer: Obedient, do: Do, paper: Condition
) -> None:
    stage.terminal = BothSizes()
    printer.condition_now = paper

    async def story(visitor: Visitor) -> None:
        tried = set()
        for kind, wanted in ROUTE:
            if kind == "FarewellPage" and paper is not Condition.READY:
                continue
            assert type(visitor.page).__name__ == kind
            if kind not in tried and (paper is Condition.READY or kind in WITH_PAPER):
                tried.add(kind)
                await try_everything(visitor, do)
            if wanted is None:
                await visitor.pass_time(61)
            else:
                page = visitor.page
                await do(visitor, next(control for intent, control in controls(page) if intent == wanted))
                await all_is_done(visitor, page)

    stage.play(story)


async def try_everything(visitor: Visitor, do: Do) -> None:
    """Do each thing that the page offers and see that something comes of it, each time from the same page again."""
    app = visitor.app
    before = copy.deepcopy(app._session), app._farewell, app._warned
    for number in range(len(controls(visitor.page))):
        page = visitor.page
        intent, control = controls(page)[number]
        await do(visitor, control)
        await all_is_done(visitor, page)
        assert visitor.page is not page, f"{intent} on {page} did nothing"
        session, app._farewell, app._warned = before
        if app._warned:
            # The station's own second hand may fall between the page and the look at it.
            app._idle.last = visitor.clocks.steady - 61
        app._session = copy.deepcopy(session)
        app.show()
        await visitor.settle()
        assert type(visitor.page) is type(page)


async def all_is_done(visitor: Visitor, page: Page) -> None:
    """Wait for another page, which larger type brings from another thread, and for what becomes of the paper."""
    for _ in range(300):
        session = visitor.app._session
        printing = session and session.job and session.job.state.value not in {"printed", "held", "unknown"}
        if visitor.page is not page and not printing:
            break
        await visitor.settle()
    await visitor.settle()
