"""Identify: needs and offers of both sides side by side, which may fit and why, what was tried before. Holds no rule.

One reading for page, file, `.json` and command. What a side has not released is seen by its own people alone, as
everywhere; nothing is scored or ranked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.node.record.read import Listed
from dtti.programme import matching
from dtti.programme.fiscal import fiscal_year
from dtti.programme.kinds.need import NEED, Need
from dtti.programme.kinds.project import PROJECT, Project
from dtti.programme.matching import Reason
from dtti.programme.sop.versions import LATEST
from dtti.programme.standing import Standing

from .asking import Asking, Stored, counts
from .standing import standings

__all__ = ["NEED", "PROJECT", "Listed", "Need", "Reason"]

_MOST: Final = 1000  # needs and offers, or projects, that are looked through


class Entry(msgspec.Struct, frozen=True):
    """A need or an offer: its row and text, and the projects that name it (``nominated``)."""

    row: Listed
    need: Need
    nominated: list[Listed]


class Pair(msgspec.Struct, frozen=True):
    """Two that may fit: references, a need before an offer and India's before the other's; why; projects of both."""

    one: str
    other: str
    reasons: tuple[Reason, ...]
    nominated: list[str]


class Attempt(msgspec.Struct, frozen=True):
    """An earlier project about the same: how it stands, and by what it was found."""

    row: Listed
    standing: Standing | None
    reasons: tuple[Reason, ...]


class Sum(msgspec.Struct, frozen=True):
    """What stands behind needs of a side in a fiscal year, in one currency: the sum, and how many needs it is of.

    `year` empty: the need says no year, or its timing falls in two. Years of the two sides are different years, and
    currencies are never added.
    """

    side: str
    year: str
    currency: str
    amount: int
    needs: list[str]


class Group(msgspec.Struct, frozen=True):
    """A working group, or failing one a domain: its reference, what each side needs and offers there."""

    body: str
    domain: str
    sides: dict[str, list[Entry]]


class Identify(msgspec.Struct, frozen=True):
    """All of it: groups, pairs that may fit, what stands behind the needs; `basis`: on what the matching rests."""

    group: str
    groups: list[Group]
    pairs: list[Pair]
    outlay: list[Sum]
    version: str
    basis: str
    confidence: str


def identify(asking: Asking, group: str = "") -> Identify:
    """Needs and offers that the viewer sees, of all groups or of one (a body's reference, or ``domain:CODE``)."""
    entries = _entries(asking)
    chosen = [each for each in entries if not group or group in (each.need.body, f"domain:{each.need.domain or ''}")]
    places: dict[tuple[str, str], dict[str, list[Entry]]] = {}
    for each in chosen:
        key = (each.need.body or "", "" if each.need.body else each.need.domain or "")
        places.setdefault(key, {"IND": [], "USA": []})[each.need.side].append(each)
    said = matching.lists()
    return Identify(
        group,
        [Group(*key, sides) for key, sides in sorted(places.items())],
        pairs(entries, {each.row.ref for each in chosen}),
        outlay(chosen),
        said.version,
        said.basis,
        said.confidence,
    )


def _entries(asking: Asking) -> list[Entry]:
    """Every need and offer whose text can be read and whose side itself states it, with the projects that name it.

    Where it was released, as both sides know it: a project is made of what both may read.
    """
    rows = sorted(asking.rows(NEED.code, count=_MOST), key=lambda row: row.label == "national")
    texts = asking.contents(rows)
    named = _naming(asking)
    found: dict[str, Entry] = {}
    for row in rows:
        text = texts.get(row.record)
        if isinstance(text, Need) and text.side == row.side and text.status != "withdrawn":
            found.setdefault(row.ref, Entry(row, text, named.get(row.ref, [])))
    return sorted(found.values(), key=lambda each: each.row.ref)


def _naming(asking: Asking) -> dict[str, list[Listed]]:
    """By need: the projects whose text names it, where that text counts here or waits for an answer."""
    rows = asking.rows(PROJECT.code, count=_MOST)
    made: dict[str, list[Listed]] = {}
    texts = asking.contents(rows)
    for row in rows:
        text = texts.get(row.record)
        for ref in text.needs if isinstance(text, Project) and (counts(row, asking.mine) or row.offer) else ():
            made.setdefault(ref, []).append(row)
    return made


def pairs(entries: Sequence[Entry], chosen: Iterable[str]) -> list[Pair]:
    """The pairs of which one at least is among `chosen`, by reference."""
    wanted, found = set(chosen), []
    for one in (each for each in entries if each.need.side == "IND"):
        for other in (each for each in entries if each.need.side == "USA"):
            reasons = matching.pair(one.need, other.need) if {one.row.ref, other.row.ref} & wanted else ()
            if reasons:
                first, second = (other, one) if one.need.type == "offer" else (one, other)
                both = [row.ref for row in one.nominated if row in other.nominated]
                found.append(Pair(first.row.ref, second.row.ref, reasons, both))
    return sorted(found, key=lambda each: (each.one, each.other))


def outlay(entries: Iterable[Entry]) -> list[Sum]:
    """What stands behind some needs, by side, fiscal year and currency."""
    made: dict[tuple[str, str, str], tuple[int, list[str]]] = {}
    for each in entries:
        need = each.need
        parts = [(one.year, one.money) for one in need.outlays]
        if not parts and need.outlay:
            year = fiscal_year(need.side, need.timing)
            parts = [("" if year == "unknown" else year, need.outlay)]
        for year, money in parts:
            amount, refs = made.setdefault((need.side, year, money.currency), (0, []))
            made[need.side, year, money.currency] = (amount + money.amount, [*refs, need.ref])
    return [Sum(*key, amount, refs) for key, (amount, refs) in sorted(made.items())]


def attempts(asking: Asking, needs: Sequence[Need]) -> list[Attempt]:
    """Earlier projects, and others under way, about what some needs and offers are about, by reference."""
    rows = asking.rows(PROJECT.code, order="ref", count=_MOST)
    texts = asking.contents(rows)
    found = [
        (row, reasons)
        for row in rows
        if isinstance(text := texts.get(row.record), Project) and (reasons := matching.attempt(text, needs))
    ]
    stand = standings(asking, [row for row, _reasons in found], texts)
    return [Attempt(row, stand.get(row.record), reasons) for row, reasons in found]


class OnePair(msgspec.Struct, frozen=True):
    """A pair as its page shows it: both texts, why they may fit, what was tried before."""

    one: Entry
    other: Entry
    reasons: tuple[Reason, ...]
    attempts: list[Attempt]
    unreleased: list[str]


def pair(asking: Asking, one: str, other: str) -> OnePair:
    """Two needs or offers, of both sides, whether or not anything says that they fit; Refused where there is none."""
    found = {each.row.ref: each for each in _entries(asking)}
    first, second = found.get(one), found.get(other)
    if first is None or second is None or first.need.side == second.need.side:
        raise Refused(
            refuse(
                "identify-pair",
                "There are no such two here, one of each side.",
                "Choose a need or offer of each side.",
            )
        )
    needs = [first.need, second.need]
    national = [each.row.ref for each in (first, second) if each.row.label == "national"]
    return OnePair(first, second, matching.pair(*needs), attempts(asking, needs), national)


def begun(asking: Asking, found: OnePair) -> Stored:
    """The project that a pair begins: with everything that the two say, named after the need, under a new reference.

    Refused where one of the two was not released: its words would stand in a text for both sides.
    """
    if found.unreleased:
        raise Refused(
            refuse(
                "identify-released",
                f"{', '.join(found.unreleased)} was not released, so that no text for both sides can say what it says.",
                "Release it first.",
            )
        )
    ind, usa = sorted((found.one, found.other), key=lambda each: each.need.side)
    wanted = next((each.need for each in (ind, usa) if each.need.type != "offer"), ind.need)
    given = next((each.need for each in (ind, usa) if each.need is not wanted), usa.need)
    body = next((each for each in (wanted.body, given.body) if each), None)
    domain = next((each for each in (wanted.domain, given.domain) if each), None)
    content: Stored = {
        "ref": _free(asking, wanted.ref),
        "name": wanted.title,
        "purpose": f"{wanted.capability}\n\n{given.capability}",
        "body": body,
        "domain": domain,
        "first_named": asking.moment.today.isoformat(),
        "in_dtti": True,
        "nomination_source": "working-group",
        "sop": LATEST,
        "needs": [ind.row.ref, usa.row.ref],
        "sponsors": [{"side": each.need.side, "organisation": each.need.user} for each in (ind, usa) if each.need.user],
        "transitions": [
            {"side": each.need.side, "path": each.need.transition} for each in (ind, usa) if each.need.transition
        ],
    }
    return {name: value for name, value in content.items() if value}


def _free(asking: Asking, ref: str) -> str:
    """A reference for a project that nobody uses here: that of the need, with a number where it is taken."""
    plain = ref.rpartition("/")[2][:70]
    names = [plain, *(f"{plain}-{number}" for number in range(2, 100))]
    taken = asking.named([f"{PROJECT.code}:{each}" for each in names])
    return next((each for each in names if f"{PROJECT.code}:{each}" not in taken), plain)


def choices(asking: Asking) -> list[str]:
    """The working groups, and failing one the domains, by which the page can be narrowed, as `identify` takes them."""
    return sorted({each.need.body or f"domain:{each.need.domain or ''}" for each in _entries(asking)})
