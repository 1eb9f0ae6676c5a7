"""Numbers of people, firms and projects: what is forgiven, what is noticed, and which place is pointed at."""

import datetime
from collections.abc import Callable

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from kiosk import identity, paths
from kiosk.identity import PaperKind, PersonNumber, Reason, Wrong
from kiosk.text import Language
from kiosk.wording import Wording

TODAY = datetime.date(2026, 11, 24)
OLDEST = datetime.date(TODAY.year - identity.OLDEST_YEARS, 1, 1)
GB_EXAMPLE = "11010519491231002X"
"""The example that GB 11643-1999 itself prints."""

REGIONS = st.one_of(st.integers(110000, 659999), st.sampled_from([350211, 810000, 820000, 830000])).map(str)


def card_of(region: str, born: datetime.date, serial: int) -> str:
    body = f"{region}{born:%Y%m%d}{serial:03d}"
    return body + identity.card_check(body)


CARDS = st.builds(card_of, REGIONS, st.dates(OLDEST, TODAY), st.integers(0, 999))
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_of(head: str, region: int, body: str) -> str:
    start = f"{head}{region:06d}{body}"
    return start + identity.credit_check(start)


CREDIT = st.builds(
    credit_of,
    st.text(LETTERS, min_size=2, max_size=2),
    st.integers(0, 999999),
    st.text(LETTERS, min_size=9, max_size=9),
)
FULL_WIDTH = str.maketrans({code: code + 0xFEE0 for code in range(0x21, 0x7F)})


def spoilt(value: str, places: list[int], between: str) -> str:
    """`value` as somebody types it: full width, in small letters, with `between` in some places."""
    for place in sorted(places, reverse=True):
        value = value[: place % len(value)] + between + value[place % len(value) :]
    return f" {value.lower().translate(FULL_WIDTH)} "


def reason(result: object) -> tuple[Reason, int]:
    assert isinstance(result, Wrong)
    return result.reason, result.place


# ---- cards -------------------------------------------------------------------------------------------------------


def test_the_example_of_the_standard_is_taken() -> None:
    assert identity.card(GB_EXAMPLE, TODAY) == PersonNumber(PaperKind.CITIZEN, GB_EXAMPLE)


@pytest.mark.parametrize(
    ("region", "year"),
    [("350211", 1950), ("350211", 1980), ("350203", 1950), ("350213", 1990), ("360702", 1990), ("511302", 1990)],
)
def test_people_older_than_their_address_code_are_not_turned_away(region: str, year: int) -> None:
    value = card_of(region, datetime.date(year, 3, 1), 12)
    assert identity.card(value, TODAY) == PersonNumber(PaperKind.CITIZEN, value)


@pytest.mark.parametrize(
    ("region", "kind"),
    [
        ("810000", PaperKind.HONG_KONG),
        ("820000", PaperKind.MACAO),
        ("830000", PaperKind.TAIWAN),
        ("935156", PaperKind.FOREIGNER),
        ("999999", PaperKind.FOREIGNER),
        ("350211", PaperKind.CITIZEN),
    ],
)
def test_residence_permits_are_taken_and_told_apart(region: str, kind: PaperKind) -> None:
    value = card_of(region, datetime.date(1990, 2, 28), 7)
    assert identity.person(value, TODAY) == PersonNumber(kind, value)


@given(CARDS, st.lists(st.integers(0, 17), max_size=4), st.sampled_from([" ", "-", "\u200b", "\u3000", "\u2013", ""]))
def test_cards_are_taken_however_they_are_typed(value: str, places: list[int], between: str) -> None:
    result = identity.person(spoilt(value, places, between), TODAY)
    assert isinstance(result, PersonNumber)
    assert result.value == value
    assert result.checked


@given(CARDS, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(value: str, place: int, off: int) -> None:
    digit = 10 if value[place] == "X" else int(value[place])
    wrong = value[:place] + str((digit + off) % 10) + value[place + 1 :]
    assume(wrong != value)
    assert isinstance(identity.card(wrong, TODAY), Wrong)


@given(CARDS, st.integers(0, 16))
def test_two_neighbours_in_the_wrong_order_are_always_noticed(value: str, place: int) -> None:
    swapped = value[:place] + value[place + 1] + value[place] + value[place + 2 :]
    assume(swapped != value)
    assert isinstance(identity.card(swapped, TODAY), Wrong)


@given(CARDS, st.integers(0, 16), st.sampled_from("OILXBÖ王"))
def test_a_letter_in_a_card_is_pointed_at(value: str, place: int, letter: str) -> None:
    assert reason(identity.card(value[:place] + letter + value[place + 1 :], TODAY)) == (Reason.NO_DIGIT, place + 1)


@pytest.mark.parametrize(
    ("typed", "why", "place"),
    [
        ("", Reason.EMPTY, 0),
        (" \u3000-", Reason.EMPTY, 0),
        ("110105491231002", Reason.OLD_CARD, 0),
        ("110105194913310022", Reason.MONTH, 11),
        ("110105194900310022", Reason.MONTH, 11),
        ("110105194902300022", Reason.DAY, 13),
        ("110105190002290022", Reason.DAY, 13),
        ("110105194902000022", Reason.DAY, 13),
        ("110105189512310022", Reason.TOO_OLD, 7),
        ("110105000012310022", Reason.TOO_OLD, 7),
        ("110105203001010022", Reason.FUTURE, 7),
        ("110105202611250022", Reason.FUTURE, 7),
        ("110105194912310021", Reason.CHECK, 18),
        ("11010519491231002Y", Reason.NO_DIGIT, 18),
    ],
)
def test_each_mistake_in_a_card_has_its_place(typed: str, why: Reason, place: int) -> None:
    assert reason(identity.person(typed, TODAY)) == (why, place)


def test_missing_and_surplus_digits_are_counted() -> None:
    short = identity.person(GB_EXAMPLE[:-3], TODAY)
    long = identity.person(GB_EXAMPLE + "12", TODAY)
    assert isinstance(short, Wrong)
    assert (short.reason, short.values) == (Reason.OLD_CARD, {})
    short = identity.person(GB_EXAMPLE[:-2], TODAY)
    assert isinstance(short, Wrong)
    assert (short.reason, short.values) == (Reason.TOO_SHORT, {"n": 2})
    assert isinstance(long, Wrong)
    assert (long.reason, long.values) == (Reason.TOO_LONG, {"n": 2})


def test_someone_born_today_and_someone_of_130_years_are_taken() -> None:
    for born in (TODAY, OLDEST):
        assert isinstance(identity.card(card_of("350211", born, 1), TODAY), PersonNumber)


@given(CARDS)
def test_an_independent_reader_finds_the_same_check_character(value: str) -> None:
    # calc_check_digit alone: its validate turns away most elderly people and every residence permit.
    assert ric.calc_check_digit(value) == value[-1]


# ---- 台胞证 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed", ["01234567", "0123 4567", "０１２３４５６７", "0123456701", "01234567-01", "01234567(012)"]
)
def test_travel_permits_are_taken_old_and_new_and_said_to_be_unchecked(typed: str) -> None:
    result = identity.person(typed, TODAY)
    assert isinstance(result, PersonNumber)
    assert result.kind is PaperKind.TRAVEL_PERMIT
    assert not result.checked
    assert result.value.isdigit()


@pytest.mark.parametrize(
    ("typed", "why", "place"),
    [
        ("0123456", Reason.TOO_SHORT, 0),
        ("0123O567", Reason.NO_DIGIT, 5),
        ("A1234567", Reason.NO_DIGIT, 1),
    ],
)
def test_each_mistake_in_a_travel_permit_has_its_place(typed: str, why: Reason, place: int) -> None:
    assert reason(identity.person(typed, TODAY)) == (why, place)


@pytest.mark.parametrize(
    ("typed", "why"), [("", Reason.EMPTY), ("012345678", Reason.TOO_LONG), ("0" * 12, Reason.TOO_LONG)]
)
def test_other_lengths_are_no_travel_permit(typed: str, why: Reason) -> None:
    assert reason(identity.travel_permit(typed)) == (why, 0)


# ---- credit codes ------------------------------------------------------------------------------------------------


@given(CREDIT, st.lists(st.integers(0, 17), max_size=4), st.sampled_from([" ", "-", "\u200b", ""]))
@example("91110000600037341L", [], "")
def test_credit_codes_are_taken_however_they_are_typed(value: str, places: list[int], between: str) -> None:
    assert identity.credit_code(spoilt(value, places, between)) == value


@given(CREDIT, st.integers(0, 17), st.sampled_from(LETTERS))
def test_one_wrong_character_of_a_credit_code_is_always_noticed(value: str, place: int, other: str) -> None:
    wrong = value[:place] + other + value[place + 1 :]
    assume(wrong != value)
    assert isinstance(identity.credit_code(wrong), Wrong)


@given(CREDIT, st.integers(0, 17), st.sampled_from("IOSVZ*王"))
def test_a_character_that_no_credit_code_has_is_pointed_at(value: str, place: int, other: str) -> None:
    result = identity.credit_code(value[:place] + other + value[place + 1 :])
    assert reason(result) == (Reason.NO_LETTER_OF_THE_CODE, place + 1)


def test_a_letter_in_the_region_of_a_credit_code_is_pointed_at() -> None:
    assert reason(identity.credit_code("9135A2110000000000")) == (Reason.NO_DIGIT, 5)


def test_a_wrong_check_character_of_a_credit_code_is_pointed_at() -> None:
    assert reason(identity.credit_code("911100006000373411")) == (Reason.CHECK, 18)


@given(CREDIT)
def test_an_independent_reader_finds_the_same_check_character_of_a_credit_code(value: str) -> None:
    # calc_check_digit alone: its validate turns away rural collectives, whose codes begin with N.
    assert uscc.calc_check_digit(value) == value[-1]


# ---- project codes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["2611-350211-04-01-123456", "26113502110401123456", "2019-350211-47-03-012345", "２６１１　350211 04 01 123456"],
)
def test_project_codes_are_taken_with_month_or_year_and_written_in_groups(typed: str) -> None:
    value = identity.project_code(typed)
    assert isinstance(value, str)
    assert [len(group) for group in value.split("-")] == [4, 6, 2, 2, 6]


@pytest.mark.parametrize(
    ("typed", "why", "place"),
    [
        ("", Reason.EMPTY, 0),
        ("2613-350211-04-01-123456", Reason.TIME_PART, 1),
        ("1899-350211-04-01-123456", Reason.TIME_PART, 1),
        ("2611-350211-04-01-12345", Reason.TOO_SHORT, 0),
        ("2611-350211-04-01-1234567", Reason.TOO_LONG, 0),
        ("2611-35O211-04-01-123456", Reason.NO_DIGIT, 7),
    ],
)
def test_each_mistake_in_a_project_code_has_its_place(typed: str, why: Reason, place: int) -> None:
    assert reason(identity.project_code(typed)) == (why, place)


# ---- telephones --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("13800000000", "13800000000"),
        ("138 0000-0000", "13800000000"),
        ("１３８００００００００", "13800000000"),
        ("+86 138 0000 0000", "13800000000"),
        ("0086 13800000000", "13800000000"),
        ("8613800000000", "13800000000"),
        ("+886 912 000 000", "+886912000000"),
        ("+886 0912 000 000", "+886912000000"),
        ("0912-000-000", "+886912000000"),
        ("00852 9000 0000", "+85290000000"),
        ("+853 6000 0000", "+85360000000"),
    ],
)
def test_mobiles_of_both_sides_and_both_regions_are_taken(typed: str, value: str) -> None:
    assert identity.mobile(typed) == value
    assert identity.telephone(typed) == value


@pytest.mark.parametrize(
    ("typed", "why", "place"),
    [
        ("", Reason.EMPTY, 0),
        ("23800000000", Reason.NO_MOBILE, 1),
        ("12800000000", Reason.NO_MOBILE, 2),
        ("1380000000", Reason.TOO_SHORT, 0),
        ("138000000001", Reason.TOO_LONG, 0),
        ("1380000O000", Reason.NO_DIGIT, 8),
        ("+886 812000000", Reason.NO_MOBILE, 1),
        ("+853 50000000", Reason.NO_MOBILE, 1),
        ("+8869120000", Reason.TOO_SHORT, 0),
        ("+1 2025550100", Reason.NO_DIGIT, 1),
        ("05920000000", Reason.NO_MOBILE, 1),
    ],
)
def test_each_mistake_in_a_mobile_has_its_place(typed: str, why: Reason, place: int) -> None:
    assert reason(identity.mobile(typed)) == (why, place)


@pytest.mark.parametrize(
    ("typed", "value"),
    [("0592-000 0000", "05920000000"), ("010 0000 0000", "01000000000"), ("0755 00000000", "075500000000")],
)
def test_people_without_a_mobile_leave_their_fixed_number(typed: str, value: str) -> None:
    assert identity.telephone(typed) == value


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("6000000", Reason.NO_AREA_CODE),
        ("0592000000", Reason.TOO_SHORT),
        ("0592000000000", Reason.TOO_LONG),
        ("0100000000", Reason.TOO_SHORT),
        ("138", Reason.TOO_SHORT),
        ("", Reason.EMPTY),
    ],
)
def test_what_is_no_telephone_number_says_what_is_missing(typed: str, why: Reason) -> None:
    assert reason(identity.telephone(typed))[0] is why


# ---- whatever is typed -------------------------------------------------------------------------------------------

CHECKS: list[Callable[[str], object]] = [
    lambda typed: identity.person(typed, TODAY),
    lambda typed: identity.card(typed, TODAY),
    identity.travel_permit,
    identity.credit_code,
    identity.project_code,
    identity.mobile,
    identity.telephone,
]


@given(st.one_of(st.text(), st.text("0123456789Xx +-()０９\u202e", max_size=30)))
def test_whatever_is_typed_is_either_taken_or_pointed_at(typed: str) -> None:
    for check in CHECKS:
        result = check(typed)
        if isinstance(result, Wrong):
            assert 0 <= result.place <= len(result.value)
            assert (result.reason in {Reason.TOO_SHORT, Reason.TOO_LONG}) == (result.count > 0)
        else:
            value = result.value if isinstance(result, PersonNumber) else result
            assert isinstance(value, str)
            assert value.isascii()
            assert check(value) == result


@pytest.mark.parametrize("why", Reason)
def test_each_mistake_has_its_sentence(why: Reason) -> None:
    wrong = Wrong(why, "1234", place=3, count=2)
    said = [Wording(paths.release_dir()).say(language, wrong.sentence, **wrong.values) for language in Language]
    assert said[-1].isascii()
    assert not any("{" in sentence for sentence in said)


# ---- masks -------------------------------------------------------------------------------------------------------


def test_masks_show_what_is_needed_to_recognise_ones_own() -> None:
    assert identity.masked_number(GB_EXAMPLE) == "1101**********002X"
    assert identity.masked_on_paper(GB_EXAMPLE) == "**************002X"
    assert identity.masked_number("01234567") == "******67"
    assert identity.masked_phone("13800001234") == "138****1234"
    assert identity.masked_phone("+886912001234") == "+8869****1234"
    assert identity.masked_name("陈嘉某") == "陈*某"
    assert identity.masked_name("陈某") == "陈*"
    assert identity.masked_name("陈") == "*"


@given(st.text("0123456789X陈", max_size=30))
def test_no_mask_lets_a_whole_value_through(value: str) -> None:
    for mask in (identity.masked_number, identity.masked_on_paper, identity.masked_phone, identity.masked_name):
        masked = mask(value)
        assert len(masked) == len(value)
        assert not value or "*" in masked
        assert sum(character == "*" for character in masked) * 4 >= len(value)
