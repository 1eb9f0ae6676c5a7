"""`kiosk center call`: what the window sees."""

import datetime
import os
from pathlib import Path

import pytest

from center.authority import SEALING, SEALING_KEY, make, raw_key
from center.calling import HallQueue
from center.folder import database_path, keys_dir
from center.sqlite_store import SqliteStore
from kiosk.cli import main
from kiosk.tickets import grouped
from tests.center.hall import Hall
from tests.center.stores import Kept, rows_of

QUEUE = HallQueue("A", "2099-11-24", "08:30-12:00")
"""Of a day that is not over, or its grounds would be erased."""

WHERE = ["--day", QUEUE.day, "--session", QUEUE.session]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A center with three tickets, the newest of them with a ground."""
    make(keys_dir(tmp_path), "localhost", datetime.datetime.now(datetime.UTC))
    path = database_path(tmp_path)
    books = Kept(lambda: SqliteStore(path), lambda statement: rows_of(path, statement))
    hall = Hall(books, raw_key(keys_dir(tmp_path) / SEALING))
    hall.ticket("07", 0, queue=QUEUE)
    hall.ticket("08", 1, queue=QUEUE)
    hall.ticket("08", 2, ground="elder", queue=QUEUE)
    books.close()
    return tmp_path


def kiosk(folder: Path, *words: str) -> int:
    return main(["center", "call", *words, "--folder", str(folder)])


def test_the_window_reads_number_ground_package_and_code(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert kiosk(folder, "A", "--window", "3", *WHERE) == 0
    first, *lines = capsys.readouterr().out.splitlines()
    assert first == "A08-003  window 3"
    told = "\n".join(lines)
    for word in ("优先", "70岁及以上老年人", "newborn-birth", "新生儿", grouped(Hall.code("A08-003")), "2 still wait"):
        assert word in told
    assert kiosk(folder, "birth", "--window", "4", *WHERE) == 0
    second = capsys.readouterr().out
    assert second.startswith("A07-001  window 4\n")
    assert "优先" not in second


def test_a_window_without_the_sealing_key_asks_for_the_ground(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (keys_dir(folder) / SEALING_KEY).unlink()
    assert kiosk(folder, "A", *WHERE) == 0
    told = capsys.readouterr().out
    assert "优先" in told
    assert "ask for it" in told
    assert "老年人" not in told


def test_a_second_start_is_told_as_such_and_again_and_absent_do_what_they_say(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for words, said in (
        ([], "A08-003  window 1"),
        ([], "A08-003  window 1  was called a moment ago; the command was started twice"),
        (["--again"], "A08-003  window 1  called again (1)"),
        (["--absent"], "A08-003  window 1  is marked as absent"),
        (["--absent"], "A08-003  window 1  was marked as absent before"),
        ([], "A07-001  window 1"),
    ):
        assert kiosk(folder, "A", *WHERE, *words) == 0
        assert capsys.readouterr().out.splitlines()[0] == said


def test_nobody_waiting_is_one_plain_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert kiosk(folder, "B", *WHERE) == 0
    assert capsys.readouterr().out == "B 2099-11-24 08:30-12:00: nobody waits\n"
    assert kiosk(folder, "A", "--day", QUEUE.day, "--session", "13:30-17:00") == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.endswith("nobody waits; 3 still wait of 08:30-12:00: add --session 08:30-12:00")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["Q9"], os.EX_USAGE, "no such theme"),
        (["A", "--day", "tomorrow"], os.EX_USAGE, "must be a date"),
        (["A", "--day", "2026-11-24"], os.EX_USAGE, "--day needs --session"),
        (["A", *WHERE, "--window", " "], os.EX_USAGE, "1 to 20 characters"),
        (["A", *WHERE, "--again"], os.EX_DATAERR, "window 1 has not called anybody"),
        (["A", *WHERE, "--absent", "--window", "5"], os.EX_DATAERR, "window 5 has not called anybody"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    assert kiosk(folder, *words) == code
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert said in told.err
