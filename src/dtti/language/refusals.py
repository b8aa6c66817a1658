"""What a refusal says, in the reader's language: its sentence is found in the catalogue by its words.

A refusal is an English sentence wherever it is made, kept and sent: rules know no reader, and what is stored, signed or
sent to the other side does not change with one. The catalogue holds the sentence with named blanks in the context
`refusal`, gathered from the rules themselves; a page finds the sentence that has these words, and fills the blanks of
its Hindi with what stood in them, which may be a sentence of a refusal again, a side, or a word of the pages.
"""

import re
from functools import cache

from .catalogue import Words, catalogue, translate
from .marking import C_
from .names import LABELS, side_named

CONTEXT = "refusal"
LONGEST = 2_000  # characters of a sentence that is looked for; a longer one carries a text that is not ours
_BLANK = re.compile(r"%\((\w+)\)s")
_OR = C_("refusal", " or ")
_LIST = re.compile(f"(, |{_OR})")


def refusal_in(language: str, sentence: str) -> str:
    """A reason or remedy in `language`; as it stands where the catalogue does not have it."""
    if language == "en" or len(sentence) > LONGEST:
        return sentence
    whole = catalogue(language).pgettext(CONTEXT, sentence)
    if whole != sentence:
        return whole
    for begins, ends, message, words in _templates(language):
        if sentence.startswith(begins) and sentence.endswith(ends) and (found := _form(message).fullmatch(sentence)):
            return words % {name: _value(language, value) for name, value in found.groupdict().items()}
    return sentence


def _value(language: str, value: str) -> str:
    if value in LABELS:
        return side_named(value, language, inside=True)
    words = translate(value, language)
    if words == value:
        words = refusal_in(language, value)
    if words == value and len(parts := _LIST.split(value)) > 1:
        return "".join(
            translate(each, language, CONTEXT) if at % 2 else _value(language, each) for at, each in enumerate(parts)
        )
    return words


@cache
def _templates(language: str) -> list[tuple[str, str, str, str]]:
    """Every sentence with blanks, after what it begins and ends with, and its words; those that say most first."""
    words = catalogue(language)
    found = [one for one in words.of_context(CONTEXT) if _BLANK.search(one[0])] if isinstance(words, Words) else []
    found.sort(key=lambda pair: -len(_BLANK.sub("", pair[0])))
    return [(_plain(message)[0], _plain(message)[-1], message, words) for message, words in found]


def _plain(message: str) -> list[str]:
    return [piece.replace("%%", "%") for piece in _BLANK.split(message)]


@cache
def _form(message: str) -> re.Pattern[str]:
    """A sentence with blanks as a pattern: compiled when a sentence is read that may be it."""
    pieces = _plain(message)
    pattern = "".join(f"(?P<{piece}>.+?)" if place % 2 else re.escape(piece) for place, piece in enumerate(pieces))
    return re.compile(pattern, re.DOTALL)
