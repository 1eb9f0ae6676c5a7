"""What is erased is gone from the files: no byte of sealed personal data stays in the database or its log."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.journal.outgoing import Outgoing
from kiosk.journal.store import Journal
from tests.journal.conftest import NOW, MakeRequest

PIECE = 12
"""Bytes of a sealed text that cannot be in a file by chance."""


def pieces(folder: Path, sealed: bytes) -> int:
    """How many pieces of a sealed text are anywhere in a folder's files."""
    everything = b"\0".join(file.read_bytes() for file in folder.iterdir() if file.is_file())
    return sum(sealed[place : place + PIECE] in everything for place in range(0, len(sealed) - PIECE + 1, PIECE))


def write(journal: Journal, sizes: list[int]) -> list[bytes]:
    """Write an entry with so many sealed bytes for each of `sizes`, among others; returns what was sealed."""
    texts = [os.urandom(size) for size in sizes]
    for sealed in texts:
        journal.enter("request.made", NOW, {"form": "home-visit"}, lambda epoch, seq, sealed=sealed: sealed)  # type: ignore[misc]
        journal.enter("note", NOW, {"words": "x" * 300})
    return texts


# From a row among others to one that takes pages of its own.
@pytest.mark.parametrize("size", [100, 700, 3000, 9000])
def test_what_the_center_has_had_long_enough_leaves_no_byte(
    tmp_path: Path, journal: Journal, request_for: MakeRequest, slip: Callable[..., object], size: int
) -> None:
    texts = write(journal, [size] * 12)
    journal.checkpoint()
    texts += write(journal, [size] * 3)
    assert all(pieces(tmp_path, sealed) > len(sealed) // PIECE // 2 for sealed in texts)
    journal.acknowledge(journal.epoch, journal.seq, NOW)
    journal.erase_sealed(NOW + 1)
    # The station goes on, and the room that became free is used again.
    journal.issue(request_for(1), slip)  # type: ignore[arg-type]
    journal.checkpoint()
    assert [pieces(tmp_path, sealed) for sealed in texts] == [0] * len(texts)


def test_what_was_erased_before_the_power_went_is_gone_after_the_next_start(tmp_path: Path, journal: Journal) -> None:
    (sealed,) = write(journal, [500])
    journal.acknowledge(journal.epoch, journal.seq, NOW)
    journal.erase_sealed(NOW + 1)
    cut = tmp_path / "cut"
    cut.mkdir()
    for file in tmp_path.iterdir():
        if file.is_file():
            (cut / file.name).write_bytes(file.read_bytes())
    assert pieces(cut, sealed)
    again = Journal(cut, "07", NOW)
    again.checkpoint()
    assert pieces(cut, sealed) == 0
    again.close()


def test_nobody_waits_for_whoever_reads_and_the_next_pause_erases(tmp_path: Path, journal: Journal) -> None:
    (sealed,) = write(journal, [500])
    journal.acknowledge(journal.epoch, journal.seq, NOW)
    outgoing = Outgoing(tmp_path)
    outgoing._db.execute("BEGIN")
    outgoing.cursor()
    journal.erase_sealed(NOW + 1)
    journal.checkpoint()
    assert pieces(tmp_path, sealed)
    outgoing.close()
    journal.checkpoint()
    assert pieces(tmp_path, sealed) == 0


def test_what_goes_on_in_a_new_epoch_is_sealed_there_alone_and_erased_once_it_is_confirmed(
    tmp_path: Path, journal: Journal
) -> None:
    (sealed,) = write(journal, [500])
    journal.begin_epoch("behind", NOW)
    outgoing = Outgoing(tmp_path)
    assert [one.sealed for one in outgoing.run(None, 100, 1 << 20).entries if one.sealed] == [sealed]
    journal.acknowledge(journal.epoch, journal.seq, NOW)
    journal.erase_sealed(NOW + 1)
    journal.checkpoint()
    assert pieces(tmp_path, sealed) == 0
    outgoing.close()
