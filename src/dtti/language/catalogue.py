"""The one catalogue: English stands in the sources, Hindi in `locale`, read at first use. Knows no page and no paper.

A text is marked for it where it is written (`marking.N_`, gettext, a template's `_`, a table of words);
`./run words` gathers what is marked on every floor.
"""

import hashlib
import io
from collections.abc import Iterator
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

LOCALE: Final = Path(__file__).parent / "locale"
LANGUAGES: Final = ("en", "hi")


def file_of(language: str) -> Path:
    """Where the words of a language stand; English has no file."""
    return LOCALE / language / "LC_MESSAGES" / "messages.po"


class Words(GNUTranslations):
    """The messages of a language, as compiled."""

    def of_context(self, context: str) -> Iterator[tuple[str, str]]:
        """Every message of a context, in English and in the language."""
        begins = self.CONTEXT % (context, "")
        for message, words in self._catalog.items():  # type: ignore[attr-defined]  # as `gettext` keeps them
            if isinstance(message, str) and message.startswith(begins):
                yield message.removeprefix(begins), words


@cache
def messages(language: str) -> "Catalog":
    """All that the catalogue of a language holds; nothing for English, the language of the sources."""
    from babel.messages.catalog import Catalog
    from babel.messages.pofile import read_po

    if not file_of(language).is_file():
        return Catalog()
    with file_of(language).open("rb") as source:
        return read_po(source, locale=language)


def compiled(language: str) -> bytes:
    """The messages of a language as gettext reads them (MO), followed by the SHA-256 of the file that people write.

    Reading that file would take a tenth of a second of every start.
    """
    from babel.messages.mofile import write_mo

    made = io.BytesIO()
    write_mo(made, messages(language))
    return made.getvalue() + hashlib.sha256(file_of(language).read_bytes()).digest()


def compile_words() -> None:
    """Keep the words of each language as compiled beside them: when DTTI is installed, and by `./run words`."""
    for language in LANGUAGES:
        if file_of(language).is_file():
            file_of(language).with_suffix(".mo").write_bytes(compiled(language))


@cache
def catalogue(language: str) -> NullTranslations:
    """The messages of a language, to be asked one at a time: as compiled, if they were since they were last changed."""
    words, kept = file_of(language), file_of(language).with_suffix(".mo")
    if not words.is_file():
        return NullTranslations()
    held = kept.read_bytes() if kept.is_file() else b""
    if held[-32:] != hashlib.sha256(words.read_bytes()).digest():
        held = compiled(language)
    return Words(io.BytesIO(held))


def translate(message: str, language: str, context: str = "", **values: object) -> str:
    """`message` in `language`, its named blanks filled; as it is written where the language has no other words."""
    held = catalogue(language)
    words = held.pgettext(context, message) if context else held.gettext(message)
    return words % values if values else words
