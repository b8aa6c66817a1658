"""How many records, by any facet: over many counts, with bounds for partial dates, and by either reading of sources."""

import random
from collections import Counter
from datetime import date
from typing import Any

import msgspec
import pytest

from dtti.accord.refusal import Refused
from dtti.programme import facts
from dtti.programme.kinds import KINDS
from dtti.programme.reports import Collection
from dtti.programme.reports.count import Asked, count
from dtti.programme.reports.facet import facets_of
from dtti.programme.values import When

from .support import needs_history, packaged, public_record, version
from .test_docs import questions


def ask(kind: str, records: Collection | None = None, on: str | None = None, **asked: Any) -> dict[str, Any]:
    """A count: `asked` are its facets, ``__`` for a point, beside `by`, `since`, `until`, `dated_by`, `reading`."""
    of = asked.pop("of", {})
    given = {name: asked.pop(name) for name in ("by", "dated_by", "reading") if name in asked}
    given |= {name: When(asked.pop(name)) for name in ("since", "until") if name in asked}
    found = Asked(kind, of | {name.replace("__", "."): value for name, value in asked.items()}, **given)
    day = date.fromisoformat(on) if on else None
    made: dict[str, Any] = msgspec.to_builtins(count(records or public_record(), found, on=day))
    return made


def sizes(made: dict[str, Any]) -> dict[str, Any]:
    """Of each group: a number where all are certain, else the least and the most."""
    return {
        name: each["n"] if each["n"] == each["high"] else (each["n"], each["high"])
        for name, each in made["groups"].items()
    }


COUNTS: list[tuple[str, dict[str, Any], int, int, dict[str, Any]]] = [
    ("project", {}, 16, 16, {}),
    ("project", {"in_dtti": "yes"}, 15, 15, {}),
    ("project", {"by": "kind"}, 16, 16, {}),
    ("project", {"horizons__statement": "soi-1", "by": "horizons.horizon"}, 7, 7, {"long": 2, "mid": 2, "near": 3}),
    ("project", {"horizons__statement": "soi-2"}, 0, 0, {}),
    ("project", {"agreements": "any"}, 3, 3, {}),
    ("project", {"agreements": "none", "horizons__statement": "soi-1"}, 6, 6, {}),
    ("difference", {"by": "status"}, 33, 33, {"leaning": 9, "open": 6, "resolved": 18}),
    ("meeting", {"number": "8"}, 3, 3, {}),
    ("meeting", {"body": "dtti-group", "by": "status"}, 7, 7, {"announced-only": 2, "held": 5}),
    ("meeting", {"body": "dtti-group", "since": "2019", "until": "2019"}, 2, 2, {}),
    ("meeting", {"body": "dtti-group", "year": "2019"}, 2, 2, {}),
    ("meeting", {"body": "2plus2", "by": "year"}, 5, 5, {"2018": 1, "2019": 1, "2020": 1, "2022": 1, "2023": 1}),
    ("meeting", {"body": "dpg", "until": "2019-08-15"}, 1, 2, {}),
    ("meeting", {"body": "dpg", "month": "2019-08"}, 1, 1, {}),
    ("instrument", {"type": "project-agreement", "by": "year"}, 3, 3, {"2015": (0, 2), "2021": 1}),
    ("instrument", {"type": "project-agreement", "since": "2015", "until": "2015"}, 0, 2, {}),
    ("instrument", {"type": "project-agreement", "dated_by": "text_agreed", "until": "2015"}, 2, 3, {}),
    ("appointment", {"office": "USA/usd-as", "by": "capacity"}, 5, 5,
     {"acting": 1, "performing-the-duties": 1, "substantive": 3}),
    ("appointment", {"holder": "Ajay Kumar", "office": "IND/secretary-defence-production", "by": "year"}, 3, 3,
     {"2017": 1, "2020": 1, "2021": (0, 1), "2022": (0, 1)}),
    ("trade_contract", {"compilation": "none", "value__amount": "none"}, 9, 9, {}),
    ("trade_contract", {"compilation": "none", "value__amount": "any", "until": "2019", "by": "route"}, 7, 7,
     {"DCS": 2, "FMS": 4, "hybrid": 1}),
    ("trade_contract", {"compilation": "none", "value__amount": "any", "until": "2019", "by": "fiscal_year_ind"}, 7, 7,
     {"2007-08": 1, "2008-09": 1, "2011-12": 1, "2013-14": 1, "2015-16": 1, "2016-17": 2}),
    ("trade_contract", {"compilation": "none", "value__amount": "any", "fiscal_year_usa": "FY2016"}, 1, 1, {}),
    ("body", {"by": "year", "type": "joint-working-group", "domain": "air"}, 3, 3,
     {"2015": 1, "2016": (0, 1), "unknown": 1}),
    ("office", {"by": "side"}, 28, 28, {"IND": 14, "USA": 14}),
    ("source", {"type": "think-tank", "by": "grade"}, 0, 0, {}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "asked", "n", "high", "groups"), COUNTS)
def test_how_many(kind: str, asked: dict[str, Any], n: int, high: int, groups: dict[str, Any]) -> None:
    made = ask(kind, **dict(asked))
    if kind == "source":
        assert sizes(made) == {"published": made["n"]}
        assert made["n"] == sum(getattr(each, "type", None) == "think-tank" for each in packaged().values())
        return
    assert (made["n"], made["low"], made["high"]) == (n, n, high)
    assert (len(made["records"]), len(made["possible"])) == (n, high - n)
    if groups:
        assert sizes(made) == groups
    for each in (made, *made["groups"].values()):
        cited = {f"{kind}:{ref}" for ref in (*each["records"], *each["possible"])}
        assert cited <= set(each["uses"])
        assert not each["records"] or each["confidence"]


def test_over_many_counts_groups_and_facets_say_the_same_as_the_contents_themselves() -> None:
    """Each facet that a record has at its top against a plain count of the packaged contents."""
    tried = 0
    for kind in sorted({link.partition(":")[0] for link in packaged()}):
        contents = [content for link, content in packaged().items() if link.startswith(f"{kind}:")]
        for name, facet in facets_of(kind).items():
            if "." in name or name not in contents[0].__struct_fields__:
                continue
            plain: Counter[str] = Counter()
            for content in contents:
                held = getattr(content, name)
                each = held if isinstance(held, tuple) else (held,)
                said = {
                    "yes" if one is True else "no" if one is False else str(one)
                    for one in each
                    if one not in (None, "")
                }
                plain.update(said or {"none"})
            made = ask(kind, by=name)
            assert {group: one["n"] for group, one in made["groups"].items()} == dict(plain), (kind, name)
            assert made["n"] == len(contents)
            value = random.Random(name).choice(sorted(plain))
            assert facet.values == () or value in (*facet.values, "none")
            assert ask(kind, of={name: value})["n"] == plain[value], (kind, name, value)
            tried += 1
    assert tried > 90


def test_over_many_stretches_a_record_counts_where_every_day_of_its_date_lies_inside() -> None:
    chance = random.Random(30112026)
    dated = [(link.partition(":")[0], content) for link, content in packaged().items()]
    for _ in range(150):
        kind = chance.choice(["meeting", "instrument", "event", "trade_contract", "appointment", "body"])
        first, last = sorted(date(chance.randint(2004, 2026), chance.randint(1, 12), 1) for _ in range(2))
        certain, possible = 0, 0
        for each, content in dated:
            held = facts.main(content) if each == kind else None
            if each != kind:
                continue
            when = held.when if held else None
            low, high = (when.earliest or date.min, when.latest or date.max) if when else (date.min, date.max)
            if high < first or low > last:
                continue
            weak = (
                content.cite
                and held
                and (
                    content.cite.confidence == "unverified"
                    or {held.field.split(".")[0]} & {name.split(".")[0] for name in content.cite.unverified}
                )
            )
            inside = when is not None and low >= first and high <= last and not weak
            certain, possible = certain + inside, possible + (not inside)
        made = ask(kind, since=first.isoformat(), until=last.isoformat())
        assert (made["n"], made["high"]) == (certain, certain + possible), (kind, first, last)


# --- Either reading --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "asked", "reading", "expected"),
    [
        ("trade_contract", {"compilation": "none", "year": "2008", "value__amount": "any"}, "c130j-first-year=b", 0),
        ("instrument", {"type": "statement-of-intent", "until": "2019-11"}, "soi-1-date=b", 0),
        ("instrument", {"type": "forum-agreement", "year": "2020"}, "dicf-birth=b", 1),
        ("instrument", {"type": "project-agreement", "since": "2021-10", "until": "2021-12"}, "aluav-signing=c", 1),
        ("event", {"category": "launch", "until": "2012"}, "dtti-start=b", 0),
    ],
)
def test_the_count_by_another_reading_stands_beside_and_can_be_asked_for(
    kind: str, asked: dict[str, Any], reading: str, expected: int
) -> None:
    made = ask(kind, **dict(asked))
    assert made["n"] != expected
    (other,) = [each for each in made["other_readings"] if each["reading"] == reading]
    assert other["n"] == expected
    assert other["uses"] == [f"difference:{reading.partition('=')[0]}"]
    chosen = ask(kind, **dict(asked), reading=facts.asked_readings([reading]))
    assert chosen["n"] == expected
    assert f"difference:{reading.partition('=')[0]}" in chosen["uses"]


def test_a_statement_that_dates_two_records_is_followed_in_both() -> None:
    made = ask("instrument", type="project-agreement", until="2015-06")
    (other,) = [each for each in made["other_readings"] if each["reading"] == "first-two-agreements-signing=a"]
    assert other["dates"] == {"instrument:mehps-pa": "2015-06", "instrument:ngpe-pa": "2015-06"}
    assert (made["n"], made["high"]) == (0, 0)
    assert (other["n"], other["high"]) == (0, 2)


# --- On an earlier day, and what nobody verified ---------------------------------------------------------------------


def test_on_an_earlier_day_judgements_of_later_days_say_nothing() -> None:
    early = ask("project", on="2016-01-01", by="outcome.code")
    assert sizes(early) == {"none": early["n"]}
    assert early["n"] < 16
    assert ask("instrument", type="statement-of-intent", on="2020-12-31")["records"] == ["soi-1", "soi-2"]


def test_what_is_not_verified_or_not_dated_is_only_possible() -> None:
    records = Collection(
        [
            version("event", ref="a", name="A", scope="dtti", category="law", date="2020-05-01"),
            version("event", ref="b", name="B", scope="dtti", category="law", date="2020-05-01",
                    cite={"confidence": "unverified"}),
            version("event", ref="c", name="C", scope="dtti", category="law", date="[2020-06..]"),
        ]
    )  # fmt: skip
    made = ask("event", records, until="2020")
    assert (made["records"], made["possible"]) == (["a"], ["b", "c"])
    assert sizes(ask("event", records, by="year")) == {"2020": (1, 2), "unknown": 1}


# --- What is refused -------------------------------------------------------------------------------------------------

REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"kind": "treaty"}, "fact-kind", "instrument"),
    ({"kind": ""}, "fact-kind", "instrument"),
    ({"kind": "project", "colour": "red"}, "count-facet", "outcome.code"),
    ({"kind": "project", "cite": "x"}, "count-facet", "outcome.code"),
    ({"kind": "project", "notes": "x"}, "count-facet", "outcome.code"),
    ({"kind": "project", "first_named": "2019"}, "count-facet", "outcome.code"),
    ({"kind": "project", "by": "x.y"}, "count-facet", "horizons.horizon"),
    ({"kind": "meeting", "mode": "telepathy"}, "count-value", "virtual"),
    ({"kind": "meeting", "body": "nobody"}, "count-value", "dtti-group"),
    ({"kind": "project", "grade": "nope"}, "count-value", "agreed_here"),
    ({"kind": "project", "year": "20x"}, "count-value", "2015"),
    ({"kind": "project", "year": "2020-01"}, "count-value", "2015"),
    ({"kind": "project", "month": "2020-13"}, "count-value", "2015"),
    ({"kind": "project", "fiscal_year_ind": "2016-18"}, "count-value", "2016-17"),
    ({"kind": "project", "fiscal_year_usa": "2016"}, "count-value", "FY2016"),
    ({"kind": "meeting", "number": "abc"}, "count-value", "1, 2, 3"),
    ({"kind": "meeting", "number": "-1"}, "count-value", "1, 2, 3"),
    ({"kind": "meeting", "number": "08"}, "count-value", "1, 2, 3"),
    ({"kind": "meeting", "since": "2022", "until": "2021"}, "count-stretch", "since 2021 until 2022"),
    ({"kind": "meeting", "dated_by": "place"}, "count-date", "date, end"),
    ({"kind": "side", "dated_by": "date"}, "count-date", "no date"),
    ({"kind": "instrument", "reading": {"soi-1-date": "z"}}, "reading-key", "a, b"),
    ({"kind": "instrument", "reading": {"nothing": "a"}}, "reading-difference", "soi-1-date"),
]


@pytest.mark.parametrize(("asked", "rule", "names"), REFUSED)
def test_what_is_not_there_to_be_counted_by_is_refused_with_what_is(
    asked: dict[str, Any], rule: str, names: str
) -> None:
    with pytest.raises(Refused) as refused:
        ask(**dict(asked))
    (one,) = refused.value.refusals
    assert one.rule == rule
    assert names in f"{one.reason} {one.remedy}"


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "meeting", "number": "77"},
        {"kind": "meeting", "year": "1999"},
        {"kind": "meeting", "month": "1999-12"},
        {"kind": "meeting", "fiscal_year_ind": "1999-00"},
        {"kind": "meeting", "fiscal_year_usa": "FY1999"},
        {"kind": "meeting", "since": "1999-05", "until": "1999"},
        {"kind": "project", "grade": "agreed_here"},
        {"kind": "project", "stages__stage": "closing"},
        {"kind": "project", "stage": "closing"},
        {"kind": "project", "outcome__code": "fielded"},
        {"kind": "project", "status": "fielded"},
    ],
)
def test_what_could_be_and_no_record_has_is_none(asked: dict[str, Any]) -> None:
    assert ask(**dict(asked))["n"] == 0


def test_every_kind_can_be_counted_by_every_facet_that_it_names() -> None:
    for kind in KINDS:
        for name in facets_of(kind):
            made = ask(kind, by=name)
            assert made["by"] == name
            assert ask(kind, of={name: "any"})["high"] <= made["high"]


# --- Questions of the history ----------------------------------------------------------------------------------------


def n_of(made: dict[str, Any]) -> dict[str, int]:
    return {name: each["n"] for name, each in made["groups"].items()}


@needs_history
def test_questions_of_how_many_are_answered_by_this_alone() -> None:
    expected = {each["id"]: each["answer"] for each in questions()}
    group = {"body": "dtti-group", "status": "held"}
    assert (
        sorted(int(number) for number in ask("meeting", **group, by="number")["groups"]) == expected["group-held-known"]
    )
    met = ask("meeting", **group, mode="in-person", by="host")
    hosts = {ref: host for host, each in met["groups"].items() for ref in each["records"]}
    assert [hosts[ref] for ref in met["records"]] == expected["group-hosts"]
    assert sorted(ask("meeting", number="8")["records"]) == expected["eighth-meetings"]
    office = {"office": "IND/secretary-defence-production", "capacity": "substantive"}
    assert list(ask("appointment", **office, until="2021", by="holder")["groups"]) == expected["india-co-chair-holders"]
    listed = {"horizons__statement": "soi-1"}
    assert n_of(ask("project", **listed, by="horizons.horizon")) == expected["soi-1-counts"]
    assert ask("project", **listed)["n"] == expected["soi-1-total"]
    assert sorted(ask("project", **listed, horizons__horizon="near")["records"]) == expected["soi-1-near"]
    assert sorted(ask("project", **listed, agreements="none")["records"]) == expected["soi-1-no-instrument"]
    assert ask("instrument", type="statement-of-intent")["records"] == expected["soi-sequence"]
    assert ask("project")["n"] == expected["scorecard"]["named"]
    assert ask("project", in_dtti="yes")["n"] == expected["scorecard"]["inside_dtti"]
    assert n_of(ask("project", by="outcome.code")) == expected["outcomes"]
    rosters = ask("roster", by="stated_count")
    counted = {ref: int(number) for number, each in rosters["groups"].items() for ref in each["records"]}
    assert [counted[ref] for ref in rosters["records"]] == expected["jwg-counts"]
    assert list(ask("roster", since="2021-11-09", until="2021-11-09", by="bodies")["groups"]) == expected["jwg-2021"]
    assert ask("trade_contract", compilation="none", value__amount="none")["n"] == expected["unvalued-orders"]
    assert n_of(ask("difference", by="status")) == expected["contradictions-by-status"]
    main = {"compilation": "none", "counted": "yes", "value__amount": "any"}
    assert ask("trade_contract", **main, until="2019-12-31")["n"] == expected["trade-2019"]["contracts"]
