"""Two contents word by word: what the comparison macros show. Pure; knows the shape of contents, no kind.

Nothing is lost: every value of either content stands in a paragraph or in a cell, rows with one key among them, and a
row that only changed its place says so.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from dtti.documents.diff import blocks, rising

from .views import words

_WORD = re.compile(r"\s+|[^\s]+\s*")
#: What names a row among its like, the first that it has.
KEYS: Final = ("number", "name", "key", "project", "side", "stage", "horizon")


class Paragraph(msgspec.Struct):
    """A field side by side with itself: `state` same, changed, added or removed; `runs` of op same, ins or del."""

    label: str
    state: str
    runs: list[dict[str, str]]


class ComparedRow(msgspec.Struct, frozen=True):
    """A row, each cell as runs. `state`: a paragraph's, or moved."""

    state: str
    cells: dict[str, list[dict[str, str]]]


class Rows(msgspec.Struct):
    """A field of rows: its columns and its rows."""

    label: str
    columns: list[dict[str, str]]
    rows: list[ComparedRow]
    changed: bool


class Comparison(msgspec.Struct):
    """Everything that changed between two contents, and how many words."""

    paragraphs: list[Paragraph]
    tables: list[Rows]
    added: int
    removed: int

    @property
    def same(self) -> bool:
        """Whether nothing changed."""
        return not any(each.state != "same" for each in self.paragraphs) and not any(
            each.changed for each in self.tables
        )


def runs(before: str, after: str) -> list[dict[str, str]]:
    """The words of both texts, marked: same, removed (del), added (ins)."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    found: list[dict[str, str]] = []
    for block in blocks(old, new):
        for op, held in (("del", old[block.a0 : block.a1]), ("ins", new[block.b0 : block.b1])):
            _add(found, "same" if block.same else op, [] if block.same and op == "ins" else held)
    return found


def _add(found: list[dict[str, str]], op: str, words: Sequence[str]) -> None:
    if words:
        found.append({"op": op, "text": "".join(words)})


def text_of(value: Any, called: Callable[[str], str] = words.field_name) -> str:
    """A value as a reader sees it: members named, rows and lines one under another."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "\n".join(text_of(each, called) for each in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{called(name)}: {text_of(each, called)}" for name, each in value.items())
    return str(value)


def _state(before: Any, after: Any) -> str:
    if before == after:
        return "same"
    if before in (None, "", [], {}):
        return "added"
    return "removed" if after in (None, "", [], {}) else "changed"


def _is_rows(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(each, Mapping) for each in value)


def compare(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    order: Mapping[str, Sequence[str]] | None = None,
    called: Callable[[str], str] = words.field_name,
) -> Comparison:
    """Compare two contents field by field, members of a member each by itself. Citations stand with what they are of.

    `order`: fields in the order to show, each with the columns of its rows in theirs (none for a plain field).
    `called`: what a field is called.
    """
    made = Comparison([], [], 0, 0)
    for label, old, new, columns in _fields(before, after, order or {}, "", called):
        if all(each in (None, []) or _is_rows(each) for each in (old, new)) and (old or new):
            made.tables.append(_table(label, old or [], new or [], columns, called))
        else:
            said = runs(text_of(old, called), text_of(new, called))
            made.paragraphs.append(Paragraph(label, _state(old, new), said))
    for each in [run for one in made.paragraphs for run in one.runs] + [
        run for table in made.tables for row in table.rows for cell in row.cells.values() for run in cell
    ]:
        count = len(each["text"].split())
        made.added += count if each["op"] == "ins" else 0
        made.removed += count if each["op"] == "del" else 0
    return made


def _fields(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    order: Mapping[str, Sequence[str]],
    above: str,
    called: Callable[[str], str],
) -> Iterator[tuple[str, Any, Any, Sequence[str]]]:
    """Every field of either content with its label and its columns; of a member that has members, each of those."""
    names = [name for name in order if name in before or name in after]
    names += [name for name in (*before, *after) if name not in names and name != "cite"]
    names += ["cite"] if "cite" in before or "cite" in after else []
    for name in dict.fromkeys(names):
        label = f"{above} · {called(name)}" if above else called(name)
        old, new = before.get(name), after.get(name)
        if all(each is None or (isinstance(each, Mapping) and each) for each in (old, new)):
            yield from _fields(old or {}, new or {}, {}, label, called)
        else:
            yield label, old, new, order.get(name, ())


def _key(row: Mapping[str, Any]) -> str:
    """What a row is called among its like; two may be called the same."""
    return next((f"{name} {row[name]}" for name in KEYS if row.get(name)), "")


def pair(old: Sequence[Any], new: Sequence[Any]) -> list[tuple[int | None, int | None]]:
    """Each row of `old` and of `new` once: with its like of the other, or alone. In the order of `new`.

    Equal rows are like first, then those of one key, each in their order; a row of `old` that is left stands after the
    one that it followed.
    """
    like: dict[int, int] = {}  # place in new: place in old
    free = set(range(len(old)))
    for name in (_whole, _key):
        waiting: dict[str, deque[int]] = defaultdict(deque)
        for place, row in enumerate(old):
            if place in free:
                waiting[name(row)].append(place)
        for place, row in enumerate(new):
            if place not in like and waiting[name(row)]:
                like[place] = waiting[name(row)].popleft()
                free.discard(like[place])
    found: list[tuple[int | None, int | None]] = [(like.get(place), place) for place in range(len(new))]
    for gone in sorted(free):
        after = next((at for at, (was, _) in enumerate(found) if was is not None and was == gone - 1), None)
        found.insert(0 if gone == 0 else len(found) if after is None else after + 1, (gone, None))
    return found


def _whole(row: Any) -> str:
    return repr(sorted(row.items())) if isinstance(row, Mapping) else repr(row)


def _in_place(pairs: Sequence[tuple[int | None, int | None]]) -> set[int]:
    """Places in the old rows of those that kept their order: a longest rising sequence of them."""
    stayed = [was for was, now in pairs if was is not None and now is not None]
    return {stayed[at] for at in rising(stayed)}


def _table(
    label: str,
    old: Sequence[Mapping[str, Any]],
    new: Sequence[Mapping[str, Any]],
    order: Sequence[str],
    called: Callable[[str], str],
) -> Rows:
    used = dict.fromkeys(key for row in (*old, *new) for key in row)
    columns = [key for key in order if key in used] + [key for key in used if key not in order and key != "cite"]
    columns += ["cite"] if "cite" in used else []
    pairs = pair(old, new)
    kept, rows = _in_place(pairs), []
    for was, now in pairs:
        left, right = (old[was] if was is not None else {}), (new[now] if now is not None else {})
        state = "added" if was is None else "removed" if now is None else "changed" if left != right else "same"
        if state == "same" and was not in kept:
            state = "moved"
        cells = {
            column: runs(text_of(left.get(column), called), text_of(right.get(column), called)) for column in columns
        }
        rows.append(ComparedRow(state, cells))
    headed = [{"key": each, "label": called(each)} for each in columns]
    return Rows(label, headed, rows, any(row.state != "same" for row in rows))
