"""The pinyin keyboard: which characters and words a resident may mean by the letters typed so far.

The table comes with the catalogue release; nothing is learned from what anybody writes.
"""

import re
from collections.abc import Iterator

import msgspec

from kiosk.text import Language

LETTERS_LIMIT = 24
"""Letters that are looked at: more than any word of the table has."""

BEGUN_LIMIT = 54
"""Characters that are offered for a syllable that is only begun."""

WRITTEN_ALSO = {"lyu": "lv", "nyu": "nv", "lue": "lve", "nue": "nve"}
"""How passports (lyu) and those who do not know of v write ü."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_SYLLABLE = "'"


class Characters(msgspec.Struct, frozen=True, array_like=True):
    """Characters by how they are read, the likeliest first: by whole syllable, and by syllables only begun."""

    whole: dict[str, str]
    begun: dict[str, str]


class Word(msgspec.Struct, frozen=True, array_like=True):
    """A word that is offered before single characters; a surname only where a name begins."""

    hans: str
    hant: str
    syllables: tuple[str, ...]
    surname: bool


class Table(msgspec.Struct, frozen=True):
    """All that the keyboard offers: characters of Simplified and Traditional writing, local words in their order."""

    hans: Characters
    hant: Characters
    words: tuple[Word, ...]


class Offer(msgspec.Struct, frozen=True):
    """A text to choose and how many of the letters it uses up."""

    text: str
    used: int


class Pinyin:
    """Looks up in the table of one language; English writes with Simplified characters."""

    def __init__(self, table: Table, language: Language) -> None:
        self._characters = table.hant if language is Language.HANT else table.hans
        self._surnames: list[tuple[str, str]] = []
        self._long: list[tuple[Word, str, str]] = []
        for word in table.words:
            text = word.hant if language is Language.HANT else word.hans
            if len(word.syllables) == 1:
                self._surnames.append((text, word.syllables[0]))
            else:
                reading = "".join(_SYLLABLE + syllable for syllable in word.syllables)
                self._long.append((word, text, reading))

    def offers(self, letters: str, *, start: bool) -> tuple[Offer, ...]:
        """Return what `letters` (a to z, v for ü) may mean, the likeliest first; nothing for none.

        `start`: the text begins here, so that surnames come first.
        """
        typed = "".join(letter for letter in letters.lower() if letter in _LETTERS)[:LETTERS_LIMIT]
        if not typed:
            return ()
        beginnings = self._beginnings(typed)
        found = [*self._written(typed, start)]
        several = typed not in self._characters.whole and typed not in self._characters.begun
        if several:
            found += self._abbreviated(typed, start)
        if start:
            found += self._one_syllable(beginnings[0])
        if not several and typed in self._characters.begun:
            found += self._abbreviated(typed, start)
        for syllable in beginnings:
            known = self._characters.whole.get(syllable) or self._characters.begun.get(syllable, "")
            found += [Offer(character, len(syllable)) for character in known]
        return tuple(dict.fromkeys(found))

    def _written(self, typed: str, start: bool) -> Iterator[Offer]:
        """Yield the words of several syllables that `typed` writes out, whatever comes after them."""
        for word, text, reading in self._long:
            letters = reading.replace(_SYLLABLE, "")
            if (start or not word.surname) and typed.startswith(letters) and self._reads(typed[len(letters) :]):
                yield Offer(text, len(letters))

    def _abbreviated(self, typed: str, start: bool) -> Iterator[Offer]:
        """Yield the words of several syllables that `typed` begins, whole or by the beginnings of their syllables."""
        if len(typed) == 1:
            return
        pattern = re.compile(_SYLLABLE + f"(?:[a-z]*{_SYLLABLE})?".join(typed))
        for word, text, reading in self._long:
            if (start or not word.surname) and pattern.match(reading):
                yield Offer(text, len(typed))

    def _one_syllable(self, first: str) -> Iterator[Offer]:
        """Yield the surnames of one character that are read `first`, or begin with it where that is no syllable."""
        whole = first in self._characters.whole
        for text, syllable in self._surnames:
            if syllable == WRITTEN_ALSO.get(first, first) or (not whole and syllable.startswith(first)):
                yield Offer(text, len(first))

    def _beginnings(self, typed: str) -> list[str]:
        """Return what the first syllable may be, at least one: whole ones that leave something readable, longest first.

        Where none does, the longest whole one; where there is none, the longest that is begun, or the first letter.
        """
        whole = [typed[:end] for end in range(len(typed), 0, -1) if typed[:end] in self._characters.whole]
        if readable := [syllable for syllable in whole if self._reads(typed[len(syllable) :])]:
            return readable
        begun = [typed[:end] for end in range(len(typed), 0, -1) if typed[:end] in self._characters.begun]
        return (whole or begun)[:1] or [typed[0]]

    def _reads(self, typed: str) -> bool:
        """Return whether `typed` is whole syllables and at most a begun one after them."""
        reached = {0}
        for end in range(1, len(typed) + 1):
            if any(typed[start:end] in self._characters.whole for start in reached):
                reached.add(end)
        return any(start == len(typed) or typed[start:] in self._characters.begun for start in reached)
