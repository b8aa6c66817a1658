"""Two contents word by word: what the comparison macros show. Pure; knows the shape of contents, no kind."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

import msgspec

from . import labels

_WORD = re.compile(r"\s+|[^\s]+")


class Paragraph(msgspec.Struct):
    """A field side by side with itself: `state` same, changed, added or removed; `runs` of op same, ins or del."""

    label: str
    state: str
    runs: list[dict[str, str]]


class Rows(msgspec.Struct):
    """A field of rows: its columns, and its rows with each cell as runs."""

    label: str
    columns: list[dict[str, str]]
    rows: list[dict[str, Any]]
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
        return not self.added and not self.removed


def runs(before: str, after: str) -> list[dict[str, str]]:
    """The words of both texts, marked: same, removed (del), added (ins)."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    found: list[dict[str, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append({"op": "same", "text": "".join(old[a:b])})
        else:
            if b > a:
                found.append({"op": "del", "text": "".join(old[a:b])})
            if d > c:
                found.append({"op": "ins", "text": "".join(new[c:d])})
    return found


def text_of(value: Any) -> str:
    """A simple value as a reader sees it."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return "\n".join(text_of(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{labels.field(name)}: {text_of(each)}" for name, each in value.items() if name != "cite")
    return str(value)


def _state(before: Any, after: Any) -> str:
    if before == after:
        return "same"
    if before in (None, "", [], {}):
        return "added"
    return "removed" if after in (None, "", [], {}) else "changed"


def _is_rows(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and isinstance(value[0], dict)


def compare(
    before: Mapping[str, Any], after: Mapping[str, Any], order: Mapping[str, Sequence[str]] | None = None
) -> Comparison:
    """Compare two contents field by field. Citations are left out: they say where a fact is from.

    `order`: fields in the order to show, each with the columns of its rows in theirs (none for a plain field).
    """
    order = order or {}
    names = [name for name in order if name in before or name in after]
    names += [name for name in (*before, *after) if name not in names and name != "cite"]
    made = Comparison([], [], 0, 0)
    for name in dict.fromkeys(names):
        old, new = before.get(name), after.get(name)
        if _is_rows(old) or _is_rows(new):
            made.tables.append(_table(name, old or [], new or [], order.get(name, ())))
            continue
        words = runs(text_of(old), text_of(new))
        made.paragraphs.append(Paragraph(labels.field(name), _state(old, new), words))
    for each in [run for one in made.paragraphs for run in one.runs] + [
        run for table in made.tables for row in table.rows for cell in row["cells"].values() for run in cell
    ]:
        count = len(each["text"].split())
        made.added += count if each["op"] == "ins" else 0
        made.removed += count if each["op"] == "del" else 0
    return made


def _key(row: Mapping[str, Any]) -> str:
    return str(row.get("number") or row.get("name") or row.get("project") or row.get("side") or row.get("stage") or row)


def _table(name: str, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], order: Sequence[str]) -> Rows:
    used = dict.fromkeys(key for row in (*old, *new) for key in row if key != "cite")
    columns = [key for key in order if key in used] + [key for key in used if key not in order]
    before, after = {_key(row): row for row in old}, {_key(row): row for row in new}
    rows = []
    for key in dict.fromkeys([*after, *before]):
        left, right = before.get(key), after.get(key)
        state = "added" if left is None else "removed" if right is None else "same" if left == right else "changed"
        cells = {
            column: runs(text_of((left or {}).get(column)), text_of((right or {}).get(column))) for column in columns
        }
        rows.append({"state": state, "cells": cells})
    headed = [{"key": each, "label": labels.field(each)} for each in columns]
    return Rows(labels.field(name), headed, rows, any(row["state"] != "same" for row in rows))
