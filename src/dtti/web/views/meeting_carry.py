"""Items of a meeting of which its record says nothing: listed under what follows, each carried by one press. No rule.

An item goes into the office's draft of the next meeting, under the name that it had; nothing is sent by it.
"""

from __future__ import annotations

from typing import Any

import msgspec
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from dtti.node.people import models
from dtti.office.actions import ItemLeft
from dtti.office.meetings import Meeting, following
from dtti.office.meetings.workspace import FollowedUp
from dtti.web.page import not_here

from . import acting, begun, drafting, record, versions
from .acting import as_page
from .words import _


class Unsaid(msgspec.Struct, frozen=True):
    """An item of which the record says nothing: its number and title, where it is to come up again (empty: nowhere).

    `carry`: whether who looks may put it into the draft of the next meeting.
    """

    number: str
    title: str
    where: str
    carry: bool


def rows(page: Any, meeting: Meeting, followed: FollowedUp, *, drafts: bool) -> list[Unsaid]:
    """The items of a meeting of which its record says nothing, in words."""
    if not followed.unsaid:
        return []
    held = _draft(page, meeting) if drafts else None
    made = []
    for left in followed.unsaid:
        where = ""
        if left in followed.coming:
            where = _("on the agenda of the next meeting")
        elif held and following.carries(held.content, left):
            where = _("in your office's draft of the next meeting")
        made.append(Unsaid(left.item.number, left.item.title, where, drafts and not where))
    return made


def next_draft(page: Any, body: str) -> models.Draft | None:
    """The office's draft of the next meeting of a body: begun, or made of what stands; None where none can be."""
    if row := following.planned(acting.asking(page), body):
        return drafting.draft_of(page, row.code, acting.joint_purpose(page))[0]
    last = following.last(acting.asking(page), body)
    return _begun(page, last) if last else None


def locked(held: models.Draft, person: models.Person) -> models.Draft:
    """The draft as it stands in this moment, kept where it was not yet; inside a transaction."""
    if not held.pk:
        values = {"content": held.content, "base": held.base, "person": person}
        held, _made = models.Draft.objects.get_or_create(
            office=held.office, record=held.record, purpose=held.purpose, defaults=values
        )
    return models.Draft.objects.select_for_update().get(pk=held.pk)


def _draft(page: Any, meeting: Meeting) -> models.Draft | None:
    """The draft that the office has of the next meeting of the body, recorded or only begun."""
    asking = acting.asking(page)
    if row := following.planned(asking, meeting.body):
        office = page.seat.office if page.seat else ""
        held = models.Draft.objects.filter(office=office, record=row.record, purpose=acting.joint_purpose(page)).first()
        return held if held and acting.open_to(page, held) else None
    last = following.last(asking, meeting.body)
    return begun.drafts(page, last.ref).get(following.NEXT) if last else None


def _begun(page: Any, meeting: Meeting) -> models.Draft:
    """The same, made from what stands, or from what carries over, where the office has none."""
    asking = acting.asking(page)
    if row := following.planned(asking, meeting.body):
        return drafting.draft_of(page, row.code, acting.joint_purpose(page))[0]
    if held := _draft(page, meeting):
        return held
    last = following.last(asking, meeting.body) or meeting
    code = begun.record(page, following.NEXT, last.ref)
    content, office = following.begun(asking, last), page.seat.office
    return models.Draft(office=office, record=code, purpose=acting.joint_purpose(page), content=content)


def told(page: Any, meeting: Meeting) -> None:
    """Say, where the next meeting is opened, of how many items nothing is said and that none of them came along."""
    held = _draft(page, meeting)
    content = held.content if held else {}
    left = [
        each for each in following.unsaid(acting.asking(page), meeting.body) if not following.carries(content, each)
    ]
    if left:
        named = "; ".join(f"{each.last}, {each.item.number}: {each.item.title}" for each in left[:5])
        messages.info(
            page,
            _(
                "The record says nothing of what came of these items, and none of them is in this draft: %(items)s. "
                "Each is carried by a press on the page of its meeting, under Follow up.",
                items=named,
            ),
        )


@require_POST
def carry(request: HttpRequest, name: str) -> HttpResponse:
    """Put an item of which the record says nothing into the office's draft of the next meeting, under its old name."""
    page = as_page(request)
    acting.ask(page, f"write_draft:{acting.joint_purpose(page)}", following.NEXT)
    found = record.find(request, "meetings", name)
    if not isinstance(found.content, Meeting):
        raise not_here(_("meeting"))
    held = _begun(page, found.content)
    left = next(
        (
            each
            for each in following.unsaid(acting.asking(page), found.content.body)
            if (each.last, each.item.number) == (found.content.ref, request.POST.get("item"))
        ),
        None,
    )
    if left is None:
        messages.info(page, _("The record says by now what came of that item."))
    else:
        _carried(page, held, left)
    return HttpResponseRedirect(reverse("record", args=["meetings", found.row.code]) + "#unsaid")


def _carried(page: Any, held: models.Draft, left: ItemLeft) -> None:
    """Put the item into the draft as it stands in this moment: what a colleague put there meanwhile stays."""
    person = drafting.person_of(page)
    with transaction.atomic():
        now = locked(held, person)
        if following.carries(now.content, left):
            messages.info(page, _("The item is in the draft of the next meeting already."))
            return
        now.content = following.carrying(now.content, left)
        versions.add(now, person)
    messages.success(page, _("The item stands in your office's draft of the next meeting. Nothing is sent yet."))


PATTERNS: list[URLPattern] = [path("meetings/<slug:name>/carry/", carry, name="meeting_carry")]
