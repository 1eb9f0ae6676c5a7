"""One mistake in the bureau's files, with the place where a clerk finds it and what is allowed there."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from kiosk.text import clean

_QUOTED = 40
"""Characters of a wrong value that are quoted; enough to recognise it."""


@dataclass(frozen=True, order=True)
class Mistake:
    """`file` is relative to the data folder, `line` counts from 1 (0: the whole file), `id` names the record."""

    file: str
    line: int
    id: str
    field: str
    wrong: str
    allowed: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        place = ": ".join(part for part in (where, quoted(self.id), quoted(self.field)) if part)
        return clean(f"{place}: {self.wrong}; {self.allowed}")


def quoted(value: str) -> str:
    """Return `value` fit for one line of a terminal: control characters dropped, cut when long."""
    plain = clean(value)
    return plain if len(plain) <= _QUOTED else f"{plain[:_QUOTED]}..."


def nearest(word: str, known: Iterable[str]) -> str:
    """Return ` (nearest: x)` for the known word that `word` was probably meant to be, or nothing."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f" (nearest: {close[0]})" if close else ""
