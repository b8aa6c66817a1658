"""From leaves to state: every act judged, every record folded, from nothing. Pure; what verifiers and rebuilds run.

A node does not replay everything for one write: `authority` and `fold` are incremental. That both ways agree is a
property test (architecture, section 8.3).
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import msgspec

from dtti.ledger import tree
from dtti.ledger.act import Act, Entry, MalformedLeaf, open_leaf

from . import table_2
from .authority import EMPTY_ROOT, Authority
from .fold import Record, fold
from .pair import check_pair
from .refusal import Refusal
from .rules import RuleSets
from .standing import Outlook, Reset, Where
from .view import Filed, Mode


class Judged(msgspec.Struct, frozen=True):
    """One leaf after replay. `void` says why it has no effect; `id` is empty where the leaf is no act."""

    side: str
    ledger: str
    index: int
    id: str
    verb: str
    record: str
    void: Refusal | None


class State(msgspec.Struct):
    """Everything that follows from the ledgers replayed."""

    judged: dict[tuple[str, str], list[Judged]]
    records: dict[str, Record]
    authorities: dict[tuple[str, str], Authority]

    def void(self) -> list[Judged]:
        """Every void leaf, in ledger order."""
        return [one for leaves in self.judged.values() for one in leaves if one.void]


def replay(
    ledgers: Mapping[tuple[str, str], Iterable[bytes]],
    rule_sets: RuleSets,
    *,
    verify: bool = True,
    known: str | None = None,
) -> State:
    """Replay ledgers given by (side, ledger): each side's `released`, and at most one side's `national`.

    `verify`: check signatures. False only for ledgers in which no signature was found wrong before; a node that keeps
    void leaves passes over those itself. `known`: records as they were known at that time (see `fold`); verdicts are
    the same at any time. Raises authority.Fork, pair.Strangers and rules.UnknownRules.
    """
    return Replay(ledgers, rule_sets, verify=verify, known=known).run()


class Replay:
    """One replay in progress: causal order across the released ledgers, the national ledger after them."""

    def __init__(
        self,
        ledgers: Mapping[tuple[str, str], Iterable[bytes]],
        rule_sets: RuleSets,
        *,
        verify: bool = True,
        known: str | None = None,
    ) -> None:
        self.leaves = {
            name: leaves if isinstance(leaves, Sequence) else list(leaves) for name, leaves in ledgers.items()
        }
        self.rule_sets, self.verify, self.known = rule_sets, verify, known
        self.where: dict[str, Where] = {}
        self.roots: dict[str, list[str]] = {}
        # Sound acts by record and side: where they stand. They are decoded again when their record is folded, so that
        # the acts of one record are held at a time, and not those of all.
        self.filed: dict[str, dict[str, list[int]]] = {}
        self.national: dict[str, dict[str, list[int]]] = {}
        self.names: dict[str, str] = {}  # one string for each verb and record, however many acts name it
        self.judged: dict[tuple[str, str], list[Judged]] = {name: [] for name in self.leaves}
        self.authorities: dict[tuple[str, str], Authority] = {}
        self.heard: dict[str, list[str]] = {}  # side: latest claimed time after each of its leaves

    def run(self) -> State:
        """Replay to the end."""
        sides = sorted(side for side, ledger in self.leaves if ledger == "released")
        for side in sides:
            self.authorities[side, "released"] = Authority(side, "released", self.rule_sets)
            self.roots[side] = _roots(self.leaves[side, "released"])
            self.heard[side] = [""]
        moved = True
        while moved:
            moved = False
            for side in sides:
                moved |= self._advance(side, sides)
        for one, other in pairwise(sides):
            check_pair(self.authorities[one, "released"], self.authorities[other, "released"])
        for side, ledger in self.leaves:
            if ledger == "national":
                self._national(side, ledger, sides)
        parties = self._parties(sides)
        records = {
            record: fold(
                record,
                mode,
                parties,
                {
                    side: [(index, self._filed(side, "released", index, sides)) for index in places]
                    for side, places in self.filed.get(record, {}).items()
                },
                national=[
                    self._filed(side, "national", index, sides)
                    for side, places in self.national.get(record, {}).items()
                    for index in places
                ],
                known=self.known,
            )
            for record in self.filed | self.national
            if (mode := self._mode(record))
        }
        self._record_verdicts(records)
        return State(self.judged, records, self.authorities)

    def _national(self, side: str, ledger: str, sides: list[str], repaired: Sequence[Reset] = ()) -> None:
        """Judge a national ledger; where its clock was repaired, again with that known (see `Authority`)."""
        name, leaves = (side, ledger), self.leaves[side, ledger]
        authority = Authority(side, ledger, self.rule_sets, self.authorities[side, "released"], repaired)
        self.authorities[name] = authority
        self.judged[name].clear()
        for index, leaf in enumerate(leaves):
            self._judge(side, ledger, index, leaf, sides)
        named = () if repaired else self._resets(name)
        if named:
            self.national.clear()
            self._national(side, ledger, sides, named)

    def _resets(self, name: tuple[str, str]) -> list[Reset]:
        """The repairs of the clock in a national ledger, whatever was judged of them before they were known."""
        found = []
        for one in self.judged[name]:
            if one.verb == "reset_time":
                act = self._entry(*name, one.index).act
                terms = self.rule_sets[act.rules].read_terms(act.verb, act.terms)
                if isinstance(terms, table_2.ResetTime) and terms.first < one.index:
                    since = self._entry(*name, terms.first - 1).act.time if terms.first else ""
                    found.append(Reset(terms.first, one.index, act.time, terms.reached, since))
        return found

    def _parties(self, sides: list[str]) -> tuple[str, ...]:
        """All that write on joint records: whose ledgers are here, and whom those joined."""
        standings = [self.authorities[side, "released"].standing() for side in sides]
        return tuple(sorted({*sides, *(side for standing in standings if standing for side in standing.parties)}))

    def _mode(self, record: str) -> Mode | None:
        kind = record.split("/")[0]
        return next((rules.kinds[kind] for rules in self.rule_sets.values() if kind in rules.kinds), None)

    def _advance(self, side: str, sides: list[str]) -> bool:
        leaves, done = self.leaves[side, "released"], self.judged[side, "released"]
        start = len(done)
        while len(done) < len(leaves) and not self._waits(side, sides, leaves[len(done)]):
            self._judge(side, "released", len(done), leaves[len(done)], sides)
        return len(done) > start

    def _waits(self, side: str, sides: list[str], leaf: bytes) -> bool:
        """Whether `leaf` had truly seen leaves of the other ledger that are not judged yet.

        A citation that is not true is not waited for: judging it raises Fork, or voids the leaf for another reason.
        True ones never wait for each other in a ring: no root is known before the leaves under it are written.
        """
        pending = [other for other in sides if other != side and self._pending(other)]
        if not pending:
            return False
        try:
            seen = open_leaf(leaf).act.seen
        except MalformedLeaf:
            return False
        return any(
            len(self.judged[other, "released"]) < seen.size < len(self.roots[other])
            and self.roots[other][seen.size] == seen.root
            for other in pending
        )

    def _pending(self, side: str) -> bool:
        return len(self.judged[side, "released"]) < len(self.leaves[side, "released"])

    def _outlook(self, side: str, sides: list[str]) -> Outlook:
        other = next((each for each in sides if each != side), None)
        roots = self.roots.get(other or "", [EMPTY_ROOT])

        def root(size: int) -> str | None:
            return roots[size] if size < len(roots) else None

        def act(identity: str) -> Act | None:
            place = self.where.get(identity)
            return self._entry(*place).act if place else None

        def activated(name: str, size: int) -> bool:
            standing = self.authorities[other, "released"].standing(size) if other else None
            return standing is not None and name in standing.activated

        return Outlook(root, self.where.get, act, activated)

    def _judge(self, side: str, ledger: str, index: int, leaf: bytes, sides: list[str]) -> None:
        authority = self.authorities[side, ledger]
        entry, refusal = authority.judge(leaf, self._outlook(side, sides), verify=self.verify)
        if entry is None:
            self.judged[side, ledger].append(Judged(side, ledger, index, "", "", "", refusal))
        else:
            verb, record = (self.names.setdefault(name, name) for name in (entry.act.verb, entry.act.record))
            self.judged[side, ledger].append(Judged(side, ledger, index, entry.id, verb, record, refusal))
            if refusal is None:
                self.where.setdefault(entry.id, (side, ledger, index))
                if record:
                    filed = self.national if ledger == "national" else self.filed
                    filed.setdefault(record, {}).setdefault(side, []).append(index)
        if ledger == "released":
            self.heard[side].append(entry.act.time if entry and refusal is None else self.heard[side][-1])

    def _entry(self, side: str, ledger: str, index: int) -> Entry:
        return open_leaf(self.leaves[side, ledger][index])

    def _filed(self, side: str, ledger: str, index: int, sides: list[str]) -> Filed:
        entry = self._entry(side, ledger, index)
        act = entry.act
        rules = self.rule_sets[act.rules]
        terms, heard = rules.read_terms(act.verb, act.terms), self._heard(side, act.seen.size, sides)
        return Filed(entry.id, act, terms, heard, rules, self.authorities[side, ledger].known(act))

    def _heard(self, side: str, seen: int, sides: list[str]) -> str:
        other = next((each for each in sides if each != side), None)
        return self.heard[other][seen] if other and seen < len(self.heard[other]) else ""

    def _record_verdicts(self, records: dict[str, Record]) -> None:
        for name, leaves in self.judged.items():
            self.judged[name] = [
                msgspec.structs.replace(one, void=records[one.record].void[one.id])
                if one.void is None and one.record in records and one.id in records[one.record].void
                else one
                for one in leaves
            ]


def _roots(leaves: Sequence[bytes]) -> list[str]:
    frontier: list[bytes] = []
    roots = [tree.EMPTY.hex()]
    for size, leaf in enumerate(leaves):
        tree.append(size, frontier, tree.leaf_hash(leaf))
        roots.append(tree.fold(frontier).hex())
    return roots
