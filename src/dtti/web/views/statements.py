"""Statements of Intent compared, any two, line by line; and what was promised against what is known. Holds no rule."""

from __future__ import annotations

from typing import Any, Final, cast

import msgspec
from django.http import HttpRequest, HttpResponse
from markupsafe import Markup

from dtti.accord.refusal import Refused, refuse
from dtti.documents.charts.figure import Chart
from dtti.documents.charts.when import placed
from dtti.office import reports
from dtti.office import statements as office
from dtti.office.reports import UNKNOWN
from dtti.papers.charts import promises as drawn
from dtti.web import page
from dtti.web.parts import Fact, Field, Option, Row

from . import asked, figures, shown, words
from .shown import Names
from .words import _

HORIZONS: Final = ("near", "mid", "long")


def compared(request: HttpRequest) -> HttpResponse:
    """Two Statements of Intent side by side: ``from`` and ``to`` of the address, or the last that follow each other."""
    moment = page.moment(request)
    found = asked.made(request, reports.StatementsMade, moment)
    every, order = found.statements, found.sequence
    before, after = _chosen(request, "from", every), _chosen(request, "to", every)
    if not (before and after):
        pair = _pair(every, order)
        before, after = before or pair[0], after or pair[1]
    changes = office.compare(every[before], every[after]) if before and after else None
    data = {
        "on": found.on,
        "sequence": order,
        "statements": every,
        "from": before or None,
        "to": after or None,
        "changes": changes,
        "method": found.method,
    }
    if page.wants_json(request):
        return page.answer(request, "pages/statements.html", data)
    names = Names.of(request, moment)
    names.learn(shown.mentioned(found) | {f"project:{line.project}" for each in every.values() for line in each.lines})
    names.learn(f"instrument:{ref}" for ref in order)
    options = [Option(ref, f"{_day(every[ref])} ({ref})") for ref in order]
    return shown.show(
        request,
        "pages/statements.html",
        data,
        moment,
        names,
        crumbs=shown.crumbs(
            moment, (words.plural("instrument"), "instruments"), (_("Statements of Intent compared"), None)
        ),
        fields=[
            Field("from", _("From"), "select", before, options),
            Field("to", _("To"), "select", after, options),
        ],
        kept=shown.kept(moment),
        heads=[_head(names, ref, every[ref]) for ref in (before, after) if ref],
        rows=_rows(names, every[before], every[after], changes) if before and after and changes else [],
        chart=_chart(request, names, moment, (before, after)) if before and after else None,
        unconfirmed=sorted({*every[before].unconfirmed, *every[after].unconfirmed}) if before and after else [],
        all=[_summary(names, ref, every[ref]) for ref in order],
    )


def _pair(every: dict[str, reports.StatementMade], order: list[str]) -> tuple[str, str]:
    """The two shown where the address names none: the last that follow one another, most told first."""
    follows = [(each.predecessor, ref) for ref, each in every.items() if each.predecessor in every]
    if not follows:
        return (order[-2], order[-1]) if len(order) > 1 else ("", "")
    return max(follows, key=lambda pair: (sum(every[ref].lines_known for ref in pair), order.index(pair[1])))


def _chosen(request: HttpRequest, name: str, every: dict[str, reports.StatementMade]) -> str:
    value = request.GET.get(name, "").strip()
    if value and value not in every:
        known = ", ".join(every)
        raise Refused(
            refuse(
                "statement",
                f"`{name}` is {value[:60]!r}, and no such Statement of Intent was signed by then",
                f"Use one of {known}.",
            )
        )
    return value


def _head(names: Names, ref: str, statement: reports.StatementMade) -> Fact:
    row = names.row(f"instrument:{ref}")
    link = names.link(f"instrument:{ref}", said=statement.name)
    grade = shown.grade(row) if row else {"absent": "unknown"}
    return Fact(_day(statement), link, cite=shown.macro("value", "value", grade))


def _day(statement: reports.StatementMade) -> str:
    return shown.macro("value", "value", shown.when(statement.signed)).striptags()


def _summary(names: Names, ref: str, statement: reports.StatementMade) -> Row:
    horizons = statement.by_horizon
    return {
        "name": names.link(f"instrument:{ref}", said=statement.name),
        "signed": shown.when(statement.signed),
        "total": shown.unless_unknown(statement.total),
        **{horizon: {"absent": "unknown"} if horizons == "unknown" else horizons[horizon] for horizon in HORIZONS},
        "list": _("published") if statement.lines_known else _("list not published"),
        "cite": names.rests(statement),
    }


def _rows(
    names: Names, before: reports.StatementMade, after: reports.StatementMade, changes: office.Changes
) -> list[Row]:
    """A row for every project on either list, by horizon, with what each statement says of it and what changed."""
    old = {line.project: line for line in before.lines}
    new = {line.project: line for line in after.lines}

    def place(ref: str) -> tuple[int, str]:
        line = new.get(ref) or old[ref]
        return HORIZONS.index(line.horizon), names.title(f"project:{ref}")

    rows: list[Row] = []
    for ref in sorted(old.keys() | new.keys(), key=place):
        one, two = old.get(ref), new.get(ref)
        rows.append(
            {
                "project": names.link(f"project:{ref}"),
                "before": _line(names, one, before.lines_known),
                "after": _line(names, two, after.lines_known),
                "change": _change(one, two, changes),
            }
        )
    return rows


def _line(names: Names, line: reports.Line | None, known: bool) -> Any:
    if line is None:
        return {"absent": "none"} if known else {"absent": "unknown", "note": _("list not published")}
    dated = "" if line.promised == "unknown" else shown.macro("value", "value", shown.when(line.promised))
    made = shown.joined([words.word(line.horizon), *([dated] if dated else [])])
    return shown.with_note(made, names.rests(line))


def _change(one: reports.Line | None, two: reports.Line | None, changes: office.Changes) -> Any:
    """What changed of a line: added, dropped, in another horizon, another date and by how much; both where both did."""
    if not changes.known:
        return {"absent": "unknown"}
    if one is None:
        return _("added")
    if two is None:
        return _("dropped")
    said = [_("moved")] if one.horizon != two.horizon else []
    if one.promised != two.promised:
        said.append(_("another date"))
    if isinstance(changes.shifts, dict) and one.project in changes.shifts:
        said.append(shifted(changes.shifts[one.project]))
    return ", ".join(said) or _("kept")


def shifted(shift: office.Shift) -> str:
    """By how much a promised date was moved, in words."""
    low, high = shift.low, shift.high
    if low is None or high is None or low <= 0 <= high:
        return _("on the same day") if low == high == 0 else _("by days that are not known")
    few, most = sorted((abs(low), abs(high)))
    if few == most:
        if low > 0:
            return words.many("%(num)s day later", "%(num)s days later", few)
        return words.many("%(num)s day earlier", "%(num)s days earlier", few)
    wanted = {"low": words.grouped(few), "high": words.grouped(most)}
    return _("%(low)s to %(high)s days later", **wanted) if low > 0 else _("%(low)s to %(high)s days earlier", **wanted)


def _chart(request: HttpRequest, names: Names, moment: page.Moment, refs: tuple[str, str]) -> Markup | None:
    """What both statements promised, against what is known to have been signed; None where neither list is known.

    How each promise stands is told by the chart of promises: nothing is called kept before a signature shows it.
    """
    found = asked.made(request, reports.Promises, moment, now=True)
    made: list[drawn.Promise] = []
    for ref in refs:
        statement = found.statements.get(ref)
        if statement is None or statement.lines == UNKNOWN:
            continue
        given = placed(str(statement.signed))
        for project, line in statement.lines.items():
            made += [_drawn(names.title(f"project:{project}"), given, line, each) for each in line.promised]
    if not made:
        return None
    made.sort(key=lambda each: (str(each.what), each.given or ""))
    data = drawn.Promises(figures.said(_("Statements of Intent")), moment.today, tuple(made))

    def draw(width: float) -> Chart:
        return drawn.draw(data, figures.language(), width=width)

    rests = reports.tallied(("", found.statements[ref]) for ref in refs if ref in found.statements)[""]
    names.learn(f"source:{ref}" for ref in rests.sources)
    return figures.figure(draw, figures.WIDE, _("Planned against actual")) + names.folded(rests)


def _drawn(project: str, given: str | None, line: reports.LineThen, promise: reports.Tested) -> drawn.Promise:
    """A promise of an agreement beside its signature; one of completion beside what shows that, which no line says."""
    of_agreement = promise.of == "agreement"
    unknown = line.agreement == UNKNOWN or not of_agreement
    done = of_agreement and line.agreement == "yes"
    return drawn.Promise(
        figures.said(project),
        None if promise.due == UNKNOWN else placed(promise.due),
        cast("Any", line.horizon),
        given,
        "done" if done else "unknown" if unknown else "none",
        placed(line.agreement_signed) if done and line.agreement_signed != UNKNOWN else None,
    )


# --- promises against facts ------------------------------------------------------------------------------------------


def promises(request: HttpRequest) -> HttpResponse:
    """Every line of every Statement of Intent, and every commitment, against what is known to have been done."""
    moment = page.moment(request)
    found = asked.made(request, reports.Promises, moment, now=True)
    if page.wants_json(request):
        return page.answer(request, "pages/promises.html", found)
    links = shown.mentioned(found) | {f"instrument:{ref}" for ref in found.statements}
    for statement in found.statements.values():
        if statement.lines != "unknown":
            links |= {f"project:{ref}" for ref in statement.lines}
            links |= {line.agreement_record for line in statement.lines.values() if line.agreement_record}
    links |= {f"commitment:{ref}" for ref in found.commitments}
    links |= {each.evidence for each in found.commitments.values() if each.evidence}
    names = Names.of(request, moment).learn(links)
    return shown.show(
        request,
        "pages/promises.html",
        found,
        moment,
        names,
        crumbs=shown.crumbs(moment, (words.plural("instrument"), "instruments"), (_("Promises against facts"), None)),
        parts=[_part(names, ref, each) for ref, each in found.statements.items()],
        rows=[
            _commitment(names, ref, each)
            for ref, each in sorted(found.commitments.items(), key=lambda item: item[1].made)
        ],
    )


class Part(msgspec.Struct, frozen=True):
    """A Statement of Intent on the page of promises; not `known`: its list was not published."""

    title: str
    link: Markup
    known: bool
    cite: Markup
    kept: int = 0
    n: int = 0
    rows: list[Row] = []


def _part(names: Names, ref: str, statement: reports.StatementThen) -> Part:
    title = names.title(f"instrument:{ref}")
    link = shown.anchor(names.link(f"instrument:{ref}", said=_("Instrument")))
    if statement.lines == UNKNOWN:
        return Part(title, link, known=False, cite=names.folded(statement))
    rows = [_promised(names, project, line) for project, line in statement.lines.items()]
    return Part(
        title, link, known=True, cite=names.folded(statement), kept=len(statement.kept or ()), n=len(rows), rows=rows
    )


def _promised(names: Names, project: str, line: reports.LineThen) -> Row:
    late = [_tested(each) for each in line.promised]
    fact: Any = _("no agreement or sale known")
    if line.agreement_record:
        fact = shown.with_note(
            names.link(line.agreement_record), shown.macro("value", "value", shown.when(line.agreement_signed))
        )
    elif line.agreement == "unknown":
        fact = {"absent": "unknown"}
    days = line.days_to_agreement if line.agreement_record else line.days_open
    return {
        "project": names.link(f"project:{project}"),
        "horizon": words.word(line.horizon),
        "promised": shown.lines(late) or _("no date promised"),
        "fact": fact,
        "days": days if isinstance(days, int) else {"absent": "unknown"},
        "cite": names.rests(line),
    }


def _tested(promise: reports.Tested) -> Any:
    due = "" if promise.due == "unknown" else shown.macro("value", "value", shown.when(promise.due))
    said = [words.word(promise.state)]
    if isinstance(promise.days_late, int) and promise.days_late:
        said.append(words.many("%(num)s day late", "%(num)s days late", promise.days_late))
    return shown.with_note(shown.text(promise.promise), shown.joined([*([due] if due else []), *said], " · "))


def _commitment(names: Names, ref: str, each: reports.CommitmentThen) -> Row:
    late = each.days_late_at_least
    return {
        "text": names.link(f"commitment:{ref}", said=each.text),
        "force": words.word(each.force),
        "made": shown.when(each.made),
        "due": shown.when(each.due) if each.due[:1].isdigit() or each.due.startswith("[") else shown.text(each.due),
        "state": shown.with_note(
            words.word(each.state),
            words.many("%(num)s day late", "%(num)s days late", late) if isinstance(late, int) and late else "",
        ),
        "evidence": names.link(each.evidence) if each.evidence else "–",
        "cite": names.rests(each),
    }
