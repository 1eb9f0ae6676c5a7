"""The center lends places of slots to stations, never more than there are. Every test here holds for both stores."""

import asyncio
import base64
import datetime
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from center import inventory
from center.exchanging import Exchanging
from center.intake import read_batch
from center.kept import AppointmentView
from center.lending import Waits, lend, lend_due, set_capacity, slot_view
from center.taking import Batch, Taken
from kiosk.appointments import GIVE_BACK_MS, Coming, Slot, SlotRule
from kiosk.hours import Session
from kiosk.text import Text
from kiosk.wire.entries import GENESIS, Body
from kiosk.wire.exchange import read_answer
from kiosk.wire.places import BOOKED, CANCELLED, CHANGED, LENT, RETURNED, Inventory, Lent, read_lent
from tests.center.running import EPOCH, request, signed
from tests.center.stores import KEY, STORES, Kept, Servers, kept

SLOT = Slot("T", datetime.date(2026, 12, 1), Session(900, 1050))
RULE = SlotRule("T", "aji_station", Text("银行", "銀行", "Bank"), (2,), SLOT.session, 5, 2, 28, False)
ONE = Coming(SLOT, RULE, True)
NOW = SLOT.begins - 2 * GIVE_BACK_MS
IDS = map(str, itertools.count())


@pytest.fixture(params=STORES)
def books(request: pytest.FixtureRequest, tmp_path: Path, servers: Servers) -> Iterator[Kept]:
    with kept(request.param, tmp_path, servers.one) as one:
        yield one


def start(books: Kept, word: str = "first") -> None:
    books.do(books.store.write(lambda: inventory.begin(word, NOW)))


def tell(books: Kept, station: str, *loans: Lent, word: str = "first", epoch: str = EPOCH) -> None:
    said = Inventory(word, loans)
    books.do(books.store.write(lambda: inventory.keep(station, epoch, said, NOW)))


def lent(books: Kept, station: str, places: int = 2) -> int | Waits:
    return books.do(books.store.write(lambda: lend(ONE, station, places, f"loan {next(IDS)}", NOW)))


def send(books: Kept, station: str, *entries: tuple[str, dict[str, Any]], epoch: str = EPOCH) -> None:
    bodies = [
        Body(station=station, epoch=epoch, seq=seq, kind=kind, time=NOW + seq, data=data).encoded()
        for seq, (kind, data) in enumerate(entries, start=1)
    ]
    made, head = request(station, bodies, first=1, before=GENESIS, epoch=epoch)
    read = read_batch(station, *signed(KEY, made, head), KEY.public)
    assert isinstance(read, Batch)
    assert isinstance(books.take(read), Taken)
    books.do(books.store.settle())


def booked(code: int, loan: str, kind: str = BOOKED, turn: int = 0) -> tuple[str, dict[str, Any]]:
    place = {"loan": loan, "theme": "T", "day": "2026-12-01", "session": SLOT.session.label, "turn": turn}
    return kind, {"code": f"{code:016d}", **place}


def test_nothing_is_lent_before_every_station_has_said_what_it_holds(books: Kept) -> None:
    assert lent(books, "07") == Waits(("07", "08"))
    start(books)
    tell(books, "07")
    assert lent(books, "07") == Waits(("08",))
    tell(books, "08", word="an earlier start")
    assert lent(books, "07") == Waits(("08",))
    tell(books, "08")
    assert lent(books, "07") == 2
    start(books, "second")
    assert lent(books, "07") == Waits(("07", "08"))
    books.do(books.store.write(inventory.trust))
    assert lent(books, "07") == 2
    start(books, "third")
    assert lent(books, "07") == Waits(("07", "08"))


def test_a_center_back_from_a_backup_counts_the_loans_that_it_has_forgotten(books: Kept) -> None:
    start(books)
    forgotten = Lent(
        loan="gone", station="07", epoch=EPOCH, theme="T", day="2026-12-01", session="15:00-17:30", places=4, lent=NOW
    ).proved()
    tell(books, "07", forgotten)
    tell(books, "07", forgotten)
    tell(books, "08")
    assert lent(books, "08") == 1
    assert lent(books, "08") == 0


def test_only_the_station_that_it_is_for_is_told_of_a_loan(books: Kept) -> None:
    start(books)
    tell(books, "07")
    tell(books, "08")
    assert lent(books, "08") == 2
    own = [read_lent(one.data) for one in books.do(books.store.notices("08", 0, NOW)) if one.kind == LENT]
    assert [(one.station, one.epoch, one.places) for one in own] == [("08", EPOCH, 2)]
    assert LENT not in {one.kind for one in books.do(books.store.notices("07", 0, NOW))}


def test_what_comes_back_is_lent_again_once(books: Kept) -> None:
    start(books)
    tell(books, "07")
    tell(books, "08")
    loan = f"loan {next(IDS)}"
    assert books.do(books.store.write(lambda: lend(ONE, "07", 5, loan, NOW))) == 5
    assert lent(books, "08") == 0
    back = RETURNED, {"loan": loan, "places": 3}
    send(books, "07", back)
    inner = Body(station="07", epoch=EPOCH, seq=1, kind=back[0], time=NOW, data=back[1]).encoded()
    again = {"epoch": EPOCH, "seq": 1, "hash": "00" * 32, "body": base64.b64encode(inner).decode()}
    send(books, "07", ("entry.recovered", again), epoch="f" * 16)
    assert lent(books, "08", 9) == 3
    assert lent(books, "08") == 0
    books.do(books.store.rebuild())
    assert lent(books, "08") == 0


def test_places_sold_of_a_loan_that_nobody_knows_are_not_lent(books: Kept) -> None:
    start(books)
    tell(books, "07")
    tell(books, "08")
    send(books, "07", booked(1, "gone"), booked(2, "gone"), booked(3, "gone"), (CANCELLED, {"code": f"{3:016d}"}))
    view = books.read(lambda: slot_view(ONE))
    assert (view.stray, view.used) == (2, 2)
    assert lent(books, "08", 9) == 3


def test_a_changed_appointment_counts_where_it_was_changed_to(books: Kept) -> None:
    start(books)
    tell(books, "07")
    tell(books, "08")
    send(books, "07", booked(1, "a"), booked(1, "b", CHANGED, 1))
    assert books.read(lambda: slot_view(ONE)).stray == 1
    assert books.do(books.store.appointment(f"{1:016d}")) == AppointmentView(
        "07", f"{1:016d}", "T", "2026-12-01", SLOT.session.label, False
    )
    assert books.do(books.store.appointment("0" * 16)) is None


def test_stations_that_have_no_place_to_sell_are_lent_some_until_none_is_left(books: Kept) -> None:
    start(books)
    tell(books, "07")
    tell(books, "08")
    ids = (f"due {number}" for number in itertools.count())

    def look(now: int = NOW) -> int:
        return books.do(books.store.write(lambda: lend_due(ONE, lambda: next(ids), now)))

    assert look() == 4
    assert look() == 0
    send(books, "08", booked(1, "due 1"), booked(2, "due 1"))
    assert look() == 1
    assert look() == 0
    books.do(books.store.write(lambda: set_capacity(SLOT, 9)))
    assert look(SLOT.begins) == 0
    send(books, "07", (RETURNED, {"loan": "due 0", "places": 2}))
    assert look(SLOT.begins - 1000) == 1


def test_two_who_lend_at_once_do_not_lend_the_same_place(books: Kept) -> None:
    start(books)
    tell(books, "07")
    tell(books, "08")

    async def both() -> list[int | Waits]:
        lending = [
            books.store.write(lambda name=f"both {n}", to=f"0{7 + n % 2}": lend(ONE, to, 1, name, NOW))  # type: ignore[misc]
            for n in range(12)
        ]
        return await asyncio.gather(*lending)

    assert sum(places for places in books.do(both()) if isinstance(places, int)) == RULE.capacity


def test_a_station_is_asked_once_after_each_start_and_its_answer_is_counted(books: Kept) -> None:
    start(books)
    exchanging = Exchanging(books.store, lambda: NOW)

    def exchange(said: Inventory | None = None, epoch: str = EPOCH) -> str:
        made, head = request("07", [], epoch=epoch)
        made = msgspec.structs.replace(made, inventory=said)
        headers, content = signed(KEY, made, head)
        enrolled = books.do(books.store.station("07"))
        assert enrolled is not None
        outcome = books.do(exchanging.exchange(enrolled, headers, content))
        assert outcome.status == 200
        return read_answer(outcome.content).word

    assert exchange() == "first"
    assert exchange(Inventory("older")) == "first"
    assert exchange(Inventory("first")) == ""
    assert exchange() == ""
    assert exchange(epoch="e" * 16) == "first"
    assert exchange(Inventory("first"), epoch="e" * 16) == ""
