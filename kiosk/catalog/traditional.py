"""Makes Traditional Chinese from Simplified when a release is built: OpenCC for the characters, the glossary for words.

OpenCC's `s2tw` converts characters in their context and knows Taiwan's forms, but no vocabulary; its sibling `s2twp`
would turn official words such as 项目 or 窗口 into the computer terms of Taiwan. So the vocabulary is the bureau's.
"""

import re
from collections import defaultdict
from functools import cached_property, lru_cache

from opencc import OpenCC

from kiosk.catalog.glossary import Glossary
from kiosk.catalog.schema import Pair
from kiosk.text import NO_TEXT, Text

_TITLE = r"《[^》]*》"
_PLACEHOLDER = r"\{[^{}]*\}"


class Traditional:
    """Converts texts by one glossary."""

    def __init__(self, glossary: Glossary) -> None:
        self._words = glossary.words
        longest_first = sorted(self._words, key=lambda word: (-len(word), word))
        known = "|".join([_PLACEHOLDER, _TITLE, *map(re.escape, longest_first)])
        self._pieces = re.compile(f"({known})")
        self._opencc = OpenCC("s2tw")
        self.convert = lru_cache(maxsize=None)(self._convert)

    def _convert(self, text: str) -> str:
        """Return `text` in Traditional Chinese. `{placeholders}` stay; 《titles》 change characters but no words."""
        return "".join(map(self._piece, self._pieces.split(text)))

    def _piece(self, piece: str) -> str:
        if re.fullmatch(_PLACEHOLDER, piece):
            return piece
        if piece in self._words:
            return self._words[piece]
        converted: str = self._opencc.convert(piece)
        return converted

    def words(self, pair: Pair) -> Text:
        """Return `pair` in all three languages."""
        return Text(pair.zh, self.convert(pair.zh), pair.en) if pair.zh else NO_TEXT

    def variants(self, character: str) -> tuple[str, ...]:
        """Return the Traditional characters that `character` stands for, the usual one first: 發 and 髮 for 发.

        They are those that Taiwan's character set (Big5) has and our printers can print (GBK).
        """
        usual = self.convert(character)
        return tuple(dict.fromkeys([usual if _has("gbk", usual) else character, *self._variants.get(character, ())]))

    @cached_property
    def _variants(self) -> dict[str, list[str]]:
        known = [character for character in map(chr, range(0x4E00, 0xA000)) if _has("big5", character)]
        known = [character for character in known if _has("gbk", character)]
        found: dict[str, list[str]] = defaultdict(list)
        simplified: str = OpenCC("t2s").convert("\n".join(known))
        for character, simple in zip(known, simplified.split("\n"), strict=True):
            found[simple].append(character)
        return found


def _has(encoding: str, character: str) -> bool:
    try:
        return bool(character.encode(encoding))
    except UnicodeEncodeError:
        return False
