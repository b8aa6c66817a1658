"""What each verb asks of the ledger that writes it, in every rule set and beyond it in dtti_2. Pure.

What a record allows is judged in `discipline`; keys, clocks and powers, which every act needs, in `authority`.
"""

from typing import TYPE_CHECKING

from dtti.ledger import keylist
from dtti.ledger.act import RECORD_ID, Act, Entry
from dtti.ledger.keylist import KeyListError

from . import binding, table, table_2
from .procedures import codes
from .refusal import Refusal, refuse
from .rules import RuleSet, UnknownRules
from .standing import Outlook, Standing

if TYPE_CHECKING:
    from .authority import Authority


def demands_1(writer: "Authority", entry: Entry, terms: object, standing: Standing, outlook: Outlook) -> Refusal | None:
    """Why an act of any set may not do what its verb does, by its own ledger and what it saw; None if it may."""
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
        own = sides.get(writer.side)
        if len(sides) != 2 or len(standing.parties) == 2 or own != standing.parties[writer.side]:
            return refuse(
                "founding",
                "a second founding joins one counterpart and leaves this side as it was founded",
                "Use the counterpart's own accession file.",
            )
        unknown = [name for name in terms.rule_sets if name not in writer.rule_sets]
        if unknown:
            raise UnknownRules(unknown[0], f"{writer.side} founding")
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
        rules = writer.rule_sets[act.rules]
        foreign = [grant.office for grant in terms.grants if not writer.own_office(grant.office, rules)]
        if foreign:
            return refuse("grant", f"{foreign[0]} is no office of {writer.side}", "Grant to offices of this side.")
    elif isinstance(terms, table.Acknowledge):
        for held in terms.acts:
            found, meant = outlook.find(held.act), outlook.act(held.act)
            seen = found and found[0] != writer.side and found[1] == "released" and found[2] < act.seen.size
            if not seen or meant is None:
                return refuse("acknowledge", f"act {held.act[:16]} was not seen in the other ledger", "Exchange first.")
            if (held.record, held.digest) != (meant.record, meant.body[0].digest if meant.body else None):
                return refuse(
                    "acknowledge",
                    f"act {held.act[:16]} is on another record, or carries another text",
                    "Name the record and the digest of the first text as that act has them.",
                )
    elif isinstance(terms, table.Release):
        named = [(each, "national") for each in act.rests] + [(each, "released") for each in terms.released]
        stand = [(outlook.find(each) or ("", "", 0))[:2] == (writer.side, ledger) for each, ledger in named]
        if not act.rests or not all(stand):
            return refuse(
                "release", "a release names national acts and their released copies", "Release through the form."
            )
    elif isinstance(terms, table.Tombstone):
        found = outlook.find(act.rests[0]) if len(act.rests) == 1 else None
        meant = outlook.act(act.rests[0]) if found and found[0] == writer.side else None
        if meant is None or terms.digest not in {one.digest for one in meant.body}:
            return refuse(
                "tombstone", "only the side that wrote an act erases one of its bodies", "Ask the writing side."
            )
    return None


def demands_2(writer: "Authority", act: Act, terms: object, standing: Standing, outlook: Outlook) -> Refusal | None:
    """What dtti_2 asks beyond dtti_1; its terms have types of their own, so that no act of dtti_1 comes here."""
    group: str | None = getattr(terms, "group", None)
    if group is not None and writer.ledger != "national":
        return refuse("group", "what is released is kept to no group", "Leave the group out, or keep it national.")
    new = isinstance(terms, table_2.Restrict) and group not in writer.groups
    if group is not None and not new and act.role == "node" and not writer.in_group(group, act.office, act.time):
        return refuse("group", "the office is no member of that group", "Have a member write it, or be taken in.")
    gate: table_2.Gate | None = getattr(terms, "gate", None)
    if gate is not None and (refusal := _shown(writer, act, gate, outlook)):
        return refusal
    if isinstance(terms, table_2.Power):
        return _credentials(writer, terms, standing, writer.rule_sets[act.rules])
    if isinstance(terms, table_2.Close) and terms.sighted is not None:
        return _sighted(writer, act, terms, outlook)
    if isinstance(terms, table_2.Tombstone):
        meant = outlook.act(act.rests[0])
        if meant is None or terms.part >= len(meant.body) or meant.body[terms.part].digest != terms.digest:
            return refuse("tombstone", f"that is not body {terms.part} of the act", "Name the body by its place.")
    elif isinstance(terms, table_2.Activate):
        if terms.rule_set in (*standing.rule_sets, *standing.activated):
            return refuse("activate", f"{terms.rule_set} was activated before", "Nothing more is needed.")
    elif isinstance(terms, table_2.ResetTime):
        return _reset(writer, act, terms, outlook)
    elif isinstance(terms, table_2.Restrict):
        if any(not writer.own_office(each.office, writer.rule_sets[act.rules]) for each in terms.members):
            return refuse("group", f"a member is no office of {writer.side}", "Name offices of this side.")
    elif isinstance(terms, table_2.Seat):
        return _seat(writer, act, terms, outlook)
    return None


def _shown(writer: "Authority", act: Act, gate: table_2.Gate, outlook: Outlook) -> Refusal | None:
    """Whether it rests on all acts that its gate names, and each is on a record of a kind that its row takes."""
    procedure = codes(gate.sop) if gate.sop in writer.rule_sets[act.rules].procedures else None
    for row in gate.rows:
        step = procedure.rows.get(row.row) if procedure else None
        takes = {*procedure.takes["any"], *procedure.takes.get(step.how, ())} if procedure and step else set()
        for each in row.acts:
            meant = outlook.act(each)
            if each not in act.rests or meant is None or meant.record.partition("/")[0] not in takes:
                return refuse(
                    "evidence",
                    f"it does not rest on act {each[:16]}, or that shows nothing of the row {row.row}",
                    "Rest on each act that its gate names, on records of the kinds that the row takes.",
                )
    return None


def _credentials(writer: "Authority", terms: table_2.Power, standing: Standing, rules: RuleSet) -> Refusal | None:
    new, known = [one.credential for one in terms.credentials], set(standing.credentials)
    if set(new) & known or len(set(new)) != len(new) or set(terms.ended_credentials) - known - set(new):
        return refuse(
            "credential", "a credential's number is used twice or ended before it was given", "Number them on."
        )
    for one in terms.credentials:
        if not writer.own_office(one.office, rules):
            return refuse("credential", f"{one.office} is no office of {writer.side}", "Bind offices of this side.")
        try:
            binding.public_key(one.public)
        except ValueError:
            return refuse("credential", f"the key of credential {one.credential} is none", "Enrol it again.")
    return None


def _sighted(writer: "Authority", act: Act, terms: table_2.Close, outlook: Outlook) -> Refusal | None:
    """Whether the entry named was claimed after the offer's date and had not seen the answer."""
    entry, offer = outlook.act(terms.sighted or ""), outlook.act(terms.offer)
    here, there = outlook.find(terms.sighted or ""), outlook.find(terms.answer or "")
    shows = (
        entry is not None
        and offer is not None
        and here is not None
        and there is not None
        and here[:2] == (writer.side, "released")
        and there[0] != writer.side
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


def _reset(writer: "Authority", act: Act, terms: table_2.ResetTime, outlook: Outlook) -> Refusal | None:
    named = [(outlook.act(each), outlook.find(each)) for each in act.rests]
    own = [one for one, place in named if one and place and place[:2] == (writer.side, writer.ledger)]
    if 0 < len(named) == len(own) <= 2:
        *before, first = own
        if (
            (before or first.index == 0)
            and all(each.index < first.index and each.time <= act.time for each in before)
            and first.index == terms.first
            and first.time > act.time
            and terms.reached >= writer.time > act.time
        ):
            return None
    return refuse(
        "reset-time",
        "it does not name an own act claimed later than this one, and one before it claimed no later",
        "Name the first act under the wrong clock, and the last one before it where there is one.",
    )


def _seat(writer: "Authority", act: Act, terms: table_2.Seat, outlook: Outlook) -> Refusal | None:
    given = (terms.seat is not None, terms.duty is not None, bool(terms.office), terms.since is not None)
    wanted = {"seat": (True,) * 4, "unseat": (True, False, False, False)}.get(terms.does, (False,) * 4)
    dated = terms.until is not None
    if given != wanted or (dated and terms.seat is None) or (terms.does == "unseat" and not dated):
        return refuse("seat", f"the fields are not those to {terms.does}", "Give the fields that it asks for.")
    office = RECORD_ID.match(terms.office)
    # One may sit, and read, in an office of the public record too; what acts is another matter (`power`).
    if terms.office and not (office and office["kind"] == "office" and office["side"] in (writer.side, "PUB")):
        return refuse("seat", f"{terms.office} is no office of {writer.side}", "Seat people in offices of this side.")
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
