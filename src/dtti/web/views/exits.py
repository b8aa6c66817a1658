"""Suspending, resuming, leaving and closing a project, from its page: a short form for each task. Holds no rule."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from dtti.node.record.read import Listed
from dtti.office import exits as office
from dtti.office.exits import Alone, Ending
from dtti.office.standing import standing
from dtti.office.standing_words import reason
from dtti.web.page import answer, asked_by, not_here, route, url_of
from dtti.web.parts import Choice, Link, Option
from dtti.web.requests import PageRequest

from . import acting, drafting, record, words
from .acting import Words, as_page
from .shown import Names
from .work import head


class Closing(msgspec.Struct, frozen=True):
    """What the page of a project shows of its closure: its page, whose word it is, whether it is agreed."""

    url: str
    work: str
    row: Listed
    counts: bool


class Shown(msgspec.Struct, frozen=True):
    """How a project stands, as its page shows it: in words, what came after it, its closure, what can be done.

    `closed`: both agreed a closure.
    """

    said: str
    marked: bool
    ended: bool
    closed: bool
    flagged: bool
    next: list[Link]
    lacks: list[str]
    closing: Closing | None
    doings: list[Link]


def shown(request: PageRequest, found: record.Found) -> tuple[Any, Shown]:
    """How a project stands and what may be done, for its page; the standing itself is part of its JSON."""
    asking = asked_by(request, found.moment)
    one = standing(asking, found.row, found.content)
    names = Names.of(request, found.moment).learn([*one.next] if one else [])
    closing = office.closing(asking, found.row)
    return one, Shown(
        names.learn_standing([found.row], {found.row.record: one} if one else {}).stands(found.row),
        bool(one and one.marked),
        bool(one and one.ended),
        bool(one and one.basis == "agreed"),
        bool(found.row.flagged),
        [Link(names.line(link), names.url(link) or "") for link in one.next] if one else [],
        [words.word(each) for each in one.lacks] if one else [],
        Closing(url_of(closing.row), reverse("work", args=[closing.row.code]), closing.row, closing.counts)
        if closing
        else None,
        [*_doings(request, found.row, closed=closing is not None)],
    )


def _title(alone: Alone) -> str:
    """What the form of a notice is called, as on every page that leads to it."""
    label, _page = office.PROJECT.face.notices[office.NOTICES[alone]]
    return _(label)


def _doings(request: PageRequest, row: Listed, *, closed: bool) -> list[Link]:
    """The tasks that the seat taken may do with the project now."""
    if not request.viewer.person:
        return []
    ways = office.ways(acting.asking(request), row)
    made = []
    if acting.may(request, "notice", office.PROJECT.code, label=row.label):
        made += [Link(_title(each), reverse(f"project_{each}", args=[row.code])) for each in ways.alone]
    if ways.close and not closed and acting.may_begin(request, office.CLOSURE.code):
        made.append(Link(_("Close the project with the other side"), reverse("project_close", args=[row.code])))
    return made


def _of_offer(open_offer: str) -> str:
    """What becomes of an offer that is open when a notice is given."""
    return {
        "none": _("No text waits for an answer now."),
        "theirs": _(
            "The text that the other side has offered can be sent back, and not agreed to, while the notice stands."
        ),
        "ours": _(
            "The text that your side has offered stays open: the other side can send it back, and you can withdraw it. "
            "If it was agreed to and recorded before either side has seen this notice, the agreement stands, and both "
            "pages say that a notice crossed it."
        ),
        "agreed": _(
            "The other side has already agreed to the text that your side offered, and your office system has not "
            "recorded it yet. After this notice it will not: withdraw the offer."
        ),
        "returned": _("The text that your side has offered was sent back already."),
    }[open_offer]


def _words(asking: Any, work: acting.Work, alone: Alone, chosen: str) -> Words:
    offer = _of_offer(office.open_offer(work.view, asking.mine))
    why = Choice(
        "reason",
        _("Reason"),
        [Option(each, reason(each, words.language())) for each in office.REASONS],
        chosen,
        _("Choose a reason."),
    )
    if alone == "resume":
        return Words(
            title=_title(alone),
            binds=_(
                "Nobody is bound. Your side alone lifts what it suspended; what the other side suspended stays so."
            ),
            stands=_("Texts can be offered and agreed again, as before. Nothing that lapsed meanwhile comes back."),
            undo=_("Your side can suspend it again at any time."),
            button=_("Resume, for the record"),
            remarks=_("Words to the other side"),
            before=True,
            outside=True,
        )
    suspends = alone == "suspend"
    stands = (
        _("What was agreed stays agreed: agreements in force, promises and dates run on. %(offer)s")
        if suspends
        else _(
            "What was agreed stays in the record. Until both sides agree a closure, the project is shown as left "
            "without a closure record. %(offer)s"
        )
    )
    return Words(
        title=_title(alone),
        binds=_(
            "Your side alone says this, and binds nobody else. Nothing new is agreed on the text of the project, and "
            "it enters no stage, until your side resumes it."
        )
        if suspends
        else _(
            "Your side alone leaves the project, for good. The text of the project can never be agreed further. It "
            "ends no agreement: one that is in force ends by its own clauses, with the notice that it asks for."
        ),
        stands=stands % {"offer": offer},
        undo=_("Your side resumes it at any time; nobody else can.")
        if suspends
        else _("No. A project taken up again is a new one that names this one."),
        button=_("Suspend, for the record") if suspends else _("Withdraw from the project, for the record"),
        remarks=_("Reason in words"),
        needed=True,
        missing=_("Say why, in a sentence."),
        why=why if office.takes_reason(asking) else None,
        before=True,
        outside=True,
    )


def _alone(alone: Alone) -> Any:
    def page_of(request: HttpRequest, name: str) -> HttpResponse:
        page = as_page(request)
        work = acting.work_on(page, name)
        if work.row.kind != office.PROJECT.code or work.row.side == "PUB":
            raise not_here(_("project"))
        permit = acting.ask(page, "notice", work.row.kind, label=work.row.label)
        asking, sent = acting.asking(page), request.POST.get("reason", "")
        chosen = sent if sent in office.REASONS else ""

        def act(_seed: str) -> Any:
            return office.give(
                asking, work.row.record, alone, chosen, acting.remarks(page), looked=request.method == "POST"
            )

        return acting.confirming(
            page,
            permit,
            work.row.record,
            act,
            _words(asking, work, alone, chosen),
            work=work,
            own=("text.remarks", "terms"),
            head=head(work),
            back=url_of(work.row),
        )

    page_of.__doc__ = f"{alone}: by notice of this side alone, with a reason."
    return page_of


suspend, resume, leave = _alone("suspend"), _alone("resume"), _alone("leave")


def _endings() -> dict[Ending, tuple[str, str]]:
    return {
        "completed": (_("The work is done"), _("It came to what both set out to do, in whole or in part.")),
        "not-pursued": (_("It is not pursued"), _("It was looked at, and no agreement was begun.")),
        "withdrawn": (
            _("A side has withdrawn"),
            _("That side has given notice; the closure says what is settled and what was learned."),
        ),
        "terminated": (_("Both end it"), _("Work under way ends by agreement of both sides.")),
        "expired": (_("Its agreement has come to an end"), _("The day stands in the record.")),
        "converted": (
            _("It became a sale, or a purchase by one side"),
            _("Name the trade contract, or say it in words. It counts as success only where the definition says so."),
        ),
        "superseded": (_("Another project took its place"), _("Name that project.")),
    }


class Way(msgspec.Struct, frozen=True):
    """A way in which a project may end: what it is called, what it means, where its closure is begun."""

    code: str
    label: str
    note: str
    url: str


#: How a project may have ended, in the order in which the page asks.
_ORDER: Final[tuple[Ending, ...]] = (
    "completed", "not-pursued", "terminated", "converted", "superseded", "expired", "withdrawn",
)  # fmt: skip


def close(request: HttpRequest, name: str) -> HttpResponse:
    """How the project ended: each answer leads to the closure, begun with what the record knows."""
    page = as_page(request)
    found = record.find(request, "projects", name)
    asking = acting.asking(page)
    if not page.viewer.person or not office.ways(asking, found.row).close:
        raise not_here(_("project"))
    acting.ask(page, f"write_draft:{acting.begins_as(page, office.CLOSURE.code)}", office.CLOSURE.code)
    chosen = next((each for each in _ORDER if each == request.GET.get("ending")), None)
    if chosen is not None:
        stands = standing(asking, found.row, found.content)
        content = office.begun(asking, found.row, chosen, stands)
        return HttpResponseRedirect(drafting.begun_at(page, office.CLOSURE.code, content))
    here = reverse("project_close", args=[found.row.code])
    left = any(notice == "withdraw_from" for _side, notice in found.row.notices)
    offered = [each for each in _ORDER if each != "withdrawn" or left]
    called = Names.of(request, found.moment).plainly(found.row)
    return answer(
        request,
        "project/close.html",
        {
            "record": found.row.record,
            "ways": [Way(each, *_endings()[each], f"{here}?ending={each}") for each in offered],
        },
        called=called,
        back=url_of(found.row),
    )


PATTERNS: list[URLPattern] = [
    *route("work/<slug:name>/suspend/", suspend, "project_suspend"),
    *route("work/<slug:name>/resume/", resume, "project_resume"),
    *route("work/<slug:name>/leave/", leave, "project_leave"),
    *route("work/<slug:name>/close/", close, "project_close"),
]
