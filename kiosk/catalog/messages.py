"""Compiles data/wording/en.po, the words of screens and slips, into the two gettext catalogues that `Wording` reads.

The message id is the Simplified sentence. English is written by hand; the Traditional sentence is made from the id.
"""

import datetime
import io
import re
import string
from collections.abc import Callable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from kiosk.catalog.characters import flaws
from kiosk.catalog.mistakes import Mistake, quoted
from kiosk.text import Language

FILE = "wording/en.po"

_LINE = re.compile(
    r"""\s*(\#.*)?
    | msgid\s+"(?P<sentence>([^"\\]|\\.)*)"
    | (msgid_plural|msgstr(\[\d\])?|msgctxt)?\s*"([^"\\]|\\.)*"
    """,
    re.VERBOSE,
)
_LINES = "msgid and msgstr in turn, each text in straight quotes"


def read_messages(folder: Path) -> tuple[Catalog, list[Mistake]]:
    """Return the messages in data folder `folder`, and everything that is wrong with them."""
    try:
        text = (folder / FILE).read_text("utf-8")
        catalog = read_po(io.StringIO(text), locale="en", abort_invalid=True)
    except OSError as error:
        wrong = (error.strerror or str(error)).lower()
        return Catalog(), [Mistake(FILE, 0, "", "", wrong, "the file must be there and readable")]
    except UnicodeDecodeError:
        return Catalog(), [Mistake(FILE, 0, "", "", "is not UTF-8", "save the file with the encoding UTF-8")]
    except (PoFileError, ValueError) as error:
        line = error.lineno if isinstance(error, PoFileError) else 0
        wrong = f"is no valid PO file: {quoted(str(error))}"
        return Catalog(), [Mistake(FILE, line, "", "", wrong, _LINES)]
    mistakes = [mistake for message in catalog if message.id for mistake in _flaws(message)]
    return catalog, [*_syntax(text), *mistakes]


def _syntax(text: str) -> Iterator[Mistake]:
    """Yield what Babel overlooks: lines that are no PO at all, and sentences that stand twice."""
    first: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not (entry := _LINE.fullmatch(line)):
            yield Mistake(FILE, number, "", "", f"is no line of a PO file: {quoted(line)}", _LINES)
        elif entry["sentence"] and first.setdefault(entry["sentence"], number) != number:
            wrong = f"stands here and in line {first[entry['sentence']]}"
            yield Mistake(FILE, number, quoted(entry["sentence"]), "", wrong, "each sentence once")


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """Return singular and plural; a message that is not translated has one empty form."""
    return (text or "",) if text is None or isinstance(text, str) else tuple(text)


def _flaws(message: Message) -> Iterator[Mistake]:
    ids, strings = _forms(message.id), _forms(message.string)

    def mistake(wrong: str, allowed: str) -> Mistake:
        return Mistake(FILE, message.lineno or 0, quoted(ids[0]), "", wrong, allowed)

    if len(set(ids)) > 1:
        yield mistake("has another msgid_plural than msgid", "the same sentence in both; only English has a plural")
    if message.fuzzy:
        yield mistake("is marked fuzzy", "look over the translation and remove the mark")
    if not all(strings):
        yield mistake("the English text is missing", "every msgid has its msgstr")
        return
    for text in (ids[0], *strings):
        for wrong, allowed in flaws(text, shown=True, chinese=True):
            yield mistake(wrong, allowed)
    wanted = _placeholders(ids[0])
    if wanted is None or any(_placeholders(text) != wanted for text in strings):
        names = ", ".join(f"{{{name}}}" for name in sorted(wanted or ())) or "no placeholder"
        yield mistake("has other placeholders than its msgstr", f"{names} in both")


def _placeholders(text: str) -> frozenset[str] | None:
    """Return the names between braces, or None when `text` is no valid format string."""
    try:
        return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)
    except ValueError:
        return None


def compiled(messages: Catalog, convert: Callable[[str], str], built: datetime.date) -> dict[str, bytes]:
    """Return the content of `en.mo` and `zh-Hant.mo`; the same messages and day give the same bytes."""
    english = _empty("en", built)
    traditional = _empty("zh_Hant", built)
    for message in messages:
        if message.id:
            english.add(message.id, message.string)
            sentence = convert(_forms(message.id)[0])
            traditional.add(message.id, sentence if isinstance(message.id, str) else (sentence,))
    return {f"{Language.EN}.mo": _written(english), f"{Language.HANT}.mo": _written(traditional)}


def _empty(locale: str, built: datetime.date) -> Catalog:
    moment = datetime.datetime.combine(built, datetime.time(), datetime.UTC)
    return Catalog(locale=locale, project="kiosk", charset="utf-8", creation_date=moment, revision_date=moment)


def _written(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()
