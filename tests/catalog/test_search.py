"""What residents type, and what they find."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.catalog.model import Release
from kiosk.catalog.search import Field, Hit, fold, nearest, search, search_channels


def found(release: Release, words: str) -> list[str]:
    """Return the codes of the packages found, best first."""
    codes = {package.id: package.code for package in release.packages}
    return [codes[hit.package] for hit in search(release, words)]


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("xsr", "01"),
        ("xse", "01"),
        ("新生儿", "01"),
        ("新生兒", "01"),
        ("xinshenger", "01"),
        ("xin sheng er", "01"),
        ("XinSheng", "01"),
        ("newborn", "01"),
        ("jzz", "19"),
        ("ｊｚｚ", "19"),
        ("居住证", "19"),
        ("juzhuzheng", "19"),
        ("juzhuz", "19"),
        ("住", "20"),
        ("退休", "22"),
        ("企业开办", "26"),
        ("企業開辦", "26"),
        ("QYKB", "26"),
        ("lvguan", "30"),
        ("Hotel", "30"),
        ("driving licence", "24"),
        ("licence driving", "24"),
        ("diaodang", "48"),
    ],
)
def test_a_resident_finds_what_they_mean(words: str, first: str, release: Release) -> None:
    assert found(release, words)[0] == first


def test_a_residence_permit_is_found_in_the_matters_of_a_package(release: Release) -> None:
    hits = search(release, "jzz")
    assert {"migrant-enrolment", "new-resident-renting"} == {hit.package for hit in hits[:2]}
    assert hits[0].field is Field.MATTER
    assert hits[0].phrase.hans == "居住证办理"


def test_a_name_counts_more_than_a_cycle_and_a_cycle_more_than_a_matter(release: Release) -> None:
    fields = [hit.field for hit in search(release, "住")]
    assert fields == sorted(fields, key=[Field.NAME, Field.CYCLE, Field.MATTER, Field.SUMMARY].index)
    assert found(release, "住")[:4] == ["20", "18", "19", "21"]


def test_all_words_must_be_found(release: Release) -> None:
    assert search(release, "newborn hotel") == ()


def test_not_more_than_nine_digits_can_be_pressed(release: Release) -> None:
    assert len(search(release, "办")) == 9
    assert len(search(release, "办", limit=3)) == 3


@pytest.mark.parametrize("words", ["", " ", "　", "。", "[/]", "'", "\x1b[31m", "\n", "*"])
def test_nothing_typed_finds_nothing(words: str, release: Release) -> None:
    if words != "\x1b[31m":
        assert search(release, words) == ()
    assert len(nearest(release, words)) == 3


@pytest.mark.parametrize(
    ("words", "first"),
    [("jvzhuzheng", "19"), ("结婚证", "02"), ("餐馆", "30"), ("yhkh", "26"), ("药铺", "29"), ("pharmasy", "29")],
)
def test_a_slip_of_the_finger_still_leads_near(words: str, first: str, release: Release) -> None:
    codes = {package.id: package.code for package in release.packages}
    assert search(release, words) == ()
    assert codes[nearest(release, words)[0].package] == first


@given(words=st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_whatever_is_typed_gets_an_answer_at_once(words: str, release: Release) -> None:
    start = time.thread_time()
    hits = search(release, words) or nearest(release, words)
    assert time.thread_time() - start < 0.1
    assert all(isinstance(hit, Hit) for hit in hits)
    assert hits


@pytest.mark.parametrize("words", ["z" * 500, "zh" * 250, "a " * 250, "'" * 500, "(" * 500, "住" * 500])
def test_no_pattern_makes_it_slow(words: str, release: Release) -> None:
    start = time.perf_counter()
    search(release, words)
    assert time.thread_time() - start < 0.1


def test_every_package_is_found_by_its_name_in_every_language(release: Release) -> None:
    for package in release.packages:
        for words in (package.name.hans, package.name.hant, package.name.en, package.short.en):
            assert package.id in [hit.package for hit in search(release, words)], words


def test_width_case_and_punctuation_are_forgiven() -> None:
    assert fold("ＪｚＺ，１２") == "jzz 12"
    assert fold("（本市户籍）") == "本市户籍"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("爱心帮办", "爱心帮办"),
        ("axbb", "爱心帮办"),
        ("上门", "爱心帮办"),
        ("home visit", "爱心帮办"),
        ("yysm", "预约上门办理"),
        ("台湾居民居住证", "台湾居民居住证换领、补领"),
        ("台灣居民居住證", "台湾居民居住证换领、补领"),
        ("kuasheng", "跨省通办"),
        ("gongzheng", "机动车驾驶证公证"),
    ],
)
def test_channels_their_matters_and_their_requests_are_found(words: str, name: str, release: Release) -> None:
    assert search_channels(release, words)[0].name.hans == name


def test_whatever_stands_on_a_channels_page_is_found_by_its_name(release: Release) -> None:
    for goal, entry in zip(release.goals, release.goal_index, strict=True):
        hits = search_channels(release, entry.hanzi[0].split("\n")[1], limit=99)
        assert goal in [hit.goal for hit in hits]
