"""`dtti awaited`: on whom a record or a project waits, since when, why; days by side. Holds no rule."""

from typing import Annotated

import typer

from .answer import answering, say
from .nodes import asked_of
from .options import Json, Known, National, NodeFolder, On, times_of


def add(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command()(awaited)


def awaited(
    record: Annotated[str, typer.Argument(metavar="RECORD", help="a project by reference or code, or kind:reference")],
    node: NodeFolder,
    on: On = None,
    known: Known = None,
    national: National = False,
    as_json: Json = False,
) -> None:
    """Who is awaited: what waits on each side and since when, days of each side by the reason that it gives."""
    times = times_of(on, known)
    with answering(as_json=as_json):
        import msgspec

        from dtti.office import awaited as office

        asking = asked_of(node, times, national=national)
        found = office.named(asking, record)
        court = found.court
        lines = [f"{found.kind} {found.ref}, as of {court.as_of}. Awaited now: {len(found.now) or 'nothing'}."]
        for each in found.now:
            days = each.certain(court.as_of.toordinal())
            codes = ", ".join(dict.fromkeys(code for code, _days in each.reasons)) or "no reason given"
            of = " ".join(one for one in (each.side, each.office) if one)
            lines.append(f"  {of}: {each.what or each.why} ({each.record}), {days[1] - days[0]} days; {codes}")
        for side in court.sides:
            upto = f" to {side.most}" if side.most > side.least else ""
            lines.append(f"{side.side}: {side.least}{upto} days")
            lines += [f"    {each.code or 'no reason given'}: {each.days}" for each in side.reasons]
        lines.append(f"both at once: {court.both}; nobody: {court.none}; not known: {court.unknown}")
        say(msgspec.to_builtins(found), lines, as_json=as_json)
