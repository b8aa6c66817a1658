"""The page of an external constraint, and what pages of what it bears on say of it. It blocks nothing. No rule."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from markupsafe import Markup

from dtti.office import constraints, reports
from dtti.programme.kinds.constraint import CONSTRAINT, Constraint
from dtti.programme.kinds.constraint_view import CONSTRAINT_VIEW
from dtti.web import page
from dtti.web.parts import Link, Row

from . import acting, asked, facts, record, shown, words
from .record import Beside, Found
from .shown import Names
from .words import _

VIEW: Final = CONSTRAINT_VIEW.code


@record.own_page("constraint")
def constraint(request: HttpRequest, found: Found) -> HttpResponse:
    """An external constraint: the law, what is exposed, waivers as dated facts, what each side says, side by side."""
    content = found.content
    if not isinstance(content, Constraint):
        raise TypeError(type(content))
    asking = page.asked_by(request, found.moment)
    report = asked.made(request, reports.Events, found.moment)
    made = report.constraints.get(found.row.ref)
    own, stakes = constraints.own(asking, found.row.ref), constraints.stakes(content)
    near = record.around(request, found)
    names = record.names_for(request, found, near, made)
    positions = {
        side: [
            {"text": shown.text(row.text), "date": shown.when(row.date), "cite": names.cite(row.cite or content.cite)}
            for row in content.positions
            if row.side == side
        ]
        for side in ("IND", "USA")
    }
    return record.answer(
        request,
        "pages/constraint.html",
        found,
        near,
        names,
        skip=("name", "positions", "rules", "exposed", "waivers"),
        also={"as_it_stood": made, "at_stake": stakes},
        waiver=words.word(made.waiver) if made else None,
        rules=facts.table(names, content, content.rules) if content.rules else None,
        stakes=[_stake(names, each) for each in stakes],
        waivers=facts.table(names, content, content.waivers) if content.waivers else None,
        positions=positions,
        said=any(positions.values()),
        order=shown.own_first(request),
        own=[_own(names, each) for each in own],
        begin=_begin(request, found),
        never=_("What this side thinks in private is a record of its own, and never goes out with this one."),
    )


def _stake(names: Names, each: constraints.Stake) -> Row:
    """What is at stake in one purchase, with its bounds and on what they rest."""
    what = names.link(each.record, said=each.text) if each.record else shown.text(each.text)
    return {"what": what, "stake": amount(each), "cite": names.cite(each.cite) if each.cite else "–"}


def amount(each: constraints.Stake) -> object:
    """Bounds in words, and what the figures measure; not known where no figure is stated."""
    if each.low is None or each.high is None:
        return {"absent": "unknown"}
    low, high = (words.amount(value, each.currency) for value in (each.low, each.high))
    said = low if each.low == each.high else _("%(low)s to %(high)s", low=low, high=high)
    return shown.with_note(said, words.word(each.measure) if each.measure else "")


def _own(names: Names, each: constraints.Own) -> Row:
    """What this side thinks inside, as the page has it."""
    content = each.content
    return {
        "row": each.row,
        "url": names.url_of(each.row),
        "text": shown.text(content.view),
        "consequence": shown.text(content.consequence) if content.consequence else None,
        "as_of": shown.when(content.as_of),
        "next": each.next,
        "watched": [
            {"on": shown.when(one.on), "text": shown.text(one.text), "looked": shown.when(one.looked)}
            for one in content.watched
        ],
    }


def _begin(request: HttpRequest, found: Found) -> Link | None:
    """Where a seat that may states what its side thinks; None for any other."""
    wanted = acting.as_page(request)
    if not found.moment.now or not acting.may(wanted, "write_draft:state", VIEW):
        return None
    address = reverse("start", args=[CONSTRAINT_VIEW.face.address])
    return Link(_("State what our side thinks"), f"{address}?constraint={found.row.ref}")


@record.beside("project", "trade_contract", "event", "body", "instrument")
def bears_on(request: HttpRequest, found: Found) -> Beside:
    """The constraints that bear on a record, on its own page: what the law is, and what of it is at stake."""
    asking, kind, ref = page.asked_by(request, found.moment), found.row.kind, found.row.ref
    touches = constraints.touching(asking, f"{kind}:{ref}") if ref else []
    if not touches:
        return Beside({"constraints": []})
    names = Names.of(request, found.moment).learn({f"{CONSTRAINT.code}:{each.ref}" for each in touches})
    names.learn(shown.mentioned(touches))
    rows = [
        {
            "name": names.link(f"{CONSTRAINT.code}:{each.ref}"),
            "law": shown.text(each.law),
            "waiver": words.word(each.waiver),
            "stake": shown.lines(shown.drawn(amount(one)) for one in each.stakes) if each.stakes else Markup("–"),
            "cite": shown.joined(dict.fromkeys(names.cite(one.cite) for one in each.stakes if one.cite)) or "–",
        }
        for each in touches
    ]
    return Beside({"constraints": touches}, {"constraints_here": rows})
