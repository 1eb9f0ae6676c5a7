"""Standard output that takes nothing: whatever a command prints, it ends with one line."""

import os
import subprocess
from pathlib import Path

import pytest

from kiosk.journal.store import Journal
from tests.journeys.conftest import KIOSK


def into_the_full(*words: str | Path, buffered: bool = True) -> tuple[int, str]:
    """Run a command with a full disk behind its output; its exit code and what it said of that."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "" if buffered else "1"}
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run([*KIOSK, *words], stdout=full, stderr=subprocess.PIPE, env=environment, timeout=60)
    return ended.returncode, ended.stderr.decode()


@pytest.fixture
def state(tmp_path: Path) -> Path:
    (tmp_path / "state").mkdir()
    journal = Journal(tmp_path / "state", "07", 1)
    journal.enter("note", 1, {})
    journal.close()
    return tmp_path / "state"


@pytest.mark.parametrize("words", [("journal", "export"), ("journal", "list"), ("journal", "verify")])
def test_a_full_disk_behind_the_output_is_told_in_one_line(state: Path, words: tuple[str, ...]) -> None:
    said = (os.EX_IOERR, "kiosk: standard output: cannot be written: No space left on device\n")
    assert into_the_full(*words, "--state", state) == said


def test_a_line_that_is_refused_at_once_is_told_as_well(state: Path) -> None:
    code, said = into_the_full("journal", "list", "--state", state, buffered=False)
    assert code == os.EX_IOERR
    assert said == "kiosk: input or output failed: No space left on device\n"
