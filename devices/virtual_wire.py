"""A serial wire between two ends that may disagree on the speed: what the one hears of what the other sends.

A receiver waits for the line to fall (the start bit) and then looks at it in the middle of each of its own bit times.
Where it finds no stop bit, Linux reads a zero byte (framing error, PARMRK and IGNPAR off; termios(3)).
"""

from itertools import chain

_BITS = 10


def heard(data: bytes, sender: int, receiver: int) -> bytes:
    """Return what an end at `receiver` bits a second reads when `data` comes at `sender` bits a second, 8N1."""
    if sender == receiver:
        return data
    levels = list(chain.from_iterable(_levels(byte) for byte in data))
    end = len(levels) * receiver / sender

    def level(time: float) -> int:
        place = int(time * sender / receiver)
        return levels[place] if place < len(levels) else 1

    found = bytearray()
    time = 0.0
    step = min(1.0, receiver / sender) / 4
    while time < end:
        if level(time):
            time += step
            continue
        byte = sum(level(time + 1.5 + place) << place for place in range(8))
        whole = level(time + 9.5)
        found.append(byte if whole else 0)
        time += 9.5
        while not whole and time < end and not level(time):
            time += step
    return bytes(found)


def _levels(byte: int) -> list[int]:
    return [0, *(byte >> place & 1 for place in range(8)), 1]
