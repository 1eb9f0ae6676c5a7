"""A technician's code: what is taken, what five wrong ones do, and that no trick gives a sixth."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.technician import lockout
from kiosk.technician.audit import Audit
from kiosk.technician.code_rules import weakness
from kiosk.technician.codes import FILE, Codes, CodesError, Unfit
from kiosk.technician.entrance import Entrance, Entry
from kiosk.technician.lockout import IN_A_ROW, MINUTES, Tally, Tries, TriesError, locked_for

CODE, OTHER = "802714", "519370"
MINUTE = 60_000


class Machine:
    """What stands in for the running machine: its uptime in milliseconds, and the name of this run."""

    def __init__(self) -> None:
        self.uptime = 1_000_000
        self.boot = b"a" * 16

    def restart(self) -> None:
        self.uptime, self.boot = 5_000, b"b" * 16

    def tries(self, folder: Path) -> Tries:
        return Tries(folder, lambda: self.uptime, lambda: self.boot)


class Notes(Audit):
    """An audit that keeps its notes here."""

    def __init__(self) -> None:
        self.made: list[tuple[str, dict[str, str | int]]] = []

    def note(self, kind: str, moment: int | None = None, /, **data: str | int) -> bool:
        self.made.append((kind, data))
        return True


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Codes(tmp_path).set("gh-12", CODE, 1)
    return tmp_path


@pytest.fixture
def machine() -> Machine:
    return Machine()


def entrance(folder: Path, machine: Machine, notes: Notes | None = None) -> Entrance:
    return Entrance(Codes(folder), machine.tries(folder), notes or Notes())


@pytest.mark.parametrize(
    "code",
    [
        *["000000", "123456", "654321", "890123", "135791", "112233", "332211", "121212", "123123", "277277", "123321"],
        *["12345", "1234567890123", "80271a", "８０２７１４", "", "222227"],
    ],
)
def test_a_code_that_is_tried_first_is_not_taken(code: str) -> None:
    assert weakness(code)


@given(st.text("0123456789", min_size=6, max_size=12))
def test_most_codes_are_taken_and_none_that_is_made_of_two_digits(code: str) -> None:
    if len(set(code)) < 3:
        assert weakness(code)


def test_a_common_code_is_taken() -> None:
    assert weakness(CODE) is None
    assert weakness("4820573916") is None


def test_the_right_code_tells_who_it_is_and_a_wrong_one_nothing(folder: Path, machine: Machine) -> None:
    Codes(folder).set("gh-40", OTHER, 2)
    door = entrance(folder, machine)
    assert door.enter(OTHER) == Entry("gh-40", IN_A_ROW)
    assert door.enter(CODE).name == "gh-12"
    assert door.enter("802715") == Entry(tries=IN_A_ROW - 1)


def test_the_file_holds_no_code_and_is_its_owners_alone(folder: Path) -> None:
    assert CODE.encode() not in (folder / FILE).read_bytes()
    assert (folder / FILE).stat().st_mode & 0o777 == 0o600


def test_two_technicians_cannot_have_one_code(folder: Path) -> None:
    with pytest.raises(Unfit):
        Codes(folder).set("gh-40", CODE, 2)
    assert [name for name, _ in Codes(folder).names()] == ["gh-12"]


def test_who_was_removed_does_not_get_in(folder: Path, machine: Machine) -> None:
    assert Codes(folder).remove("gh-12", 3)
    assert not entrance(folder, machine).enter(CODE).name


def test_with_no_code_set_no_code_is_right(tmp_path: Path, machine: Machine) -> None:
    assert not entrance(tmp_path, machine).enter("123456").name


def lock(door: Entrance) -> Entry:
    for _ in range(IN_A_ROW):
        entry = door.enter("111111")
    return entry


def test_five_wrong_codes_lock_and_the_right_one_waits_too(folder: Path, machine: Machine) -> None:
    door = entrance(folder, machine)
    assert lock(door).locked == MINUTES[0] * MINUTE
    machine.uptime += MINUTE - 1
    assert door.enter(CODE) == Entry(locked=1)
    machine.uptime += 1
    assert door.enter(CODE).name == "gh-12"


def test_each_lock_is_longer_and_a_right_code_begins_anew(folder: Path, machine: Machine) -> None:
    door = entrance(folder, machine)
    for minutes in (*MINUTES, MINUTES[-1]):
        assert lock(door).locked == minutes * MINUTE
        machine.uptime += minutes * MINUTE
    assert door.enter(CODE).name
    assert lock(door).locked == MINUTES[0] * MINUTE


def test_a_restart_of_the_station_does_not_unlock(folder: Path, machine: Machine) -> None:
    lock(entrance(folder, machine))
    assert entrance(folder, machine).enter(CODE) == Entry(locked=MINUTE)


def test_a_restart_of_the_machine_does_not_unlock(folder: Path, machine: Machine) -> None:
    lock(entrance(folder, machine))
    machine.restart()
    assert entrance(folder, machine).locked() == MINUTE - machine.uptime
    machine.uptime += MINUTE
    assert entrance(folder, machine).enter(CODE).name


def test_pulling_the_plug_while_a_code_is_looked_at_gains_no_try(
    folder: Path, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Unplugged(BaseException):
        pass

    def unplug(self: Codes, code: str) -> str | None:
        raise Unplugged

    with monkeypatch.context() as patched:
        patched.setattr(Codes, "who", unplug)
        for _ in range(IN_A_ROW):
            with pytest.raises(Unplugged):
                entrance(folder, machine).enter("111111")
    assert entrance(folder, machine).enter(CODE).locked


@pytest.mark.parametrize("torn", [0, 512])
def test_a_count_whose_writing_was_cut_off_leaves_the_one_before(folder: Path, machine: Machine, torn: int) -> None:
    door = entrance(folder, machine)
    for _ in range(3):
        door.enter("111111")
    path = folder / lockout.FILE
    content = bytearray(path.read_bytes())
    content[torn + 8 : torn + 16] = bytes(8)
    path.write_bytes(content)
    assert machine.tries(folder).wrong() in (2, 3)


def test_a_count_that_somebody_spoilt_locks(folder: Path, machine: Machine) -> None:
    entrance(folder, machine).enter("111111")
    (folder / lockout.FILE).write_bytes(b"x" * 1024)
    assert entrance(folder, machine).enter(CODE).locked


def test_no_code_is_looked_at_where_the_try_cannot_be_counted(tmp_path: Path, machine: Machine) -> None:
    (tmp_path / lockout.FILE).mkdir()
    with pytest.raises(TriesError):
        entrance(tmp_path, machine).enter(CODE)


@given(st.integers(0, 60), st.integers(0, 2**40), st.integers(0, 2**40), st.booleans())
def test_nobody_is_locked_for_longer_than_an_hour_nor_before_five_tries(
    wrong: int, at: int, now: int, same: bool
) -> None:
    left = locked_for(Tally(wrong, at, b"a" * 16), now, b"a" * 16 if same else b"b" * 16)
    assert 0 <= left <= MINUTES[-1] * MINUTE
    assert not left or (wrong >= IN_A_ROW and wrong % IN_A_ROW == 0)


def test_every_try_is_noted_and_no_code_is(folder: Path, machine: Machine) -> None:
    notes = Notes()
    door = entrance(folder, machine, notes)
    door.settle()
    door.settle()
    lock(door)
    machine.uptime += MINUTE
    door.enter(CODE)
    kinds = [kind for kind, _ in notes.made]
    assert kinds == ["technician.set", *["technician.refused"] * 5, "technician.locked", "technician.entered"]
    assert CODE not in str(notes.made)
    assert "111111" not in str(notes.made)


def test_codes_that_others_can_read_are_not_used(folder: Path) -> None:
    (folder / FILE).chmod(0o644)
    with pytest.raises(CodesError, match="chmod 600"):
        Codes(folder).who(CODE)


def test_a_damaged_file_is_named_with_what_to_do(folder: Path) -> None:
    (folder / FILE).write_bytes(b"{")
    with pytest.raises(CodesError, match="set-pin"):
        Codes(folder).names()


def set_pin(state: Path, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kiosk.cli", "set-pin", "--state", str(state), *words]
    return subprocess.run(command, input=said, capture_output=True, text=True, check=False)


def test_the_shell_sets_lists_and_removes(tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert set_pin(state, "gh-12", said=f"{CODE}\n{CODE}\n").returncode == os.EX_OK
    assert "gh-12  since 20" in set_pin(state, "--list").stdout
    assert Codes(state).who(CODE) == "gh-12"
    assert set_pin(state, "gh-12", "--remove").returncode == os.EX_OK
    assert "no technician" in set_pin(state, "--list").stdout


@pytest.mark.parametrize("said", ["123456\n123456\n", f"{CODE}\n{OTHER}\n", f"{CODE}\n", ""])
def test_the_shell_refuses_in_one_line_and_changes_nothing(tmp_path: Path, said: str) -> None:
    done = set_pin(tmp_path, "gh-12", said=said)
    assert done.returncode in (os.EX_DATAERR, os.EX_NOINPUT)
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / FILE).exists()


def test_in_a_terminal_the_code_is_asked_for_twice_and_not_shown(tmp_path: Path) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.execv(sys.executable, [sys.executable, "-m", "kiosk.cli", "set-pin", "gh-12", "--state", str(tmp_path)])
    shown = b""
    for question in (b"code for gh-12: ", b"the same again: "):
        while question not in shown:
            shown += os.read(terminal, 1024)
        os.write(terminal, f"{CODE}\n".encode())
    try:
        while piece := os.read(terminal, 1024):
            shown += piece
    except OSError:
        # The terminal's other side is closed: that is its end.
        pass
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == os.EX_OK
    os.close(terminal)
    assert CODE.encode() not in shown
    assert Codes(tmp_path).who(CODE) == "gh-12"
