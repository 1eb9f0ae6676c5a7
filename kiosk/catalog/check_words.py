"""Checks the pinyin keyboard's files: each character once, printable, and each surname read as somebody reads it."""

from collections.abc import Iterator

from kiosk.catalog.mistakes import Mistake, quoted
from kiosk.catalog.source_words import CharactersTable, SurnamesTable
from kiosk.catalog.syllables import readings, surname_parts


def check_characters(table: CharactersTable) -> Iterator[Mistake]:
    """Yield what is wrong between the lines of characters.toml."""
    seen: set[str] = set()
    for key, lines in (("common", table.common), ("names", table.names)):
        for character in "".join(lines):
            if character in seen:
                yield table.at.mistake(key, f"'{character}' stands twice", "each character once")
            elif not _printable(character):
                yield table.at.mistake(key, f"'{character}' is not in GBK", "characters that the printer has")
            seen.add(character)


def check_surnames(table: SurnamesTable) -> Iterator[Mistake]:
    """Yield the surnames whose readings do not fit their characters."""
    for entry in table.surname:
        hans, syllables, hant = surname_parts(entry)
        if len(syllables) != len(hans):
            wrong = f"'{quoted(entry)}' has {len(syllables)} syllables for {len(hans)} characters"
            yield table.at.mistake("surname", wrong, "one syllable for each character")
            continue
        if hant and len(hant) != len(hans):
            wrong = f"'{quoted(entry)}' has {len(hant)} Traditional characters for {len(hans)}"
            yield table.at.mistake("surname", wrong, "as many in both writings")
        for character in (*hans, *hant):
            if not _printable(character):
                yield table.at.mistake("surname", f"'{character}' is not in GBK", "characters that the printer has")
        for character, syllable in zip(hans, syllables, strict=True):
            if syllable not in (known := readings(character)):
                wrong = f"'{character}' is not read '{syllable}'"
                yield table.at.mistake("surname", wrong, f"one of {', '.join(known)}; v for ü")


def _printable(character: str) -> bool:
    try:
        return bool(character.encode("gbk"))
    except UnicodeEncodeError:
        return False
