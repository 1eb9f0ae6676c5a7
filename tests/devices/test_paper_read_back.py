"""Every document, for every kind of printer, in every language: its golden bytes, and what a reader gets from them."""

from pathlib import Path

import pytest

from devices.characters import GETA_NOTE, SIMPLIFIED_NOTE
from devices.profile import Profile
from kiosk.documents import Code, Document, Item, Words
from tests.devices import golden
from tests.devices.paper_reader import Job, Reader

SIMPLIFIED = Path(__file__).parents[2] / "data" / "glyphs" / "simplified.txt"
PROFILES = golden.profiles()
NAMES = golden.names()


def lacking(text: str, profile: Profile) -> set[str]:
    """The characters that the printer's own font lacks, by Python's codecs alone."""
    codec = "gb2312" if profile.charset == "gb2312" else "gbk"
    return {one for one in text if not one.isascii() and not one.encode(codec, "ignore")}


def wanted(document: Document) -> str:
    """All characters that must be on paper, without blanks and rules."""
    parts = []
    for block in document.blocks:
        if isinstance(block, Words):
            parts.append(block.text)
        elif isinstance(block, Item):
            parts += [block.lead, block.text, block.note]
    return "".join("".join(parts).split())


def shown(text: str) -> str:
    return "".join(text.split()).replace("-" * 24, "").strip("-")


@pytest.fixture(scope="module")
def forms() -> dict[str, str]:
    return dict(SIMPLIFIED.read_text("utf-8").split())


def read(profile: Profile, data: bytes) -> Job:
    return Reader(profile.dots, profile.charset, profile.slots).read(data)


@pytest.mark.parametrize("name", NAMES)
def test_the_bytes_are_the_golden_ones(name: str) -> None:
    renew = "look at the difference after: python -m tests.devices.golden"
    assert golden.made(name) == golden.kept(name), renew


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_a_reader_gets_back_text_codes_and_pieces(name: str, profile: Profile, forms: dict[str, str]) -> None:
    document = golden.document(name, profile)
    job = read(profile, golden.kept(name)[profile.name])
    pieces = job.pieces if profile.cut != "tear" else [job.rest]
    assert len(pieces) == 1
    if profile.cut != "tear":
        assert not job.rest.lines
    (piece,) = pieces
    assert piece.codes == [block.data for block in document.blocks if isinstance(block, Code)]
    text = wanted(document)
    rare = lacking(text, profile)
    bitmaps = sum(map(text.count, rare)) if profile.glyphs == "image" else len(rare)
    if bitmaps > 20:
        text = "".join(forms.get(one, one) for one in text)
        assert SIMPLIFIED_NOTE in piece.text
        assert not lacking(text, profile)
        text += SIMPLIFIED_NOTE
        assert job.defined + job.images == 0
    else:
        assert SIMPLIFIED_NOTE not in piece.text
        assert (job.defined + job.images > 0) is bool(rare)
    assert GETA_NOTE not in piece.text
    assert sorted(shown(piece.text).replace("-", "")) == sorted(text.replace("-", ""))
    if not any(isinstance(block, Item) and block.note for block in document.blocks):
        assert shown(piece.text).replace("-", "") == text.replace("-", ""), "in the same order"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_every_row_has_the_columns_of_the_paper_and_its_place(name: str, profile: Profile) -> None:
    job = read(profile, golden.kept(name)[profile.name])
    piece = (job.pieces or [job.rest])[0]
    width = profile.columns * 12
    assert all(line.dots <= width for line in piece.lines)
    for line in piece.lines:
        if line.text == "A07-012":
            assert (line.scale, line.centred) == (4, True)
    for line in piece.lines:
        if line.text.startswith("□") and line.text.endswith(("原件", "证照", "original")):
            assert line.dots == width, "what kind of paper it is stands at the right edge"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_proof_is_asked_for_after_everything_else(name: str, profile: Profile) -> None:
    job = read(profile, golden.kept(name)[profile.name])
    echo = [b"\x1d(H000042"] if profile.process_id else []
    assert job.requests == [*echo, b"\x1dr\x01"]


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_no_bitmap_and_no_code_spells_a_command_that_is_obeyed_on_arrival(profile: Profile) -> None:
    for name in NAMES:
        data = golden.kept(name)[profile.name]
        assert not any(command in data for command in (b"\x10\x04", b"\x10\x05", b"\x10\x14"))
