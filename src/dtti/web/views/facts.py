"""Any content as names and values: what a record page shows of a kind that has no page of its own, and of the rest.

Goes by the declared types of a content. Knows no single kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final, Literal

import msgspec
from markupsafe import Markup, escape
from msgspec import inspect

from dtti.programme.kind import Content
from dtti.programme.kinds import CODED, KINDS, home
from dtti.programme.values import Cite, Money, Share, When
from dtti.web.parts import Fact, Head, Row

from . import shown, words
from .shown import Names
from .words import _

Shape = Literal["link", "date", "money", "code", "side", "moment", "text", "number", "yes", "address", "row", "rows"]

#: Members that a page shows apart: where the whole rests, and its name in the title.
APART: Final = ("ref", "cite")
_SLUG: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*"


@cache
def shapes(content: type[msgspec.Struct]) -> dict[str, tuple[Shape, bool, str]]:
    """How each field of a content is shown: its shape, whether there may be several, and the kind that a link names.

    For a code whose words are its field's own, in place of a kind: the struct and field.
    """
    info = inspect.type_info(content)
    if not isinstance(info, inspect.StructType):
        raise TypeError(content)
    found = {field.name: _shape(field.name, field.type) for field in info.fields}
    own = {name: of for name in found if (of := f"{content.__name__}.{name}") in CODED}
    return {name: (shape, several, own.get(name, kind)) for name, (shape, several, kind) in found.items()}


def _shape(name: str, declared: inspect.Type, extra: Mapping[str, Any] | None = None) -> tuple[Shape, bool, str]:
    extra = extra or {}
    if isinstance(declared, inspect.UnionType):
        return _shape(name, next(part for part in declared.types if not isinstance(part, inspect.NoneType)), extra)
    if isinstance(declared, inspect.Metadata):
        return _shape(name, declared.type, {**extra, **(declared.extra or {})})
    if isinstance(declared, inspect.VarTupleType):
        shape, _several, kind = _shape(name, declared.item_type, extra)
        return ("rows" if shape == "row" else shape), True, kind
    if extra.get("link"):
        return "link", False, extra["link"]
    if isinstance(declared, inspect.StructType):
        return ("money" if declared.cls is Money else "row"), False, ""
    if isinstance(declared, inspect.CustomType):
        return "date", False, ""
    if isinstance(declared, inspect.BoolType):
        return "yes", False, ""
    if isinstance(declared, inspect.IntType):
        return "number", False, ""
    if isinstance(declared, inspect.LiteralType):
        return ("side" if "IND" in declared.values else "code"), False, ""
    if name == "url":
        return "address", False, ""
    pattern = getattr(declared, "pattern", None) or ""
    if _SLUG in pattern:
        return "code", False, ""
    return ("moment" if pattern.endswith(r"Z\Z") else "text"), False, ""


def _one(names: Names, shape: Shape, kind: str, value: Any) -> Any:
    """One value as `value()` takes it."""
    if shape == "link":
        return names.link(value if kind == "*" else f"{kind}:{value}")
    if shape == "date":
        return shown.when(value)
    if shape == "money":
        return shown.figure(value)
    if shape == "code":
        return words.word(value, kind)
    if shape == "side":
        return {"absent": "none"} if value == "none" else shown.macro("value", "side", value)
    if shape == "address":
        return {"text": value, "url": value}
    if shape == "moment":
        return shown.macro("value", "when", value)
    if shape == "yes":
        return _("yes") if value else _("no")
    if shape == "number":
        return words.grouped(value)
    if shape == "row":
        return _inline(names, value)
    return shown.text(str(value))


def _inline(names: Names, row: msgspec.Struct) -> Any:
    """A row in one line: its values, each named where it is not the first."""
    if isinstance(row, Share):
        return Markup("{} {}").format(shown.macro("value", "side", row.side), _percent(row.basis_points))
    parts: list[Any] = []
    kind_of_row = home(type(row))
    for name, (shape, several, kind) in shapes(type(row)).items():
        value = getattr(row, name)
        if value in (None, ()) or name == "cite":
            continue
        made = cell(names, shape, several, kind, value)
        plain = shown.macro("value", "value", made)
        parts.append(plain if not parts else Markup("{}: {}").format(words.field_name(name, kind_of_row), plain))
    return shown.joined(parts, " · ")


def _percent(basis_points: int) -> str:
    return f"{basis_points / 100:g} %"


def cell(names: Names, shape: Shape, several: bool, kind: str, value: Any) -> Any:
    """The value of a field as `value()` takes it, several in one line (rows and long texts one under another)."""
    if not several:
        return _one(names, shape, kind, value)
    made = [_one(names, "row" if shape == "rows" else shape, kind, each) for each in value]
    if shape == "rows" or (shape == "text" and any(len(each) > 60 for each in value)):
        return shown.lines(made)
    return shown.joined(shown.anchor(each) for each in made)


class Table(msgspec.Struct, frozen=True):
    """Rows of one field of a content, as `table()` takes them."""

    name: str
    title: str
    columns: list[Head]
    rows: list[Row]


def facts(names: Names, content: Content, kind: str, skip: Iterable[str] = ()) -> list[Fact]:
    """Names and values of a content's single fields, in their order; a weaker field carries its own citation."""
    left_out, found = {*APART, *skip}, []
    missed = KINDS[kind].face.missed
    fields = sorted(shapes(type(content)).items(), key=lambda field: field[0] == "notes")  # notes stand last
    for name, (shape, several, target) in fields:
        value = getattr(content, name)
        if name in left_out or shape == "rows" or (value in (None, ()) and name not in missed):
            continue
        made = {"absent": "unknown"} if value in (None, ()) else cell(names, shape, several, target, value)
        found.append(Fact(words.field_name(name, kind), made, cite=weaker(names, content.cite, name)))
    return found


def weaker(names: Names, cite: Cite | None, name: str) -> Markup | None:
    """The citation of a field that rests on less than its record does."""
    if cite is None:
        return None
    weak = [field for field in (*cite.inferred, *cite.unverified) if field.partition(".")[0] == name]
    return names.cite(cite, *weak) if weak else None


def tables(names: Names, content: Content, skip: Iterable[str] = ()) -> list[Table]:
    """The rows of a content, each kind of row a table."""
    found = []
    for name, (shape, _several, _kind) in shapes(type(content)).items():
        rows = getattr(content, name)
        if shape == "rows" and rows and name not in {*APART, *skip}:
            found.append(table(names, content, rows, name))
    return found


def table(names: Names, content: Content, rows: Iterable[msgspec.Struct], name: str = "") -> Table:
    """Rows of one type as a table; columns that say nothing in any row are left out, the citation stands last."""
    rows = list(rows)
    fields = shapes(type(rows[0]))
    used = [each for each in fields if each != "cite" and any(getattr(row, each) not in (None, ()) for row in rows)]
    kind = home(type(rows[0]))
    columns = [
        Head(each, words.field_name(each, kind), "number" if fields[each][0] == "number" else "text") for each in used
    ]
    if "cite" in fields:
        columns.append(Head("cite", _("Source")))
    made: list[Row] = []
    for row in rows:
        cells: dict[str, object] = {}
        for each in used:
            value = getattr(row, each)
            cells[each] = "–" if value in (None, ()) else cell(names, *fields[each], value)
        if "cite" in fields:
            cite: Cite | None = getattr(row, "cite") or content.cite  # noqa: B009 - the attribute is known by name only
            cells["cite"] = names.cite(cite, weak=True) or escape("–")
        made.append(cells)
    return Table(name, words.field_name(name, home(type(content))) if name else "", columns, made)


def kind_of(content: Content) -> str:
    """The code of a content's kind."""
    return next(code for code, kind in KINDS.items() if isinstance(content, kind.content))


def dates(content: msgspec.Struct) -> list[tuple[str, When]]:
    """The dates that stand on a content itself."""
    return [
        (name, getattr(content, name))
        for name, (shape, several, _kind) in shapes(type(content)).items()
        if shape == "date" and not several and getattr(content, name)
    ]
