"""The one catalogue: English stands in the sources, Hindi in `locale`, read at first use. Knows no page and no paper.

A text is marked for it where it is written (`marking.N_`, gettext, a template's `_`, a table of words);
`./run words` gathers what is marked on every floor.
"""

import io
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

LOCALE: Final = Path(__file__).parent / "locale"
LANGUAGES: Final = ("en", "hi")


def file_of(language: str) -> Path:
    """Where the words of a language stand; English has no file."""
    return LOCALE / language / "LC_MESSAGES" / "messages.po"


@cache
def messages(language: str) -> Catalog:
    """All that the catalogue of a language holds; nothing for English, the language of the sources."""
    if not file_of(language).is_file():
        return Catalog()
    with file_of(language).open("rb") as source:
        return read_po(source, locale=language)


@cache
def catalogue(language: str) -> NullTranslations:
    """The messages of a language, to be asked one at a time."""
    compiled = io.BytesIO()
    write_mo(compiled, messages(language))
    compiled.seek(0)
    return Translations(fp=compiled)


def translate(message: str, language: str, context: str = "", **values: object) -> str:
    """`message` in `language`, its named blanks filled; as it is written where the language has no other words."""
    held = catalogue(language)
    words = held.upgettext(context, message) if context else held.ugettext(message)
    return words % values if values else words
