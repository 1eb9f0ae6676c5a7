"""`kiosk center slots`: what those who look after the places see."""

import datetime
import os
from pathlib import Path

import pytest

from center import inventory
from center.authority import make
from center.folder import database_path, keys_dir
from center.sqlite_store import SqliteStore
from kiosk.cli import main
from kiosk.wire.places import Inventory
from tests.center.running import EPOCH
from tests.center.stores import Kept, rows_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A center that was started once, with two stations; 07 has said what it holds, 08 has not."""
    make(keys_dir(tmp_path), "localhost", datetime.datetime.now(datetime.UTC))
    path = database_path(tmp_path)
    books = Kept(lambda: SqliteStore(path), lambda statement: rows_of(path, statement))
    books.do(books.store.write(lambda: inventory.begin("word", 1)))
    books.do(books.store.write(lambda: inventory.keep("07", EPOCH, Inventory("word"), 1)))
    books.close()
    return tmp_path


def kiosk(folder: Path, *words: str) -> int:
    return main(["center", "slots", *words, "--folder", str(folder)])


@pytest.fixture
def slot(folder: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, str, str]:
    """Theme, day and session of the next bank day, as the list tells them."""
    assert kiosk(folder, "list", "--days", "28") == 0
    listed = capsys.readouterr().out
    line = next(line for line in listed.splitlines() if "银行服务点（样例）" in line)
    assert "capacity 8, lent 0, back 0, booked 0, left 8" in line
    assert "nothing is lent before these stations say what they hold: 08" in listed
    theme, day, session = line.split()[:3]
    return theme, day, session


def test_nothing_is_lent_while_a_station_has_not_answered_unless_a_person_says_so(
    folder: Path, slot: tuple[str, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert kiosk(folder, "lend", *slot, "07", "3") == os.EX_TEMPFAIL
    assert "have not said which loans they hold: 08" in capsys.readouterr().err
    assert kiosk(folder, "go-on") == 0
    assert kiosk(folder, "lend", *slot, "07", "3") == 0
    assert "lent to station 07: 3" in capsys.readouterr().out
    assert kiosk(folder, "lend", *slot, "08", "3") == os.EX_TEMPFAIL
    assert "08: has not said yet which loans it holds" in capsys.readouterr().err
    assert kiosk(folder, "list", "--days", "28") == 0
    told = capsys.readouterr().out
    assert "lent 3, back 0, booked 0, left 5" in told
    assert "station 07: 3 lent, 0 booked" in told


def test_a_capacity_that_is_lowered_takes_nothing_back(
    folder: Path, slot: tuple[str, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    kiosk(folder, "go-on")
    kiosk(folder, "lend", *slot, "07", "3")
    assert kiosk(folder, "set", *slot, "2") == 0
    assert kiosk(folder, "lend", *slot, "07", "1") == os.EX_DATAERR
    capsys.readouterr()
    kiosk(folder, "list", "--days", "28")
    assert "capacity 2, lent 3, back 0, booked 0, left 0" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("set", "aji_station", "2020-01-07", "15:00-17:30", "5"), os.EX_USAGE, "no such slot lies ahead"),
        (("set", "aji_station", "x", "y", "5"), os.EX_USAGE, "no such slot lies ahead"),
        (("lend", "nothing", "2020-01-07", "15:00-17:30", "07", "5"), os.EX_USAGE, "no such slot lies ahead"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    folder: Path, words: tuple[str, ...], code: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert kiosk(folder, *words) == code
    (line,) = capsys.readouterr().err.splitlines()
    assert told in line


def test_places_and_stations_that_cannot_be_are_refused(
    folder: Path, slot: tuple[str, str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert kiosk(folder, "set", *slot, "many") == os.EX_USAGE
    assert "must be a number of places" in capsys.readouterr().err
    assert kiosk(folder, "lend", *slot, "55", "1") == os.EX_DATAERR
    assert "no such station is enrolled" in capsys.readouterr().err
