"""Options that several commands share. Knows no command."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

NodeFolder = Annotated[Path, typer.Option("--node", metavar="D", envvar="DTTI_NODE", help="the node's folder")]
Json = Annotated[bool, typer.Option("--json", help="answer in JSON")]
National = Annotated[bool, typer.Option("--national", help="with what this side has not released")]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="as things stood at the end of that day")]
Known = Annotated[str | None, typer.Option("--known", metavar="DATE", help="as recorded by the end of that day")]
MOST = 2**31 - 1  # of any number given on a command line


def day(value: str | None) -> date | None:
    """A day as given on the command line, YYYY-MM-DD; anything else is wrong usage."""
    if value is None:
        return None
    from dtti.accord.refusal import Refused
    from dtti.node.record import clock

    try:
        return clock.day("day", value)
    except Refused:
        raise typer.BadParameter(f"{value[:40]!r} is no day; give it as YYYY-MM-DD, from 1900 to 2200") from None


def times_of(on: str | None, known: str | None) -> tuple[str, str]:
    """Both times of a question, as days; empty where none is asked for."""
    return str(day(on) or ""), str(day(known) or "")


def moment(value: str | None) -> str:
    """A claimed time for `known`: a day (its end, UTC) or a time; empty for now. Anything else is wrong usage."""
    if value is None:
        return ""
    if "T" not in value:
        made = day(value)
        return f"{made}T23:59:59Z"
    from datetime import datetime

    try:
        datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007 - the Z is part of the one form
    except ValueError:
        raise typer.BadParameter(f"{value[:40]!r} is no time; give YYYY-MM-DD, or YYYY-MM-DDTHH:MM:SSZ") from None
    return value
