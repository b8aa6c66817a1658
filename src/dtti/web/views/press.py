"""The two press reports, statement by statement, each with the page or record that holds it, or that none does yet.

The statements are packaged in both languages; what they point to is looked up when the page is made. Holds no rule.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from dtti.web import page

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
    "promises": N_("Promises against facts"),
    "rosters": N_("Rosters of working groups"),
    "scorecard": N_("Scorecard"),
    "sources": N_("Sources"),
    "statements": N_("Statements of Intent compared"),
    "success": N_("Success definitions"),
    "trade": N_("Contracts against claims"),
}


@cache
def stored() -> dict[str, Any]:
    """The statements as packaged."""
    text = resources.files("dtti.web").joinpath("press.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def press(request: HttpRequest) -> HttpResponse:
    """Both reports, statement by statement."""
    moment = page.moment(request)
    kept = stored()
    links = {link for each in kept["statement"] for link in each["links"] if not link.startswith("page:")}
    names = Names.of(request, moment).learn(links | {f"source:{each['source']}" for each in kept["report"]})
    language = words.language()
    statements = [_statement(names, each, language) for each in kept["statement"]]
    reports = [
        {
            "id": report["id"],
            "title": report[language],
            "source": report["source"],
            "statements": [each for each in statements if each["id"].partition(".")[0] == report["id"]],
        }
        for report in kept["report"]
    ]
    counts = {
        "all": len(statements),
        "held": sum(1 for each in statements if not each["not_there_yet"] and not each["context"]),
        "part": sum(1 for each in statements if each["not_there_yet"]),
        "context": sum(1 for each in statements if each["context"]),
    }
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


def _statement(names: Names, each: dict[str, Any], language: str) -> dict[str, Any]:
    """A statement with what holds it; what is named and is not to be seen here is told as not there yet."""
    held, absent = [], []
    for link in each["links"]:
        found = _page(names, link) if link.startswith("page:") else _record(names, link)
        if found["url"]:
            held.append(found)
        else:
            absent.append(found["text"])
    lacks = [each["lacks"][language]] if "lacks" in each else []
    if absent:
        lacks.append(_("Not there: %(what)s.", what=", ".join(absent)))
    return {
        "id": each["id"],
        "text": each[language],
        "held": held,
        "not_there_yet": lacks,
        "care": each["care"][language] if "care" in each else None,
        "context": each.get("context", False),
    }


def _record(names: Names, link: str) -> dict[str, Any]:
    return {"text": names.line(link), "url": names.url(link), "kind": link.partition(":")[0]}


def _page(names: Names, link: str) -> dict[str, Any]:
    name, _colon, query = link.removeprefix("page:").partition("?")
    url = shown.address(name, None if query else names.moment)
    return {"text": _(PAGES[name]), "url": f"{url}?{query}" if url and query else url, "kind": "page"}
