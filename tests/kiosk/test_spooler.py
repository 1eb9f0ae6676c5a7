"""What the spooler decides, event by event, without a printer."""

from kiosk.ports import Condition, Outcome, Proof, Result
from kiosk.spooler import (
    SENSE_HELD_S,
    SENSE_IDLE_S,
    Action,
    Added,
    Doubt,
    Hold,
    Print,
    Printed,
    Requeue,
    Requeued,
    Sense,
    Sensed,
    Separate,
    Separated,
    Spooler,
    Tick,
    VisitOver,
)

GOOD = Outcome(Result.PRINTED, Condition.READY, Proof.PROCESS_ID)
EMPTY = Outcome(Result.HELD, Condition.PAPER_OUT, started=False)
TORN = Outcome(Result.HELD, Condition.PAPER_OUT, started=True)
SILENT = Outcome(Result.UNKNOWN, Condition.NO_ANSWER)


def prints(actions: list[Action]) -> list[int]:
    return [action.job for action in actions if isinstance(action, Print)]


def fresh(*, fragment: bool = False) -> Spooler:
    """A spooler that has just asked its printer."""
    spooler = Spooler(fragment=fragment)
    assert spooler.step(0, Tick()) == [Sense()]
    assert spooler.step(0, Sensed(Condition.READY)) == []
    return spooler


def test_jobs_are_printed_one_after_the_other() -> None:
    spooler = fresh()
    assert prints(spooler.step(0, Added(1, 7))) == [1]
    assert prints(spooler.step(0, Added(2, 7))) == []
    assert prints(spooler.step(1, Printed(1, GOOD))) == [2]
    assert spooler.step(2, Printed(2, GOOD)) == []


def test_a_held_job_is_printed_when_the_paper_is_back_while_its_visit_is_open() -> None:
    spooler = fresh()
    spooler.step(0, Added(1, 7))
    assert spooler.step(1, Printed(1, EMPTY)) == []
    assert spooler.condition is Condition.PAPER_OUT
    assert spooler.step(1 + SENSE_HELD_S, Tick()) == [Sense()]
    assert spooler.step(3, Sensed(Condition.PAPER_OUT)) == []
    assert spooler.step(3 + SENSE_HELD_S, Tick()) == [Sense()]
    assert spooler.step(5, Sensed(Condition.READY)) == [Requeue(1)]
    assert spooler.step(5, Requeued(1)) == [Print(1, owned=True)]


def test_nothing_of_an_ended_visit_comes_out_later() -> None:
    spooler = fresh()
    spooler.step(0, Added(1, 7))
    spooler.step(1, Printed(1, EMPTY))
    assert spooler.step(2, VisitOver(7)) == [Doubt(1)]
    assert spooler.step(2 + SENSE_IDLE_S, Tick()) == [Sense()]
    assert spooler.step(13, Sensed(Condition.READY)) == []


def test_a_slip_that_stops_after_its_visit_is_left_to_doubt_at_once() -> None:
    spooler = fresh()
    spooler.step(0, Added(1, 7))
    spooler.step(1, VisitOver(7))
    assert spooler.step(2, Printed(1, TORN)) == [Doubt(1)]


def test_what_waits_behind_a_fragment_is_left_to_doubt_when_its_visit_is_over() -> None:
    spooler = fresh(fragment=True)
    spooler.step(0, Added(1, 7))
    spooler.step(0, VisitOver(7))
    assert spooler.step(1, Separated(EMPTY)) == [Hold(1, Condition.PAPER_OUT), Doubt(1)]


def test_the_piece_that_somebody_left_is_cut_off_as_soon_as_the_printer_can() -> None:
    spooler = fresh()
    spooler.step(0, Added(1, 7))
    spooler.step(1, Printed(1, GOOD))
    spooler.step(2, Added(2, 8))
    assert spooler.step(3, Printed(2, TORN)) == []
    spooler.step(4, VisitOver(8))
    assert spooler.step(4 + SENSE_IDLE_S, Tick()) == [Sense()]
    assert spooler.step(15, Sensed(Condition.READY)) == [Separate()]
    assert spooler.step(16, Separated(GOOD)) == []
    assert not spooler.fragment


def test_a_printer_that_has_gone_silent_does_not_cut_for_ever_while_nobody_is_there() -> None:
    spooler = fresh(fragment=True)
    spooler.proves = True
    cuts = [Separate()]
    for second in range(20, 200, 20):
        actions = spooler.step(second, Tick())
        while Separate() in actions:
            cuts += actions
            actions = spooler.step(second, Separated(Outcome(Result.UNKNOWN, Condition.READY)))
        spooler.step(second, Sensed(Condition.READY))
    assert len(cuts) <= 5
    assert spooler.fragment


def test_a_job_that_the_journal_does_not_give_back_is_not_printed() -> None:
    spooler = fresh()
    spooler.step(0, Added(1, 7))
    spooler.step(1, Printed(1, EMPTY))
    assert spooler.step(4, Sensed(Condition.READY)) == [Requeue(1)]
    assert spooler.step(5, Added(2, 8)) == [Print(2, owned=True)]
    assert spooler.step(6, Printed(2, GOOD)) == []


def test_who_leaves_before_the_printer_gives_up_finds_no_slip_come_out_later() -> None:
    for waiting in ([Added(1, 7)], [Added(2, 8), Added(1, 7)]):
        spooler = fresh()
        for event in waiting:
            spooler.step(0, event)
        spooler.step(0, VisitOver(7))
        for event in waiting:
            spooler.step(1, Printed(event.job, EMPTY))
        actions = spooler.step(9, Sensed(Condition.READY))
        assert all(isinstance(action, Requeue) and action.job == 2 for action in actions)


def test_a_fragment_is_cut_off_before_the_next_slip() -> None:
    for outcome in (TORN, SILENT):
        spooler = fresh()
        spooler.step(0, Added(1, 7))
        spooler.step(1, Printed(1, outcome))
        spooler.step(1, VisitOver(7))
        assert spooler.step(2, Added(2, 8)) == [Separate()]
        assert spooler.step(3, Separated(GOOD)) == [Print(2, owned=True)]


def test_a_station_killed_in_mid_slip_cuts_the_fragment_off_first() -> None:
    assert fresh(fragment=True).step(0, Added(1, 7)) == [Separate()]


def test_where_the_fragment_cannot_be_cut_off_the_next_slip_is_held() -> None:
    spooler = fresh(fragment=True)
    spooler.step(0, Added(1, 7))
    assert spooler.step(1, Separated(EMPTY)) == [Hold(1, Condition.PAPER_OUT)]
    assert spooler.step(1 + SENSE_HELD_S, Tick()) == [Sense()]
    assert spooler.step(4, Sensed(Condition.READY)) == [Requeue(1)]
    assert spooler.step(4, Requeued(1)) == [Separate()]
    assert spooler.step(5, Separated(GOOD)) == [Print(1, owned=True)]


def test_an_unknown_outcome_is_never_repeated_by_itself() -> None:
    spooler = fresh()
    spooler.step(0, Added(1, 7))
    spooler.step(1, Printed(1, SILENT))
    for second in range(2, 60, 2):
        assert prints(spooler.step(second, Sensed(Condition.READY))) == []


def test_a_printer_without_proof_is_not_asked_to_cut_for_ever() -> None:
    spooler = fresh(fragment=True)
    unproven = Outcome(Result.UNKNOWN, Condition.READY)
    spooler.step(0, Added(1, 7))
    assert spooler.step(1, Separated(unproven)) == [Separate()]
    assert spooler.step(2, Separated(unproven)) == [Separate()]
    assert spooler.step(3, Separated(unproven)) == [Print(1, owned=True)]


def test_a_printer_that_used_to_prove_and_is_silent_gets_no_more_slips() -> None:
    spooler = fresh()
    spooler.step(0, Added(1, 7))
    spooler.step(1, Printed(1, GOOD))
    spooler.step(2, Added(2, 8))
    spooler.step(3, Printed(2, SILENT))
    assert spooler.step(4, Added(3, 9)) == [Separate()]
    actions = spooler.step(5, Separated(Outcome(Result.UNKNOWN, Condition.READY)))
    assert actions == [Hold(3, Condition.NO_ANSWER)]


def test_a_fragment_that_may_not_have_been_cut_off_is_not_forgotten() -> None:
    spooler = fresh(fragment=True)
    spooler.step(0, Added(1, 7))
    assert spooler.step(1, Separated(SILENT)) == [Hold(1, Condition.NO_ANSWER)]
    assert spooler.step(4, Sensed(Condition.READY)) == [Requeue(1)]
    assert spooler.step(4, Requeued(1)) == [Separate()]


def test_the_printer_is_asked_now_and_then_when_idle() -> None:
    spooler = fresh()
    assert spooler.step(SENSE_IDLE_S - 1, Tick()) == []
    assert spooler.step(SENSE_IDLE_S, Tick()) == [Sense()]
