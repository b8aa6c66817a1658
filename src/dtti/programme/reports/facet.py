"""By what records of a kind are told apart and counted: codes, links, numbers, words; those of their rows. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final, cast, get_args

import msgspec
from msgspec import inspect

from dtti.accord.grade import GRADES
from dtti.accord.refusal import Refusal, Refused
from dtti.programme.facts import few
from dtti.programme.fiscal import fiscal_year, is_year
from dtti.programme.kinds import KINDS
from dtti.programme.values import Cite, Figure, FiscalYear, FiscalYears, SideCode, When

from .records import Version

#: What a record has in the place of a value that is not recorded; whatever is recorded.
NONE: Final = "none"
ANY: Final = "any"
#: Facets of the date that is counted by, and of the record as a whole.
YEAR: Final = "year"
BY_DATE: Final = (YEAR, "month", "fiscal_year_ind", "fiscal_year_usa")
OF_RECORD: Final = ("grade", "side_of_record")
#: Columns of lists that say something of every kind, beside its own fields.
_COLUMNS: Final = ("category", "status", "stage", "horizon", "about")
_PROSE: Final = "\\S"
#: Texts that measure: any that is written as one may be asked for, though no record has it.
_MEASURES: Final = [get_args(each)[1].pattern for each in (Figure, FiscalYear, FiscalYears)]
_PERIODS: Final = {YEAR: r"[0-9]{4}", "month": r"[0-9]{4}-(?:0[1-9]|1[0-2])"}
_FISCAL: Final = {"fiscal_year_ind": r"[0-9]{4}-[0-9]{2}", "fiscal_year_usa": r"FY[0-9]{4}"}


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet of a kind: its name (`outcome.code`), the values that its type allows (none: open), what it links to.

    `bounds`: those of a number; `measure`: the form of a text that measures.
    """

    name: str
    values: tuple[str, ...] = ()
    link: str = ""
    bounds: tuple[int | None, int | None] | None = None
    measure: str = ""

    @property
    def rows(self) -> str:
        """The list of rows that it is of; empty for one of the record itself."""
        return self.name.partition(".")[0] if "." in self.name else ""


@cache
def facets_of(kind: str) -> dict[str, Facet]:
    """Every facet of a kind, by name: fields of its contents, columns of its list, then those of date and record."""
    found = {each.name: each for each in _fields(KINDS[kind].content, "")}
    for name in _COLUMNS:
        found.setdefault(name, Facet(name))
    return found | {name: Facet(name) for name in (*BY_DATE, *OF_RECORD)} | {"grade": Facet("grade", GRADES)}


def _fields(struct: type[msgspec.Struct], above: str) -> Iterator[Facet]:
    for field in cast(inspect.StructType, inspect.type_info(struct)).fields:
        name = f"{above}{field.name}"
        if field.name in ("ref", "cite", "notes"):
            continue
        yield from _facets(field.type, name, above)


def _facets(declared: inspect.Type, name: str, above: str, link: str = "") -> Iterator[Facet]:
    if isinstance(declared, inspect.Metadata):
        extra = declared.extra or {}
        yield from _facets(declared.type, name, above, str(extra.get("link", link)))
    elif isinstance(declared, inspect.UnionType):
        rest = [each for each in declared.types if not isinstance(each, inspect.NoneType)]
        if len(rest) == 1:
            yield from _facets(rest[0], name, above, link)
    elif isinstance(declared, inspect.LiteralType):
        yield Facet(name, tuple(str(value) for value in declared.values))
    elif isinstance(declared, inspect.BoolType):
        yield Facet(name, ("yes", "no"))
    elif isinstance(declared, inspect.IntType):
        yield Facet(name, link=link, bounds=(declared.ge, declared.le))
    elif isinstance(declared, inspect.StrType) and declared.pattern != _PROSE:
        yield Facet(name, link=link, measure=(declared.pattern or "") if declared.pattern in _MEASURES else "")
    elif isinstance(declared, inspect.VarTupleType):
        yield from _facets(declared.item_type, name, above, link)
    elif isinstance(declared, inspect.StructType) and not above and declared.cls is not Cite:
        yield from _fields(declared.cls, f"{name}.")


def facet(kind: str, name: str) -> Facet:
    """The facet of a kind that `name` means; Refused where there is none, naming those that there are."""
    there = facets_of(kind)
    found = there.get(name.replace("-", "_"))
    if found is None:
        raise Refused(Refusal("count-facet", f"{kind} has no facet {name[:60]!r}.", f"Use one of {', '.join(there)}."))
    return found


def checked_value(
    facet: Facet,
    value: str,
    exists: Callable[[str, str], bool],
    refs: Callable[[str], Iterable[str]],
    there: Callable[[Facet], Iterable[str]],
) -> str:
    """A value that a facet can have.

    Refused for one that its type does not allow, and for a link to what is not there; `there`: those that records have.
    Where any word may stand none is refused: that nothing has come to what it says (`fielded`) is an answer.
    """
    reason, names = "", ""
    if value in (NONE, ANY):
        return value
    if facet.values:
        if value not in facet.values:
            reason, names = f"{facet.name} is never {value[:60]!r}.", ", ".join(facet.values)
    elif facet.link and facet.link != "*":
        if not exists(facet.link, value):
            reason = f"There is no {facet.link.replace('_', ' ')} {value[:60]!r}."
            names = few([*refs(facet.link)])
    elif (facet.name in BY_DATE or facet.bounds or facet.measure) and not _written(facet, value):
        reason, names = f"{facet.name} is never {value[:60]!r}.", few([*there(facet)])
    if reason:
        remedy = f"Use one of {names}, or {NONE}, or {ANY}." if names else f"Use {NONE} or {ANY}."
        raise Refused(Refusal("count-value", reason, remedy))
    return value


def _written(facet: Facet, value: str) -> bool:
    """Whether a value is written as a facet that is a number, a measure or a stretch of time has it."""
    if facet.name in _PERIODS:
        return bool(re.fullmatch(_PERIODS[facet.name], value)) and value[:4] != "0000"
    if facet.name in _FISCAL:
        side: SideCode = "IND" if facet.name.endswith("ind") else "USA"
        return bool(re.fullmatch(_FISCAL[facet.name], value)) and is_year(side, value)
    if facet.bounds is None:
        return bool(re.search(facet.measure, value))
    low, high = facet.bounds
    if not re.fullmatch(r"-?[1-9][0-9]{0,18}|0", value):
        return False
    return (low is None or int(value) >= low) and (high is None or int(value) <= high)


def values_of(version: Version[Any], facet: Facet, rows: tuple[Any, ...] | None = None) -> tuple[str, ...]:
    """What a record has in a facet, each value once; of some rows alone where `rows` are given; `none` for nothing."""
    if facet.name == "grade":
        return (version.grade,)
    if facet.name == "side_of_record":
        return (version.side,)
    content = version.content
    head, _dot, rest = facet.name.partition(".")
    if head not in content.__struct_fields__:
        return _said(getattr(KINDS[version.kind].facets(content), head))
    held = getattr(content, head)
    if not rest:
        return _said(held)
    found = [value for row in _rows(held, rows) for value in _said(getattr(row, rest)) if value != NONE]
    return tuple(dict.fromkeys(found)) or (NONE,)


def rows_of(version: Version[Any], name: str) -> tuple[Any, ...]:
    """The rows of a record in a list of it."""
    return _rows(getattr(version.content, name, None), None)


def _rows(held: Any, rows: tuple[Any, ...] | None) -> tuple[Any, ...]:
    if rows is not None:
        return rows
    return held if isinstance(held, tuple) else () if held is None else (held,)


def _said(value: Any) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(str(each) for each in value)) or (NONE,)
    return (NONE,) if value is None or value == "" else (str(value),)


def periods(name: str, when: When | None) -> list[str] | None:
    """The years, months or fiscal years in which a date may fall, in order; None where they have no bound."""
    if when is None or when.earliest is None or when.latest is None:
        return None
    if (when.latest - when.earliest).days > 366 * 30:
        return None
    days = _firsts(when.earliest, when.latest)
    return list(dict.fromkeys(_period(name, day) for day in days))


def _firsts(first: date, last: date) -> Iterator[date]:
    """The first day, the first of every month up to the last day, and the last day."""
    yield first
    year, month = first.year, first.month
    while (year, month) < (last.year, last.month):
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        yield date(year, month, 1)
    yield last


def _period(name: str, day: date) -> str:
    if name == YEAR:
        return str(day.year)
    if name == "month":
        return f"{day:%Y-%m}"
    return fiscal_year("IND" if name.endswith("ind") else "USA", When(day.isoformat()))
