"""What became of whole clauses and rows: moved, deleted, renumbered. Compares no words."""

from collections.abc import Callable, Sequence

import msgspec

from dtti.documents.diff import rising
from dtti.documents.values import Language

from . import words
from .draft import Draft
from .match import Matched
from .model import Author, Change, ClauseCompared, ClauseState, Part, SlotCompared, Trouble
from .pieces import Piece
from .placing import Text, visible
from .plan import Plan, Unit, key_of


def clause_changes(
    sent: Draft, made: Plan, found: Matched, slots: dict[str, SlotCompared], changes: list[Change]
) -> tuple[tuple[ClauseCompared, ...], list[Change]]:
    """Every entry that was sent, and the changes to whole entries.

    Changes to the words of a clause that is gone are taken out of `changes`: its deletion says it.
    """
    clauses: list[ClauseCompared] = []
    structural: list[Change] = []
    units: dict[str, list[Unit]] = {each.key: [] for each in sent.entries}
    for language in made.languages:
        for unit in (each for paragraph in made.clauses[language] for each in paragraph if not each.fixed):
            units[unit.key].append(unit)
    for unit in (each for each in made.silent if each.key):
        units[unit.key].append(unit)
    order = _places(units, made.languages, found)
    there = sorted((key for key in order if order[key] >= 0), key=lambda key: order[key])
    by_slot: dict[str, list[Change]] = {}
    for each in changes:
        by_slot.setdefault(each.slot, []).append(each)
    gone: set[str] = set()
    place_of = {key: at for at, key in enumerate(there)}
    index = {each.key: at for at, each in enumerate(sent.entries)}
    kept = {there[at] for at in rising([index[key] for key in there])}
    stands = _standing(sent, made, found, {key: order[key] for key in kept})
    for at, clause in enumerate(sent.entries, 1):
        part = sent.part_of(clause.sort)
        keeps = Trouble(rule="word-kept", reason=words.KEPT[part.kept]) if part.kept else None
        own = units[clause.key]
        own_slots = tuple(slots[unit.mark] for unit in own if unit.pieces or slots[unit.mark].accepted.strip())
        begun = len(structural)
        moved = order[clause.key] >= 0 and clause.key not in kept
        edition = made.languages[0]
        about = {"slot": f"clause/{clause.key}", "language": edition}
        if order[clause.key] < 0 and any(unit.text.strip() for unit in own):
            slots_gone = dict.fromkeys(unit.slot for unit in own)
            removed = [each for slot in slots_gone for each in by_slot.get(slot, ())]
            gone.update(slots_gone)
            structural.append(
                Change(
                    id=f"clause/{clause.key}/deleted",
                    kind="deleted",
                    removed=" ".join(slot.sent for slot in own_slots if slot.language == edition and slot.sent),
                    trouble=keeps,
                    tracked=bool(removed) and all(each.tracked for each in removed),
                    tracked_by=_hands(removed),
                    **about,  # type: ignore[arg-type]  # a slot and a language
                )
            )
            clauses.append(
                ClauseCompared(
                    key=clause.key,
                    state="deleted",
                    number_sent=clause.number or "",
                    place_sent=at,
                    slots=own_slots,
                    changes=(structural[-1].id,),
                    found_by="",
                )
            )
            continue
        if moved:
            place = place_of[clause.key]
            pieces = [piece for unit in own for piece in _text(found, unit).pieces]
            structural.append(
                Change(
                    id=f"clause/{clause.key}/moved",
                    kind="moved",
                    after=there[place - 1] if place else "",
                    trouble=keeps or _elsewhere(stands(order[clause.key]), part.name),
                    tracked=all(
                        piece.state == "added" for piece in pieces if piece.state != "removed" and piece.text.strip()
                    ),
                    tracked_by=authors(pieces),
                    **about,  # type: ignore[arg-type]
                )
            )
        number = _number(clause.number or "", own, found)
        if clause.number is not None and number != clause.number:
            pieces = [piece for unit in own for piece in _text(found, unit).number or ()]
            structural.append(
                Change(
                    id=f"clause/{clause.key}/number",
                    kind="number",
                    removed=clause.number,
                    added=(Part(text=number),) if number else (),
                    tracked=visible(pieces, without="added").strip() == clause.number.strip(),
                    tracked_by=authors(pieces),
                    **about,  # type: ignore[arg-type]
                )
            )
        whole = [each for each in structural[begun:] if each.slot == f"clause/{clause.key}"]
        of_words = [each for slot in dict.fromkeys(unit.slot for unit in own) for each in by_slot.get(slot, ())]
        ids = tuple(each.id for each in (*of_words, *whole))
        changed = any(not each.endswith("/moved") for each in ids)
        state: ClauseState = (
            ("moved and changed" if changed else "moved") if moved else "changed" if changed else "same"
        )
        clauses.append(
            ClauseCompared(
                key=clause.key,
                state=state,
                number_sent=clause.number or "",
                number_returned=number,
                place_sent=at,
                place_returned=place_of.get(clause.key, -1) + 1,
                slots=own_slots,
                changes=ids,
                found_by="likeness" if any(_text(found, unit).by == "likeness" for unit in own) else "mark",
            )
        )
    changes[:] = [each for each in changes if each.slot not in gone]
    return tuple(clauses), structural


def sealed(sent: Draft, changes: Sequence[Change]) -> list[Change]:
    """The changes, those in a part that is kept as sent with the reason why they cannot be taken."""
    kept = {each.key: part.kept for each in sent.entries if (part := sent.part_of(each.sort)).kept}
    return [
        msgspec.structs.replace(each, trouble=Trouble(rule="word-kept", reason=words.KEPT[kept[key]]))
        if (key := key_of(each.slot)) in kept
        else each
        for each in changes
    ]


def _standing(sent: Draft, made: Plan, found: Matched, kept: dict[str, float]) -> Callable[[float], str]:
    """What tells in which part of the text a paragraph of the file stands: by the heading or entry before it."""
    sorts = {each.key: each.sort for each in sent.entries}
    known: list[tuple[float, str]] = [(order, sent.part_of(sorts[key]).name) for key, order in kept.items()]
    for unit in made.units():
        text = found.texts.get(unit.mark)
        if unit.fixed and text and text.order >= 0 and unit.slot != "part/name":
            known.append((text.order, unit.slot.removeprefix("part/")))
    known.sort()

    def part(order: float) -> str:
        return next((name for at, name in reversed(known) if at < order), "")

    return part


def _elsewhere(stands: str, own: str) -> Trouble | None:
    return Trouble(rule="word-kept", reason=words.KEPT["part"]) if stands not in ("", own) else None


def _text(found: Matched, unit: Unit) -> Text:
    return found.texts.get(unit.mark) or Text(unit)


def _places(units: dict[str, list[Unit]], languages: Sequence[Language], found: Matched) -> dict[str, float]:
    """Where each entry begins, by its key: its paragraph in the first edition; -1 where nothing of it is left.

    One that only another edition still has stands behind the entry that is before it there.
    """
    editions = [
        {key: at for key, own in units.items() if (at := _place(own, language, found)) >= 0} for language in languages
    ]
    order: dict[str, float] = dict(editions[0])
    for other in editions[1:]:
        for key in sorted((each for each in other if each not in order), key=lambda each: other[each]):
            before = [each for each in other if each in order and other[each] < other[key]]
            order[key] = (order[max(before, key=lambda each: other[each])] if before else -0.5) + 1 / 1024
    return {key: order.get(key, -1) for key in units}


def _place(own: Sequence[Unit], language: Language, found: Matched) -> int:
    """The first paragraph of an entry in one edition; -1 where nothing of it is left there."""
    places = [
        text.order for unit in own if unit.edition == language and visible((text := _text(found, unit)).pieces).strip()
    ]
    return min(places, default=-1)


def _number(sent: str, own: Sequence[Unit], found: Matched) -> str:
    """A clause's number as returned: the first edition's that says another one than was sent."""
    for unit in own:
        text = _text(found, unit)
        if unit.number is None or not visible(text.pieces).strip():
            continue
        now = visible(text.number or ()).strip()
        if now != sent.strip():
            return now
    return sent


def authors(pieces: Sequence[Piece]) -> tuple[Author, ...]:
    """Everyone who tracked something in these pieces, once each."""
    return tuple(dict.fromkeys(Author(author=each.by.author, at=each.by.at) for each in pieces if each.by))


def _hands(changes: Sequence[Change]) -> tuple[Author, ...]:
    return tuple(dict.fromkeys(by for each in changes for by in each.tracked_by))
