"""Looks for words in every byte of a folder's files, in every form in which a program could have written them."""

import base64
import contextlib
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gbk")
_KEY = 6
"""Bytes by which a form is looked up; three hanzi have no fewer in any of the encodings."""

_STREAMS = ((b"\x1f\x8b\x08", 31), (b"\x78\x01", 15), (b"\x78\x5e", 15), (b"\x78\x9c", 15), (b"\x78\xda", 15))
"""How gzip and zlib begin (RFC 1952, RFC 1950), and the `wbits` that read them."""

_UNPACKED = 4 << 20
"""Bytes of one stream that are looked at."""


def traces(folder: Path, words: Iterable[str]) -> set[str]:
    """Return those of `words` that stand in the files of a folder, packed ones included.

    Each word has at least three hanzi, or six other characters.
    """
    everything = b"\0".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())
    packed = b"\0".join(_unpacked(everything))
    # Looked up by their first bytes, all at once: one search for each form would take minutes.
    forms: dict[bytes, list[tuple[bytes, str]]] = {}
    for word in words:
        for form in _forms(word):
            assert len(form) >= _KEY
            forms.setdefault(form[:_KEY], []).append((form, word))
    found = set()
    for content in (everything, packed):
        for place in range(len(content)):
            for form, word in forms.get(content[place : place + _KEY], ()):
                if content.startswith(form, place):
                    found.add(word)
    return found


def _forms(word: str) -> set[bytes]:
    forms = set()
    for text in _grouped(word):
        forms.add(text.encode("unicode_escape"))
        for encoding in _ENCODINGS:
            raw = text.encode(encoding)
            forms |= {raw, raw.hex().encode(), raw.hex().upper().encode(), *_in_base64(raw)}
    return forms


def _grouped(word: str) -> Iterator[str]:
    """Yield the ways in which people and programs write a number; anything else as it is."""
    yield word
    if not word[:-1].isdigit():
        return
    yield word.lower()
    sizes = {11: (3, 4, 4), 18: (6, 8, 4)}.get(len(word), ())
    for ends in (tuple(sum(sizes[:count]) for count in range(1, len(sizes))), range(4, len(word), 4)):
        starts = (0, *ends)
        groups = [word[start:end] for start, end in zip(starts, (*ends, len(word)), strict=True)]
        yield from (" ".join(groups), "-".join(groups))


def _in_base64(raw: bytes) -> Iterator[bytes]:
    """Yield the letters that stand for these bytes alone, wherever in a longer text they begin (RFC 4648)."""
    for before in range(3):
        coded = base64.b64encode(bytes(before) + raw + bytes(2))
        sure = coded[-(-8 * before // 6) : 8 * (before + len(raw)) // 6]
        yield sure
        yield sure.translate(bytes.maketrans(b"+/", b"-_"))


def _unpacked(content: bytes) -> Iterator[bytes]:
    for begin, wbits in _STREAMS:
        place = content.find(begin)
        while place >= 0:
            # Most of these bytes only look like the beginning of a stream.
            with contextlib.suppress(zlib.error):
                yield zlib.decompressobj(wbits).decompress(content[place : place + _UNPACKED], _UNPACKED)
            place = content.find(begin, place + 1)
