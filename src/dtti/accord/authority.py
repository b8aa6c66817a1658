"""Who may write: one ledger read in order, its keys, powers, clocks and places, up to each leaf. Pure.

What is judged here needs only the writing side's own ledger and what it has seen of the other's: the place of the leaf,
programme, rule set, signature, clocks, terms, power and evidence. What a record allows is judged in `discipline`.
"""

from bisect import bisect_right
from collections.abc import Sequence

from msgspec.structs import replace

from dtti.ledger import keylist, tree
from dtti.ledger.act import NOTHING, RECORD_ID, Act, Entry, MalformedLeaf, open_leaf
from dtti.ledger.keylist import KeyListError

from . import binding, table, table_2
from .demands import demands_1, demands_2
from .refusal import Refusal, refuse
from .rules import RuleSet, RuleSets, UnknownRules
from .standing import Fork, Outlook, Reset, Standing, constitution

EMPTY_ROOT = tree.EMPTY.hex()

GOVERNING = ("found", "keys", "power", "activate", "reset_time", "restrict")


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
            or demands_1(self, entry, terms, standing, outlook)
            or demands_2(self, act, terms, standing, outlook)
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
        if not self.own_office(act.office, self.rule_sets[act.rules]):
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

    def own_office(self, office: str, rules: RuleSet) -> bool:
        """Whether `office` is one of this side, where the rules tell."""
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

    def in_group(self, group: str, office: str, time: str) -> bool:
        """Whether `office` is a member of a restricted group at `time`; nobody is of a group that does not exist."""
        return any(
            one.office == office and one.since <= time and (one.until is None or time <= one.until)
            for one in self.groups.get(group, ())
        )

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
