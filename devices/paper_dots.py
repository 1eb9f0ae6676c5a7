"""The picture of a slip dot by dot, as it lies in the hand: for people who look, and for programs that read codes.

The letters are those of the font that is handed in; a real printer has its own.
"""

import struct
import zlib
from collections.abc import Callable

from devices.virtual_paper import CELL_DOTS, Feed, Glyph, Picture, Slip, TextLine

_GLYPH_DOTS = 24
_MARGIN = 24
"""White on all sides: the paper is wider than its print."""

Font = Callable[[str], bytes | None]
"""Returns a character's 24 columns of three bytes, the highest bit uppermost; half of them count for ASCII."""
Rows = list[bytearray]
"""Rows of dots, a byte each: 1 is black."""


def dots(slip: Slip, width: int, font: Font) -> Rows:
    """Return `slip` on paper of `width` dots, as long as it is."""
    rows = [bytearray(width) for _ in range(slip.height)]
    top = 0
    for mark in slip.marks:
        match mark:
            case TextLine():
                _print(rows, top, width, mark, font)
            case Picture():
                _draw(rows, top, width, mark)
            case Feed():
                pass
        top += mark.height
    return rows


def png(rows: Rows) -> bytes:
    """Return `rows` as a PNG file of one bit a dot, with a margin (PNG specification, third edition)."""
    width = len(rows[0]) if rows else 0
    blank = bytearray(width + 2 * _MARGIN)
    margin = bytearray(_MARGIN)
    lines = [blank] * _MARGIN + [margin + row + margin for row in rows] + [blank] * _MARGIN
    packed = b"".join(b"\x00" + _bits(line) for line in lines)
    head = struct.pack(">IIBBBBB", width + 2 * _MARGIN, len(lines), 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(packed, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _bits(line: bytearray) -> bytes:
    """Return dots as bits: in a PNG of one bit, 0 is black."""
    text = "".join("0" if dot else "1" for dot in line)
    text += "1" * (-len(text) % 8)
    return int(text, 2).to_bytes(len(text) // 8, "big")


def _print(rows: Rows, top: int, width: int, line: TextLine, font: Font) -> None:
    left = (width - line.glyphs[-1].left - line.glyphs[-1].width) * line.align // 2
    for glyph in line.glyphs:
        place = top + _GLYPH_DOTS * (line.scale - glyph.down)
        for x, y in _ink(glyph, font):
            for row in rows[place + y * glyph.down : place + (y + 1) * glyph.down]:
                start = left + glyph.left + x * glyph.scale
                end = min(start + glyph.scale + glyph.bold, width)
                row[start:end] = b"\x01" * (end - start)


def _ink(glyph: Glyph, font: Font) -> list[tuple[int, int]]:
    """Return the places of the black dots of `glyph` at its normal size; a box for a character without a picture."""
    if glyph.dots is not None:
        return [(x, y) for y, row in enumerate(glyph.dots) for x, black in enumerate(row) if black]
    wide = glyph.width // glyph.scale
    columns = font(glyph.character)
    if glyph.character.isspace():
        return []
    if columns is None:
        edges = range(2, wide - 2)
        return [(x, y) for x in edges for y in range(2, 22) if x in (2, wide - 3) or y in (2, 21)]
    return [
        (x, y)
        for x in range(min(wide, 2 * CELL_DOTS))
        for y in range(_GLYPH_DOTS)
        if columns[3 * x + y // 8] >> (7 - y % 8) & 1
    ]


def _draw(rows: Rows, top: int, width: int, mark: Picture) -> None:
    left = (width - len(mark.matrix[0]) * mark.module) * mark.align // 2
    for y, modules in enumerate(mark.matrix):
        line = b"".join(bytes([black]) * mark.module for black in modules)
        for row in rows[top + y * mark.module : top + (y + 1) * mark.module]:
            row[left : left + len(line)] = line
