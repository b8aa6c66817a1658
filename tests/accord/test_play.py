"""Random play between two capitals: whatever is delivered when, one verdict for each act and one state for both."""

from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtti.accord import table
from dtti.accord.fold import Filed, Record, View, apply, fold, judge
from dtti.accord.grade import grade
from dtti.accord.replay import State, replay
from dtti.accord.rules import Mode
from dtti.ledger.act import Entry, open_leaf
from tests.simulator.capital import RULE_SETS, Capital, pair, record
from tests.simulator.hostile import Rogue
from tests.simulator.moves import moves, play

SIDES = ("IND", "USA")
RECORDS = [record("IND"), record("USA"), record("PUB"), record("IND", kind="note")]
Cut = tuple[int, int]  # how much of India's ledger, how much of the United States'

# How much more often than another a verb is chosen: games in which only comments are written show little.
WEIGHTS = {"propose": 20, "accept": 20, "send_back": 12, "close": 30, "withdraw": 2, "hand_over": 4, "state": 4}
MOMENTS = 8  # looked at in each game

_PAIR = pair()


def outcomes(view: View) -> list[tuple[str, str]]:
    """The offers of a record that have ended, in order, and how."""
    return [(offer.id, offer.outcome) for offer in view.offers if offer.outcome]


def joint(view: View) -> dict[str, Any]:
    """What must not depend on the order in which concurrent acts are taken."""
    plain: dict[str, Any] = msgspec.to_builtins(view)
    del plain["requests"]  # a request is answered by whatever the earlier claimed time puts after it
    for marked in (*plain["offers"], *plain["texts"], plain["offer"] or {}):
        marked.pop("flagged", None)  # set when all is known
    for unordered in ("texts", "notice_acts"):
        plain[unordered] = sorted(plain[unordered], key=str)
    return plain


class Game:
    """Two capitals that write, wait and exchange as a script of numbers has it; checked at moments of their history.

    Each number seeds one step and 0 is none, so that a failing script shrinks to the steps that matter.
    """

    verify = False  # every signature here is made by this test, and right

    def __init__(self) -> None:
        self.capitals: dict[str, Capital] = {one.side: one.copy() for one in _PAIR}
        self.honest: list[Entry] = []
        self.valid: set[tuple[str, int]] = set()
        self.moments: dict[tuple[Cut, Cut], None] = {}
        self.note()

    def run(self, script: list[int]) -> None:
        """Play the script, then check."""
        for number in script:
            if number:
                self.step(Random(number))
                self.note()
        self.check()

    def step(self, random: Random) -> None:
        """An exchange, a wait, or a move by either side."""
        side = random.choice(SIDES)
        happens = random.random()
        if happens < 0.4:
            self.deliver(side, random)
        elif happens < 0.44:
            self.capitals[side].wait(random.choice([1, 10, 25]))
        elif happens < 0.46:
            self.capitals["IND"].comment(RECORDS[0], ledger="national")
        else:
            self.move(self.capitals[side], random)

    def deliver(self, side: str, random: Random) -> None:
        """Some more, or mostly all, of the other ledger arrives."""
        one, other = self.capitals[side], self.capitals[SIDES[side == "IND"]]
        one.receive(other, random.choice([None, None, len(one.held) + 1, len(one.held) + 2]))

    def move(self, one: Capital, random: Random) -> None:
        """An honest act, mostly one that moves a text."""
        about = random.choice([*RECORDS, RECORDS[0], RECORDS[0], RECORDS[0]])
        open_to = moves(one, about, replay(one.ledgers(), RULE_SETS, verify=self.verify))
        verbs = sorted({move.verb for move in open_to})
        if verbs:
            (verb,) = random.choices(verbs, [WEIGHTS.get(verb, 1) for verb in verbs])
            self.honest.append(play(one, random.choice([move for move in open_to if move.verb == verb])))

    def cut(self, side: str) -> Cut:
        """What the node of `side` holds."""
        one = self.capitals[side]
        return (len(one.leaves), len(one.held)) if side == "IND" else (len(one.held), len(one.leaves))

    def note(self) -> None:
        """Remember what either node holds now."""
        self.moments[self.cut("IND"), self.cut("USA")] = None

    # --- what must hold

    def check(self) -> None:
        """Every property, of the whole and of some of the moments on the way to it."""
        ind, usa = self.capitals["IND"], self.capitals["USA"]
        whole = self.replayed((len(ind.leaves), len(usa.leaves)))
        moments = Random(len(self.moments)).sample(list(self.moments), min(MOMENTS, len(self.moments)))
        states = {cut: self.replayed(cut) for cut in {cut for moment in moments for cut in moment}}
        for cut, state in states.items():
            for side, size in zip(SIDES, cut, strict=True):
                assert state.judged[side, "released"] == whole.judged[side, "released"][:size]
            for name, folded in state.records.items():
                ended = outcomes(folded.whole)
                assert ended == outcomes(whole.records[name].whole)[: len(ended)]
        for here, there in moments:
            for name in RECORDS:
                assert not (self.entitled("IND", name, states[here]) and self.entitled("USA", name, states[there]))
        self.valid = {(one.side, one.index) for leaves in whole.judged.values() for one in leaves if one.void is None}
        for name, folded in whole.records.items():
            self.check_record(name, folded)
            for act, refusal in folded.void.items():
                assert refusal.rule in table.TABLE[self.verbs(name)[act]].voids
        assert [one.act.verb for one in self.honest if (one.act.side, one.act.index) not in self.valid] == []
        self.check_national(whole)

    def replayed(self, cut: Cut) -> State:
        ledgers = {(side, "released"): self.capitals[side].published(cut[at]) for at, side in enumerate(SIDES)}
        return replay(ledgers, RULE_SETS, verify=self.verify)

    def entitled(self, side: str, name: str, state: State) -> bool:
        """Whether the node of `side` could make an offer on a record."""
        folded = state.records.get(name)
        if folded is None:
            return False
        one = self.capitals[side]
        terms = table.Propose(folded.whole.version, side, "9999-12-31T00:00:00Z")
        return judge(folded.whole, side, Filed("", one.act("propose", name, terms), terms)) is None

    def check_record(self, name: str, folded: Record) -> None:
        view = folded.whole
        agreed = [offer for offer in view.offers if offer.outcome == "agreed"]
        assert [offer.base for offer in agreed] == list(range(view.version))
        assert [offer.id for offer in view.offers if offer.outcome is None] == ([view.offer.id] if view.offer else [])
        written = {side: self.written(side, name) for side in SIDES}
        for offer in agreed:
            assert offer.id in written[offer.side]
            answer = written[SIDES[offer.side == "IND"]][offer.answer]
            assert (answer.act.verb, answer.act.terms["offer"]) == ("accept", offer.id)
            decided = written[answer.act.side if offer.firm else offer.side][offer.decided_by]
            assert decided.id == answer.id or decided.act.terms["answer"] == answer.id
        for text in view.texts:
            if grade(view, text) == "on_paper":
                confirmation = written[SIDES[text.side == "IND"]][text.confirmed_by]
                assert confirmation.act.terms["confirms"] == text.act
        for first in SIDES:
            assert joint(self.applied(name, first, view.mode)) == joint(view)

    def written(self, side: str, name: str) -> dict[str, Entry]:
        """What stands on a record in a side's ledger, at the place where it says it stands."""
        opened = [(index, self.opened(leaf)) for index, leaf in enumerate(self.capitals[side].leaves)]
        return {
            entry.id: entry
            for index, entry in opened
            if entry and (entry.act.side, entry.act.index, entry.act.record) == (side, index, name)
        }

    def verbs(self, name: str) -> dict[str, str]:
        """Verbs of the acts on a record, by id."""
        return {act: entry.act.verb for side in SIDES for act, entry in self.written(side, name).items()}

    @staticmethod
    def opened(leaf: bytes) -> Entry | None:
        try:
            return open_leaf(leaf)
        except ValueError:
            return None

    def applied(self, name: str, first: str, mode: Mode) -> View:
        """A record as its valid acts make it when those of `first` are taken as early as their causal past allows."""
        second = SIDES[first == "IND"]
        queues = {
            side: [one for one in self.written(side, name).values() if (side, one.act.index) in self.valid]
            for side in SIDES
        }
        view = fold(name, mode, SIDES, {}).whole
        while any(queues.values()):
            for side, other in ((first, second), (second, first)):
                if queues[side] and not (queues[other] and queues[other][0].act.index < queues[side][0].act.seen.size):
                    entry = queues[side].pop(0)
                    apply(view, side, Filed(entry.id, entry.act, table.read_terms(entry.act.verb, entry.act.terms)))
                    break
        return view

    def check_national(self, whole: State) -> None:
        ind, usa = self.capitals["IND"], self.capitals["USA"]
        ind.receive(usa)
        state = ind.state()
        assert state.judged["IND", "released"] == whole.judged["IND", "released"]
        assert state.judged["USA", "released"] == whole.judged["USA", "released"]
        for name, folded in whole.records.items():
            assert state.records[name].whole == folded.whole
            assert state.records[name].views == folded.views


class Hostile(Game):
    """India is honest; the other ledger's custodian writes whatever he likes, with his side's keys."""

    verify = True

    def __init__(self) -> None:
        super().__init__()
        rogue = Rogue("USA")
        rogue.__dict__.update(self.capitals["USA"].__dict__)
        self.capitals["USA"] = self.rogue = rogue

    def move(self, one: Capital, random: Random) -> None:
        """India moves honestly; the other side moves as honestly as suits it."""
        if one is self.rogue and random.random() < 0.6:
            self.mischief(random)
        else:
            super().move(one, random)
            if one is self.rogue:
                self.honest = [entry for entry in self.honest if entry.act.side == "IND"]

    def mischief(self, random: Random) -> None:
        """Anything, naming anything; an entry once more; half an entry."""
        named = [entry for leaf in (*self.rogue.leaves, *self.rogue.held) if (entry := self.opened(leaf))]
        if random.random() < 0.1:
            random.choice([self.rogue.repeat, self.rogue.garble])(random.choice(named))
        else:
            about = random.choice([*RECORDS, RECORDS[0], RECORDS[0]])
            self.rogue.anything(about, [entry.id for entry in named if entry.act.record == about], random)


class Alone(Hostile):
    """One side alone: India has an offer open, and writes nothing more."""

    def __init__(self) -> None:
        super().__init__()
        ind = self.capitals["IND"]
        ind.propose(RECORDS[0], days=300)
        ind.state_own(RECORDS[3])
        self.rogue.receive(ind)

    def move(self, one: Capital, random: Random) -> None:
        """India is silent."""
        super().move(self.rogue, random)

    def check_record(self, name: str, folded: Record) -> None:
        super().check_record(name, folded)
        assert not {grade(folded.whole, text) for text in folded.whole.texts} & {"agreed_here", "on_paper"}
        assert folded.whole.version == 0


def scripts(steps: int) -> st.SearchStrategy[list[int]]:
    """Scripts of so many steps."""
    return st.lists(st.integers(0, 2**32 - 1), min_size=steps, max_size=steps)


@pytest.mark.long
@settings(max_examples=8)
@given(scripts(60))
def test_two_honest_capitals_never_come_to_differ(script: list[int]):
    Game().run(script)


@pytest.mark.long
@settings(max_examples=8)
@given(scripts(60))
def test_an_honest_capital_is_never_misled_by_a_hostile_one(script: list[int]):
    Hostile().run(script)


@pytest.mark.long
@settings(max_examples=8)
@given(scripts(40))
def test_one_side_alone_brings_no_agreement_about(script: list[int]):
    Alone().run(script)


@pytest.mark.model
@pytest.mark.parametrize("game", [Game, Hostile, Alone])
@settings(max_examples=40)
@given(script=scripts(120))
def test_the_same_in_long_games(game: type[Game], script: list[int]):
    game().run(script)
