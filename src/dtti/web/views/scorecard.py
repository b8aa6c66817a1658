"""The scorecard: how far projects came, counts with their cases, by cohort and year. Reads the report; no rule."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from dtti.web import page

from . import asked, figures, shown, words
from .shown import Names
from .words import _


def scorecard(request: HttpRequest) -> HttpResponse:
    """Named, listed, agreed, executing, fielded, closed; by cohort and by year of naming; days to agreement."""
    moment = page.moment(request)
    held = asked.records(request, moment)
    body = request.GET.get("body", "").strip()[:80] or None
    found = asked.made(request, "scorecard", moment, body=body, held=held)
    if page.wants_json(request):
        return page.answer(request, "pages/scorecard.html", found)
    links = shown.mentioned(found) | {f"project:{ref}" for each in found["stages"].values() for ref in each["possible"]}
    links |= {f"project:{ref}" for part in ("undated", "open") for ref in found["days_named_to_agreement"][part]}
    bodies = sorted({each.content.body for each in held.of("project") if each.content.body})
    names = Names.of(request, moment).learn(links | {f"body:{ref}" for ref in bodies})
    stages = list(found["stages"])
    blank = {"value": "", "label": _("all")}
    options = [{"value": ref, "label": names.title(f"body:{ref}")} for ref in bodies]
    return shown.show(
        request,
        "pages/scorecard.html",
        found,
        moment,
        names,
        crumbs=shown.crumbs(moment, (_("Scorecard"), None)),
        fields=[
            {"name": "body", "label": _("Body"), "kind": "select", "value": body or "", "options": [blank, *options]}
        ],
        kept=shown.kept(moment),
        bars=figures.bars(
            _("Projects that came so far"),
            [{"label": words.heading(stage), "amount": each["n"]} for stage, each in found["stages"].items()],
            _("projects"),
            wide=figures.WIDE,
        ),
        rows=[_row(names, stage, each) for stage, each in found["stages"].items()],
        group_columns=[{"key": stage, "label": words.heading(stage), "kind": "number"} for stage in stages],
        cohorts=[{"group": words.word(group), **counts} for group, counts in found["by_cohort"].items()],
        years=[{"group": words.word(group), **counts} for group, counts in found["by_year_named"].items()],
        days=_days(names, found["days_named_to_agreement"]),
        still_open=[shown.anchor(names.link(f"project:{ref}")) for ref in found["days_named_to_agreement"]["open"]],
        days_cite=names.rests(found["days_named_to_agreement"]),
        cite=names.rests(found),
    )


def _row(names: Names, stage: str, each: dict[str, Any]) -> dict[str, Any]:
    return {
        "stage": words.heading(stage),
        "n": each["n"],
        "cases": names.links(f"project:{ref}" for ref in each["projects"]) or {"absent": "none"},
        "possible": names.links(f"project:{ref}" for ref in each["possible"]) or "–",
    }


def _days(names: Names, found: dict[str, Any]) -> list[dict[str, Any]]:
    """The days from naming to agreement, case by case; not known where the agreement's day is not."""
    known = {case["project"]: case["days"] for case in found["cases"]}
    return [
        {
            "project": names.link(f"project:{ref}"),
            "days": known[ref] if isinstance(known.get(ref), int) else {"absent": "unknown"},
        }
        for ref in (*known, *found["undated"])
    ]
