"""A hundred of two hundred seeds, in two files, so that two workers share them; `make system` has the last 30 of each.

A failing seed says how to replay it.
"""

import pytest

from tests.link.simulation import Plan, world


@pytest.mark.parametrize("seed", range(1000, 1070))
def test_five_stations_their_paper_and_their_center_agree(seed: int) -> None:
    with world(Plan.of(seed)) as one:
        one.run()


@pytest.mark.system
@pytest.mark.parametrize("seed", range(1070, 1100))
def test_five_stations_of_the_further_seeds_agree(seed: int) -> None:
    with world(Plan.of(seed)) as one:
        one.run()


def test_fifty_stations_their_paper_and_their_center_agree() -> None:
    with world(Plan.of_fifty(1)) as one:
        one.run()
