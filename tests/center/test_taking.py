"""What the center does with what arrives: continues, trims, refuses, sets aside. Other stations never notice."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from center.books import Books
from center.database import open_for_writing
from center.intake import read_batch
from center.store import Enrolled, StoreTrouble
from center.taking import Batch, Declined, Taken
from center.views import stations, ticket
from kiosk.keys import StationKey
from kiosk.wire.entries import GENESIS, hashes
from kiosk.wire.exchange import Reason, Upto
from tests.center.running import EPOCH, body, request, signed

KEY = StationKey.throw_away()


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    opened = Books(open_for_writing(tmp_path / "center.db", checkpoints=True))
    with opened.transaction():
        for number in ("07", "08"):
            opened.enrol(Enrolled(number, KEY.public, 1))
    yield opened
    opened.close()


def batch(
    bodies: list[bytes], *, station: str = "07", first: int = 1, before: bytes = GENESIS, epoch: str = EPOCH
) -> Batch:
    made, head = request(station, bodies, first=first, before=before, epoch=epoch)
    read = read_batch(station, *signed(KEY, made, head), KEY.public)
    assert isinstance(read, Batch)
    return read


def take(books: Books, one: Batch, now: int = 5) -> Taken | Declined:
    with books.transaction(), books.part():
        return books.take(one, KEY.public, now)


def rows(books: Books, table: str) -> int:
    return int(books._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


BODIES = [body("07", seq) for seq in range(1, 11)]
HASHES = hashes(GENESIS, BODIES)


def test_what_comes_twice_or_overlaps_is_there_once(books: Books) -> None:
    assert take(books, batch(BODIES[:4])) == Taken(4, HASHES[3], 4)
    assert take(books, batch(BODIES[:4])) == Taken(4, HASHES[3], 4)
    assert take(books, batch(BODIES[2:7], first=3, before=HASHES[1])) == Taken(7, HASHES[6], 7)
    assert take(books, batch(BODIES[1:3], first=2, before=HASHES[0])) == Taken(3, HASHES[2], 7)
    assert take(books, batch([], first=8, before=HASHES[6])) == Taken(7, HASHES[6], 7)
    assert rows(books, "entry") == 7
    assert rows(books, "aside") == 0


def test_a_gap_is_refused_with_the_number_that_is_needed(books: Books) -> None:
    take(books, batch(BODIES[:3]))
    declined = take(books, batch(BODIES[5:], first=6, before=HASHES[4]))
    assert isinstance(declined, Declined)
    assert (declined.reason, declined.need) == (Reason.GAP, 4)
    assert rows(books, "entry") == 3
    empty = take(books, batch([], first=11, before=HASHES[9]))
    assert isinstance(empty, Declined)
    assert empty.reason is Reason.GAP


@pytest.mark.parametrize("known", [5, 6, 10])
def test_a_fork_is_set_aside_from_the_first_entry_that_differs(books: Books, known: int) -> None:
    take(books, batch(BODIES[:known]))
    other = [*BODIES[2:5], *(body("07", seq, other=True) for seq in range(6, 11))]
    declined = take(books, batch(other, first=3, before=HASHES[1]))
    if known == 5:
        assert isinstance(declined, Taken)
        return
    assert isinstance(declined, Declined)
    assert (declined.reason, declined.need) == (Reason.FORK, 6)
    assert rows(books, "aside") == 5
    take(books, batch(other, first=3, before=HASHES[1]))
    assert rows(books, "aside") == 5
    assert rows(books, "entry") == known
    assert isinstance(take(books, batch([body("08", 1)], station="08")), Taken)
    view = stations(books._db)[0]
    assert [(one.reason, one.first, one.count) for one in view.aside] == [("fork", 6, 5)]


def test_another_past_of_the_same_epoch_is_a_fork(books: Books) -> None:
    take(books, batch(BODIES[:3]))
    declined = take(books, batch(BODIES[3:5], first=4, before=b"\7" * 32))
    assert isinstance(declined, Declined)
    assert (declined.reason, declined.need) == (Reason.FORK, 4)


def test_an_entry_that_was_altered_on_the_station_is_set_aside(books: Books) -> None:
    made, _ = request("07", [*BODIES[:2], body("07", 3, altered=True)])
    read = read_batch("07", *signed(KEY, made, HASHES[2]), KEY.public)
    assert isinstance(read, Batch)
    declined = take(books, read)
    assert isinstance(declined, Declined)
    assert declined.reason is Reason.ALTERED
    assert (rows(books, "entry"), rows(books, "aside")) == (0, 3)


def test_a_center_that_lost_an_earlier_epoch_asks_for_it(books: Books) -> None:
    take(books, batch(BODIES[:3]))
    new = batch([body("07", 1, epoch="f" * 16)], epoch="f" * 16)
    knows = msgspec.structs.replace(new, request=msgspec.structs.replace(new.request, earlier=(Upto(EPOCH, 3),)))
    taken = take(books, knows)
    assert isinstance(taken, Taken)
    assert taken.want is None
    more = msgspec.structs.replace(new, request=msgspec.structs.replace(new.request, earlier=(Upto(EPOCH, 8),)))
    taken = take(books, more)
    assert isinstance(taken, Taken)
    assert taken.want == Upto(EPOCH, 3)


ISSUED = {
    "number": "A07-001",
    "code": "1234567890123459",
    "theme": "A",
    "package": "newborn-birth",
    "day": "2026-11-25",
    "session": "08:30-12:00",
    "doubtful": False,
    "job": 1,
}


def project(books: Books) -> None:
    with books.transaction():
        while books.project(2):
            pass


def test_tickets_are_made_from_entries_and_made_anew(books: Books) -> None:
    paper = {"job": 1, "title": "A07-001", "copy": 1, "condition": "ready", "proof": "process-id"}
    take(books, batch([body("07", 1, kind="ticket.issued", **ISSUED), body("07", 2, kind="paper.printed", **paper)]))
    for _ in range(2):
        project(books)
        view = ticket(books._db, ISSUED["code"])
        assert view is not None
        assert (view.number, view.paper, view.issued) == ("A07-001", "printed", 1001)
        with books.transaction():
            books.unproject()
        assert ticket(books._db, ISSUED["code"]) is None


def test_unknown_kinds_and_newer_formats_are_kept_and_no_trouble(books: Books) -> None:
    newer = body("07", 2, kind="ticket.issued").replace(b'"v":1', b'"v":2')
    take(books, batch([body("07", 1, kind="weather.observed", wind=3), newer]))
    project(books)
    assert (rows(books, "entry"), rows(books, "trouble"), rows(books, "ticket")) == (2, 0, 0)


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"rubbish",
        b"\xff\xfe",
        body("07", 7),
        body("08", 1),
        body("07", 1, kind="ticket.issued", number=5),
        body("07", 1, kind="entry.recovered", epoch_="x"),
        b'{"data":{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}}",
    ],
)
def test_one_bad_entry_stays_as_it_came_and_stops_nobody(books: Books, bad: bytes) -> None:
    good = body("07", 2, kind="ticket.issued", **ISSUED)
    assert isinstance(take(books, batch([bad, good])), Taken)
    project(books)
    assert (rows(books, "entry"), rows(books, "trouble"), rows(books, "ticket")) == (2, 1, 1)
    stored = books._db.execute("SELECT body FROM entry WHERE seq = 1").fetchone()[0]
    assert stored == bad
    assert stations(books._db)[0].troubles == 1


def test_a_station_s_code_is_good_once_for_a_day_and_again_for_the_same_machine(books: Books) -> None:
    with books.transaction():
        books.set_code("09", b"c" * 16, expires=100)
    assert books.code("09", b"p" * 32, 99) == b"c" * 16
    assert books.code("09", b"p" * 32, 100) is None
    with books.transaction():
        books.enrol(Enrolled("09", b"p" * 32, 50))
    assert books.code("09", b"p" * 32, 60) == b"c" * 16
    assert books.code("09", b"q" * 32, 60) is None
    with books.transaction():
        assert books.revoke("09", 70)
    assert books.code("09", b"p" * 32, 71) is None


def test_a_foreign_file_and_a_newer_database_are_refused(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("x" * 5000)
    with pytest.raises(StoreTrouble):
        open_for_writing(tmp_path / "text.db", checkpoints=True)
    Books(open_for_writing(tmp_path / "new.db", checkpoints=True)).close()
    db = open_for_writing(tmp_path / "new.db", checkpoints=True)
    db.conn.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreTrouble, match="newer version"):
        open_for_writing(tmp_path / "new.db", checkpoints=True)
