"""The virtual printer against the manuals: it must be as hard to please as the hardest real one."""

import pytest

from devices.figures import FIGURES
from devices.virtual_paper import Feed, Picture, TextLine
from devices.virtual_printer import VirtualPrinter

KANJI_ON = b"\x1c&"
KANJI_OFF = b"\x1c."


def gbk(text: str) -> bytes:
    return text.encode("gbk")


def qr(data: bytes, module: int = 6) -> bytes:
    return (
        b"\x1d(k\x03\x001C"
        + bytes((module,))
        + b"\x1d(k\x03\x001E1"
        + b"\x1d(k"
        + (len(data) + 3).to_bytes(2, "little")
        + b"1P0"
        + data
        + b"\x1d(k\x03\x001Q0"
    )


def shown(printer: VirtualPrinter) -> list[str]:
    return [row.text for row in printer.rows()]


def test_chinese_prints_only_in_kanji_mode() -> None:
    printer = VirtualPrinter()
    printer.feed(gbk("集美\n") + KANJI_ON + gbk("集美\n") + KANJI_OFF + gbk("集\n"))
    assert printer.text().split("\n") == ["▒▒▒▒", "集美", "▒▒"]
    assert printer.junk == 6


def test_an_init_ends_kanji_mode_and_all_settings_and_drops_the_line() -> None:
    printer = VirtualPrinter()
    printer.feed(KANJI_ON + b"\x1d!\x11\x1bE\x01dropped\x1b@" + gbk("集") + b"A\n")
    (line,) = printer.piece.marks
    assert isinstance(line, TextLine)
    assert line.text == "▒▒A"
    assert line.scale == 1
    assert not any(glyph.bold for glyph in line.glyphs)


def test_a_line_that_is_too_long_goes_on_in_the_next_and_is_counted() -> None:
    printer = VirtualPrinter()
    printer.feed(KANJI_ON + b"A" * 31 + gbk("集\n"))
    assert printer.text() == "A" * 31 + "\n集"
    assert printer.head.overflow == 1


def test_sizes_for_all_characters_and_sizes_for_ascii_or_chinese_alone() -> None:
    printer = VirtualPrinter(80)
    printer.feed(KANJI_ON)
    for size in (b"\x1d!\x33", b"\x1d!\x00\x1b!\x30", b"\x1b!\x00\x1c!\x0c"):
        printer.feed(size + b"A" + gbk("集\n"))
    widths = [[g.width for g in mark.glyphs] for mark in printer.piece.marks if isinstance(mark, TextLine)]
    assert widths == [[48, 96], [24, 24], [12, 48]]
    assert [mark.height for mark in printer.piece.marks] == [96, 48, 48]


def test_alignment_in_the_middle_of_a_line_does_nothing_and_is_counted() -> None:
    printer = VirtualPrinter()
    printer.feed(b"A\x1ba\x01B\n\x1ba\x01C\n")
    assert [mark.align for mark in printer.piece.marks if isinstance(mark, TextLine)] == [0, 1]
    assert printer.head.misplaced == 1


def test_tabs_go_to_every_eighth_column() -> None:
    printer = VirtualPrinter()
    printer.feed(b"A\tB\t\tC\n")
    assert printer.text() == "A       B               C"


def test_feeds_and_line_spacing_move_the_paper() -> None:
    printer = VirtualPrinter()
    printer.feed(b"\n\x1bd\x03\x1bJ\x18\x1b3\x40\n\x1b2\n")
    assert [mark.height for mark in printer.piece.marks] == [30, 90, 24, 64, 30]
    assert all(isinstance(mark, Feed) for mark in printer.piece.marks)


@pytest.mark.parametrize("cut", [b"\x1dV\x00", b"\x1dV\x01", b"\x1dV\x41\x00", b"\x1dV\x42\x10"])
def test_each_cut_makes_a_piece(cut: bytes) -> None:
    printer = VirtualPrinter()
    printer.feed(b"A\n" + cut + b"B\n")
    assert [slip.text.strip() for slip in printer.slips] == ["A"]
    assert printer.piece.text == "B"


def test_a_code_is_printed_with_its_payload_and_size() -> None:
    printer = VirtualPrinter()
    printer.feed(b"\x1ba\x01" + qr(b"https://STATION.EXAMPLE/T/1"))
    (code,) = printer.piece.marks
    assert isinstance(code, Picture)
    assert (len(code.matrix), code.module, code.align) == (29, 6, 1)
    assert printer.codes == ["https://STATION.EXAMPLE/T/1"]


def test_a_code_wider_than_the_paper_is_left_out_altogether() -> None:
    printer = VirtualPrinter()
    printer.feed(qr(b"A" * 180, module=8))
    assert printer.piece.marks == ()
    assert printer.codes == []
    assert printer.head.left_out == 1


def test_a_picture_is_doubled_both_ways_when_asked() -> None:
    printer = VirtualPrinter()
    printer.feed(b"\x1dv0\x03\x02\x00\x06\x00" + b"\xe0\x00" * 3 + b"\x1c\x00" * 3)
    (picture,) = printer.piece.marks
    assert picture == Picture(((True, False), (False, True)), 6, 0)


@pytest.mark.parametrize(
    ("fault", "answers"),
    [
        (None, b"\x12\x12\x12\x12"),
        ("paper_low", b"\x12\x12\x12\x1e"),
        ("paper_out", b"\x1a\x32\x12\x7e"),
        ("cover_open", b"\x1a\x16\x12\x12"),
    ],
)
def test_real_time_status_tells_the_fault(fault: str | None, answers: bytes) -> None:
    printer = VirtualPrinter()
    if fault:
        setattr(printer, fault, True)
    assert printer.feed(b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04") == answers


def test_real_time_status_is_answered_in_the_middle_of_another_command() -> None:
    printer = VirtualPrinter()
    assert printer.feed(b"\x1d(k\x20\x001P0abc\x10\x04\x01") == b"\x12"
    assert printer.feed(b"") == b""


def test_a_stopped_printer_keeps_the_job_and_prints_it_after_reload() -> None:
    printer = VirtualPrinter()
    printer.paper_out = True
    assert printer.feed(b"A\n\x1d(H\x06\x00000042\x1dr\x01") == b""
    assert printer.text() == ""
    printer.reload()
    assert printer.feed(b"") == b"\x37\x220042\x00\x00"
    assert printer.text() == "A"


def test_paper_ends_in_the_middle_of_a_slip() -> None:
    printer = VirtualPrinter()
    printer.head.paper_left = 60
    printer.feed(b"A\nB\nC\n")
    assert printer.text() == "A\nB"
    assert printer.feed(b"\x10\x04\x04") == b"\x7e"


def test_a_silent_printer_prints_and_says_nothing() -> None:
    printer = VirtualPrinter()
    printer.silent = True
    assert printer.feed(b"A\n\x1dr\x01\x10\x04\x01") == b""
    assert printer.text() == "A"


def test_a_full_buffer_loses_what_comes_and_counts_it() -> None:
    printer = VirtualPrinter()
    printer.cover_open = True
    printer.buffer_bytes = 10
    printer.feed(b"A\n" * 8)
    assert printer.overrun == 6
    printer.cover_open = False
    printer.feed(b"")
    assert printer.text() == "A\nA\nA\nA\nA"


def test_a_printer_with_flow_control_stops_the_line_before_its_buffer_is_full_and_starts_it_again() -> None:
    printer = VirtualPrinter(flow=True)
    printer.cover_open = True
    assert printer.feed(b"A\n" * 1900) == b""
    assert printer.feed(b"A\n" * 100) == b"\x13"
    assert printer.feed(b"") == b""
    printer.cover_open = False
    assert printer.feed(b"") == b"\x11"
    assert printer.overrun == 0


def test_a_stopped_line_is_told_to_who_sends_and_released_once() -> None:
    printer = VirtualPrinter()
    printer.line_held = True
    assert printer.feed(b"A\n") == b"\x13"
    assert printer.feed(b"") == b""
    assert printer.feed(b"\x10\x04\x01") == b"\x12\x13", "status is answered past it"
    assert printer.text() == ""
    printer.line_held = False
    assert printer.feed(b"") == b"\x11"
    assert printer.text() == "A"


def test_a_knife_that_sticks_waits_to_be_told_and_then_cuts() -> None:
    printer = VirtualPrinter()
    printer.cutter_jammed = True
    printer.feed(b"A\n\x1dV\x42\x00B\n")
    assert (printer.slips, printer.text()) == ([], "A\n")
    assert printer.feed(b"\x10\x04\x01\x10\x04\x02\x10\x04\x03") == b"\x3a\x52\x1a"
    printer.feed(b"\x10\x05\x01")
    assert printer.slips == [], "still stuck"
    printer.cutter_jammed = False
    printer.feed(b"")
    assert printer.slips == [], "free, and not yet told"
    printer.feed(b"\x10\x05\x01")
    assert [slip.text.strip() for slip in printer.slips] == ["A"]
    assert printer.piece.text == "B"


def test_recovering_without_what_was_received_leaves_the_paper_uncut() -> None:
    printer = VirtualPrinter()
    printer.cutter_jammed = True
    printer.feed(b"A\n\x1dV\x42\x00B\n")
    printer.cutter_jammed = False
    printer.feed(b"\x10\x05\x02")
    assert (printer.slips, printer.text().strip()) == ([], "A")


def test_clearing_drops_what_waits_and_is_confirmed() -> None:
    printer = VirtualPrinter()
    printer.feed(b"A\nhalf")
    printer.paper_out = True
    assert printer.feed(b" a line\nB\n\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08") == b"\x37\x25\x00"
    printer.reload()
    printer.feed(b"C\n")
    assert printer.text() == "A\nC"


def test_a_hot_head_pauses_and_is_told() -> None:
    printer = VirtualPrinter()
    printer.head_hot = True
    assert printer.feed(b"A\n\x10\x04\x02\x10\x04\x03") == b"\x52\x52"
    assert printer.text() == ""
    printer.head_hot = False
    printer.feed(b"")
    assert printer.text() == "A"


def test_power_that_goes_takes_memory_with_it_and_leaves_the_paper() -> None:
    printer = VirtualPrinter()
    printer.feed(KANJI_ON + b"A\nhalf a line")
    printer.switch(False)
    assert printer.feed(b"B\n") == b"\x00", "a line that loses its voltage reads as a break"
    assert printer.feed(b"\x10\x04\x01") == b""
    printer.switch(True)
    printer.feed(b"C\n" + gbk("集\n"))
    assert printer.text() == "A\nC\n▒▒"


def test_half_answers_are_halves_of_blocks_and_every_other_byte() -> None:
    printer = VirtualPrinter()
    printer.half = True
    assert printer.feed(b"\x10\x04\x01\x10\x04\x01\x1d(H\x06\x00000042") == b"\x12\x37\x22\x30"


def test_characters_of_the_user_are_printed_until_an_init() -> None:
    printer = VirtualPrinter(read=lambda matrix: "吉" if all(matrix[0]) else None)
    define = b"\x1c2\xfe\xa1" + b"\x80\x00\x00" * 24
    printer.feed(KANJI_ON + define + b"\xfe\xa1\n" + b"\x1b@" + KANJI_ON + b"\xfe\xa1\n")
    assert printer.text() == "吉\n▒"


def test_a_bit_image_stands_in_its_line() -> None:
    printer = VirtualPrinter()
    printer.feed(b"A\x1b*\x21\x18\x00" + b"\xff\xff\xff" * 24 + b"B\n")
    (line,) = printer.piece.marks
    assert isinstance(line, TextLine)
    assert [(glyph.left, glyph.width) for glyph in line.glyphs] == [(0, 12), (12, 24), (36, 12)]


def test_automatic_status_comes_at_once_and_with_every_change() -> None:
    printer = VirtualPrinter()
    assert printer.feed(b"\x1da\xff") == b"\x10\x00\x00\x00"
    assert printer.feed(b"A\n") == b""
    printer.cover_open = True
    assert printer.feed(b"") == b"\x38\x00\x00\x00"
    printer.cover_open = False
    assert printer.feed(b"\x1da\x00") == b""


def test_identity_is_a_byte_or_a_block() -> None:
    printer = VirtualPrinter()
    assert printer.feed(b"\x1dI\x01\x1dI\x42") == b"\x20\x5fVIRTUAL\x00"


@pytest.mark.parametrize("command", [b"\x1b\x01", b"\x1c\x01", b"\x1d\x01", b"\x10\x01", b"\x07", b"\x1d(Z\x01\x00A"])
def test_what_it_does_not_know_is_counted_and_the_next_line_prints(command: bytes) -> None:
    printer = VirtualPrinter()
    printer.feed(command + b"A\n")
    assert len(printer.unknown) == 1
    assert printer.text() == "A"


def test_half_a_chinese_character_is_junk_and_not_a_crash() -> None:
    printer = VirtualPrinter()
    printer.feed(KANJI_ON + b"\xb0\xff\x81\x30\x80A\n")
    assert printer.junk == 3
    assert printer.text().endswith("A")


def test_the_picture_of_a_number_is_drawn_in_half_blocks() -> None:
    printer = VirtualPrinter()
    printer.feed(b"\x1ba\x01\x1d!\x33A07-012\n")
    assert shown(printer) == [
        "▄▀▀▄ ▄▀▀▄ ▀▀▀█    ▄▀▀▄ ▄█  ▄▀▀▄",
        "█  █ █  █   ▄▀ ▄▄ █  █  █     █",
        "█▀▀█ █  █  ▄▀     █  █  █   ▄▀",
        "█  █ ▀▄▄▀  █      ▀▄▄▀ ▄█▄ █▄▄▄",
    ]


def test_a_number_with_four_digits_is_spread_where_its_shapes_do_not_fit() -> None:
    printer = VirtualPrinter()
    printer.feed(b"\x1d!\x33A07-1000\n")
    assert shown(printer)[0] == "A   0   7   -   1   0   0   0"


def test_there_is_a_shape_for_every_letter_and_digit_of_a_number() -> None:
    assert set(FIGURES) == set("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789-")
    assert all(len({len(row) for row in rows}) == 1 and len(rows) == 8 for rows in FIGURES.values())
    assert len(set(FIGURES.values())) == len(FIGURES)


def test_the_picture_keeps_the_places_of_the_characters() -> None:
    printer = VirtualPrinter()
    printer.feed(KANJI_ON + gbk("□ 户口簿") + b"\t\t  " + gbk("原件\n") + b"\x1ba\x01" + gbk("集美\n\x1ba\x02右\n"))
    assert shown(printer) == [
        "[] 户口簿                 原件",
        " " * 14 + "集美",
        " " * 30 + "右",
    ]


def test_larger_text_is_spread_and_takes_its_height() -> None:
    printer = VirtualPrinter()
    printer.feed(KANJI_ON + b"\x1bE\x01\x1d!\x11" + gbk("周三9") + b"\n")
    rows = printer.rows()
    assert [row.text for row in rows] == ["周  三  9", ""]
    assert rows[0].bold


def test_a_code_that_fits_is_drawn_one_module_to_a_cell_and_a_wider_one_whole_all_the_same() -> None:
    printer = VirtualPrinter()
    printer.feed(qr(b"A" * 42))
    assert [row.kind for row in printer.rows()] == ["qr"] * 15
    assert printer.rows()[0].text.startswith("█▀▀▀▀▀█ ")
    wide = VirtualPrinter()
    wide.feed(qr(b"A" * 180))
    assert len(wide.rows()) == 27
    assert max(len(row.text) for row in wide.rows()) == 27


def test_the_paper_tells_that_it_has_changed_and_shows_its_cuts() -> None:
    printer = VirtualPrinter()
    before = printer.revision
    printer.feed(b"A")
    assert printer.revision == before
    printer.feed(b"\n\x1dV\x00")
    assert printer.revision > before
    assert [row.kind for row in printer.rows()] == ["text", "cut"]


def test_paper_of_an_unheard_of_width_is_refused() -> None:
    with pytest.raises(KeyError):
        VirtualPrinter(57)
