"""What is being written: the text so far, the pinyin that no character was chosen for yet, the keys that are shown."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from kiosk.text import clean

MOST_LETTERS = 24
"""Letters that may wait for characters; they fit on the line at 80 x 22."""


class Layer(StrEnum):
    """Which keys are shown."""

    PINYIN = "pinyin"
    LATIN = "latin"
    DIGITS = "digits"


class Suggestion(Protocol):
    """A text to choose and how many of the letters it uses up."""

    @property
    def text(self) -> str:
        """What is written when it is chosen."""

    @property
    def used(self) -> int:
        """Letters that it stands for, from the first."""


Suggest = Callable[[str, bool], tuple[Suggestion, ...]]
"""Gives what some letters may mean, the likeliest first; the flag says that a name begins here."""


@dataclass(frozen=True)
class Draft:
    """A text of at most `longest` characters on its way. `letters` are a to z and stand behind `text`."""

    text: str = ""
    letters: str = ""
    layer: Layer = Layer.PINYIN

    def typed(self, key: str, longest: int) -> "Draft":
        """Return the draft after a key: a letter of pinyin, or a character as it is."""
        if self.layer is Layer.PINYIN and len(key) == 1 and key.isascii() and key.isalpha():
            room = len(self.text) < longest and len(self.letters) < MOST_LETTERS
            return replace(self, letters=self.letters + key.lower()) if room else self
        return replace(self, text=(self.text + key).lstrip()[:longest])

    def chosen(self, suggestion: Suggestion, longest: int) -> "Draft":
        """Return the draft after a suggestion was chosen; what its letters leave over stays to be chosen for."""
        left = self.letters[suggestion.used :]
        text = (self.text + suggestion.text)[:longest]
        return replace(self, text=text, letters=left if len(text) < longest else "")

    def deleted(self) -> "Draft":
        """Return the draft without its last letter or character."""
        if self.letters:
            return replace(self, letters=self.letters[:-1])
        return replace(self, text=self.text[:-1])

    def cleared(self) -> "Draft":
        """Return an empty draft on the same keys."""
        return Draft(layer=self.layer)

    def on(self, layer: Layer) -> "Draft":
        """Return the draft on other keys; letters that nothing was chosen for stay only on those of pinyin."""
        return replace(self, layer=layer, letters=self.letters if layer is Layer.PINYIN else "")

    @property
    def written(self) -> str:
        """The text as it is handed on; empty while letters wait for a character."""
        return "" if self.letters else clean(self.text)
