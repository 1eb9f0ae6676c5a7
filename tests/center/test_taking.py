"""What a store does with what arrives: continues, trims, refuses, sets aside. Other stations never notice.

Every test here holds for both stores.
"""

import base64
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from center import projections, rules
from center.asking import Rule, Statement
from center.intake import read_batch
from center.kept import Enrolled, StoreTrouble
from center.rules import beat, take
from center.taking import Batch, Declined, Taken
from kiosk.wire.entries import GENESIS, Body, hashes
from kiosk.wire.exchange import DOWNWARD_LIMIT, Heartbeat, Reason, Upto
from tests.center.running import EPOCH, body, request, signed
from tests.center.stores import KEY, STORES, Kept, Servers, kept


@pytest.fixture(params=STORES)
def books(request: pytest.FixtureRequest, tmp_path: Path, servers: Servers) -> Iterator[Kept]:
    with kept(request.param, tmp_path, servers.one) as one:
        yield one


def batch(
    bodies: list[bytes], *, station: str = "07", first: int = 1, before: bytes = GENESIS, epoch: str = EPOCH
) -> Batch:
    made, head = request(station, bodies, first=first, before=before, epoch=epoch)
    read = read_batch(station, *signed(KEY, made, head), KEY.public)
    assert isinstance(read, Batch)
    return read


BODIES = [body("07", seq) for seq in range(1, 11)]
HASHES = hashes(GENESIS, BODIES)


def test_what_comes_twice_or_overlaps_is_there_once(books: Kept) -> None:
    assert books.take(batch(BODIES[:4])) == Taken(4, HASHES[3], 4, new=4)
    assert books.take(batch(BODIES[:4])) == Taken(4, HASHES[3], 4)
    assert books.take(batch(BODIES[2:7], first=3, before=HASHES[1])) == Taken(7, HASHES[6], 7, new=3)
    assert books.take(batch(BODIES[1:3], first=2, before=HASHES[0])) == Taken(3, HASHES[2], 7)
    assert books.take(batch([], first=8, before=HASHES[6])) == Taken(7, HASHES[6], 7)
    assert books.count("entry") == 7
    assert books.count("aside") == 0


def test_a_gap_is_refused_with_the_number_that_is_needed(books: Kept) -> None:
    books.take(batch(BODIES[:3]))
    declined = books.take(batch(BODIES[5:], first=6, before=HASHES[4]))
    assert isinstance(declined, Declined)
    assert (declined.reason, declined.need) == (Reason.GAP, 4)
    assert books.count("entry") == 3
    empty = books.take(batch([], first=11, before=HASHES[9]))
    assert isinstance(empty, Declined)
    assert empty.reason is Reason.GAP


@pytest.mark.parametrize("known", [5, 6, 10])
def test_a_fork_is_set_aside_from_the_first_entry_that_differs(books: Kept, known: int) -> None:
    books.take(batch(BODIES[:known]))
    other = [*BODIES[2:5], *(body("07", seq, other=True) for seq in range(6, 11))]
    declined = books.take(batch(other, first=3, before=HASHES[1]))
    if known == 5:
        assert isinstance(declined, Taken)
        return
    assert isinstance(declined, Declined)
    assert (declined.reason, declined.need) == (Reason.FORK, 6)
    assert books.count("aside") == 5
    books.take(batch(other, first=3, before=HASHES[1]))
    assert books.count("aside") == 5
    assert books.count("entry") == known
    assert isinstance(books.take(batch([body("08", 1)], station="08")), Taken)
    view = books.do(books.store.stations())[0]
    assert [(one.reason, one.first, one.count) for one in view.aside] == [("fork", 6, 5)]


def test_another_past_of_the_same_epoch_is_a_fork(books: Kept) -> None:
    books.take(batch(BODIES[:3]))
    declined = books.take(batch(BODIES[3:5], first=4, before=b"\7" * 32))
    assert isinstance(declined, Declined)
    assert (declined.reason, declined.need) == (Reason.FORK, 4)


def test_an_entry_that_was_altered_on_the_station_is_set_aside(books: Kept) -> None:
    made, _ = request("07", [*BODIES[:2], body("07", 3, altered=True)])
    read = read_batch("07", *signed(KEY, made, HASHES[2]), KEY.public)
    assert isinstance(read, Batch)
    declined = books.take(read)
    assert isinstance(declined, Declined)
    assert declined.reason is Reason.ALTERED
    assert (books.count("entry"), books.count("aside")) == (0, 3)


def test_a_center_that_lost_an_earlier_epoch_asks_for_it(books: Kept) -> None:
    books.take(batch(BODIES[:3]))
    new = batch([body("07", 1, epoch="f" * 16)], epoch="f" * 16)
    knows = msgspec.structs.replace(new, request=msgspec.structs.replace(new.request, earlier=(Upto(EPOCH, 3),)))
    taken = books.take(knows)
    assert isinstance(taken, Taken)
    assert taken.want is None
    more = msgspec.structs.replace(new, request=msgspec.structs.replace(new.request, earlier=(Upto(EPOCH, 8),)))
    taken = books.take(more)
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


PAPER = {"job": 1, "title": "A07-001", "copy": 1, "condition": "ready", "proof": "process-id"}


def test_tickets_are_made_from_entries_and_made_anew(books: Kept) -> None:
    books.take(batch([body("07", 1, kind="ticket.issued", **ISSUED), body("07", 2, kind="paper.printed", **PAPER)]))
    books.do(books.store.settle())
    for _ in range(2):
        view = books.do(books.store.ticket(ISSUED["code"]))
        assert view is not None
        assert (view.number, view.paper, view.issued, view.doubtful) == ("A07-001", "printed", 1001, False)
        assert books.do(books.store.rebuild()) == 2
    books.do(books.store.write(lambda: projections.unproject("07")))
    assert books.do(books.store.ticket(ISSUED["code"])) is None
    assert books.do(books.store.settle()) == 2
    assert books.do(books.store.ticket(ISSUED["code"])) is not None


def test_a_slip_that_another_station_printed_counts_there_once_also_when_it_comes_again(books: Kept) -> None:
    said = {"issuer": "08", "code": ISSUED["code"], "number": "A08-012", "day": "2026-11-25", "count": 1, "job": 4}
    slip = body("07", 2, kind="ticket.reprinted-elsewhere", **said)
    inside = {"epoch": EPOCH, "seq": 2, "body": base64.b64encode(slip).decode()}
    later = "f" * 16
    again = Body(station="07", epoch=later, seq=1, kind="entry.recovered", time=9, data=inside).encoded()
    books.take(batch([body("07", 1), slip]))
    books.take(batch([again], epoch=later), now=6)
    books.do(books.store.settle())
    assert [view.reprints for view in books.do(books.store.stations())] == [1, 0]
    assert books.query("SELECT station, issuer, number, count FROM reprint") == [("07", "08", "A08-012", 1)]
    books.do(books.store.rebuild())
    assert books.count("reprint") == 1


def test_projections_go_on_where_they_stopped_in_the_order_of_the_epochs(books: Kept) -> None:
    later = "f" * 16
    books.take(batch([body("07", 1, kind="ticket.issued", **ISSUED), *BODIES[1:5]]), now=5)
    books.take(batch([body("07", 1, kind="paper.printed", epoch=later, **PAPER)], epoch=later), now=6)
    while books.do(books.store.write(lambda: projections.project("07", 2))):
        pass
    assert books.do(books.store.ticket(ISSUED["code"])).paper == "printed"
    assert books.read(projections.behind) == ()
    assert books.do(books.store.rebuild()) == 6
    assert books.do(books.store.ticket(ISSUED["code"])).paper == "printed"


def test_the_paper_of_a_number_that_came_twice_is_told_of_the_right_ticket(books: Kept) -> None:
    # As after a restore of the whole folder under a clock that is behind: job and number again, written earlier.
    again, later = {**ISSUED, "code": "1" * 16}, EPOCH[::-1]
    paper = {**PAPER, "code": again["code"]}
    books.take(batch([*BODIES[:6], body("07", 7, kind="ticket.issued", **ISSUED)]))
    bodies = [
        body("07", 1, kind="ticket.issued", epoch=later, **again),
        body("07", 2, kind="paper.printed", epoch=later, **paper),
    ]
    books.take(batch(bodies, epoch=later), now=6)
    books.do(books.store.settle())
    assert books.do(books.store.ticket(ISSUED["code"])).paper == ""
    assert books.do(books.store.ticket(again["code"])).paper == "printed"


def test_unknown_kinds_and_newer_formats_are_kept_and_no_trouble(books: Kept) -> None:
    newer = body("07", 2, kind="ticket.issued").replace(b'"v":1', b'"v":2')
    books.take(batch([body("07", 1, kind="weather.observed", wind=3), newer]))
    books.do(books.store.settle())
    assert (books.count("entry"), books.count("trouble"), books.count("ticket")) == (2, 0, 0)


def recovered(text: bytes, **said: object) -> bytes:
    inner = {"epoch": "e" * 16, "seq": 4, "body": base64.b64encode(text).decode()}
    return Body(station="07", epoch=EPOCH, seq=1, kind="entry.recovered", time=9, data={**inner, **said}).encoded()


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
        body("07", 1, kind="ticket.issued", **{**ISSUED, "theme": "\0"}),
        body("07", 1, kind="ticket.issued", **{**ISSUED, "code": "1" * 10_000}),
        body("07", 1, kind="ticket.issued", **{**ISSUED, "job": 2**63}),
        body("07", 1, kind="paper.printed", **{**PAPER, "title": "A\0"}),
        body("07", 1).replace(b'"time":1001', b'"time":' + b"9" * 30),
        recovered(body("07", 4), epoch="e\0"),
        recovered(body("07", 4), seq=2**64 - 1),
        recovered(body("07", 4).replace(b'"time":1004', b'"time":-5')),
    ],
)
def test_one_bad_entry_stays_as_it_came_and_stops_nobody(books: Kept, bad: bytes) -> None:
    good = body("07", 2, kind="ticket.issued", **ISSUED)
    assert isinstance(books.take(batch([bad, good])), Taken)
    books.do(books.store.settle())
    assert (books.count("entry"), books.count("trouble"), books.count("ticket")) == (2, 1, 1)
    assert books.query("SELECT body FROM entry WHERE seq = 1")[0][0] == bad
    assert books.do(books.store.stations())[0].troubles == 1


def test_a_station_s_code_is_good_once_for_a_day_and_again_for_the_same_machine(books: Kept) -> None:
    store = books.store
    books.do(store.set_code("09", b"c" * 16, expires=100))
    assert books.do(store.code("09", b"p" * 32, 99)) == b"c" * 16
    assert books.do(store.code("09", b"p" * 32, 100)) is None
    books.do(store.enrol(Enrolled("09", b"p" * 32, 50)))
    assert books.do(store.code("09", b"p" * 32, 60)) == b"c" * 16
    assert books.do(store.code("09", b"q" * 32, 60)) is None
    assert books.do(store.revoke("09", 70))
    assert books.do(store.code("09", b"p" * 32, 71)) is None
    assert not books.do(store.revoke("09", 72))
    books.do(store.set_code("09", b"d" * 16, expires=100))
    assert books.do(store.code("09", b"q" * 32, 80)) == b"d" * 16


def test_a_revoked_station_is_known_as_such_and_comes_back_by_a_new_enrolment(books: Kept) -> None:
    assert books.do(books.store.revoke("07", 70))
    seen = books.do(books.store.station("07"))
    assert seen is not None
    assert seen.revoked == 70
    assert books.do(books.store.stations())[0].revoked
    books.do(books.store.enrol(Enrolled("07", b"n" * 32, 80)))
    assert books.do(books.store.station("07")) == Enrolled("07", b"n" * 32, 80)


def test_a_key_that_is_revoked_or_replaced_while_its_request_comes_in_is_refused(books: Kept) -> None:
    books.take(batch(BODIES[:2]))
    books.do(books.store.enrol(Enrolled("07", b"n" * 32, 80)))
    assert books.refused(batch(BODIES[:4])) == (Reason.BAD_SIGNATURE, 0)
    books.do(books.store.revoke("07", 90))
    assert books.refused(batch(BODIES[:4])) == (Reason.REVOKED, 0)
    assert books.refused(batch([], first=3, before=HASHES[1])) == (Reason.REVOKED, 0)
    assert books.refused(batch([body("09", 1)], station="09")) == (Reason.REVOKED, 0)
    assert (books.count("entry"), books.count("aside")) == (2, 0)


def test_all_stations_are_told_the_same_in_one_order_also_after_a_backup_came_back(books: Kept) -> None:
    store = books.store
    told = books.do(store.notices("07", 0, 5))
    assert [(one.seq, one.kind) for one in told] == [(1, "station.key"), (2, "station.key")]
    assert books.do(store.notices("07", 2, 5)) == ()
    assert books.do(store.notices("07", 40, 5)) == ()
    books.do(store.publish("catalog.release", {"version": 3}, 6))
    assert [(one.seq, one.data) for one in books.do(store.notices("07", 40, 5))] == [(41, b'{"version":3}')]
    for number in range(DOWNWARD_LIMIT):
        books.do(store.publish("x", {"n": number}, 7))
    assert [one.seq for one in books.do(store.notices("07", 41, 5))] == [*range(42, 42 + DOWNWARD_LIMIT)]
    assert len(books.do(store.notices("07", 40, 5))) == DOWNWARD_LIMIT


def test_heartbeats_are_no_commits_and_only_the_newest_stays(books: Kept) -> None:
    for number in range(200):
        books.store.beat("07", Heartbeat(unsent=number), 1000 + number)
    books.store.beat("08", Heartbeat(printer="ready"), 500)
    assert books.count("heartbeat") == 0
    books.do(books.store.close())
    assert books.query("SELECT station, heard FROM heartbeat ORDER BY station") == [("07", 1199), ("08", 500)]
    books.store = books.again()
    books.do(books.store.open())
    seen = {view.number: view for view in books.do(books.store.stations())}
    assert (seen["07"].heard, seen["07"].heartbeat.unsent) == (1199, 199)
    # Another process heard of it earlier and writes that down later.
    books.do(books.store.write(lambda: beat({"07": (900, Heartbeat(unsent=5))})))
    assert {view.number: view for view in books.do(books.store.stations())}["07"].heard == 1199


def test_a_batch_that_fails_halfway_leaves_nothing(books: Kept) -> None:
    def fails() -> Rule[None]:
        yield from take(batch(BODIES[:4]), KEY.public, 5)
        yield Statement("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(StoreTrouble):
        books.do(books.store.write(fails))
    assert (books.count("entry"), books.count("chain"), books.count("voucher")) == (0, 0, 0)
    assert isinstance(books.take(batch(BODIES[:4])), Taken)


def test_a_release_that_a_station_refused_is_told_until_it_has_one_that_is_as_new(books: Kept) -> None:
    books.take(batch([body("07", 1, kind="catalog.refused", version=4, reason="its signature is not the center's")]))
    books.do(books.store.settle())

    def refused() -> list[tuple[int, str]]:
        found = next(one for one in books.do(books.store.stations()) if one.number == "07")
        return [(one.version, one.reason) for one in found.refused]

    assert refused() == [(4, "its signature is not the center's")]
    books.do(books.store.write(lambda: rules.beat({"07": (2000, Heartbeat(release=5))})))
    assert refused() == []
