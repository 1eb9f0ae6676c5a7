"""What is on disk when a resident has a number."""

import datetime
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from sqlite_utils.utils import sqlite3

from kiosk.documents import Document
from kiosk.journal.entries import Body
from kiosk.journal.jobs import By, JobState
from kiosk.journal.reserve import BLOCK
from kiosk.journal.store import Journal, Reader
from kiosk.journal.ticket_rows import Request
from kiosk.journal.writer import JournalError, Writer
from kiosk.paper import Roll
from kiosk.ports import Condition, Outcome, Proof, Result
from kiosk.tickets import Ticket

NOW = 1_795_500_000_000
MakeRequest = Callable[..., Request]
Compose = Callable[[Ticket, str, int], Document]


def test_numbers_count_up_for_each_theme_and_service_day(
    journal: Journal, request_for: MakeRequest, slip: Compose
) -> None:
    def number(visit: int, **which: str) -> str:
        return journal.issue(request_for(visit, **which), slip)[0].number

    assert [number(1), number(2), number(3)] == ["A07-001", "A07-002", "A07-003"]
    assert number(4, theme="B") == "B07-001"
    assert number(5, day="2026-11-25") == "A07-001"
    assert number(6) == "A07-004"


def test_a_second_touch_gives_the_same_ticket_and_paper_not_two(
    journal: Journal, request_for: MakeRequest, slip: Compose
) -> None:
    first, job, repeated = journal.issue(request_for(1), slip)
    assert not repeated
    assert journal.issue(request_for(1, moment=NOW + 3000), slip) == (first, job, True)
    assert journal.issue(request_for(2, moment=NOW + 3000), slip)[0].number == "A07-002"
    later, _, repeated = journal.issue(request_for(1, moment=NOW + 60_000), slip)
    assert (later.number, repeated) == ("A07-003", False)


def test_ticket_print_job_and_entry_stand_together(
    tmp_path: Path, journal: Journal, request_for: MakeRequest, slip: Compose
) -> None:
    ticket, job, _ = journal.issue(request_for(1), slip)
    reader = Reader(tmp_path)
    (entry,) = reader.entries()
    body = msgspec.json.decode(entry.body, type=Body)
    assert body.data["number"] == ticket.number
    assert body.data["code"] == ticket.code
    assert body.data["job"] == job
    assert [record.id for record in reader.jobs()] == [job]
    assert reader.verify() == (1, [])
    reader.close()


def test_a_slip_that_cannot_be_made_leaves_nothing_behind(
    tmp_path: Path, journal: Journal, request_for: MakeRequest, slip: Compose
) -> None:
    def broken(ticket: Ticket, epoch: str, seq: int) -> Document:
        raise ValueError("no paper today")

    with pytest.raises(ValueError, match="no paper"):
        journal.issue(request_for(1), broken)
    assert journal.issue(request_for(1), slip)[0].number == "A07-001"
    reader = Reader(tmp_path)
    assert reader.verify() == (1, [])
    reader.close()


def test_an_altered_entry_and_a_missing_one_are_found(
    tmp_path: Path, journal: Journal, request_for: MakeRequest, slip: Compose
) -> None:
    for visit in range(5):
        journal.issue(request_for(visit), slip)
    journal.close()
    connection = sqlite3.connect(tmp_path / "journal.db")
    connection.execute("UPDATE entry SET body = CAST(replace(body, 'A07-002', 'A07-009') AS BLOB) WHERE seq = 2")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("DELETE FROM entry WHERE seq = 4")
    connection.commit()
    connection.close()
    reader = Reader(tmp_path)
    _, faults = reader.verify()
    reader.close()
    assert any("entry 2 was altered" in fault for fault in faults)
    assert any("entry 4 is missing" in fault for fault in faults)
    assert any("A07-004 of 2026-11-24 has no entry" in fault for fault in faults)


class TestReserve:
    """A journal that is lost or comes back from a backup issues no number again."""

    def issue(self, folder: Path, request: Request, slip: Compose) -> int:
        journal = Journal(folder, "07", NOW)
        running = journal.issue(request, slip)[0].running
        journal.close()
        return running

    def test_a_lost_journal(self, tmp_path: Path, request_for: MakeRequest, slip: Compose) -> None:
        for visit in range(3):
            self.issue(tmp_path, request_for(visit), slip)
        for file in tmp_path.glob("journal.db*"):
            file.unlink()
        assert self.issue(tmp_path, request_for(9), slip) == BLOCK + 1
        assert self.issue(tmp_path, request_for(10), slip) == BLOCK + 2
        assert self.issue(tmp_path, request_for(11, theme="B"), slip) == 1

    def test_a_journal_from_an_older_backup(self, tmp_path: Path, request_for: MakeRequest, slip: Compose) -> None:
        state, backup = tmp_path / "state", tmp_path / "backup"
        state.mkdir()
        issued = [self.issue(state, request_for(1), slip)]
        shutil.copytree(state, backup)
        issued += [self.issue(state, request_for(visit), slip) for visit in (2, 3)]
        for file in state.glob("journal.db*"):
            file.unlink()
        shutil.copy(backup / "journal.db", state)
        issued += [self.issue(state, request_for(visit), slip) for visit in (4, 5)]
        assert len(set(issued)) == len(issued)
        reader = Reader(state)
        assert reader.verify()[1] == []
        assert any(entry.kind == "numbers.raised" for entry in reader.entries())
        reader.close()

    def test_an_ordinary_restart_leaves_no_gap(self, tmp_path: Path, request_for: MakeRequest, slip: Compose) -> None:
        assert [self.issue(tmp_path, request_for(visit), slip) for visit in range(1, 5)] == [1, 2, 3, 4]

    @pytest.mark.parametrize("content", [b"", b"rubbish", b"\0" * 200])
    def test_a_damaged_reserve_beside_a_sound_journal(
        self, tmp_path: Path, request_for: MakeRequest, slip: Compose, content: bytes
    ) -> None:
        self.issue(tmp_path, request_for(1), slip)
        (tmp_path / "numbers.reserve").write_bytes(content)
        assert self.issue(tmp_path, request_for(2), slip) == 2
        for file in tmp_path.glob("journal.db*"):
            file.unlink()
        assert self.issue(tmp_path, request_for(3), slip) > 2

    def test_a_clock_years_ahead_erases_no_counter(
        self, tmp_path: Path, request_for: MakeRequest, slip: Compose
    ) -> None:
        self.issue(tmp_path, request_for(1), slip)
        journal = Journal(tmp_path, "07", NOW)
        journal.issue(request_for(2, day="2041-11-24", moment=NOW + 15 * 365 * 86_400_000), slip)
        journal.forget(NOW + 15 * 365 * 86_400_000, 400)
        assert journal.issue(request_for(3), slip)[0].running == 2
        journal.close()


class TestJobs:
    """What becomes of paper, written down."""

    def outcome(self, result: Result, *, started: bool = True) -> Outcome:
        return Outcome(result, Condition.PAPER_OUT, Proof.NONE, started)

    def test_an_attempt_that_may_have_reached_the_paper_counts_as_a_copy(
        self, journal: Journal, request_for: MakeRequest, slip: Compose
    ) -> None:
        job = journal.issue(request_for(1), slip)[1]
        assert journal.start(job, NOW)[1] == 0
        journal.settle(job, self.outcome(Result.HELD, started=False), NOW)
        assert journal.job(job).copies == 0
        assert journal.again(job, NOW, By.TOUCH)
        assert journal.start(job, NOW)[1] == 0
        journal.settle(job, self.outcome(Result.HELD), NOW)
        assert journal.again(job, NOW, By.TOUCH)
        assert journal.start(job, NOW)[1] == 1
        journal.settle(job, Outcome(Result.PRINTED, Condition.READY, Proof.PROCESS_ID), NOW)
        record = journal.job(job)
        assert (record.state, record.copies, record.proof) == (JobState.PRINTED, 2, Proof.PROCESS_ID)
        assert not journal.again(job, NOW, By.TOUCH)

    def test_holding_a_job_that_was_not_started_counts_nothing(
        self, journal: Journal, request_for: MakeRequest, slip: Compose
    ) -> None:
        job = journal.issue(request_for(1), slip)[1]
        journal.settle(job, self.outcome(Result.HELD, started=False), NOW)
        assert (journal.job(job).state, journal.job(job).copies) == (JobState.HELD, 0)

    def test_after_a_restart_only_what_a_resident_still_waits_for_goes_on(
        self, tmp_path: Path, request_for: MakeRequest, slip: Compose
    ) -> None:
        journal = Journal(tmp_path, "07", NOW)
        old_queued = journal.issue(request_for(1), slip)[1]
        old_sending = journal.issue(request_for(2), slip)[1]
        journal.start(old_sending, NOW)
        young_sending = journal.issue(request_for(3, moment=NOW + 200_000), slip)[1]
        journal.start(young_sending, NOW + 200_000)
        journal.close()
        journal = Journal(tmp_path, "07", NOW + 210_000)
        assert journal.resume(NOW + 210_000) == [young_sending]
        assert journal.job(old_queued).state is JobState.HELD
        assert journal.job(old_sending).state is JobState.UNKNOWN
        assert journal.start(young_sending, NOW + 210_000)[1] == 1
        journal.close()

    def test_a_printed_slip_is_erased_at_once(self, journal: Journal, request_for: MakeRequest, slip: Compose) -> None:
        job = journal.issue(request_for(1), slip)[1]
        journal.start(job, NOW)
        journal.settle(job, Outcome(Result.PRINTED, Condition.READY), NOW)
        assert journal._db.execute("SELECT document FROM job").fetchone() == (None,)

    def test_a_list_that_did_not_come_out_is_erased_with_its_visit_and_a_number_is_kept(
        self, journal: Journal, request_for: MakeRequest, slip: Compose
    ) -> None:
        ticket, job, _ = journal.issue(request_for(1), slip)
        own = journal.enqueue(slip(ticket, "e", 1), 1, NOW)
        another = journal.enqueue(slip(ticket, "e", 1), 2, NOW)
        for one in (job, own, another):
            journal.settle(one, Outcome(Result.HELD, Condition.PAPER_OUT, started=False), NOW)
        journal.erase(1)
        left = journal._db.execute("SELECT id FROM job WHERE document IS NOT NULL").fetchall()
        assert left == [(job,), (another,)]

    def test_slips_are_erased_after_their_time_and_the_chain_stays_sound(
        self, tmp_path: Path, journal: Journal, request_for: MakeRequest, slip: Compose
    ) -> None:
        job = journal.issue(request_for(1), slip)[1]
        journal.start(job, NOW)
        journal.settle(job, Outcome(Result.HELD, Condition.PAPER_OUT), NOW)
        journal.forget(NOW + 1, 400)
        reader = Reader(tmp_path)
        assert reader.verify()[1] == []
        reader.close()
        assert journal._db.execute("SELECT document FROM job").fetchone() == (None,)


def test_work_for_a_journal_that_could_not_be_opened_fails_with_one_line() -> None:
    told: list[Exception] = []

    def opening() -> Journal:
        raise OSError(28, "No space left on device")

    writer = Writer(opening, told.append)
    writer.start()
    with pytest.raises(JournalError, match="could not be opened"):
        writer.submit(lambda journal: journal.seq).result(timeout=5)
    writer.close()
    assert isinstance(told[0], OSError)


CLOSES = int(datetime.datetime.fromisoformat("2026-11-24T17:30+08:00").timestamp() * 1000)


class TestSlipsThatDidNotComeOut:
    def held(self, journal: Journal, request: Request, slip: Compose) -> tuple[Ticket, int]:
        ticket, job, _ = journal.issue(request, slip)
        journal.settle(job, Outcome(Result.HELD, Condition.PAPER_OUT, started=False), NOW)
        return ticket, job

    def kinds(self, tmp_path: Path) -> list[str]:
        reader = Reader(tmp_path)
        kinds = [entry.kind for entry in reader.entries()]
        reader.close()
        return kinds

    def test_who_has_the_code_gets_the_slip_in_a_visit_of_their_own(
        self, tmp_path: Path, journal: Journal, request_for: MakeRequest, slip: Compose
    ) -> None:
        ticket, job = self.held(journal, request_for(1), slip)
        assert journal.ask(ticket.code, 2, NOW + 60_000)
        assert journal.job(job).state is JobState.QUEUED
        assert journal.job(job).visit == 2
        assert self.kinds(tmp_path) == ["ticket.issued", "paper.held", "paper.asked"]

    def test_a_code_of_no_ticket_gets_nothing(self, journal: Journal) -> None:
        assert not journal.ask("0" * 16, 2, NOW)
        assert journal.ticket("0" * 16) is None

    def test_a_slip_that_is_on_paper_is_not_printed_for_its_code(
        self, journal: Journal, request_for: MakeRequest, slip: Compose
    ) -> None:
        ticket, job, _ = journal.issue(request_for(1), slip)
        journal.start(job, NOW)
        journal.settle(job, Outcome(Result.PRINTED, Condition.READY), NOW)
        assert not journal.ask(ticket.code, 2, NOW)

    def test_no_slip_is_printed_once_its_session_is_over(
        self, tmp_path: Path, journal: Journal, request_for: MakeRequest, slip: Compose
    ) -> None:
        ticket, job = self.held(journal, request_for(1), slip)
        assert not journal.ask(ticket.code, 2, CLOSES)
        assert journal.job(job).state is JobState.ABANDONED
        assert journal._db.execute("SELECT document FROM job").fetchone() == (None,)
        assert self.kinds(tmp_path)[-1] == "paper.abandoned"
        assert not journal.again(job, NOW, By.TOUCH)

    def test_slips_whose_session_is_over_are_given_up_together(
        self, journal: Journal, request_for: MakeRequest, slip: Compose
    ) -> None:
        _, today = self.held(journal, request_for(1), slip)
        _, tomorrow = self.held(journal, request_for(2, day="2026-11-25"), slip)
        assert journal.expire(CLOSES - 1) == 0
        assert journal.expire(CLOSES) == 1
        assert journal.job(today).state is JobState.ABANDONED
        assert journal.job(tomorrow).state is JobState.HELD

    def test_a_technician_gives_up_a_slip_with_the_reason_written_down(
        self, tmp_path: Path, journal: Journal, request_for: MakeRequest, slip: Compose
    ) -> None:
        _, job = self.held(journal, request_for(1), slip)
        assert journal.abandon(job, NOW, "printed by hand")
        assert not journal.abandon(job, NOW, "again")
        reader = Reader(tmp_path)
        *_, last = reader.entries()
        reader.close()
        assert b"printed by hand" in last.body
        assert last.kind == "paper.abandoned"


class TestSlipsThatMayComeOutByThemselves:
    STOPPED = Outcome(Result.HELD, Condition.PAPER_OUT, millimetres=100)

    def told(self, tmp_path: Path) -> list[tuple[str, dict[str, object]]]:
        reader = Reader(tmp_path)
        bodies = [msgspec.json.decode(entry.body, type=Body) for entry in reader.entries()]
        assert reader.verify()[1] == []
        reader.close()
        return [(body.kind, body.data) for body in bodies if body.kind != "ticket.issued"]

    def begun(self, journal: Journal, request: Request, slip: Compose, outcome: Outcome) -> int:
        job = journal.issue(request, slip)[1]
        journal.start(job, NOW)
        journal.settle(job, outcome, NOW)
        return job

    @pytest.mark.parametrize(("withdrawn", "reason"), [(False, "left-to-printer"), (True, "dropped")])
    def test_a_slip_that_had_been_begun_is_not_held_once_its_visit_is_over(
        self, tmp_path: Path, journal: Journal, request_for: MakeRequest, slip: Compose, withdrawn: bool, reason: str
    ) -> None:
        stopped = Outcome(Result.HELD, Condition.PAPER_OUT, withdrawn=withdrawn, millimetres=100)
        job = self.begun(journal, request_for(1), slip, stopped)
        assert journal.job(job).state is JobState.HELD
        assert journal.doubt(job, NOW + 1)
        assert journal.job(job).state is JobState.UNKNOWN
        assert not journal.doubt(job, NOW + 2)
        (held, first), (unknown, then) = self.told(tmp_path)
        assert (held, first["withdrawn"], first["mm_most"]) == ("paper.held", withdrawn, 100)
        assert (unknown, then["reason"], then["mm_most"]) == ("paper.unknown", reason, 0)
        assert journal.again(job, NOW + 3, By.TOUCH)

    def test_a_slip_of_which_nothing_was_sent_stays_held(
        self, journal: Journal, request_for: MakeRequest, slip: Compose
    ) -> None:
        job = self.begun(journal, request_for(1), slip, Outcome(Result.HELD, Condition.PAPER_OUT, started=False))
        assert not journal.doubt(job, NOW)
        assert journal.job(job).state is JobState.HELD

    def test_a_restart_knows_what_the_printer_was_left_with(
        self, tmp_path: Path, request_for: MakeRequest, slip: Compose
    ) -> None:
        journal = Journal(tmp_path, "07", NOW)
        stopped = self.begun(journal, request_for(1), slip, self.STOPPED)
        cut_short = journal.issue(request_for(2), slip)[1]
        journal.start(cut_short, NOW)
        journal.change_roll(50_000, NOW)
        journal.close()
        journal = Journal(tmp_path, "07", NOW + 1000)
        assert journal.resume(NOW + 1000) == [cut_short]
        assert journal.job(stopped).state is JobState.UNKNOWN
        assert journal.job(cut_short).state is JobState.QUEUED
        told = [(kind, data["job"], data.get("reason"), data.get("by")) for kind, data in self.told(tmp_path)[2:]]
        assert told == [
            ("paper.unknown", stopped, "left-to-printer", None),
            ("paper.unknown", cut_short, "restart", None),
            ("paper.asked", cut_short, None, "restart"),
        ]
        roll = journal.paper()[0]
        assert roll
        assert roll.used >= 20, "what was being printed when the station ended may all have come out"
        journal.close()

    def test_every_reprint_has_its_cause_in_the_journal(
        self, tmp_path: Path, journal: Journal, request_for: MakeRequest, slip: Compose
    ) -> None:
        job = self.begun(journal, request_for(1), slip, self.STOPPED)
        for by in By:
            assert journal.again(job, NOW, by)
            journal.start(job, NOW)
            journal.settle(job, self.STOPPED, NOW)
        asked = [data for kind, data in self.told(tmp_path) if kind == "paper.asked"]
        assert [data["by"] for data in asked] == ["code", "touch", "station", "restart", "technician"]
        assert all(set(data) == {"job", "title", "by"} for data in asked)

    def test_one_that_is_given_up_is_not_said_to_be_missing(
        self, tmp_path: Path, journal: Journal, request_for: MakeRequest, slip: Compose
    ) -> None:
        self.begun(journal, request_for(1), slip, self.STOPPED)
        assert journal.expire(CLOSES) == 1
        assert [kind for kind, _ in self.told(tmp_path)] == ["paper.held", "paper.unknown", "paper.abandoned"]

    def test_a_reprint_that_is_set_aside_is_not_said_to_be_missing(
        self, tmp_path: Path, journal: Journal, request_for: MakeRequest, slip: Compose
    ) -> None:
        job = self.begun(journal, request_for(1), slip, self.STOPPED)
        journal.again(job, NOW, By.STATION)
        assert journal.set_aside(job, NOW, owned=False)
        assert journal.job(job).state is JobState.UNKNOWN
        assert self.told(tmp_path)[-1][0] == "paper.unknown"


class TestPaper:
    def test_cuts_of_fragments_take_paper_too(self, tmp_path: Path, journal: Journal) -> None:
        journal.change_roll(50_000, NOW)
        journal.separated(Outcome(Result.PRINTED, Condition.READY, millimetres=19), NOW)
        journal.separated(Outcome(Result.UNKNOWN, Condition.READY, millimetres=19), NOW)
        journal.separated(Outcome(Result.HELD, Condition.PAPER_OUT, started=False), NOW)
        assert journal.paper()[0] == Roll(NOW, 50_000, 38)
        reader = Reader(tmp_path)
        cuts = [
            msgspec.json.decode(entry.body, type=Body).data for entry in reader.entries() if entry.kind == "paper.cut"
        ]
        reader.close()
        assert [(cut.get("mm"), cut.get("mm_most")) for cut in cuts] == [(19, None), (None, 19)]

    def test_the_roll_counts_what_every_slip_took(
        self, journal: Journal, request_for: MakeRequest, slip: Compose
    ) -> None:
        assert journal.paper() == (None, {})
        journal.change_roll(50_000, NOW)
        for visit in (1, 2):
            job = journal.issue(request_for(visit), slip)[1]
            journal.start(job, NOW)
            journal.settle(job, Outcome(Result.PRINTED, Condition.READY, millimetres=140), NOW)
        roll, use = journal.paper()
        assert roll == Roll(NOW, 50_000, 280)
        assert use == {datetime.date(2026, 11, 24): 280}

    def test_a_new_roll_starts_at_nothing_and_the_days_go_on(
        self, tmp_path: Path, journal: Journal, request_for: MakeRequest, slip: Compose
    ) -> None:
        job = journal.issue(request_for(1), slip)[1]
        journal.settle(job, Outcome(Result.UNKNOWN, Condition.NO_ANSWER, millimetres=90), NOW)
        journal.change_roll(50_000, NOW + 1)
        journal.change_roll(30_000, NOW + 2)
        roll, use = journal.paper()
        assert roll == Roll(NOW + 2, 30_000, 0)
        assert sum(use.values()) == 90
        reader = Reader(tmp_path)
        assert [entry.kind for entry in reader.entries()][-2:] == ["paper.roll", "paper.roll"]
        assert reader.verify()[1] == []
        reader.close()

    def test_paper_at_midnight_belongs_to_the_day_of_china(
        self, journal: Journal, request_for: MakeRequest, slip: Compose
    ) -> None:
        before = int(datetime.datetime.fromisoformat("2026-11-24T23:59:59+08:00").timestamp() * 1000)
        for moment in (before, before + 1000):
            job = journal.issue(request_for(moment), slip)[1]
            journal.settle(job, Outcome(Result.PRINTED, Condition.READY, millimetres=100), moment)
        assert journal.paper()[1] == {datetime.date(2026, 11, 24): 100, datetime.date(2026, 11, 25): 100}
