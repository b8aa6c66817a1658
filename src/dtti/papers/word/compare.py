"""A returned Word file against what was sent: clause by clause, word by word, as changes to confirm.

Knows the plan, the paragraphs and the words; applies nothing. What programs do by themselves is told apart as noise.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from dtti.papers.data.instrument import Instrument, Passage
from dtti.papers.data.words import LANGUAGES, SIDES, Language, Words
from dtti.papers.package import open_package

from . import plan as plans
from . import shape
from .body import Body, Piece, body_of
from .clauses import added_clauses, clause_changes
from .match import Matched, Text, matched, visible
from .model import Change, Comment, Comparison, Hand, Noise, SlotCompared
from .plan import MARK, Layout, Plan, Unit
from .slots import compared
from .tokens import tokens
from .words import said


def digest_of(instrument: Instrument) -> str:
    """SHA-256 of an instrument as compared, in hexadecimal."""
    return hashlib.sha256(msgspec.json.encode(instrument, order="deterministic")).hexdigest()


def compare(sent: Instrument, returned: bytes | Path, *, name: str = "") -> Comparison:
    """Compare a returned file with the instrument that was sent: a proposal of changes, applied by nobody yet.

    The file's languages and the side it names first are as the file itself says; where a program dropped that, they
    are judged by its words. Refused by the rules of `open_package`, and `word-strict`, `word-field`, `word-shape`,
    `word-stranger` where nothing of what was sent can be found in it.
    """
    package = open_package(returned, kind="docx", name=name)
    body = body_of(package)
    told = shape.found_in(package)
    made = _plan_of(sent, told, body)
    found = matched(made, body.paragraphs)
    styled = told is not None or any(
        piece.style.startswith("DTTI") for paragraph in body.paragraphs for piece in paragraph.pieces
    )
    return _compared(sent, made, found, body, package.name, styled=styled)


def _plan_of(sent: Instrument, told: shape.Shape | None, body: Body) -> Plan:
    """How the file was laid out when it was sent."""
    if told:
        return plans.plan(sent, languages=told.languages, layout=told.layout, first=told.first)
    printed = "\n".join(visible(each.pieces) for each in body.paragraphs)
    marks = {mark for each in body.paragraphs for piece in each.pieces for mark in piece.marks}
    languages = tuple(each for each in LANGUAGES if any(mark.startswith(f"{MARK}{each}_") for mark in marks))
    if not languages:
        nagari = sum("\u0900" <= each <= "\u097f" for each in printed)
        latin = sum(each.isascii() and each.isalpha() for each in printed)
        languages = ("en",) if nagari < 0.1 * latin else ("hi",) if latin < 0.2 * nagari else LANGUAGES
    layout: Layout = "side" if any(each.cell for each in body.paragraphs) else "after"
    orders = [plans.plan(sent, languages=languages, layout=layout, first=side) for side in SIDES]
    return max(orders, key=lambda each: sum(unit.text in printed for unit in each.head[languages[0]]))


def _compared(sent: Instrument, made: Plan, found: Matched, body: Body, name: str, *, styled: bool) -> Comparison:
    slots: dict[str, SlotCompared] = {}
    changes: list[Change] = []
    noise: list[Noise] = []
    for unit in made.units():
        text = found.texts.get(unit.mark) or Text(unit)
        result = compared(unit, text.pieces, styled=styled)
        slots[unit.mark] = result.slot
        changes += result.changes
        noise += result.noise
    clauses, structural = clause_changes(sent, made, found, slots, changes)
    added, additions = added_clauses(sent, made, found)
    changes += structural + additions
    fields = tuple(
        slots[unit.mark]
        for unit in made.units()
        if not unit.slot.startswith("clause/") and slots[unit.mark].state != "same"
    )
    present = {change.id for change in changes}
    assert len(present) == len(changes), "two changes have the same id"  # noqa: S101 - ids are made here
    return Comparison(
        reference=sent.reference,
        sent=digest_of(sent),
        languages=made.languages,
        first=made.first,
        same=not changes,
        clauses=clauses,
        added=added,
        fields=fields,
        changes=tuple(changes),
        noise=tuple(noise),
        comments=tuple(_comments(body, found)),
        hands=tuple(_hands(body)),
        notes=tuple(body.notes),
        formatting=body.formatting,
        warnings=tuple(_warnings(sent, made, body, changes)),
    )


def _warnings(sent: Instrument, made: Plan, body: Body, changes: Sequence[Change]) -> Iterator[Words]:
    """What a person should look at beside the changes."""
    tracked = any(each.state != "same" for paragraph in body.paragraphs for each in paragraph.pieces)
    untracked = sum(not each.tracked for each in changes)
    if tracked and untracked:
        yield said("untracked", untracked)
    if len(made.languages) > 1:
        touched: dict[str, set[Language]] = {}
        for each in changes:
            if each.kind in ("words", "bracket") and each.slot.startswith("clause/"):
                touched.setdefault(each.slot, set()).add(each.language)
        alone = sum(len(languages) == 1 for languages in touched.values())
        if alone:
            yield said("one_language", alone)
    elif changes and any(
        getattr(one.text, other) for one in _passages(sent) for other in LANGUAGES if other not in made.languages
    ):
        yield said("other_language", 0)
    unnamed = sum("[" in part.text for each in changes for part in each.added)
    if unnamed:
        yield said("unnamed_brackets", unnamed)
    if body.notes:
        yield said("notes", len(body.notes))
    if body.pictures:
        yield said("pictures", body.pictures)


def _passages(sent: Instrument) -> Iterator[Passage]:
    for clause in sent.clauses:
        yield from clause.passages


def _hands(body: Body) -> Iterator[Hand]:
    """Everyone who tracked a change, by name."""
    found: dict[str, list[tuple[str, int, str]]] = {}
    for paragraph in body.paragraphs:
        for piece in paragraph.pieces:
            if piece.by and piece.text.strip():
                found.setdefault(piece.by.author, []).append(
                    (piece.state, sum(1 for each in tokens(piece.text, brackets=False)), piece.by.at)
                )
    for author in sorted(found):
        times = sorted(at for _, _, at in found[author] if at)
        yield Hand(
            author=author,
            inserted=sum(size for state, size, _ in found[author] if state == "added"),
            deleted=sum(size for state, size, _ in found[author] if state == "removed"),
            first=times[0] if times else "",
            last=times[-1] if times else "",
        )


def _comments(body: Body, found: Matched) -> Iterator[Comment]:
    """Every comment with the words it stands on and the text they are in."""
    on: dict[str, str] = {}
    where: dict[str, Unit] = {}

    def note(pieces: Iterable[Piece], unit: Unit | None) -> None:
        for piece in pieces:
            for identifier in piece.comments:
                on[identifier] = on.get(identifier, "") + (piece.text if unit is None else "")
                if unit and identifier not in where:
                    where[identifier] = unit

    for text in found.texts.values():
        note([*(text.number or ()), *text.pieces], text.unit)
    for paragraph in body.paragraphs:
        note(paragraph.pieces, None)
    for identifier, remark in body.remarks.items():
        unit = where.get(identifier) or where.get(remark.reply_to)
        yield Comment(
            id=identifier,
            author=remark.author,
            at=remark.at,
            text=remark.text,
            slot=unit.slot if unit else "",
            language=unit.edition if unit else "en",
            on=on.get(identifier, "").strip()[:500],
            reply_to=remark.reply_to,
            done=remark.done,
        )
