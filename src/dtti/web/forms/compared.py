"""Two contents of a kind word by word, as readers read them: codes and days in words. Knows no rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from dtti.office.asking import Stored
from dtti.programme.kinds import KINDS
from dtti.web.compare import Comparison, compare
from dtti.web.views import words

from . import days, shape
from .shape import Shape


def compared(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    """Two contents of a kind as readers read them, compared word by word."""
    shapes = shape.of_struct(KINDS[kind].content)
    return compare(_read(shapes, before), _read(shapes, after), order(kind), lambda name: words.field_name(name, kind))


def order(kind: str) -> dict[str, list[str]]:
    """The fields of a kind in the order people think in, each with the fields of its rows (none for a plain field)."""
    drafted = KINDS[kind].face.drafted
    return {
        each.name: [one.name for one in each.inner if not shape.is_cite(one)] if each.how == "rows" else []
        for each in shape.of_kind(kind)
        if each.name in drafted or (not drafted and not shape.is_cite(each))
    }


def _read(shapes: Sequence[Shape], content: Mapping[str, Any]) -> Stored:
    by_name = {each.name: each for each in shapes}
    return {name: _value(by_name[name], value) if name in by_name else value for name, value in content.items()}


def _value(asked: Shape, value: Any) -> Any:
    if asked.item is not None and isinstance(value, list | tuple):
        return [_value(asked.item, each) for each in value]
    if asked.how == "rows" and isinstance(value, list | tuple):
        return [_read(asked.inner, each) if isinstance(each, dict) else each for each in value]
    if asked.how == "group" and isinstance(value, dict):
        return _read(asked.inner, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if asked.how == "choice":
        return words.word(value, asked.of)
    if asked.how == "date" and isinstance(value, str):
        return days.said(value, words.language())
    if asked.how == "hour" and isinstance(value, str) and days.is_instant(value) and value.endswith(":00Z"):
        return days.in_both(value, words.language())
    return value
