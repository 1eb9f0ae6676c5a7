"""`kiosk printer glyphs`: makes data/glyphs from an open font. A developer's command: it needs Pillow and OpenCC."""

import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, cast

from devices.glyphs import DOTS, written
from kiosk.cli.failure import Failure

_BASELINE = 21
"""Rows from the top of an ideograph's square to its baseline: 0.88 em (OpenType, ideographic baseline at -0.12)."""
_IDEOGRAPHS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0x20000, 0x2F800), range(0x30000, 0x33480))
"""Unicode's blocks, without those of compatibility ideographs, which look like others."""
_NO_CHARACTER = "\U0010ffff"
_ASCII = range(0x21, 0x7F)


class _Mask(Protocol):
    size: tuple[int, int]

    def getpixel(self, place: tuple[int, int]) -> int: ...


class _Font(Protocol):
    def getmask2(self, text: str, mode: str, *, anchor: str) -> tuple[_Mask, tuple[int, int]]: ...


def make(font: Path, face: int, folder: Path) -> str:
    """Write `glyphs24` and `simplified.txt` into `folder`; return a line for the user.

    `face` is the number of the face within a collection; its ASCII characters must be half as wide as its ideographs.
    Raises Failure.
    """
    opened = _opened(font, face)
    absent = _columns(opened, _NO_CHARACTER)
    glyphs = {character: _columns(opened, character) for character in _wanted()}
    glyphs = {character: columns for character, columns in glyphs.items() if columns != absent}
    pairs = _simplified()
    try:
        folder.mkdir(exist_ok=True)
        (folder / "glyphs24").write_bytes(written(glyphs))
        (folder / "simplified.txt").write_text("".join(f"{pair}\n" for pair in pairs), "utf-8")
    except OSError as error:
        raise Failure([f"{folder}: cannot be written: {error.strerror}"], os.EX_CANTCREAT) from None
    return f"{folder}: {len(glyphs)} characters, {len(pairs)} Simplified forms"


def _opened(font: Path, face: int) -> _Font:
    try:
        drawing = importlib.import_module("PIL.ImageFont")
    except ImportError:
        raise Failure(["Pillow is missing, which draws the font: pip install pillow"], os.EX_UNAVAILABLE) from None
    try:
        return cast(_Font, drawing.truetype(str(font), DOTS, index=face))
    except OSError as error:
        raise Failure([f"{font}: face {face} is no font: {error}"], os.EX_NOINPUT) from None


def _wanted() -> Iterator[str]:
    """Yield all ideographs and all that Chinese printers have, in Unicode's order."""
    yield from map(chr, _ASCII)
    for point in range(0x80, _IDEOGRAPHS[-1].stop):
        if any(point in block for block in _IDEOGRAPHS) or _in_gbk(chr(point)):
            yield chr(point)


def _in_gbk(character: str) -> bool:
    try:
        character.encode("gbk")
    except UnicodeEncodeError:
        return False
    return not character.isspace()


def _columns(font: _Font, character: str) -> bytes:
    """Return `character` as columns of three bytes, what sticks out of its square cut off."""
    mask, (left, top) = font.getmask2(character, "1", anchor="ls")
    columns = bytearray()
    for x in range(DOTS):
        bits = 0
        for y in range(DOTS):
            place = (x - left, y - _BASELINE - top)
            inside = 0 <= place[0] < mask.size[0] and 0 <= place[1] < mask.size[1]
            bits = bits << 1 | (inside and mask.getpixel(place) > 0)
        columns += bits.to_bytes(3, "big")
    return bytes(columns)


def _simplified() -> list[str]:
    """Return each Traditional character with its Simplified form, where GB 2312 has that."""
    try:
        conversion = importlib.import_module("opencc").OpenCC("t2s")
    except ImportError:
        raise Failure(["OpenCC is missing: pip install 'jimei-kiosk[build]'"], os.EX_UNAVAILABLE) from None
    pairs = []
    for point in _IDEOGRAPHS[1]:
        character = chr(point)
        form: str = conversion.convert(character)
        if form != character and len(form) == 1 and _in_gb2312(form):
            pairs.append(character + form)
    return pairs


def _in_gb2312(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True
