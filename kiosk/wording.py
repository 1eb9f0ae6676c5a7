"""The words of screens and slips in three languages: gettext catalogues whose message id is the Simplified sentence.

en.po is written by hand; the Traditional catalogue is made by OpenCC when the release is built. A language is always an
argument, because a slip may be printed after the visitor who chose its language has gone.
"""

from gettext import GNUTranslations
from pathlib import Path

from kiosk.text import Language


class Wording:
    """All three catalogues. Say a sentence by `wording.say(language, "简体句子 {name}", name=...)`."""

    def __init__(self, directory: Path) -> None:
        """Read `en.mo` and `zh-Hant.mo` from `directory` (the built release). Raises OSError if one is missing."""
        self._catalogues = {}
        for language in (Language.HANT, Language.EN):
            with (directory / f"{language}.mo").open("rb") as file:
                self._catalogues[language] = GNUTranslations(file)

    def say(self, language: Language, sentence: str, /, **values: object) -> str:
        """Return `sentence` in `language` with `values` filled in; `n` chooses the English plural where there is one.

        A sentence that the catalogue does not have comes back as it is, in Simplified Chinese.
        """
        catalogue = self._catalogues.get(language)
        number = values.get("n")
        said = sentence
        if catalogue is not None and isinstance(number, int):
            said = catalogue.ngettext(sentence, sentence, number)
        if catalogue is not None and said == sentence:
            said = catalogue.gettext(sentence)
        return said.format(**values) if values else said
