"""Makes the search index when a release is built: what each package is called, in characters, pinyin and English."""

from collections.abc import Iterable, Mapping

from pypinyin import Style, lazy_pinyin, load_phrases_dict

from kiosk.catalog.model import Cycle, IndexEntry, Package
from kiosk.catalog.search import FORMS, SYLLABLE, fold, phrases
from kiosk.text import Text

_ALSO_READ = {"er": "r"}
"""儿 at the end of a word is often typed as r: 新生儿 is xsr as well as xse."""


def use_pronunciations(words: Mapping[str, str]) -> None:
    """Teach pypinyin, for the whole process, how the words that it gets wrong are read."""
    load_phrases_dict({word: [[syllable] for syllable in syllables.split()] for word, syllables in words.items()})


def entry(package: Package, cycle: Cycle) -> IndexEntry:
    """Return what search looks through for `package`, phrase by phrase in the order of `search.phrases`."""
    return _entry(package.id, [text for _, text in phrases(package, cycle)])


def goal_entry(texts: Iterable[Text]) -> IndexEntry:
    """Return what search looks through for something of a channel that is called by `texts`."""
    return _entry("", list(texts))


def _entry(package: str, texts: list[Text]) -> IndexEntry:
    readings = [list(_readings(text.hans)) for text in texts]
    return IndexEntry(
        package=package,
        hanzi=tuple(_joined(_characters(text)) for text in texts),
        pinyin=tuple(_joined("".join(SYLLABLE + s for s in reading) for reading in each) for each in readings),
        initials=tuple(_joined("".join(s[0] for s in reading) for reading in each) for each in readings),
        english=tuple(" " + fold(text.en) for text in texts),
    )


def _joined(forms: Iterable[str]) -> str:
    return "".join(FORMS + form for form in dict.fromkeys(forms))


def _characters(text: Text) -> list[str]:
    return [fold(text.hans).replace(" ", ""), fold(text.hant).replace(" ", "")]


def _readings(text: str) -> list[list[str]]:
    syllables = [s for s in lazy_pinyin(fold(text), style=Style.NORMAL) if s.isascii() and s.strip()]
    readings = [[s.replace(" ", "") for s in syllables]]
    if any(s in _ALSO_READ for s in syllables):
        readings.append([_ALSO_READ.get(s, s) for s in readings[0]])
    return readings
