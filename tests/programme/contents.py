"""Contents of any kind, made from what the kinds declare: right in form, and as wild as the form allows."""

from functools import cache
from typing import Any

from hypothesis import strategies as st
from msgspec import inspect

from dtti.accord.refusal import Refused
from dtti.programme.kinds import KINDS

Stored = dict[str, Any]

#: Letters, signs that mark-up and comparisons stumble over, and blanks; other scripts come in whole words.
SIGNS = "abcdeXYZ019 -.,;:/&<>\"'()%{}[]#|\\~_*€£–’"
WORDS = ("the", "text", "a", "168", "240", "नौसेना", "<b>", "&amp;", "Agreed", "not known", "None", "yes", "no")
DATES = ("2027", "2027-01", "2027-01-26", "2028-12-31", "[2015-02..2023]", "[..2024-06]", "[2021..]")
#: Patterns of the values that are no free text, by what they are, with what fits each.
FORMED = (
    ("T[0-9]{2}", st.sampled_from(("2027-01-26T09:00:00Z", "2026-11-09T15:40:59Z"))),
    (r"\AFY", st.sampled_from(("FY2008", "FY2015-FY2019"))),
    (r"\A[A-Z]{3}\Z", st.sampled_from(("USD", "INR", "XDR"))),
    (r"\A[a-z_]{2,40}:", st.sampled_from(("project:aluav", "body:dtti-group", "meeting:m-1"))),
    (r"\A[a-z_]+", st.sampled_from(("end", "start", "end.not_before", "name"))),
    (r"https", st.sampled_from(("https://example.org/a", "https://example.org/a?b=c&d=e"))),
)


@cache
def words(most: int, prose: bool) -> st.SearchStrategy[str]:
    """A line, or a text of several, with something to say."""
    line = st.one_of(
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join),
        st.text(SIGNS, min_size=1, max_size=40),
    ).filter(lambda said: bool(said.strip()))
    made = st.lists(line, min_size=1, max_size=3).map("\n".join) if prose else line
    return made.map(lambda said: said[:most].strip())


def of(declared: inspect.Type) -> st.SearchStrategy[Any]:
    """Values of a declared type, as they are stored."""
    if isinstance(declared, inspect.Metadata):
        return of(declared.type)
    if isinstance(declared, inspect.UnionType):
        return of(next(each for each in declared.types if not isinstance(each, inspect.NoneType)))
    if isinstance(declared, inspect.LiteralType):
        return st.sampled_from(declared.values)
    if isinstance(declared, inspect.BoolType):
        return st.booleans()
    if isinstance(declared, inspect.IntType):
        return st.integers(declared.ge or 0, min(declared.le or 10**9, 10**12))
    if isinstance(declared, inspect.CustomType):
        return st.sampled_from(DATES)
    if isinstance(declared, inspect.VarTupleType):
        return st.lists(of(declared.item_type), max_size=3)
    if isinstance(declared, inspect.StructType):
        return struct(declared.cls)
    if isinstance(declared, inspect.StrType):
        return string(declared)
    raise TypeError(declared)


def string(declared: inspect.StrType) -> st.SearchStrategy[str]:
    """Texts of a declared form."""
    pattern = declared.pattern or ""
    most = declared.max_length or 1000
    if pattern in (r"\S", "") or r"\S" in pattern:
        return words(most, pattern == r"\S")
    for mark, made in FORMED:
        if mark in pattern:
            return made
    return st.text("abcxyz019", min_size=1, max_size=12)  # references and slugs


@cache
def struct(cls: type) -> st.SearchStrategy[Stored]:
    """Rows of a declared type: what must be there, and some of what may."""
    info = inspect.type_info(cls)
    assert isinstance(info, inspect.StructType)
    needed = {field.name: of(field.type) for field in info.fields if field.required}
    free = {field.name: of(field.type) for field in info.fields if not field.required}
    return st.fixed_dictionaries(needed, optional=free)


def contents(kind: str) -> st.SearchStrategy[Stored]:
    """Contents of a kind in their stored form, whether its rules would let them stand or not."""

    def stored(given: Stored) -> Stored | None:
        try:
            return KINDS[kind].tidy(given)
        except Refused:
            return None

    return struct(KINDS[kind].content).map(stored).filter(lambda made: made is not None)  # type: ignore[arg-type, return-value]


def leaves(value: Any) -> list[Any]:
    """Every value of a stored content that is no list and no object."""
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in leaves(each)]
    if isinstance(value, list):
        return [leaf for each in value for leaf in leaves(each)]
    return [value]
