"""Faults of a printer out of a seed, in the words of the virtual printer's own scripts."""

import random

from devices.virtual_script import Entry
from devices.wire import BAUDS

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


def pairs(baud: int) -> tuple[tuple[str, str], ...]:
    """Every fault with its repair. `baud`: the speed of the line when all is well; a printer can be set to another."""
    return (*_PAIRS, *((f"baud {other}", f"baud {baud}") for other in BAUDS if other != baud))


def repairs(baud: int) -> tuple[str, ...]:
    """What makes everything well."""
    return tuple(dict.fromkeys(repair for _, repair in pairs(baud)))


def mishap(chance: random.Random, lines: int, spans: tuple[tuple[float, float], ...], baud: int) -> tuple[Entry, ...]:
    """One fault and its repair: at once, or some lines of print after the `lines` so far; lasts one of `spans`.

    No span is shorter than a slip is on the wire: a hand is slower, and so is a printer that is switched on. What a
    cable loses in the middle of a slip and then lets through again, no printer would know of.
    """
    kind = chance.randrange(len(_PAIRS) + 1)
    fault, repair = _PAIRS[kind] if kind < len(_PAIRS) else chance.choice(pairs(baud)[len(_PAIRS) :])
    seconds = chance.uniform(*chance.choice(spans))
    at_once = chance.random() < 0.4
    begin = Entry(fault, seconds=0) if at_once else Entry(fault, line=lines + chance.randrange(1, 12))
    return begin, Entry(repair, seconds=seconds, after=True)
