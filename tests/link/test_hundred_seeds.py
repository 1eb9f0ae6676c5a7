"""A hundred of the two hundred seeds of `make test`: two files, so that two workers share them.

A failing seed says how to replay it.
"""

import pytest

from tests.link.simulation import Plan, world


@pytest.mark.parametrize("seed", range(1000, 1100))
def test_five_stations_their_paper_and_their_center_agree(seed: int) -> None:
    with world(Plan.of(seed)) as one:
        one.run()


def test_fifty_stations_their_paper_and_their_center_agree() -> None:
    with world(Plan.of_fifty(1)) as one:
        one.run()
