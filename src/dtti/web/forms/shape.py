"""What a kind's type asks of whoever fills in its form: a tree of answers, rows and groups. Knows no words, no page."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from functools import cache
from typing import Any, Final, Literal, get_args

import msgspec
from msgspec import inspect

from dtti.programme import kinds, values
from dtti.programme.kinds import KINDS
from dtti.programme.sop.spine import Stage
from dtti.programme.values import Cite, When

#: How an answer is given. `parts`, `lines`, `list`: several; `group`, `rows`: of several answers each.
How = Literal[
    "line", "prose", "choice", "tick", "yes_no", "number", "share", "date", "hour", "zone", "currency", "years",
    "reference", "ref", "record", "code", "parts", "lines", "list", "group", "rows",
]  # fmt: skip
NESTED: Final = ("list", "group", "rows")


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """One question of a type.

    `least`, `most`: letters of a text, or bounds of a number. `link`: the kind of record that a reference names.
    `values`: the codes of a choice, in the order in which they are thought of. `default`: what is meant where nothing
    is said. `inner`: the members of a group or row; `item`: what a list holds. `of`: its struct and field. `kind`: the
    one that this struct is of; empty where many have it. `form`: what a line must be written as.
    """

    name: str
    how: How
    required: bool = False
    least: int | None = None
    most: int | None = None
    link: str = ""
    values: tuple[str, ...] = ()
    default: Any = None
    inner: tuple[Shape, ...] = ()
    item: Shape | None = None
    of: str = ""
    kind: str = ""
    form: Literal["", "figure", "fiscal-year", "row-name"] = ""


_STAGES: Final = get_args(Stage)  # as a project goes through them; msgspec gives codes by the alphabet


def _sort(annotated: Any) -> str | None:
    plain, _extra = _plain(inspect.type_info(annotated))
    return plain.pattern if isinstance(plain, inspect.StrType) else None


def _plain(kind: inspect.Type) -> tuple[inspect.Type, Mapping[str, Any]]:
    """A type without its annotations and without None, and what the annotations say."""
    extra: Mapping[str, Any] = {}
    while True:
        if isinstance(kind, inspect.Metadata):
            extra = {**extra, **(kind.extra or {})}
            kind = kind.type
        elif isinstance(kind, inspect.UnionType):
            rest = [each for each in kind.types if not isinstance(each, inspect.NoneType)]
            if len(rest) != 1:
                return kind, extra
            kind = rest[0]
        else:
            return kind, extra


_BY_PATTERN: Final[Mapping[str | None, How]] = {
    _sort(values.Line): "line",
    _sort(values.Prose): "prose",
    _sort(values.Slug): "code",
    _sort(values.Ref): "reference",
    _sort(values.Instant): "hour",
    _sort(values.Currency): "currency",
    _sort(values.FiscalYears): "years",
    _sort(values.Figure): "line",
    _sort(values.FiscalYear): "line",
    _sort(values.RowName): "line",
}
_FORMS: Final[Mapping[str | None, Literal["figure", "fiscal-year", "row-name"]]] = {
    _sort(values.Figure): "figure",
    _sort(values.FiscalYear): "fiscal-year",
    _sort(values.RowName): "row-name",
}
_PART: Final = _sort(values.FieldName)
#: How these are written as they are stored.
REFERENCE: Final = _sort(values.Ref) or ""
RECORD: Final = _sort(values.AnyLink) or ""
CODE: Final = _sort(values.Slug) or ""
CURRENCY: Final = _sort(values.Currency) or ""
YEARS: Final = _sort(values.FiscalYears) or ""
#: What a line is written as, where that is asked.
WRITTEN: Final = {
    "figure": _sort(values.Figure) or "",
    "fiscal-year": _sort(values.FiscalYear) or "",
    "row-name": _sort(values.RowName) or "",
}


#: What every kind has, asked last.
_LAST: Final = ("notes", "cite", "ref")


def of_kind(kind: str) -> tuple[Shape, ...]:
    """The questions of a kind: what its face puts first, in that order, then all others as they are declared."""
    made = {each.name: each for each in of_struct(KINDS[kind].content)}
    before = first(kind)
    later = sorted(
        (name for name in made if name not in before), key=lambda name: name in _LAST and _LAST.index(name) + 1
    )
    return (*(made[name] for name in before), *(made[name] for name in later))


def first(kind: str) -> tuple[str, ...]:
    """The fields on the first screen of a kind's form: the readable reference is made from a name, and comes after."""
    drafted = KINDS[kind].face.drafted or tuple(each.name for each in of_struct(KINDS[kind].content))
    return tuple(name for name in drafted if name not in _LAST)


def of_struct(struct: type) -> tuple[Shape, ...]:
    """The questions of a struct, in the order of its fields."""
    return _of(struct)


@cache
def _of(struct: Hashable) -> tuple[Shape, ...]:
    info = inspect.type_info(struct)
    if not isinstance(info, inspect.StructType):
        return ()
    return tuple(
        _shape(
            each.name,
            each.type,
            required=bool(each.required),
            default=_default(each),
            of=f"{info.cls.__name__}.{each.name}",
            home=kinds.home(info.cls),
        )
        for each in info.fields
    )


def _default(field: inspect.Field) -> Any:
    return None if field.default in (msgspec.NODEFAULT, (), None) else field.default


def _shape(name: str, kind: inspect.Type, *, required: bool, default: Any, of: str, home: str) -> Shape:
    plain, extra = _plain(kind)
    said: dict[str, Any] = {"name": name, "required": required, "default": default, "of": of, "kind": home}
    if isinstance(plain, inspect.LiteralType):
        codes = _STAGES if set(plain.values) == set(_STAGES) else tuple(map(str, plain.values))
        return Shape(how="choice", values=codes, **said)
    if isinstance(plain, inspect.BoolType):
        optional = default is None and not required
        return Shape(how="yes_no" if optional else "tick", **said)
    if isinstance(plain, inspect.IntType):
        how: How = "share" if extra.get("unit") == "basis points" else "number"
        return Shape(how=how, least=plain.ge, most=plain.le, **said)
    if isinstance(plain, inspect.CustomType) and plain.cls is When:
        return Shape(how="date", **said)
    if isinstance(plain, inspect.StrType):
        link = str(extra.get("link", ""))
        asked = (
            "record" if link == "*" else "ref" if link else "zone" if extra.get("zone") else _BY_PATTERN[plain.pattern]
        )
        said |= {"least": plain.min_length, "most": plain.max_length, "link": link}
        return Shape(how=asked, form=_FORMS.get(plain.pattern) or "", **said)
    if isinstance(plain, inspect.StructType):
        return Shape(how="group", inner=of_struct(plain.cls), **said)
    if isinstance(plain, inspect.VarTupleType):
        inner, _extra = _plain(plain.item_type)
        if isinstance(inner, inspect.StructType):
            return Shape(how="rows", inner=of_struct(inner.cls), **said)
        if isinstance(inner, inspect.StrType) and inner.pattern == _PART:
            return Shape(how="parts", **said)
        item = _shape("", plain.item_type, required=False, default=None, of=of, home=home)
        return Shape(how="lines" if item.how == "line" else "list", item=item, **said)
    raise TypeError(f"{of} is of a type that no form asks for: {plain}")


def is_cite(shape: Shape) -> bool:
    """Whether a question asks on what something rests."""
    return shape.how == "group" and shape.inner == of_struct(Cite)


def leaves(shapes: tuple[Shape, ...], path: str = "") -> Iterator[tuple[str, Shape]]:
    """Every answer that a form of these questions can take, with its name in the first row of each list."""
    for shape in shapes:
        here = f"{path}__{shape.name}" if path else shape.name
        if shape.how == "rows":
            yield from leaves(shape.inner, f"{here}__0")
        elif shape.how == "group":
            yield from leaves(shape.inner, here)
        elif shape.item is not None and shape.how == "list":
            yield f"{here}__0", shape.item
        else:
            yield here, shape
