"""The industry forum: its terms, its sessions, and what a session's page shows beside the meeting. Holds no rule."""

from __future__ import annotations

from typing import Any, cast

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from markupsafe import Markup

from dtti.office import forum as office
from dtti.office.forum import recommendations
from dtti.programme.kinds.contact import CONTACT, Contact
from dtti.programme.kinds.disposition import DISPOSITION
from dtti.programme.kinds.recommendation import RECOMMENDATION
from dtti.programme.kinds.session import SESSION
from dtti.web import page
from dtti.web.page import route
from dtti.web.parts import Link
from dtti.web.requests import PageRequest

from . import acting, forum_office, record, shown, words
from .record import Beside, Found
from .shown import Names
from .words import _


def forum(request: HttpRequest) -> HttpResponse:
    """The forum: how industry is heard, by which criteria and when it is answered; its sessions."""
    moment = page.moment(request)
    asking = page.asked_by(request, moment)
    found = office.forum(asking)
    held = cast(PageRequest, request)
    data = {
        "on": moment.on or None,
        "known": moment.known or None,
        "terms": msgspec.to_builtins(found.terms),
        "bodies": found.bodies,
        "sessions": [
            {
                "record": each.row.record,
                "ref": each.row.ref,
                "date": str(each.content.date),
                "status": each.content.status,
                "before": each.group.ref if each.group else None,
                "named": each.named,
                "after_it": each.after,
            }
            for each in found.sessions
        ],
    }
    if page.wants_json(request):
        return page.answer(request, "forum/forum.html", data)
    links = {f"meeting:{each.row.ref}" for each in found.sessions}
    links |= {f"meeting:{each.group.ref}" for each in found.sessions if each.group}
    names = Names.of(request, moment).learn(links | {f"source:{ref}" for ref in found.terms.about.sources})
    return shown.show(
        request,
        "forum/forum.html",
        {"on": moment.on or None, "known": moment.known or None},
        moment,
        names,
        crumbs=shown.crumbs(moment, (_("Industry forum"), None)),
        terms=_terms(names, found.terms),
        forums=[shown.anchor(names.link_to(row)) for row in found.bodies],
        rows=[_row(names, each) for each in found.sessions],
        after=[names.called(each.row) for each in found.sessions if each.after],
        links=_ways(held),
    )


class Said(msgspec.Struct, frozen=True):
    """A criterion or a legal notice in words, and on what it rests."""

    words: str
    basis: str
    cite: Markup


class Terms(msgspec.Struct, frozen=True):
    """What holds for whoever recommends something: the time for an answer, the ways, the criteria, the notices."""

    title: str
    lede: str
    cite: Markup
    days: int
    answer: str
    answer_basis: str
    ways: list[str]
    criteria: list[Said]
    notices: list[Said]


def _terms(names: Names, terms: office.Terms) -> Terms:
    """The terms in words, each with on what it rests."""

    def rests(sources: tuple[str, ...], confidence: str) -> Any:
        return shown.macro("value", "cite", sources=names.sources(sources), confidence=confidence)

    return Terms(
        title=_(terms.about.title),
        lede=_(terms.about.lede),
        cite=rests(terms.about.sources, terms.about.confidence),
        days=terms.answer.days,
        answer=_(terms.answer.words),
        answer_basis=_(terms.answer.basis),
        ways=[_(each.words) for each in terms.ways],
        criteria=[Said(_(each.words), _(each.basis), rests(each.sources, each.confidence)) for each in terms.criteria],
        notices=notices(names, terms),
    )


def notices(names: Names, terms: office.Terms) -> list[Said]:
    """The legal notices that stand on the page of every session, each with source and confidence."""
    return [
        Said(
            _(each.words),
            _(each.basis),
            shown.macro("value", "cite", sources=names.sources(each.sources), confidence=each.confidence),
        )
        for each in terms.notices
    ]


def _row(names: Names, each: office.Held) -> dict[str, object]:
    group: Any = {"absent": "unknown"}
    if each.group:
        note = _("after it: the session is to come before") if each.after else "" if each.named else _("by its date")
        group = shown.with_note(shown.anchor(names.link_to(each.group)), note)
    return {
        "session": names.link_to(each.row),
        "date": shown.when(each.content.date),
        "status": words.word(each.content.status),
        "how": words.word(each.content.mode),
        "before": group,
    }


def _ways(request: PageRequest) -> list[Link]:
    """What whoever looks can do from here."""
    made = []
    if request.viewer.national:
        lists = (RECOMMENDATION, DISPOSITION, SESSION, CONTACT)
        made += [Link(words.plural(each.code), reverse(each.face.address)) for each in lists]
    if forum_office.chairs(request):
        made.append(Link(_("What came in by form"), reverse("intake")))
        made.append(Link(_("Accounts of industry"), reverse("industry_accounts")))
    if acting.may_begin(request, RECOMMENDATION.code) and request.viewer.person:
        made.append(Link(_("Record a recommendation that came by mail or at a session"), reverse("recommendation_new")))
        made.append(Link(_("Record a contact with industry"), reverse("start", args=[CONTACT.face.address])))
    return made


@record.beside("meeting")
def beside(request: HttpRequest, found: Found) -> Beside:
    """What stands beside a meeting that is a session of the forum: notices, guidance, questions, who attended."""
    content = found.content
    asking = page.asked_by(request, found.moment)
    if not isinstance(content, office.Meeting) or not office.is_session(asking, content):
        return _onto(request, found)
    held = office.session(asking, found.row, content)
    contacts = _contacts(request, found)
    links = {f"meeting:{held.group.ref}"} if held.group else set()
    links |= {f"source:{ref}" for each in office.terms().notices for ref in each.sources}
    names = Names.of(request, found.moment).learn(links).learn_for(row for row, _of in held.kept)
    mine = next((row for row, _of in held.kept if row.about == asking.mine), None)
    start = f"{reverse('start', args=[SESSION.face.address])}?meeting={content.ref}"
    may = acting.may_begin(acting.as_page(request), SESSION.code) and asking.viewer.national
    return Beside(
        {
            "forum_session": {
                "before": held.group.ref if held.group else None,
                "named": held.named,
                "after_it": held.after,
                "kept": [{"record": row.record, "content": of} for row, of in held.kept],
                "notices": msgspec.to_builtins(office.terms().notices),
                "contacts": [row.record for row, _of in contacts],
            }
        },
        {
            "forum_session": {
                "before": shown.anchor(names.link_to(held.group)) if held.group else None,
                "named": held.named,
                "after": held.after,
                "notices": notices(names, office.terms()),
                "kept": [
                    {
                        "side": row.about,
                        "link": {"text": shown.text(names.called(row)), "url": shown.url_of(row)},
                        "national": row.label == "national",
                        "content": of,
                    }
                    for row, of in held.kept
                ],
                "contacts": [
                    {
                        "organisation": {"text": shown.text(of.organisation), "url": shown.url_of(row)},
                        "holder": of.holder,
                        "on": shown.when(of.met_on),
                        "topic": shown.text(of.topic),
                    }
                    for row, of in contacts
                ],
                "start": start if may and not mine else None,
                "contact": f"{reverse('start', args=[CONTACT.face.address])}?session={content.ref}" if may else None,
            }
        },
    )


def _contacts(request: HttpRequest, found: Found) -> list[tuple[Any, Contact]]:
    """Contacts of this side at the session, as far as who looks sees them."""
    near = record.around(request, found) if page.viewer_of(request).national else None
    return near.of(Contact) if near else []


def _onto(request: HttpRequest, found: Found) -> Beside:
    """What the forum has agreed for the agenda of a meeting's body, that stands on none yet."""
    content = found.content
    if not isinstance(content, office.Meeting) or content.status != "planned":
        return Beside()
    asking = page.asked_by(request, found.moment)
    waiting = recommendations.for_agenda(asking, content.body)
    if not waiting:
        return Beside()
    names = Names.of(request, found.moment)
    return Beside(
        {"for_agenda": [row.record for row, _of in waiting]},
        {"for_agenda": [shown.anchor(names.link_to(row)) for row, _of in waiting]},
    )


PATTERNS: list[URLPattern] = [*route("forum/", forum, "forum")]
