"""The project page: what it is for, whose turn it is, where it stands, success, statements, history."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from markupsafe import escape

from dtti.accord.fold import View
from dtti.accord.grade import courts
from dtti.node.core import standing
from dtti.node.record import lookups, read
from dtti.node.record.clock import At
from dtti.programme.kinds.project import SHOWN_STAGES, Project, Stage
from dtti.programme.kinds.success_definition import SuccessDefinition
from dtti.web import labels
from dtti.web.page import answer, record_url, url_of
from dtti.web.requests import PageRequest
from dtti.web.states import state_of

from . import figures, history, remarks, words
from .acting import as_page
from .record import Found, as_they_say, own_page
from .shown import Names, macro, side_name, text

#: The spine in order: from the stage reached, which shown stage a project is in.
_SPINE: tuple[Stage, ...] = (
    "proposed", "screened", "exploring", "endorsed", "listed", "authorised", "negotiating", "text-agreed", "cleared",
    "signed", "in-effect", "executing", "closing", "closed",
)  # fmt: skip


def stage_words(name: str) -> str:
    """A shown stage in words."""
    return {
        "identify": _("Identify"),
        "shape": _("Shape"),
        "commit": _("Commit"),
        "negotiate": _("Negotiate"),
        "approve-and-sign": _("Approve and sign"),
        "execute": _("Execute"),
        "close": _("Close"),
    }[name]


def shown_stage(stage: str) -> int:
    """Which of the seven stages a stage of the spine belongs to, from 0; -1 where none was entered."""
    if not stage:
        return -1
    place = _SPINE.index(stage)
    return max(number for number, (_name, first) in enumerate(SHOWN_STAGES) if _SPINE.index(first) <= place)


def strip(content: Project, on: date | None) -> list[dict[str, Any]]:
    """The stage strip; a project without recorded stages has none done and none now, and says so."""
    entered = [each for each in content.stages if on is None or (each.entered.earliest and each.entered.earliest <= on)]
    now = shown_stage(entered[-1].stage if entered else "")
    items = []
    for number, (name, _first) in enumerate(SHOWN_STAGES):
        state = "done" if number < now else "now" if number == now else "next"
        since = next((str(each.entered) for each in entered if shown_stage(each.stage) == number), "")
        items.append({"name": stage_words(name), "state": state, "since": since})
    return items


def _checklist(
    page: PageRequest, found: Found, content: Project, definition: dict[str, Any] | None
) -> list[dict[str, Any]]:
    """What the next stages ask for, and what of it the record holds. Nothing is guessed."""
    node = page.node
    rows: list[dict[str, Any]] = [
        {
            "text": _("Sponsor on both sides"),
            "state": "met" if {each.side for each in content.sponsors} >= {"IND", "USA"} else "open",
            "who": next(
                (side for side in ("IND", "USA") if side not in {each.side for each in content.sponsors}), None
            ),
        },
        {
            "text": _("Path into service on both sides"),
            "state": "met" if {each.side for each in content.transitions} >= {"IND", "USA"} else "open",
            "who": next(
                (side for side in ("IND", "USA") if side not in {each.side for each in content.transitions}), None
            ),
        },
        {
            "text": _("Success definition agreed"),
            "state": "met" if definition and definition["grade"] in ("agreed_here", "on_paper") else "open",
            "grade": definition["grade"] if definition else None,
            "url": definition["url"] if definition else None,
            "who": definition["court"] if definition else None,
        },
        {
            "text": _("On a Statement of Intent"),
            "state": "met" if content.horizons or _listed(page, content.ref, found.moment.bound) else "open",
        },
        {"text": _("An agreement"), "state": "met" if content.agreements else "open"},
    ]
    named = lookups.named(node, page.viewer, [f"instrument:{each}" for each in content.enablers], found.moment.bound)
    for enabler in content.enablers:
        held = named.get(f"instrument:{enabler}")
        rows.append({"text": enabler, "state": "met" if held else "open", "url": url_of(held) if held else None})
    return rows


def _listed(page: PageRequest, ref: str, at: At) -> list[str]:
    """The instruments on whose list a project stands."""
    records = read.records(page.node, page.viewer, at)
    versions = records.of("instrument")
    return [each.content.ref for each in versions if any(line.project == ref for line in each.content.lines)]


def _definition(page: PageRequest, found: Found, content: Project) -> dict[str, Any] | None:
    """The success definition of the project: by its own link, or the one that names the project."""
    node, viewer, known = page.node, page.viewer, found.moment.bound
    link = f"success_definition:{content.success_definition}"
    named = lookups.named(node, viewer, [link], known).get(link) if content.success_definition else None
    record = named.record if named else None
    if record is None:
        rows = read.listing(
            node, viewer, "success_definition", filters={"project": content.ref}, count=50, known=known
        ).rows
        first = max(rows, key=lambda row: standing.speaks(row.grade, row.side, row.stated_by, node.side), default=None)
        record = first.record if first else None
    state = read.state(node, viewer, record, known) if record else None
    if state is None:
        return None
    row, stored = state
    return {
        "row": row,
        "grade": row.grade,
        "by": row.stated_by,
        "number": row.number,
        "court": row.court,
        "content": stored,
        "url": reverse("work", args=[row.code]),
        "page": url_of(row),
    }


def spells(view: View, end: datetime | None = None) -> list[dict[str, Any]]:
    """Whose court from the first act to now, flattened: each day belongs to one side or to no one."""
    end = end or datetime.now(UTC)
    cuts = [
        (datetime.fromisoformat(each.since), datetime.fromisoformat(each.until) if each.until else end, each)
        for each in courts(view)
    ]
    starts = [cut[0] for cut in cuts] + [datetime.fromisoformat(text.time) for text in view.texts]
    starts += [datetime.fromisoformat(offer.opened) for offer in view.offers]
    if not starts:
        return []
    edges = sorted({min(starts), end, *(one for cut in cuts for one in cut[:2])})
    made: list[dict[str, Any]] = []
    for left, right in pairwise(edges):
        running = [cut[2] for cut in cuts if cut[0] <= left and cut[1] >= right]
        chosen = min(running, key=lambda one: one.why != "offer", default=None)
        side, why = (chosen.side, chosen.why) if chosen else (None, "")
        days = (right - left).days
        if made and made[-1]["side"] == side:
            made[-1]["days"] += days
            made[-1]["to"] = right.date().isoformat()
        elif days or chosen:
            made.append(
                {
                    "side": side,
                    "from": left.date().isoformat(),
                    "to": right.date().isoformat(),
                    "days": days,
                    "why": _why(why),
                }
            )
    return made


def _why(code: str) -> str:
    return {"offer": _("an offer to answer"), "request": _("the text asked for"), "": ""}[code]


def _cited(cite: Any) -> dict[str, Any]:
    if cite is None:
        return {"sources": [], "confidence": None}
    return {
        "sources": [{"ref": ref, "url": record_url("source", ref)} for ref in cite.sources],
        "confidence": cite.confidence,
    }


def _waiting(page: PageRequest, found: Found, definition: dict[str, Any] | None) -> dict[str, Any]:
    """The most pressing thing that waits: on the text of the page's own record, or on its success definition."""
    mine = page.node.side
    own = _("the text of the project") if found.row.kind == "project" else _("the success definition")
    candidates = [(found.row, own)]
    if definition:
        candidates.append((definition["row"], _("the success definition")))
    waiting = [(state, row, what) for row, what in candidates if (state := state_of(row, mine, found.moment.instant))]
    if not waiting:
        return {"on": None, "what": None}
    state, row, what = min(waiting, key=lambda each: (each[0]["why"] == "answered", each[0]["since"]))
    said = {"offer": _("to answer a text offered for %(what)s"), "request": _("to hand over %(what)s")}
    answered = f"{what}: {state['words']}"
    words_of = said[state["why"]] % {"what": what} if state["why"] in said else answered
    return {
        "on": state["on"],
        "since": state["since"],
        "days": state["days"],
        "state": state["why"],
        "what": words_of,
        "detail": _("What was agreed stays as it is until then.") if row.grade == "agreed_here" else None,
        "url": reverse("work", args=[row.code]),
        "label": _("Compare and answer") if row.court == mine and row.court_why == "offer" else _("Open the text"),
        "quiet": row.court != mine,
    }


def view_at(page: PageRequest, found: Found) -> View:
    """The acts on a record up to the time that its page asks about."""
    return page.node.book.record(found.row.record, known=found.moment.bound.acts or None).whole


@own_page("project")
def project(request: HttpRequest, found: Found) -> HttpResponse:
    """A project."""
    page = as_page(request)
    content = found.content
    assert isinstance(content, Project)  # noqa: S101 - the registry hands this view projects alone
    row, node = found.row, page.node
    definition = _definition(page, found, content)
    view = view_at(page, found)
    told = {*content.agreements, *(each.statement for each in content.horizons)}
    listed = [ref for ref in _listed(page, content.ref, found.moment.bound) if ref not in told]
    names = Names.of(request, found.moment).learn([*_links(content), *(f"instrument:{ref}" for ref in listed)])
    mine, other = node.side, "USA" if node.side == "IND" else "IND"
    court = spells(view, found.moment.instant) if row.label != "public" else []
    return answer(
        request,
        "project/project.html",
        {
            "record": row.record,
            "row": row,
            "content": found.stored,
            "waiting": _waiting(page, found, definition),
            "stages": strip(content, found.moment.day),
            "checklist": _checklist(page, found, content, definition),
            "definition": definition,
            "standing": [side.split(":") for side in row.standing.split(",") if side],
            "statements": [
                {
                    "on": str(each.date),
                    "what": each.status,
                    "words": words.word(each.status),
                    "note": each.note,
                    "reason": each.reason_code,
                    "why": words.word(each.reason_code) if each.reason_code else "",
                    **_cited(each.cite or content.cite),
                }
                for each in content.statements
            ],
            "agreements": [_named(names, "instrument", ref) for ref in (*content.agreements, *listed)],
            "court": court,
            **history.on_record(request, row.record, found.moment.bound),
            "remarks": remarks.on_record(request, row.record, found.moment.bound),
            "cite": _cited(content.cite),
            "weak": [labels.field(name) for name in (*_weak(content),)],
        },
        court_chart=figures.court(
            content.name,
            court,
            mine,
            _("For the text of the project alone. A side is in court only while an offer or a request waits on it."),
        ),
        project=content,
        strip=[
            {**each, "note": macro("value", "when", each["since"]) if each["since"] else None}
            for each in strip(content, found.moment.day)
        ],
        word=words.word,
        checklist_rows=_checklist(page, found, content, definition),
        citation=_cited(content.cite),
        sides=[_side(content, side) for side in (mine, other)],
        mine=mine,
        other=other,
        body=names.link(f"body:{content.body}") if content.body else None,
        published=row.side == "PUB",
        as_they_say=as_they_say(request, row),
        work=reverse("work", args=[row.code]),
        needs=[_named(names, "need", ref) for ref in content.needs],
        horizons=[
            {
                "statement": names.line(f"instrument:{each.statement}"),
                "url": names.url(f"instrument:{each.statement}"),
                "horizon": each.horizon,
                "promised": str(each.promised) if each.promised else None,
                **_cited(each.cite or content.cite),
            }
            for each in content.horizons
        ],
        kind_words=labels.kind("project"),
        can_work=bool(page.viewer.person) and row.side != "PUB",
        start_definition=reverse("start", args=["success"]) + f"?project={content.ref}"
        if page.viewer.person and definition is None and row.side != "PUB"
        else None,
    )


def _links(content: Project) -> list[str]:
    """The records that the page names."""
    found = [f"instrument:{ref}" for ref in (*content.agreements, *content.enablers)]
    found += [f"instrument:{each.statement}" for each in content.horizons]
    found += [f"need:{ref}" for ref in content.needs]
    found += [f"body:{content.body}"] if content.body else []
    cites = [content.cite, *(each.cite for each in content.statements), *(each.cite for each in content.horizons)]
    return found + [f"source:{ref}" for cite in cites if cite for ref in cite.sources]


def _named(names: Names, kind: str, ref: str) -> dict[str, Any]:
    """A record by its title and address."""
    return {"ref": ref, "title": names.line(f"{kind}:{ref}"), "url": names.url(f"{kind}:{ref}")}


def _weak(content: Project) -> tuple[str, ...]:
    cite = content.cite
    return (*(cite.inferred or ()), *(cite.unverified or ())) if cite else ()


def _side(content: Project, side: str) -> dict[str, Any]:
    """What the record says of one side: sponsor, path into service. National steps are that side's to release."""
    rows = [
        {"text": escape(_("Sponsor: %(who)s")) % {"who": text(each.organisation)}, "state": "met"}
        for each in content.sponsors
        if each.side == side
    ] or [{"text": _("Sponsor"), "state": "open", "who": side}]
    rows += [
        {"text": _("Path into service"), "note": each.path, "state": "met"}
        for each in content.transitions
        if each.side == side
    ] or [{"text": _("Path into service"), "state": "open", "who": side}]
    return {"side": side, "title": side_name(side), "rows": rows}


@own_page("success_definition")
def success(request: HttpRequest, found: Found) -> HttpResponse:
    """A success definition."""
    page = as_page(request)
    content = found.content
    assert isinstance(content, SuccessDefinition)  # noqa: S101 - the registry hands this view success definitions alone
    row = found.row
    view = view_at(page, found)
    names = Names.of(request, found.moment).learn(
        [f"project:{content.project}", *(f"office:{each.office}" for each in content.assessors)]
    )
    court = spells(view, found.moment.instant)
    return answer(
        request,
        "project/success.html",
        {
            "row": row,
            "content": found.stored,
            **history.on_record(request, row.record, found.moment.bound),
            "remarks": remarks.on_record(request, row.record, found.moment.bound),
            "court": court,
            "versions": [
                {"number": text.number, "time": text.time, "act": text.act, "url": reverse("entry", args=[text.act])}
                for text in view.texts
                if text.number
            ],
        },
        court_chart=figures.court(
            names.title(f"project:{content.project}"),
            court,
            page.node.side,
            _("A side is in court only while an offer or a request waits on it."),
        ),
        definition=content,
        end_users=[{"name": side_name(each.side), "value": text(each.user)} for each in content.end_users],
        assessors=[
            {
                "name": side_name(each.side),
                "value": names.link(f"office:{each.office}"),
            }
            for each in content.assessors
        ],
        project=names.title(f"project:{content.project}"),
        project_url=names.url(f"project:{content.project}"),
        work=reverse("work", args=[row.code]),
        waiting=_waiting(page, found, None),
        can_work=bool(page.viewer.person) and row.side != "PUB",
        kind_words=labels.kind("success_definition"),
    )


PATTERNS: list[URLPattern] = []
