"""The power goes between any two system calls of a station that gives out numbers: no promise is lost.

The calls are those of a real process, recorded by strace; the disk is rebuilt from them as it may be found, and a
station started on it. It needs no right to mount anything.
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.calls import Call, record
from tests.faults.crash_states import lay, states
from tests.faults.promises import Found, broken, start

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace"),
]

PROCESS = Path(__file__).with_name("promising_process.py")
LATE = 1 << 40
"""The visit that comes after the power is back."""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder in memory where there is one: what is safe on this machine's disk is not what is asked here."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


def traced(place: Path, synchronous: str) -> list[Call]:
    """The calls of a station's first start up to its end by a kill, and of a second one that is closed."""
    state = place / "state"
    state.mkdir()
    runs = (("1", "8", "kill"), ("100", "3", "close"))
    return [call for run in runs for call in record(state, place / "trace", PROCESS, state, synchronous, *run)]


def losses(place: Path, synchronous: str) -> Iterator[str]:
    """Start a station on every state of the disk; one line for each promise that is not kept."""
    found: dict[bytes, Found] = {}
    # The index of the log is rebuilt by whoever opens it first, and only ever mapped.
    for state in states(traced(place, synchronous), ignored="-shm", seed=1):
        if state.digest not in found:
            image = place / "image"
            lay(state.image, image)
            found[state.digest] = start(image, LATE)
            shutil.rmtree(image)
        promised = {code: number for number, code in map(str.split, state.said)}
        for line in broken(found[state.digest], promised):
            yield f"after {len(promised)} promises: {line}"
    assert len(found) > 1000, "so many disks were looked at that the trace was a whole one"


def test_whatever_was_on_its_way_to_the_disk_no_promise_is_lost(place: Path) -> None:
    assert list(losses(place, "FULL")) == []


def test_a_journal_that_does_not_wait_for_the_disk_is_found_out(place: Path) -> None:
    assert next(losses(place, "NORMAL"), None) is not None
