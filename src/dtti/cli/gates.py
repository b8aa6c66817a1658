"""`dtti gates`: what the SOP asks of a project at each stage, and what of it the record holds. Holds no rule."""

from typing import Annotated

import typer

from .answer import answering, say
from .nodes import asked_of
from .options import Json, Known, National, NodeFolder, On, times_of


def add(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command()(gates)


def gates(
    project: Annotated[str, typer.Argument(metavar="PROJECT", help="a project, by reference or code")],
    node: NodeFolder,
    stage: Annotated[str | None, typer.Option("--for", metavar="STAGE", help="what this stage alone asks")] = None,
    on: On = None,
    known: Known = None,
    national: National = False,
    as_json: Json = False,
) -> None:
    """The checklist of a project: each row, how it stands, what shows it, who can answer it, on what the rule rests."""
    times = times_of(on, known)
    with answering(as_json=as_json):
        import msgspec

        from dtti.office import gates as office

        chosen = office.stages_named(stage)
        asking = asked_of(node, times, national=national)
        row, content = office.project_named(asking, project)
        found = office.gates(asking, row, content, chosen)
        lines = [f"{found.title}, in force {found.effective} ({found.confidence}). {found.basis}"]
        if not found.named:
            lines.append("The project's text names no version; it is shown by the latest.")
        lines.append(f"Last stage entered: {found.stage or 'none'}. Next: {found.next or 'none'}.")
        said = None
        for each in found.rows:
            if each.stage != said:
                lines.append(f"{each.stage}:")
                said = each.stage
            lines.append(f"  {each.state:15} {each.words}")
            for side in each.sides:
                conditions = [f"on condition: {each}" for each in side.conditions]
                says = [f"{office.says(one)}: {one.text}" for one in side.says]
                told = [*says, *conditions, *side.evidence, side.registry, side.office, side.reason, side.authority]
                shown = "; ".join(each for each in told if each)
                lines.append(f"    {side.side or 'both':5} {side.state}: {side.why}" + (f" {shown}" if shown else ""))
            if each.state in ("open", "unknown"):
                waiver = "both may agree to go on without it" if each.waivable else "may not be waived"
                rests = f"{each.basis} ({each.version}, {each.confidence})"
                lines.append(f"    {each.who} can answer it; {waiver}. {rests}")
        say(msgspec.to_builtins(found), lines, as_json=as_json)
