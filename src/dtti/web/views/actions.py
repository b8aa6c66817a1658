"""The registers of actions and decisions, the page of one action, and what other pages show of them. Holds no rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from markupsafe import Markup

from dtti.node.record import read
from dtti.office import actions as office
from dtti.programme.fulfilment import SETTLED
from dtti.web import page
from dtti.web.page import Moment, route
from dtti.web.parts import Field, Head, Link, Option, Row, Way

from . import acting, asked, record, shown, words
from .acting import as_page
from .record import Beside, Found
from .shown import Names
from .words import _

REPORT: Final = "action_report"
MOST_HERE: Final = 12  # rows of a section on another record's page; the register has all


class Here(msgspec.Struct, frozen=True):
    """A section of actions on the page of another record: `rows` as the table takes them, and the register of all."""

    title: str
    rows: list[Row]
    note: str = ""
    more: Link | None = None


# --- the registers ---------------------------------------------------------------------------------------------------


def query(request: HttpRequest) -> office.Query:
    """What the address asks of the register."""
    given = {name: request.GET.get(name, "").strip()[:100] for name in (*office.FILTERS, "order")}
    return office.Query(**given, words=request.GET.get("q", "").strip()[:200])


def register(request: HttpRequest) -> HttpResponse:
    """The register of actions and commitments: fifty rows, the longest overdue first."""
    moment, wanted = page.moment(request), query(request)
    asking = page.asked_by(request, moment)
    found = office.register(asking, wanted)
    asked.told(request, office.made(asking))
    start = (page.number(request, "page", 1, most=20_000) - 1) * read.PAGE
    rows = found.rows[start : start + read.PAGE]
    data = {
        "asked": {name: value for name, value in msgspec.structs.asdict(wanted).items() if value},
        **record.times(moment),
        "total": len(found.rows),
        "overdue": found.overdue,
        "first": start + 1,
        "rows": rows,
    }
    if page.wants_json(request):
        return page.answer(request, "pages/actions.html", data)
    names, may = named(request, moment, rows), may_report(request) and moment.now
    names.learn(f"{name}:{each}" for name in ("body", "project", "office") for each in found.options[name])
    return shown.show(
        request,
        "pages/actions.html",
        data,
        moment,
        names,
        crumbs=shown.crumbs(moment, (_("Actions and commitments"), None)),
        tabs=_tabs(moment, "actions"),
        columns=_columns(request, wanted.order),
        cells=[cells(names, each, report=may) for each in rows],
        fields=_fields(names, found, wanted),
        kept=shown.kept(moment, order=wanted.order),
        narrowed=any(getattr(wanted, name) for name in (*office.FILTERS, "words")),
        late=words.many("%(num)s is overdue", "%(num)s are overdue", found.overdue) if found.overdue else "",
        pages=shown.rows_page(request, len(found.rows), start, read.PAGE, len(rows)),
        sheets=_sheets(request),
        bring_in=reverse("bring-in-actions") if may else None,
        report=reverse("report-new") if may else None,
        method=office.made(asking).method,
    )


def decisions(request: HttpRequest) -> HttpResponse:
    """The register of decisions, the latest meeting first."""
    moment, asked_words = page.moment(request), request.GET.get("q", "").strip()[:200]
    body = request.GET.get("body", "").strip()[:80]
    asking = page.asked_by(request, moment)
    found = office.decisions(asking, asked_words, body)
    start = (page.number(request, "page", 1, most=20_000) - 1) * read.PAGE
    rows = found[start : start + read.PAGE]
    data = {
        "asked": {name: value for name, value in (("q", asked_words), ("body", body)) if value},
        **record.times(moment),
        "total": len(found),
        "rows": rows,
    }
    if page.wants_json(request):
        return page.answer(request, "pages/decisions.html", data)
    bodies = sorted({each.body for each in office.made(asking).decisions})
    names = Names.of(request, moment).learn(shown.mentioned(rows) | {f"body:{each}" for each in bodies})
    options = [Option("", _("all")), *(Option(each, names.title(f"body:{each}")) for each in bodies)]
    return shown.show(
        request,
        "pages/decisions.html",
        data,
        moment,
        names,
        crumbs=shown.crumbs(moment, (_("Actions and commitments"), "actions"), (_("Decisions"), None)),
        tabs=_tabs(moment, "decisions"),
        cells=[
            {
                "text": shown.with_note(shown.text(each.text), _("no. %(number)s", number=each.number)),
                "meeting": names.link(f"meeting:{each.meeting}"),
                "date": shown.when(each.met_on),
                "body": names.link(f"body:{each.body}"),
                "cite": names.rests(each),
            }
            for each in rows
        ],
        fields=[Field("q", _("Words"), "search", asked_words), Field("body", _("Body"), "select", body, options)],
        kept=shown.kept(moment),
        narrowed=bool(data["asked"]),
        pages=shown.rows_page(request, len(found), start, read.PAGE, len(rows)),
    )


def _tabs(moment: Moment, current: str) -> list[Way]:
    found = [
        ("actions", _("Actions and commitments")),
        ("decisions", _("Decisions")),
        ("promises", _("Promises against facts")),
    ]
    return [Way(label, shown.address(name, moment), current=name == current) for name, label in found]


def _sheets(request: HttpRequest) -> list[Link]:
    """The same list as a file, as it is filtered."""
    asked_for = request.GET.copy()
    asked_for.pop("page", None)
    more = f"?{asked_for.urlencode()}" if asked_for else ""
    return [
        Link(label, reverse("actions-sheet", args=[form]) + more) for form, label in (("xlsx", "XLSX"), ("csv", "CSV"))
    ]


def _columns(request: HttpRequest, order: str) -> list[Head]:
    """The columns; headings that order the register are links that keep every other answer."""
    now = order or "due"
    found = []
    for key, label, by in (
        ("text", _("What is to be done"), "text"),
        ("owner", _("Who has to do it"), ""),
        ("due", _("Due"), "due"),
        ("state", _("State"), "state"),
        ("verified", _("Verified by"), ""),
        ("meeting", _("Meeting"), "meeting"),
        ("project", _("Project"), ""),
    ):
        sort, ordered = None, None
        if by:
            asked_for = request.GET.copy()
            asked_for.pop("page", None)
            asked_for["order"] = f"-{by}" if now == by else by
            sort = f"?{asked_for.urlencode()}"
            if now.removeprefix("-") == by:
                ordered = "descending" if now.startswith("-") else "ascending"
        found.append(Head(key, label, sort=sort, sorted=ordered))
    return found


def _fields(names: Names, found: office.Register, wanted: office.Query) -> list[Field]:
    labels = {
        "type": _("What it is"),
        "state": _("State"),
        "due": _("Due"),
        "side": _("Side"),
        "office": _("Office"),
        "body": _("Body"),
        "project": _("Project"),
    }
    fields = [Field("q", _("Words"), "search", wanted.words)]
    for name, label in labels.items():
        chosen, counts = getattr(wanted, name), found.options[name]
        if len(counts) > 1 or chosen:
            options = [
                Option(value, f"{_said(names, name, value)} ({words.grouped(number)})")
                for value, number in sorted(counts.items())
                if value
            ]
            fields.append(Field(name, label, "select", chosen, [Option("", _("all")), *options]))
    return fields


def _said(names: Names, name: str, value: str) -> str:
    if name in ("body", "project", "office"):
        return names.line(f"{name}:{value}")
    return shown.side_name(value) if name == "side" else words.word(value)


# --- rows ------------------------------------------------------------------------------------------------------------


def named(request: HttpRequest, moment: Moment, rows: Iterable[office.ActionThen]) -> Names:
    """Names for everything that rows of the register show."""
    links: set[str] = set()
    for each in rows:
        links |= {each.record, *(f"office:{owner.office}" for owner in each.owners if owner.office)}
        links |= {f"{name}:{value}" for name in ("meeting", "body", "project") if (value := getattr(each, name))}
        links |= {f"office:{seen.office}" for seen in each.verified} | {f"source:{ref}" for ref in each.sources}
        links |= {f"{REPORT}:{told.ref}" for told in each.reports} | {f"office:{told.office}" for told in each.reports}
        links |= {evidence for evidence in each.evidence if ":" in evidence}
    return Names.of(request, moment).learn(links)


def url_of(names: Names, row: office.ActionThen) -> str | None:
    """The page of an action or a commitment."""
    held = names.row(row.record)
    if held is None:
        return None
    if row.type == "commitment":
        return names.url(row.record)
    return reverse("action", args=[held.code, row.number]) + names.moment.query


def rows_of(request: HttpRequest, moment: Moment, rows: Sequence[office.ActionThen]) -> list[Row]:
    """Rows as the table of actions takes them, for any page, with the way to report where the seat may."""
    names, may = named(request, moment, rows), may_report(request) and moment.now
    return [cells(names, each, report=may) for each in rows]


def line(names: Names, row: office.ActionThen) -> Markup:
    """The text of an action as a link to its page, with its number under it."""
    held = names.row(row.record)
    text = shown.text(row.text)
    if held is not None:
        text = shown.marked(names.request, held, text)
    known = _("action %(number)s", number=row.number) if row.number else words.word("commitment")
    url = url_of(names, row)
    return shown.with_note({"text": text, "url": url} if url else text, known)


def cells(names: Names, row: office.ActionThen, *, report: bool = False) -> Row:
    """The cells of an action in the register; `report`: with the ways to report on it."""
    text = line(names, row)
    if report:
        url, held = report_url(names, row), names.row(row.record)
        ways = [Link(_("Report"), url)] if url else []
        ways += [] if held is None or held.compiled else to_verify(names, row)
        for way in ways:
            text = Markup('{}<br><a class="way" href="{}">{}</a>').format(text, way.url, shown.text(way.label))
    return {
        "text": text,
        "owner": shown.lines(owner(names, each) for each in row.owners) or {"absent": "unknown"},
        "due": due(row),
        "state": state(row),
        "verified": shown.lines(_verified(names, each) for each in row.verified) or "–",
        "meeting": names.link(f"meeting:{row.meeting}") if row.meeting else body_of(names, row),
        "project": names.link(f"project:{row.project}") if row.project else "–",
    }


def body_of(names: Names, row: office.ActionThen) -> Any:
    """The body in which it was agreed."""
    return names.link(f"body:{row.body}") if row.body else "–"


def owner(names: Names, owner: Any) -> Markup:
    """Who has to do it: the side, and where known the office."""
    side = shown.macro("value", "side", owner.side)
    office_of = shown.anchor(names.link(f"office:{owner.office}")) if owner.office else ""
    return Markup("{} <small>{}</small>").format(side, office_of) if office_of else side


def _verified(names: Names, seen: Any) -> Markup:
    who = shown.anchor(names.link(f"office:{seen.office}"))
    return Markup("{} <small>{}</small>").format(who, shown.text(seen.holder)) if seen.holder else who


def due(row: office.ActionThen) -> Any:
    """When it is due now, with the first date where that was another, and the date that its owner asks for."""
    first = shown.macro("value", "value", day(row.due))
    notes = []
    if row.due_now:
        notes.append(_("first due %(date)s", date=first.striptags()))
    if row.asked:
        later = shown.macro("value", "value", shown.when(row.asked)).striptags()
        notes.append(_("its owner asks for %(date)s", date=later))
    now = shown.macro("value", "value", shown.when(row.due_now)) if row.due_now else first
    return shown.with_note(now, " · ".join(notes))


def day(text: str) -> Any:
    """A date, or the words of the record where it gives no day."""
    said = shown.when(text)
    return shown.text(said) if isinstance(said, str) and said == text else said


def state(row: office.ActionThen) -> Any:
    """The state in words, with how long it is overdue."""
    said = words.word(row.state)
    if row.overdue == "yes" and row.days_overdue is not None:
        late = words.many("overdue by %(num)s day", "overdue by %(num)s days", row.days_overdue)
        return Markup("{}<br><b>{}</b>").format(said, late)
    if row.since and row.state not in ("open", "unknown"):
        return shown.with_note(said, shown.macro("value", "value", shown.when(row.since)))
    return said


def may_report(request: HttpRequest) -> bool:
    """Whether the seat taken may report on actions."""
    asking = as_page(request)
    return bool(asking.viewer.person) and acting.may(asking, "write_draft:state", REPORT)


def report_url(names: Names, row: office.ActionThen) -> str | None:
    """Where this side reports on it; None where it does not, or nothing is left to report."""
    held, mine = names.row(row.record), page.node_of(names.request).side
    owners = {owner.side for owner in row.owners}
    if held is None or held.compiled or (owners and mine not in owners) or row.state in SETTLED:
        return None
    if row.number:
        return reverse("report-action", args=[held.code, row.number])
    return reverse("report-commitment", args=[held.code])


def to_verify(names: Names, row: office.ActionThen) -> Iterator[Link]:
    """Reports that nobody has verified, and that whoever looks did not give."""
    mine = page.node_of(names.request).side
    verified = {told.verifies for told in row.reports if told.verifies and not told.counts_not}
    for told in row.reports:
        reporter = str(names.request.user) if told.side == mine else ""
        if told.verifies or told.counts_not or told.ref in verified or told.state == "open" or told.holder == reporter:
            continue
        held = names.row(f"{REPORT}:{told.ref}")
        if held is not None:
            label = _("Verify the report of %(holder)s", holder=told.holder)
            yield Link(label, reverse("verify-report", args=[held.code]))


# --- on the pages of other records ------------------------------------------------------------------------------------


@record.beside("office", "body", "project", "meeting")
def beside(request: HttpRequest, found: Found) -> Beside:
    """The sections of actions on the page of an office, a body, a project or a meeting."""
    asking, kind, ref = page.asked_by(request, found.moment), found.row.kind, found.row.ref
    if not ref:
        return Beside()
    if kind == "meeting":
        rows, passed = office.of_meeting(asking, ref), office.from_to(asking, ref)
        return Beside(
            {"actions": rows, "passed": passed}, {"actions_here": _of_meeting(request, found.moment, rows, passed)}
        )
    rows = office.concerning(asking, **{kind: ref})
    if not rows:
        return Beside({"actions": []})
    more = Link(_("All of them, with what is settled"), f"{reverse('actions')}?{kind}={ref}{_times(found.moment)}")
    here = Here(_("Actions and commitments"), rows_of(request, found.moment, rows[:MOST_HERE]), "", more)
    return Beside({"actions": rows}, {"actions_here": [here]})


def _times(moment: Moment) -> str:
    return moment.query.replace("?", "&", 1)


def _of_meeting(
    request: HttpRequest, moment: Moment, rows: list[office.ActionThen], passed: office.Passed
) -> list[Here]:
    above = ""
    if passed.next_above:
        link = f"meeting:{passed.next_above}"
        above = _("Goes up to %(meeting)s.", meeting=Names.of(request, moment).learn([link]).line(link))
    sections = (
        (_("Actions, as they stand"), [each for each in rows if each.type == "action"], ""),
        (_("Commitments made here"), passed.made_here, above),
        (_("Came down from the body above"), passed.came_down, ""),
        (_("Came up from the bodies below"), passed.came_up, ""),
    )
    return [Here(title, rows_of(request, moment, of), note) for title, of, note in sections if of]


PATTERNS: Final[list[URLPattern]] = [
    *route("actions/", register, "actions"),
    *route("decisions/", decisions, "decisions"),
]
