"""The national procedures of both sides on a project's page, own first, and what is warned of. Holds no rule."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from dtti.office import conflicts as warnings
from dtti.office import lanes as office
from dtti.web import page
from dtti.web.page import record_url
from dtti.web.parts import Link
from dtti.web.requests import PageRequest

from . import acting, conflicts, lane_steps, record, shown, words
from .acting import as_page
from .record import Beside, Found
from .shown import Names

STEP, CASE = office.NATIONAL_STEP.code, office.NATIONAL_CASE.code
#: The signs of a checklist for how far a step is.
_SIGNS = {"done": "met", "not-needed": "not_applicable", "under-way": "open", "ahead": "open", "unrecorded": "unknown"}


class Step(msgspec.Struct, frozen=True):
    """A step as the lanes of a page show it: its sign, what it is, how far it is, what can be done with it."""

    sign: str
    text: str
    url: str
    state: str
    dates: list[Markup]
    notes: list[Markup]
    national: bool
    told: str
    acts: list[Link]


class Lane(msgspec.Struct, frozen=True):
    """A side's procedure as a page shows it; `case`: what is said of it, each with its name."""

    title: str
    basis: str
    case: list[tuple[str, Markup]]
    case_url: str
    told: str
    steps: list[Step]
    pipes: list[Step]


class Side(msgspec.Struct, frozen=True):
    """The lanes of one side: own first."""

    side: str
    title: str
    ours: bool
    lanes: list[Lane]
    acts: list[Link]


@record.beside("project")
def of_project(request: HttpRequest, found: Found) -> Beside:
    """The lanes of both sides and what is warned of, on the page of a project."""
    row, project = found.row, found.content
    if not isinstance(project, warnings.Project) or conflicts.closed(request):
        return Beside({"lanes": [], "conflicts": []}, {"lanes": [], "warned": []})
    asking = page.asked_by(request, found.moment)
    held = office.held(asking)
    lanes = office.of_project(asking, held.of(project.ref))
    warned = warnings.of_project(asking, row, project, held)
    told = warnings.plain(asking, project.ref, warned).conflicts
    names = Names.of(request, found.moment).learn(
        [*(link for one in lanes for link in one.links), *(link for one in warned for link in one.links)]
    )
    sides = [_side(request, row, side, [each for each in lanes if each.side == side], names)
             for side in shown.own_first(request)] if row.side != "PUB" else []  # fmt: skip
    return Beside(
        {"lanes": lanes, "conflicts": told},
        {
            "lanes": sides,
            "warned": [conflicts.warning(each, names) for each in warned],
            "warned_url": reverse("project-conflicts", args=[row.code]) + found.moment.query,
            "procedures_url": reverse("national-procedures"),
        },
    )


def _side(request: HttpRequest, row: object, side: str, lanes: list[office.OneLane], names: Names) -> Side:
    pg = as_page(request)
    code = getattr(row, "code", "")
    ours = side == pg.node.side
    may = ours and bool(pg.viewer.person) and names.moment.now and acting.may(pg, "write_draft:state", STEP)
    acts = []
    if may:
        if not lanes:
            start = reverse("start", args=[office.NATIONAL_CASE.face.address])
            acts.append(Link(_("Begin the national case"), f"{start}?project={getattr(row, 'ref', '')}"))
        acts.append(Link(_("Record a national step"), reverse("lane_step", args=[code])))
    return Side(side, shown.side_name(side), ours, [_lane(pg, code, each, names, may=may) for each in lanes], acts)


def _lane(pg: PageRequest, code: str, one: office.OneLane, names: Names, *, may: bool) -> Lane:
    made = [(each, _step(pg, code, each, one, may=may)) for each in one.steps]
    case = one.case
    return Lane(
        _(one.title),
        f"{_(one.basis)} ({one.version}; {words.word(one.confidence)})",
        _case(case, names) if case else [],
        record_url(CASE, case.record) if case else "",
        _told(case.told) if case else "",
        [step for line, step in made if not line.pipe],
        [step for line, step in made if line.pipe],
    )


def _case(case: office.Entered, names: Names) -> list[tuple[str, Markup]]:
    """What is said of a case: since when, why that procedure, where it is entered, who decided, what changed."""
    entry = [words.word(each) for each in (case.step, case.category, case.route) if each]
    said: list[tuple[str, Markup | str | None]] = [
        (_("Began"), shown.macro("value", "when", case.began)),
        (_("Closed"), shown.macro("value", "when", case.closed) if case.closed else None),
        (_("Why this procedure"), shown.text(case.why) if case.why else None),
        (_("Legal authority"), words.word(case.authority) if case.authority else None),
        (_("Enters at"), ", ".join(entry)),
        (_("Decided on"), shown.macro("value", "when", case.on) if case.on else None),
        (_("Decided by"), shown.anchor(names.link(f"office:{case.office}")) if case.office else None),
        (_("On what authority"), shown.text(case.decided) if case.decided else None),
        (_("What that changed"), shown.text(case.changed) if case.changed else None),
        (_("Offsets"), words.word(case.offsets) if case.offsets else None),
    ]
    return [(name, Markup(escape(value))) for name, value in said if value]  # noqa: S704 - escaped here


def _step(pg: PageRequest, code: str, line: office.Line, one: office.OneLane, *, may: bool) -> Step:
    dated = ((_("Started"), line.started), (_("Done on"), line.done), (_("Good until"), line.until),
             (_("Expected"), line.expected if line.state != "done" else None))  # fmt: skip
    dates = [Markup("{} {}").format(name, shown.macro("value", "when", when)) for name, when in dated if when]
    acts = []
    if may:
        acts.append(Link(_("Record") if line.state == "unrecorded" else _("Change"),
                         lane_steps.form_of(code, line.step, one.version)))  # fmt: skip
    if line.told in ("inside", "older") and pg.viewer.person and acting.may(pg, "release", STEP):
        acts.append(Link(_("Release to the other side"), reverse("release", args=[line.record])))
    return Step(
        _SIGNS[line.state],
        _(line.words),
        record_url(STEP, line.record) if line.record else "",
        _("nothing recorded") if line.state == "unrecorded" else words.word(line.state),
        dates,
        _notes(line),
        line.told in ("inside", "older"),
        _told(line.told) if line.told else "",
        acts,
    )


def _notes(line: office.Line) -> list[Markup]:
    """What a step has beside its dates: its clock, silence, what it waits for, why it takes longer, its note."""
    notes: list[Markup | str] = []
    if line.clock:
        low, high = (
            shown.macro("value", "when", each) if each else _("not known") for each in (line.clock.low, line.clock.high)
        )
        due = low if low == high else escape(_("between %(first)s and %(last)s")) % {"first": low, "last": high}
        said = escape(_("%(what)s: due %(when)s.")) % {"what": _(line.clock.words), "when": due}
        notes.append(
            Markup("{} <small>{} ({})</small>").format(said, _(line.clock.basis), words.word(line.clock.confidence))
        )
    if line.silent:
        notes.append(_("Done by silence: it moves no joint stage."))
    if line.not_needed:
        notes.append(shown.text(line.not_needed))
    if line.awaits:
        waits = ", ".join(f"{words.word(step)} ({shown.side_name(side)})" for side, step in line.awaits)
        notes.append(_("Waits for: %(what)s") % {"what": waits})
    if line.delays:
        notes.append(_("Takes longer: %(why)s") % {"why": ", ".join(words.word(each) for each in line.delays)})
    if line.text:
        notes.append(shown.text(line.text))
    if line.file_number:
        notes.append(Markup("{}: {}").format(_("File number"), shown.text(line.file_number)))
    return [Markup(escape(each)) for each in notes]  # noqa: S704 - escaped here


def _told(told: str) -> str:
    """How far the other side was told, in words."""
    return {
        "inside": _("National, not released"),
        "older": _("What was shared is older than what we hold"),
        "current": _("Released to the other side as it stands"),
        "theirs": _("By their own account, as far as it was released"),
    }[told]


PATTERNS: list[URLPattern] = []
