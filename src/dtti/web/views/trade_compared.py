"""Trade told twice: a second compilation by itself, contracts compared, official series, errors in sources. No rule."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from markupsafe import escape

from dtti.office import reports
from dtti.web import page
from dtti.web.parts import Row

from . import asked, shown, words
from .shown import Names
from .trade import between, named, ways
from .words import _


def compared(request: HttpRequest) -> HttpResponse:
    """A second compilation by itself, contracts told twice, official series, and errors in sources not taken over."""
    moment = page.moment(request)
    found = asked.made(request, reports.Trade, moment)
    kept = ("compilations", "compared", "stated_twice", "official_series", "source_errors", "method")
    data = {"on": found.on, **{name: getattr(found, name) for name in kept}}
    if page.wants_json(request):
        return page.answer(request, "pages/trade_compared.html", data)
    links = shown.mentioned(data) | {f"trade_contract:{ref}" for ref in named(found)}
    for each in found.official_series:
        links |= {f"trade_claim:{ref}" for ref in (each.ref, each.same_as) if ref}
    names = Names.of(request, moment).learn(links)
    return shown.show(
        request,
        "pages/trade_compared.html",
        data,
        moment,
        names,
        crumbs=shown.crumbs(moment, (_("Trade"), "trade"), (_("Trade told twice"), None)),
        views=ways("trade-compared", moment),
        compilations=[_compilation(names, name, each) for name, each in found.compilations.items()],
        twice=_twice(names, found),
        series=[_series(names, each) for each in found.official_series],
        errors=[_error(names, each) for each in found.source_errors],
    )


def _compilation(names: Names, name: str, each: reports.Compilation) -> Row:
    return {
        "name": words.word(name),
        "rows": each.rows,
        "counted": each.counted,
        "notified": each.notified_only,
        "ceilings": shown.usd(each.notified_ceilings_usd),
        "sum": shown.usd(each.sum_preferred_usd),
        "bounds": between(each.sum_low_usd, each.sum_high_usd),
        "unverified": shown.usd(each.of_which_unverified.sum_preferred_usd),
        "cite": names.folded(each),
    }


def _twice(names: Names, found: reports.Trade) -> list[Row]:
    return [
        *(
            pair(names, names.link(f"trade_contract:{ref}"), names.link(f"trade_contract:{each.same_as}"), each)
            for ref, each in found.compared.items()
        ),
        *(
            pair(names, names.link(f"trade_contract:{each.contract}"), _("another record of the same contract"), each)
            for each in found.stated_twice
        ),
    ]


def pair(names: Names, one: Any, other: Any, each: reports.Twice | reports.StatedTwice) -> Row:
    """Two records of one contract: on what they agree and differ, and what only one of them says."""

    def told(pairs: dict[str, reports.Told]) -> Any:
        return shown.lines(
            escape(_("%(field)s: %(here)s here, %(there)s there"))
            % {
                "field": words.field_name(field),
                "here": _said(field, said.here),
                "there": _said(field, said.there),
            }
            for field, said in pairs.items()
        )

    return {
        "one": one,
        "other": other,
        "agree": shown.joined(words.field_name(field) for field in each.agree) or "–",
        "differ": told(each.differ) or "–",
        "alone": told(each.only_one) or "–",
        "cite": names.folded(each),
    }


def _said(field: str, value: Any) -> Any:
    if isinstance(value, int):
        return words.amount(value) if field == "value" else words.grouped(value)
    if field == "signed" and value != "unknown":
        return shown.macro("value", "value", shown.when(value))
    return words.word(value, f"TradeContract.{field}")


def _series(names: Names, each: reports.Figure) -> Row:
    agrees = {None: "–", True: _("the same figure"), False: _("another figure")}[each.agrees]
    period = shown.macro("value", "value", shown.when(each.period)).striptags()
    link = names.link(f"trade_claim:{each.ref}", said=period)
    return {
        "period": link,
        "figure": shown.usd(each.figure_usd),
        "measure": words.word(each.measure),
        "scope": words.word(each.scope),
        "same": shown.joined([shown.anchor(names.link(f"trade_claim:{each.same_as}")), agrees], ": ")
        if each.same_as
        else "–",
        "cite": names.rests(each),
    }


def _error(names: Names, each: reports.SourceError) -> Row:
    return {
        "item": names.link(f"trade_contract:{each.contract}"),
        "field": words.field_name(each.field.replace("-", "_")),
        "printed": shown.text(each.printed),
        "meant": shown.text(each.meant),
        "why": shown.text(each.why),
        "cite": names.rests(each),
    }
