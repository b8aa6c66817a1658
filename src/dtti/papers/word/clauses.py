"""What became of whole clauses: moved, deleted, added, renumbered. Compares no words."""

from collections.abc import Sequence
from typing import Literal

from dtti.papers.data.instrument import Instrument
from dtti.papers.data.words import Language, Words

from .body import Piece
from .diff import rising
from .match import Added, Matched, Text, visible
from .model import AddedClause, Author, Change, ClauseCompared, ClauseState, Part, SlotCompared
from .plan import Plan, Unit
from .slots import parts
from .tokens import tokens


def clause_changes(
    sent: Instrument, made: Plan, found: Matched, slots: dict[str, SlotCompared], changes: list[Change]
) -> tuple[tuple[ClauseCompared, ...], list[Change]]:
    """Every clause that was sent, and the changes to whole clauses.

    Changes to the words of a clause that is gone are taken out of `changes`: its deletion says it.
    """
    clauses: list[ClauseCompared] = []
    structural: list[Change] = []
    units: dict[str, list[Unit]] = {each.key: [] for each in sent.clauses}
    for language in made.languages:
        for unit in made.clauses[language]:
            units[unit.slot[len("clause/") :].rsplit("/", 1)[0]].append(unit)
    order = {key: _place(own, found) for key, own in units.items()}
    there = sorted((key for key in order if order[key] >= 0), key=lambda key: order[key])
    index = {each.key: at for at, each in enumerate(sent.clauses)}
    kept = {there[at] for at in rising([index[key] for key in there])}
    for at, clause in enumerate(sent.clauses, 1):
        own = units[clause.key]
        own_slots = tuple(slots[unit.mark] for unit in own)
        moved = order[clause.key] >= 0 and clause.key not in kept
        edition = made.languages[0]
        about = {"slot": f"clause/{clause.key}", "language": edition}
        if order[clause.key] < 0:
            gone = {unit.slot for unit in own}
            removed = [each for each in changes if each.slot in gone]
            changes[:] = [each for each in changes if each.slot not in gone]
            structural.append(
                Change(
                    id=f"clause/{clause.key}/deleted",
                    kind="deleted",
                    removed=" ".join(slot.sent for slot in own_slots if slot.language == edition),
                    tracked=bool(removed) and all(each.tracked for each in removed),
                    tracked_by=_hands(removed),
                    **about,  # type: ignore[arg-type]  # a slot and a language
                )
            )
            clauses.append(
                ClauseCompared(
                    key=clause.key,
                    state="deleted",
                    number_sent=clause.number,
                    place_sent=at,
                    slots=own_slots,
                    changes=(structural[-1].id,),
                    found_by="",
                )
            )
            continue
        if moved:
            place = there.index(clause.key)
            pieces = [piece for unit in own for piece in _text(found, unit).pieces]
            structural.append(
                Change(
                    id=f"clause/{clause.key}/moved",
                    kind="moved",
                    after=there[place - 1] if place else "",
                    tracked=all(
                        piece.state == "added" for piece in pieces if piece.state != "removed" and piece.text.strip()
                    ),
                    tracked_by=_authors(pieces),
                    **about,  # type: ignore[arg-type]
                )
            )
        number = _number(clause.number, own, found)
        if number != clause.number:
            pieces = [piece for unit in own for piece in _text(found, unit).number or ()]
            structural.append(
                Change(
                    id=f"clause/{clause.key}/number",
                    kind="number",
                    removed=clause.number,
                    added=(Part(text=number),) if number else (),
                    tracked=visible(pieces, without="added").strip() == clause.number.strip(),
                    tracked_by=_authors(pieces),
                    **about,  # type: ignore[arg-type]
                )
            )
        slot_names = {unit.slot for unit in own} | {f"clause/{clause.key}"}
        ids = tuple(each.id for each in (*changes, *structural) if each.slot in slot_names)
        changed = any(not each.endswith("/moved") for each in ids)
        state: ClauseState = (
            ("moved and changed" if changed else "moved") if moved else "changed" if changed else "same"
        )
        clauses.append(
            ClauseCompared(
                key=clause.key,
                state=state,
                number_sent=clause.number,
                number_returned=number,
                place_sent=at,
                place_returned=there.index(clause.key) + 1,
                slots=own_slots,
                changes=ids,
                found_by="likeness" if any(_text(found, unit).by == "likeness" for unit in own) else "mark",
            )
        )
    return tuple(clauses), structural


def _text(found: Matched, unit: Unit) -> Text:
    return found.texts.get(unit.mark) or Text(unit)


def _place(own: Sequence[Unit], found: Matched) -> int:
    """The first paragraph of a clause in the first edition that still has it; -1 where nothing of it is left."""
    for edition in dict.fromkeys(unit.edition for unit in own):
        places = [
            text.order
            for unit in own
            if unit.edition == edition and visible((text := _text(found, unit)).pieces).strip()
        ]
        if places:
            return min(places)
    return -1


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


def _authors(pieces: Sequence[Piece]) -> tuple[Author, ...]:
    return tuple(dict.fromkeys(Author(author=each.by.author, at=each.by.at) for each in pieces if each.by))


def _hands(changes: Sequence[Change]) -> tuple[Author, ...]:
    return tuple(dict.fromkeys(by for each in changes for by in each.tracked_by))


def added_clauses(sent: Instrument, made: Plan, found: Matched) -> tuple[tuple[AddedClause, ...], list[Change]]:
    """Clauses that came in, those of both languages that stand in one row or bear one number joined to one."""
    taken = {each.key for each in sent.clauses}
    groups: list[list[Added]] = []
    for each in found.added:
        if not any(visible(paragraph.pieces).strip() for paragraph in each.paragraphs):
            continue  # put in and struck out again
        twin = next(
            (
                group
                for group in groups
                if all(one.edition != each.edition for one in group)
                and (
                    (each.cell and group[0].cell and each.cell[:2] == group[0].cell[:2])
                    or (each.number and each.number == group[0].number)
                )
            ),
            None,
        )
        if twin is None:
            groups.append([each])
        else:
            twin.append(each)
    clauses: list[AddedClause] = []
    changes: list[Change] = []
    for group in groups:
        key = next(name for at in range(1, len(taken) + 2) if (name := f"added-{at}") not in taken)
        taken.add(key)
        clause = _added(key, group, sent)
        clauses.append(clause)
        pieces = [piece for one in group for paragraph in one.paragraphs for piece in paragraph.pieces]
        changes.append(
            Change(
                id=f"clause/{key}/added",
                kind="added",
                slot=f"clause/{key}",
                language=group[0].edition,
                added=clause.text.get(group[0].edition, ()),
                after=clause.after,
                tracked=all(piece.state == "added" for piece in pieces if piece.text.strip()),
                tracked_by=_authors(pieces),
            )
        )
    return tuple(clauses), changes


def _added(key: str, group: Sequence[Added], sent: Instrument) -> AddedClause:
    keys = [each.key for each in sent.clauses]
    heading: dict[Language, str] = {}
    text: dict[Language, tuple[Part, ...]] = {}
    for each in group:
        said = [line for paragraph in each.paragraphs if (line := visible(paragraph.pieces)).strip()]
        first = said[0]
        if each.number:
            first = first.lstrip()[len(each.number) :].lstrip()
        if len(said) > 1 and (each.heading or (len(first) <= 80 and not first.rstrip().endswith((".", "।", ";", ":")))):
            heading[each.edition] = first.strip()
            rest = "\n".join(said[1:])
        else:
            rest = "\n".join([first, *said[1:]])
        text[each.edition] = tuple(parts(tokens(rest.strip())))
    previous = group[0].previous
    after = previous[len("clause/") :].rsplit("/", 1)[0] if previous.startswith("clause/") else ""
    if not after and previous in ("closing",) and keys:
        after = keys[-1]
    depth = group[0].number.strip(".)").count(".") + 1 if group[0].number else 1
    level: Literal[1, 2, 3] = 3 if depth >= 3 else 2 if depth == 2 else 1
    return AddedClause(
        key=key,
        number=group[0].number,
        after=after if after in keys else "",
        level=level,
        heading=heading,
        text=text,
    )


def words_of(found: dict[Language, str]) -> Words:
    """A text by language as Words; one that is given in one language only has nobody's translation to review."""
    return Words(found.get("en", ""), found.get("hi", ""), reviewed=len(found) < 2)
