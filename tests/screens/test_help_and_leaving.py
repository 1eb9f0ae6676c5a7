"""Help for the page one is on, what the station says about itself, the list for a phone, and the paper at the end."""

import itertools

import pytest

from kiosk.desk import Direction, JobState
from kiosk.ports import Condition, Result
from kiosk.text import Language
from kiosk.visit import About, Asking, Help, Home, ListPage, PackagePage
from screens.app import FAREWELL_SECONDS
from screens.pages.ending import FarewellPage
from screens.pages.saved import code_place, list_text
from screens.pages.welcome import WelcomePage
from screens.widgets.qr import TextPanel, text_modules
from tests.screens.stage import SIZES, Obedient, Stage, Visitor, walk_to_list, walk_to_package


def test_help_speaks_of_the_page_and_leads_back_to_it(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        await visitor.press("1", ".")
        assert visitor.sees("帮助", "照实际情况选。", "60 秒没有人动")
        await visitor.press("4")
        assert visitor.app._live.visit.place == Asking("newborn-birth", 0)
        await visitor.press(".", ".")
        assert visitor.app._live.visit.place == Asking("newborn-birth", 0)

    stage.play(story)


def test_whoever_reads_none_of_it_finds_the_languages_first(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_package(visitor)
        await visitor.press(".", "3")
        assert visitor.app._live.visit.language is Language.EN
        assert visitor.sees("Help", "Got it, go back")
        await visitor.press("4")
        assert visitor.app._live.visit.place == PackagePage("newborn-birth")
        assert visitor.sees("Birth of a child")

    stage.play(story)


def test_enter_on_the_help_page_goes_back_and_changes_no_language(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter", ".", "enter")
        assert visitor.app._live.visit.place == Home()
        assert visitor.app._live.visit.language is Language.HANS

    stage.play(story)


@pytest.mark.parametrize("language", list(Language))
def test_about_says_what_is_kept_to_the_end(stage: Stage, language: Language) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter")
        visitor.app._live.visit.language = language
        await visitor.press(".", "5")
        assert visitor.app._live.visit.place == About()
        text = visitor.text()
        if len(visitor.page.choices) > 1:
            await visitor.press("2")
            text += visitor.text()
        kept = visitor.app._desk.say(language, "打出来的内容马上清除；没打出来的号码小票最多留 {n} 天。", n=10)
        assert "".join(kept.split()) in text
        await visitor.press("1")
        assert visitor.app._live.visit.place == Help()

    stage.play(story)


def test_a_list_that_fits_a_code_whole_is_offered_as_text_and_any_key_goes_back(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await walk_to_list(visitor)
        assert visitor.sees("存清单")
        await visitor.press("3")
        text = visitor.page.query_one(TextPanel).link
        names = [material.name.hans for material in visitor.app._desk.checklist("newborn-birth", (0, 0, 0)).bring]
        assert names
        assert all(name in text for name in names)
        assert visitor.sees("打开微信的扫一扫")
        await visitor.press("x")
        assert visitor.app._live.visit.place == ListPage("newborn-birth")

    stage.play(story, (132, 43))


@pytest.mark.parametrize("size", SIZES)
def test_no_list_is_offered_as_text_that_its_code_does_not_hold(stage: Stage, size: tuple[int, int]) -> None:
    async def story(visitor: Visitor) -> None:
        await visitor.press("enter")
        desk, scene = visitor.app._desk, visitor.app._scene()
        offered = 0
        for package in itertools.chain.from_iterable(
            desk.packages(cycle.id) for direction in Direction for cycle in desk.cycles(direction)
        ):
            text = list_text(scene, package, desk.checklist(package.id, (0,) * len(package.questions)))
            place = code_place(scene.frame, text)
            if place:
                offered += 1
                side = len(text_modules(text)) + 8
                assert side <= place.width
                assert side <= 2 * place.height
        assert (offered > 0) is (size != (80, 22))

    stage.play(story, size)


async def print_list(visitor: Visitor, until: JobState) -> None:
    await walk_to_list(visitor)
    await visitor.press("1")
    for _ in range(500):
        job = visitor.app._live.job
        if job and job.state is until:
            return
        await visitor.settle()
    raise AssertionError("the slip's state did not come")


@pytest.mark.parametrize("how", ["touch", "key", "time"])
def test_who_leaves_with_paper_is_reminded_of_it(stage: Stage, how: str) -> None:
    async def story(visitor: Visitor) -> None:
        await print_list(visitor, JobState.PRINTED)
        visitor.app._live.visit.language = Language.EN
        await visitor.press("1")
        assert isinstance(visitor.page, FarewellPage)
        assert visitor.sees("Please take your paper")
        assert visitor.app._session is None
        if how == "time":
            await visitor.pass_time(FAREWELL_SECONDS - 1)
            assert isinstance(visitor.page, FarewellPage)
            await visitor.pass_time(2)
        elif how == "key":
            await visitor.press("x")
        else:
            await visitor.touch(5, 20)
        assert isinstance(visitor.page, WelcomePage)
        assert visitor.sees("触摸屏幕或按任意键开始")

    stage.play(story)


def test_who_walked_away_from_paper_leaves_a_reminder_too(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await print_list(visitor, JobState.PRINTED)
        await visitor.pass_time(61)
        await visitor.pass_time(31)
        assert isinstance(visitor.page, FarewellPage)
        await visitor.pass_time(FAREWELL_SECONDS + 1)
        assert isinstance(visitor.page, WelcomePage)

    stage.play(story)


def test_who_has_no_paper_is_not_sent_to_look_for_it(stage: Stage, printer: Obedient) -> None:
    printer.condition_now = Condition.PAPER_OUT

    async def story(visitor: Visitor) -> None:
        await print_list(visitor, JobState.HELD)
        await visitor.press("1")
        assert isinstance(visitor.page, WelcomePage)

    stage.play(story)


def test_doubtful_paper_is_to_be_looked_for(stage: Stage, printer: Obedient) -> None:
    printer.result = Result.UNKNOWN

    async def story(visitor: Visitor) -> None:
        await print_list(visitor, JobState.UNKNOWN)
        await visitor.press("1")
        assert isinstance(visitor.page, FarewellPage)

    stage.play(story)
