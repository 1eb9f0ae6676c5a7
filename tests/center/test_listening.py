"""A center that really listens: what it answers to stations, to strangers, and to those who mean harm."""

import contextlib
import http.client
import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator

import msgspec
import pytest

from center import server as server_module
from kiosk.keys import StationKey
from kiosk.wire.exchange import (
    MEDIA_TYPE,
    PACKED_LIMIT,
    SIGNATURE_HEADER,
    Answer,
    Refusal,
    encoded,
    read_answer,
    read_refusal,
)
from kiosk.wire.packing import pack
from tests.center.running import Listening, body, enrolled, listening, request, signed

PATH = "/v1/stations/07/sync"
BODIES = [body("07", seq) for seq in range(1, 6)]


@pytest.fixture(scope="module")
def center(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    patch = pytest.MonkeyPatch()
    patch.setattr(server_module, "HEAD_S", 0.5)
    patch.setattr("center.receiving.GRACE_S", 0.5)
    with listening(tmp_path_factory.mktemp("center"), tls=False) as running:
        yield running
    patch.undo()


@pytest.fixture(scope="module")
def key(center: Listening) -> StationKey:
    return enrolled(center.folder, "07")


def post(
    center: Listening, headers: dict[str, str], content: bytes, path: str = PATH
) -> tuple[int, Answer | Refusal | bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", center.port, timeout=10)
    try:
        connection.request("POST", path, content, headers)
        reply = connection.getresponse()
        said = reply.read()
        if reply.headers["content-type"] != MEDIA_TYPE:
            return reply.status, said
        return reply.status, read_answer(said) if reply.status == 200 else read_refusal(said)
    finally:
        connection.close()


def reason(center: Listening, headers: dict[str, str], content: bytes, path: str = PATH) -> str:
    status, said = post(center, headers, content, path)
    assert isinstance(said, Refusal), (status, said)
    return f"{status} {said.reason}"


def works(center: Listening, key: StationKey) -> None:
    """The station is served as ever."""
    made, head = request("07", BODIES)
    status, answer = post(center, *signed(key, made, head))
    assert status == 200
    assert isinstance(answer, Answer)
    assert (answer.acknowledged, answer.head, answer.nonce) == (5, head, made.nonce)
    assert abs(answer.time - time.time() * 1000) < 60_000


def test_entries_are_acknowledged_as_often_as_they_come(center: Listening, key: StationKey) -> None:
    works(center, key)
    works(center, key)


def test_strangers_and_forgers_are_refused(center: Listening, key: StationKey) -> None:
    made, head = request("07", BODIES)
    headers, content = signed(key, made, head)
    assert reason(center, headers, content, "/v1/stations/08/sync") == "403 unknown-station"
    assert reason(center, headers, content, "/v1/stations/xx/sync") == "403 unknown-station"
    assert reason(center, headers, content + b"x") == "401 bad-signature"
    assert reason(center, *signed(StationKey.throw_away(), made, head)) == "401 bad-signature"
    assert reason(center, {**headers, SIGNATURE_HEADER: "sm2 AAAA"}, content) == "401 bad-signature"
    assert (
        reason(center, {name: headers[name] for name in headers if name != SIGNATURE_HEADER}, content)
        == "401 bad-signature"
    )
    assert reason(center, {**headers, "content-type": "application/json"}, content) == "415 unsupported"
    assert reason(center, {**headers, "content-encoding": "br"}, content) == "415 unsupported"


def test_another_station_s_entries_cannot_be_sent_as_one_s_own(center: Listening, key: StationKey) -> None:
    made, head = request("07", BODIES)
    stranger = msgspec.structs.replace(made, station="09")
    assert reason(center, *signed(key, made, head, pack(encoded(stranger)))) == "400 malformed"


def test_a_revoked_key_is_refused_at_once_and_its_entries_stay(center: Listening) -> None:
    from center.books import Books
    from center.database import open_for_writing
    from center.folder import database_path

    key = enrolled(center.folder, "11")
    made, head = request("11", [body("11", 1)])
    assert post(center, *signed(key, made, head), "/v1/stations/11/sync")[0] == 200
    books = Books(open_for_writing(database_path(center.folder), checkpoints=False))
    with books.transaction():
        assert books.revoke("11", 5)
    assert reason(center, *signed(key, made, head), "/v1/stations/11/sync") == "403 revoked"
    assert books.held("11", made.epoch).seq == 1
    books.close()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "400 malformed"),
        (b"rubbish", "400 malformed"),
        (pack(b"rubbish"), "400 malformed"),
        (pack(b"\x91" * 200_000), "400 malformed"),
        (pack(bytes(64 << 20)), "400 malformed"),
        (pack(b"\x00" * 100)[:-4], "400 malformed"),
    ],
    ids=["nothing", "no-gzip", "no-request", "deep", "bomb", "cut"],
)
def test_what_is_signed_but_no_request(center: Listening, key: StationKey, content: bytes, expected: str) -> None:
    made, head = request("07", [])
    tracemalloc.start()
    assert reason(center, *signed(key, made, head, content)) == expected
    assert tracemalloc.get_traced_memory()[1] < 16 << 20
    tracemalloc.stop()
    works(center, key)


def head_of(headers: dict[str, str], length: str) -> bytes:
    """A request's head as it goes over the line."""
    lines = [f"POST {PATH} HTTP/1.1", "host: x", length, *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()


def test_content_without_end_is_refused_before_it_is_read(center: Listening, key: StationKey) -> None:
    made, head = request("07", [])
    headers, _ = signed(key, made, head)
    with socket.create_connection(("127.0.0.1", center.port), timeout=10) as line:
        lines = [
            f"POST {PATH} HTTP/1.1",
            "host: x",
            f"content-length: {4 << 30}",
            *(f"{k}: {v}" for k, v in headers.items()),
        ]
        line.sendall("\r\n".join([*lines, "", ""]).encode())
        assert line.recv(65536).startswith(b"HTTP/1.1 413 ")
    with socket.create_connection(("127.0.0.1", center.port), timeout=10) as line:
        lines = [
            f"POST {PATH} HTTP/1.1",
            "host: x",
            "transfer-encoding: chunked",
            *(f"{k}: {v}" for k, v in headers.items()),
        ]
        line.sendall("\r\n".join([*lines, "", ""]).encode())
        chunk = b"%x\r\n" % 65536 + bytes(65536) + b"\r\n"
        sent = 0
        try:
            while sent < 64 << 20:
                line.sendall(chunk)
                sent += 65536
        except ConnectionError:
            pass
        assert sent < 16 * PACKED_LIMIT
    works(center, key)


def ended(line: socket.socket) -> bool:
    """Whether the other side closes the connection, with or without a word."""
    try:
        while line.recv(65536):
            pass
    except ConnectionError:
        return True
    return True


def test_whoever_dribbles_a_head_or_a_content_is_shown_out(center: Listening, key: StationKey) -> None:
    made, head = request("07", [])
    headers, content = signed(key, made, head)
    lines = [
        f"POST {PATH} HTTP/1.1",
        "host: x",
        f"content-length: {len(content)}",
        *(f"{k}: {v}" for k, v in headers.items()),
    ]
    whole = "\r\n".join([*lines, "", ""]).encode()
    started = time.monotonic()
    slow = [socket.create_connection(("127.0.0.1", center.port), timeout=8) for _ in range(3)]
    slow[1].sendall(whole[:30])
    slow[2].sendall(whole + content[:5])
    works(center, key)
    assert all(ended(line) for line in slow)
    assert time.monotonic() - started < 7
    for line in slow:
        line.close()


@pytest.mark.parametrize("path", [PATH, "/g/01", "/t/1234567890123456"])
def test_whoever_goes_on_after_the_answer_is_shown_out(center: Listening, key: StationKey, path: str) -> None:
    lines = [f"POST {path} HTTP/1.1", "host: x", "content-type: text/plain", f"content-length: {1 << 20}"]
    with socket.create_connection(("127.0.0.1", center.port), timeout=8) as line:
        line.sendall("\r\n".join([*lines, "", ""]).encode())
        assert line.recv(65536).startswith(b"HTTP/1.1 4")
        end = time.monotonic() + 8
        with contextlib.suppress(ConnectionError):
            while time.monotonic() < end:
                line.sendall(b"x")
                time.sleep(0.05)
        assert time.monotonic() < end
    works(center, key)


def test_three_hundred_idle_strangers_do_not_keep_a_station_out(center: Listening, key: StationKey) -> None:
    strangers = [socket.create_connection(("127.0.0.1", center.port), timeout=8) for _ in range(300)]
    for line in strangers:
        line.sendall(b"POST /v1/stations/07/sync HTTP/1.1\r\nx: ")
    works(center, key)
    for line in strangers:
        line.close()


def test_many_stations_at_once_share_commits(center: Listening) -> None:
    """Twenty stations send twenty requests each; everything is there and nobody waits long."""
    numbers = [f"{number:02d}" for number in range(30, 50)]
    keys = {number: enrolled(center.folder, number) for number in numbers}
    heads: dict[str, bytes] = {}

    def send(number: str) -> None:
        before, connection = bytes(32), http.client.HTTPConnection("127.0.0.1", center.port, timeout=20)
        for seq in range(1, 21):
            made, before = request(number, [body(number, seq)], first=seq, before=before)
            headers, content = signed(keys[number], made, before)
            connection.request("POST", f"/v1/stations/{number}/sync", content, headers)
            reply = connection.getresponse()
            assert read_answer(reply.read()).acknowledged == seq
        connection.close()
        heads[number] = before

    threads = [threading.Thread(target=send, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heads.keys() == set(numbers)


def test_every_other_address_is_unknown(center: Listening) -> None:
    assert post(center, {}, b"", "/")[0] == 404
    assert post(center, {}, b"", "/v1/stations/07")[0] == 404
