"""Whose turn it is: who declared priority comes earlier, who did not still comes."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.tickets import InLine, Priority, calling_order, number

MINUTE = 60_000
RULES = st.builds(Priority, st.just(()), st.integers(0, 90), st.integers(0, 6))
TICKETS = st.lists(st.tuples(st.integers(0, 120 * MINUTE), st.booleans()), max_size=40).map(
    lambda found: [InLine(number("A", "07", n), *ticket) for n, ticket in enumerate(found, 1)]
)


def line(*tickets: tuple[float, bool]) -> list[InLine]:
    """Tickets by the minute they were issued and whether with priority, named by their place."""
    return [InLine(str(n), int(minute * MINUTE), priority) for n, (minute, priority) in enumerate(tickets, 1)]


def turns(rule: Priority, *tickets: tuple[float, bool], called: tuple[tuple[float, bool], ...] = ()) -> str:
    return "".join(ticket.number for ticket in calling_order(line(*tickets), line(*called), rule))


def came(ticket: InLine) -> tuple[int, str]:
    return ticket.issued, ticket.number


@pytest.mark.parametrize(
    ("tickets", "order"),
    [
        (((0, False), (1, False), (2, False)), "123"),
        (((0, False), (1, False), (2, True)), "312"),
        (((0, False), (40, True)), "12"),
        (((0, False), (30, True)), "21"),
        (((0, True), (1, True), (2, False)), "123"),
        (((0, False), (1, True), (2, True), (3, True), (4, True)), "23145"),
        ((), ""),
    ],
)
def test_priority_comes_earlier_within_its_head_start_and_two_at_most(
    tickets: tuple[tuple[float, bool], ...], order: str
) -> None:
    assert turns(Priority((), 30, 2), *tickets) == order


def test_those_who_were_called_before_count_for_the_patient_one() -> None:
    rule = Priority((), 30, 2)
    assert turns(rule, (0, False), (3, True), called=((1, True), (2, True))) == "12"
    assert turns(rule, (0, False), (3, True), called=((1, True),)) == "21"
    assert turns(rule, (0, False), (3, True), called=((1, False), (2, False))) == "21"


def test_a_ticket_that_reaches_the_center_late_keeps_its_turn() -> None:
    assert turns(Priority((), 30, 3), (5, False), (1, False), called=((6, False), (7, True))) == "21"


def play(tickets: list[InLine], rule: Priority, pace: int) -> list[InLine]:
    """The whole session: tickets come as issued, a window calls the next every `pace` milliseconds."""
    coming = sorted(tickets, key=came)
    waiting: list[InLine] = []
    called: list[InLine] = []
    for now in itertools.count(0, pace):
        while coming and coming[0].issued <= now:
            waiting.append(coming.pop(0))
        if waiting:
            first = calling_order(waiting, called, rule)[0]
            waiting.remove(first)
            called.append(first)
        elif not coming:
            return called
    raise AssertionError


@given(TICKETS, RULES, st.integers(MINUTE // 2, 10 * MINUTE))
def test_nobody_starves(tickets: list[InLine], rule: Priority, pace: int) -> None:
    called = play(tickets, rule, pace)
    assert sorted(map(came, called)) == sorted(map(came, tickets))
    for turn, ticket in enumerate(called):
        passed = [other for other in called[:turn] if came(other) > came(ticket)]
        assert len(passed) <= (0 if ticket.priority else rule.most_passed)
        assert all(other.priority for other in passed)
        assert all(other.issued - ticket.issued <= rule.head_start * MINUTE for other in passed)


@given(TICKETS, RULES)
def test_each_ticket_has_one_turn_and_priority_never_comes_later_than_without(
    tickets: list[InLine], rule: Priority
) -> None:
    order = calling_order(tickets, [], rule)
    plain = sorted(tickets, key=came)
    assert sorted(map(came, order)) == [came(ticket) for ticket in plain]
    for ticket in tickets:
        if ticket.priority:
            assert order.index(ticket) <= plain.index(ticket)


@given(TICKETS, RULES, st.randoms(use_true_random=False))
def test_the_order_does_not_depend_on_how_the_tickets_arrived(
    tickets: list[InLine], rule: Priority, chance: random.Random
) -> None:
    again = chance.sample(tickets, len(tickets))
    assert calling_order(again, [], rule) == calling_order(tickets, [], rule)


@given(TICKETS, RULES)
def test_the_order_that_is_shown_is_the_order_that_is_called(tickets: list[InLine], rule: Priority) -> None:
    shown = list(calling_order(tickets, [], rule))
    called: list[InLine] = []
    while waiting := [ticket for ticket in tickets if ticket not in called]:
        called.append(calling_order(waiting, called, rule)[0])
    assert called == shown
