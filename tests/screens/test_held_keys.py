"""A key that is held down acts once; a key that is pressed again acts again."""

import pytest

from screens.held import FIRST_REPEAT, NEXT_REPEAT, HeldKeys, Verdict


def verdicts(*presses: tuple[str, float]) -> list[Verdict]:
    held = HeldKeys()
    return [held.judge(key, moment) for key, moment in presses]


@pytest.mark.parametrize(("delay", "every"), [(0.25, 0.03), (0.6, 0.04), (0.66, 0.033), (0.25, 0.1)])
def test_a_held_key_acts_once_whatever_the_keyboard(delay: float, every: float) -> None:
    presses = [("1", 10.0), *(("1", 10.0 + delay + repeat * every) for repeat in range(20))]
    assert verdicts(*presses) == [Verdict.ACT, Verdict.WAIT, *[Verdict.DROP] * 19]


def test_pressing_again_counts() -> None:
    assert verdicts(("1", 10.0), ("1", 10.0 + FIRST_REPEAT)) == [Verdict.ACT, Verdict.ACT]


def test_pressing_again_soon_waits_a_moment_to_see_whether_it_is_held() -> None:
    assert verdicts(("1", 10.0), ("1", 10.3)) == [Verdict.ACT, Verdict.WAIT]


def test_other_keys_count_at_once() -> None:
    assert verdicts(("1", 10.0), ("2", 10.01), ("1", 10.02)) == [Verdict.ACT] * 3


def test_a_bouncing_contact_counts_once() -> None:
    assert verdicts(("1", 10.0), ("1", 10.0 + NEXT_REPEAT / 10)) == [Verdict.ACT, Verdict.DROP]
