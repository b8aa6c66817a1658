"""What facts are made of: dates known in part, citations, money, links. Knows no kind of record and no report."""

import calendar
import re
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Final, Literal

import msgspec

SideCode = Literal["IND", "USA"]
Precision = Literal["day", "month", "year", "between"]

# --- Dates ---------------------------------------------------------------------------------------------------------

_PARTIAL = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?\Z")
_BETWEEN = re.compile(r"\[([0-9-]*)\.\.([0-9-]*)\]\Z")


def _span(text: str) -> tuple[date, date]:
    """First and last day that a year, month or day (``2019``, ``2019-10``, ``2019-10-24``) may mean."""
    found = _PARTIAL.match(text)
    if not found:
        raise ValueError(f"{text!r} is not a date: write 2019, 2019-10 or 2019-10-24, or [2015-02..2023] for bounds")
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        first = date(year, month or 1, day or 1)
    except ValueError as error:
        raise ValueError(f"{text!r} is not in the calendar: {error}") from None
    if day:
        return first, first
    month = month or 12
    return first, date(year, month, calendar.monthrange(year, month)[1])


class When:
    """A date as far as it is known, in a part of EDTF (ISO 8601-2:2019), never widened to a day.

    ``2019``, ``2019-10`` and ``2019-10-24`` are a year, a month and a day. ``[2015-02..2023]`` is one day not known,
    not before February 2015 and not after 2023; either end may be left open. ``earliest`` and ``latest`` bound the day
    (None where a side is open). Equal when written alike; there is no order: compare the bounds, and say which.
    """

    __slots__ = ("_earliest", "_latest", "_text")

    def __init__(self, text: str) -> None:
        between = _BETWEEN.match(text)
        self._earliest: date | None
        self._latest: date | None
        if between:
            low, high = between.groups()
            if not low and not high:
                raise ValueError("[..] bounds nothing: leave the date out")
            self._earliest = _span(low)[0] if low else None
            self._latest = _span(high)[1] if high else None
            if self._earliest and self._latest and self._earliest > self._latest:
                raise ValueError(f"{text!r} ends before it begins")
        else:
            self._earliest, self._latest = _span(text)
        self._text = text

    @classmethod
    def within(cls, earliest: str | None, latest: str | None) -> "When | None":
        """Two bounds of a date, as far as they make a day, a month or a year; both bounds otherwise; None for none."""
        if not earliest and not latest:
            return None
        if not earliest or not latest:
            return cls(f"[{earliest or ''}..{latest or ''}]")
        if earliest == latest:
            return cls(earliest)
        if earliest.endswith("-01-01") and latest == f"{earliest[:4]}-12-31":
            return cls(earliest[:4])
        if earliest[:7] == latest[:7] and earliest.endswith("-01") and int(latest[8:]) >= 28:
            return cls(earliest[:7])
        return cls(f"[{earliest}..{latest}]")

    @property
    def earliest(self) -> date | None:
        return self._earliest

    @property
    def latest(self) -> date | None:
        return self._latest

    @property
    def precision(self) -> Precision:
        if self._text.startswith("["):
            return "between"
        return {4: "year", 7: "month", 10: "day"}[len(self._text)]  # type: ignore[return-value]

    @property
    def day(self) -> date | None:
        """The day itself where it is known, else None."""
        return self._earliest if self.precision == "day" else None

    def _end(self, group: int) -> str | None:
        between = _BETWEEN.match(self._text)
        return between.group(group) or None if between else None

    @property
    def not_before(self) -> str | None:
        """The lower bound as written, for ``[a..b]`` only."""
        return self._end(1)

    @property
    def not_after(self) -> str | None:
        """The upper bound as written, for ``[a..b]`` only."""
        return self._end(2)

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return f"When({self._text!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, When) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> tuple[type["When"], tuple[str]]:
        return When, (self._text,)


#: Dates of the record lie within these years: no typing error sends a page, a chart or a sum to another millennium.
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200


def decode_hook(wanted: type, value: Any) -> Any:
    """For msgspec: reads a When from its text; ValueError where it is none, or outside the years of a record."""
    if wanted is When:
        if not isinstance(value, str):
            raise ValueError(f"a date is a text, not {type(value).__name__}")
        when = When(value[:40])
        for day in (when.earliest, when.latest):
            if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
                raise ValueError(f"{value[:40]!r} lies outside the years {FIRST_YEAR} to {LAST_YEAR}")
        return when
    raise NotImplementedError(wanted)


def encode_hook(value: Any) -> Any:
    """For msgspec: writes a When as its text."""
    if isinstance(value, When):
        return str(value)
    raise NotImplementedError(type(value))


# --- Texts and links -----------------------------------------------------------------------------------------------

#: The readable reference of a record within its kind: `aluav`, `dtti-group-11`, `S58`, `IND/raksha-mantri`.
REF_PATTERN: Final = r"[A-Za-z0-9]+(?:[/_-][A-Za-z0-9]+)*"

Line = Annotated[str, msgspec.Meta(min_length=1, max_length=1000, pattern=r"\A[^\n]*\S[^\n]*\Z")]
Prose = Annotated[str, msgspec.Meta(min_length=1, max_length=50_000, pattern=r"\S")]
Slug = Annotated[str, msgspec.Meta(max_length=60, pattern=r"\A[a-z0-9]+(?:-[a-z0-9]+)*\Z")]
Ref = Annotated[str, msgspec.Meta(max_length=80, pattern=rf"\A{REF_PATTERN}\Z")]
#: By what answers name a row of a checklist: `need-of-side`.
RowName = Annotated[
    str, msgspec.Meta(max_length=60, pattern=r"\A[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z", extra={"search": False})
]
Instant = Annotated[
    str,
    msgspec.Meta(pattern=r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z", extra={"search": False}),
]
#: A name of the IANA tz database.
Zone = Annotated[str, msgspec.Meta(min_length=1, max_length=1000, pattern=r"\A[^\n]*\S[^\n]*\Z", extra={"zone": True})]
#: US fiscal years, one or from one to another.
FiscalYears = Annotated[str, msgspec.Meta(pattern=r"\AFY(19|20|21)[0-9]{2}(-FY(19|20|21)[0-9]{2})?\Z")]
#: The fiscal year of a side by its own name: `FY2027` (USA), `2026-27` (India).
FiscalYear = Annotated[str, msgspec.Meta(pattern=r"\A(?:FY(?:19|20|21)[0-9]{2}|(?:19|20|21)[0-9]{2}-[0-9]{2})\Z")]
#: A measured number as it was read, never rounded: `19`, `-4`, `1.6`.
Figure = Annotated[str, msgspec.Meta(max_length=20, pattern=r"\A-?[0-9]{1,12}(?:\.[0-9]{1,6})?\Z")]
_FIGURE = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?\Z")


def is_figure(text: str | None) -> bool:
    """Whether a text is a number as `Figure` writes it, and nothing else."""
    return bool(text and _FIGURE.match(text))


# Numbers are bounded by what they count: so that no number, however sent, costs a page its time or leaves the calendar.
Count = Annotated[int, msgspec.Meta(ge=0, le=10**9)]  # things
Ordinal = Annotated[int, msgspec.Meta(ge=0, le=9_999)]  # the number of a meeting; how many lines, bodies
Days = Annotated[int, msgspec.Meta(ge=0, le=36_525)]  # a century
Minutes = Annotated[int, msgspec.Meta(ge=1, le=9_999)]  # set aside for an item
Years = Annotated[int, msgspec.Meta(ge=0, le=200)]
Level = Annotated[int, msgspec.Meta(ge=1, le=10)]  # of maturity: technology 1 to 9, manufacturing 1 to 10
Year = Annotated[int, msgspec.Meta(ge=1900, le=2200)]
Amount = Annotated[int, msgspec.Meta(ge=0, le=10**15)]  # whole units of a currency
Currency = Annotated[str, msgspec.Meta(pattern=r"\A[A-Z]{3}\Z", extra={"search": False})]


def _link(kind: str) -> msgspec.Meta:
    return msgspec.Meta(max_length=80, pattern=rf"\A{REF_PATTERN}\Z", extra={"link": kind})


OfficeRef = Annotated[str, _link("office")]
AppointmentRef = Annotated[str, _link("appointment")]
BodyRef = Annotated[str, _link("body")]
MeetingRef = Annotated[str, _link("meeting")]
ProjectRef = Annotated[str, _link("project")]
SuccessDefinitionRef = Annotated[str, _link("success_definition")]
PlanRef = Annotated[str, _link("plan")]
NeedRef = Annotated[str, _link("need")]
InstrumentRef = Annotated[str, _link("instrument")]
CommitmentRef = Annotated[str, _link("commitment")]
ActionReportRef = Annotated[str, _link("action_report")]
AskRef = Annotated[str, _link("ask")]
ConstraintRef = Annotated[str, _link("constraint")]
EventRef = Annotated[str, _link("event")]
TradeContractRef = Annotated[str, _link("trade_contract")]
TradeClaimRef = Annotated[str, _link("trade_claim")]
ReleaseQuestionRef = Annotated[str, _link("release_question")]
ExportClassificationRef = Annotated[str, _link("export_classification")]
SourceRef = Annotated[str, _link("source")]
#: A link to a record of any kind, written `kind:ref`.
AnyLink = Annotated[
    str, msgspec.Meta(max_length=130, pattern=rf"\A[a-z_]{{2,40}}:{REF_PATTERN}\Z", extra={"link": "*"})
]


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A part of a content. What is not known is left out; a member left out is never written as null."""


# --- Citations -----------------------------------------------------------------------------------------------------

Confidence = Literal["sourced", "single-source", "inferred", "unverified"]
#: `stated` is the strength of a fact without a citation: its writer says so on its own authority.
Strength = Literal["stated", "sourced", "single-source", "inferred", "unverified"]
_STRENGTHS: Final[tuple[Strength, ...]] = ("unverified", "inferred", "single-source", "sourced", "stated")
_WEAKER: Final = {each: place for place, each in enumerate(_STRENGTHS)}
FieldName = Annotated[str, msgspec.Meta(max_length=80, pattern=r"\A[a-z_]+(?:\.[a-z_]+)*\Z", extra={"search": False})]


class CitedPlace(Row, frozen=True, kw_only=True):
    """Where in a source it stands (page, paragraph, column), and the day on which the source was consulted."""

    source: SourceRef
    at: Line | None = None
    consulted: When | None = None


class Cite(Row, frozen=True, kw_only=True):
    """On what a fact rests.

    ``sourced``: an official source or a copy of one, or at least two sources; ``single-source``: one unofficial report;
    ``inferred``: reasoned from sourced facts; ``unverified``: widely said, not confirmed. The lists ``inferred`` and
    ``unverified`` name single fields of the row that are weaker than it (``end``; for one bound ``end.not_before``).
    ``places`` says where in its sources it stands, for those of which that is known.
    """

    sources: tuple[SourceRef, ...] = ()
    confidence: Confidence
    inferred: tuple[FieldName, ...] = ()
    unverified: tuple[FieldName, ...] = ()
    places: tuple[CitedPlace, ...] = ()


def weakest(strengths: Iterable[Strength]) -> Strength:
    """The weakest of some strengths; `stated` for none."""
    return min(strengths, key=_WEAKER.__getitem__, default="stated")


def strength(cite: Cite | None, *fields: str) -> Strength:
    """How firm a row is, and where fields are named, how firm those fields of it are."""
    if cite is None:
        return "stated"
    found: list[Strength] = [cite.confidence]
    if any(field in cite.inferred for field in fields):
        found.append("inferred")
    if any(field in cite.unverified for field in fields):
        found.append("unverified")
    return weakest(found)


# --- Money ---------------------------------------------------------------------------------------------------------

#: What a figure measures. Unlike measures are never added together.
Measure = Literal[
    "contract-value",  # stated for the signed deal
    "prime-award",  # one government's award to the maker: a part of the deal
    "notified-ceiling",  # upper limit notified to a legislature before signature
    "press-estimate",  # round figure in the press
    "deliveries",
    "licence-ceiling",
    "trend-indicator",  # SIPRI's unit: not money paid
    "agreements",  # official yearly total of agreements concluded
    "claim",  # public total of which the content is not stated
]
Comparator = Literal["stated", "about", "over", "essentially", "estimated", "just-under"]


class Money(Row, frozen=True, kw_only=True):
    """A sum: whole units of `currency` (ISO 4217), how exactly it was put, and what it measures."""

    amount: Amount
    currency: Currency = "USD"
    comparator: Comparator | None = None
    measure: Measure | None = None


#: A part of a whole in basis points: 5000 is one half.
BasisPoints = Annotated[int, msgspec.Meta(ge=0, le=10_000, extra={"unit": "basis points"})]


class Share(Row, frozen=True, kw_only=True):
    """A side's share in basis points: 5000 is one half."""

    side: SideCode
    basis_points: BasisPoints


class FileNumber(Row, frozen=True, kw_only=True):
    """The number under which a side files the paper, and what holds it."""

    side: SideCode
    number: Line
    held_by: Line | None = None
