"""Which characters a printer's own font has, and what becomes of the others: drawn, or in their Simplified form.

A bitmap costs 76 bytes, 0.08 s at 9600 baud. So a slip that would need more than twenty of them, which is Traditional
text on a GB 2312 printer, is set in Simplified characters and says so. A printer that keeps characters (FS 2) needs a
bitmap for each different one, another (ESC *) for each that is printed.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec
from msgspec.structs import replace

from devices.glyphs import Glyphs
from devices.profile import Charset
from kiosk.documents import Block, Cut, Document, Item, Words
from kiosk.text import clean

DRAWN_AT_MOST = 20
"""Bitmaps that are sent for one slip."""
GETA = "〓"
"""Printed for a character that can neither be printed nor drawn: the typesetters' mark for one, never a `?`."""

SIMPLIFIED_NOTE = "打印机没有繁体字库，改用简体字"
"""Not in data/wording: it is put on when a slip is printed, in the characters that the printer has."""
GETA_NOTE = "有的字打印机打不出，以〓代替"

_IN_GBK = str.maketrans({"・": "·", "•": "·", "−": "-", "‑": "-", "✓": "√", "¥": "￥", "〜": "～", "☐": "□"})


class Adapted(msgspec.Struct, frozen=True):
    """A document that a printer can print: `drawn` are the characters that go out as bitmaps.

    `missing`: how many different characters are printed as 〓.
    """

    document: Document
    drawn: frozenset[str]
    missing: int


def pair(character: str, charset: Charset) -> bytes | None:
    """Return the two bytes of `character` in the printer's font, or None if the font lacks it."""
    try:
        encoded = character.encode("gbk")
    except UnicodeEncodeError:
        return None
    if charset == "gb2312" and not (0xA1 <= encoded[0] <= 0xF7 and encoded[1] >= 0xA1):
        return None
    return encoded


def adapted(document: Document, charset: Charset, glyphs: Glyphs | None, *, kept: bool = True) -> Adapted:
    """Return `document` with every character printable: as it is, in Simplified form, as a bitmap, or as 〓.

    `glyphs`: the bitmaps, None for a printer that cannot draw any. `kept`: the printer keeps a bitmap that it got.
    """
    document = _translated(document, _IN_GBK)
    lacking = _lacking(document, charset, kept=kept)
    if glyphs is not None and sum(lacking.values()) > DRAWN_AT_MOST:
        simpler = {one: form for one in _characters(document) if (form := glyphs.simplified(one)) != one}
        if simpler.keys() & lacking.keys():
            document = _noted(_translated(document, str.maketrans(simpler)), SIMPLIFIED_NOTE)
            lacking = _lacking(document, charset, kept=kept)
    able: list[str] = []
    room = DRAWN_AT_MOST
    for one, bitmaps in lacking.items():
        if glyphs is not None and bitmaps <= room and glyphs.columns(one):
            able.append(one)
            room -= bitmaps
    unable = [one for one in lacking if one not in able]
    if unable:
        document = _noted(_translated(document, str.maketrans(dict.fromkeys(unable, GETA))), GETA_NOTE)
    return Adapted(document, frozenset(able), len(unable))


def _lacking(document: Document, charset: Charset, *, kept: bool) -> dict[str, int]:
    """Return the characters of `document` that the printer's font lacks, each with the bitmaps that it needs."""
    counts = _characters(document)
    return {one: 1 if kept else count for one, count in counts.items() if pair(one, charset) is None}


def _characters(document: Document) -> Counter[str]:
    """Return how often each character beyond ASCII occurs in `document`."""
    return Counter(one for text in _texts(document) for one in text if not one.isascii())


def _texts(document: Document) -> Iterator[str]:
    for block in document.blocks:
        match block:
            case Words():
                yield block.text
            case Item():
                yield from (block.lead, block.text, block.note)


def _translated(document: Document, table: Mapping[int, str]) -> Document:
    """Return `document` with its texts cleaned and translated by `table`."""

    def translated(text: str) -> str:
        return clean(unicodedata.normalize("NFC", text)).translate(table)

    blocks: list[Block] = []
    for block in document.blocks:
        match block:
            case Words():
                blocks.append(replace(block, text=translated(block.text)))
            case Item():
                lead, text, note = map(translated, (block.lead, block.text, block.note))
                blocks.append(replace(block, lead=lead, text=text, note=note))
            case _:
                blocks.append(block)
    return replace(document, blocks=tuple(blocks))


def _noted(document: Document, note: str) -> Document:
    """Return `document` with `note` at its end, before the cut."""
    blocks = document.blocks
    end = len(blocks) - isinstance(blocks[-1], Cut)
    return replace(document, blocks=(*blocks[:end], Words(note, centre=True), *blocks[end:]))
