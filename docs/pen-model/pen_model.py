"""Every possible history of one joint record, within a bound, and what must hold in each. Standard library only.

Run `python3 docs/pen-model/pen_model.py`: it explores, prints a line for each exploration, and exits 1 at a fault.

Two ledgers, A's and B's. A creates the record. Each node holds its own ledger and a prefix of the other's, and every
act is judged in its author's view when it is written, as `dtti.accord.fold` judges it; a test drives the histories
found here through `fold` and compares. What the model leaves out stands in README.md beside it. Two rule sets are
explored: the first, in which the answer to a firm offer decides by itself, and the second, in which the proposer closes
every offer and may end as late one whose answer it saw too late.

In every state that can be reached:

 1. there is at most one agreement over each base;
 2. what a node holds to have happened (offers opened, how each ended and by which act, where the pen went) is what the
    whole shows, as far as that node has heard: the two never contradict each other;
 3. the two nodes are never both entitled to make an offer;
 4. the order in which concurrent acts are taken does not matter: the full state is the same;
 5. an agreement stands on acts of both: an offer by one, an acceptance that names it by the other, and the proposer's
    own closing (under the first rule set not of a firm offer);
 6. no deadlock: a further agreement can be reached, unless a side has withdrawn from the record (sampled).

A hostile side may write any act naming anything, whether valid or not, and claim to have seen less than it has.
"""

import sys
from collections import deque
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

OTHER = {"A": "B", "B": "A"}
Id = tuple[str, int]  # side, index in its ledger


class Act(NamedTuple):
    """One act. `seen`: how much of the other ledger; `offer`, `answer`: acts named; `valid`: its verdict."""

    verb: str
    seen: int
    base: int = 0
    firm: bool = False
    next: str = ""  # propose, and a send-back with a counter-text: who holds the pen afterwards
    offer: Id | None = None
    answer: Id | None = None
    what: str = ""  # close: the outcome; notice: which
    sighted: int = -1  # close as late: the own act, after the date, that had not seen the answer
    rules: int = 1  # the rule set that it names
    valid: bool = True


Ledger = tuple[Act, ...]


class Offer(NamedTuple):
    """An open offer. `dated`: its time for an answer can pass within the history."""

    id: Id
    base: int
    firm: bool
    next: str
    dated: bool
    decides: bool = False  # whether the answer itself ends it
    answer: Id | None = None
    answer_verb: str = ""
    counter: "Offer | None" = None


class View:
    """A record as far as one observer knows it."""

    def __init__(self) -> None:
        self.exists = False
        self.version = 0
        self.pen = "A"
        self.offer: Offer | None = None
        self.notices: dict[str, str] = {}
        self.events: list[tuple[object, ...]] = []  # opened, ended, pen: what happened, in order
        self.ended: dict[Id, Id] = {}  # offer: the act that ended it
        self.overtaken: dict[Id, Id] = {}  # answer or ending that came too late: the act that came first

    def full(self) -> tuple[object, ...]:
        """Everything that two observers who know the same must agree upon."""
        return (
            self.exists,
            self.version,
            self.pen,
            self.offer,
            tuple(sorted(self.notices.items())),
            tuple(self.events),
            tuple(sorted(self.overtaken.items())),
        )


# --- time: an act is early or late; the date of an early offer lies between -------------------------------------------


def late(ledger: Ledger, index: int) -> bool:
    """Whether the act at `index` is claimed after the date that early offers give for an answer."""
    return any(act.verb == "tick" and act.valid for act in ledger[: index + 1])


# --- the rules --------------------------------------------------------------------------------------------------------


def judge(view: View, side: str, act: Act, is_late: bool, heard_late: bool, shown_late: bool = False) -> bool:
    """Whether `act` is valid in its author's view. `heard_late`: the other side is known to have written late.

    `shown_late`: the act names an own act, after the date, that had not seen the answer.
    """
    if not view.exists and (side != "A" or act.verb not in ("draft", "propose")):
        return False
    if act.verb in ("draft", "tick"):
        return True
    if act.verb == "notice":
        standing = view.notices.get(side, "")
        return standing == "suspend" if act.what == "resume" else standing not in (act.what, "withdraw_from")
    offer = view.offer
    if act.verb in ("propose", "hand_over"):
        return view.pen == side and offer is None and (act.verb == "hand_over" or act.base == view.version)
    if offer is None or act.offer != offer.id:
        return False
    mine = offer.id[0] == side
    if act.verb in ("accept", "send_back"):
        in_time = not ((is_late or (act.rules == 2 and heard_late)) and offer.dated)
        return not mine and offer.answer is None and in_time and not (act.verb == "accept" and view.notices)
    if not mine or (offer.firm and act.what != "lapsed" and (act.rules == 1 or act.verb == "withdraw")):
        return False
    if act.verb == "withdraw":
        return offer.answer is None or bool(view.notices)
    if act.what == "lapsed":
        passed = heard_late if offer.firm else is_late
        return offer.answer is None and act.answer is None and offer.dated and passed
    if act.what == "late":
        return act.rules == 2 and offer.dated and offer.answer is not None and act.answer == offer.answer and shown_late
    wanted = {"agreed": "accept", "returned": "send_back"}[act.what]
    return (offer.answer, offer.answer_verb) == (act.answer, wanted) and not (act.what == "agreed" and view.notices)


def apply(view: View, me: Id, act: Act, is_late: bool) -> None:
    """Take a valid act into a view."""
    side = me[0]
    view.exists = True
    if act.verb == "propose":
        _open(view, Offer(me, act.base, act.firm, act.next, not is_late, act.firm and act.rules == 1))
    elif act.verb in ("accept", "send_back"):
        _answer(view, me, act, is_late)
    elif act.verb in ("close", "withdraw"):
        if view.offer is None or view.offer.id != act.offer:
            view.overtaken[me] = view.ended[act.offer or me]
        else:
            _end(view, me, act.what or "withdrawn")
    elif act.verb == "hand_over":
        _pass(view, OTHER[side], me)
    elif act.verb == "notice":
        view.notices.pop(side, None)
        if act.what != "resume":
            view.notices[side] = act.what


def _open(view: View, offer: Offer) -> None:
    view.offer = offer
    view.events.append(("opened", offer.id))


def _answer(view: View, me: Id, act: Act, is_late: bool) -> None:
    offer = view.offer
    if offer is None or offer.id != act.offer:
        view.overtaken[me] = view.ended[act.offer or me]
        return
    counter = Offer(me, offer.base, False, act.next, not is_late) if act.next else None
    view.offer = offer._replace(answer=me, answer_verb=act.verb, counter=counter)
    if offer.decides:
        _end(view, me, "agreed" if act.verb == "accept" else "returned")


def _end(view: View, by: Id, outcome: str) -> None:
    offer = view.offer
    if offer is None:
        return
    view.offer = None
    view.ended[offer.id] = by
    view.events.append(("ended", offer.id, outcome, by, offer.base))
    if outcome == "agreed":
        view.version += 1
        _pass(view, offer.next, by)
    elif outcome == "returned":
        _pass(view, OTHER[offer.id[0]], by)
        if offer.counter is not None:
            _open(view, offer.counter)
    elif offer.answer is not None:
        view.overtaken[offer.answer] = by


def _pass(view: View, side: str, by: Id) -> None:
    if view.pen != side:
        view.pen = side
        view.events.append(("pen", side, by))


@cache
def fold(a: Ledger, b: Ledger, first: str = "A") -> View:
    """The view of whoever holds these prefixes, taking acts of `first` before concurrent ones of the other side."""
    ledgers, at, view = {"A": a, "B": b}, {"A": 0, "B": 0}, View()
    order = (first, OTHER[first])
    while True:
        side = next((s for s in order if at[s] < len(ledgers[s]) and ledgers[s][at[s]].seen <= at[OTHER[s]]), None)
        if side is None:
            return view
        index = at[side]
        at[side] += 1
        act = ledgers[side][index]
        if act.valid:
            apply(view, (side, index), act, late(ledgers[side], index))


# --- what can happen next ---------------------------------------------------------------------------------------------


class Bounds(NamedTuple):
    """How often each side may write an act of a kind, and which side (if any) keeps no rule."""

    draft: int = 1  # whether the record may be created before there is a text to offer
    propose: int = 1
    proposers: str = "AB"
    hand_over: int = 1
    counter: int = 1
    tick: int = 0
    notices: tuple[str, ...] = ()  # each at most once by each side
    passing: bool = False  # whether an agreement may pass the pen to the other side
    hostile: str = ""
    rules: int = 1
    void: int = 0  # acts that break a rule, by the hostile side


class State(NamedTuple):
    """Both ledgers, and how much each node has received of the other's."""

    a: Ledger = ()
    b: Ledger = ()
    held_by_a: int = 0
    held_by_b: int = 0

    def view(self, side: str, seen: int | None = None) -> View:
        """What the node of `side` knows, or would know with less of the other ledger."""
        held = (self.held_by_a if side == "A" else self.held_by_b) if seen is None else seen
        return fold(self.a, self.b[:held]) if side == "A" else fold(self.a[:held], self.b)


def successors(state: State, bounds: Bounds) -> Iterator[State]:
    """Every state one step away: something is delivered, or someone writes."""
    if state.held_by_a < len(state.b):
        yield state._replace(held_by_a=state.held_by_a + 1)
    if state.held_by_b < len(state.a):
        yield state._replace(held_by_b=state.held_by_b + 1)
    for side in "AB":
        mine = state.a if side == "A" else state.b
        held = state.held_by_a if side == "A" else state.held_by_b
        oldest = mine[-1].seen if mine else 0
        for seen in range(oldest, held + 1) if bounds.hostile == side else (held,):
            for act in _writable(state, side, seen, mine, bounds):
                yield state._replace(a=(*mine, act)) if side == "A" else state._replace(b=(*mine, act))


def _writable(state: State, side: str, seen: int, mine: Ledger, bounds: Bounds) -> Iterator[Act]:
    view, theirs = state.view(side, seen), (state.b if side == "A" else state.a)[:seen]
    hostile = bounds.hostile == side
    candidates = _anything(side, seen, mine, theirs, bounds) if hostile else _sensible(side, seen, view, mine, bounds)
    is_late, heard_late = late(mine, len(mine)), late(theirs, len(theirs))
    broken: set[str] = set()
    for act in candidates:
        if _spent(act, mine) >= _budget(act, side, bounds):
            continue
        act = act._replace(rules=bounds.rules)
        if judge(view, side, act, is_late or act.verb == "tick", heard_late, _shows_late(act, mine)):
            yield act
        elif hostile and act.verb not in broken and sum(not each.valid for each in mine) < bounds.void:
            broken.add(act.verb)  # void acts have no effect, so one of each verb stands for all
            yield act._replace(valid=False)


def _shows_late(act: Act, mine: Ledger) -> bool:
    """Whether the own act that `act` names was claimed after the date and had not seen the answer."""
    at = act.sighted
    return 0 <= at < len(mine) and act.answer is not None and late(mine, at) and mine[at].seen <= act.answer[1]


def _sensible(side: str, seen: int, view: View, mine: Ledger, bounds: Bounds) -> Iterator[Act]:
    """What an office system would offer its user to write: of these, what is valid is written."""
    if not view.exists:
        yield Act("draft", seen)
    yield Act("tick", seen)
    yield Act("hand_over", seen)
    for what in bounds.notices:
        yield Act("notice", seen, what=what)
    for holder in (side, OTHER[side]) if bounds.passing else (side,):
        for firm in (False, True):
            yield Act("propose", seen, base=view.version, firm=firm, next=holder)
    offer = view.offer
    if offer is not None:
        yield Act("accept", seen, offer=offer.id)
        yield Act("send_back", seen, offer=offer.id)
        yield Act("send_back", seen, offer=offer.id, next=side)
        yield Act("withdraw", seen, offer=offer.id)
        yield Act("close", seen, offer=offer.id, what="lapsed")
        for outcome in ("agreed", "returned"):
            yield Act("close", seen, offer=offer.id, answer=offer.answer, what=outcome)
        ticked = next((at for at, act in enumerate(mine) if act.verb == "tick" and act.valid), -1)
        yield Act("close", seen, offer=offer.id, answer=offer.answer, what="late", sighted=ticked)


def _anything(side: str, seen: int, mine: Ledger, theirs: Ledger, bounds: Bounds) -> Iterator[Act]:
    """Every act of every verb, naming every act that could be an offer or an answer."""
    known = [((side, index), act) for index, act in enumerate(mine)]
    known += [((OTHER[side], index), act) for index, act in enumerate(theirs)]
    offers = [name for name, act in known if act.verb == "propose" or (act.verb == "send_back" and act.next)]
    answers = [name for name, act in known if act.verb in ("accept", "send_back")]
    for verb in ("draft", "tick", "hand_over"):
        yield Act(verb, seen)
    for what in bounds.notices:
        yield Act("notice", seen, what=what)
    for base in (0, 1):
        for firm in (False, True):
            yield Act("propose", seen, base=base, firm=firm, next=side)
    for offer in offers:
        yield Act("accept", seen, offer=offer)
        yield Act("send_back", seen, offer=offer)
        yield Act("send_back", seen, offer=offer, next=side)
        yield Act("withdraw", seen, offer=offer)
        for answer in (None, *answers):
            for outcome in ("agreed", "returned", "lapsed"):
                yield Act("close", seen, offer=offer, answer=answer, what=outcome)
            for at in range(len(mine)):
                yield Act("close", seen, offer=offer, answer=answer, what="late", sighted=at)


def _alike(act: Act, other: Act) -> bool:
    """Whether two acts draw on the same budget."""
    return (act.verb, bool(act.next)) == (other.verb, bool(other.next)) and (
        act.verb != "notice" or act.what == other.what
    )


def _spent(act: Act, mine: Ledger) -> int:
    return sum(_alike(act, other) for other in mine if other.valid)


def _budget(act: Act, side: str, bounds: Bounds) -> int:
    if act.verb == "send_back" and act.next:
        return bounds.counter
    proposals = bounds.propose if side in bounds.proposers else 0
    named = {
        "draft": bounds.draft,
        "propose": proposals,
        "hand_over": bounds.hand_over,
        "tick": bounds.tick,
        "notice": 1,
    }
    return named.get(act.verb, 99)  # answers and endings are bounded by the offers there are


# --- exploring and checking -------------------------------------------------------------------------------------------


class Fault(Exception):
    """A property does not hold in a state."""


def check(state: State) -> None:
    """Raise Fault unless every property holds in `state`."""
    whole, views = fold(state.a, state.b), {side: state.view(side) for side in "AB"}
    if whole.full() != fold(state.a, state.b, "B").full():
        raise Fault("the order in which concurrent acts are taken matters", state)
    agreed = [event for event in whole.events if event[0] == "ended" and event[2] == "agreed"]
    if [event[4] for event in agreed] != list(range(whole.version)):
        raise Fault("two agreements over one base", state)
    for view in views.values():
        if view.events != whole.events[: len(view.events)]:
            raise Fault("a node holds something to have happened that did not", state)
    if all(views[side].exists and views[side].pen == side and views[side].offer is None for side in "AB"):
        raise Fault("both may make an offer", state)
    ledgers = {"A": state.a, "B": state.b}
    for _, offer, _, by, _ in agreed:
        _check_hands(ledgers, offer, by, state)  # type: ignore[arg-type]


def _check_hands(ledgers: dict[str, Ledger], offer: Id, by: Id, state: State) -> None:
    """An agreement stands on acts of both sides."""
    made, decided = ledgers[offer[0]][offer[1]], ledgers[by[0]][by[1]]
    answers = ledgers[OTHER[offer[0]]]
    accepted = [index for index, act in enumerate(answers) if act.valid and (act.verb, act.offer) == ("accept", offer)]
    by_answer = made.firm and made.verb == "propose" and made.rules == 1
    wanted = (OTHER[offer[0]], accepted[0]) if by_answer and accepted else by
    own_close = (by[0], decided.verb, decided.what, decided.offer) == (offer[0], "close", "agreed", offer)
    if not made.valid or len(accepted) != 1 or (by != wanted if by_answer else not own_close):
        raise Fault("an agreement without an act of both sides", state)


def explore(bounds: Bounds) -> dict[State, list[State]]:
    """Every reachable state with its successors, each checked; Fault at the first that is wrong."""
    start = State()
    edges: dict[State, list[State]] = {}
    found, queue = {start}, deque([start])
    while queue:
        state = queue.popleft()
        check(state)
        edges[state] = list(successors(state, bounds))
        for following in edges[state]:
            if following not in found:
                found.add(following)
                queue.append(following)
    return edges


def stuck(edges: dict[State, list[State]], bounds: Bounds, sample: int = 200, depth: int = 9) -> list[State]:
    """Of the states from which no agreement was reached within the bound, a sample that a fresh budget does not help.

    States in which a notice stands are passed over: while it does, no agreement is what it asks for.
    """
    back: dict[State, list[State]] = {}
    for state, following in edges.items():
        for each in following:
            back.setdefault(each, []).append(state)
    reached = {state for state in edges if fold(state.a, state.b).version}
    queue = deque(reached)
    while queue:
        for each in back.get(queue.popleft(), ()):
            if each not in reached:
                reached.add(each)
                queue.append(each)
    rest = [state for state in edges if state not in reached and not fold(state.a, state.b).notices]
    fresh = bounds._replace(propose=bounds.propose + 2, proposers="AB", hand_over=bounds.hand_over + 2, notices=())
    return [state for state in rest[:: max(1, len(rest) // sample)] if not _can_agree(state, fresh, depth)]


def _can_agree(start: State, bounds: Bounds, depth: int) -> bool:
    level, visited = [start], {start}
    for _ in range(depth):
        following = [each for state in level for each in successors(state, bounds) if each not in visited]
        visited.update(following)
        if any(fold(each.a, each.b).version > fold(start.a, start.b).version for each in following):
            return True
        level = list(dict.fromkeys(following))
    return False


EXPLORATIONS = {
    "rounds, firm and not, with counter-texts": Bounds(),
    "agreements that pass the pen": Bounds(counter=0, passing=True),
    "dates that pass": Bounds(hand_over=0, counter=0, tick=1),
    "dates that pass, with counter-texts": Bounds(proposers="A", hand_over=0, tick=1),
    "suspended and resumed": Bounds(draft=0, proposers="A", hand_over=0, counter=0, notices=("suspend", "resume")),
    "withdrawn from": Bounds(hand_over=0, counter=0, notices=("withdraw_from",)),
    "A hostile": Bounds(counter=0, hostile="A"),
    "B hostile": Bounds(counter=0, hostile="B"),
    "A hostile, with counter-texts": Bounds(proposers="A", hand_over=0, hostile="A"),
    "B hostile, with counter-texts": Bounds(proposers="A", hand_over=0, hostile="B"),
    "A hostile, with void acts": Bounds(proposers="A", hand_over=0, counter=0, hostile="A", void=1),
    "B hostile, with void acts": Bounds(proposers="A", hand_over=0, counter=0, hostile="B", void=1),
    "second set: rounds, firm and not": Bounds(counter=0, rules=2),
    "second set: dates that pass": Bounds(hand_over=0, counter=0, tick=1, rules=2),
    "second set: dates that pass, with counter-texts": Bounds(proposers="A", hand_over=0, tick=1, rules=2),
    "second set: A hostile, its clock too": Bounds(proposers="A", hand_over=0, counter=0, tick=1, hostile="A", rules=2),
    "second set: B hostile, its clock too": Bounds(proposers="A", hand_over=0, counter=0, tick=1, hostile="B", rules=2),
    "second set: suspended": Bounds(
        draft=0, proposers="A", hand_over=0, counter=0, tick=1, notices=("suspend",), rules=2
    ),
    "B hostile, with notices": Bounds(proposers="A", hand_over=0, counter=0, notices=("suspend",), hostile="B"),
}


def main() -> int:
    """Explore everything and say what was found."""
    for name, bounds in EXPLORATIONS.items():
        fold.cache_clear()
        try:
            edges = explore(bounds)
        except Fault as fault:
            sys.stdout.write(f"{name}: {fault.args[0]}\n{fault.args[1]}\n")
            return 1
        # Under the second set an agreement takes two steps more: the answer travels, and its proposer closes.
        deeper = {"sample": 60, "depth": 11} if bounds.rules == 2 else {}
        left = [] if bounds.hostile else stuck(edges, bounds, **deeper)
        sys.stdout.write(f"{name}: {len(edges)} states, {'no fault' if not left else f'stuck in {left[0]}'}\n")
        sys.stdout.flush()
        if left:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
