"""Who may write: one ledger read in order, its keys, powers, clocks and places, up to each leaf. Pure.

What is judged here needs only the writing side's own ledger and what it has seen of the other's: the place of the leaf,
programme, rule set, signature, clocks, terms, power and evidence. What a record allows is judged in `discipline`.
"""

from bisect import bisect_right
from collections.abc import Callable
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from dtti.ledger import canonical, keylist, tree
from dtti.ledger.act import NOTHING, RECORD_ID, Act, Entry, MalformedLeaf, open_leaf
from dtti.ledger.keylist import KeyList, KeyListError, Party

from . import table
from .refusal import Refusal, refuse
from .rules import RuleSets, UnknownRules

EMPTY_ROOT = tree.EMPTY.hex()

Where = tuple[str, str, int]  # side, ledger, index
GOVERNING = ("found", "keys", "power")


class Outlook(msgspec.Struct, frozen=True):
    """What judging a leaf needs to know of the rest of the world, as questions.

    `root`: root (hex) of the *other* side's released ledger at a size, None where that is more than exists here.
    `find`: where an act stands (side, ledger, index), None where it does not.
    `act`: an act by its id, None where it does not stand.
    """

    root: Callable[[int], str | None]
    find: Callable[[str], Where | None]
    act: Callable[[str], Act | None]


class Fork(RuntimeError):
    """The other ledger cites what was never published here. Exchange halts; both checkpoints are the proof."""

    def __init__(self, where: str, size: int, cited: str, ours: str | None) -> None:
        held = "fewer leaves than that" if ours is None else f"root {ours[:16]}"
        super().__init__(
            f"{where} cites {size} leaves of the other ledger with root {cited[:16]}; that ledger has {held} "
            f"(rule fork). Exchange stops here. Compare both checkpoints with the other side before going on."
        )
        self.where, self.size, self.cited, self.ours = where, size, cited, ours


class Standing(msgspec.Struct, frozen=True):
    """What governs a side's ledger from one position on (`time`: claimed then): parties, keys, powers, rule sets."""

    since: int
    time: str
    keys: KeyList
    parties: dict[str, Party]
    rule_sets: tuple[str, ...]
    grants: dict[int, table.Grant]
    ended: frozenset[int]

    def power(self, office: str, verb: str, kind: str, time: str) -> table.Grant | None:
        """The grant by which `office` may write `verb` on `kind` at `time`, or None."""
        for number, grant in self.grants.items():
            if (
                grant.office == office
                and number not in self.ended
                and verb in grant.verbs
                and (kind in grant.kinds or "all" in grant.kinds)
                and grant.since <= time
                and (grant.until is None or time <= grant.until)
            ):
                return grant
        return None


def constitution(act: Act, terms: table.Found) -> str:
    """Hex digest of what a founding act agrees: programme, environment, parties in order of side, rule sets."""
    parties = sorted((msgspec.to_builtins(party) for party in terms.parties), key=lambda party: str(party["side"]))
    value = {
        "environment": act.environment,
        "parties": parties,
        "programme": act.programme,
        "rule_sets": sorted(terms.rule_sets),
    }
    return sha256(b"dtti-constitution-1\0" + canonical.encode(value)).hexdigest()


class Authority:
    """One side's one ledger, read leaf by leaf. `judge` decides a leaf and takes it in; void leaves change nothing."""

    def __init__(self, side: str, ledger: str, rule_sets: RuleSets, governing: "Authority | None" = None) -> None:
        """`governing`: the released ledger's authority, where this one is the national ledger's."""
        self.side, self.ledger, self.rule_sets = side, ledger, rule_sets
        self.governing = governing
        self.size, self.previous = 0, NOTHING
        self.time, self.seen = "", 0
        self.programme = self.environment = ""
        self.history: list[Standing] = []

    def copy(self) -> "Authority":
        """An independent copy, to try leaves on."""
        twin = Authority(self.side, self.ledger, self.rule_sets, self.governing)
        twin.__dict__.update(self.__dict__)
        twin.history = list(self.history)
        return twin

    def standing(self, index: int | None = None) -> Standing | None:
        """What governs the leaf at `index` (the next leaf if None); None before a founding.

        Of a national ledger: what governs it now. Its leaves have no position in the released ledger, so the past is
        found by claimed time (see `_standings`).
        """
        if self.governing is not None:
            return self.governing.standing()
        if index is None:
            return self.history[-1] if self.history else None
        number = bisect_right(self.history, index, key=lambda each: each.since)
        return self.history[number - 1] if number else None

    def _standings(self, time: str) -> list[Standing]:
        """What governs a leaf claimed at `time`, latest first: one standing, or several of the same second.

        In the released ledger position decides. National leaves stand outside it, on the same clock: what was in force
        when they were written governs them, and within one second that may be the old or the new.
        """
        if self.governing is None:
            return self.history[-1:]
        past = [each for each in self.governing.history if each.time <= time]
        return [each for number, each in enumerate(past) if number + 1 == len(past) or past[number + 1].time == time][
            ::-1
        ]

    def _names(self) -> tuple[str, str]:
        source = self.governing or self
        return source.programme, source.environment

    def judge(self, leaf: bytes, outlook: Outlook, *, verify: bool = True) -> tuple[Entry | None, Refusal | None]:
        """Decide the next leaf: the entry (None where it is no act) and the Refusal that makes it void (None if sound).

        With `verify` false its signatures are taken as checked before (by this node, when it took the leaf in).
        Raises Fork and UnknownRules, which stop everything.
        """
        index = self.size
        self.size += 1
        previous, self.previous = self.previous, tree.leaf_hash(leaf).hex()
        try:
            entry = open_leaf(leaf)
        except MalformedLeaf as error:
            return None, refuse(error.rule, str(error.reason), "The writing side states it again in the right form.")
        refusal = self._examine(entry, index, previous, outlook, verify)
        if refusal is None:
            self._take(entry)
        return entry, refusal

    def take(self, entry: Entry) -> None:
        """Take in the next leaf, known to be sound."""
        self.size += 1
        self.previous = tree.leaf_hash(entry.leaf).hex()
        self._take(entry)

    def skip(self, leaf: bytes) -> None:
        """Pass over the next leaf, known to be void."""
        self.size += 1
        self.previous = tree.leaf_hash(leaf).hex()

    def resume(self, governing: list[Entry], size: int, last_leaf: bytes, last_sound: Entry) -> None:
        """Stand at `size` without judging again: `governing` are the sound found, keys and power acts, in order."""
        for entry in governing:
            self._take(entry)
        self._take(last_sound)
        self.size, self.previous = size, tree.leaf_hash(last_leaf).hex()

    def examine(self, entry: Entry, outlook: Outlook) -> Refusal | None:
        """Whether `entry` would be sound as the next leaf, signatures apart; changes nothing."""
        return self._examine(entry, self.size, self.previous, outlook, verify=False)

    def _examine(self, entry: Entry, index: int, previous: str, outlook: Outlook, verify: bool) -> Refusal | None:
        act = entry.act
        where = f"{self.side} {self.ledger} entry {index}"
        if (act.side, act.ledger, act.index, act.previous) != (self.side, self.ledger, index, previous):
            return refuse(
                "place",
                f"{where} says it is {act.side} {act.ledger} entry {act.index} after {act.previous[:12]}",
                "A leaf stands only where it says it stands; write the act anew at its place.",
            )
        standings = self._standings(act.time)
        if not standings:
            return self._found(entry, where, verify)
        refusals = [self._govern(entry, index, where, standing, outlook, verify) for standing in standings]
        return None if None in refusals else refusals[0]

    def _govern(
        self, entry: Entry, index: int, where: str, standing: Standing, outlook: Outlook, verify: bool
    ) -> Refusal | None:
        act = entry.act
        # Signature before whatever halts: an entry that nobody answers for must not stop an exchange.
        refusal = self._signature(entry, standing, verify)
        if refusal is not None:
            return refusal
        terms = self._terms(act, where)
        if isinstance(terms, Refusal):
            return terms
        return (
            self._form(act, terms, standing)
            or self._clocks(act, where, outlook)
            or self._power(act, terms, standing)
            or self._evidence(act, index, outlook)
            or self._verb(entry, terms, standing, outlook)
        )

    def _terms(self, act: Act, where: str) -> object:
        if act.rules not in self.rule_sets:
            raise UnknownRules(act.rules, where)
        if act.verb not in table.TABLE:
            return refuse("verb", f"{act.verb} is no verb", "Use a verb of the table of acts.")
        return table.read_terms(act.verb, act.terms)

    def _found(self, entry: Entry, where: str, verify: bool) -> Refusal | None:
        act, terms = entry.act, self._terms(entry.act, where)
        if isinstance(terms, Refusal):
            return terms
        if (
            not isinstance(terms, table.Found)
            or (self.ledger, act.role) != ("released", table.TABLE["found"].role)
            or [party.side for party in terms.parties] != [self.side]
            or (act.seen.size, act.seen.root) != (0, EMPTY_ROOT)
            or act.rules not in terms.rule_sets
            or act.body
            or act.record
            or act.office
        ):
            return refuse(
                "founding",
                "a released ledger begins with `found`, signed by root keys, naming its own side alone and the rule "
                "set it is judged by, with nothing seen of another",
                "Found the office system first: dtti found.",
            )
        party = terms.parties[0]
        try:
            keylist.check(party.keys)
            if party.keys.version != 1:
                raise KeyListError("key-version", "the first key list has version 1")
            if verify:
                keylist.check_signed(party.keys, entry)
        except KeyListError as error:
            return refuse(error.rule, error.reason, "Found it again with keys that meet the rule.")
        return None

    def _form(self, act: Act, terms: object, standing: Standing) -> Refusal | None:
        row = table.TABLE[act.verb]
        programme, environment = self._names()
        if (act.programme, act.environment) != (programme, environment):
            return refuse(
                "programme",
                f"the act is of {act.programme} ({act.environment}), this ledger of {programme} ({environment})",
                "Write it in an office system of its own programme and environment.",
            )
        if act.rules not in standing.rule_sets:
            return refuse(
                "rules",
                f"rule set {act.rules} is not in force in this ledger",
                f"Name one of: {', '.join(standing.rule_sets)}.",
            )
        if act.ledger not in row.ledgers:
            return refuse(
                "verb", f"{act.verb} is not written in a {act.ledger} ledger", f"Write it in: {', '.join(row.ledgers)}."
            )
        if act.role != row.role:
            return refuse("role", f"{act.verb} is signed by {row.role} keys, not {act.role}", f"Sign with {row.role}.")
        least, most = row.bodies
        if not least <= len(act.body) <= most:
            return refuse(
                "bodies",
                f"{act.verb} carries {least} to {most} bodies, not {len(act.body)}",
                "Attach what it asks for.",
            )
        if bool(act.record) != row.on_record:
            wanted = "names a record" if row.on_record else "names no record"
            return refuse("record", f"{act.verb} {wanted}", f"Write {act.verb} so that it {wanted}.")
        if act.record:
            kind, side, _ = act.record.split("/")
            kinds = self.rule_sets[act.rules].kinds
            if kind not in kinds:
                return refuse(
                    "kind", f"{kind} is no kind of record in rule set {act.rules}", f"Use one of: {', '.join(kinds)}."
                )
            if side not in standing.parties and side != "PUB":
                return refuse("kind", f"{side} is no party of this ledger", "Name a record of one of the parties.")
        return None

    def _clocks(self, act: Act, where: str, outlook: Outlook) -> Refusal | None:
        if act.time < self.time:
            return refuse(
                "time",
                f"claimed time {act.time} is before {self.time}, which the ledger has reached",
                "Set the machine's clock right; times in a ledger never run back.",
            )
        if act.seen.size < self.seen:
            return refuse(
                "seen",
                f"it has seen {act.seen.size} entries of the other ledger, earlier acts had seen {self.seen}",
                "Write it from the present state of this office system.",
            )
        ours = outlook.root(act.seen.size)
        if ours != act.seen.root:
            raise Fork(where, act.seen.size, act.seen.root, ours)
        return None

    def _signature(self, entry: Entry, standing: Standing, verify: bool) -> Refusal | None:
        if not verify:
            return None
        try:
            keylist.check_signed(standing.keys, entry)
        except KeyListError as error:
            return refuse("signature", error.reason, "The side signs it anew with keys of its key list in force.")
        return None

    def _power(self, act: Act, terms: object, standing: Standing) -> Refusal | None:
        row = table.TABLE[act.verb]
        published = isinstance(terms, table.State) and terms.basis == "published"
        if not act.office:
            if row.office and not published:
                return refuse(
                    "power", f"{act.verb} needs an office behind it", "Act in an office that holds the power for it."
                )
            return None
        if not self._own_office(act.office):
            return refuse("power", f"{act.office} is no office of {self.side}", "Act in an office of this side.")
        if not row.office:
            return None
        kind = act.record.split("/")[0]
        if standing.power(act.office, act.verb, kind, act.time) is None:
            return refuse(
                "power",
                f"office {act.office} holds no power in force to {act.verb} on {kind}",
                "Have the power keys grant it, or act in an office that holds it.",
            )
        return None

    def _own_office(self, office: str) -> bool:
        parts = RECORD_ID.match(office)
        return parts is not None and parts["kind"] == "office" and parts["side"] in (self.side, "PUB")

    def _evidence(self, act: Act, index: int, outlook: Outlook) -> Refusal | None:
        for cited in act.rests:
            found = outlook.find(cited)
            past = found is not None and (
                (found[0] == self.side and (found[1] != self.ledger or found[2] < index))
                or (found[0] != self.side and found[1] == "released" and found[2] < act.seen.size)
            )
            if not past or (found and found[1] == "national" and self.ledger == "released"):
                return refuse(
                    "evidence",
                    f"act {cited[:16]} lies not in the causal past of this one",
                    "Rest only on acts that both ledgers already held when this was written.",
                )
        return None

    def _verb(self, entry: Entry, terms: object, standing: Standing, outlook: Outlook) -> Refusal | None:
        act = entry.act
        if act.verb in ("propose", "hand_over") and len(standing.parties) < 2:
            return refuse(
                "counterpart", "no counterpart has joined", "Record what was agreed on paper, or join a counterpart."
            )
        if isinstance(terms, table.Keys):
            try:
                keylist.succeeds(standing.keys, entry)
            except KeyListError as error:
                return refuse(error.rule, error.reason, "Make the next key list so that old and new root keys agree.")
        elif isinstance(terms, table.Found):
            sides = {party.side: party for party in terms.parties}
            own = sides.get(self.side)
            if len(sides) != 2 or len(standing.parties) == 2 or own != standing.parties[self.side]:
                return refuse(
                    "founding",
                    "a second founding joins one counterpart and leaves this side as it was founded",
                    "Use the counterpart's own accession file.",
                )
            unknown = [name for name in terms.rule_sets if name not in self.rule_sets]
            if unknown:
                raise UnknownRules(unknown[0], f"{self.side} founding")
            try:
                for party in sides.values():
                    keylist.check(party.keys)
            except KeyListError as error:
                return refuse(error.rule, error.reason, "The counterpart founds again with keys that meet the rule.")
        elif isinstance(terms, table.Power):
            known = standing.grants
            new = [grant.grant for grant in terms.grants]
            if set(new) & set(known) or len(set(new)) != len(new) or set(terms.ended) - set(known) - set(new):
                return refuse(
                    "grant", "a grant number is used twice or ended before it was given", "Number grants without reuse."
                )
            foreign = [grant.office for grant in terms.grants if not self._own_office(grant.office)]
            if foreign:
                return refuse("grant", f"{foreign[0]} is no office of {self.side}", "Grant to offices of this side.")
        elif isinstance(terms, table.Acknowledge):
            for held in terms.acts:
                found, meant = outlook.find(held.act), outlook.act(held.act)
                seen = found and found[0] != self.side and found[1] == "released" and found[2] < act.seen.size
                if not seen or meant is None:
                    return refuse(
                        "acknowledge", f"act {held.act[:16]} was not seen in the other ledger", "Exchange first."
                    )
                if (held.record, held.digest) != (meant.record, meant.body[0].digest if meant.body else None):
                    return refuse(
                        "acknowledge",
                        f"act {held.act[:16]} is on another record, or carries another text",
                        "Name the record and the digest of the first text as that act has them.",
                    )
        elif isinstance(terms, table.Release):
            named = [(each, "national") for each in act.rests] + [(each, "released") for each in terms.released]
            stand = [(outlook.find(each) or ("", "", 0))[:2] == (self.side, ledger) for each, ledger in named]
            if not act.rests or not all(stand):
                return refuse(
                    "release", "a release names national acts and their released copies", "Release through the form."
                )
        elif isinstance(terms, table.Tombstone):
            found = outlook.find(act.rests[0]) if len(act.rests) == 1 else None
            meant = outlook.act(act.rests[0]) if found and found[0] == self.side else None
            if meant is None or terms.digest not in {one.digest for one in meant.body}:
                return refuse(
                    "tombstone", "only the side that wrote an act erases one of its bodies", "Ask the writing side."
                )
        return None

    def _take(self, entry: Entry) -> None:
        act = entry.act
        self.time, self.seen = act.time, act.seen.size
        last = self.history[-1] if self.history else None
        if act.verb not in GOVERNING or (last and act.index < last.since):
            return
        terms = table.read_terms(act.verb, act.terms)
        since = act.index + 1
        if isinstance(terms, table.Found):
            parties = {party.side: party for party in terms.parties}
            if last is None:
                self.programme, self.environment = act.programme, act.environment
                own = parties[self.side].keys
                new = Standing(since, act.time, own, parties, tuple(terms.rule_sets), {}, frozenset())
            else:
                new = replace(last, since=since, time=act.time, parties=parties, rule_sets=tuple(terms.rule_sets))
        elif isinstance(terms, table.Keys) and last:
            new = replace(last, since=since, time=act.time, keys=terms.keys)
        elif isinstance(terms, table.Power) and last:
            new = replace(
                last,
                since=since,
                time=act.time,
                grants=last.grants | {grant.grant: grant for grant in terms.grants},
                ended=last.ended | set(terms.ended),
            )
        else:
            return
        self.history.append(new)
