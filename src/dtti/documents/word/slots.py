"""One text against what became of it: runs to show, changes to confirm, noise. Knows no clause."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import msgspec

from dtti.documents.diff import Block, blocks, readable
from dtti.documents.values import Side
from dtti.language.characters import CODES

from . import values, words
from .draft import Field
from .model import Author, Change, Noise, Part, Run, SlotCompared, Trouble
from .pieces import Piece, Tracked
from .placing import visible
from .plan import Unit
from .tokens import Spans, Token, capitalised, noise_between, tokens

_AROUND = 6  # words shown before and behind a change


@dataclass(frozen=True)
class Result:
    """A slot compared, with its changes and its noise."""

    slot: SlotCompared
    changes: tuple[Change, ...] = ()
    noise: tuple[Noise, ...] = ()


@dataclass(frozen=True)
class _Version:
    """A text in one version, its words, and who tracked the piece that each word begins in."""

    text: str
    tokens: tuple[Token, ...]
    by: tuple[Tracked | None, ...]


def _version(pieces: Sequence[Piece], without: str) -> _Version:
    own = [piece for piece in pieces if piece.state != without and piece.text]
    text = "".join(piece.text for piece in own)
    found = tokens(text)
    spans = Spans([len(piece.text) for piece in own])
    by: list[Tracked | None] = []
    for token in found:
        inside = {own[at].by for at in range(spans.at(token.start), spans.at(token.start + len(token.word) - 1) + 1)}
        by.append(next((each for each in inside if each), None) if len(token.word) else None)
    return _Version(text, found, tuple(by))


def sent_tokens(unit: Unit) -> tuple[Token, ...]:
    """The words of a unit as sent, brackets told by their sides."""
    return tokens(unit.text)


def compared(unit: Unit, pieces: Sequence[Piece], *, styled: bool) -> Result:
    """Compare a unit with its returned pieces; `styled`: the file still has our styles, so that asides are known."""
    own = own_pieces(unit, pieces, styled=styled)
    sent = sent_tokens(unit)
    now = before = _version(own, "removed")
    found = old = _blocks(sent, now.tokens)
    if any(piece.state != "same" for piece in own):
        before = _version(own, "added")
        old = _blocks(sent, before.tokens)
    # Which word of the text with everything rejected each word sent still is: what is gone there went untracked.
    still = {block.a0 + at: block.b0 + at for block in old if block.same for at in range(block.a1 - block.a0)}
    signs = tuple(dict.fromkeys(piece.by for piece in own if piece.by and ("[" in piece.text or "]" in piece.text)))
    made = _Making(unit, sent, now, before, still, signs)
    for block in found:
        made.take(block)
    made.noise(found)
    state = "same" if not made.changes else "missing" if not now.tokens else "changed"
    slot = SlotCompared(
        slot=unit.slot,
        language=unit.edition,
        state=state,  # type: ignore[arg-type]  # one of three words, spelled above
        runs=tuple(made.runs),
        sent=unit.text,
        accepted=visible(own),
        rejected=visible(own, without="added"),
    )
    result = Result(slot, tuple(made.changes), tuple(made.noises))
    return _valued(unit, unit.typed, result) if unit.typed and result.changes else result


def _valued(unit: Unit, typed: Field, result: Result) -> Result:
    """The changed words of a value as one change of the value; noise where it is the same value written otherwise."""
    before = str(typed.value or "")
    said, value, trouble = result.slot.accepted.strip(), "", None
    try:
        value = values.understood(typed.type, said)
        if not value and typed.needed:
            trouble = Trouble(rule="word-value", reason=words.KEPT["needed"])
    except values.Unclear as error:
        trouble = Trouble(rule="word-value", reason=error.reason)
    if trouble is None and value == before:
        noise = Noise(slot=unit.slot, language=unit.edition, kind="value", count=1, sent=unit.text, returned=said)
        slot = msgspec.structs.replace(result.slot, state="same", runs=(Run(op="same", text=said),))
        return Result(slot, (), (*result.noise, noise))
    if typed.kept:
        trouble = Trouble(rule="word-kept", reason=words.KEPT[typed.kept])
    identifier = f"{unit.slot}/{unit.edition}/value"
    change = Change(
        id=identifier,
        kind="value",
        slot=unit.slot,
        language=unit.edition,
        removed=unit.text,
        added=(Part(text=said),) if said else (),
        value_before=before,
        value=value,
        trouble=trouble,
        tracked=all(each.tracked for each in result.changes),
        tracked_by=tuple(dict.fromkeys(by for each in result.changes for by in each.tracked_by)),
    )
    runs = tuple(msgspec.structs.replace(each, change=identifier if each.change else "") for each in result.slot.runs)
    return Result(msgspec.structs.replace(result.slot, runs=runs), (change,), result.noise)


def print_changed(unit: Unit, pieces: Sequence[Piece]) -> bool:
    """Whether someone wrote in fixed words of ours; what is gone, or struck out, is no matter."""
    said = " ".join(visible(pieces).split())
    return bool(said) and said != " ".join("".join(piece.text for piece in unit.pieces).split())


def own_pieces(unit: Unit, pieces: Sequence[Piece], *, styled: bool) -> list[Piece]:
    """The pieces of the text itself. What was typed into print of ours takes on its look, and is text all the same."""
    prints = [words.UNREVIEWED, *(each.text.strip() for each in unit.pieces if each.aside and each.text.strip())]
    if not styled:
        return _without(unit, pieces)
    kept: list[Piece] = []
    for piece in pieces:
        if piece.style != "DTTI Aside":
            kept.append(piece)
            continue
        text = CODES.sub("", piece.text)
        for each in prints:
            text = text.replace(each, "", 1)
        if text.strip() and (piece.state == "added" or not any(text.strip() in each for each in prints)):
            kept.append(replace(piece, text=text))
    return kept


def _without(unit: Unit, pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces without our print, in a file that lost the styles which say what is print."""
    first = next((at for at, each in enumerate(unit.pieces) if not each.aside), len(unit.pieces))
    kept = list(pieces)
    for each in unit.pieces[:first]:
        said = each.text.strip()
        if said and kept and kept[0].text.lstrip().startswith(said):
            kept[0] = replace(kept[0], text=kept[0].text.lstrip()[len(said) :].lstrip())
    behind = "".join(each.text for each in unit.pieces[first:] if each.aside).strip()
    if behind and kept and kept[-1].text.rstrip().endswith(behind):
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip()[: -len(behind)])
    return kept


def _blocks(sent: Sequence[Token], returned: Sequence[Token]) -> list[Block]:
    """Blocks of words; a capital that a program put at the start of a sentence counts as the same."""
    keys = [each.key for each in sent]
    found: list[Block] = []
    for block in blocks(keys, [each.key for each in returned], anchored=True):
        ahead = returned[block.b0 - 1] if block.b0 else None
        same = block.same or capitalised(sent[block.a0 : block.a1], returned[block.b0 : block.b1], ahead)
        start = block
        if found and same and found[-1].same:
            start = found.pop()
        found.append(Block(start.a0, block.a1, start.b0, block.b1, same=same))
    return readable(found, keys)


class _Making:
    """The runs and changes of one slot, made block by block."""

    def __init__(
        self,
        unit: Unit,
        sent: Sequence[Token],
        now: _Version,
        before: _Version,
        still: dict[int, int],
        signs: tuple[Tracked, ...],
    ) -> None:
        self.unit, self.sent, self.now, self.before = unit, sent, now, before
        self._still, self._signs = still, signs
        self.runs: list[Run] = []
        self.changes: list[Change] = []
        self.noises: list[Noise] = []

    @property
    def _next(self) -> str:
        return f"{self.unit.slot}/{self.unit.edition}/{len(self.changes) + 1}"

    def take(self, block: Block) -> None:
        """Add a block's runs, and its change where it has one."""
        if not block.same:
            self._words(block)
            return
        size, at = block.a1 - block.a0, 0
        while at < size:
            a, b = self.sent[block.a0 + at].bracket, self.now.tokens[block.b0 + at].bracket
            end = at + 1
            while end < size and (
                self.sent[block.a0 + end].bracket == a and self.now.tokens[block.b0 + end].bracket == b
            ):
                end += 1
            span = (block.a0 + at, block.a0 + end)
            if a == b:
                self._say("same", self.now.tokens[block.b0 + at : block.b0 + end], "")
            else:
                self._bracket(span, (block.b0 + at, block.b0 + end), a, b)
            at = end

    def _words(self, block: Block) -> None:
        identifier = self._next
        removed, added = self.sent[block.a0 : block.a1], self.now.tokens[block.b0 : block.b1]
        self._say("del", removed, identifier)
        self._say("ins", added, identifier)
        gone = [self._still.get(at) for at in range(block.a0, block.a1)]
        hands = [self.before.by[at] if at is not None else None for at in gone]
        hands += self.now.by[block.b0 : block.b1]
        self._change(
            identifier,
            (block.a0, block.a1),
            tuple(parts(added)),
            [by for by in hands if by],
            tracked=all(hands),
        )

    def _bracket(self, span: tuple[int, int], there: tuple[int, int], a: Side | None, b: Side | None) -> None:
        identifier = self._next
        self._say("same", self.now.tokens[there[0] : there[1]], identifier)
        old = [self._still.get(at) for at in range(*span)]
        tracked = bool(self._signs) and all(at is not None and self.before.tokens[at].bracket == a for at in old)
        self._change(identifier, span, (), list(self._signs) if tracked else [], tracked=tracked, sides=(a, b))

    def _change(
        self,
        identifier: str,
        span: tuple[int, int],
        added: tuple[Part, ...],
        hands: Sequence[Tracked],
        *,
        tracked: bool,
        sides: tuple[Side | None, Side | None] | None = None,
    ) -> None:
        start, end = span
        self.changes.append(
            Change(
                id=identifier,
                kind="bracket" if sides else "words",
                slot=self.unit.slot,
                language=self.unit.edition,
                start=start,
                end=end,
                removed=said(self.sent[start:end]),
                added=added,
                bracket_before=sides[0] if sides else None,
                bracket=sides[1] if sides else None,
                before=said(self.sent[max(0, start - _AROUND) : start]),
                behind=said(self.sent[end : end + _AROUND]),
                tracked=tracked,
                tracked_by=tuple(Author(author=by.author, at=by.at) for by in dict.fromkeys(hands)),
            )
        )

    def _say(self, op: str, spoken: Sequence[Token], change: str) -> None:
        for part in parts(spoken):
            self.runs.append(Run(op=op, text=part.text, bracket=part.bracket, change=change))  # type: ignore[arg-type]

    def noise(self, found: Sequence[Block]) -> None:
        """What differs in words that are the same, by kind."""
        kinds: dict[str, tuple[int, str, str]] = {}
        for block in found:
            if not block.same:
                continue
            for a, b in zip(self.sent[block.a0 : block.a1], self.now.tokens[block.b0 : block.b1], strict=True):
                last = a is self.sent[-1] or b is self.now.tokens[-1] or a.bracket != b.bracket
                for kind in noise_between(a, b, last=last):
                    count, one, other = kinds.get(kind, (0, a.word + a.space, b.word + b.space))
                    kinds[kind] = (count + 1, one, other)
        self.noises = [
            Noise(slot=self.unit.slot, language=self.unit.edition, kind=kind, count=count, sent=a, returned=b)
            for kind, (count, a, b) in kinds.items()
        ]


def said(spoken: Sequence[Token]) -> str:
    """Words as they stand, brackets with the side's code where they begin and end."""
    return "".join(
        f"[{part.bracket}: {part.text.rstrip()}]" if part.bracket else part.text for part in parts(spoken)
    ).strip(" ")


def parts(spoken: Sequence[Token]) -> Iterator[Part]:
    """Words joined to parts that stand in the same bracket."""
    held, side = "", None
    for token in spoken:
        if held and token.bracket != side:
            yield Part(text=held, bracket=side)
            held = ""
        side = token.bracket
        held += token.word + token.space
    if held:
        yield Part(text=held, bracket=side)
