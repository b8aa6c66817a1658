"""The project page: what it is for, whose turn it is, where it stands, statements, history. Success is beside it."""

from __future__ import annotations

from typing import Any, Final, TypedDict

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from markupsafe import escape
from msgspec import UNSET, UnsetType

from dtti.language.marking import N_
from dtti.language.names import facing
from dtti.office import gates
from dtti.office import projects as office
from dtti.office import release as exports
from dtti.office.asking import Stored
from dtti.office.standing import Standing
from dtti.web import labels
from dtti.web.page import answer, asked_by, record_url, url_of
from dtti.web.parts import Check, Pages, Row
from dtti.web.requests import PageRequest
from dtti.web.states import waits_for

from . import (
    acting,
    exits,
    figures,
    gate_rows,
    history,
    papers_row,
    project_story,
    release,
    remarks,
    stages,
    way_back,
    words,
    work_share,
)
from .acting import as_page
from .record import Found, all_beside, as_they_say, own_page
from .shown import Names, macro, side_name, text

_STAGES: Final = {
    "identify": N_("Identify"),
    "shape": N_("Shape"),
    "commit": N_("Commit"),
    "negotiate": N_("Negotiate"),
    "approve-and-sign": N_("Approve and sign"),
    "execute": N_("Execute"),
    "close": N_("Close"),
}


def stage_words(name: str) -> str:
    """A shown stage in words."""
    return _(_STAGES[name])


def _why(code: str) -> str:
    return {"offer": _("an offer to answer"), "request": _("the text asked for"), "": ""}[code]


class Source(msgspec.Struct, frozen=True):
    """A source, and its page."""

    ref: str
    url: str


class Cited(msgspec.Struct, frozen=True, kw_only=True):
    """On what something rests, as `cite()` takes it."""

    sources: list[Source]
    confidence: str | None


class CitedMembers(TypedDict):
    """The same, to be given to a line when it is made."""

    sources: list[Source]
    confidence: str | None


class Stage(msgspec.Struct, frozen=True):
    """One of the seven stages: done, now or next, and since when; of the one now, as `Reached` says it."""

    name: str
    state: str
    since: str
    last: str
    entered: str


class Definition(msgspec.Struct, frozen=True):
    """The success definition of a project, with the page of its work and its own."""

    row: office.Listed
    grade: str
    by: str
    number: int
    court: str
    content: Stored
    url: str
    page: str


class Statement(Cited, frozen=True):
    """What a source said of the project, on a day."""

    on: str
    what: str
    words: str
    note: str | None
    reason: str | None
    why: str


class Horizon(Cited, frozen=True):
    """A line of a Statement of Intent on which the project stands."""

    statement: str
    url: str | None
    horizon: str
    promised: str | None


class Named(msgspec.Struct, frozen=True):
    """A record by its title and address."""

    ref: str
    title: str
    url: str | None


class Pressing(msgspec.Struct, frozen=True):
    """What waits on the page's text or its success definition; `on` None: nothing."""

    on: str | None
    since: str | UnsetType = UNSET
    days: int | UnsetType = UNSET
    state: str | UnsetType = UNSET
    what: str | None = None
    detail: str | UnsetType | None = UNSET
    url: str | UnsetType = UNSET
    label: str | UnsetType = UNSET
    quiet: bool | UnsetType = UNSET


class Page(msgspec.Struct, frozen=True):
    """A project as its page shows it and JSON gives it."""

    record: str
    row: office.Listed
    content: Stored
    waiting: Pressing
    waiting_too: list[Pressing]
    stages: list[Stage]
    checklist: list[Check]
    definition: Definition | None
    standing: list[list[str]]
    stands: Standing | None
    statements: list[Statement]
    agreements: list[Named]
    court: list[Row]
    history: list[history.Deed]
    history_pages: Pages
    remarks: list[remarks.Remark]
    cite: Cited
    weak: list[str]
    release: exports.Release


def court_rows(spells: list[office.Spell]) -> list[Row]:
    """Whose court, as `court()` takes it."""
    return [msgspec.to_builtins(msgspec.structs.replace(each, why=_why(each.why))) for each in spells]


def _cited(cite: office.Cite | None) -> Cited:
    sources = [Source(ref, record_url("source", ref)) for ref in cite.sources] if cite else []
    return Cited(sources=sources, confidence=cite.confidence if cite else None)


def _rests(cite: office.Cite | None) -> CitedMembers:
    cited = _cited(cite)
    return {"sources": cited.sources, "confidence": cited.confidence}


def pressing_row(found: office.Pressing | None, mine: str) -> Pressing:
    """What waits on the text of the page's own record, or on a joint text that belongs to it."""
    if found is None:
        return Pressing(None)
    row, wait = found.row, found.wait
    named = {"project": _("the text of the project"), "success_definition": _("the success definition")}
    what = named.get(row.kind) or f"{labels.kind(row.kind)}: {row.title}"
    said = {"offer": _("to answer a text offered for %(what)s"), "request": _("to hand over %(what)s")}
    return Pressing(
        wait.on,
        wait.since,
        wait.days,
        wait.why,
        said[wait.why] % {"what": what} if wait.why in said else f"{what}: {waits_for(wait, row, mine)}",
        _("What was agreed stays as it is until then.") if row.grade == "agreed_here" else None,
        reverse("work", args=[row.code]),
        _("Compare and answer") if found.to_answer else _("Open the text"),
        quiet=not found.ours,
    )


def _definition(found: office.Definition | None) -> Definition | None:
    if found is None:
        return None
    row, work = found.row, reverse("work", args=[found.row.code])
    return Definition(row, row.grade, row.stated_by, row.number, row.court, found.content, work, url_of(row))


@own_page("project")
def project(request: HttpRequest, found: Found) -> HttpResponse:
    """A project."""
    page, row, content = as_page(request), found.row, found.content
    assert isinstance(content, office.Project)  # noqa: S101 - the registry hands this view projects alone
    asking = asked_by(request, found.moment)
    one = office.project(asking, row, content)
    asked = gates.on_page(asking, row, content)
    shared = exports.of_project(asking, content)
    names = Names.of(request, found.moment).learn([*one.links, *asked.links, *shared.links])
    mine, other = page.node.side, facing(page.node.side)
    done = history.on_record(request, row.record, found.moment.bound)
    onward = _onward(page, row, asked)
    stands, stood = exits.shown(page, found)
    shown = Page(
        row.record,
        row,
        found.stored,
        pressing_row(next(iter(one.waiting), None), mine),
        [pressing_row(each, mine) for each in one.waiting[1:]],
        [Stage(stage_words(each.name), each.state, each.since, each.last, each.entered) for each in one.stages],
        gate_rows.pressing(asked, names, onward),
        _definition(one.definition),
        [[side, notice] for side, notice in row.notices],
        stands,
        [
            Statement(
                each.on,
                each.status,
                words.word(each.status),
                each.note,
                each.reason,
                words.word(each.reason) if each.reason else "",
                **_rests(each.cite),
            )
            for each in one.statements
        ],
        [_named(names, "instrument", ref) for ref in one.agreements],
        court_rows(one.court),
        done.history,
        done.history_pages,
        remarks.on_record(request, row.record, found.moment.bound),
        _cited(content.cite),
        [labels.field(name) for name in one.weak],
        shared,
    )
    beside = all_beside(request, found)
    lack = project_story.lacking(asked) if row.side != "PUB" else None
    return answer(
        request,
        "project/project.html",
        {**msgspec.structs.asdict(shown), **beside.data, **({"next_stage": lack} if row.side != "PUB" else {})},
        **beside.shown,
        lack_words=project_story.lack_words(lack) if lack else "",
        back=way_back.crumb(request, "projects", _("Projects"), found.moment.query),
        court_chart=figures.court(
            content.name,
            shown.court,
            mine,
            _("For the text of the project alone. A side is in court only while an offer or a request waits on it."),
        ),
        project=content,
        stood=stood,
        exports=release.section(page, names, shared, content.ref, begins=row.side != "PUB"),
        strip=[
            {"name": stage_words(each.name), "state": each.state, "note": _note(each) if each.since else None}
            for each in one.stages
        ],
        word=words.word,
        citation=shown.cite,
        sides=[_side(content, side) for side in (mine, other)],
        mine=mine,
        other=other,
        body=names.link(f"body:{content.body}") if content.body else None,
        papers_row=papers_row.row(request, row, content, found.moment, ()),
        published=row.side == "PUB",
        whole_checklist=reverse("project-checklist", args=[row.code]) + found.moment.query,
        shares=work_share.shares(names, content),
        as_they_say=as_they_say(request, row),
        work=reverse("work", args=[row.code]),
        needs=[_named(names, "need", ref) for ref in content.needs],
        horizons=[
            Horizon(
                names.line(f"instrument:{each.statement}"),
                names.url(f"instrument:{each.statement}"),
                each.horizon,
                each.promised,
                **_rests(each.cite),
            )
            for each in one.horizons
        ],
        kind_words=labels.kind("project"),
        can_work=bool(page.viewer.person) and row.side != "PUB",
        onward={
            "label": _("Enter the next stage: %(stage)s") % {"stage": words.heading(_next(asked, stood))},
            "url": onward,
        }
        if onward
        else None,
        start_progress=f"{reverse('start', args=['progress'])}?project={content.ref}"
        if page.viewer.person and row.side != "PUB" and acting.may(page, "write_draft:propose", "progress")
        else None,
        start_definition=reverse("start", args=["success"]) + f"?project={content.ref}"
        if page.viewer.person and one.definition is None and row.side != "PUB"
        else None,
    )


def _note(stage: office.Reached) -> Any:
    """Since when a stage of the seven; of the one reached now, the stage of the procedure entered last in it."""
    if not stage.last:
        return macro("value", "when", stage.since)
    said = {"stage": words.heading(stage.last), "date": macro("value", "when", stage.entered)}
    return escape(_("%(stage)s since %(date)s")) % said


def _next(asked: gates.Gates, stood: exits.Shown) -> str:
    """The stage that the form enters: of a project whose closure both agreed, that of closing."""
    behind = gates.SPINE.index(asked.stage) if asked.stage else -1
    early = stood.closed and behind < gates.SPINE.index("closing") - 1
    return "closing" if early else str(asked.next)


def _onward(page: PageRequest, row: office.Listed, asked: gates.Gates) -> str:
    """The address of the form that enters the next stage, for who may draft it now; empty for others."""
    if asked.next is None or not page.viewer.person or not stages.may_enter(page, row):
        return ""
    return reverse("project_stage", args=[row.code])


def _named(names: Names, kind: str, ref: str) -> Named:
    """A record by its title and address."""
    return Named(ref, names.line(f"{kind}:{ref}"), names.url(f"{kind}:{ref}"))


class Side(msgspec.Struct, frozen=True):
    """What the record says of one side, as `standing()` takes it."""

    side: str
    title: str
    rows: list[Check]


def _side(content: office.Project, side: str) -> Side:
    """What the record says of one side: sponsor, path into service. National steps are that side's to release."""
    rows = [
        Check(escape(_("Sponsor: %(who)s")) % {"who": text(each.organisation)}, "met")
        for each in content.sponsors
        if each.side == side
    ] or [Check(_("Sponsor"), "open", who=side)]
    rows += [
        Check(_("Path into service"), "met", note=each.path) for each in content.transitions if each.side == side
    ] or [Check(_("Path into service"), "open", who=side)]
    return Side(side, side_name(side), rows)


PATTERNS: list[URLPattern] = []
