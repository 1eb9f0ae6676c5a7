"""A station's key is renewed: wherever that is cut off, the station can still exchange, and the next try ends it."""

import asyncio
import datetime
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from center.books import Books
from center.database import open_for_reading, open_for_writing
from center.folder import database_path
from center.kept import Enrolled
from kiosk.cli import main as kiosk
from kiosk.journal.folder import StateFolder
from kiosk.journal.store import Journal
from kiosk.keyring import NEXT, Keyring
from kiosk.keys import FILE, Claim, ticket_link
from kiosk.link import worker
from kiosk.link.machine import State, Trouble
from kiosk.link.renewal import renew
from kiosk.link.transport import LineTrouble, Reply, Transport, pinned
from kiosk.trust import read_trust
from kiosk.wire.renewal import RENEWAL_LIMIT
from tests.center.running import Listening, listening
from tests.link.test_station import known, let_in, station_in, take_ticket, wait_for

PROCESS = Path(__file__).with_name("renewal_process.py")


@pytest.fixture
def center(tmp_path: Path) -> Iterator[Listening]:
    with listening(tmp_path / "center", tls=True) as running:
        yield running


class Ends:
    """A station's state folder and its settings, and what the center has of it."""

    def __init__(self, folder: Path, center: Listening) -> None:
        self.center, self.state = center, folder / "state"
        self.state.mkdir()
        self.url = f"https://localhost:{center.port}"
        self.settings = folder / "kiosk.toml"
        self.settings.write_text(f'[station]\nnumber = "07"\n[center]\nurl = "{self.url}"\n', "utf-8")

    def kiosk(self, *words: str) -> int:
        return kiosk([*words, "--config", str(self.settings), "--state", str(self.state)])

    def exchange(self) -> int:
        """Write an entry and send all there is; returns the command's exit code."""
        now = time.time_ns() // 1_000_000
        journal = Journal(self.state, "07", now)
        journal.enter("note", now, {})
        journal.close()
        return self.kiosk("sync", "--once")

    @property
    def here(self) -> bytes:
        """The public key that the station signs with."""
        return Keyring(self.state / "keys").key.public

    @property
    def there(self) -> Enrolled:
        """What the center knows the station by."""
        db = open_for_reading(database_path(self.center.folder))
        try:
            found = Books(db).station("07")
        finally:
            db.close()
        assert found is not None
        return found


@pytest.fixture
def ends(tmp_path: Path, center: Listening) -> Ends:
    made = Ends(tmp_path, center)
    let_in(center, made.state)
    return made


# Before anything is sent; after the center's commit, before the rename; after it.
@pytest.mark.parametrize("step", ["made", "answered", "switched"])
def test_killed_at_a_step_it_still_exchanges_and_the_next_try_ends_the_renewal(ends: Ends, step: str) -> None:
    old = ends.here
    assert ends.exchange() == os.EX_OK
    killed = subprocess.run([sys.executable, PROCESS, ends.state, ends.url, step])
    assert killed.returncode == -signal.SIGKILL
    assert (ends.there.public == old) is (step == "made")
    assert ends.exchange() == os.EX_OK
    assert ends.here == ends.there.public
    assert ends.kiosk("enroll", "--renew") == os.EX_OK
    assert ends.here == ends.there.public != old
    assert not (ends.state / "keys" / NEXT).exists()
    assert ends.exchange() == os.EX_OK


def test_an_answer_that_was_lost_comes_again_for_the_same_key(ends: Ends) -> None:
    class Deaf(Transport):
        def post(self, path: str, headers: Mapping[str, str], content: bytes) -> Reply:
            super().post(path, headers, content)
            raise LineTrouble(Trouble.CUT_OFF, "cut off")

    old, keyring = ends.here, Keyring(ends.state / "keys")
    trust = read_trust(ends.state / "keys")
    assert trust is not None
    with pytest.raises(LineTrouble):
        renew(Deaf(ends.url, pinned(trust.ca), RENEWAL_LIMIT), "07", keyring)
    there = ends.there.public
    assert ends.here == old != there
    line = Transport(ends.url, pinned(trust.ca), RENEWAL_LIMIT)
    since = renew(line, "07", keyring)
    line.close()
    assert keyring.key.public == ends.here == ends.there.public == there
    assert since <= time.time_ns() // 1_000_000


def test_a_station_that_runs_signs_and_sends_with_the_new_key_at_once(
    center: Listening, ends: Ends, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "ENROLLED_S", 0.1)
    with StateFolder(ends.state) as folder:
        station = station_in(folder, ends.url)
        station.start()
        first = take_ticket(station)
        wait_for(lambda: known(center, first), 20)
        assert ends.kiosk("enroll", "--renew") == os.EX_OK
        second = take_ticket(station)
        wait_for(lambda: known(center, second), 20)
        assert station._station_key().public == ends.there.public
        assert station.link is not None
        assert station.link.status.state is State.WELL
        station.stop()


def test_a_revoked_station_keeps_its_key_and_says_so(ends: Ends, capsys: pytest.CaptureFixture[str]) -> None:
    old = ends.here
    books = Books(open_for_writing(database_path(ends.center.folder), checkpoints=False))
    with books.transaction():
        books.revoke("07", 5)
    books.close()
    assert ends.kiosk("enroll", "--renew") == os.EX_NOPERM
    assert "revoked" in capsys.readouterr().err
    assert ends.here == old
    assert not (ends.state / "keys" / NEXT).exists()


def test_what_the_command_cannot_do_is_said_in_one_line(
    tmp_path: Path, center: Listening, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = Ends(tmp_path, center)
    assert alone.kiosk("enroll", "--renew") == os.EX_CONFIG
    assert "not enrolled" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        alone.kiosk("enroll", "--renew", "ABCDE")
    assert ended.value.code == os.EX_USAGE


def test_a_file_that_was_carried_across_a_renewal_comes_in_when_a_person_says_so(
    ends: Ends, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def bring(*words: str) -> int:
        return kiosk(["center", "import", str(bundle), "--folder", str(ends.center.folder), *words])

    bundle = tmp_path / "bundle"
    journal = Journal(ends.state, "07", 1)
    journal.enter("note", 1, {})
    journal.close()
    assert ends.kiosk("journal", "export", "--bundle", str(bundle)) == os.EX_OK
    assert ends.kiosk("enroll", "--renew") == os.EX_OK
    capsys.readouterr()
    assert bring() == os.EX_DATAERR
    assert "an earlier key of this station, which was renewed since" in capsys.readouterr().err
    assert bring("--earlier-key") == os.EX_OK
    assert "2 entries are new" in capsys.readouterr().out
    assert kiosk(["center", "revoke", "07", "--folder", str(ends.center.folder)]) == os.EX_OK
    assert bring("--earlier-key") == os.EX_DATAERR
    assert "revoked" in capsys.readouterr().err


def test_own_slips_of_before_a_renewal_are_still_known_by_their_code(ends: Ends) -> None:
    with StateFolder(ends.state) as folder:
        station = station_in(folder, ends.url)
        station.start()
        code = take_ticket(station)
        old = station._station_key()
        claim = Claim(code, "07", 0, 1, datetime.date(2026, 11, 25), "A", 1)
        assert ends.kiosk("enroll", "--renew") == os.EX_OK
        assert station._station_key().public != old.public

        def seen() -> bool:
            return asyncio.run(station.desk.scanned.ticket(ticket_link("x.example", claim, old.sign))) is not None

        wait_for(seen, 20)
        station.stop()


def test_a_key_file_that_was_spoilt_while_the_station_runs_leaves_the_key_in_use(ends: Ends) -> None:
    keyring = Keyring(ends.state / "keys")
    public = keyring.key.public
    (ends.state / "keys" / FILE).write_text("rubbish")
    assert keyring.key.public == public
    (ends.state / "keys" / NEXT).write_text("rubbish")
    assert keyring.following() is None


def test_a_new_key_that_cannot_be_written_is_said_in_one_line_and_the_present_one_stays(
    ends: Ends, capsys: pytest.CaptureFixture[str]
) -> None:
    old = ends.here
    (ends.state / "keys" / f"{NEXT}.new").mkdir()
    assert ends.kiosk("enroll", "--renew") == os.EX_CANTCREAT
    said = capsys.readouterr().err
    assert said.startswith("kiosk: the key is not renewed: ")
    assert said.count("\n") == 1
    assert ends.here == ends.there.public == old
