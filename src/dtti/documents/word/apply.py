"""The confirmed changes of a proposal, and no other, put into the text that was sent. Reads no file."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TypeVar

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.documents.values import Language, Passage, Words

from . import plan as plans
from . import rebuild
from .added import entry_of, words_of
from .compare import digest_of
from .draft import Draft, Entry, Field, Form, Held
from .model import AddedClause, Change, Comparison
from .plan import Unit, of_clause
from .values import Unclear

Text = TypeVar("Text", bound=msgspec.Struct)


def apply(form: Form, text: Text, proposal: Comparison, confirmed: Collection[str]) -> Text:
    """The text with the changes whose ids are in `confirmed`, and no other.

    Nothing confirmed, nothing changed. A text in two languages of which one was changed is no longer reviewed; where
    anything changed, the digest is "", since it was another text's. Refused: `word-other-text` where the proposal was
    made for another text, `word-unknown-change`, `word-brackets-differ` where both languages are shown and a bracket
    was confirmed in one only, `word-value` where what came in cannot stand there (a date that is none), `word-kept`
    where it is never changed by editing.
    """
    if digest_of(text) != proposal.sent:
        raise _no(
            "word-other-text",
            "The proposal compares a file with another text than this one",
            "Compare the file again with the text as it stands now.",
        )
    known = {each.id: each for each in proposal.changes}
    unknown = sorted(set(confirmed) - set(known))
    if unknown:
        raise _no(
            "word-unknown-change",
            f"The proposal holds no change {unknown[0][:120]!r}",
            "Confirm changes by the ids that the proposal gives.",
        )
    taken = [each for each in proposal.changes if each.id in confirmed]
    if not taken:
        return text
    for each in taken:
        if each.trouble:
            raise _no(each.trouble.rule, f"{each.id}: {each.trouble.reason.en}", "Leave that change unconfirmed.")
    draft = form.draft(text)
    made = plans.plan(draft, languages=proposal.languages, layout="after", first=proposal.first)
    by_slot: dict[str, list[Change]] = {}
    for each in taken:
        by_slot.setdefault(each.slot, []).append(each)
    units: dict[str, list[Unit]] = {}
    for unit in made.units():
        units.setdefault(unit.slot, []).append(unit)
    values: dict[str, Held] = {
        each.name: _value(each, each.name, units[each.name], by_slot[each.name])
        for each in draft.fields()
        if each.name in by_slot
    }
    entries = [_entry(each, units, by_slot) for each in draft.entries]
    ordered = _ordered(draft, entries, proposal, {each.id for each in taken})
    if "digest" in draft.held and "digest" not in values:
        values["digest"] = None
    return _checked(form, draft.changed(values, tuple(ordered)), type(text))


def _no(rule: str, reason: str, remedy: str) -> Refused:
    return Refused(refuse(rule, reason, remedy))


def _checked(form: Form, draft: Draft, kind: type[Text]) -> Text:
    try:
        return msgspec.convert(msgspec.to_builtins(form.back(draft)), kind)
    except (msgspec.ValidationError, ValueError) as error:
        raise _no("word-value", f"What came in cannot stand there: {error}", "Leave that change unconfirmed.") from None


def _in(changes: Sequence[Change], language: Language) -> list[Change]:
    return [each for each in changes if each.language == language]


def _value(one: Field, slot: str, units: Sequence[Unit], changes: Sequence[Change]) -> Held:
    """What a field holds after its changes; None where nothing is left."""
    if one.type == "words":
        return _said(one, slot, units, changes)
    if units[0].typed is None:
        return rebuild.plain(units[0], changes) or None
    found = {each.value for each in changes}
    if len(found) > 1:
        raise _no(
            "word-value", f"{slot}: the two languages would give two values", "Confirm the change of one of them only."
        )
    return found.pop() or None


def _said(one: Field, slot: str, units: Sequence[Unit], changes: Sequence[Change]) -> Held:
    before = one.value if isinstance(one.value, Words) else None
    held: dict[Language, str] = {"en": before.en, "hi": before.hi} if before else {"en": "", "hi": ""}
    for unit in units:
        own = _in(changes, unit.edition)
        if own:
            language = next((piece.language for piece in unit.pieces if not piece.aside), unit.edition)
            held[language] = rebuild.plain(unit, own)
    if not any(held.values()):
        if one.needed:
            raise _no("word-value", f"The {slot} would be empty", "Leave that change unconfirmed.")
        return None
    if before is None:
        return words_of(held)
    return Words(held["en"], held["hi"], before.reviewed if held == {"en": before.en, "hi": before.hi} else False)


def _entry(entry: Entry, units: dict[str, list[Unit]], by_slot: dict[str, list[Change]]) -> Entry:
    """An entry with the confirmed changes of its number, its values and its text."""
    for each in by_slot.get(f"clause/{entry.key}", ()):
        if each.kind == "number":
            entry = replace(entry, number=each.added[0].text if each.added else "")
    fields = []
    for one in entry.fields:
        slot = of_clause(entry.key, one.name)
        if slot in by_slot and one.type == "passages":
            entry = replace(entry, passages=_passages(entry, units[slot], by_slot[slot]))
        fields.append(
            replace(one, value=_value(one, slot, units[slot], by_slot[slot]))
            if slot in by_slot and one.type != "passages"
            else one
        )
    return replace(entry, fields=tuple(fields))


def _passages(entry: Entry, own: Sequence[Unit], changes: Sequence[Change]) -> tuple[Passage, ...]:
    found = [rebuild.entries(unit, entry.passages, _in(changes, unit.edition)) for unit in own]
    if len(found) == 1:
        return rebuild.alone(found[0], entry.passages)
    passages, wrong = rebuild.merged(found[0], found[1], entry.passages)
    if wrong and not passages:
        raise _no(
            "word-brackets-differ",
            f"Clause {entry.number or entry.key}: brackets would stand in one language only, at {wrong!r}",
            "Confirm the bracket's change in both languages, or in neither.",
        )
    return passages


def _new(draft: Draft, added: AddedClause) -> Entry:
    try:
        return entry_of(draft, added)
    except Unclear as error:
        raise _no("word-value", f"{added.key}: {error.reason.en}", "Leave that change unconfirmed.") from None


def _ordered(draft: Draft, clauses: Sequence[Entry], proposal: Comparison, taken: set[str]) -> list[Entry]:
    """The clauses in their new order: what was not confirmed stays among its neighbours as sent."""
    held = {each.key: each for each in clauses}

    def within(key: str, place: int) -> int:
        """A place moved to where the entry's own part begins or ends, if it lies outside."""
        own = draft.place_of(held[key].sort)
        places = [draft.place_of(held[each].sort) for each in order]
        return min(max(place, sum(each < own for each in places)), sum(each <= own for each in places))

    order = [key for key in held if f"clause/{key}/deleted" not in taken]
    moved = [key for key in order if f"clause/{key}/moved" in taken]
    order = [key for key in order if key not in moved]
    after = {each.slot[len("clause/") :]: each.after for each in proposal.changes if each.kind in ("moved", "added")}
    added = {each.key: each for each in proposal.added if f"clause/{each.key}/added" in taken}
    places = {each.key: each.place_returned for each in proposal.clauses}
    returned = sorted((key for key in places if places[key]), key=lambda key: places[key])
    for key in sorted(moved, key=lambda key: places[key]):
        before = returned[: places[key] - 1][::-1]
        place = next((order.index(one) + 1 for one in before if one in order), 0)
        order.insert(within(key, place), key)
    behind: dict[str, str] = {}
    for key, clause in added.items():
        held[key] = _new(draft, clause)
        start = after.get(key, "")
        before = returned[: places.get(start, 0)][::-1] if start else []
        anchor = next((one for one in before if one in order), "")
        last = behind.get(anchor, anchor)
        order.insert(within(key, order.index(last) + 1 if last else 0), key)
        behind[anchor] = key
    return [held[key] for key in order]
