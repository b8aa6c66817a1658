"""The national procedures of both sides by themselves: steps, offices, clocks, how sure each is. Holds no rule."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _

from dtti.office import conflicts as warnings
from dtti.office import lanes as office
from dtti.web import page
from dtti.web.page import route

from . import conflicts, shown, words


def procedures(request: HttpRequest) -> HttpResponse:
    """The national procedures of both sides: their steps, offices and clocks, by version, and how sure each is."""
    held, moment = office.procedures(), page.moment(request)
    return page.answer(
        request,
        "project/national_procedures.html",
        {"procedures": [msgspec.to_builtins(each) for each in held.values()]},
        shown=[
            _procedure(each) for side in shown.own_first(request) for each in held.values() if each.about.side == side
        ],
        columns=[
            {"key": "step", "label": _("National step")},
            {"key": "office", "label": _("Office that acts")},
            {"key": "stage", "label": _("Joint stage that it serves")},
            {"key": "clock", "label": _("Clock")},
            {"key": "rests", "label": _("How sure")},
        ],
        rules=[
            {
                "what": _(each.words),
                "cure": _(each.cure),
                "rests": conflicts.rests(each),
            }
            for each in warnings.rules()
        ],
        rule_columns=[
            {"key": "what", "label": _("What is warned of")},
            {"key": "cure", "label": _("What would cure it")},
            {"key": "rests", "label": _("On what it rests")},
        ],
        crumbs=shown.crumbs(moment, (_("Projects"), "projects"), (_("National procedures"), None)),
    )


def _procedure(one: office.Lane) -> dict[str, object]:
    about = one.about
    return {
        "side": about.side,
        "title": _(about.title),
        "basis": f"{_(about.basis)} ({words.word(about.confidence)})",
        "effective": about.effective,
        "until": about.until or "",
        "rows": [_row(one, step, name) for name, step in one.steps.items()],
    }


def _row(one: office.Lane, step: office.Step, name: str) -> dict[str, object]:
    sure = words.word(one.confidence(name))
    return {
        "step": _(step.words),
        "office": _(step.office),
        "stage": words.heading(step.stage),
        "clock": " ".join(_times(step)) or "–",
        "rests": f"{_(step.basis)} ({sure})" if step.basis else sure,
    }


def _times(step: office.Step) -> list[str]:
    """The clock of a step, and for how long it is good."""
    clock, said = step.clock, []
    if clock is not None:
        long = {
            "days": _("%(n)s days"),
            "working-days": _("%(n)s working days"),
            "months": _("%(n)s months"),
        }[clock.unit] % {"n": clock.amount}
        said.append(f"{long}: {_(clock.words)}. {_(clock.basis)} ({words.word(clock.confidence)})")
    if step.validity:
        terms = [f"{words.word(each)}: {_('%(n)s months') % {'n': months}}" for each, months in step.validity.items()]
        said.append(_("Good for: %(terms)s.") % {"terms": ", ".join(terms)})
    return said


PATTERNS: list[URLPattern] = route("national-procedures/", procedures, "national-procedures")
