"""Numbers and codes as they are called and typed."""

import random

from hypothesis import given
from hypothesis import strategies as st

from kiosk.tickets import check_digit, grouped, new_code, number, valid_code

CODES = st.integers(0, 10**15 - 1).map(lambda n: new_code(lambda below: n))


def test_a_number_has_at_least_three_digits_and_goes_on_after_999() -> None:
    assert number("A", "07", 12) == "A07-012"
    assert number("A", "07", 1000) == "A07-1000"


def test_the_check_digit_is_that_of_the_standard() -> None:
    # ISO/IEC 7064 MOD 11,10; the standard's own example is 0794 with check digit 5.
    assert check_digit("0794") == "5"


@given(CODES)
def test_a_code_is_16_digits_in_four_groups(code: str) -> None:
    assert valid_code(code)
    assert [len(group) for group in grouped(code).split(" ")] == [4, 4, 4, 4]


@given(CODES, st.integers(0, 15), st.integers(1, 9))
def test_a_wrong_digit_is_always_noticed(code: str, place: int, off: int) -> None:
    wrong = str((int(code[place]) + off) % 10)
    assert not valid_code(code[:place] + wrong + code[place + 1 :])


def test_most_swapped_neighbours_are_noticed() -> None:
    chance = random.Random(7)
    tried = noticed = 0
    for _ in range(2000):
        code = new_code(chance.randrange)
        place = chance.randrange(15)
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        if swapped != code:
            tried += 1
            noticed += not valid_code(swapped)
    assert noticed / tried > 0.95


def test_other_digits_and_lengths_are_no_code() -> None:
    assert not valid_code("")
    assert not valid_code("1" * 15)
    assert not valid_code("１" * 16)
