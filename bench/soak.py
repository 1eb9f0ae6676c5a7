"""`make soak MINUTES=30 SEED=1`: a monkey for so long, then 2,000 visits; memory and the time to answer must stay flat.

A seed gives the same presses in the same order. How far apart they come depends on the machine.
"""

import random
import statistics
import sys
import time
from collections.abc import Iterator

from bench.figure import Figure, percentile, table
from bench.memory import resident
from bench.visits import VISITS, WELCOME, play, station
from tests.terminal import Terminal

FIRST, LAST = 500, 2000
GROWTH = 1.05
SLOWER = 1.25
SIZES = ((80, 22), (120, 30), (60, 50), (40, 10))


def monkey(seconds: float, seed: int) -> Iterator[Figure]:
    """Press, touch and resize at random for so long. AssertionError when the station ends or stops answering."""
    chance = random.Random(seed)
    with station() as terminal:
        halves: tuple[list[float], list[float]] = ([], [])
        memory = []
        start = time.monotonic()
        while (past := time.monotonic() - start) < seconds:
            _act(terminal, chance)
            terminal.settle(0.02)
            assert terminal.process.poll() is None, f"the station ended with {terminal.process.returncode}"
            if WELCOME not in terminal.text() and (took := _answer(terminal)) is not None:
                halves[past > seconds / 2].append(took)
            del terminal.output[:]
            memory.append(resident(terminal.process.pid))
        _see_it_answer(terminal)
        first, second = (percentile(half, 0.95) * 1000 for half in halves)
        yield Figure("monkey: key to screen, p95", second, first, "ms", "<= 50 ms", second <= 50)
        half = max(memory[: len(memory) // 2])
        yield Figure("monkey: memory", memory[-1], half, "MB", f"<= {GROWTH} x", memory[-1] <= half * GROWTH)


def _act(terminal: Terminal, chance: random.Random) -> None:
    """Do one thing that a bored passer-by might do."""
    match chance.randrange(40):
        case 0:
            terminal.resize(*chance.choice(SIZES))
        case 1 | 2:
            terminal.press(bytes(chance.randrange(256) for _ in range(chance.randrange(1, 20))))
        case 3 | 4:
            button, x, y = chance.choice((0, 1, 2, 64)), chance.randrange(1, 81), chance.randrange(1, 23)
            terminal.press(f"\x1b[<{button};{x};{y}M" + f"\x1b[<{button};{x};{y}m" * chance.randrange(2))
        case 5 | 6 | 7 | 8:
            terminal.touch((chance.randrange(80), chance.randrange(22)))
        case 9 | 10 | 11 | 12:
            terminal.press(chance.choice(["\x1b[A", "\x1b[B", "\x1b[Z", "\x7f", "\x1b", "#", "/", "*", ".", "0", "-"]))
        case _:
            terminal.press(chance.choice("123456789\rjzx"))


def _answer(terminal: Terminal) -> float | None:
    """Return the seconds from a Tab to the first byte of what it changes, None where it changes nothing."""
    began = time.perf_counter()
    terminal.press("\t")
    return time.perf_counter() - began if terminal.pump(0.2) else None


def _see_it_answer(terminal: Terminal) -> None:
    """Bring the station back to its welcome page: after all that, it still does what it is told."""
    terminal.resize(80, 22)
    for _ in range(40):
        terminal.settle(0.5)
        if WELCOME in terminal.text():
            break
        terminal.press("#")
        terminal.settle(0.5)
        terminal.press("1")
    terminal.see(WELCOME)
    play(terminal, VISITS[0])


def visits() -> Iterator[Figure]:
    """Make 2,000 visits; memory after them against memory after 500, the last ones' time against the first ones'."""
    with station() as terminal:
        seconds = []
        middle = 0.0
        for number in range(1, LAST + 1):
            began = time.perf_counter()
            play(terminal, VISITS[number % len(VISITS)])
            seconds.append(time.perf_counter() - began)
            if number == FIRST:
                middle = resident(terminal.process.pid)
                yield Figure(f"memory after {FIRST} visits", middle, None, "MB", "<= 200 MB", middle <= 200)
        end = resident(terminal.process.pid)
        yield Figure(f"memory after {LAST} visits", end, middle, "MB", "within 5 %", end <= middle * GROWTH)
        first, last = (statistics.median(part) for part in (seconds[:FIRST], seconds[-FIRST:]))
        yield Figure("a visit, median of the last 500", last, first, "s", f"<= {SLOWER} x", last <= first * SLOWER)


def main(minutes: float, seed: int) -> int:
    """Run all of it; returns the exit code."""
    again = f"make soak MINUTES={minutes:g} SEED={seed}"
    print(f"seed {seed}; the same again: {again}", flush=True)
    found: list[Figure] = []
    try:
        for part in (monkey(minutes * 60, seed), visits()):
            found.extend(part)
    except AssertionError as error:
        print(table(found))
        print(f"failed: {error}\nthe same again: {again}", file=sys.stderr)
        return 1
    print(table(found))
    return 0 if all(figure.reached for figure in found) else 1


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), int(sys.argv[2])))
