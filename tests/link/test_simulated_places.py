"""Bugs that would sell a place twice, planted to show that the simulation finds such bugs."""

from collections.abc import Iterator

import pytest

from center import inventory
from center.asking import Rule
from kiosk.appointments import Holding
from kiosk.journal import places
from kiosk.journal.places import Places
from tests.link.simulated_station import Station
from tests.link.simulation import Plan
from tests.link.soak import failure

TRIES = range(200, 300)


def found(what: str) -> bool:
    """Whether a planted bug is found within some seeds, and told as `what`."""
    plans = (Plan(seed, stations=3, tickets=20, days=2, restores=1.0, kill=0.005, faults=0.0) for seed in TRIES)
    return any(what in failure(plan).partition("\n")[0] for plan in plans)


def test_selling_from_a_loan_again_after_a_restore_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def of_any_epoch(kept: Places, now: int) -> Iterator[Holding]:
        for row in kept._db.execute(f"{places._HOLDINGS} ORDER BY lent, id").fetchall():
            holding = places._holding(row)
            if holding.for_sale(kept._ledger.epoch, now):
                yield holding

    monkeypatch.setattr(Places, "_for_sale", of_any_epoch)
    monkeypatch.setattr(Holding, "for_sale", lambda one, epoch, now: one.free if now < one.loan.slot.begins else 0)
    assert found("is not sold beyond its places")


def test_selling_before_the_center_has_spoken_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    begin = Places.__init__

    def at_once(kept: Places, *parts: object) -> None:
        begin(kept, *parts)  # type: ignore[arg-type]
        kept._attested = True

    monkeypatch.setattr(Places, "__init__", at_once)
    assert found("is not sold beyond its places")


def test_lending_again_what_a_center_back_from_a_backup_has_forgotten_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def nobody() -> Rule[tuple[str, ...]]:
        yield from ()
        return ()

    monkeypatch.setattr(inventory, "silent", nobody)
    # What both ends have lost is known to nobody, so here the stations keep their journals.
    monkeypatch.setattr(Station, "restore", lambda station, backup: None)
    assert found("is not sold beyond its places")
