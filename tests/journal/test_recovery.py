"""A damaged journal: what it still tells is taken over, its files are kept, and no number comes twice."""

import base64
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.cli import main
from kiosk.documents import Document
from kiosk.journal import aside
from kiosk.journal.entries import Body
from kiosk.journal.folder import Damaged, StateError, StateFolder, journal_path
from kiosk.journal.numbering import LOST_FLOOR
from kiosk.journal.recovery import open_journal, recover
from kiosk.journal.reserve import BLOCK, RESERVE
from kiosk.journal.store import Journal, Reader
from kiosk.journal.ticket_rows import Request
from kiosk.tickets import Ticket
from kiosk.wire.entries import chain, read_body

NOW = 1_795_500_000_000
PAGE = 4096
MakeRequest = Callable[..., Request]
Compose = Callable[[Ticket, str, int], Document]
TICKETS = 200
ACKNOWLEDGED = 120


@pytest.fixture
def issued(tmp_path: Path, request_for: MakeRequest, slip: Compose) -> dict[int, str]:
    """A closed journal whose first entries the center has; the number of each of the others, by its entry."""
    journal = Journal(tmp_path, "07", NOW)
    numbers = {}
    for visit in range(TICKETS):
        ticket, _, _ = journal.issue(request_for(visit), slip)
        numbers[journal.seq] = ticket.number
    journal.acknowledge(journal.epoch, ACKNOWLEDGED, NOW)
    journal.close()
    return {seq: number for seq, number in numbers.items() if seq > ACKNOWLEDGED}


def spoil(path: Path, page: int) -> None:
    """Overwrite a page, counted from 0, with noise."""
    with path.open("r+b") as file:
        file.seek(page * PAGE)
        file.write(os.urandom(PAGE))


def page_of(path: Path, text: bytes) -> int:
    """The page on which `text` stands."""
    return path.read_bytes().index(text) // PAGE


def carried(folder: Path) -> tuple[Body, dict[int, Body]]:
    """The first entry of the new journal, and those of the old one that are inside its entries, by their number."""
    reader = Reader(folder)
    assert reader.verify()[1] == []
    bodies = [read_body(entry.body) for entry in reader.entries()]
    reader.close()
    inside = [body.data for body in bodies if body.kind == "entry.recovered"]
    return bodies[0], {data["seq"]: read_body(base64.b64decode(data["body"])) for data in inside}


def test_one_damaged_page_costs_only_the_entries_that_were_on_it(
    tmp_path: Path, issued: dict[int, str], request_for: MakeRequest, slip: Compose
) -> None:
    path = journal_path(tmp_path)
    spoil(path, page_of(path, b'"number":"A07-150"'))
    damaged = path.read_bytes()
    with pytest.raises(Damaged, match="kiosk journal recover"):
        Journal(tmp_path, "07", NOW)
    done = recover(tmp_path, "07", NOW)
    begun, inside = carried(tmp_path)
    (gap,) = done.lost
    lost = set(range(gap[0], gap[1] + 1))
    assert 150 in lost
    assert len(lost) < 30
    assert {seq: body.data["number"] for seq, body in inside.items()} == {
        seq: number for seq, number in issued.items() if seq not in lost
    }
    assert done.salvaged == len(inside)
    assert (begun.kind, begun.data["reason"], begun.data["lost"]) == ("epoch.begun", "damaged", [list(gap)])
    assert (done.aside / "journal.db").read_bytes() == damaged
    journal = Journal(tmp_path, "07", NOW)
    assert journal.issue(request_for(1), slip)[0].running > TICKETS
    journal.close()


def test_the_hash_of_what_is_carried_is_the_one_that_the_center_knows_the_entry_by(
    tmp_path: Path, issued: dict[int, str]
) -> None:
    path = journal_path(tmp_path)
    reader = Reader(tmp_path)
    hashes = {entry.seq: entry.hash for entry in reader.entries()}
    reader.close()
    spoil(path, page_of(path, b'"number":"A07-199"'))
    recover(tmp_path, "07", NOW)
    reader = Reader(tmp_path)
    inside = [read_body(entry.body).data for entry in reader.entries() if entry.kind == "entry.recovered"]
    reader.close()
    for data in inside:
        assert data["hash"] == chain(hashes[data["seq"] - 1], base64.b64decode(data["body"])).hex()


def test_an_entry_whose_words_were_altered_on_a_damaged_disk_is_not_told_as_true(
    tmp_path: Path, issued: dict[int, str]
) -> None:
    path = journal_path(tmp_path)
    content = path.read_bytes().replace(b'"number":"A07-160"', b'"number":"A07-961"')
    path.write_bytes(content)
    spoil(path, page_of(path, b'"number":"A07-199"'))
    recover(tmp_path, "07", NOW)
    _, inside = carried(tmp_path)
    assert 160 not in inside
    assert {159, 161} <= inside.keys()


@pytest.mark.parametrize("part", range(3))
def test_whatever_page_is_damaged_the_station_starts_and_no_number_comes_twice(
    tmp_path: Path, issued: dict[int, str], request_for: MakeRequest, slip: Compose, part: int
) -> None:
    pages = journal_path(tmp_path).stat().st_size // PAGE
    salvaged = []
    for page in range(part, pages, 3):
        state = tmp_path / f"page{page}"
        state.mkdir()
        for name in ("journal.db", RESERVE):
            shutil.copy(tmp_path / name, state / name)
        spoil(journal_path(state), page)
        journal = open_journal(state, "07", NOW)
        assert journal.issue(request_for(page + 1000), slip)[0].running > TICKETS or not list(state.glob("damaged-*"))
        journal.close()
        reader = Reader(state)
        assert reader.verify()[1] == []
        reader.close()
        if list(state.glob("damaged-*")):
            salvaged.append(len(carried(state)[1]))
    assert sum(count > 0.6 * len(issued) for count in salvaged) > 0.8 * len(salvaged)


def test_journal_and_reserve_damaged_goes_on_above_what_the_old_counters_tell(
    tmp_path: Path, issued: dict[int, str], request_for: MakeRequest, slip: Compose
) -> None:
    path = journal_path(tmp_path)
    spoil(path, page_of(path, b'"number":"A07-150"'))
    (tmp_path / RESERVE).write_bytes(b"\0" * 200)
    recover(tmp_path, "07", NOW)
    journal = Journal(tmp_path, "07", NOW)
    assert journal.issue(request_for(1), slip)[0].running == TICKETS + BLOCK + 1
    journal.close()


def test_journal_and_reserve_lost_goes_on_from_500_and_says_so(
    tmp_path: Path, issued: dict[int, str], request_for: MakeRequest, slip: Compose
) -> None:
    journal_path(tmp_path).write_bytes(os.urandom(9 * PAGE))
    (tmp_path / RESERVE).unlink()
    journal = open_journal(tmp_path, "07", NOW)
    assert journal.issue(request_for(1), slip)[0].number == "A07-500"
    assert journal.issue(request_for(2, theme="B", day="2026-12-01"), slip)[0].number == "B07-500"
    assert journal.issue(request_for(3, day="2027-06-01"), slip)[0].number == "A07-001"
    journal.close()
    reader = Reader(tmp_path)
    told = [read_body(entry.body).data for entry in reader.entries() if entry.kind == "numbers.raised"]
    reader.close()
    assert [(data["from"], data["until"]) for data in told] == [(LOST_FLOOR + 1, "2026-12-08")]


def test_an_empty_folder_of_a_station_that_has_a_key_goes_on_from_500_at_every_start(
    tmp_path: Path, request_for: MakeRequest, slip: Compose
) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "station.key").write_text("")
    for start in range(2):
        journal = Journal(tmp_path, "07", NOW)
        assert journal.issue(request_for(start), slip)[0].number == f"A07-{500 + start}"
        journal.close()


def test_a_new_station_begins_with_one_also_when_nobody_took_a_number_before_its_second_start(
    tmp_path: Path, request_for: MakeRequest, slip: Compose
) -> None:
    Journal(tmp_path, "07", NOW).close()
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "station.key").write_text("")
    journal = Journal(tmp_path, "07", NOW)
    assert journal.issue(request_for(1), slip)[0].number == "A07-001"
    journal.close()


class Stop(BaseException):
    """The plug is pulled."""


@pytest.fixture
def stop_at(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Make the process end before the n-th rename of a recovery."""
    real = Path.replace

    def arrange(count: int) -> None:
        left = [count]

        def replace(self: Path, target: Path) -> Path:
            left[0] -= 1
            if left[0] < 0:
                raise Stop
            return real(self, target)

        monkeypatch.setattr(Path, "replace", replace)

    yield arrange
    monkeypatch.undo()


@pytest.mark.parametrize("count", range(7))
def test_a_recovery_that_is_cut_off_at_any_step_is_brought_to_its_end(
    tmp_path: Path,
    issued: dict[int, str],
    stop_at: Callable[[int], None],
    monkeypatch: pytest.MonkeyPatch,
    count: int,
) -> None:
    path = journal_path(tmp_path)
    spoil(path, page_of(path, b'"number":"A07-150"'))
    damaged = path.read_bytes()
    stop_at(count)
    try:
        recover(tmp_path, "07", NOW)
        assert count >= 4, "all renames were made, so the test has come to its end"
    except Stop:
        pass
    monkeypatch.undo()
    open_journal(tmp_path, "07", NOW + 1).close()
    _, inside = carried(tmp_path)
    assert len(inside) > 50
    kept = [file.read_bytes() for file in tmp_path.glob("damaged-*/journal.db")]
    assert kept == [damaged]
    assert [file.name for file in tmp_path.glob("damaged-*/*") if "new" in file.name or "ready" in file.name] == []
    assert len(list(tmp_path.glob("damaged-*"))) == 1


def test_the_write_ahead_log_counts_and_is_kept_with_the_file(
    tmp_path: Path, issued: dict[int, str], request_for: MakeRequest, slip: Compose
) -> None:
    journal = Journal(tmp_path, "07", NOW)
    late = journal.issue(request_for(999), slip)[0].number
    state = tmp_path / "cut"
    state.mkdir()
    for file in tmp_path.glob("journal.db*"):
        shutil.copy(file, state / file.name)
    shutil.copy(tmp_path / RESERVE, state / RESERVE)
    journal.close()
    spoil(journal_path(state), page_of(journal_path(state), b'"number":"A07-150"'))
    recover(state, "07", NOW)
    _, inside = carried(state)
    assert late in {body.data["number"] for body in inside.values()}


def test_a_folder_with_a_damaged_journal_can_be_taken(tmp_path: Path, issued: dict[int, str]) -> None:
    journal_path(tmp_path).write_bytes(b"x" * 5000)
    with StateFolder(tmp_path), pytest.raises(Damaged):
        Journal(tmp_path, "07", NOW)


def test_a_recovery_that_finds_no_room_leaves_everything_where_it_is(
    tmp_path: Path, issued: dict[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = journal_path(tmp_path)
    spoil(path, page_of(path, b'"number":"A07-150"'))
    damaged = path.read_bytes()

    def full(folder: Path, place: Path) -> None:
        raise OSError(28, "No space left on device", str(place))

    monkeypatch.setattr("kiosk.journal.recovery.put_in_place", full)
    with pytest.raises(StateError, match="No space left"):
        recover(tmp_path, "07", NOW)
    assert path.read_bytes() == damaged
    assert not list(tmp_path.glob("damaged-*"))


def test_places_for_damaged_files_have_names_of_their_own(tmp_path: Path) -> None:
    made = [aside.make_place(tmp_path, NOW).name for _ in range(3)]
    assert made == ["damaged-20261124-060000", "damaged-20261124-060000-2", "damaged-20261124-060000-3"]


def test_what_was_sealed_for_the_center_is_carried_over_whole(tmp_path: Path, issued: dict[int, str]) -> None:
    journal = Journal(tmp_path, "07", NOW)
    journal.enter("request.made", NOW, {"code": "1"}, lambda epoch, seq: b"sealed %d" % seq)
    journal.close()
    path = journal_path(tmp_path)
    spoil(path, page_of(path, b'"number":"A07-150"'))
    recover(tmp_path, "07", NOW)
    reader = Reader(tmp_path)
    rows = reader._db.execute("SELECT sealed FROM entry WHERE sealed IS NOT NULL").fetchall()
    reader.close()
    assert rows == [(b"sealed 201",)]


def left_by_the_plug(folder: Path, request_for: MakeRequest, slip: Compose, tickets: int = 4) -> Path:
    """The state folder of a new station that was cut off: all that it wrote since its first start is in the log."""
    journal = Journal(folder, "07", NOW)
    for visit in range(tickets):
        journal.issue(request_for(visit), slip)
    state = folder / "cut"
    state.mkdir()
    for file in (*folder.glob("journal.db*"), folder / RESERVE):
        shutil.copy(file, state / file.name)
    journal.close()
    return state


@pytest.mark.parametrize("deleted", [False, True])
def test_a_journal_of_which_only_the_log_is_left_is_damaged_and_all_of_it_is_kept(
    tmp_path: Path, request_for: MakeRequest, slip: Compose, deleted: bool
) -> None:
    state = left_by_the_plug(tmp_path, request_for, slip)
    journal_path(state).write_bytes(b"")
    if deleted:
        journal_path(state).unlink()
    log = (state / "journal.db-wal").read_bytes()
    for opened in (lambda: Reader(state), lambda: Journal(state, "07", NOW)):
        with pytest.raises(Damaged, match="kiosk journal recover"):
            opened()
    assert (state / "journal.db-wal").read_bytes() == log
    done = recover(state, "07", NOW)
    assert sorted(file.name for file in done.aside.iterdir() if file.name != "journal.db") == [
        "journal.db-shm",
        "journal.db-wal",
    ]
    assert (done.aside / "journal.db-wal").read_bytes() == log
    begun, inside = carried(state)
    assert (begun.kind, begun.data["reason"]) == ("epoch.begun", "damaged")
    assert {body.data["number"] for body in inside.values()} == {f"A07-{number:03d}" for number in range(1, 5)}
    journal = Journal(state, "07", NOW)
    assert journal.issue(request_for(9), slip)[0].running > BLOCK
    journal.close()


def test_a_log_that_does_not_hold_the_whole_journal_is_not_told_as_nothing_lost(
    tmp_path: Path, issued: dict[int, str], request_for: MakeRequest, slip: Compose
) -> None:
    journal_path(tmp_path).write_bytes(b"")
    (tmp_path / "journal.db-wal").write_bytes(os.urandom(61_000))
    done = recover(tmp_path, "07", NOW)
    assert "0 entries that the center lacks were salvaged, an unknown number was not readable" in done.words()
    journal = Journal(tmp_path, "07", NOW)
    assert journal.issue(request_for(999), slip)[0].running > TICKETS
    journal.close()


def test_a_header_that_was_overwritten_costs_no_entry(tmp_path: Path, issued: dict[int, str]) -> None:
    path = journal_path(tmp_path)
    with path.open("r+b") as file:
        file.write(bytes(100))
    damaged = path.read_bytes()
    done = recover(tmp_path, "07", NOW)
    assert done.lost == ()
    assert f"{len(issued)} entries that the center lacks were salvaged, 0 were not readable" in done.words()
    _, inside = carried(tmp_path)
    assert {seq: body.data["number"] for seq, body in inside.items()} == issued
    assert [file.name for file in done.aside.iterdir()] == ["journal.db"]
    assert (done.aside / "journal.db").read_bytes() == damaged


def test_a_journal_that_is_noise_all_over_has_lost_an_unknown_number(tmp_path: Path, issued: dict[int, str]) -> None:
    journal_path(tmp_path).write_bytes(os.urandom(9 * PAGE))
    assert "an unknown number was not readable" in recover(tmp_path, "07", NOW).words()


@pytest.mark.parametrize("empty", [False, True])
def test_a_folder_without_a_journal_is_told_to_have_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], empty: bool
) -> None:
    state = tmp_path / "state"
    if empty:
        state.mkdir()
        journal_path(state).write_bytes(b"")
    assert main(["journal", "recover", "--state", str(state)]) == os.EX_CANTCREAT
    told = capsys.readouterr()
    assert (told.out, "no journal here, so there is nothing to recover" in told.err) == ("", True)
    assert state.exists() == empty


def test_what_is_recovered_by_hand_is_told_and_a_sound_journal_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], request_for: MakeRequest, slip: Compose
) -> None:
    state = left_by_the_plug(tmp_path, request_for, slip)
    journal_path(state).write_bytes(b"")
    for words in ("4 entries that the center lacks were salvaged", "can be read whole, nothing to recover"):
        assert main(["journal", "recover", "--state", str(state)]) == os.EX_OK
        assert words in capsys.readouterr().out
