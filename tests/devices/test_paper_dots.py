"""The picture of paper: dots where a print head puts them, and a file that others read."""

import struct
import zlib

from devices.paper_dots import dots, png
from devices.virtual_printer import VirtualPrinter

SQUARE = b"\xff\xff\xff" * 24
KANJI_ON = b"\x1c&"


def font(character: str) -> bytes | None:
    return SQUARE if character in "A集" else None


def black(printer: VirtualPrinter) -> list[str]:
    return ["".join(".#"[dot] for dot in row) for row in dots(printer.piece, printer.head.dots, font)]


def test_characters_stand_where_they_are_printed_and_as_large() -> None:
    printer = VirtualPrinter()
    printer.feed(KANJI_ON + b"A " + "集\n".encode("gbk") + b"\x1d!\x11A\n")
    rows = black(printer)
    assert len(rows) == 30 + 48
    assert rows[0].rstrip(".") == "#" * 12 + "." * 12 + "#" * 24
    assert rows[23] == rows[0]
    assert rows[24] == "." * 384
    assert rows[30].rstrip(".") == "#" * 24
    assert rows[77] == rows[30]


def test_text_is_centred_and_bold_is_a_dot_wider() -> None:
    printer = VirtualPrinter()
    printer.feed(b"\x1ba\x01\x1bE\x01A\n")
    assert black(printer)[0] == "." * 186 + "#" * 13 + "." * 185


def test_smaller_characters_stand_on_the_line_of_larger_ones() -> None:
    printer = VirtualPrinter()
    printer.feed(KANJI_ON + b"A\x1c!\x0c" + "集\n".encode("gbk"))
    rows = black(printer)
    assert rows[0].rstrip(".") == "." * 12 + "#" * 48
    assert rows[47].rstrip(".") == "#" * 60


def test_a_character_without_a_picture_is_a_box() -> None:
    printer = VirtualPrinter()
    printer.feed(b"B\n")
    rows = black(printer)
    assert rows[2][:12] == "..########.."
    assert rows[10][:12] == "..#......#.."


def test_modules_of_a_code_are_squares() -> None:
    printer = VirtualPrinter()
    printer.feed(b"\x1dv0\x03\x01\x00\x02\x00\x80\x40")
    rows = black(printer)
    assert [row[:5] for row in rows] == ["##...", "##...", "..##.", "..##."]


def test_the_file_is_a_png_of_one_bit_a_dot_with_a_white_margin() -> None:
    printer = VirtualPrinter()
    printer.feed(b"A\n")
    data = png(dots(printer.piece, 384, font))
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks = {}
    at = 8
    while at < len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        chunks[kind] = data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length)[0] == zlib.crc32(kind + chunks[kind])
        at += 12 + length
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    assert struct.unpack(">IIBBBBB", chunks[b"IHDR"]) == (384 + 48, 30 + 48, 1, 0, 0, 0, 0)
    lines = zlib.decompress(chunks[b"IDAT"])
    assert len(lines) == 78 * (1 + 54)
    assert set(lines[1:55]) == {0xFF}, "the margin is white"
    first = lines[24 * 55 + 1 : 25 * 55]
    assert first[3:5] == b"\x00\x0f", "twelve black dots after three bytes of margin"


def test_blank_paper_is_a_picture_too() -> None:
    assert png(dots(VirtualPrinter().piece, 384, font)).startswith(b"\x89PNG")
