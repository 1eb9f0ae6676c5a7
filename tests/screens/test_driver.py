"""The driver lets through keys and touches and nothing that ends, blinds or floods the station."""

import ast
import asyncio
import inspect
import signal
from collections.abc import Iterator
from typing import Any

import pytest
from textual import events, messages
from textual.app import App
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget

from screens.driver import (
    ENDING_SIGNALS,
    IGNORED_SIGNALS,
    PASTE_SECONDS,
    PRIVATE_NAMES,
    Allowance,
    Pastes,
    StationDriver,
)

OPEN, CLOSE = "\x1b[200~", "\x1b[201~"


class Ticking:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def own_names(*classes: type) -> set[str]:
    """Every attribute and method that the sources of `classes` speak of."""
    names: set[str] = set()
    for one in classes:
        for node in ast.walk(ast.parse(inspect.getsource(one))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                names.add(node.name)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
                names.add(node.attr)
    return names


@pytest.mark.parametrize("name", PRIVATE_NAMES)
def test_what_the_driver_leans_on_still_exists(name: str) -> None:
    """A name that Textual renames would silently reopen a hole."""
    assert name in own_names(LinuxDriver, Driver)


@pytest.mark.parametrize(
    "name", ["_handle_exception", "_loop", "_mouse_down_widget", "_return_code", "on_event", "run_action"]
)
def test_what_the_app_leans_on_still_exists(name: str) -> None:
    assert name in own_names(App)


def test_what_the_pages_lean_on_still_exists() -> None:
    assert {"_extend_compose", "layout"} <= own_names(Screen, Widget)


def test_a_paste_is_swallowed_and_what_surrounds_it_is_not() -> None:
    pastes = Pastes(Ticking())
    assert pastes.without(f"1{OPEN}rm -rf 2 3{CLOSE}4") == "14"


@pytest.mark.parametrize("cut", range(1, len(CLOSE)))
def test_the_end_of_a_paste_may_come_in_two_pieces(cut: int) -> None:
    pastes = Pastes(Ticking())
    assert pastes.without(f"{OPEN}abc{CLOSE[:cut]}") == ""
    assert pastes.without(f"{CLOSE[cut:]}7") == "7"


def test_a_long_paste_stays_a_paste_however_slowly_it_comes() -> None:
    clock = Ticking()
    pastes = Pastes(clock)
    pastes.without(OPEN)
    for _ in range(50):
        clock.now += 0.1
        assert pastes.without("x" * 4000) == ""
    assert pastes.without(f"x{CLOSE}9") == "9"


def test_a_paste_that_is_never_closed_ends_when_nothing_comes() -> None:
    clock = Ticking()
    pastes = Pastes(clock)
    assert pastes.without(f"{OPEN}abc") == ""
    clock.now += PASTE_SECONDS + 0.01
    assert pastes.without("1") == "1"


def test_a_paste_that_is_never_closed_ends_even_if_somebody_keeps_typing() -> None:
    clock = Ticking()
    pastes = Pastes(clock)
    pastes.without(OPEN)
    heard = ""
    for _ in range(10):
        clock.now += 0.2
        heard += pastes.without("1")
    assert len(heard) >= 7


def test_an_allowance_lets_a_person_through_and_stops_a_machine() -> None:
    clock = Ticking()
    allowance = Allowance(40, 20, clock)
    assert sum(allowance.take() for _ in range(1000)) == 20
    clock.now += 1
    assert sum(allowance.take() for _ in range(1000)) == 20
    for _ in range(100):
        clock.now += 0.05
        assert allowance.take()


class Halted:
    """Stands for the app: notes what the driver sends and whether it was halted."""

    def __init__(self) -> None:
        self.heard: list[Message] = []
        self.codes: list[int] = []

    async def _post_message(self, message: Message) -> None:
        self.heard.append(message)

    def halt(self, code: int) -> None:
        self.codes.append(code)


@pytest.fixture
def handlers() -> Iterator[None]:
    """Puts the signal handlers back that a driver replaces."""
    kept = {number: signal.getsignal(number) for number in (*IGNORED_SIGNALS, *ENDING_SIGNALS, signal.SIGCONT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def drive(act: Any) -> Halted:
    """Let `act` do something with a driver and return what the app heard of it."""
    app = Halted()

    async def main() -> None:
        driver = StationDriver(app)  # type: ignore[arg-type]
        act(driver)
        await asyncio.sleep(0.01)
        for number in ENDING_SIGNALS:
            driver._loop.remove_signal_handler(number)

    asyncio.run(main())
    return app


MOUSE = (None, 1, 1, 0, 0, 1, False, False, False, 1, 1)


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize(
    "message",
    [
        events.Paste("1"),
        events.AppBlur(),
        events.AppFocus(),
        events.CursorPosition(1, 1),
        events.MouseMove(*MOUSE),
        events.MouseScrollDown(*MOUSE),
        events.Resize.from_dimensions((9999, 9999), (1, 0)),
        messages.InBandWindowResize(True, True),
    ],
    ids=lambda message: type(message).__name__,
)
def test_reports_that_anybody_could_type_reach_nobody(message: Message) -> None:
    assert drive(lambda driver: driver.process_message(message)).heard == []


@pytest.mark.usefixtures("handlers")
def test_keys_and_touches_reach_the_app() -> None:
    sent: list[Message] = [events.Key("1", "1"), events.MouseDown(*MOUSE), events.MouseUp(*MOUSE)]
    assert drive(lambda driver: [driver.process_message(one) for one in sent]).heard == sent


@pytest.mark.usefixtures("handlers")
def test_signals_of_the_keyboard_do_nothing_and_ending_ones_end_in_order() -> None:
    def signals(driver: StationDriver) -> None:
        for number in IGNORED_SIGNALS:
            assert signal.getsignal(number) is signal.SIG_IGN
            signal.raise_signal(number)
        for number in ENDING_SIGNALS:
            signal.raise_signal(number)

    assert sorted(drive(signals).codes) == [128 + signal.SIGHUP, 128 + signal.SIGTERM]


@pytest.mark.usefixtures("handlers")
@pytest.mark.parametrize("unwanted", ["\x1b[?1004h", "\x1b[>25u", "\x1b[<u"])
def test_modes_that_a_station_does_not_want_are_never_asked_for(unwanted: str) -> None:
    # Without a writer thread any other write would fail.
    drive(lambda driver: driver.write(unwanted))


@pytest.mark.usefixtures("handlers")
def test_it_cannot_be_suspended_and_opens_no_pages() -> None:
    def act(driver: StationDriver) -> None:
        assert not driver.can_suspend
        driver.suspend_application_mode()
        driver.open_url("https://station.example")

    drive(act)
