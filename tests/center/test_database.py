"""Files that are no center's database, or a newer one's."""

from pathlib import Path

import pytest

from center.books import Books
from center.database import open_for_writing
from center.kept import StoreTrouble


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
