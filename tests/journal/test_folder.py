"""State folders that cannot be used are refused with one line, before anything is shown."""

import fcntl
import os
import struct
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlite_utils.utils import sqlite3

from kiosk.journal.database import open_for_reading, open_for_writing
from kiosk.journal.folder import StateError, StateFolder
from kiosk.journal.store import Journal, Reader


def refused(folder: Path) -> str:
    with pytest.raises(StateError) as caught, StateFolder(folder):
        pass
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_fresh_folder_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    with StateFolder(tmp_path / "new" / "state") as folder:
        assert folder.path.stat().st_mode & 0o777 == 0o700


def test_a_journal_and_its_log_are_for_their_owner_alone(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "07", 0)
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.glob("journal.db*")}
    journal.close()
    assert modes == {"journal.db": 0o600, "journal.db-wal": 0o600, "journal.db-shm": 0o600}


def test_a_second_kiosk_is_refused_and_told_which_process_has_the_folder(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from pathlib import Path; from kiosk.journal.folder import StateFolder\n"
            "with StateFolder(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()",
            tmp_path,
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    assert f"process {holder.pid}" in refused(tmp_path)
    holder.kill()
    holder.wait()
    with StateFolder(tmp_path):
        pass
    holder.stdout.close()
    assert holder.stdin is not None
    holder.stdin.close()


def test_a_file_in_its_place(tmp_path: Path) -> None:
    file = tmp_path / "state"
    file.write_text("")
    assert "not a folder" in refused(file)


def test_a_foreign_database_and_a_newer_journal(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    other = sqlite3.connect(path)
    other.execute("PRAGMA application_id = 7")
    other.execute("CREATE TABLE t (x)")
    other.close()
    assert "another program" in refused(tmp_path)
    path.unlink()
    Journal(tmp_path, "07", 0).close()
    with path.open("r+b") as file:
        file.seek(60)
        file.write(struct.pack(">I", 99))
    assert "newer version (schema 99, this one knows 1)" in refused(tmp_path)
    with pytest.raises(StateError, match="newer version"):
        Reader(tmp_path)


def test_a_newer_journal_whose_version_is_still_in_the_write_ahead_log(tmp_path: Path) -> None:
    Journal(tmp_path, "07", 0).close()
    path = tmp_path / "journal.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("PRAGMA user_version = 99")
    with pytest.raises(StateError, match="newer version"):
        open_for_writing(path)
    other.close()


def test_a_damaged_journal_is_not_written_to(tmp_path: Path) -> None:
    Journal(tmp_path, "07", 0).close()
    path = tmp_path / "journal.db"
    content = bytearray(path.read_bytes())
    content[4096 : 4096 * 3] = os.urandom(8192)
    path.write_bytes(content)
    with pytest.raises(StateError, match="is damaged"):
        open_for_writing(path)
    assert path.read_bytes() == content


def test_reading_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="no journal here yet"):
        open_for_reading(tmp_path / "journal.db")


def test_reading_beside_a_running_station_and_after_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "07", 0)
    reader = Reader(tmp_path)
    assert reader.verify() == (0, [])
    reader.close()
    journal.close()
    reader = Reader(tmp_path)
    assert list(reader.entries()) == []
    reader.close()


def test_a_glance_at_the_lock_does_not_keep_a_station_from_starting(tmp_path: Path) -> None:
    with StateFolder(tmp_path):
        pass
    looker = os.open(tmp_path / "lock", os.O_RDONLY)
    fcntl.flock(looker, fcntl.LOCK_SH)
    letting_go = threading.Timer(0.05, os.close, [looker])
    letting_go.start()
    with StateFolder(tmp_path) as folder:
        assert folder.path == tmp_path
    letting_go.join()
