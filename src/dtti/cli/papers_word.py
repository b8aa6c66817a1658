"""`dtti paper word`, `compare` and `apply`: negotiated texts as Word files, out and back. Holds no rule."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from .answer import answering, say
from .options import Json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dtti.documents.word import Change, Comparison
    from dtti.papers.negotiated import Negotiated

Kind = Annotated[
    Literal["instrument", "statement-of-intent", "record", "agenda"],
    typer.Option("--kind", help="what kind of text it is"),
]
Against = Annotated[
    Path, typer.Option("--against", metavar="FILE", help="what was sent: the text's JSON, or the .docx itself")
]
Returned = Annotated[Path, typer.Argument(metavar="FILE", help="the .docx that came back")]


def add(paper_app: typer.Typer) -> None:
    """Add these commands to `paper_app`."""
    paper_app.command()(word)
    paper_app.command()(compare)
    paper_app.command()(apply)


def word(
    data: Annotated[Path, typer.Option("--data", metavar="FILE", help="the text, JSON; - for standard input")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="the .docx to write")],
    kind: Kind = "instrument",
    lang: Annotated[Literal["en", "hi", "both"], typer.Option("--lang", help="English, Hindi, or both")] = "both",
    first: Annotated[Literal["IND", "USA"], typer.Option("--first", help="the side named first")] = "IND",
    layout: Annotated[
        Literal["side", "after"], typer.Option("--layout", help="both languages side by side, or one after the other")
    ] = "side",
    as_json: Json = False,
) -> None:
    """A negotiated text as a Word file to work in: styles, both scripts, brackets by side, Track Changes on."""
    with answering(as_json=as_json):
        from dtti.papers.data.doubts import doubts
        from dtti.papers.negotiated import write as word_file

        from .papers import doubted, write

        text = _text(data, kind)
        found = doubts(text)
        made = word_file(text, lang=lang, layout=layout, first=first)
        write(output, made)
        value = {
            "file": str(output),
            "bytes": len(made),
            "kind": kind,
            "lang": lang,
            "first": first,
            "layout": layout,
            "doubts": [each.said() for each in found],
        }
        say(value, [f"Written: {output}", *doubted(found)], as_json=as_json)


def compare(file: Returned, against: Against, kind: Kind = "instrument", as_json: Json = False) -> None:
    """A returned Word file against what was sent, clause by clause and word by word: changes to confirm."""
    with answering(as_json=as_json):
        import msgspec

        from dtti.papers import negotiated as papers

        _look_through(file)
        found = papers.compare(_sent(against, kind), file)
        say(msgspec.to_builtins(found), _listed(found), as_json=as_json)


def apply(
    file: Returned,
    against: Against,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="the JSON of the text to write")],
    confirm: Annotated[
        list[str] | None, typer.Option("--confirm", metavar="ID", help="a change to take, by the id that compare gives")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="take every change that can be taken")] = False,
    kind: Kind = "instrument",
    as_json: Json = False,
) -> None:
    """The text that was sent with the changes that are confirmed, and no other, as data; the record is not touched."""
    with answering(as_json=as_json):
        import msgspec

        from dtti.papers import negotiated as papers

        from .papers import write

        _look_through(file)
        sent = _sent(against, kind)
        found = papers.compare(sent, file)
        ids = {each.id for each in found.changes if each.trouble is None} if everything else set()
        made = papers.apply(sent, found, ids | set(confirm or ()))
        left = [each.id for each in found.changes if each.id not in ids | set(confirm or ())]
        write(output, msgspec.json.format(msgspec.json.encode(made)))
        taken = len(found.changes) - len(left)
        say(
            {"file": str(output), "taken": taken, "left": left},
            [
                f"Written: {output}. Changes taken: {taken}; left: {len(left)}.",
                *(f"  left: {each}" for each in left),
                *(f"Note: {each.en}" for each in found.warnings),
            ],
            as_json=as_json,
        )


def _look_through(path: Path) -> None:
    """Refused where what came back bears a marking above the ceiling: nothing of it is taken or shown."""
    from dtti.node.folder.intake import DATA, read_file
    from dtti.office import intake

    if path.is_file():
        intake.file(read_file(path, DATA), path.name)


def _sent(path: Path, kind: str) -> "Negotiated":
    from dtti.papers.negotiated import read

    return read(path) if path.suffix.lower() == ".docx" else _text(path, kind)


def _text(path: Path, kind: str) -> "Negotiated":
    import msgspec

    from dtti.accord.refusal import Refused, refuse
    from dtti.papers.former import in_todays_spelling
    from dtti.papers.negotiated import FORMS

    from .papers import taken

    raw, where = taken(path, LARGEST)
    if len(raw) > LARGEST:
        raise Refused(refuse("paper-data", f"{where} has more than {LARGEST:,} bytes", "Give one text, as JSON."))
    try:
        made: Negotiated = msgspec.json.decode(in_todays_spelling(raw), type=FORMS[kind].struct)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(
            refuse("paper-data", f"{where}: {error}", f"See the form with `dtti paper {kind} --example`.")
        ) from None
    return made


LARGEST = 32 * 1024 * 1024
"""Bytes of one text as data."""


def _listed(found: "Comparison") -> "Iterator[str]":
    """The comparison for people: what is proposed, clause by clause, then what is only said."""
    if found.same:
        yield "No change: the file says what was sent."
    elif not found.changes:
        yield "No change of words, but the file does not show what was sent: see the notes."
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
        named = titles.get(key, key) if slot.startswith("clause/") else slot
        yield f"{'Clause ' if slot.startswith('clause/') and found.kind == 'instrument' else ''}{named}: {said}"
        for change in changes:
            yield f"  {_change(change, titles)}"
            by = ", ".join(dict.fromkeys(each.author for each in change.tracked_by))
            if change.trouble:
                yield f"      cannot be taken: {change.trouble.reason.en} (rule {change.trouble.rule})"
            yield f"      {change.id}  {f'tracked by {by}' if change.tracked and by else 'not tracked'}"
    quiet = sum(each.count for each in found.noise)
    if quiet:
        kinds = ", ".join(dict.fromkeys(each.kind for each in found.noise))
        yield ""
        yield f"Not counted as change, since programs do it by themselves: {quiet} places ({kinds})."
    for comment in found.comments:
        yield ""
        yield f"Comment by {comment.author or 'nobody named'} on {comment.on[:60]!r}: {comment.text}"
    for warning in found.warnings:
        yield ""
        yield f"Note: {warning.en}"


def _change(change: "Change", titles: dict[str, str]) -> str:
    """One change as a line: what goes in [- -], what comes in {+ +}."""
    added = _ends(
        "".join(f"[{part.bracket}: {part.text.strip()}]" if part.bracket else part.text for part in change.added)
    )
    removed = _ends(change.removed)
    gone, come = (f"[-{removed}-]" if removed else ""), (f"{{+{added}+}}" if added else "")
    match change.kind:
        case "moved":
            return f"moved to behind {titles.get(change.after, change.after)}" if change.after else "moved to the start"
        case "deleted":
            return f"[-{removed}-]"
        case "bracket":
            before, now = change.bracket_before or "no side", change.bracket or "no side"
            return f"bracket of {before}, now of {now}: {change.removed}"
        case "value":
            name = change.slot.rsplit("/", 1)[-1]
            return f"{change.language} {name}: {gone}{come}"
        case "number":
            return f"number {change.removed!r}, now {added!r}"
    around = f"{_ends(change.before)} ... {_ends(change.behind)}" if change.kind == "words" else ""
    return " ".join(each for each in (change.language, gone + come, f"in: {around}" if around else "") if each)


def _ends(text: str) -> str:
    """Words on one line: an end of a paragraph is a sign that can be seen, and a word where nothing else changed."""
    line = " ¶ ".join(each.strip() for each in text.split("\n")).strip()
    return "end of paragraph" if line == "¶" else line
