"""Which characters the bureau's texts may hold: what every terminal draws alike and every printer's font has."""

import unicodedata
from collections.abc import Iterator

from kiosk.text import ambiguous

_COMMANDS = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def flaws(text: str, *, shown: bool, chinese: bool) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with the characters of `text`, and what is allowed instead; nothing when all is well.

    Texts that are not `shown` may hold anything printable. Chinese keeps to GB 2312, which all printers' fonts have,
    English to ASCII.
    """
    commands = [c for c in text if unicodedata.category(c) in _COMMANDS]
    if commands:
        yield f"holds the control character U+{ord(commands[0]):04X}", "printable characters"
    if not shown:
        return
    doubtful = ambiguous(text)
    if doubtful:
        yield f"holds {_named(doubtful[0])}, which is one or two cells wide, depending on the font", _INSTEAD
    foreign = [c for c in text if c not in commands and c not in doubtful and not _printable(c, chinese)]
    if foreign:
        where = "GB 2312" if chinese else "ASCII, which the English slip is printed in"
        yield f"holds {_named(foreign[0])}, which is not in {where}", _INSTEAD


_INSTEAD = "write it with other characters"


def _named(character: str) -> str:
    return f"'{character}' (U+{ord(character):04X})"


def _printable(character: str, chinese: bool) -> bool:
    if character.isascii():
        return True
    try:
        return chinese and bool(character.encode("gb2312"))
    except UnicodeEncodeError:
        return False
