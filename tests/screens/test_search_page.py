"""Looking for a service: by touch, by a keyboard, by a keypad with digits alone."""

import pytest

from kiosk.text import Language
from kiosk.visit import PackagePage, Search
from screens.pages.search import LONGEST
from screens.widgets.keyboard import Keyboard
from tests.screens.stage import SIZES, Stage, Visitor


async def open_search(visitor: Visitor, language: Language = Language.HANS) -> None:
    await visitor.press("enter")
    visitor.app._live.visit.language = language
    await visitor.press("9")


async def touch_letters(visitor: Visitor, letters: str) -> None:
    for letter in letters:
        keyboard = visitor.page.query_one(Keyboard)
        slot = next(slot for key, slot in keyboard.slots() if key.does == letter)
        await visitor.touch(keyboard.place.x + slot.x + slot.width // 2, keyboard.place.y + slot.y + slot.height // 2)


def offered(visitor: Visitor) -> list[str]:
    return [choice.words.label for choice in visitor.page.choices]


@pytest.mark.parametrize(
    ("words", "language", "found"),
    [
        ("xsr", Language.HANS, "新生儿出生一件事"),
        ("jzz", Language.HANS, "新市民安居一件事"),
        ("住", Language.HANS, "新市民安居一件事"),
        ("newborn", Language.EN, "Birth of a child"),
    ],
)
def test_words_on_a_keyboard_find_at_once(stage: Stage, words: str, language: Language, found: str) -> None:
    async def story(visitor: Visitor) -> None:
        await open_search(visitor, language)
        await visitor.press(*words)
        assert found in offered(visitor)

    stage.play(story, (120, 34))


@pytest.mark.parametrize("size", SIZES)
def test_letters_are_touched(stage: Stage, size: tuple[int, int]) -> None:
    async def story(visitor: Visitor) -> None:
        await open_search(visitor)
        await touch_letters(visitor, "jzz")
        assert "新市民安居一件事" in offered(visitor)
        await visitor.choose("新市民安居一件事")
        assert isinstance(visitor.app._live.visit.place, PackagePage)

    stage.play(story, size)


def test_a_keypad_spells_by_row_and_place_and_chooses_by_digit(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await open_search(visitor)
        await visitor.press("2", "4", "5", "2", "5", "2")
        assert visitor.app._live.visit.place == Search("jzz")
        assert visitor.page.choices[0].digit == "6"
        await visitor.press("6")
        assert visitor.sees("新市民安居一件事", "看要带什么")

    stage.play(story)


def test_a_digit_that_no_key_of_the_row_has_types_nothing(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await open_search(visitor)
        await visitor.press("5", "9", "5", "0", "1", "1")
        assert visitor.app._live.visit.place == Search("a")

    stage.play(story)


def test_letters_are_taken_back_by_key_and_by_touch(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await open_search(visitor)
        await visitor.press("j", "z", "backspace")
        assert visitor.app._live.visit.place == Search("j")
        await touch_letters(visitor, "zz")
        await visitor.press("5", "3")
        assert visitor.app._live.visit.place == Search("jz")
        await visitor.press("5", "4")
        assert visitor.app._live.visit.place == Search("")

    stage.play(story)


def test_what_finds_nothing_shows_the_three_nearest_and_the_window(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await open_search(visitor)
        await visitor.press(*"xqzvw")
        assert visitor.sees("没有找到，最接近的是", "请到窗口问")
        assert len(offered(visitor)) == 3
        await visitor.press("6")
        assert isinstance(visitor.app._live.visit.place, PackagePage)

    stage.play(story)


def test_going_back_finds_what_was_typed_and_found(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await open_search(visitor)
        await visitor.press(*"jzz")
        before = offered(visitor)
        await visitor.press("6", "*")
        assert visitor.app._live.visit.place == Search("jzz")
        assert offered(visitor) == before

    stage.play(story)


def test_another_language_keeps_what_was_typed(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await open_search(visitor)
        await visitor.press(*"jzz", "0")
        assert visitor.app._live.visit.language is Language.HANT
        assert visitor.sees("新市民安居一件事", "jzz")

    stage.play(story)


def test_more_results_than_places_are_turned_through_and_come_round(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await open_search(visitor)
        await visitor.press("b")
        first = offered(visitor)
        assert first[-1] == "看更多"
        seen = set(first)
        await visitor.press("9")
        while offered(visitor) != first:
            assert seen.isdisjoint(set(offered(visitor)) - {"看更多"})
            seen |= set(offered(visitor))
            await visitor.press("9")
        assert len(seen) > 4

    stage.play(story)


def test_hostile_typing_is_cut_off_and_harms_nothing(stage: Stage) -> None:
    async def story(visitor: Visitor) -> None:
        await open_search(visitor)
        await visitor.press(*["a"] * (LONGEST + 6), "é", "[", "\u202e", "😀", after=1.0)
        place = visitor.app._live.visit.place
        assert isinstance(place, Search)
        assert len(place.words) <= LONGEST
        assert visitor.sees("没有找到")

    stage.play(story)


@pytest.mark.parametrize(
    ("words", "label", "seen"),
    [
        ("axbb", "爱心帮办", "预约上门办理"),
        ("yysm", "预约上门办理", "您的信息"),
    ],
)
def test_channels_and_requests_are_found_and_opened(stage: Stage, words: str, label: str, seen: str) -> None:
    async def story(visitor: Visitor) -> None:
        await open_search(visitor)
        await visitor.press(*words)
        await visitor.choose(label)
        assert visitor.sees(seen)

    stage.play(story)
