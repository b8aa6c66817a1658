"""What is known of both countries' years: estimates, a side's own list, years beyond the data, standing events."""

import datetime as dt

import pytest

from dtti.documents.calendar.offdays import days_off
from dtti.documents.calendar.request import ConfirmedList, OffDay
from dtti.documents.calendar.standing import standing_events
from dtti.documents.values import Words


def test_indias_moving_feasts_are_estimates_and_its_fixed_days_are_not():
    found = {each.name.en: each for each in days_off("IND", 2027).days if each.closed}
    assert len(found) == 19
    assert {name for name, each in found.items() if not each.estimate} == {
        "Republic Day",
        "Good Friday",
        "Dr. B. R. Ambedkar's Jayanti",
        "Independence Day",
        "Mahatma Gandhi's Jayanti",
        "Christmas",
    }
    assert {name for name, each in found.items() if each.moon} == {
        "Id-ul-Fitr",
        "Id-ul-Zuha (Bakrid)",
        "Muharram",
        "Milad-un-Nabi",
    }
    assert (found["Diwali (Deepavali)"].date, found["Diwali (Deepavali)"].name.hi) == (
        dt.date(2027, 10, 29),
        "दिवाली (दीपावली)",
    )


def test_federal_holidays_stand_in_law_with_the_days_off_instead():
    found = {each.name.en: each for each in days_off("USA", 2027).days}
    assert len([name for name in found if "observed" not in name]) == 11
    moved = found["Independence Day (observed)"]
    assert (moved.date, moved.name.hi, moved.estimate) == (
        dt.date(2027, 7, 5),
        "अमेरिकी स्वतंत्रता दिवस (के बदले अवकाश)",
        False,
    )


@pytest.mark.parametrize("side", ["IND", "USA"])
@pytest.mark.parametrize("year", range(2026, 2036))
def test_every_day_off_has_a_name_in_both_languages(side: str, year: int):
    found = days_off(side, year)  # type: ignore[arg-type]
    assert found.known
    assert [each.name.en for each in found.days if not each.name.hi or each.name.hi == each.name.en] == []


def test_a_sides_own_list_takes_the_place_of_every_estimate():
    own = ConfirmedList(
        "IND", 2027, (OffDay(dt.date(2027, 10, 30), Words(en="Diwali", hi="दीपावली")),), "Office order 1/2026 (sample)"
    )
    found = days_off("IND", 2027, (own,))
    assert (found.confirmed, found.source) == (True, "Office order 1/2026 (sample)")
    assert [(each.date, each.estimate, each.moon) for each in found.days] == [(dt.date(2027, 10, 30), False, False)]
    assert not days_off("IND", 2028, (own,)).confirmed


@pytest.mark.parametrize(("side", "year"), [("IND", 2000), ("IND", 2036), ("USA", 1970), ("USA", 2100)])
def test_a_year_beyond_the_data_is_not_known_rather_than_empty(side: str, year: int):
    found = days_off(side, year)  # type: ignore[arg-type]
    assert (found.known, found.days) == (False, ())


def test_a_list_with_a_day_of_another_year_is_refused():
    with pytest.raises(ValueError, match="the list for 2027 holds 2026-10-30"):
        ConfirmedList("IND", 2027, (OffDay(dt.date(2026, 10, 30), Words(en="x")),), "s")


@pytest.mark.parametrize(
    ("year", "name", "first", "last"),
    [
        (2027, "Union Budget", dt.date(2027, 2, 1), dt.date(2027, 2, 1)),
        (2027, "end of the United States fiscal year", dt.date(2027, 9, 24), dt.date(2027, 9, 30)),
        (2024, "United States general election", dt.date(2024, 11, 5), dt.date(2024, 11, 5)),
        (2026, "United States general election", dt.date(2026, 11, 3), dt.date(2026, 11, 3)),
        (
            2033,
            "Inauguration Day, Washington (federal offices there are closed)",
            dt.date(2033, 1, 20),
            dt.date(2033, 1, 20),
        ),
        (
            2013,
            "Inauguration Day, Washington (federal offices there are closed)",
            dt.date(2013, 1, 21),
            dt.date(2013, 1, 21),
        ),
    ],
)
def test_standing_events_fall_where_law_and_practice_put_them(year: int, name: str, first: dt.date, last: dt.date):
    found = {each.name.en: (each.first, each.last) for each in standing_events(year)}
    assert found[name] == (first, last)


def test_no_election_falls_in_an_odd_year():
    assert [each.name.en for each in standing_events(2027) if "election" in each.name.en] == []


def test_the_general_debate_opened_on_the_computed_day_in_the_years_of_the_pattern():
    opened = {2018: 25, 2019: 24, 2020: 22, 2021: 21, 2022: 20, 2023: 19, 2024: 24, 2025: 23}
    name = "high-level week of the United Nations General Assembly, New York"
    found = {year: next(each.first for each in standing_events(year) if each.name.en == name) for year in opened}
    assert found == {year: dt.date(year, 9, each) for year, each in opened.items()}


@pytest.mark.parametrize("year", [2027, 2028, 2029])
def test_every_standing_event_has_a_source_a_confidence_and_hindi(year: int):
    for each in standing_events(year):
        assert each.source
        assert each.confidence in ("sourced", "inferred")
        assert each.name.hi != each.name.en
