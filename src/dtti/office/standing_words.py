"""How a project stands, in words of either language: one line for list, desk, page and paper. Knows no record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dtti.language.catalogue import translate
from dtti.language.dates import day
from dtti.language.marking import N_
from dtti.language.names import side_named
from dtti.programme.standing import Code, Recorded, Standing, rules
from dtti.programme.values import When

#: What each standing is called.
CODES: Final[dict[Code, str]] = {
    "active": N_("active"),
    "suspended": N_("suspended"),
    "dormant": N_("dormant"),
    "unknown": N_("not known whether it goes on"),
    "completed": N_("completed"),
    "not-pursued": N_("not pursued"),
    "withdrawn": N_("withdrawn"),
    "terminated": N_("terminated by both"),
    "expired": N_("expired"),
    "converted": N_("converted"),
    "superseded": N_("superseded"),
}
_BY: Final = {"suspended": N_("suspended by %(side)s"), "withdrawn": N_("withdrawn by %(side)s")}
_RECORDED: Final[dict[Recorded, str]] = {
    "recorded": N_("closed with a record"),
    "open": N_("its closure record is not whole yet"),
    "missing": N_("left without a closure record"),
    "unknown": N_("no closure record is known"),
}


_ENDED: Final = N_("%(what)s, %(date)s")
_SINCE: Final[dict[Code, str]] = {
    "suspended": N_("%(what)s since %(date)s"),
    "dormant": N_("%(what)s, no act since %(date)s"),
    "unknown": N_("%(what)s, no public word since %(date)s"),
}
_AND: Final = N_("%(one)s and %(other)s")


def said(one: Standing, language: str) -> str:
    """A standing in one line: by whom, since when, why, whether a closure says so, and what holds beside it."""
    return "; ".join(_parts(one, language))


def _parts(one: Standing, language: str) -> Iterator[str]:
    head = translate(CODES[one.code], language)
    if one.by and one.code in _BY:
        sides = translate(_AND, language)
        named = [side_named(side, language, inside=True) for side in one.by]
        both = sides % {"one": named[0], "other": named[1]} if len(named) == 2 else named[0]
        head = translate(_BY[one.code], language) % {"side": both}
    if one.since and one.code != "active":
        words = _SINCE.get(one.code, _ENDED)
        head = translate(words, language) % {"what": head, "date": when(one.since, language)}
    yield f"{head} ({reason(one.reason, language)})" if one.reason else head
    if one.recorded:
        yield translate(_RECORDED[one.recorded], language)
    for each in one.also:
        words = translate(CODES[each.code], language)
        if not each.certain:
            words = translate(N_("possibly %(what)s by now"), language) % {"what": words}
        yield words


def reason(code: str, language: str) -> str:
    """A reason code in words; as it is written where this version does not have it."""
    held = {str(each): why for each, why in rules().reasons.items()}.get(code)
    return translate(held.words, language) if held else code


def when(stored: str, language: str) -> str:
    """A date as far as it is known: bounds are said as bounds."""
    read = When(stored)
    if read.precision != "between":
        return day(stored, language)
    low, high = read.not_before, read.not_after
    if low and high:
        words = N_("between %(low)s and %(high)s")
    else:
        words = N_("after %(low)s") if low else N_("before %(high)s")
    return translate(words, language) % {"low": day(low or "", language), "high": day(high or "", language)}
