"""`dtti status`, `rebuild`, `backup`, `drill`, `restore`, `recover`, `rotate`, `erase`: how a node stands, is kept."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .answer import BAD, answering, progress, say
from .nodes import database_at, node_at
from .options import Json, NodeFolder

if TYPE_CHECKING:
    from dtti.node.core.node import Node
    from dtti.node.line.exchange import Given
    from dtti.node.line.recover import Recovered


def add(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    for command in (status, rebuild, backup, drill, restore, recover, rotate, erase):
        app.command()(command)


def status(
    node: NodeFolder,
    quick: Annotated[
        bool, typer.Option("--quick", help="ask no network, and do not read texts and entries from their bytes")
    ] = False,
    listed: Annotated[bool, typer.Option("--list", help="only list what can be amiss")] = False,
    as_json: Json = False,
) -> None:
    """How the node stands, and what is amiss.

    Exit code as monitoring programs take it: 0 well, 1 attention, 2 broken, 3 cannot be asked.
    """
    with answering(as_json=as_json):
        from dataclasses import asdict

        from dtti.node.keeping import conditions, health, status_words

        if listed:
            say([asdict(one) for one in conditions.CONDITIONS], conditions.table(), as_json=as_json)
            return
        made = health.look(node, quick=quick)
        say(made, status_words.words(made), as_json=as_json)
        if made["exit"]:
            raise SystemExit(made["exit"])


def rebuild(
    node: NodeFolder,
    compare: Annotated[bool, typer.Option("--compare", help="make it beside, and compare; change nothing")] = False,
    as_json: Json = False,
) -> None:
    """Make the record that pages read anew from ledgers."""
    with answering(as_json=as_json):
        import msgspec

        from dtti.node.record import rebuild as rebuilding

        system = node_at(node)
        if not compare:
            from dtti.node.people import accounts

            count = rebuilding.rebuild(system)
            accounts.start(node)
            from dtti.node.people import seats

            made = seats.restore(system)
            words = [f"The record was made anew: {count} records."]
            if made:
                words.append(f"{len(made)} seats that the national record holds were put back: `dtti person list`.")
            say({"records": count, "seats": len(made)}, words, as_json=as_json)
            return
        found = rebuilding.compare(system)
        value = {"same": not found, "differences": [msgspec.to_builtins(one) for one in found]}
        words = (
            ["The record is what the ledgers give."] if not found else [f"{one.where}: {one.reason}" for one in found]
        )
        say(value, words, as_json=as_json)
        if found:
            raise SystemExit(BAD)


def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="the backup to write (.tar.gz), outside the folder")],
    node: NodeFolder,
    with_passphrase: Annotated[
        bool, typer.Option("--with-passphrase", help="with the kept passphrase: who has the file then has the keys")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write all that the node is to one file, as it works."""
    with answering(as_json=as_json):
        from dtti.node.keeping import backup as backups
        from dtti.node.keeping.backup_file import as_json as listed

        made = backups.backup(node_at(node), file, with_passphrase=with_passphrase, tell=progress)
        progress("")
        words = [
            f"Written: {file}, {file.stat().st_size:,} bytes: {made.side} with {made.released} released and "
            f"{made.national} national entries."
        ]
        if not made.accounts.startswith("sqlite"):
            words.append(f"  accounts: {made.accounts}")
        words += [f"  DAMAGED here, and so in the backup: {each}" for each in made.faults]
        if made.faults:
            words.append("  What can be kept is in it. Keep every earlier backup, and look at the disc: `dtti verify`.")
        else:
            words.append("What was copied verifies.")
        words.append("Keep it as you keep the node: it holds all its texts. The passphrase of the keys is kept apart.")
        say({"file": str(file), **listed(made)}, words, as_json=as_json)
        if made.faults:
            raise SystemExit(BAD)


def drill(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="the backup")],
    node: NodeFolder,
    place: Annotated[
        Path | None, typer.Option("--place", metavar="DIR", help="where to restore it for now; beside FILE if none")
    ] = None,
    as_json: Json = False,
) -> None:
    """Restore a backup for a moment, and say what it is worth.

    It is verified whole and compared with the node at work. Nothing of it is left. Exit code 1 where it is not good.
    """
    with answering(as_json=as_json):
        import msgspec

        from dtti.node.keeping import drill as drills

        made = drills.drill(node_at(node), file, place, tell=progress)
        progress("")
        say({"good": made.good, **msgspec.to_builtins(made)}, drills.words(made), as_json=as_json)
        if not made.good:
            raise SystemExit(BAD)


def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="the backup")],
    folder: Annotated[Path, typer.Argument(metavar="D", help="new folder for the node")],
    database: Annotated[
        str, typer.Option(metavar="URL", help="postgresql:// URL; SQLite files in the folder if none")
    ] = "",
    database_file: Annotated[
        Path | None,
        typer.Option(
            "--database-file", metavar="FILE", help="file with that URL, where it holds a password; - for input"
        ),
    ] = None,
    schema: Annotated[str, typer.Option(help="prefix of the new schemas in that database")] = "dtti",
    without_accounts: Annotated[
        bool, typer.Option("--without-accounts", help="leave persons, passwords, drafts and the reading log behind")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make a node anew from a backup.

    It is checked whole, and signs nothing until `dtti recover`.
    """
    with answering(as_json=as_json):
        from dtti.accord.refusal import Refused
        from dtti.node.checking import verify
        from dtti.node.keeping import restore as restoring
        from dtti.node.keeping.backup_file import DUMP
        from dtti.node.keeping.backup_file import as_json as listed

        address = database_at(database, database_file)
        made = restoring.restore(
            file, folder, database=address, schema=schema, without_accounts=without_accounts, tell=progress
        )
        try:
            reports = verify.verify(folder, record=False, tell=progress)
            faults = [f"{one.where}: {one.reason} (rule {one.rule})" for report in reports for one in report.faults]
        except Refused as refused:  # it stands all the same
            faults = [str(one) for one in refused.refusals]
        progress("")
        words = [f"Restored in {folder}, and stands there: {made.side} as of {made.made}."]
        if faults:
            words += ["It does NOT verify.", *(f"  {each}" for each in faults)]
            words.append(
                f"Run `dtti verify {folder}`. Where only a disc failed just now, it is good; else use another backup."
            )
        else:
            words[0] += " It verifies."
        words += [f"  damaged already when the backup was taken: {each}" for each in made.faults]
        words.append("It signs nothing yet. Run `dtti recover` (or `dtti recover --alone`) before anything else.")
        if (folder / DUMP).exists():
            words.append(f"Accounts: pg_restore --dbname URL {folder / DUMP}")
        say(
            {"folder": str(folder), "verifies": not faults, "faults": faults, **listed(made)},
            words,
            as_json=as_json,
        )
        if faults:
            raise SystemExit(BAD)


def recover(
    node: NodeFolder,
    file: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="what `dtti exchange pack --give-back` wrote there")
    ] = None,
    peer: Annotated[str, typer.Option(metavar="HOST:PORT", help="instead of peer_address of node.toml")] = "",
    alone: Annotated[bool, typer.Option("--alone", help="no counterpart has taken anything in")] = False,
    by_root: Annotated[
        bool, typer.Option("--by-root", help="without what the counterpart holds, by the root keys; --from names it")
    ] = False,
    confirm: Annotated[str, typer.Option(metavar="WORDS", help="the sentence that it asks for")] = "",
    declare_loss: Annotated[
        bool, typer.Option("--declare-loss", help="say in the ledger for ever what is lost; needs the root ring")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring a restored node up to what it had signed.

    It takes back what the other side holds, by line or from a file. Then it says what would be given up, and signs
    again once that is confirmed. Exit code 1 until then.
    """
    if (alone or by_root) and (peer or (file is not None and alone)):
        raise typer.BadParameter("--alone goes with neither --from nor --peer, --by-root not with --peer")
    if alone and by_root:
        raise typer.BadParameter(
            "--alone is for a side whose entries nobody holds, --by-root for one that goes without"
        )
    with answering(as_json=as_json):
        from dtti.node.line import recover as recovery

        system = node_at(node)
        if alone:
            made = recovery.alone(system, confirm, declare_loss=declare_loss)
        elif by_root:
            own = _given(system, file)[0] if file is not None else None
            made = recovery.by_root(system, confirm, own=own, declare_loss=declare_loss)
        else:
            made = _recover(system, file, peer, confirm, declare_loss=declare_loss)
        _say_recovered(system, made, by_root=by_root, as_json=as_json)


def _given(system: "Node", file: Path) -> "tuple[Given, Given]":
    from dtti.node.folder import intake
    from dtti.node.line import recover as recovery

    return recovery.read_given_back(system, intake.source(file, intake.pack(system.config.pack_mib)))


def _recover(system: "Node", file: Path | None, peer: str, confirm: str, *, declare_loss: bool) -> "Recovered":
    from dtti.node.line import recover as recovery
    from dtti.node.line.client import Line

    if file is not None:
        return recovery.recover(system, *_given(system, file), confirm=confirm, declare_loss=declare_loss)
    line = Line(system, peer)
    try:
        own, theirs = line.given_back()
        return recovery.recover(system, own, theirs, confirm=confirm, declare_loss=declare_loss)
    finally:
        line.close()


def _say_recovered(system: "Node", made: "Recovered", *, by_root: bool, as_json: bool) -> None:
    import msgspec

    from dtti.node.line import loss

    value: dict[str, Any] = msgspec.to_builtins(made)
    other = system.book.other or ""
    words = [f"{made.own} entries of {system.side} taken back, {made.theirs} of {other or 'nobody'} taken in."]
    words += [loss.line(one) for one in made.taken]
    if made.own > len(made.taken):
        words.append(f"  and {made.own - len(made.taken)} more")
    if not made.sure and made.up is not None:
        words += loss.words(made.up, other=other, without=by_root)
    else:
        words.append("This node signs again.")
    if made.loss:
        words.append(
            f"Declared lost by entry {made.loss.index}: {made.lost_released} released, {made.lost_national} national."
        )
    say(value, words, as_json=as_json)
    if not made.sure:
        raise SystemExit(BAD)


def rotate(
    node: NodeFolder,
    role: Annotated[
        list[str] | None, typer.Option(metavar="ROLE", help="a role to renew; may be repeated; all if none")
    ] = None,
    revoke: Annotated[
        bool, typer.Option("--revoke", help="the old keys may be in wrong hands: the old exchange certificate goes too")
    ] = False,
    as_json: Json = False,
) -> None:
    """Put new keys in force, signed by old and new root."""
    with answering(as_json=as_json):
        import msgspec

        from dtti.node.folder.keys import RINGS
        from dtti.node.line import rotate as rotation

        system = node_at(node)
        made = rotation.rotate(system, role or rotation.ROLES, revoke=revoke)
        words = [
            f"Key list {made.version} is in force from entry {made.act.index + 1} on: new {', '.join(made.roles)}.",
            "Take a backup now: an older one has not these keys. What runs goes by them from its next act on.",
        ]
        if elsewhere := [ring for ring in ("root", "power") if set(RINGS[ring]) & set(made.roles)]:
            words.append(f"New key rings: {', '.join(elsewhere)}. Where they are kept elsewhere, put these there.")
        say(msgspec.to_builtins(made), words, as_json=as_json)


def erase(
    act: Annotated[str, typer.Argument(metavar="ACT", help="the act, as `dtti show` lists it")],
    node: NodeFolder,
    part: Annotated[int, typer.Option(min=0, max=16, metavar="N", help="which of its texts and files")] = 0,
    reason: Annotated[str, typer.Option(metavar="WHY", help="spill, court or retention")] = "spill",
    remarks: Annotated[str, typer.Option(metavar="WORDS", help="what may be said about it")] = "",
    as_json: Json = False,
) -> None:
    """Erase a text of this side everywhere, for good.

    Writes the tombstone that orders it, and obeys it here. It cannot be undone.
    """
    if reason not in ("spill", "court", "retention"):
        raise typer.BadParameter("--reason is spill, court or retention")
    with answering(as_json=as_json):
        import msgspec

        from dtti.node.line import spill

        made = spill.erase(node_at(node), act, part=part, reason=reason, remarks=remarks)  # type: ignore[arg-type]
        words = [
            f"Erased here, by entry {made.tombstone.index} of the {made.tombstone.ledger} ledger, which verifies.",
            *(
                (
                    "The other side never had it, and is told nothing. Earlier backups still hold it: destroy them,",
                    "take a new backup, and tell the security authority of this side.",
                )
                if made.tombstone.ledger == "national"
                else (
                    "The other side erases it with the next exchange. Earlier packs and backups hold it: destroy them,",
                    "take a new backup, and tell both security authorities.",
                )
            ),
        ]
        say(msgspec.to_builtins(made), words, as_json=as_json)
