"""The page of a Word record, a calendar file or a scan that was brought in: its fields one by one. Holds no rule."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

import msgspec
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from dtti.accord.refusal import Correction, Refused, refuse
from dtti.language.dates import day
from dtti.node.people import models
from dtti.node.people.models import Brought
from dtti.office.asking import Stored
from dtti.office.imports import content as contents
from dtti.office.imports import document, entries, letters, minutes
from dtti.office.imports.document import Document
from dtti.office.imports.known import Known, Shelf, shelf
from dtti.office.imports.proposal import REASONS
from dtti.office.imports.sniff import Sort, paper_type
from dtti.programme.face import Beginning
from dtti.programme.kinds import KINDS
from dtti.web import labels
from dtti.web.page import answer
from dtti.web.parts import Row
from dtti.web.requests import PageRequest

from . import acting, brought, versions, words
from .brought import Said, language

#: Rows that may lack what their kind asks for, and the codes of which a person chooses one for all of them.
PURPOSES: Final = ("information", "decision", "review")
MOST_ENTRIES: Final = 50


def show(page: PageRequest, one: Brought, sort: Sort) -> HttpResponse:
    """A file that proposes texts, and what is done with them."""
    said = brought.said(one)
    if page.method == "POST" and page.POST.get("read"):
        given = page.POST.get("order", "")
        order = "dmy" if given == "dmy" else "mdy" if given == "mdy" else None
        sheet = msgspec.structs.replace(said.sheet, order=order)
        brought.say(one, Said(sheet, said.kept, page.POST.get("way", said.way), page.POST.get("kind", said.kind)))
        return HttpResponseRedirect(reverse("brought", args=[one.code]))
    drafts = brought.known_drafts(page)
    try:
        documents = _documents(page, one, sort, said, drafts)
    except Refused as refused:
        return brought.refused(page, one, refused)
    errors: list[Correction] = []
    if page.method == "POST":
        try:
            return _take(page, one, sort, said, documents, drafts)
        except Refused as refused:
            errors = [each.said() for each in refused.refusals]
    if getattr(page, "typed", None):  # what was sent when a session had ended
        errors = [{"reason": _("Nothing was done with it yet."), "remedy": _("Look at what is ticked, then go on.")}]
    return _page(page, one, sort, said, documents, drafts, errors)


def _documents(page: PageRequest, one: Brought, sort: Sort, said: Said, drafts: list[Known]) -> list[Document]:
    data, asking = bytes(one.data), acting.asking(page)
    if sort == "word":
        return [minutes.read(asking, data, one.name, said.sheet, drafts, language())]
    if sort == "calendar":
        return list(entries.read(asking, data, drafts, language()))[:MOST_ENTRIES]
    return [letters.read(data, one.name, language())]


# --- What is done ----------------------------------------------------------------------------------------------------


def _take(
    page: PageRequest, one: Brought, sort: Sort, said: Said, documents: list[Document], drafts: list[Known]
) -> HttpResponse:
    """Make a draft of the fields that are ticked."""
    given = page.POST.get("draft", "")
    if not given.isdigit() or int(given) >= len(documents):
        raise Refused(refuse("bring-rows", "nothing is chosen to be done", "Use the buttons of the page."))
    number = int(given)
    chosen, found = _chosen(page, number, documents[number])
    if sort == "paper":
        return _paper(page, one, {each.path: str(each.stored) for n, each in enumerate(found.fields) if n in chosen})
    if not chosen:
        raise Refused(refuse("bring-rows", "no field is ticked", "Tick what is to be taken."))
    held = shelf(acting.asking(page), found.kind, drafts)
    named = page.POST.get(f"record__{number}", "")
    before = next((each for each in reversed(held.held) if named and each.record == named), None)
    content = document.composed(found, chosen, before.content if before else None, {})
    purpose = page.POST.get("purpose", "")
    if purpose in PURPOSES:
        content["agenda"] = [{"purpose": purpose, **row} for row in content.get("agenda", [])]
    if before is None:
        content = {"ref": _reference(content, found.title, held), **content}
    way = brought.way(page, found.kind, Said(way=page.POST.get("way", said.way)))
    particulars = {"basis": "own"} if way == "paper" else {}
    made = brought.to_draft(page, found.kind, before.record if before else "", content, way, particulars)
    if len(documents) == 1:
        return HttpResponseRedirect(brought.address(made))
    messages.success(page, _("A draft was made of %(title)s.") % {"title": found.title})
    return HttpResponseRedirect(reverse("brought", args=[one.code]))


def _chosen(page: PageRequest, number: int, found: Document) -> tuple[set[int], Document]:
    """The fields that are ticked, and the document with what was chosen of two readings in its place."""
    ticked = {int(each) for each in page.POST.getlist(f"fields__{number}") if each.isdigit() and len(each) < 6}
    fields = list(found.fields)
    for place, each in enumerate(fields):
        if not each.other:
            continue
        ticked.discard(place)
        reading = page.POST.get(f"reading__{number}__{place}", "")
        if reading in (str(each.stored), each.other):
            fields[place] = msgspec.structs.replace(each, stored=reading)
            ticked.add(place)
    return ticked, msgspec.structs.replace(found, fields=tuple(fields))


def _reference(content: Stored, title: str, held: Shelf) -> str:
    """A reference for a text that is not there yet: of its body and number where both are known."""
    body, count = content.get("body"), content.get("number")
    base = contents.reference(f"{body}-{count}") if body and count is not None else contents.slug(title)
    base, made, more = base or "brought-in", base or "brought-in", 1
    while made.casefold() in held.refs:
        more += 1
        made = f"{base[:76]}-{more}"
    return made


def _paper(page: PageRequest, one: Brought, paper: dict[str, str]) -> HttpResponse:
    """The form that records a text from paper, with the scan attached and what it says of itself."""
    kind, record = page.POST.get("kind", ""), page.POST.get("record__0", "")
    if kind not in _kinds(page):
        raise Refused(refuse("bring-rows", "it is not said of what the paper is", "Choose the kind of record."))
    asking = acting.asking(page)
    known = {each.record: each for each in shelf(asking, kind).held}
    office = page.seat.office if page.seat else ""
    held = models.Draft.objects.filter(office=office, record=record, purpose="paper").first() if record else None
    if held is None:
        sides = tuple(filter(None, (page.node.side, acting.other(page))))
        begun = KINDS[kind].face.begins(Beginning(page.node.side, sides, ""))
        content = known[record].content if record in known else begun
        particulars = {"basis": "paper", **paper}
        held = brought.to_draft(page, kind, record if record in known else "", content, "paper", particulars)
    data = bytes(one.data)
    models.DraftFile.objects.get_or_create(  # the same scan brought in again is the one that is there
        draft=held,
        name=one.name,
        digest=sha256(data).hexdigest(),
        defaults={"media": paper_type(data), "size": len(data), "data": data},
    )
    return HttpResponseRedirect(brought.address(held))


def _kinds(page: PageRequest) -> list[str]:
    """The kinds of which a text can be recorded from paper, by whoever sits in the seat taken."""
    return [
        code for code, kind in KINDS.items() if kind.mode == "joint" and acting.may(page, "write_draft:paper", code)
    ]


# --- What is shown ---------------------------------------------------------------------------------------------------


def _page(
    page: PageRequest,
    one: Brought,
    sort: Sort,
    said: Said,
    documents: list[Document],
    drafts: list[Known],
    errors: list[Correction],
) -> HttpResponse:
    kind = documents[0].kind if documents and sort != "paper" else said.kind
    held = shelf(acting.asking(page), kind, drafts if sort != "paper" else ()).held if kind in KINDS else []
    records = {each.record: each for each in held}
    return answer(
        page,
        "work/brought_document.html",
        {
            "name": one.name,
            "goes": brought.goes(one),
            "sort": sort,
            "documents": [
                _shown(number, each, _ticked(page, number, again=bool(errors))) for number, each in enumerate(documents)
            ],
            "errors": errors,
        },
        status=400 if errors else 200,
        goes_words=brought.goes_words(one),
        said=said,
        records=[
            {"value": each.record, "label": f"{each.title} ({_('draft')})" if each.draft else each.title}
            for each in sorted(records.values(), key=lambda each: each.title.casefold())
        ],
        kinds=[{"value": code, "label": labels.kind(code)} for code in _kinds(page)] if sort == "paper" else [],
        kind=kind,
        purposes=[{"value": code, "label": words.word(code)} for code in PURPOSES],
        other=acting.other(page),
    )


def _ticked(page: PageRequest, number: int, *, again: bool) -> set[int] | None:
    """What was ticked, where the page is shown again with it; None where nothing was sent."""
    return {int(each) for each in page.POST.getlist(f"fields__{number}") if each.isdigit()} if again else None


def _shown(number: int, found: Document, ticked: set[int] | None) -> Row:
    spoken = language()
    return {
        "number": number,
        "title": found.title,
        "matched": found.matched.record if found.matched else "",
        "unpurposed": any(each.path == "agenda[]" and "purpose" not in each.stored for each in found.fields),
        "fields": [
            {
                "place": place,
                "label": versions.said_label(each.path) or words.field_name(each.path.removesuffix("[]")),
                "said": words.word(each.said) if each.path in ("mode", "status") else each.said,
                "where": each.place.spoken(spoken)[0],
                "sure": each.sure,
                "ticked": each.sure if ticked is None else place in ticked,
                "readings": [{"value": str(iso), "label": day(str(iso), spoken)} for iso in (each.stored, each.other)]
                if each.other
                else [],
            }
            for place, each in enumerate(found.fields)
        ],
        "left": [
            {"said": each.said, "where": each.place.spoken(spoken)[0], "why": _(REASONS[each.why]) if each.why else ""}
            for each in found.left
        ],
        "notes": [each.spoken(spoken)[0] for each in found.notes],
    }
