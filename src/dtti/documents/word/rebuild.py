"""One text with some of its changes taken, the rest left as sent. Knows no clause order, no file."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dtti.documents.values import Language, Passage, Side, Words

from . import words
from .model import Change
from .plan import Unit
from .slots import sent_tokens
from .tokens import Spans


@dataclass(frozen=True)
class Stretch:
    """Some of the new text. `piece`: which piece of the unit it comes from, None for words that came in."""

    text: str
    bracket: Side | None
    piece: int | None = None
    passage: int | None = None


@dataclass(frozen=True)
class Entry:
    """A passage to be: its words by language, and the passage it was (None for a new one)."""

    texts: dict[Language, str]
    bracket: Side | None
    origin: int | None = None
    changed: bool = False


def stretches(unit: Unit, taken: Sequence[Change]) -> list[Stretch]:
    """The unit's text after the changes, where each part of it comes from, brackets as states and not as signs."""
    lengths: list[int] = []
    owner: list[int | None] = []
    text = ""
    for at, piece in enumerate(unit.pieces):
        if piece.aside:
            continue
        around = (words.opening(piece.bracket, unit.edition), words.CLOSING) if piece.bracket else ("", "")
        for part, own in ((around[0], None), (piece.text, at), (around[1], None)):
            if part:
                lengths.append(len(part))
                owner.append(own)
                text += part
    spans = Spans(lengths)
    spoken = sent_tokens(unit)
    found: list[Stretch] = []
    starts = {each.start: each for each in taken if each.kind == "words"}
    gone = {at for each in starts.values() for at in range(each.start, each.end)}
    sides = {at: each.bracket for each in taken if each.kind == "bracket" for at in range(each.start, each.end)}

    def keep(start: int, end: int, token: int) -> None:
        """The words between two places of the text as sent, cut where its pieces meet; signs of brackets left out."""
        while start < end:
            at = spans.at(start)
            stop = min(end, spans.starts[at] + lengths[at])
            own = owner[at]
            if own is not None:
                piece = unit.pieces[own]
                turned = token in sides and piece.bracket == spoken[token].bracket
                bracket = sides[token] if turned else piece.bracket
                found.append(Stretch(text[start:stop], bracket, own, piece.passage))
            start = stop

    def put(change: Change) -> None:
        found.extend(Stretch(part.text, part.bracket) for part in change.added)

    place = 0
    for at, token in enumerate(spoken):
        keep(place, token.start, at)
        if at in starts:
            put(starts[at])
        cut = starts.get(at + 1)
        last = spoken[cut.end - 1] if cut and cut.end > cut.start and not cut.added else None
        if at not in gone and last and last.bracket == token.bracket:
            # Where words are taken out and none put in, what stood behind the last of them stands behind this one.
            keep(token.start, token.start + len(token.word), at)
            keep(last.start + len(last.word), last.end, at)
        elif at not in gone:
            keep(token.start, token.end, at)
        place = token.end
    keep(place, len(text), -1)
    if len(spoken) in starts:
        put(starts[len(spoken)])
    return _spaced(found)


def _spaced(found: Sequence[Stretch]) -> list[Stretch]:
    """Words that came in behind the last word of a text or bracket are set apart from it, as they were where typed."""
    made: list[Stretch] = []
    for each in found:
        last = made[-1] if made else None
        if (
            last
            and (last.piece is None) != (each.piece is None)
            and last.bracket == each.bracket
            and last.text[-1:].isalnum()
            and each.text[:1].isalnum()
        ):
            made[-1] = replace(last, text=last.text + " ")
        made.append(each)
    return made


def plain(unit: Unit, taken: Sequence[Change]) -> str:
    """The new text of a slot outside the clauses: placeholders put back where they are whole, brackets as signs."""
    found = stretches(unit, taken)
    whole = Counter[int]()
    for each in found:
        if each.piece is not None:
            whole[each.piece] += len(each.text)
    parts: list[str] = []
    done: set[int] = set()
    side: Side | None = None
    for each in found:
        if each.bracket != side:
            parts.append(words.CLOSING if side else "")
            parts.append(words.opening(each.bracket, unit.edition) if each.bracket else "")
            side = each.bracket
        piece = unit.pieces[each.piece] if each.piece is not None else None
        if piece and piece.fill and whole[each.piece or 0] == len(piece.text):
            if each.piece not in done:
                done.add(each.piece or 0)
                parts.append(f"{{{piece.fill}}}")
            continue
        parts.append(each.text)
    if side:
        parts.append(words.CLOSING)
    return "".join(parts)


def entries(unit: Unit, passages: Sequence[Passage], taken: Sequence[Change]) -> list[Entry]:
    """The passages to be of one edition; a passage that is cut in two goes on in its longest part."""
    found = stretches(unit, taken)
    groups: list[tuple[int | None, Side | None, list[Stretch]]] = []
    for at, each in enumerate(found):
        passage = each.passage
        if passage is None:
            ahead = next((one for one in found[at + 1 :] if one.passage is not None), None)
            if groups and groups[-1][1] == each.bracket and groups[-1][0] is not None:
                passage = groups[-1][0]
            elif ahead and ahead.bracket == each.bracket:
                passage = ahead.passage
        if groups and groups[-1][:2] == (passage, each.bracket):
            groups[-1][2].append(each)
        else:
            groups.append((passage, each.bracket, [each]))
    longest: defaultdict[int, int] = defaultdict(int)
    for passage, _, group in groups:
        if passage is not None:
            longest[passage] = max(longest[passage], sum(len(one.text) for one in group))
    made: list[Entry] = []
    kept: set[int] = set()
    language = {piece.passage: piece.language for piece in unit.pieces if not piece.aside}
    for passage, bracket, group in groups:
        text = "".join(one.text for one in group)
        origin = passage
        if origin is not None and (origin in kept or sum(len(one.text) for one in group) < longest[origin]):
            origin = None
        spoken: Language = language.get(passage, unit.edition) if passage is not None else unit.edition
        before = getattr(passages[origin].text, spoken) if origin is not None else ""
        if origin is not None:
            kept.add(origin)
        made.append(Entry({spoken: text}, bracket, origin, changed=text != before))
    # A passage that this edition does not show stays where it was.
    shown = set(language)
    for at, before_it in enumerate(passages):
        if at not in shown:
            place = next((i for i, one in enumerate(made) if one.origin is not None and one.origin > at), len(made))
            made.insert(place, Entry({}, before_it.bracket, at))
    return made


def alone(found: Sequence[Entry], passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages to be where the file showed one language only: the other's words follow their passage."""
    made: list[Passage | None] = []
    for one in found:
        other: dict[Language, str] = {}
        if one.origin is not None:
            text = passages[one.origin].text
            held: dict[Language, str] = {"en": text.en, "hi": text.hi}
            other = {language: said for language, said in held.items() if language not in one.texts}
        made.append(_joined(one, Entry(other, one.bracket), passages))
    return tuple(each for each in made if each)


def merged(en: Sequence[Entry], hi: Sequence[Entry], passages: Sequence[Passage]) -> tuple[tuple[Passage, ...], str]:
    """One sequence of passages out of both editions', and where the two do not fit ("" where they do).

    A passage that both still have holds the two together; what is new between two of these is paired by its bracket.
    Where that does not fit, and both have the same brackets in the same order, each bracket is a passage; else none.
    """
    made: list[Passage | None] = []
    left, right = list(en), list(hi)
    origins = sorted({one.origin for one in (*left, *right) if one.origin is not None})
    for origin in (*origins, None):
        a, b = _new(left), _new(right)
        while a or b:
            pair = a and b and a[0].bracket == b[0].bracket
            one = a.pop(0) if a else b.pop(0)
            made.append(_joined(one, b.pop(0) if pair else None, passages))
        first = left.pop(0) if left and left[0].origin == origin else None
        second = right.pop(0) if right and right[0].origin == origin else None
        if first and second and first.bracket != second.bracket:
            return _by_bracket(en, hi), next(iter((first.texts or second.texts).values()))[:60]
        if first or second:
            made.append(_joined(first or second or Entry({}, None), second if first else None, passages))
    return tuple(each for each in made if each), ""


def _by_bracket(en: Sequence[Entry], hi: Sequence[Entry]) -> tuple[Passage, ...]:
    """Passages by bracket alone, for a text that was written anew in both languages; none where brackets differ."""
    rows: list[list[tuple[Side | None, str]]] = []
    for found in (en, hi):
        row: list[tuple[Side | None, str]] = []
        for one in found:
            text = "".join(one.texts.values())
            if row and row[-1][0] == one.bracket:
                row[-1] = (one.bracket, row[-1][1] + text)
            elif text:
                row.append((one.bracket, text))
        rows.append(row)
    if [side for side, _ in rows[0]] != [side for side, _ in rows[1]]:
        return ()
    return tuple(
        Passage(Words(one, other, reviewed=False), side) for (side, one), (_, other) in zip(*rows, strict=True)
    )


def _new(held: list[Entry]) -> list[Entry]:
    """What is new before the next passage that was there before, taken off the list."""
    found: list[Entry] = []
    while held and held[0].origin is None:
        found.append(held.pop(0))
    return found


def _joined(one: Entry, other: Entry | None, passages: Sequence[Passage]) -> Passage | None:
    """A passage of both languages; None where no words are left. Changed in either, the two are unreviewed."""
    texts = {**(other.texts if other else {}), **one.texts}
    en, hi = texts.get("en", ""), texts.get("hi", "")
    if not (en or hi):
        return None
    changed = one.changed or (other is not None and other.changed)
    known = one.origin is not None and not changed
    reviewed = passages[one.origin or 0].text.reviewed if known else not (en and hi)
    return Passage(Words(en, hi, reviewed), one.bracket)
