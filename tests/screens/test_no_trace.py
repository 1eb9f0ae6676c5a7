"""After a visit nothing alive in the program holds what was said in it: no answer, no typed word, no code."""

import gc
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from pathlib import Path
from types import FrameType

import pytest

from kiosk.desk import Checklist, IssuedTicket, JobRecord
from kiosk.documents import Document
from kiosk.text import Language
from kiosk.visit import Checking, ListPage, Visit
from screens import sealed
from screens.app import KioskApp
from screens.pages.bare import OutOfOrderPage
from screens.pages.ending import FarewellPage, IdlePage
from screens.pages.page import Page
from screens.pages.welcome import WelcomePage
from screens.scene import Session
from tests.enrolled import enrol
from tests.screens.stage import Obedient, Stage, Visitor

PACKAGE = "newborn-birth"
BACKWARDS = "yjkwvzqx"
"""What is typed, read from its end: as it is typed it stands nowhere in this file."""

BACKWARDS_PHONE, BACKWARDS_NAME = "43219999831", "QZWJXKV"

OF_A_VISIT = (Session, Visit, IssuedTicket, Checklist, Document, JobRecord)


class Said:
    """What a visitor said and got, kept so that the search for it does not find itself: texts are kept backwards."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._half_number = 0.0
        # Other tests of the same run may have left some of these kinds: not this visit's.
        self._before = {id(one) for one in everything_alive() if isinstance(one, OF_A_VISIT)}

    def note(self, name: str, text: str) -> None:
        self._texts[name] = text[::-1]

    def note_visit(self, visit: Visit) -> None:
        self._half_number = visit.number / 2

    @property
    def everything(self) -> set[str]:
        """The names of all that can be found while the visit lasts."""
        return {*self._texts, "number of the visit", "answers", *(kind.__name__ for kind in OF_A_VISIT)}

    def traces(self) -> set[str]:
        """Return the names of what is found in any object that is alive."""
        gc.collect()
        wanted = {name: text[::-1] for name, text in self._texts.items()}
        own = {id(text) for text in wanted.values()}
        found = set()
        for one in everything_alive():
            match one:
                case str() if id(one) not in own:
                    found |= {name for name, text in wanted.items() if text in one}
                case bytes() | bytearray():
                    found |= {name for name, text in wanted.items() if text.encode() in one}
                case int() if one.bit_length() < 64 and one / 2 == self._half_number:
                    found.add("number of the visit")
                case dict() if isinstance(one.get(PACKAGE), tuple):
                    found.add("answers")
                case _ if isinstance(one, OF_A_VISIT) and id(one) not in self._before:
                    found.add(type(one).__name__)
        return found


def everything_alive() -> Iterable[object]:
    """Yield all objects that can be reached, with those that the collector does not track, as texts and numbers."""
    seen: set[int] = set()
    waiting: list[object] = list(gc.get_objects())
    while waiting:
        one = waiting.pop()
        if id(one) not in seen and one is not seen and one is not waiting and not isinstance(one, FrameType):
            seen.add(id(one))
            yield one
            waiting.extend(gc.get_referents(one))


async def say_it_all(visitor: Visitor, said: Said) -> AsyncIterator[None]:
    """Play a whole visit: words searched for, answers, the list on paper and by code, help, languages, a number.

    Then a request with a telephone number and a name. Stops at each place where something is seen that the next one
    does not show.
    """
    await visitor.press("enter")
    said.note_visit(visitor.app._live.visit)
    await visitor.press("9", *reversed(BACKWARDS))
    said.note("what was typed", BACKWARDS[::-1])
    yield
    await visitor.press("/", "1", "1", "1", "1", "1", "1", "2")
    visit = visitor.app._live.visit
    assert visit.place == ListPage(PACKAGE)
    for language in (Language.HANT, Language.EN, Language.HANS):
        await visitor.press("0")
        link = visitor.app._desk.guide_link(PACKAGE, visit.answers[PACKAGE], language)
        assert link is not None
        said.note(f"answers as a code in {language}", link.rpartition("/")[2])
        yield
    await visitor.press(".", ".", "3", "*", "1")
    await visitor.wait_to_see("请取走清单")
    await visitor.press("*", "2")
    await visitor.wait_to_see("请取走小票")
    ticket = visitor.app._live.ticket
    assert ticket is not None
    said.note("code of the ticket", ticket.code)
    said.note("code as it is shown", " ".join(ticket.code[start : start + 4] for start in range(0, 16, 4)))
    yield
    await visitor.press("2", "6", "1", "1", "1", "1", "9", "1", "1", *reversed(BACKWARDS_PHONE), "enter")
    said.note("telephone number", BACKWARDS_PHONE[::-1])
    await visitor.press("7", *reversed(BACKWARDS_NAME), "8")
    said.note("name", BACKWARDS_NAME[::-1])
    assert visit.place == Checking("home-visit")
    yield
    await visitor.press("enter")
    await visitor.wait_to_see("请取走小票")
    request = visitor.app._live.request
    assert request is not None
    said.note("code of the request", request.code)
    yield


async def by_ending(visitor: Visitor) -> None:
    await visitor.press("#", "1")
    assert isinstance(visitor.page, FarewellPage)


async def by_ending_and_leaving(visitor: Visitor) -> None:
    await visitor.press("#", "1", "1")
    assert isinstance(visitor.page, WelcomePage)


async def by_nobody_being_there(visitor: Visitor) -> None:
    await visitor.pass_time(61)
    assert isinstance(visitor.page, IdlePage)
    await visitor.pass_time(31)
    assert isinstance(visitor.page, FarewellPage)
    await visitor.pass_time(11)
    assert isinstance(visitor.page, WelcomePage)


async def by_a_mistake(visitor: Visitor) -> None:
    def press(page: Page, character: str) -> None:
        held = page.scene.session
        raise RuntimeError(f"{held} {BACKWARDS[::-1]}")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(KioskApp, "is_headless", property(lambda app: False))
        patch.setattr(sealed, "OUT_OF_ORDER_SECONDS", 3600)
        patch.setattr(Page, "press", press)
        await visitor.press("1")
    await visitor.press("1")
    assert isinstance(visitor.page, OutOfOrderPage)


End = Callable[[Visitor], Awaitable[None]]


@pytest.mark.parametrize("end", [by_ending, by_ending_and_leaving, by_nobody_being_there, by_a_mistake])
def test_nothing_that_was_said_is_left(stage: Stage, printer: Obedient, tmp_path: Path, end: End) -> None:
    enrol(tmp_path)

    async def story(visitor: Visitor) -> None:
        said = Said()
        async for _ in say_it_all(visitor, said):
            pass
        await end(visitor)
        # What the printer printed is with the resident.
        printer.printed.clear()
        assert said.traces() == set()

    stage.play(story)


def test_what_is_there_is_found(stage: Stage, tmp_path: Path) -> None:
    enrol(tmp_path)

    async def story(visitor: Visitor) -> None:
        said, found = Said(), set()
        async for _ in say_it_all(visitor, said):
            found |= said.traces()
        assert found == said.everything
        kept = visitor.app._live.visit.answers
        await by_ending(visitor)
        assert said.traces() >= {"answers"}
        assert kept

    stage.play(story)
