"""`kiosk journal list`: what was done, for eyes that may not open somebody's number."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3

from kiosk.cli import main
from kiosk.documents import Document
from kiosk.journal.store import Journal
from kiosk.journal.ticket_rows import Request
from kiosk.tickets import Ticket, masked

Issue = Callable[[], Ticket]


@pytest.fixture
def issue(journal: Journal, request_for: Callable[..., Request], slip: Callable[[Ticket, str, int], Document]) -> Issue:
    return lambda: journal.issue(request_for(1), slip)[0]


def listed(folder: Path, *words: str) -> int:
    return main(["journal", "list", "--state", str(folder), *words])


def test_no_code_is_shown_whole_and_the_export_has_it(
    tmp_path: Path, issue: Issue, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    ticket = issue()
    assert listed(tmp_path) == 0
    shown = capfdbinary.readouterr().out.decode()
    assert ticket.code not in shown
    assert f"code={ticket.code[:4]}********{ticket.code[-4:]}" in shown
    assert f"number={ticket.number}" in shown
    assert main(["journal", "export", "--state", str(tmp_path)]) == 0
    assert ticket.code.encode() in capfdbinary.readouterr().out


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1234567890123456", "1234********3456"),
        ("https://X/T/1234567890123456/ABC", "https://X/T/1234********3456/ABC"),
        ("['1234567890123456', '6543210987654321']", "['1234********3456', '6543********4321']"),
        ("1795500000000", "1795500000000"),
        ("12345678901234567", "12345678901234567"),
    ],
)
def test_what_is_a_code_is_left_out_in_its_middle(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize("wrong", ["0", "-1", "x", "", "1.5", "９", "9" * 5000])
def test_a_count_that_is_none_is_a_usage_error_of_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], wrong: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        listed(tmp_path, f"--last={wrong}")
    assert ended.value.code == os.EX_USAGE
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert len(said) < 200


def test_an_entry_that_was_spoilt_is_told_among_the_others(
    tmp_path: Path, journal: Journal, issue: Issue, capsys: pytest.CaptureFixture[str]
) -> None:
    issue()
    journal.close()
    with sqlite3.connect(tmp_path / "journal.db") as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute("UPDATE entry SET body = x'ff', time = 9000000000000000")
    assert listed(tmp_path) == 0
    (line, *_) = capsys.readouterr().out.splitlines()
    assert "no possible time" in line
    assert "cannot be read: run kiosk journal verify" in line
