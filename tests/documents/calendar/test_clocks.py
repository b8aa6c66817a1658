"""Both capitals' clocks, in both languages, across changes of the clock and of the day."""

import datetime as dt

import pytest

from dtti.documents.calendar.clocks import ahead, both_clocks, day, span

from .making import utc


@pytest.mark.parametrize(
    ("moment", "en", "hi"),
    [
        (
            utc(2027, 7, 1, 5, 0),
            "10:30 in New Delhi (IST) · 01:00 in Washington (EDT)",
            "नई दिल्ली में 10:30 (IST) · वॉशिंगटन में 01:00 (EDT)",
        ),
        (
            utc(2027, 1, 15, 4, 0),
            "09:30 in New Delhi (IST) · 23:00 in Washington (EST), the day before",
            "नई दिल्ली में 09:30 (IST) · वॉशिंगटन में 23:00 (EST), एक दिन पहले",
        ),
    ],
)
def test_a_moment_is_said_by_both_clocks_with_a_change_of_the_day(moment: dt.datetime, en: str, hi: str):
    assert both_clocks(moment) == en
    assert both_clocks(moment, "hi") == hi
    assert both_clocks(moment, "both") == f"{en}\n{hi}"


def test_a_side_sees_its_own_clock_first():
    said = both_clocks(utc(2027, 1, 15, 4, 0), first="USA")
    assert said == "23:00 in Washington (EST) · 09:30 in New Delhi (IST), the day after"


def test_a_stretch_of_time_says_where_it_runs_into_the_next_day():
    said = both_clocks(utc(2027, 3, 16, 3, 30), until=utc(2027, 3, 16, 12, 0), dated=True)
    assert (
        said
        == "16 Mar 2027, 09:00–17:30 in New Delhi (IST) · 15 Mar 2027, 23:30–08:00 the next day in Washington (EDT)"
    )


def test_a_stretch_across_a_change_of_the_clock_names_both_times():
    said = both_clocks(utc(2027, 3, 14, 6, 0), until=utc(2027, 3, 14, 8, 0))
    assert said == "11:30–13:30 in New Delhi (IST) · 01:00–04:00 in Washington (EST–EDT)"


def test_the_difference_of_the_capitals_is_that_of_the_season():
    found = [
        ahead(each) / dt.timedelta(hours=1)
        for each in (utc(2027, 3, 14, 6, 59), utc(2027, 3, 14, 7), utc(2027, 11, 7, 6))
    ]
    assert found == [10.5, 9.5, 10.5]


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no moment"):
        both_clocks(dt.datetime.fromisoformat("2027-01-01T00:00"))


def test_days_have_their_month_as_a_word():
    first = dt.date(2027, 1, 26)
    assert (day(first, "en"), day(first, "hi")) == ("26 Jan 2027", "26 जनवरी 2027")
    assert day(first, "en", weekday=True) == "Tue 26 Jan 2027"
    assert [span(first, first + dt.timedelta(days=each), "en") for each in (0, 2, 10, 350)] == [
        "26 Jan 2027",
        "26–28 Jan 2027",
        "26 Jan – 5 Feb 2027",
        "26 Jan 2027 – 11 Jan 2028",
    ]
