"""The station's terminal as deploy/ sets it up: large type within a visit, and no key that leads out of it."""

import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.system.compositor import DEPLOY, PATIENCE, SIZES, RealTerminal, as_nobody, missing

pytestmark = pytest.mark.system

TREE = Path(__file__).parents[2]
FOOT = Path("/usr/bin/foot")
SHIPPED_FOOT = Path("/etc/xdg/foot/foot.ini")

LARGE_TYPE_SECONDS = 1.0
QUIET_SECONDS = 0.8
"""A terminal that is being scaled shows things in between, each for up to 0.3 s."""

SETTLE_SECONDS = 0.5
"""A touch on a page that has just come does not count."""

BUSY_MACHINE = 3
"""How many times slower than a station a machine may be that runs other things beside the test."""

HARMLESS = {
    ("key-bindings", "noop"),
    ("key-bindings", "text-binding"),
    ("mouse-bindings", "selection-override-modifiers"),
}
"""Swallow a key, send other characters for it; say when foot selects text, to which nothing is bound."""
MODIFIERS = {"Control": "ctrl", "Shift": "shift", "Mod1": "alt", "Mod4": "logo"}
HABITS = (
    ("Return", "logo"),
    ("d", "logo"),
    ("q", "logo", "shift"),
    ("e", "logo", "shift"),
    ("c", "logo", "shift"),
    ("space", "logo", "shift"),
    ("F1", "ctrl", "alt"),
    ("F2", "ctrl", "alt"),
    ("Delete", "ctrl", "alt"),
    ("BackSpace", "ctrl", "alt"),
    ("F4", "alt"),
    ("Tab", "alt"),
    ("Escape", "alt"),
    ("c", "ctrl"),
    ("z", "ctrl"),
    ("q", "ctrl"),
    ("p", "ctrl"),
    ("Print",),
    ("Menu",),
    ("F11",),
)
"""What people try who know a desktop, sway's own examples among it."""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., RealTerminal]]:
    """Starts a station without a printer in a terminal of one of the sizes, `again` and again if asked to."""
    assert missing() == []
    settings = tmp_path / "kiosk.toml"
    with ExitStack() as stack:

        def run(size: str, *, again: bool = False, large_type: str = "sway") -> RealTerminal:
            settings.write_text(
                f'[display]\nlarge_type = "{large_type}"\n[printer]\nport = ""\n[idle]\nquiet_seconds = 600\n', "utf-8"
            )
            kiosk = [sys.executable, "-m", "kiosk.cli", "run", "--config", settings, "--state", tmp_path / "state"]
            command = kiosk
            if again:
                once = f"echo $$ >{tmp_path}/kiosk.pid; exec {shlex.join(map(str, kiosk))}"
                command = ["sh", "-c", f"while :; do sh -c {shlex.quote(once)}; done"]
            return stack.enter_context(RealTerminal(command, SIZES[size], {"PYTHONPATH": str(TREE)}))

        yield run


def change(terminal: RealTerminal, key: str, columns: int, rows: int) -> bytes:
    """Press a key that changes the cells; returns the new screen, which has come in time."""
    before = terminal.screen()
    begin = time.monotonic()
    terminal.type(key)
    terminal.wait_for_cells(columns, rows)
    after = terminal.screen(unlike=before, quiet=QUIET_SECONDS)
    seconds = time.monotonic() - begin - QUIET_SECONDS
    print(f"{columns} x {rows} after {seconds:.2f} s")
    assert seconds < LARGE_TYPE_SECONDS * BUSY_MACHINE
    return after


@pytest.mark.parametrize(
    ("size", "normal", "large"),
    [("120x34", (120, 34), (82, 22)), ("120x30", (120, 30), (90, 22))],
)
def test_large_type_keeps_the_question_and_the_answers_and_goes_with_the_visit(
    start: Callable[..., RealTerminal], size: str, normal: tuple[int, int], large: tuple[int, int]
) -> None:
    terminal = start(size)
    assert terminal.cells == normal
    terminal.press("Return", "1", "1", "1", "1", "1")
    second_question = terminal.screen(quiet=QUIET_SECONDS)
    larger = change(terminal, "-", *large)
    terminal.press("-")
    dark = terminal.screen()
    assert dark != larger
    assert terminal.cells == large
    terminal.press("1", "*")
    assert terminal.screen() == dark, "the same question, answered and gone back to, in the same look"
    assert change(terminal, "-", *normal) == second_question
    change(terminal, "-", *large)
    terminal.press("#")
    change(terminal, "1", *normal)


def test_a_terminal_with_no_cells_to_spare_stays_as_it_is(start: Callable[..., RealTerminal]) -> None:
    terminal = start("80x22")
    terminal.press("Return")
    before = terminal.screen()
    terminal.type("-")
    terminal.press("1", "*")
    assert terminal.screen() == before
    assert terminal.cells == (80, 22)


def test_a_station_that_was_killed_at_large_type_starts_at_normal_type(
    start: Callable[..., RealTerminal], tmp_path: Path
) -> None:
    terminal = start("120x34", again=True)
    terminal.press("Return")
    change(terminal, "-", 82, 22)
    os.kill(int((tmp_path / "kiosk.pid").read_text()), signal.SIGKILL)
    terminal.wait_for_cells(120, 34)


def test_foot_finds_no_mistake_in_its_settings() -> None:
    subprocess.run([FOOT, "--check-config", f"--config={DEPLOY}/foot.ini"], check=True)


def test_sway_finds_no_mistake_in_its_settings(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": str(tmp_path), "WLR_BACKENDS": "headless"}
    environment["WLR_LIBINPUT_NO_DEVICES"] = "1"
    command = as_nobody("sway", "--validate", "--config", DEPLOY / "sway.conf")
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, "[sway/" in done.stderr) == (0, False), done.stderr


def test_every_action_that_foot_knows_is_bound_to_nothing() -> None:
    ours = bindings(DEPLOY / "foot.ini")
    assert {at for at in actions() if ours.get(at) != "none"} == set()


def test_the_compositor_has_no_key_of_its_own() -> None:
    words = [line.split()[0] for line in (DEPLOY / "sway.conf").read_text("utf-8").splitlines() if line.strip()]
    assert not {word for word in words if word.startswith(("bind", "mode", "include"))}


def test_a_touch_reaches_the_station(start: Callable[..., RealTerminal]) -> None:
    terminal = start("120x30")
    welcome = terminal.screen()
    terminal.touch(60, 20)
    home = terminal.screen(unlike=welcome, quiet=SETTLE_SECONDS)
    terminal.touch(20, 10)
    cycles = terminal.screen(unlike=home, quiet=SETTLE_SECONDS)
    terminal.touch(7, 28)
    assert terminal.screen(unlike=cycles, quiet=SETTLE_SECONDS) == home
    assert terminal.windows == ["kiosk"]


def test_no_key_of_foot_or_sway_leads_out_or_changes_anything(start: Callable[..., RealTerminal]) -> None:
    terminal = start("120x30", large_type="none")
    terminal.press("Return")
    before, program = terminal.screen(), terminal.program
    tried = [*shipped_keys(), *HABITS]
    for key, *modifiers in tried:
        terminal.type(key, *modifiers)
        assert terminal.windows == ["kiosk"], (key, modifiers)
        assert (terminal.cells, terminal.program) == ((120, 30), program), (key, modifiers)
    # Some of these keys are the station's own as well (Tab, Return): it may stand elsewhere, but it answers.
    terminal.press("#", "1", "Return")
    assert terminal.screen() == before


def test_the_keys_tried_do_open_a_window_where_foot_has_its_own_settings() -> None:
    assert missing() == []
    command = ["sh", "-c", "echo any program; exec sleep 60"]
    with RealTerminal(command, SIZES["120x30"], foot=SHIPPED_FOOT) as terminal:
        key, *modifiers = pressed(bindings(SHIPPED_FOOT)["key-bindings", "spawn-terminal"])
        end = time.monotonic() + PATIENCE
        while len(terminal.windows) < 2:
            assert time.monotonic() < end
            terminal.type(key, *modifiers)


def bindings(settings: Path) -> dict[tuple[str, str], str]:
    """Return (section, action) -> keys of a foot.ini, what is commented out as well as what counts."""
    found, section = {}, ""
    for line in settings.read_text("utf-8").splitlines():
        if header := re.fullmatch(r"\[(\S+)\]", line):
            section = header[1]
        elif entry := re.fullmatch(r"(?:# )?([a-z-]+)=(.+)", line):
            found[section, entry[1]] = entry[2]
    return found


def actions() -> set[tuple[str, str]]:
    """Return (section, action) of all that foot can do at a key or a button.

    Its settings file leaves some out (scrollback-home), and its manual may not be installed: so they are the words in
    the program itself that it accepts as an action. Those of keys are free to be bound to buttons too, but are not.
    """
    shipped = {at for at in bindings(SHIPPED_FOOT) if at[0] in ("key-bindings", "mouse-bindings")}
    words = {word.decode() for word in re.findall(rb"\0([a-z]{4,}(?:-[a-z]+)*)(?=\0)", FOOT.read_bytes())}
    known = {("key-bindings", word) for word in words if accepts(word)}
    assert len(known & shipped) > len(HARMLESS)
    return (shipped | known) - HARMLESS


def accepts(action: str) -> bool:
    command = [FOOT, "--check-config", "--config=/dev/null", f"--override=key-bindings.{action}=none"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def shipped_keys() -> list[tuple[str, ...]]:
    """Return the keys that foot binds by itself, each with the modifiers held, as `type` takes them."""
    combinations = [
        combination
        for (section, _), keys in bindings(SHIPPED_FOOT).items()
        if section.endswith("bindings") and section not in ("mouse-bindings", "text-bindings")
        for combination in keys.partition("#")[0].split()
        if combination != "none" and "[" not in keys
    ]
    return [pressed(combination) for combination in dict.fromkeys(combinations)]


def pressed(combination: str) -> tuple[str, ...]:
    *modifiers, key = combination.split("+")
    return (key, *(MODIFIERS[modifier] for modifier in modifiers))
