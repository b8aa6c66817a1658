"""Texts as search compares them and as lists put them in order, in both scripts. Knows no record and no database.

What people write in several ways is one here: small and capital letters, letters with and without accent or nukta
(``क़लम``, ``कलम``), a nasal written as a sign or as its letter (``हिंदी``, ``हिन्दी``), digits of either script, a name
with and without its hyphen (``MQ-9B``, ``MQ9B``). Both databases are given the words made here and compare them byte by
byte, so that neither finds what the other does not.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST: Final = 60  # characters of a word that count
MOST_WORDS: Final = 12  # words of a question that are looked for
LONGEST_KEY: Final = 200  # characters of a title that decide its place in a list

#: Letters that no decomposition takes apart.
_PLAIN: Final = str.maketrans(
    {
        "æ": "ae", "œ": "oe", "ø": "o", "ð": "d", "þ": "th", "đ": "d", "ħ": "h", "ı": "i", "ł": "l", "ŋ": "n", "ŧ": "t",
        "\u093c": None, "\u0901": "\u0902",  # nukta; the moon-dot as the dot
        "\u200c": None, "\u200d": None, "\u00ad": None,  # joiners, soft hyphen
        **{chr(0x966 + digit): str(digit) for digit in range(10)},
    }
)  # fmt: skip
_ACCENTS: Final = re.compile("[\u0300-\u036f]+")
#: A nasal letter before a stop of its own class, which may as well be written as a dot.
_NASALS: Final = re.compile("ङ्(?=[क-घ])|ञ्(?=[च-झ])|ण्(?=[ट-ढ])|न्(?=[त-ध])|म्(?=[प-भ])")
_LETTER: Final = r"(?:[^\W_]|[\u0900-\u0963\u0971-\u0dff])"
_COMPOUND: Final = re.compile(rf"{_LETTER}+(?:[-\u2010-\u2015\u2212._/'’]{_LETTER}+)*")
_WORD: Final = re.compile(rf"{_LETTER}+")
_TURN: Final = re.compile(r"(?<=[^\W\d_])(?=\d)")  # from a letter to a digit
_NUMBER: Final = re.compile(r"\d+")

#: Ways to find one word of a question: each a number of beginnings of words that must all be there.
Ways = tuple[tuple[str, ...], ...]


def folded(text: str) -> str:
    """A text in the one spelling in which texts are compared."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _NASALS.sub("\u0902", _ACCENTS.sub("", plain).translate(_PLAIN)).casefold()


def words(text: str) -> list[str]:
    """The words by which a text is found, each once: its own, those of a hyphened name as one, what follows a letter.

    ``MQ-9B`` is found by ``mq``, ``9b``, ``mq9b``; ``S400`` by ``s400`` and ``400``.
    """
    found: dict[str, None] = {}
    for compound in _COMPOUND.findall(folded(text)):
        parts = _WORD.findall(compound)
        for word in parts if len(parts) == 1 else (*parts, "".join(parts)):
            found[word[:LONGEST]] = None
            for turn in _TURN.finditer(word):
                found[word[turn.start() :][:LONGEST]] = None
    return list(found)


def asked(question: str) -> list[Ways]:
    """What a text must hold to answer a question: every word of it, in one of its ways."""
    found: dict[Ways, None] = {}
    for compound in _COMPOUND.findall(folded(question)):
        parts = tuple(part[:LONGEST] for part in _WORD.findall(compound))
        found[(parts,) if len(parts) == 1 else (("".join(parts)[:LONGEST],), parts)] = None
    return list(found)[:MOST_WORDS]


def holds(text: str, ways: list[Ways]) -> bool:
    """Whether a text answers a question: what both databases answer by their indices."""
    have = words(text)
    return bool(ways) and all(
        any(all(any(word.startswith(part) for word in have) for part in way) for way in one) for one in ways
    )


def sort_key(text: str) -> str:
    """What puts a name in its place, compared character by character: numbers as numbers, no case, no accent.

    A number goes by how many digits it has, then by them; signs before the first letter or digit do not count.
    """
    plain = folded(text[: 2 * LONGEST_KEY])
    first = _WORD.search(plain)
    return _NUMBER.sub(_padded, plain[first.start() :] if first else plain)[:LONGEST_KEY]


def _padded(number: re.Match[str]) -> str:
    digits = number[0].lstrip("0") or "0"
    return f"{min(len(digits), 99):02}{digits}"
