"""Answering, and what needs no text of its own: agree, send back, withdraw, hand over, ask, remark, notice, release.

Each page says who is bound and to what before anything is recorded; the offer answered is the one that was shown.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from dtti.accord import table
from dtti.accord.refusal import Refused, refuse
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node import authorship, duties, permissions, read
from dtti.node import text as texts
from dtti.node.write import Draft
from dtti.programme.kinds import KINDS
from dtti.web import content_form
from dtti.web.page import answer, not_here, refused, route

from . import acting
from .acting import as_page
from .drafting import draft_of, save
from .work import head, standing_of


def _confirming(
    request: HttpRequest, name: str, purpose: str, words: dict[str, Any], act: Any, *, offer: bool = False
) -> HttpResponse:
    """One page for acts without a text of their own: what stands, remarks, confirm; then the act."""
    page = as_page(request)
    work = acting.work_on(page, name)
    permit = acting.ask(page, purpose, work.row.kind, label=work.row.label)
    standing = standing_of(request, work)
    if offer and standing["offer"] is None:
        return refused(
            request, (refuse("offer", _("No offer is open on this record."), _("Look at what stands now.")),)
        )
    if request.method == "POST" and request.POST.get("confirm"):
        return acting.write(page, permit, act(page, work))
    return answer(
        request,
        "work/confirm.html",
        {**head(work), **standing, "verb": permit.verb},
        words=words,
        who=acting.who(page),
        back=reverse("work", args=[work.row.code]),
    )


def agree(request: HttpRequest, name: str) -> HttpResponse:
    """Agree to the open offer."""

    def act(page: Any, work: acting.Work) -> Draft:
        named = request.POST.get("offer", "")
        return Draft("accept", work.row.record, table.Answer(named), texts=acting.remark_text(page))

    words = {
        "title": _("Agree to this text"),
        "binds": _(
            "Your office agrees, for your side, to exactly this text. It binds both offices to the text of this record."
        ),
        "stands": _(
            "Once the other side's office system has closed the offer, this text stands agreed here: the next version."
        ),
        "undo": _("No. A later text can replace it; this agreement stays in the record."),
        "button": _("Agree, for the record"),
        "remarks": False,
    }
    return _confirming(request, name, "accept", words, act, offer=True)


def send_back(request: HttpRequest, name: str) -> HttpResponse:
    """Send the open offer back with remarks, or go on to a counter-text."""
    if request.method == "POST" and request.POST.get("counter"):
        page = as_page(request)
        held, _work = draft_of(page, name, "counter")
        held.remarks = acting.remarks(page)
        save(page, held)
        return HttpResponseRedirect(reverse("draft", args=[name, "counter"]))

    def act(page: Any, work: acting.Work) -> Draft:
        said = acting.remarks(page)
        if not said:
            raise Refused(refuse("remarks", _("There are no remarks."), _("Say what stands against the text.")))
        named = request.POST.get("offer", "")
        return Draft("send_back", work.row.record, table.SendBack(named), texts=(texts.Text(remarks=said),))

    words = {
        "title": _("Send this text back"),
        "binds": _("Nobody is bound. Your office says what stands against the text."),
        "stands": _("What was agreed before stays as it is. The drafting passes to your side."),
        "undo": _("No, but you can send a text of your own at any time after it."),
        "button": _("Send back with these remarks"),
        "remarks": True,
        "counter": True,
    }
    return _confirming(request, name, "send_back", words, act, offer=True)


def withdraw(request: HttpRequest, name: str) -> HttpResponse:
    """Withdraw this side's open offer."""

    def act(page: Any, work: acting.Work) -> Draft:
        named = request.POST.get("offer", "")
        return Draft("withdraw", work.row.record, table.Answer(named), texts=acting.remark_text(page))

    words = {
        "title": _("Withdraw the offer"),
        "binds": _("Nobody is bound any longer by this offer."),
        "stands": _(
            "What was agreed before stays as it is. If the other side agreed meanwhile, what came first here counts."
        ),
        "undo": _("No, but the text can be sent again."),
        "button": _("Withdraw, for the record"),
        "remarks": True,
    }
    return _confirming(request, name, "withdraw", words, act, offer=True)


def hand_over(request: HttpRequest, name: str) -> HttpResponse:
    """Hand the drafting to the other side."""

    def act(page: Any, work: acting.Work) -> Draft:
        return Draft("hand_over", work.row.record, table.Plain(), texts=acting.remark_text(page))

    words = {
        "title": _("Hand over the drafting"),
        "binds": _("Nobody is bound. Only the other side can send the next text."),
        "stands": _(
            "What was agreed before stays as it is. The drafting is with the other side once it has seen this."
        ),
        "undo": _("Only by asking for the text."),
        "button": _("Hand over, for the record"),
        "remarks": True,
    }
    return _confirming(request, name, "hand_over", words, act)


def request_pen(request: HttpRequest, name: str) -> HttpResponse:
    """Ask the other side for the text."""

    def act(page: Any, work: acting.Work) -> Draft:
        return Draft("request_pen", work.row.record, table.Plain(), texts=acting.remark_text(page))

    words = {
        "title": _("Ask for the text"),
        "binds": _("Nobody is bound. The days until the other side hands over are counted, and both sides see them."),
        "stands": _("What was agreed before stays as it is."),
        "undo": _("No, but a later text ends the request."),
        "button": _("Ask, for the record"),
        "remarks": True,
    }
    return _confirming(request, name, "request_pen", words, act)


def remark(request: HttpRequest, name: str) -> HttpResponse:
    """Put a remark beside the text for colleagues: it stays in what this side keeps for itself, whatever it is on."""

    def act(page: Any, work: acting.Work) -> Draft:
        return Draft("comment", work.row.record, table.Plain(), texts=_said(page), ledger=NATIONAL)

    words = {
        "title": _("Remark inside"),
        "binds": _(
            "Nobody is bound. Only your own side reads this remark; the other side is not told that there is one."
        ),
        "stands": _("The text stays as it is."),
        "undo": _("No. A remark stays in the record, and can be erased from it by order."),
        "button": _("Remark inside, for the record"),
        "remarks": True,
        "inside": True,
    }
    return _confirming(request, name, "remark", words, act)


def remark_to_other(request: HttpRequest, name: str) -> HttpResponse:
    """Put a remark beside the text that the other side reads."""

    def act(page: Any, work: acting.Work) -> Draft:
        return Draft("comment", work.row.record, table.Plain(), texts=_said(page), ledger=RELEASED)

    other = acting.other(as_page(request))
    words = {
        "title": _("Remark to the other side"),
        "binds": _("Nobody is bound. Both sides read this remark, %(side)s among them, and keep it.")
        % {"side": acting.side_name(other) if other else _("a side that joins later")},
        "stands": _("The text stays as it is."),
        "undo": _("No. What the other side has read cannot be taken back."),
        "button": _("Send this remark to the other side"),
        "remarks": True,
        "outside": True,
    }
    return _confirming(request, name, "remark_to_other", words, act)


def _said(page: Any) -> tuple[texts.Text, ...]:
    said = acting.remark_text(page)
    if not said:
        raise Refused(refuse("remarks", _("There are no remarks."), _("Write what you want to say.")))
    return said


def notice(request: HttpRequest, name: str) -> HttpResponse:
    """Suspend, resume, or withdraw from a joint record, alone."""

    def act(page: Any, work: acting.Work) -> Draft:
        chosen = request.POST.get("notice", "")
        if chosen not in ("suspend", "resume", "withdraw_from"):
            raise Refused(refuse("notice", _("No notice was chosen."), _("Choose one.")))
        return Draft("notice", work.row.record, table.Notice(chosen), texts=acting.remark_text(page))  # type: ignore[arg-type]

    words = {
        "title": _("Suspend, resume or withdraw from"),
        "binds": _("Your side alone gives this notice. While it stands nothing new is agreed on this record."),
        "stands": _("What was agreed before stays in the record, with your notice beside it."),
        "undo": _("A suspension is lifted by resuming; a withdrawal stays."),
        "button": _("Give notice, for the record"),
        "remarks": True,
        "notice": True,
    }
    return _confirming(request, name, "notice", words, act)


def release(request: HttpRequest, name: str) -> HttpResponse:
    """Release what this side has kept of a record: the other side is given a copy of what it says now."""
    page = as_page(request)
    if refusal := permissions.ever(page.seat, "release", KINDS):
        raise permissions.Forbidden(refusal)
    work = acting.work_on(page, name)
    kept = acting.kept(page, work)
    if kept is None:
        raise not_here(_("record"))
    permit = acting.ask(page, "release", work.row.kind, label="national")
    drafted = acting.by_of(page, kept.act)
    wrote = authorship.authors(work.row.record, kept.act)
    refusal = duties.other_than_author(page.user.pk or 0, str(page.user), wrote, drafted)
    if refusal is not None:
        return refused(request, (refusal,))
    content = acting.content_of(page, kept.act, kept.body)
    if request.method == "POST" and request.POST.get("confirm"):
        receipts = page.node.release(work.row.record, permit.office, acting.holder(page))
        return HttpResponseRedirect(reverse("done", args=[receipts[0].act]))
    words = {
        "title": _("Release to the other side"),
        "binds": _(
            "Your office, for your side, lets the other side read exactly this text. It binds nobody to anything else."
        ),
        "stands": _(
            "A copy under an identity of its own stands in what both sides hold. This record stays with your side."
        ),
        "undo": _("No. What the other side has read cannot be taken back."),
        "button": _("Release, for the record"),
        "remarks": False,
        "outside": True,
    }
    return answer(
        request,
        "work/confirm.html",
        {**head(work), **standing_of(request, work), "verb": "release", "content": content},
        released=content_form.compared(work.row.kind, {}, content or {}),
        words=words,
        who=acting.who(page),
        back=reverse("work", args=[work.row.code]),
    )


def confirm_paper(request: HttpRequest, name: str) -> HttpResponse:
    """Record that the other side's report is of the same signed paper as ours."""
    page = as_page(request)
    work = acting.work_on(page, name)
    permit = acting.ask(page, "confirm_paper", work.row.kind, label=work.row.label)
    reports = acting.unconfirmed(work.view, page.node.side)
    if not reports:
        return refused(request, (refuse("confirms", _("There is no report to confirm."), _("Record from paper.")),))
    report = reports[-1]
    shown = read.body_of(page.node, page.viewer, report.act, report.body)
    content = shown.text.content if shown and shown.text else None
    paper = shown.text.paper if shown and shown.text else None
    if request.method == "POST" and request.POST.get("confirm"):
        if content is None or paper is None:
            raise Refused(refuse("held", _("The text of the report is not here."), _("Exchange again first.")))
        body = texts.Text(content=content, paper=paper, remarks=acting.remarks(page))
        terms = table.State(basis="paper", confirms=report.act)
        return acting.write(page, permit, Draft("state", work.row.record, terms, texts=(body,)))
    words = {
        "title": _("Confirm from the same paper"),
        "binds": _(
            "Your office says that it holds the same signed paper with the same text. The paper binds, not this page."
        ),
        "stands": _("The text stands as agreed on paper, both confirm."),
        "undo": _("No. A later correction stands beside it."),
        "button": _("Confirm, for the record"),
        "remarks": True,
    }
    return answer(
        request,
        "work/confirm.html",
        {**head(work), **standing_of(request, work), "verb": "state", "report": report, "paper": paper},
        report_comparison=content_form.compared(work.row.kind, {}, content or {}),
        words=words,
        who=acting.who(page),
        back=reverse("work", args=[work.row.code]),
    )


PATTERNS: list[URLPattern] = [
    *route("work/<slug:name>/agree/", agree, "agree"),
    *route("work/<slug:name>/send-back/", send_back, "send_back"),
    *route("work/<slug:name>/withdraw/", withdraw, "withdraw"),
    *route("work/<slug:name>/hand-over/", hand_over, "hand_over"),
    *route("work/<slug:name>/ask/", request_pen, "request_pen"),
    *route("work/<slug:name>/remark/", remark, "remark"),
    *route("work/<slug:name>/remark-to-the-other-side/", remark_to_other, "remark_to_other"),
    *route("work/<slug:name>/notice/", notice, "notice"),
    *route("work/<slug:name>/release/", release, "release"),
    *route("work/<slug:name>/confirm-paper/", confirm_paper, "confirm_paper"),
]
