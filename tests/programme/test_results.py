"""Every result of every report says on what it rests, and that follows from the records that were counted."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from dtti.programme.kinds.source import SOURCE
from dtti.programme.reports import REPORTS, published, report
from dtti.programme.reports.records import Reading
from dtti.programme.reports.rests import Result
from dtti.programme.values import _STRENGTHS
from dtti.programme.walk import rows

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


@pytest.mark.parametrize("name", REPORTS)
def test_no_report_can_be_made_without_its_rows(name: str) -> None:
    assert isinstance(REPORTS[name].make(Reading(RECORDS), None, None), Result)
    with pytest.raises(TypeError):
        Result({"n": 1})  # type: ignore[call-arg]
