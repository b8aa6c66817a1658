"""What DTTI is in a minute, how a paper is verified, and the record as data: pages for whoever comes anew. No rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, cast

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from markupsafe import Markup

from dtti.documents.charts.when import placed
from dtti.node.record import lookups
from dtti.office import minute as office
from dtti.office import reports
from dtti.papers.charts import structure, years
from dtti.programme.kinds import placed as placed_kinds
from dtti.web import page
from dtti.web.page import Moment, route
from dtti.web.parts import Bar, Row
from dtti.web.requests import PageRequest

from . import asked, bodies, desk, figures, shown, words
from .project import stage_words
from .shown import Names
from .words import _

#: Lines of a list on the page, and names in a cell: a page beside it has all.
MOST: Final = 6
#: How the box of a body is drawn, by its state; any other is not known.
_DRAWN: Final[Mapping[str, structure.Sort]] = {
    "active": "working", "suspended": "ended", "closed": "ended", "not-listed": "ended",
}  # fmt: skip
#: What sources disagree about: what is decided least comes first.
_DECIDED: Final = ("open", "leaning", "resolved")


def about(request: HttpRequest) -> HttpResponse:
    """DTTI in a minute: bodies, ten years, meetings against the rule, projects, promises, what is due, differences."""
    moment = page.moment(request)
    found = office.minute(page.asked_by(request, moment))
    for each in (found.structure, found.met, found.projects, found.promised, found.differing, found.happened):
        asked.told(request, each)
    data = _data(found)
    if page.wants_json(request):
        return page.answer(request, "pages/about.html", data)
    names = Names.of(request, moment).learn(_links(found)).learn_for(each.row for each in found.due)
    last, subject = found.last, page.node_of(request).config.programme.upper()
    return shown.show(
        request,
        "pages/about.html",
        data,
        moment,
        names,
        chart=bodies.chart(names, found.group, last, found.met.on or "") if last else None,
        last=_said(names, found),
        tree=_tree(names, found, subject),
        tree_cite=names.folded(found.structure),
        steps=_steps(names, found, subject),
        steps_cite=names.folded(found.stepped) if found.stepped else None,
        projects_cite=names.folded(found.projects),
        promised_cite=names.folded(found.promised),
        differing_cite=names.folded(found.differing),
        reached=figures.bars(
            _("Projects by stage"),
            [Bar(_stood(each), each.rests.n) for each in found.stood],
            _("projects"),
            wide=figures.WIDE,
        ),
        stood=[
            {
                "said": _stood(each),
                "n": each.rests.n,
                "projects": _some(names, [f"project:{ref}" for ref in each.projects]),
                "cite": names.folded(each.rests),
            }
            for each in found.stood
        ],
        without_stage=not any(each.stage for each in found.stood),
        promised=_counted(names, found.promised.tallies["commitments_by_state"]),
        differing=_counted(names, found.differing.tallies["by_status"]),
        statements=_statements(names, found),
        due=[
            {
                "what": shown.anchor({"text": shown.text(line.what), "url": line.url}),
                "on": shown.when(line.on),
                "late": words.many("%(num)s day late", "%(num)s days late", line.days) if line.late else "–",
                "cite": _due_rests(names, found, each),
            }
            for each in found.due[:MOST]
            for line in [desk.due_line(cast(PageRequest, request), each, names)]
        ],
        more_due=max(0, len(found.due) - MOST),
        differences=[
            {
                "subject": names.link(f"difference:{ref}", said=each.subject),
                "status": words.word(each.status),
                "cite": names.folded(each),
            }
            for ref, each in _differing(found)[:MOST]
        ],
        more_differences=max(0, found.differing.n - MOST),
    )


def _data(found: office.Minute) -> Row:
    """The page as data: every count with what it rests on."""
    tallies = found.promised.tallies["commitments_by_state"], found.differing.tallies["by_status"]
    return {
        "on": found.met.on,
        "group": _last(found),
        "projects": {
            "total": found.projects.n,
            "by_stage": {each.code: each.rests for each in found.stood if each.stage},
            "without_stage_by_outcome": {each.code: each.rests for each in found.stood if not each.stage},
        },
        "commitments": tallies[0],
        "statements": {
            ref: {"lines": each.n, "led_to_an_agreement_or_a_sale": each.kept, **_rests(each)}
            for ref, each in found.promised.statements.items()
            if each.lines != reports.UNKNOWN
        },
        "differences": tallies[1],
        **bodies.branches(found.structure),
        "timeline": found.steps,
        "due": [
            {"record": each.row.ref, "kind": each.row.kind, "on": each.on, "late": each.late} for each in found.due
        ],
    }


def _rests(made: Any) -> Row:
    return {"sources": made.sources, "confidence": made.confidence}


def _links(found: office.Minute) -> set[str]:
    links = {each.record for each in found.steps} | {f"body:{ref}" for ref in found.structure.bodies}
    links |= {f"project:{ref}" for each in found.stood for ref in each.projects[:MOST]}
    links |= {f"difference:{ref}" for ref, _each in _differing(found)[:MOST]}
    links |= {f"instrument:{ref}" for ref in found.promised.statements}
    sources = {ref for each in _differing(found)[:MOST] for ref in each[1].sources}
    sources |= {ref for each in found.stood for ref in each.rests.sources}
    for part in (found.structure, found.stepped, found.projects, found.promised, found.differing):
        sources |= set(part.sources) if part else set()
    return links | {f"source:{ref}" for ref in sources} | (shown.mentioned(found.last) if found.last else set())


def _last(found: office.Minute) -> Row | None:
    if found.last is None:
        return None
    last = found.last.last
    return {
        "body": found.group,
        "meeting": last.meeting if last else None,
        "date": last.date if last else "unknown",
        "should_have_met_by": last.next_due_by if last else "unknown",
        "days_overdue": last.overdue_days if last else "unknown",
        **_rests(found.last),
    }


def _said(names: Names, found: office.Minute) -> Row | None:
    """When the Group last met and when it should have, each with what it rests on."""
    group = found.last
    if group is None or group.last is None:
        return None
    met, overdue = group.last.meeting, group.last.overdue_days
    return {
        "met": names.link(f"meeting:{met}", said=names.number(f"meeting:{met}")),
        "met_cite": names.rests(group.meetings[met]),
        "due": shown.when(group.last.next_due_by),
        "due_cite": names.rests(group.rule) if group.rule else None,
        "overdue": overdue if isinstance(overdue, int) and overdue > 0 else 0,
    }


def _stood(each: office.Stood) -> str:
    return stage_words(each.code) if each.stage else words.heading(each.code)


def _some(names: Names, links: list[str]) -> Any:
    """A few of many by name, and how many more there are."""
    more = len(links) - MOST
    said = [shown.anchor(names.link(each)) for each in links[:MOST]]
    return shown.joined([*said, *([words.many("%(num)s more", "%(num)s more", more)] if more > 0 else [])])


def _tree(names: Names, found: office.Minute, subject: str) -> Markup | None:
    """The bodies one under another, as a picture."""
    branches = bodies.branches(found.structure)

    def body(each: bodies.Branch) -> structure.Body:
        says = f"{words.heading(each.type)}, {words.word(each.state)}"
        below = tuple(body(one) for one in each.below)
        return structure.Body(figures.said(each.name), figures.said(says), _DRAWN.get(each.state, "unknown"), below)

    drawn = tuple(body(each) for each in (*branches["tree"], *branches["under_none"]))
    if not drawn:
        return None

    def refs(each: bodies.Branch) -> list[str]:
        return [each.ref, *(ref for one in each.below for ref in refs(one))]

    order = [ref for part in branches.values() for each in part for ref in refs(each)]
    data = structure.Structure(figures.said(subject), _day(found), drawn)
    return figures.figure(
        lambda width: structure.draw(data, figures.language(), width=width),
        figures.WIDE,
        _("Who meets, one under another"),
        [shown.anchor(names.link(f"body:{ref}")) for ref in order],
    )


def _steps(names: Names, found: office.Minute, subject: str) -> Markup | None:
    """What happened, year by year, as a picture; what cannot be placed in time stands on the list of events alone."""
    made = [
        (years.Step(figures.said(_called(each)), when, each.sort), names.link(each.record, _called(each)))
        for each in found.steps
        if (when := placed(each.date))
    ]
    if not made:
        return None
    made.sort(key=lambda each: years.key(each[0]))
    data = years.Years(figures.said(subject), _day(found), tuple(step for step, _link in made))
    return figures.figure(
        lambda width: years.draw(data, figures.language(), width=width),
        figures.WIDE,
        _("What happened, year by year"),
        [shown.anchor(link) for _step, link in made],
    )


def _called(step: office.Step) -> str:
    """What a step is called beside its date; a meeting by its number among those of its body."""
    if step.sort != "meeting":
        return step.name
    if step.number is None:
        return _("Meeting of %(body)s", body=step.name)
    return _("%(body)s, meeting %(number)s", body=step.name, number=words.grouped(step.number))


def _day(found: office.Minute) -> date:
    return date.fromisoformat(found.met.on or "")


def _counted(names: Names, made: Mapping[str, reports.Tally]) -> list[Row]:
    """Counts by a code, each with what it rests on."""
    return [{"said": words.heading(state), "n": each.n, "cite": names.folded(each)} for state, each in made.items()]


def _statements(names: Names, found: office.Minute) -> list[Row]:
    """Statements of Intent: how many lines each has, and how many led to an agreement or a sale."""
    made: list[Row] = []
    for ref, each in found.promised.statements.items():
        known = each.lines != reports.UNKNOWN
        made.append(
            {
                "statement": names.link(f"instrument:{ref}"),
                "lines": each.n if known else {"absent": "unknown", "note": _("list not published")},
                "kept": len(each.kept or ()) if known else {"absent": "unknown"},
                "cite": names.folded(each),
            }
        )
    return made


def _due_rests(names: Names, found: office.Minute, due: Any) -> Any:
    """On what it rests that something is due: the commitment's sources, those of a body's rule."""
    if due.row.kind == "commitment" and due.row.ref in found.promised.commitments:
        return names.folded(found.promised.commitments[due.row.ref])
    met = found.met.bodies.get(due.row.ref) if due.row.kind == "body" else None
    return names.folded(met) if met else shown.anchor(names.link_to(due.row))


def _differing(found: office.Minute) -> list[tuple[str, reports.Differing]]:
    return sorted(
        found.differing.differences.items(),
        key=lambda item: (_DECIDED.index(item[1].status) if item[1].status in _DECIDED else -1, item[1].subject),
    )


def verify(request: HttpRequest) -> HttpResponse:
    """How anyone checks a paper or a proof, without this office system."""
    return shown.show(request, "pages/about_verify.html", {}, Moment(), crumbs=_crumbs(_("How to verify a paper")))


def data(request: HttpRequest) -> HttpResponse:
    """The record as data: each kind with how many records of it this viewer sees, and the files it comes as."""
    moment = page.moment(request)
    counted = lookups.counts(page.node_of(request), page.viewer_of(request), moment.bound)
    kinds = [(kind.code, kind.face.address, counted.get(kind.code, 0)) for kind in placed_kinds()]
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
