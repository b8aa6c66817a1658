"""`dtti procedure`: a text of the procedure that both agreed, or that one offered, as the file that software holds."""

from pathlib import Path
from typing import Annotated

import typer

from .answer import answering, say
from .nodes import node_at
from .options import Json, NodeFolder


def add(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command()(procedure)


def procedure(
    record: Annotated[str, typer.Argument(metavar="RECORD", help="a version of the procedure, by reference or code")],
    node: NodeFolder,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="default: printed")] = None,
    as_json: Json = False,
) -> None:
    """Write a version of the procedure that both agreed, or one offered, as a file for the next rule set."""
    with answering(as_json=as_json):
        import msgspec

        from dtti.node.core.visibility import Viewer
        from dtti.office import sop as office
        from dtti.office.asking import Asking, Moment

        system = node_at(node)
        system.settle()
        found = office.written(Asking(system, Viewer(system.side), Moment()), record)
        if output is not None:
            output.write_text(found.toml, encoding="utf-8")
        lines = found.toml.splitlines() if output is None else [f"Written: {output} ({found.version}, {found.grade})"]
        say(msgspec.to_builtins(found), lines, as_json=as_json)
