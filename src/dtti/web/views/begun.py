"""What an office writes only one of for a meeting: begun again, by the same hand or another, it is the one there is.

Knows drafts and the record. Holds no rule: another office begins its own, and both sides may hold one each.
"""

from __future__ import annotations

from functools import reduce
from itertools import count
from operator import or_
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from dtti.node.folder.codes import code_for
from dtti.node.people import models
from dtti.node.record import lookups
from dtti.office.asking import Stored
from dtti.programme.kinds import KINDS
from dtti.web.forms import shape
from dtti.web.page import url_of

from . import acting


def about(kind: str, content: Stored) -> str:
    """The reference of what a new text is the only one for; empty where there may be several."""
    once = KINDS[kind].face.once
    return str(content.get(once) or "") if once else ""


def drafts(page: Any, ref: str) -> dict[str, models.Draft]:
    """By kind, the first draft that the office has for `ref`, as far as they are for the eyes of who looks."""
    office, made = page.seat.office if page.seat else "", {}
    of = (Q(record__startswith=f"{code}/") for code, kind in KINDS.items() if kind.face.once)
    for one in models.Draft.objects.filter(reduce(or_, of), office=office).order_by("-pk"):
        if about(one.kind, one.content) == ref and acting.open_to(page, one):
            made[one.kind] = one
    return made


def there(page: Any, kind: str, ref: str) -> str:
    """The address of what the office has begun, or the record holds, of a kind for `ref`; empty where there is none."""
    if held := drafts(page, ref).get(kind):
        messages.info(page, _("Your office has begun this already: here is its draft."))
        return reverse("draft", args=[held.record.rpartition("/")[2], held.purpose])
    face = KINDS[kind].face
    link = next(each.link for each in shape.of_kind(kind) if each.name == face.once)
    for row, content in lookups.pointing(page.node, page.viewer, link, ref):
        ours = KINDS[kind].mode != "own" or row.record.split("/")[1] == page.node.side
        if row.kind == kind and getattr(content, face.once) == ref and ours:
            messages.info(page, _("This is in the record already: here it is."))
            return url_of(row)
    return ""


def record(page: Any, kind: str, ref: str) -> str:
    """The id of the record that it is begun as: the same for all of the office, so that two hands begin one draft."""
    office = page.seat.office if page.seat else ""
    words = (f"dtti once\n{kind}\n{ref}\n{office}\n{number}" for number in count())
    made = (f"{kind}/{page.node.side}/{code_for(settings.SECRET_KEY, each)}" for each in words)
    return next(one for one in made if not _taken(page, one))


def _taken(page: Any, record: str) -> bool:
    return models.Draft.objects.filter(record=record).exists() or bool(page.node.store.of_record(record))
