"""The industry room: what one's own organisation sent and its public state, sending, answering, withdrawing.

For whoever is of industry, and for nobody else. It asks by the organisation's own references alone, so that nothing
here hangs on what others sent. Holds no rule.
"""

from __future__ import annotations

from typing import cast, get_args

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.cache import never_cache

from dtti.accord.refusal import Correction, Refused, refuse
from dtti.node.acting import binding
from dtti.node.people import duties, industry
from dtti.node.people.models import Organisation, Person
from dtti.office.forum import intake, room, terms
from dtti.office.papers import letters
from dtti.web.page import answer, not_here, route
from dtti.web.requests import PageRequest

from . import words
from .words import _, language

MOST_MEMBERS = 200
#: What can be said later, by the state of a submission.
_SAID = {
    "received": ("cleared", "withdrawn"),
    "considered": ("cleared", "withdrawn"),
    "more-needed": ("answered", "cleared", "withdrawn"),
    "to-co-chairs": ("withdrawn",),
}


def _room(request: HttpRequest) -> tuple[PageRequest, Person, Organisation]:
    """Whoever is of industry, and the organisation; not here for everybody else."""
    page = cast(PageRequest, request)
    if not duties.submits(page.seat) or not isinstance(page.user, Person):
        raise not_here(_("page"))
    organisation = industry.organisation_of(page.user)
    if organisation is None:
        raise Refused(
            refuse(
                "industry-none",
                _("This account is not yet in the industry room."),
                _("Ask the office that invited you to name your organisation."),
            )
        )
    return page, page.user, organisation


@never_cache
def front(request: HttpRequest) -> HttpResponse:
    """What the organisation sent, with the public state of each; the terms; sessions that industry is shown."""
    page, _person, organisation = _room(request)
    asking = room.keeper(page.node)
    sent = industry.own(organisation)
    held = room.recorded(asking, [each.code for each in sent])
    states = {each.code: intake.public(asking, each, held.get(each.code)) for each in sent}
    shown = room.sessions(asking)
    return answer(
        request,
        "industry/front.html",
        {
            "organisation": organisation.name,
            "submissions": [
                {"reference": each.code, "title": each.given.title, "received": each.on, "state": states[each.code]}
                for each in sent
            ],
            "sessions": [{"ref": each.name, "date": each.date, "status": each.status} for each in shown],
        },
        rows=[
            {
                "title": {"text": each.given.title, "url": reverse("industry_one", args=[each.code])},
                "reference": each.code,
                "received": each.on,
                "state": words.heading(states[each.code].state),
                "due": states[each.code].due if not states[each.code].replies else {"absent": "none"},
            }
            for each in sent
        ],
        shown=[{"of": each, "status": words.word(each.status), "mode": words.word(each.mode)} for each in shown],
        terms=terms(),
        word=words.word,
    )


@never_cache
def send(request: HttpRequest) -> HttpResponse:
    """Send a recommendation: what is asked, who was consulted, what may be told to both governments."""
    _page, person, organisation = _room(request)
    errors: list[Correction] = []
    typed = {each: _typed(request, each) for each in ("title", "text", "consulted", "public_title", "public_summary")}
    if request.method == "POST":
        given, errors = _given(request, typed)
        if given is not None:
            errors += [each.said(field) for field, each in industry.wrong(given, organisation.is_a)]
        if given is not None and not errors:
            code = industry.send(person, organisation, given, _key(request, person))
            messages.success(request, _("Received. Your reference is %(reference)s.", reference=code))
            return HttpResponseRedirect(reverse("industry_one", args=[code]))
    return answer(
        request,
        "industry/send.html",
        {"errors": errors},
        status=422 if errors else 200,
        title=_("Send a recommendation"),
        typed=typed,
        proprietary=bool(request.POST.get("proprietary")),
        association=organisation.is_a == "association",
        nonce=_nonce(request),
        terms=terms(),
    )


def _typed(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\r\n", "\n").strip()


def _nonce(request: HttpRequest) -> str:
    """The key of the form: the one that was sent, so that it stays one form while it is put right."""
    sent = request.POST.get("nonce", "")
    return sent if binding.is_digest(sent) else binding.fresh()


def _key(request: HttpRequest, person: Person) -> str:
    nonce = request.POST.get("nonce", "")
    if not binding.is_digest(nonce):
        raise Refused(
            refuse(
                "form-key", _("This form carries no key of its own."), _("Open its page anew and send it from there.")
            )
        )
    return industry.form_key(nonce, person)


def _given(request: HttpRequest, typed: dict[str, str]) -> tuple[industry.Given | None, list[Correction]]:
    """What was typed, as it is kept; None, and what is missing, where it cannot be."""
    found: list[Correction] = []
    for name, most in (("title", 1000), ("text", 50_000), ("public_title", 1000), ("public_summary", 50_000)):
        if len(typed[name]) > most:
            found.append({"field": name, "reason": _("It is too long."), "remedy": _("Say it in fewer words.")})
        elif "title" in name and "\n" in typed[name]:
            found.append({"field": name, "reason": _("A title is one line."), "remedy": _("Put it on one line.")})
    found += [
        {"field": name, "reason": _("Nothing is written yet."), "remedy": _("Write it here.")}
        for name in ("title", "text")
        if not typed[name]
    ]
    members = tuple(each.strip()[:1000] for each in typed["consulted"].split("\n") if each.strip())
    if len(members) > MOST_MEMBERS:
        found.append(
            {"field": "consulted", "reason": _("Too many members are named."), "remedy": _("Name the most concerned.")}
        )
    if found:
        return None, found
    return (
        industry.Given(
            title=typed["title"],
            text=typed["text"],
            consulted=members,
            proprietary=bool(request.POST.get("proprietary")),
            public_title=typed["public_title"] or None,
            public_summary=typed["public_summary"] or None,
        ),
        [],
    )


def _own(request: HttpRequest, code: str) -> tuple[PageRequest, Person, industry.Sent, intake.Public]:
    """A submission of the organisation and its public state; what is another's is not here."""
    page, person, organisation = _room(request)
    sent = industry.one(organisation, code)
    if sent is None:
        raise not_here(_("recommendation"))
    asking = room.keeper(page.node)
    held = room.recorded(asking, [sent.code])
    return page, person, sent, intake.public(asking, sent, held.get(sent.code))


@never_cache
def one(request: HttpRequest, code: str) -> HttpResponse:
    """One's own submission: its receipt, its public state, what is asked, the reply."""
    _page, _person, sent, state = _own(request, code)
    return _one(request, sent, state, [])


def _one(request: HttpRequest, sent: industry.Sent, state: intake.Public, errors: list[Correction]) -> HttpResponse:
    can = _can(sent, state)
    return answer(
        request,
        "industry/one.html",
        {
            "reference": sent.code,
            "received": sent.on,
            "title": sent.given.title,
            "state": state,
            "can": can,
            "errors": errors,
        },
        status=422 if errors else 200,
        sent=sent,
        state_words=words.heading(state.state),
        nonce=binding.fresh,
        typed=request.POST,
        wrong=request.POST.get("what", ""),
        receipt=reverse("industry_receipt", args=[sent.code]),
        say=reverse("industry_say", args=[sent.code]),
    )


def _can(sent: industry.Sent, state: intake.Public) -> list[str]:
    """What its submitter can say of it now."""
    found = [each for each in _SAID.get(state.state, ()) if each != "cleared" or not state.cleared]
    if sent.given.proprietary and not state.consented and state.state != "withdrawn":
        found.append("consented")
    return found


@never_cache
def say(request: HttpRequest, code: str) -> HttpResponse:
    """Say something of one's own submission: answer, clear public words, consent, withdraw."""
    _page, person, sent, state = _own(request, code)
    what = next((each for each in get_args(industry.What) if each == request.POST.get("what")), None)
    if request.method != "POST" or what not in _can(sent, state):
        return HttpResponseRedirect(reverse("industry_one", args=[sent.code]))
    wanted = {"answered": ("text",), "cleared": ("public_title", "public_summary")}.get(what, ())
    given = {each: _typed(request, each)[:50_000] for each in wanted}
    errors: list[Correction] = [
        {"field": each, "reason": _("Nothing is written yet."), "remedy": _("Write it here.")}
        for each in wanted
        if not given[each]
    ]
    if "\n" in given.get("public_title", "") or len(given.get("public_title", "")) > 1000:
        errors.append(
            {"field": "public_title", "reason": _("A title is one line."), "remedy": _("Put it on one line.")}
        )
    if errors:
        return _one(request, sent, state, errors)
    industry.say(person, sent, what, _key(request, person), **given)
    messages.success(request, _("Received. The office sees it now."))
    return HttpResponseRedirect(reverse("industry_one", args=[sent.code]))


@never_cache
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """The receipt as a paper."""
    page, _person, sent, state = _own(request, code)
    data = letters.receipt_of(page.node, sent.code, sent.organisation, sent.given.title, sent.on, state.due)
    made = HttpResponse(letters.typeset(data, "hi" if language() == "hi" else "en"), content_type="application/pdf")
    made["Content-Disposition"] = f'inline; filename="{sent.code}-receipt.pdf"'
    return made


PATTERNS: list[URLPattern] = [
    *route("industry/", front, "industry"),
    *route("industry/send/", send, "industry_send"),
    path("industry/<slug:code>/receipt.pdf", receipt, name="industry_receipt"),
    path("industry/<slug:code>/say/", say, name="industry_say"),
    *route("industry/<slug:code>/", one, "industry_one"),
]
