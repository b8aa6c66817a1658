"""Instruments: what runs out within a year, and the page of one, with every date apart. Holds no rule."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse

from dtti.office import reports
from dtti.programme.kinds.instrument import INSTRUMENT, Instrument
from dtti.programme.reports.records import Reading
from dtti.programme.values import When
from dtti.web import page
from dtti.web.parts import Fact, Head, Row

from . import asked, facts, record, sheets, shown, words
from .codes import N_
from .record import Found
from .shown import Names
from .words import _

#: The dates of an instrument in the order of its life. None stands for another.
DATES: Final = ("text_agreed", "signed", "announced", "in_force", "first_step", "renewed", "expires", "due")


def expiring(request: HttpRequest) -> HttpResponse:
    """What expires within twelve months of the day, what has expired, and every known expiry in order."""
    moment = page.moment(request)
    found = asked.made(request, reports.Enablers, moment, now=True)
    ends, rows = found.expiring, found.instruments
    data = {"on": found.on, "expiring": ends, "method": found.method}
    if page.wants_json(request):
        return page.answer(request, "pages/expiring.html", data)
    names = Names.of(request, moment).learn(shown.mentioned(found))

    def row(ref: str, last: str) -> Row:
        return {
            "name": names.link(f"instrument:{ref}"),
            "type": words.word(rows[ref].type),
            "last": shown.when(last),
            "state": words.word(rows[ref].implementation),
            "cite": names.rests(rows[ref]),
        }

    dated = [(each.instrument, each.last_day) for each in ends.all]
    heads = [
        Head("name", _("Instrument")),
        Head("type", _("Type")),
        Head("last", _("Last day")),
        Head("state", _("Carried out")),
        Head("cite", _("Source")),
    ]
    if sheets.form_of(request):
        made = [[*{**row(ref, last), "last": When(last)}.values()] for ref, last in dated]
        sheet = sheets.Sheet("expiring", _("Agreements that expire"), [head.label for head in heads], made)
        return sheets.answer(request, moment, sheet, {})
    return shown.show(
        request,
        "pages/expiring.html",
        data,
        moment,
        names,
        crumbs=shown.crumbs(moment, (words.plural("instrument"), "instruments"), (_("Expiring"), None)),
        within=[row(ref, last) for ref, last in dated if ref in ends.within_12_months],
        later=[row(ref, last) for ref, last in dated if ref not in (*ends.within_12_months, *ends.expired)],
        expired=[row(ref, last) for ref, last in reversed(dated) if ref in ends.expired],
        unknown=sum(1 for each in rows.values() if each.expires == "unknown"),
        columns=heads,
        files=sheets.links(request, "expiring") if dated else [],
    )


@record.own_page("instrument")
def instrument(request: HttpRequest, found: Found) -> HttpResponse:
    """An instrument: its dates side by side, days between them, who signed, its lines, what stands under it."""
    content = found.content
    if not isinstance(content, Instrument):
        raise TypeError(type(content))
    held = asked.records(request, found.moment)
    speaks = Reading(held).get(INSTRUMENT, found.row.ref)
    report = asked.made(request, reports.Enablers, found.moment, now=True, held=held)
    made = report.instruments.get(found.row.ref) if speaks and speaks.record == found.row.record else None
    near = record.around(request, found)
    names = record.names_for(request, found, near, made)
    lives = [
        Fact(
            words.field_name(field),
            _date(content, field, made),
            cite=facts.weaker(names, content.cite, field),
        )
        for field in DATES
        if getattr(content, field) is not None or field in INSTRUMENT.face.missed or _computed(field, made)
    ]
    return record.answer(
        request,
        "pages/instrument.html",
        found,
        near,
        names,
        skip=("name", "lines", "promises", *DATES),
        apart=("instrument",),
        also={"dates": made},
        lives=lives,
        between=_between(made) if made else [],
        lines=facts.table(names, content, content.lines) if content.lines else None,
        promises=facts.table(names, content, content.promises) if content.promises else None,
        under=[
            shown.anchor(names.link(f"instrument:{row.ref}"))
            for row, paper in near.of(Instrument)
            if found.row.ref in (paper.parent, paper.predecessor)
        ],
    )


def _computed(field: str, made: reports.Enabler | None) -> bool:
    return field == "expires" and made is not None and made.expires_computed


def _date(content: Instrument, field: str, made: reports.Enabler | None) -> object:
    """A date of an instrument; its last day as it follows from its term, and said so, where none is recorded."""
    if made is None or not _computed(field, made):
        return shown.when(getattr(content, field))
    return shown.with_note(shown.when(made.expires), _("computed from its term; inferred"))


def _days(span: reports.EnablerSpan) -> str:
    """Days, or the fewest and the most that a date known in part allows."""
    if isinstance(span.days, int):
        return words.many("%(num)s day", "%(num)s days", span.days)
    if span.low is None or span.high is None:
        return _("not known")
    return _("%(low)s to %(high)s days", low=words.grouped(span.low), high=words.grouped(span.high))


def _between(made: reports.Enabler) -> list[Fact]:
    """Days between the dates, where both are known to the day; how long no first step has followed."""
    spans = (
        (N_("Since signature"), made.since_signed),
        (N_("Until it expires"), made.to_expiry if made.has_expired != "yes" else None),
    )
    return _known(made) + [Fact(_(label), _days(span)) for label, span in spans if span is not None]


def _known(made: reports.Enabler) -> list[Fact]:
    labels = (
        (N_("From signature to announcement"), made.days_signed_to_announced),
        (N_("From signature to force"), made.days_signed_to_in_force),
        (N_("From signature to first step"), made.days_signed_to_first_step),
        (N_("From signature to first meeting"), made.days_signed_to_first_meeting),
        (N_("Since signature, without a step known"), made.days_since_signed_without_step),
    )
    return [
        Fact(_(label), words.many("%(num)s day", "%(num)s days", days))
        for label, days in labels
        if isinstance(days, int)
    ]
