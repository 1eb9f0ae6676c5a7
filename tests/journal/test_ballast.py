"""Room set aside: what is under way when the disk fills up ends in it, and what is new is refused."""

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.documents import Document
from kiosk.journal import ballast
from kiosk.journal.ballast import BALLAST, MARGIN, SIZE, Ballast, is_full
from kiosk.journal.store import Journal
from kiosk.journal.ticket_rows import Request
from kiosk.tickets import Ticket

Disk = Callable[[int], None]


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """Sets how many bytes are free while nothing is set aside; what is aside is taken from them."""

    def leave(free: int) -> None:
        def room(folder: Path) -> int:
            return free - (SIZE if (folder / BALLAST).exists() else 0)

        monkeypatch.setattr(ballast, "room", room)

    return leave


def test_room_is_set_aside_where_there_is_enough_and_known_after_a_restart(tmp_path: Path, disk: Disk) -> None:
    disk(SIZE + MARGIN - 1)
    aside = Ballast(tmp_path)
    aside.restore()
    assert not (tmp_path / BALLAST).exists()
    assert aside.full
    disk(SIZE + MARGIN)
    aside.restore()
    assert (tmp_path / BALLAST).stat().st_blocks * 512 >= SIZE
    assert not aside.full
    assert not Ballast(tmp_path).full


def test_a_copy_that_takes_no_room_counts_as_none(tmp_path: Path) -> None:
    with (tmp_path / BALLAST).open("wb") as file:
        file.truncate(SIZE)
    assert is_full(tmp_path, SIZE)
    Ballast(tmp_path).restore()
    assert not is_full(tmp_path, SIZE)


def test_the_last_number_is_given_in_the_room_and_no_other_until_it_is_set_aside_again(
    journal: Journal,
    tmp_path: Path,
    disk: Disk,
    request_for: Callable[[int], Request],
    slip: Callable[[Ticket, str, int], Document],
) -> None:
    journal.ballast.restore()
    disk(SIZE)
    assert journal.issue(request_for(1), slip)[0].running == 1
    assert not (tmp_path / BALLAST).exists()
    with pytest.raises(OSError, match="No space left") as refused:
        journal.issue(request_for(2), slip)
    assert refused.value.errno == errno.ENOSPC
    with pytest.raises(OSError, match="No space left"):
        journal.probe()
    assert journal.issue(request_for(1), slip)[2], "a second touch of the one that was given is no new one"
    disk(2 * SIZE)
    journal.probe()
    assert (tmp_path / BALLAST).exists()
    assert journal.issue(request_for(2), slip)[0].running == 2


def test_a_disk_that_fills_up_meanwhile_leaves_no_half_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, offset: int, length: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.posix_fallocate", full)
    with pytest.raises(OSError, match="No space left"):
        Ballast(tmp_path).restore()
    assert not (tmp_path / BALLAST).exists()
