"""`dtti conflicts`: where the two national procedures of a project get in each other's way. Holds no rule."""

from typing import Annotated

import typer

from .answer import answering, say
from .nodes import asked_of
from .options import Json, Known, National, NodeFolder, On, times_of


def add(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command()(conflicts)


def conflicts(
    node: NodeFolder,
    project: Annotated[
        str | None, typer.Argument(metavar="PROJECT", help="a project, by reference or code; all where none is named")
    ] = None,
    on: On = None,
    known: Known = None,
    national: National = False,
    as_json: Json = False,
) -> None:
    """Conflicts in time: what is warned of, between which days, what would cure it, who can, on what the rule rests."""
    times = times_of(on, known)
    with answering(as_json=as_json):
        import msgspec

        from dtti.office import conflicts as office

        asking = asked_of(node, times, national=national)
        found = office.found(asking, project)
        lines = [f"As of {found.on}: {len(found.conflicts)} warnings."]
        said = ""
        for each in found.conflicts:
            if not project and each.project != said:
                lines.append(f"{each.project}:")
                said = each.project
            kept = " (rests on what was not released)" if each.national else ""
            lines.append(f"  {each.words}: {office.CERTAINTIES[each.certainty]}{kept}")
            lines.append(f"    {each.says}")
            lines.append(f"    {each.cure} {each.who}.")
            lines.append(f"    {each.source} ({each.version}, {each.confidence}): {', '.join(each.rests_on)}")
        say(msgspec.to_builtins(found), lines, as_json=as_json)
