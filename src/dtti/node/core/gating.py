"""What the leaf of an act says of the stage that its text enters: the rows, and the acts that show them. No Django.

Contents can be erased and a verdict stands for ever, so what a gate was passed on is written as codes and act ids.
They are computed where the text is written, by whatever door, and compared where it is agreed to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict, replace

from dtti.accord import table, table_2
from dtti.accord.refusal import Refusal, refuse
from dtti.accord.rule_sets import RULE_SETS
from dtti.accord.view import View
from dtti.programme.judging import judge_body
from dtti.programme.kind import Content, Stood
from dtti.programme.kinds import KINDS

from . import context as contexts
from .draft import Draft

if TYPE_CHECKING:
    from .node import Node


def otherwise() -> Refusal:
    """Why an act is refused that says another move than its text makes."""
    return refuse(
        "gate",
        "the move along the stages that the act says is not the one that its text makes from what both sides hold",
        "Look at the text that both sides hold; what goes on from it is sent for agreement again.",
    )


def gated(node: Node, draft: Draft) -> Draft:
    """The draft with the move along the stages that its text makes and the acts that show it; else unchanged."""
    place = {"propose": 0, "send_back": 1}.get(draft.verb)
    if place is None or len(draft.texts) <= place or getattr(draft.terms, "gate", None) is not None:
        return draft
    if not KINDS[draft.record.partition("/")[0]].move or not node.rules_for(draft).procedures:
        return draft  # judged by a rule set that has no gates: that of the offer that it answers
    stored = draft.texts[place].content
    content = judge_body(draft.record.partition("/")[0], stored).content if stored is not None else None
    gate = gate_of(node, draft.record, content) if content is not None else None
    if gate is None:
        return draft
    rests = dict.fromkeys([*draft.rests, *(act for row in gate.rows for act in row.acts)])
    return replace(draft, terms=_with(draft.terms, gate), rests=tuple(rests))


def _with(terms: Any, gate: table_2.Gate) -> table_2.Propose | table_2.SendBack:
    kept = {**asdict(terms), "gate": gate}
    return table_2.Propose(**kept) if isinstance(terms, table.Propose) else table_2.SendBack(**kept)


def gate_of(node: Node, record: str, content: Content) -> table_2.Gate | None:
    """The move that a text makes, as it is judged here and now; None where it makes none or still lacks something."""
    make = KINDS[record.partition("/")[0]].move
    move = make(content, contexts.beside(node, record)) if make else None
    if move is None:
        return None
    rows = [_row(node, each) for each in move.rows]
    return table_2.Gate(move.procedure, move.stage, move.ends, move.path, rows, move.since)


def _row(node: Node, stood: Stood) -> table_2.Answered:
    found = [contexts.resting(node, *link.split(":", 1)) for link in stood.links]
    acts = list(dict.fromkeys(each.act for each in found if each is not None))
    office = contexts.resting(node, "office", stood.office) if stood.office else None
    state = "not_applicable" if stood.state == "not-applicable" else stood.state
    return table_2.Answered(stood.row, state, acts, office.record if office else None, stood.side or None)


def amiss(node: Node, draft: Draft, content: Content) -> list[Refusal]:
    """What stands against writing an act that says another move than its text makes here and now."""
    asked = gate_of(node, draft.record, content) if node.rules_for(draft).procedures else None
    return [] if getattr(draft.terms, "gate", None) == asked else [otherwise()]


def unlike(node: Node, view: View, content: Content) -> list[Refusal]:
    """What stands against agreeing to an offered text whose act says another move than the text makes here and now."""
    placed = node.store.find(view.offer.id) if view.offer else None
    if placed is None:
        return []
    act = node.book.entry(placed.leaf).act
    rules = RULE_SETS[act.rules]
    if not rules.procedures:
        return []  # made before both brought the set into force that has gates
    gate: table_2.Gate | None = getattr(rules.read_terms(act.verb, act.terms), "gate", None)
    here = gate_of(node, view.record, content)
    return [] if _move(gate) == _move(here) else [otherwise()]


def _move(gate: table_2.Gate | None) -> tuple[object, ...]:
    return (gate.sop, gate.since, gate.stage, gate.ends, gate.path) if gate else ()
