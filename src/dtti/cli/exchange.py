"""`dtti exchange`: taking in what the other side has released, by line or by file, and giving it ours."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .answer import answering, say
from .nodes import node_at
from .options import MOST, Json, NodeFolder

END = ("late", "agreed", "returned")

if TYPE_CHECKING:
    from dtti.node.core.node import Node
    from dtti.node.line.exchange import Taken
    from dtti.node.line.late import LateAnswer

exchange = typer.Typer(no_args_is_help=True, help="Exchange with the other side, by line or by file.")


def add(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    exchange.command()(pull)
    exchange.command()(pack)
    exchange.command()(unpack)
    exchange.command()(late)
    app.add_typer(exchange, name="exchange")


def _say(node: "Node", taken: "Taken", *, as_json: bool) -> None:
    import msgspec

    value: dict[str, Any] = msgspec.to_builtins(taken)
    fresh = taken.size - taken.start
    lines = [
        f"{fresh} entries and {taken.bodies} texts of {node.book.other} taken in; its ledger here has {taken.size}."
    ]
    if taken.void:
        lines.append(f"  {taken.void} of them break a rule and have no effect: `dtti show` says which.")
    if taken.former:
        lines.append(
            f"  The office system of {node.book.other} is of an earlier version: it gives texts one by one, slowly."
        )
    if taken.acts:
        counted: dict[str, int] = {}
        for one in taken.acts:
            counted[one.verb] = counted.get(one.verb, 0) + 1
        lines.append("  This node then wrote: " + ", ".join(f"{count} {verb}" for verb, count in counted.items()) + ".")
    say(value, lines, as_json=as_json)


def pull(
    node: NodeFolder,
    peer: Annotated[str, typer.Option(metavar="HOST:PORT", help="instead of peer_address of node.toml")] = "",
    as_json: Json = False,
) -> None:
    """Pull what is new from the other side's exchange door."""
    with answering(as_json=as_json):
        from dtti.node.line.client import Line

        system = node_at(node)
        line = Line(system, peer)
        try:
            taken = line.pull()
        finally:
            line.close()
        _say(system, taken, as_json=as_json)


def pack(
    node: NodeFolder,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="where to write the pack")],
    start: Annotated[
        int | None,
        typer.Option("--from", min=0, max=MOST, metavar="N", help="first entry; what they lack, if not given"),
    ] = None,
    unsealed: Annotated[bool, typer.Option("--open", help="not sealed: anyone who has the file can read it")] = False,
    give_back: Annotated[
        bool, typer.Option("--give-back", help="instead: the other side's own entries, for it to recover from")
    ] = False,
    as_json: Json = False,
) -> None:
    """Write one file with what the other side lacks of ours."""
    with answering(as_json=as_json):
        from dtti.node.folder.files import replacing
        from dtti.node.line import exchange as exchanges
        from dtti.node.line import recover

        system = node_at(node)
        with replacing(output) as out:
            if give_back:
                recover.write_given_back(system, out, start or 0)
            else:
                exchanges.write_pack(system, out, start, sealed=not unsealed)
            size = out.tell()
        sealed = "sealed to" if not unsealed or give_back else "OPEN: anyone can read it; meant for"
        words = [f"Written: {output}, {size:,} bytes, {sealed} {system.book.other}."]
        if system.book.other and not give_back:
            words.append("It is taken in with `dtti exchange unpack`.")
        value = {"file": str(output), "bytes": size, "receiver": system.book.other, "sealed": not unsealed}
        say(value, words, as_json=as_json)


def unpack(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="the pack")],
    node: NodeFolder,
    as_json: Json = False,
) -> None:
    """Take in a pack: all of it is checked, or none is kept."""
    with answering(as_json=as_json):
        from dtti.node.folder import intake
        from dtti.node.line import exchange as exchanges

        system = node_at(node)
        given = intake.source(file, intake.pack(system.config.pack_mib))
        _say(system, exchanges.take_pack(system, given), as_json=as_json)


def late(
    node: NodeFolder,
    record: Annotated[str, typer.Argument(metavar="[RECORD]", help="the record of the offer; all, if not given")] = "",
    end: Annotated[str, typer.Option(metavar="E", help="end the offer: late, agreed or returned")] = "",
    office: Annotated[str, typer.Option(metavar="RECORD", help="the office that decides")] = "",
    as_json: Json = False,
) -> None:
    """Offers whose answer was first seen after they had run out; with --end, a person's decision on one.

    The time in an answer is only claimed. Nothing is closed by itself then: what shows that it came late is listed.
    """
    with answering(as_json=as_json):
        import msgspec

        from dtti.accord.refusal import Refused, refuse
        from dtti.node.acting import compose
        from dtti.node.line import late as lates

        system = node_at(node)
        wanted = compose.record_of(system, record) if record else ""
        if not end:
            found = [one for one in lates.late_answers(system) if wanted in ("", one.record)]
            lines = [line for one in found for line in _late(one)]
            say(
                msgspec.to_builtins(found),
                lines or ["No offer of this side waits for such a decision."],
                as_json=as_json,
            )
            return
        if end not in END or not wanted:
            raise Refused(
                refuse("late-answer", "a decision names its record, and how the offer ends", f"Use {', '.join(END)}.")
            )
        by = compose.office_of(system, office) if office else ""
        receipt = lates.decide(system, wanted, end, by)  # type: ignore[arg-type]
        words = [f"close on {receipt.record} stands as entry {receipt.index} of the released ledger: {end}."]
        say(msgspec.to_builtins(receipt), words, as_json=as_json)


def _late(one: "LateAnswer") -> list[str]:
    lines = [
        f"{one.record}: open until {one.until}; {one.verb} {one.answer[:16]} claims {one.time}, and came after that.",
    ]
    if one.sighted is not None:
        sighted = one.sighted
        lines.append(f"  this side's entry {sighted.index} of {sighted.time} had not seen it (act {sighted.act}).")
    lines += [
        f"  the other side's checkpoint of {each.seen} entries, taken in {each.time}, lacked it."
        for each in one.checkpoints
    ]
    return lines
