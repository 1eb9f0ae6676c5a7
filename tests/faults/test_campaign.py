"""Whatever happens to a printer and its station: no number is lost or doubled, and the journal tells what is on paper.

A failing seed says how to replay it. The bugs below are planted to show that the campaign finds such bugs.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from kiosk import spooler
from kiosk.documents import Document
from kiosk.journal.jobs import Jobs
from kiosk.journal.ledger import Ledger
from kiosk.ports import Outcome, Proof, Result
from kiosk.spooler import Spooling
from tests.faults.campaign import Plan, world
from tests.faults.port_campaign import PortCampaign
from tests.faults.truth import Untrue

FEW = range(5)
TRIES = range(100, 115)


@pytest.mark.parametrize("seed", FEW)
def test_sixty_tickets_through_every_fault(seed: int) -> None:
    with world(Plan(seed)) as one:
        one.run()


def test_tickets_through_a_real_port_and_faults(tmp_path: Path) -> None:
    PortCampaign(tmp_path, 7).run(10)


def finds(*whats: str, kill: float = 0.001) -> bool:
    """Whether a planted bug is found within some seeds, told as one of `whats`: one bug can show in several ways."""
    for seed in TRIES:
        try:
            with world(Plan(seed, tickets=20, kill=kill)) as one:
                one.run()
        except Untrue as untrue:
            if any(what in str(untrue).splitlines()[0] for what in whats):
                return True
    return False


def test_silence_taken_for_printed_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    settle: Callable[..., None] = Jobs.settle

    def hopeful(jobs: Jobs, job: int, outcome: Outcome, moment: int) -> None:
        if outcome.result is Result.UNKNOWN:
            outcome = msgspec.structs.replace(outcome, result=Result.PRINTED, proof=Proof.QUEUED_STATUS)
        settle(jobs, job, outcome, moment)

    monkeypatch.setattr(Jobs, "settle", hopeful)
    assert finds("told printed", kill=0.0002)


def test_a_reprint_without_its_mark_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def plain(document: Document, copy: int) -> Document:
        return document

    monkeypatch.setattr(spooler, "marked", plain)
    assert finds("slips with the mark 0", "lies there whole")


def test_a_fragment_that_is_not_cut_off_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Jobs, "fragment", lambda jobs: False)
    assert finds("a piece is one slip", "lies there whole")


def test_a_slip_that_the_printer_finished_by_itself_and_that_is_still_told_held_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Jobs, "doubt", lambda jobs, job, moment: False)
    assert finds("is told held and does not lie there whole", kill=0)


def test_paper_that_the_odometer_leaves_out_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    settle: Callable[..., None] = Jobs.settle

    def frugal(jobs: Jobs, job: int, outcome: Outcome, moment: int) -> None:
        if outcome.result is not Result.PRINTED:
            outcome = msgspec.structs.replace(outcome, millimetres=0)
        settle(jobs, job, outcome, moment)

    monkeypatch.setattr(Jobs, "settle", frugal)
    assert finds("mm of paper", kill=0)


def test_a_reprint_without_its_cause_in_the_journal_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    append: Callable[..., None] = Ledger.append

    def silent(ledger: Ledger, kind: str, *facts: object) -> None:
        if kind != "paper.asked":
            append(ledger, kind, *facts)

    monkeypatch.setattr(Ledger, "append", silent)
    assert finds("wanted again 0 times", kill=0)


def test_a_slip_for_somebody_who_has_left_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Spooling, "_gone", lambda spooling: [])
    monkeypatch.setattr(Jobs, "set_aside", lambda jobs, job, moment, owned: False)
    assert finds("its visit is over", kill=0.0002)
