"""What goes over the line: the same bytes for ever, bounds on what comes in, and room for newer versions."""

import tracemalloc

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.wire.entries import GENESIS, Body, Unreadable, chain, hashes, read_body, sealed_digest
from kiosk.wire.exchange import (
    ENTRIES_LIMIT,
    Answer,
    Carried,
    Refusal,
    Request,
    Voucher,
    encoded,
    read_answer,
    read_numbers,
    read_refusal,
    read_request,
    read_signature,
    read_voucher,
    signature_header,
)
from kiosk.wire.packing import pack, unpack

REQUEST = Request(station="07", epoch="00112233aabbccdd", first=5, before=b"\1" * 32, newest=9, nonce=b"n" * 8)
DEEP = 100_000


def test_a_body_s_bytes_and_the_chain_over_them_never_change() -> None:
    body = Body(station="07", epoch="00112233aabbccdd", seq=1, kind="ticket.issued", time=1, data={"b": "号", "a": 1})
    expected = (
        '{"alg":"sha256","data":{"a":1,"b":"号"},"epoch":"00112233aabbccdd","kind":"ticket.issued",'
        '"sealed":null,"seq":1,"station":"07","time":1,"v":1}'
    )
    assert body.encoded() == expected.encode()
    assert chain(GENESIS, body.encoded()).hex() == "1dd954b6d2ff1a5cccd9c3c5a01dcd417eea8fb29347724b0ef3d090636c500f"


def test_what_a_station_signs_never_changes() -> None:
    voucher = Voucher("07", "00112233aabbccdd", 5, 9, b"\2" * 32, b"\3" * 32)
    assert voucher.message().decode() == (
        f"jimei-kiosk sync 1\nPOST /v1/stations/07/sync\n00112233aabbccdd 5 9\nsha256:{'02' * 32}\nsha256:{'03' * 32}\n"
    )


def test_erasing_sealed_data_leaves_the_chain_as_it_was() -> None:
    sealed = b"opaque"
    body = Body(station="07", epoch="0" * 16, seq=1, kind="x", time=1, data={}, sealed=sealed_digest(sealed)).encoded()
    with_it = read_request(encoded(msgspec.structs.replace(REQUEST, entries=(Carried(body, sealed),))))
    without = read_request(encoded(msgspec.structs.replace(REQUEST, entries=(Carried(body),))))
    assert hashes(GENESIS, (one.body for one in with_it.entries)) == hashes(
        GENESIS, (one.body for one in without.entries)
    )


@given(st.integers(1, 2**50), st.lists(st.tuples(st.binary(), st.none() | st.binary()), max_size=5))
def test_a_request_comes_out_as_it_went_in(first: int, entries: list[tuple[bytes, bytes | None]]) -> None:
    carried = tuple(Carried(*entry) for entry in entries)
    request = msgspec.structs.replace(REQUEST, first=first, entries=carried)
    assert read_request(unpack(pack(encoded(request)), 1 << 20)) == request


@given(st.binary())
def test_rubbish_is_unreadable_and_nothing_worse(content: bytes) -> None:
    for read in (read_request, read_answer, read_refusal, read_body, lambda packed: unpack(packed, 1000)):
        with pytest.raises(Unreadable):
            read(content)


@given(st.data())
def test_a_damaged_request_is_unreadable_or_still_a_request(data: st.DataObject) -> None:
    content = bytearray(encoded(msgspec.structs.replace(REQUEST, entries=(Carried(b"{}"), Carried(b"{}", b"x")))))
    content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        request = read_request(bytes(content))
    except Unreadable:
        return
    assert isinstance(request, Request)


def test_nesting_without_end_is_unreadable() -> None:
    with pytest.raises(Unreadable, match="deep"):
        read_body(b'{"data":{"a":' + b"[" * DEEP + b"]" * DEEP + b"}}")
    with pytest.raises(Unreadable, match="deep"):
        read_request(b"\x81\xa1z" + b"\x91" * DEEP + b"\xc0")


def test_keys_of_a_newer_version_are_ignored_and_missing_ones_filled_in() -> None:
    known = msgspec.msgpack.decode(encoded(REQUEST))
    newer = msgspec.msgpack.encode({**known, "v": 7, "something": {"new": [1, 2]}})
    assert read_request(newer) == msgspec.structs.replace(REQUEST, v=7)
    answer = Answer(epoch="0" * 16, acknowledged=1, head=b"h", watermark=1, nonce=b"n", time=1)
    assert read_answer(msgspec.msgpack.encode({**msgspec.msgpack.decode(encoded(answer)), "w": 1})) == answer
    assert read_refusal(encoded(Refusal(reason="of-tomorrow"))).reason == "of-tomorrow"


@pytest.mark.parametrize(
    "wrong",
    [
        {"station": "00"},
        {"station": "7"},
        {"station": "٠٧"},
        {"epoch": "0011"},
        {"epoch": "X" * 16},
        {"alg": "md5"},
        {"first": 0},
        {"first": 2**53},
        {"before": b"short"},
        {"cursor": -1},
        {"entries": (Carried(b""),) * (ENTRIES_LIMIT + 1)},
    ],
)
def test_a_request_that_no_station_makes_is_unreadable(wrong: dict[str, object]) -> None:
    with pytest.raises(Unreadable):
        read_request(encoded(msgspec.structs.replace(REQUEST, **wrong)))


def test_numbers_that_cannot_be_are_not_learnt() -> None:
    told = {"2026-11-24 A": 57, "2026-11-24 a": 1, "today": 5, "2026-11-24 B": 0, "2026-11-24 C": 10**9}
    assert read_numbers(told) == {("2026-11-24", "A"): 57}


class TestPacking:
    """Compression never costs more memory than its bound."""

    @pytest.mark.parametrize("size", [0, 1, 1000, 100_000])
    def test_exactly_the_bound_is_allowed_and_one_byte_more_is_not(self, size: int) -> None:
        assert unpack(pack(bytes(size)), max(size, 1)) == bytes(size)
        if size > 1:
            with pytest.raises(Unreadable, match="more than"):
                unpack(pack(bytes(size)), size - 1)

    def test_a_bomb_takes_little_memory(self) -> None:
        bomb = pack(bytes(1 << 26))
        tracemalloc.start()
        with pytest.raises(Unreadable, match="more than"):
            unpack(bomb, 1 << 20)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 8 << 20

    def test_cut_off_or_with_something_behind(self) -> None:
        packed = pack(b"content")
        for wrong in (packed[:-1], packed + b"x", packed + packed, b""):
            with pytest.raises(Unreadable):
                unpack(wrong, 1000)


class TestHeaders:
    """What stands before the content."""

    def test_a_voucher_comes_out_as_it_went_in(self) -> None:
        voucher = Voucher.of(REQUEST, b"\7" * 32, b"content")
        assert read_voucher("07", voucher.header(), b"content") == voucher
        assert read_voucher("07", voucher.header(), b"other") != voucher

    @pytest.mark.parametrize("header", ["", "1", "2 00112233aabbccdd 1 2 sha256:" + "0" * 64, "1 x 1 2 sha256:", "é"])
    def test_another_voucher_is_unreadable(self, header: str) -> None:
        with pytest.raises(Unreadable):
            read_voucher("07", header, b"")

    def test_a_signature_names_its_algorithm(self) -> None:
        assert read_signature(signature_header(b"s" * 64)) == b"s" * 64
        for wrong in ("", "ed25519", "ed25519 AAAA", "sm2 " + "A" * 88, "ed25519 " + "!" * 88):
            with pytest.raises(Unreadable):
                read_signature(wrong)
