"""What can be told apart on a page, and that the station shows what the walks have drawn."""

import itertools
from dataclasses import replace

import pytest

from kiosk.text import Language
from screens.frame import Frame
from screens.palette import ThemeName, palette
from tests.screens import rules
from tests.screens.drawing import THEMES, Cell, Pair, draw, draw_widget, pairs_of, states_of
from tests.screens.gallery import Gallery, exhibits, one_of_each_kind
from tests.screens.opened import Open, Report, walk
from tests.screens.stage import SIZES, Stage, Visitor


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
