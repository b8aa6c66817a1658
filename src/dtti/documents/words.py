"""The words printed on papers, in both languages, from words.toml and the language floor. Knows no paper."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from dtti.language import dates, names

from .values import LANGUAGES, SIDES, Language

Reading = Literal["en", "hi", "both"]
"""For whom a paper is printed: readers of English, of Hindi, or of either on the same page."""


@cache
def words() -> dict[str, dict[str, str]]:
    """Every fixed text by its key, in both languages: {"agenda": {"en": "Agenda", "hi": "कार्यसूची"}, ...}."""
    made = {
        f"{group}.{key}": dict(zip(LANGUAGES, texts, strict=True))
        for group, rows in tomllib.loads((files(__package__) / "words.toml").read_text("utf-8")).items()
        for key, texts in rows.items()
    }
    for side in SIDES:
        made[f"side.{side}"] = {each: names.side_named(side, each, formal=True) for each in LANGUAGES}
        made[f"side.{side}_in"] = {each: names.side_named(side, each, formal=True, inside=True) for each in LANGUAGES}
        made[f"side.{side}_short"] = {each: names.short(side, each) for each in LANGUAGES}
    for name, whole in (("month", False), ("month_in_full", True)):
        spelled = {each: dates.months(each, whole=whole) for each in LANGUAGES}
        made |= {f"{name}.{at:02}": {each: spelled[each][at - 1] for each in LANGUAGES} for at in range(1, 13)}
    return made


def word(key: str, language: Language) -> str:
    """The fixed text `key` in `language`; KeyError where there is none."""
    return words()[key][language]
