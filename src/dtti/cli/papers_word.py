"""`dtti paper word` and `dtti paper compare`: negotiated texts as Word files, out and back. Holds no rule."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from .answer import answering, say
from .options import Json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtti.papers.data.instrument import Instrument
    from dtti.papers.word import Change, Comparison


def add(paper_app: typer.Typer) -> None:
    """Add these commands to `paper_app`."""
    paper_app.command()(word)
    paper_app.command()(compare)


def word(
    data: Annotated[Path, typer.Option("--data", metavar="FILE", help="the instrument, JSON; - for standard input")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="the .docx to write")],
    lang: Annotated[Literal["en", "hi", "both"], typer.Option("--lang", help="English, Hindi, or both")] = "both",
    first: Annotated[Literal["IND", "USA"], typer.Option("--first", help="the side named first")] = "IND",
    layout: Annotated[
        Literal["side", "after"], typer.Option("--layout", help="both languages side by side, or one after the other")
    ] = "side",
    as_json: Json = False,
) -> None:
    """An instrument as a Word file to negotiate in: styles, both scripts, brackets by side, Track Changes on."""
    with answering(as_json=as_json):
        from dtti.papers.word import write as word_file

        from .papers import write

        made = word_file(_instrument(data), lang=lang, layout=layout, first=first)
        write(output, made)
        value = {"file": str(output), "bytes": len(made), "lang": lang, "first": first, "layout": layout}
        say(value, [f"Written: {output}"], as_json=as_json)


def compare(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="the .docx that came back")],
    against: Annotated[
        Path,
        typer.Option("--against", metavar="FILE", help="what was sent: the instrument's JSON, or the .docx itself"),
    ],
    as_json: Json = False,
) -> None:
    """A returned Word file against what was sent, clause by clause and word by word: changes to confirm."""
    with answering(as_json=as_json):
        import msgspec

        from dtti.papers import word as papers

        found = papers.compare(_sent(against), file)
        say(msgspec.to_builtins(found), _listed(found), as_json=as_json)


def _sent(path: Path) -> "Instrument":
    from dtti.papers.word import read

    return read(path) if path.suffix.lower() == ".docx" else _instrument(path)


def _instrument(path: Path) -> "Instrument":
    import msgspec

    from dtti.accord.refusal import Refused, refuse
    from dtti.papers.data.instrument import Instrument

    from .papers import taken

    raw, where = taken(path, LARGEST)
    if len(raw) > LARGEST:
        raise Refused(refuse("paper-data", f"{where} has more than {LARGEST:,} bytes", "Give one instrument, as JSON."))
    try:
        return msgspec.json.decode(raw, type=Instrument)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(
            refuse("paper-data", f"{where}: {error}", "See the form with `dtti paper instrument --example`.")
        ) from None


LARGEST = 32 * 1024 * 1024
"""Bytes of one instrument as data."""


def _listed(found: "Comparison") -> "Iterator[str]":
    """The comparison for people: what is proposed, clause by clause, then what is only said."""
    if found.same:
        yield "No change: the file says what was sent."
    else:
        yield f"Changes to confirm: {len(found.changes)}. None is applied."
    titles = {each.key: f"{each.number_returned or each.number_sent} ({each.key})".strip() for each in found.clauses}
    titles |= {each.key: f"{each.number} ({each.key})".strip() for each in found.added}
    by_slot: dict[str, list[Change]] = {}
    for change in found.changes:
        by_slot.setdefault(
            "/".join(change.slot.split("/")[: 2 if change.slot.startswith("clause/") else 3]), []
        ).append(change)
    states = {f"clause/{each.key}": each.state for each in found.clauses}
    for slot, changes in by_slot.items():
        key = slot.removeprefix("clause/")
        said = states.get(slot, "added" if slot.startswith("clause/") else "changed")
        yield ""
        yield f"{'Clause ' + titles.get(key, key) if slot.startswith('clause/') else slot}: {said}"
        for change in changes:
            yield f"  {_change(change, titles)}"
            by = ", ".join(dict.fromkeys(each.author for each in change.tracked_by))
            yield f"      {change.id}  {f'tracked by {by}' if change.tracked and by else 'not tracked'}"
    quiet = sum(each.count for each in found.noise)
    if quiet:
        kinds = ", ".join(dict.fromkeys(each.kind for each in found.noise))
        yield f"\nNot counted as change, since programs do it by themselves: {quiet} places ({kinds})."
    for comment in found.comments:
        yield f"\nComment by {comment.author or 'nobody named'} on {comment.on[:60]!r}: {comment.text}"
    for warning in found.warnings:
        yield f"\nNote: {warning.en}"


def _change(change: "Change", titles: dict[str, str]) -> str:
    """One change as a line: what goes in [- -], what comes in {+ +}."""
    added = "".join(f"[{part.bracket}: {part.text.strip()}]" if part.bracket else part.text for part in change.added)
    match change.kind:
        case "moved":
            return f"moved to behind {titles.get(change.after, change.after)}" if change.after else "moved to the start"
        case "deleted":
            return f"[-{change.removed}-]"
        case "bracket":
            before, now = change.bracket_before or "no side", change.bracket or "no side"
            return f"bracket of {before}, now of {now}: {change.removed}"
        case "number":
            return f"number {change.removed!r}, now {added!r}"
    around = f"{change.before} ... {change.behind}" if change.kind == "words" else ""
    gone, come = (f"[-{change.removed}-]" if change.removed else ""), (f"{{+{added.strip()}+}}" if added else "")
    return " ".join(each for each in (change.language, gone + come, f"in: {around}" if around else "") if each)
