"""Cloned disks, altered entries and a whole folder put back: set aside, told, and nothing of it lost."""

import shutil
from collections.abc import Iterator

import pytest
from sqlite_utils.utils import sqlite3

from center.kept import Enrolled, StationView
from kiosk.link.machine import State, Tick
from tests.link.agreement import disagreements
from tests.link.simulated_ends import tickets
from tests.link.simulated_station import Station
from tests.link.simulation import Plan, World, world


@pytest.fixture
def quiet() -> Iterator[World]:
    """Two stations, a center, and a line on which nothing happens."""
    with world(Plan(1, stations=2, loss=0.0, kill=0.0, faults=0.0)) as one:
        one.healed = True
        yield one


def exchange(one: World, *ends: Station) -> None:
    """Let some time go by in which these stations may send."""
    for _ in range(6):
        one.now += 400
        for end in ends:
            end.step(Tick())


def view(one: World, number: str) -> StationView:
    one.project(one.center.books)
    return next(found for found in one.center.books.stations() if found.number == number)


def test_a_cloned_disk_is_noticed_and_both_machines_numbers_arrive(quiet: World) -> None:
    original, bystander = quiet.stations
    for _ in range(3):
        original.take_ticket()
    exchange(quiet, original)
    original.journal.checkpoint()
    copy = quiet.folder / "copy"
    shutil.copytree(original.folder, copy)
    clone = Station(original.number, copy, quiet, original.key)
    for end in (original, clone, bystander):
        for _ in range(4):
            end.take_ticket()
        exchange(quiet, end)
    exchange(quiet, original, clone, bystander)
    assert original.link.status.state is clone.link.status.state is State.WELL
    seen = view(quiet, original.number)
    assert [one.reason for one in seen.aside] == ["fork"]
    assert seen.doubled, "the same numbers came from two machines, and the center says so"
    assert seen.recovered > 0
    codes = {row[1] for row in tickets(quiet.center.db)}
    assert set(original.promised) | set(clone.promised) <= codes
    assert list(disagreements(bystander.folder, bystander.number, quiet.center.db)) == []
    assert not view(quiet, bystander.number).aside


def test_two_machines_that_are_one_station_give_out_no_number_twice_once_that_is_seen(quiet: World) -> None:
    original = quiet.stations[0]
    original.take_ticket()
    exchange(quiet, original)
    original.journal.checkpoint()
    copy = quiet.folder / "copy"
    shutil.copytree(original.folder, copy)
    clone = Station(original.number, copy, quiet, original.key)
    for end in (original, clone):
        for _ in range(6):
            end.take_ticket()
        exchange(quiet, end)
    exchange(quiet, original)
    doubled = len(view(quiet, original.number).doubled)
    assert doubled, "nobody knew yet"
    for _ in range(6):
        for end in (clone, original):
            end.take_ticket()
            exchange(quiet, original, clone)
    seen = view(quiet, original.number)
    assert seen.divided
    assert len(seen.doubled) == doubled


def test_a_copy_that_went_on_while_the_original_did_too_is_told_of(quiet: World) -> None:
    original = quiet.stations[0]
    original.take_ticket()
    exchange(quiet, original)
    original.journal.checkpoint()
    copy = quiet.folder / "copy"
    shutil.copytree(original.folder, copy)
    original.take_ticket()
    exchange(quiet, original)
    assert not view(quiet, original.number).divided
    clone = Station(original.number, copy, quiet, original.key)
    exchange(quiet, clone)
    assert not view(quiet, original.number).divided, "a folder that was put back looks the same until now"
    original.take_ticket()
    exchange(quiet, original)
    assert view(quiet, original.number).divided
    for _ in range(3):
        for end in (clone, original):
            end.take_ticket()
            exchange(quiet, original, clone)
    assert not view(quiet, original.number).doubled


@pytest.mark.parametrize("damage", ["altered", "missing"])
def test_an_entry_that_was_damaged_before_it_was_sent_does_not_hold_up_the_others(quiet: World, damage: str) -> None:
    station = quiet.stations[0]
    for _ in range(3):
        station.take_ticket()
    exchange(quiet, station)
    quiet.cut.add(station.number)
    quiet.healed = False
    for _ in range(5):
        station.take_ticket()
    connection = sqlite3.connect(station.folder / "journal.db")
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute(
        "UPDATE entry SET body = CAST(replace(body, 'newborn', 'newfarm') AS BLOB) WHERE seq = 9"
        if damage == "altered"
        else "DELETE FROM entry WHERE seq = 9"
    )
    connection.commit()
    connection.close()
    quiet.healed = True
    station.take_ticket()
    exchange(quiet, station)
    assert station.link.status.state is State.WELL
    seen = view(quiet, station.number)
    assert len(seen.chains) == 2
    codes = {row[1] for row in tickets(quiet.center.db)}
    lost = set(station.promised) - codes
    assert len(lost) == (0 if damage == "altered" else 1)
    if damage == "altered":
        begun = quiet.center.db.execute("SELECT body FROM entry WHERE epoch = ? AND seq = 1", [seen.chains[1].epoch])
        assert b'"reason":"altered"' in begun.fetchone()[0]


def test_a_whole_folder_put_back_to_a_backup_goes_on_in_a_new_epoch(quiet: World) -> None:
    station = quiet.stations[0]
    station.take_ticket()
    station.journal.checkpoint()
    backup = quiet.folder / "backup"
    shutil.copytree(station.folder, backup)
    for _ in range(3):
        station.take_ticket()
    exchange(quiet, station)
    first = station.journal.epoch
    old = station.promised
    again = Station(station.number, backup, quiet, station.key)
    exchange(quiet, again)
    assert again.journal.epoch != first, "the center has more of the old epoch than the folder"
    again.take_ticket()
    exchange(quiet, again)
    assert again.link.status.state is State.WELL
    seen = view(quiet, station.number)
    assert not seen.aside
    codes = {row[1] for row in tickets(quiet.center.db)}
    assert set(old) | set(again.promised) <= codes


def test_every_station_learns_every_key_also_from_a_center_that_was_put_back(quiet: World) -> None:
    first, second = quiet.stations
    exchange(quiet, first, second)
    assert first.journal.station_keys("02").keys[-1].public == second.key.public
    assert second.journal.station_keys("01").keys[-1].public == first.key.public
    backup = quiet.folder / "center.backup"
    quiet.center.back_up(backup)
    with quiet.center.books.transaction():
        quiet.center.books.revoke("02", quiet.ms())
    exchange(quiet, first)
    assert first.journal.station_keys("02").keys == ()
    quiet.center.restore(backup)
    exchange(quiet, first)
    with quiet.center.books.transaction():
        quiet.center.books.revoke("02", quiet.ms())
    with quiet.center.books.transaction():
        quiet.center.books.enrol(Enrolled("03", b"k" * 32, quiet.ms()))
    exchange(quiet, first)
    assert first.journal.station_keys("03").keys[-1].public == b"k" * 32
    assert first.journal.station_keys("02").keys == ()
