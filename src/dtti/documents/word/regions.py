"""Where texts stand in a returned file: what stands under another heading is that heading's text. Compares no words.

A bookmark says which text a paragraph was, and a reader goes by where it stands. Each entry begins with the first of
its texts that is there, mostly its heading; what follows up to the next such beginning is its own, whatever its
bookmark. Where only headings were exchanged, the texts between them stay and the headings are what changed.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from dtti.documents.diff import rising
from dtti.documents.values import Language

from .pieces import Paragraph, Piece
from .placing import Text, visible
from .plan import Plan, Unit
from .slots import own_pieces

Unlike = defaultdict[str, list[str]]


def settle(
    plan: Plan, texts: dict[str, Text], paragraphs: Sequence[Paragraph], unlike: Unlike, *, styled: bool
) -> None:
    """Give each text to the unit in whose place it stands; what has no such place is noted in `unlike`."""
    for edition in plan.languages:
        own = _Edition(plan, edition, texts, paragraphs, unlike, styled=styled)
        own.exchanged()
        own.displaced()
        own.numbers()
        own.out_of_place()
    _joined(plan, texts, paragraphs, unlike)
    _labels(plan, texts, paragraphs, unlike)
    _at_the_end(plan, texts, unlike)


class _Edition:
    """The texts of one edition, each with the place at which it begins."""

    def __init__(
        self,
        plan: Plan,
        edition: Language,
        texts: dict[str, Text],
        paragraphs: Sequence[Paragraph],
        unlike: Unlike,
        *,
        styled: bool,
    ) -> None:
        self.plan, self.edition, self.texts, self.paragraphs = plan, edition, texts, paragraphs
        self.unlike, self.styled = unlike, styled
        self.units = [each for each in _in_order(plan) if each.edition == edition]
        self.of: dict[str, list[Unit]] = {}
        for unit in self.units:
            self.of.setdefault(_owner(unit), []).append(unit)
        self.entries = {_owner(unit) for unit in self.units if unit.key}
        self.index = {owner: at for at, owner in enumerate(self.of)}
        self._look()

    def _look(self) -> None:
        """Find where each owner begins."""
        self.begins: dict[str, int] = {}
        for owner, units in self.of.items():
            first = next((at for unit in units if (at := _begins(self.texts.get(unit.mark))) >= 0), -1)
            if first >= 0:
                self.begins[owner] = first
        self.regions = sorted(self.begins, key=lambda owner: (self.begins[owner], self.index[owner]))
        self._starts = [self.begins[owner] for owner in self.regions]

    def _region(self, at: int, owner: str) -> str:
        """The owner in whose place a paragraph stands."""
        if self.begins.get(owner) == at:
            return owner
        place = bisect_right(self._starts, at) - 1
        return self.regions[place] if place >= 0 else owner

    def exchanged(self) -> None:
        """Texts outside the entries that changed places with one another: each is what now stands in its place."""
        silent = {unit for unit in self.units if unit.fixed or not unit.pieces}
        there = [each for each in self.regions if each not in self.entries and self.of[each][0] not in silent]
        planned = sorted(there, key=self.index.__getitem__)
        taken = {one: other for one, other in zip(planned, there, strict=True) if one != other}
        if not taken:
            return
        pairs = {one: other for one, other in taken.items() if taken.get(other) == one}
        if pairs.keys() != taken.keys() or _blocks(pairs):
            places = [self.index[each] for each in there]
            kept = {there[at] for at in rising(places)}
            for each in there:
                if each not in kept:
                    self._note(each)
            return
        marks = {self.of[one][0].mark: self.of[other][0].mark for one, other in pairs.items()}
        held = {mark: self.texts.pop(mark) for mark in marks}
        for one, other in pairs.items():
            unit, was = self.of[one][0], held[self.of[other][0].mark]
            self.texts[unit.mark] = replace(was, unit=unit, pieces=own_pieces(was.unit, was.pieces, styled=self.styled))
        self._look()

    def displaced(self) -> None:
        """Texts of entries that stand in the place of another: they are texts of that one."""
        self.assigned = self._headings_exchanged()
        moves = [
            unit
            for unit in self.units
            if not unit.fixed
            and any(self._goes_to(unit, at) != _owner(unit) for at in _places(self.texts.get(unit.mark)))
        ]
        if not moves:
            return
        fragments: defaultdict[str, list[tuple[int, list[Piece]]]] = defaultdict(list)
        number: dict[str, list[Piece]] = {}
        by: dict[str, str] = {}
        for unit in self.units:
            text = self.texts.pop(unit.mark, None)
            if text is None:
                continue
            if text.number is not None:
                number[unit.mark] = text.number
            by[unit.mark] = text.by
            groups: dict[int, list[Piece]] = {}
            for piece in text.pieces:
                groups.setdefault(piece.at, []).append(piece)
            for at, pieces in groups.items():
                target = self._target(unit, at) if visible(pieces).strip() else unit
                if target is unit:
                    fragments[unit.mark].append((at, pieces))
                    continue
                left = [each for each in pieces if each.state == "removed"]
                came = own_pieces(unit, [each for each in pieces if each.state != "removed"], styled=self.styled)
                fragments[unit.mark] += [(at, left)] if left else []
                fragments[target.mark].append((at, came))
        for unit in self.units:
            if unit.mark in fragments or unit.mark in number:
                made = Text(unit, number=number.get(unit.mark), by=by.get(unit.mark, "mark"))
                made.pieces = _in_one(fragments[unit.mark])
                made.order = _begins(made)
                made.cell = self.paragraphs[made.order].cell if made.order >= 0 else None
                self.texts[unit.mark] = made
        self._look()

    def _headings_exchanged(self) -> dict[str, str]:
        """Which entry each beginning is of, where beginnings were exchanged and not what stands under them."""
        under: defaultdict[str, set[str]] = defaultdict(set)
        for unit in self.units:
            for at in _places(self.texts.get(unit.mark)) if unit.key else ():
                region = self._region(at, unit.key)
                if region != unit.key or at != self.begins[unit.key]:
                    under[region].add(unit.key)
        swapped = {region: min(keys) for region, keys in under.items() if keys != {region} and len(keys) == 1}
        if not swapped or set(swapped) != set(swapped.values()) or not set(swapped) <= self.entries:
            return {}
        leads = [each for each in self.regions if each in self.entries]
        as_led = rising([self.index[each] for each in leads])
        as_told = rising([self.index[swapped.get(each, each)] for each in leads])
        return swapped if len(as_told) > len(as_led) else {}

    def _goes_to(self, unit: Unit, at: int) -> str:
        """The owner that a paragraph of a unit belongs to by its place."""
        region = self._region(at, _owner(unit))
        return self.assigned.get(region, region)

    def _target(self, unit: Unit, at: int) -> Unit:
        """The unit that takes a paragraph of `unit`: the same part of the entry there, or else its last text."""
        owner = self._goes_to(unit, at)
        if owner == _owner(unit):
            return unit
        part = unit.slot.rpartition("/")[2]
        own = self.of[owner]
        if own[0].fixed:
            self._note(_owner(unit))
            return unit
        same = next((each for each in own if unit.key and each.slot.rpartition("/")[2] == part), None)
        return same or next((each for each in reversed(own) if each.typed is None), own[-1])

    def numbers(self) -> None:
        """Numbers that stand before the text of another entry are that one's."""
        stands = {
            self.texts[unit.mark].order: unit
            for unit in reversed(self.units)
            if unit.number is not None and unit.mark in self.texts and self.texts[unit.mark].order >= 0
        }
        found = [
            (unit, text.number, at)
            for unit in self.units
            if (text := self.texts.get(unit.mark)) and text.number and (at := _first(text.number)) >= 0
        ]
        wrong = [(unit, pieces, at) for unit, pieces, at in found if stands.get(at, unit) is not unit]
        for unit, _, _ in wrong:
            self.texts[unit.mark].number = None
        for _, pieces, at in wrong:
            here = self.texts[stands[at].mark]
            here.number = [*(here.number or ()), *pieces]
        for unit, pieces, at in found:
            if at not in stands and _begins(self.texts[unit.mark]) not in (at, -1):
                self.unlike["place"].append(visible(pieces).strip())

    def out_of_place(self) -> None:
        """Note what stands among other kinds of text than it was sent among, or in another part or column."""
        rank = {unit.mark: at for at, units in enumerate(_kinds(self.plan)) for unit in units}
        order = [
            (rank[unit.mark], owner)
            for owner in self.regions
            if not (unit := self.of[owner][0]).fixed and unit.mark in rank
        ]
        kept = set(rising([each * len(order) + at for at, (each, _) in enumerate(order)]))
        for at, (_, owner) in enumerate(order):
            if at not in kept:
                self._note(owner)
        self._parts()
        columns = {
            mark: cell[2]
            for mark, text in self.texts.items()
            if text.unit.edition == self.edition and rank.get(mark, 3) <= 2 and (cell := text.cell)
        }
        usual = Counter(columns.values()).most_common(1)
        for mark, column in columns.items():
            if column != usual[0][0]:
                self._noted(_said(self.texts[mark]))

    def _parts(self) -> None:
        part, parts = "", dict[str, str]()
        for paragraph in self.plan.clauses[self.edition]:
            part = _owner(paragraph[0]) if paragraph[0].fixed else part
            parts |= {unit.key: part for unit in paragraph if unit.key}
        now = ""
        for owner in self.regions:
            if self.of[owner][0].fixed and owner in parts.values():
                now = owner
            elif owner in self.entries and now and parts.get(owner, now) in self.begins and parts[owner] != now:
                self._note(owner)

    def _note(self, owner: str) -> None:
        self._noted(next((one for each in self.of[owner] if (one := _said(self.texts.get(each.mark)))), ""))

    def _noted(self, said: str) -> None:
        if said and said not in self.unlike["place"]:
            self.unlike["place"].append(said)


def _owner(unit: Unit) -> str:
    """What a unit is a part of: its entry, or else itself."""
    return unit.key or unit.slot


def _in_order(plan: Plan) -> Iterable[Unit]:
    """Every unit in the order of the file: the parties as this original names them."""
    for kind in _kinds(plan):
        yield from kind
    yield from plan.silent


def _kinds(plan: Plan) -> tuple[list[Unit], ...]:
    """The units by where they stand: head, entries, tail, parties, particulars."""
    head, entries, tail = (
        [unit for language in plan.languages for paragraph in part[language] for unit in paragraph]
        for part in (plan.head, plan.clauses, plan.tail)
    )
    sides = sorted(plan.parties, key=lambda side: side != plan.first)
    parties = [unit for side in sides for unit in plan.parties[side]]
    return head, entries, tail, parties, [unit for _, row in plan.facts for unit in row]


def _places(text: Text | None) -> list[int]:
    """The paragraphs in which a text has words that stand, in order."""
    if text is None:
        return []
    return sorted({each.at for each in text.pieces if each.state != "removed" and each.text.strip() and each.at >= 0})


def _begins(text: Text | None) -> int:
    return next(iter(_places(text)), -1)


def _first(pieces: Sequence[Piece]) -> int:
    return next((each.at for each in pieces if each.state != "removed" and each.text.strip()), -1)


def _said(text: Text | None) -> str:
    return " ".join(visible(text.pieces).split()) if text else ""


def _in_one(fragments: Sequence[tuple[int, list[Piece]]]) -> list[Piece]:
    """Paragraphs of one text in the order of the file, with the end of a paragraph between each two."""
    made: list[Piece] = []
    for at, pieces in sorted(fragments, key=lambda each: each[0]):
        if not made and pieces and pieces[0].text == "\n":
            pieces = pieces[1:]
        elif made and visible(made).strip() and visible(pieces).strip() and pieces[0].text != "\n":
            made.append(Piece("\n", pieces[0].state, pieces[0].by, at=at))
        made += pieces
    return made


def _blocks(pairs: dict[str, str]) -> bool:
    """Whether whole blocks of the two sides changed places, as in the other side's original."""
    sides = [(one.split("/"), other.split("/")) for one, other in pairs.items()]
    return len(pairs) > 2 and all(a[0] == b[0] == "party" and a[-1] == b[-1] for a, b in sides)


def _joined(plan: Plan, texts: dict[str, Text], paragraphs: Sequence[Paragraph], unlike: Unlike) -> None:
    """Note texts that run on in a paragraph of another, by an end of paragraph that is gone or struck with tracking."""
    line: dict[str, int] = {}
    for language in plan.languages:
        for units in (*plan.head[language], *plan.clauses[language], *plan.tail[language]):
            line |= dict.fromkeys((unit.mark for unit in units), len(line))
    inside: defaultdict[int, list[str]] = defaultdict(list)
    for mark in line:
        for at in _places(texts.get(mark)):
            inside[at].append(mark)
    joined: list[str] = []
    for marks in inside.values():
        joined += [_said(texts[each]) for each in marks if line[each] != line[marks[0]]]
    before: list[str] = []
    struck = False
    for at, paragraph in enumerate(paragraphs):
        ends = paragraph.end == "removed"
        if not visible(paragraph.pieces).strip():
            struck = struck and ends
            continue
        marks = inside[at]
        if struck and before and marks and line[before[-1]] != line[marks[0]]:
            joined.append(_said(texts[marks[0]]))
        before, struck = marks, ends
    if joined:
        unlike["joined"] += joined


def _labels(plan: Plan, texts: dict[str, Text], paragraphs: Sequence[Paragraph], unlike: Unlike) -> None:
    """Note particulars that stand in a row with another name than theirs, and what stands in a row of theirs."""
    rows = {
        each.cell[:2]: slot
        for each in paragraphs
        if each.cell and not each.cell[2] and (slot := plan.names.get(" ".join(visible(each.pieces).split())))
    }
    there = set(rows.values())
    for text in texts.values():
        for at in _places(text):
            cell, own = paragraphs[at].cell, text.unit.slot if text.unit.slot in there else None
            if (rows.get(cell[:2]) if cell and cell[2] else None) != own:
                unlike["place"].append(_said(text))


def _at_the_end(plan: Plan, texts: dict[str, Text], unlike: Unlike) -> None:
    """Note parties and particulars that stand in another order, those of both languages taken together."""
    *_, parties, facts = _kinds(plan)
    index = {unit.mark: at for at, unit in enumerate((*parties, *facts))}
    there = sorted((at, index[mark], mark) for mark in index if (at := _begins(texts.get(mark))) >= 0)
    kept = {there[at][2] for at in rising([place for _, place, _ in there])}
    noted = unlike.get("place", [])
    moved = [said for _, _, mark in there if mark not in kept and (said := _said(texts[mark])) not in noted]
    if moved:
        unlike["place"] += moved
