"""A walk over every page in three languages and every size: nothing cut, covered, foreign or out of reach."""

import itertools
import re
import unicodedata
from collections.abc import Iterator

import pytest
from rich.cells import cell_len
from textual.geometry import Region

from kiosk.desk import UNSURE, Direction
from kiosk.ports import Condition
from kiosk.text import Language, ambiguous
from kiosk.visit import Asking, Cycles, EndAsked, Home, ListPage, NotForYou, PackagePage, Packages, Place
from screens.app import KioskApp
from screens.widgets.bands import Footer, Heading
from screens.widgets.choice import CAP, Choice
from screens.widgets.painted import Painted
from screens.widgets.sheet import Notice, Sheet
from tests.screens.stage import NIGHT, SIZES, Obedient, Stage, Visitor, walk_to_list

MORE_SIZES = [*SIZES, (80, 30), (96, 26), (110, 22), (132, 43), (200, 60)]
LATIN = re.compile(r"[A-Za-z]{2,}")


def places(app: KioskApp) -> Iterator[Place]:
    """Yield places of every kind: all the packages, with the shortest and longest lists there are."""
    desk = app._desk
    yield Home()
    yield EndAsked()
    for direction in Direction:
        yield Cycles(direction)
        for cycle in desk.cycles(direction):
            yield Packages(cycle.id)
            for package in desk.packages(cycle.id):
                yield PackagePage(package.id)
                for number, question in enumerate(package.questions):
                    yield Asking(package.id, number)
                    if any(option.blocks for option in question.options):
                        yield NotForYou(package.id, number)
                yield ListPage(package.id)
                yield ListPage(package.id, 1)
                yield ListPage(package.id, 9)


def mistakes(visitor: Visitor, language: Language) -> Iterator[str]:
    """Yield what is wrong with the page on the screen."""
    page, frame = visitor.page, visitor.page.scene.frame
    widgets = [widget for widget in page.children if isinstance(widget, Painted)]
    pane = Region(0, 0, frame.columns, frame.rows)
    for widget in widgets:
        if widget.place.width <= 0 or widget.place.height <= 0 or not pane.contains_region(widget.place):
            yield f"{widget.__class__.__name__} reaches out of the pane: {widget.place}"
        for other in widgets:
            if other is not widget and widget.place.overlaps(other.place):
                yield f"{widget.__class__.__name__} lies over {other.__class__.__name__}"
    lines = visitor.lines()
    for row, line in enumerate(lines):
        if cell_len(line) != frame.columns:
            yield f"row {row} is {cell_len(line)} cells wide"
        if found := ambiguous(line):
            yield f"row {row} holds {found!r}, which terminals draw in different widths"
    text = visitor.text()
    yield from (f"a placeholder shows: {found}" for found in re.findall(r"\{[a-z]+\}", text))
    for number, choice in enumerate(page.choices, 1):
        yield from wrong_with(choice, number, visitor)
    for footer in page.query(Footer):
        for slot, place in zip(footer.slots(), footer.places, strict=True):
            if slot.width < 8 or slot.height < 3:
                yield f"footer place {place.word} is only {slot.width} x {slot.height}"
            if cell_len(place.word) + (0 if frame.tall else 5) > slot.width:
                yield f"footer word {place.word} has no room"
    for sheet in page.query(Sheet):
        if not sheet._plain and len(sheet.lines) > Sheet.rows(sheet.place.height):
            yield f"a sheet of {sheet.place.height} rows holds {len(sheet.lines)} lines"
        for line in sheet.lines:
            room = sheet.place.width - 2 * Sheet.MARGIN - sheet._bar
            if any(span.left >= 0 and span.left + cell_len(span.text) > room for span in line):
                yield f"a line is cut: {[span.text for span in line]}"
    for notice in page.query(Notice):
        if len(notice.lines) > notice.place.height - 2:
            yield f"a notice of {notice.place.height} rows holds {len(notice.lines)} lines"
    for heading in page.query(Heading):
        if cell_len(heading._title) > heading.place.width:
            yield f"the heading is cut: {heading._title}"
    yield from foreign(text, language)


def wrong_with(choice: Choice, number: int, visitor: Visitor) -> Iterator[str]:
    words, place = choice.words, choice.place
    if choice.digit != str(number) or number > 9:
        yield f"choice {number} has the digit {choice.digit}"
    if place.height < 3 or place.width < 12:
        yield f"choice {words.label} is only {place.width} x {place.height}"
    painted = "".join(visitor.cells(place.x + CAP, row, place.width - CAP) for row in range(place.y, place.bottom))
    if not words.word and "".join(words.label.split()) not in "".join(painted.split()):
        halves = len(words.label) // 2
        if not (words.label[:halves] in painted and words.label[-halves:] in painted):
            yield f"the label is cut: {words.label}"
    cap = visitor.cells(place.x, place.y + (place.height - 1) // 2, CAP)
    if choice.digit not in cap:
        yield f"the digit of {words.label} is not to be seen"


def foreign(text: str, language: Language) -> Iterator[str]:
    """Yield words of another language."""
    if language is Language.EN:
        text = text.replace("简体中文", "").replace("简体", "")
        chinese = {c for c in text if "\u4e00" <= c <= "\u9fff"}
        yield from ([f"Chinese on an English page: {''.join(sorted(chinese))}"] if chinese - set("集") - SEALS else [])
    else:
        words = set(LATIN.findall(text))
        yield from ([f"Latin words on a Chinese page: {words}"] if words - KNOWN_LATIN else [])


OWN_NAME = "简体中文"
SEALS = set("生学业军扶居老身开建营离产休更销人企")
KNOWN_LATIN = {"EN", "English", "jzz", "xsr"}


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("size", MORE_SIZES)
def test_nothing_is_cut_covered_foreign_or_out_of_reach(
    stage: Stage, size: tuple[int, int], language: Language
) -> None:
    found: dict[str, set[str]] = {}

    async def story(visitor: Visitor) -> None:
        await visitor.press("enter")
        app = visitor.app
        visit = app._live.visit
        visit.language = language
        every = places(app)
        chosen = every if size == (80, 22) else [place for number, place in enumerate(every) if number % 6 == 0]
        for place in chosen:
            package = getattr(place, "package", None)
            if package:
                questions = app._desk.package(package).questions
                blocking = [
                    next((n for n, option in enumerate(question.options) if option.blocks), 0) for question in questions
                ]
                answers = blocking if isinstance(place, NotForYou) else [UNSURE] * len(questions)
                visit.answers[package] = tuple(answers)
            visit.trail = [Home(), place]
            app._live.sheet = 0
            app.show()
            await visitor.settle()
            for mistake in mistakes(visitor, language):
                found.setdefault(mistake, set()).add(str(place))

    stage.play(story, size)
    assert not found, "\n".join(f"{mistake}: {sorted(where)[:3]}" for mistake, where in found.items())


TROUBLES = [one for one in Condition if not one.can_print and one is not Condition.PAPER_OUT]
PAPER = [
    *itertools.product([None, Condition.PAPER_OUT], SIZES, Language),
    # The words of every other condition are tried where there is least room.
    *itertools.product(TROUBLES, [(80, 22)], [Language.HANS, Language.EN]),
]


@pytest.mark.parametrize(("trouble", "size", "language"), PAPER)
def test_the_pages_with_paper_are_whole_in_every_state(
    stage: Stage, printer: Obedient, size: tuple[int, int], language: Language, trouble: Condition | None
) -> None:
    printer.condition_now = trouble or Condition.READY
    found: list[str] = []

    async def story(visitor: Visitor) -> None:
        await walk_to_list(visitor)
        visitor.app._live.visit.language = language
        for key in ("2", "1"):
            await visitor.press(key)
            for _ in range(500):
                job = visitor.app._live.job
                if job and job.state.value in {"printed", "held"}:
                    break
                await visitor.settle()
            await visitor.settle()
            found.extend(mistakes(visitor, language))
            visitor.app._live.visit.back()
            visitor.app.show()
            await visitor.settle()

    stage.play(story, size, moment=NIGHT)
    assert found == []


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("size", SIZES)
def test_the_warning_is_whole(stage: Stage, size: tuple[int, int], language: Language) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter")
        visitor.app._live.visit.language = language
        await visitor.pass_time(61)
        assert list(mistakes(visitor, language)) == []

    stage.play(story, size)


@pytest.mark.parametrize("size", MORE_SIZES)
def test_the_welcome_is_whole(stage: Stage, printer: Obedient, size: tuple[int, int]) -> None:
    async def story(visitor: Visitor) -> None:
        text = visitor.text()
        assert visitor.sees("触摸屏幕或按任意键开始", "简体中文", "繁體中文", "English", "07号站", "11月24日星期二")
        assert not ambiguous(text)
        widgets = [widget for widget in visitor.page.children if isinstance(widget, Painted)]
        pane = Region(0, 0, *size)
        assert all(pane.contains_region(widget.place) for widget in widgets)

    stage.play(story, size)


def test_characters_of_one_width_alone_are_drawn(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter")
        drawn = set("".join(visitor.lines()))
        assert all(unicodedata.category(character)[0] not in "C" for character in drawn)

    stage.play(story)
