"""`dtti prove`, `export`, `vkey`: what a node hands to someone who trusts neither side."""

from pathlib import Path
from typing import Annotated

import typer

from .answer import answering, say
from .nodes import node_at
from .options import Json, NodeFolder


def add(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command()(prove)
    app.command()(export)
    app.command()(vkey)


def prove(
    record: Annotated[str, typer.Argument(metavar="RECORD", help="id, code, reference or kind:ref")],
    node: NodeFolder,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="where to write the proof")],
    act: Annotated[str | None, typer.Option(metavar="ACT", help="prove the text of this act, not the current")] = None,
    without_text: Annotated[bool, typer.Option("--without-text", help="show signatures, not what was signed")] = False,
    as_json: Json = False,
) -> None:
    """Write a proof of a record's text, checked offline."""
    with answering(as_json=as_json):
        from dtti.accord import proof
        from dtti.ledger.store import MIRROR
        from dtti.node.acting import compose
        from dtti.node.checking import prove
        from dtti.node.folder.files import replace

        system = node_at(node)
        name = compose.record_of(system, record)
        notes = {system.side: system.checkpoint()}
        mirrored = system.store.note(MIRROR)
        if system.book.other and mirrored:
            notes[system.book.other] = mirrored
        data = prove.make(system.book, name, notes, act=act, bodies=not without_text)
        found = proof.check(data)
        replace(output, data)
        value = {"file": str(output), "record": name, "says": found.says, "bytes": len(data), "good": found.good}
        say(value, [found.says, f"Written: {output}. It is checked with `dtti check {output}`."], as_json=as_json)


def export(
    node: NodeFolder,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="new folder to write")],
    bodies: Annotated[bool, typer.Option("--bodies", help="with the texts; without, it tells no contents")] = False,
    mirror: Annotated[bool, typer.Option("--mirror", help="instead: the other side's ledger, as held here")] = False,
    as_json: Json = False,
) -> None:
    """Write the released ledger as a folder of static files.

    Any C2SP tlog-tiles tool reads it; `dtti verify` checks it.
    """
    with answering(as_json=as_json):
        from dtti.accord.refusal import Refused, refuse
        from dtti.ledger import export as exports
        from dtti.ledger.store import MIRROR, RELEASED
        from dtti.node.folder.files import sync_folder, workplace

        system = node_at(node)
        if output.exists() or output.is_symlink():
            raise Refused(refuse("export", f"{output} is there already", "Name a new folder."))
        if not mirror:
            system.checkpoint()
        output.parent.mkdir(parents=True, exist_ok=True)
        with workplace(output.parent) as place:  # half an export would stand in the way of the next one
            size = exports.write(system.store, MIRROR if mirror else RELEASED, place / "export", bodies=bodies)
            (place / "export").rename(output)
        sync_folder(output.parent)
        value = {
            "folder": str(output),
            "size": size,
            "bodies": bodies,
            "side": system.book.other if mirror else system.side,
        }
        words = [f"Written: {output}, {size} entries{' with their texts' if bodies else ', no texts'}."]
        say(value, [*words, f"It is checked with `dtti verify {output}`."], as_json=as_json)


def vkey(node: NodeFolder, as_json: Json = False) -> None:
    """Print the keys that sign checkpoints, for other tools."""
    with answering(as_json=as_json):
        from dtti.ledger.checkpoint import verifier_key

        system = node_at(node)
        keys = [verifier_key(system.party.origin, key) for key in system.standing.keys.keys("log")]
        say({"side": system.side, "origin": system.party.origin, "keys": keys}, keys, as_json=as_json)
