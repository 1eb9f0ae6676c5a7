"""The other hundred of the two hundred seeds of `make test`.

A failing seed says how to replay it.
"""

import pytest

from tests.link.simulation import Plan, world


@pytest.mark.parametrize("seed", range(1100, 1200))
def test_five_stations_their_paper_and_their_center_agree(seed: int) -> None:
    with world(Plan.of(seed)) as one:
        one.run()


def test_fifty_stations_their_paper_and_their_center_agree() -> None:
    with world(Plan.of_fifty(2)) as one:
        one.run()
