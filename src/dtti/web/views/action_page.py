"""The page of one action: facts, changes of its date, reports on it, what can be done. No rule."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from markupsafe import Markup

from dtti.language.refusals import refusal_in
from dtti.office import action_history
from dtti.office import actions as office
from dtti.programme.kinds.commitment import Commitment
from dtti.web import page
from dtti.web.page import Moment, route
from dtti.web.parts import Fact, Link, Row

from . import actions, record, shown, words
from .record import Found
from .shown import Names
from .words import _


def action(request: HttpRequest, name: str, number: str) -> HttpResponse:
    """An action of a meeting with its whole history."""
    moment = page.moment(request)
    one = action_history.one(page.asked_by(request, moment), "meeting", name[:100], number[:1000])
    if one is None:
        raise page.not_here(_("action"))
    names = names_of_one(request, moment, one)
    meeting = names.line(one.row.record)
    return shown.show(
        request,
        "pages/action.html",
        plain(one),
        moment,
        names,
        crumbs=shown.crumbs(
            moment,
            (_("Actions and commitments"), "actions"),
            (meeting, names.url(one.row.record)),
            (_("action %(number)s", number=number), None),
        ),
        title=one.row.text,
        lede=_("Action %(number)s of %(meeting)s", number=number, meeting=meeting),
        row=one.record,
        one=about(request, names, one),
    )


def plain(one: action_history.One) -> Row:
    """An action with its history, as JSON has it."""
    return {"action": one.row, "record": one.record, "changes": one.changes}


def names_of_one(request: HttpRequest, moment: Moment, one: action_history.One) -> Names:
    """Names for all that the history of one action shows."""
    return actions.named(request, moment, [one.row])


class About(msgspec.Struct, frozen=True):
    """What the parts of a page about one action show: facts, changes of its date, reports, what can be done."""

    facts: list[Fact]
    changes: list[Row]
    reports: list[Row]
    acts: list[Link]


def about(request: HttpRequest, names: Names, one: action_history.One) -> About:
    """The parts of a page about one action."""
    row = one.row
    return About(
        [
            Fact(_("State"), actions.state(row)),
            Fact(_("Who has to do it"), actions.cells(names, row)["owner"]),
            Fact(_("First due"), actions.day(row.due)),
            Fact(_("Due now"), shown.when(row.due_now) if row.due_now else _("unchanged")),
            Fact(_("Later date asked for"), shown.when(row.asked) if row.asked else {"absent": "none"}),
            Fact(_("Evidence"), _evidence(names, row) or {"absent": "none"}),
            Fact(_("Verified by"), actions.cells(names, row)["verified"] if row.verified else {"absent": "none"}),
            Fact(_("Body"), actions.body_of(names, row)),
            Fact(_("Project"), names.link(f"project:{row.project}") if row.project else None),
        ],
        [_change(names, each) for each in one.changes],
        [_told(names, each) for each in row.reports],
        _ways(request, names, one),
    )


def _evidence(names: Names, row: office.ActionThen) -> Markup | None:
    found = [
        shown.anchor(names.link(each)) if names.row(each) is not None else shown.text(each) for each in row.evidence
    ]
    return shown.lines(found)


def _change(names: Names, change: action_history.Change) -> Row:
    by = [
        Markup("{} <small>{}</small>").format(shown.macro("value", "side", who.side), shown.text(who.name)) if who.name
        else shown.macro("value", "side", who.side)
        for who in change.by
    ]  # fmt: skip
    return {
        "on": shown.macro("value", "when", change.on),
        "before": actions.day(change.before) if change.before else "–",
        "after": actions.day(change.after),
        "by": shown.lines(by) or {"absent": "unknown"},
        "why": shown.text(change.why) if change.why else "–",
        "grade": shown.macro("value", "grade", change.grade),
    }


def _told(names: Names, told: Any) -> Row:
    reported = words.word("reported" if told.state == "met" and not told.verifies else told.state)
    said = [_("Verification: %(state)s", state=reported) if told.verifies else reported]
    if told.later:
        later = shown.macro("value", "value", shown.when(told.later)).striptags()
        said.append(_("asks for %(date)s", date=later))
    what = [shown.text(each) for each in (told.work_done, told.why) if each]
    if told.evidence:
        what.append(shown.anchor(names.link(told.evidence)))
    if told.document:
        what.append(shown.text(str(told.document)))
    against = refusal_in(words.language(), told.counts_not) if told.counts_not else ""
    return {
        "date": names.link(
            f"{actions.REPORT}:{told.ref}", said=shown.macro("value", "value", shown.when(told.date)).striptags()
        ),
        "who": shown.with_note(
            Markup("{} {}").format(shown.macro("value", "side", told.side), shown.text(told.holder)),
            shown.anchor(names.link(f"office:{told.office}")),
        ),
        "state": shown.with_note(", ".join(said), _("counts for nothing: %(why)s", why=against) if against else ""),
        "what": shown.lines(what) or "–",
    }


def _ways(request: HttpRequest, names: Names, one: action_history.One) -> list[Link]:
    """What the seat taken can do with it now: report, verify a report that nobody has verified."""
    row = one.row
    if not actions.may_report(request) or not names.moment.now or one.record.compiled:
        return []
    found = []
    if url := actions.report_url(names, row):
        found.append(Link(_("Report on this action") if row.number else _("Report on this commitment"), url))
    return [*found, *actions.to_verify(names, row)]


@record.own_page("commitment")
def commitment(request: HttpRequest, found: Found) -> HttpResponse:
    """A commitment: the same parts as an action of a meeting, beside what its record says."""
    if not isinstance(found.content, Commitment):
        raise TypeError(type(found.content))
    near = record.around(request, found)
    names = record.names_for(request, found, near)
    one = action_history.one(page.asked_by(request, found.moment), "commitment", found.row.code)
    if one is None:
        return record.answer(request, "pages/record.html", found, near, names)
    own = names_of_one(request, found.moment, one)
    return record.answer(
        request,
        "pages/commitment.html",
        found,
        near,
        names,
        also={"action": one.row, "changes": one.changes},
        skip=("text", "body", "project", "due", "owners"),
        apart=(actions.REPORT,),
        one=about(request, own, one),
    )


PATTERNS: Final[list[URLPattern]] = [*route("actions/of/<slug:name>/<path:number>/", action, "action")]
