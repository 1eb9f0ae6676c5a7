"""Makes the table of the pinyin keyboard when a release is built: pypinyin says how characters are read, the bureau's
files how often they are written and which local words come first.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache

from pypinyin import Style, lazy_pinyin, pinyin
from pypinyin.contrib.tone_convert import to_normal
from pypinyin.phrases_dict import phrases_dict

from kiosk.catalog.source_words import CharactersTable, PlacesSource, SurnamesTable
from kiosk.catalog.traditional import Traditional
from kiosk.pinyin import BEGUN_LIMIT, WRITTEN_ALSO, Characters, Table, Word

_SPELT = {"n": "en", "ng": "en"}
"""How what is read without a vowel is typed."""
_VOWELS = frozenset("aeiouv")
_FIRST_RANK = 20
"""Makes the step from the first to the second character small: both are frequent."""
_SELDOM = 0.3
"""How much less a Traditional character counts that is not the usual one for its Simplified form: 髮 beside 發."""
_UNSEEN, _UNSEEN_FIRST = 0.1, 1.0


def table(
    characters: CharactersTable, surnames: SurnamesTable, places: PlacesSource, traditional: Traditional
) -> Table:
    """Return the keyboard's table of files that hold no mistake."""
    order = "".join((*characters.common, *characters.names))
    weights = {character: 1 / (rank + _FIRST_RANK) for rank, character in enumerate(order)}
    counted = _counted()
    return Table(
        hans=_characters(weights, counted),
        hant=_characters(_traditional_weights(weights, traditional), counted),
        words=(*_surnames(surnames, traditional), *_places(places, traditional)),
    )


@cache
def readings(character: str) -> list[str]:
    """Return the syllables of a character, the usual one first, v for ü; without tones and what nobody types."""
    read = (syllable.replace("ü", "v") for syllable in pinyin(character, style=Style.NORMAL, heteronym=True)[0])
    found = (_SPELT.get(syllable, syllable) for syllable in read)
    return [s for s in dict.fromkeys(found) if s.isascii() and s.isalpha() and not _VOWELS.isdisjoint(s)]


@cache
def _counted() -> dict[str, Counter[str]]:
    """Return how often each character is read in each way in pypinyin's own phrases."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    plain: dict[str, str] = {}
    for phrase, syllables in phrases_dict.items():
        for character, spoken in zip(phrase, syllables, strict=False):
            if spoken[0] not in plain:
                plain[spoken[0]] = to_normal(spoken[0]).replace("ü", "v")
            counted[character][plain[spoken[0]]] += 1
    return counted


def _characters(weights: dict[str, float], counted: dict[str, Counter[str]]) -> Characters:
    by_syllable: dict[str, list[tuple[float, str]]] = defaultdict(list)
    by_beginning: dict[str, dict[str, float]] = defaultdict(dict)
    for character, weight in weights.items():
        ways = readings(character)
        seen = {way: counted[character][way] + (_UNSEEN if place else _UNSEEN_FIRST) for place, way in enumerate(ways)}
        for way in ways:
            share = weight * seen[way] / sum(seen.values())
            by_syllable[way].append((share, character))
            for end in range(1, len(way)):
                best = by_beginning[way[:end]]
                best[character] = max(share, best.get(character, 0))
    whole = {way: _joined((c, weight) for weight, c in found) for way, found in sorted(by_syllable.items())}
    whole |= {also: whole[way] for also, way in WRITTEN_ALSO.items() if way in whole}
    begun = {way: _joined(best.items())[:BEGUN_LIMIT] for way, best in sorted(by_beginning.items())}
    return Characters(whole, {way: best for way, best in begun.items() if way not in whole})


def _joined(weighted: Iterable[tuple[str, float]]) -> str:
    return "".join(character for character, _ in sorted(weighted, key=lambda pair: (-pair[1], pair[0])))


def _traditional_weights(weights: dict[str, float], traditional: Traditional) -> dict[str, float]:
    """Return the weights of the Traditional characters that stand for those of `weights`."""
    found: dict[str, float] = {}
    for simplified, weight in weights.items():
        usual, *others = traditional.variants(simplified)
        for character, counts in ((usual, 1.0), *((other, _SELDOM) for other in others)):
            found[character] = max(weight * counts, found.get(character, 0.0))
    return found


def _surnames(source: SurnamesTable, traditional: Traditional) -> Iterator[Word]:
    for entry in source.surname:
        hans, syllables, hant = surname_parts(entry)
        yield Word(hans, hant or traditional.convert(hans), syllables, surname=True)


def surname_parts(entry: str) -> tuple[str, tuple[str, ...], str]:
    """Return characters, syllables and, if given, the Traditional form of an entry such as `范 fan 范`."""
    hans, *rest = entry.split()
    hant = rest.pop() if rest and not rest[-1].isascii() else ""
    return hans, tuple(rest), hant


def _places(source: PlacesSource, traditional: Traditional) -> Iterator[Word]:
    names = [area.name.zh for area in source.area]
    communities = [pair.zh for area in source.area for pair in area.communities]
    for name in dict.fromkeys((*names, *communities, *source.word)):
        syllables = tuple(s.replace("ü", "v") for s in lazy_pinyin(name, style=Style.NORMAL))
        yield Word(name, traditional.convert(name), syllables, surname=False)
