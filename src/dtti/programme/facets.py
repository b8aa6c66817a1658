"""The columns by which lists show, narrow, order and search records, in one struct: a new column is one line here.

Tables, their indices, listings, filters and forms are made from it. It knows no table and no page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, get_type_hints

import msgspec

from . import walk
from .values import Money, When

if TYPE_CHECKING:
    from .kind import Content


@dataclass(frozen=True, slots=True)
class Use:
    """What lists do with a column beside showing it: `filter` and `order` by it; `link`: it names a record.

    The record that it names is of the kind that the column is called by.
    """

    filter: bool = False
    order: bool = False
    link: bool = False


_Code = Annotated[str, Use(filter=True)]
_Link = Annotated[str, Use(filter=True, link=True)]
_Day = Annotated[str | None, Use(order=True)]


class Columns(msgspec.Struct, frozen=True, kw_only=True):
    """What a list shows of a content: one shape for all kinds, empty where a kind has no such thing.

    `about` is the side of which it tells. `earliest` and `latest` bound the record's main date. `due` is the last day
    on which the first of what is still to be done falls due. `amount` is in whole units of `currency`.
    """

    ref: Annotated[str, Use(order=True)]
    title: Annotated[str, Use(order=True)]
    subtitle: str = ""
    category: _Code = ""
    status: Annotated[str, Use(filter=True, order=True)] = ""
    stage: _Code = ""
    horizon: _Code = ""
    body: _Link = ""
    project: _Link = ""
    domain: _Code = ""
    about: _Code = ""
    earliest: _Day = None
    latest: _Day = None
    due: _Day = None
    amount: Annotated[int | None, Use(order=True)] = None
    currency: str = ""


class Facets(Columns, frozen=True, kw_only=True):
    """The columns of a content, and what no list shows.

    `began` is the first day on which what it tells of can have been there: on an earlier day it is not there yet.
    `search` holds all its texts.
    """

    began: str | None = None
    search: str = ""


def used(columns: type[msgspec.Struct], way: Literal["filter", "order", "link"]) -> tuple[str, ...]:
    """The columns of a struct that lists use in a way, in their order."""
    hints = get_type_hints(columns, include_extras=True)
    marks = {name: getattr(hints[name], "__metadata__", ()) for name in columns.__struct_fields__}
    return tuple(name for name, found in marks.items() if any(getattr(each, way, False) for each in found))


#: The columns that the tables keep, and what each holds: text, text or nothing, a number or nothing.
KEPT: Final[dict[str, Any]] = {
    name: get_type_hints(Facets)[name] for name in Facets.__struct_fields__ if name != "search"
}
LINKS: Final = used(Columns, "link")
#: Columns that hold the field of a content that is called as they are.
_ALIKE: Final = ("subtitle", "category", "status", "stage", "horizon", "body", "project", "domain", "about")


def facets(
    content: Content,
    title: str = "",
    *,
    on: When | None = None,
    began: When | Literal["on"] | None = "on",
    due: date | None = None,
    money: Money | None = None,
    **columns: str | None,
) -> Facets:
    """Facets of `content`: what its kind says in `columns`, its main date, its money, and all its texts for search.

    Where nothing else is said, its title is its `name` or `title`, a column holds the field that is called as it is,
    and it began with its main date.
    """
    alike = {name: getattr(content, name, None) for name in _ALIKE}
    held = {name: value for name, value in (alike | columns).items() if isinstance(value, str)}
    first = on if began == "on" else began
    return Facets(
        ref=content.ref,
        title=title or getattr(content, "name", "") or getattr(content, "title", ""),
        earliest=_iso(on.earliest if on else None),
        latest=_iso(on.latest if on else None),
        due=_iso(due),
        amount=money.amount if money else None,
        currency=money.currency if money else "",
        search=walk.texts(content),
        began=_iso(first.earliest if first else None),
        **held,
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
