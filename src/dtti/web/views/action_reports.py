"""Reporting on an action and verifying a report: a short form, kept as a draft, confirmed like every statement."""

from __future__ import annotations

from typing import Final

import msgspec
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from dtti.accord.refusal import Refused, refuse
from dtti.node.core.draft import new_record
from dtti.node.people import authorship, models
from dtti.node.record import read
from dtti.office import action_history
from dtti.office import action_reports as office
from dtti.office.action_history import One
from dtti.office.action_reports import Given
from dtti.office.asking import Stored
from dtti.programme import walk
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.action_report import ACTION_REPORT, ActionReport
from dtti.web import typed
from dtti.web.forms import faults as form
from dtti.web.forms.choices import Choices
from dtti.web.forms.choices import Option as Named
from dtti.web.page import Moment, answer, asked_by, not_here, route
from dtti.web.parts import Fact, Option

from . import acting, action_page, drafting, shown, versions, words
from .acting import as_page
from .shown import Names

KIND: Final = ACTION_REPORT.code
GIVEN: Final = "dtti what a list says of an action"  # signs what a list that was brought in puts into the form
_BEGIN: Final = "dtti report on an action"
_STATES: Final = ("open", "partly-met", "met")
_DATES: Final = ("date", "later")
_NOT_ASKED: Final = ("ref", "notes", "cite")  # of a report that is corrected: kept as they stand


def report_action(request: HttpRequest, name: str, number: str) -> HttpResponse:
    """Report on an action of a meeting."""
    return _report(request, _one(request, "meeting", name, number))


def report_commitment(request: HttpRequest, name: str) -> HttpResponse:
    """Report on a commitment."""
    return _report(request, _one(request, "commitment", name, None))


def _one(request: HttpRequest, kind: str, name: str, number: str | None) -> One:
    page = as_page(request)
    if not page.viewer.person:
        raise not_here(_("action"))
    acting.ask(page, "write_draft:state", KIND)
    one = action_history.one(asked_by(request, Moment()), kind, name[:100], number)
    if one is None:
        raise not_here(_("action"))
    return one


def _report(request: HttpRequest, one: One) -> HttpResponse:
    office.reportable(asked_by(request, Moment()), one.row)
    return _form(request, one, _begun(request))


def verify(request: HttpRequest, name: str) -> HttpResponse:
    """Verify the report of somebody else, or say what is missing."""
    page = as_page(request)
    if not page.viewer.person:
        raise not_here(_("report"))
    acting.ask(page, "write_draft:state", KIND)
    state = acting.asking(page).held(name, KIND)
    if state is None:
        raise not_here(_("report"))
    first = KINDS[KIND].read(state[1])
    if not isinstance(first, ActionReport) or first.verifies:
        raise not_here(_("report"))
    who = drafting.person_of(page)
    if state[0].side == page.node.side and (authorship.wrote(state[0].record, [who]) or first.holder == str(who)):
        raise Refused(
            refuse(
                "action-report-verifier",
                f"{first.holder} reported it, and cannot be the one who verifies it.",
                "Someone of the other side, or a second person of this side, verifies it.",
            )
        )
    return _form(request, _matter(request, first), _begun(request), first)


def draft(request: HttpRequest, name: str) -> HttpResponse:
    """Go on with a report that was begun."""
    page = as_page(request)
    doing = "read_draft" if request.method in ("GET", "HEAD") else "write_draft"
    acting.ask(page, f"{doing}:state", KIND)
    held, _work = drafting.draft_of(page, name, "state", doing, KIND)
    reading = asked_by(request, Moment())
    first = None
    if verifies := held.content.get("verifies"):
        record = read.find(page.node, page.viewer, f"{KIND}:{verifies}")
        state = read.state(page.node, page.viewer, record) if record else None
        first = KINDS[KIND].read(state[1]) if state else None
    of = ("meeting", held.content.get("meeting")) if held.content.get("meeting") else (
        "commitment", held.content.get("commitment"))  # fmt: skip
    one = action_history.one(reading, of[0], of[1] or "", held.content.get("action"))
    if one is None:
        raise not_here(_("action"))
    return _form(request, one, held, first if isinstance(first, ActionReport) else None)


def _matter(request: HttpRequest, report: ActionReport) -> One:
    kind, _colon, ref = report.of.partition(":")
    return _one(request, kind, ref, report.action)


def _begun(request: HttpRequest) -> models.Draft:
    """A report that is begun: nothing is kept before it is sent, and sent twice it is one."""
    page = as_page(request)
    record = ""
    if begin := request.POST.get("begin", ""):
        try:
            record = signing.loads(begin[:400], salt=_BEGIN)
        except signing.BadSignature:
            record = ""
    record = record or new_record(KIND, page.node.side)
    office_of = page.seat.office if page.seat else ""
    held = models.Draft.objects.filter(office=office_of, record=record, purpose="state").first()
    return held or models.Draft(office=office_of, record=record, purpose="state")


def _form(request: HttpRequest, one: One, held: models.Draft, first: ActionReport | None = None) -> HttpResponse:
    """The form of a report on `one`; of a verification where `first` is the report that is verified."""
    page, asking = as_page(request), asked_by(request, Moment())
    given, kept = _before(request, held)
    choices = Choices(request, frozenset(walk.links(first)) if first else frozenset())
    errors: list[dict[str, object]] = []
    conflict: versions.Other | None = None
    version = held.version if held.pk else 0
    sent = request.method == "POST" or bool(getattr(page, "typed", None))
    if sent:
        given, kept = _given(request, choices), request.POST.get("kept", "").strip()
        version = versions.shown_version(request)
    if request.method == "POST" and request.POST.get("discard"):
        if held.pk:
            versions.discard(request, held, drafting.person_of(page))
        typed.settled(request)
        return HttpResponseRedirect(_back(one))
    if request.method == "POST":
        stored = office.content(asking, one.row, page.seat.office if page.seat else "", str(request.user), given,
                                first.ref if first else "")  # fmt: skip
        stored |= {name: held.content[name] for name in _NOT_ASKED if held.content.get(name)}
        errors = _errors(request, one, stored, choices)
        if kept not in _kept_values(request, one):
            errors.append(_said_of(_no_reader()))
        if not errors:
            held.content, held.particulars = KINDS[KIND].tidy(stored), {**held.particulars, "kept": kept}
            try:
                versions.keep(request, held, drafting.person_of(page))
            except versions.Stale as stale:
                conflict, held, version = versions.beside(stale), stale.mine, stale.now.version
            else:
                drafting.attach(page, held)
                typed.settled(request)
                return HttpResponseRedirect(reverse("check_draft", args=[held.record.rsplit("/", 1)[1], "state"]))
    names = action_page.names_of_one(request, Moment(), one)
    records = office.evidence(asking, one.row)
    names.learn(records)
    choices.learn([given.evidence])
    return answer(
        request,
        "work/action_report.html",
        {"action": one.row, "errors": errors},
        status=409 if conflict else 200,
        conflict=conflict,
        version=version,
        title=_("Verify a report")
        if first
        else _("Report on an action")
        if one.row.number
        else _("Report on a commitment"),
        one=one,
        named=shown.text(_named(one, names.line(one.row.record))),
        about=action_page.about(request, names, one).facts[:4],
        first=first,
        shown_by=_shown_by(names, first) if first else [],
        given=given,
        begin=signing.dumps(held.record, salt=_BEGIN) if not held.pk else "",
        draft=held,
        attached=list(held.files.defer("data")) if held.pk else [],
        states=[Option(state, _said(state, verifies=bool(first))) for state in (_STATES[::-1] if first else _STATES)],
        evidence=choices.label(given.evidence) if given.evidence and choices.known(given.evidence) else given.evidence,
        records=[Named(link, names.title(link)) for link in records],
        kept=kept,
        readers=_readers(request, one),
        back=_back(one),
        back_label=names.line(one.row.record),
        largest=page.node.config.largest_file_mib,
        text=shown.text,
    )


def _shown_by(names: Names, report: ActionReport) -> list[Fact]:
    """By what a report is shown: the record, the paper that is none, each under its name."""
    held = [("document", shown.text(str(report.document)))] if report.document else []
    if report.evidence:
        names.learn([report.evidence])
        held.append(("evidence", shown.anchor(names.link(report.evidence))))
    return [Fact(words.field_name(name, KIND), said) for name, said in held]


def _named(one: One, record: str) -> str:
    number = one.row.number
    return _("Action %(number)s of %(meeting)s") % {"number": number, "meeting": record} if number else record


def _said(state: str, *, verifies: bool) -> str:
    if verifies:
        return {
            "met": _("It is done: I have made sure of it"),
            "partly-met": _("It is done in part"),
            "open": _("It is not done"),
        }[state]
    return {
        "open": _("Work goes on"),
        "partly-met": _("Done in part"),
        "met": _("Done"),
    }[state]


def _before(request: HttpRequest, held: models.Draft) -> tuple[Given, str]:
    """What the form begins with: what the draft holds, or what a list that was brought in says."""
    if held.content:
        said = {**held.content, **held.content.get("document", {})}
        names = Given.__struct_fields__
        return Given(**{name: str(said.get(name, "")) for name in names}), held.particulars.get("kept", "")
    try:
        said = signing.loads(request.GET.get("given", "")[:20_000], salt=GIVEN)
    except signing.BadSignature:
        return Given(date=Moment().today.isoformat()), ""
    return Given(**{name: str(said.get(name, "")) for name in Given.__struct_fields__}), ""


def _given(request: HttpRequest, choices: Choices) -> Given:
    """What was typed; a record that was named by its name as the link to it."""
    posted = request.POST
    asked = {name: f"document__{name}" if name in office.DOCUMENT else name for name in Given.__struct_fields__}
    plain = {name: posted.get(field, "").replace("\r\n", "\n").strip() for name, field in asked.items()}
    shows = choices.resolve("*", posted.get("evidence__reading", "").strip()[:200] or plain["evidence"])
    return Given(**{**plain, "evidence": shows, **{name: _date(request, name) for name in _DATES}})


def _errors(request: HttpRequest, one: One, stored: Stored, choices: Choices) -> list[dict[str, object]]:
    """All that is wrong with what was typed: what cannot be read first, then what the rules say, once a field."""
    found = form.judged(KIND, stored, choices)
    unread = {each.field for each in found if stored.get(each.field)}
    unread |= {each.field for each in found if each.field.startswith("document__")}
    sound = {name: value for name, value in stored.items() if name not in unread and (name != "document" or not any(
        each.startswith("document__") for each in unread))}  # fmt: skip
    rules = office.faults(asked_by(request, Moment()), one.row, sound)
    said = {each.field for each in rules} - {""}
    return [
        *(msgspec.structs.asdict(each) for each in found if each.field in unread or each.field not in said),
        *(_said_of(each) for each in rules if each.field not in unread),
    ]


def _said_of(fault: office.Fault) -> dict[str, object]:
    return {"field": fault.field, **fault.refusal.said()}


def _date(request: HttpRequest, name: str) -> str:
    """A date of three fields as it is stored, as far as it was given; what is no date stays as it was typed."""
    day, month, year = (request.POST.get(f"{name}_{part}", "").strip()[:10] for part in ("day", "month", "year"))
    parts = [year, month.zfill(2) if month else "", day.zfill(2) if day else ""]
    while parts and not parts[-1]:
        parts.pop()
    return "-".join(part or "?" for part in parts)


def _readers(request: HttpRequest, one: One) -> list[Option]:
    """Who may read the report: nobody is told by default, and nothing is kept from the other side by default."""
    page = as_page(request)
    inside = [Option("yes", _("Our side alone, until a disclosure officer releases it")), *acting.kept_choices(page)]
    if one.record.label == "national":
        return inside
    return [Option("no", _("Both sides, at once")), *inside]


def _kept_values(request: HttpRequest, one: One) -> set[str]:
    return {each.value for each in _readers(request, one)}


def _no_reader() -> office.Fault:
    return office.Fault("kept", refuse("action-report-reader", "It does not say who may read it.", "Choose one."))


def _back(one: One) -> str:
    if one.row.number:
        return reverse("action", args=[one.record.code, one.row.number])
    return reverse("record", args=[KINDS["commitment"].face.address, one.record.code])


PATTERNS: Final[list[URLPattern]] = [
    *route("actions/report/of/<slug:name>/<path:number>/", report_action, "report-action"),
    *route("actions/report/on/<slug:name>/", report_commitment, "report-commitment"),
    *route("actions/verify/<slug:name>/", verify, "verify-report"),
    *route("actions/draft/<slug:name>/", draft, "report-draft"),
]
