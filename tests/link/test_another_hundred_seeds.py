"""The other hundred of the two hundred seeds: 70 in `make test`, 30 in `make system`.

A failing seed says how to replay it.
"""

import pytest

from tests.link.simulation import Plan, world


@pytest.mark.parametrize("seed", range(1100, 1170))
def test_five_stations_their_paper_and_their_center_agree(seed: int) -> None:
    with world(Plan.of(seed)) as one:
        one.run()


@pytest.mark.system
@pytest.mark.parametrize("seed", range(1170, 1200))
def test_five_stations_of_the_further_seeds_agree(seed: int) -> None:
    with world(Plan.of(seed)) as one:
        one.run()


def test_fifty_stations_their_paper_and_their_center_agree() -> None:
    with world(Plan.of_fifty(2)) as one:
        one.run()
