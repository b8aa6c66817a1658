"""What to do where something marked too high was brought in: the steps, and the texts of a record to be erased."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _

from dtti.office import spill as office
from dtti.web import page
from dtti.web.page import answer, asked_by, route

from . import shown
from .acting import as_page


def spill(request: HttpRequest) -> HttpResponse:
    """The steps, for anybody; with `record`, the texts of that record for whoever sees it."""
    name = request.GET.get("record", "")[:100]
    found = office.texts(asked_by(request, page.Moment()), name) if name else None
    if name and found is None:
        raise page.not_here(_("record"))
    row, texts = found or (None, [])
    columns = [
        {"key": "on", "label": _("Recorded")},
        {"key": "side", "label": _("Side")},
        {"key": "command", "label": _("What erases it")},
    ]
    return answer(
        request,
        "pages/spill.html",
        {"record": row, "texts": [msgspec.to_builtins(each) for each in texts]},
        title=_("A spill"),
        row=row,
        back=page.url_of(row) if row else None,
        columns=columns,
        rows=[
            {
                "on": shown.when(each.on[:10]),
                "side": shown.side_name(each.side),
                "command": each.command or (_("It is erased.") if not each.here else _("The other side orders it.")),
            }
            for each in texts
        ],
        other=as_page(request).node.book.other,
    )


PATTERNS: list[URLPattern] = route("spill/", spill, "spill")
