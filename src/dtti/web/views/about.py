"""What DTTI is in a minute, how a paper is verified, and the record as data: pages for whoever comes anew. No rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse

from dtti.node.record import lookups, read
from dtti.office import projects, reports
from dtti.programme.kinds import placed
from dtti.web import page
from dtti.web.page import Moment, route
from dtti.web.parts import Bar, Row

from . import asked, bodies, figures, shown, words
from .project import stage_words
from .shown import Names
from .words import _

#: Events of the initiative itself, by the scope that they are recorded with.
INSIDE: Final = "dtti"


def about(request: HttpRequest) -> HttpResponse:
    """DTTI in a minute: bodies, meetings against the rule, projects, promises, differences, ten years."""
    moment = page.moment(request)
    held = asked.records(request, moment)
    structure = asked.made(request, reports.Bodies, moment, held=held)
    met = asked.made(request, reports.Cadence, moment, now=True, held=held)
    promised = asked.made(request, reports.Promises, moment, now=True, held=held)
    happened = asked.made(request, reports.Events, moment, held=held)
    board = projects.board(page.asked_by(request, moment), {})
    group = _group(structure, met)
    tree = bodies.branches(structure)
    stages: dict[str, int] = {stage: len(cards) for stage, cards in board.stages.items()}
    outcomes: dict[str, int] = {status: len(cards) for status, cards in board.unstaged.items()}
    events = [
        {"event": ref, "date": each.date, "name": each.name}
        for ref, each in happened.events.items()
        if each.scope == INSIDE
    ]
    data = {
        "on": met.on,
        "group": _last(group, met.bodies) if group else None,
        "projects": {"total": board.total, "by_stage": stages, "without_stage_by_outcome": outcomes},
        "commitments": promised.commitments_by_state,
        "differences": _differences(request, moment),
        **tree,
        "timeline": events,
    }
    if page.wants_json(request):
        return page.answer(request, "pages/about.html", data)
    links = {f"body:{ref}" for ref in structure.bodies} | {f"event:{each['event']}" for each in events}
    names = Names.of(request, moment).learn(links | shown.mentioned(met))
    return shown.show(
        request,
        "pages/about.html",
        data,
        moment,
        names,
        chart=bodies.chart(names, group, met.bodies[group], met.on or "") if group else None,
        last=_said(names, data["group"]),
        reached=figures.bars(
            _("Projects by stage"),
            [
                *(Bar(stage_words(stage), count) for stage, count in stages.items()),
                *(Bar(words.heading(status), count) for status, count in outcomes.items()),
            ],
            _("projects"),
            wide=figures.WIDE,
        ),
        events=[
            {"date": shown.when(each["date"]), "name": names.link(f"event:{each['event']}", said=each["name"])}
            for each in events
        ],
    )


def _group(structure: reports.Bodies, met: reports.Cadence) -> str:
    """The steering group that met most often; empty where none is recorded."""
    groups = [ref for ref, body in structure.bodies.items() if body.type == "steering-group" and ref in met.bodies]
    return max(sorted(groups), key=lambda ref: met.bodies[ref].n_held, default="")


def _last(group: str, met: Mapping[str, reports.BodyMet]) -> Row:
    last = met[group].last
    return {
        "body": group,
        "meeting": last.meeting if last else None,
        "date": last.date if last else "unknown",
        "should_have_met_by": last.next_due_by if last else "unknown",
        "days_overdue": last.overdue_days if last else "unknown",
    }


def _said(names: Names, group: Any) -> Row | None:
    if not group or not group["meeting"]:
        return None
    overdue = group["days_overdue"]
    return {
        "name": names.line(f"body:{group['body']}"),
        "met": names.link(f"meeting:{group['meeting']}", said=names.number(f"meeting:{group['meeting']}")),
        "due": shown.when(group["should_have_met_by"]),
        "overdue": overdue if isinstance(overdue, int) and overdue > 0 else 0,
    }


def _differences(request: HttpRequest, moment: Moment) -> dict[str, int]:
    """How many differences between sources are recorded, by how they stand."""
    rows = page.asked_by(request, moment).rows("difference", count=read.PAGE * 200)
    return dict(sorted(Counter(row.status or "unknown" for row in rows).items()))


def verify(request: HttpRequest) -> HttpResponse:
    """How anyone checks a paper or a proof, without this office system."""
    return shown.show(request, "pages/about_verify.html", {}, Moment(), crumbs=_crumbs(_("How to verify a paper")))


def data(request: HttpRequest) -> HttpResponse:
    """The record as data: each kind with how many records of it this viewer sees, and the files it comes as."""
    moment = page.moment(request)
    counted = lookups.counts(page.node_of(request), page.viewer_of(request), moment.bound)
    kinds = [(kind.code, kind.face.address, counted.get(kind.code, 0)) for kind in placed()]
    held = {"kinds": [{"kind": code, "address": address, "count": count} for code, address, count in kinds]}
    if page.wants_json(request):
        return page.answer(request, "pages/about_data.html", held)
    rows = [
        {
            "kind": shown.anchor({"text": words.plural(code), "url": reverse(address)}),
            "count": count,
            "files": shown.joined(_files(request, code, address)),
        }
        for code, address, count in kinds
    ]
    crumbs = _crumbs(_("Open data"))
    return shown.show(request, "pages/about_data.html", held, moment, rows=rows, crumbs=crumbs)


def _files(request: HttpRequest, code: str, address: str) -> list[Any]:
    """Links to a kind as files: whole contents in a folder of files, the list as it is shown on a node."""
    plain = reverse(address).rstrip("/").removeprefix("/hi")
    found = {"JSON": f"{plain}.json", "CSV": f"{plain}.csv"}
    if page.copied(request):
        found = {"JSON": f"/data/{code}.json", "CSV": f"/data/{code}.csv", _("Schema"): f"/data/{code}.schema.json"}
    return [shown.anchor({"text": label, "url": url}) for label, url in found.items()]


def _crumbs(label: str) -> list[Any]:
    return [{"label": _("About DTTI"), "url": reverse("about")}, {"label": label, "url": None}]


PATTERNS: Final[list[URLPattern]] = [
    *route("about/", about, "about"),
    *route("about/verify/", verify, "about-verify"),
    *route("about/data/", data, "about-data"),
]
