"""`dtti report`: the questions that the record answers, by the programme's own functions."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .answer import answering, say
from .nodes import node_at
from .options import Json, National, NodeFolder, day, moment

if TYPE_CHECKING:
    from dtti.programme.reports.between import Between, Span
    from dtti.programme.reports.count import Count
    from dtti.programme.reports.rests import Rests, Result

#: The two questions that are put together where they are asked; every other name is a report of the programme.
BETWEEN, COUNT = "between", "count"


def add(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(report)


def report(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="cadence, co-chairs, ..., between, count; docs/reports.md")
    ],
    node: NodeFolder,
    body: Annotated[str | None, typer.Option(metavar="B", help="of one body, by its reference")] = None,
    on: Annotated[str | None, typer.Option(metavar="DATE", help="as things stood at the end of that day")] = None,
    known: Annotated[str | None, typer.Option(metavar="DATE", help="as recorded by the end of that day")] = None,
    of: Annotated[
        str,
        typer.Option(
            metavar="WHICH", help="all, published or live records; in an exercise totals are of the published ones"
        ),
    ] = "",
    start: Annotated[
        str | None, typer.Option("--from", metavar="FACT", help="between: kind:ref, kind:ref/field, a date, today")
    ] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="FACT", help="between: the same; today if none")] = None,
    kind: Annotated[str | None, typer.Option(metavar="K", help="count: the kind of record that is counted")] = None,
    by: Annotated[str | None, typer.Option(metavar="FACET", help="count: how many in each group of a facet")] = None,
    facet: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="count: only those; --NAME VALUE says the same")
    ] = None,
    date: Annotated[str | None, typer.Option(metavar="FIELD", help="count: by this date and not its main one")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="count: dated then or later")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="count: dated then or before")] = None,
    reading: Annotated[
        list[str] | None, typer.Option(metavar="DIFFERENCE=KEY", help="by that statement of a difference of sources")
    ] = None,
    national: National = False,
    as_json: Json = False,
) -> None:
    """One report from the record, with cases and sources."""
    day_asked, at = day(on), moment(known)
    with answering(as_json=as_json):
        from dtti.node.core.visibility import Viewer
        from dtti.node.record import lookups, questions, reporting
        from dtti.office.questions import asked_readings, wanted

        given = {"--from": start, "--to": end, "--kind": kind, "--by": by, "--facet": facet, "--date": date}
        given |= {"--since": since, "--until": until, "--reading": reading, "--body": body}
        _only(name, {option for option, value in given.items() if value is not None}, context.args)
        system = node_at(node)
        system.settle()
        viewer = Viewer(system.side, national=national)
        found: Result
        words: list[str] | None = None
        if name == BETWEEN:
            chosen = asked_readings(reading or [])
            of = of or "all"
            found = questions.between(
                system, viewer, start or "", end or "today", on=day_asked, known=at, of=of, reading=chosen
            )
            words = _between_words(found)
        elif name == COUNT:
            pairs = _facets([*(facet or []), *([f"body={body}"] if body else [])], context.args)
            asked = wanted(kind or "", pairs, by or "", date or "", since or "", until or "", reading or [])
            found = questions.count(system, viewer, asked, on=day_asked, known=at, of=of)
            words = _count_words(found)
        else:
            found = reporting.report(system, viewer, name, on=day_asked, body=body, known=at, of=of)
        import msgspec

        kept = lookups.not_released(system, viewer, found.uses, at)
        made = {**msgspec.to_builtins(found), "not_released": kept, "known": at or None, "side": system.side}
        say(made, words or json.dumps(made, ensure_ascii=False, indent=2).splitlines(), as_json=as_json)


def _only(name: str, given: set[str], extra: list[str]) -> None:
    """Refused where an option is given that the report does not take, or one is missing that it needs."""
    from dtti.accord.refusal import Refusal, Refused

    takes = {
        BETWEEN: {"--from", "--to", "--reading"},
        COUNT: {"--kind", "--by", "--facet", "--date", "--since", "--until", "--reading", "--body"},
    }.get(name, {"--body"})
    wrong = sorted(given - takes) + (extra[:1] if name != COUNT else [])
    if wrong:
        raise Refused(
            Refusal(
                "report-option",
                f"The report {name[:40]} takes no {wrong[0][:60]}.",
                f"It takes {', '.join(sorted(takes))}.",
            )
        )
    needs = {BETWEEN: "--from", COUNT: "--kind"}.get(name)
    if needs and needs not in given:
        raise Refused(
            Refusal("report-option", f"The report {name} needs {needs}.", f"Give {needs}; docs/reports.md shows how.")
        )


def _facets(given: list[str], extra: list[str]) -> list[tuple[str, str]]:
    """The facets asked for: ``NAME=VALUE``, and what stands behind the command as ``--NAME VALUE``."""
    pairs = [(name, value) for name, _equals, value in (text.partition("=") for text in given)]
    waiting = list(extra)
    while waiting:
        option = waiting.pop(0)
        name, equals, value = option.removeprefix("--").partition("=")
        if option.startswith("--") and not equals and waiting and not waiting[0].startswith("--"):
            value, equals = waiting.pop(0), "="
        pairs.append((name if option.startswith("--") and equals else "", value if equals else option))
    return pairs


def _between_words(found: "Between") -> list[str]:
    said = []
    for number, each in enumerate(found.by_reading):
        ways = [way for way in (each.from_reading, each.to_reading) if way]
        head = f"by {', '.join(ways)}: " if ways else "by the record: " if number else ""
        said.append(f"{head}{_days(each)}, from {each.from_date} to {each.to_date} ({_rests(each)})")
    ends = [
        f"{word} {one.fact}" + (f", {one.name}" if one.name else "")
        for word, one in (("from", found.start), ("to", found.end))
    ]
    return [*said, *ends]


def _days(each: "Span") -> str:
    if each.days_low is None or each.days_high is None:
        bounds = [f"at least {each.days_low}" if each.days_low is not None else ""]
        bounds += [f"at most {each.days_high}" if each.days_high is not None else ""]
        return " and ".join(one for one in bounds if one) + " days" if any(bounds) else "unknown"
    if each.days_low == each.days_high:
        return f"{each.days_low} days"
    return f"unknown: {each.days_low} to {each.days_high} days"


def _count_words(found: "Count") -> list[str]:
    said = [f"{_range(found.n, found.high)} ({_rests(found)})"]
    said += [f"  {group}: {_range(each.n, each.high)} ({_rests(each)})" for group, each in found.groups.items()]
    for other in found.other_readings:
        groups: Mapping[str, Any] = other.groups
        inside = ", ".join(f"{group} {_range(each.n, each.high)}" for group, each in groups.items())
        said.append(f"by {other.reading}: {_range(other.n, other.high)}" + (f"; {inside}" if inside else ""))
    said += [f"certain: {', '.join(found.records) or '-'}"]
    said += [f"possible: {', '.join(found.possible)}"] if found.possible else []
    return said


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def _rests(made: "Rests | Result") -> str:
    return f"{made.confidence}; {', '.join(made.sources) or 'no source'}"
