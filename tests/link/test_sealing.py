"""Personal data is sealed before it touches the disk: whoever steals a station finds none of it."""

import base64
import os
from collections.abc import Callable, Iterator
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

SAMPLES = [f"样例{family}{given}" for family in "赵钱孙李周吴郑王冯陈" for given in ("小明", "大伟", "建国", "美玲")]


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


BEGIN = 6


def spellings(words: str) -> Iterator[bytes]:
    """The ways in which words could lie on a disk."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gbk"):
        raw = words.encode(encoding)
        yield raw
        yield raw.hex().encode()
        # Base64 of a longer text shows these words in one of three alignments.
        for shift in range(3):
            coded = base64.b64encode(bytes(shift) + raw)
            yield coded[4 if shift else 0 : len(coded) - 4]
    yield words.encode("unicode_escape")


def planted(number: int) -> tuple[str, str, str]:
    """A name, a telephone number and an identity number that belong to nobody."""
    name = SAMPLES[number % len(SAMPLES)] + str(number)
    return name, f"000{number:08d}", f"99999919000101{number:04d}"


def hits(folder: Path, words: list[str]) -> int:
    """How many of these words are anywhere in the files of a folder, in any spelling."""
    everything = b"\0".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())
    # Looked up by their first bytes, all at once: one search for each spelling would take minutes.
    begins: dict[bytes, list[tuple[bytes, str]]] = {}
    for one in words:
        for spelling in spellings(one):
            assert len(spelling) >= BEGIN
            begins.setdefault(spelling[:BEGIN], []).append((spelling, one))
    found = set()
    for place in range(len(everything)):
        for spelling, one in begins.get(everything[place : place + BEGIN], ()):
            if everything.startswith(spelling, place):
                found.add(one)
    return len(found)


def write(folder: Path, count: int, sealing: Callable[[Place, bytes], bytes]) -> list[str]:
    """Have a journal keep `count` residents' data; returns all of it."""
    words = []
    journal = Journal(folder, "07", NOW)
    for number in range(count):
        person = planted(number)
        words += person
        plain = msgspec.json.encode(person)
        journal.enter(
            "request.made",
            NOW + number,
            {"purpose": "home-visit"},
            lambda epoch, seq, plain=plain: sealing(Place("home-visit", "07", epoch, seq), plain),  # type: ignore[misc]
        )
    # Nothing is closed: the write-ahead log must be as clean as the database.
    open_journals.append(journal)
    return words


open_journals: list[Journal] = []


@pytest.fixture(autouse=True)
def close_journals() -> Iterator[None]:
    yield
    while open_journals:
        open_journals.pop().close()


@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=pytest.mark.system)])
def test_residents_leave_no_trace_on_the_disk(tmp_path: Path, count: int) -> None:
    words = write(tmp_path, count, lambda place, plain: seal(PUBLIC, place, plain))
    assert hits(tmp_path, words) == 0


def test_the_same_search_finds_them_all_without_the_seal(tmp_path: Path) -> None:
    words = write(tmp_path, 30, lambda place, plain: plain)
    assert hits(tmp_path, words) == len(words)
    (tmp_path / "log").write_bytes(base64.b64encode("样例赵小明0".encode("gbk")))
    assert hits(tmp_path / "..", ["样例赵小明0"]) == 1


def test_what_the_center_receives_opens_with_its_key_and_matches_its_entry(tmp_path: Path) -> None:
    write(tmp_path, 3, lambda place, plain: seal(PUBLIC, place, plain))
    outgoing = Outgoing(tmp_path)
    run = outgoing.run(None, 100, 1 << 20)
    for seq, entry in enumerate(run.entries, start=1):
        assert entry.sealed is not None
        assert read_body(entry.body).sealed == sealed_digest(entry.sealed)
        plain = unseal(SECRET, Place("home-visit", "07", run.epoch, seq), entry.sealed)
        assert tuple(msgspec.json.decode(plain)) == planted(seq - 1)
    outgoing.close()
