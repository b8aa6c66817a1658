"""Two sides with real stores and ledgers, staged so that every grade of text stands in them. Knows no programme.

`stage` writes the same acts each time; only the salts of bodies, and so the digests, differ from run to run.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dtti.accord import table
from dtti.accord.rules import RuleSet
from dtti.ledger import body as bodies
from dtti.ledger import checkpoint
from dtti.ledger.act import Entry, Seen, open_leaf
from dtti.ledger.body import Body, Owner
from dtti.ledger.store import MIRROR, NATIONAL, RELEASED, Store
from dtti.node.checking import prove
from dtti.node.core.book import Book
from tests.making import UNSEEN, Keyring, act, found, keyring, rotate

RULES = {"dtti_1": RuleSet("dtti_1", {"office": "own", "need": "own", "project": "joint"})}
UNTIL = "2029-01-01T00:00:00Z"
FIRST = datetime(2027, 1, 26, 9, tzinfo=UTC)


@dataclass
class Clock:
    """Claimed time: a minute later at each reading."""

    minutes: int = 0

    def __call__(self) -> str:
        self.minutes += 1
        return (FIRST + timedelta(minutes=self.minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class Side:
    """One side: keys, store, and its ledgers as judged."""

    ring: Keyring
    store: Store
    clock: Clock
    book: Book = field(init=False)
    retired: Keyring | None = None

    def __post_init__(self) -> None:
        self.store.create()
        self.book = Book(self.store, self.ring.side, RULES)

    @property
    def side(self) -> str:
        return self.ring.side

    @property
    def office(self) -> str:
        return f"office/{self.side}/aaaaaaaa"

    def write(
        self, verb: str, record: str = "", *, texts: Sequence[bytes] = (), ledger: str = RELEASED, **fields: Any
    ) -> Entry:
        """Write an act with one body for each of `texts`; it must be sound, and valid on its record."""
        row = table.TABLE[verb]
        made = [bodies.wrap(text) for text in texts]
        commitments = [bodies.commit(one) for one in made]
        with self.store.writing():
            self.book.sync()
            authority = self.book.authority(ledger)
            own = {
                "body": commitments,
                "index": authority.size,
                "ledger": ledger,
                "office": self.office if row.office else "",
                "previous": authority.previous,
                "record": record,
                "role": row.role,
                "seen": self.seen(),
                "side": self.side,
                "time": self.clock(),
                "verb": verb,
            }
            entry = self.ring.sign(act(**own | fields))
            ((_, refusal),) = self.book.take_in(ledger, [entry.leaf])
            assert refusal is None, refusal
            self.store.put_bodies({Owner(ledger, entry.id, part): one for part, one in enumerate(made)})
        if record:
            assert entry.id not in self.book.record(record).void, self.book.record(record).void[entry.id]
        return entry

    def seen(self) -> Seen:
        """What this side has seen of the other's ledger."""
        size = self.store.size(MIRROR)
        return Seen(self.store.root(MIRROR, size).hex(), size) if size else UNSEEN

    def rotate(self) -> Entry:
        """Replace every key: old and new root keys sign."""
        self.retired, new = self.ring, keyring(self.side, generation=2)
        both = [*self.ring.signers("root"), *new.signers("root")]
        made = act(
            **{
                "side": self.side,
                "index": self.book.released.size,
                "previous": self.book.released.previous,
                "time": self.clock(),
                "seen": self.seen(),
            }
            | rotate(new)
        )
        self.ring = new
        with self.store.writing():
            entry = new.sign(made, both)
            ((_, refusal),) = self.book.take_in(RELEASED, [entry.leaf])
        assert refusal is None, refusal
        return entry

    def note(self) -> str:
        """This side's checkpoint at its present size, kept in its store; after a rotation signed by old and new."""
        size = self.store.size(RELEASED)
        log = [*self.ring.signers("log"), *(self.retired.signers("log") if self.retired else ())]
        origin = self.ring.party().origin
        made = checkpoint.make(origin, size, self.store.root(RELEASED), list(log)).note
        with self.store.writing():
            self.store.put_note(RELEASED, size, made)
        return made

    def take(self, other: "Side") -> None:
        """Take in what the other side has released, with its bodies, and cosign its checkpoint."""
        note = checkpoint.parse(other.note())
        start = self.store.size(MIRROR)
        leaves = list(other.store.leaves(RELEASED, start))
        with self.store.writing():
            verdicts = self.book.take_in(MIRROR, leaves)
            assert [refusal for _, refusal in verdicts if refusal] == []
            assert self.store.root(MIRROR) == note.root
            for leaf in leaves:
                entry = open_leaf(leaf)
                for part in range(len(entry.act.body)):
                    held = other.store.body(Owner(RELEASED, entry.id, part))
                    if isinstance(held, Body):
                        self.store.put_body(Owner(MIRROR, entry.id, part), held)
            cosigned = checkpoint.cosign(note, self.ring.party().origin, self.ring.signers("mirror")[0], 1_800_000_000)
            self.store.put_note(MIRROR, note.size, cosigned.note)

    def acknowledge(self, *entries: Entry) -> Entry:
        """Acknowledge acts of the other side."""
        held = [
            {"act": one.id, "record": one.act.record} | ({"digest": one.act.body[0].digest} if one.act.body else {})
            for one in entries
        ]
        return self.write("acknowledge", terms={"acts": held})

    def notes(self) -> dict[str, str]:
        """The latest checkpoints here, by side."""
        held = {self.side: self.note()}
        mirrored = self.store.note(MIRROR)
        if mirrored is not None and self.book.other is not None:
            held[self.book.other] = mirrored
        return held

    def prove(self, record: str, **asked: Any) -> bytes:
        """A proof file of the record's current text, or as asked."""
        return prove.make(self.book, record, self.notes(), **asked)


@dataclass
class Pair:
    """India and the United States, joined; `acts` names the act whose text stands at each grade."""

    ind: Side
    usa: Side
    acts: dict[str, Entry] = field(default_factory=dict)

    def exchange(self) -> None:
        """Each takes in what the other has released."""
        self.usa.take(self.ind)
        self.ind.take(self.usa)

    def close(self) -> None:
        self.ind.store.close()
        self.usa.store.close()


def record(kind: str, side: str, number: int) -> str:
    """A record id; its code says its number in base32 letters."""
    return f"{kind}/{side}/case{'abcdefghijklmnopqrstuvwxyz'[number]}aaa"


AGREED, FIRM, COUNTER, PAPER, LETTER = (record("project", "IND", number) for number in range(5))
PUBLISHED = record("project", "PUB", 5)
OWN = record("need", "IND", 6)
NATIONAL_NOTE = record("need", "IND", 7)
LATER = record("project", "USA", 8)
GRADES = {
    AGREED: "agreed_here",
    FIRM: "agreed_here",
    COUNTER: "agreed_here",
    LATER: "agreed_here",
    PAPER: "on_paper",
    LETTER: "recorded",
    PUBLISHED: "published",
    OWN: "stated",
}


def join(folder: Path, **roles: tuple[int, int]) -> Pair:
    """Two sides founded, joined, and with an office each that may write everything."""
    folder.mkdir(parents=True, exist_ok=True)
    clock = Clock()
    rings = [keyring(side, **roles) for side in ("IND", "USA")]
    pair = Pair(*(Side(ring, Store(folder / f"{ring.side}.sqlite3"), clock) for ring in rings))
    for side in (pair.ind, pair.usa):
        founding(side, side.ring)
        founding(side, *rings)
        verbs = [row.verb for row in table.ROWS if row.office]
        grant = {"grant": 1, "kinds": ["all"], "office": side.office, "since": "2027-01-01T00:00:00Z", "verbs": verbs}
        side.write("power", terms={"grants": [grant]})
    pair.exchange()
    return pair


def founding(side: Side, *rings: Keyring) -> Entry:
    """A founding act of `side` that names the sides of `rings`."""
    return side.write("found", terms=found(*rings)["terms"])


def agree(pair: Pair, name: str, proposer: Side, text: bytes, *, firm: bool = False) -> Entry:
    """Agree `text` on record `name`: proposed, accepted, closed unless firm, acknowledged; returns the offer."""
    answerer = pair.usa if proposer is pair.ind else pair.ind
    offer = proposer.write(
        "propose",
        name,
        texts=[text],
        terms={"base": 0, "next": proposer.side, "until": UNTIL} | ({"firm": True} if firm else {}),
    )
    answerer.take(proposer)
    accept = answerer.write("accept", name, terms={"offer": offer.id})
    proposer.take(answerer)
    if firm:
        proposer.acknowledge(accept)
    else:
        done = proposer.write("close", name, terms={"offer": offer.id, "answer": accept.id, "outcome": "agreed"})
        answerer.take(proposer)
        answerer.acknowledge(done)
    return offer


def stage(folder: Path, **roles: tuple[int, int]) -> Pair:
    """Two sides, a text of every grade on both, keys of both replaced, and one more agreement by the new keys."""
    pair = join(folder, **roles)
    ind, usa = pair.ind, pair.usa
    pair.acts[AGREED] = agree(pair, AGREED, ind, "सफलता की परिभाषा: agreed text".encode())
    pair.acts[FIRM] = agree(pair, FIRM, ind, b"firm text", firm=True)

    first = ind.write("propose", COUNTER, texts=[b"first text"], terms={"base": 0, "next": "IND", "until": UNTIL})
    usa.take(ind)
    counter = usa.write(
        "send_back",
        COUNTER,
        texts=[b"remarks", b"counter text"],
        terms={"offer": first.id, "next": "USA", "until": UNTIL},
    )
    ind.take(usa)
    ind.write("close", COUNTER, terms={"offer": first.id, "answer": counter.id, "outcome": "returned"})
    accept = ind.write("accept", COUNTER, terms={"offer": counter.id})
    usa.take(ind)
    done = usa.write("close", COUNTER, terms={"offer": counter.id, "answer": accept.id, "outcome": "agreed"})
    ind.take(usa)
    ind.acknowledge(done)
    pair.acts[COUNTER] = counter

    report = ind.write("state", PAPER, texts=[b"text on paper"], terms={"basis": "paper"})
    usa.take(ind)
    usa.write("state", PAPER, texts=[b"text on paper"], terms={"basis": "paper", "confirms": report.id})
    pair.acts[PAPER] = report
    pair.acts[LETTER] = ind.write("state", LETTER, texts=[b"text of a letter"], terms={"basis": "paper"})
    pair.acts[PUBLISHED] = ind.write(
        "state", PUBLISHED, texts=[b"compiled from public sources"], office="", terms={"basis": "published"}
    )
    pair.acts[OWN] = ind.write("state", OWN, texts=[b"a need"], terms={"base": 0})
    ind.write("state", NATIONAL_NOTE, texts=[b"RECOGNISABLE national text"], ledger=NATIONAL, terms={"base": 0})
    pair.exchange()
    ind.rotate()
    usa.rotate()
    pair.exchange()
    pair.acts[LATER] = agree(pair, LATER, usa, b"text by the new keys")
    pair.exchange()
    return pair
