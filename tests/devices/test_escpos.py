"""The bytes that go to a printer: byte by byte where manuals are strict, read back where only the paper counts."""

import re

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devices.characters import GETA, GETA_NOTE, adapted
from devices.escpos import Encoded, encode, modules_of, separator
from devices.profile import Profile
from devices.virtual_paper import Feed, Picture
from devices.virtual_printer import VirtualPrinter
from kiosk.documents import Block, Code, Cut, Document, Gap, Item, Row, Rule, Words, layout
from kiosk.text import Language

INIT = b"\x1b@\x1c&"
FROM_OUTSIDE = st.text(
    st.one_of(
        st.characters(codec="utf-8", exclude_categories=()),
        st.sampled_from("\x1b\x1d\x10\x04\x01\x00\x7f\x9b集美，（）「」ab 012-\t\n"),
    ),
    max_size=60,
)


def document(*blocks: Block) -> Document:
    return Document("test", Language.HANS, blocks)


def job(profile: Profile, *blocks: Block, process_id: bytes | None = None) -> bytes:
    return encode(document(*blocks), profile, process_id).data


def printer_for(profile: Profile) -> VirtualPrinter:
    return VirtualPrinter(dots=profile.dots)


def assert_understood(printer: VirtualPrinter) -> None:
    assert printer.unknown == []
    assert (printer.junk, printer.head.overflow, printer.head.misplaced, printer.head.left_out) == (0, 0, 0, 0)


def test_every_init_is_followed_by_kanji_mode(narrow: Profile, slip: Document) -> None:
    for data in (encode(slip, narrow).data, separator(narrow).data):
        inits = [match.end() for match in re.finditer(b"\x1b@", data)]
        assert inits
        assert all(data[end : end + 2] == b"\x1c&" for end in inits)


def test_chinese_goes_out_as_gbk_and_plain_text_costs_nothing_more(narrow: Profile) -> None:
    assert job(narrow, Words("集美 A1，")) == INIT + "集美 A1，\n".encode("gbk")


def test_settings_are_sent_only_when_they_change(narrow: Profile) -> None:
    big = Words("A07-012", size=4, centre=True)
    assert job(narrow, big, big, Words("甲")) == (
        INIT + b"\x1ba\x01\x1d!\x33A07-012\nA07-012\n\x1ba\x00\x1d!\x00" + "甲\n".encode("gbk")
    )


def test_long_gaps_in_a_row_go_out_as_tabs(narrow: Profile) -> None:
    assert job(narrow, Item("1", "甲", "乙")) == INIT + b"1 " + "甲\t\t\t      乙\n".encode("gbk")
    assert job(narrow, Item("1", "一二三四五六七八九十一二三", "乙")).endswith("三  乙\n".encode("gbk"))


def test_a_qr_code_is_model_2_level_m_six_dots_with_a_quiet_zone_above_and_below(narrow: Profile) -> None:
    data = b"https://STATION.EXAMPLE/T/1"
    assert job(narrow, Code(data.decode())) == (
        INIT
        + b"\x1ba\x01\n"
        + b"\x1d(k\x04\x001A2\x00"
        + b"\x1d(k\x03\x001C\x06"
        + b"\x1d(k\x03\x001E1"
        + b"\x1d(k\x1e\x001P0"
        + data
        + b"\x1d(k\x03\x001Q0"
        + b"\n"
    )


def test_the_largest_code_and_its_quiet_zone_fit_the_narrowest_paper(profiles: dict[str, Profile]) -> None:
    for profile in profiles.values():
        printer = printer_for(profile)
        printer.feed(job(profile, Code("A" * 180), Cut(), Gap(1)))
        marks = [mark for slip in [*printer.slips, printer.piece] for mark in slip.marks]
        above, code, below = marks[:3]
        assert isinstance(above, Feed)
        assert isinstance(code, Picture)
        assert isinstance(below, Feed)
        assert code.module == 6
        assert min(above.height, below.height) >= 4 * code.module
        assert code.align == 1
        assert (len(code.matrix) + 8) * code.module <= profile.dots
        assert_understood(printer)


@pytest.mark.parametrize(("size", "modules"), [(14, 21), (15, 25), (42, 29), (43, 33), (152, 49), (153, 53), (180, 53)])
def test_modules_are_counted_in_byte_mode(size: int, modules: int) -> None:
    assert modules_of(b"A" * size) == modules


def test_more_than_a_code_can_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="181 bytes"):
        modules_of(b"A" * 181)


def test_a_printer_without_qr_codes_gets_the_same_code_as_a_picture(profiles: dict[str, Profile]) -> None:
    printer = printer_for(profiles["raster-58"])
    native = printer_for(profiles["generic-58"])
    code = Code("https://STATION.EXAMPLE/T/1234567890123456/" + "A7" * 64)
    printer.feed(job(profiles["raster-58"], code))
    native.feed(job(profiles["generic-58"], code))
    (drawn,) = (mark for mark in printer.piece.marks if isinstance(mark, Picture))
    (printed,) = (mark for mark in native.piece.marks if isinstance(mark, Picture))
    assert (len(drawn.matrix), drawn.module) == (len(printed.matrix), printed.module)
    assert_understood(printer)


def test_a_drawn_code_never_spells_a_real_time_command(profiles: dict[str, Profile]) -> None:
    for number in range(60):
        data = job(profiles["raster-58"], Code(f"https://STATION.EXAMPLE/T/{number:016}/{'B7' * number}"))
        assert not re.search(b"\x10[\x04\x05\x14]", data)


def test_proof_is_asked_for_after_the_cut(narrow: Profile, slip: Document) -> None:
    data = encode(slip, narrow, b"0042").data
    assert data.endswith(b"\x1dV\x42\x00\x1d(H\x06\x00000042\x1dr\x01")


def test_a_printer_without_process_ids_is_asked_for_its_queued_status_alone(profiles: dict[str, Profile]) -> None:
    assert job(profiles["raster-58"], Words("A"), process_id=b"0042") == INIT + b"A\n\x1dr\x01"


@pytest.mark.parametrize("process_id", [b"", b"123", b"12345", b"12\x1b4", b"12\x7f4"])
def test_a_process_id_that_printers_would_not_echo_is_refused(narrow: Profile, process_id: bytes) -> None:
    with pytest.raises(ValueError, match="four bytes"):
        job(narrow, Words("A"), process_id=process_id)


def test_a_printer_without_a_knife_feeds_to_the_tear_bar(profiles: dict[str, Profile]) -> None:
    full = msgspec.structs.replace(profiles["generic-80"], cut="full")
    assert job(profiles["tear-58"], Words("A"), Cut()) == INIT + b"A\n\x1bd\x04"
    assert job(full, Words("A"), Cut()) == INIT + b"A\n\x1dV\x41\x00"


def test_a_printer_that_tells_of_itself_unasked_is_told_to_after_each_init(narrow: Profile) -> None:
    telling = msgspec.structs.replace(narrow, status="unasked")
    assert job(telling, Words("A")) == INIT + b"\x1da\xffA\n"
    assert separator(telling).data.lstrip(b"\0").startswith(INIT + b"\x1da\xff")


def test_the_cut_of_a_fragment_is_made_also_where_the_slip_broke_off_inside_a_command(narrow: Profile) -> None:
    slip = encode(Document("slip", Language.HANS, (Words("号码"), Code("https://STATION.EXAMPLE/G/12"), Cut())), narrow)
    for length in range(1, len(slip.data)):
        printer = VirtualPrinter()
        printer.feed(slip.data[:length] + separator(narrow).data)
        assert printer.slips, f"cut after {length} bytes"
        assert printer.piece.marks == ()


def test_a_separator_cuts_a_fragment_off(narrow: Profile) -> None:
    printer = printer_for(narrow)
    printer.feed(b"\x1b@\x1c&" + "半张单子\n还没打完".encode("gbk"))
    assert printer.feed(separator(narrow, b"cut ").data) == b"\x37\x22cut \x00\x00"
    assert [slip.text.strip() for slip in printer.slips] == ["半张单子"]
    assert printer.piece.marks == ()


def test_a_character_that_the_font_lacks_prints_as_a_geta_mark_and_is_counted(
    narrow: Profile, profiles: dict[str, Profile]
) -> None:
    rare = document(Words("𠮷野家 堃"))
    on_gbk = encode(rare, narrow)
    on_gb2312 = encode(rare, profiles["raster-58"])
    assert (on_gbk.missing, on_gb2312.missing) == (1, 2)
    printer = printer_for(narrow)
    printer.feed(on_gbk.data)
    assert printer.text().split("\n") == [f"{GETA}野家 堃", GETA_NOTE]
    assert b"?" not in on_gbk.data + on_gb2312.data


def test_punctuation_that_gbk_lacks_prints_as_its_like(narrow: Profile) -> None:
    encoded = encode(document(Words("阿・买提 −5 ✓ ¥3")), narrow)
    assert encoded == Encoded(INIT + "阿·买提 -5 √ ￥3\n".encode("gbk"), 30, 0)


def test_characters_with_an_ascii_trail_byte_are_read_back_whole(narrow: Profile) -> None:
    """镕 is E9 46, 堃 88 D2, 乗 81 5C: a printer out of Kanji mode splits them."""
    printer = printer_for(narrow)
    printer.feed(job(narrow, Words("镕堃喆乗俓F")))
    assert printer.text() == "镕堃喆乗俓F"
    assert_understood(printer)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(FROM_OUTSIDE, min_size=3, max_size=3), st.sampled_from(["generic-58", "generic-80", "tm-80", "tear-58"])
)
def test_whatever_a_text_holds_it_is_printed_and_never_obeyed(
    profiles: dict[str, Profile], texts: list[str], name: str
) -> None:
    profile = profiles[name]
    paragraph, entry, note = texts
    hostile = document(Words(paragraph, size=2), Rule(), Item("□", entry, note[:10]), Words(paragraph, centre=True))
    printer = printer_for(profile)
    answers = printer.feed(encode(hostile, profile).data)
    assert answers == b""
    assert_understood(printer)
    fit = adapted(hostile, profile.charset, None)
    rows = [line.text for line in layout(fit.document, profile.columns) if isinstance(line, Row)]
    assert printer.text().count("\n") == len(rows) - 1
    assert (GETA in printer.text()) is (fit.missing > 0 or GETA in "".join(texts))


@pytest.mark.parametrize(
    "text",
    [
        "\x1b@\x1b!\x30",
        "\x10\x04\x01",
        "\x1dV\x00",
        "\x9b31m",
        "名\x1b(B",
        "[@click=app.quit]x[/]",
        "\x1d(k\x03\x001Q0",
    ],
)
def test_commands_in_a_name_reach_the_printer_as_harmless_letters(narrow: Profile, text: str) -> None:
    printer = printer_for(narrow)
    assert printer.feed(job(narrow, Words(text), Item("1", text, text))) == b""
    assert printer.slips == []
    assert_understood(printer)


def test_the_length_of_the_paper_is_told_so_that_waiting_can_be_bounded(
    profiles: dict[str, Profile], slip: Document
) -> None:
    for name in ("generic-58", "generic-80"):
        printer = printer_for(profiles[name])
        encoded = encode(slip, profiles[name])
        printer.feed(encoded.data)
        assert printer.slips[0].height <= encoded.dots <= printer.slips[0].height * 1.1


def test_a_whole_slip_is_read_back_as_it_was_laid_out(profiles: dict[str, Profile], slip: Document) -> None:
    for profile in profiles.values():
        printer = printer_for(profile)
        printer.feed(encode(slip, profile).data)
        rows = [line.text for line in layout(slip, profile.columns) if isinstance(line, Row)]
        assert [line for line in printer.text().split("\n") if line] == rows
        assert_understood(printer)
        if profile.native_qr:
            assert printer.codes == [block.data for block in slip.blocks if isinstance(block, Code)]
