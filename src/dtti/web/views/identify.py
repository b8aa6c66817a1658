"""Identify: needs and offers of both sides side by side, with reasons; a pair, and a project begun from it. No rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from dtti.office import identify as office
from dtti.office.identify import Listed, Reason
from dtti.programme.values import Money
from dtti.web import page
from dtti.web.page import asked_by, moment, route
from dtti.web.parts import Field, Option, Row
from dtti.web.states import side_name

from . import acting, drafting, lists, sheets, shown, words
from .acting import as_page
from .shown import Names


def _sides(codes: Sequence[str]) -> str:
    return ", ".join(side_name(code) for code in codes)


def _dates(stored: Sequence[str]) -> str:
    return ", ".join(str(shown.macro("value", "when", each).striptags()) for each in stored)


def why(reason: Reason, names: Names) -> str:
    """A reason in words."""
    said = reason.said

    def titles(kind: str) -> Callable[[Sequence[str]], str]:
        return lambda refs: ", ".join(names.title(f"{kind}:{ref}") for ref in refs)

    plain = {
        "named": (_("named as fitting by %(what)s"), _sides),
        "words": (_("both speak of: %(what)s"), ", ".join),
        "domain": (_("same domain: %(what)s"), lambda codes: ", ".join(map(words.word, codes))),
        "group": (
            _("same working group: %(what)s"),
            lambda refs: ", ".join(names.title(f"body:{ref}") for ref in refs),
        ),
        "timing": (_("can be had in time (%(what)s)"), _dates),
        "timing-may": (_("may be had in time, as far as the dates are known (%(what)s)"), _dates),
        "timing-apart": (_("cannot be had in time (%(what)s)"), _dates),
        "priority": (_("high priority on both sides%(what)s"), lambda _codes: ""),
        "industry": (_("industry has shown interest: %(what)s"), _sides),
        "name": (_("called by it: %(what)s"), ", ".join),
        "link": (_("names it already: %(what)s"), titles(office.NEED.code)),
    }[reason.why]
    return plain[0] % {"what": plain[1](said)}


def _reasons(reasons: Sequence[Reason], names: Names) -> str:
    return "; ".join(why(each, names) for each in reasons)


def _learned(request: HttpRequest, found: office.Identify) -> Names:
    entries = [each for group in found.groups for side in group.sides.values() for each in side]
    names = Names.of(request, moment(request)).learn(
        {
            *(f"need:{each.row.ref}" for each in entries),
            *(f"need:{ref}" for pair in found.pairs for ref in (pair.one, pair.other)),
            *(f"body:{each.need.body}" for each in entries if each.need.body),
            *(f"project:{row.ref}" for each in entries for row in each.nominated),
        }
    )
    return names.learn_standing(row for each in entries for row in each.nominated)


def identify(request: HttpRequest) -> HttpResponse:
    """Both registers side by side by working group, the pairs that may fit and why, what stands behind the needs."""
    when = moment(request)
    asking = asked_by(request, when)
    group = request.GET.get("group", "").strip()[:120]
    found = office.identify(asking, group)
    if page.wants_json(request):
        return page.answer(request, "pages/identify.html", found)
    names = _learned(request, found)
    if sheets.form_of(request):
        return sheets.answer(
            request, when, _sheet(names, found), {_("Working group"): _of(names, group)} if group else {}
        )
    order = shown.own_first(request)
    return shown.show(
        request,
        "pages/identify.html",
        msgspec.structs.asdict(found),
        when,
        names,
        crumbs=shown.crumbs(when, (_("Identify"), None)),
        order=order,
        shown_groups=[
            {
                "title": _of(names, each.body or f"domain:{each.domain}"),
                "sides": {side: [_card(names, one) for one in held] for side, held in each.sides.items()},
            }
            for each in found.groups
        ],
        shown_pairs=[_pair_row(names, each) for each in found.pairs],
        shown_outlay=[_sum_row(names, each) for each in found.outlay],
        fields=[_narrowing(names, office.choices(asking), group)],
        kept=shown.kept(when),
        narrowed=bool(group),
        needs_url=shown.address("needs", when),
        begin=reverse("start", args=["needs"]) if acting.may_begin(as_page(request), office.NEED.code) else "",
        files=sheets.links(request, "identify") if found.groups else [],
    )


def _narrowing(names: Names, groups: Sequence[str], group: str) -> Field:
    """The choice of one working group, or of all."""
    options = [Option(each, _of(names, each)) for each in groups]
    return lists.choice("group", _("Working group"), options, {"group": group} if group else {})


def _of(names: Names, group: str) -> str:
    """A working group by name; a domain where no group is named."""
    kind, _colon, code = group.partition(":")
    if kind != "domain" or not _colon:
        names.learn([f"body:{group}"])
        return names.title(f"body:{group}")
    return words.heading(code) if code else _("No working group named")


def _card(names: Names, each: office.Entry) -> Row:
    need = each.need
    return {
        "link": shown.anchor(names.link_to(each.row)),
        "type": need.type,
        "status": need.status,
        "priority": need.priority,
        "user": shown.text(need.user) if need.user else None,
        "capability": shown.text(need.capability),
        "timing": shown.when(need.timing) if need.timing else None,
        "industry": shown.text(need.industry_interest) if need.industry_interest else None,
        "nominated": [_nominated(names, row) for row in each.nominated],
        "grade": shown.grade(each.row),
        "national": each.row.label == "national",
    }


def _nominated(names: Names, row: Listed) -> Markup:
    """A project that names it, and how that stands: an offer of one side is no project of both yet."""
    link = shown.anchor(names.link_to(row))
    said = shown.macro("value", "grade", row.grade or "offer", by=row.stated_by or row.offer_side)
    return Markup("{} {}").format(link, said)


def _pair_row(names: Names, each: office.Pair) -> Row:
    return {
        "one": names.link(f"need:{each.one}"),
        "other": names.link(f"need:{each.other}"),
        "why": _reasons(each.reasons, names),
        "project": names.links(f"project:{ref}" for ref in each.nominated) if each.nominated else "–",
        "open": {"text": _("Look at the pair"), "url": reverse("identify-pair", args=[each.one, each.other])},
    }


def _sum_row(names: Names, each: office.Sum) -> Row:
    return {
        "side": shown.macro("value", "side", each.side),
        "year": each.year or {"absent": "unknown"},
        "sum": shown.figure(Money(amount=each.amount, currency=each.currency)),
        "needs": names.links(f"need:{ref}" for ref in each.needs),
    }


def _sheet(names: Names, found: office.Identify) -> sheets.Sheet:
    """A row for each pair that may fit."""
    heads = [_("Need"), _("Need or offer of the other side"), _("Why they may fit"), _("Project")]
    national = False
    made: list[list[Any]] = []
    rows = {one.row.ref: one.row for group in found.groups for held in group.sides.values() for one in held}
    for each in found.pairs:
        both = [names.row(f"need:{ref}") or rows.get(ref) for ref in (each.one, each.other)]
        national = national or any(row is not None and row.label == "national" for row in both)
        made.append(
            [
                *(names.line(f"need:{ref}") for ref in (each.one, each.other)),
                _reasons(each.reasons, names),
                ", ".join(names.title(f"project:{ref}") for ref in each.nominated) or None,
            ]
        )
    return sheets.Sheet("identify", _("Pairs that may fit"), heads, made, national)


def pair(request: HttpRequest, one: str, other: str) -> HttpResponse:
    """A pair: both texts, why they may fit, what was tried before; and the project that can be made of it."""
    when = moment(request)
    asking = asked_by(request, when)
    found = office.pair(asking, one[:80], other[:80])
    names = Names.of(request, when).learn(
        {
            *(f"need:{each.row.ref}" for each in (found.one, found.other)),
            *(f"body:{each.need.body}" for each in (found.one, found.other) if each.need.body),
            *(f"project:{each.row.ref}" for each in found.attempts),
        }
    )
    names.learn_standing([*(each.row for each in found.attempts), *found.one.nominated, *found.other.nominated])
    may = acting.may_begin(as_page(request), office.PROJECT.code) and when.now
    return shown.show(
        request,
        "pages/identify_pair.html",
        msgspec.structs.asdict(found),
        when,
        names,
        crumbs=shown.crumbs(when, (_("Identify"), "identify"), (names.plainly(found.one.row), None)),
        cards=[(each.need.side, _card(names, each)) for each in (found.one, found.other)],
        why=[why(each, names) for each in found.reasons],
        tried=[
            {
                "project": {"text": names.called(each.row), "url": names.url_of(each.row)},
                "stands": names.stands(each.row) or {"absent": "unknown"},
                "why": _reasons(each.reasons, names),
            }
            for each in found.attempts
        ],
        kept_back=[names.line(f"need:{ref}") for ref in found.unreleased],
        make=reverse("identify-make", args=[found.one.row.ref, found.other.row.ref])
        if may and not found.unreleased
        else "",
    )


def make(request: HttpRequest, one: str, other: str) -> HttpResponse:
    """Begin a project from a pair: its form opens with everything that the two say, and keeps nothing by itself."""
    held = as_page(request)
    asking = acting.asking(held)
    found = office.pair(asking, one[:80], other[:80])
    return HttpResponseRedirect(drafting.begun_at(held, office.PROJECT.code, office.begun(asking, found)))


PATTERNS: list[URLPattern] = [
    *sheets.routes("identify/", identify, "identify"),
    *route("identify/<path:one>/with/<path:other>/make/", make, "identify-make"),
    *route("identify/<path:one>/with/<path:other>/", pair, "identify-pair"),
]
