"""Answering, and what needs no text of its own: agree, send back, withdraw, hand over, ask, remark, notice, release.

Each page says who is bound and to what before anything is recorded; the offer answered is the one that was shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from dtti.accord.fold import Offer, View
from dtti.accord.refusal import Refused, refuse
from dtti.node.line.late import LateAnswer
from dtti.node.people import authorship, duties, permissions
from dtti.office import acts
from dtti.office.asking import Asking
from dtti.office.writing import Asked
from dtti.programme.kinds import KINDS
from dtti.web import typed
from dtti.web.page import answer, group_name, not_here, route
from dtti.web.parts import Choice, Link, Option

from . import acting, release_preview, versions
from .acting import Words, as_page
from .bound import OUTCOMES
from .drafting import draft_of, person_of
from .shown import side_name
from .words import field_name
from .work import head, notices, seen_late


def _confirming(
    request: HttpRequest,
    name: str,
    purpose: str,
    words: Words | Callable[[acting.Work], Words],
    act: Callable[[acting.Work, View, str], Asked],
    *,
    own: Sequence[str] = ("text.remarks",),
    **beside: Callable[[acting.Work], Any],
) -> HttpResponse:
    """One page for acts without a text of their own: all that they bind to, remarks, confirm; then the act.

    `act` is asked with the record, as it stands, and the remarks; again when it is written. `own`: what the form itself
    asks for.
    `beside`: what the page shows besides.
    """
    page = as_page(request)
    work = acting.work_on(page, name)
    permit = acting.ask(page, purpose, work.row.kind, label=work.row.label)
    return acting.confirming(
        page,
        permit,
        work.row.record,
        lambda _seed: act(work, page.node.book.view(work.row.record), acting.remarks(page)),
        words if isinstance(words, Words) else words(work),
        work=work,
        own=own,
        head=head(work),
        back=reverse("work", args=[work.row.code]),
        **{part: made(work) for part, made in beside.items()},
    )


def _open(view: View) -> Offer:
    """The open offer; Refused where there is none."""
    if view.offer is None:
        raise Refused(refuse("offer", _("No offer is open on this record."), _("Look at what stands now.")))
    return view.offer


def agree(request: HttpRequest, name: str) -> HttpResponse:
    """Agree to the open offer."""

    def words(work: acting.Work) -> Words:
        offer = work.view.offer
        closed = _(
            "Once the other side's office system has closed the offer, this text stands agreed here: the next version."
        )
        firm = _(
            "The offer is firm: with your agreement, given in time, this text stands agreed here, the next version."
        )
        return Words(
            title=_("Agree to this text"),
            binds=_(
                "Your office agrees, for your side, to exactly this text. It binds both offices to the text of this "
                "record."
            ),
            stands=firm if offer and offer.firm else closed,
            undo=_("No. A later text can replace it; this agreement stays in the record."),
            button=_("Agree, for the record"),
            elsewhere=Link(_("Send back"), reverse("send_back", args=[work.row.code])),
        )

    return _confirming(
        request, name, "accept", words, lambda work, view, _said: acts.agree(work.row.record, _open(view)), own=()
    )


def send_back(request: HttpRequest, name: str) -> HttpResponse:
    """Send the open offer back with remarks, or go on to a counter-text."""
    page = as_page(request)
    if request.method == "POST" and request.POST.get("counter"):
        held, _work = draft_of(page, name, "counter")
        said = acting.remarks(page)
        if said not in held.remarks:  # what a colleague has written there stays, and a blank takes nothing away
            held.remarks = "\n\n".join(each for each in (held.remarks, said) if each)
        versions.add(held, person_of(page))
        typed.settled(request)
        return HttpResponseRedirect(reverse("draft", args=[name, "counter"]))

    def words(work: acting.Work) -> Words:
        return Words(
            title=_("Send this text back"),
            binds=_("Nobody is bound. Your office says what stands against the text."),
            stands=_("What was agreed before stays as it is. The drafting passes to your side."),
            undo=_("No, but you can send a text of your own at any time after it."),
            button=_("Send back with these remarks"),
            remarks=_("Remarks to the other side"),
            needed=True,
            missing=_("Say what stands against the text."),
            counter=acting.may(page, "counter", work.row.kind, label=work.row.label),
        )

    return _confirming(
        request, name, "send_back", words, lambda work, view, said: acts.send_back(work.row.record, _open(view), said)
    )


def withdraw(request: HttpRequest, name: str) -> HttpResponse:
    """Withdraw this side's open offer."""
    words = Words(
        title=_("Withdraw the offer"),
        binds=_("Nobody is bound any longer by this offer."),
        stands=_(
            "What was agreed before stays as it is. If the other side agreed meanwhile, what came first here counts."
        ),
        undo=_("No, but the text can be sent again."),
        button=_("Withdraw, for the record"),
        remarks=_("Remarks to the other side"),
    )
    return _confirming(
        request, name, "withdraw", words, lambda work, view, said: acts.withdraw(work.row.record, _open(view), said)
    )


def late_answer(request: HttpRequest, name: str) -> HttpResponse:
    """End an offer of this side whose answer was first seen after its date: as late, or by the answer all the same."""
    page = as_page(request)
    asking, chosen = acting.asking(page), page.POST.get("outcome", "")

    def act(work: acting.Work, view: View, _said: str) -> Asked:
        return acts.end_late(asking, view.record, _first_seen_late(asking, view), chosen, work.office)

    def words(work: acting.Work) -> Words:
        ends = acts.late_ends(asking, _first_seen_late(asking, work.view))
        agreed, is_late = _("The text is agreed here: the next version."), chosen == "late"
        return Words(
            title=_("Decide on a late answer"),
            binds={
                "late": _("Nobody is bound. Your office says that the answer came after the offer had run out."),
                "agreed": _(
                    "Your office lets the answer count, late as it was seen. It binds both offices to this text."
                ),
                "returned": _("Nobody is bound. Your office lets the answer count: the text was sent back."),
            }.get(chosen, ""),
            stands={
                "agreed": agreed,
                "returned": _("What was agreed before stays as it is. The drafting passes to the other side."),
            }.get(chosen, _("What was agreed before stays as it is. The offer is gone, and was never agreed.")),
            undo=_("No, but the text can be offered again.") if is_late else _("No. A later text can replace it."),
            button=_("End it as late, for the record") if is_late else _("Close it by their answer, for the record"),
            choice=Choice(
                "outcome",
                _("How the offer ends"),
                [Option(end, _(OUTCOMES[end])) for end in ends],
                chosen,
                _("Choose one."),
            ),
        )

    return _confirming(
        request, name, "late", words, act, own=("terms", "named"), late=lambda work: seen_late(page, work.view)
    )


def _first_seen_late(asking: Asking, view: View) -> LateAnswer:
    """The answer that waits for a decision; Refused where there is none."""
    found = acts.late_answer(asking, view)
    if found is None:
        raise Refused(
            refuse(
                "late-answer",
                _("No offer of this side on that record waits for such a decision."),
                _("Of an offer that was answered in time the office system itself records how it ended."),
            )
        )
    return found


def hand_over(request: HttpRequest, name: str) -> HttpResponse:
    """Hand the drafting to the other side."""
    words = Words(
        title=_("Hand over the drafting"),
        binds=_("Nobody is bound. Only the other side can send the next text."),
        stands=_("What was agreed before stays as it is. The drafting is with the other side once it has seen this."),
        undo=_("Only by asking for the text."),
        button=_("Hand over, for the record"),
        remarks=_("Remarks to the other side"),
    )
    return _confirming(
        request, name, "hand_over", words, lambda work, _view, said: acts.hand_over(work.row.record, said)
    )


def request_pen(request: HttpRequest, name: str) -> HttpResponse:
    """Ask the other side for the text."""
    words = Words(
        title=_("Ask for the text"),
        binds=_("Nobody is bound. The days until the other side hands over are counted, and both sides see them."),
        stands=_("What was agreed before stays as it is."),
        undo=_("No, but a later text ends the request."),
        button=_("Ask, for the record"),
        remarks=_("Remarks to the other side"),
    )
    return _confirming(
        request, name, "request_pen", words, lambda work, _view, said: acts.request_pen(work.row.record, said)
    )


def remark(request: HttpRequest, name: str) -> HttpResponse:
    """Put a remark beside the text for colleagues: it stays in what this side keeps for itself, whatever it is on."""
    page = as_page(request)
    chosen = page.POST.get("kept", "")

    def words(work: acting.Work) -> Words:
        group = group_name(page, acting.kept_to(page, work.row, chosen))
        choices = [] if work.row.kept else acting.kept_choices(page)
        alone = Option("yes", _("Our side alone"))
        who = Choice("kept", _("Who may read it"), [alone, *choices], chosen or "yes")
        return Words(
            title=_("Remark inside"),
            choice=who if choices else None,
            binds=_("Nobody is bound. Only offices in %(group)s read this remark; nobody else is told of it.")
            % {"group": group}
            if group
            else _(
                "Nobody is bound. Only your own side reads this remark; the other side is not told that there is one."
            ),
            stands=_("The text stays as it is."),
            undo=_("No. A remark stays in the record, and can be erased from it by order."),
            button=_("Remark inside, for the record"),
            remarks=_("Remark for your own side"),
            needed=True,
            missing=_("Write what you want to say."),
            inside=True,
        )

    def act(work: acting.Work, _view: View, said: str) -> Asked:
        return acts.remark(work.row.record, said, acting.kept_to(page, work.row, chosen))

    return _confirming(request, name, "remark", words, act, own=("text.remarks", "terms"))


def remark_to_other(request: HttpRequest, name: str) -> HttpResponse:
    """Put a remark beside the text that the other side reads."""
    other = acting.other(as_page(request))
    words = Words(
        title=_("Remark to the other side"),
        binds=_("Nobody is bound. Both sides read this remark, %(side)s among them, and keep it.")
        % {"side": side_name(other) if other else _("a side that joins later")},
        stands=_("The text stays as it is."),
        undo=_("No. What the other side has read cannot be taken back."),
        button=_("Send this remark to the other side"),
        remarks=_("Remarks to the other side"),
        needed=True,
        missing=_("Write what you want to say."),
        outside=True,
    )
    return _confirming(
        request, name, "remark_to_other", words, lambda work, _view, said: acts.remark_to_other(work.row.record, said)
    )


def notice(request: HttpRequest, name: str) -> HttpResponse:
    """Suspend, resume, or withdraw from a joint record, alone; of a kind with forms of its own, the way there."""
    if (own := _own_forms(as_page(request), name)) is not None:
        return own
    words = Words(
        title=_("Suspend, resume or withdraw from"),
        binds=_("Your side alone gives this notice. While it stands nothing new is agreed on this record."),
        stands=_("What was agreed before stays in the record, with your notice beside it."),
        undo=_("A suspension is lifted by resuming; a withdrawal stays."),
        button=_("Give notice, for the record"),
        remarks=_("Remarks to the other side"),
        notice=True,
        missing=_("Choose one."),
    )
    return _confirming(
        request,
        name,
        "notice",
        words,
        lambda work, _view, said: acts.notice(work.row.record, request.POST.get("notice", ""), said),
        own=("text.remarks", "terms"),
    )


def _own_forms(page: Any, name: str) -> HttpResponse | None:
    """The forms on which a notice on this record is given, and nothing is taken here; None where this is the form."""
    work = acting.work_on(page, name)
    if not KINDS[work.row.kind].face.notices:
        return None
    acting.ask(page, "notice", work.row.kind, label=work.row.label)
    if page.method == "POST":
        raise Refused(
            refuse(
                "notice-form",
                _("Nothing was recorded: a notice on this record is given on a form of its own, with its reason."),
                _("Open the page of its text: buttons there lead to the form of each notice that your side can give."),
            )
        )
    return answer(
        page,
        "work/notices.html",
        {"record": work.row.record, "ways": [Link(label, url) for label, url in notices(page, work)]},
        called=work.row.title or work.row.ref,
        back=reverse("work", args=[work.row.code]),
    )


def release(request: HttpRequest, name: str) -> HttpResponse:
    """Release what this side has kept of a record: the other side is given a copy of what it says now."""
    page = as_page(request)
    if refusal := permissions.ever(page.seat, "release", KINDS):
        raise permissions.Forbidden(refusal)
    work = acting.work_on(page, name)
    if acts.kept(acting.asking(page), work.row.record) is None:
        raise not_here(_("record"))
    permit = acting.ask(page, "release", work.row.kind, label="national")

    def act(seed: str) -> Asked:
        kept = acts.kept(acting.asking(page), work.row.record)
        if kept is None:
            raise Refused(
                refuse("release", _("There is nothing here to release."), _("Look at what stands there now."))
            )
        wrote = authorship.authors(work.row.record, kept.act)
        refusal = duties.other_than_author(page.user.pk or 0, str(page.user), wrote, acting.by_of(page, kept.act))
        if refusal is not None:
            raise Refused(refusal)
        whole = request.POST.get("apart", "") == "yes"
        return acts.release(acting.asking(page), work.row.record, acting.actor(page), seed, whole=whole)

    apart = [field_name(each) for each in acts.apart(work.row.record, work.content)]
    words = Words(
        choice=Choice(
            "apart",
            _("What stays inside unless you say otherwise: %(what)s") % {"what": ", ".join(apart)},
            [Option("no", _("It stays inside")), Option("yes", _("It is told too"))],
            request.POST.get("apart", "no"),
        )
        if apart
        else None,
        title=_("Release to the other side"),
        binds=_(
            "Your office, for your side, lets the other side read exactly this text. It binds nobody to anything else."
        ),
        stands=_(
            "A copy under an identity of its own stands in our official record, which the other side takes in. "
            "This record stays with your side."
        ),
        undo=_("No. What the other side has read cannot be taken back."),
        button=_("Release, for the record"),
        outside=True,
    )
    return acting.confirming(
        page,
        permit,
        work.row.record,
        act,
        words,
        work=work,
        writers=None,
        head=head(work),
        back=reverse("work", args=[work.row.code]),
        preview=release_preview.preview(page, work),
    )


def confirm_paper(request: HttpRequest, name: str) -> HttpResponse:
    """Record that the other side's report is of the same signed paper as ours."""
    page = as_page(request)

    def act(work: acting.Work, view: View, said: str) -> Asked:
        reports = acts.unconfirmed(view, page.node.side)
        if not reports:
            raise Refused(refuse("confirms", _("There is no report to confirm."), _("Record from paper.")))
        asked = acts.confirm_paper(acting.asking(page), work.row.record, reports[-1], said)
        if asked is None:
            raise Refused(refuse("held", _("The text of the report is not here."), _("Exchange again first.")))
        return asked

    words = Words(
        title=_("Confirm from the same paper"),
        binds=_(
            "Your office says that it holds the same signed paper with the same text. The paper binds, not this page."
        ),
        stands=_("The text stands as agreed on paper, both confirm."),
        undo=_("No. A later correction stands beside it."),
        button=_("Confirm, for the record"),
        remarks=_("Remarks to the other side"),
    )
    return _confirming(request, name, "confirm_paper", words, act)


PATTERNS: list[URLPattern] = [
    *route("work/<slug:name>/agree/", agree, "agree"),
    *route("work/<slug:name>/send-back/", send_back, "send_back"),
    *route("work/<slug:name>/withdraw/", withdraw, "withdraw"),
    *route("work/<slug:name>/late-answer/", late_answer, "late"),
    *route("work/<slug:name>/hand-over/", hand_over, "hand_over"),
    *route("work/<slug:name>/ask/", request_pen, "request_pen"),
    *route("work/<slug:name>/remark/", remark, "remark"),
    *route("work/<slug:name>/remark-to-the-other-side/", remark_to_other, "remark_to_other"),
    *route("work/<slug:name>/notice/", notice, "notice"),
    *route("work/<slug:name>/release/", release, "release"),
    *route("work/<slug:name>/confirm-paper/", confirm_paper, "confirm_paper"),
]
