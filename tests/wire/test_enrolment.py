"""The one-time code: how it is written down, and that neither side can do without it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.wire.enrolment import center_proof, read_code, station_proof, written
from kiosk.wire.entries import Unreadable


@given(st.binary(min_size=16, max_size=16))
def test_a_code_may_be_typed_in_any_grouping_and_case(code: bytes) -> None:
    text = written(code)
    assert len(text) == 31
    assert read_code(text) == code
    assert read_code(text.lower().replace("-", " ")) == code


@pytest.mark.parametrize("text", ["", "ABC", "0" * 26, "A" * 25, "A" * 27, "é" * 26])
def test_what_cannot_be_a_code_is_said_at_once(text: str) -> None:
    with pytest.raises(Unreadable):
        read_code(text)


def test_every_part_of_what_is_said_enters_the_proof() -> None:
    said = (b"c" * 16, "07", b"p" * 32, b"n" * 16)
    proofs = {
        station_proof(*said),
        station_proof(b"d" * 16, *said[1:]),
        station_proof(said[0], "08", *said[2:]),
        station_proof(*said[:2], b"q" * 32, said[3]),
        station_proof(*said[:3], b"m" * 16),
        center_proof(*said, b""),
        center_proof(*said, b"x"),
        # The boundary between key and nonce moved by one byte.
        station_proof(*said[:2], b"p" * 31, b"p" + b"n" * 16),
    }
    assert len(proofs) == 8
