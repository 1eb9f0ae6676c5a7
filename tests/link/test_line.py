"""The line itself: real TLS to a real center, and to those who only pretend to be one."""

import contextlib
import io
import os
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import libfaketime
import pytest

from center.authority import SERVER, SERVER_KEY
from center.folder import keys_dir
from kiosk import cli
from kiosk.documents import Cut, Document, Words
from kiosk.hours import Service, Session
from kiosk.journal.reserve import BLOCK
from kiosk.journal.store import Journal, Reader
from kiosk.journal.ticket_rows import Request
from kiosk.link import transport
from kiosk.link.machine import Trouble
from kiosk.link.transport import LineTrouble, Transport, pinned
from kiosk.text import Language
from kiosk.wire.entries import read_body
from tests.center.running import Listening, listening

KIOSK = [sys.executable, "-m", "kiosk.cli"]
NOW = 1_795_500_000_000


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    with listening(tmp_path_factory.mktemp("center"), tls=True) as running:
        yield running


Answering = Callable[[ssl.SSLSocket], None]


@contextlib.contextmanager
def pretender(center: Listening, answering: Answering, *, certificate: bool = True) -> Iterator[str]:
    """Somebody who listens, with the center's certificate or with no TLS at all; gives the address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(keys_dir(center.folder) / SERVER, keys_dir(center.folder) / SERVER_KEY)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    line, _ = listener.accept()
                    with line, contextlib.suppress(OSError, ssl.SSLError):
                        answering(context.wrap_socket(line, server_side=True) if certificate else line)  # type: ignore[arg-type]

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"https://localhost:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


def trouble(center: Listening, url: str, ca: str | None = None) -> Trouble:
    """What comes of a request to `url`."""
    line = Transport(url, pinned(ca or center.ca), 1000)
    try:
        with pytest.raises(LineTrouble) as caught:
            line.post("/v1/stations/07/sync", {}, b"x" * 1000)
    finally:
        line.close()
    return caught.value.trouble


def replies(content: bytes) -> Answering:
    def answer(line: ssl.SSLSocket) -> None:
        line.recv(65536)
        line.sendall(content)
        line.shutdown(socket.SHUT_RDWR)

    return answer


def test_the_connection_is_kept_and_made_anew_when_it_was_lost(center: Listening) -> None:
    line = Transport(f"https://localhost:{center.port}", pinned(center.ca), 10_000)
    for _ in range(3):
        assert line.post("/v1/stations/99/enrol", {"content-type": "x"}, b"rubbish").status == 400
    line.abort()
    assert line.post("/v1/stations/99/enrol", {}, b"rubbish").status == 400
    line.close()


def test_nobody_there(center: Listening) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert trouble(center, f"https://localhost:{port}") is Trouble.NO_LINE
    assert trouble(center, "https://nowhere.invalid") is Trouble.NO_LINE


def test_a_stranger_s_certificate_and_no_tls_at_all(center: Listening, tmp_path: Path) -> None:
    with listening(tmp_path, tls=True) as other:
        assert trouble(center, f"https://localhost:{other.port}") is Trouble.NOT_THE_CENTER
    assert trouble(center, f"https://127.0.0.1:{center.port}") is Trouble.NOT_THE_CENTER
    with pretender(center, replies(b"HTTP/1.1 200 OK\r\n\r\n<html>"), certificate=False) as url:
        assert trouble(center, url) is Trouble.NOT_THE_CENTER


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", Trouble.CUT_OFF),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort", Trouble.CUT_OFF),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n" + b"x" * 5000, Trouble.NOT_THE_CENTER),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5000, Trouble.NOT_THE_CENTER),
        (b"rubbish\r\n\r\n", Trouble.CUT_OFF),
        (b"HTTP/1.1 200 OK\r\nx: " + b"y" * 100_000, Trouble.CUT_OFF),
    ],
    ids=["nothing", "cut", "too-long", "endless", "rubbish", "long-header"],
)
def test_answers_that_are_none(center: Listening, content: bytes, expected: Trouble) -> None:
    with pretender(center, replies(content)) as url:
        assert trouble(center, url) is expected


def test_a_page_of_a_captive_portal_comes_back_as_what_it_is(center: Listening) -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/html; charset=utf-8\r\nretry-after: soon\r\n"
    page = head + b"content-length: 4\r\n\r\nhtml"
    with pretender(center, replies(page)) as url:
        line = Transport(url, pinned(center.ca), 1000)
        reply = line.post("/", {}, b"")
        assert (reply.status, reply.media_type, reply.content, reply.retry_after) == (200, "text/html", b"html", 0.0)
        line.close()


def test_a_peer_that_never_answers_or_only_dribbles_ends_in_time(
    center: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()

    def silent(line: ssl.SSLSocket) -> None:
        over.wait(5)

    def dribbling(line: ssl.SSLSocket) -> None:
        line.recv(65536)
        while not over.wait(0.05):
            line.sendall(b"x")

    monkeypatch.setattr(transport, "SILENCE_S", 0.3)
    started = time.monotonic()
    with pretender(center, silent) as url:
        assert trouble(center, url) is Trouble.TIMEOUT
        over.set()
    monkeypatch.setattr(transport, "SILENCE_S", 30.0)
    monkeypatch.setattr(transport, "WHOLE_S", 0.5)
    over.clear()
    with pretender(center, dribbling) as url:
        assert trouble(center, url) is Trouble.CUT_OFF
        over.set()
    assert time.monotonic() - started < 4


@pytest.fixture
def station(center: Listening, tmp_path: Path) -> dict[str, str]:
    """The environment of a station with three numbers given out, whose settings name the center."""
    settings = (Path(__file__).parents[2] / "kiosk.toml").read_text("utf-8")
    config = tmp_path / "kiosk.toml"
    url = f'url = "https://localhost:{center.port}"'
    config.write_text(re.sub(r'^url = ""', url, settings, flags=re.MULTILINE), "utf-8")
    state = tmp_path / "state"
    state.mkdir()
    take_tickets(state, 3)
    return {
        **os.environ,
        "KIOSK_CONFIG": str(config),
        "KIOSK_STATE": str(state),
        "KIOSK_CENTER": str(center.folder),
    }


def take_tickets(state: Path, count: int, first: int = 0) -> None:
    import datetime

    service = Service(datetime.date(2026, 11, 25), Session(510, 720), False, True)
    journal = Journal(state, "07", NOW)
    for visit in range(first, first + count):
        journal.issue(
            Request("A", "newborn-birth", service, visit, NOW, False),
            lambda ticket, epoch, seq: Document(ticket.number, Language.HANS, (Words(ticket.number, 4), Cut())),
        )
    journal.close()


def kiosk(environment: dict[str, str], *words: str, code: int = 0) -> str:
    """Run a command in this process; returns all that it says."""
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        for name, value in environment.items():
            patch.setenv(name, value)
        ended = cli.main(list(words))
    assert ended == code, said.getvalue()
    return said.getvalue()


def kiosk_process(environment: dict[str, str], *words: str, code: int = 0) -> str:
    """Run a command in a process of its own."""
    done = subprocess.run([*KIOSK, *words], env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_a_station_is_enrolled_by_its_code_sends_all_and_is_refused_after_revocation(station: dict[str, str]) -> None:
    assert "not enrolled" in kiosk(station, "sync", "--once", code=os.EX_CONFIG)
    assert "26 letters" in kiosk(station, "enroll", "ABC", code=os.EX_USAGE)
    wrong = kiosk(station, "enroll", "A" * 26, code=os.EX_NOPERM)
    assert "wrong, used up or older" in wrong
    code = kiosk(station, "center", "code", "07").splitlines()[0]
    assert "enrolled at" in kiosk(station, "enroll", code)
    assert "the center has 1 to 0; 3 wait" in kiosk(station, "journal", "verify", "--against", "center", code=75)
    said = kiosk(station, "sync", "--once")
    assert "entries 1 to 3" in said
    assert "the center holds the same" in kiosk(station, "journal", "verify", "--against", "center")
    assert "3 entries sent" in said
    assert "0 entries sent" in kiosk(station, "sync", "--once")
    assert "enrolled at" in kiosk(station, "enroll", code), "the same machine may ask again for a lost answer"
    kiosk(station, "center", "revoke", "07")
    assert "revoked" in kiosk(station, "sync", "--once", code=os.EX_UNAVAILABLE)
    listed = kiosk(station, "center", "stations")
    assert re.search(r"station 07: revoked, 3 tickets", listed), listed
    assert re.search(r"entries 1 to 3, sound", listed)


def first_number(state: Path) -> str:
    take_tickets(state, 1, first=50)
    reader = Reader(state)
    number = read_body(list(reader.entries())[-1].body).data["number"]
    reader.close()
    return str(number)


def test_a_machine_that_takes_another_s_place_gives_out_none_of_its_numbers(
    station: dict[str, str], tmp_path: Path
) -> None:
    kiosk(station, "enroll", kiosk(station, "center", "code", "07").splitlines()[0])
    kiosk(station, "sync", "--once")
    other = {**station, "KIOSK_STATE": str(tmp_path / "other")}
    kiosk(other, "enroll", "A" * 26, code=os.EX_NOPERM)
    kiosk(other, "enroll", kiosk(station, "center", "code", "07").splitlines()[0])
    assert int(first_number(tmp_path / "other").removeprefix("A07-")) > 3 + BLOCK


def test_what_waits_is_carried_by_hand_and_may_be_brought_in_again(station: dict[str, str], tmp_path: Path) -> None:
    code = kiosk(station, "center", "code", "07").splitlines()[0]
    kiosk(station, "enroll", code)
    file = str(tmp_path / "07.bundle")
    assert "3 entries of station 07" in kiosk(station, "journal", "export", "--bundle", file)
    assert "3 entries are new, 0 were here" in kiosk(station, "center", "import", file)
    assert "0 entries are new, 3 were here" in kiosk(station, "center", "import", file)
    take_tickets(Path(station["KIOSK_STATE"]), 2, first=10)
    assert "5 entries of station 07" in kiosk(station, "journal", "export", "--bundle", file)
    assert "2 entries are new, 3 were here" in kiosk(station, "center", "import", file)
    said = kiosk(station, "sync", "--once")
    assert "entries 1 to 5" in said
    content = bytearray(Path(file).read_bytes())
    content[len(content) // 2] ^= 1
    Path(file).write_bytes(content)
    assert "signature" in kiosk(station, "center", "import", file, code=os.EX_DATAERR)
    Path(file).write_bytes(content[:100])
    assert "is no bundle" in kiosk(station, "center", "import", file, code=os.EX_DATAERR)
    assert "another file is there" in kiosk(station, "journal", "export", "--bundle", file, code=os.EX_CANTCREAT)
    assert "larger than any bundle" in kiosk(station, "center", "import", "/dev/zero", code=os.EX_DATAERR)
    Path(file).unlink()
    kiosk(station, "center", "revoke", "07")
    kiosk(station, "journal", "export", "--bundle", file)
    said = kiosk(station, "center", "import", file, code=os.EX_DATAERR)
    assert "revoked" in said
    assert "are new" not in said
    said = kiosk(station, "journal", "verify", "--against", "center", code=os.EX_UNAVAILABLE)
    assert "could not be compared" in said


@pytest.mark.parametrize("year", ["1999-01-01", "2090-01-01"])
def test_a_station_whose_clock_is_dead_gets_through_all_the_same(station: dict[str, str], year: str) -> None:
    code = kiosk(station, "center", "code", "07").splitlines()[0]
    library = Path(libfaketime.__file__).parent / "vendor" / "libfaketime" / "src" / "libfaketime.so.1"
    wrong = {
        **station,
        "LD_PRELOAD": str(library),
        "FAKETIME": f"@{year} 00:00:00",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
    assert "enrolled at" in kiosk_process(wrong, "enroll", code)
    assert "3 entries sent" in kiosk_process(wrong, "sync", "--once")


def test_whoever_answers_without_knowing_the_code_is_not_believed(center: Listening, station: dict[str, str]) -> None:
    from kiosk.wire.enrolment import EnrolAnswer, encoded
    from kiosk.wire.exchange import MEDIA_TYPE

    false = encoded(EnrolAnswer(content=b"keys of a stranger", proof=b"p" * 32))
    head = f"HTTP/1.1 200 OK\r\ncontent-type: {MEDIA_TYPE}\r\ncontent-length: {len(false)}\r\n\r\n".encode()
    with pretender(center, replies(head + false)) as url:
        config = Path(station["KIOSK_CONFIG"])
        config.write_text(re.sub(r'url = "https://.*?"', f'url = "{url}"', config.read_text("utf-8")), "utf-8")
        said = kiosk(station, "enroll", "A" * 26, code=os.EX_UNAVAILABLE)
        assert "does not know the code" in said
        assert not (Path(station["KIOSK_STATE"]) / "keys" / "center.keys").exists()
