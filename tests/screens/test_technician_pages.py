"""A walk over the technician's pages in three languages and every size: nothing cut, covered, pale or out of reach."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk import paths
from kiosk.catalog.load import read_release
from kiosk.clock import StationClock
from kiosk.journal.folder import StateFolder
from kiosk.settings import Settings
from kiosk.station import Station
from kiosk.technician.door import Door
from kiosk.text import Language
from kiosk.wording import Wording
from screens.frame import Frame
from screens.intents import TurnSheet
from screens.scene import Scene
from screens.technician.places import technician_page
from screens.technician.shift import AtOverview, AtSettings, Shift, Spot
from tests.screens import rules
from tests.screens.drawing import NOTING, Drawing, Pair, draw, draw_widget, pairs_of, states_of
from tests.screens.stage import MORNING, Obedient
from tests.screens.technician_gallery import spots
from tests.screens.technicians import door_to, every_symptom, station_tests

ROOMLESS = [(80, 22), (60, 50)]
QUOTED = "集美区24小时e政务便民服务站", "集美區24小時e政務便民服務站", "集美区政务服务中心", "集美區政務服務中心"


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Station]:
    release, wording = read_release(paths.release_dir() / "catalog.msgpack"), Wording(paths.release_dir())
    ms = int(MORNING.timestamp() * 1000)
    with StateFolder(tmp_path_factory.mktemp("state")) as folder:
        clock = StationClock(0, wall=lambda: ms, uptime=lambda: ms)
        yield Station(Settings(), release, wording, folder, Obedient(), pytest.fail, clock)


def scene_of(station: Station, frame: Frame, language: Language) -> Scene:
    return Scene(station.desk, Settings(), frame, NOTING, language, None, mark=None, type_word="大字")


def sheets(station: Station, door: Door, spot: Spot, frame: Frame, language: Language) -> Iterator[Drawing]:
    """Draw the page of a spot, and every sheet that it can be turned to."""
    shift = Shift(door, language, spot)
    while True:
        drawing = draw(technician_page(scene_of(station, frame, language), shift, lambda: 0.0, None))
        yield drawing
        turns = [one.intent.sheet for one in drawing.page.choices if isinstance(one.intent, TurnSheet)]
        if not any(turn > shift.sheet for turn in turns):
            return
        shift.sheet += 1


def wrong_with(drawing: Drawing, spot: Spot, language: Language) -> Iterator[str]:
    """Yield what is wrong with a page. Commands, ports and values are as they are in every language."""
    yield from rules.mistakes(drawing, None)
    text = "\n".join(drawing.lines())
    for quoted in QUOTED if language is not Language.HANS else ():
        text = text.replace(quoted, "")
    if not (isinstance(spot, AtSettings) or "集美集美" in text or "繁體字樣" in text):
        yield from (one for one in rules.foreign(text, language) if not one.startswith("Latin words"))


@pytest.mark.parametrize("language", list(Language))  # English words are the longest
def test_nothing_is_cut_covered_foreign_or_out_of_reach(station: Station, tmp_path: Path, language: Language) -> None:
    door = door_to(tmp_path, (*station_tests(), *every_symptom()[::7]), faults=lambda name, on: None)(station)
    wrong: defaultdict[str, list[str]] = defaultdict(list)
    text: set[Pair] = set()
    shapes: set[Pair] = set()
    for name, spot in spots():
        for size in [*ROOMLESS, (120, 30)] if language is Language.EN else ROOMLESS:
            for drawing in sheets(station, door, spot, Frame(*size), language):
                text |= drawing.text
                shapes |= drawing.shapes
                for mistake in wrong_with(drawing, spot, language):
                    wrong[mistake].append(f"{name} at {size}")
    assert not wrong, "\n".join(f"{mistake}: {len(where)} times, {where[:3]}" for mistake, where in wrong.items())
    assert list(rules.pale(text, shapes)) == []


def test_focused_pressed_busy_and_not_to_be_had_are_told_apart(station: Station, tmp_path: Path) -> None:
    door = door_to(tmp_path, faults=lambda name, on: None)(station)
    kinds: dict[type, tuple[str, Spot]] = {}
    for name, spot in spots():
        kinds.setdefault(type(spot), (name, spot))
    wrong, text, shapes = [], set(), set()
    for name, spot in kinds.values():
        for drawing in sheets(station, door, spot, Frame(80, 22), Language.HANS):
            for widget in drawing.widgets:
                wrong += [f"{name}: {one}" for one in rules.unclear(widget)]
                for _ in states_of(widget):
                    written, drawn = pairs_of(draw_widget(widget)[0])
                    text |= written
                    shapes |= drawn
    assert wrong == []
    assert list(rules.pale(text, shapes)) == []


def test_every_part_of_the_overview_is_there_with_what_to_do(station: Station, tmp_path: Path) -> None:
    door = door_to(tmp_path)(station)
    text = "".join(
        "".join("".join(drawing.lines()).split())
        for drawing in sheets(station, door, AtOverview(), Frame(80, 22), Language.HANS)
    )
    assert text.index("打印机缺纸") < text.index("连不到中心") < text.index("时钟没有和中心比对") < text.index("磁盘")
    for wanted in ("!!严重", "!注意", "?不明", "正常", "-不适用", "换上新的纸卷，合上盖子", "查指南和取号照常"):
        assert wanted in text
