"""Finds the headings of a register in a sheet and says which column is which, and why. Knows no values.

The row whose headings fit the register best is the header; two rows are tried as one, since offices put India and
the United States under one merged heading. What stands above is passed over and said. A kept mapping decides alone.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from . import numbers
from .grid import Around, Merge, Row
from .outcome import Guess, Mapping, Why
from .phrases import Fault
from .register import Column, Register
from .text import address, folded, line, plain, shown

_BRACKETED = re.compile(r"\s*[(\[][^()\[\]]*[)\]]")
_NUMBERED = re.compile(r"[(\[]?(\d{1,3})[)\].]?")
_NEAR = 0.86
_LONGEST = 300  # of a heading, in characters; what is longer is a text
_RANK = {"mapping": 4, "name": 3, "alias": 2, "lower": 1, "close": 0}


class Header(NamedTuple):
    """Rows of the headings, the headings by column from 0, and the rows of the sheet that stand above.

    `after`: the last row that is not data: the header's own, or one below that only numbers the columns.
    """

    top: int
    bottom: int
    headings: tuple[str, ...]
    lower: tuple[str, ...]
    above: tuple[str, ...]
    after: int


def candidates(around: Around) -> Iterator[Header]:
    """Every row that may hold the headings, alone and then with the next one."""
    for at, row in enumerate(around.head):
        one = _spread(row, around.merges)
        yield _header(around, at, at, one, one)
        below = around.head[at + 1] if at + 1 < len(around.head) else None
        if below is None or below.number != row.number + 1:
            continue
        two = _spread(below, around.merges)
        joined = _joined(_over(one, two), two)
        if joined != one:
            yield _header(around, at, at + 1, joined, two)


def find(around: Around, register: Register) -> tuple[Header, int] | None:
    """The header that fits best and how many columns it gives; None where fewer than two do."""
    best: Header | None = None
    most = (1, True)
    for each in candidates(around):
        guesses = _exact(each, register)
        # Of two that give as many columns, one row is the likelier: the other is a title merged over it.
        score = (len({guess.key for guess in guesses if guess.key}), each.top == each.bottom)
        if score > most and score[0] > 1:
            best, most = each, score
    return (best, most[0]) if best else None


def find_mapped(around: Around, mapping: Mapping) -> Header | None:
    """The header that has exactly the headings of the mapping; None where there is none."""
    return next((each for each in candidates(around) if each.headings == mapping.header), None)


def guess(header: Header, register: Register) -> tuple[Guess, ...]:
    """Which column is which. Of two that may be the same, the one named so wins; where both are equal, neither does."""
    found = _exact(header, register)
    taken = {each.key for each in found if each.key}
    free = [column for column in register.columns if column.key not in taken]
    found = [_near(each, free) if each.why == "unread" and each.heading else each for each in found]
    best: dict[str, int] = {}
    for each in found:
        if each.key:
            best[each.key] = max(best.get(each.key, 0), _RANK[each.why])
    settled = []
    for each in found:
        rivals = [one for one in found if each.key and one.key == each.key and _RANK[one.why] == best[each.key]]
        lost = bool(rivals) and (len(rivals) > 1 or rivals[0] is not each)
        settled.append(Guess(each.column, each.heading, "", "contested") if lost else each)
    return tuple(settled)


def contested(header: Header, register: Register) -> dict[str, tuple[str, ...]]:
    """For each key that two columns claim equally: the cells of their headings."""
    claims: dict[str, list[Guess]] = {}
    for each in _exact(header, register):
        if each.key:
            claims.setdefault(each.key, []).append(each)
    made = {}
    for key, found in claims.items():
        rank = max(_RANK[each.why] for each in found)
        rivals = [each for each in found if _RANK[each.why] == rank]
        if len(rivals) > 1:
            made[key] = tuple(f"{address(header.bottom, each.column)} “{shown(each.heading, 30)}”" for each in rivals)
    return made


def mapped(header: Header, mapping: Mapping, register: Register) -> tuple[Guess, ...]:
    """Which column is which by a mapping; a Fault (`sheet-mapping`) where it is not one of this register."""
    keys = [each for each in mapping.columns if each is not None]
    known = {each.key for each in register.columns}
    why = ""
    if mapping.register != register.code:
        why = f"{mapping.register} ≠ {register.code}"
    elif len(mapping.columns) != len(mapping.header):
        why = f"{len(mapping.header)} header, {len(mapping.columns)} columns"
    elif set(keys) - known:
        why = ", ".join(sorted(set(keys) - known))
    elif len(set(keys)) != len(keys):
        why = ", ".join(sorted({each for each in keys if keys.count(each) > 1}))
    if why:
        raise Fault("sheet-mapping", why=shown(why, 200))
    return tuple(
        Guess(at, heading, key or "", "mapping" if key else "unread", _unit_words(heading) if key else "")
        for at, (heading, key) in enumerate(zip(header.headings, mapping.columns, strict=True))
        if heading or key
    )


def _unit_words(heading: str) -> str:
    currency, scale = numbers.unit(heading)
    return " ".join(each for each in (currency, f"× {scale:,}" if scale > 1 else "") if each)


@lru_cache(maxsize=8)
def _known(register: Register) -> tuple[frozenset[str], dict[str, str], dict[str, str]]:
    """Headings of a register, folded: those not wanted, and the columns by their names and by anything else."""
    names = {
        folded(name): column.key for column in register.columns for name in (column.key, column.name.en, column.name.hi)
    }
    aliases = {heading: column.key for column in register.columns for heading in column.headings()}
    return frozenset(map(folded, register.passed)), names, aliases


def _exact(header: Header, register: Register) -> list[Guess]:
    """Headings that are known as they stand, or once a unit is taken off, or by the lower of two rows."""
    passed, names, aliases = _known(register)
    found = []
    for at, heading in enumerate(header.headings):
        if not heading:
            continue
        made = Guess(at, heading, "", "unread")
        for whole, text in (
            (True, heading),
            (True, _bare(heading)),
            (False, header.lower[at]),
            (False, _bare(header.lower[at])),
        ):
            said = folded(text)
            if not said:
                continue
            if said in passed and whole:
                made = Guess(at, heading, "", "passed")
                break
            key = names.get(said) or aliases.get(said)
            if key:
                why: Why = "lower" if not whole else "name" if said in names else "alias"
                made = Guess(at, heading, key, why, _unit_words(heading))
                break
        found.append(made)
    return found


def _near(one: Guess, free: list[Column]) -> Guess:
    """The column whose heading is spelled nearly so, if just one is."""
    said = folded(_bare(one.heading))
    if len(said) < 5:
        return one
    scores = sorted(
        ((max(SequenceMatcher(None, said, name).ratio() for name in column.headings()), column.key) for column in free),
        reverse=True,
    )
    if scores and scores[0][0] >= _NEAR and (len(scores) == 1 or scores[1][0] < scores[0][0]):
        return Guess(one.column, one.heading, scores[0][1], "close", _unit_words(one.heading))
    return one


def _bare(heading: str) -> str:
    """A heading without what stands in brackets, and without a unit at its end."""
    return numbers.without_unit(_BRACKETED.sub("", heading).strip(" -:,*")).strip(" -:,*")


def _spread(row: Row, merges: tuple[Merge, ...]) -> dict[int, str]:
    """The texts of a row; a merged cell's text stands in each of its columns and rows."""
    said = {at: line(cell.text[:_LONGEST]) for at, cell in row.cells.items()}
    for merge in merges:
        if merge.top == row.number and merge.left in said:
            for at in range(merge.left + 1, min(merge.right, merge.left + 200) + 1):
                said.setdefault(at, said[merge.left])
    return said


def _over(top: dict[int, str], below: dict[int, str]) -> dict[int, str]:
    """The upper headings, each also over the empty cells to its right with a heading below: CSV keeps no merges."""
    made = dict(top)
    for at in sorted(below):
        if at not in made and at - 1 in made and at - 1 in below:
            made[at] = made[at - 1]
    return made


def _joined(top: dict[int, str], below: dict[int, str]) -> dict[int, str]:
    made = dict(top)
    for at, text in below.items():
        made[at] = f"{top[at]} {text}" if at in top and top[at] != text else text
    return made


def _header(around: Around, first: int, last: int, said: dict[int, str], lower: dict[int, str]) -> Header:
    width = max(said, default=-1) + 1
    rows = around.head
    after = rows[last].number
    below = rows[last + 1] if last + 1 < len(rows) else None
    if below and _only_numbers(below):
        after = below.number
    return Header(
        rows[first].number,
        rows[last].number,
        tuple(said.get(at, "") for at in range(width)),
        tuple(lower.get(at, "") for at in range(width)),
        tuple(shown(" ".join(line(cell.text) for cell in row.cells.values()), 80) for row in rows[:first]),
        after,
    )


def _only_numbers(row: Row) -> bool:
    """Whether a row counts its columns, (1) (2) (3), as registers of ministries do under their headings."""
    numbers_ = [_NUMBERED.fullmatch(plain(cell.text)) for _, cell in sorted(row.cells.items())]
    said = [int(each[1]) for each in numbers_ if each]
    return len(said) == len(numbers_) >= 3 and said == list(range(said[0], said[0] + len(said))) and said[0] <= 2
