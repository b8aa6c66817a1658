"""Setting up: one place from which a secretariat reaches offices, appointments, powers, people and bodies, in order."""

from __future__ import annotations

import json
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from dtti.language.marking import N_
from dtti.node.people import duties, seats
from dtti.node.people.models import Seat
from dtti.office import setup
from dtti.programme.kinds import KINDS
from dtti.web.page import Moment, answer, not_here, route
from dtti.web.parts import Link, Row

from . import acting
from .acting import as_page
from .shown import Names, url_of
from .words import grouped, plural

#: What each step is called, why it comes where it comes, and what is said of an office or body that lacks it.
WORDS: Final = {
    "offices": (
        N_("Offices of our side"),
        N_("Posts act, not persons: everything that follows names an office."),
        "",
    ),
    "appointments": (
        N_("Who holds them"),
        N_("So that a text says who acted for the office that day, and in which capacity."),
        N_("nobody is recorded as its holder"),
    ),
    "powers": (
        N_("Powers"),
        N_("What an office may write. The power keys of our side give it, for the other side to read."),
        N_("no power yet"),
    ),
    "people": (
        N_("People in their seats"),
        N_("A person acts from a seat: an office with a duty. The power keys seat the first two persons."),
        N_("nobody sits in it"),
    ),
    "bodies": (
        N_("Bodies"),
        N_("What both sides meet in: agreed by both, or recorded from the paper that set it up."),
        N_("no office of ours co-chairs it"),
    ),
}
#: Duties of whose verbs a first power is made: whoever decides, and whoever prepares.
_FIRST: Final = ("co_chair", "secretariat", "disclosure_officer")
_SHOWN: Final = 60  # records of a step that the page names


def setting_up(request: HttpRequest) -> HttpResponse:
    """What a side needs before it can work, in order: what is there, what is missing, and the way to it."""
    page = as_page(request)
    if not page.viewer.national:
        raise not_here(_("page"))
    asking = acting.asking(page)
    held = {row.office for row in seats.backed(page.node, Seat.objects.filter(seats.in_force(seats.today())))}
    found = setup.steps(asking, held)
    rows = (one for step in found for one in (*step.there, *step.missing))
    names = Names.of(request, Moment()).learn_for(rows)
    return answer(
        request,
        "pages/setting_up.html",
        {"steps": [_step(page, names, each) for each in found]},
        power=_power(asking, next(each for each in found if each.code == "powers")),
    )


def _step(page: Any, names: Names, step: setup.Step) -> Row:
    title, why, lacks = WORDS[step.code]
    rows = [
        *({"state": "open", "text": names.called(one), "url": url_of(one), "note": _(lacks)} for one in step.missing),
        *({"state": "met", "text": names.called(one), "url": url_of(one)} for one in step.there),
    ]
    return {
        "code": step.code,
        "title": _(title),
        "why": _(why),
        "done": step.done,
        "there": len(step.there),
        "missing": len(step.missing),
        "said": _("%(there)s there, %(missing)s missing")
        % {"there": grouped(len(step.there)), "missing": grouped(len(step.missing))},
        "rows": rows[:_SHOWN],
        "ways": [*_ways(page, step)],
    }


def _ways(page: Any, step: setup.Step) -> list[Link]:
    """Where what is missing is begun, and the list of what is there."""
    ways = []
    if step.kind and acting.may_begin(page, step.kind):
        begin = reverse("start", args=[KINDS[step.kind].face.address])
        only = f"?office={step.missing[0].ref}" if step.code == "appointments" and step.missing else ""
        ways.append(Link(_("New %(kind)s") % {"kind": _(KINDS[step.kind].face.one)}, begin + only))
    if step.kind:
        ways.append(Link(_("All: %(kinds)s") % {"kinds": plural(step.kind)}, reverse(KINDS[step.kind].face.address)))
    if step.code == "people":
        ways.append(Link(_("Who may act here"), reverse("people")))
    return ways


def _power(asking: Any, step: setup.Step) -> dict[str, str] | None:
    """The first power of the first office that has none, as the command takes it; None where all have one."""
    if not step.missing:
        return None
    verbs = {verb for name in _FIRST for each in duties.duties()[name].may for verb in each.verbs}
    grant = {
        "grant": setup.next_grant(asking),
        "kinds": ["all"],
        "office": step.missing[0].record,
        "since": asking.moment.instant.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "verbs": sorted(verbs - {"seat", "restrict"}),
    }
    terms = json.dumps({"grants": [grant]}, indent=1)
    return {"office": step.missing[0].title, "terms": terms, "command": "dtti act power --terms power.json"}


PATTERNS: list[URLPattern] = [*route("setting-up/", setting_up, "setting_up")]
