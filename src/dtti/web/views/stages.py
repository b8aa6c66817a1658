"""Entering the next stage of a project: a short form that puts the stage and the answers it asks for into the draft.

The rows that are still open stand beside it, each to be answered there. Holds no rule: what a stage asks for is judged
where the text is sent, and by the same reading here.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from dtti.accord.refusal import Correction, Refused, refuse
from dtti.node.people import models
from dtti.node.record.read import Listed
from dtti.office import stages as office
from dtti.office.asking import Stored
from dtti.office.gates import ForSide, Gate
from dtti.office.stages import Entering, Key, Stage
from dtti.programme.kinds import KINDS
from dtti.web.forms import choices as named
from dtti.web.forms import days, faults, putting
from dtti.web.forms.choices import Choices
from dtti.web.page import Moment, answer, not_here, route
from dtti.web.parts import Option

from . import acting, drafting, gate_rows, record, versions, words
from .acting import as_page
from .shown import Names

KIND: Final = office.KIND
#: The answers of the short form, and the kinds of record that some name.
_ASKED: Final = ("state", "fact", "meeting", "instrument", "registry", "office", "why", "authority", "until")
_NAMED: Final = {"meeting": "meeting", "instrument": "instrument", "office": "office"}


class Line(msgspec.Struct, frozen=True):
    """A row of the checklist for one side: what it asks, how it stands, what is wrong there.

    `chosen`: the form asks about it; `can`: the form can ask about it: it is open, or the text answers it.
    """

    key: str
    text: str
    state: str
    how: Markup
    errors: list[Correction]
    chosen: bool
    can: bool


class Field(msgspec.Struct, frozen=True):
    """A question of the short form, as the macros of forms take it; `options` None: too many to list."""

    name: str
    label: str
    value: str
    kind: str = ""
    options: list[named.Option] | None = None
    long: bool = False


class At(msgspec.Struct):
    """Where a page is: the draft of the office, the text that stands, the stage that is entered, the row chosen."""

    request: HttpRequest
    page: Any
    draft: models.Draft
    row: Listed
    stands: Stored
    stage: Stage
    choices: Choices
    key: Key | None = None

    @property
    def here(self) -> str:
        """The address of the form."""
        return reverse("project_stage", args=[self.row.code])


def may_enter(request: Any, row: Listed) -> bool:
    """Whether who looks may put the next stage into the draft of the office now: for showing the way to the form."""
    purpose = acting.joint_purpose(request)
    if row.side == "PUB" or not acting.may(request, f"write_draft:{purpose}", KIND, label=row.label):
        return False
    try:
        office.may(acting.asking(request), row)
    except Refused:
        return False
    return True


def enter(request: HttpRequest, name: str) -> HttpResponse:
    """Enter the next stage: the day, and an answer to each row that is open."""
    at = _at(request, name)
    content, errors, typed = at.draft.content, list[Correction](), dict[str, str]()
    on = office.entered_on(content, at.stage) or Moment().today.isoformat()
    pressed = next((each for each in ("keep", "choose") if request.POST.get(each)), "check")
    if request.method == "POST":
        on, errors = _day(request)
        content = office.enter(at.stands, content, at.stage, on)
        typed = {each: request.POST.get(each, "").replace("\r\n", "\n").strip() for each in _ASKED}
        if at.key and (any(typed.values()) or pressed == "keep"):
            content, wrong = _answered(at, content, at.key, typed)
            errors += wrong
        errors += _errors(at, content, typed) if not errors else []
        if not errors:
            at.draft.content = content = KINDS[KIND].tidy(content)
            versions.add(at.draft, drafting.person_of(at.page))
    entering = _entering(at, office.enter(at.stands, at.draft.content if errors else content, at.stage, on))
    against = {key: refusal for each in entering for key, refusal in each.against.items()}
    if request.method == "POST" and not errors:
        if pressed != "check":
            key = request.POST.get("choose", "") or next(iter(against), "")
            return HttpResponseRedirect(f"{at.here}?{urlencode({'row': key[:100]})}#answer" if key else at.here)
        if not against:
            return HttpResponseRedirect(reverse("check_draft", args=[at.row.code, at.draft.purpose]))
        at.key, typed = None, {}
    rows = [*against] if request.method == "POST" and pressed == "check" else []
    errors += [
        {"field": f"row__{key}", "reason": each.reason, "remedy": each.remedy}
        for key, each in against.items()
        if key in rows and not (any(typed.values()) and key == str(at.key))
    ]
    at.key = at.key or next((Key.of(key) for key in against), None)
    return _shown(at, entering, errors, typed, on)


def _at(request: HttpRequest, name: str) -> At:
    page = as_page(request)
    purpose = acting.joint_purpose(page)
    acting.ask(page, f"write_draft:{purpose}", KIND)
    found = record.find(request, "projects", name)
    if not page.viewer.person or found.row.side == "PUB" or not isinstance(found.content, office.Project):
        raise not_here(_("project"))
    acting.ask(page, f"write_draft:{purpose}", KIND, label=found.row.label)
    held, work = drafting.draft_of(page, found.row.code, purpose, "write_draft")
    if work is None:
        raise not_here(_("project"))
    office.may(acting.asking(page), work.row)
    ended = office.ended(acting.asking(page), work.row.record, work.content)
    stage = office.next_stage(work.content, held.content, ended=ended)
    if stage is None:
        raise Refused(refuse("stage-last", "The project has entered its last stage.", "Nothing is left to enter."))
    given = request.POST.get("row", "") or request.GET.get("row", "")
    at = At(request, page, held, work.row, work.content, stage, Choices(request))
    key = Key.of(given[:100])
    at.key = key if office.asked_for(held.content, stage, key) is not None else None
    return at


def _day(request: HttpRequest) -> tuple[str, list[Correction]]:
    """The day that was typed, as stored, and what is wrong with it."""
    said = request.POST.get("entered__reading", "").strip()[:40] or request.POST.get("entered", "").strip()[:200]
    if not said:
        return "", [{"field": "entered", "reason": _("It does not say on which day."), "remedy": _("Give a day.")}]
    read = days.read(said)
    if read.stored:
        return read.stored, []
    readings = [{"value": each, "label": days.said(each, words.language())} for each in read.readings]
    return said, [{"field": "entered", "reason": read.why, "remedy": _("As 18 Nov 2026."), "readings": readings}]


def _answered(at: At, content: Stored, key: Key, typed: dict[str, str]) -> tuple[Stored, list[Correction]]:
    """The text with what was typed as the answer to a row, and what keeps it from being put there."""
    rule = office.rule_of(content, key)
    state = typed["state"]
    if rule is None or state not in {each.value for each in _states(rule)}:
        return content, [{"field": "state", "reason": _("Choose how it is answered."), "remedy": ""}]
    if state != "fact":
        answers = {each: typed[each] for each in _ASKED if each not in ("fact", "until")}
        for each, kind in _NAMED.items():
            said = at.request.POST.get(f"{each}__reading", "").strip()[:200] or typed[each]
            answers[each] = at.choices.resolve(kind, said, key.side if each == "office" and key.side else "")
        until = at.request.POST.get("until__reading", "").strip()[:40] or typed["until"]
        answers["until"] = days.read(until).stored or until
        return office.answered(content, at.stage, key, answers), []
    said = at.request.POST.get("fact__reading", "").strip()[:2000] or typed["fact"]
    if not said:
        return content, [{"field": "fact", "reason": _("Nothing is written yet."), "remedy": ""}]
    shape = putting.shape_at(KIND, office.FACTS[rule.how])
    if shape is not None and shape.how == "ref":
        said = at.choices.resolve(shape.link, said, key.side)
    elif shape is not None and shape.how == "code":
        said = named.code(shape, said)
    return office.said(acting.asking(at.page), at.row.record, content, key, said), []


def _errors(at: At, content: Stored, typed: dict[str, str]) -> list[Correction]:
    """What is wrong with the text, each at its field of this form; what this form does not ask, above it."""
    found = faults.judged(KIND, content, at.choices)
    if not found:
        against = office.against(acting.asking(at.page), at.row.record, content)
        found = [faults.of_rule(each, KIND, content, at.choices) for each in against]
    return [
        {
            "field": _field(at, content, typed, each.field),
            "reason": each.reason,
            "remedy": each.remedy,
            "readings": each.readings,
        }
        for each in found
    ]


def _field(at: At, content: Stored, typed: dict[str, str], field: str) -> str:
    """The field of this form at which a fault of the text is said; empty where it has none."""
    root, _at, rest = field.partition("__")
    if root == "stages":
        return "entered"
    rule = office.rule_of(content, at.key) if at.key else None
    if rule is None or not any(typed.values()):
        return ""
    if root == "checklist":
        number, _at, member = rest.partition("__")
        mine = number == str(len(content["checklist"]) - 1)  # the answer that was just put there
        return (member if member in _ASKED else "state") if mine else ""
    return "fact" if typed["state"] == "fact" and office.FACTS[rule.how].partition("__")[0] == root else ""


def _entering(at: At, content: Stored) -> list[Entering]:
    """The stages that the draft enters, with their rows; of a draft that is not whole, as the standing text would."""
    whole, _faults = faults.tidy(KIND, content)
    if whole is None:
        whole = KINDS[KIND].tidy(office.enter(at.stands, at.stands, at.stage, Moment().today.isoformat()))
    project = KINDS[KIND].read(whole)
    if not isinstance(project, office.Project):
        raise TypeError(at.row.record)
    return office.entering(acting.asking(at.page), at.row.record, project)


def _states(rule: office.Rule) -> list[Option]:
    """The ways in which a row can be answered."""
    made = [Option("fact", _("It is so, and the text of the project says it"))] if rule.how in office.FACTS else []
    made.append(Option("met", _("It is met, and this shows it")))
    if rule.waivable:
        made.append(Option("waived", _("Both go on without it")))
    if rule.waivable or rule.unless:
        made.append(Option("not-applicable", _("It does not apply")))
    return made


def _fact_label(rule: office.Rule) -> str:
    return {
        "nomination": _("Who nominated it"),
        "needs": _("The need or offer of that side"),
        "sponsors": _("The organisation that sponsors it"),
        "continues": _("The earlier project that it continues"),
        "framework": _("The terms of reference or the exchange annex"),
        "transitions": _("The path into service"),
        "release": _("The release question of that side, answered and released"),
        "success": _("The success definition"),
        "plan": _("The plan that both agreed"),
        "statement": _("The Statement of Intent that has a line of it"),
        "outcome": _("What came of it"),
    }.get(rule.how, _("The agreement"))


def _fields(at: At, rule: office.Rule, key: Key, typed: dict[str, str]) -> dict[str, Field]:
    """The questions about one row, with what was typed or what the draft answers already."""
    held = office.given(at.draft.content, at.stage, key)
    labels = {
        "meeting": _("Meeting"),
        "instrument": _("Instrument"),
        "registry": _("Registry number and its holder"),
        "office": _("Office that says so"),
        "why": _("Reason"),
        "authority": _("On what authority"),
        "until": _("Good until"),
    }
    at.choices.learn(f"{kind}:{held[each]}" for each, kind in _NAMED.items() if held.get(each))
    made = {}
    for each, label in labels.items():
        kind = _NAMED.get(each, "")
        options = at.choices.listed(kind, key.side if each == "office" else "") if kind else None
        value = typed.get(each, "") if typed else str(held.get(each, ""))
        if kind and options is None and value:
            value = at.choices.label(f"{kind}:{value}")
        if kind and options is not None:
            value = at.choices.resolve(kind, value, key.side if each == "office" else "")
        if each == "until":
            value = days.said(value, words.language()) if value else ""
        made[each] = Field(each, label, value, kind, options)
    shape = putting.shape_at(KIND, office.FACTS[rule.how]) if rule.how in office.FACTS else None
    if shape is not None:
        kind, options = (shape.link, at.choices.listed(shape.link, key.side)) if shape.how == "ref" else ("", None)
        if shape.how == "code":
            options = [msgspec.structs.replace(each, value=each.label) for each in named.codes(shape)]
        made["fact"] = Field("fact", _fact_label(rule), typed.get("fact", ""), kind or shape.how, options,
                             long=shape.how == "prose")  # fmt: skip
    return made


def _lines(at: At, entering: list[Entering], errors: list[Correction], names: Names) -> list[tuple[str, list[Line]]]:
    """Every row of the stages that are entered, by stage."""
    return [
        (
            words.heading(each.stage),
            [_line(at, row, side, gate_rows.cell(side, names), errors) for row in each.rows for side in row.sides],
        )
        for each in entering
    ]  # fmt: skip


def _line(at: At, row: Gate, side: ForSide, how: Markup, errors: list[Correction]) -> Line:
    key = Key(row.id, side.side)
    wrong: list[Correction] = [  # its words stand there already
        {"field": f"row__{key}", "reason": side.why, "remedy": each.get("remedy", "")}
        for each in errors
        if each.get("field") == f"row__{key}"
    ]
    can = side.state == "open" or bool(side.on)
    return Line(str(key), gate_rows.of_side(row, side.side), side.state, how, wrong, key == at.key, can)


def _shown(at: At, entering: list[Entering], errors: list[Correction], typed: dict[str, str], on: str) -> HttpResponse:
    rule = office.rule_of(office.enter(at.stands, at.draft.content, at.stage, on), at.key) if at.key else None
    names = Names.of(at.request, Moment()).learn(
        link for each in entering for row in each.rows for side in row.sides for link in side.links
    )
    chosen = None
    if rule is not None and at.key is not None:
        held = office.given(at.draft.content, at.stage, at.key)
        chosen = {
            "key": str(at.key),
            "text": f"{_(rule.words)} ({gate_rows.who(at.key.side)})" if at.key.side else _(rule.words),
            "who": _(rule.by),
            "waivable": rule.waivable,
            "without": rule.waivable or rule.unless,
            "states": _states(rule),
            "state": typed.get("state", "") if typed else held.get("state", ""),
            "fields": _fields(at, rule, at.key, typed),
        }
    code, purpose = at.row.code, at.draft.purpose
    return answer(
        at.request,
        "project/stage.html",
        {"record": at.row.record, "stage": at.stage, "entering": entering, "errors": errors},
        status=422 if errors else 200,
        title=_("Enter the next stage: %(stage)s") % {"stage": words.heading(at.stage)},
        called=acting.titled(at.page, at.row).title,
        back=reverse("record", args=["projects", code]),
        here=at.here,
        edit=reverse("draft", args=[code, purpose]),
        on=days.said(on, words.language()) if on else "",
        lines=_lines(at, entering, errors, names),
        chosen=chosen,
    )


PATTERNS: Final[list[URLPattern]] = route("projects/<slug:name>/stage/", enter, "project_stage")
