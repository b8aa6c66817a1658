"""A text at work: what stands, what is offered over it, whose turn it is, what this seat may do, what was just done.

Drafting and answering have rooms of their own. Every act follows the same three steps: see what stands and what would
change, check, confirm for the record.
"""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from dtti.accord.fold import View
from dtti.accord.grade import beside, in_court
from dtti.node.acting import binding
from dtti.node.core.node import Node
from dtti.node.line import late
from dtti.node.people import models
from dtti.node.record import journal, read
from dtti.office import acts, public, waits
from dtti.programme.kinds import KINDS
from dtti.web import labels, outcome
from dtti.web.page import Moment, answer, asked_by, group_name, not_here, route, url_of
from dtti.web.parts import Row
from dtti.web.requests import PageRequest

from . import acting, bound, public_words, remarks
from .acting import as_page
from .shown import confirmed


def head(work: acting.Work) -> Row:
    """The row and the addresses that every page of work starts from."""
    row = work.row
    return {
        "row": row,
        "url": url_of(row),
        "kind_words": labels.kind(row.kind),
        "work": reverse("work", args=[row.code]),
    }


class Sighted(late.Lacking, frozen=True, kw_only=True):
    """An entry of this side that had not seen the answer, and its page."""

    url: str


class SeenLate(late.LateAnswer, frozen=True, kw_only=True):
    """What shows that an answer came late, with the pages of its entries and the one where this seat may decide."""

    sighted: Sighted | None
    what: str
    answer_url: str
    decide: str


def late_shown(found: late.LateAnswer, decide: str = "") -> SeenLate:
    """The same for a page; `decide`: where this seat decides, empty where it may not."""
    sighted = found.sighted
    fields = {
        **msgspec.structs.asdict(found),
        "sighted": Sighted(**msgspec.structs.asdict(sighted), url=reverse("entry", args=[sighted.act]))
        if sighted
        else None,
    }
    return SeenLate(
        **fields, what=labels.verb(found.verb), answer_url=reverse("entry", args=[found.answer]), decide=decide
    )


def seen_late(page: PageRequest, view: View, work: acting.Work | None = None) -> SeenLate | None:
    """What shows that the answer to this side's open offer came after its time; None where it came in time, or none.

    With `work` also the address at which this seat decides, empty where it may not.
    """
    found = waits.seen_late(asked_by(page, Moment()), view)
    may = found and work is not None and acting.may(page, "late", work.row.kind, label=work.row.label)
    return late_shown(found, reverse("late", args=[work.row.code]) if work and may else "") if found else None


def overview(request: HttpRequest, name: str) -> HttpResponse:
    """The text as it stands, what is offered over it word by word, and what this seat may do now."""
    page = as_page(request)
    work = acting.work_on(page, name)
    view = work.view
    made = binding.offered(page.node, page.viewer, view) if view.offer else None
    readable = not (made and made[0].against)
    kept = (
        acts.kept(asked_by(page, Moment()), work.row.record)
        if page.viewer.national and work.row.label != "national"
        else None
    )
    kept_act = journal.act(page.node, page.viewer, kept.act) if kept else None
    return answer(
        request,
        "work/overview.html",
        {
            **head(work),
            "current": read.text_shown(page.node, view),
            "offer": view.offer,
            "offered": bound.offer_shown(page, *made) if made else None,
            "readable": readable,
            "court": in_court(view),
            "pen": view.pen,
            "mine": page.node.side,
            "other": acting.other(page),
            "beside": beside(view),
            "doings": doings(page, work, readable=readable),
            "drafts": [
                {
                    "purpose": draft.purpose,
                    "updated": draft.updated,
                    "url": reverse("draft", args=[work.row.code, draft.purpose]),
                }
                for draft in models.Draft.objects.filter(office=work.office, record=work.row.record)
                if acting.may(page, f"read_draft:{draft.purpose}", draft.kind, label=work.row.label)
                and acting.open_to(page, draft)
            ]
            if work.office
            else [],
            "late": seen_late(page, work.view, work),
            "remarks": remarks.on_record(request, work.row.record),
            "public": public_words.state(public.said(asked_by(page, Moment()), work.row.record, work.content)),
            "kept": kept,
            "kept_to": group_name(page, kept_act.terms.get("group", "")) if kept_act else "",
        },
    )


def doings(page: Any, work: acting.Work, *, readable: bool) -> list[dict[str, str]]:
    """What the seat taken may do with the record now, the most pressing first: label and address."""
    row, view, mine = work.row, work.view, page.node.side
    code, offer = row.code, view.offer
    found: list[tuple[str, str, str]] = []
    if view.mode == "own":
        if row.side == mine:
            found.append(("write_draft:state", _("Change"), reverse("draft", args=[code, "state"])))
    else:
        if offer and offer.side != mine and not offer.answer:
            if readable:
                found.append(("accept", _("Agree"), reverse("agree", args=[code])))
            found.append(("send_back", _("Send back"), reverse("send_back", args=[code])))
        if offer and offer.side == mine and not offer.answer and not offer.firm:
            found.append(("withdraw", _("Withdraw the offer"), reverse("withdraw", args=[code])))
        if offer and seen_late(page, view):
            found.append(("late", _("Decide on a late answer"), reverse("late", args=[code])))
        if view.pen == mine and offer is None and acting.other(page):
            found.append(("write_draft:propose", _("Draft a new text"), reverse("draft", args=[code, "propose"])))
            found.append(("hand_over", _("Hand over the drafting"), reverse("hand_over", args=[code])))
        if view.pen not in (mine, "") and offer is None:
            found.append(("request_pen", _("Ask for the text"), reverse("request_pen", args=[code])))
        found.append(("write_draft:paper", _("Record from paper"), reverse("draft", args=[code, "paper"])))
        if acts.unconfirmed(view, mine):
            found.insert(0, ("confirm_paper", _("Confirm from the same paper"), reverse("confirm_paper", args=[code])))
        if row.side != "PUB":
            found += [("notice", label, url) for label, url in notices(page, work)]
    found.append(("remark", _("Remark inside"), reverse("remark", args=[code])))
    found.append(("remark_to_other", _("Remark to the other side"), reverse("remark_to_other", args=[code])))
    made = [
        {"purpose": purpose, "label": label, "url": url}
        for purpose, label, url in found
        if acting.may(page, purpose, row.kind, label=row.label)
    ]
    told = public.said(asked_by(page, Moment()), row.record, work.content)
    if told.text and mine in told.waits and acting.may(page, "make_public", row.kind, label=row.label):
        made.append({"purpose": "make_public", "label": _("Make public"), "url": reverse("make_public", args=[code])})
    if acts.kept(asked_by(page, Moment()), work.row.record) and acting.may(page, "release", row.kind):
        label = _("Release to the other side")
        made.insert(0, {"purpose": "release", "label": label, "url": reverse("release", args=[code])})
    return made


def notices(page: Any, work: acting.Work) -> list[tuple[str, str]]:
    """Where a notice on a joint record is given: on the forms of its kind, one for each that can be given now."""
    own = KINDS[work.row.kind].face.notices
    if not own:
        return [(_("Suspend, resume or withdraw from"), reverse("notice", args=[work.row.code]))]
    if work.row.side == "PUB":
        return []
    given = [own[each] for each in acts.notices_open(acting.asking(page), work.row)]
    return [(_(label), reverse(name, args=[work.row.code])) for label, name in given]


def done(request: HttpRequest, act: str) -> HttpResponse:
    """After an act: what was recorded, what stands now, who is next."""
    page = as_page(request)
    found = journal.act(page.node, page.viewer, act)
    if found is None:
        raise not_here(_("act"))
    held = read.state(page.node, page.viewer, found.record)
    if held is None:
        raise not_here(_("record"))
    row = acting.titled(page, held[0])
    view = page.node.book.view(found.record)
    return answer(
        request,
        "work/done.html",
        {"act": found, "row": row, "stands": _stands(page.node, view, row), "next": _next(page.node, view)},
        url=url_of(row),
        work=reverse("work", args=[row.code]),
        verb_words=labels.verb(found.verb),
        entry=outcome.entry_words(found.ledger, found.index),
        confirmed=confirmed(page.node, found),
        kind_words=labels.kind(row.kind),
    )


def _stands(node: Node, view: View, row: read.Listed) -> str:
    text = read.text_shown(node, view)
    if text is None:
        return _("No text stands yet.")
    if view.mode == "own":
        return _("Version %(n)s, stated by its owner.") % {"n": row.number}
    if row.grade == "agreed_here":
        return _("Version %(n)s, agreed here.") % {"n": row.number}
    if row.grade == "on_paper":
        return _("The text of a paper that both sides confirm.")
    return _("The text of a paper, recorded by one side.") if row.grade == "recorded" else _("A published text.")


def _next(node: Node, view: View) -> dict[str, str]:
    court, offer = in_court(view), view.offer
    if court is None and offer is not None and offer.answer:
        if offer.counter is not None:  # its closing asks nothing of people; the text that came with the answer does
            return {"side": offer.side, "words": _("to answer the counter-text")}
        if offer.side == node.side:
            return {"side": offer.side, "words": _("to record how the offer that was answered ended")}
        return {
            "side": offer.side,
            "words": _("its office system records how the offer ended, once it holds the answer"),
        }
    if court is None:
        return {"side": "", "words": ""}
    words = _("to answer the offer") if court.why == "offer" else _("to hand over the text that was asked for")
    return {"side": court.side, "words": words}


PATTERNS: list[URLPattern] = [
    *route("work/done/<slug:act>/", done, "done"),
    *route("work/sent/<slug:form>/", outcome.look, "sent"),
    *route("work/<slug:name>/", overview, "work"),
]
