"""How long from one fact to another: over many pairs, with bounds for partial dates, and by every reading."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from dtti.accord.refusal import Refused
from dtti.programme import facts
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.instrument import Instrument
from dtti.programme.reports import Collection, Version
from dtti.programme.reports.between import between
from dtti.programme.terms import expiry
from dtti.programme.values import When

from .support import needs_history, packaged, public_record, version
from .test_docs import questions

TODAY = date(2026, 11, 30)


def ask(start: str, end: str, records: Collection | None = None, **asked: Any) -> dict[str, Any]:
    made: dict[str, Any] = msgspec.to_builtins(
        between(records or public_record(), start, end, today=asked.pop("today", TODAY), **asked)
    )
    return made


def bounds(made: dict[str, Any]) -> tuple[Any, Any, Any]:
    return made["days"], made["days_low"], made["days_high"]


PAIRS: list[tuple[str, str, int | str, int | None, int | None, str]] = [
    ("meeting:dtti-group-07", "meeting:dtti-group-08", 240, 240, 240, "sourced"),
    ("meeting:dtti-group-11", "meeting:dtti-group-07", -1210, -1210, -1210, "sourced"),
    ("meeting:dtti-group-09", "meeting:dtti-group-09/date", 0, 0, 0, "sourced"),
    ("meeting:jtg-24", "meeting:jtg-24/end", 1, 1, 1, "sourced"),
    ("meeting:2plus2-03", "meeting:2plus2-04", 532, 532, 532, "sourced"),
    ("meeting:dpg-15", "meeting:dpg-16", "unknown", 769, 799, "single-source"),
    ("instrument:isa", "instrument:isa/first_step", 649, 649, 649, "sourced"),
    ("instrument:rdte-moa/renewed", "instrument:rdte-moa/expires", 5479, 5479, 5479, "inferred"),
    ("instrument:rdte-moa", "instrument:rdte-moa/renewed", "unknown", 3278, 3308, "sourced"),
    ("instrument:mehps-pa/text_agreed", "instrument:mehps-pa", "unknown", 59, 89, "unverified"),
    ("instrument:dtti-group-tor", "meeting:dtti-group-07", "unknown", None, None, "sourced"),
    ("appointment:sdp-raj-kumar", "appointment:sdp-raj-kumar/attested.0", "unknown", 0, 255, "inferred"),
    ("appointment:defsec-mitra", "appointment:defsec-mitra/end", "unknown", 820, 821, "sourced"),
    ("body:jwg-land-systems", "meeting:dtti-group-11", "unknown", 970, None, "sourced"),
    ("project:aluav/statements.0.date", "instrument:aluav-pa", 868, 868, 868, "sourced"),
    ("event:dap-2026-draft", "event:dap-2026-comments", 21, 21, 21, "single-source"),
    ("event:trust-launched", "today", 655, 655, 655, "sourced"),
    ("2019-10", "2019-12-18", "unknown", 48, 78, "stated"),
    ("[2019-10-24..]", "2019-12-18", "unknown", None, 55, "stated"),
]


@pytest.mark.parametrize(("start", "end", "days", "low", "high", "confidence"), PAIRS)
def test_the_days_between_two_facts(
    start: str, end: str, days: int | str, low: int | None, high: int | None, confidence: str
) -> None:
    made = ask(start, end)
    assert bounds(made) == (days, low, high)
    own = made["by_reading"][0]
    assert bounds(own) == (days, low, high)
    assert own["confidence"] == confidence
    cited = {link for link in (made["from"]["record"], made["to"]["record"]) if link}
    assert cited <= set(own["uses"])
    assert set(own["sources"]) <= set(made["sources"])


READINGS = [
    ("instrument:soi-1", "instrument:aluav-pa", "soi-1-date=b", 590, "inferred"),
    ("instrument:soi-1", "instrument:aluav-pa", "aluav-signing=c", 747, "single-source"),
    ("meeting:dtti-group-07", "meeting:dtti-group-08", "8th-group-date=b", 239, "unverified"),
    ("meeting:dtti-group-08", "meeting:dtti-group-09", "8th-group-date=b", 224, "unverified"),
    ("meeting:2plus2-03/end", "instrument:beca", "beca-date=b", -1, "single-source"),
    ("instrument:dicf-agreement", "meeting:dicf-01", "dicf-birth=b", None, None),
    ("event:dtti-launch", "today", "dtti-start=b", None, None),
    ("trade_contract:c130j-6-2008", "2008-01-31", "c130j-first-year=b", None, None),
]


@pytest.mark.parametrize(("start", "end", "reading", "days", "confidence"), READINGS)
def test_the_other_reading_stands_beside_the_records_own_and_can_be_asked_for(
    start: str, end: str, reading: str, days: int | None, confidence: str | None
) -> None:
    made = ask(start, end)
    beside = [each for each in made["by_reading"][1:] if reading in (each["from_reading"], each["to_reading"])]
    own = made["by_reading"][0]
    alone = next(each for each in beside if None in (each["from_reading"], each["to_reading"]))
    assert bounds(alone) != bounds(own)
    assert (own["from_reading"], own["to_reading"]) == (None, None)
    if days is not None:
        assert bounds(alone) == (days, days, days)
        assert alone["confidence"] == confidence
    asked = ask(start, end, reading=facts.asked_readings([reading]))
    assert bounds(asked) == bounds(alone)
    assert reading in (asked["from"]["reading"], asked["to"]["reading"])
    assert bounds(own) in [bounds(each) for each in asked["by_reading"][1:]]
    assert f"difference:{reading.partition('=')[0]}" in asked["uses"]


def every_fact() -> Iterator[tuple[str, When | None]]:
    for link, content in packaged().items():
        for each in facts.dates(content):
            yield f"{link}/{each.field}", each.when


def test_over_many_pairs_the_bounds_are_those_of_every_day_that_the_dates_allow() -> None:
    """Against days drawn at random from both dates: none lies outside the bounds, and both bounds are met."""
    chance = random.Random(20261130)
    known = list(every_fact())
    assert len(known) > 900
    for _ in range(400):
        (one, first), (other, second) = chance.choice(known), chance.choice(known)
        made = ask(one, other)
        back = ask(other, one)
        low, high = made["days_low"], made["days_high"]
        assert (back["days_low"], back["days_high"]) == (None if high is None else -high, None if low is None else -low)
        if first is None or second is None:
            assert bounds(made) == ("unknown", None, None)
            continue
        ends = [[day for day in (when.earliest, when.latest) if day] for when in (first, second)]
        drawn = [(b - a).days for a in days_of(chance, first) for b in days_of(chance, second)]
        if all(len(each) == 2 for each in ends):
            assert min(drawn) >= low
            assert max(drawn) <= high
            assert (low, high) == (
                (second.earliest - first.latest).days,  # type: ignore[operator] # both ends are there
                (second.latest - first.earliest).days,  # type: ignore[operator] # both ends are there
            )
        assert made["days"] == (low if low is not None and low == high else "unknown")


def days_of(chance: random.Random, when: When) -> list[date]:
    first = when.earliest or (when.latest or date.min) - timedelta(days=400)
    last = when.latest or first + timedelta(days=400)
    return [first, last, *(first + timedelta(days=chance.randint(0, (last - first).days)) for _ in range(3))]


def test_every_main_date_is_the_one_by_which_lists_order_its_record() -> None:
    for link, content in packaged().items():
        kind, _, _ref = link.partition(":")
        columns, held = KINDS[kind].facets(content), facts.main(content)
        if columns.earliest or columns.latest:
            assert held is not None, link
            assert held.when is not None, link
            said = [day.isoformat() if day else None for day in (held.when.earliest, held.when.latest)]
            assert said == [columns.earliest, columns.latest], link
        elif held is not None:
            assert held.when is None, link


# --- What is refused -------------------------------------------------------------------------------------------------

REFUSED = [
    ("", "fact-form", "kind:ref"),
    ("soi-1", "fact-form", "kind:ref"),
    ("instrument:", "fact-form", "kind:ref"),
    ("2019-13", "fact-form", "a date or kind:ref"),
    ("[..]", "fact-form", "a date or kind:ref"),
    ("treaty:soi-1", "fact-kind", "instrument"),
    ("instrument:soi-9", "fact-record", "soi-1"),
    ("instrument:soi-1/colour", "fact-field", "signed, "),
    ("instrument:soi-1/name", "fact-field", "signed, "),
    ("meeting:dtti-group-07/place", "fact-field", "date, end"),
    ("project:aluav/statements.99.date", "fact-field", "statements.0.date"),
    ("side:IND", "fact-field", "a meeting"),
    ("meeting:dtti-group-07/date/x", "fact-record", "dtti-group-07"),
]


@pytest.mark.parametrize("place", ["start", "end"])
@pytest.mark.parametrize(("fact", "rule", "names"), REFUSED)
def test_what_names_no_fact_is_refused_with_those_that_there_are(place: str, fact: str, rule: str, names: str) -> None:
    given = {"start": "today", "end": "today", place: fact}
    with pytest.raises(Refused) as refused:
        ask(given["start"], given["end"])
    (one,) = refused.value.refusals
    assert one.rule == rule
    assert names in one.remedy


@pytest.mark.parametrize(
    ("given", "rule", "names"),
    [
        ("soi-1-date", "reading-form", "DIFFERENCE=KEY"),
        ("soi-1-date=", "reading-form", "DIFFERENCE=KEY"),
        ("no-such=a", "reading-difference", "soi-1-date"),
        ("mehps-name=a", "reading-difference", "soi-1-date"),
        ("soi-1-date=z", "reading-key", "a, b"),
    ],
)
def test_a_reading_that_is_none_is_refused_with_those_that_there_are(given: str, rule: str, names: str) -> None:
    with pytest.raises(Refused) as refused:
        ask("instrument:soi-1", "today", reading=facts.asked_readings([given]))
    assert refused.value.refusals[0].rule == rule
    assert names in refused.value.refusals[0].remedy


# --- On a day, and computed ends -------------------------------------------------------------------------------------


def test_on_an_earlier_day_what_had_not_come_is_unknown_and_an_end_known_ahead_is_known() -> None:
    early = ask("instrument:soi-1", "instrument:aluav-pa", on=date(2020, 1, 1))
    assert (early["to"]["date"], early["days"]) == ("unknown", "unknown")
    ahead = ask("instrument:rdte-moa/renewed", "instrument:rdte-moa/expires", on=date(2020, 1, 1))
    assert ahead["days"] == 5479
    assert ask("meeting:dtti-group-11", "today", today=date(2022, 6, 1))["days"] == 204


def instrument(**said: Any) -> Version[Any]:
    return version(
        "instrument", ref="x", name="X", type="agreement", binding="binding", implementation="signed-only", **said
    )


@pytest.mark.parametrize(
    ("said", "expected", "of"),
    [
        ({"signed": "2021-07-30", "term_years": 7}, "2028-07-30", ["term_years", "signed"]),
        ({"signed": "2020-02-29", "term_years": 1}, "2021-02-28", ["term_years", "signed"]),
        ({"signed": "2020-02-29", "term_years": 4}, "2024-02-29", ["term_years", "signed"]),
        ({"signed": "2006-01", "renewed": "2015-01-22", "term_years": 15}, "2030-01-22", ["term_years", "renewed"]),
        ({"signed": "2019-12-18", "in_force": "2020-03", "term_years": 5}, "2025-03", ["term_years", "in_force"]),
        ({"signed": "[2015-02..2016]", "term_years": 10}, "[2025-02..2026]", ["term_years", "signed"]),
        ({"signed": "2019", "term_years": 10, "expires": "2027-01-01"}, "2027-01-01", []),
        ({"signed": "2019"}, "unknown", []),
        ({"term_years": 10}, "unknown", []),
        ({"signed": "2019", "term_years": 0}, "unknown", []),
        ({"signed": "2150", "term_years": 100}, "unknown", []),
    ],
)
def test_an_end_is_computed_where_a_term_is_recorded_and_no_end(
    said: dict[str, Any], expected: str, of: list[str]
) -> None:
    made = ask("2019", "instrument:x/expires", Collection([instrument(**said)]))
    assert made["to"]["date"] == expected
    assert (made["to"]["computed"], made["to"]["of"]) == (bool(of), of)
    assert made["to"]["confidence"] == ("inferred" if of else "stated")


def test_every_recorded_end_of_the_record_that_has_a_term_is_the_one_that_its_term_gives() -> None:
    found = [content for content in packaged().values() if isinstance(content, Instrument) and content.term_years]
    assert [each.ref for each in found] == ["rdte-moa", "aluav-pa"]
    for each in found:
        made = expiry(each)
        assert made is not None
        assert made.when == each.expires


# --- Questions of the history ----------------------------------------------------------------------------------------


def days(start: str, end: str) -> Any:
    return ask(start, end)["days"]


@needs_history
def test_questions_of_how_long_are_answered_by_this_alone() -> None:
    expected = {each["id"]: each["answer"] for each in questions()}
    group = [f"meeting:dtti-group-{number:02}" for number in range(7, 12)]
    assert [days(one, other) for one, other in pairwise(group)] == expected["group-gaps"]
    assert days(group[0], group[-1]) == expected["group-span"]
    assert days("instrument:soi-1", "instrument:aluav-pa") == expected["soi-1-to-aluav"]
    assert days("instrument:isa", "instrument:isa/first_step") == expected["isa-signed-to-first-step"]
    assert days("instrument:isa", "meeting:isa-summit-01") == expected["isa-signed-to-first-step"]
    assert ask("2015", "instrument:rdte-moa/expires")["to"]["date"] == expected["moa-expiry"]
