"""What a technician's code and name may be. Rules alone, no I/O."""

import itertools
import re
from enum import StrEnum

SHORTEST, LONGEST = 6, 12
NAME = re.compile(r"[0-9A-Za-z一-鿿-]{1,16}")
"""A name that may stand in the journal and at the center: a staff number, or as much of a name as the bureau wants."""

_FEWEST_DIGITS = 3


class Weakness(StrEnum):
    """Why a code is not taken."""

    NOT_DIGITS = "not-digits"
    TOO_SHORT = "too-short"
    TOO_LONG = "too-long"
    RISING = "rising"
    REPEATED = "repeated"
    FEW_DIGITS = "few-digits"


def weakness(code: str) -> Weakness | None:
    """Return why `code` is not taken, None for one that is.

    Whoever stands at the glass tries first what fingers do by themselves: one key again and again, neighbours in order,
    a short pattern twice. Five tries in a row must find nothing.
    """
    if not (code.isascii() and code.isdigit()):
        return Weakness.NOT_DIGITS
    if len(code) < SHORTEST:
        return Weakness.TOO_SHORT
    if len(code) > LONGEST:
        return Weakness.TOO_LONG
    steps = {(int(after) - int(before)) % 10 for before, after in itertools.pairwise(code)}
    # 123456, 987654, 135791 and 000000 all go on by one step.
    if len(steps) == 1 or steps in ({0, 1}, {0, 9}):
        return Weakness.RISING
    if len(set(code)) < _FEWEST_DIGITS:
        return Weakness.FEW_DIGITS
    half = len(code) // 2
    if any(code == (code[:size] * len(code))[: len(code)] for size in range(1, half + 1)) or code == code[::-1]:
        return Weakness.REPEATED
    return None
