"""Dates known in part, and the strength of citations."""

import pickle
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dtti.programme.values import Cite, When, strength, weakest


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision"),
    [
        ("2019", date(2019, 1, 1), date(2019, 12, 31), "year"),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29), "month"),
        ("2019-10-24", date(2019, 10, 24), date(2019, 10, 24), "day"),
        ("[2015-02..2023]", date(2015, 2, 1), date(2023, 12, 31), "between"),
        ("[..2019-03-15]", None, date(2019, 3, 15), "between"),
        ("[2018-07-18..]", date(2018, 7, 18), None, "between"),
    ],
)
def test_a_date_is_bounded_by_what_is_known_of_it(
    text: str, earliest: date | None, latest: date | None, precision: str
) -> None:
    when = When(text)
    assert (when.earliest, when.latest, when.precision, str(when)) == (earliest, latest, precision, text)


def test_only_a_date_known_to_the_day_has_a_day() -> None:
    assert When("2019-10-24").day == date(2019, 10, 24)
    assert When("2019-10").day is None
    assert When("[2019-10-24..2019-10-24]").day is None


def test_bounds_are_kept_as_they_were_written() -> None:
    when = When("[2015-02..2023]")
    assert (when.not_before, when.not_after) == ("2015-02", "2023")
    assert When("[..2023]").not_before is None
    assert When("2023").not_after is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "19",
        "2019-13",
        "2019-02-30",
        "2019-1-1",
        "24.10.2019",
        "[..]",
        "[2020..2019]",
        "2019..2020",
        "2019-10-24\n",
        "0000",
        "2020\n",
        "२०२०",
        "[२०२०..]",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        When(text)


@given(st.dates(), st.sampled_from([4, 7, 10]))
def test_cutting_a_date_short_widens_its_bounds_around_the_day(day: date, length: int) -> None:
    when = When(day.isoformat()[:length])
    assert when.earliest is not None
    assert when.latest is not None
    assert when.earliest <= day <= when.latest
    assert when == pickle.loads(pickle.dumps(when))
    assert hash(when) == hash(When(str(when)))


def test_dates_have_no_order_of_their_own() -> None:
    with pytest.raises(TypeError):
        sorted([When("2019"), When("2019-10")])  # type: ignore[type-var]


def test_a_named_field_is_as_strong_as_the_citation_says_of_it() -> None:
    cite = Cite(sources=("S1",), confidence="sourced", inferred=("end",), unverified=("start",))
    assert strength(cite) == "sourced"
    assert strength(cite, "name") == "sourced"
    assert strength(cite, "end") == "inferred"
    assert strength(cite, "end", "start") == "unverified"
    assert strength(None, "end") == "stated"


def test_a_field_is_never_stronger_than_its_row() -> None:
    assert strength(Cite(confidence="unverified", inferred=("end",)), "end") == "unverified"


def test_the_weakest_of_nothing_is_what_its_writer_states() -> None:
    assert weakest([]) == "stated"
    assert weakest(["sourced", "single-source", "inferred"]) == "inferred"
