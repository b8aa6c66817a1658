"""`dtti paper`: any paper from a data file, the two originals of an instrument, the gallery. Knows no layout.

`dtti paper KIND` is not a command for each kind: a word that names no command of the group is taken for a kind, so a
new kind needs nothing here.
"""

import os
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from typer.core import TyperGroup

from .answer import answering, progress, say
from .nodes import node_at
from .options import Json, National, day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import msgspec
    from typer._click.core import Command, Context

    from dtti.accord.refusal import Refusal
    from dtti.papers.wording import TwoOriginals

Lang = Annotated[
    Literal["en", "hi", "both"],
    typer.Option("--lang", help="English, Hindi, or both on the same page"),
]
First = Annotated[
    Literal["IND", "USA"] | None, typer.Option("--first", help="the side named first, where there are two originals")
]
Sheet = Annotated[Literal["a4", "us-letter"], typer.Option("--sheet", help="size of the paper")]
Data = Annotated[Path | None, typer.Option("--data", metavar="FILE", help="what it says, JSON; - for standard input")]


class KindGroup(TyperGroup):
    """Takes `dtti paper agenda ...` as `dtti paper make agenda ...`."""

    def resolve_command(self, ctx: "Context", args: list[str]) -> "tuple[str | None, Command | None, list[str]]":
        """The command that the first word names, or else `make` with that word as the kind."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["make", *args]
        return super().resolve_command(ctx, args)


paper_app = typer.Typer(
    name="paper",
    cls=KindGroup,
    help="Papers to print, sign and send: `dtti paper KIND --data FILE`; `dtti paper kinds` lists them.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def add(app: typer.Typer) -> None:
    """Mount `paper` on `app`, with its own commands and those of Word files and signatures."""
    if not paper_app.registered_commands:
        for command in (make, kinds, gallery, originals):
            paper_app.command()(command)
        for name in ("papers_word", "papers_sign"):
            if find_spec(f"dtti.cli.{name}"):
                import_module(f"dtti.cli.{name}").add(paper_app)
    app.add_typer(paper_app, name="paper")


def make(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="agenda, record, instrument, ...: `dtti paper kinds`")],
    data: Data = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="default: KIND.pdf")] = None,
    lang: Lang = "en",
    first: First = None,
    sheet: Sheet = "a4",
    example: Annotated[bool, typer.Option("--example", help="print data in the right form, and make nothing")] = False,
    node: Annotated[
        Path | None, typer.Option("--node", metavar="D", help="from the record of the node in that folder")
    ] = None,
    of: Annotated[str, typer.Option("--of", metavar="RECORD", help="of which record: its code or reference")] = "",
    form: Annotated[Literal["pdf", "docx", "ics"], typer.Option("--form", help="as which file")] = "pdf",
    on: Annotated[str | None, typer.Option(metavar="DATE", help="as things stood at the end of that day")] = None,
    known: Annotated[str | None, typer.Option(metavar="DATE", help="as recorded by the end of that day")] = None,
    national: National = False,
    as_json: Json = False,
) -> None:
    """Make one paper: from data, or with --node and --of from the record."""
    if node is not None or of:
        from_record(kind, node, of, form, lang, first, sheet, output, (on, known), national=national, as_json=as_json)
        return
    with answering(as_json=as_json):
        from dtti.papers import gallery as samples
        from dtti.papers import render
        from dtti.papers.data.doubts import doubts

        render.kind_of(kind)
        if example:
            print(samples.sample(kind).decode(), end="")
            return
        raw, where = taken(data, render.LARGEST)
        holds = render.read(kind, raw, where=where)
        found = doubts(holds)
        beside = None if data is None or str(data) == "-" else data.parent
        attached = render.files_of(holds, lambda name: beside_it(beside, name))
        made = render.typeset(
            kind, holds, language=lang, first=first, sheet=sheet, attached=attached, progress=progress
        )
        progress("")
        target = output or Path(f"{kind}{f'-{first}' if first else ''}.pdf")
        write(target, made.pdf)
        value = {
            "file": str(target),
            "kind": kind,
            "lang": lang,
            "first": first,
            "bytes": len(made.pdf),
            "pages": made.pages,
            "pdf_a": made.pdf_a,
            "doubts": [each.said() for each in found],
            "missing": {f"U+{ord(each):04X}": often for each, often in made.missing.items()},
        }
        lines = [f"Written: {target} ({made.pages} pages)", *made.warnings, *doubted(found)]
        say(value, lines, as_json=as_json)


def from_record(
    kind: str,
    folder: Path | None,
    of: str,
    form: Literal["pdf", "docx", "ics"],
    lang: Literal["en", "hi", "both"],
    first: Literal["IND", "USA"] | None,
    sheet: Literal["a4", "us-letter"],
    output: Path | None,
    times: tuple[str | None, str | None],
    *,
    national: bool,
    as_json: bool,
) -> None:
    """A paper of a record of a node, as of the times given: a day, and a day by which it was known."""
    on, known = (str(day(each) or "") for each in times)
    with answering(as_json=as_json):
        from dtti.accord.refusal import Refused, refuse
        from dtti.node.core.visibility import Viewer
        from dtti.office.asking import Asking, Moment
        from dtti.office.papers import registry

        if folder is None or not of:
            raise Refused(
                refuse(
                    "paper-data", "a paper from the record needs both --node and --of", "Give the folder and a record."
                )
            )
        system = node_at(folder)
        system.settle()
        asking = Asking(system, Viewer(system.side, national=national), Moment(on, known))
        row, content = registry.record(asking, of, kind)
        made = registry.made(asking, row, content, kind, form=form, language=lang, first=first, sheet=sheet)
        target = output or Path(made.name)
        taken_out(folder, row.record, kind, f"{lang}-{first}" if first else lang, form)
        write(target, made.data)
        value = {"file": str(target), "kind": kind, "of": row.record, "bytes": len(made.data), "pages": made.pages}
        say(value, [f"Written: {target}" + (f" ({made.pages} pages)" if made.pages else "")], as_json=as_json)


def taken_out(folder: Path, record: str, kind: str, made_for: str, form: str) -> None:
    """Enter a paper of a record in the reading and export log of the node, under the account that gives the command."""
    import pwd

    from dtti.node.people import accounts

    accounts.start(folder)
    from dtti.node.people import reading

    try:
        account = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # in a container an account need not have a name
        account = f"uid {os.getuid()}"
    reading.paper(reading.Reader(account=account), record, kind, made_for, form)


def kinds(as_json: Json = False) -> None:
    """The papers there are."""
    with answering(as_json=as_json):
        from dtti.papers.kinds import KINDS

        value = [
            {"kind": each.name, "en": each.title.en, "hi": each.title.hi, "two_originals": each.two_originals}
            for each in KINDS.values()
        ]
        say(value, [f"{each.name:22} {each.title.en}" for each in KINDS.values()], as_json=as_json)


def gallery(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="folder to write to")],
    only: Annotated[list[str] | None, typer.Option("--only", metavar="KIND", help="only this kind; repeatable")] = None,
    sheet: Sheet = "a4",
    as_json: Json = False,
) -> None:
    """Every paper with sample data, in English, in Hindi and in both."""
    with answering(as_json=as_json):
        from dtti.papers import gallery as samples

        output.mkdir(parents=True, exist_ok=True)
        written = []
        for name, made in samples.papers(only or (), sheet=sheet, progress=progress):
            write(output / name, made.pdf)
            written.append({"file": name, "pages": made.pages, "bytes": len(made.pdf)})
        drawn = []
        for name, bare in () if only else samples.drawings(progress):
            write(output / name, bare)
            drawn.append({"file": name, "bytes": len(bare)})
        progress("")
        say(
            {"folder": str(output), "papers": written, "charts": drawn},
            [f"Written: {len(written)} papers, {len(drawn)} drawings of charts in {output}"],
            as_json=as_json,
        )


def originals(
    output: Annotated[Path, typer.Option("-o", "--output", metavar="DIR", help="folder to write both to")],
    data: Data = None,
    kind: Annotated[str, typer.Option("--kind", help="instrument or statement-of-intent")] = "instrument",
    lang: Lang = "both",
    sheet: Sheet = "a4",
    as_json: Json = False,
) -> None:
    """Both originals of an instrument, written only where they are proved equal but for the order of the sides."""
    with answering(as_json=as_json):
        from dtti.papers import alternat, render
        from dtti.papers.data.doubts import doubts

        raw, where = taken(data, render.LARGEST)
        holds = two_sided(render.read(kind, raw, where=where))
        progress("Both originals are made and compared")
        made = alternat.originals(holds, kind=kind, language=lang, sheet=sheet)
        proof = alternat.proved(holds, *made, language=lang)
        progress("")
        output.mkdir(parents=True, exist_ok=True)
        named = {"IND": output / f"{kind}-IND.pdf", "USA": output / f"{kind}-USA.pdf"}
        for path, pdf in zip(named.values(), made, strict=True):
            write(path, pdf)
        value = {
            "files": {side: str(path) for side, path in named.items()},
            "equal": True,
            "parts": proof.parts,
            "text": proof.digest,
            "doubts": [each.said() for each in doubts(holds)],
        }
        lines = [f"Written: {path}" for path in named.values()]
        lines.append(f"Equal but for the order of the sides: {proof.parts} parts compared, text {proof.digest[:16]}")
        lines += doubted(doubts(holds))
        say(value, lines, as_json=as_json)


def doubted(found: "Iterable[Refusal]") -> "Iterator[str]":
    """What a person should look at in the data of a paper that was made."""
    for each in found:
        yield f"look at: {each.reason}"
        yield f"   rule: {each.rule}"
        yield f" remedy: {each.remedy}"


def two_sided(holds: "msgspec.Struct") -> "TwoOriginals":
    """`holds`, where it is a text that is signed in two originals; Refused otherwise."""
    from dtti.accord.refusal import Refused, refuse
    from dtti.papers.data.instrument import Instrument
    from dtti.papers.data.intent import StatementOfIntent

    if not isinstance(holds, Instrument | StatementOfIntent):
        raise Refused(
            refuse("alternat", "this paper is not signed in two originals", "Choose instrument or statement-of-intent.")
        )
    return holds


def taken(data: Path | None, most: int) -> tuple[bytes, str]:
    """What `--data` names, at most a byte more than `most`, and its name; Refused where it is missing or unreadable."""
    from dtti.accord.refusal import Refused, refuse

    if data is None:
        raise Refused(
            refuse("paper-data", "no data is given", "Give a file with --data, or --example to see the form.")
        )
    if str(data) == "-":
        return sys.stdin.buffer.read(most + 1), "standard input"
    from dtti.ledger import outside

    try:
        return outside.read(data, most), str(data)
    except outside.TooLarge as error:
        raise Refused(
            refuse("paper-data", f"{data} has {error.size:,} bytes", f"Give at most {most:,} bytes.")
        ) from None
    except OSError as error:
        raise Refused(
            refuse("paper-data", f"{data} cannot be read: {error.strerror}", "Check the path and its rights.")
        ) from None


def beside_it(folder: Path | None, name: str) -> bytes:
    """The file `name` in the folder of the data file; Refused where it is not there or not in that folder."""
    from dtti.accord.refusal import Refused, refuse

    if folder is None or not name or name != os.path.basename(name) or name.startswith("."):
        raise Refused(
            refuse("paper-file", f"{name[:80]!r} is no file beside the data", "Put it in the folder of the data file.")
        )
    from dtti.ledger import outside

    path = folder / name
    try:
        if path.is_symlink():
            raise FileNotFoundError(0, "it is a link")
        return outside.read(path, LARGEST_FILE)
    except outside.TooLarge as error:
        raise Refused(
            refuse("paper-file", f"{name} has {error.size:,} bytes", f"Give at most {LARGEST_FILE:,} bytes a file.")
        ) from None
    except OSError as error:
        raise Refused(
            refuse("paper-file", f"{path} cannot be read: {error.strerror}", "Put it in the folder of the data file.")
        ) from None


LARGEST_FILE = 256 * 1024 * 1024
"""Bytes of one file put into a pack."""


def write(path: Path, made: bytes) -> None:
    """`made` at `path`, whole or not at all; Refused where it cannot be written."""
    from dtti.accord.refusal import Refused, refuse

    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(made)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Refused(
            refuse("paper-file", f"{path} cannot be written: {error.strerror}", "Check the folder and its rights.")
        ) from None
