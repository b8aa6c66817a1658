"""What this side states of a project by one short form each: a reading, the final assessment, a report on a milestone.

The form is kept as a draft, checked and confirmed like every statement. It stays with this side by default.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse

from dtti.accord.refusal import Correction, Refused, refuse
from dtti.node.core.draft import new_record
from dtti.node.people import models
from dtti.node.record import read
from dtti.node.record.read import Listed
from dtti.office import own_reports as office
from dtti.office import plans, projects
from dtti.office import success as successes
from dtti.office.asking import Stored
from dtti.programme.kinds import KINDS
from dtti.web import typed
from dtti.web.forms import days, faults
from dtti.web.forms.choices import Choices
from dtti.web.page import Moment, answer, asked_by, not_here, route
from dtti.web.parts import Option

from . import acting, drafting, record, versions, words
from .acting import as_page
from .words import _

_BEGIN: Final = "dtti short report"
READING, PLAN_REPORT = office.MEASUREMENT.code, office.PLAN_REPORT.code


class Asked(msgspec.Struct, frozen=True):
    """A question of the form: `how` it is answered (select, radios, date, figure, line, prose, record, document)."""

    name: str
    label: str
    how: str
    value: str = ""
    options: list[Option] = []
    hint: str = ""
    required: bool = False


class At(msgspec.Struct):
    """Where a form is: the project, the kind of record that it makes, the draft, what was typed."""

    request: HttpRequest
    page: Any
    kind: str
    project: projects.Project
    row: Listed
    draft: models.Draft
    choices: Choices
    given: dict[str, str]

    @property
    def office(self) -> str:
        """The reference of the office that acts."""
        state = read.state(self.page.node, self.page.viewer, self.page.seat.office) if self.page.seat else None
        return state[0].ref if state else ""


def may(request: HttpRequest, kind: str, project: Listed) -> bool:
    """Whether whoever looks may state something of a project by such a form: for showing the way to it."""
    page = as_page(request)
    return bool(page.viewer.person) and project.side != "PUB" and acting.may(page, "write_draft:state", kind)


def is_assessor(request: HttpRequest, standing: successes.SuccessThen) -> bool:
    """Whether the office of whoever looks is the one that the definition names for the final assessment."""
    page = as_page(request)
    asking = asked_by(request, Moment())
    definition = successes.of_project(asking, standing.project, standing.definition)
    state = read.state(page.node, page.viewer, page.seat.office) if page.seat else None
    return bool(state and definition and state[0].ref in {each.office for each in definition.assessors})


# --- a reading, and the final assessment -----------------------------------------------------------------------------


def reading(request: HttpRequest, name: str) -> HttpResponse:
    """Add a reading of one measure of success."""
    at = _at(request, name, READING)
    definition = _definition(at)
    measures = [Option(each.identity, _measure_label(each)) for each in definition.measures]
    fields = [
        Asked("of_measure", _("Which measure"), "select", options=measures, required=True),
        Asked("date", _("On which day it was measured"), "date", required=True, hint=_as()),
        Asked("value", _("The figure that was measured"), "figure", hint=_("Of a measure that is a number: in figures "
              "and in its unit, such as 19 or 1.6.")),
        Asked("found", _("Is it so?"), "radios", hint=_("Of a measure that is a sentence."),
              options=[Option("yes", _("yes")), Option("partly", _("partly")), Option("no", _("no"))]),
        *_shows(""),
        Asked("note", _("Note"), "prose"),
    ]  # fmt: skip
    return _form(
        at, fields, lambda: office.reading(acting.asking(at.page), definition, at.office, str(request.user), at.given),
        title=_("Add a reading"),
        lede=_("What this side measured of the success of the project, and what shows it. The other side's readings "
               "stand beside it; the two are never joined into one figure."),
    )  # fmt: skip


def assessment(request: HttpRequest, name: str) -> HttpResponse:
    """Give the final assessment of a project, as the office that the success definition names."""
    at = _at(request, name, READING)
    definition = _definition(at)
    named = {each.office for each in definition.assessors if each.side == at.page.node.side}
    if at.office not in named:
        raise Refused(
            refuse(
                "reading-assessor",
                "The final assessment is made by another office.",
                "The office that the success definition names for that side makes it.",
            )
        )
    fields = [
        Asked("final", _("What came of it"), "radios", required=True, options=[
            Option("success", _("success")), Option("partial", _("partial success")), Option("failure", _("failure"))]),
        Asked("date", _("On which day it was assessed"), "date", required=True, hint=_as()),
        Asked("note", _("The reasons"), "prose", required=True),
        *_shows(""),
    ]  # fmt: skip
    return _form(
        at, fields, lambda: office.reading(acting.asking(at.page), definition, at.office, str(request.user), at.given),
        title=_("Give the final assessment"),
        lede=_("The success definition names this office for it. Beside it stand the measures, and what the other side "
               "assesses."),
    )  # fmt: skip


def _definition(at: At) -> office.SuccessDefinition:
    found = successes.of_project(acting.asking(at.page), at.project.ref, at.project.success_definition)
    if found is None:
        raise Refused(
            refuse(
                "reading-definition",
                "No success definition of this project is agreed yet.",
                "Have both sides agree one: it says what is measured.",
            )
        )
    return found


def _measure_label(measure: Any) -> str:
    if not measure.counted:
        return str(measure.name)
    return f"{measure.name} ({measure.unit})" if measure.unit else str(measure.name)


# --- a report on a milestone -----------------------------------------------------------------------------------------


def milestone(request: HttpRequest, name: str) -> HttpResponse:
    """Report on one milestone of the plan of a project: what is expected, or that it was reached."""
    at = _at(request, name, PLAN_REPORT)
    found = plans.plan_of(acting.asking(at.page), at.project.ref, at.project.plan)
    if found is None:
        raise Refused(
            refuse(
                "plan-report-plan",
                "No plan of this project is agreed yet.",
                "Have both sides agree one: it says which milestones there are.",
            )
        )
    plan, row = found[2], "milestones__0__"
    known = [
        Option(each.number, f"{each.number}. {each.name} ({days.said(str(each.current), words.language())})")
        for each in plan.milestones
    ]
    reasons = [Option(code, _(each.words)) for code, each in office.delays().items()]
    fields = [
        Asked(f"{row}milestone", _("Which milestone"), "select", options=known, required=True),
        Asked("date", _("Reported on"), "date", required=True, hint=_as()),
        Asked(f"{row}actual", _("Reached on"), "date", hint=_("Where it has been reached.")),
        Asked(f"{row}forecast", _("Expected for"), "date", hint=_("Where it is still to come, as far as it is known.")),
        Asked(f"{row}reason", _("Why it is later than agreed"), "select", options=reasons, hint=_("Needed where it "
              "comes after the date that both agreed. It stays with this side until it is released.")),
        Asked(f"{row}why", _("In a sentence"), "prose", hint=_("Needed where no date is known.")),
        *_shows(row),
    ]  # fmt: skip
    return _form(
        at, fields, lambda: office.milestone(acting.asking(at.page), plan, at.office, str(request.user), at.given),
        title=_("Report on a milestone"),
        lede=_("What this side expects or saw come. The date that both agreed stays as it is; the slip is counted "
               "from it."),
    )  # fmt: skip


def _as() -> str:
    return _("As 18 Nov 2026, Nov 2026 or 2026.")


def _shows(row: str) -> list[Asked]:
    """The questions about what shows it: a record, or a paper that is none."""
    return [
        Asked(f"{row}evidence", _("Record or source that shows it"), "record", hint=_("Type a part of the name, then "
              "choose.")),
        Asked(f"{row}document", _("Document that shows it, where the record has it not"), "document"),
    ]  # fmt: skip


# --- the form --------------------------------------------------------------------------------------------------------

_DOCUMENT: Final = ("title", "number", "held_by")


def _at(request: HttpRequest, name: str, kind: str) -> At:
    page = as_page(request)
    acting.ask(page, "write_draft:state", kind)
    found = record.find(request, "projects", name)
    if not page.viewer.person or found.row.side == "PUB" or not isinstance(found.content, projects.Project):
        raise not_here(_("project"))
    return At(request, page, kind, found.content, found.row, _begun(request, kind), Choices(request), {})


def _begun(request: HttpRequest, kind: str) -> models.Draft:
    """The draft that is begun: nothing is kept before it is sent, and sent twice it is one."""
    page = as_page(request)
    try:
        code = signing.loads(request.POST.get("begin", "")[:400], salt=_BEGIN)
    except signing.BadSignature:
        code = new_record(kind, page.node.side)
    place = page.seat.office if page.seat else ""
    held = models.Draft.objects.filter(office=place, record=code, purpose="state").first()
    return held or models.Draft(office=place, record=code, purpose="state")


def _form(at: At, fields: list[Asked], compose: Any, *, title: str, lede: str) -> HttpResponse:
    """The form: what was typed into it, and all that stands against that, each at its question."""
    request, page = at.request, at.page
    errors: list[Correction] = []
    kept = request.POST.get("kept", "yes").strip()
    today = days.said(Moment().today.isoformat(), words.language())
    shown = {"date": today}
    if request.method == "POST" or getattr(page, "typed", None):
        shown = _typed(at, fields)
    if request.method == "POST":
        stored = compose()
        errors = _errors(at, fields, stored, kept)
        if kept not in {each.value for each in _readers(at)}:
            errors.append(
                {"field": "kept", "reason": _("It does not say who may read it."), "remedy": _("Choose one.")}
            )
        if not errors:
            at.draft.content, at.draft.particulars = KINDS[at.kind].tidy(stored), {"kept": kept}
            code = at.draft.record.rsplit("/", 1)[1]
            try:
                versions.keep(request, at.draft, drafting.person_of(page))
            except versions.Stale:  # another page kept another text: both are shown on the form of the whole text
                return HttpResponseRedirect(reverse("draft", args=[code, "state"]))
            typed.settled(request)
            return HttpResponseRedirect(reverse("check_draft", args=[code, "state"]))
    return answer(
        request,
        "work/own_report.html",
        {"kind": at.kind, "project": at.project.ref, "errors": errors},
        status=422 if errors else 200,
        title=title,
        lede=lede,
        fields=[msgspec.structs.replace(each, value=shown.get(each.name, "")) for each in fields],
        document={name: value for name, value in shown.items() if "document__" in name},
        begin=signing.dumps(at.draft.record, salt=_BEGIN),
        version=at.draft.version if at.draft.pk else 0,
        kept=kept,
        readers=_readers(at),
        called=acting.titled(page, at.row).title,
        back=reverse("record", args=["projects", at.row.code]),
    )


def _typed(at: At, fields: list[Asked]) -> dict[str, str]:
    """What was typed, as it is shown again; what it means goes into `given`."""
    shown: dict[str, str] = {}
    for each in fields:
        if each.how == "document":
            for part in _DOCUMENT:
                name = f"{each.name}__{part}"
                shown[name] = at.given[name] = _line(at.request, name)
            continue
        said = at.request.POST.get(f"{each.name}__reading", "").strip()[:200] or _line(at.request, each.name)
        shown[each.name] = said
        if each.how == "date" and said:
            read_ = days.read(said)
            at.given[each.name] = read_.stored or said
            shown[each.name] = days.said(read_.stored, words.language()) if read_.stored else said
        elif each.how == "record" and said:
            at.given[each.name] = at.choices.resolve("*", said)
            if at.choices.known(at.given[each.name]):
                shown[each.name] = at.choices.label(at.given[each.name])
        else:
            at.given[each.name] = said.replace(",", "") if each.how == "figure" else said
    return shown


def _line(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\r\n", "\n").strip()[:20_000]


def _errors(at: At, fields: list[Asked], stored: Stored, kept: str) -> list[Correction]:
    """All that is wrong: what is missing or cannot be read, then what the rules say, once a field."""
    found = [
        faults.Fault(each.name, _("%(field)s: not answered.", field=each.label), _("Answer it."))
        for each in fields
        if each.required and not at.given.get(each.name)
    ]
    missing = {each.field for each in found}
    judged = [each for each in faults.judged(at.kind, stored, at.choices) if each.field not in {"ref", *missing}]
    unread = {each.field for each in judged}
    sound = {name: value for name, value in stored.items() if name not in unread}
    rules = office.against(
        acting.asking(at.page),
        at.draft.record,
        sound,
        at.office,
        missing,
        national=kept != "no",
        group="" if kept in ("yes", "no") else kept,
    )
    said = [faults.of_rule(each, at.kind, stored, at.choices) for each in rules]
    order = {each.name: place for place, each in enumerate(fields)}
    every = [*found, *judged, *(each for each in said if each.field not in unread)]
    every.sort(key=lambda each: order.get(each.field.partition("document__")[0], len(order)))  # as the form asks
    return [
        {"field": each.field, "reason": each.reason, "remedy": each.remedy, "readings": each.readings} for each in every
    ]


def _readers(at: At) -> list[Option]:
    """Who may read it: this side alone, unless it is said not to."""
    inside = [Option("yes", _("Our side alone, until a disclosure officer releases it")), *acting.kept_choices(at.page)]
    return inside if at.row.label == "national" else [*inside, Option("no", _("Both sides, at once"))]


PATTERNS: Final[list[URLPattern]] = [
    *route("projects/<slug:name>/reading/", reading, "project-reading"),
    *route("projects/<slug:name>/assessment/", assessment, "project-assessment"),
    *route("projects/<slug:name>/milestone/", milestone, "project-milestone"),
]
