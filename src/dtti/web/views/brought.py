"""A file that was brought in, as its pages keep it: what was said of it, what was chosen, the drafts made of it."""

from __future__ import annotations

from datetime import UTC
from hashlib import sha256

import msgspec
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse

from dtti.accord.refusal import Refused
from dtti.documents.values import Language
from dtti.node.core.draft import new_record
from dtti.node.people import expiry, models
from dtti.node.people.models import Brought, KnownColumns
from dtti.node.record import read
from dtti.office.asking import Stored
from dtti.office.imports.known import Known, draft
from dtti.office.imports.recording import Chosen
from dtti.office.imports.sheets import Settled
from dtti.programme.kinds import KINDS
from dtti.web.forms import days
from dtti.web.page import answer
from dtti.web.requests import PageRequest

from . import acting, versions, words


def language() -> Language:
    """The language of the page being made, as documents take it."""
    return "hi" if words.language() == "hi" else "en"


class Said(msgspec.Struct, frozen=True):
    """What was said of a file: how it is read, to whom what is recorded is kept, and what drafts are to become.

    `kind`: of a paper, the kind of record that it is of.
    """

    sheet: Settled = Settled()
    kept: str = "yes"
    way: str = "paper"
    kind: str = ""


def goes(one: Brought) -> str:
    """When a file is deleted, as contents write a moment."""
    return (one.kept + expiry.BROUGHT).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def goes_words(one: Brought) -> str:
    """When a file is deleted, on both capitals' clocks."""
    return days.in_both(goes(one), language())


def refused(request: PageRequest, one: Brought, refusal: Refused) -> HttpResponse:
    """The page of a file that cannot be read, with what stands against it."""
    return answer(
        request,
        "work/brought_refused.html",
        {"name": one.name, "goes": goes(one), "refusals": [each.said() for each in refusal.refusals]},
        status=422,
        goes_words=goes_words(one),
    )


def said(one: Brought) -> Said:
    """What was said of a file so far."""
    return msgspec.convert(one.settled, Said)


def say(one: Brought, what: Said) -> None:
    """Keep what was said of a file."""
    one.settled = msgspec.to_builtins(what)
    one.save(update_fields=["settled"])


def chosen(one: Brought) -> list[Chosen]:
    """What was chosen to be recorded."""
    return msgspec.convert(one.chosen, list[Chosen])


def choose(one: Brought, what: list[Chosen]) -> None:
    """Keep what was chosen to be recorded."""
    one.chosen = msgspec.to_builtins(what)
    one.save(update_fields=["chosen"])


def kept(page: PageRequest, what: Said) -> tuple[bool, str]:
    """Whether what is recorded stays inside this side, and the restricted group to which it is kept."""
    return what.kept != "no", acting.kept_to(page, None, what.kept)


def known_drafts(page: PageRequest) -> list[Known]:
    """The drafts of the office that are for the eyes of the seat taken, as something that a row may be the same as."""
    office = page.seat.office if page.seat else ""
    held = models.Draft.objects.filter(office=office).exclude(purpose="counter")
    return [
        draft(one.record, one.content)
        for one in held
        if acting.may(page, f"read_draft:{one.purpose}", one.kind) and acting.open_to(page, one)
    ]


def remembered(page: PageRequest, headings: tuple[str, ...]) -> Settled | None:
    """What the office said of a sheet with the same headings."""
    office = page.seat.office if page.seat else ""
    one = KnownColumns.objects.filter(office=office, head=_head(headings)).first()
    return msgspec.convert(one.settled, Settled) if one else None


def remember(page: PageRequest, headings: tuple[str, ...], what: Settled) -> None:
    """Keep what was said of a sheet for the next one with its headings: not the day, nor the meeting."""
    kept = msgspec.structs.replace(what, day="", meeting="", asked={})
    KnownColumns.objects.update_or_create(
        office=page.seat.office if page.seat else "",
        head=_head(headings),
        defaults={"settled": msgspec.to_builtins(kept)},
    )


def _head(headings: tuple[str, ...]) -> str:
    return sha256("\0".join(headings).encode()).hexdigest()


def way(page: PageRequest, kind: str, what: Said) -> str:
    """What a draft of a kind becomes: a statement of this side's own, its account of a joint record, or an offer."""
    if KINDS[kind].mode == "own":
        return "state"
    return acting.joint_purpose(page) if what.way == "propose" else "paper"


def to_draft(
    page: PageRequest, kind: str, record: str, content: Stored, purpose: str, particulars: dict[str, str]
) -> models.Draft:
    """A draft of the office with a content; one that is there keeps what it said among its other texts."""
    person, office = page.user, page.seat.office if page.seat else ""
    row = read.state(page.node, page.viewer, record) if record else None
    label = row[0].label if row else ""
    acting.ask(page, f"write_draft:{purpose}", kind, label=label)
    record = record or new_record(kind, page.node.side)
    with transaction.atomic():
        held = models.Draft.objects.select_for_update().filter(office=office, record=record, purpose=purpose).first()
        if held is None:
            view = page.node.book.view(record) if row else None
            base = (view.version if view.mode == "joint" else row[0].number) if row and view else 0
            held = models.Draft(office=office, record=record, purpose=purpose, base=base)
            held.content, held.particulars = content, particulars
            versions.add(held, person)  # type: ignore[arg-type]  # a person has signed in, or no duty would be held
        else:
            versions.replace(held, content, person)  # type: ignore[arg-type]  # as above
    return held


def address(held: models.Draft) -> str:
    """The page of a draft."""
    return reverse("draft", args=[held.record.rsplit("/", 1)[1], held.purpose])
