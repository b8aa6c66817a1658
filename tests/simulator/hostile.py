"""A capital that keeps no rule: its custodian writes what he likes, where he likes, with the keys of his own side."""

from collections.abc import Iterable, Sequence
from random import Random

from dtti.accord import table
from dtti.ledger import tree
from dtti.ledger.act import Entry, Seen, seal
from dtti.ledger.act import payload_of as payload
from dtti.ledger.keylist import key_of
from tests.making import private_key

from .capital import FAR, LATER_RULES, OFFICE_VERBS, Capital, office

STRANGER = private_key("a stranger")


class Rogue(Capital):
    """A capital whose ledger is whatever its custodian wants it to be."""

    # --- the ledger itself

    def relay(self, leaves: Iterable[bytes]) -> None:
        """Publish another history."""
        self.leaves, self.roots, self.frontier = [], [tree.EMPTY.hex()], []
        for leaf in leaves:
            self.put(leaf)

    def fork(self) -> "Rogue":
        """A second history that begins like this one."""
        twin = self.copy()
        assert isinstance(twin, Rogue)
        return twin

    def truncate(self, size: int) -> None:
        """Take back all but the first `size` entries."""
        self.relay(self.leaves[:size])

    def reorder(self, first: int, second: int) -> None:
        """Exchange two entries."""
        leaves = list(self.leaves)
        leaves[first], leaves[second] = leaves[second], leaves[first]
        self.relay(leaves)

    def repeat(self, entry: Entry) -> None:
        """Publish the bytes of an entry once more, further down."""
        self.put(entry.leaf)

    def garble(self, entry: Entry) -> None:
        """Publish a leaf that is no act."""
        self.put(entry.leaf[:-1])

    # --- signatures

    def forge(self, verb: str, about: str, terms: object = None) -> Entry:
        """An act signed by a key that is on no list."""
        return self.write(verb, about, terms, by=[STRANGER])  # type: ignore[arg-type]

    def sign_under_two_ids(self, verb: str, about: str) -> Entry:
        """An act with two signatures by one key, the second under another key's id."""
        act = self.act(verb, about)
        sound = self.ring.sign(act, self.ring.private["node"][:1])
        other = key_of(self.ring.private["node"][1]).id
        return self.append(seal(payload(act), [*sound.signatures, (other, sound.signatures[0][1])]))

    # --- citations

    def cite_unpublished(self, verb: str, about: str, more: int = 1) -> Entry:
        """An act that has seen more of the other ledger than there is."""
        return self.write(verb, about, seen=Seen("ab" * 32, len(self.held) + more))

    def cite_another_root(self, verb: str, about: str) -> Entry:
        """An act that has seen another history of the other ledger."""
        return self.write(verb, about, seen=Seen("ab" * 32, len(self.held)))

    # --- anything at all

    def anything(self, about: str, others: Sequence[str], random: Random) -> None:
        """Some act on a record, sound or not, that names any act whose id is among `others` as offer or answer."""
        pick = random.choice
        named, answer = pick([*others, "0" * 64]), pick([*others, None])
        until = pick([self.ahead(-1), self.ahead(1), self.ahead(20), FAR])
        side = pick(["IND", "USA", "GBR"])
        terms = {
            "accept": lambda: table.Answer(named),
            "acknowledge": lambda: table.Acknowledge([table.Held(named, about)]),
            "close": lambda: table.Close(named, pick(["agreed", "returned", "lapsed"]), answer),
            "notice": lambda: table.Notice(pick(["suspend", "resume", "withdraw_from"])),
            "propose": lambda: table.Propose(pick([0, 0, 1, 2]), side, until, pick([True, False])),
            "send_back": lambda: table.SendBack(named, pick([side, None]), pick([until, None])),
            "state": lambda: table.State(
                pick([None, 0, 1]), pick([None, "paper", "paper", "published"]), "change", answer
            ),
            "tombstone": lambda: table.Tombstone("0" * 64, "spill"),
            "withdraw": lambda: table.Answer(named),
        }
        verb = pick([*OFFICE_VERBS, *OFFICE_VERBS, "close", "close", "close", "acknowledge", "tombstone", "decree"])
        fields: dict[str, object] = {"texts": pick([0, 1, 1, 2])}
        if random.random() < 0.2:
            fields |= pick(self._oddities(about, random))
        self.write(verb, about, terms.get(verb, table.Plain)(), **fields)  # type: ignore[arg-type]
        if random.random() < 0.1:
            self.wait(pick([-1, 10, 40]))

    def _oddities(self, about: str, random: Random) -> list[dict[str, object]]:
        return [
            {"by": [STRANGER]},
            {"environment": "live"},
            {"index": 0},
            {"office": office("IND")},
            {"office": office(self.side, "stranger")},
            {"previous": "0" * 64},
            {"programme": "other"},
            {"rests": ["0" * 64]},
            {"role": "log"},
            {"rules": LATER_RULES.name},
            {"seen": Seen(tree.EMPTY.hex(), 0)},
            {"side": "IND"},
            {"texts": random.randrange(18)},
            {"time": self.ahead(-1)},
            {"ledger": "national"},
        ]
