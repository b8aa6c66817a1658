"""Ask the record how many records of a kind there are, by anything that tells them apart. Holds no rule."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from markupsafe import Markup, escape

from dtti.accord.refusal import Refusal, Refused
from dtti.node.record import questions
from dtti.office import questions as office
from dtti.office.questions import Count
from dtti.programme.kinds import KINDS, placed
from dtti.web import page
from dtti.web.forms import wording
from dtti.web.page import Moment
from dtti.web.parts import Bar, Field, Option, Row

from . import asked, figures, shown, words
from .ask import as_json, given, readings_field, told, touching, value, ways
from .codes import N_
from .shown import Names
from .words import _

#: How many facets a form asks for at once.
FACETS: Final = 3
#: What an address says beside conditions; whatever else it names is one, and refused where there is none such.
OTHERS: Final = (
    *("kind", "facet", "value", "by", "date", "since", "until", "of", "reading"),
    *("on", "known", "tables", "page", "begin", "typed"),
)
OF: Final = (("all", N_("all")), ("published", N_("published, confirmed by neither")), ("live", N_("of the two sides")))


def count(request: HttpRequest) -> HttpResponse:
    """How many records of a kind, by facets, within a stretch of a date, in groups."""
    moment = page.moment(request)
    kind = request.GET.get("kind", "").strip()
    pairs = _conditions(request)
    found: Count | None = None
    against: tuple[Refusal, ...] = ()
    if kind:
        try:
            wanted = office.wanted(
                kind,
                [(name, said) for name, said in pairs if name and said],
                request.GET.get("by", "").strip(),
                request.GET.get("date", "").strip(),
                request.GET.get("since", "").strip(),
                request.GET.get("until", "").strip(),
                given(request, "reading"),
            )
            found = questions.count(
                page.node_of(request),
                page.viewer_of(request),
                wanted,
                on=moment.day,
                known=moment.bound,
                of=request.GET.get("of", "").strip(),
            )
        except Refused as refused:
            against = refused.refusals
    if page.wants_json(request):
        return as_json(request, "pages/ask_count.html", told(request, found, moment), against)
    names = Names.of(request, moment)
    if found is not None:
        links = shown.mentioned(found) | {f"difference:{ref}" for ref in found.differences_touching}
        names.learn(links | _linked(found))
        asked.told(request, found)
    facet = office.facet_of(kind, found.by) if found and found.by else None
    return shown.show(
        request,
        "pages/ask_count.html",
        {"found": found},
        moment,
        names,
        crumbs=shown.crumbs(moment, (_("Ask the record"), "ask"), (_("How many"), None)),
        views=ways("ask-count", moment),
        against=against,
        kinds=[Option(each.code, words.plural(each.code)) for each in placed()],
        kind=kind,
        facets=_facet_options(kind),
        pairs=[*pairs[:FACETS], *[("", "")] * (FACETS - len(pairs))],
        values=[_values(names, request, moment, kind, name) for name, _said in pairs[:FACETS]] + [[]] * FACETS,
        by=request.GET.get("by", ""),
        dates=[Option(each, words.field_name(each)) for each in office.dates_of(kind)],
        dated_by=request.GET.get("date", ""),
        of=Field(
            "of",
            _("Records"),
            "select",
            found.of if found and isinstance(found.of, str) else request.GET.get("of", ""),
            [Option(each, _(label)) for each, label in OF],
        ),
        since=request.GET.get("since", ""),
        until=request.GET.get("until", ""),
        reading=readings_field(
            names, request, [(*each.reading.partition("=")[::2], "") for each in found.other_readings] if found else []
        ),
        kept=shown.kept(moment),
        answer=_range(found.n, found.high) if found else None,
        answer_cite=names.rests(found) if found else None,
        certain=names.links(f"{kind}:{ref}" for ref in found.records) if found else None,
        possible=names.links(f"{kind}:{ref}" for ref in found.possible) if found and found.possible else None,
        groups=[_group(names, kind, facet, group, each) for group, each in found.groups.items()] if found else [],
        group_label=_facet_label(kind, found.by) if found and found.by else "",
        bars=_bars(names, facet, found) if found and found.groups else None,
        rows=[_other(names, facet, found, each) for each in found.other_readings] if found else [],
        touching=touching(names, found.differences_touching) if found else [],
        method=found.method if found else [],
    )


def _conditions(request: HttpRequest) -> list[tuple[str, str]]:
    """The facets asked for: as the form sends them, and as the command has them, each by its own name."""
    said = [*zip(given(request, "facet"), request.GET.getlist("value"), strict=False)]
    said += [(name[:200], each) for name, values in request.GET.lists() if name not in OTHERS for each in values]
    own = {_("none"): office.NONE, _("any"): office.ANY}
    return [(name.strip(), own.get(each.strip(), each.strip()[:200])) for name, each in said]


def _facet_options(kind: str) -> list[Option]:
    return [Option(name, _facet_label(kind, name)) for name in office.facet_names(kind)]


def _facet_label(kind: str, name: str) -> str:
    """What a facet is called: as forms ask for it, where they have words of their own."""
    content = KINDS[kind].content.__name__ if kind in KINDS else ""
    said = wording.ASKED.get(f"{content}.{name}")
    return _(said) if said else " · ".join(words.field_name(part) for part in name.split("."))


def _values(names: Names, request: HttpRequest, moment: Moment, kind: str, name: str) -> list[Option]:
    """The values in use of a facet that was chosen, to choose from."""
    if name not in office.facet_names(kind):
        return []
    node, viewer = page.node_of(request), page.viewer_of(request)
    made = questions.count(node, viewer, office.wanted(kind, [], name), on=moment.day, known=moment.bound)
    facet = office.facet_of(kind, name)
    if facet.link and facet.link != "*":
        names.learn(f"{facet.link}:{each}" for each in made.groups)
    return [Option(each, _group_label(names, kind, facet, each)) for each in made.groups]


def _range(low: int, high: int) -> str:
    if low == high:
        return words.grouped(low)
    return _("%(low)s for certain, %(high)s at most", low=words.grouped(low), high=words.grouped(high))


def _linked(found: Count) -> set[str]:
    facet = office.facet_of(found.kind, found.by) if found.by else None
    if facet is None or not facet.link or facet.link == "*":
        return set(found.groups) if facet is not None and facet.link == "*" else set()
    return {f"{facet.link}:{group}" for group in found.groups}


def _group_label(names: Names, kind: str, facet: office.Facet | None, group: str) -> str:
    """What a group is called: the record that it names, or the words of its code."""
    if group == office.NONE:
        return _("not said")
    if facet is not None and facet.link:
        return names.title(group if facet.link == "*" else f"{facet.link}:{group}")
    if facet is not None and facet.name == "grade":
        return shown.grade_words(group)
    return words.word(group, f"{kind}.{facet.name}" if facet is not None else "")


def _group(names: Names, kind: str, facet: office.Facet | None, group: str, each: office.Counted) -> Row:
    return {
        "group": _group_label(names, kind, facet, group),
        "n": each.n,
        "high": each.high,
        "records": names.links(f"{kind}:{ref}" for ref in each.records) or "–",
        "possible": names.links(f"{kind}:{ref}" for ref in each.possible) or "–",
        "cite": names.rests(each),
    }


def _bars(names: Names, facet: office.Facet | None, found: Count) -> Markup:
    rows = [
        Bar(
            _group_label(names, found.kind, facet, group),
            each.n,
            words.grouped(each.n),
            _("at most %(num)s", num=words.grouped(each.high)) if each.high != each.n else None,
        )
        for group, each in found.groups.items()
    ]
    title = _("%(kinds)s by %(facet)s", kinds=words.plural(found.kind), facet=_facet_label(found.kind, found.by or ""))
    return figures.bars(title, rows, _("records"))


def _short(low: int, high: int) -> str:
    if low == high:
        return words.grouped(low)
    return _("%(low)s to %(high)s", low=words.grouped(low), high=words.grouped(high))


def _other(names: Names, facet: office.Facet | None, found: Count, each: office.CountedAs) -> Row:
    ref, _equals, key = each.reading.partition("=")
    dated = shown.lines(
        escape("{}: {}").format(shown.anchor(names.link(link)), value(shown.when(when)))
        for link, when in each.dates.items()
    )
    own = {group: (one.n, one.high) for group, one in found.groups.items()}
    changed = [
        f"{_group_label(names, found.kind, facet, group)}: {_short(one.n, one.high)}"
        for group, one in each.groups.items()
        if own.get(group, (0, 0)) != (one.n, one.high)
    ]
    changed += [f"{_group_label(names, found.kind, facet, group)}: 0" for group in own if group not in each.groups]
    return {
        "reading": escape("{} ({})").format(shown.anchor(names.link(f"difference:{ref}")), key),
        "dated": dated,
        "n": _range(each.n, each.high),
        "groups": shown.lines(changed) or "–",
        "cite": names.rests(each),
    }
