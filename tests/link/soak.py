"""`make soak`: 2,000 seeds of the simulation, each with five stations and 300 tickets as in the tests.

Every hundredth has fifty stations. All cores take part; a seed that fails prints how to replay it, the others go on.
`python -m tests.link.soak SEED [SEEDS]` runs so many.
"""

import logging
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.link.simulation import Failed, Plan, world

SEEDS = 2000
FIFTY = 100


def failure(plan: Plan) -> str:
    """Run one seed; returns what did not hold and how to replay it, empty when all did."""
    # What happens to the stations on purpose is told by the seed alone.
    logging.disable(logging.ERROR)
    try:
        with world(plan) as one:
            one.run()
    except Failed as failed:
        return str(failed)
    finally:
        logging.disable(logging.NOTSET)
    return ""


def main(seed: int, seeds: int = SEEDS) -> int:
    """Run them; returns the exit code."""
    first = seed * 100_000
    plans = [Plan.of_fifty(one) if one % FIFTY == 0 else Plan.of(one) for one in range(first, first + seeds)]
    began, failed = time.monotonic(), 0
    with ProcessPoolExecutor() as pool:
        for told in pool.map(failure, plans):
            if told:
                failed += 1
                print(told, file=sys.stderr, flush=True)
    seconds = time.monotonic() - began
    print(f"{seeds} seeds of stations, paper and center in virtual time: {failed} failed, {seconds:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
