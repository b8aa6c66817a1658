"""What was claimed of the trade against the contracts known, measure by measure, with the gap that is left unexplained.

A contract value, a notified ceiling and a delivery are different things: each measure has its own part of the chart,
and nothing is ever added across two. A claim whose measure is not stated is set against every measure, and says so. A
contract without a figure is counted and not valued; one that may have been signed after the claim makes the sum a
range.
"""

from typing import Annotated, Literal

import msgspec

from dtti.documents.charts.figure import Chart, chart
from dtti.documents.charts.layout import Frame, Row, Sample, empty, frame, heading, legend, remark, row
from dtti.documents.charts.scene import Fill, Mark, Rect, Stroke, line
from dtti.documents.charts.when import When, span
from dtti.documents.charts.words import day, say, spoken
from dtti.documents.values import Language, Words
from dtti.language.money import rounded
from dtti.language.numbers import grouped

NAME = "trade"

Measure = Literal[
    "contract-value", "notified-ceiling", "deliveries", "licence-ceiling", "press-estimate", "trend-indicator"
]
Amount = Annotated[int, msgspec.Meta(ge=0, le=10**16)]


class Contract(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A contract: when it was signed, and its figure in whole units of the currency (null: not known)."""

    item: Words
    signed: When | None
    amount: Amount | None
    measure: Measure = "contract-value"

    def __post_init__(self) -> None:
        if self.signed is not None:
            span(self.signed)


class Claim(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A public claim of a total up to a day, counted from `since`; `measure` null: what it counts is not stated."""

    speaker: Words
    as_of: When
    amount: Amount
    comparator: Literal["stated", "about", "over", "under"] = "stated"
    since: When | None = None
    measure: Measure | None = None

    def __post_init__(self) -> None:
        if self.since is not None and span(self.since)[0] > span(self.as_of)[1]:
            raise ValueError(f"it counts from {self.since}, after its own date {self.as_of}")
        span(self.as_of)


class Trade(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Contracts and claims in one currency (ISO 4217)."""

    subject: Words
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
    contracts: Annotated[tuple[Contract, ...], msgspec.Meta(max_length=2_000)] = ()
    claims: Annotated[tuple[Claim, ...], msgspec.Meta(max_length=100)] = ()


class Known(msgspec.Struct, frozen=True):
    """What contracts of one measure come to within a claim's days: least, most, how many, how many unvalued."""

    low: int
    high: int
    n: int
    possible: int
    unvalued: int


def known(data: Trade, claim: Claim, measure: Measure) -> Known:
    """The contracts of `measure` that a claim may count."""
    first = span(claim.since) if claim.since else (0, 0)
    last = span(claim.as_of)
    low = high = n = possible = unvalued = 0
    for contract in data.contracts:
        if contract.measure != measure:
            continue
        begun, ended = span(contract.signed) if contract.signed else (1, last[1] + 1)
        if begun > last[1] or ended < first[0]:
            continue
        certain = ended <= last[0] and begun >= first[1]
        n += certain
        possible += not certain
        unvalued += contract.amount is None
        low += (contract.amount or 0) * certain
        high += contract.amount or 0
    return Known(low, high, n, possible, unvalued)


def measures(data: Trade) -> tuple[Measure, ...]:
    """The measures that occur, in the order in which they first do."""
    named = [contract.measure for contract in data.contracts]
    named += [claim.measure for claim in data.claims if claim.measure is not None]
    return tuple(dict.fromkeys(named))


def _claimed(claim: Claim, currency: str, language: Language) -> str:
    return say(language, f"comparator-{claim.comparator}", figure=rounded(claim.amount, currency, language))


def _sum(found: Known, currency: str, language: Language) -> str:
    if not found.n + found.possible:
        return say(language, "no-contract-known")
    if found.high == 0:
        return say(language, "trade-unvalued")
    low, high = rounded(found.low, currency, language), rounded(found.high, currency, language)
    return say(language, "known-sum", sum=low) if low == high else say(language, "known-between", low=low, high=high)


def _gap(claim: Claim, found: Known, currency: str, language: Language) -> str:
    most, least = claim.amount - found.low, claim.amount - found.high
    if least == most == 0:
        return say(language, "gap-unexplained", sum=rounded(0, currency, language))
    if least >= 0:
        low, high = rounded(least, currency, language), rounded(most, currency, language)
        if low == high:
            return say(language, "gap-unexplained", sum=low)
        return say(language, "gap-between", low=low, high=high)
    if most <= 0:
        return say(language, "gap-over", sum=rounded(-most, currency, language))
    return say(language, "gap-cannot")


def _row(claim: Claim, found: Known, currency: str, language: Language) -> Row:
    label, own = spoken(claim.speaker, language)
    notes = [say(language, "claim-by", speaker=_claimed(claim, currency, language), day=day(claim.as_of, language))]
    if claim.since:
        notes.append(say(language, "claim-since", day=day(claim.since, language)))
    if claim.measure is None:
        notes.append(say(language, "measure-not-stated"))
    gap = _gap(claim, found, currency, language)
    return Row((label, own), gap, note=" · ".join(notes), value_note=_sum(found, currency, language))


def _bars(columns: Frame, y: float, claim: Claim, found: Known, unit: float) -> list[Mark]:
    x = columns.plot_x
    made: list[Mark] = []
    if claim.amount > found.high:
        a = x + found.high * unit
        made.append(Rect(a, y - 7.0, (claim.amount - found.high) * unit, 14.0, Fill("stop", "hatch"), Stroke("stop")))
    if found.low:
        made.append(Rect(x, y - 7.0, found.low * unit, 14.0, Fill("soft"), Stroke("soft")))
    if found.high > found.low:
        a = x + found.low * unit
        dots = Fill("edge", "dots")
        made.append(Rect(a, y - 7.0, (found.high - found.low) * unit, 14.0, dots, Stroke("edge", 1.0, dashed=True)))
    at = x + claim.amount * unit
    made.append(line(at, y - 11.0, at, y + 11.0, Stroke("ink", 2.0)))
    return made


def draw(data: Trade, language: Language, *, width: float = 720.0, own: str = "IND") -> Chart:
    """The chart. `own` changes nothing here: contracts and claims are of both."""
    subject, _ = spoken(data.subject, language)
    title = say(language, "trade-title", subject=subject)
    heads = [say(language, key) for key in ("claim", "date", "measure-head")]
    heads += [say(language, key) for key in ("claimed", "contracts-known")]
    heads += ["#" + say(language, "n-contracts"), say(language, "gap-head")]
    named = measures(data)
    if not named or not data.claims:
        marks, bottom = empty(width, language)
        sentences = [say(language, "nothing" if not named else "trade-no-claim")]
        return chart(
            NAME, language, title, sentences, size=(max(280.0, width), bottom), marks=marks, columns=heads, rows=()
        )
    parts = [
        (measure, [(claim, known(data, claim, measure)) for claim in data.claims if claim.measure in (None, measure)])
        for measure in named
    ]
    rows = {
        (measure, n): _row(claim, found, data.currency, language)
        for measure, claims in parts
        for n, (claim, found) in enumerate(claims)
    }
    columns = frame(width, language, list(rows.values()))
    top = max((max(claim.amount, found.high) for _, claims in parts for claim, found in claims), default=1) or 1
    unit = (columns.plot - 4.0) / top
    made: list[Mark] = []
    y = 1.0
    sentences = []
    table: list[tuple[str, ...]] = []
    for measure, claims in parts:
        name = say(language, f"measure-{measure}")
        of = [contract for contract in data.contracts if contract.measure == measure]
        unvalued = sum(1 for contract in of if contract.amount is None)
        marks, y = heading(columns, y, name, say(language, "measure-known", n=len(of), unvalued=unvalued))
        made += marks
        if not claims:
            marks, y = remark(columns, y + 2.0, say(language, "trade-no-claim"))
            made += marks
        for n, (claim, found) in enumerate(claims):
            content = rows[measure, n]
            placed = row(columns, y, content, 16.0)
            made += placed.marks
            made += _bars(columns, placed.middle, claim, found, unit)
            y = placed.bottom
            by = say(language, "claim-by", speaker=content.label[0], day=day(claim.as_of, language))
            claimed = _claimed(claim, data.currency, language)
            sentences.append(
                say(
                    language,
                    "trade-says",
                    measure=name,
                    claimed=claimed,
                    by=by,
                    known=content.value_note,
                    gap=content.value,
                )
            )
            counted = grouped(found.n, language)
            if found.possible:
                counted += f"–{grouped(found.n + found.possible, language)}"
            counts = name if claim.measure else f"{name} ({say(language, 'measure-not-stated')})"
            table.append(
                (
                    content.label[0],
                    day(claim.as_of, language),
                    counts,
                    claimed,
                    content.value_note,
                    counted,
                    content.value,
                )
            )
        y += 8.0
    marks, y = legend(columns, y - 4.0, _legend(language))
    made += marks
    return chart(NAME, language, title, sentences, size=(columns.width, y), marks=made, columns=heads, rows=table)


def _legend(language: Language) -> list[tuple[Sample, str]]:
    def bar(fill: Fill, stroke: Stroke) -> Sample:
        return lambda x, y: (Rect(x - 8.0, y - 5.0, 16.0, 10.0, fill, stroke),)

    return [
        (bar(Fill("soft"), Stroke("soft")), say(language, "known-sign")),
        (bar(Fill("edge", "dots"), Stroke("edge", 1.0, dashed=True)), say(language, "possible-sign")),
        (bar(Fill("stop", "hatch"), Stroke("stop")), say(language, "gap-sign")),
        (lambda x, y: (line(x, y - 7.0, x, y + 7.0, Stroke("ink", 2.0)),), say(language, "claim")),
    ]


DATA = Trade
