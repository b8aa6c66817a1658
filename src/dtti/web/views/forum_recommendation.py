"""The page of a recommendation for the officials of its side: where it stands, who may do what next. Holds no rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from markupsafe import Markup

from dtti.accord.refusal import Refused
from dtti.language.dates import day
from dtti.node.people import industry
from dtti.office.forum import recommendations as office
from dtti.office.forum import steps
from dtti.programme.kinds.disposition import DISPOSITION, ref_of
from dtti.programme.kinds.recommendation import RECOMMENDATION
from dtti.web import page
from dtti.web.forms import days
from dtti.web.page import not_here, route
from dtti.web.parts import Correction, Fact, Link

from . import acting, drafting, forum_door, forum_office, record, shown, versions, words
from .acting import as_page
from .codes import N_
from .record import Found
from .words import _

KIND = RECOMMENDATION.code
#: What each step is called, by the name of its form; and what confirming it says.
STEPS = {
    "consider": N_("Take it under consideration"),
    "ask": N_("Ask the submitter for more"),
    "answered": N_("Enter what the submitter answered"),
    "clear": N_("Enter the public title and summary that the submitter cleared"),
    "owner": N_("Enter that its owner consents to tell the other government"),
    "government": N_("Enter that this government consents to tell the other"),
    "co-chairs": N_("Pass it to the co-chairs"),
    "withdraw": N_("Enter that the submitter withdrew it"),
    "reply": N_("Reply to the submitter"),
}
LABELS = {
    "note": {
        "ask": N_("What is needed, in words for the submitter"),
        "answered": N_("What the submitter answered"),
        "withdraw": N_("How the submitter said so"),
    },
    "shown_by": {
        "owner": N_("What shows the consent (letter, number)"),
        "government": N_("Who decided it, and where that stands"),
    },
    "text": {"reply": N_("The reply, with its reasons, in words for the submitter")},
    "number": {"reply": N_("Number of the letter")},
    "public_title": {"clear": N_("Public title")},
    "public_summary": {"clear": N_("Public summary")},
}
LONG = ("note", "text", "public_summary")


@record.own_page("recommendation")
def recommendation(request: HttpRequest, found: Found) -> HttpResponse:
    """A recommendation: what was asked, where it stands, by when it is answered, what both sides made of it."""
    content = found.content
    if not isinstance(content, office.Recommendation):
        raise TypeError(type(content))
    asking = page.asked_by(request, found.moment)
    one = office.one(asking, content)
    since = forum_door.said_since(as_page(request), content.ref) if found.row.side == asking.mine else None
    near = record.around(request, found)
    names = record.names_for(request, found, near)
    held = as_page(request)
    may = (
        found.row.side == asking.mine
        and found.row.label == "national"
        and found.moment.now
        and acting.may(held, "write_draft:state", KIND, label=found.row.label)
    )
    return record.answer(
        request,
        "forum/recommendation.html",
        found,
        near,
        names,
        skip=("title", "text", "steps", "replies", "public_title", "public_summary"),
        also={
            "state": one.state,
            "said_since": since.reason if since else None,
            "clock": one.clock,
            "disposition": one.settled.row.record if one.settled else None,
            "agreed": bool(one.settled and one.settled.agreed),
            "agenda": list(one.settled.agenda) if one.settled else [],
        },
        title=content.title,
        of=content,
        state_words=words.heading(one.state),
        clock_facts=_clock(one),
        settled=_settled(one, names),
        next=[
            Link(_(STEPS[name]), reverse("recommendation_step", args=[found.row.code, name]))
            for name in (steps.open_to(one) if may and not since else ())
        ],
        dispose=reverse("disposition_new", args=[found.row.code])
        if may and not since and _open(one) and acting.may_begin(held, DISPOSITION.code)
        else None,
        since=since,
        intake=reverse("intake") if since and forum_office.chairs(held) else "",
        who_next=_("This office: take in what the submitter has said since.")
        if since
        else _who_next(one, mine=asking.mine),
    )


def _open(one: office.One) -> bool:
    """Whether it is before the co-chairs, and nothing is offered yet."""
    return one.state == "to-co-chairs" and one.settled is None


def _clock(one: office.One) -> list[Fact]:
    """By when it is answered, in words."""
    held = one.clock
    made = [Fact(_("State"), words.heading(one.state))]
    made.append(Fact(_("Answer due"), held.due.isoformat() if held.due else {"absent": "unknown"}, "date"))
    if held.waited:
        made.append(Fact(_("Days on which more was asked, not counted"), held.waited, "number"))
    if held.replied:
        made.append(Fact(_("Answered on"), held.replied.isoformat(), "date"))
    if held.late:
        made.append(Fact(_("Late by"), words.many("%(num)s day", "%(num)s days", held.late)))
    return made


class Decision(msgspec.Struct, frozen=True):
    """A decision on it, as numbered in the meeting."""

    number: str
    text: str


class Came(msgspec.Struct, frozen=True):
    """Where it came up: the meeting, the item, what came of it."""

    meeting: Markup
    number: str
    outcome: str
    decisions: list[Decision]


class Settled(msgspec.Struct, frozen=True):
    """The disposition: whether both have agreed, what comes of it and why, where it came up."""

    link: Markup
    agreed: bool
    grade: Mapping[str, object]
    outcome: str
    reasons: str
    agenda: list[Came]


def _settled(one: office.One, names: Any) -> Settled | None:
    """What both sides make of it, and what the Group decided."""
    if one.settled is None:
        return None
    of = one.settled.content
    return Settled(
        link=shown.anchor(names.link_to(one.settled.row)),
        agreed=one.settled.agreed,
        grade=shown.grade(one.settled.row),
        outcome=words.heading(of.outcome) if of else "",
        reasons=shown.text(of.reasons) if of else "",
        agenda=agenda(names, one.settled.agenda),
    )


def agenda(names: Any, items: tuple[office.OnAgenda, ...]) -> list[Came]:
    """Where it came up, and what was decided there, as a page shows it."""
    names.learn({f"meeting:{each.row.ref}" for each in items})
    names.learn_for([each.row for each in items])
    return [
        Came(
            meeting=shown.anchor(names.link_to(each.row)),
            number=each.number,
            outcome=words.word(each.outcome) if each.outcome else "",
            decisions=[Decision(one.number, shown.text(one.text)) for one in each.decisions],
        )
        for each in items
    ]


def _who_next(one: office.One, *, mine: str) -> str:
    """Who is to do what next, in a sentence."""
    if one.state == "disposed":
        return _("Nobody: it is answered.") if one.content.replies else _("This office: reply to the submitter.")
    if one.state == "to-co-chairs" and one.settled is not None:
        return _("The co-chairs of both sides: agree what becomes of it.")
    return {
        "received": _("This office: take it under consideration."),
        "considered": _("This office: pass it to the co-chairs, or ask for more."),
        "more-needed": _("The submitter: answer what was asked."),
        "to-co-chairs": _("The co-chair of this side: offer what is to become of it."),
        "withdrawn": _("Nobody: it was withdrawn."),
    }[one.state]


# --- steps -----------------------------------------------------------------------------------------------------------


def step(request: HttpRequest, name: str, what: str) -> HttpResponse:
    """A step of a recommendation: a short form, kept as the draft of its text, confirmed like every statement."""
    held = as_page(request)
    acting.ask(held, "write_draft:state", KIND)
    found = record.find(request, RECOMMENDATION.face.address, name)
    content = found.content
    if not isinstance(content, office.Recommendation) or found.row.side != held.node.side:
        raise not_here(_("recommendation"))
    asking = acting.asking(held)
    if since := forum_door.said_since(held, content.ref):
        raise Refused(since)
    one = office.one(asking, content)
    known = next((each for each in steps.open_to(one) if each == what), None)
    if known is None:
        raise not_here(_("step"))
    fields = steps.FIELDS[known]
    given = {each: request.POST.get(each, "").replace("\r\n", "\n").strip() for each in fields}
    said = request.POST.get("on__reading", "").strip()[:40] or request.POST.get("on", "").strip()[:200]
    on, errors = said or day(asking.moment.today.isoformat(), words.language()), list[Correction]()
    if request.method == "POST":
        read = days.read(said) if said else days.Read()
        if said and not read.stored:
            readings = [{"value": each, "label": days.said(each, words.language())} for each in read.readings]
            errors.append({"field": "on", "reason": read.why, "remedy": _("As 18 Nov 2026."), "readings": readings})
        against = steps.faults(asking, found.stored, known, given, read.stored or "")
        errors += [each.refusal.said(each.field) for each in against if not (errors and each.field == "on")]
        if not errors:
            draft, _work = drafting.draft_of(held, found.row.code, "state")
            content_now = steps.taken(found.stored, known, given, read.stored or "")
            versions.replace(draft, content_now, drafting.person_of(held))
            return HttpResponseRedirect(reverse("check_draft", args=[found.row.code, "state"]))
    return page.answer(
        request,
        "forum/step.html",
        {"step": known, "errors": errors},
        status=422 if errors else 200,
        title=_(STEPS[known]),
        called=content.title,
        back=shown.url_of(found.row),
        on=on,
        errors=errors,
        fields=[
            {
                "name": each,
                "label": _(LABELS[each][known]),
                "value": given[each],
                "long": each in LONG,
                "required": each not in steps.OPTIONAL,
            }
            for each in fields
        ],
        reply=known == "reply",
        settled=_settled(one, record.names_for(request, found, record.around(request, found))),
    )


def new(request: HttpRequest) -> HttpResponse:
    """Begin a recommendation that came by mail or at a session, under a reference drawn by lot."""
    held = as_page(request)
    if not held.viewer.person:
        raise not_here(_("form"))
    content = {
        "ref": industry.reference(),
        "side": held.node.side,
        "channel": "by-mail",
        "received_on": acting.asking(held).moment.today.isoformat(),
    }
    return HttpResponseRedirect(drafting.begun_at(held, KIND, content))


def dispose(request: HttpRequest, name: str) -> HttpResponse:
    """Begin the disposition of a recommendation, under the public words that its submitter cleared and no others."""
    held = as_page(request)
    acting.ask(held, f"write_draft:{acting.begins_as(held, DISPOSITION.code)}", DISPOSITION.code)
    found = record.find(request, RECOMMENDATION.face.address, name)
    content = found.content
    if not isinstance(content, office.Recommendation) or found.row.side != held.node.side:
        raise not_here(_("recommendation"))
    asking = acting.asking(held)
    settled = office.of_reference(asking, content.ref)
    if settled is not None:
        return HttpResponseRedirect(shown.url_of(settled.row))
    if office.one(asking, content).state != "to-co-chairs":
        raise not_here(_("form"))
    if since := forum_door.said_since(held, content.ref):
        raise Refused(since)
    begun = {
        "ref": ref_of(content.ref),
        "side": content.side,
        "reference": content.ref,
        "public_title": content.public_title,
        "public_summary": content.public_summary,
        "on": asking.moment.today.isoformat(),
    }
    return HttpResponseRedirect(drafting.begun_at(held, DISPOSITION.code, begun))


PATTERNS: list[URLPattern] = [
    *route("recommendations/new/", new, "recommendation_new"),
    *route("recommendations/<slug:name>/step/<slug:what>/", step, "recommendation_step"),
    path("recommendations/<slug:name>/disposition/", dispose, name="disposition_new"),
]
