"""Who may write: one ledger read in order, its keys, powers, clocks and places, up to each leaf. Pure.

What is judged here needs only the writing side's own ledger and what it has seen of the other's: the place of the leaf,
programme, rule set, signature, clocks, terms, power and evidence. What a record allows is judged in `discipline`.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

import msgspec
from msgspec.structs import replace

from dtti.ledger import canonical, keylist, tree
from dtti.ledger.act import NOTHING, RECORD_ID, Act, Entry, MalformedLeaf, open_leaf
from dtti.ledger.keylist import KeyList, KeyListError, Party

from . import binding, table, table_2
from .refusal import Refusal, refuse
from .rules import RuleSet, RuleSets, UnknownRules

EMPTY_ROOT = tree.EMPTY.hex()

Where = tuple[str, str, int]  # side, ledger, index
GOVERNING = ("found", "keys", "power", "activate", "reset_time", "restrict")


class Outlook(msgspec.Struct, frozen=True):
    """What judging a leaf needs to know of the rest of the world, as questions.

    `root`: root (hex) of the *other* side's released ledger at a size, None where that is more than exists here.
    `find`: where an act stands (side, ledger, index), None where it does not.
    `act`: an act by its id, None where it does not stand.
    `activated`: whether the *other* side had activated a rule set within so many leaves of its released ledger.
    """

    root: Callable[[int], str | None]
    find: Callable[[str], Where | None]
    act: Callable[[str], Act | None]
    activated: Callable[[str, int], bool] = lambda name, size: False


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
    grants: Mapping[int, table.Grant]
    ended: frozenset[int]
    constitution: str = ""
    activated: frozenset[str] = frozenset()  # rule sets by this side's own activation
    credentials: Mapping[int, table_2.Credential] = {}
    ended_credentials: frozenset[int] = frozenset()

    def power(self, office: str, verb: str, kind: str, time: str, *, asserted: bool = True) -> table.Grant | None:
        """The grant by which `office` may write `verb` on `kind` ("": on no record) at `time`, or None.

        `asserted` false: without a passkey assertion, so that grants which ask for one do not count.
        """
        for number, grant in self.grants.items():
            if (
                grant.office == office
                and number not in self.ended
                and verb in grant.verbs
                and (not kind or kind in grant.kinds or "all" in grant.kinds)
                and (asserted or not getattr(grant, "assertion", False))
                and grant.since <= time
                and (grant.until is None or time <= grant.until)
            ):
                return grant
        return None

    def credential(self, number: int, office: str, time: str) -> table_2.Credential | None:
        """The credential of that number, if it is `office`'s and in force at `time`."""
        one = self.credentials.get(number)
        if one is None or number in self.ended_credentials or one.office != office or not one.since <= time:
            return None
        return one if one.until is None or time <= one.until else None


class Reset(msgspec.Struct, frozen=True):
    """A repair of the clock: leaves from `first` up to `index` count as of `time`; they had run to `reached`.

    `since`: claimed time of the leaf before `first`, where a ledger is judged with its repairs known (see `Authority`).
    """

    first: int
    index: int
    time: str
    reached: str
    since: str = ""


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

    def __init__(
        self,
        side: str,
        ledger: str,
        rule_sets: RuleSets,
        governing: "Authority | None" = None,
        repaired: Sequence[Reset] = (),
    ) -> None:
        """`governing`: the released ledger's authority, where this one is the national ledger's.

        `repaired`: repairs of the clock that stand later in a national ledger that is to be judged from its beginning.
        """
        self.repaired = repaired
        self.side, self.ledger, self.rule_sets = side, ledger, rule_sets
        self.governing = governing
        self.size, self.previous = 0, NOTHING
        self.time, self.seen = "", 0
        self.programme = self.environment = ""
        self.history: list[Standing] = []
        self.resets: list[Reset] = []
        self.groups: dict[str, tuple[table_2.Member, ...]] = {}  # restricted groups, of a national ledger

    def copy(self) -> "Authority":
        """An independent copy, to try leaves on."""
        twin = Authority(self.side, self.ledger, self.rule_sets, self.governing)
        twin.__dict__.update(self.__dict__)
        twin.history, twin.resets, twin.groups = list(self.history), list(self.resets), dict(self.groups)
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

    def known(self, act: Act) -> str:
        """From when an act of this ledger counts as known, where that is not its claimed time; else empty.

        Of several repairs the last decides: one that was itself made under a wrong clock is repaired by the next.
        """
        for reset in reversed(self.resets):
            if reset.first <= act.index < reset.index and act.time > reset.time:
                return reset.time
        return ""

    def sets_in_force(self, standing: Standing, seen: int, outlook: Outlook) -> list[str]:
        """The rule sets in force under `standing` for an act that has seen so much of the other ledger, oldest first.

        Those of the founding; one that this side has activated, once the other side's activation was seen too. Of what
        stays national, and of a side alone, this side's own activation decides.
        """
        alone = self.governing is not None or len(standing.parties) < 2
        return [
            name
            for name in self.rule_sets
            if name in standing.rule_sets or (name in standing.activated and (alone or outlook.activated(name, seen)))
        ]

    def rules_for(self, terms: object, standing: Standing, seen: int, outlook: Outlook) -> str:
        """The rule set that an act is to name: the latest in force, but that of the offer where it is about one.

        An activation names the set that it activates. Empty where none is known here.
        """
        if isinstance(terms, table_2.Activate):
            return terms.rule_set
        sets = self.sets_in_force(standing, seen, outlook)
        offer = outlook.act(getattr(terms, "offer", ""))
        if offer is not None and offer.rules in sets:
            return offer.rules
        return sets[-1] if sets else ""

    def _standings(self, time: str, index: int) -> list[Standing]:
        """What governs the leaf at `index`, claimed at `time`, latest first: one standing, or several.

        In the released ledger position decides. National leaves stand outside it, on the same clock: what was in force
        when they were written governs them, and within one second that may be the old or the new. Under a clock that
        was repaired since, it is whatever was in force from the last leaf before to the repair.
        """
        if self.governing is None:
            return self.history[-1:]
        reset = next((each for each in reversed(self.repaired) if each.first <= index < each.index), None)
        first, last = (reset.since, reset.time) if reset else (time, time)
        past = [each for each in self.governing.history if each.time <= last]
        return [each for number, each in enumerate(past) if number + 1 == len(past) or past[number + 1].time >= first][
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
        standings = self._standings(act.time, index)
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
            self._form(act, terms, standing, outlook)
            or self._clocks(act, terms, where, outlook)
            or self._assertion(act, terms, standing, verify)
            or self._power(act, terms, standing, outlook)
            or self._evidence(act, index, outlook)
            or self._verb(entry, terms, standing, outlook)
            or self._verb_2(act, terms, standing, outlook)
        )

    def _terms(self, act: Act, where: str) -> object:
        rules = self.rule_sets.get(act.rules)
        if rules is None:
            raise UnknownRules(act.rules, where)
        if act.verb not in rules.table:
            return refuse("verb", f"{act.verb} is no verb", "Use a verb of the table of acts.")
        terms = rules.read_terms(act.verb, act.terms)
        if isinstance(terms, table_2.Activate):
            named = self.rule_sets.get(terms.rule_set)
            if named is None or named.digest != terms.digest:  # another set under a name that is known here
                raise UnknownRules(terms.rule_set, where)
        return terms

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

    def _form(self, act: Act, terms: object, standing: Standing, outlook: Outlook) -> Refusal | None:
        rules = self.rule_sets[act.rules]
        row = rules.table[act.verb]
        programme, environment = self._names()
        if (act.programme, act.environment) != (programme, environment):
            return refuse(
                "programme",
                f"the act is of {act.programme} ({act.environment}), this ledger of {programme} ({environment})",
                "Write it in an office system of its own programme and environment.",
            )
        asked = self.rules_for(terms, standing, act.seen.size, outlook)
        if act.rules != asked:
            return refuse(
                "rules",
                f"rule set {act.rules} is not the one in force for this act",
                f"Name {asked}: the latest in force, or that of the offer which the act is about.",
            )
        if act.ledger not in row.ledgers:
            return refuse(
                "verb", f"{act.verb} is not written in a {act.ledger} ledger", f"Write it in: {', '.join(row.ledgers)}."
            )
        if act.role not in (row.role, row.alone):
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
            kinds = rules.kinds
            if kind not in kinds:
                return refuse(
                    "kind", f"{kind} is no kind of record in rule set {act.rules}", f"Use one of: {', '.join(kinds)}."
                )
            if side not in standing.parties and side != "PUB":
                return refuse("kind", f"{side} is no party of this ledger", "Name a record of one of the parties.")
        return None

    def _clocks(self, act: Act, terms: object, where: str, outlook: Outlook) -> Refusal | None:
        if act.time < self.time and not isinstance(terms, table_2.ResetTime):
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

    def _assertion(self, act: Act, terms: object, standing: Standing, verify: bool) -> Refusal | None:
        """A passkey assertion, where the act has one: by a credential of its office, over the act's binding form."""
        assertion: table_2.Assertion | None = getattr(terms, "assertion", None)
        if assertion is None:
            return None
        credential = standing.credential(assertion.credential, act.office, act.time)
        fault = "its credential is not one of this office in force"
        if credential is not None:
            challenge = binding.binding_of(act, standing.constitution, assertion.nonce).digest()
            fault = binding.fault_of(assertion, credential, challenge, signature=verify)
        if fault:
            return refuse("assertion", f"the passkey assertion does not hold: {fault}", "Confirm it again on its page.")
        return None

    def _power(self, act: Act, terms: object, standing: Standing, outlook: Outlook) -> Refusal | None:
        row = self.rule_sets[act.rules].table[act.verb]
        published = isinstance(terms, table.State) and terms.basis == "published"
        decides = isinstance(terms, table_2.Close) and terms.sighted is not None
        if not act.office:
            if decides or (row.office and not published and act.role != row.alone):
                return refuse(
                    "power", f"{act.verb} needs an office behind it", "Act in an office that holds the power for it."
                )
            return None
        if not self._own_office(act.office, self.rule_sets[act.rules]):
            return refuse("power", f"{act.office} is no office of {self.side}", "Act in an office of this side.")
        if not row.office and not decides:
            return None
        kind, verb = act.record.split("/")[0], "withdraw" if decides else act.verb
        asserted = getattr(terms, "assertion", None) is not None
        if isinstance(terms, table_2.Release) and not asserted:  # a person signs what goes out, before it has an id
            copies = [outlook.act(one) for one in terms.released]
            asserted = all(
                one and (one.verb, one.office) == ("state", act.office) and "assertion" in one.terms for one in copies
            )
        if standing.power(act.office, verb, kind, act.time, asserted=asserted) is None:
            return refuse(
                "power",
                f"office {act.office} holds no power in force to {verb} on {kind or 'no record'}"
                f"{'' if asserted else ' without a passkey'}",
                "Have the power keys grant it, or act in an office that holds it.",
            )
        return None

    def _own_office(self, office: str, rules: RuleSet) -> bool:
        parts = RECORD_ID.match(office)
        sides = (self.side, "PUB") if rules.neutral_offices else (self.side,)
        return parts is not None and parts["kind"] == "office" and parts["side"] in sides

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
            rules = self.rule_sets[act.rules]
            foreign = [grant.office for grant in terms.grants if not self._own_office(grant.office, rules)]
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

    def _verb_2(self, act: Act, terms: object, standing: Standing, outlook: Outlook) -> Refusal | None:
        """What dtti_2 asks beyond dtti_1; its terms have types of their own, so that no act of dtti_1 comes here."""
        group: str | None = getattr(terms, "group", None)
        if group is not None and self.ledger != "national":
            return refuse("group", "what is released is kept to no group", "Leave the group out, or keep it national.")
        new = isinstance(terms, table_2.Restrict) and group not in self.groups
        if group is not None and not new and act.role == "node" and not self.in_group(group, act.office, act.time):
            return refuse("group", "the office is no member of that group", "Have a member write it, or be taken in.")
        gate: table_2.Gate | None = getattr(terms, "gate", None)
        if gate is not None:
            named = {gate.sop, *(met.act for met in gate.met), *(waived.authority for waived in gate.waived)}
            if not named <= set(act.rests):
                return refuse("evidence", "it does not rest on all that its gate names", "Rest on each of these acts.")
        if isinstance(terms, table_2.Power):
            return self._credentials(terms, standing, self.rule_sets[act.rules])
        if isinstance(terms, table_2.Close) and terms.sighted is not None:
            return self._sighted(act, terms, outlook)
        if isinstance(terms, table_2.Tombstone):
            meant = outlook.act(act.rests[0])
            if meant is None or terms.part >= len(meant.body) or meant.body[terms.part].digest != terms.digest:
                return refuse("tombstone", f"that is not body {terms.part} of the act", "Name the body by its place.")
        elif isinstance(terms, table_2.Activate):
            if terms.rule_set in (*standing.rule_sets, *standing.activated):
                return refuse("activate", f"{terms.rule_set} was activated before", "Nothing more is needed.")
        elif isinstance(terms, table_2.ResetTime):
            return self._reset(act, terms, outlook)
        elif isinstance(terms, table_2.Restrict):
            if any(not self._own_office(each.office, self.rule_sets[act.rules]) for each in terms.members):
                return refuse("group", f"a member is no office of {self.side}", "Name offices of this side.")
        elif isinstance(terms, table_2.Seat):
            return self._seat(act, terms, outlook)
        return None

    def _credentials(self, terms: table_2.Power, standing: Standing, rules: RuleSet) -> Refusal | None:
        new, known = [one.credential for one in terms.credentials], set(standing.credentials)
        if set(new) & known or len(set(new)) != len(new) or set(terms.ended_credentials) - known - set(new):
            return refuse(
                "credential", "a credential's number is used twice or ended before it was given", "Number them on."
            )
        for one in terms.credentials:
            if not self._own_office(one.office, rules):
                return refuse("credential", f"{one.office} is no office of {self.side}", "Bind offices of this side.")
            try:
                binding.public_key(one.public)
            except ValueError:
                return refuse("credential", f"the key of credential {one.credential} is none", "Enrol it again.")
        return None

    def _sighted(self, act: Act, terms: table_2.Close, outlook: Outlook) -> Refusal | None:
        """Whether the entry named was claimed after the offer's date and had not seen the answer."""
        entry, offer = outlook.act(terms.sighted or ""), outlook.act(terms.offer)
        here, there = outlook.find(terms.sighted or ""), outlook.find(terms.answer or "")
        shows = (
            entry is not None
            and offer is not None
            and here is not None
            and there is not None
            and here[:2] == (self.side, "released")
            and there[0] != self.side
            and entry.time > str(offer.terms.get("until"))
            and entry.seen.size <= there[2] < act.seen.size
        )
        if shows:
            return None
        return refuse(
            "late",
            "the entry named does not show that the answer was first seen after the date",
            "Name an own entry, claimed after the date, that had not seen the answer; or close it by its answer.",
        )

    def _reset(self, act: Act, terms: table_2.ResetTime, outlook: Outlook) -> Refusal | None:
        named = [(outlook.act(each), outlook.find(each)) for each in act.rests]
        own = [one for one, place in named if one and place and place[:2] == (self.side, self.ledger)]
        if 0 < len(named) == len(own) <= 2:
            *before, first = own
            if (
                (before or first.index == 0)
                and all(each.index < first.index and each.time <= act.time for each in before)
                and first.index == terms.first
                and first.time > act.time
                and terms.reached >= self.time > act.time
            ):
                return None
        return refuse(
            "reset-time",
            "it does not name an own act claimed later than this one, and one before it claimed no later",
            "Name the first act under the wrong clock, and the last one before it where there is one.",
        )

    def in_group(self, group: str, office: str, time: str) -> bool:
        """Whether `office` is a member of a restricted group at `time`; nobody is of a group that does not exist."""
        return any(
            one.office == office and one.since <= time and (one.until is None or time <= one.until)
            for one in self.groups.get(group, ())
        )

    def _seat(self, act: Act, terms: table_2.Seat, outlook: Outlook) -> Refusal | None:
        given = (terms.seat is not None, terms.duty is not None, bool(terms.office), terms.since is not None)
        wanted = {"seat": (True,) * 4, "unseat": (True, False, False, False)}.get(terms.does, (False,) * 4)
        dated = terms.until is not None
        if given != wanted or (dated and terms.seat is None) or (terms.does == "unseat" and not dated):
            return refuse("seat", f"the fields are not those to {terms.does}", "Give the fields that it asks for.")
        office = RECORD_ID.match(terms.office)
        # One may sit, and read, in an office of the public record too; what acts is another matter (`power`).
        if terms.office and not (office and office["kind"] == "office" and office["side"] in (self.side, "PUB")):
            return refuse("seat", f"{terms.office} is no office of {self.side}", "Seat people in offices of this side.")
        if (terms.by is None) != (act.role == "power"):
            return refuse(
                "seat",
                "the account of the person who asks or confirms is named, and none by the power keys",
                "Ask for it, or confirm it, on the page of those who may act.",
            )
        if terms.confirms is None:
            return None
        asked = outlook.act(terms.confirms)
        same = asked is not None and asked.terms | {"by": terms.by, "confirms": terms.confirms} == act.terms
        if asked is None or not same or "confirms" in asked.terms or asked.office == act.office:
            return refuse(
                "seat",
                "a confirmation repeats the fields of another office's act",
                "Open what was asked for, and confirm it as it stands.",
            )
        if asked.terms["by"] == terms.by:
            return refuse("seat", "the person who asked confirms it", "Another person, in another office, confirms it.")
        if terms.account == terms.by and terms.does in ("open", "access", "seat"):
            return refuse("seat", "it is confirmed by whom it seats", "A person whom it gives nothing confirms it.")
        return None

    def _take(self, entry: Entry) -> None:
        act = entry.act
        self.time, self.seen = act.time, act.seen.size
        last = self.history[-1] if self.history else None
        if act.verb not in GOVERNING or (last and act.index < last.since):
            return
        terms = self.rule_sets[act.rules].read_terms(act.verb, act.terms)
        since = act.index + 1
        if isinstance(terms, table.Found):
            parties = {party.side: party for party in terms.parties}
            if last is None:
                self.programme, self.environment = act.programme, act.environment
                own = parties[self.side].keys
                new = Standing(since, act.time, own, parties, tuple(terms.rule_sets), {}, frozenset())
            else:
                new = replace(last, since=since, time=act.time, parties=parties, rule_sets=tuple(terms.rule_sets))
            new = replace(new, constitution=constitution(act, terms))
        elif isinstance(terms, table.Keys) and last:
            new = replace(last, since=since, time=act.time, keys=terms.keys)
        elif isinstance(terms, table.Power) and last:
            new = replace(
                last,
                since=since,
                time=act.time,
                grants={**last.grants, **{grant.grant: grant for grant in terms.grants}},
                ended=last.ended | set(terms.ended),
            )
            if isinstance(terms, table_2.Power):
                new = replace(
                    new,
                    credentials={**last.credentials, **{one.credential: one for one in terms.credentials}},
                    ended_credentials=last.ended_credentials | set(terms.ended_credentials),
                )
        elif isinstance(terms, table_2.Activate) and last:
            new = replace(last, since=since, time=act.time, activated=last.activated | {terms.rule_set})
        elif isinstance(terms, table_2.ResetTime):
            self.resets.append(Reset(terms.first, act.index, act.time, terms.reached))
            self.history = [
                replace(one, time=act.time) if one.since > terms.first and one.time > act.time else one
                for one in self.history
            ]
            return
        elif isinstance(terms, table_2.Restrict):
            self.groups[terms.group] = tuple(terms.members)
            return
        else:
            return
        self.history.append(new)
