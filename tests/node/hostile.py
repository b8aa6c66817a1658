"""A capital with valid keys and code of its own: it signs, sends and answers what no honest office system would.

It stands on a node's folder, so that it has everything that the other side really gave it; but what it appends passes
no check of this product, and its checkpoints and packs say what it wants them to say.
"""

from collections.abc import Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dtti.accord import table
from dtti.ledger import act as acts
from dtti.ledger import body as bodies
from dtti.ledger import checkpoint, keylist
from dtti.ledger.act import Act, Commitment, Entry, Seen
from dtti.ledger.body import Body, Owner
from dtti.ledger.store import MIRROR, RELEASED
from dtti.node.line import exchange
from tests.node.capitals import Capital


class Hostile:
    """One side's keys and ledger in the hands of a program that keeps no rule."""

    def __init__(self, capital: Capital) -> None:
        self.capital, self.node = capital, capital.node

    def act(self, verb: str, terms: dict[str, Any] | None = None, **fields: Any) -> Act:
        """The act that would stand next, with `fields` in place of what is right."""
        node = self.node
        node.book.sync()
        row, size = table.TABLE.get(verb), node.store.size(RELEASED)
        mirrored = node.store.size(MIRROR)
        sound: dict[str, Any] = {
            "body": [],
            "environment": node.config.environment,
            "format": acts.FORMAT,
            "index": size,
            "ledger": RELEASED,
            "office": self.capital.office if row and row.office else "",
            "previous": node.store.leaf_hash(RELEASED, size - 1).hex(),
            "programme": node.config.programme,
            "record": "",
            "rests": [],
            "role": row.role if row else "node",
            "rules": node.standing.rule_sets[-1],
            "seen": Seen(node.store.root(MIRROR, mirrored).hex(), mirrored),
            "side": node.side,
            "terms": terms or {},
            "time": max(node.clock(), node.book.released.time),
            "verb": verb,
        }
        return Act(**sound | fields)

    def sign(self, act: Act, also: Sequence[Ed25519PrivateKey] = ()) -> Entry:
        """It, signed by this side's keys of its role."""
        signers = [*self.node.keys.signing(act.role), *also]
        return acts.sign(act, lambda signed: keylist.sign(signed, signers))

    def put(self, *leaves: bytes) -> None:
        """Leaves, whatever they are, at the end of the released ledger; this side's own store knows which are void."""
        with self.node.store.writing():
            self.node.book.sync()
            self.node.book.take_in(RELEASED, leaves)

    def write(
        self, verb: str, terms: dict[str, Any] | None = None, *, texts: Sequence[Body] = (), **fields: Any
    ) -> Entry:
        """Sign and append an act; `texts` are kept as its bodies."""
        fields = {"body": [bodies.commit(each) for each in texts]} | fields
        entry = self.sign(self.act(verb, terms, **fields))
        self.put(entry.leaf)
        for part, each in enumerate(texts):
            self.node.store.put_body(Owner(RELEASED, entry.id, part), each)
        return entry

    def claim(self, record: str, digests: Sequence[Commitment]) -> Entry:
        """A draft that commits to what others wrote, with nothing of its own to show."""
        return self.write("draft", record=record, body=list(digests))

    def erase(self, entry: Entry, digest: str) -> Entry:
        """A tombstone for one of the digests that `entry` commits to."""
        part = next((number for number, one in enumerate(entry.act.body) if one.digest == digest), 0)
        return self.write("tombstone", {"digest": digest, "part": part, "reason": "spill"}, rests=[entry.id])

    def note(self, size: int, root: bytes, signers: Sequence[Ed25519PrivateKey] | None = None) -> str:
        """A checkpoint of this side's log that says `size` and `root`, signed by its log keys or by `signers`."""
        keys = self.node.keys.signing("log") if signers is None else list(signers)
        return checkpoint.make(self.node.party.origin, size, root, keys).note

    def pack(self, start: int | None = None) -> bytes:
        """What it says now, as a pack."""
        return exchange.make_pack(self.node, start, sealed=False)


def commitments(capital: Capital, ledger: str) -> list[tuple[Owner, Commitment]]:
    """What the acts in one of a capital's ledgers commit to, each with its owner."""
    found = []
    for leaf in capital.node.store.leaves(ledger):
        try:
            entry = acts.open_leaf(leaf)
        except acts.MalformedLeaf:
            continue
        found += [(Owner(ledger, entry.id, part), one) for part, one in enumerate(entry.act.body)]
    return found
