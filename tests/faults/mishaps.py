"""Faults of a printer out of a seed, in the words of the virtual printer's own scripts."""

import random

from devices.virtual_script import Entry

_PAIRS = (
    ("paper out", "paper in"),
    ("paper low", "paper in"),
    ("cover open", "cover closed"),
    ("knife jams", "knife free"),
    ("head hot", "head cool"),
    ("power off", "power on"),
    ("silent", "answers"),
    ("half answers", "answers"),
    ("xoff", "xon"),
    ("cable out", "cable in"),
    ("port gone", "port back"),
    ("garbage", "clean line"),
)
REPAIRS = tuple(dict.fromkeys(repair for _, repair in _PAIRS))
"""What makes everything well."""


def mishap(chance: random.Random, lines: int, spans: tuple[tuple[float, float], ...]) -> tuple[Entry, ...]:
    """One fault and its repair: at once, or some lines of print after the `lines` so far; lasts one of `spans`.

    No span is shorter than a slip is on the wire: a hand is slower, and so is a printer that is switched on. What a
    cable loses in the middle of a slip and then lets through again, no printer would know of.
    """
    fault, repair = chance.choice(_PAIRS)
    seconds = chance.uniform(*chance.choice(spans))
    at_once = chance.random() < 0.4
    begin = Entry(fault, seconds=0) if at_once else Entry(fault, line=lines + chance.randrange(1, 12))
    return begin, Entry(repair, seconds=seconds, after=True)
