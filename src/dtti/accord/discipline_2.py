"""When an act on a record is valid under dtti_2: as under dtti_1, but for answers and how an offer ends. Pure.

What a clock decides hangs on no claimed time alone (architecture, section 8.11): an answer is refused once the
proposer's clock was seen to pass the date, and one that its proposer first saw after the date is decided by a person of
the proposer's (`sighted`; that the entry named there shows it is judged in `authority`). No answer decides by itself: a
firm offer is one that is never withdrawn.
"""

from collections.abc import Container

from . import discipline, table, table_2
from .procedures import codes
from .refusal import Refusal, refuse
from .view import Filed, Offer, View, readable


def judge(view: View, side: str, one: Filed) -> Refusal | None:
    """The Refusal that makes `one` void in its author's `view`, or None."""
    terms, offer = one.terms, view.offer
    named = offer is not None and offer.id == getattr(terms, "offer", "")
    if offer is not None and named and offer.side == side and isinstance(terms, table_2.Close):
        return _judge_close(view, one, terms, offer)
    if isinstance(terms, table_2.MakePublic):
        return _judge_public(view, side, terms)
    followed = readable(view, (terms.group or "",)) if isinstance(terms, table_2.State) else view
    refusal = discipline.judge(followed, side, one)
    gate: table_2.Gate | None = getattr(terms, "gate", None)
    if refusal is None and gate is not None:
        return _judge_gate(view, gate, one.rules.procedures if one.rules else ()) or _judge_until(view, one, terms)
    return refusal or _judge_until(view, one, terms)


def _judge_until(view: View, one: Filed, terms: object) -> Refusal | None:
    offer, answers = view.offer, isinstance(terms, table.SendBack) or one.act.verb == "accept"
    if answers and offer is not None and one.heard > offer.until:
        return refuse(
            "until",
            f"the offer was open until {offer.until}, and the other side's clock had been seen to pass that",
            "Ask the other side to send it again.",
        )
    return None


def _judge_gate(view: View, gate: table_2.Gate, known: Container[str]) -> Refusal | None:
    """Whether a move goes on from where the agreed texts stand, and answers each row once, as it may be answered."""
    procedure = codes(gate.sop) if gate.sop in known else None
    if procedure is None or not view.record.startswith(f"{procedure.of}/"):
        return refuse("gate", f"{gate.sop} is no procedure of this rule set for such a record", "Name one that is.")
    order = {stage: place for place, stage in enumerate(procedure.stages)}
    since, stage = order.get(gate.since or "", -1), order.get(gate.stage, -1)
    behind = max((order.get(each, -1) for each in view.stages), default=-1)
    if stage <= since or since < behind or (gate.since and since < 0):
        return refuse(
            "gate",
            f"a move to {gate.stage} from {gate.since or 'no stage'} does not go on from the texts agreed here",
            "Move on from the last stage that both sides hold.",
        )
    asked = list(procedure.asked(gate.since or "", gate.stage, gate.path or "", gate.ends or ""))
    given = [(each.row, each.side or "") for each in gate.rows]
    if sorted(given) != sorted(asked):
        odd = sorted(set(asked).symmetric_difference(given)) or sorted(given)
        return refuse(
            "gate",
            f"the row {odd[0][0]} is not answered once where it is asked, or is answered where it is not",
            "Answer each row that the procedure asks between the two stages, and no other.",
        )
    for each in gate.rows:
        step = procedure.rows[each.row]
        empty = step.unless or step.how in procedure.empty
        may = step.waivable or (each.state == "not_applicable" and empty)
        if each.state != "met" and not (may and (each.office or step.how in procedure.empty)):
            return refuse(
                "gate",
                f"the row {each.row} may not be set aside so, or no office sets it aside",
                "Show it, or name the office that goes on without it where the procedure allows that.",
            )
    return None


def _judge_public(view: View, side: str, terms: table_2.MakePublic) -> Refusal | None:
    if not view.exists:
        return refuse(
            "unknown-record", f"record {view.record} does not exist in what {side} held", "Exchange, then try again."
        )
    if view.mode == "own" and view.record.split("/")[1] != side:
        return refuse("owner", "the record is not this side's own", "Its owner makes it public.")
    text = next((each for each in view.texts if each.act == terms.text and each.ledger == "released"), None)
    both = text is not None and (text.verb == "propose" or (text.basis == "paper" and text.confirmed_by))
    if text is None or (view.mode == "joint" and not both) or (view.mode == "own" and text.side != side):
        return refuse(
            "public-text",
            "it names no text of that record that its owner told the other side, or that both hold",
            "Have the other side agree to the text, or release it, first.",
        )
    if any((each[0], each[1]) == (side, terms.text) for each in view.made_public):
        return refuse("public-again", f"{side} has made that text public already", "Nothing more is needed.")
    return None


def _judge_close(view: View, one: Filed, terms: table_2.Close, offer: Offer) -> Refusal | None:
    if terms.outcome == "lapsed":
        if terms.sighted:
            return refuse("late", "an offer that lapsed had no answer to see late", "Leave the entry out.")
        return discipline.judge_close(view, one, terms, offer)
    if terms.outcome == "late":
        if terms.sighted is None or not offer.answer or terms.answer != offer.answer:
            return refuse(
                "late",
                "an offer ends as late by naming its answer, and an own entry after the date that had not seen it",
                "Name both, or close the offer by its answer.",
            )
        return None
    return discipline.judge_close(view, one, terms, offer)
