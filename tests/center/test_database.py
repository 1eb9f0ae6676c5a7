"""Files that are no center's database, or a newer one's."""

from pathlib import Path

import pytest
from sqlite_utils import Database
from sqlite_utils.utils import sqlite3

from center.books import Books
from center.database import _migrations, open_for_writing
from center.kept import StoreTrouble
from tests.center.running import EPOCH, body
from tests.center.stores import rows_of


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


def test_requests_that_an_older_program_did_not_know_are_there_after_the_update(tmp_path: Path) -> None:
    path = tmp_path / "center.db"
    older = Database(sqlite3.connect(path, isolation_level=None))
    _migrations.apply(older, stop_before="second")
    entry = body("07", 1, kind="request.cancelled", code="1234567890123459")
    older.execute("INSERT INTO entry VALUES ('07', ?, 1, ?, NULL, ?, 5)", [EPOCH, entry, bytes(32)])
    older.execute("INSERT INTO chain VALUES ('07', ?, 1, ?, 5, 5, 1)", [EPOCH, bytes(32)])
    older.close()
    books = Books(open_for_writing(path, checkpoints=True))
    with books.transaction():
        assert books.project(10) == 1
    books.close()
    assert rows_of(path, "SELECT station, code FROM request_cancelled") == [("07", "1234567890123459")]


def test_the_database_and_its_log_are_for_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "center.db"
    database = open_for_writing(path, checkpoints=True)
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.glob("center.db*")}
    database.close()
    assert modes == {"center.db": 0o600, "center.db-wal": 0o600, "center.db-shm": 0o600}


def test_a_database_in_a_folder_that_is_not_there_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(StoreTrouble, match=r"none/center\.db: cannot be made: No such file or directory"):
        open_for_writing(tmp_path / "none" / "center.db", checkpoints=True)
