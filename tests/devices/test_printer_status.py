"""What a printer's answers mean, bit by bit, and how they are told apart in one stream of bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.status import Answer, Answers, Automatic, Block, Noise, Queued, RealTime, Status, automatic_condition
from kiosk.ports import Condition

FINE = 0x12


@pytest.mark.parametrize(
    ("status", "condition"),
    [
        (Status(FINE, FINE, FINE, FINE), Condition.READY),
        (Status(FINE, FINE, FINE, 0x1E), Condition.PAPER_LOW),
        (Status(0x1A, 0x32, FINE, 0x7E), Condition.PAPER_OUT),
        (Status(FINE, FINE, FINE, 0x72), Condition.PAPER_OUT),
        (Status(0x1A, 0x16, FINE, FINE), Condition.COVER_OPEN),
        (Status(0x1A, 0x36, FINE, 0x7E), Condition.COVER_OPEN),
        (Status(0x1A, 0x52, 0x1A, FINE), Condition.CUTTER),
        (Status(0x1A, 0x52, 0x32, FINE), Condition.ERROR),
        (Status(0x1A, FINE, 0x52, FINE), Condition.ERROR),
        (Status(0x1A, 0x52, FINE, FINE), Condition.ERROR),
        (Status(0x1A, FINE, FINE, FINE), Condition.OFFLINE),
        (Status(), Condition.UNKNOWN),
        (Status(FINE, None, FINE, FINE), Condition.UNKNOWN),
        (Status(FINE, None, None, 0x7E), Condition.PAPER_OUT),
    ],
)
def test_status_bytes_become_what_a_technician_would_call_it(status: Status, condition: Condition) -> None:
    assert status.condition is condition


@pytest.mark.parametrize(
    ("block", "condition"),
    [
        (b"\x10\x00\x00\x00", Condition.READY),
        (b"\x14\x00\x00\x00", Condition.READY),
        (b"\x10\x00\x03\x00", Condition.PAPER_LOW),
        (b"\x18\x00\x0f\x00", Condition.PAPER_OUT),
        (b"\x38\x00\x00\x00", Condition.COVER_OPEN),
        (b"\x18\x08\x00\x00", Condition.CUTTER),
        (b"\x18\x20\x00\x00", Condition.ERROR),
        (b"\x18\x40\x00\x00", Condition.ERROR),
        (b"\x18\x00\x00\x00", Condition.OFFLINE),
    ],
)
def test_an_unasked_block_tells_the_same(block: bytes, condition: Condition) -> None:
    assert automatic_condition(block) is condition


def test_answers_of_all_kinds_are_told_apart() -> None:
    stream = b"\x12\x11\x10\x00\x03\x00\x13\x1a\x00\x37\x22\x30\x30\x34\x32\x00\x5fVIRTUAL\x00\xff\x7e"
    assert Answers().take(stream) == [
        RealTime(0x12),
        Automatic(b"\x10\x00\x03\x00"),
        RealTime(0x1A),
        Queued(0),
        Block(b"\x37\x22\x30\x30\x34\x32\x00"),
        Block(b"\x5fVIRTUAL\x00"),
        Noise(0xFF),
        RealTime(0x7E),
    ]


def test_a_block_that_comes_in_pieces_is_put_together() -> None:
    answers = Answers()
    assert answers.take(b"\x37\x22\x30") == []
    assert answers.take(b"\x31\x32\x33") == []
    assert answers.take(b"\x00") == [Block(b"\x37\x22\x30\x31\x32\x33\x00")]


def test_only_an_echo_of_a_process_id_is_one() -> None:
    assert Block(b"\x37\x22\x30\x31\x32\x33\x00").process_id == b"0123"
    assert Block(b"\x37\x25\x00").process_id is None
    assert Block(b"\x5fABCDE\x00").process_id is None


def test_an_unasked_block_that_breaks_off_is_noise_and_swallows_no_answer() -> None:
    assert Answers().take(b"\x10\x00\x12") == [Noise(0x10), Noise(0), RealTime(0x12)]


def test_a_block_without_end_is_noise_at_last() -> None:
    answers = Answers()
    found = answers.take(b"\x5f" + b"A" * 200 + b"\x12")
    assert found.count(Noise(0x41)) == 80
    assert found[-1] == RealTime(0x12)


@settings(deadline=None)
@given(st.lists(st.binary(max_size=12), max_size=12))
def test_it_makes_no_difference_how_the_bytes_are_cut(pieces: list[bytes]) -> None:
    whole = Answers().take(b"".join(pieces))
    answers = Answers()
    parts: list[Answer] = [answer for piece in pieces for answer in answers.take(piece)]
    assert parts == whole
