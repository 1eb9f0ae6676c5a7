"""What goes on paper, as printer-neutral blocks, and their layout into the columns of a printer.

A column is the width of one ASCII character of the printer's font A (12 dots); a Chinese character takes two. A document is
kept in the journal as it is and laid out when it is printed, so one job fits whichever printer is there.
"""

from typing import Literal

import msgspec

from kiosk.text import Language


class Words(msgspec.Struct, frozen=True, tag="words"):
    """A paragraph. `size` magnifies both directions (1, 2 or 4); wrapped lines are indented by `hang` columns."""

    text: str
    size: Literal[1, 2, 4] = 1
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


class Code(msgspec.Struct, frozen=True, tag="qr"):
    """A QR code, centred, error correction M, drawn by the printer itself. `data` is ASCII, at most 180 characters."""

    data: str


class Cut(msgspec.Struct, frozen=True, tag="cut"):
    """The paper is fed to the knife and cut, or to the tear bar."""


Block = Words | Item | Rule | Gap | Code | Cut


class Document(msgspec.Struct, frozen=True):
    """A slip: `title` names it in logs and tests, `language` is the visitor's, `blocks` run from top to bottom."""

    title: str
    language: Language
    blocks: tuple[Block, ...]
