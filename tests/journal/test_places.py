"""Lent places at the station: sold only while they are its own, found by code, changed, called off, given back."""

import datetime
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from kiosk.appointments import GIVE_BACK_MS, NoPlace, Slot
from kiosk.documents import Cut, Document, Words
from kiosk.hours import Session
from kiosk.journal.outgoing import Outgoing
from kiosk.journal.places import Appointment, Wish
from kiosk.journal.store import Journal, Reader
from kiosk.text import Language
from kiosk.wire.exchange import Downward
from kiosk.wire.places import LENT, Lent

SLOT = Slot("T", datetime.date(2026, 12, 1), Session(900, 1050))
OTHER = Slot("T", datetime.date(2026, 12, 8), Session(900, 1050))
NOW = SLOT.begins - 3 * GIVE_BACK_MS


class Killed(BaseException):
    """The process is killed here."""


def lent(
    journal: Journal, places: int = 2, slot: Slot = SLOT, loan: str = "one", at: int = NOW, epoch: str = ""
) -> Lent:
    return Lent(
        loan=loan,
        station="07",
        epoch=epoch or journal.epoch,
        theme=slot.theme,
        day=slot.day.isoformat(),
        session=slot.session.label,
        places=places,
        lent=at,
    ).proved()


def give(journal: Journal, *loans: Lent) -> None:
    first = journal.keep((), NOW) + 1
    items = [Downward(first + n, LENT, msgspec.json.encode(loan)) for n, loan in enumerate(loans)]
    journal.keep(items, NOW)


def wish(slot: Slot = SLOT, visit: int = 1, moment: int = NOW) -> Wish:
    return Wish(slot, "aji_station", visit, moment, False)


def slip(made: Appointment) -> Document:
    return Document(made.code, Language.HANS, (Words(made.code), Cut()))


@pytest.fixture
def station(journal: Journal) -> Journal:
    """A journal with two places of SLOT, of which the center has spoken."""
    give(journal, lent(journal))
    journal.places.attest(journal.epoch)
    return journal


def book(journal: Journal, visit: int = 1, slot: Slot = SLOT) -> Appointment:
    return journal.places.book(wish(slot, visit), slip)[0]


def test_what_is_lent_is_sold_once_and_every_sale_is_an_entry(station: Journal, tmp_path: Path) -> None:
    first, second = book(station, 1), book(station, 2)
    assert first.code != second.code
    assert station.places.free(NOW) == {}
    with pytest.raises(NoPlace):
        book(station, 3)
    reader = Reader(tmp_path)
    assert [entry.kind for entry in reader.entries()] == ["appointment.booked"] * 2
    assert reader.verify()[1] == []
    assert len(list(reader.jobs())) == 2
    reader.close()


def test_a_second_touch_gives_the_same_appointment(station: Journal) -> None:
    made, job, again = station.places.book(wish(), slip)
    assert station.places.book(wish(), slip) == (made, job, True)
    assert not again
    assert station.places.free(NOW) == {SLOT: 1}


def test_nothing_is_sold_before_the_center_has_spoken_in_this_run(tmp_path: Path) -> None:
    first = Journal(tmp_path, "07", NOW)
    give(first, lent(first))
    assert first.places.free(NOW) == {}
    first.places.attest("another epoch")
    assert first.places.free(NOW) == {}
    first.places.attest(first.epoch)
    assert first.places.free(NOW) == {SLOT: 2}
    first.close()
    again = Journal(tmp_path, "07", NOW)
    assert again.places.free(NOW) == {}
    again.places.attest(again.epoch)
    assert again.places.free(NOW) == {SLOT: 2}
    again.close()


def test_a_journal_back_from_a_backup_sells_nothing_that_it_was_lent_before(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    first = Journal(folder, "07", NOW)
    give(first, lent(first))
    first.places.attest(first.epoch)
    first.checkpoint()
    shutil.copy(folder / "journal.db", tmp_path / "backup.db")
    book(first)
    old = lent(first, loan="two")
    first.close()
    for file in folder.glob("journal.db*"):
        file.unlink()
    shutil.copy(tmp_path / "backup.db", folder / "journal.db")
    restored = Journal(folder, "07", NOW)
    restored.places.attest(restored.epoch)
    give(restored, old)
    assert restored.places.free(NOW) == {}
    give(restored, lent(restored, loan="three", places=1))
    assert restored.places.free(NOW) == {SLOT: 1}
    restored.close()
    outgoing = Outgoing(folder)
    assert {loan.loan for loan in outgoing.loans("07")} == {"one", "three"}
    outgoing.close()


def test_a_loan_to_another_station_or_altered_on_the_way_is_no_loan(station: Journal) -> None:
    other = msgspec.structs.replace(lent(station, loan="b"), station="08").proved()
    altered = msgspec.structs.replace(lent(station, loan="c"), places=6)
    give(station, other, altered, lent(station), lent(station))
    assert station.places.free(NOW) == {SLOT: 2}


def test_a_place_that_was_called_off_is_sold_again(station: Journal) -> None:
    made = book(station)
    assert station.places.cancel(made.code, NOW)
    assert not station.places.cancel(made.code, NOW)
    assert station.places.free(NOW) == {SLOT: 2}
    found = station.places.find(made.code)
    assert found is not None
    assert found[0].cancelled
    assert station.places.find("0" * 16) is None


def test_a_change_keeps_the_code_and_prints_a_new_slip(station: Journal) -> None:
    made = book(station)
    with pytest.raises(NoPlace):
        station.places.change(made.code, wish(OTHER), slip)
    give(station, lent(station, 1, OTHER, "later"))
    changed, job = station.places.change(made.code, wish(OTHER), slip)
    assert (changed.code, changed.slot, changed.turn) == (made.code, OTHER, 1)
    assert station.places.free(NOW) == {SLOT: 2}
    found = station.places.find(made.code)
    assert found is not None
    assert (found[0], found[1].id) == (changed, job)
    station.places.cancel(made.code, NOW)
    with pytest.raises(NoPlace):
        station.places.change(made.code, wish(), slip)


def test_what_nobody_took_goes_back_a_day_before_by_an_entry_and_is_sold_no_more(
    station: Journal, tmp_path: Path
) -> None:
    book(station)
    assert station.places.give_back(SLOT.begins - GIVE_BACK_MS - 1) == 0
    assert station.places.give_back(SLOT.begins - GIVE_BACK_MS) == 1
    assert station.places.give_back(SLOT.begins - GIVE_BACK_MS) == 0
    assert station.places.free(SLOT.begins - 1) == {}
    reader = Reader(tmp_path)
    assert [entry.kind for entry in reader.entries()] == ["appointment.booked", "places.returned"]
    reader.close()


@pytest.fixture
def killed_at(tmp_path: Path) -> Iterator[Callable[[str], Journal]]:
    """Opens a journal with two places, one of them sold as `0`, whose process is killed at a step."""
    opened: list[Journal] = []

    def make(step: str) -> Journal:
        armed = False

        def kill(name: str) -> None:
            if armed and name == step:
                raise Killed

        journal = Journal(tmp_path, "07", NOW, step=kill)
        opened.append(journal)
        give(journal, lent(journal))
        journal.places.attest(journal.epoch)
        armed = True
        return journal

    yield make
    for journal in opened:
        journal.close()


@pytest.mark.parametrize(("step", "sold"), [("place sold", 0), ("committed", 1)])
def test_a_kill_in_the_middle_of_booking_leaves_all_of_it_or_nothing(
    killed_at: Callable[[str], Journal], tmp_path: Path, step: str, sold: int
) -> None:
    with pytest.raises(Killed):
        book(killed_at(step))
    reader = Reader(tmp_path)
    assert len(list(reader.entries())) == len(list(reader.jobs())) == sold
    assert reader.verify()[1] == []
    reader.close()
    after = Journal(tmp_path, "07", NOW)
    after.places.attest(after.epoch)
    assert after.places.free(NOW) == {SLOT: 2 - sold}
    after.close()
