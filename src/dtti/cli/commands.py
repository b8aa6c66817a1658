"""The table of commands; `main` says which start without it. Each stands in its subject's file; none holds a rule."""

from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import version
from typing import Annotated

import typer

from . import (
    acts,
    awaited,
    calendars,
    charts,
    clock,
    conflicts,
    evidence,
    exchange,
    founding,
    gates,
    identify,
    papers,
    passkeys,
    people,
    procedure,
    public,
    reports,
    sheets,
    upkeep,
)
from .answer import USAGE

app = typer.Typer(
    name="dtti",
    help="A side's office system for DTTI: its record, its ledger, and the exchange with the other side.",
    epilog="`dtti verify PATH` checks a folder, export or pack, `dtti check FILE` a proof. See docs/commands.md.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"dtti {version('dtti')}")
        raise typer.Exit


@app.callback()
def dtti(
    _: Annotated[
        bool, typer.Option("--version", callback=lambda wanted: _version(wanted=wanted), is_eager=True, help="version")
    ] = False,
) -> None:
    """A side's office system for DTTI."""


_PASSED_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


@app.command(context_settings=_PASSED_ON, add_help_option=False)
def demo(context: typer.Context) -> None:
    """Two capitals on this machine, an exercise under way."""
    raise typer.Exit(int(import_module("dtti.demo").main(context.args) or 0))


@app.command(context_settings=_PASSED_ON, add_help_option=False)
def serve(context: typer.Context) -> None:
    """Serve the node: pages, exchange door, rounds."""
    raise typer.Exit(int(import_module("dtti.cli.serve").run(context.args)))


founding.add(app)
conflicts.add(app)
gates.add(app)
procedure.add(app)
identify.add(app)
awaited.add(app)
acts.add(app)
exchange.add(app)
evidence.add(app)
reports.add(app)
public.add(app)
upkeep.add(app)
clock.add(app)
people.add(app)
passkeys.add(app)
papers.add(app)
sheets.add(app)
calendars.add(app)
charts.add(app)


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns its exit code."""
    try:
        ended = app(list(arguments), prog_name="dtti", standalone_mode=True)
    except SystemExit as ending:
        code = ending.code
        return code if isinstance(code, int) else USAGE if code else 0
    return int(ended or 0)
