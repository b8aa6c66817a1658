"""The pages' Jinja2 furniture: the words of both languages, dates with the month as a word, numbers, bars.

May know Jinja2 and the language floor. Must not know Django, records, rules or requests: whoever
makes an environment says how the current language and a static file's address are found.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from jinja2 import Environment
from markupsafe import Markup, escape

from dtti.language.catalogue import catalogue
from dtti.language.dates import day, months
from dtti.language.names import side_named
from dtti.language.numbers import grouped
from dtti.language.refusals import refusal_in

HERE: Final = Path(__file__).parent
TEMPLATES: Final = HERE / "templates"
STATIC: Final = HERE / "static"

_DEVANAGARI: Final = re.compile("[\u0900-\u097f]")
_LATIN: Final = re.compile("[A-Za-z]")
# Whole words only: a word that mixes scripts is not taken apart, so that it can still be marked as one (`characters`).
_WORDS: Final = re.compile(r"(?<!\w)[A-Za-z][A-Za-z0-9_'’.&/-]+(?!\w)(?:[ ,]+[A-Za-z0-9][A-Za-z0-9_'’.&/-]*(?!\w))*")


def language_of(text: str, language: str) -> str:
    """The language of a text by its script: "hi", "en", or `language` where it has no letters of either."""
    return "hi" if _DEVANAGARI.search(text) else "en" if _LATIN.search(text) else language


def _other(text: str, language: str) -> str | None:
    own = language_of(text, language)
    return None if own == language else own


def recorded(value: object, language: str) -> object:
    """Recorded text for a page in `language`, with every stretch in the other language marked; the rest as it is."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    own = language_of(value, language)
    if own != language:
        return Markup('<span lang="{}">{}</span>').format(own, value)
    if language != "hi" or not _WORDS.search(value):
        return value
    found, at = Markup(), 0
    for words in _WORDS.finditer(value):
        found += escape(value[at : words.start()]) + Markup('<span lang="en">{}</span>').format(words[0])
        at = words.end()
    return found + escape(value[at:])


def furnish(env: Environment, *, language: Callable[[], str], static: Callable[[str], str]) -> Environment:
    """Give an environment what the templates expect: `_`, `ngettext`, the filters and globals here.

    `language` answers "en" or "hi" for the page being rendered; `static` turns `dtti/dtti.css` into an address.
    Escaping stays as the environment has it, and must be on.
    """
    env.add_extension("jinja2.ext.i18n")
    env.trim_blocks = env.lstrip_blocks = True

    def gettext(message: str) -> str:
        return catalogue(language()).gettext(message)

    def ngettext(one: str, many: str, n: int) -> str:
        return catalogue(language()).ngettext(one, many, n)

    def pgettext(context: str, message: str) -> str:
        return catalogue(language()).pgettext(context, message)

    def npgettext(context: str, one: str, many: str, n: int) -> str:
        return catalogue(language()).npgettext(context, one, many, n)

    env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext, ngettext, newstyle=True, pgettext=pgettext, npgettext=npgettext
    )
    env.globals["_"] = env.globals["gettext"]  # instead of a function that looks for it at each word

    def number(value: float) -> str:
        return grouped(value, language())

    def days(n: int) -> str:
        return ngettext("%(num)s day", "%(num)s days", n) % {"num": number(n)}

    env.filters.update(
        day=lambda value, zone=None: day(value, language(), zone),
        days=days,
        number=number,
        recorded=lambda value: recorded(value, language()),
        refusal_words=lambda sentence: refusal_in(language(), sentence) if isinstance(sentence, str) else sentence,
        other_language=lambda text: _other(str(text or ""), language()),
    )
    env.globals.update(
        static=static,
        month_names=lambda: months(language(), whole=True),
        named_side=lambda code, inside=False: side_named(code or "", language(), inside=inside),
    )
    return env
