"""The two press reports, statement by statement, each with the places that hold it for whoever reads, and how firmly.

The statements are packaged in both languages; whether they are held is computed when the page is made. Holds no rule.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from dtti.office import places
from dtti.office.asking import Stored
from dtti.office.places import Held
from dtti.programme.values import weakest
from dtti.web import page
from dtti.web.parts import Row

from . import shown, words
from .codes import N_
from .shown import Names
from .words import _

#: What the pages that statements point to are called.
PAGES: Final = {
    "bodies": N_("Bodies"),
    "bodies-tree": N_("Bodies, as a tree"),
    "cadence": N_("How often they met"),
    "co-chairs": N_("Co-chairs on a day"),
    "commitments": N_("Commitments"),
    "needs": N_("Needs and offers"),
    "projects": N_("Projects"),
    "readouts": N_("Readouts"),
    "promises": N_("Promises against facts"),
    "rosters": N_("Rosters of working groups"),
    "scorecard": N_("Scorecard"),
    "sources": N_("Sources"),
    "statements": N_("Statements of Intent compared"),
    "success": N_("Success definitions"),
    "trade": N_("Contracts against claims"),
}


#: How far a statement is held for whoever reads.
STATES: Final = ("held", "part", "absent", "context")


@cache
def stored() -> dict[str, Any]:
    """The statements as packaged."""
    text = resources.files("dtti.web").joinpath("press.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def press(request: HttpRequest) -> HttpResponse:
    """Both reports, statement by statement."""
    moment = page.moment(request)
    kept = stored()
    texts = {text for each in kept["statement"] for text in (*each["links"], *each.get("more", ()))}
    found = places.held(page.asked_by(request, moment), texts)
    links = {each.place.record for each in found.values() if each.place.record}
    names = Names.of(request, moment).learn(links | {f"source:{each['source']}" for each in kept["report"]})
    language = words.language()
    statements = [_statement(names, found, each, language) for each in kept["statement"]]
    reports = [
        {
            "id": report["id"],
            "title": report[language],
            "source": report["source"],
            "statements": [each for each in statements if str(each["id"]).partition(".")[0] == report["id"]],
        }
        for report in kept["report"]
    ]
    counted = Counter(each["state"] for each in statements)
    counts = {"all": len(statements), **{state: counted[state] for state in STATES}}
    data = {"on": moment.on or None, "known": moment.known or None, "counts": counts, "reports": reports}
    if page.wants_json(request):
        return page.answer(request, "pages/press.html", data)
    for report in reports:
        report["cite"] = shown.macro("value", "cite", sources=names.sources([report["source"]]), confidence=None)
    return shown.show(
        request,
        "pages/press.html",
        data,
        moment,
        names,
        crumbs=shown.crumbs(moment, (_("The two press reports"), None)),
    )


def _statement(names: Names, found: Mapping[str, Held], each: Stored, language: str) -> Row:
    """A statement: what holds it, how firmly, and what of it is not here for whoever reads."""
    asked = [found[text] for text in each["links"]]
    held = [one for one in asked if one.there and _place(names, one)["url"]]
    absent = [one for one in asked if one not in held]
    context = each.get("context", False)
    return {
        "id": each["id"],
        "text": each[language],
        "state": "context" if context else "held" if not absent else "part" if held else "absent",
        "confidence": _weakest(held),
        "held": [_place(names, one) for one in held],
        "more": [
            place for text in each.get("more", ()) if found[text].there and (place := _place(names, found[text]))["url"]
        ],
        "not_here": [_place(names, one)["text"] for one in absent],
        "care": each["care"][language] if "care" in each else None,
    }


def _weakest(held: list[Held]) -> str | None:
    firm = [one.confidence for one in held if one.confidence]
    return weakest(firm) if firm else None


def _place(names: Names, one: Held) -> Row:
    """A place: what it is called, and its page for whoever may see it."""
    if one.place.page:
        name, _question, query = one.place.page.partition("?")
        url = shown.address(name, None if query else names.moment)
        return {"text": _(PAGES[name]), "url": f"{url}?{query}" if url and query else url, "kind": "page"}
    link, field = one.place.record, one.place.field
    called = names.line(link)
    said = f"{called}: {words.field_name(field)}" if field else called
    return {"text": said, "url": names.url(link), "kind": link.partition(":")[0]}
