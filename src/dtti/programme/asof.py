"""A content as things were on a day: without what it dates later, and without links to what was not there yet. Pure.

For pages and lists. Reports are given contents whole: they answer about a day by the bounds of dates themselves.
"""

from collections.abc import Container
from datetime import date
from functools import cache
from typing import Any, Final, TypeVar, cast

import msgspec
from msgspec import inspect

from . import walk
from .kind import Content
from .values import When

C = TypeVar("C", bound=Content)

#: The date of a row, by the name of the field: the first that it has says when the row came to hold.
_DATED: Final = ("date", "entered", "as_of", "since", "signed", "made")
#: Dates that were known ahead of their day, or that bound something which had begun: they stay.
_AHEAD: Final = (
    *("due", "due_now", "promised", "expires", "timing", "by", "forecast_for", "until", "end"),
    *("planned_now", "forecast"),
)
#: Judgements that nothing dates: of an earlier day they say nothing.
_UNDATED: Final = {"Outcome": "as_of", "Standing": "as_of"}
_UNKNOWN: Final = {"implementation": "unknown"}


@cache
def _linked(kind: type[msgspec.Struct]) -> dict[str, str]:
    """The fields of a row that name records: which kind, ``*`` for any."""
    found = {}
    for field in cast(inspect.StructType, inspect.type_info(kind)).fields:
        waiting: list[inspect.Type] = [field.type]
        while waiting:
            declared = waiting.pop()
            if isinstance(declared, inspect.Metadata):
                if declared.extra and "link" in declared.extra:
                    found[field.name] = str(declared.extra["link"])
                waiting.append(declared.type)
            elif isinstance(declared, inspect.UnionType):
                waiting += declared.types
            elif isinstance(declared, inspect.VarTupleType):
                waiting.append(declared.item_type)
    return found


@cache
def _optional(kind: type[msgspec.Struct]) -> frozenset[str]:
    info = cast(inspect.StructType, inspect.type_info(kind))
    return frozenset(field.name for field in info.fields if field.default is None)


def as_of(content: C, day: date, later: Container[str] = ()) -> C:
    """`content` as it stood at the end of `day`. `later`: records (``kind:ref``) that were not there yet."""
    return cast(C, _cut(content, day, later))


def _cut(part: msgspec.Struct, day: date, later: Container[str]) -> msgspec.Struct:
    changed: dict[str, Any] = {}
    linked, optional = _linked(type(part)), _optional(type(part))
    for name in part.__struct_fields__:
        value = getattr(part, name)
        kept: Any = value
        if isinstance(value, When):
            if name in optional and name not in _AHEAD and value.earliest and value.earliest > day:
                kept = None
        elif isinstance(value, tuple):
            kept = tuple(
                _cut(each, day, later) if isinstance(each, msgspec.Struct) else each
                for each in value
                if not _is_later(each, linked.get(name, ""), day, later)
            )
            kept = value if kept == value else kept
        elif isinstance(value, msgspec.Struct):
            kept = None if name in optional and _is_later(value, "", day, later) else _cut(value, day, later)
        elif isinstance(value, str) and name in optional and name in linked:
            kept = None if _is_later(value, linked[name], day, later) else value
        elif name in _UNKNOWN:
            kept = _UNKNOWN[name]
        if kept is not value:
            changed[name] = kept
    return msgspec.structs.replace(part, **changed) if changed else part


def _is_later(value: Any, kind: str, day: date, later: Container[str]) -> bool:
    """Whether a row, a date or a link came only after the day."""
    if isinstance(value, When):
        return value.earliest is not None and value.earliest > day
    if isinstance(value, str):
        return bool(kind) and (value if kind == "*" else f"{kind}:{value}") in later
    if not isinstance(value, msgspec.Struct):
        return False
    undated = _UNDATED.get(type(value).__name__)
    if undated and getattr(value, undated) is None:
        return True
    when = next((held for name in _DATED if isinstance(held := getattr(value, name, None), When)), None)
    if when is not None and when.earliest is not None and when.earliest > day:
        return True
    return any(not link.startswith("source:") and link in later for link in walk.links(value))
