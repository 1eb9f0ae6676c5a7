"""The one cleaner for strings from outside, the widths of strings in cells, and wrapping that respects words.

Widths follow Unicode Standard Annex 11 (East Asian Width). Characters of class A (ambiguous) are drawn one cell
wide by some terminals and two by others, so nothing that we show may hold one: `ambiguous` finds them.
"""

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate

import msgspec

CLEAN_LIMIT = 4096
"""Characters that one string from outside may have; the rest is dropped."""

_NOT_AT_LINE_START = frozenset("，。、；：？！）」》』】％,.;:?!)%")
_NOT_AT_LINE_END = frozenset("（「《『【(")
_FULL_STOPS = frozenset("。；：？！")
_LONELY_CELLS = 10
_DRAWN_AS_BLOCKS = range(0x2500, 0x25A0)  # box rules and block elements: narrow in every terminal font tried
_JOINING = re.compile(
    "[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff\ufe00-\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]"
)
"""Parts of Hangul syllables, variation selectors, letters of flags, skin tones: how wide their neighbour is depends on
them. So it does on spacing marks (Unicode Standard Annex 29)."""
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn", "Mc", "Me", "Zl", "Zp"}
_TOKEN = re.compile(r"\s+|[!-~\u00a1-\u10ff]+|.", re.DOTALL)


class Language(StrEnum):
    """A language of the station, by its BCP 47 tag."""

    HANS = "zh-Hans"
    HANT = "zh-Hant"
    EN = "en"


class Text(msgspec.Struct, frozen=True, array_like=True):
    """A text in the three languages; empty in all of them or in none."""

    hans: str
    hant: str
    en: str

    def in_(self, language: Language) -> str:
        """Return the text in `language`."""
        if language is Language.HANS:
            return self.hans
        return self.hant if language is Language.HANT else self.en

    def __bool__(self) -> bool:
        return bool(self.hans)


NO_TEXT = Text("", "", "")


def clean(text: str, limit: int = CLEAN_LIMIT) -> str:
    """Return `text` without anything that a terminal or printer could take for a command.

    Drops C0 and C1 controls, DEL, format characters (bidirectional marks, zero-width, soft hyphen), surrogates, private
    use, unassigned code points, and what terminals join with its neighbour; turns white space of any kind into single
    blanks; cuts at `limit` characters.
    """
    kept = []
    for character in _JOINING.sub("", text[: limit * 2]):
        if character.isspace():
            kept.append(" ")
        elif unicodedata.category(character) not in _DROPPED:
            kept.append(character)
    return re.sub(" +", " ", "".join(kept)).strip()[:limit]


def is_plain(text: str) -> bool:
    """Whether `text` holds nothing of what `clean` drops."""
    if text.isascii():
        return text.isprintable()
    return not _JOINING.search(text) and _DROPPED.isdisjoint(map(unicodedata.category, text))


@lru_cache(maxsize=8192)
def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def cells(text: str) -> int:
    """Return the width of `text` in terminal cells; a printer's column is one cell as well."""
    return sum(map(_width, text))


def ambiguous(text: str) -> str:
    """Return the characters of `text` whose width depends on the font, in order; empty when all is well."""
    return "".join(c for c in text if unicodedata.east_asian_width(c) == "A" and ord(c) not in _DRAWN_AS_BLOCKS)


def fit(text: str, width: int) -> str:
    """Return the longest beginning of `text` that is at most `width` cells wide."""
    used = 0
    for position, character in enumerate(text):
        used += _width(character)
        if used > width:
            return text[:position]
    return text


def wrap(text: str, width: int, first: int | None = None) -> list[str]:
    """Break `text` into lines of at most `width` cells, the first of at most `first`.

    Breaks at blanks and between Chinese characters, never inside a number or a Latin word (unless that word alone is
    wider than a whole line), never before closing or after opening punctuation. No line begins or ends with a blank.
    At least one line comes back. `width` must be at least 4.
    """
    if width < 4:
        raise ValueError(f"a line of {width} cells is too narrow to wrap into")
    lines: list[str] = []
    line = ""
    for piece in _pieces(text):
        room = width if lines or first is None else first
        if cells(line + piece.rstrip()) <= room:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        elif first is not None and not lines and room < width:
            lines.append("")
        line = piece.lstrip()
        while cells(line.rstrip()) > width:
            head = fit(line, width)
            lines.append(head)
            line = line[len(head) :]
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


def wrap_evenly(text: str, width: int) -> list[str]:
    """Break `text` as `wrap` does and into no more lines, but where a reader pauses, and with no lonely end.

    Of all ways to break, the one with the least trouble is taken: a word torn from its sentence is some, a line that
    ends early is some, a last line of a character or two is much.
    """
    pieces = _pieces(text)
    if len(wrap(text, width)) < 2 or any(cells(piece) > width for piece in pieces):
        return wrap(text, width)
    count = len(pieces)
    widths = [cells(piece) for piece in pieces]
    edges = [0, *accumulate(widths)]
    blanks = [width if piece.isspace() else 0 for piece, width in zip(pieces, widths, strict=True)]

    def used(start: int, end: int) -> int:
        """Cells of a line without the blanks at its ends."""
        return edges[end] - edges[start] - blanks[start] - (blanks[end - 1] if end - 1 > start else 0)

    reach = [count] * count
    need = [0] * (count + 1)
    for start in reversed(range(count)):
        end = reach[min(start + 1, count - 1)]
        while used(start, end) > width:
            end -= 1
        reach[start] = end
        need[start] = 1 + need[end]

    # The least trouble from each piece on in as few lines as can be, and those lines.
    best: list[tuple[float, tuple[str, ...]]] = [(0.0, ())] * (count + 1)
    for start in reversed(range(count)):
        ways = []
        for end in range(reach[start], start, -1):
            if need[end] >= need[start]:
                break
            line, (trouble, lines) = "".join(pieces[start:end]).strip(), best[end]
            ways.append((trouble + _trouble(line, width, last=end == count), (line, *lines)))
        best[start] = min(ways)
    return list(best[0][1])


def _trouble(line: str, width: int, *, last: bool) -> float:
    """Return how much it disturbs that a line ends as it does."""
    used = cells(line)
    if last:
        return max(0, min(_LONELY_CELLS, width // 2) - used) / 4
    early = (width - used) / width
    if line[-1] in _FULL_STOPS:
        torn = 0.0
    elif line[-1] in _NOT_AT_LINE_START:
        torn = 0.15
    else:
        torn = 0.3 if line[-1].isascii() else 0.9
    return 3 * early * early + torn


def _pieces(text: str) -> list[str]:
    """Return `text` in pieces that must stay whole: a word or character with the punctuation that clings to it."""
    pieces: list[str] = []
    glue = False
    for token in _TOKEN.findall(text):
        if pieces and (glue or (token[0] in _NOT_AT_LINE_START and not pieces[-1].isspace())):
            pieces[-1] += token
        else:
            pieces.append(token)
        glue = token[-1] in _NOT_AT_LINE_END
    return pieces
