"""Going through a content by its declared types: its rows, its texts, its links. Knows no kind of record."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec import inspect

from .values import Cite, When


def rows(content: msgspec.Struct, path: str = "") -> Iterator[tuple[str, msgspec.Struct]]:
    """The content itself and every row inside it (citations apart), each with its path: ``""``, ``statements.0``."""
    yield path, content
    for name in content.__struct_fields__:
        value = getattr(content, name)
        for number, part in enumerate(value) if isinstance(value, tuple) else [(None, value)]:
            if isinstance(part, msgspec.Struct) and not isinstance(part, Cite):
                below = ".".join(str(step) for step in (path or None, name, number) if step is not None)
                yield from rows(part, below)


def dates(row: msgspec.Struct) -> Iterator[tuple[str, When]]:
    """The dates that stand directly on a row, each with its field."""
    for name in row.__struct_fields__:
        value = getattr(row, name)
        if isinstance(value, When):
            yield name, value


# A declared string: whether it is text (and not one of a few words), and the extras of its annotation.
Declared = tuple[bool, dict[str, Any]]
Found = list[tuple[Declared, str]]
Visit = Callable[[Any, Found], None]


def _visit(declared: inspect.Type, extra: dict[str, Any]) -> Visit:
    """What adds every string in a value of the declared type to a list. Made once for a type, used for every value."""
    if isinstance(declared, inspect.Metadata):
        return _visit(declared.type, {**extra, **(declared.extra or {})})
    if isinstance(declared, inspect.UnionType):
        members = [_visit(each, extra) for each in declared.types if not isinstance(each, inspect.NoneType)]

        def union(value: Any, found: Found) -> None:
            for member in members:
                member(value, found)

        return members[0] if len(members) == 1 else union
    if isinstance(declared, inspect.VarTupleType):
        item_of = _visit(declared.item_type, extra)

        def items(value: Any, found: Found) -> None:
            for item in value:
                item_of(item, found)

        return items
    if isinstance(declared, inspect.StructType):
        fields = [(field.name, _visit(field.type, extra)) for field in declared.fields]

        def struct(value: Any, found: Found) -> None:
            for name, field in fields:
                member = getattr(value, name)
                if member is not None and member != ():
                    field(member, found)

        return struct
    told: Declared = (isinstance(declared, inspect.StrType), extra)

    def string(value: Any, found: Found) -> None:
        if isinstance(value, str):
            found.append((told, value))

    return string


_visits: dict[type[msgspec.Struct], Visit] = {}


def _strings(content: msgspec.Struct) -> Found:
    kind = type(content)
    if kind not in _visits:
        _visits[kind] = _visit(inspect.type_info(kind), {})
    found: Found = []
    _visits[kind](content, found)
    return found


def links(content: msgspec.Struct) -> tuple[str, ...]:
    """Every record that the content points to, as ``kind:ref``, each once, in the order met; its sources among them."""
    found: dict[str, None] = {}
    for (_, extra), text in _strings(content):
        target = extra.get("link")
        if target:
            found.setdefault(text if target == "*" else f"{target}:{text}")
    return tuple(found)


def texts(content: msgspec.Struct) -> str:
    """What people wrote in the content (names, titles, notes; no codes, no links), one text a line, for search."""
    found: dict[str, None] = {}
    for (is_text, extra), text in _strings(content):
        if is_text and "link" not in extra and extra.get("search", True):
            found.setdefault(text)
    return "\n".join(found)
