"""A place that the center lent is sold while the center is down, and everything is killed: a slip, no second buyer.

The station runs in a pseudo-terminal, the center is a process of its own; both are killed (-9).
"""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.test_request_answered import District
from tests.journeys.test_requests import code_of, go
from tests.terminal import PATIENCE, Terminal
from tests.waiting import wait_for

pytestmark = pytest.mark.system

LENT = 60.0
"""Seconds within which the center asks, the station answers, and places are lent: two looks and two exchanges."""


@pytest.fixture
def district(tmp_path: Path) -> Iterator[District]:
    one = District(tmp_path)
    yield one
    one.kill()


def slots(district: District) -> str:
    return district.kiosk("center", "slots", "list", "--days", "28", *district.place)


def bank(listed: str) -> str:
    """The line of the first bank day."""
    return next(line for line in listed.splitlines() if "银行服务点" in line)


def wait_for_loan(district: District) -> None:
    wait_for(lambda: "lent 2" in bank(slots(district)), LENT)


def open_slots(terminal: Terminal) -> None:
    """Open the page of the bank's slots until the places are here; a visit of the button for Taiwan compatriots."""
    end = time.monotonic() + PATIENCE
    go(terminal, ("4", "當場約銀行服務點"), ("3", "先取號"))
    while "本機還有" not in terminal.text():
        assert time.monotonic() < end, terminal.text()
        go(terminal, ("*", "當場約銀行服務點"), ("3", "先取號"))


def test_a_place_that_was_lent_is_sold_without_a_line_whatever_is_killed(district: District) -> None:
    district.serve()
    district.let_in("07")
    with district.terminal("07") as terminal:
        terminal.see("触摸屏幕")
        wait_for_loan(district)
        open_slots(terminal)
        district.kill()
        go(terminal, ("1", "約這一場，對嗎"), ("1", "約好了"))
        first = code_of(terminal)
        terminal.process.kill()
    with district.terminal("07") as terminal:
        terminal.see("触摸屏幕")
        # Without a line since its start the station sells nothing: it might be back from a backup.
        go(terminal, ("4", "當場約銀行服務點"), ("3", "還沒有確認"), ("/", "您要辦什麼事"))
        go(terminal, ("8", "小票上的編號"), (first, first[12:]), ("\r", "這是您的預約"))
        go(terminal, ("3", "要取消這個預約嗎"), ("2", "已取消"))
        terminal.process.kill()
    assert "lent 2, back 0, booked 0" in bank(slots(district))
    district.serve()
    district.sync("07")
    district.kill()
    assert "lent 2, back 0, booked 0" in bank(slots(district))
    listed = district.kiosk("journal", "list", *district.at("07"))
    assert [kind in listed for kind in ("appointment.booked", "appointment.cancelled")] == [True, True]
