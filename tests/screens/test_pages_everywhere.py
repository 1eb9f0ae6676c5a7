"""A walk over every page in three languages, every size and both themes: nothing cut, foreign, pale or out of reach."""

import pytest

from kiosk.ports import Condition
from kiosk.settings import QrHosts
from kiosk.text import Language
from screens.frame import Frame
from screens.pages.welcome import WelcomePage
from tests.screens import rules
from tests.screens.drawing import Pair
from tests.screens.gallery import Exhibit, exhibits, some_of_each_kind
from tests.screens.opened import LONG_HOST, Open, Report, walk
from tests.screens.stage import MORNING, SIZES

MORE_SIZES = [*SIZES, (80, 30), (96, 26), (110, 22), (132, 43), (200, 60)]


@pytest.mark.parametrize("language", list(Language))
def test_nothing_is_cut_covered_foreign_pale_or_out_of_reach(gallery: Open, language: Language) -> None:
    night, report = gallery(), Report()
    text: set[Pair] = set()
    shapes: set[Pair] = set()
    # In the larger sizes, each page is walked in one of the languages; all three see pages of every kind.
    every, some = exhibits(night.desk), exhibits(night.desk, 6)[list(Language).index(language) :: len(Language)]
    for shown, sizes in ((every, SIZES), (some, MORE_SIZES[len(SIZES) :])):
        for exhibit, frame, drawing in walk(night, shown, sizes, language):
            report.add(rules.mistakes(drawing, None if exhibit.mixed else language), exhibit, frame)
            text |= drawing.text
            shapes |= drawing.shapes
    report.check()
    assert list(rules.pale(text, shapes)) == []


ROOMLESS = [(80, 22), (60, 50)]
"""The sizes with least room; what fits there is seen to fit elsewhere by the walk over everything."""

STATES = {
    "in session": {"moment": MORNING},
    "no codes": {"hosts": QrHosts(())},
    "long address": {"hosts": LONG_HOST},
    "no printer": {"condition": Condition.NOT_CONFIGURED},
    "no paper": {"condition": Condition.PAPER_OUT},
    "not enrolled": {"enrolled": False},
    "calling": {"moment": MORNING, "calls": True},
}


@pytest.mark.parametrize("state", [*STATES, "disk in trouble"])
def test_a_station_in_any_other_state_shows_whole_pages_too(gallery: Open, state: str) -> None:
    one, report = gallery(**STATES.get(state, {})), Report()
    if state not in STATES:
        one.desk._refused, one.desk._probed = True, float("inf")
    shown = some_of_each_kind(one, Frame(*ROOMLESS[0]))
    for language in Language:
        for exhibit, frame, drawing in walk(one, shown, ROOMLESS, language):
            report.add(rules.mistakes(drawing, None if exhibit.mixed else language), exhibit, frame)
    report.check()


@pytest.mark.parametrize("size", MORE_SIZES)
def test_the_welcome_says_where_when_and_how_to_begin(gallery: Open, size: tuple[int, int]) -> None:
    night = gallery()
    welcome = Exhibit("welcome", page=WelcomePage)
    drawing = next(night.sheets(welcome, Frame(*size), Language.HANS))
    text = "".join("".join(drawing.lines()).split())
    wanted = "触摸屏幕或按任意键开始", "简体中文", "繁體中文", "English", "07号站", "11月24日星期二"
    assert all(one in text for one in wanted)
