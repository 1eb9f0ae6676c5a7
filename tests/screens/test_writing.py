"""Writing a name or an address: by touch, by a keyboard, by a keypad with digits alone."""

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.pinyin import Pinyin
from kiosk.text import Language
from screens.frame import Frame
from screens.intents import Back, GoHome, Intent, LeaveOut, SwitchLanguage, Write, Written
from screens.pages.page import Page
from screens.pages.writing import INSTEAD, Asked, WritingPage
from screens.scene import Scene
from screens.widgets.choice import State
from screens.widgets.keyboard import Keyboard
from screens.widgets.pinyin_draft import Draft, Layer
from screens.widgets.pinyin_offers import MOST, PinyinOffers
from tests.screens import rules
from tests.screens.drawing import draw, draw_widget, pairs_of
from tests.screens.stage import SIZES, Stage, Visitor

NAME = Asked("您怎么称呼？", 20, name=True)
ADDRESS = Asked("您住在哪里？", 40)


@dataclass
class Writer:
    """Somebody who writes: what they did arrives in `wanted`."""

    visitor: Visitor
    wanted: list[Intent] = field(default_factory=list)

    @property
    def page(self) -> WritingPage:
        page = self.visitor.page
        assert isinstance(page, WritingPage)
        return page

    @property
    def draft(self) -> Draft:
        return next((one.draft for one in reversed(self.wanted) if isinstance(one, Write)), Draft())

    @property
    def offers(self) -> PinyinOffers:
        return self.page.query_one(PinyinOffers)

    def faces(self) -> list[str]:
        return [place.face for place in self.offers.places]

    async def touch_key(self, face: str) -> None:
        keyboard = self.page.query_one(Keyboard)
        slot = next(slot for key, slot in keyboard.slots() if key.face == face)
        await self.visitor.touch(keyboard.place.x + slot.x + slot.width // 2, keyboard.place.y + slot.y + 1)

    async def touch_offer(self, face: str) -> None:
        slot = next(place.slot for place in self.offers.places if place.face == face)
        await self.visitor.touch(self.offers.place.x + slot.x + slot.width // 2, self.offers.place.y + slot.y + 1)


Story = Callable[[Writer], Awaitable[None]]
Play = Callable[..., None]


@pytest.fixture
def write(stage: Stage) -> Play:
    """Plays a story on a writing page of its own."""

    def play(
        story: Story,
        asked: Asked = NAME,
        draft: Draft | None = None,
        size: tuple[int, int] = (80, 22),
        language: Language = Language.HANS,
        focus: int | None = None,
    ) -> None:
        async def whole(visitor: Visitor) -> None:
            await visitor.press("enter")
            scene = replace(visitor.page.scene, language=language)
            writer = Writer(visitor)

            def keep(message: Page.Wanted) -> None:
                writer.wanted.append(message.intent)

            visitor.app.perform = keep  # type: ignore[method-assign]
            await visitor.app.switch_screen(page_of(stage, scene, asked, draft or Draft(), focus))
            await visitor.settle()
            await story(writer)

        stage.play(whole, size)

    return play


def page_of(stage: Stage, scene: Scene, asked: Asked, draft: Draft, focus: int | None = None) -> WritingPage:
    pinyin = Pinyin(stage.release.typing, scene.language)
    return WritingPage(scene, asked, draft, lambda letters, start: pinyin.offers(letters, start=start), focus=focus)


# ---- by keyboard -------------------------------------------------------------------------------------------------


def test_a_name_is_written_on_a_keyboard(write: Play) -> None:
    async def story(writer: Writer) -> None:
        await writer.visitor.press(*"chen")
        assert writer.faces()[0] == "陈"
        await writer.visitor.press("enter", *"jia", "space")
        assert writer.draft.text == "陈家"
        await writer.visitor.press("backspace", *"jia")
        await writer.visitor.press("6", str(writer.faces().index("嘉") + 1))
        assert writer.draft.text == "陈嘉"
        await writer.visitor.press("enter")
        assert writer.wanted[-1] == Written("陈嘉")

    write(story, focus=0)


def test_a_whole_name_is_typed_at_once_and_chosen_bit_by_bit(write: Play) -> None:
    async def story(writer: Writer) -> None:
        await writer.visitor.press(*"linjimei")
        await writer.visitor.press("enter")
        assert writer.draft == Draft("林", "jimei")
        assert writer.faces()[:2] == ["集美街道", "集美区"]

    write(story)


def test_nothing_is_done_while_letters_wait_for_a_character(write: Play) -> None:
    async def story(writer: Writer) -> None:
        await writer.visitor.press(*"chen")
        assert writer.page._done.state is State.DISABLED
        await writer.visitor.press("8")
        assert not any(isinstance(intent, Written) for intent in writer.wanted)

    write(story)


def test_an_empty_line_cannot_be_handed_on(write: Play) -> None:
    async def story(writer: Writer) -> None:
        await writer.visitor.press("8")
        assert writer.wanted == []

    write(story)


# ---- by keypad ---------------------------------------------------------------------------------------------------


def test_a_keypad_spells_chooses_and_finishes(write: Play) -> None:
    async def story(writer: Writer) -> None:
        # c h e n: rows 1, 2, 1, 3
        await writer.visitor.press("1", "3", "2", "2", "1", "5", "3", "2")
        assert writer.draft.letters == "chen"
        await writer.visitor.press("6", "1")
        assert writer.draft == Draft("陈")
        await writer.visitor.press("8")
        assert writer.wanted[-1] == Written("陈")

    write(story)


def test_a_keypad_turns_the_offers_and_takes_letters_back(write: Play) -> None:
    async def story(writer: Writer) -> None:
        await writer.visitor.press(*"yi")
        first = writer.faces()
        assert first[-1] == "更多"
        await writer.visitor.press("6", "0")
        assert set(writer.faces()).isdisjoint(set(first) - {"更多"})
        assert writer.visitor.sees("第2页")
        second = writer.faces()[2]
        await writer.visitor.press("6", "3")
        assert writer.draft == Draft(second)
        await writer.visitor.press("5", "3")
        assert writer.draft == Draft("")

    write(story, asked=ADDRESS)


def test_every_offer_is_reached_by_turning_and_they_come_round(write: Play) -> None:
    async def story(writer: Writer) -> None:
        await writer.visitor.press(*"zhong")
        wanted = [one.text for one in writer.page._suggestions]
        first, seen = writer.faces(), []
        for _ in range(writer.offers.sheets):
            assert len(writer.faces()) <= MOST + 1
            seen += [place.face for place in writer.offers.places if place.number is not None]
            await writer.visitor.press("6", "0")
        assert seen == wanted
        assert writer.faces() == first

    write(story)


def test_letters_and_digits_have_keys_of_their_own(write: Play) -> None:
    async def story(writer: Writer) -> None:
        await writer.visitor.press("7", "1", "1", "1", "2", "5", "4")
        assert writer.draft == Draft("A", layer=Layer.LATIN)
        await writer.visitor.press("7", "1", "2", "2", "4", "3", "1", "4", "1")
        assert writer.draft == Draft("A20号路", layer=Layer.DIGITS)
        await writer.visitor.press("7", *"jimei")
        assert writer.draft == Draft("A20号路", "jimei", Layer.PINYIN)

    write(story, asked=ADDRESS)


def test_a_digit_that_nothing_has_writes_nothing(write: Play) -> None:
    async def story(writer: Writer) -> None:
        await writer.visitor.press("5", "9", "6", "9", "0")
        assert writer.draft == Draft()

    write(story)


# ---- by touch ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
def test_a_name_is_written_by_touch(write: Play, size: tuple[int, int]) -> None:
    async def story(writer: Writer) -> None:
        for letter in "LIN":
            await writer.touch_key(letter)
        await writer.touch_offer("林")
        for letter in "YI":
            await writer.touch_key(letter)
        await writer.touch_offer("更多")
        later = writer.faces()[0]
        await writer.touch_offer(later)
        assert writer.draft.text == f"林{later}"
        await writer.touch_key("删除")
        await writer.visitor.choose("写好了")
        assert writer.wanted[-1] == Written("林")

    write(story, size=size)


def test_all_is_cleared_by_one_touch(write: Play) -> None:
    async def story(writer: Writer) -> None:
        await writer.touch_key("清空")
        assert writer.draft == Draft()

    write(story, draft=Draft("陈", "jia"))


def test_keys_are_changed_by_touch_and_words_of_an_address_stand_on_them(write: Play) -> None:
    async def story(writer: Writer) -> None:
        await writer.visitor.choose("英文字母")
        await writer.touch_key("B")
        await writer.visitor.choose("数字")
        await writer.touch_key("3")
        await writer.touch_key("栋")
        await writer.touch_key("空格")
        await writer.visitor.choose("写好了")
        assert writer.wanted[-1] == Written("B3栋")

    write(story, asked=ADDRESS)


# ---- leaving it out, limits, other ways -----------------------------------------------------------------------------


def test_who_left_a_number_may_leave_the_name_out(write: Play) -> None:
    async def by_key(writer: Writer) -> None:
        await writer.visitor.press("9")
        assert writer.wanted == [LeaveOut()]

    async def by_touch(writer: Writer) -> None:
        await writer.visitor.choose(INSTEAD)
        assert writer.wanted == [LeaveOut()]

    asked = replace(NAME, instead=INSTEAD)
    write(by_key, asked=asked)
    write(by_touch, asked=asked)


def test_without_a_number_nothing_can_be_left_out(write: Play) -> None:
    async def story(writer: Writer) -> None:
        assert [choice.digit for choice in writer.page.choices] == ["7", "8"]
        await writer.visitor.press("9")
        assert writer.wanted == []

    write(story)


def test_no_more_is_written_than_there_is_room_for(write: Play) -> None:
    async def story(writer: Writer) -> None:
        await writer.visitor.press(*"jimeiqu", "enter")
        assert writer.draft == Draft("集美区")
        await writer.visitor.press(*"ji")
        assert writer.draft == Draft("集美区")
        assert writer.visitor.sees("写满了")

    write(story, asked=Asked("名称", 3))


def test_the_bands_lead_where_they_always_lead(write: Play) -> None:
    async def story(writer: Writer) -> None:
        await writer.visitor.press("*")
        assert writer.wanted == [Back()]

    async def other_language(writer: Writer) -> None:
        await writer.visitor.press("0")
        assert writer.wanted == [SwitchLanguage()]

    async def home(writer: Writer) -> None:
        await writer.visitor.touch_footer(1)
        assert writer.wanted == [GoHome()]

    for each in (story, other_language, home):
        write(each)


def test_traditional_characters_are_offered_on_a_traditional_page(write: Play) -> None:
    async def story(writer: Writer) -> None:
        await writer.visitor.press(*"chen")
        assert writer.faces()[0] == "陳"

    write(story, language=Language.HANT)


def test_hostile_typing_writes_nothing_that_commands_a_terminal(write: Play) -> None:
    async def story(writer: Writer) -> None:
        await writer.visitor.press("[", "\u202e", "\x07", "é", "王", *["a"] * 40)
        assert writer.draft.text == "王"
        assert all(len(line) <= 80 for line in writer.visitor.lines())

    write(story)


# ---- how it looks --------------------------------------------------------------------------------------------------

DRAFTS = [
    Draft(),
    Draft("陈嘉"),
    Draft("陈", "y"),
    Draft(layer=Layer.LATIN),
    Draft("12", layer=Layer.DIGITS),
]
LONG = [Draft("集" * 40), Draft("集" * 30, "shangguanshangguanshang"), Draft("", "shangguan")]


@pytest.mark.parametrize("language", Language)
def test_nothing_is_cut_covered_foreign_or_out_of_reach(stage: Stage, language: Language) -> None:
    found: list[str] = []

    async def story(visitor: Visitor) -> None:
        await visitor.press("enter")
        base = replace(visitor.page.scene, language=language)
        question = base.say("查找")
        sizes = [*SIZES, (80, 30), (96, 26), (110, 22), (132, 43), (200, 60)]
        for size, draft, instead in itertools.product(sizes, [*DRAFTS, *LONG], ["", INSTEAD]):
            asked = Asked(question, 40, name=True, instead=base.say(instead) if instead else "")
            scene = replace(base, frame=Frame(*size))
            drawing = draw(page_of(stage, scene, asked, draft))
            plain = draft in DRAFTS and not draft.letters and not (draft.text and language is not Language.HANS)
            found.extend(f"{size} {draft}: {one}" for one in rules.mistakes(drawing, language if plain else None))
            found.extend(rules.pale(set(drawing.text), set(drawing.shapes)))

    stage.play(story)
    assert found == []


def test_picked_offers_carry_digits_and_stand_out(write: Play) -> None:
    async def story(writer: Writer) -> None:
        await writer.visitor.press(*"yi")
        rest, _ = draw_widget(writer.offers)
        await writer.visitor.press("6")
        picked, lost = draw_widget(writer.offers)
        assert lost == []
        assert pairs_of(picked) != pairs_of(rest)
        shown = "".join(strip.text for strip in picked)
        assert all(str(digit) in shown for digit in range(10))

    write(story)


# ---- the draft -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chosen:
    text: str
    used: int


KEYS = st.one_of(
    st.sampled_from("abcdefghijklmnopqrstuvwxyz123号 "),
    st.sampled_from([None, *Layer]),
    st.builds(Chosen, st.sampled_from(["陈", "集美区"]), st.integers(1, 6)),
)


@given(st.lists(KEYS, max_size=60), st.integers(1, 12))
def test_a_draft_never_outgrows_its_room_and_hands_on_only_what_is_finished(
    keys: list[str | Layer | Chosen | None], longest: int
) -> None:
    draft = Draft()
    for key in keys:
        match key:
            case None:
                before = len(draft.text) + len(draft.letters)
                draft = draft.deleted()
                assert len(draft.text) + len(draft.letters) == max(before - 1, 0)
            case Layer():
                draft = draft.on(key)
            case Chosen():
                draft = draft.chosen(key, longest)
            case _:
                draft = draft.typed(key, longest)
        assert len(draft.text) <= longest
        assert draft.layer is Layer.PINYIN or not draft.letters
        assert draft.written == ("" if draft.letters else draft.text.strip())
