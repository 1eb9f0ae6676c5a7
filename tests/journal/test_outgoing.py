"""What the link reads from the journal and writes into it: what waits, what is confirmed, new epochs."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from sqlite_utils.utils import sqlite3

from kiosk.documents import Document
from kiosk.journal.entries import Body, Entry
from kiosk.journal.outgoing import Outgoing
from kiosk.journal.store import Journal, Reader
from kiosk.journal.ticket_rows import Request
from kiosk.tickets import Ticket
from kiosk.wire.entries import GENESIS, chain, sealed_digest
from kiosk.wire.exchange import Downward, Upto

NOW = 1_795_500_000_000
LARGE = 1 << 20
MakeRequest = Callable[..., Request]
Compose = Callable[[Ticket, str, int], Document]


@pytest.fixture
def ten(journal: Journal, request_for: MakeRequest, slip: Compose) -> Journal:
    """A journal with ten entries."""
    for visit in range(10):
        journal.issue(request_for(visit), slip)
    return journal


@pytest.fixture
def outgoing(tmp_path: Path, ten: Journal) -> Iterator[Outgoing]:
    opened = Outgoing(tmp_path)
    yield opened
    opened.close()


def entries(folder: Path) -> list[Entry]:
    reader = Reader(folder)
    found = list(reader.entries())
    assert reader.verify()[1] == []
    reader.close()
    return found


def alter(folder: Path, statement: str) -> None:
    connection = sqlite3.connect(folder / "journal.db")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute(statement)
    connection.commit()
    connection.close()


def test_what_waits_is_read_in_runs_that_follow_one_another(ten: Journal, outgoing: Outgoing) -> None:
    first = outgoing.run(None, 4, LARGE)
    assert (first.first, first.last, first.newest, first.before, first.oldest) == (1, 4, 10, GENESIS, NOW)
    ten.acknowledge(first.epoch, 4, NOW)
    second = outgoing.run(None, 100, LARGE)
    assert (second.first, second.last, second.before) == (5, 10, first.head)
    assert second.hash_at(4) == first.head
    assert second.hash_at(10) == second.head
    ten.acknowledge(first.epoch, 10, NOW)
    rest = outgoing.run(None, 100, LARGE)
    assert (rest.first, rest.last, rest.entries, rest.head) == (11, 10, (), second.head)


def test_a_run_is_bounded_in_bytes_but_never_empty(outgoing: Outgoing) -> None:
    size = len(outgoing.run(None, 1, LARGE).entries[0].body)
    assert len(outgoing.run(None, 100, size * 3 + 5).entries) == 3
    assert len(outgoing.run(None, 100, 1).entries) == 1


def test_it_begins_where_the_center_wants_it(ten: Journal, outgoing: Outgoing) -> None:
    ten.acknowledge(ten.epoch, 8, NOW)
    again = outgoing.run(3, 100, LARGE)
    assert (again.first, again.last) == (3, 10)
    beyond = outgoing.run(50, 100, LARGE)
    assert (beyond.first, beyond.entries) == (11, ())


def test_marks_are_kept_with_their_time_and_never_taken_back(tmp_path: Path, ten: Journal) -> None:
    ten.acknowledge(ten.epoch, 5, NOW)
    ten.acknowledge(ten.epoch, 3, NOW + 1)
    ten.acknowledge("f" * 16, 9, NOW + 2)
    ten.acknowledge(ten.epoch, 99, NOW + 3)
    assert [entry.acknowledged for entry in entries(tmp_path)] == [NOW] * 5 + [NOW + 3] * 5


def test_an_altered_entry_and_a_missing_one_end_the_run_before_them(tmp_path: Path, outgoing: Outgoing) -> None:
    alter(tmp_path, "UPDATE entry SET body = CAST(replace(body, 'A07-004', 'A07-009') AS BLOB) WHERE seq = 4")
    run = outgoing.run(None, 100, LARGE)
    assert (run.last, run.fault) == (3, "entry 4 was altered")
    run = outgoing.run(4, 100, LARGE)
    assert (run.entries, run.fault) == ((), "entry 4 was altered")
    alter(tmp_path, "DELETE FROM entry WHERE seq = 3")
    assert outgoing.run(None, 100, LARGE).fault == "entry 3 is missing"
    assert outgoing.run(4, 100, LARGE).fault == "entry 3 is missing"


def test_a_new_epoch_holds_what_was_not_confirmed_whole(tmp_path: Path, ten: Journal, outgoing: Outgoing) -> None:
    old = ten.epoch
    ten.acknowledge(old, 7, NOW)
    before = entries(tmp_path)
    ten.begin_epoch("fork", NOW + 5)
    assert ten.epoch != old
    after = entries(tmp_path)
    assert after[:10] == before
    begun, *carried = (msgspec.json.decode(entry.body, type=Body) for entry in after[10:])
    assert (begun.kind, begun.data["reason"], begun.data["recovered"]) == ("epoch.begun", "fork", 3)
    assert begun.data["before"] == {"epoch": old, "seq": 10, "head": before[9].hash.hex()}
    for entry, body in zip(before[7:], carried, strict=True):
        assert (body.kind, body.data["epoch"], body.data["seq"]) == ("entry.recovered", old, entry.seq)
        whole = base64.b64decode(body.data["body"])
        assert whole == entry.body
        assert chain(before[entry.seq - 2].hash, whole).hex() == body.data["hash"]
    run = outgoing.run(None, 100, LARGE)
    assert (run.epoch, run.first, run.last, run.before) == (ten.epoch, 1, 4, GENESIS)
    assert run.earlier == (Upto(old, 7),)
    past = outgoing.run(5, 100, LARGE, old)
    assert (past.epoch, past.first, past.last, past.newest, past.past) == (old, 5, 7, 7, True)


def test_after_a_restart_everything_goes_on_where_it_was(
    tmp_path: Path, ten: Journal, request_for: MakeRequest, slip: Compose
) -> None:
    ten.begin_epoch("fork", NOW)
    ten.acknowledge(ten.epoch, 4, NOW)
    epoch = ten.epoch
    ten.close()
    again = Journal(tmp_path, "07", NOW)
    assert (again.epoch, again.seq) == (epoch, 11)
    again.issue(request_for(99), slip)
    outgoing = Outgoing(tmp_path)
    run = outgoing.run(None, 100, LARGE)
    assert (run.first, run.last) == (5, 12)
    outgoing.close()
    again.close()


def test_a_journal_from_before_its_first_entry_does_not_use_its_numbers_again(
    tmp_path: Path, request_for: MakeRequest, slip: Compose
) -> None:
    Journal(tmp_path, "07", NOW).close()
    empty = (tmp_path / "journal.db").read_bytes()
    journal = Journal(tmp_path, "07", NOW)
    first = journal.epoch
    journal.issue(request_for(1), slip)
    journal.close()
    (tmp_path / "journal.db").write_bytes(empty)
    journal = Journal(tmp_path, "07", NOW)
    assert journal.epoch != first
    journal.close()


def test_somebody_is_told_of_every_entry_and_of_nothing_else(
    tmp_path: Path, request_for: MakeRequest, slip: Compose
) -> None:
    told: list[int] = []
    journal = Journal(tmp_path, "07", NOW, entered=lambda: told.append(journal.seq))
    journal.issue(request_for(1), slip)
    job = journal.issue(request_for(2), slip)[1]
    journal.start(job, NOW)
    journal.acknowledge(journal.epoch, 2, NOW)
    assert told == [1, 2]
    journal.close()


def test_the_center_s_items_are_kept_in_order_and_once(tmp_path: Path, ten: Journal, outgoing: Outgoing) -> None:
    assert outgoing.cursor() == 0
    assert ten.keep([Downward(1, "a", b"{}"), Downward(2, "of-tomorrow", b"\xff")], NOW) == 2
    assert ten.keep([Downward(2, "other", b""), Downward(3, "b", b""), Downward(9, "after a skip", b"")], NOW) == 9
    assert outgoing.cursor() == 9


def test_the_newest_word_on_another_station_s_key_counts(ten: Journal) -> None:
    def told(seq: int, public: bytes) -> Downward:
        return Downward(seq, "station.key", b'{"station":"08","alg":"ed25519","public":"%s"}' % public.hex().encode())

    assert ten.station_keys("08").keys == ()
    ten.keep([told(1, b"a" * 32), told(2, b"b" * 32)], NOW)
    assert ten.station_keys("08").keys[-1].public == b"b" * 32
    assert ten.station_keys("09").keys == ()
    ten.keep([Downward(3, "station.revoked", b'{"station":"08"}')], NOW)
    assert ten.station_keys("08").keys == ()
    ten.keep([told(4, b"c" * 32)], NOW)
    assert ten.station_keys("08").keys[-1].public == b"c" * 32


def test_sealed_data_goes_when_it_was_confirmed_long_enough_and_the_chain_stays_sound(
    tmp_path: Path, ten: Journal, outgoing: Outgoing
) -> None:
    for seq in (11, 12):
        assert ten.enter("request.made", NOW, {}, lambda epoch, seq: b"sealed %d" % seq) == (ten.epoch, seq)
    run = outgoing.run(11, 100, LARGE)
    body = msgspec.json.decode(run.entries[0].body, type=Body)
    assert (run.entries[0].sealed, body.sealed) == (b"sealed 11", sealed_digest(b"sealed 11"))
    ten.acknowledge(ten.epoch, 11, NOW)
    ten.erase_sealed(NOW)
    assert outgoing.run(11, 1, LARGE).entries[0].sealed == b"sealed 11"
    ten.erase_sealed(NOW + 1)
    assert [entry.sealed for entry in outgoing.run(11, 100, LARGE).entries] == [None, b"sealed 12"]
    assert len(entries(tmp_path)) == 12
