"""Every result of every report says on what it rests, and that follows from the records that were counted."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from dtti.programme.kinds.source import SOURCE
from dtti.programme.reports import REPORTS, published
from dtti.programme.reports.records import Reading, Version
from dtti.programme.reports.rests import Result
from dtti.programme.values import _STRENGTHS
from dtti.programme.walk import rows

from .support import ask, report, version

RECORDS = published()
DAYS = [None, date(2015, 6, 1), date(2019, 12, 31), date(2024, 8, 1)]
#: A result that holds one of these counts something, and says what.
COUNTS = ("n", "contracts", "sum_preferred_usd", "days_late", "days_open", "gap_preferred_usd", "excess_days")


def results(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield path, value
        for name, each in value.items():
            yield from results(each, f"{path}/{name}")
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from results(each, f"{path}/{number}")


def cites(link: str) -> tuple[set[str], set[str]]:
    """The sources that any row of a record cites, and how firm any of its rows is."""
    kind, ref = link.split(":", 1)
    version = next(each for each in RECORDS.of(kind) if each.ref == ref)
    found = [cite for _, row in rows(version.content) if (cite := getattr(row, "cite", None)) is not None]
    strengths = {cite.confidence for cite in found}
    strengths |= {"inferred" for cite in found if cite.inferred} | {"unverified" for cite in found if cite.unverified}
    return {source for cite in found for source in cite.sources}, strengths | {"stated"}


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("name", REPORTS)
def test_every_result_names_what_it_rests_on(name: str, day: date | None) -> None:
    made = report(name, RECORDS, on=day)
    assert "confidence" in made
    for path, result in results(made):
        if "uses" not in result:
            assert "sources" not in result or "rule" in result, (path, result)
            continue
        assert {"uses", "sources", "confidence"} <= set(result), path
        if not path:
            continue
        sources, strengths = set(), set()
        for link in result["uses"]:
            cited, firm = cites(link)
            sources |= cited
            strengths |= firm
        assert set(result["sources"]) <= sources, path
        assert result["confidence"] in (strengths or {"stated"}), path
    weakest = [each["confidence"] for _, each in results(made) if isinstance(each.get("confidence"), str)]
    assert made["confidence"] == min(weakest, key=_STRENGTHS.index)


@pytest.mark.parametrize("day", [each for each in DAYS if each], ids=str)
@pytest.mark.parametrize("name", REPORTS)
def test_a_report_on_a_day_says_which_of_its_sources_are_of_a_later_day(name: str, day: date) -> None:
    known = {each.ref: each.content.published for each in Reading(RECORDS).all(SOURCE)}
    for path, result in results(report(name, RECORDS, on=day)):
        later = {
            ref for ref in result.get("sources", ()) if (at := known.get(ref)) and at.earliest and at.earliest > day
        }
        assert set(result.get("later_sources", ())) == later, path


def tallies(made: dict[str, Any]) -> Iterator[tuple[str, dict[str, int], dict[str, Any]]]:
    """Every member of a report that counts by groups: its path, how many in each group, and what it says of each."""
    for path, result in results(made):
        for name, value in result.items():
            if path.endswith("/tallies") or not isinstance(value, dict):
                continue
            counts = {group: len(each) if isinstance(each, list) else each for group, each in value.items()}
            if not re.match("by_|counts$|children$|commitments_by_state$", name):
                continue
            if all(isinstance(each, int) for each in counts.values()):
                yield f"{path}/{name}", counts, result["tallies"][name]
            elif all(
                isinstance(n, int) for each in value.values() for n in each.values()
            ):  # counts of several steps in one group
                for step in {step for each in value.values() for step in each}:
                    found = {group: each[step] for group, each in value.items()}
                    yield f"{path}/{name}/{step}", found, result["tallies"][f"{name}/{step}"]


@pytest.mark.parametrize("day", DAYS, ids=str)
@pytest.mark.parametrize("name", REPORTS)
def test_every_group_of_a_tally_says_on_what_its_own_rows_rest(name: str, day: date | None) -> None:
    made = report(name, RECORDS, on=day)
    for path, counts, said in tallies(made):
        assert {group: row["n"] for group, row in said.items()} == {each: n for each, n in counts.items() if n}, path
        for group, row in said.items():
            assert row["uses"], (path, group)
            assert sum(row["grades"].values()) == len(row["uses"]), (path, group)
    if name not in ("co-chairs", "trade"):  # the one has no tally; those of the other carry it themselves
        assert list(tallies(report(name, RECORDS)))


def test_another_row_s_source_confidence_and_grade_stay_out_of_a_group() -> None:
    def project(ref: str, domain: str, grade: str, source: str, confidence: str) -> Version[Any]:
        cite = {"sources": [source], "confidence": confidence}
        return version("project", grade, ref=ref, name=ref, in_dtti=True, domain=domain, first_named="2015", cite=cite)

    firm, weak = (
        project("a", "naval", "agreed_here", "S1", "sourced"),
        project("b", "air", "recorded", "S2", "inferred"),
    )
    made = ask("projects", firm, weak)["tallies"]["by_domain"]
    assert made == {
        "air": {"n": 1, "uses": ["project:b"], "sources": ["S2"], "confidence": "inferred", "grades": {"recorded": 1}},
        "naval": {
            "n": 1,
            "uses": ["project:a"],
            "sources": ["S1"],
            "confidence": "sourced",
            "grades": {"agreed_here": 1},
        },
    }


@pytest.mark.parametrize("name", REPORTS)
def test_no_report_can_be_made_without_its_rows(name: str) -> None:
    assert isinstance(REPORTS[name].make(Reading(RECORDS), None, None), Result)
    with pytest.raises(TypeError):
        Result({"n": 1})  # type: ignore[call-arg]
