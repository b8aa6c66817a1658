"""A date of a record with what sources that differ make of it: its own reading, and every other statement's."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec

from dtti.accord.refusal import Refusal, Refused
from dtti.programme import facts
from dtti.programme.facts import Date, Named
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.difference import DIFFERENCE, Claim, Difference
from dtti.programme.timeline import happened
from dtti.programme.values import Strength, When, weakest

from .records import Reading, Version
from .rests import UNKNOWN, Evidence, Rests, evidence, iso, rests

TODAY: Final = "today"
#: Fields whose day may be known before it comes.
_AHEAD: Final = ("due", "due_now", "expires", "promised", "by", "until", "end", "forecast_for", "later")


class ReadAs(Rests, frozen=True):
    """What a statement of a difference makes of a date. `preferred`: the difference prefers it."""

    difference: str
    claim: str
    text: str
    preferred: bool
    date: str
    earliest: str | None
    latest: str | None


class FactRead(Rests, frozen=True):
    """A fact with its date and bounds: as the record has it, or by the statement that was asked for (`reading`).

    `record`: as ``kind:ref``, empty for a day that was given as such. `computed`: it follows from other fields of the
    record, named in `of`. `fields`: the dates that the record can have. `readings`: what each statement of a difference
    makes of it.
    """

    fact: str
    record: str
    name: str
    field: str
    date: str
    earliest: str | None
    latest: str | None
    computed: bool
    of: list[str]
    reading: str | None
    fields: list[str]
    readings: list[ReadAs]


@dataclass(frozen=True, slots=True)
class Reads:
    """One way to read a date: by the record itself, or by a statement of a difference; what it rests on."""

    when: When | None
    used: tuple[Evidence, ...]
    difference: str = ""
    claim: str = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """A fact, how it is read, and the other ways to read it."""

    read: FactRead
    chosen: Reads
    others: tuple[Reads, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of a difference on a date of a record."""

    difference: Version[Difference]
    claim: Claim
    when: When
    used: Evidence

    @property
    def preferred(self) -> bool:
        return self.claim.key == self.difference.content.preferred


def said_of(reading: Reading, link: str, field: str) -> list[Said]:
    """What the statements of all differences make of a date of a record."""
    found = []
    for difference in reading.all(DIFFERENCE):
        for claim in difference.content.claims:
            for read in claim.dates:
                if (read.record, read.field) == (link, field):
                    used = evidence(difference, claim)
                    firm: Strength = weakest([used.strength, *(["inferred"] if read.implied else [])])  # type: ignore[list-item] # a strength
                    found.append(Said(difference, claim, read.when, Evidence(difference, used.cite, firm)))
    return found


def checked(reading: Reading, chosen: Mapping[str, str]) -> None:
    """Refused where a difference or statement that is to be followed is none, or dates nothing."""
    dating = {each.ref: [claim.key for claim in each.content.claims if claim.dates] for each in reading.all(DIFFERENCE)}
    dating = {ref: keys for ref, keys in dating.items() if keys}
    for ref, key in chosen.items():
        if ref not in dating:
            remedy = f"Use one of {facts.few(list(dating))}." if dating else "No difference dates anything here."
            raise Refused(Refusal("reading-difference", f"No difference {ref[:60]!r} dates a fact.", remedy))
        if key not in dating[ref]:
            remedy = f"Use one of {', '.join(dating[ref])}."
            raise Refused(Refusal("reading-key", f"Statement {key[:60]!r} of {ref} dates nothing.", remedy))


def fact(reading: Reading, text: str, on: date | None, chosen: Mapping[str, str], today: date) -> Dated:
    """The fact that `text` names, as things stood at the end of `on`, read as `chosen` says.

    `text`: ``kind:ref``, ``kind:ref/field``, a date known in part, or ``today``. Refused where it names none.
    """
    text = text.strip()
    if text == TODAY or text[:1].isdigit() or text[:1] == "[":
        return _given(text, today)
    found = facts.named(
        text,
        lambda kind, ref: reading.get(KINDS[kind], ref) is not None,
        lambda kind: (each.ref for each in reading.all(KINDS[kind])),
    )
    version: Version[Any] | None = reading.get(KINDS[found.kind], found.ref)
    if version is None:
        raise LookupError(found)
    held = _held(version, found)
    return dated(reading, version, held, on, chosen)


def _held(version: Version[Any], found: Named) -> Date:
    if found.field:
        return facts.date_at(version.content, f"{found.kind}:{found.ref}", found.field)
    held = facts.main(version.content)
    if held is None:
        raise Refused(
            Refusal("fact-field", f"{found} has no dates.", "Ask of a record of a kind that has: a meeting, an event.")
        )
    return held


def dated(reading: Reading, version: Version[Any], held: Date, on: date | None, chosen: Mapping[str, str]) -> Dated:
    """A date of a record with all its readings."""
    link = f"{version.kind}:{version.ref}"
    own = Reads(_by(held.when, held.field, on), (_evidence(version, held),))
    statements = said_of(reading, link, held.field)
    ways = [
        Reads(_by(one.when, held.field, on), (_evidence(version, held), one.used), one.difference.ref, one.claim.key)
        for one in statements
    ]
    asked = next((way for way in ways if chosen.get(way.difference) == way.claim), None)
    first = asked or own
    others = [way for way in (own, *ways) if way.when != first.when]
    distinct = {str(way.when): way for way in reversed(others)}
    read = FactRead(
        f"{link}/{held.field}",
        link,
        KINDS[version.kind].facets(version.content).title,
        held.field,
        **_said(first.when),
        computed=held.computed,
        of=list(held.of),
        reading=f"{first.difference}={first.claim}" if first.difference else None,
        fields=[each.field for each in facts.dates(version.content)],
        readings=[
            ReadAs(
                one.difference.ref,
                one.claim.key,
                one.claim.text,
                one.preferred,
                **_said(one.when),
                **rests([one.used]),
            )
            for one in statements
        ],
        **rests(first.used),
    )
    return Dated(read, first, tuple(way for way in others if distinct[str(way.when)] is way))


def _given(text: str, today: date) -> Dated:
    try:
        when = When(today.isoformat() if text == TODAY else text[:40])
    except ValueError as error:
        raise Refused(
            Refusal("fact-form", f"{text[:60]!r} names no fact: {error}.", "Write a date or kind:ref.")
        ) from None
    read = FactRead(
        text, "", "", "", **_said(when), computed=False, of=[], reading=None, fields=[], readings=[], **rests([])
    )
    return Dated(read, Reads(when, ()), ())


def _said(when: When | None) -> dict[str, Any]:
    return {
        "date": str(when) if when else UNKNOWN,
        "earliest": iso(when.earliest) if when else None,
        "latest": iso(when.latest) if when else None,
    }


def _by(when: When | None, field: str, on: date | None) -> When | None:
    """A date as it was known on a day: not there where it lies after, save a day known before it comes."""
    ahead = field.rpartition(".")[2] in _AHEAD
    return None if when and not ahead and happened(when, on) == "no" else when


def _evidence(version: Version[Any], held: Date) -> Evidence:
    """What a date of a record rests on: the row that it stands in, the field; a computed one on what it is of."""
    row: Any = version.content
    names = held.field.split(".")
    for name in names[:-1]:
        row = row[int(name)] if isinstance(row, tuple) else getattr(row, name)
    is_row = isinstance(row, msgspec.Struct) and row is not version.content
    last = names[-1] if isinstance(row, msgspec.Struct) else names[0]
    parts = (last, f"{last}.not_before", f"{last}.not_after")  # a bound may be weaker than the rest
    made = evidence(version, row if is_row else None, *parts, *held.of)
    if not held.computed:
        return made
    return Evidence(made.version, made.cite, weakest([made.strength, "inferred"]))
