"""A returned Word file against what was sent: clause by clause, word by word, as changes to confirm.

Knows the plan, the paragraphs and the words; applies nothing. What programs do by themselves is told apart as noise.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.documents.package import open_package
from dtti.documents.values import LANGUAGES, SIDES, Language, Words

from . import plan as plans
from . import shape
from .added import added_clauses
from .body import body_of
from .clauses import clause_changes, sealed
from .draft import Draft, Form
from .match import Matched, matched
from .model import Change, Comment, Comparison, Hand, Noise, SlotCompared
from .pieces import Body, Piece
from .placing import Text, visible
from .plan import MARK, Layout, Plan, Unit
from .slots import compared, print_changed
from .tokens import tokens
from .words import said


def digest_of(text: msgspec.Struct) -> str:
    """SHA-256 of a text as compared, in hexadecimal."""
    return hashlib.sha256(msgspec.json.encode(text, order="deterministic")).hexdigest()


def compare(form: Form, sent: msgspec.Struct, returned: bytes | Path, *, name: str = "") -> Comparison:
    """Compare a returned file with the text that was sent: a proposal of changes, applied by nobody yet.

    The file's languages and the side it names first are as the file itself says; where a program dropped that, they
    are judged by its words. Refused by the rules of `open_package`, and `word-strict`, `word-field`, `word-shape`,
    `word-kind` where it is of another kind than what was sent.
    """
    package = open_package(returned, kind="docx", name=name)
    body = body_of(package)
    told = shape.found_in(package)
    if told and told.kind != form.kind:
        raise Refused(
            refuse(
                "word-kind",
                f"{package.name} is of the kind {told.kind!r}, and what was sent of the kind {form.kind!r}",
                "Compare it with the text that was sent as this file, and name its kind (--kind).",
            )
        )
    draft = form.draft(sent)
    made = _plan_of(draft, told, body)
    styled = told is not None or any(
        piece.style.startswith("DTTI") for paragraph in body.paragraphs for piece in paragraph.pieces
    )
    if told and _from_another(draft, told):
        body.unlike["earlier"].append("")
    found = matched(made, body, styled=styled)
    return _compared(sent, form, draft, made, found, body, styled=styled)


def _from_another(draft: Draft, told: shape.Shape) -> bool:
    """Whether a file was made from another text than the one that was sent, as far as it says."""
    if told.text:
        return told.text != shape.digest_shown(draft, told.languages)
    return told != shape.of(draft, told.languages, told.layout, told.first)


def _plan_of(sent: Draft, told: shape.Shape | None, body: Body) -> Plan:
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
    return max(orders, key=lambda each: sum(unit.text in printed for line in each.head[languages[0]] for unit in line))


def _compared(
    sent: msgspec.Struct, form: Form, draft: Draft, made: Plan, found: Matched, body: Body, *, styled: bool
) -> Comparison:
    slots: dict[str, SlotCompared] = {}
    changes: list[Change] = []
    noise: list[Noise] = []
    prints = 0
    for unit in made.units():
        text = found.texts.get(unit.mark) or Text(unit)
        if unit.fixed:
            prints += print_changed(unit, text.pieces)
            continue
        if unit.slot == "digest":  # print of ours: it tells which text the file was made from, and is no text
            if visible(text.pieces).strip() not in ("", unit.text) and "earlier" not in body.unlike:
                body.unlike["earlier"].append("")
            continue
        result = compared(unit, text.pieces, styled=styled)
        slots[unit.mark] = result.slot
        changes += result.changes
        noise += result.noise
    changes = sealed(draft, changes)
    clauses, structural = clause_changes(draft, made, found, slots, changes)
    added, additions = added_clauses(form, draft, found)
    changes += structural + additions
    fields = tuple(
        slots[unit.mark]
        for unit in made.units()
        if unit.mark in slots and not unit.slot.startswith("clause/") and slots[unit.mark].state != "same"
    )
    present = {change.id for change in changes}
    assert len(present) == len(changes), "two changes have the same id"  # noqa: S101 - ids are made here
    return Comparison(
        kind=form.kind,
        reference=draft.held["reference"] or "",
        sent=digest_of(sent),
        languages=made.languages,
        first=made.first,
        same=not changes and not set(body.unlike) - {"earlier"},
        clauses=clauses,
        added=added,
        fields=fields,
        changes=tuple(changes),
        noise=tuple(noise),
        comments=tuple(_comments(body, found)),
        hands=tuple(_hands(body)),
        notes=tuple(body.notes),
        formatting=body.formatting,
        warnings=tuple(_warnings(draft, made, body, changes, prints)),
    )


def _warnings(sent: Draft, made: Plan, body: Body, changes: Sequence[Change], prints: int) -> Iterator[Words]:
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
        given: dict[str, set[str]] = {}
        for each in changes:
            if each.kind == "value":
                given.setdefault(each.slot, set()).add(each.value)
        if differ := sum(len(found) > 1 for found in given.values()):
            yield said("values_differ", differ)
    elif any(each.kind != "value" for each in changes) and any(
        getattr(text, other) for text in _texts(sent) for other in LANGUAGES if other not in made.languages
    ):
        yield said("other_language", 0)
    if sent.settled and changes:
        yield said("settled", len(changes))
    if unusable := sum(each.trouble is not None for each in changes):
        yield said("unusable", unusable)
    if prints:
        yield said("form", prints)
    unnamed = sum("[" in part.text for each in changes for part in each.added)
    if unnamed:
        yield said("unnamed_brackets", unnamed)
    for why, examples in body.unlike.items():
        yield said(why, len(examples), examples)
    if body.equations:
        yield said("equations", len(body.equations), body.equations)
    if body.prompts:
        yield said("prompts", len(body.prompts), body.prompts)
    if body.notes:
        yield said("notes", len(body.notes))
    if body.pictures:
        yield said("pictures", body.pictures)


def _texts(sent: Draft) -> Iterator[Words]:
    """Every text of the entries."""
    for entry in sent.entries:
        yield from (each.text for each in entry.passages)
        yield from (each.value for each in entry.fields if isinstance(each.value, Words))


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
