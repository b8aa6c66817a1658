"""The page of a sheet that was brought in: how it is read, what was not understood, its rows to tick. Holds no rule."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from dtti.accord.refusal import Correction, Refused, refuse
from dtti.language.marking import N_
from dtti.node.people.models import Brought
from dtti.office.imports import recording, sheets
from dtti.office.imports.proposal import REASONS, Left, Proposal
from dtti.office.imports.recording import Chosen
from dtti.office.imports.sheets import Batch, Sheet
from dtti.office.imports.targets import of, registers
from dtti.web import labels
from dtti.web.forms import days, faults
from dtti.web.forms.compared import compared
from dtti.web.page import answer
from dtti.web.parts import Row
from dtti.web.requests import PageRequest

from . import acting, brought, words
from .bringing_form import answered, ask_shown, asks_of, columns_of, headings_of
from .brought import Said, language

#: Rows that a page shows; those that are the same are counted, and what is beyond comes once these are done.
MOST_SHOWN: Final = 200
STATES: Final = {
    "new": N_("new"),
    "changed": N_("changed"),
    "same": N_("the same"),
    "open": N_("to be settled"),
    "barred": N_("not taken"),
}


def show(page: PageRequest, one: Brought) -> HttpResponse:
    """A sheet as it was understood, and what is done with its rows."""
    said = _begun(page, one)
    errors: list[Correction] = []
    if page.method == "POST" or getattr(page, "typed", None):  # sent now, or when a session had ended
        made = _read(page, one, said)
        said, errors = answered(page, said, made)
        if not errors and page.method == "POST":
            brought.say(one, said)
            if page.POST.get("read"):
                _remember(page, made, said)
                return HttpResponseRedirect(reverse("brought", args=[one.code]) + "#rows")
    try:
        made = _read(page, one, said)
    except Refused as refused:
        return brought.refused(page, one, refused)
    if page.method == "POST" and not errors:
        _remember(page, made, said)
        try:
            return _take(page, one, said, made)
        except Refused as refused:
            errors = [each.said() | {"field": "rows"} for each in refused.refusals]
    return _page(page, one, said, made, errors)


def _read(page: PageRequest, one: Brought, said: Said) -> Sheet:
    drafts = brought.known_drafts(page)
    return sheets.read(acting.asking(page), bytes(one.data), one.name, said.sheet, drafts, language())


def _begun(page: PageRequest, one: Brought) -> Said:
    """What was said of the sheet; at first what the office said of one with the same headings."""
    if one.settled:
        return brought.said(one)
    try:
        seen = _read(page, one, Said()).seen
    except Refused:
        return Said()
    found = next((known for each in seen if (known := brought.remembered(page, each.headings))), None)
    return Said(found) if found else Said()


def _remember(page: PageRequest, made: Sheet, said: Said) -> None:
    headings = made.reading.mapping.header if made.reading else headings_of(made, said.sheet)
    brought.remember(page, headings, said.sheet)


# --- What is done ----------------------------------------------------------------------------------------------------


def _judged(page: PageRequest, said: Said, batch: Batch) -> list[Proposal]:
    """The proposals of a batch, with what stands against each."""
    if batch.target.rows:
        return list(batch.proposals)
    inside = said.kept != "no"
    return [recording.judged(acting.asking(page), one, kept=inside) for one in batch.proposals]


def _take(page: PageRequest, one: Brought, said: Said, made: Sheet) -> HttpResponse:
    """Record or draft the rows that are ticked."""
    action, _sep, number = page.POST.get("do", "").partition(":")
    place = int(number) if number.isdigit() and int(number) < len(made.batches) else 0
    batch = made.batches[place] if made.batches else None
    if batch is None or action not in ("record", "draft"):
        raise Refused(refuse("bring-rows", "nothing is chosen to be done", "Use the buttons of the page."))
    ticked = {int(each) for each in page.POST.getlist(f"rows__{place}") if each.isdigit() and len(each) < 8}
    judged = [each for each in _judged(page, said, batch) if each.number in ticked and each.takeable]
    if not judged:
        raise Refused(refuse("bring-rows", "no row is ticked that can be taken", "Tick the rows that are to be taken."))
    if batch.target.rows:
        return _within(page, said, batch, ticked)
    if action == "record":
        able = [each for each in judged if each.recordable]
        if not able:
            raise Refused(
                refuse(
                    "bring-agreed",
                    "both sides hold these texts, or a draft of them is open here",
                    "Make drafts of the rows, and send those for agreement.",
                )
            )
        acting.ask(page, recording.purpose(batch.target.kind), batch.target.kind)
        brought.choose(one, [_chosen(one, each) for each in able[: recording.MOST]])
        return HttpResponseRedirect(reverse("brought_check", args=[one.code, batch.target.kind]))
    purpose = brought.way(page, batch.target.kind, said)
    particulars = {"basis": "own"} if purpose == "paper" else {}
    particulars |= {"kept": said.kept} if purpose != "propose" else {}
    for each in judged:
        brought.to_draft(page, each.kind, each.record, each.content, purpose, particulars)
    told = words.many("%(num)s draft was made of the file.", "%(num)s drafts were made of the file.", len(judged))
    messages.success(page, told)
    return HttpResponseRedirect(reverse("brought", args=[one.code]))


def _chosen(one: Brought, each: Proposal) -> Chosen:
    whence = _("From the file %(file)s, row %(row)s.") % {"file": one.name, "row": each.number}
    return Chosen(each.kind, each.record, each.content, whence)


def _within(page: PageRequest, said: Said, batch: Batch, ticked: set[int]) -> HttpResponse:
    """Rows of one record become a draft of its text."""
    content = sheets.merged(batch, ticked)
    if content is None or batch.within is None:
        raise Refused(
            refuse("bring-rows", "it is not said of which record these are rows", "Choose it, and read again.")
        )
    purpose = brought.way(page, batch.target.kind, said)
    particulars = {"basis": "own", "kept": said.kept} if purpose == "paper" else {}
    held = brought.to_draft(page, batch.target.kind, batch.within.record, content, purpose, particulars)
    return HttpResponseRedirect(brought.address(held))


# --- What is shown ---------------------------------------------------------------------------------------------------


def _page(page: PageRequest, one: Brought, said: Said, made: Sheet, errors: list[Correction]) -> HttpResponse:
    spoken = language()
    reading = made.reading
    told = reading.told(spoken) if reading else {}
    refused = [each.said() for each in made.refused.refusals] if made.refused else []
    again = bool(errors) or bool(getattr(page, "typed", None))
    groups = [_group(page, said, number, batch, again=again) for number, batch in enumerate(made.batches)]
    return answer(
        page,
        "work/brought.html",
        {
            "name": one.name,
            "goes": brought.goes(one),
            "register": made.register,
            "notices": told.get("notices", []),
            "problems": told.get("problems", []),
            "groups": groups,
            "errors": errors,
        },
        status=400 if errors else 200,
        goes_words=brought.goes_words(one),
        refused=refused,
        file=one,
        said=said,
        day=days.said(said.sheet.day, language()) if said.sheet.day else "",
        rows=reading.count if reading else 0,
        problem_count=reading.problem_count if reading else 0,
        registers=[{"value": code, "label": each.name.spoken(spoken)[0]} for code, each in registers().items()],
        sheets=[{"value": each.name, "label": each.name} for each in made.seen if each.name],
        sheet=reading.sheet if reading else said.sheet.sheet,
        columns=columns_of(made, said),
        asks=[ask_shown(number, target, path, said) for number, (target, path) in enumerate(asks_of(made.register))],
        names=[
            {
                "name": f"name__{number}",
                "label": each.said,
                "places": ", ".join(each.places[:6]),
                "kind": labels.kind(each.kind),
                "value": said.sheet.names.get(each.key, ""),
                "options": [{"value": one.ref, "label": one.title} for one in each.choices],
            }
            for number, each in enumerate(made.names)
        ],
        open_order=any(each["rule"].startswith("sheet-date-") for each in told.get("problems", [])),
        speaks=any(target.speaks for target in of(made.register)) if made.register else False,
        within=_within_choices(made),
        groups_kept=acting.kept_choices(page),
        other=acting.other(page),
        joint=any(batch.target.joint for batch in made.batches),
        most=recording.MOST,
    )


def _within_choices(made: Sheet) -> list[dict[str, str]]:
    """The records of which the rows may be rows, where they are rows of one."""
    target = next((batch.target for batch in made.batches if batch.target.rows), None)
    if target is None:
        return []
    held = {each.record: each for each in made.shelves[target.kind].held}
    return [
        {"value": each.record, "label": f"{each.title} ({_('draft')})" if each.draft else each.title}
        for each in sorted(held.values(), key=lambda one: one.title.casefold())
    ]


def _group(page: PageRequest, said: Said, number: int, batch: Batch, *, again: bool) -> Row:
    """The rows of one kind as the page shows them; `again`: with the ticks that were sent."""
    ticked = set(page.POST.getlist(f"rows__{number}")) if again else None
    judged = _judged(page, said, batch)
    fresh = [each for each in judged if each.state != "same"]
    return {
        "number": number,
        "kind": batch.target.kind,
        "title": words.plural(batch.target.kind) if not batch.target.rows else words.field_name(batch.target.rows),
        "same": len(judged) - len(fresh),
        "beyond": max(0, len(fresh) - MOST_SHOWN),
        "rows": [_row(each, ticked) for each in fresh[:MOST_SHOWN]],
        "within": bool(batch.target.rows),
        "ready": not batch.target.rows or batch.within is not None,
        "recordable": not batch.target.rows
        and any(each.recordable for each in fresh)
        and acting.may(page, recording.purpose(batch.target.kind), batch.target.kind),
        "draftable": any(each.takeable for each in fresh),
        "purpose": brought.way(page, batch.target.kind, said),
    }


def _row(one: Proposal, ticked: set[str] | None) -> Row:
    """A row as the page shows it."""
    spoken = language()
    changes = compared(one.kind, one.before, one.content) if _whole(one) and one.before else None
    return {
        "number": one.number,
        "title": one.title,
        "state": one.state,
        "state_words": _(STATES[one.state]),
        "why": _(REASONS[one.why]) if one.why else "",
        "takeable": one.takeable,
        "ticked": one.takeable and (one.sure if ticked is None else str(one.number) in ticked),
        "drafted": one.drafted,
        "agreed": one.agreed,
        "taken": [
            {"label": each.label.spoken(spoken)[0], "said": each.said.spoken(spoken)[0], "place": each.place}
            for each in one.taken
        ],
        "left": [_left(each) for each in one.left],
        "problems": list(one.problems),
        "rivals": [each.title for each in one.rivals],
        "changes": [each for each in changes.paragraphs if each.state != "same"] if changes else [],
        "tables": [each for each in changes.tables if each.changed] if changes else [],
        "against": [faults.of_refusal(each) for each in one.against],
    }


def _whole(one: Proposal) -> bool:
    """Whether its content is that of a record, and not a row of one."""
    return one.state == "changed" and "ref" in one.content


def _left(each: Left) -> Row:
    return {
        "label": each.label.spoken(language())[0],
        "said": each.said.spoken(language())[0] if each.why != "withheld" else "",
        "place": each.place,
        "why": _(REASONS[each.why]),
        "noted": each.noted,
    }
