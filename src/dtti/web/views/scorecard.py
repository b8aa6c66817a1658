"""The scorecard: how far projects came, counts with their cases, by cohort and year. Reads the report; no rule."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse

from dtti.office import reports
from dtti.office.forum import recommendations
from dtti.web import page
from dtti.web.parts import Bar, Field, Head, Option, Row

from . import asked, figures, shown, words
from .shown import Names
from .words import _


def scorecard(request: HttpRequest) -> HttpResponse:
    """Named, listed, agreed, executing, fielded, closed; by cohort and by year of naming; days to agreement."""
    moment = page.moment(request)
    held = asked.records(request, moment)
    body = request.GET.get("body", "").strip()[:80] or None
    found = asked.made(request, reports.Scorecard, moment, body=body, held=held)
    replies = recommendations.replies(page.asked_by(request, moment)) if moment.now else None
    if page.wants_json(request):
        own = {"own_replies_to_industry": _referred(replies)} if replies else {}
        return page.answer(request, "pages/scorecard.html", {**msgspec.structs.asdict(found), **own})
    days = found.days_named_to_agreement
    links = shown.mentioned(found) | {f"project:{ref}" for each in found.stages.values() for ref in each.possible}
    links |= {f"project:{ref}" for part in (days.undated, days.open) for ref in part}
    bodies = sorted({each.content.body for each in held.of("project") if each.content.body})
    names = Names.of(request, moment).learn(links | {f"body:{ref}" for ref in bodies})
    stages = list(found.stages)
    options = [Option("", _("all")), *(Option(ref, names.title(f"body:{ref}")) for ref in bodies)]
    return shown.show(
        request,
        "pages/scorecard.html",
        found,
        moment,
        names,
        crumbs=shown.crumbs(moment, (_("Scorecard"), None)),
        fields=[Field("body", _("Body"), "select", body or "", options)],
        kept=shown.kept(moment),
        bars=figures.bars(
            _("Projects that came so far"),
            [Bar(words.heading(stage), each.n) for stage, each in found.stages.items()],
            _("projects"),
            wide=figures.WIDE,
        ),
        rows=[_row(names, stage, each) for stage, each in found.stages.items()],
        group_columns=[Head(stage, words.heading(stage), "number") for stage in stages],
        cohorts=[{"group": words.word(group), **counts} for group, counts in found.by_cohort.items()],
        years=[{"group": words.word(group), **counts} for group, counts in found.by_year_named.items()],
        days=_days(names, days),
        still_open=[shown.anchor(names.link(f"project:{ref}")) for ref in days.open],
        days_cite=names.folded(days),
        replies=_replies(names, replies) if replies else [],
        cite=names.folded(found),
    )


def _row(names: Names, stage: str, each: reports.Reached) -> Row:
    return {
        "stage": words.heading(stage),
        "n": each.n,
        "cases": names.links(f"project:{ref}" for ref in each.projects) or {"absent": "none"},
        "possible": names.links(f"project:{ref}" for ref in each.possible) or "–",
        "cite": names.folded(each),
    }


def _referred(found: recommendations.Replies) -> dict[str, list[str]]:
    """This side's own replies to industry, by reference."""
    return {name: [row.ref for row in getattr(found, name)] for name in found.__struct_fields__}


def _replies(names: Names, found: recommendations.Replies) -> list[Row]:
    """This side's own replies to industry: counts with their cases."""
    said = {
        "in_time": _("answered in time"),
        "late": _("answered late"),
        "open_late": _("not answered, late"),
        "open": _("not answered yet"),
    }
    return [
        {
            "state": words_of,
            "n": len(rows),
            "cases": shown.joined(shown.anchor(names.link_to(row)) for row in rows) or {"absent": "none"},
        }
        for name, words_of in said.items()
        for rows in [getattr(found, name)]
    ]


def _days(names: Names, found: reports.Days) -> list[Row]:
    """The days from naming to agreement, case by case; not known where the agreement's day is not."""
    known = {case.project: case.days for case in found.cases}
    return [
        {
            "project": names.link(f"project:{ref}"),
            "days": known[ref] if isinstance(known.get(ref), int) else {"absent": "unknown"},
        }
        for ref in (*known, *found.undated)
    ]
