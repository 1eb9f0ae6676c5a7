"""What becomes of a station's keys at the center: renewed, replaced, revoked. Every test holds for both stores."""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from center.bringing import bring_in
from center.enrolling import Enrolling
from center.intake import read_batch
from center.kept import EarlierKey, Enrolled, KeyEnd
from center.taking import Batch, Declined, Taken
from kiosk.keys import StationKey
from kiosk.wire.bundle import Bundle, Parcel
from kiosk.wire.entries import hashes
from kiosk.wire.exchange import SIGNATURE_HEADER, VOUCHER_HEADER, Reason
from kiosk.wire.renewal import RenewalAnswer, RenewalRequest, encoded, message
from tests.center.running import body, request, signed
from tests.center.stores import KEY, STORES, Kept, Servers, kept

BODIES = [body("07", seq) for seq in range(1, 5)]


@pytest.fixture(params=STORES)
def books(request: pytest.FixtureRequest, tmp_path: Path, servers: Servers) -> Iterator[Kept]:
    with kept(request.param, tmp_path, servers.one) as one:
        yield one


def asking(old: StationKey, new: StationKey, station: str = "07") -> RenewalRequest:
    text = message(station, old.public, new.public)
    return RenewalRequest(station=station, old=old.public, new=new.public, by_old=old.sign(text), by_new=new.sign(text))


def renew(books: Kept, asked: RenewalRequest, now: int = 50, station: str = "07") -> RenewalAnswer | Declined:
    return books.do(Enrolling(books.store, "", b"", b"").renew(station, encoded(asked), now))


def declined(answer: object) -> Reason:
    assert isinstance(answer, Declined), answer
    return answer.reason


def carried(key: StationKey, first: int, last: int) -> Bundle:
    """The entries from `first` to `last` of station 07, as a file that `key` has signed."""
    before = hashes(bytes(32), BODIES[: first - 1])[-1] if first > 1 else bytes(32)
    headers, content = signed(key, *request("07", BODIES[first - 1 : last], first=first, before=before))
    return Bundle(station="07", made=1, parcels=(Parcel(headers[VOUCHER_HEADER], headers[SIGNATURE_HEADER], content),))


def test_the_new_key_takes_over_and_all_stations_are_told(books: Kept) -> None:
    new = StationKey.throw_away()
    assert renew(books, asking(KEY, new), 50) == RenewalAnswer(public=new.public, since=50)
    assert books.do(books.store.station("07")) == Enrolled("07", new.public, 1)
    view = books.do(books.store.stations())[0]
    assert (view.key, view.since) == (new.public, 50)
    told = books.do(books.store.notices("07", 0, 60))[-1]
    assert told.kind == "station.key"
    data = msgspec.json.decode(told.data)
    assert data == {"station": "07", "alg": "ed25519", "public": new.public.hex(), "since": 50}
    assert books.do(books.store.earlier_keys("07")) == (EarlierKey(KEY.public, 50, KeyEnd.RENEWED),)
    assert books.do(books.store.earlier_keys("08")) == ()


def test_a_renewal_whose_answer_was_lost_gives_the_same_answer_and_tells_nobody_twice(books: Kept) -> None:
    new = StationKey.throw_away()
    first = renew(books, asking(KEY, new), 50)
    told = len(books.do(books.store.notices("07", 0, 60)))
    assert renew(books, asking(KEY, new), 70) == first
    assert len(books.do(books.store.notices("07", 0, 80))) == told


def test_a_renewal_is_nobody_s_but_of_whoever_has_both_keys(books: Kept) -> None:
    new, stranger = StationKey.throw_away(), StationKey.throw_away()
    good = asking(KEY, new)
    for bad in (
        msgspec.structs.replace(good, by_old=stranger.sign(good.message())),
        msgspec.structs.replace(good, by_new=stranger.sign(good.message())),
        msgspec.structs.replace(good, new=stranger.public),
        asking(stranger, new),
    ):
        assert declined(renew(books, bad)) is Reason.BAD_SIGNATURE
    # A request of station 07 is none of station 08, which happens to have the same key here.
    assert declined(renew(books, good, station="08")) is Reason.MALFORMED
    assert declined(renew(books, msgspec.structs.replace(good, station="08"), station="08")) is Reason.BAD_SIGNATURE
    assert declined(renew(books, msgspec.structs.replace(good, by_new=b"short"))) is Reason.MALFORMED
    assert books.do(books.store.station("07")) == Enrolled("07", KEY.public, 1)


def test_an_old_renewal_that_somebody_kept_changes_nothing_later(books: Kept) -> None:
    second, third = StationKey.throw_away(), StationKey.throw_away()
    kept_by_somebody = asking(KEY, second)
    renew(books, kept_by_somebody, 50)
    renew(books, asking(second, third), 60)
    assert declined(renew(books, kept_by_somebody, 70)) is Reason.BAD_SIGNATURE
    # Also when the first key is in use again, because the machine was enrolled anew with it.
    books.do(books.store.enrol(Enrolled("07", KEY.public, 80)))
    assert declined(renew(books, kept_by_somebody, 90)) is Reason.BAD_SIGNATURE
    assert books.do(books.store.station("07")) == Enrolled("07", KEY.public, 80)


def test_a_revoked_key_cannot_be_renewed_and_ends_with_all_that_it_signed(books: Kept) -> None:
    new = StationKey.throw_away()
    books.do(books.store.revoke("07", 40))
    assert declined(renew(books, asking(KEY, new))) is Reason.REVOKED
    assert declined(renew(books, asking(KEY, new, "11"), station="11")) is Reason.UNKNOWN_STATION
    assert books.do(books.store.earlier_keys("07")) == (EarlierKey(KEY.public, 40, KeyEnd.REVOKED),)
    # Another machine in its place does not make the stolen key good again.
    books.do(books.store.enrol(Enrolled("07", new.public, 50)))
    brought = books.do(bring_in(books.store, carried(KEY, 1, 4), 60, earlier_key=True))
    assert (brought.new, brought.declined[0].reason) == (0, Reason.BAD_SIGNATURE)
    assert books.count("entry") == 0


def test_after_a_renewal_the_new_key_alone_sends_and_goes_on_with_the_same_epoch(books: Kept) -> None:
    new = StationKey.throw_away()
    assert books.do(bring_in(books.store, carried(KEY, 1, 2), 10)).new == 2
    renew(books, asking(KEY, new), 50)
    assert books.do(bring_in(books.store, carried(new, 2, 3), 60)).new == 1
    assert books.count("entry") == 3


@pytest.mark.parametrize("end", [KeyEnd.RENEWED, KeyEnd.REPLACED])
def test_what_was_carried_under_an_earlier_key_comes_in_when_a_person_says_so(books: Kept, end: KeyEnd) -> None:
    new = StationKey.throw_away()
    if end is KeyEnd.RENEWED:
        renew(books, asking(KEY, new), 50)
    else:
        books.do(books.store.enrol(Enrolled("07", new.public, 50)))
    brought = books.do(bring_in(books.store, carried(KEY, 1, 4), 60))
    assert brought.new == 0
    assert f"an earlier key of this station, which was {end}" in brought.declined[0].detail
    assert books.do(bring_in(books.store, carried(KEY, 1, 4), 60, earlier_key=True)).new == 4
    assert books.do(bring_in(books.store, carried(KEY, 1, 4), 60, earlier_key=True)).known == 4
    stranger = books.do(bring_in(books.store, carried(StationKey.throw_away(), 1, 4), 60, earlier_key=True))
    assert stranger.declined[0].detail == "the signature is not this station's"


def test_over_the_line_an_earlier_key_is_refused_also_where_a_file_would_be_taken(books: Kept) -> None:
    renew(books, asking(KEY, StationKey.throw_away()), 50)
    batch = read_batch("07", *signed(KEY, *request("07", BODIES)), KEY.public)
    assert isinstance(batch, Batch)
    assert declined(books.do(books.store.take(batch, KEY.public, 60))) is Reason.BAD_SIGNATURE
    assert isinstance(books.do(books.store.take(batch, KEY.public, 60, earlier_key=True)), Taken)


def test_rubbish_is_no_renewal(books: Kept) -> None:
    for rubbish in (b"", b"\x00", os.urandom(300), b"\x93" * 4000):
        answer = books.do(Enrolling(books.store, "", b"", b"").renew("07", rubbish, 5))
        assert declined(answer) is Reason.MALFORMED
