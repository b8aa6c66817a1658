"""`dtti clock`, `dtti repair-time`: whether the clock can be believed, and the cure of what a wrong one signed."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .answer import BAD, answering, say
from .nodes import node_at
from .options import Json, NodeFolder

if TYPE_CHECKING:
    from dtti.node.core.node import Node
    from dtti.node.line.repair_time import Affected


def add(app: typer.Typer) -> None:
    """Add these commands to `app`."""
    app.command()(clock)
    app.command("repair-time")(repair_time)


def clock(
    node: NodeFolder,
    confirm: Annotated[
        str, typer.Option(metavar="DAY", help="today's date (UTC), read from another clock: this one is right")
    ] = "",
    as_json: Json = False,
) -> None:
    """By what the clock of this machine is judged.

    Nothing is signed by a clock far from all that is known, until someone has looked. Exit code 1 where it is in doubt.
    """
    with answering(as_json=as_json):
        import msgspec

        from dtti.accord.refusal import Refused, refuse
        from dtti.node.folder import timekeeping

        system = node_at(node)
        system.book.sync()
        if confirm:
            try:
                date.fromisoformat(confirm)
            except ValueError:
                raise Refused(
                    refuse("clock-confirm", f"{confirm[:40]!r} is no day", "Give today's date as YYYY-MM-DD (UTC).")
                ) from None
            timekeeping.confirm(system.folder.path, timekeeping.MachineClock(), confirm)
        evidence, doubt = system.time_evidence(), system.doubted()
        value: dict[str, Any] = {**msgspec.to_builtins(evidence), "believed": doubt is None}
        words = [
            f"This machine's clock says {evidence.now}; {timekeeping.KEPT[evidence.kept]}.",
            f"  this side's record has reached {evidence.reached or 'nothing yet'}",
            f"  the other side's last entry here is of {evidence.heard or 'no time'}",
            f"  last confirmed by a person: {evidence.confirmed or 'never'}",
        ]
        if doubt is None:
            say(value, [*words, "It is believed."], as_json=as_json)
            return
        value |= {"doubt": doubt.said()}
        say(value, [*words, f"IN DOUBT: {doubt.reason}. {doubt.remedy}"], as_json=as_json)
        raise SystemExit(BAD)


def repair_time(
    node: NodeFolder,
    sign: Annotated[bool, typer.Option("--sign", help="write it, by the root keys; otherwise only say what")] = False,
    as_json: Json = False,
) -> None:
    """Lower the time that a wrong clock reached.

    Names the entries that are claimed later than now, and by the root keys says that their times are not to be relied
    on. Set the clock right first; both sides' systems then go by the right time again.
    """
    with answering(as_json=as_json):
        import msgspec

        from dtti.node.line import repair_time as repairs

        system = node_at(node)
        found = repairs.affected(system)
        receipts = repairs.repair(system, found) if sign or not found else []
        value = {
            "ledgers": [_said(system, one) for one in found],
            "written": [msgspec.to_builtins(one) for one in receipts],
        }
        words = [line for one in found for line in _listed(one)]
        words += [f"Repaired by entry {one.index} of the {one.ledger} ledger, claimed {one.time}." for one in receipts]
        if not receipts:
            words.append(
                "Nothing is written yet. If this machine's clock is right: --sign, with the root ring in place."
            )
        say(value, words, as_json=as_json)


def _said(system: "Node", one: "Affected") -> dict[str, Any]:
    return {
        "ledger": one.ledger,
        "now": system.clock(),
        "reached": one.reached,
        "entries": [
            {"index": each.act.index, "act": each.id, "verb": each.act.verb, "time": each.act.time}
            for each in one.entries
        ],
    }


def _listed(one: "Affected") -> list[str]:
    lines = [f"{len(one.entries)} entries of the {one.ledger} ledger are claimed later than now, up to {one.reached}:"]
    return lines + [
        f"  entry {each.act.index}  {each.act.time}  {each.act.verb}  {each.id[:16]}" for each in one.entries
    ]
