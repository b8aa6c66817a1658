"""What the entries of a proof show about one text: its grade, whose it is, whether the other side holds it. Pure.

Knows acts, no ledger and no file: `proof` has checked where the entries stand and who signed them. Every entry must
have its part in the claim, so that a proof holds nothing that was not looked at.
"""

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec

from dtti.ledger.act import Code, Digest, Entry, Side
from dtti.ledger.chain import GOVERN
from dtti.ledger.verify import Fault

from . import binding, table, table_2
from .grade import Grade
from .refusal import Refusal
from .rule_sets import RULE_SETS
from .rules import RuleSet

RULING = (*GOVERN, "activate")  # shown whole: each of them, up to the checkpoint
PARTS = (*RULING, "power", "state", "propose", "accept", "send_back", "close", "acknowledge")


class Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a proof says. `held`: whether the side that did not write the deciding act acknowledged it.

    `passkeys`: the sides of which an act here carries the passkey assertion of a person in its office.
    """

    act: Digest
    environment: Code
    grade: Literal["agreed_here", "on_paper", "recorded", "published", "stated"]
    held: bool
    programme: Code
    record: str
    sides: list[Side]
    passkeys: Annotated[list[Side], msgspec.Meta(min_length=1)] = []  # absent where none do, never an empty list


class Broken(Exception):
    """A part of a proof that does not hold."""

    def __init__(self, where: str, rule: str, reason: str) -> None:
        super().__init__(reason)
        self.fault = Fault(where, rule, reason)


def says(claim: Claim, sizes: dict[str, int]) -> str:
    """The sentence at the head of a proof: who did what in which programme, as of which ledger sizes."""
    words = {
        "agreed_here": "agreed this text here",
        "on_paper": "each recorded this text from the same paper",
        "recorded": "recorded this text; it is that side's account alone",
        "published": "compiled this text from public sources; neither side confirmed it",
        "stated": "stated this version of its own record",
    }[claim.grade]
    held = "No receipt by the other side is shown."
    if claim.held:  # of one side's account, receipt must not be read as consent
        alone = claim.grade not in ("agreed_here", "on_paper")
        held = f"The other side acknowledged receipt{', which is not agreement' if alone else ''}."
    if claim.passkeys:
        held += f" Confirmed by passkey for {' and '.join(claim.passkeys)}."
    at = ", ".join(f"{side} {size}" for side, size in sorted(sizes.items()))
    return (
        f"{claim.programme} ({claim.environment}), record {claim.record}: {' and '.join(claim.sides)} {words}. {held} "
        f"As of ledger sizes {at}; later changes are not shown."
    )


def place(entry: Entry) -> str:
    """Where an entry of a proof stands, as faults name it."""
    return f"entry {entry.act.side} {entry.act.index}"


def check_form(entry: Entry, first: Entry) -> None:
    """Raise Broken unless `entry` has the form that the table of acts asks of its verb, in `first`'s programme."""
    act, where = entry.act, place(entry)
    if act.verb not in PARTS:
        raise Broken(where, "proof-form", f"{act.verb[:40]} has no part in a proof")
    rules = rules_of(entry)
    row = rules.table.get(act.verb)
    if row is None:
        raise Broken(where, "verb", f"{act.verb[:40]} is no verb of rule set {rules.name}")
    if act.role not in (row.role, row.alone):
        raise Broken(where, "role", f"{act.verb} is signed by {row.role} keys, not {act.role}")
    if (act.programme, act.environment) != (first.act.programme, first.act.environment):
        raise Broken(where, "programme", "it is not of the programme and environment of the founding")
    terms = rules.read_terms(act.verb, act.terms)
    if isinstance(terms, Refusal):
        raise Broken(where, terms.rule, terms.reason)
    if isinstance(terms, table_2.Activate):
        named = RULE_SETS.get(terms.rule_set)
        if act.rules != terms.rule_set or named is None or named.digest != terms.digest:
            raise Broken(where, "rules", f"it activates a rule set {terms.rule_set} that this version does not know")
    least, most = row.bodies
    if not least <= len(act.body) <= most:
        raise Broken(where, "bodies", f"{act.verb} carries {least} to {most} bodies, not {len(act.body)}")
    if bool(act.record) != row.on_record:
        raise Broken(where, "record", f"{act.verb} names {'a' if row.on_record else 'no'} record")


def rules_of(entry: Entry) -> RuleSet:
    """The rule set that an entry names; Broken where this version does not know it."""
    rules = RULE_SETS.get(entry.act.rules)
    if rules is None:
        raise Broken(place(entry), "rules", f"this version does not know rule set {entry.act.rules}; upgrade first")
    return rules


def terms_of(entry: Entry) -> object:
    """The typed fields of an entry that has passed `check_form`."""
    return rules_of(entry).read_terms(entry.act.verb, entry.act.terms)


def derive(act: str, entries: dict[str, Entry]) -> Claim:
    """The claim that `entries` (by id, all sound in form) make about the text of `act`; Broken where they make none."""
    entry = entries.get(act)
    if entry is None:
        raise Broken("claim", "claim", "the act that it names is not among the entries")
    others = [each for each in entries.values() if each.act.record == entry.act.record]
    terms = terms_of(entry)
    if isinstance(terms, table.State):
        grade, parts = _reported(entry, terms, others)
    elif isinstance(terms, table.Propose) or (isinstance(terms, table.SendBack) and _has_counter_text(entry, terms)):
        grade, parts = "agreed_here", _agreement(entry, terms, others)
    else:
        raise Broken("claim", "claim", f"{entry.act.verb} carries no text")
    acknowledgement = _acknowledgement(parts[-1], entries)
    bound = {each.id: _bound(each, entries) for each in parts if _assertion(each)}
    used = {each.id for each in parts} | set(bound.values()) | ({acknowledgement.id} if acknowledgement else set())
    for each in entries.values():
        if each.act.verb not in RULING and each.id not in used:
            raise Broken(place(each), "proof-form", "it has no part in what the file claims")
    return Claim(
        act,
        entry.act.environment,
        grade,
        acknowledgement is not None,
        entry.act.programme,
        entry.act.record,
        sorted({each.act.side for each in parts}),
        sorted({each.act.side for each in parts if each.id in bound}),
    )


def _assertion(entry: Entry) -> table_2.Assertion | None:
    assertion: table_2.Assertion | None = getattr(terms_of(entry), "assertion", None)
    return assertion


def _bound(entry: Entry, entries: dict[str, Entry]) -> str:
    """Id of the act of the power keys that bound the passkey of `entry` to its office; Broken where none is shown."""
    found = credential_of(entry, entries.values())
    if found is None:
        raise Broken(place(entry), "assertion", "the act that bound its passkey to its office is not among the entries")
    return found[0].id


def credential_of(entry: Entry, entries: Iterable[Entry]) -> tuple[Entry, table_2.Credential] | None:
    """The act of the power keys in `entries` that gives the credential of the assertion of `entry`, and that."""
    assertion = _assertion(entry)
    if assertion is None:
        return None
    for each in entries:
        act = each.act
        if (act.verb, act.side) == ("power", entry.act.side) and act.index < entry.act.index:
            terms = terms_of(each)
            if isinstance(terms, table_2.Power):
                for one in terms.credentials:
                    if (one.credential, one.office) == (assertion.credential, entry.act.office):
                        return each, one
    return None


def check_assertion(entry: Entry, entries: Iterable[Entry], constitution: str) -> None:
    """Raise Broken where the passkey assertion of `entry`, if it carries one, does not hold."""
    assertion = _assertion(entry)
    given = credential_of(entry, entries)
    if assertion is None or given is None:  # `derive` asks for the act that bound it
        return
    credential, time = given[1], entry.act.time
    challenge = binding.binding_of(entry.act, constitution, assertion.nonce).digest()
    fault = binding.fault_of(assertion, credential, challenge)
    if not fault and not credential.since <= time <= (credential.until or time):
        fault = "the credential was not in force"
    if fault:
        raise Broken(place(entry), "assertion", f"the passkey assertion does not hold: {fault}")


def text_body(entry: Entry) -> int:
    """Which of its bodies is the text of an act that carries one."""
    return 1 if entry.act.verb == "send_back" else 0


def _has_counter_text(entry: Entry, terms: table.SendBack) -> bool:
    return terms.until is not None and terms.next is not None and len(entry.act.body) > 1


def _saw(later: Entry, earlier: Entry) -> Entry:
    if later.act.seen.size <= earlier.act.index:
        raise Broken(place(later), "seen", f"it was written before {place(earlier)} was seen")
    return later


def _reported(entry: Entry, terms: table.State, others: list[Entry]) -> tuple[Grade, list[Entry]]:
    """A report and what it stands on. Only the text that a confirmation names is confirmed by it."""
    confirming = next(
        (
            each
            for each in others
            if each.act.verb == "state"
            and each.act.side != entry.act.side
            and (each.act.terms.get("basis"), each.act.terms.get("confirms")) == ("paper", entry.id)
        ),
        None,
    )
    if terms.basis == "paper" and confirming is not None:
        return "on_paper", [entry, _saw(confirming, entry)]
    if terms.basis == "published":
        return "published", [entry]
    if terms.basis is not None:
        return "recorded", [entry]
    if entry.act.record.split("/")[1] != entry.act.side:
        raise Broken(place(entry), "owner", f"{entry.act.side} does not own {entry.act.record}, and gives no basis")
    return "stated", [entry]


def _agreement(offer: Entry, terms: table.Propose | table.SendBack, others: list[Entry]) -> list[Entry]:
    """Offer, acceptance, and the closing unless the offer is firm."""
    accept = next(
        (
            each
            for each in others
            if each.act.verb == "accept" and each.act.side != offer.act.side and each.act.terms.get("offer") == offer.id
        ),
        None,
    )
    if accept is None:
        raise Broken("claim", "claim", "no acceptance by the other side is among the entries")
    if terms.until is not None and accept.act.time > terms.until:
        raise Broken(place(accept), "until", f"the offer was open until {terms.until}")
    parts = [offer, _saw(accept, offer)]
    if isinstance(terms, table.Propose) and terms.firm and rules_of(offer).firm_answer_decides:
        return parts
    wanted = {"offer": offer.id, "answer": accept.id, "outcome": "agreed"}
    for each in others:
        named = {name: value for name, value in each.act.terms.items() if name in wanted}
        if each.act.verb == "close" and each.act.side == offer.act.side and named == wanted:
            return [*parts, _saw(each, accept)]
    raise Broken("claim", "claim", "the proposer's closing as agreed is not among the entries")


def _acknowledgement(decided: Entry, entries: dict[str, Entry]) -> Entry | None:
    wanted = table.Held(decided.id, decided.act.record, decided.act.body[0].digest if decided.act.body else None)
    for each in entries.values():
        if each.act.verb == "acknowledge" and each.act.side != decided.act.side:
            terms = terms_of(each)
            if isinstance(terms, table.Acknowledge) and wanted in terms.acts:
                return _saw(each, decided)
    return None
