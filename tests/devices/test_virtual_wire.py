"""What one end of a serial line hears when the other talks at another speed."""

from hypothesis import given
from hypothesis import strategies as st

from devices.virtual_wire import heard
from devices.wire import BAUDS

SPEEDS = st.sampled_from(BAUDS)


@given(st.binary(max_size=40), SPEEDS)
def test_at_the_same_speed_every_byte_arrives(data: bytes, baud: int) -> None:
    assert heard(data, baud, baud) == data


@given(st.binary(max_size=40))
def test_a_speed_that_is_off_by_a_crystals_error_does_no_harm(data: bytes) -> None:
    """Receivers bear some 4 % (Maxim application note 2141)."""
    assert heard(data, 9600, 9700) == data
    assert heard(data, 9600, 9500) == data


@given(st.binary(min_size=1, max_size=40), SPEEDS, SPEEDS)
def test_at_another_speed_rubbish_arrives_in_bounded_amount(data: bytes, sender: int, receiver: int) -> None:
    arrived = heard(data, sender, receiver)
    assert len(arrived) <= len(data) * max(1, 2 * receiver // sender)


def test_a_status_request_at_the_wrong_speed_is_no_status_request() -> None:
    for sender in BAUDS:
        for receiver in BAUDS:
            arrived = heard(b"\x10\x04\x01", sender, receiver)
            assert (b"\x10\x04" in arrived) is (sender == receiver)


def test_a_receiver_that_finds_no_stop_bit_reads_a_zero() -> None:
    assert heard(b"\x00", 9600, 19200)[:1] == b"\x00"
