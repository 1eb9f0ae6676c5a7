"""The pinyin keyboard: what is offered for the letters that somebody types."""

import datetime
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import paths
from kiosk.catalog.build import build
from kiosk.catalog.check import check
from kiosk.catalog.load import read_release
from kiosk.catalog.model import Release
from kiosk.pinyin import LETTERS_LIMIT, Offer, Pinyin
from kiosk.text import Language, ambiguous, cells

SLOWEST_MS = 5.0


@pytest.fixture(scope="module")
def hans(release: Release) -> Pinyin:
    return Pinyin(release.typing, Language.HANS)


@pytest.fixture(scope="module")
def hant(release: Release) -> Pinyin:
    return Pinyin(release.typing, Language.HANT)


def write(keyboard: Pinyin, letters: str, text: str) -> int:
    """Type `letters` once and choose until `text` stands there; returns the furthest that one had to look."""
    written, furthest = "", 0
    while written != text:
        offers = keyboard.offers(letters, start=not written)
        fitting = [offer for offer in offers if text[len(written) :].startswith(offer.text)]
        assert fitting, f"{text}: nothing to choose after '{written}' for '{letters}'"
        furthest = max(furthest, offers.index(fitting[0]) + 1)
        written += fitting[0].text
        letters = letters[fitting[0].used :]
    assert letters == ""
    return furthest


@pytest.mark.parametrize(
    ("letters", "text", "furthest"),
    [
        ("chenjiageng", "陈嘉庚", 9),
        ("lin", "林", 1),
        ("ouyang", "欧阳", 1),
        ("shan", "单", 1),
        ("zeng", "曾", 1),
        ("lv", "吕", 1),
        ("lyu", "吕", 1),
        ("jimeiqu", "集美区", 1),
        ("jmq", "集美区", 1),
        ("jimei", "集美街道", 1),
        ("qyjd", "侨英街道", 1),
        ("guankouzhen", "灌口镇", 1),
        ("houxizhen", "后溪镇", 1),
        ("yinhang", "银行", 5),
        ("xingzou", "行走", 3),
        ("hao", "号", 3),
    ],
)
def test_names_and_places_are_among_the_first(hans: Pinyin, letters: str, text: str, furthest: int) -> None:
    assert write(hans, letters, text) <= furthest


@pytest.mark.parametrize(
    ("letters", "text", "furthest"),
    [
        ("chen", "陳", 1),
        ("fan", "范", 1),
        ("ye", "葉", 1),
        ("zhong", "鍾", 1),
        ("jimeiqu", "集美區", 1),
        ("tou", "頭", 2),
    ],
)
def test_traditional_writing_is_offered_in_traditional(hant: Pinyin, letters: str, text: str, furthest: int) -> None:
    assert write(hant, letters, text) <= furthest


def test_every_traditional_character_of_one_simplified_is_offered(hant: Pinyin) -> None:
    offered = {offer.text for offer in hant.offers("fa", start=False)}
    assert {"發", "髮"} <= offered
    assert "发" not in offered


def test_surnames_come_first_only_where_a_name_begins(hans: Pinyin) -> None:
    assert hans.offers("shan", start=True)[0].text == "单"
    assert hans.offers("shan", start=False)[0].text != "单"


def test_two_ways_to_read_the_letters_are_both_offered(hans: Pinyin) -> None:
    offers = hans.offers("xian", start=False)
    assert Offer("先", 4) in offers
    assert Offer("西", 2) in offers


def test_letters_of_no_syllable_still_offer_what_they_begin(hans: Pinyin) -> None:
    assert Offer("中", 2) in hans.offers("zh", start=False)
    assert Offer("陈", 1) in hans.offers("cjg", start=True)
    assert hans.offers("", start=True) == ()
    assert hans.offers("，1 ", start=True) == ()


def test_every_character_of_gb_2312_can_be_written(hans: Pinyin, release: Release) -> None:
    written = set("".join(release.typing.hans.whole.values()))
    missing = [character for character in map(chr, range(0x4E00, 0xA000)) if _in_gb2312(character)]
    assert set(missing) <= written


def _in_gb2312(character: str) -> bool:
    try:
        return bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def test_whatever_is_offered_can_be_shown_and_printed(release: Release) -> None:
    typing = release.typing
    for characters in (typing.hans, typing.hant):
        for offered in (*characters.whole.values(), *characters.begun.values()):
            assert offered.encode("gbk")
            assert not ambiguous(offered)
            assert cells(offered) == 2 * len(offered)
    for word in typing.words:
        assert (word.hans + word.hant).encode("gbk")
        assert len(word.hans) == len(word.hant) == len(word.syllables)


def test_every_word_is_reached_by_its_pinyin(hans: Pinyin, release: Release) -> None:
    for word in release.typing.words:
        letters = "".join(word.syllables)
        assert Offer(word.hans, len(letters)) in hans.offers(letters, start=True)[:12], word.hans


SHIPPED = st.sampled_from(["hans", "hant"])
TYPED = st.one_of(st.text("abcdefghijklmnopqrstuvwxyz", max_size=40), st.text(max_size=40))


@pytest.fixture(scope="module")
def keyboards(hans: Pinyin, hant: Pinyin) -> dict[str, Pinyin]:
    return {"hans": hans, "hant": hant}


@given(SHIPPED, TYPED, st.booleans())
def test_whatever_is_typed_something_is_offered_that_uses_it_up(
    keyboards: dict[str, Pinyin], which: str, typed: str, start: bool
) -> None:
    letters = re.sub("[^a-z]", "", typed.lower())[:LETTERS_LIMIT]
    offers = keyboards[which].offers(typed, start=start)
    assert len(set(offers)) == len(offers)
    assert all(0 < offer.used <= len(letters) for offer in offers)
    if letters and letters[0] not in "iuv":
        assert offers


@pytest.mark.parametrize(
    "letters", ["shangguan", "a" * LETTERS_LIMIT, "jmqjmqjmqjmq", "xixixixixixixixixi", "yi", "zh", "nnnnnnnnnnnnnnnn"]
)
def test_a_key_is_answered_in_five_milliseconds(hans: Pinyin, letters: str) -> None:
    for end in range(1, len(letters) + 1):
        took = []
        for _ in range(3):
            begun = time.perf_counter()
            hans.offers(letters[:end], start=True)
            took.append((time.perf_counter() - begun) * 1000)
        assert min(took) <= SLOWEST_MS


def test_communities_that_the_bureau_fills_in_are_offered(data: Path, tmp_path: Path) -> None:
    places = data / "places.toml"
    text = places.read_text("utf-8").replace("communities_zh = []", 'communities_zh = ["样例社区"]', 1)
    places.write_text(text.replace("communities_en = []", 'communities_en = ["Sample Community"]', 1), "utf-8")
    checked = check(data)
    assert checked.mistakes == ()
    release = read_release(build(checked, tmp_path / "out", datetime.date(2026, 11, 24)))
    assert release.areas[0].communities[0].hant == "樣例社區"
    assert Pinyin(release.typing, Language.HANS).offers("yangli", start=False)[0].text == "样例社区"


@pytest.mark.parametrize(
    ("file", "says", "instead", "told"),
    [
        (
            "characters.toml",
            '"镕',
            '"一镕',
            r"characters.toml:\d+: characters names: '一' stands twice; each character once",
        ),
        ("characters.toml", '"镕', '"a镕', r"names: is the text 'a.*Chinese characters and nothing else"),
        ("characters.toml", '"镕', '"鿍镕', r"names: '鿍' is not in GBK; characters that the printer has"),
        ("surnames.toml", '"王 wang"', '"王 wnag"', r"surname: '王' is not read 'wnag'; one of wang"),
        ("surnames.toml", '"王 wang"', '"王 wang li"', r"surname: '王 wang li' has 2 syllables for 1 characters"),
        ("surnames.toml", '"于 yu 于"', '"于 yu 于于"', r"has 2 Traditional characters for 1"),
        ("surnames.toml", '"王 wang"', '"Wang"', r"surname: is the text 'Wang'; a surname and how it is read"),
        ("places.toml", 'id = "xinglin"', 'id = "jimei"', r"duplicate area 'jimei'"),
        ("places.toml", "communities_zh = []", 'communities_zh = ["甲"]', r"communities_en: has 0 texts, but .* has 1"),
        (
            "priority.toml",
            "most_passed = 3",
            "most_passed = 99",
            r"most_passed: is the number 99; a number from 0 to 20",
        ),
    ],
)
def test_mistakes_in_the_files_of_words_are_named(
    data: Path, mistakes: Callable[[], list[str]], file: str, says: str, instead: str, told: str
) -> None:
    path = data / file
    text = path.read_text("utf-8")
    assert says in text
    path.write_text(text.replace(says, instead, 1), "utf-8")
    lines = mistakes()
    assert all(line.startswith(file) for line in lines)
    assert any(re.search(told, line) for line in lines)


def test_the_keyboard_of_the_installed_release_is_there() -> None:
    release = read_release(paths.release_dir() / "catalog.msgpack")
    assert Pinyin(release.typing, Language.EN).offers("chen", start=True)[0].text == "陈"
