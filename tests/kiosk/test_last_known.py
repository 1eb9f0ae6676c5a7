"""What commands beside a running station learn of its printer, and that nothing old passes for it."""

import os
from argparse import Namespace
from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.cli.failure import Failure
from kiosk.cli.last_known import LEFT, RememberedPrinter, last_known, station_at
from kiosk.cli.printer import state_of
from kiosk.documents import Document
from kiosk.journal.folder import StateFolder
from kiosk.ports import Check, Condition, Outcome, Part, Proof, Reading, Result, State
from kiosk.text import Language

PORT = "/nonexistent/ttyPRINTER"
SLIP = Document("slip", Language.HANS, ())
WELL = State(Condition.READY, {Part.LINE: Reading.FINE, Part.PAPER: Reading.FINE})
EMPTY = State(Condition.PAPER_OUT, {Part.LINE: Reading.FINE, Part.PAPER: Reading.FAULT})
NOON = 1_764_043_200_000


class Told:
    """A printer that is as it is told to be."""

    def __init__(self) -> None:
        self.now = WELL
        self.outcome = Outcome(Result.PRINTED, Condition.READY, Proof.PROCESS_ID)

    def condition(self) -> Condition:
        return self.now.condition

    def state(self) -> State:
        return self.now

    def self_test(self) -> tuple[Check, ...]:
        return (Check("printer-line", "passed"),)

    def print(self, document: Document, job: int) -> Outcome:
        return self.outcome

    def separate(self) -> Outcome:
        return self.outcome

    def close(self) -> None:
        pass


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def printer(told: Told, tmp_path: Path) -> RememberedPrinter:
    return RememberedPrinter(told, PORT, tmp_path, lambda: NOON)


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "kiosk.toml"
    file.write_text(f'[printer]\nport = "{PORT}"\n')
    return file


def ask(action: str, settings: Path, *more: str) -> int:
    return main(["printer", action, "--config", str(settings), "--state", str(settings.parent), *more])


def test_status_beside_a_station_is_what_it_last_heard(
    printer: RememberedPrinter, told: Told, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with StateFolder(settings.parent):
        printer.condition()
        os.utime(settings.parent / LEFT, (NOON / 1000, NOON / 1000))
        assert ask("status", settings) == 0
        station = f"the station that is running (process {os.getpid()})"
        assert capsys.readouterr().out.splitlines() == [
            f"{PORT}: ready",
            "  line: fine",
            "  paper: fine",
            f"  so {station} last heard at 2025-11-25 12:00:00",
        ]
        told.now = EMPTY
        printer.state()
        assert ask("status", settings) == os.EX_UNAVAILABLE
        shown = capsys.readouterr()
        assert shown.err == f"kiosk: {PORT}: out of paper: put in a new roll\n"
        assert "  paper: fault\n" in shown.out


@pytest.mark.parametrize(
    ("result", "proof", "started", "said", "code"),
    [
        (Result.PRINTED, Proof.PROCESS_ID, True, "printed (its process id came back)", os.EX_OK),
        (Result.UNKNOWN, Proof.NONE, True, "sent, without proof that it is printed", os.EX_UNAVAILABLE),
        (Result.HELD, Proof.NONE, False, "held back, nothing of it was sent", os.EX_UNAVAILABLE),
        (Result.HELD, Proof.NONE, True, "stopped in the middle; whether all of it", os.EX_UNAVAILABLE),
    ],
)
def test_a_test_beside_a_station_is_its_last_slip_and_prints_nothing(
    printer: RememberedPrinter,
    told: Told,
    settings: Path,
    capsys: pytest.CaptureFixture[str],
    result: Result,
    proof: Proof,
    started: bool,
    said: str,
    code: int,
) -> None:
    told.outcome = Outcome(result, Condition.READY, proof, started)
    with StateFolder(settings.parent):
        printer.state()
        printer.print(SLIP, 1)
        assert ask("test", settings) == code
    shown = capsys.readouterr()
    assert f"  its last slip, at 2025-11-25 12:00:00: {said}" in shown.out
    assert "no test page was printed: stop the station for one" in shown.out
    assert shown.err.count("\n") == (code != os.EX_OK)


def test_a_station_that_has_ended_or_was_killed_is_not_taken_for_one_that_runs(
    printer: RememberedPrinter, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with StateFolder(settings.parent):
        printer.state()
        assert station_at(settings.parent) == os.getpid()
    assert (settings.parent / LEFT).exists(), "as when it was killed"
    assert station_at(settings.parent) is None
    assert ask("status", settings) == os.EX_UNAVAILABLE
    assert "no such port" in capsys.readouterr().err, "the port itself was asked"


def test_what_an_earlier_station_left_is_not_taken_for_the_next_ones(
    printer: RememberedPrinter, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    printer.state()
    with StateFolder(settings.parent):
        assert last_known(settings.parent, os.getpid() + 1) is None
        (settings.parent / LEFT).write_bytes(
            (settings.parent / LEFT).read_bytes().replace(b'"process":', b'"process":1')
        )
        assert ask("status", settings) == os.EX_TEMPFAIL
    assert "has not heard of a printer yet" in capsys.readouterr().err


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\x00", b"[]"])
def test_a_damaged_file_is_as_none(printer: RememberedPrinter, settings: Path, content: bytes) -> None:
    printer.state()
    (settings.parent / LEFT).write_bytes(content)
    assert last_known(settings.parent, os.getpid()) is None


def test_another_speed_cannot_be_tried_beside_a_station(
    printer: RememberedPrinter, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with StateFolder(settings.parent):
        printer.state()
        assert ask("status", settings, "--baud", "19200") == os.EX_TEMPFAIL
        assert "stop it to try another speed or profile" in capsys.readouterr().err


def test_another_port_is_asked_itself_beside_a_station(
    printer: RememberedPrinter, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with StateFolder(settings.parent):
        assert ask("status", settings, "--port", "/dev/null") == os.EX_UNAVAILABLE
        printer.state()
        assert ask("status", settings, "--port", "/dev/null") == os.EX_UNAVAILABLE
        assert capsys.readouterr().err.count("/dev/null: is no serial port") == 2


def test_the_file_is_written_when_something_changes_and_touched_with_each_answer(
    printer: RememberedPrinter, told: Told, tmp_path: Path
) -> None:
    printer.state()
    file = tmp_path / LEFT
    first = file.stat().st_ino
    os.utime(file, (0, 0))
    printer.condition()
    assert (file.stat().st_ino, file.stat().st_mtime > 0) == (first, True)
    told.now = EMPTY
    printer.condition()
    assert b"paper-out" in file.read_bytes()
    file.unlink()
    printer.condition()
    assert b"paper-out" in file.read_bytes(), "what somebody has removed comes back"
    printer.close()
    assert not file.exists()


def test_a_folder_that_takes_no_file_costs_the_station_nothing(
    told: Told, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    printer = RememberedPrinter(told, PORT, tmp_path / "none")
    assert printer.condition() is Condition.READY
    assert printer.print(SLIP, 1).result is Result.PRINTED
    assert printer.separate().result is Result.PRINTED
    assert [check.name for check in printer.self_test()] == ["printer-line"]
    printer.close()
    assert len(caplog.records) == 1, "told once, not with every answer"


@pytest.mark.parametrize("action", ["status", "test", "probe"])
def test_a_state_folder_that_is_a_file_is_told_before_anything_is_asked(
    settings: Path, capsys: pytest.CaptureFixture[str], action: str
) -> None:
    assert main(["printer", action, "--config", str(settings), "--state", str(settings)]) == os.EX_CANTCREAT
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", f"kiosk: {settings}: is not a folder; choose another with --state\n")


def test_a_state_folder_of_another_user_is_told(tmp_path: Path) -> None:
    mine = os.geteuid()
    closed = tmp_path / "closed"
    closed.mkdir(0)
    if mine == 0:  # root enters where nobody may
        os.seteuid(65534)
    try:
        with pytest.raises(Failure, match="run this as the station's user") as failed:
            state_of(Namespace(state=closed / "state"))
    finally:
        os.seteuid(mine)
        closed.chmod(0o700)
    assert failed.value.code == os.EX_NOPERM
