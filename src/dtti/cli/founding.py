"""`dtti found`, `accede`, `rules`, `published`: a side's own node, its counterpart, rule sets, the public record."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .answer import answering, opened, say
from .nodes import database_at, node_at
from .options import Json, NodeFolder

if TYPE_CHECKING:
    from dtti.node.core.node import Node
    from dtti.node.folder.config import Config

Folder = Annotated[Path, typer.Option("--node", metavar="D", envvar="DTTI_NODE", help="folder of the node to be")]
Side = Annotated[str, typer.Option(metavar="SIDE", help="IND or USA")]
Environment = Annotated[str, typer.Option(metavar="E", help="live or exercise")]
Name = Annotated[str, typer.Option(help="what this installation is called")]
Operator = Annotated[str, typer.Option(help="who runs the machine")]
Database = Annotated[str, typer.Option(metavar="URL", help="postgresql:// URL; SQLite files in the folder if none")]
DatabaseFile = Annotated[
    Path | None,
    typer.Option("--database-file", metavar="FILE", help="file with that URL, where it holds a password; - for input"),
]
Schema = Annotated[str, typer.Option(help="prefix of the schemas in that database")]
Phrase = Annotated[
    Path | None, typer.Option("--passphrase-file", metavar="FILE", help="file with the passphrase of the key rings")
]
Keep = Annotated[
    bool, typer.Option("--keep-passphrase", help="keep it in keys/passphrase, so that the node starts unattended")
]
Published = Annotated[bool, typer.Option("--published/--empty", help="begin with the public record, or without")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="where to write the file to carry")]


def add(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command()(found)
    app.command()(accede)
    app.command()(rules)
    app.command()(published)


def _passphrase(file: Path | None) -> bytes:
    """The passphrase for new key rings: from the environment, a file, or asked twice of a person."""
    from dtti.accord.refusal import Refused, refuse
    from dtti.node.folder import passphrase
    from dtti.node.folder.intake import CARD, read_file

    given = passphrase.take() or b""
    if file is not None:
        given = read_file(file, CARD).strip()
    elif not given and sys.stdin.isatty():
        given = typer.prompt("Passphrase for the key rings", hide_input=True, confirmation_prompt=True).encode()
    if not given:
        raise Refused(
            refuse(
                "keys",
                "no passphrase for the key rings was given",
                "Set DTTI_PASSPHRASE, or name a file with --passphrase-file.",
            )
        )
    return given


def _config(
    side: str, environment: str, name: str, operator: str, database: str, schema: str, *, demonstration: bool = False
) -> "Config":
    import msgspec

    from dtti.accord.refusal import Refused, refuse
    from dtti.node.folder.config import Config

    fields = {
        "side": side,
        "environment": environment,
        "name": name,
        "operator": operator,
        "database": database,
        "schema": schema,
        "demonstration": demonstration,
    }
    try:
        return msgspec.convert(fields, Config)
    except msgspec.ValidationError as error:
        raise Refused(refuse("settings", str(error), "Give it as docs/settings.md says.")) from None


def _make(
    folder: Path,
    config: "Config",
    phrase: bytes,
    *,
    keep: bool,
    published: bool,
    rule_sets: list[str] | None = None,
) -> "Node":
    from dtti.node.line import founding
    from dtti.node.line import published as public_record

    then = public_record.load if published else None
    node = founding.found(folder, config, phrase, keep_passphrase=keep, rule_sets=rule_sets, then=then)
    opened.append(node)
    return node


def _write_card(node: "Node", output: Path) -> None:
    from dtti.node.folder import files
    from dtti.node.line import founding

    if output.exists() and not output.is_file():  # a pipe, or the terminal
        output.write_bytes(founding.introduce(node))
    else:
        files.replace(output, founding.introduce(node), mode=0o644)


def _status(node: "Node", **more: Any) -> dict[str, Any]:
    from dtti.node.line.founding import fingerprint, spoken

    return {
        "node": str(node.folder.path),
        "side": node.side,
        "environment": node.config.environment,
        "parties": sorted(node.standing.parties),
        "fingerprint": fingerprint(node),
        "spoken": spoken(fingerprint(node)),
        **more,
    }


_COMPARE = "Read this fingerprint to the other side by telephone, and compare. If it differs, stop: found again."


def _say(node: "Node", first: str, *, as_json: bool, output: Path | None = None, next_step: str = "") -> None:
    made = _status(node, file=str(output) if output else None)
    words = [first]
    if len(made["parties"]) == 2:
        words += [_COMPARE, f"  {made['spoken'][:39]}", f"  {made['spoken'][40:]}"]
    if output:
        words.append(f"Written: {output}. {next_step}")
    say(made, words, as_json=as_json)


def found(
    node: Folder,
    side: Side = "",
    solo: Annotated[bool, typer.Option("--solo", help="alone: no invitation is written")] = False,
    complete: Annotated[
        Path | None, typer.Option("--complete", metavar="FILE", help="join the side whose accession this file is")
    ] = None,
    invite: Annotated[bool, typer.Option("--invite", help="of a node that stands: write its invitation again")] = False,
    output: Output = None,
    environment: Environment = "live",
    name: Name = "",
    operator: Operator = "",
    database: Database = "",
    database_file: DatabaseFile = None,
    schema: Schema = "dtti",
    passphrase_file: Phrase = None,
    keep_passphrase: Keep = False,
    published: Published = True,
    as_json: Json = False,
) -> None:
    """Found a side's node, alone or with an invitation.

    With --complete, join the other side, by the file that its `dtti accede` wrote.
    """
    if sum((solo, complete is not None, invite)) > 1:
        raise typer.BadParameter("--solo, --complete and --invite exclude each other")
    with answering(as_json=as_json):
        from dtti.node.core.draft import following

        if complete is not None:
            _complete(node, complete, as_json=as_json)
            return
        if invite:
            standing = node_at(node)
            _write_card(standing, output or node / "invitation.json")
            _say(standing, "Invitation written.", as_json=as_json, output=output or node / "invitation.json")
            return
        config = _config(side, environment, name, operator, database_at(database, database_file), schema)
        made = _make(node, config, _passphrase(passphrase_file), keep=keep_passphrase, published=published)
        with following(f"{made.side} is founded in {node} and stands", "`dtti found --invite` writes the invitation"):
            if solo:
                _say(made, f"{made.side} is founded in {node}, alone; the other side can join later.", as_json=as_json)
                return
            file = output or node / "invitation.json"
            _write_card(made, file)
            step = "Give it to the other side for `dtti accede`, then run `dtti found --complete` on its answer."
            _say(made, f"{made.side} is founded in {node}.", as_json=as_json, output=file, next_step=step)


def _complete(folder: Path, file: Path, *, as_json: bool) -> None:
    from dtti.node.folder.intake import CARD, read_file
    from dtti.node.line import founding

    node = node_at(folder)
    founding.join(node, read_file(file, CARD))
    _say(node, f"{node.side} has joined {node.book.other}.", as_json=as_json)


def accede(
    invitation: Annotated[Path, typer.Argument(metavar="INVITATION", help="the file that the other side founded with")],
    node: Folder,
    side: Side = "",
    output: Output = None,
    name: Name = "",
    operator: Operator = "",
    database: Database = "",
    database_file: DatabaseFile = None,
    schema: Schema = "dtti",
    passphrase_file: Phrase = None,
    keep_passphrase: Keep = False,
    published: Published = True,
    as_json: Json = False,
) -> None:
    """Join the side that wrote an invitation.

    Makes this side's node if there is none yet, joins, and writes the accession for the other side.
    """
    with answering(as_json=as_json):
        from dtti.node.core.draft import following
        from dtti.node.folder.intake import CARD, read_file
        from dtti.node.line import founding, unfounded

        card = read_file(invitation, CARD)
        given = founding.read_introduction(card)
        if unfounded.stands(node):
            made = node_at(node)
        else:
            address = database_at(database, database_file)
            config = _config(side, given.environment, name, operator, address, schema)
            founding.check_introduction(config, given)
            phrase, sets = _passphrase(passphrase_file), given.rule_sets
            made = _make(node, config, phrase, keep=keep_passphrase, published=published, rule_sets=sets)
        with following(f"{made.side} is founded in {node} and stands", "the same command goes on from there"):
            founding.join(made, card)
            file = output or node / "accession.json"
            _write_card(made, file)
            step = f"Give it to {given.party.side} for `dtti found --complete`."
            _say(made, f"{made.side} has joined {given.party.side}.", as_json=as_json, output=file, next_step=step)


def rules(
    node: NodeFolder,
    activate: Annotated[
        str, typer.Option("--activate", metavar="NAME", help="sign, by the root keys, that it is to come into force")
    ] = "",
    as_json: Json = False,
) -> None:
    """The rule sets by which acts are judged: which are in force here, who activated which; and activating one."""
    with answering(as_json=as_json):
        from msgspec import to_builtins

        from dtti.node.line import founding

        here = node_at(node)
        receipt = founding.activate(here, activate) if activate else None
        sets = founding.standing_sets(here)
        words = [f"Entry {receipt.index} stands: {here.side} has activated {activate}."] if receipt else []
        for one in sets:
            how = "founded on" if one.founded else ", ".join(f"activated by {side}" for side in one.activated)
            force = (
                "in force" if one.released else "in force for what stays national" if one.national else "not in force"
            )
            words.append(f"{one.name}  {force}{f' ({how})' if how else ''}  {one.digest}")
        made = {"entry": receipt.index if receipt else None, "sets": [to_builtins(one) for one in sets]}
        say({"side": here.side, **made}, words, as_json=as_json)


def published(node: NodeFolder, as_json: Json = False) -> None:
    """Bring in the public record that this version carries.

    What is new is stated; what was stated from an earlier version and is corrected in this one is stated again. A text
    of this side's own making stays.
    """
    with answering(as_json=as_json):
        import msgspec

        from dtti.node.line import published as public_record

        system = node_at(node)
        system.settle()
        found = public_record.bring(system)
        words = [
            f"{len(found.stated)} items stated, {len(found.corrected)} stated again as corrected: "
            "published, confirmed by neither.",
            *(f"kept as this side states it: {link}" for link in found.kept),
        ]
        say(msgspec.to_builtins(found), words, as_json=as_json)
