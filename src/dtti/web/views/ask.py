"""Ask the record how long it was from one fact to another. Puts the question; holds no rule.

Facts are chosen from what this viewer sees; whatever is asked and is not there is said with what is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from markupsafe import Markup, escape

from dtti.accord.refusal import Refusal, Refused
from dtti.node.record import lookups, questions, read
from dtti.office import questions as office
from dtti.office.questions import Between, Count, Span
from dtti.programme.kinds import placed
from dtti.web import page
from dtti.web.page import Moment
from dtti.web.parts import Fact, Field, Option, Row, Way

from . import asked, shown, words
from .codes import N_
from .shown import Names
from .words import _

#: Records of a kind that are offered by name; more can be named as kind:ref.
OFFERED: Final = 400
#: Kinds of which nobody asks how long: they are on what the others rest.
_APART: Final = ("source", "difference")


def between(request: HttpRequest) -> HttpResponse:
    """How long from one fact to another: ``from`` and ``to`` of the address, each with its date, and a reading."""
    moment = page.moment(request)
    names = Names.of(request, moment)
    offered = {} if page.wants_json(request) else _offered(request, moment, names)
    texts = [_fact(request, name, offered) for name in ("from", "to")]
    found: Between | None = None
    against: tuple[Refusal, ...] = ()
    if texts[0]:
        try:
            found = questions.between(
                page.node_of(request),
                page.viewer_of(request),
                texts[0],
                texts[1] or office.TODAY,
                on=moment.day,
                known=moment.bound,
                reading=office.asked_readings(given(request, "reading")),
                today=moment.today,
            )
        except Refused as refused:
            against = refused.refusals
    if page.wants_json(request):
        return as_json(request, "pages/ask.html", told(request, found, moment), against)
    if found is not None:
        names.learn(shown.mentioned(found) | {f"difference:{ref}" for ref in found.differences_touching})
        asked.told(request, found)
    readings = [each for fact in ((found.start, found.end) if found else ()) for each in fact.readings]
    return shown.show(
        request,
        "pages/ask.html",
        {"found": found},
        moment,
        names,
        crumbs=shown.crumbs(moment, (_("Ask the record"), None)),
        views=ways("ask", moment),
        against=against,
        offered=sorted(offered),
        facts=[
            _asked_fact(name, label, request.GET.get(name, ""), fact, offered)
            for name, label, fact in (
                ("from", _("From"), found.start if found else None),
                ("to", _("To"), found.end if found else None),
            )
        ],
        reading=readings_field(names, request, [(each.difference, each.claim, each.text) for each in readings]),
        kept=shown.kept(moment),
        answer=_days(found.by_reading[0]) if found else None,
        answer_cite=names.rests(found.by_reading[0]) if found else None,
        ends=[_end(names, _("From"), found.start), _end(names, _("To"), found.end)] if found else [],
        rows=[_by_reading(names, found, each) for each in found.by_reading] if found else [],
        touching=touching(names, found.differences_touching) if found else [],
        method=found.method if found else [],
        examples=_examples(moment),
    )


def given(request: HttpRequest, name: str) -> list[str]:
    """What the address says under a name, in order, each no longer than a name is."""
    return [value.strip()[:200] for value in request.GET.getlist(name) if name != "reading" or value.strip()]


def _offered(request: HttpRequest, moment: Moment, names: Names) -> dict[str, str]:
    """What can be chosen by its name: each record that has dates, as ``kind:ref``."""
    node, viewer = page.node_of(request), page.viewer_of(request)
    rows = [
        row
        for kind in placed()
        if kind.code not in _APART and office.dates_of(kind.code)
        for row in read.listing(node, viewer, kind.code, order="title", count=OFFERED, known=moment.bound).rows
        if row.ref
    ]
    names.learn_for(rows)
    found: dict[str, str] = {}
    for row in rows:
        label, link = str(names.plainly(row)), f"{row.kind}:{row.ref}"
        found[label if found.get(label, link) == link else f"{label} ({row.ref})"] = link
    return found


def _fact(request: HttpRequest, name: str, offered: dict[str, str]) -> str:
    """A fact of the address: as it is written, or by the name of its record, and the date of it that was chosen."""
    text = request.GET.get(name, "").strip()[:300]
    field = request.GET.get(f"{name}_date", "").strip()[:80]
    link = office.TODAY if text == _("today") else offered.get(text, text)
    return f"{link}/{field}" if field and ":" in link and not link.endswith(f"/{field}") else link


def _asked_fact(name: str, label: str, text: str, fact: office.FactRead | None, offered: dict[str, str]) -> Row:
    """A question of the form: the record by its name, and which of its dates."""
    called = {link: words_of for words_of, link in offered.items()}
    value = called.get(fact.record, text) if fact and fact.record else text
    dates = fact.fields if fact else []
    return {
        "name": name,
        "label": label,
        "value": value,
        "dates": [Option(each, _date_label(each)) for each in dates],
        "date": fact.field if fact else "",
    }


def _date_label(field: str) -> str:
    """What a date of a record is called: its field, and of a row the list and the place in it."""
    parts = [words.field_name(part) if not part.isdigit() else str(int(part) + 1) for part in field.split(".")]
    return " ".join(parts)


def readings_field(names: Names, request: HttpRequest, said: Sequence[tuple[str, str, str]]) -> Field | None:
    """The choice of a reading, where there are several."""
    chosen = next(iter(given(request, "reading")), "")
    options = {f"{ref}={key}": names.title(f"difference:{ref}") + f": {text or key}" for ref, key, text in said}
    if chosen:
        options.setdefault(chosen, chosen)
    if not options:
        return None
    first = Option("", _("as the record has it"))
    return Field(
        "reading", _("Reading"), "select", chosen, [first, *(Option(value, label) for value, label in options.items())]
    )


def as_json(
    request: HttpRequest, template: str, found: Between | Count | None, against: tuple[Refusal, ...]
) -> HttpResponse:
    """The `.json` twin: the answer, or what stands against the question."""
    if against:
        return page.refused(request, against, 422)
    return page.answer(request, template, found if found is not None else {"found": None})


def told(request: HttpRequest, found: Any, moment: Moment) -> Any:
    """An answer that says on what of it the other side has not been told."""
    if found is None:
        return None
    node, viewer = page.node_of(request), page.viewer_of(request)
    return msgspec.structs.replace(found, not_released=lookups.not_released(node, viewer, found.uses, moment.bound))


def ways(current: str, moment: Moment) -> list[Way]:
    """The two questions that can be put."""
    pages = ((N_("How long"), "ask"), (N_("How many"), "ask-count"))
    return [Way(_(label), shown.address(name, moment), name == current) for label, name in pages]


def _days(each: Span) -> str:
    """Days in words: a figure, or the fewest and the most."""
    low, high = each.days_low, each.days_high
    if low is None and high is None:
        return _("not known")
    if low is not None and low == high:
        return words.many("%(num)s day", "%(num)s days", low)
    if low is None or high is None:
        said = _("at least %(num)s days") if high is None else _("at most %(num)s days")
        return said % {"num": words.grouped(low if low is not None else high or 0)}
    return _("not known to the day: %(low)s to %(high)s days", low=words.grouped(low), high=words.grouped(high))


def _end(names: Names, label: str, fact: office.FactRead) -> Fact:
    """A fact that was asked about: its record, which date of it, and how it is read."""
    if not fact.record:
        return Fact(label, shown.when(fact.date))
    note = _date_label(fact.field)
    if fact.computed:
        note = f"{note}, {_('computed from its term; inferred')}"
    when = escape("{}: {}").format(note, value(shown.when(fact.date)))
    said = shown.anchor(names.link(fact.record, said=names.line(fact.record)))
    return Fact(label, shown.lines([said, when]), cite=names.rests(fact))


def value(made: Any) -> Markup:
    """A value as the look's macro makes it."""
    return shown.macro("value", "value", shown.Frozen(made) if isinstance(made, dict) else made)


def _by_reading(names: Names, found: Between, each: Span) -> Row:
    said = [(way, fact) for way, fact in ((each.from_reading, found.start), (each.to_reading, found.end)) if way]
    ways = [_way(names, way, fact) for way, fact in said]
    return {
        "reading": shown.lines(ways) or _("as the record has it"),
        "from": shown.when(each.from_date),
        "to": shown.when(each.to_date),
        "days": _days(each),
        "cite": names.rests(each),
    }


def _way(names: Names, way: str, fact: office.FactRead) -> Markup:
    """A reading: what the statement says, and the difference that it is of."""
    ref, _equals, key = way.partition("=")
    text = next((one.text for one in fact.readings if (one.difference, one.claim) == (ref, key)), key)
    return escape("{} ({})").format(shown.text(text), shown.anchor(names.link(f"difference:{ref}")))


def touching(names: Names, differences: Mapping[str, str]) -> list[Any]:
    """The differences that touch an answer, as links."""
    return [shown.anchor(names.link(f"difference:{ref}")) for ref in differences]


def _examples(moment: Moment) -> list[dict[str, str]]:
    """Questions to begin with, as links."""
    pages: list[tuple[str, str]] = [
        (N_("From the first Statement of Intent to the agreement on the air-launched UAV"),
         "from=instrument:soi-1&to=instrument:aluav-pa"),
        (N_("Since the DTTI Group last met"), "from=meeting:dtti-group-11&to=today"),
        (N_("From the Industrial Security Annex to its first step"),
         "from=instrument:isa&to=instrument:isa/first_step"),
    ]  # fmt: skip
    base = shown.address("ask") or ""
    return [{"text": _(label), "url": f"{base}?{query}"} for label, query in pages]
