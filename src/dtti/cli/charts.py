"""`dtti chart`: one chart from a data file, for a page, for print or as data. Knows no drawing."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from .answer import answering, say
from .options import Json
from .papers import taken, write

_WRITERS = (".svg", ".pdf", ".html", ".json")


def add(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command()(chart)


def chart(
    name: Annotated[str, typer.Argument(metavar="NAME", help="timeline, flow, court, ...; docs/papers/charts.md")],
    data: Annotated[Path | None, typer.Option("--data", metavar="FILE", help="JSON; - for standard input")] = None,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="its ending says what: .svg, .pdf, .html or .json"),
    ] = None,
    lang: Annotated[Literal["en", "hi"], typer.Option("--lang", help="English or Hindi")] = "en",
    own: Annotated[Literal["IND", "USA"], typer.Option("--own", help="the side that is named first")] = "IND",
    width: Annotated[int, typer.Option("--width", min=280, max=2000, help="units wide; a telephone: 340")] = 720,
    example: Annotated[bool, typer.Option("--example", help="print data in the right form, and make nothing")] = False,
    as_json: Json = False,
) -> None:
    """One chart, with its table and its description."""
    with answering(as_json=as_json):
        from dtti.accord.refusal import Refused, refuse
        from dtti.language.characters import drawn
        from dtti.papers import charts

        charts.kind_of(name)
        if example:
            print(charts.sample(name).decode(), end="")
            return
        target = output or Path(f"{name}.svg")
        if target.suffix not in _WRITERS:
            raise Refused(
                refuse("chart-file", f"{target.name} ends in none of {', '.join(_WRITERS)}", "Name the file so.")
            )
        raw, where = taken(data, charts.LARGEST)
        made = charts.draw(charts.read(name, raw, where=where), lang, width=width, own=own)
        if target.suffix == ".svg":
            written = drawn(charts.svg(charts.headed(made))).encode()
        elif target.suffix == ".html":
            written = drawn(charts.html(made)).encode()  # its mark-up is ASCII, so that only texts are drawn
        elif target.suffix == ".pdf":
            written = charts.pdf(made)
        else:
            written = charts.json(made)
        write(target, written)
        value = {
            "file": str(target),
            "chart": name,
            "lang": lang,
            "bytes": len(written),
            "title": made.title,
            "description": made.description,
            "rows": len(made.table.rows),
        }
        say(value, [f"Written: {target}", made.description], as_json=as_json)
