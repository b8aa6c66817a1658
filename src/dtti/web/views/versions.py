"""Versions of a draft: what was typed beside another text is shown with it, and neither is lost. Knows no kind.

A page carries the version that it showed. What it sends is kept where that version stands, or where that page itself
kept the draft last (it saves while one types); otherwise both texts are kept, and a person puts them together.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dtti.node.people.models import Draft, OtherText, Person
from dtti.office.asking import Stored
from dtti.web import typed
from dtti.web.compare import Comparison
from dtti.web.forms import particulars
from dtti.web.forms.compared import compared

#: What a form calls the answers that are no part of the content.
_LABELS: Final[dict[str, Callable[[], str]]] = {
    "until": lambda: _("Open for an answer until"),
    "next": lambda: _("Who drafts next, once it is agreed"),
    "firm": lambda: _("Firm: it may not be withdrawn, and the other side's answer decides at once"),
    "paper_number": lambda: _("Number on the paper"),
    "paper_date": lambda: _("Date on the paper"),
    "paper_title": lambda: _("What the paper is"),
    "file_number": lambda: _("File number of your own side"),
    "label_level": lambda: _("Label"),
    "label_to": lambda: _("Who may be given it"),
    "label_limits": lambda: _("Further limits on who may read it"),
    "label_policy": lambda: _("Under whose rules it is labelled"),
    "kept": lambda: _("Who may read it"),
    "basis": lambda: _("What it rests on"),
    "remarks": lambda: _("Remarks"),
}


def said_label(name: str) -> str:
    """What a form calls an answer that is no part of the content; empty for one that is."""
    return _LABELS[name]() if name in _LABELS else ""


MOST: Final = 10  # other texts that are kept of one draft, the latest


class Stale(Exception):
    """Another page has kept another text since: `now` stands, `mine` was typed, and is kept beside it."""

    def __init__(self, now: Draft, mine: Draft) -> None:
        super().__init__(now.record)
        self.now, self.mine = now, mine


def shown_version(request: HttpRequest) -> int:
    """The version that the page showed; 0 where there was no draft, or it does not say."""
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0


def _says(one: Draft | OtherText) -> tuple[Any, ...]:
    return one.content, one.particulars, one.remarks


def keep(request: HttpRequest, held: Draft, person: Person) -> None:
    """Keep `held` as this page says it; Stale where the page did not show what stands, and says something else."""
    page = typed.whose(request)
    held.person, held.form = person, page.key if page else ""
    if not held.pk:
        try:
            with transaction.atomic():
                held.save(force_insert=True)
        except IntegrityError:  # a colleague began the same draft in this moment
            held.pk = Draft.objects.get(office=held.office, record=held.record, purpose=held.purpose).pk
        else:
            held.writers.add(person)
            return
    with transaction.atomic():
        now = Draft.objects.select_for_update().get(pk=held.pk)
        same, seen = _says(now) == _says(held), _seen(request, now, page)
        if not same and not seen:
            _put(now, held, person, held.form, beside=True)
        elif not same:
            if not page or now.form != page.key:
                _put(now, now, now.person, "", beside=False)
            values = {"content": held.content, "particulars": held.particulars, "remarks": held.remarks}
            Draft.objects.filter(pk=now.pk).update(
                **values, person=person, form=held.form, version=F("version") + 1, updated=timezone.now()
            )
        if seen and page:  # what this person had typed beside it was on the page, and has been put together
            shown = datetime.fromtimestamp(page.drawn, UTC)
            now.others.filter(beside=True, person=person, kept__lte=shown).update(beside=False)
    if not same and not seen:
        raise Stale(now, held)
    held.refresh_from_db()
    held.writers.add(person)


def _seen(request: HttpRequest, now: Draft, page: typed.Whose | None) -> bool:
    """Whether the page showed the draft as it stands, or kept it itself last."""
    return now.version == shown_version(request) or bool(page and now.form == page.key)


def add(held: Draft, person: Person) -> None:
    """Keep a draft to which something was added that takes nothing away."""
    held.person, held.form = person, ""
    if held.pk:
        held.version += 1
    try:
        with transaction.atomic():
            held.save()
    except IntegrityError:  # a colleague began the same draft in this moment: it is one draft, with both remarks
        now = Draft.objects.get(office=held.office, record=held.record, purpose=held.purpose)
        now.remarks = "\n\n".join(each for each in (now.remarks, held.remarks) if each)
        now.version += 1
        now.save()
        held = now
    held.writers.add(person)


def replace(held: Draft, content: Stored, person: Person, particulars: Stored | None = None) -> None:
    """Put another content into a draft, or begin it so: what it said stays among its other texts."""
    particulars = held.particulars if particulars is None else particulars
    if not held.pk:
        held.content, held.particulars = content, particulars
        add(held, person)
        return
    with transaction.atomic():
        now = Draft.objects.select_for_update().get(pk=held.pk)
        if (now.content, now.particulars) == (content, particulars):
            return
        _put(now, now, now.person, "", beside=False)
        now.content, now.person, now.form, now.version = content, person, "", now.version + 1
        now.particulars = particulars
        now.save()
        now.writers.add(person)


def _put(draft: Draft, text: Draft, person: Person, form: str, *, beside: bool) -> None:
    """Keep a text among the others of a draft, one for each page that typed one."""
    says = {"content": text.content, "particulars": text.particulars, "remarks": text.remarks}
    if form:
        OtherText.objects.update_or_create(
            draft=draft, form=form, defaults={"person": person, "beside": beside, **says}
        )
    elif not draft.others.filter(**says).exists():
        OtherText.objects.create(draft=draft, person=person, beside=beside, **says)
    beyond = draft.others.values_list("pk", flat=True)[MOST:]
    OtherText.objects.filter(pk__in=list(beyond)).delete()


def discard(request: HttpRequest, mine: Draft, person: Person) -> None:
    """Take a draft away that this page showed as it stands; Stale where it did not."""
    page = typed.whose(request)
    with transaction.atomic():
        now = Draft.objects.select_for_update().filter(pk=mine.pk).first()
        seen = now is None or _seen(request, now, page)
        if now is not None and seen:
            gone(Draft.objects.filter(pk=now.pk))
        elif now is not None:
            _put(now, mine, person, page.key if page else "", beside=True)
    if now is not None and not seen:
        raise Stale(now, mine)


def gone(drafts: Any) -> None:
    """Take drafts away that were sent or discarded; what a colleague typed beside one becomes the draft."""
    with transaction.atomic():
        for draft in drafts.select_for_update():
            other = draft.others.filter(beside=True).first()
            if other is None:
                draft.delete()
                continue
            draft.content, draft.particulars, draft.remarks = _says(other)
            draft.person, draft.form, draft.version = other.person, "", draft.version + 1
            draft.save()
            draft.writers.add(other.person)
            other.delete()


class Other(msgspec.Struct, frozen=True):
    """Another text of a draft: whose, when, and how it differs from the one that stands; `url` takes it up."""

    person: str
    kept: str
    comparison: Comparison
    fields: list[dict[str, str]]
    beside: bool = False
    url: str = ""


def beside(stale: Stale) -> Other:
    """Both texts of a stale page, for it to show: what stands, and what differs in what was typed."""
    now = stale.now
    return Other(str(now.person), now.updated.isoformat(timespec="seconds"), *_differences(now, stale.mine))


def others(draft: Draft) -> list[Other]:
    """The other texts of a draft, latest first: whose, when, and how each differs from the one that stands."""
    if not draft.pk:
        return []
    address = reverse("draft", args=[draft.record.rsplit("/", 1)[1], draft.purpose])
    return [
        Other(
            str(one.person),
            one.kept.isoformat(timespec="seconds"),
            *_differences(draft, one),
            one.beside,
            f"{address}?other={one.pk}",
        )
        for one in draft.others.select_related("person")
    ]


def take(request: HttpRequest, draft: Draft) -> bool:
    """Put the other text that the address names into the form, unsaved; whether there is one."""
    given = request.GET.get("other", "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    one = draft.others.filter(pk=number).first() if draft.pk and number else None
    if one is None:
        return False
    draft.content, draft.particulars, draft.remarks = _says(one)
    return True


def _differences(before: Draft, after: Draft | OtherText) -> tuple[Comparison, list[dict[str, str]]]:
    was, now = _plain(before), _plain(after)
    fields = [
        {"name": label(), "then": was.get(name, ""), "now": now.get(name, "")}
        for name, label in _LABELS.items()
        if was.get(name, "") != now.get(name, "")
    ]
    return compared(before.kind, before.content, after.content), fields


def _plain(one: Draft | OtherText) -> dict[str, str]:
    said = particulars.shown(one.particulars)
    return {**{name: str(value) for name, value in said.items() if value}, "remarks": one.remarks}
