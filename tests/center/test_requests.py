"""Residents' requests at the center: what is there of them, what is answered, what all stations are told.

Every test of the first part holds for both stores.
"""

import asyncio
import base64
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from center.desk import RequestsDesk
from center.intake import read_batch
from center.kept import RequestView
from center.requests import NotAnswered, Unsuitable, plain_words, ratings, tell_due
from center.taking import Batch, Taken
from kiosk import paths
from kiosk.catalog.load import FILE, read_release
from kiosk.forms import OTHER
from kiosk.requests import State
from kiosk.sealing import Place, seal
from kiosk.text import ambiguous, is_plain
from kiosk.wire.entries import Body, sealed_digest
from kiosk.wire.exchange import Carried
from kiosk.wire.requests import TOLD, WORDS_LIMIT, Told, digest, read_told
from kiosk.wording import Wording
from tests.center.running import EPOCH, body, request, signed
from tests.center.stores import KEY, STORES, Kept, Servers, kept

SEALING = X25519PrivateKey.generate()
CODE, OTHER_CODE = "1234567890123459", "0000000000000002"
PHONE = "13800001234"
HOME_VISIT = {
    "code": CODE,
    "form": "home-visit",
    "version": 1,
    "language": "zh-Hans",
    "answers": {"asker": "self", "area": "guankou", "service": "benefits", "time": "2026-11-25 am"},
    "doubtful": False,
    "job": 1,
}


@pytest.fixture(params=STORES)
def books(request: pytest.FixtureRequest, tmp_path: Path, servers: Servers) -> Iterator[Kept]:
    with kept(request.param, tmp_path, servers.one) as one:
        yield one


def made(
    seq: int,
    personal: dict[str, str],
    public: bytes = SEALING.public_key().public_bytes_raw(),
    **other: object,
) -> Carried:
    """A request's entry with its sealed answers."""
    data, epoch = {**HOME_VISIT, **other}, EPOCH
    sealed = seal(public, Place(str(data["form"]), "07", epoch, seq), msgspec.json.encode(personal))
    said = Body(
        station="07",
        epoch=epoch,
        seq=seq,
        kind="request.made",
        time=1000 + seq,
        data=data,
        sealed=sealed_digest(sealed),
    )
    return Carried(said.encoded(), sealed)


def batch(entries: list[Carried], station: str = "07", epoch: str = EPOCH) -> Batch:
    plain, head = request(station, [entry.body for entry in entries], epoch=epoch)
    read = read_batch(station, *signed(KEY, msgspec.structs.replace(plain, entries=tuple(entries)), head), KEY.public)
    assert isinstance(read, Batch)
    return read


def bring(books: Kept, entries: list[Carried], station: str = "07", epoch: str = EPOCH) -> None:
    """Take entries in, bring them into the projections, and tell all stations what is due."""
    assert isinstance(books.take(batch(entries, station, epoch)), Taken)
    books.do(books.store.settle())
    while books.do(books.store.write(lambda: tell_due(50))):
        pass


def told(books: Kept) -> list[Told]:
    notices = books.query("SELECT kind, data FROM notice ORDER BY seq")
    return [read_told(bytes(data)) for kind, data in notices if kind == TOLD]


def found(books: Kept, code: str = CODE) -> RequestView:
    one = books.do(books.store.request(code))
    assert one is not None
    return one


def opened(books: Kept) -> dict[str, str]:
    release = read_release(paths.release_dir() / FILE)
    desk = RequestsDesk(release, Wording(paths.release_dir()), Path("key"), SEALING.private_bytes_raw())
    one = found(books)
    return desk.opened(one, books.do(books.store.sealed_answers(one)))


def test_a_request_is_in_the_queue_with_its_sealed_answers_and_is_made_anew(books: Kept) -> None:
    bring(books, [made(1, {"phone": PHONE, "community": OTHER + "样例社区"})])
    for _ in range(2):
        (one,) = books.do(books.store.requests(everything=False))
        assert (one.form, one.state, one.made, one.answers["area"]) == ("home-visit", State.RECEIVED, 1001, "guankou")
        assert opened(books) == {"phone": PHONE, "community": OTHER + "样例社区"}
        assert books.do(books.store.rebuild()) == 1


def test_all_stations_are_told_once_and_not_again_after_a_rebuild(books: Kept) -> None:
    bring(books, [made(1, {"phone": PHONE})])
    books.do(books.store.rebuild())
    while books.do(books.store.write(lambda: tell_due(60))):
        pass
    (one,) = told(books)
    assert (one.code, one.form, one.state, one.station, one.made) == (
        digest(CODE),
        "home-visit",
        "received",
        "07",
        1001,
    )
    assert CODE.encode() not in bytes(books.query("SELECT data FROM notice ORDER BY seq DESC LIMIT 1")[0][0])


def test_a_serving_center_tells_of_a_request_by_itself_also_of_what_it_did_not_get_to(books: Kept) -> None:
    async def until_told(*states: str) -> None:
        async with asyncio.timeout(30):
            while tuple(one.state for one in await asyncio.to_thread(told, books)) != states:
                await asyncio.sleep(0.05)

    def again() -> None:
        books.do(books.store.close())
        books.store = books.again()
        books.do(books.store.open())

    assert isinstance(books.take(batch([made(1, {"phone": PHONE})])), Taken)
    books.do(until_told("received"))
    # As if the process had ended right before it told of this one.
    cancelled = Carried(body("08", 1, kind="request.cancelled", code=CODE))
    assert isinstance(books.take(batch([cancelled], "08")), Taken)
    again()
    books.do(until_told("received", "cancelled"))


def test_a_projects_request_is_told_with_its_matter_and_without_the_projects_code(books: Kept) -> None:
    project = "2611-350211-04-01-123456"
    bring(books, [made(1, {"phone": PHONE}, form="project-helper", project=project, matter="completion")])
    (one,) = told(books)
    assert (one.project, one.matter) == (digest(project), "completion")
    assert project.encode() not in bytes(books.query("SELECT data FROM notice ORDER BY seq DESC LIMIT 1")[0][0])


def test_an_answer_is_kept_told_and_the_same_again_changes_nothing(books: Kept) -> None:
    bring(books, [made(1, {"phone": PHONE})])
    for now in (70, 71):
        done = books.do(books.store.answer(CODE, State.TAKEN_ON, "社区会打电话", "爱心帮办", now))
        assert isinstance(done, RequestView)
        assert (done.state, done.words, done.time) == (State.TAKEN_ON, "社区会打电话", 70)
    assert [(one.state, one.words, one.time) for one in told(books)][1:] == [("taken-on", "社区会打电话", 70)]
    assert [one.desk for one in found(books).answered] == ["爱心帮办"]
    assert books.do(books.store.answer(OTHER_CODE, State.DONE, "", "", 72)) is None
    books.do(books.store.rebuild())
    assert found(books).state is State.TAKEN_ON


def test_when_it_is_over_its_personal_data_is_gone_and_the_second_answer_is_told_so(books: Kept) -> None:
    bring(books, [made(1, {"phone": PHONE})])
    books.do(books.store.answer(CODE, State.DONE, "", "", 70))
    assert opened(books) == {}
    assert books.query("SELECT count(*) FROM entry WHERE sealed IS NOT NULL") == [(0,)]
    late = books.do(books.store.answer(CODE, State.WAITING, "请带身份证", "", 71))
    assert isinstance(late, NotAnswered)
    assert late.request.state is State.DONE
    assert books.do(books.store.requests(everything=False)) == ()
    assert len(books.do(books.store.requests(everything=True))) == 1


def test_two_who_answer_at_once_come_one_after_the_other(books: Kept) -> None:
    bring(books, [made(1, {"phone": PHONE})])
    other = books.again()

    async def both() -> None:
        await other.open()
        await asyncio.gather(
            *(
                store.answer(CODE, State.TAKEN_ON, f"{words}{number}", words, 70)
                for number in range(5)
                for store, words in ((books.store, "甲"), (other, "乙"))
            )
        )
        await other.close()

    books.do(both())
    one = found(books)
    assert len(one.answered) == 10
    assert [(one.state, one.words) for one in told(books)][1:] == [("taken-on", one.words) for one in one.answered]


def test_called_off_at_another_station_it_is_over_and_told(books: Kept) -> None:
    bring(books, [made(1, {"phone": PHONE})])
    books.do(books.store.answer(CODE, State.TAKEN_ON, "社区会打电话", "", 70))
    bring(books, [Carried(body("08", 1, kind="request.cancelled", code=CODE))], station="08")
    one = found(books)
    assert (one.state, one.words, one.time) == (State.CANCELLED, "", 1001)
    assert told(books)[-1].state == "cancelled"
    assert opened(books) == {}
    for state, words in ((State.DONE, ""), (State.TAKEN_ON, "社区会打电话")):
        assert isinstance(books.do(books.store.answer(CODE, state, words, "", 71)), NotAnswered)


def test_called_off_before_the_request_itself_came(books: Kept) -> None:
    bring(books, [Carried(body("08", 1, kind="request.cancelled", code=CODE))], station="08")
    bring(books, [made(1, {"phone": PHONE})])
    assert [one.state for one in told(books)] == ["cancelled"]
    assert opened(books) == {}


def test_a_request_that_comes_again_inside_a_later_epoch_is_one_and_opens(books: Kept) -> None:
    entry, later = made(4, {"phone": PHONE}), "f" * 16
    inner = {"epoch": EPOCH, "seq": 4, "body": base64.b64encode(entry.body).decode()}
    assert entry.sealed is not None
    outer = Body(
        station="07",
        epoch=later,
        seq=1,
        kind="entry.recovered",
        time=9,
        data=inner,
        sealed=sealed_digest(entry.sealed),
    )
    bring(books, [Carried(outer.encoded(), entry.sealed)], epoch=later)
    assert opened(books) == {"phone": PHONE}
    # The first copy had come as well, and only its acknowledgement was lost.
    notes = [Carried(body("07", seq)) for seq in (1, 2, 3)]
    bring(books, [*notes, entry])
    assert len(books.do(books.store.requests(everything=True))) == 1
    books.do(books.store.answer(CODE, State.REFUSED, "", "", 70))
    assert books.query("SELECT count(*) FROM entry WHERE sealed IS NOT NULL") == [(0,)]


def test_ratings_are_counted_once_for_each_code(books: Kept) -> None:
    bad = {"version": 1, "answers": {"grade": "poor", "reason": "slow"}}
    entries = [
        body("07", 1, kind="rating.given", code=CODE, version=1, answers={"grade": "good"}),
        body("07", 2, kind="rating.given", code=CODE, **bad),
        body("07", 3, kind="rating.given", code=OTHER_CODE, **bad),
    ]
    bring(books, [Carried(one) for one in entries])
    assert books.read(ratings) == (("good", "", 1), ("poor", "slow", 1))


def test_a_request_that_cannot_be_stays_as_it_came(books: Kept) -> None:
    bring(books, [made(1, {}, answers={"area": "x" * 300}), made(2, {}, answers=[1]), made(3, {})])
    assert (books.count("trouble"), books.count("request")) == (2, 1)


def test_what_staff_writes_is_made_plain_or_refused() -> None:
    assert plain_words("请带“身份证”—复印件…") == "请带「身份证」-复印件..."
    assert plain_words("2026年11月25日 14:30 到3号窗口，编号 A07-012") == "2026年11月25日 14:30 到3号窗口，编号 A07-012"
    for bad in (
        "电话13800001234",
        "请打 138 0000 1234",
        "１３８００００１２３４",
        "350211-1990-0101",
        "字" * 61,
        "25℃",
    ):
        with pytest.raises(Unsuitable):
            plain_words(bad)


@given(st.text(max_size=90))
def test_whatever_staff_writes_what_goes_out_can_be_shown(text: str) -> None:
    try:
        words = plain_words(text)
    except Unsuitable:
        return
    assert is_plain(words)
    assert not ambiguous(words)
    assert len(words) <= WORDS_LIMIT
