"""Saying that a side made the readout of a meeting public: a short form, which puts it into the draft of the readout.

Cleared and announced are two states: the words stay as both agreed them, and each side adds its own announcement, to
which the other agrees. Holds no rule.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse

from dtti.accord.refusal import Correction
from dtti.node.record.read import Listed
from dtti.office.asking import Stored
from dtti.office.meetings import announcing, workspace
from dtti.office.meetings.announcing import READOUT
from dtti.programme.kinds import KINDS
from dtti.web.forms import days, faults
from dtti.web.page import Moment, answer, asked_by, not_here, route

from . import acting, drafting, record, versions
from .acting import as_page
from .words import _, language


def announce(request: HttpRequest, name: str) -> HttpResponse:
    """When and where this side made the readout public."""
    page = as_page(request)
    purpose = acting.joint_purpose(page)
    acting.ask(page, f"write_draft:{purpose}", READOUT)
    found = record.find(request, "meetings", name)
    row = workspace.readout_of(found.row, record.around(request, found).pointing)
    if row is None or not page.viewer.person:
        raise not_here(_("readout"))
    acting.ask(page, f"write_draft:{purpose}", READOUT, label=row.label)
    held, _work = drafting.draft_of(page, row.code, purpose, "write_draft")
    announcing.may(asked_by(request, Moment()), row)
    typed = announcing.announced(held.content, page.node.side)
    shown = {"on": typed.get("on", Moment().today.isoformat()), "where": typed.get("where", "")}
    errors: list[Correction] = []
    if request.method == "POST":
        shown = {each: request.POST.get(each, "").strip() for each in ("on", "where")}
        read = days.read(shown["on"]).stored or request.POST.get("on__reading", "").strip()[:40] or shown["on"]
        shown["on"] = read
        content = announcing.with_ours(held.content, page.node.side, read, shown["where"])
        errors = _errors(page, row, content)
        if not errors:
            held.content = KINDS[READOUT].tidy(content)
            if other := announcing.next_to_draft(held.content, page.node.side, page.node.book.other or ""):
                held.particulars = {**held.particulars, "next": other}
            versions.add(held, drafting.person_of(page))
            return HttpResponseRedirect(reverse("check_draft", args=[row.code, purpose]))
    return answer(
        request,
        "meetings/announced.html",
        {"record": row.record, "errors": errors},
        status=422 if errors else 200,
        title=_("Announce the readout"),
        called=acting.titled(page, found.row).title,
        back=reverse("record", args=["meetings", found.row.code]),
        readout=row,
        text=[str(each) for each in held.content.get("paragraphs", ())],
        on=days.said(shown["on"], language()) if shown["on"] else "",
        where=shown["where"],
    )


def _errors(page: Any, row: Listed, content: Stored) -> list[Correction]:
    """What is wrong with the own row of a readout, each at its field of this form; of the rest, above it."""
    at = next(n for n, each in enumerate(content["announced"]) if each["side"] == page.node.side)
    found = faults.judged(READOUT, content)
    if "on" not in content["announced"][at] and not found:  # a row that says nothing is none, to the general form
        said = {"field": _("Made public on")}
        found = [faults.Fault(f"announced__{at}__on", _("%(field)s is missing.") % said, _("Give a day."))]
    if not found:
        found = [faults.of_refusal(each) for each in announcing.against(acting.asking(page), row, content)]
    before = f"announced__{at}__"
    return [
        {
            "field": each.field.removeprefix(before) if each.field.startswith(before) else "",
            "reason": each.reason,
            "remedy": each.remedy,
            "readings": each.readings,
        }
        for each in found
    ]


PATTERNS: Final[list[URLPattern]] = route("meetings/<slug:name>/announce/", announce, "meeting_announce")
