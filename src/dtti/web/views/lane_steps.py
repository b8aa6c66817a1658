"""Recording a step of this side's own procedure: one short form, kept as a draft, confirmed like every statement."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from dtti.ledger.store import NATIONAL
from dtti.node.core.draft import new_record
from dtti.node.people import models
from dtti.node.record import read
from dtti.office import drafts, lane_steps
from dtti.office.asking import Stored
from dtti.web import typed
from dtti.web.forms import choices as named
from dtti.web.forms import days, faults
from dtti.web.forms.choices import Choices
from dtti.web.forms.faults import Fault
from dtti.web.page import Moment, answer, not_here, number, route
from dtti.web.parts import Option

from . import acting, drafting, record, shown, versions, words
from .acting import as_page

KIND: Final = lane_steps.KIND
_BEGIN: Final = "dtti national step"
_DATES: Final = ("started", "done", "expected", "until")
_TEXTS: Final = ("not_needed", "text", "file_number")
_AWAITS: Final = ("awaits", "awaits_too")


def begin(request: HttpRequest) -> HttpResponse:
    """Choose the project of which a step is recorded, found by its words: a step is of one, and of a procedure."""
    page = as_page(request)
    if not page.viewer.person:
        raise not_here(_("form"))
    acting.ask(page, "write_draft:state", KIND)
    said = request.GET.get("q", "").strip()[:200]
    rows = lane_steps.projects(acting.asking(page), said)
    start = (number(request, "page", 1, most=20_000) - 1) * read.PAGE
    here = rows[start : start + read.PAGE]
    names = shown.Names.of(request, Moment()).learn_for(here)
    return answer(
        request,
        "work/lane_step_begin.html",
        {"q": said, "total": len(rows), "rows": here},
        found=[
            {
                "text": names.link_to(row),
                "way": {"text": _("Record a step"), "url": reverse("lane_step", args=[row.code])},
            }
            for row in here
        ],
        pages=shown.rows_page(request, len(rows), start, read.PAGE, len(here)),
    )


def of_project(request: HttpRequest, name: str) -> HttpResponse:
    """Record a step on a project: which step is chosen first, where the address does not say."""
    page = as_page(request)
    if not page.viewer.person:
        raise not_here(_("form"))
    acting.ask(page, "write_draft:state", KIND)
    found = record.find(request, "projects", name)
    if found.row.side == "PUB" or not found.row.ref:
        raise not_here(_("project"))
    asking = acting.asking(page)
    offered = lane_steps.offered(asking, found.row.ref)
    wanted = request.POST.get("step", "") or request.GET.get("step", "")
    one = next((each for each in offered if each.key == wanted), None)
    if one is not None and one.record:
        return HttpResponseRedirect(reverse("step-draft", args=[one.record]))
    if one is None:
        return _choose(request, found.row, offered, sent=request.method == "POST" or bool(wanted))
    office, code = page.seat.office if page.seat else "", ""
    if begin := request.POST.get("begin", ""):
        try:
            code = signing.loads(begin[:400], salt=_BEGIN)
        except signing.BadSignature:
            code = ""
    code = code or new_record(KIND, page.node.side)
    held = models.Draft.objects.filter(office=office, record=code, purpose="state").first()
    held = held or models.Draft(
        office=office, record=code, purpose="state", content=lane_steps.begun(asking, found.row.ref, one)
    )
    return _form(request, held, None)


def draft(request: HttpRequest, name: str) -> HttpResponse:
    """Go on with a step that was begun, or state one again that stands."""
    page = as_page(request)
    doing = "read_draft" if request.method in ("GET", "HEAD") else "write_draft"
    acting.ask(page, f"{doing}:state", KIND)
    held, work = drafting.draft_of(page, name, "state", doing, KIND)
    return _form(request, held, work)


def _choose(request: HttpRequest, row: Any, offered: list[lane_steps.Offered], *, sent: bool) -> HttpResponse:
    page = as_page(request)
    errors = [{"field": "step", "reason": _("Choose a step."), "remedy": ""}] if sent else []
    return answer(
        request,
        "work/lane_step_choose.html",
        {"steps": offered, "errors": errors},
        status=422 if errors else 200,
        title=_("Record a national step"),
        called=acting.titled(page, row).title,
        back=reverse("record", args=["projects", row.code]),
        errors=errors,
        options=[
            named.Option(each.key, _("%(step)s (recorded)") % {"step": _(each.words)} if each.record else _(each.words),
                         _(each.title))
            for each in offered
        ],
    )  # fmt: skip


def _form(request: HttpRequest, held: models.Draft, work: acting.Work | None) -> HttpResponse:
    page, choices, errors = as_page(request), Choices(request), list[Fault]()
    content, kept = held.content, held.particulars.get("kept", "") or "yes"
    conflict: versions.Other | None = None
    version = held.version if held.pk else 0
    if request.method == "POST" and request.POST.get("discard"):
        if held.pk:
            versions.discard(request, held, drafting.person_of(page))
        typed.settled(request)
        return HttpResponseRedirect(_project(content))
    if request.method == "POST" or getattr(page, "typed", None):
        content, unread = _given(request, held.content, choices)
        kept, version = request.POST.get("kept", "").strip() or kept, versions.shown_version(request)
        if request.method == "POST":
            errors = [*unread, *_errors(page, held, work, content, choices, {each.field for each in unread})]
            if not work and kept not in {each.value for each in _readers(page)}:
                errors.append(Fault("kept", _("It does not say who may read it."), _("Choose one.")))
        if request.method == "POST" and not errors:
            held.content = lane_steps.whole(content)
            held.particulars = {**held.particulars, "kept": kept}
            try:
                versions.keep(request, held, drafting.person_of(page))
            except versions.Stale as stale:
                conflict, held, version = versions.beside(stale), stale.mine, stale.now.version
                content = held.content
            else:
                typed.settled(request)
                return HttpResponseRedirect(reverse("check_draft", args=[held.record.rsplit("/", 1)[1], "state"]))
    return _shown(request, held, work, content, kept, version, errors, conflict, choices)


def _shown(
    request: HttpRequest,
    held: models.Draft,
    work: acting.Work | None,
    content: Stored,
    kept: str,
    version: int,
    errors: list[Fault],
    conflict: versions.Other | None,
    choices: Choices,
) -> HttpResponse:
    page, language = as_page(request), words.language()
    choices.learn([f"project:{content['project']}"])
    rule = lane_steps.step_named(content["step"])
    said = [_typed_again(each) for each in errors]
    return answer(
        request,
        "work/lane_step.html",
        {"step": content["step"], "rules": content["rules"], "errors": said},
        status=409 if conflict else 422 if errors else 200,
        conflict=conflict,
        version=version,
        title=_("Record a national step"),
        step=words.heading(content["step"]),
        rules=words.word(content["rules"]),
        acts=_(rule.office) if rule else "",
        called=choices.label(f"project:{content['project']}"),
        back=_project(content),
        errors=said,
        begin="" if held.pk or work else signing.dumps(held.record, salt=_BEGIN),
        key=f"{content['rules']}:{content['step']}",
        draft=held,
        given={each: days.said(str(content[each]), language) if content.get(each) else "" for each in _DATES}
        | {each: content.get(each, "") for each in (*_TEXTS, "office")},
        silent=bool(content.get("silent")),
        offices=choices.listed("office", page.node.side) or [],
        awaited=_awaited(content),
        steps=_steps(content),
        reasons=[Option(each, words.heading(each)) for each in lane_steps.DELAYS],
        delays=[each.get("reason") for each in content.get("delays", ())],
        readers=_readers(page) if not work else [],
        kept=kept,
    )


def _project(content: Stored) -> str:
    return reverse("record", args=["projects", content["project"]]) + "#lanes"


def _readers(page: Any) -> list[Option]:
    """Who may read it: this side alone, or a group of it. The other side is told by a release and by nothing else."""
    return [Option("yes", _("Our side alone, until a disclosure officer releases it")), *acting.kept_choices(page)]


def _given(request: HttpRequest, before: Stored, choices: Choices) -> tuple[Stored, list[Fault]]:
    """What was typed, as it is stored, and what of it cannot be read as a day."""
    posted, unread = request.POST, list[Fault]()
    given: Stored = {each: posted.get(each, "").replace("\r\n", "\n").strip() for each in _TEXTS}
    for each in _DATES:
        said = posted.get(f"{each}__reading", "").strip()[:40] or posted.get(each, "").strip()[:200]
        read = days.read(said) if said else days.Read()
        given[each] = read.stored or said
        if said and not read.stored:
            readings = [{"value": one, "label": days.said(one, words.language())} for one in read.readings]
            unread.append(Fault(each, read.why, _("As 18 Nov 2026."), readings=readings))
    given["office"] = choices.resolve("office", posted.get("office", "").strip()[:200], before["side"])
    given["silent"] = bool(posted.get("silent"))
    chosen = [posted.get(each, "").partition(":") for each in _AWAITS]
    given["awaits"] = [{"side": side, "step": step} for side, _colon, step in chosen if side and step]
    given["delays"] = _delays(before, posted.getlist("delays"))
    return lane_steps.stated(before, given), unread


def _delays(before: Stored, chosen: list[str]) -> list[Stored]:
    """The reasons chosen; one that stood already keeps its day and its note."""
    held = {each.get("reason"): dict(each) for each in before.get("delays", ())}
    return [held.get(each, {"reason": each}) for each in lane_steps.DELAYS if each in chosen]


def _errors(
    page: Any, held: models.Draft, work: acting.Work | None, content: Stored, choices: Choices, unread: set[str]
) -> list[Fault]:
    """All that is wrong with it, each at its field of the form; days that cannot be read were said already."""
    sound = {name: value for name, value in content.items() if name not in unread}
    found = faults.judged(KIND, sound, choices)
    if not found:
        group = drafting.group_of(page, held, work) if work else ""
        rules = drafts.against(
            acting.asking(page), held.record, lane_steps.whole(sound), "own", ledger=NATIONAL, group=group
        )
        found = [faults.of_rule(each, KIND, sound, choices) for each in rules]
        if unread:  # that it says nothing yet may only be because a day cannot be read
            found = [each for each in found if each.rule != "step-said" and each.rule != "step-done"]
    return [msgspec.structs.replace(each, field=_field(each.field)) for each in found]


def _field(name: str) -> str:
    """The field of this form at which a fault of the content is said."""
    root, _at, rest = name.partition("__")
    if root == "awaits":
        return _AWAITS[1] if rest.startswith("1") else _AWAITS[0]
    return root if root in (*_DATES, *_TEXTS, "office", "silent", "delays") else ""


def _typed_again(fault: Fault) -> dict[str, object]:
    return {"field": fault.field, "reason": fault.reason, "remedy": fault.remedy, "readings": fault.readings}


def _awaited(content: Stored) -> list[str]:
    """The two steps that the form says it waits for; empty where it waits for none."""
    held = [f"{each.get('side')}:{each.get('step')}" for each in content.get("awaits", ())][: len(_AWAITS)]
    return [*held, *[""] * (len(_AWAITS) - len(held))]


def _steps(content: Stored) -> list[named.Option]:
    """Every other step of both sides, own side first, by what each is called."""
    made: dict[str, named.Option] = {}
    for side in sorted(("IND", "USA"), key=lambda each: each != content["side"]):
        for one in lane_steps.of_side(side):
            for name, step in one.steps.items():
                if name != content["step"]:
                    group = f"{shown.side_name(side)}: {_(one.about.title)}"
                    made.setdefault(f"{side}:{name}", named.Option(f"{side}:{name}", _(step.words), group))
    return list(made.values())


def form_of(code: str, step: str, rules: str) -> str:
    """The address of the form that records a step of a project."""
    return reverse("lane_step", args=[code]) + "?" + urlencode({"step": f"{rules}:{step}"})


PATTERNS: Final[list[URLPattern]] = [
    *route("national-steps/record/", begin, "step-new"),
    *route("projects/<slug:name>/national-step/", of_project, "lane_step"),
    *route("national-steps/draft/<slug:name>/", draft, "step-draft"),
]
