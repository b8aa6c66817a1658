"""Forms for contents, made from the kinds' own types: one description serves every kind. Knows no rule of any kind.

A form shows the fields that people work on, in the order they think in; what it does not show stays as it was.
Reading a form back gives the stored form of the content, or the refusals of the kind, each at its field.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any, Final, get_args

import msgspec
from django.utils.translation import gettext as _
from msgspec import inspect

from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.language.characters import left_over
from dtti.language.dates import day
from dtti.language.marking import C_
from dtti.node.core.text import against
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.project import Stage
from dtti.programme.values import Cite, When

from . import labels
from .compare import Comparison, compare
from .views import words

BLANK_ROWS: Final = 1
MAX_ROWS: Final = 60
_PLACE = re.compile(r"\[(\d+)\]|\.([a-z_]+)")


class Input(msgspec.Struct):
    """One question of a form: how it is asked, what was answered, what is wrong with the answer."""

    name: str
    label: str
    how: str  # line, prose, lines, choice, tick, date, number
    value: Any = ""
    options: list[dict[str, str]] = []
    required: bool = False
    hint: str = ""
    errors: list[dict[str, str]] = []


_STAGES: Final = get_args(Stage)  # as a project goes through them


class Part(msgspec.Struct):
    """A field of the content: one question, or rows of several (each row a list of questions)."""

    name: str
    label: str
    input: Input | None = None
    rows: list[list[Input]] = []
    group: list[Input] = []


def _plain(kind: inspect.Type) -> inspect.Type:
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        rest = [each for each in kind.types if not isinstance(each, inspect.NoneType)]
        return _plain(rest[0]) if len(rest) == 1 else kind
    return kind


def _how(kind: inspect.Type) -> tuple[str, list[dict[str, str]]]:
    kind = _plain(kind)
    if isinstance(kind, inspect.LiteralType):
        values = _STAGES if set(kind.values) == set(_STAGES) else kind.values  # msgspec gives them by the alphabet
        return "choice", [{"value": str(each), "label": words.word(each)} for each in values]
    if isinstance(kind, inspect.BoolType):
        return "tick", []
    if isinstance(kind, inspect.IntType):
        return "number", []
    if isinstance(kind, inspect.CustomType) and kind.cls is When:
        return "date", []
    if isinstance(kind, inspect.StrType):
        return ("prose" if (kind.max_length or 0) > 1000 else "line"), []
    if isinstance(kind, inspect.VarTupleType):
        inner = _plain(kind.item_type)
        return ("rows" if isinstance(inner, inspect.StructType) else "lines"), []
    return ("group" if isinstance(kind, inspect.StructType) else "line"), []


def _members(struct: type, *, cites: bool = False) -> Mapping[str, inspect.Field]:
    return _fields_of(struct, cites)


@cache
def _fields_of(struct: Hashable, cites: bool) -> Mapping[str, inspect.Field]:
    info = inspect.type_info(struct)
    if not isinstance(info, inspect.StructType):
        return {}
    return {each.name: each for each in info.fields if cites or not _is(each.type, Cite)}


def _is(kind: inspect.Type, wanted: type) -> bool:
    kind = _plain(kind)
    return isinstance(kind, inspect.StructType) and kind.cls is wanted


def _question(name: str, field: inspect.Field, value: Any) -> Input:
    how, options = _how(field.type)
    if how == "lines":
        value = "\n".join(value or ())
    hint = _("A year, a month (2027-12) or a day (2027-12-31).") if how == "date" else ""
    hint = _("One on each line.") if how == "lines" else hint
    return Input(
        name, labels.field(field.name), how, "" if value is None else value, list(options), bool(field.required), hint
    )


def parts(kind: str, content: Mapping[str, Any], errors: list[dict[str, str]] | None = None) -> list[Part]:
    """The questions of a content of `kind`, answered from `content` (stored form, or what was just entered)."""
    members = _members(KINDS[kind].content)
    made = []
    for name in KINDS[kind].face.drafted or members:
        field = members[name]
        how, _options = _how(field.type)
        part = Part(name, labels.field(name))
        if how == "rows":
            inner = _plain(field.type)
            row_type = _plain(inner.item_type) if isinstance(inner, inspect.VarTupleType) else inner
            fields = _members(row_type.cls) if isinstance(row_type, inspect.StructType) else {}
            rows = list(content.get(name) or []) + [{}] * BLANK_ROWS
            part.rows = [
                [
                    _question(f"{name}__{number}__{sub}", each, row.get(sub))
                    for sub, each in fields.items()
                    if _how(each.type)[0] not in ("rows", "group")
                ]
                for number, row in enumerate(rows[:MAX_ROWS])
            ]
        elif how == "group":
            struct = _plain(field.type)
            fields = _members(struct.cls) if isinstance(struct, inspect.StructType) else {}
            held = content.get(name) or {}
            part.group = [_question(f"{name}__{sub}", each, held.get(sub)) for sub, each in fields.items()]
        else:
            part.input = _question(name, field, content.get(name))
        made.append(part)
    _place_errors(made, errors or [])
    return made


def order(kind: str) -> dict[str, list[str]]:
    """The fields of a kind in the order people think in, each with the fields of its rows (none for a plain field)."""
    members = _members(KINDS[kind].content)
    found: dict[str, list[str]] = {}
    for name in KINDS[kind].face.drafted or members:
        inner = _plain(members[name].type)
        row = _plain(inner.item_type) if isinstance(inner, inspect.VarTupleType) else inner
        found[name] = list(_members(row.cls)) if isinstance(row, inspect.StructType) else []
    return found


def compared(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    """Two contents of a kind word by word, as readers read them: codes in words, days with their month as a word."""
    return compare(_as_read(kind, before), _as_read(kind, after), order(kind))


def _as_read(kind: str, content: Mapping[str, Any]) -> dict[str, Any]:
    return _fields_as_read(_members(KINDS[kind].content, cites=True), content)


def _fields_as_read(members: Mapping[str, inspect.Field], content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: _value_as_read(members[name].type, value) if name in members else value for name, value in content.items()
    }


def _value_as_read(kind: inspect.Type, value: Any) -> Any:
    kind = _plain(kind)
    if isinstance(kind, inspect.VarTupleType) and isinstance(value, list | tuple):
        return [_value_as_read(kind.item_type, each) for each in value]
    if isinstance(kind, inspect.StructType) and isinstance(value, dict):
        return _fields_as_read(_members(kind.cls, cites=True), value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    how, _options = _how(kind)
    if how == "choice":
        return words.word(value)
    if how == "date" and isinstance(value, str) and re.fullmatch(r"\d{4}(-\d\d){0,2}", value):
        return day(value, words.language())
    return value


def _place_errors(made: list[Part], errors: list[dict[str, str]]) -> None:
    by_name = {
        each.name: each
        for part in made
        for each in [*([part.input] if part.input else []), *part.group, *(one for row in part.rows for one in row)]
    }
    for error in errors:
        if error.get("field") in by_name:
            by_name[error["field"]].errors.append(error)


def _answered(field: inspect.Field, raw: str) -> Any:
    how, _options = _how(field.type)
    text = raw.replace("\r\n", "\n").strip()
    if how == "tick":
        return raw == "yes"
    if not text:
        return None
    if how == "number":
        digits = text.replace(",", "").replace(" ", "")
        return int(digits) if re.fullmatch(r"\d{1,15}", digits) else text
    if how == "lines":
        return [line.strip() for line in text.split("\n") if line.strip()]
    return text


def read(kind: str, posted: Mapping[str, str], base: Mapping[str, Any]) -> dict[str, Any]:
    """What was entered, over `base`: fields that the form does not show stay. Nothing is judged yet."""
    members = _members(KINDS[kind].content)
    content = dict(base)
    for name in KINDS[kind].face.drafted or members:
        field = members[name]
        how, _options = _how(field.type)
        value: Any
        if how == "rows":
            value = _read_rows(name, field, posted, list(base.get(name) or []))
        elif how == "group":
            struct = _plain(field.type)
            fields = _members(struct.cls) if isinstance(struct, inspect.StructType) else {}
            value = dict(base.get(name) or {})
            _fill(value, fields, posted, f"{name}__")
        else:
            value = _answered(field, posted.get(name, ""))
        if value in (None, [], {}):
            content.pop(name, None)
        else:
            content[name] = value
    return content


def _fill(row: dict[str, Any], fields: Mapping[str, inspect.Field], posted: Mapping[str, str], prefix: str) -> None:
    for sub, each in fields.items():
        if _how(each.type)[0] in ("rows", "group"):
            continue
        value = _answered(each, posted.get(prefix + sub, ""))
        if value in (None, [], False):
            row.pop(sub, None)
        else:
            row[sub] = value


def _read_rows(name: str, field: inspect.Field, posted: Mapping[str, str], held: list[Any]) -> list[dict[str, Any]]:
    inner = _plain(field.type)
    row_type = _plain(inner.item_type) if isinstance(inner, inspect.VarTupleType) else inner
    fields = _members(row_type.cls) if isinstance(row_type, inspect.StructType) else {}
    rows = []
    for number in range(MAX_ROWS):
        prefix = f"{name}__{number}__"
        if not any(key.startswith(prefix) for key in posted):
            break
        row = dict(held[number]) if number < len(held) else {}
        _fill(row, fields, posted, prefix)
        if any(key != "cite" for key in row):
            rows.append(row)
    return rows


def _begun(row: Any) -> bool:
    """Whether anything was said in a row but the side that the form put there itself."""
    return not isinstance(row, dict) or any(key not in ("cite", "side") for key in row)


_LEFT: Final = C_("refusal", "Take it out there, or type the words anew.")


def tidy(kind: str, content: Mapping[str, Any]) -> tuple[dict[str, Any] | None, list[dict[str, str]]]:
    """The stored form of what was entered, or the errors that stand against it, each with the field it belongs to."""
    said = {
        name: [row for row in value if _begun(row)] if isinstance(value, list) else value
        for name, value in content.items()
    }
    left = (refuse("text-character", f"the text at `$.{where}`: {why}", _LEFT) for where, why in left_over(said))
    odd = [error(each) for each in (*against(said), *left)]
    try:
        made = KINDS[kind].tidy({name: value for name, value in said.items() if value != []})
    except Refused as refused:
        return None, odd + [error(each) for each in refused.refusals]
    return (None, odd) if odd else (made, [])


def error(refusal: Refusal) -> dict[str, Any]:
    """A refusal as a form shows it; `field` is the question it is about, where the reason says so."""
    found = re.search(r"`\$\.?([^`]*)`", refusal.reason)
    field = ""
    if found:
        field = "__".join(number or word for number, word in _PLACE.findall("." + found[1]))
    missing = re.search(r"required field `([a-z_]+)`", refusal.reason)
    if missing:
        field = f"{field}__{missing[1]}" if field else missing[1]
    return {**refusal.said(), "field": field}
