"""`dtti report`: the questions that the record answers, by the programme's own functions."""

import json
from typing import Annotated

import msgspec
import typer

from .answer import answering, say
from .options import Json, National, NodeFolder, day, moment, node_at


def add(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command()(report)


def report(
    name: Annotated[str, typer.Argument(metavar="NAME", help="cadence, co-chairs, statement, ...; docs/reports.md")],
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
    national: National = False,
    as_json: Json = False,
) -> None:
    """One report from the record, with cases and sources."""
    date, at = day(on), moment(known)
    with answering(as_json=as_json):
        from dtti.node.core.visibility import Viewer
        from dtti.node.record import lookups, read

        system = node_at(node)
        system.settle()
        viewer = Viewer(system.side, national=national)
        found = read.report(system, viewer, name, on=date, body=body, known=at, of=of)
        kept = lookups.not_released(system, viewer, found.uses, at)
        made = {**msgspec.to_builtins(found), "not_released": kept, "known": at or None, "side": system.side}
        say(made, json.dumps(made, ensure_ascii=False, indent=2).splitlines(), as_json=as_json)
