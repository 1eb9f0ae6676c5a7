"""What the link does after each kind of answer, on a clock that the test turns."""

import random

import pytest

from kiosk.journal.outgoing import Run
from kiosk.link.carrier import understood
from kiosk.link.machine import (
    EPOCH_EVERY_S,
    FIRST_BATCH,
    GATHER_S,
    LARGEST_BATCH,
    SLOWEST_S,
    Answered,
    Begin,
    Called,
    Confirm,
    Entered,
    Event,
    Exchange,
    Failed,
    Faulty,
    Heard,
    Keep,
    Learn,
    Link,
    Refused,
    State,
    Tick,
    Trouble,
)
from kiosk.link.transport import Reply
from kiosk.wire.entries import GENESIS, hashes
from kiosk.wire.exchange import DOWNWARD_LIMIT, MEDIA_TYPE, Answer, Carried, Downward, Reason, Refusal, Upto, encoded
from kiosk.wire.queue import QueueSnapshot

EPOCH = "0011223344556677"
BODIES = [b"%d" % seq for seq in range(1, 2001)]
HASHES = hashes(GENESIS, BODIES)


def link() -> Link:
    return Link(30.0, random.Random(1).random, _told=True)


def run_of(first: int, last: int, newest: int = 2000, **more: object) -> Run:
    before = HASHES[first - 2] if first > 1 else GENESIS
    entries = tuple(map(Carried, BODIES[first - 1 : last]))
    return Run(EPOCH, first, before, entries, HASHES[first - 1 : last], newest, **more)  # type: ignore[arg-type]


def answer_to(run: Run, at: int | None = None, **more: object) -> Answer:
    at = run.last if at is None else at
    head = HASHES[at - 1] if at else GENESIS
    said = {"epoch": EPOCH, "acknowledged": at, "head": head, "watermark": at, "nonce": b"", "time": 77, **more}
    return Answer(**said)  # type: ignore[arg-type]


def test_a_backlog_goes_in_batches_that_grow_while_they_are_quick() -> None:
    machine, now, first, sizes = link(), 0.0, 1, []
    (action,) = machine.step(now, Tick())
    while isinstance(action, Exchange):
        sizes.append(action.entries)
        run = run_of(first, min(first + action.entries - 1, 2000))
        now += 1
        *before, action = machine.step(now, Answered(run, answer_to(run), 1.0))
        assert Confirm(EPOCH, run.last) in [*before, action]
        first = run.last + 1
    assert first == 2001
    assert sizes[:4] == [FIRST_BATCH, 100, 200, 400]
    assert max(sizes) == LARGEST_BATCH
    assert machine.status.state is State.WELL
    assert 27 <= machine.wait(now) <= 33


def test_a_slow_line_gets_no_larger_batches_and_a_timeout_halves_them() -> None:
    machine = link()
    machine.step(0, Tick())
    run = run_of(1, FIRST_BATCH)
    action = machine.step(9, Answered(run, answer_to(run), 9.0))[-1]
    assert action == Exchange(FIRST_BATCH + 1, FIRST_BATCH)
    machine.step(40, Failed(Trouble.TIMEOUT))
    (action,) = machine.step(4000, Tick())
    assert isinstance(action, Exchange)
    assert action.entries == FIRST_BATCH // 2


def test_only_one_request_is_under_way() -> None:
    machine = link()
    assert machine.step(0, Tick()) == [Exchange(None, FIRST_BATCH)]
    for now in (1.0, 100.0, 10_000.0):
        assert machine.step(now, Tick()) == []
        assert machine.step(now, Entered()) == []


def test_a_new_entry_is_sent_within_a_second_or_so() -> None:
    machine = link()
    machine.step(0, Tick())
    idle = run_of(1, 0, newest=0)
    machine.step(1, Answered(idle, answer_to(idle), 0.1))
    assert machine.step(2, Entered()) == []
    assert machine.wait(2) == GATHER_S
    assert machine.step(3, Tick()) == [Exchange(None, FIRST_BATCH)]
    machine.step(3, Entered())
    machine.step(4, Answered(idle, answer_to(idle), 0.1))
    assert machine.wait(4) == GATHER_S


def test_a_long_log_of_the_center_is_read_at_once_and_not_at_the_pace_of_idle_exchanges() -> None:
    machine, idle = link(), run_of(1, 0, newest=0)
    machine.step(0, Tick())
    items = tuple(Downward(seq, "x", b"{}") for seq in range(1, DOWNWARD_LIMIT + 1))
    actions = machine.step(1, Answered(idle, answer_to(idle, downward=items), 0.1))
    assert Keep(items) in actions
    assert actions[-1] == Exchange(None, FIRST_BATCH)
    machine.step(2, Answered(idle, answer_to(idle, downward=items[:-1]), 0.1))
    assert machine.wait(2) >= 27


def test_without_a_line_it_tries_ever_more_seldom_and_at_least_every_five_minutes() -> None:
    machine, now, waits = link(), 0.0, []
    machine.step(now, Tick())
    for _ in range(200):
        machine.step(now, Failed(Trouble.NO_LINE))
        assert machine.status.state is State.WAITING
        machine.step(now, Entered())
        wait = machine.wait(now)
        waits.append(wait)
        assert machine.step(now + wait * 0.99, Tick()) == []
        now += wait
        assert machine.step(now, Tick()) != []
    assert 1 <= min(waits) <= 1.5
    assert waits[0] <= 2
    assert SLOWEST_S * 0.8 < max(waits) <= SLOWEST_S
    assert 0.3 * SLOWEST_S < sum(waits[50:]) / 150 < 0.7 * SLOWEST_S


def test_retry_after_is_obeyed_within_reason_and_not_by_all_at_the_same_moment() -> None:
    waits = set()
    for seed in range(20):
        machine = Link(30.0, random.Random(seed).random)
        machine.step(0, Tick())
        machine.step(0, Failed(Trouble.BUSY, "", 120.0))
        waits.add(machine.wait(0))
    assert all(120 < wait <= 122 for wait in waits)
    assert len(waits) > 5
    machine.step(0, Failed(Trouble.BUSY, "", 10.0**6))
    assert machine.wait(0) < 4000


@pytest.mark.parametrize("reason", [Reason.REVOKED, Reason.BAD_SIGNATURE, Reason.MALFORMED, "of-tomorrow"])
def test_what_the_center_refuses_is_kept_told_and_tried_again_slowly(reason: str) -> None:
    machine = link()
    machine.step(0, Tick())
    run = run_of(1, 50)
    assert machine.step(0, Refused(run, Refusal(reason=reason, detail="so it is"))) == []
    assert (machine.status.state, machine.status.trouble) == (State.REFUSED, reason)
    assert SLOWEST_S / 2 <= machine.wait(0) <= SLOWEST_S
    assert machine.step(400, Tick()) == [Exchange(None, FIRST_BATCH)]
    assert Confirm(EPOCH, 50) in machine.step(401, Answered(run, answer_to(run), 0.1))
    assert machine.status.state is State.WELL


def test_a_center_that_has_less_is_sent_from_there_on() -> None:
    machine = link()
    machine.step(0, Tick())
    late = run_of(100, 120)
    actions = machine.step(1, Refused(late, Refusal(reason=Reason.GAP, need=41)))
    assert actions == [Exchange(41, FIRST_BATCH)]
    part = run_of(41, 90)
    assert machine.step(2, Answered(part, answer_to(part, 60), 9.0))[-1] == Exchange(61, FIRST_BATCH)


def test_a_gap_that_cannot_be_is_not_believed() -> None:
    machine = link()
    machine.step(0, Tick())
    assert machine.step(1, Refused(run_of(100, 120), Refusal(reason=Reason.GAP, need=100))) == []
    assert machine.status.state is State.REFUSED


def test_a_batch_that_is_too_large_is_halved_down_to_one() -> None:
    machine = link()
    (action,) = machine.step(0, Tick())
    for size in (50, 25, 12, 6, 3):
        assert isinstance(action, Exchange)
        (action,) = machine.step(0, Refused(run_of(1, size), Refusal(reason=Reason.TOO_LARGE)))
        assert action == Exchange(None, size // 2)
    assert machine.step(0, Refused(run_of(1, 1), Refusal(reason=Reason.TOO_LARGE))) == []
    assert machine.status.state is State.REFUSED


@pytest.mark.parametrize(
    "wrong",
    [
        {"head": b"x" * 32},
        {"acknowledged": 51, "watermark": 51},
        {"epoch": "f" * 16},
        {"acknowledged": -1},
        {"watermark": 3},
    ],
)
def test_an_acknowledgement_that_proves_nothing_marks_nothing(wrong: dict[str, object]) -> None:
    machine = link()
    machine.step(0, Tick())
    run = run_of(1, 50)
    assert machine.step(1, Answered(run, answer_to(run, **wrong), 0.1)) == []
    assert (machine.status.state, machine.status.trouble) == (State.REFUSED, Trouble.DIFFERS)


@pytest.mark.parametrize("reason", [Reason.FORK, Reason.ALTERED])
def test_contradictions_begin_one_new_epoch_and_not_one_after_another(reason: Reason) -> None:
    machine = link()
    machine.step(0, Tick())
    refusal = Refusal(reason=reason, need=3)
    assert machine.step(1, Refused(run_of(1, 50), refusal)) == [
        Begin(reason),
        Exchange(None, FIRST_BATCH, numbers=True),
    ]
    assert machine.step(2, Refused(run_of(1, 50), refusal)) == []
    assert machine.status.state is State.REFUSED
    machine.step(EPOCH_EVERY_S + 1, Tick())
    assert Begin(reason) in machine.step(EPOCH_EVERY_S + 2, Refused(run_of(1, 50), refusal))


def test_the_journal_s_own_damage_and_a_center_that_has_more_begin_a_new_epoch() -> None:
    machine = link()
    machine.step(0, Tick())
    assert machine.step(1, Faulty(run_of(3, 2, fault="entry 3 was altered")))[0] == Begin("altered")
    machine = link()
    machine.step(0, Tick())
    run = run_of(1, 50, newest=50)
    actions = machine.step(1, Answered(run, answer_to(run, watermark=60), 0.1))
    assert actions == [Heard(77, 0.1), Confirm(EPOCH, 50), Begin("behind"), Exchange(None, FIRST_BATCH, numbers=True)]


def test_an_earlier_epoch_that_the_center_lost_is_sent_again_and_does_not_stop_what_is_new() -> None:
    machine = link()
    machine.step(0, Tick())
    run = run_of(1, 50, newest=50)
    old = "f" * 16
    assert machine.step(1, Answered(run, answer_to(run, want=Upto(old, 7)), 1.0))[-1] == Exchange(8, 100, old)
    past = run_of(8, 20, newest=20, past=True)
    assert machine.step(2, Answered(past, answer_to(past), 1.0))[-1] == Exchange(None, 100)
    assert machine.step(3, Answered(run, answer_to(run, want=Upto(EPOCH, 7)), 1.0))[-1] == Exchange(8, 100, EPOCH)
    assert machine.step(4, Refused(past, Refusal(reason=Reason.FORK))) == [Exchange(None, 100)]
    assert machine.step(5, Answered(run, answer_to(run, want=Upto(EPOCH, 7)), 1.0)) == [
        Heard(77, 1.0),
        Confirm(EPOCH, 50),
    ]


def test_how_the_hall_calls_is_told_with_its_age_and_nothing_where_nobody_calls() -> None:
    machine = link()
    machine.step(0, Tick())
    run = run_of(1, 1, newest=1)
    queue = QueueSnapshot(day="2026-11-24", session="08:30-12:00", time=5_000, themes=())
    told = machine.step(1, Answered(run, answer_to(run, queue=queue, time=65_000), 0.5))
    assert Called(queue, 60.5) in told
    ahead = machine.step(2, Answered(run, answer_to(run, queue=queue, time=1_000), 0.5))
    assert Called(queue, 0.5) in ahead
    assert not any(isinstance(one, Called) for one in machine.step(3, Answered(run, answer_to(run), 0.5)))


def test_what_the_center_sends_is_kept() -> None:
    machine = link()
    machine.step(0, Tick())
    run = run_of(1, 1, newest=1)
    items = (Downward(1, "of-tomorrow", b"{}"),)
    assert Keep(items) in machine.step(1, Answered(run, answer_to(run, downward=items), 0.1))


def test_every_start_asks_how_far_the_center_knows_our_numbers_until_it_is_told() -> None:
    machine = Link(30.0, random.Random(1).random)
    assert machine.step(0, Tick()) == [Exchange(None, FIRST_BATCH, numbers=True)]
    run = run_of(1, 1, newest=1)
    machine.step(1, Answered(run, answer_to(run), 0.1))
    assert machine.step(100, Tick()) == [Exchange(None, FIRST_BATCH, numbers=True)]
    numbers = {"2026-11-24 A": 57}
    assert Learn(numbers) in machine.step(101, Answered(run, answer_to(run, numbers=numbers), 0.1))
    assert machine.step(200, Tick()) == [Exchange(None, FIRST_BATCH)]
    machine.step(201, Failed(Trouble.JOURNAL))
    assert machine.step(600, Tick()) == [Exchange(None, FIRST_BATCH, numbers=True)]


ANSWER = answer_to(run_of(1, 5), nonce=b"mine")


@pytest.mark.parametrize(
    ("reply", "event"),
    [
        (Reply(200, MEDIA_TYPE, encoded(ANSWER)), Answered),
        (Reply(200, "text/html", b"<html>Welcome</html>"), Trouble.NOT_THE_CENTER),
        (Reply(302, "", b""), Trouble.NOT_THE_CENTER),
        (Reply(404, "text/html", b"no such page"), Trouble.NOT_THE_CENTER),
        (Reply(502, "text/html", b"Bad gateway"), Trouble.CENTER_FAILS),
        (Reply(200, MEDIA_TYPE, encoded(ANSWER)[:-3]), Trouble.NOT_THE_CENTER),
        (Reply(200, MEDIA_TYPE, b""), Trouble.NOT_THE_CENTER),
        (Reply(200, MEDIA_TYPE, encoded(answer_to(run_of(1, 5), nonce=b"another's"))), Trouble.NOT_THE_CENTER),
        (Reply(503, MEDIA_TYPE, encoded(Refusal(reason="busy")), 15.0), Trouble.BUSY),
        (Reply(500, MEDIA_TYPE, encoded(Refusal(reason="trouble"))), Trouble.CENTER_FAILS),
        (Reply(409, MEDIA_TYPE, encoded(Refusal(reason="fork"))), Refused),
        (Reply(418, MEDIA_TYPE, encoded(Refusal(reason="of-tomorrow"))), Refused),
        (Reply(403, MEDIA_TYPE, b"rubbish"), Trouble.NOT_THE_CENTER),
    ],
)
def test_what_each_reply_is_taken_for(reply: Reply, event: Trouble | type[Event]) -> None:
    understanding = understood(reply, run_of(1, 5), b"mine", 0.1)
    if isinstance(event, Trouble):
        assert isinstance(understanding, Failed)
        assert understanding.trouble is event
        assert understanding.retry_after == reply.retry_after
    else:
        assert isinstance(understanding, event)
