"""data/glossary.toml: words that OpenCC alone would turn into wrong Traditional ones, and odd pronunciations."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from kiosk.catalog.characters import flaws
from kiosk.catalog.decode import described
from kiosk.catalog.mistakes import Mistake
from kiosk.catalog.origin import Origin
from kiosk.catalog.schema import Place

FILE = "glossary.toml"
_WORDS = ("terms", "protected", "forms")
_TABLES = (*_WORDS, "pinyin")


@dataclass(frozen=True)
class Glossary:
    """`words` maps Simplified words to Traditional ones, `pinyin` words to their syllables with blanks between."""

    words: Mapping[str, str] = field(default_factory=dict)
    pinyin: Mapping[str, str] = field(default_factory=dict)


def read_glossary(origin: Origin) -> tuple[Glossary, list[Mistake]]:
    """Return the glossary in `origin` and all that is wrong with it."""
    top = Place(origin)
    mistakes = [
        top.mistake(key, "unknown key", f"known are {', '.join(_TABLES)}")
        for key in origin.tables
        if key not in _TABLES
    ]
    tables: dict[str, dict[str, str]] = {}
    for name in _TABLES:
        table = origin.tables.get(name)
        if not isinstance(table, dict):
            wrong = "is missing" if table is None else f"is {described(table)}"
            mistakes.append(
                top.mistake(name, wrong, f'a table [{name}] with lines such as "简体" = "繁體" belongs here')
            )
            table = {}
        place = Place(origin, (name,), name)
        mistakes += [mistake for word, value in table.items() for mistake in _entry(name, word, value, place)]
        tables[name] = {word: value for word, value in table.items() if isinstance(value, str)}
    words: dict[str, str] = {}
    for name in _WORDS:
        for word in words.keys() & tables[name].keys():
            wrong = "stands in two of the tables"
            mistakes.append(Place(origin, (name,), name).mistake(word, wrong, f"one of {', '.join(_WORDS)}"))
        words |= tables[name]
    return Glossary(words, tables["pinyin"]), mistakes


def _entry(table: str, word: str, value: object, place: Place) -> Iterator[Mistake]:
    if not isinstance(value, str) or not value:
        yield place.mistake(word, f"is {described(value)}", "text in quotes belongs here")
        return
    for wrong, allowed in flaws(word, shown=True, chinese=True):
        yield place.mistake(word, wrong, allowed)
    if table == "pinyin":
        syllables = value.split()
        if len(syllables) != len(word) or not all(s.isascii() and s.isalpha() and s.islower() for s in syllables):
            wrong = f"has {len(syllables)} syllables for {len(word)} characters"
            yield place.mistake(word, wrong, "one syllable in small letters for each character, v for ü")
    else:
        for wrong, allowed in flaws(value, shown=False, chinese=True):
            yield place.mistake(word, wrong, allowed)
