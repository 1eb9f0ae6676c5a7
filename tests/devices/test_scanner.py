"""What comes from the scanner: our codes once, everything else as a code that cannot be read."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.scanner import AGAIN_S, BREAK_S, LIMIT, Codes, SerialScanner, ours
from devices.virtual_port import VirtualPort
from devices.virtual_scanner import VirtualScanner
from devices.wire import BAUDS
from kiosk.ports import Condition, NoScanner, Part, Reading, Scan, Unread, Verdict
from kiosk.text import clean
from tests.waiting import wait_for

HOSTS = ("station.example",)
TICKET = "https://STATION.EXAMPLE/T/1234567890123456/" + "A7B" * 36
GUIDE = "https://STATION.EXAMPLE/G/0110U"
OURS = ours(HOSTS)


def codes() -> Codes:
    return Codes(OURS)


@pytest.mark.parametrize("end", [b"\r", b"\r\n", b"\n"])
def test_each_line_is_a_code_whatever_the_suffix(end: bytes) -> None:
    assert codes().take(TICKET.encode() + end + GUIDE.encode() + end, 0) == [Scan(TICKET), Scan(GUIDE)]


def test_a_code_that_comes_in_pieces_is_put_together() -> None:
    reader = codes()
    assert reader.take(TICKET[:30].encode(), 0) == []
    assert reader.take(TICKET[30:].encode() + b"\r", 0.1) == [Scan(TICKET)]


def test_a_code_that_stays_before_the_scanner_counts_once_and_again_when_it_was_away() -> None:
    reader = codes()
    line = TICKET.encode() + b"\r"
    assert reader.take(line * 5, 0) == [Scan(TICKET)]
    assert reader.take(line, AGAIN_S - 0.1) == []
    assert reader.take(line, 2 * AGAIN_S - 0.2) == []
    assert reader.take(GUIDE.encode() + b"\r", 2 * AGAIN_S) == [Scan(GUIDE)]
    assert reader.take(line, 2 * AGAIN_S + 0.1) == [Scan(TICKET)]
    assert reader.take(line, 3 * AGAIN_S + 0.2) == [Scan(TICKET)]


def test_half_a_code_is_not_joined_with_the_next_one() -> None:
    reader = codes()
    assert reader.take(TICKET[:50].encode(), 0) == []
    assert reader.take(b"", BREAK_S + 0.1) == [Scan(unread=Unread.BROKEN_OFF)]
    assert reader.take(TICKET.encode() + b"\r", BREAK_S + 0.2) == [Scan(TICKET)]


def test_an_identifier_of_the_symbol_is_left_out() -> None:
    assert codes().take(b"]Q1" + GUIDE.encode() + b"\r", 0) == [Scan(GUIDE)]


@pytest.mark.parametrize(
    ("code", "why"),
    [
        (b"A" * (LIMIT + 1), Unread.TOO_LONG),
        (b"A" * 1_000_000, Unread.TOO_LONG),
        (GUIDE.encode() + b"\x1b[2J", Unread.NO_TEXT),
        (GUIDE.encode() + b"\x00", Unread.NO_TEXT),
        (b"\x9b31m", Unread.NO_TEXT),
        ("\u202egnp.exe".encode(), Unread.NO_TEXT),
        ("集美".encode("gbk"), Unread.NO_TEXT),
        (b"https://evil.example/T/1234567890123456", Unread.FOREIGN),
        (b"https://station.example.evil.example/T/1", Unread.FOREIGN),
        (b"https://station.example@evil.example/T/1", Unread.FOREIGN),
        (b"https://station.example:8443/T/1", Unread.FOREIGN),
        (b"https://stationXexample/T/1", Unread.FOREIGN),
        (b"http://station.example/T/1", Unread.FOREIGN),
        (b"https://station.example/../T/1", Unread.FOREIGN),
        (b"https://station.example/T/1?x=1", Unread.FOREIGN),
        (b"https://station.example/X/1", Unread.FOREIGN),
        (b"javascript:alert(1)", Unread.FOREIGN),
        (b"WIFI:S:x;P:y;;", Unread.FOREIGN),
        ("微信支付".encode(), Unread.FOREIGN),
        (b"123456789012345", Unread.FOREIGN),
        (b"1234 5678 9012 345", Unread.FOREIGN),
        (b"1234 5678 9012 3456 7", Unread.FOREIGN),
        (b"1234_5678_9012_3456", Unread.FOREIGN),
        (b"1234 5678 9012 345\x1b6", Unread.NO_TEXT),
        ("٠١٢٣٤٥٦٧٨٩٠١٢٣٤٥".encode(), Unread.FOREIGN),
        (b"- - -", Unread.FOREIGN),
    ],
)
def test_a_code_that_is_not_ours_cannot_be_read_and_leaves_no_text(code: bytes, why: Unread) -> None:
    assert codes().take(code + b"\r", 0) == [Scan(unread=why)]


@pytest.mark.parametrize(
    "typed",
    [
        "1234567890123456",
        "1234 5678 9012 3456",
        " 1234  5678\t9012\u30003456 ",
        "1234-5678-9012-3456",
        "1234\u20135678\u20149012－3456",
        "１２３４５６７８９０１２３４５６",
        "１２３４　５６７８　９０１２　３４５６",
    ],
)
def test_the_digits_of_a_slip_are_ours_however_they_are_spelled(typed: str) -> None:
    assert codes().take(typed.encode() + b"\r", 0) == [Scan("1234567890123456")]


def test_without_hosts_no_address_is_ours() -> None:
    assert Codes(ours(())).take(GUIDE.encode() + b"\rhttps:///T/1\r", 0) == [Scan(unread=Unread.FOREIGN)]


@settings(deadline=None)
@given(st.lists(st.one_of(st.binary(max_size=700), st.sampled_from([b"\r", TICKET.encode()])), max_size=8))
def test_whatever_comes_only_our_own_clean_codes_come_through(pieces: list[bytes]) -> None:
    reader = codes()
    for place, piece in enumerate(pieces):
        for scan in reader.take(piece, place * 0.1):
            assert bool(scan.text) is (scan.unread is None)
            assert scan.text == clean(scan.text)
            assert not scan.text or OURS(scan.text)


@pytest.fixture
def virtual() -> VirtualScanner:
    return VirtualScanner()


@pytest.fixture
def port(virtual: VirtualScanner, tmp_path: Path) -> Iterator[VirtualPort]:
    with VirtualPort(virtual, tmp_path / "ttySCANNER") as port:
        yield port


@pytest.fixture
def scanner(port: VirtualPort, tmp_path: Path) -> Iterator[SerialScanner]:
    scanner = SerialScanner(str(tmp_path / "ttySCANNER"), 9600, OURS)
    yield scanner
    scanner.close()


def test_a_slip_held_to_the_scanner_is_read(scanner: SerialScanner, virtual: VirtualScanner) -> None:
    assert scanner.read(0) is None
    assert scanner.state().condition is Condition.UNKNOWN, "a scanner that has read nothing yet is not known to work"
    virtual.hold(TICKET)
    assert scanner.read(5) == Scan(TICKET)
    assert scanner.state().condition is Condition.READY
    assert {check.verdict for check in scanner.self_test()} == {Verdict.PASSED}


def test_a_million_bytes_are_one_code_that_cannot_be_read_and_the_next_slip_is_read(
    scanner: SerialScanner, virtual: VirtualScanner
) -> None:
    scanner.read(0)
    virtual.hold(b"A" * 1_000_000)
    assert scanner.read(20) == Scan(unread=Unread.TOO_LONG)
    virtual.hold(b"\r" + TICKET.encode())
    while (scan := scanner.read(5)) is not None and scan.unread:
        pass
    assert scan == Scan(TICKET)


def test_reading_ends_in_time_though_bytes_come_without_end(scanner: SerialScanner, virtual: VirtualScanner) -> None:
    scanner.read(0)
    virtual.suffix = b""
    virtual.hold(b"A" * 3_000_000)
    begun = time.monotonic()
    assert scanner.read(0.3) is None
    assert time.monotonic() - begun < 2


def test_a_scanner_that_is_pulled_out_is_told_and_one_put_back_reads(
    scanner: SerialScanner, virtual: VirtualScanner, port: VirtualPort
) -> None:
    scanner.read(0)
    port.present = False
    wait_for(lambda: not port.name)
    assert scanner.read(0.1) is None
    state = scanner.state()
    assert (state.condition, state.readings[Part.LINE]) == (Condition.NO_PORT, Reading.FAULT)
    assert scanner.self_test()[0].verdict is Verdict.FAILED
    port.present = True
    wait_for(lambda: bool(port.name))
    scanner.read(0)
    virtual.hold(GUIDE)
    assert scanner.read(5) == Scan(GUIDE)


@pytest.mark.parametrize("baud", BAUDS)
def test_a_scanner_is_heard_at_its_speed(virtual: VirtualScanner, baud: int) -> None:
    with VirtualPort(virtual, baud=baud) as port:
        scanner = SerialScanner(port.name, baud, OURS)
        scanner.read(0)
        virtual.hold(GUIDE)
        assert scanner.read(5) == Scan(GUIDE)
        scanner.close()


def test_a_scanner_at_another_speed_gives_nothing_to_act_on(virtual: VirtualScanner) -> None:
    with VirtualPort(virtual, baud=9600) as port:
        scanner = SerialScanner(port.name, 19200, OURS)
        scanner.read(0)
        virtual.hold(GUIDE)
        scan = scanner.read(2)
        assert scan is None or scan.unread is not None
        scanner.close()


@pytest.mark.parametrize("port_name", ["/nonexistent/ttyUSB0", "/tmp", "/dev/null", ""])
def test_a_port_that_is_none_is_told_and_nothing_is_raised(port_name: str) -> None:
    scanner = SerialScanner(port_name, 9600, OURS)
    assert scanner.read(0.01) is None
    assert scanner.state().condition is Condition.NO_PORT
    scanner.close()


def test_a_station_without_a_scanner_says_so() -> None:
    assert NoScanner().read(0) is None
    assert NoScanner().state().condition is Condition.NOT_CONFIGURED
    assert NoScanner().self_test()[0].verdict is Verdict.UNSUPPORTED
    NoScanner().close()
