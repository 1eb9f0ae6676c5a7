"""Characters that a printer's font lacks: drawn, simplified, or marked, and never a question mark."""

import struct
from pathlib import Path

import msgspec
import pytest

from devices.characters import GETA, GETA_NOTE, SIMPLIFIED_NOTE, adapted
from devices.escpos import encode
from devices.glyphs import GLYPH_BYTES, GlyphFileError, GlyphReader, Glyphs, written
from devices.profile import Profile
from devices.virtual_paper import TextLine
from devices.virtual_printer import VirtualPrinter
from kiosk.documents import Cut, Document, Item, Words
from kiosk.text import Language

FILE = Path(__file__).parents[2] / "data" / "glyphs" / "glyphs24"
TRADITIONAL = "請帶好證件按時到廳辦理戶口登記養老醫療參保繳費領證結婚離職業務聯繫電話專窗車輛駕駛換發"
RARE = "镕堃喆𠮷"


@pytest.fixture(scope="module")
def glyphs() -> Glyphs:
    return Glyphs(FILE)


def document(*texts: str) -> Document:
    return Document("test", Language.HANT, (*map(Words, texts), Cut()))


def printed(document: Document, profile: Profile, glyphs: Glyphs | None) -> VirtualPrinter:
    reader = GlyphReader(Glyphs(FILE))
    printer = VirtualPrinter(dots=profile.dots, read=reader)
    printer.feed(encode(document, profile, None, glyphs).data)
    assert (printer.junk, printer.unknown, printer.head.overflow) == (0, [], 0)
    return printer


def rows(printer: VirtualPrinter) -> list[str]:
    return [line for line in printer.text().split("\n") if line]


@pytest.mark.parametrize("name", ["generic-58", "sprt-80", "raster-58"])
def test_rare_characters_of_names_are_on_paper(profiles: dict[str, Profile], glyphs: Glyphs, name: str) -> None:
    assert rows(printed(document(f"{RARE}先生"), profiles[name], glyphs)) == [f"{RARE}先生"]


def test_what_the_font_has_is_not_drawn(profiles: dict[str, Profile], glyphs: Glyphs) -> None:
    printer = printed(document(RARE), profiles["generic-58"], glyphs)
    (line,) = (mark for mark in printer.slips[0].marks if isinstance(mark, TextLine))
    assert [glyph.character for glyph in line.glyphs if glyph.dots] == ["𠮷"]


def test_a_drawn_character_takes_size_and_bold_where_the_printer_keeps_it(
    profiles: dict[str, Profile], glyphs: Glyphs
) -> None:
    large = Document("test", Language.HANS, (Words("𠮷祥", size=2, bold=True), Cut()))
    printer = printed(large, profiles["generic-58"], glyphs)
    (line,) = (mark for mark in printer.slips[0].marks if isinstance(mark, TextLine))
    assert {(glyph.width, glyph.down, glyph.bold) for glyph in line.glyphs} == {(48, 2, True)}
    plain = printed(large, profiles["raster-58"], glyphs)
    (line,) = (mark for mark in plain.piece.marks if isinstance(mark, TextLine))
    assert {(glyph.width, glyph.down) for glyph in line.glyphs} == {(24, 1)}, "a bit image has one size"


def test_more_characters_than_a_printer_keeps_take_turns(profiles: dict[str, Profile], glyphs: Glyphs) -> None:
    few = msgspec.structs.replace(profiles["sprt-80"], slots=2)
    lines = ["镕堃", "喆", "堃镕喆𠮷", "镕镕"]
    assert rows(printed(document(*lines), few, glyphs)) == lines


def test_traditional_text_on_a_printer_without_it_is_simplified_and_says_so(
    profiles: dict[str, Profile], glyphs: Glyphs
) -> None:
    for name in ("sprt-80", "raster-58"):
        first, *_, last = rows(printed(document(TRADITIONAL), profiles[name], glyphs))
        assert first.startswith("请带好证件按时到厅")
        assert last == SIMPLIFIED_NOTE
    assert rows(printed(document(TRADITIONAL), profiles["generic-80"], glyphs)) == [TRADITIONAL[:24], TRADITIONAL[24:]]


def test_a_few_traditional_characters_stay_as_they_are(profiles: dict[str, Profile], glyphs: Glyphs) -> None:
    assert rows(printed(document("臺灣同胞"), profiles["sprt-80"], glyphs)) == ["臺灣同胞"]


def test_a_rare_name_in_simplified_text_is_still_drawn(profiles: dict[str, Profile], glyphs: Glyphs) -> None:
    shown = rows(printed(document(TRADITIONAL, RARE), profiles["sprt-80"], glyphs))
    assert RARE in shown


def test_what_nobody_can_draw_is_marked_and_the_slip_says_so(profiles: dict[str, Profile], glyphs: Glyphs) -> None:
    assert rows(printed(document("甲\u0f00乙"), profiles["generic-58"], glyphs)) == [f"甲{GETA}乙", GETA_NOTE]
    never = msgspec.structs.replace(profiles["generic-58"], glyphs="none")
    assert rows(printed(document("𠮷祥"), never, glyphs)) == [f"{GETA}祥", GETA_NOTE]
    assert rows(printed(document("𠮷祥"), profiles["generic-58"], None)) == [f"{GETA}祥", GETA_NOTE]


def test_notes_and_leads_of_a_list_are_drawn_too(profiles: dict[str, Profile], glyphs: Glyphs) -> None:
    slip = Document("test", Language.HANS, (Item("镕", "堃", "喆"), Cut()))
    (row,) = rows(printed(slip, profiles["sprt-80"], glyphs))
    assert row.split() == ["镕", "堃", "喆"]


def test_no_more_than_twenty_bitmaps_are_sent(profiles: dict[str, Profile], glyphs: Glyphs) -> None:
    often = document("𠮷" * 15 + "𠮟" * 15)
    assert len(adapted(often, "gbk", glyphs).drawn) == 2
    assert len(adapted(often, "gbk", glyphs, kept=False).drawn) == 1
    many = document("".join(chr(0x20000 + place) for place in range(0, 900, 3)))
    fit = adapted(many, "gbk", glyphs)
    assert len(fit.drawn) == 20
    assert fit.missing > 0


def test_no_bitmap_spells_a_command_that_is_obeyed_on_arrival(glyphs: Glyphs) -> None:
    for _, columns in glyphs:
        assert b"\x10\x04" not in columns
        assert b"\x10\x05" not in columns
        assert b"\x10\x14" not in columns


def test_every_character_of_the_common_tables_is_there(glyphs: Glyphs) -> None:
    known = {character for character, _ in glyphs}
    for codec in ("gbk", "big5"):
        pairs = (
            bytes((lead, trail)).decode(codec, "ignore") for lead in range(0x81, 0xFF) for trail in range(0x40, 0xFF)
        )
        ideographs = {one for one in pairs if len(one) == 1 and "\u4e00" <= one <= "\u9fff"}
        assert ideographs <= known


def test_a_glyph_file_that_is_written_is_read_back(tmp_path: Path) -> None:
    shapes = {"甲": bytes(range(72)), "𠮷": b"\xff" * 72, "A": b"\x01" * 72}
    path = tmp_path / "glyphs24"
    path.write_bytes(written(shapes))
    (tmp_path / "simplified.txt").write_text("體体\n臺台\n", "utf-8")
    glyphs = Glyphs(path)
    assert {character: glyphs.columns(character) for character in shapes} == shapes
    assert glyphs.columns("乙") is None
    assert [glyphs.simplified(one) for one in "體臺甲"] == ["体", "台", "甲"]


def test_a_bitmap_of_another_size_is_not_written() -> None:
    with pytest.raises(ValueError, match="71 bytes"):
        written({"甲": b"\x00" * 71})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GLYPHS24",
        b"GLYPHS24" + struct.pack("<I", 2) + b"\x00" * (4 + GLYPH_BYTES),
        b"BITMAPS1" + struct.pack("<I", 1) + b"\x00" * (4 + GLYPH_BYTES),
    ],
)
def test_a_file_that_is_none_is_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "glyphs24"
    path.write_bytes(content)
    (tmp_path / "simplified.txt").write_text("", "utf-8")
    with pytest.raises(GlyphFileError) as caught:
        Glyphs(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_and_a_wrong_line_of_forms_are_told(tmp_path: Path) -> None:
    with pytest.raises(GlyphFileError, match="No such file"):
        Glyphs(tmp_path / "glyphs24")
    (tmp_path / "glyphs24").write_bytes(written({"A": b"\x01" * 72}))
    (tmp_path / "simplified.txt").write_text("體=体\n", "utf-8")
    with pytest.raises(GlyphFileError, match="not two characters"):
        Glyphs(tmp_path / "glyphs24")
