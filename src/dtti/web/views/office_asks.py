"""Requests to offices: asked from any record's page, answered in a short form, listed by whom they wait on. No rule.

What is asked and answered goes through the ordinary form and the ordinary confirmation; here it is begun and shown.
"""

from __future__ import annotations

from typing import Final

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from dtti.node.core.draft import new_record
from dtti.node.record import read
from dtti.office import asks as office
from dtti.office.asking import Asking, Stored
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.ask import ASK, Ask
from dtti.programme.kinds.ask_answer import ASK_ANSWER
from dtti.programme.kinds.delay import DELAY
from dtti.web import page
from dtti.web.page import Moment, answer, asked_by, not_here, number, route, url_of
from dtti.web.parts import Link, Way
from dtti.web.requests import PageRequest
from dtti.web.states import side_name

from . import acting, drafting, record, shown, words
from .acting import as_page
from .shown import Names

PAGE: Final = 50
WHOSE: Final = ("office", "side", "them", "by", "done")


class Line(msgspec.Struct, frozen=True):
    """A request on a line: on whom it waits, since when, what is asked of whom about what, until when it is wanted."""

    on: str
    state: str
    days: int | None
    since: str
    due: str | None
    what: str
    detail: str
    url: str
    record: str
    late: int
    national: bool
    action: Link | None = None


def line(names: Names, one: office.OneAsk, *, may_answer: bool) -> Line:
    """A request as a line of a page and of JSON."""
    ask, row = one.content, one.row
    told = [_("%(office)s asks") % {"office": _plain(names, ask.office)}, ask.text[:160]]
    if one.late:
        told.append(words.many("%(num)s day over the day asked for", "%(num)s days over the day asked for", one.late))
    if one.state != "open":
        told.append(words.word(one.state))
    url = url_of(row)
    reply = Link(_("Answer"), reverse("ask-answer", args=[row.code])) if may_answer and one.state == "open" else None
    return Line(
        ask.to,
        one.state,
        one.days if one.state == "open" else None,
        str(ask.asked_on),
        str(ask.wanted) if ask.wanted else None,
        names.called(row),
        ": ".join(told[:2]) + "".join(f" · {each}" for each in told[2:]),
        url + names.moment.query,
        row.record,
        one.late,
        one.national,
        reply,
    )


def _plain(names: Names, office_ref: str) -> str:
    return names.title(f"office:{office_ref}")


def lines(request: HttpRequest, asking: Asking, found: list[office.OneAsk]) -> list[Line]:
    """Requests as lines, their names asked for at once."""
    names = Names.of(request, page.Moment(asking.moment.on, asking.moment.known))
    names.learn({link for each in found for link in each.links})
    names.learn_for([each.row for each in found])
    mine = _office(as_page(request))
    may = acting.may_begin(as_page(request), ASK_ANSWER.code)
    return [line(names, each, may_answer=may and each.content.of == mine) for each in found]


def _office(request: PageRequest) -> str:
    """The reference of the office of the seat taken; empty without one."""
    state = read.state(request.node, request.viewer, request.seat.office) if request.seat else None
    return state[0].ref if state else ""


# --- begun -----------------------------------------------------------------------------------------------------------


def ask(request: HttpRequest, section: str, name: str) -> HttpResponse:
    """Ask an office about a record: the form of a request, begun with the record, the office that asks and today."""
    asking, wanted = as_page(request), record.find(request, section, name).row
    return _begin(request, ASK.code, {**_by(asking), **_about(wanted), "asked_on": Moment().today.isoformat()})


def delay(request: HttpRequest, section: str, name: str) -> HttpResponse:
    """Say why something waits on this side: the form, begun with the record and the side."""
    wanted = record.find(request, section, name).row
    return _begin(request, DELAY.code, {"side": as_page(request).node.side, **_about(wanted)})


def reply(request: HttpRequest, name: str) -> HttpResponse:
    """Answer a request as the office that was asked; or note what that office answered by letter."""
    asked = as_page(request)
    one = _one(request, name)
    content: Stored = {"side": asked.node.side, "ask": one.row.ref, "office": one.content.of}
    mine = _by(asked)
    if one.content.of == mine.get("office"):
        content |= mine
    return _begin(request, ASK_ANSWER.code, {**content, "given_on": Moment().today.isoformat()})


def withdraw(request: HttpRequest, name: str) -> HttpResponse:
    """Withdraw a request: its own form, with the question of the day open."""
    one = _one(request, name)
    if one.row.side != as_page(request).node.side:
        raise not_here(_("form"))
    there = reverse("draft", args=[one.row.code, "state"])
    return HttpResponseRedirect(f"{there}?add=withdrawn&add=why#id_withdrawn")


def _begin(request: HttpRequest, kind: str, content: Stored) -> HttpResponse:
    """A form that begins with a content; its reference tells nothing of how many there are."""
    wanted = as_page(request)
    if not wanted.viewer.person:
        raise not_here(_("form"))
    code = new_record(kind, wanted.node.side).rpartition("/")[2]
    stored = {"ref": f"{kind.replace('_', '-')}-{code[:12].lower()}", **content}
    return HttpResponseRedirect(drafting.begun_at(wanted, kind, stored))


def _by(request: PageRequest) -> Stored:
    """The side, the office and the holder that ask or answer."""
    found = {"side": request.node.side, "office": _office(request), "holder": str(request.user)}
    return {name: value for name, value in found.items() if value}


def _about(row: read.Listed) -> Stored:
    """What a request or a wait is about: a record, and the project that it belongs to."""
    of_another = row.project and row.project != row.ref
    return {"about": f"{row.kind}:{row.ref}", **({"project": row.project} if of_another else {})}


def _one(request: HttpRequest, name: str) -> office.OneAsk:
    found = record.find(request, ASK.face.address, name)
    one = office.one(asked_by(request, found.moment), found.row.record)
    if one is None:
        raise not_here(_("record"))
    return one


# --- shown -----------------------------------------------------------------------------------------------------------


class Reply(msgspec.Struct, frozen=True):
    """An answer to a request as its page shows it."""

    on: str
    office: str
    side: str
    result: str
    text: str | None
    letter: str | None
    noted: bool
    counts: bool
    against: str
    url: str
    national: bool


@record.own_page("ask")
def shown_ask(request: HttpRequest, found: record.Found) -> HttpResponse:
    """The page of a request: on whom it waits, what was asked, what was answered."""
    content, row = found.content, found.row
    assert isinstance(content, Ask)  # noqa: S101 - the registry hands this view requests alone
    asking, wanted = asked_by(request, found.moment), as_page(request)
    one = office.one(asking, row.record)
    near = record.around(request, found)
    names = record.names_for(request, found, near)
    if one is None:
        return record.answer(request, "pages/record.html", found, near, names)
    names.learn(one.links)
    names.learn_for([row])
    mine = _office(wanted)
    may_reply = one.state == "open" and acting.may_begin(wanted, ASK_ANSWER.code)
    ours = content.side == asking.mine
    ways = []
    if may_reply and content.to == asking.mine:
        ways.append(Link(_("Answer"), reverse("ask-answer", args=[row.code])))
    elif may_reply and ours:
        ways.append(Link(_("Note an answer by letter"), reverse("ask-answer", args=[row.code])))
    if one.state == "open" and ours and acting.may_begin(wanted, ASK.code):
        ways.append(Link(_("Withdraw it"), reverse("ask-withdraw", args=[row.code])))
    if one.state == "open" and content.to == asking.mine and acting.may_begin(wanted, DELAY.code):
        ways.append(Link(_("Say why it waits"), reverse("delay-begin", args=[ASK.face.address, row.code])))
    replies = [_reply(names, each) for each in one.answers]
    return record.answer(
        request,
        "project/office_ask.html",
        found,
        near,
        names,
        skip=("text", "side", "project"),
        apart=(ASK_ANSWER.code,),
        also={
            "ask": {
                "state": one.state,
                "days": one.days,
                "late": one.late,
                "began": [each.isoformat() for each in one.began],
                "ended": [each.isoformat() for each in one.ended] if one.ended else None,
                "internal": content.internal,
            },
            "replies": replies,
        },
        one=one,
        own_title=names.plainly(row),
        asked_of=names.link(f"office:{content.of}"),
        asked_by=names.link(f"office:{content.office}"),
        about_link=names.link(content.about),
        of_you=content.of == mine,
        ways=ways,
        state_words=words.word(one.state),
        side_words=side_name(content.to),
        awaited_about=_court_of(names, content.about),
    )


def _court_of(names: Names, link: str) -> str:
    """The page of who is awaited on a record; empty where it is not seen."""
    row = names.row(link)
    return reverse("awaited-of", args=[KINDS[row.kind].face.address, row.code]) if row else ""


def _reply(names: Names, each: office.Answer) -> Reply:
    answer_ = each.content
    return Reply(
        str(answer_.given_on),
        names.title(f"office:{answer_.office}"),
        answer_.side,
        answer_.result,
        answer_.text,
        answer_.letter,
        answer_.noted,
        each.counts,
        _against(each.against),
        url_of(each.row),
        each.row.label == "national",
    )


def _against(code: str) -> str:
    return {
        "other-office": _("It is of another office than the one that was asked, and does not end the wait."),
        "other-side": _("It names no letter, or is of a side that was not asked, and does not end the wait."),
        "too-early": _("It is dated before the request, and does not end the wait."),
    }.get(code, "")


class Listing(msgspec.Struct, frozen=True):
    """A page of requests, as a page shows it and JSON gives it."""

    whose: str
    rows: list[Line]
    total: int


def awaited(request: HttpRequest) -> HttpResponse:
    """Requests by whom they wait on: this office, this side, the other; those of this office; those done with."""
    wanted = as_page(request)
    if wanted.viewer.public:
        raise not_here(_("page"))
    when = page.moment(request)
    asking = asked_by(request, when)
    whose = request.GET.get("whose", "side")
    whose = whose if whose in WHOSE else "side"
    mine = _office(wanted)
    found = [each for each in office.asks(asking) if _is(each, whose, mine, asking.mine)]
    at = number(request, "page", 1, most=20_000)
    start = (at - 1) * PAGE
    part = found[start : start + PAGE]
    titles = {
        "office": _("Asked of your office"),
        "side": _("Asked of %(side)s") % {"side": side_name(asking.mine)},
        "them": _("Asked of %(side)s") % {"side": side_name(asking.node.book.other or "")},
        "by": _("Asked by your office"),
        "done": _("Answered or withdrawn"),
    }
    if not asking.node.book.other:
        titles["them"] = _("Asked of the other side")
    if not mine:
        titles = {name: title for name, title in titles.items() if name not in ("office", "by")}
    return answer(
        request,
        "project/office_asks.html",
        Listing(whose, lines(request, asking, part), len(found)),
        views=[Way(title, f"{reverse('awaited')}?whose={name}", name == whose) for name, title in titles.items()],
        pages=shown.rows_page(request, len(found), start, PAGE, len(part)),
        crumbs=shown.crumbs(when, (_("Requests to offices"), "asks"), (_("Who is awaited"), None)),
    )


def _is(one: office.OneAsk, whose: str, mine: str, side: str) -> bool:
    ask = one.content
    if whose == "done":
        return one.state != "open"
    return (
        one.state == "open"
        and {
            "office": bool(mine) and ask.of == mine,
            "side": ask.to == side,
            "them": ask.to != side,
            "by": bool(mine) and ask.office == mine,
        }[whose]
    )


class OnDesk(msgspec.Struct, frozen=True):
    """What a desk shows of requests: those that wait on its office, those that its office made; how many of each."""

    of_office: list[Line]
    of_office_total: int
    by_office: list[Line]
    by_office_total: int


def on_desk(request: HttpRequest, asking: Asking, most: int) -> OnDesk:
    """The open requests of a desk: what the office was asked, and what it asked, the longest open first."""
    mine = _office(as_page(request))
    if not mine:
        return OnDesk([], 0, [], 0)
    opened = office.opened(office.asks(asking))
    of, by = ([each for each in opened if _is(each, whose, mine, asking.mine)] for whose in ("office", "by"))
    made = lines(request, asking, [*of[:most], *by[:most]])
    return OnDesk(made[: len(of[:most])], len(of), made[len(of[:most]) :], len(by))


PATTERNS: Final[list[URLPattern]] = [
    *route("asks/about/<slug:section>/<slug:name>/", ask, "ask-begin"),
    *route("asks/<slug:name>/answer/", reply, "ask-answer"),
    *route("asks/<slug:name>/withdraw/", withdraw, "ask-withdraw"),
    *route("delays/about/<slug:section>/<slug:name>/", delay, "delay-begin"),
    *route("awaited/", awaited, "awaited"),
]
