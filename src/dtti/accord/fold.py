"""One joint or own record, folded from its acts on both ledgers: pen, offers, texts, verdicts. Pure.

Every act is judged once, in its causal past: the writing side's own acts before it, and those of the other side that it
had seen. So a record is folded three times side by side: as each side saw it, and whole. An act is judged in its
author's view and takes effect in every view it reaches. A view that learns too late of an answer marks it *overtaken*;
the verdict stays what it was. `docs/pen-model/` explores the same rules exhaustively; keep the two in step.
"""

from collections.abc import Callable, Sequence

import msgspec

from . import discipline, table, table_2
from .refusal import Refusal
from .view import (
    PUBLISHED,
    Filed,
    Mode,
    Offer,
    Outcome,
    Passage,
    Request,
    Text,
    View,
    blank,
    facing,
    latest_version,
    readable,
)

__all__ = [
    "PUBLISHED",
    "Filed",
    "Offer",
    "Outcome",
    "Passage",
    "Record",
    "Request",
    "Text",
    "View",
    "apply",
    "fold",
    "judge",
]


class Record(msgspec.Struct, frozen=True):
    """The outcome: the whole view, each side's own, the Refusal of every void act.

    `national`: the whole with one side's national acts on top, for that side alone; None where there are none.
    """

    whole: View
    views: dict[str, View]
    void: dict[str, Refusal]
    national: View | None = None


def judge(view: View, side: str, one: Filed) -> Refusal | None:
    """The Refusal that makes `one` void in its author's `view`, by the rule set that it names; None if valid."""
    return (one.rules.judge if one.rules else discipline.judge)(view, side, one)


def fold(
    record: str,
    mode: Mode,
    sides: tuple[str, ...],
    filed: dict[str, list[tuple[int, Filed]]],
    observe: Callable[[View, Filed], None] | None = None,
    *,
    national: Sequence[Filed] = (),
    known: str | None = None,
) -> Record:
    """Fold `record` from the acts each side filed on it in its released ledger, as (index there, act), in order.

    Acts are taken in one causal order whatever order they arrived in; `observe` sees the whole view after each.
    `sides`: all that write on joint records. `national`: acts of one side's national ledger, which bear on no other
    act's verdict and on no view but that side's own. `known`: the whole view as it was known at that time, without acts
    claimed later or written in the knowledge of one that was; verdicts and the sides' views are the same at any time.
    """
    whole = blank(record, mode, sides)
    views = {side: blank(record, mode, sides) for side in sides}
    void: dict[str, Refusal] = {}
    done = dict.fromkeys(sides, 0)  # acts of a side judged so far
    taken = {side: dict.fromkeys(sides, 0) for side in sides}  # acts of another side taken into this side's view
    unknown: dict[str, int] = {}  # side: index of its first act that was not known
    effective: list[tuple[str, Filed]] = []
    while (side := _next(sides, filed, done)) is not None:
        index, one = filed[side][done[side]]
        view = views[side]
        for other in sides:
            if other != side:
                _take_in(view, taken[side], other, filed.get(other, []), one.act.seen.size, void)
        refusal = judge(view, side, one)
        done[side] += 1
        if refusal is not None:
            void[one.id] = refusal
            continue
        apply(view, side, one)
        later = known is not None and one.time > known
        if later or any(first < one.act.seen.size for other, first in unknown.items() if other != side):
            unknown.setdefault(side, index)
        if side in unknown:
            continue
        effective.append((side, one))
        apply(whole, side, one)
        if observe is not None:
            observe(whole, one)
    apart = _fold_national(whole, effective, national, void, known) if national else None
    for shown in (whole, apart):
        if shown is not None:
            _flag(shown, filed, sides)
    return Record(whole, views, void, apart)


def _fold_national(
    whole: View,
    effective: list[tuple[str, Filed]],
    national: Sequence[Filed],
    void: dict[str, Refusal],
    known: str | None,
) -> View:
    view = blank(whole.record, whole.mode, whole.sides)
    for side, one in effective:
        apply(view, side, one)
    for one in national:
        refusal = judge(view, one.act.side, one)
        if refusal is not None:
            void[one.id] = refusal
        elif known is None or one.time <= known:
            apply(view, one.act.side, one)
    return view


def _next(sides: tuple[str, ...], filed: dict[str, list[tuple[int, Filed]]], done: dict[str, int]) -> str | None:
    """The side whose next act is judged next: its causal past is judged; of two such the earlier by claimed time."""
    ready = []
    for side in sides:
        acts = filed.get(side, [])
        if done[side] < len(acts):
            act = acts[done[side]][1].act
            if all(
                other == side or done[other] == len(theirs) or theirs[done[other]][0] >= act.seen.size
                for other, theirs in filed.items()
            ):
                ready.append((act.time, side))
    return min(ready)[1] if ready else None


def _take_in(
    view: View, known: dict[str, int], other: str, acts: list[tuple[int, Filed]], seen: int, void: dict[str, Refusal]
) -> None:
    while known[other] < len(acts) and acts[known[other]][0] < seen:
        _, one = acts[known[other]]
        known[other] += 1
        if one.id not in void:
            apply(view, other, one)


# --- taking effect: in any view ------------------------------------------------------------------------------------


def apply(view: View, side: str, one: Filed) -> None:
    """Take a valid act into `view`. What came too late there is marked overtaken."""
    act, terms, verb = one.act, one.terms, one.act.verb
    view.exists = True
    if isinstance(terms, table.State):
        number, group = 0, getattr(terms, "group", None) or ""
        if view.mode == "own":
            number = 1 + latest_version(readable(view, (group,)), side, act.ledger)
        text = Text(one.id, 0, side, verb, one.time, terms.basis or "", number, terms.change, act.ledger, group=group)
        view.texts.append(text)
        if terms.confirms:
            # Only the text that was named is confirmed: the report that names it may carry another, and is one side's.
            text.confirms = terms.confirms
            for other in view.texts:
                if other.act == terms.confirms:
                    other.confirmed_by = one.id
    elif isinstance(terms, table.Propose):
        closes = terms.firm and one.rules is not None and not one.rules.firm_answer_decides
        offer = Offer(one.id, side, terms.base, terms.next, terms.until, terms.firm, 0, one.time, closes=closes)
        offer.stage = _stage(terms)
        _open(view, offer)
    elif isinstance(terms, table.SendBack) or (isinstance(terms, table.Answer) and verb == "accept"):
        _answer(view, side, one, terms)
    elif isinstance(terms, table.Close):
        _end(view, one, terms.offer, terms.outcome)
    elif isinstance(terms, table.Answer):  # withdraw
        _end(view, one, terms.offer, "withdrawn")
    elif verb == "hand_over":
        _pass(view, facing(view, side), one)
    elif verb == "request_pen":
        if view.pen != side:
            view.requests.append(Request(one.id, side, one.time))
    elif isinstance(terms, table_2.MakePublic):
        view.made_public.append((side, terms.text, max(one.time, terms.not_before or "")))
    elif isinstance(terms, table.Notice):
        view.notice_acts.append((side, terms.notice, one.id, one.time))
        view.notices = {name: value for name, value in view.notices.items() if name != side}
        if reason := getattr(terms, "reason", None):
            view.reasons[one.id] = reason
        if terms.notice != "resume":
            view.notices[side] = (terms.notice, one.id)


def _stage(terms: table.Propose | table.SendBack) -> str:
    gate = getattr(terms, "gate", None)
    return gate.stage if gate is not None else ""


def _open(view: View, offer: Offer) -> None:
    view.offer = offer
    view.offers.append(offer)


def _answer(view: View, side: str, one: Filed, terms: table.Answer | table.SendBack) -> None:
    offer = view.offer
    if offer is None or offer.id != terms.offer:
        past = next((each for each in view.offers if each.id == terms.offer), None)
        view.overtaken[one.id] = past.decided_by if past else ""
        if past:
            past.answer, past.answer_verb, past.answered = one.id, one.act.verb, one.time
        return
    offer.answer, offer.answer_verb, offer.answered = one.id, one.act.verb, one.time
    if isinstance(terms, table.SendBack) and terms.until and terms.next:
        offer.counter = Offer(one.id, side, offer.base, terms.next, terms.until, False, 1, "", counter_of=offer.id)
        offer.counter.stage = _stage(terms)
    if offer.firm and not offer.closes:
        _settle(view, offer, "agreed" if one.act.verb == "accept" else "returned", one)


def _end(view: View, one: Filed, named: str, outcome: Outcome) -> None:
    offer = view.offer
    if offer is None or offer.id != named:
        view.overtaken[one.id] = next((each.decided_by for each in view.offers if each.id == named), "")
        return
    _settle(view, offer, outcome, one)


def _settle(view: View, offer: Offer, outcome: Outcome, one: Filed) -> None:
    time = one.time
    offer.outcome, offer.decided_by, offer.decided = outcome, one.id, time
    view.offer = None
    counter, offer.counter = offer.counter, None
    if outcome == "agreed":
        view.version += 1
        view.texts.append(Text(offer.id, offer.body, offer.side, "propose", time, number=view.version))
        for request in view.requests:
            request.until = request.until or time
        _pass(view, offer.next, one)
    elif outcome == "returned":
        _pass(view, facing(view, offer.side), one)
        if counter is not None:
            counter.opened = time
            _open(view, counter)
    elif offer.answer:
        view.overtaken[offer.answer] = one.id


def _pass(view: View, side: str, one: Filed) -> None:
    if view.pen == side:
        return
    view.pen = side
    view.passages.append(Passage(side, one.id, one.time))
    for request in view.requests:
        if request.side == side:
            request.until = request.until or one.time


def _flag(view: View, filed: dict[str, list[tuple[int, Filed]]], sides: tuple[str, ...]) -> None:
    """Mark each agreement with which a notice was concurrent: neither lies in the other's causal past."""
    where = {one.id: (side, index, one.act.seen.size) for side in sides for index, one in filed.get(side, [])}

    def before(first: tuple[str, int, int], second: tuple[str, int, int]) -> bool:
        return first[1] < (second[1] if first[0] == second[0] else second[2])

    for offer in view.offers:
        if offer.outcome != "agreed":
            continue
        for _, notice, act, _ in view.notice_acts:
            decided, given = where[offer.decided_by], where[act]
            if notice != "resume" and not before(given, decided) and not before(decided, given):
                offer.flagged = act
                for text in view.texts:
                    if text.act == offer.id:
                        text.flagged = act
