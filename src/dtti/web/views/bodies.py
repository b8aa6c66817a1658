"""Bodies: list, tree, how often each met against its rule, the page of one. Reads reports; holds no rule."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from markupsafe import Markup
from msgspec.structs import asdict, replace

from dtti.office import reports
from dtti.programme.kinds.body import BODY, Body
from dtti.programme.kinds.roster import Roster
from dtti.programme.reports.records import Reading
from dtti.web import page
from dtti.web.page import Moment
from dtti.web.parts import Field, Head, Option, Row, Way

from . import asked, figures, lists, record, sheets, shown, words
from .codes import N_
from .record import Found
from .shown import Names
from .words import _

VIEWS = (("bodies", N_("List")), ("bodies-tree", N_("Tree")), ("cadence", N_("How often they met")))


def ways(current: str, moment: Moment) -> list[Way]:
    """The ways to look at the bodies."""
    return [Way(_(label), shown.address(name, moment), name == current) for name, label in VIEWS]


def _names(request: HttpRequest, moment: Moment, *made: Any) -> Names:
    links: set[str] = set()
    for each in made:
        links |= shown.mentioned(each)
    return Names.of(request, moment).learn(links)


def bodies(request: HttpRequest) -> HttpResponse:
    """Every body as it stood, narrowed by state, type or domain."""
    moment = page.moment(request)
    held = asked.records(request, moment)
    found = asked.made(request, reports.Bodies, moment, held=held)
    wanted = {name: value for name in ("state", "type", "domain") if (value := request.GET.get(name, "").strip()[:60])}
    rows = {
        ref: body
        for ref, body in found.bodies.items()
        if all(getattr(body, name) == value for name, value in wanted.items())
    }
    data = {**asdict(replace(found, bodies=rows)), "asked": wanted}
    if page.wants_json(request):
        return page.answer(request, "pages/list.html", data)
    cadence = asked.made(request, reports.Cadence, moment, now=True, held=held).bodies
    names = _names(request, moment, rows, cadence)
    names.learn(f"body:{body.parent}" for body in rows.values() if body.parent)
    labels = [_("Body"), _("Type"), _("State"), _("Under"), _("Meets"), _("Last meeting known")]
    heads = [Head("", label) for label in labels]
    made = [_row(names, ref, body, cadence.get(ref)) for ref, body in _by_rank(rows)]
    if sheets.form_of(request):
        sheet = sheets.Sheet("bodies", words.plural("body"), labels, made)
        return sheets.answer(
            request, moment, sheet, {_(_FIELDS[name]): words.word(value) for name, value in wanted.items()}
        )
    return shown.show(
        request,
        "pages/list.html",
        data,
        moment,
        names,
        title=words.plural("body"),
        lede=_("Who meets with whom, since when, and what is known of it."),
        crumbs=shown.crumbs(moment, (words.plural("body"), None)),
        views=ways("bodies", moment),
        columns=heads,
        cells=lists.laid(heads, made),
        fields=_fields(found.bodies, wanted),
        kept=shown.kept(moment),
        narrowed=bool(wanted),
        total=len(rows),
        pages={},
        files=sheets.links(request, "bodies") if rows else [],
    )


_FIELDS = {"state": N_("State"), "type": N_("Type"), "domain": N_("Domain")}
_RANK = ("ministerial", "official-dialogue", "steering-group", "task-force", "national-cell", "industry-forum")


def _by_rank(rows: dict[str, reports.BodyThen]) -> list[tuple[str, reports.BodyThen]]:
    """From the ministers down to the working groups, by name within a rank."""

    def key(item: tuple[str, reports.BodyThen]) -> tuple[int, str]:
        kind = item[1].type
        return (_RANK.index(kind) if kind in _RANK else len(_RANK), item[1].name)

    return sorted(rows.items(), key=key)


def _fields(rows: dict[str, reports.BodyThen], wanted: dict[str, str]) -> list[Field]:
    found = []
    for name, label in _FIELDS.items():
        values = sorted({getattr(body, name) for body in rows.values()})
        options = [Option("", _("all")), *(Option(value, words.word(value)) for value in values)]
        found.append(Field(name, _(label), "select", wanted.get(name, ""), options))
    return found


def _row(names: Names, ref: str, body: reports.BodyThen, met: reports.BodyMet | None) -> list[Any]:
    last = met.last if met else None
    overdue = last.overdue_days if last else None
    late = overdue if isinstance(overdue, int) else 0
    return [
        names.link(f"body:{ref}", said=body.name),
        words.word(body.type),
        shown.with_note(words.word(body.state), _stated(body)),
        names.link(f"body:{body.parent}") if body.parent else "–",
        shown.text(met.rule.rule) if met and met.rule else None,
        shown.with_note(
            shown.when(last.date) if last else None,
            words.many("%(num)s day overdue", "%(num)s days overdue", late) if late else "",
        ),
    ]


def _stated(body: reports.BodyThen) -> Any:
    return "" if body.stated == "unknown" else shown.macro("value", "value", shown.when(body.stated))


class Branch(msgspec.Struct, frozen=True):
    """A body in the tree, and those under it."""

    ref: str
    name: str
    type: str
    state: str
    below: list[Branch]


def branches(found: reports.Bodies) -> dict[str, list[Branch]]:
    """The bodies under one another (`tree`), and those with none above them (`under_none`)."""
    under: dict[str, list[str]] = {}
    tops: dict[str, list[str]] = {"tree": [], "under_none": []}
    for ref, body in _by_rank(found.bodies):
        if body.parent in found.bodies:
            under.setdefault(body.parent, []).append(ref)
        else:
            tops["tree" if body.type == "ministerial" else "under_none"].append(ref)

    def branch(ref: str, above: tuple[str, ...]) -> Branch:
        below = [each for each in under.get(ref, ()) if each not in above]
        body = found.bodies[ref]
        return Branch(ref, body.name, body.type, body.state, [branch(each, (*above, ref)) for each in below])

    return {part: [branch(ref, ()) for ref in refs] for part, refs in tops.items()}


def tree(request: HttpRequest) -> HttpResponse:
    """The bodies under one another, from the ministers to the working groups; those with none above them apart."""
    moment = page.moment(request)
    found = asked.made(request, reports.Bodies, moment)
    names = _names(request, moment, found.bodies) if not page.wants_json(request) else None
    data = {
        "on": found.on,
        **branches(found),
        "method": found.method,
    }
    return shown.show(
        request,
        "pages/bodies_tree.html",
        data,
        moment,
        names,
        crumbs=shown.crumbs(moment, (words.plural("body"), "bodies"), (_("Tree"), None)),
        views=ways("bodies-tree", moment),
    )


# --- how often they met ----------------------------------------------------------------------------------------------


def cadence(request: HttpRequest) -> HttpResponse:
    """Every body with meetings: its rule, when it met, the gaps, what is overdue, whose turn it is to host."""
    moment = page.moment(request)
    found = asked.made(request, reports.Cadence, moment, now=True)
    if page.wants_json(request):
        return page.answer(request, "pages/cadence.html", found)
    names = _names(request, moment, found)
    charts = [
        chart(names, ref, met, found.on or "")
        for ref, met in sorted(found.bodies.items(), key=lambda item: (-item[1].n_held, item[0]))
    ]
    return shown.show(
        request,
        "pages/cadence.html",
        found,
        moment,
        names,
        crumbs=shown.crumbs(moment, (words.plural("body"), "bodies"), (_("How often they met"), None)),
        views=ways("cadence", moment),
        charts=charts,
    )


class Chart(msgspec.Struct, frozen=True):
    """What the page shows of how often one body met, as `kept()` takes it."""

    name: str
    link: Markup
    met: reports.BodyMet
    rule: reports.CadenceRule | None
    rule_cite: Markup | None
    rule_grade: str | None
    drawn: Markup | None
    cite: Markup
    overdue: int
    days: list[int | reports.Unknown]
    gaps: list[Row]
    unless_met: list[Markup]
    possible: list[Markup]
    host: reports.NextHost


def chart(names: Names, ref: str, met: reports.BodyMet, on: str) -> Chart:
    """What the page shows of how often one body met: a line of time, gaps as a table, the turn to host."""
    gaps, last = met.gaps.rows, met.last
    overdue = last.overdue_days if last else None
    return Chart(
        names.line(f"body:{ref}"),
        shown.anchor(names.link(f"body:{ref}", said=_("Body"))),
        met,
        met.rule,
        names.rests(met.rule) if met.rule else None,
        met.rule.version.grade if met.rule else None,
        figures.cadence(
            met.name,
            met.rule.days if met.rule else None,
            met.meetings,
            on,
            lambda ref: _anchored(names, f"meeting:{ref}"),
        ),
        cite=names.folded(met),
        overdue=overdue if isinstance(overdue, int) else 0,
        days=[gap.days for gap in gaps if gap.follows == "yes"],
        gaps=[gap(names, each) for each in gaps],
        unless_met=[shown.anchor(names.link(f"meeting:{each}")) for each in (last and last.unless_met) or ()],
        possible=[
            shown.anchor(names.link(f"meeting:{key}")) for key, each in met.meetings.items() if each.held == "unknown"
        ],
        host=met.next_host,
    )


def _anchored(names: Names, link: str) -> Markup:
    return shown.anchor({"text": names.number(link), "url": names.url(link)})


def gap(names: Names, found: reports.Gap) -> Row:
    """The stretch between two meetings as a table row; its bounds where a day is not known."""
    days: Any = found.days
    if days == "unknown" and found.days_low is not None and found.days_high is not None:
        days = _("%(low)s to %(high)s", low=words.grouped(found.days_low), high=words.grouped(found.days_high))
    over: Any = found.excess_days
    if found.follows != "yes":
        over = "–"
    elif over == 0:
        over = {"absent": "none"}
    return {
        "from": names.link(f"meeting:{found.before}", said=names.number(f"meeting:{found.before}")),
        "to": names.link(f"meeting:{found.after}", said=names.number(f"meeting:{found.after}")),
        "days": shown.unless_unknown(days),
        "over": shown.unless_unknown(over),
        "cite": names.rests(found),
    }


# --- one body --------------------------------------------------------------------------------------------------------


@record.own_page("body")
def body(request: HttpRequest, found: Found) -> HttpResponse:
    """A body: its state, its chairs and who held them that day, its meetings, what came before and after."""
    ref, moment = found.row.ref, found.moment
    held = asked.records(request, moment)
    speaks = Reading(held).get(BODY, ref)
    if speaks is None or speaks.record != found.row.record:
        return record.plain(request, found)
    state = asked.made(request, reports.Bodies, moment, body=ref, held=held)
    chairs = asked.made(request, reports.CoChairs, moment, body=ref, now=True, held=held)
    meetings = asked.made(request, reports.Cadence, moment, body=ref, now=True, held=held)
    near = record.around(request, found)
    also = {
        "state": state.bodies[ref],
        "co_chairs": chairs.bodies.get(ref),
        "cadence": meetings.bodies.get(ref),
    }
    names = record.names_for(request, found, near, state, chairs, meetings)
    content = found.content
    if not isinstance(content, Body):
        raise TypeError(type(content))
    names.learn([*(f"office:{each}" for each in chairs.offices)])
    met = meetings.bodies.get(ref)
    return record.answer(
        request,
        "pages/body.html",
        found,
        near,
        names,
        skip=(
            "name",
            "cadence",
            "host_rule",
            "virtual_uses_turn",
            "co_chair_offices",
            "former_co_chair_offices",
            "standing",
        ),
        apart=("body", "meeting", "roster"),
        also=also,
        on=chairs.on,
        stands=state.bodies[ref],
        possible=", ".join(words.word(each) for each in state.bodies[ref].possible if each != state.bodies[ref].state),
        stands_cite=names.rests(state.bodies[ref]),
        seats=seats(names, chairs.bodies.get(ref)),
        method=[*state.method, *chairs.method, *meetings.method],
        chart=chart(names, ref, met, meetings.on or "") if met else None,
        meetings=[_met(names, key, each) for key, each in reversed(met.meetings.items())] if met else [],
        rosters=[
            {"name": names.link(f"roster:{row.ref}"), "count": roster.stated_count, "cite": names.cite(roster.cite)}
            for row, roster in sorted(near.of(Roster), key=lambda item: str(item[1].as_of))
        ],
        after=[shown.anchor(names.link(f"body:{row.ref}")) for row, each in near.of(Body) if ref in each.predecessors],
        below=[shown.anchor(names.link(f"body:{row.ref}")) for row, each in near.of(Body) if each.parent == ref],
    )


def _met(names: Names, ref: str, each: reports.MetAs) -> Row:
    return {
        "name": names.link(f"meeting:{ref}", said=str(each.number) if each.number is not None else None),
        "date": shown.when(each.date),
        "mode": words.word(each.mode),
        "host": {"absent": "none"}
        if each.host == "none"
        else shown.unless_unknown(each.host)
        if each.host == "unknown"
        else shown.macro("value", "side", each.host),
        "state": words.word(each.status),
        "cite": names.rests(each),
    }


def seats(names: Names, chairs: reports.Chairs | None) -> list[Row]:
    """The chairs of a body on a day as table rows: side, office, who certainly holds it, who possibly does."""
    rows: list[Row] = []
    for office, seat in sorted(chairs.seats.items() if chairs else (), key=lambda each: each[0].partition("/")[0]):
        certain = seat.holders if isinstance(seat.holders, list) else []
        rows.append(
            {
                "side": office.partition("/")[0],
                "office": names.link(f"office:{office}", said=seat.title),
                "holder": shown.lines(holder(each) for each in certain) if certain else {"absent": "unknown"},
                "possible": shown.lines(holder(each) for each in seat.candidates) if seat.candidates else "–",
                "chairs": words.word(seat.co_chaired),
                "cite": names.rests(seat),
            }
        )
    return rows


def holder(each: reports.Holder) -> Any:
    """A holder with the capacity where it is not substantive."""
    capacity = "" if each.capacity == "substantive" else words.word(each.capacity)
    return shown.with_note(shown.text(each.holder), capacity)
