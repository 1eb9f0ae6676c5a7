"""What a printer's answers mean, bit by bit, and how they are told apart in one stream of bytes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from devices.status import (
    Answer,
    Answers,
    Automatic,
    Block,
    Held,
    Noise,
    Queued,
    RealTime,
    Signs,
    signs_of,
    signs_of_block,
)
from kiosk.ports import Condition, Part, Reading

FINE = 0x12
SENSES = (Part.COVER, Part.PAPER, Part.ROLL, Part.CUTTER, Part.HEAD)


@pytest.mark.parametrize(
    ("status", "condition"),
    [
        ((FINE, FINE, FINE, FINE), Condition.READY),
        ((FINE, FINE, FINE, 0x1E), Condition.PAPER_LOW),
        ((0x1A, 0x32, FINE, 0x7E), Condition.PAPER_OUT),
        ((FINE, FINE, FINE, 0x72), Condition.PAPER_OUT),
        ((0x1A, 0x16, FINE, FINE), Condition.COVER_OPEN),
        ((0x1A, 0x36, FINE, 0x7E), Condition.COVER_OPEN),
        ((0x1A, 0x52, 0x1A, FINE), Condition.CUTTER),
        ((0x1A, 0x52, 0x32, FINE), Condition.ERROR),
        ((0x1A, FINE, 0x52, FINE), Condition.ERROR),
        ((0x1A, 0x52, FINE, FINE), Condition.ERROR),
        ((0x1A, FINE, FINE, FINE), Condition.OFFLINE),
        ((None, None, None, None), Condition.UNKNOWN),
        ((FINE, None, FINE, FINE), Condition.UNKNOWN),
        ((FINE, None, None, 0x7E), Condition.PAPER_OUT),
    ],
)
def test_status_bytes_become_what_a_technician_would_call_it(
    status: tuple[int | None, int | None, int | None, int | None], condition: Condition
) -> None:
    assert signs_of(*status).state(SENSES).condition is condition


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
    assert signs_of_block(block).state(SENSES).condition is condition


def test_answers_of_all_kinds_are_told_apart() -> None:
    stream = b"\x12\x11\x10\x00\x03\x00\x13\x1a\x00\x37\x22\x30\x30\x34\x32\x00\x5fVIRTUAL\x00\xff\x7e"
    assert Answers().take(stream) == [
        RealTime(0x12),
        Held(on=False),
        Automatic(b"\x10\x00\x03\x00"),
        Held(on=True),
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


def test_a_word_of_flow_control_parts_no_answer() -> None:
    assert Answers().take(b"\x10\x00\x13\x03\x00") == [Held(on=True), Automatic(b"\x10\x00\x03\x00")]
    assert Answers().take(b"\x37\x2200\x1142\x00") == [Held(on=False), Block(b"\x37\x220042\x00")]


def test_a_printer_that_holds_the_line_waits_whatever_else_it_says() -> None:
    state = replace(signs_of(FINE, FINE, FINE, FINE), waits=True).state(SENSES)
    assert (state.condition, state.readings[Part.LINE]) == (Condition.OFFLINE, Reading.WAITING)
    assert replace(signs_of(0x1A, 0x32, FINE, 0x7E), waits=True).state(SENSES).condition is Condition.PAPER_OUT


def test_a_printer_that_has_to_be_asked_again_is_not_known_to_be_well() -> None:
    state = replace(signs_of(FINE, FINE, FINE, FINE), patchy=True).state(SENSES)
    assert (state.condition, state.readings[Part.LINE]) == (Condition.UNKNOWN, Reading.UNKNOWN)


def test_a_block_without_end_is_noise_at_last() -> None:
    answers = Answers()
    found = answers.take(b"\x5f" + b"A" * 200 + b"\x12")
    assert found.count(Noise(0x41)) == 80
    assert found[-1] == RealTime(0x12)


def test_half_a_block_swallows_no_answer_that_comes_after_it() -> None:
    answers = Answers()
    assert answers.take(b"\x37\x2200\x12") == [*map(Noise, b"\x37\x2200"), RealTime(0x12)]
    assert answers.take(b"\x37\x2200") == []
    assert answers.break_off() == [*map(Noise, b"\x37\x2200")]
    assert answers.take(b"\x32") == [RealTime(0x32)]


def test_a_part_that_a_printer_does_not_tell_of_is_unsupported_and_not_fine() -> None:
    state = signs_of(FINE, FINE, FINE, FINE).state((Part.COVER, Part.PAPER))
    assert state.condition is Condition.READY
    assert state.readings == {
        Part.LINE: Reading.FINE,
        Part.COVER: Reading.FINE,
        Part.PAPER: Reading.FINE,
        Part.ROLL: Reading.UNSUPPORTED,
        Part.CUTTER: Reading.UNSUPPORTED,
        Part.HEAD: Reading.UNSUPPORTED,
    }


def test_trouble_counts_also_of_a_part_that_a_printer_is_not_known_to_tell_of() -> None:
    state = signs_of(0x1A, FINE, 0x1A, FINE).state((Part.COVER, Part.PAPER))
    assert (state.condition, state.readings[Part.CUTTER]) == (Condition.CUTTER, Reading.FAULT)


def test_a_printer_that_does_not_tell_of_its_paper_is_never_ready() -> None:
    assert signs_of(FINE, FINE, FINE, FINE).state((Part.COVER,)).condition is Condition.UNKNOWN


def test_a_missing_answer_leaves_its_parts_unknown() -> None:
    state = signs_of(FINE, None, FINE, FINE).state(SENSES)
    assert state.condition is Condition.UNKNOWN
    assert [part for part, one in state.readings.items() if one is Reading.UNKNOWN] == [Part.COVER]


@pytest.mark.parametrize(
    ("signs", "pausing"),
    [
        (signs_of(0x1A, 0x52, 0x52, FINE), True),
        (signs_of(0x1A, 0x56, 0x52, FINE), False),
        (signs_of(0x1A, 0x52, 0x1A, FINE), False),
        (Signs(), False),
    ],
)
def test_a_hot_head_alone_is_a_pause_that_ends_by_itself(signs: Signs, pausing: bool) -> None:
    assert signs.pausing is pausing
    assert not pausing or signs.state(SENSES).readings[Part.HEAD] is Reading.WAITING


@settings(deadline=None)
@given(st.lists(st.binary(max_size=12), max_size=12))
def test_it_makes_no_difference_how_the_bytes_are_cut(pieces: list[bytes]) -> None:
    whole = Answers().take(b"".join(pieces))
    answers = Answers()
    parts: list[Answer] = [answer for piece in pieces for answer in answers.take(piece)]
    assert parts == whole
