"""What stands in the cells of a list of records, as its columns say: on the page, and exactly in a file. No rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from markupsafe import escape

from dtti.node.record.read import Listed
from dtti.programme.face import NAME, Column, Noted
from dtti.programme.facets import LINKS, Columns, used
from dtti.programme.kind import Content, Kind
from dtti.programme.values import Money, When

from . import facts, shown, words
from .shown import Names
from .words import _


def looks(wanted: Kind[Any]) -> bool:
    """Whether the columns of a list are read from contents."""
    return any(column.field or column.of for column in wanted.face.columns)


def exact(names: Names, row: Listed, content: Content | None, column: Column) -> Any:
    """A cell for a file: a day, a number or a sum itself where the page shows one, else as the page shows it."""
    if column.shows == "date":
        return When.within(row.earliest, row.latest)
    if content is not None and column.of:
        value = column.of(content, names.moment.today)
        return value if isinstance(value, int | When) else _computed(value)
    for path in _paths(column) if content is not None and not column.shows else ():
        _shape, several, _kind, value = _field(content, path)
        if value not in (None, ()):
            return value if not several and isinstance(value, When | int | Money) else cell(names, row, content, column)
    return cell(names, row, content, column)


def links(wanted: Kind[Any], row: Listed, content: Any) -> Iterator[str]:
    """The records that the cells of a row name."""
    yield from shown.called_after(row)
    for column in wanted.face.columns:
        if column.shows in LINKS:
            yield f"{column.shows}:{getattr(row, column.shows)}"
        for path in _paths(column) if content is not None else ():
            shape, several, kind, value = _field(content, path)
            if path == "cite" and value:
                yield from (f"source:{ref}" for ref in value.sources)
            elif shape == "link" and value:
                yield from (each if kind == "*" else f"{kind}:{each}" for each in (value if several else (value,)))


def name_cell(names: Names, row: Listed, content: Any) -> Any:
    """The record's title, as a link to its page."""
    return {"text": shown.text(names.called(row)), "url": names.url_of(row)}


def grade_cell(names: Names, row: Listed, content: Any) -> Any:
    """The grade of the current text; of a published one the short name, since most of a list may be."""
    if row.grade == "published" and not row.awaits and not row.standing:
        return shown.macro("value", "grade", "published", words=_("published"))
    return shown.grade(row)


def standing_cell(names: Names, row: Listed, content: Any) -> Any:
    """The grade, and how a project stands: for lists that have no column for that."""
    note = names.noted(row)
    return {**shown.grade(row), "note": note} if note else grade_cell(names, row, content)


def side_cell(names: Names, row: Listed, content: Any) -> Any:
    """The side that the record is about."""
    return shown.macro("value", "side", row.about) if row.about else {"absent": "unknown"}


def date_cell(names: Names, row: Listed, content: Any) -> Any:
    """The record's main date, no more precise than its bounds."""
    return span(row.earliest, row.latest)


def cell(names: Names, row: Listed, content: Content | None, column: Column) -> Any:
    """A cell of a list, as `value()` takes it."""
    if column.shows:
        return _shown(names, row, column.shows)
    if content is None:
        return {"absent": "erased" if row.text_state == "erased" else "unknown"}
    if column.of:
        return _computed(column.of(content, names.moment.today))
    for path in _paths(column):
        shape, several, kind, value = _field(content, path)
        if path == "cite":
            return names.cite(value, weak=True)
        if value not in (None, ()):
            return facts.cell(names, shape, several, kind, value)
    return "–" if column.blank else {"absent": "unknown"}


def _shown(names: Names, row: Listed, column: str) -> Any:
    """A column of the projection, as it is used: a link, a code in words, a side, recorded text."""
    if column in _CELLS:
        return _CELLS[column](names, row, None)
    value = getattr(row, column)
    if column in LINKS:
        return names.link(f"{column}:{value}") if value else "–"
    if column in _CODES:
        return words.word(value, f"{row.kind}.{column}") if value else None
    return shown.text(value) if value else "–"


def _paths(column: Column) -> tuple[str, ...]:
    return (column.field,) if isinstance(column.field, str) else column.field


def _field(content: Any, path: str) -> tuple[facts.Shape, bool, str, Any]:
    """How a field of a content, or of its rows, is shown, and what it holds."""
    name, _dot, part = path.partition(".")
    value: Any = getattr(content, name)
    if part:
        shape, _several, kind = facts.shapes(value[0].__class__)[part] if value else ("text", True, "")
        return shape, True, kind, tuple(getattr(row, part) for row in value)
    return *facts.shapes(content.__class__)[name], value


def _computed(value: Any) -> Any:
    """What a face computes of a content, as `value()` takes it."""
    if isinstance(value, Noted):
        days = shown.joined(shown.macro("value", "value", shown.when(day)) for day in value.days)
        note = escape(_(value.note)) % {"days": days} if days else value.note and _(value.note)
        return shown.with_note(_computed(value.value), note)
    if isinstance(value, tuple):
        return shown.joined((shown.macro("value", "value", _computed(each)) for each in value), " – ")
    if isinstance(value, Money):
        return shown.figure(value)
    if isinstance(value, str) and value != "unknown":
        return words.word(value)
    return value if isinstance(value, int) else shown.when(value)


def span(earliest: str | None, latest: str | None) -> Any:
    """Two bounds of a date as `value()` takes them."""
    return shown.when(When.within(earliest, latest))


def _court_cell(names: Names, row: Listed, content: Any) -> Any:
    return shown.macro("value", "side", row.court) if row.court else {"absent": "none"}


def _title_cell(names: Names, row: Listed, content: Any) -> Any:
    """The record's own title, where `called` says more, as a link to its page."""
    return {
        "text": shown.marked(names.request, row, shown.text(row.title)),
        "url": names.url_of(row),
    }


#: The cells that are more than a column of the projection.
_CELLS: Final[Mapping[str, Callable[[Names, Listed, Any], Any]]] = {
    NAME: name_cell,
    "title": _title_cell,
    "date": date_cell,
    "grade": grade_cell,
    "court": _court_cell,
    "about": side_cell,
    "ref": lambda names, row, content: row.ref,
    "stands": lambda names, row, content: names.stands(row) or "–",
}


_CODES: Final = used(Columns, "filter")
