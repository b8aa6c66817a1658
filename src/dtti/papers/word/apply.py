"""The confirmed changes of a proposal, and no other, put into the instrument that was sent. Reads no file."""

from collections.abc import Collection, Sequence

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.papers.data.instrument import Clause, Instrument, Party, Passage
from dtti.papers.data.words import Language, Side, Words

from . import plan as plans
from . import rebuild, words
from .clauses import words_of
from .compare import digest_of
from .model import AddedClause, Change, Comparison
from .plan import Unit, of_clause

_LINES = ("reference", "label", "digest")


def apply(instrument: Instrument, proposal: Comparison, confirmed: Collection[str]) -> Instrument:
    """The instrument with the changes whose ids are in `confirmed`, and no other.

    Nothing confirmed, nothing changed. A text in two languages of which one was changed is no longer reviewed; where
    anything changed, the digest is "", since it was another text's. Refused: `word-other-text` where the proposal was
    made for another instrument, `word-unknown-change`, `word-brackets-differ` where both languages are shown and a
    bracket was confirmed in one only, `word-value` where what came in cannot stand there (a date that is none).
    """
    if digest_of(instrument) != proposal.sent:
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
        return instrument
    made = plans.plan(instrument, languages=proposal.languages, layout="after", first=proposal.first)
    by_slot: dict[str, list[Change]] = {}
    for each in taken:
        by_slot.setdefault(each.slot, []).append(each)
    units: dict[str, list[Unit]] = {}
    for unit in made.units():
        units.setdefault(unit.slot, []).append(unit)
    fields: dict[str, object] = {}
    parties = dict(instrument.parties)
    for slot, changes in by_slot.items():
        if slot.startswith("clause/"):
            continue
        kind, *rest = slot.split("/")
        if kind == "party":
            side: Side = "IND" if rest[0] == "IND" else "USA"
            value = _value(getattr(parties[side], rest[1]), slot, units[slot], changes)
            parties[side] = _with(parties[side], rest[1], value)
        elif kind == "date":
            fields["date"] = _date(units[slot], changes)
        else:
            fields[kind] = _value(getattr(instrument, kind), slot, units[slot], changes)
    clauses = [_clause(each, units, by_slot) for each in instrument.clauses]
    ordered = _ordered(clauses, proposal, {each.id for each in taken})
    if not set(fields) & {"digest"}:
        fields["digest"] = ""
    return _checked(msgspec.structs.replace(instrument, **fields, parties=parties, clauses=tuple(ordered)))


def _no(rule: str, reason: str, remedy: str) -> Refused:
    return Refused(refuse(rule, reason, remedy))


def _checked(made: Instrument) -> Instrument:
    try:
        return msgspec.convert(msgspec.to_builtins(made), Instrument)
    except msgspec.ValidationError as error:
        raise _no("word-value", f"What came in cannot stand there: {error}", "Leave that change unconfirmed.") from None


def _with(party: Party, name: str, value: object) -> Party:
    if value is None and name in ("name", "short"):
        raise _no("word-value", f"A party's {name} would be empty", "Leave that change unconfirmed.")
    return msgspec.structs.replace(party, **{name: value})


def _in(changes: Sequence[Change], language: Language) -> list[Change]:
    return [each for each in changes if each.language == language]


def _value(
    before: Words | str | None, slot: str, units: Sequence[Unit], changes: Sequence[Change]
) -> Words | str | None:
    """A text outside the clauses after its changes; None where no words are left."""
    if isinstance(before, str):
        return rebuild.plain(units[0], changes)
    if before is None:
        raise _no("word-value", f"{slot} holds no text", "Compare the file again.")
    held: dict[Language, str] = {"en": before.en, "hi": before.hi}
    for unit in units:
        own = _in(changes, unit.edition)
        language = next((piece.language for piece in unit.pieces if not piece.aside), None)
        if own and language:
            held[language] = rebuild.plain(unit, own)
        elif own:
            held[unit.edition] = rebuild.plain(unit, own)
    if not any(held.values()):
        if slot in ("type", "title", "preamble"):
            raise _no("word-value", f"The {slot} would be empty", "Leave that change unconfirmed.")
        return None
    return Words(held["en"], held["hi"], before.reviewed if held == {"en": before.en, "hi": before.hi} else False)


def _date(units: Sequence[Unit], changes: Sequence[Change]) -> object:
    found = set()
    for unit in units:
        own = _in(changes, unit.edition)
        if own:
            text = rebuild.plain(unit, own)
            date = words.day_read(text)
            if date is None and text.strip():
                raise _no(
                    "word-value", f"{text[:40]!r} is no date", "Give it as 26 Jan 2027, in figures and a month's name."
                )
            found.add(date)
    if len(found) > 1:
        raise _no("word-value", "The two languages would give two dates", "Confirm the change of one of them only.")
    return found.pop()


def _clause(clause: Clause, units: dict[str, list[Unit]], by_slot: dict[str, list[Change]]) -> Clause:
    """A clause with the confirmed changes of its number, heading and text."""
    whole = by_slot.get(f"clause/{clause.key}", ())
    for each in whole:
        if each.kind == "number":
            clause = msgspec.structs.replace(clause, number=each.added[0].text if each.added else "")
    heading, text = of_clause(clause.key, "heading"), of_clause(clause.key, "text")
    if heading in by_slot:
        value = _value(clause.heading, heading, units[heading], by_slot[heading])
        clause = msgspec.structs.replace(clause, heading=value)
    if text in by_slot:
        changes, own = by_slot[text], units[text]
        found = [rebuild.entries(unit, clause.passages, _in(changes, unit.edition)) for unit in own]
        if len(found) == 1:
            passages = rebuild.alone(found[0], clause.passages)
        else:
            passages, wrong = rebuild.merged(found[0], found[1], clause.passages)
            if wrong and not passages:
                raise _no(
                    "word-brackets-differ",
                    f"Clause {clause.number or clause.key}: brackets would stand in one language only, at {wrong!r}",
                    "Confirm the bracket's change in both languages, or in neither.",
                )
        clause = msgspec.structs.replace(clause, passages=passages)
    return clause


def _new(added: AddedClause) -> Clause:
    languages: list[Language] = [each for each in ("en", "hi") if each in added.text]
    passages: list[Passage] = []
    rows = [[part for part in added.text[each] if part.text] for each in languages]
    if len(rows) == 2 and [part.bracket for part in rows[0]] == [part.bracket for part in rows[1]]:
        for one, other in zip(*rows, strict=True):
            passages.append(Passage(Words(one.text, other.text, reviewed=False), one.bracket))
    else:
        for language, row in zip(languages, rows, strict=True):
            passages += [Passage(words_of({language: part.text}), part.bracket) for part in row]
    heading = words_of(added.heading) if any(added.heading.values()) else None
    return Clause(added.key, added.number, tuple(passages), heading, added.level)


def _ordered(clauses: Sequence[Clause], proposal: Comparison, taken: set[str]) -> list[Clause]:
    """The clauses in their new order: what was not confirmed stays among its neighbours as sent."""
    held = {each.key: each for each in clauses}
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
        order.insert(place, key)
    behind: dict[str, str] = {}
    for key, clause in added.items():
        held[key] = _new(clause)
        start = after.get(key, "")
        before = returned[: places.get(start, 0)][::-1] if start else []
        anchor = next((one for one in before if one in order), "")
        last = behind.get(anchor, anchor)
        order.insert(order.index(last) + 1 if last else 0, key)
        behind[anchor] = key
    return [held[key] for key in order]
