"""Personal data is sealed before it touches the disk: whoever steals a station finds none of it."""

import os
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.journal.outgoing import Outgoing
from kiosk.journal.store import Journal
from kiosk.sealing import Place, Sealed, seal, unseal
from kiosk.wire.entries import Unreadable, read_body, sealed_digest

KEY = X25519PrivateKey.generate()
SECRET, PUBLIC = KEY.private_bytes_raw(), KEY.public_key().public_bytes_raw()
PLACE = Place("home-visit", "07", "00112233aabbccdd", 12)
NOW = 1_795_500_000_000


@given(st.binary(max_size=3000))
def test_only_the_center_opens_it(plain: bytes) -> None:
    sealed = seal(PUBLIC, PLACE, plain)
    assert unseal(SECRET, PLACE, sealed) == plain
    with pytest.raises(Unreadable, match="another key"):
        unseal(os.urandom(32), PLACE, sealed)


@pytest.mark.parametrize(
    "other", [{"purpose": "appointment"}, {"station": "08"}, {"epoch": "f" * 16}, {"seq": 13}], ids=str
)
def test_a_seal_moved_to_another_entry_does_not_open(other: dict[str, object]) -> None:
    sealed = seal(PUBLIC, PLACE, b"plain")
    with pytest.raises(Unreadable, match="another place"):
        unseal(SECRET, msgspec.structs.replace(PLACE, **other), sealed)


def test_altered_cut_and_foreign_seals_are_unreadable_and_nothing_worse() -> None:
    sealed = seal(PUBLIC, PLACE, b"plain")
    for place in range(len(sealed)):
        altered = bytearray(sealed)
        altered[place] ^= 1
        with pytest.raises(Unreadable):
            unseal(SECRET, PLACE, bytes(altered))
        with pytest.raises(Unreadable):
            unseal(SECRET, PLACE, sealed[:place])
    foreign = msgspec.msgpack.encode(Sealed("sm2-sm4", b"12345678", b"x"))
    with pytest.raises(Unreadable, match="sm2-sm4"):
        unseal(SECRET, PLACE, foreign)


def test_what_the_center_receives_opens_with_its_key_and_matches_its_entry(tmp_path: Path) -> None:
    people = [msgspec.json.encode(f"样例{number}") for number in range(3)]
    journal = Journal(tmp_path, "07", NOW)
    for number, plain in enumerate(people):
        journal.enter(
            "request.made",
            NOW + number,
            {"form": "home-visit"},
            lambda epoch, seq, plain=plain: seal(PUBLIC, Place("home-visit", "07", epoch, seq), plain),  # type: ignore[misc]
        )
    outgoing = Outgoing(tmp_path)
    run = outgoing.run(None, 100, 1 << 20)
    for seq, entry in enumerate(run.entries, start=1):
        assert entry.sealed is not None
        assert read_body(entry.body).sealed == sealed_digest(entry.sealed)
        assert unseal(SECRET, Place("home-visit", "07", run.epoch, seq), entry.sealed) == people[seq - 1]
    outgoing.close()
    journal.close()
