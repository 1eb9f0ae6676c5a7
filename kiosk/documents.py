"""What goes on paper, as printer-neutral blocks, and their layout into the columns of a printer.

A column is the width of one ASCII character of the printer's font A (12 dots); every other character takes two. A
document is kept in the journal as it is and laid out when it is printed, so one job fits whichever printer is there.
"""

import re
import unicodedata
from typing import Literal

import msgspec

from kiosk.text import Language, cells, clean, wrap

NARROWEST = 24
"""Columns that a printer must have: a list item beside its tick box then still has ten Chinese characters a row."""
CODE_LIMIT = 180
"""Characters of a QR code: version 9-M in byte mode, the widest that fits the 384 dots of 58 mm at 6 dots a module."""

Size = Literal[1, 2, 4]


class Words(msgspec.Struct, frozen=True, tag="words"):
    """A paragraph. `size` magnifies both directions (1, 2 or 4); wrapped lines are indented by `hang` columns."""

    text: str
    size: Size = 1
    bold: bool = False
    centre: bool = False
    hang: int = 0


class Item(msgspec.Struct, frozen=True, tag="item"):
    """One entry of a list: `lead` (a tick box or number), `text` wrapped beside it, `note` at the right edge."""

    lead: str
    text: str
    note: str = ""


class Rule(msgspec.Struct, frozen=True, tag="rule"):
    """A line of hyphens over the whole width."""


class Gap(msgspec.Struct, frozen=True, tag="gap"):
    """Blank paper, `lines` lines of text high."""

    lines: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.lines <= 20:
            raise ValueError(f"a gap has 1 to 20 lines, not {self.lines}")


class Code(msgspec.Struct, frozen=True, tag="qr"):
    """A QR code, centred, error correction M, drawn by the printer itself.

    `data` is printable ASCII, at most 180 characters: firmware that meets Chinese bytes may choose the QR standard's
    Kanji mode, which few phones read back. Raises ValueError otherwise.
    """

    data: str

    def __post_init__(self) -> None:
        if not (self.data.isascii() and self.data.isprintable() and 1 <= len(self.data) <= CODE_LIMIT):
            raise ValueError(f"a QR code holds 1 to {CODE_LIMIT} printable ASCII characters")


class Cut(msgspec.Struct, frozen=True, tag="cut"):
    """The paper is fed to the knife and cut, or to the tear bar."""


Block = Words | Item | Rule | Gap | Code | Cut


class Document(msgspec.Struct, frozen=True):
    """A slip: `title` names it in logs and tests, `language` is the visitor's, `blocks` run from top to bottom."""

    title: str
    language: Language
    blocks: tuple[Block, ...]


class Row(msgspec.Struct, frozen=True):
    """One row of text that fits the paper: at `size` n a row has a printer's columns divided by n."""

    text: str
    size: Size = 1
    bold: bool = False
    centre: bool = False


Line = Row | Gap | Code | Cut

_REPRINT = {
    Language.HANS: "补打 第{copy}次",
    Language.HANT: "補印 第{copy}次",
    Language.EN: "REPRINT {copy}",
}
"""Not in data/wording: the mark is put on when a job is printed, where no catalogue is at hand."""

_SIZES: tuple[Size, ...] = (4, 2, 1)
_WORD = re.compile("[!-~]+")
_STAND_IN = "〓"
"""A character that is two cells wide and may stand anywhere in a line."""


def columns_of(text: str) -> int:
    """Return the columns that `text` takes on paper at size 1.

    Printers draw all that is not ASCII from their Chinese font, also what a terminal shows in one cell, such as é.
    """
    return sum(1 if character.isascii() else 2 for character in text)


def layout(document: Document, columns: int) -> tuple[Line, ...]:
    """Return `document` as lines for paper of `columns` columns (32 on 58 mm, 42 or 48 on 80 mm).

    No row is wider than the paper, and no word or number is cut unless it alone is wider than a whole row of size 1. A
    paragraph whose longest word is too wide for its size is set smaller. Raises ValueError below 24 columns.
    """
    if columns < NARROWEST:
        raise ValueError(f"paper of {columns} columns is too narrow: {NARROWEST} are needed")
    lines: list[Line] = []
    for block in document.blocks:
        match block:
            case Words():
                lines.extend(_words(block, columns))
            case Item():
                lines.extend(_item(block, columns))
            case Rule():
                lines.append(Row("-" * columns))
            case Gap() | Code() | Cut():
                lines.append(block)
    return tuple(lines)


def marked(document: Document, copy: int) -> Document:
    """Return `document` as its reprint number `copy` (from 1), told at the top in its own language."""
    if copy < 1:
        raise ValueError(f"reprints are counted from 1, not {copy}")
    mark = Words(_REPRINT[document.language].format(copy=copy), size=2, bold=True, centre=True)
    return msgspec.structs.replace(document, blocks=(mark, *document.blocks))


def _words(block: Words, columns: int) -> list[Row]:
    text = _cleaned(block.text)
    words = _WORD.findall(text)
    for size in _SIZES[_SIZES.index(block.size) :]:
        width = columns // size
        hang = 0 if block.centre else min(block.hang // size, width // 2)
        first, *rest = _wrap(text, width - hang, first=width)
        texts = [first, *(" " * hang + line for line in rest)]
        if all(any(word in line for line in texts) for word in words):
            break
    return [Row(line, size, block.bold, block.centre) for line in texts]


def _item(block: Item, columns: int) -> list[Row]:
    lead = _cleaned(block.lead)
    indent = columns_of(lead) + 1
    if indent > columns // 2:
        return [*_words(Words(lead), columns), *_item(Item("", block.text, block.note), columns)]
    margin = " " * indent if lead else ""
    room = columns - len(margin)
    texts = [margin + line for line in _wrap(_cleaned(block.text), room)]
    if lead:
        texts[0] = f"{lead} {texts[0][indent:]}"
    return [Row(text.rstrip()) for text in _with_note(texts, _cleaned(block.note), margin, columns)]


def _with_note(texts: list[str], note: str, margin: str, columns: int) -> list[str]:
    """Put `note` at the right edge of the first row that has room for it and a blank, else on rows of its own."""
    if not note:
        return texts
    for position, text in enumerate(texts):
        blanks = columns - columns_of(text) - columns_of(note)
        if blanks > 0:
            return [*texts[:position], text + " " * blanks + note, *texts[position + 1 :]]
    notes = _wrap(note, columns - len(margin))
    return [*texts, *(" " * (columns - columns_of(line)) + line for line in notes)]


def _cleaned(text: str) -> str:
    return clean(unicodedata.normalize("NFC", text))


def _wrap(text: str, width: int, first: int | None = None) -> list[str]:
    """Wrap by the printer's widths: what a terminal shows narrower than paper goes in under a stand-in of two cells."""
    odd = [character for character in text if character == _STAND_IN or cells(character) != columns_of(character)]
    if not odd:
        return wrap(text, width, first)
    veiled = "".join(_STAND_IN if cells(character) != columns_of(character) else character for character in text)
    originals = iter(odd)
    return [
        "".join(next(originals) if character == _STAND_IN else character for character in line)
        for line in wrap(veiled, width, first)
    ]
