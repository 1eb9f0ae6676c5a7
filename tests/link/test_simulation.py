"""Whatever happens to lines, processes, disks, printers and clocks: in the end both ends and the paper tell the same.

No number comes twice.

The bugs below are planted to show that the simulation finds such bugs.
"""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from center.taking import Batch, Declined, Taken
from kiosk.clock import Moment, StationClock
from kiosk.documents import Document
from kiosk.journal.ledger import Ledger
from kiosk.journal.store import Journal
from kiosk.link.carrier import Carrier
from kiosk.link.machine import Action, Event, Refused
from kiosk.ports import Outcome
from tests.link.simulated_ends import Center
from tests.link.simulated_station import Station
from tests.link.simulation import Failed, Plan, World, world
from tests.link.soak import failure

TRIES = range(100, 160)


@pytest.mark.system
@pytest.mark.parametrize("seed", range(2000, 2010))
def test_five_stations_with_many_tickets_agree_with_their_center(seed: int) -> None:
    with world(Plan(seed, tickets=300)) as one:
        one.run()


@pytest.mark.system
@pytest.mark.parametrize("seed", [1, 2])
def test_fifty_stations_with_many_tickets_agree_with_their_center(seed: int) -> None:
    with world(Plan(seed, stations=50, tickets=60, days=1)) as one:
        one.run()


def test_a_seed_that_fails_says_how_to_replay_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert failure(Plan(7, stations=1, tickets=5, days=1)) == ""
    monkeypatch.setattr(Station, "untruths", lambda station, told: ["planted"])
    told = failure(Plan(7, stations=1, tickets=5, days=1))
    assert told.startswith("does not hold: the paper of station 01: planted")
    assert "replay: python -m tests.link.simulation 7 1 5 1" in told


def found(what: str, restores: float = 0.5, **kinds: Any) -> bool:
    """Whether a planted bug is found within some seeds, and told as `what`."""
    for seed in TRIES:
        try:
            with world(Plan(seed, stations=3, tickets=20, days=1, restores=restores, kill=0.02), **kinds) as one:
                one.run()
        except Failed as failed:
            if what in str(failed).splitlines()[0]:
                return True
    return False


class Hasty(Center):
    """A center that answers first and commits before the next request."""

    def __init__(self, folder: Path, world: World) -> None:
        self.later: list[tuple[Batch, bytes, int]] = []
        super().__init__(folder, world)

    def start(self) -> None:
        self.later = []
        super().start()

    async def take(self, batch: Batch, public: bytes, now: int) -> Taken | Declined:
        waiting, self.later = self.later, []
        for earlier in waiting:
            await super().take(*earlier)
        verdict = self.books.judge(batch, public)
        self.world.perhaps_kill()
        if isinstance(verdict, Taken):
            self.later.append((batch, public, now))
        return verdict


class Careless(Carrier):
    """A link that takes a refusal for the end of the matter, as some products do with a status of 400."""

    def do(self, action: Action) -> Event | None:
        event = super().do(action)
        if isinstance(event, Refused):
            run = event.run
            self._record(lambda journal: journal.acknowledge(run.epoch, run.last, self._now_ms()))
        return event


def test_an_answer_before_the_commit_is_found() -> None:
    assert found("on disk", center_kind=Hasty)


def test_dropping_what_was_refused_is_found() -> None:
    assert found("marked", carrier_kind=Careless)


def test_numbers_given_out_again_after_the_whole_folder_was_restored_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Journal, "learn_numbers", lambda journal, told, moment: None)
    assert found("came twice", restores=1.0)


def test_numbers_of_entries_used_again_after_a_restore_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ledger, "begin", lambda ledger, reason, moment: None)
    assert found("converges")


def test_a_clock_that_is_believed_whatever_it_says_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StationClock, "now", lambda clock: Moment(clock._wall(), doubtful=False))
    assert found("does not take 1970")


def test_a_slip_that_is_printed_before_that_is_written_down_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    start, settle = Journal.start, Journal.settle

    def look(journal: Journal, job: int, moment: int) -> tuple[Document, int]:
        slip, copies = journal._db.execute("SELECT document, copies FROM job WHERE id = ?", [job]).fetchone()
        return msgspec.json.decode(slip, type=Document), copies

    def write_down(journal: Journal, job: int, outcome: Outcome, moment: int) -> None:
        if outcome.started:
            start(journal, job, moment)
        settle(journal, job, outcome, moment)

    monkeypatch.setattr(Journal, "start", look)
    monkeypatch.setattr(Journal, "settle", write_down)
    assert found("came out 2 times with the mark 0")
