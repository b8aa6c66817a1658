"""Filling in: the form of a text, kept for the office while one types, and records found for it by name. No rule.

Everything works without scripts: rows are added, moved and taken out, and names found, by buttons of the one form.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dtti.accord.refusal import Refused, refuse
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.people import models
from dtti.node.record import read
from dtti.office import drafts, suggesting
from dtti.office.asking import Stored
from dtti.programme import reference, walk
from dtti.programme.kinds import KINDS
from dtti.web import labels, typed
from dtti.web.forms import asked, days, faults, particulars, putting, taken
from dtti.web.forms.choices import Choices, kinds_words
from dtti.web.forms.faults import Fault
from dtti.web.page import answer, group_name, node_of, not_here, route
from dtti.web.states import side_name

from . import acting, beside_text, versions, words
from .acting import as_page
from .drafting import draft_of, group_of, is_national, may_show, person_of
from .work import head


def draft(request: HttpRequest, name: str, purpose: str) -> HttpResponse:
    """The form of a text: private to the office, kept while one types, sent to nobody. Reading it keeps nothing."""
    page = as_page(request)
    held, work = draft_of(page, name, purpose, "read_draft" if request.method in ("GET", "HEAD") else "write_draft")
    if (held.pk or work) and (form := KINDS[held.kind].face.form):
        return HttpResponseRedirect(reverse(form, args=[name]))
    label = work.row.label if work else ""
    only = _task(request, held)
    choices = _choices(request, work)
    found: list[Fault] = []
    conflict: versions.Other | None = None
    shown_at = held.version if held.pk else 0
    others = versions.others(held)
    if getattr(page, "typed", None):
        _typed(page, held, choices, only)
        shown_at = versions.shown_version(request)
    elif request.method != "POST":
        versions.take(request, held)
    if request.method == "POST":
        show = bool(request.POST.get("show"))
        if show:
            may_show(page, held, label)
        try:
            _typed(page, held, choices, only)
            _use(page, held, request.POST.get("use", ""))
            if request.POST.get("discard"):
                versions.discard(request, held, person_of(page))
                typed.settled(request)
                return HttpResponseRedirect(reverse("work", args=[name]) if work else reverse("desk"))
            content, found = _judged(page, held, work, choices, show=show)
            versions.keep(request, held, person_of(page))
        except versions.Stale as stale:
            conflict, held, shown_at = versions.beside(stale), stale.mine, stale.now.version
            content, found = _judged(page, held, work, choices, show=False)
        else:
            typed.settled(request)
            shown_at = held.version
            if onward := _onward(request, name, purpose, held):
                return HttpResponseRedirect(onward)
        if content is not None and not found and not conflict:
            return HttpResponseRedirect(
                reverse("show_draft", args=[name]) if show else reverse("check_draft", args=[name, purpose])
            )
    begin = request.GET.get("begin", "") if not held.pk else ""
    _learn(choices, held)
    added = [each[:200] for each in request.GET.getlist("add")]
    questions, more = asked.questions(held.kind, held.content, choices, page.node.side, found, added, only)
    offered = _suggested(page, held)
    _suggest(offered, questions, choices)
    errors = [_said(page, each) for each in found]
    return answer(
        request,
        "work/draft.html",
        {"kind": held.kind, "purpose": purpose, "record": held.record, "errors": errors, "stale": bool(conflict)},
        status=409 if conflict else 200,
        conflict=conflict,
        version=shown_at,
        others=others,
        questions=_with_ways(page, questions),
        more=_with_ways(page, more),
        suggests_after="body" if suggesting.asks(held.kind) and not offered else "",
        last_day=_last_day(page, held),
        more_open=any(one.errors or one.name in added for each in more for one in each.every()),
        draft=held,
        particulars=particulars.shown(held.particulars),
        both_days=particulars.both_days(held.particulars.get("until", "")),
        work=work,
        head=head(work) if work else None,
        title=_task_title(held.kind, request.GET.get("task", "")) if only else _title(purpose, held.kind),
        autosave=reverse("autosave", args=[name, purpose])
        + _query(begin=begin, task=request.GET.get("task", "") if only else ""),
        whole_form=reverse("draft", args=[name, purpose]) if only else "",
        other=acting.other(page),
        mine=page.node.side,
        can_show=purpose == "propose" and bool(acting.other(page)) and acting.may(page, "show_draft", held.kind),
        label=label,
        chooses_ledger=purpose in ("state", "paper"),
        kept=group_name(page, work.row.kept) if work else "",
        groups=acting.kept_choices(page),
        aids=_aids(page, held),
        beside=beside_text.of_form(page, held.record, held.content),
    )


def _choices(request: HttpRequest, work: acting.Work | None) -> Choices:
    standing: frozenset[str] = frozenset()
    if work is not None:
        try:
            standing = frozenset(walk.links(KINDS[work.row.kind].read(work.content)))
        except Refused:  # a text that cannot be read here names nothing
            standing = frozenset()
    return Choices(request, standing)


def _suggests() -> str:
    return _("The record suggests %(answer)s: %(why)s.")


def _suggested(page: Any, held: models.Draft) -> list[suggesting.Suggested]:
    """What the record suggests for the answers that a draft still lacks."""
    row = read.state(page.node, page.viewer, held.office)
    return suggesting.suggested(acting.asking(page), held.kind, held.content, row[0].ref if row else "")


def _last_day(page: Any, held: models.Draft) -> str:
    """The last day that leaves the answer before the body's next meeting, where the offer names none yet."""
    if held.purpose not in ("propose", "counter") or held.particulars.get("until"):
        return ""
    found = suggesting.last_day(acting.asking(page), held.content)
    if found is None:
        return ""
    last, met = (days.said(each, words.language()) for each in found)
    return _suggests() % {"answer": last, "why": _("the body meets on %(date)s") % {"date": met}}


def _suggest(offered: Sequence[suggesting.Suggested], questions: Sequence[asked.Question], choices: Choices) -> None:
    """Put what the record suggests beside the questions."""
    by_field = {each.field: each for each in offered}
    for question in questions:
        if (one := by_field.get(question.name)) is not None:
            said = {
                name: side_name(value) if name == "side" else days.said(value, words.language())
                for name, value in one.said.items()
            }
            labels_ = {each.value: each.label for each in question.options}
            answer_ = labels_.get(str(one.value)) or (
                choices.label(f"{question.kind}:{one.value}") if question.kind else str(one.value)
            )
            question.suggestion = _suggests() % {"answer": answer_, "why": _(one.why) % said}


def _use(page: Any, held: models.Draft, field: str) -> None:
    """Take a suggestion of the record as the answer, where it still suggests it."""
    if field == "open_until" and (found := suggesting.last_day(acting.asking(page), held.content)):
        held.particulars = {**held.particulars, "until": found[0]}
    for one in _suggested(page, held) if field else ():
        if one.field == field:
            held.content = {**held.content, field: one.value}


def _learn(choices: Choices, held: models.Draft) -> None:
    """Ask once for the names of all that a draft names."""
    choices.learn(putting.links(held.kind, held.content))


def _judged(
    page: Any, held: models.Draft, work: acting.Work | None, choices: Choices, *, show: bool
) -> tuple[Stored | None, list[Fault]]:
    """The stored form of a draft, or all that stands against it: its form, what is beside it, the rules of its kind."""
    _learn(choices, held)
    kept = held.purpose in ("state", "paper") and is_national(held, work)
    ledger = NATIONAL if kept else RELEASED
    if not held.content.get("ref"):
        found = faults.judged(held.kind, held.content, choices)
        if not found:
            # Among what the text's readers may know of: nobody learns by a reference what was not released.
            said = faults.said_of(held.content)
            made = reference.made(held.kind, said, lambda ref: node_of(page).exists(held.kind, ref, ledger))
            held.content = {**held.content, "ref": made}
    content, found = faults.tidy(held.kind, held.content, choices)
    if not show:
        found = [*found, *particulars.faults(held)]
    if content is None or show:
        return content, found
    against = drafts.against(
        acting.asking(page),
        held.record,
        content,
        particulars.basis_of(held),
        ledger=ledger,
        group=group_of(page, held, work) if kept else "",
    )
    return content, [*found, *(faults.of_rule(each, held.kind, content, choices) for each in against)]


def _aids(page: Any, held: models.Draft) -> list[dict[str, str]]:
    """The pages that put something into a draft of this kind: label and name."""
    first = acting.joint_purpose(page)
    return (
        [{"label": _(label), "name": name} for label, name in KINDS[held.kind].face.aids]
        if held.purpose == first
        else []
    )


def _onward(request: HttpRequest, name: str, purpose: str, held: models.Draft) -> str:
    """Where a button inside the form leads, once what was typed is kept; empty for the form's own buttons."""
    wanted, task = request.POST.get("aid", ""), request.GET.get("task", "") if _task(request, held) else ""
    if wanted in (each["name"] for each in _aids(as_page(request), held)):
        return reverse(wanted, args=[name])
    if wanted := request.POST.get("more", "")[:200]:
        return f"{request.path}{_query(add=wanted, task=task)}#id_{wanted}"
    if wanted := request.POST.get("row", "")[:200]:
        change = taken.change(wanted)
        return f"{request.path}{_query(task=task)}#id_{change.path}" if change else request.path
    if wanted := request.POST.get("use", "")[:200] or request.POST.get("suggest", "")[:200]:
        return f"{request.path}{_query(task=task)}#id_{wanted}"
    if wanted := request.POST.get("choose", "")[:200]:
        said = urlencode({"q": request.POST.get(wanted, "")[:200]})
        return reverse("choose", args=[name, purpose, wanted]) + f"?{said}"
    return ""


def _query(**said: str) -> str:
    """The query of an address: what is said of these; empty where nothing is."""
    held = {name: value for name, value in said.items() if value}
    return f"?{urlencode(held)}" if held else ""


def _said(page: Any, fault: Fault) -> dict[str, object]:
    """A fault as pages and JSON take it, with the way to begin the record that is missing."""
    made = msgspec.structs.asdict(fault)
    if fault.begin and acting.may_begin(page, fault.begin):
        made["begin_url"] = reverse("start", args=[KINDS[fault.begin].face.address])
        made["begin_words"] = _("Begin a new %(kind)s") % {"kind": kinds_words(fault.begin)}
    return made


def _with_ways(page: Any, questions: Sequence[asked.Question]) -> list[asked.Question]:
    """The questions, with their faults as pages take them."""
    for each in (one for question in questions for one in question.every()):
        each.errors = [_said(page, fault) for fault in each.errors]  # type: ignore[misc] # as the macros take them
    return list(questions)


def _task_title(kind: str, task: str) -> str:
    return _(KINDS[kind].face.words.get(f"task-{task}", "")) or _title("state", kind)


def _title(purpose: str, kind: str) -> str:
    said = {"kind": labels.kind(kind)}
    return {
        "propose": _("Draft the text of a %(kind)s") % said,
        "counter": _("Draft a counter-text of a %(kind)s") % said,
        "state": _("State a %(kind)s") % said,
        "paper": _("Record a %(kind)s from paper") % said,
    }[purpose]


def _task(request: HttpRequest, held: models.Draft) -> tuple[str, ...]:
    """The fields of the short form that an address asks for; empty for the whole form."""
    return KINDS[held.kind].face.tasks.get(request.GET.get("task", ""), ())


def _typed(page: Any, held: models.Draft, choices: Choices, only: tuple[str, ...] = ()) -> None:
    """Put what was typed into a draft, which is not kept by that."""
    posted = {name: page.POST.get(name, "") for name in page.POST}
    taking = taken.Taking(choices, taken.change(posted.get("row", "")))
    held.content = taken.read(held.kind, posted, held.content, taking, only)
    held.remarks = acting.remarks(page)
    if acting.kept_to(page, None, posted.get("kept", "").strip()) and held.purpose not in ("state", "paper"):
        raise Refused(
            refuse(
                "group",
                _("This text is for the other side, so it is kept to no group."),
                _("State it, or record it from paper, for our side alone."),
            )
        )
    held.particulars = held.particulars | particulars.read(posted)
    if held.purpose == "propose" and "version" in posted:  # a box that is not ticked sends nothing
        held.particulars["firm"] = posted.get("firm", "").strip()


@require_POST
def autosave(request: HttpRequest, name: str, purpose: str) -> HttpResponse:
    """Keep a draft while it is typed."""
    page = as_page(request)
    held, work = draft_of(page, name, purpose)
    made = held.content.get("ref")  # when the form was sent, which the page that typed this does not show
    _typed(page, held, _choices(request, work), _task(request, held))
    if made and not held.content.get("ref"):
        held.content = {**held.content, "ref": made}
    try:
        versions.keep(request, held, person_of(page))
    except versions.Stale as stale:
        return JsonResponse({"stale": stale.now.version}, status=409)
    return JsonResponse({"saved": held.updated.isoformat(), "version": held.version})


def choose(request: HttpRequest, name: str, purpose: str, field: str) -> HttpResponse:
    """Find a record by name for a question of a form, and go back to the form with it chosen."""
    page = as_page(request)
    held, work = draft_of(page, name, purpose, "read_draft" if request.method in ("GET", "HEAD") else "write_draft")
    shape = putting.shape_at(held.kind, field)
    if not held.pk or shape is None or shape.how not in ("ref", "record"):
        raise not_here(_("form"))
    back = reverse("draft", args=[name, purpose])
    if request.method == "POST":
        held.content = putting.put(held.kind, held.content, field, request.POST.get("value", "")[:200])
        try:
            versions.keep(request, held, person_of(page))
        except versions.Stale:
            return HttpResponseRedirect(back)
        return HttpResponseRedirect(f"{back}?{urlencode({'add': field})}#id_{field}")  # what is folded there opens
    said, start = request.GET.get("q", "").strip()[:200], _start(request)
    kind = shape.link
    options, total = _choices(request, work).search(kind, said, start=start)
    return answer(
        request,
        "work/choose.html",
        {"kind": kind, "q": said, "found": options, "total": total},
        version=held.version,
        what=putting.label_at(held.kind, field),
        kind_words=kinds_words(kind),
        back=f"{back}#id_{field}",
        title=_title(purpose, held.kind),
        following=f"?{urlencode({'q': said, 'start': start + len(options)})}" if start + len(options) < total else "",
        begin=reverse("start", args=[KINDS[kind].face.address])
        if kind in KINDS and acting.may_begin(page, kind)
        else "",
        draft_url=back,
    )


def _start(request: HttpRequest) -> int:
    given = request.GET.get("start", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 7 else 0


def names(request: HttpRequest, kind: str) -> HttpResponse:
    """Names of records that fit what is being typed, as options of a field."""
    page = as_page(request)
    link = "*" if kind == "any" else kind
    if (link != "*" and link not in KINDS) or not page.viewer.person:
        raise Http404
    asking = next((name for name in request.GET if name != "side"), "")
    said = request.GET.get(asking, "").strip()[:200]
    side = request.GET.get("side", "")[:3]
    options = Choices(request).search(link, said, side)[0] if said else []
    return render(request, "work/names.html", {"options": options})


PATTERNS: list[URLPattern] = [
    path("work/names/<slug:kind>/", names, name="names"),
    path("work/<slug:name>/draft/<slug:purpose>/save", autosave, name="autosave"),
    *route("work/<slug:name>/draft/<slug:purpose>/choose/<slug:field>/", choose, "choose"),
    *route("work/<slug:name>/draft/<slug:purpose>/", draft, "draft"),
]
