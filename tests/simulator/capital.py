"""A capital: one side's ledgers in memory, its keys, its clock and what it was shown of the other's. Knows no node.

`write` and the verbs below give an act the place, time, role and office that an honest office system would give it; any
of these can be overridden by name, so the same class writes what no honest one would (see `hostile`).
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dtti.accord import table
from dtti.accord.fold import Record
from dtti.accord.refusal import Refusal
from dtti.accord.replay import State, replay
from dtti.accord.rule_sets import DTTI_2
from dtti.accord.rules import RuleSet
from dtti.ledger import tree
from dtti.ledger.act import FORMAT, NOTHING, Act, Commitment, Entry, Seen
from tests.making import START, Keyring, found, keyring, rotate

RULES = RuleSet(
    "dtti_1", {"text": "joint", "note": "own", "office": "own", "project": "joint", "success_definition": "joint"}
)
SECOND_RULES = replace(DTTI_2, kinds=RULES.kinds)  # in force where it was activated, or founded on
LATER_RULES = RuleSet("test_2", RULES.kinds)  # known here, and in force nowhere
RULE_SETS = {rules.name: rules for rules in (RULES, SECOND_RULES, LATER_RULES)}
OFFICE_VERBS = sorted(row.verb for row in table.ROWS if row.office)
FAR = "2999-01-01T00:00:00Z"

Ledgers = dict[tuple[str, str], list[bytes]]


def record(side: str = "IND", code: str = "aaaaaaaa", kind: str = "text") -> str:
    """The id of a record: `text` is joint, `note` is own."""
    return f"{kind}/{side}/{code}"


def office(side: str, code: str = "secretar") -> str:
    """The id of an office."""
    return f"office/{side}/{code}"


class Capital:
    """One side. `leaves` and `national` are its ledgers; `held` is the prefix of the other's that it has verified."""

    def __init__(self, side: str, ring: Keyring | None = None) -> None:
        self.side, self.ring = side, ring or keyring(side)
        self.founding = self.ring
        self.leaves: list[bytes] = []
        self.national: list[bytes] = []
        self.roots = [tree.EMPTY.hex()]
        self.frontier: list[bytes] = []
        self.held: list[bytes] = []
        self.held_root = tree.EMPTY.hex()
        self.other = ""
        self.moment = datetime.fromisoformat(START)
        self.rules = RULES  # the set that its acts name

    def copy(self) -> "Capital":
        """This capital at this moment: what happens to the copy does not happen here."""
        twin = type(self)(self.side, self.ring)
        twin.__dict__.update(self.__dict__)
        twin.leaves, twin.national, twin.roots = list(self.leaves), list(self.national), list(self.roots)
        twin.frontier, twin.held = list(self.frontier), list(self.held)
        return twin

    # --- clock and exchange

    @property
    def time(self) -> str:
        """This capital's clock."""
        return self.moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    def wait(self, days: float) -> None:
        """Let days pass here (negative: set the clock back)."""
        self.moment += timedelta(days=days)

    def ahead(self, days: float) -> str:
        """The time so many days from now."""
        return (self.moment + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def published(self, size: int | None = None) -> list[bytes]:
        """The first `size` leaves of the released ledger, all if None."""
        return self.leaves[:size]

    def receive(self, other: "Capital", size: int | None = None) -> None:
        """Hold the first `size` leaves of `other` (all if None), and say so in what is written from now on."""
        self.other, self.held = other.side, other.published(size)
        self.held_root = other.roots[len(self.held)]

    def ledgers(self, *, national: bool = True) -> Ledgers:
        """What this capital holds, as `replay` takes it."""
        held: Ledgers = {(self.side, "released"): list(self.leaves)}
        if self.other:
            held[self.other, "released"] = list(self.held)
        if national and self.national:
            held[self.side, "national"] = list(self.national)
        return held

    def state(self) -> State:
        """What follows from what this capital holds."""
        return replay(self.ledgers(), RULE_SETS)

    def view(self, name: str) -> Record:
        """One record, as far as this capital can know."""
        return self.state().records[name]

    # --- writing

    def act(
        self,
        verb: str,
        about: str = "",
        terms: msgspec.Struct | dict[str, Any] | None = None,
        *,
        texts: int | None = None,
        ledger: str = "released",
        **fields: Any,
    ) -> Act:
        """The act that an honest office system would write now, with `fields` in place of its own."""
        row = self.rules.table.get(verb)
        mine = self.leaves if ledger == "released" else self.national
        made = table.write_terms(terms) if isinstance(terms, table.Terms) else terms or {}
        count = texts if texts is not None else row.bodies[0] if row else 0
        sound: dict[str, Any] = {
            "body": [self._commitment(f"{ledger} {len(mine)} {number}") for number in range(count)],
            "environment": "exercise",
            "format": FORMAT,
            "index": len(mine),
            "ledger": ledger,
            "office": office(self.side) if row and row.office else "",
            "previous": tree.leaf_hash(mine[-1]).hex() if mine else NOTHING,
            "programme": "dtti",
            "record": about,
            "rests": [],
            "role": row.role if row else "node",
            "rules": self.rules.name,
            "seen": Seen(self.held_root, len(self.held)),
            "side": self.side,
            "terms": made,
            "time": self.time,
            "verb": verb,
        }
        return Act(**sound | fields)

    def _commitment(self, what: str) -> Commitment:
        return Commitment(sha256(f"{self.side} {what}".encode()).hexdigest(), 100)

    def append(self, entry: Entry) -> Entry:
        """Put a signed entry at the end of the ledger it names, and let a minute pass."""
        if entry.act.ledger == "national":
            self.national.append(entry.leaf)
        else:
            self.put(entry.leaf)
        self.moment += timedelta(minutes=1)
        return entry

    def put(self, leaf: bytes) -> None:
        """Put a leaf, whatever it is, at the end of the released ledger."""
        tree.append(len(self.leaves), self.frontier, tree.leaf_hash(leaf))
        self.leaves.append(leaf)
        self.roots.append(tree.fold(self.frontier).hex())

    def write(
        self,
        verb: str,
        about: str = "",
        terms: msgspec.Struct | dict[str, Any] | None = None,
        *,
        by: Iterable[Ed25519PrivateKey] | None = None,
        **fields: Any,
    ) -> Entry:
        """Sign and append an act; `by`: other keys than those of its role."""
        return self.append(self.ring.sign(self.act(verb, about, terms, **fields), by))

    def verdict(self, entry: Entry) -> Refusal | None:
        """What makes an entry of this capital void, by what this capital holds; None where it is valid."""
        judged = self.state().judged[self.side, entry.act.ledger]
        return next(one.void for one in judged if one.id == entry.id)

    # --- founding and governing

    def found(self) -> Entry:
        """Found this side alone."""
        return self.append(self.ring.sign(self.act(**found(self.ring, rule_sets=[self.rules.name]))))

    def join(self, other: "Capital") -> Entry:
        """Join `other` as it was founded."""
        rings = sorted([self.founding, other.founding], key=lambda ring: ring.side)
        return self.append(self.ring.sign(self.act(**found(*rings, rule_sets=[self.rules.name]))))

    def grant(self, number: int = 1, **fields: Any) -> Entry:
        """Give this side's office (or another) powers: all of them, for ever, but for `fields`."""
        given: dict[str, Any] = {
            "grant": number,
            "kinds": ["all"],
            "office": office(self.side),
            "since": "2020-01-01T00:00:00Z",
            "verbs": OFFICE_VERBS,
        }
        return self.write("power", terms=table.Power([], [table.Grant(**given | fields)]))

    def rotate(self, generation: int = 2, **fields: Any) -> Entry:
        """Put the next generation of keys in force, signed by old and new root keys."""
        new = keyring(self.side, generation=generation)
        made = self.act(**rotate(new, generation) | fields)
        entry = self.append(self.ring.sign(made, [*self.ring.signers("root"), *new.signers("root")]))
        self.ring = new
        return entry

    # --- acts on records

    def propose(self, about: str, base: int = 0, *, days: float = 30, **fields: Any) -> Entry:
        """Offer a text for `days`; `firm` and `next` as in the table."""
        named = {name: fields.pop(name) for name in ("firm", "next") if name in fields}
        terms = table.Propose(**{"base": base, "next": self.side, "until": self.ahead(days)} | named)
        return self.write("propose", about, terms, **fields)

    def accept(self, about: str, offer: Entry, **fields: Any) -> Entry:
        """Accept the offer that `offer` made."""
        return self.write("accept", about, table.Answer(offer.id), **fields)

    def send_back(self, about: str, offer: Entry, *, counter: bool = False, days: float = 30, **fields: Any) -> Entry:
        """Send `offer` back, with remarks alone or with a counter-text that stands for `days`."""
        terms = table.SendBack(offer.id)
        if counter:
            terms = table.SendBack(offer.id, fields.pop("next", self.side), self.ahead(days))
        return self.write("send_back", about, terms, **{"texts": 1 + counter} | fields)

    def close(self, about: str, offer: Entry, outcome: str, answer: Entry | None = None, **fields: Any) -> Entry:
        """Close this side's `offer`."""
        terms = table.Close(offer.id, outcome, answer.id if answer else None)  # type: ignore[arg-type]
        return self.write("close", about, terms, **fields)

    def withdraw(self, about: str, offer: Entry, **fields: Any) -> Entry:
        """Withdraw this side's `offer`."""
        return self.write("withdraw", about, table.Answer(offer.id), **fields)

    def hand_over(self, about: str, **fields: Any) -> Entry:
        """Pass the pen."""
        return self.write("hand_over", about, **fields)

    def draft(self, about: str, **fields: Any) -> Entry:
        """Show a draft: the lightest way to create a record."""
        return self.write("draft", about, **fields)

    def comment(self, about: str, **fields: Any) -> Entry:
        """A remark."""
        return self.write("comment", about, **fields)

    def notice(self, about: str, what: str, **fields: Any) -> Entry:
        """Suspend, resume, or withdraw from."""
        return self.write("notice", about, table.Notice(what), **fields)  # type: ignore[arg-type]

    def state_own(self, about: str, base: int = 0, **fields: Any) -> Entry:
        """A version of an own record."""
        return self.write("state", about, table.State(base=base), **fields)

    def report(self, about: str, basis: str = "paper", confirms: Entry | None = None, **fields: Any) -> Entry:
        """A report of a joint text."""
        terms = table.State(basis=basis, confirms=confirms.id if confirms else None)  # type: ignore[arg-type]
        return self.write("state", about, terms, **fields)


def exchange(one: Capital, other: Capital) -> None:
    """Let both hold all that the other has published."""
    one.receive(other)
    other.receive(one)


def alone(side: str = "IND") -> Capital:
    """A capital founded alone, with an office that may write everything."""
    made = Capital(side)
    made.found()
    made.grant()
    return made


def pair(rules: RuleSet = RULES) -> tuple[Capital, Capital]:
    """Two capitals that founded, joined each other, gave an office all powers, and hold each other's ledger."""
    ind, usa = Capital("IND"), Capital("USA")
    ind.rules = usa.rules = rules
    for one, other in ((ind, usa), (usa, ind)):
        one.found()
        one.join(other)
        one.grant()
    exchange(ind, usa)
    return ind, usa
