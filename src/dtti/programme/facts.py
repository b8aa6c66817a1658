"""A fact of the record that has a date: written `kind:ref`, or `kind:ref/field`; which dates a content has. Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, cast

from msgspec import inspect

from dtti.accord.refusal import Refusal, Refused

from . import walk
from .kind import Content
from .kinds import KINDS
from .kinds.instrument import Instrument
from .terms import expiry
from .values import When

#: How many references or fields a refusal names.
_TOLD: Final = 24
#: Which date of a kind comes first where several are the same.
_FIRST: Final = ("signed", "date", "start", "announced")
_CODES: Final = {kind.content: code for code, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Date:
    """A date of a content: its field (`expires`, `statements.0.date`), what it says; `computed` from other fields."""

    field: str
    when: When | None
    computed: bool = False
    of: tuple[str, ...] = ()  # the fields that it is computed from


@cache
def declared(kind: str) -> tuple[str, ...]:
    """The fields of a kind, at the top of its contents, that hold a date."""
    fields = cast(inspect.StructType, inspect.type_info(KINDS[kind].content)).fields
    return tuple(field.name for field in fields if _holds_date(field.type))


def _holds_date(of: inspect.Type) -> bool:
    if isinstance(of, inspect.UnionType):
        return any(_holds_date(each) for each in of.types)
    return isinstance(of, inspect.CustomType) and of.cls is When


def dates(content: Content) -> list[Date]:
    """Every date that a content can have at its top, known or not, and every date that its rows have."""
    found = [_date(content, name) for name in declared(_code(content))]
    for path, row in walk.rows(content):
        if path:
            found += [Date(f"{path}.{name}", when) for name, when in walk.dates(row)]
    for name in content.__struct_fields__:
        value = getattr(content, name)
        if isinstance(value, tuple):
            found += [Date(f"{name}.{place}", each) for place, each in enumerate(value) if isinstance(each, When)]
    return found


def _date(content: Content, name: str) -> Date:
    held = getattr(content, name)
    if held is None and name == "expires" and isinstance(content, Instrument):
        made = expiry(content)
        if made is not None:
            return Date(name, made.when, computed=True, of=made.of)
    return Date(name, held)


def main(content: Content) -> Date | None:
    """The date by which lists order a content, not known where none of them is; None for a kind without dates."""
    facets = KINDS[_code(content)].facets(content)
    bounds = facets.earliest, facets.latest
    order = {name: place for place, name in enumerate(_FIRST)}
    possible = sorted(dates(content), key=lambda each: order.get(each.field, len(order)))
    alike = (each for each in possible if each.when and not each.computed and _bounds(each.when) == bounds)
    return next(alike, Date(possible[0].field, None) if possible else None)


def _bounds(when: When) -> tuple[str | None, str | None]:
    return tuple(day.isoformat() if day else None for day in (when.earliest, when.latest))  # type: ignore[return-value] # of two


def _code(content: Content) -> str:
    return _CODES[type(content)]


def date_at(content: Content, link: str, field: str) -> Date:
    """The date in a field of a content; Refused where there is no such field, or it holds no date."""
    found = next((each for each in dates(content) if each.field == field), None)
    if found is not None:
        return found
    named = [each.field for each in dates(content)]
    remedy = f"Use one of {few(named)}." if named else "It has no dates: ask of another record."
    if field.partition(".")[0] in content.__struct_fields__:
        raise Refused(Refusal("fact-field", f"`{field[:60]}` of {link} is no date.", remedy))
    raise Refused(Refusal("fact-field", f"{link} has no field `{field[:60]}`.", remedy))


@dataclass(frozen=True, slots=True)
class Named:
    """A fact as it is written: the record, and the field (empty: its main date)."""

    kind: str
    ref: str
    field: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.ref}" + (f"/{self.field}" if self.field else "")


def named(text: str, exists: Callable[[str, str], bool], refs: Callable[[str], Iterator[str]]) -> Named:
    """What `kind:ref` or `kind:ref/field` names. `exists`: whether a record of kind and reference is there.

    Refused where it is not written so, the kind is none, or there is no such record; it names those that there are.
    """
    kind, colon, rest = text.strip().partition(":")
    if not colon or not rest:
        raise Refused(
            Refusal(
                "fact-form",
                f"{text[:60]!r} names no fact.",
                "Write kind:ref for its main date, kind:ref/field for another, a date such as 2019-10, or today.",
            )
        )
    known_kind(kind)
    if exists(kind, rest):
        return Named(kind, rest, "")
    ref, _slash, field = rest.rpartition("/")
    if ref and exists(kind, ref):
        return Named(kind, ref, field)
    there = list(refs(kind))
    remedy = f"Use one of {few(there)}." if there else f"No {kind} is recorded here."
    raise Refused(Refusal("fact-record", f"There is no {kind.replace('_', ' ')} {rest[:80]!r}.", remedy))


def known_kind(kind: str) -> None:
    """Refused where there is no such kind of record."""
    if kind not in KINDS:
        raise Refused(Refusal("fact-kind", f"There is no kind {kind[:40]!r}.", f"Use one of {', '.join(KINDS)}."))


def few(names: list[str]) -> str:
    """Names in one line, the first of them where they are many."""
    more = f" and {len(names) - _TOLD} more" if len(names) > _TOLD else ""
    return ", ".join(names[:_TOLD]) + more


def asked_readings(given: list[str]) -> dict[str, str]:
    """Which statement to follow in which difference, from texts such as ``soi-1-date=b``; Refused otherwise."""
    found = {}
    for text in given:
        difference, equals, key = text.partition("=")
        if not equals or not difference or not key:
            raise Refused(
                Refusal("reading-form", f"{text[:60]!r} chooses no reading.", "Write DIFFERENCE=KEY: soi-1-date=b.")
            )
        found[difference] = key
    return found
