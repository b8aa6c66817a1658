"""`dtti act`, `dtti show`: writing one act, and what a record says. The rules are below; this gathers and prints."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .answer import answering, say
from .nodes import node_at
from .options import Json, National, NodeFolder, day, moment

if TYPE_CHECKING:
    from dtti.node.core.node import Node
    from dtti.node.core.text import Text
    from dtti.node.record.journal import Done
    from dtti.node.record.read import Listed


def add(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command()(act)
    app.command()(show)


def act(
    verb: Annotated[str, typer.Argument(metavar="VERB", help="state, propose, accept, send_back, ...; docs/acts.md")],
    node: NodeFolder,
    record: Annotated[
        str, typer.Argument(metavar="[RECORD]", help="id, code, reference or kind:ref; a kind alone: a new record")
    ] = "",
    body: Annotated[
        Path | None, typer.Option(metavar="FILE", help="the text, JSON or TOML: content, remarks, paper, held")
    ] = None,
    counter: Annotated[Path | None, typer.Option(metavar="FILE", help="send_back: a counter-text, as --body")] = None,
    remarks: Annotated[str, typer.Option(metavar="WORDS", help="remarks, where there is nothing else to say")] = "",
    file: Annotated[list[Path] | None, typer.Option(metavar="FILE", help="a file to attach; may be repeated")] = None,
    terms: Annotated[Path | None, typer.Option(metavar="FILE", help="the verb's own fields, JSON or TOML")] = None,
    basis: Annotated[str, typer.Option(metavar="B", help="state: own, paper, published, elsewhere")] = "",
    correction: Annotated[bool, typer.Option("--correction", help="state: corrects, rather than changes")] = False,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="propose, send_back: answer wanted until")] = None,
    firm: Annotated[bool, typer.Option("--firm", help="propose: an offer that is not withdrawn")] = False,
    next_pen: Annotated[str, typer.Option("--next", metavar="SIDE", help="propose: who holds the pen next")] = "",
    notice: Annotated[str, typer.Option(metavar="N", help="notice: suspend, resume, withdraw_from")] = "",
    reason: Annotated[str, typer.Option(metavar="CODE", help="notice: why, as a code; docs/exits.md")] = "",
    office: Annotated[str, typer.Option(metavar="RECORD", help="the office that acts")] = "",
    rests: Annotated[list[str] | None, typer.Option(metavar="ACT", help="an act it rests on; may be repeated")] = None,
    national: Annotated[bool, typer.Option("--national", help="in the national ledger: not told to the other")] = False,
    group: Annotated[
        str, typer.Option(metavar="NAME", help="with --national: the restricted group that reads it, by name or code")
    ] = "",
    as_json: Json = False,
) -> None:
    """Write one act of this side.

    What the ledger already knows (base version, open offer, how long an offer stands) need not be given.
    """
    given: dict[str, Any] = {"until": moment(until) or None, "basis": basis, "next": next_pen}
    given |= {"notice": notice, "reason": reason}
    given = {name: value for name, value in given.items() if value}
    given |= {"firm": True} if firm else {}
    given |= {"change": "correction"} if correction else {}
    with answering(as_json=as_json):
        from dtti.accord.refusal import Refused, refuse
        from dtti.accord.table import write_terms
        from dtti.ledger.store import NATIONAL, RELEASED
        from dtti.node.acting import compose
        from dtti.node.core import groups
        from dtti.node.core.draft import as_json as receipt_json
        from dtti.node.folder import intake

        system = node_at(node)
        texts = _texts(body, counter, remarks)
        attached = [intake.read_file(one, intake.scan(system.config.largest_file_mib)) for one in file or []]
        fields = intake.read_fields(terms, intake.SHEET) if terms else {}
        by = compose.office_of(system, office) if office else ""
        about = compose.record_of(system, record, create=True, office=by) if record else ""
        if group and not national:
            raise Refused(
                refuse("group", "what is released is kept to no group", "Leave the group out, or add --national.")
            )
        if national and "group" not in fields and (kept := groups.chosen(system, by, about, verb, group)):
            given["group"] = kept
        draft = compose.draft(
            system,
            verb,
            about,
            office=by,
            texts=compose.listing_files(texts, [one.name for one in file or []]),
            files=attached,
            rests=rests or [],
            terms={**fields, **given},
            ledger=NATIONAL if national else RELEASED,
        )
        receipt = system.write(draft)
        made = {**json.loads(receipt_json(receipt)), "terms": write_terms(draft.terms)}
        grants = [f"  grant {one['grant']}: {one['office']}" for one in made["terms"].get("grants", [])]
        on = f" on {receipt.record}" if receipt.record else ""
        say(
            made,
            [
                f"{receipt.verb}{on} stands as entry {receipt.index} of the {receipt.ledger} ledger.",
                f"  act {receipt.act}",
                *grants,
            ],
            as_json=as_json,
        )


def _texts(body: Path | None, counter: Path | None, remarks: str) -> "list[Text]":
    from dtti.node.acting import compose
    from dtti.node.folder import intake

    fields = intake.read_fields(body) if body else {}
    if remarks:
        fields = {**fields, "remarks": remarks}
    texts = [compose.read_text(fields)] if fields or counter else []
    return texts + ([compose.read_text(intake.read_fields(counter))] if counter else [])


def show(
    record: Annotated[str, typer.Argument(metavar="RECORD", help="id, code, reference or kind:ref")],
    node: NodeFolder,
    on: Annotated[str | None, typer.Option(metavar="DATE", help="as things were at the end of that day")] = None,
    known: Annotated[str | None, typer.Option(metavar="DATE", help="as known at the end of that day")] = None,
    national: National = False,
    as_json: Json = False,
) -> None:
    """What a record says: text, grade, pen, court, history."""
    asked, upto = day(on), moment(known)
    with answering(as_json=as_json):
        from dtti.accord.refusal import Refused, refuse
        from dtti.node.core.visibility import Viewer
        from dtti.node.record import clock, journal, read

        system = node_at(node)
        system.settle()
        viewer = Viewer(system.side, national=national)
        at = clock.At(upto, clock.asked(asked.isoformat(), "").on if asked else "")
        found = read.find(system, viewer, record, known=at)
        seen = read.state(system, viewer, found, at) if found else None
        if seen is None and read.find(system, viewer, record):
            raise Refused(
                refuse(
                    "not-yet", f"{record[:80]!r} was not yet there at that time", "Ask about a later day, or about now."
                )
            )
        if found is None or seen is None:
            raise Refused(
                refuse(
                    "record",
                    f"there is no record {record[:80]!r} to be seen here",
                    "Give its id, its code or its reference; see what is there with `dtti report projects`.",
                )
            )
        listed, content = seen
        history = journal.history(system, viewer, found, at)
        done = [(one, journal.by_passkey(system, one)) for one in history]
        say(_shown(system, listed, content, done), _words(listed, content, done), as_json=as_json)


def _shown(
    node: "Node", listed: "Listed", content: dict[str, Any], history: "list[tuple[Done, bool]]"
) -> dict[str, Any]:
    import msgspec

    return {
        "record": listed.record,
        "side": node.side,
        "state": msgspec.to_builtins(listed),
        "content": content,
        "history": [
            {
                **msgspec.to_builtins(one),
                "verdict": one.verdict,
                "signed_by": "passkey" if by_passkey else "server-held key",
            }
            for one, by_passkey in history
        ],
    }


_GRADES = {
    "agreed_here": "agreed here",
    "on_paper": "agreed on paper",
    "recorded": "recorded by one side",
    "published": "published, confirmed by neither side",
    "stated": "stated by its owner",
}


def _words(listed: "Listed", content: dict[str, Any], history: "list[tuple[Done, bool]]") -> list[str]:
    lines = [
        f"{listed.title or listed.ref}  ({listed.kind}:{listed.ref})",
        f"  {listed.record}",
        f"  {_GRADES.get(listed.grade, 'no text yet')}"
        + (f", version {listed.number}" if listed.number else "")
        + (f", text {listed.text_state}" if listed.text_state not in ("held", "none") else ""),
    ]
    if listed.label == "national":
        lines.append("  NATIONAL, NOT RELEASED: the other side has not been told of this")
    if listed.pen:
        lines.append(f"  pen with {listed.pen}")
    if listed.awaits:
        lines.append(f"  answered ({listed.answer}) on {listed.answered}, waiting for the system of {listed.awaits}")
    lines += [f"  {side}: {notice}" for side, notice in listed.notices]
    if listed.court:
        lines.append(f"  waits on {listed.court} since {listed.court_since} ({listed.court_why})")
    if listed.beside:
        lines.append(f"  {listed.beside} later account(s) by one side stand beside it")
    lines += ["", *json.dumps(content, ensure_ascii=False, indent=2).splitlines(), ""]
    for one, by_passkey in history:
        verdict = "" if one.verdict == "valid" else f"  {one.verdict.upper()} {one.rule}"
        how = "passkey" if by_passkey else "server-held key"
        lines.append(f"  {one.time}  {one.side}  {one.verb:<12} {one.ledger} {one.index}  {how}{verdict}")
    return lines
