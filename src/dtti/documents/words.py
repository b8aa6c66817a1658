"""The words printed on papers, in both languages, from words.toml; and how they are looked up. Knows no paper."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from .values import LANGUAGES, Language

Reading = Literal["en", "hi", "both"]
"""For whom a paper is printed: readers of English, of Hindi, or of either on the same page."""


@cache
def words() -> dict[str, dict[str, str]]:
    """Every fixed text by its key, in both languages: {"agenda": {"en": "Agenda", "hi": "कार्यसूची"}, ...}."""
    return {
        f"{group}.{key}": dict(zip(LANGUAGES, texts, strict=True))
        for group, rows in tomllib.loads((files(__package__) / "words.toml").read_text("utf-8")).items()
        for key, texts in rows.items()
    }


def word(key: str, language: Language) -> str:
    """The fixed text `key` in `language`; KeyError where there is none."""
    return words()[key][language]


def month(number: int, language: Language) -> str:
    """The word for a month, 1 to 12."""
    return word(f"month.{number:02}", language)


def day(iso: str, language: Language) -> str:
    """A date in ISO form, whole or in part, with the month as a word: 26 Jan 2027, Jan 2027, 2027."""
    parts = iso.split("-")
    named = [month(int(parts[1]), language)] if len(parts) > 1 else []
    return " ".join([*(str(int(part)) for part in parts[2:3]), *named, parts[0]])
