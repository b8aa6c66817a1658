"""Whether a need and an offer, or an earlier project, are about the same, and why: reasons, never a score. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import resources
from typing import Final, Literal

import msgspec

from dtti.language import folding
from dtti.programme.kinds.need import Need
from dtti.programme.kinds.project import Project
from dtti.programme.order import surely_later

#: Why two are laid side by side. `named`: one of them names the other; `words`: what both say they do; `domain`,
#: `group`: both are of it; `timing`: it can be had by when it is wanted, for certain; `timing-may`: it may, as far as
#: the dates are known; `timing-apart`: it certainly cannot; `priority`: both sides call it high; `industry`: industry
#: has shown interest; `name`: the earlier project is called by it; `link`: the project answers one of them.
Why = Literal[
    "named", "words", "domain", "group", "timing", "timing-may", "timing-apart", "priority", "industry", "name", "link"
]


_BETWEEN: Final = re.compile(r"[^\w\u0900-\u097f]+")


class Reason(msgspec.Struct, frozen=True):
    """One reason, and what it rests on: words in common, sides, the domain, the group, dates as written."""

    why: Why
    said: tuple[str, ...] = ()


class Lists(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names of one thing, and words that say nothing of what a thing is; on what the lists rest."""

    version: str
    basis: str
    confidence: Literal["sourced", "single-source", "inferred", "unverified"]
    same: tuple[tuple[str, ...], ...]
    passed: tuple[str, ...]


@cache
def lists() -> Lists:
    """What `matching.toml` says."""
    text = resources.files(__package__).joinpath("matching.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Lists)


@cache
def _names() -> tuple[tuple[tuple[str, ...], str], ...]:
    """Each name of a thing as words, longest first, with the first name that the list gives it."""
    made = [(_words(name), group[0]) for group in lists().same for name in group]
    return tuple(sorted(made, key=lambda each: -len(each[0])))


@cache
def _passed() -> frozenset[str]:
    return frozenset(word for each in lists().passed for word in _words(each))


def _words(text: str) -> tuple[str, ...]:
    """The words of a text in their order, as they are compared; a hyphened name is several."""
    return tuple(word for word in _BETWEEN.split(folding.folded(text)) if word)


@cache
def subjects(text: str) -> frozenset[str]:
    """What a text is about, as words: names of one thing count as one; a plural as its singular."""
    words, found = [*_words(text[:20_000])], set[str]()
    for name, first in _names():
        for at in range(len(words) - len(name) + 1):
            if tuple(words[at : at + len(name)]) == name:
                found.add(first)
                words[at : at + len(name)] = [""] * len(name)
    for word in words:
        plain = word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word
        if len(plain) > 2 and not plain.isdigit() and not {word, plain} & _passed():
            found.add(plain)
    return frozenset(found)


def _of_need(need: Need) -> frozenset[str]:
    return subjects(f"{need.title}\n{need.capability}")


def pair(one: Need, other: Need) -> tuple[Reason, ...]:
    """Why a need or offer of one side and one of the other may fit; empty where nothing says so.

    They are laid side by side where one names the other, or where both are about the same thing and not of different
    domains. Two offers never fit. The other reasons stand beside that, for and against.
    """
    if one.side == other.side or (one.type == other.type == "offer"):
        return ()
    named = tuple(each.side for each, of in ((one, other), (other, one)) if of.ref in each.answers)
    words = tuple(sorted(_of_need(one) & _of_need(other)))
    apart = one.domain and other.domain and one.domain != other.domain
    if not named and (not words or apart):
        return ()
    return tuple(_reasons(one, other, named, words))


def _reasons(one: Need, other: Need, named: tuple[str, ...], words: tuple[str, ...]) -> Iterable[Reason]:
    if named:
        yield Reason("named", named)
    if words:
        yield Reason("words", words)
    if one.domain and one.domain == other.domain:
        yield Reason("domain", (one.domain,))
    if one.body and one.body == other.body:
        yield Reason("group", (one.body,))
    if one.timing and other.timing:
        yield Reason(_timing(one, other), (str(one.timing), str(other.timing)))
    if one.priority == other.priority == "high":
        yield Reason("priority", (one.side, other.side))
    interested = tuple(each.side for each in (one, other) if each.industry_interest)
    if interested:
        yield Reason("industry", interested)


def _timing(one: Need, other: Need) -> Why:
    """Whether what is offered can be had by when it is wanted; of two needs, whether both want it at one time.

    Dates known in part have bounds: certain is what holds however they are read.
    """
    first, second = one.timing, other.timing
    if first is None or second is None:
        return "timing-may"
    if one.type == other.type:
        if surely_later(first, second) or surely_later(second, first):
            return "timing-apart"
        return "timing" if first.day and first.day == second.day else "timing-may"
    had, wanted = (first, second) if one.type == "offer" else (second, first)
    if surely_later(had, wanted):
        return "timing-apart"
    in_time = had.latest is not None and wanted.earliest is not None and had.latest <= wanted.earliest
    return "timing" if in_time else "timing-may"


def attempt(project: Project, needs: Sequence[Need]) -> tuple[Reason, ...]:
    """Why a project may be an earlier attempt at what some needs and offers are about; empty where nothing says so."""
    wanted = frozenset[str]().union(*(_of_need(each) for each in needs))
    domains = {each.domain for each in needs if each.domain}
    called = subjects("\n".join((project.name, *project.aliases)))
    by_name = tuple(sorted(wanted & called))
    by_words = tuple(sorted((wanted & subjects(project.purpose)) - set(by_name))) if project.purpose else ()
    linked = tuple(each.ref for each in needs if each.ref in project.needs)
    same = bool(project.domain and project.domain in domains)
    if not linked and not by_name and not (by_words and (same or not domains or not project.domain)):
        return ()
    found = [("link", linked), ("name", by_name), ("words", by_words), ("domain", (project.domain,) if same else ())]
    return tuple(Reason(why, tuple(map(str, said))) for why, said in found if said)  # type: ignore[arg-type]
