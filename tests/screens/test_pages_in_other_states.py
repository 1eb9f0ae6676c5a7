"""A walk over pages of every kind while the station is in another state: no printer, no paper, a disk in trouble."""

import pytest

from kiosk.ports import Condition
from kiosk.settings import QrHosts
from kiosk.text import Language
from screens.frame import Frame
from tests.screens import rules
from tests.screens.gallery import some_of_each_kind
from tests.screens.opened import LONG_HOST, Open, Report, walk
from tests.screens.stage import MORNING

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
