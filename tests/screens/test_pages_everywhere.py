"""A walk over every page in three languages, every size and both themes: nothing cut, foreign, pale or out of reach."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from qrcode.main import QRCode

from kiosk import paths
from kiosk.catalog.load import read_release
from kiosk.clock import StationClock
from kiosk.journal.folder import StateFolder
from kiosk.ports import Condition
from kiosk.settings import QrHosts, Settings
from kiosk.station import Station
from kiosk.text import Language
from kiosk.wire.queue import QueueSnapshot, ThemeCalls
from kiosk.wording import Wording
from screens.frame import Frame
from screens.pages.welcome import WelcomePage
from screens.palette import ThemeName, palette
from tests.screens import rules
from tests.screens.drawing import THEMES, Cell, Drawing, Pair, draw, draw_widget, pairs_of, states_of
from tests.screens.gallery import LONGEST_NUMBER, Exhibit, Gallery, exhibits, one_of_each_kind, some_of_each_kind
from tests.screens.stage import MORNING, NIGHT, SIZES, Obedient, Stage, Visitor

MORE_SIZES = [*SIZES, (80, 30), (96, 26), (110, 22), (132, 43), (200, 60)]
HOST = QrHosts(("station.example",))
LONG_HOST = QrHosts(("a-host-of-more-than-16-characters.example",))
CALLS = QueueSnapshot(
    day="2026-11-24",
    session="08:30-12:00",
    time=0,
    themes=(
        ThemeCalls("A", ("A07-1001", "A08-1000"), 120, {LONGEST_NUMBER: 119}),
        ThemeCalls("C", ("C07-1001",), 0),
    ),
)
Open = Callable[..., Gallery]


class Stuck:
    """A spooler whose printer is in one condition."""

    def __init__(self, condition: Condition) -> None:
        self.condition = condition


@pytest.fixture
def gallery(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Open]:
    """Opens a gallery with a station of its own, which is not started."""
    # The search for the best mask takes most of the time that a code takes, and moves no edge of it.
    monkeypatch.setattr(QRCode, "best_mask_pattern", lambda code: 0)
    release, wording = read_release(paths.release_dir() / "catalog.msgpack"), Wording(paths.release_dir())

    with StateFolder(tmp_path) as folder:

        def with_(
            moment: datetime = NIGHT,
            hosts: QrHosts = HOST,
            condition: Condition = Condition.READY,
            enrolled: bool = True,
            calls: bool = False,
        ) -> Gallery:
            settings = Settings(qr=hosts)
            ms = int(moment.timestamp() * 1000)
            clock = StationClock(0, wall=lambda: ms, uptime=lambda: ms)
            station = Station(settings, release, wording, folder, Obedient(), pytest.fail, clock)
            station.desk.use(Stuck(condition))  # type: ignore[arg-type]
            station.desk.requests._key = bytes(32) if enrolled else None
            if calls:
                station.desk.turns.tell(CALLS, 90)
            return Gallery(station.desk, settings)

        yield with_


class Report:
    """What was found wrong, and where."""

    def __init__(self) -> None:
        self._found: defaultdict[str, list[str]] = defaultdict(list)

    def add(self, mistakes: Iterator[str], exhibit: Exhibit, frame: Frame) -> None:
        for mistake in mistakes:
            self._found[mistake].append(f"{exhibit.name} at {frame.columns} x {frame.rows}")

    def check(self) -> None:
        lines = (f"{mistake}: {len(where)} times, {where[:3]}" for mistake, where in self._found.items())
        assert not self._found, "\n".join(lines)


def walk(
    gallery: Gallery, shown: list[Exhibit], sizes: list[tuple[int, int]], language: Language
) -> Iterator[tuple[Exhibit, Frame, Drawing]]:
    # All sizes of a page in turn: its codes are then made once.
    for exhibit in shown:
        for size in sizes:
            for drawing in gallery.sheets(exhibit, Frame(*size), language):
                yield exhibit, Frame(*size), drawing


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


def test_focused_pressed_busy_and_not_to_be_had_are_told_apart(gallery: Open) -> None:
    night, report = gallery(), Report()
    text: set[Pair] = set()
    shapes: set[Pair] = set()
    languages = itertools.cycle(Language)
    for shown in exhibits(night.desk, 8):
        for exhibit, frame, drawing in walk(night, [shown], SIZES, next(languages)):
            for widget in drawing.widgets:
                report.add(rules.unclear(widget), exhibit, frame)
                for _ in states_of(widget):
                    written, drawn = pairs_of(draw_widget(widget)[0])
                    text |= written
                    shapes |= drawn
    report.check()
    assert list(rules.pale(text, shapes)) == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
def test_the_station_shows_what_was_walked_and_shows_focus_to_keys_alone(
    stage: Stage, size: tuple[int, int], theme: ThemeName
) -> None:
    async def story(visitor: Visitor) -> None:
        app = visitor.app
        gallery = Gallery(app._desk, app._settings)
        # A tick would count the warning's seconds down.
        for timer in list(app._timers):
            timer.stop()
        for language in Language:
            for exhibit in one_of_each_kind(gallery, Frame(*size)):
                app._session = gallery.session(exhibit, language)
                scene = gallery.scene(exhibit, Frame(*size), app._session)
                app.switch_screen(exhibit.page(replace(scene, palette=palette(theme))))
                await visitor.settle()
                assert on_the_screen(visitor) == draw(exhibit.page(scene)).cells(theme), exhibit.name
                if language is Language.HANS and visitor.page.anywhere() is None:
                    await focus_comes_and_goes(visitor)

    stage.play(story, size, theme=theme)


def on_the_screen(visitor: Visitor) -> list[list[Cell]]:
    rows = []
    for strip in visitor.app.screen._compositor.render_strips():
        row: list[Cell] = []
        for text, style, _ in strip:
            assert style is not None and style.bgcolor is not None
            on = style.bgcolor.get_truecolor().hex.upper()
            ink = style.color.get_truecolor().hex.upper() if style.color else ""
            row += [(one, "" if one == " " else ink, on) for one in text]
        rows.append(row)
    return rows


async def focus_comes_and_goes(visitor: Visitor) -> None:
    def focused() -> int:
        return sum(choice.focus_shown for choice in visitor.page.choices)

    assert focused() == 0
    await visitor.press("tab")
    assert focused() == any(choice.ready for choice in visitor.page.choices), visitor.page
    await visitor.touch(0, 0)
    assert focused() == 0


@pytest.mark.parametrize("size", MORE_SIZES)
def test_the_welcome_says_where_when_and_how_to_begin(gallery: Open, size: tuple[int, int]) -> None:
    night = gallery()
    welcome = Exhibit("welcome", page=WelcomePage)
    drawing = next(night.sheets(welcome, Frame(*size), Language.HANS))
    text = "".join("".join(drawing.lines()).split())
    wanted = "触摸屏幕或按任意键开始", "简体中文", "繁體中文", "English", "07号站", "11月24日星期二"
    assert all(one in text for one in wanted)
