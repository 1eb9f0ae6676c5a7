"""How far a station's numbers have come, for a station that asks. Every test here holds for both stores."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from center import projections
from center.intake import read_batch
from center.numbers import highest
from center.taking import Batch
from kiosk.wire.entries import GENESIS, Body
from tests.center.running import EPOCH, request, signed
from tests.center.stores import KEY, STORES, Kept, Servers, kept

NOW = 1_795_500_000_000


@pytest.fixture(params=STORES)
def books(request: pytest.FixtureRequest, tmp_path: Path, servers: Servers) -> Iterator[Kept]:
    with kept(request.param, tmp_path, servers.one) as one:
        yield one


def issued(seq: int, number: str, day: str = "2026-11-24", station: str = "07", epoch: str = EPOCH) -> bytes:
    data = {
        "number": number,
        "code": f"{seq:016d}",
        "theme": number[0],
        "package": "newborn-birth",
        "day": day,
        "session": "08:30-12:00",
        "doubtful": False,
        "job": seq,
    }
    return Body(station=station, epoch=epoch, seq=seq, kind="ticket.issued", time=NOW, data=data).encoded()


def send(books: Kept, bodies: list[bytes], station: str = "07", epoch: str = EPOCH) -> None:
    made, head = request(station, bodies, first=1, before=GENESIS, epoch=epoch)
    read = read_batch(station, *signed(KEY, made, head), KEY.public)
    assert isinstance(read, Batch)
    books.take(read)


def test_the_highest_of_each_day_and_theme_also_before_the_projections_are_made(books: Kept) -> None:
    numbers = ["A07-001", "A07-999", "A07-1002", "B07-007"]
    bodies = [issued(seq, number) for seq, number in enumerate(numbers, start=1)]
    bodies += [issued(5, "A07-003", "2026-11-25"), issued(6, "A07-800", "2026-10-01"), issued(7, "rubbish")]
    send(books, bodies)
    send(books, [issued(1, "A08-777", station="08")], station="08")
    told = {"2026-11-24 A": 1002, "2026-11-24 B": 7, "2026-11-25 A": 3}
    assert books.read(lambda: highest("07", NOW)) == told
    books.do(books.store.settle())
    assert books.read(lambda: highest("07", NOW)) == told
    assert books.read(projections.behind) == ()
    assert books.read(lambda: highest("09", NOW)) == {}


def test_numbers_that_came_inside_entries_of_a_later_epoch_count(books: Kept) -> None:
    inner = {"epoch": EPOCH, "seq": 9, "hash": "00" * 32, "body": base64.b64encode(issued(9, "C07-055")).decode()}
    later = "f" * 16
    body = Body(station="07", epoch=later, seq=1, kind="entry.recovered", time=NOW, data=inner).encoded()
    send(books, [body], epoch=later)
    assert books.read(lambda: highest("07", NOW)) == {"2026-11-24 C": 55}
