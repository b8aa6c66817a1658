"""Sides, dates, numbers and sums in both languages: one spelling of each, for pages and papers."""

import datetime as dt
from decimal import Decimal

import pytest

from dtti.language import money, names
from dtti.language.dates import day, months, weekday
from dtti.language.numbers import grouped


def test_a_side_has_one_name_and_english_an_article_inside_a_sentence():
    assert [names.side_named(code, "en") for code in ("IND", "USA", "both", "", "GBR")] == [
        "India", "United States", "both sides", "no one", "GBR",
    ]  # fmt: skip
    assert [names.side_named("USA", each, inside=True) for each in ("en", "hi")] == ["the United States", "अमेरिका"]
    assert [names.side_named("USA", each, formal=True) for each in ("en", "hi")] == [
        "United States", "संयुक्त राज्य अमेरिका",
    ]  # fmt: skip
    assert [names.short(code, each) for code in ("IND", "USA") for each in ("en", "hi")] == [
        "IND", "भारत", "USA", "अमेरिका",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "english", "hindi"),
    [
        ("2019", "2019", "2019"),
        ("2019-10", "Oct 2019", "अक्टूबर 2019"),
        ("2019-10-24", "24 Oct 2019", "24 अक्टूबर 2019"),
        ("0999-01-01", "1 Jan 0999", "1 जनवरी 0999"),
        ("2026-11-09T15:40:00+00:00", "9 Nov 2026, 15:40 UTC", "9 नवंबर 2026, 15:40 UTC"),
        ("2026-11-09T15:40:00Z", "9 Nov 2026, 15:40 UTC", "9 नवंबर 2026, 15:40 UTC"),
        ("2026-11-21T18:42+05:30", "21 Nov 2026, 18:42 UTC+05:30", "21 नवंबर 2026, 18:42 UTC+05:30"),
        ("spring 2019", "spring 2019", "spring 2019"),
        ("2019-13", "2019-13", "2019-13"),
        ("2019-02-30", "2019-02-30", "2019-02-30"),
    ],
)
def test_a_date_has_its_month_as_a_word_and_no_more_precision_than_given(given: str, english: str, hindi: str):
    assert (day(given, "en"), day(given, "hi")) == (english, hindi)


def test_a_moment_is_told_by_the_clock_of_the_zone_asked_for():
    moment = "2026-11-09T20:40:00+00:00"
    assert day(moment, "en", "Asia/Kolkata") == "10 Nov 2026, 02:10 IST"
    assert day(moment, "en", "America/New_York") == "9 Nov 2026, 15:40 EST"


def test_months_and_weekdays_have_short_names_that_read_well():
    assert months("en")[8:10] == ("Sep", "Oct")
    assert months("en", whole=True)[8:10] == ("September", "October")
    assert months("hi")[8:10] == ("सितंबर", "अक्टूबर")
    assert [weekday(dt.date(2027, 1, 26), each) for each in ("en", "hi")] == ["Tue", "मंगल"]


def test_hindi_groups_and_counts_in_lakh_and_crore():
    assert [grouped(-12_345_678, each) for each in ("en", "hi")] == ["−12,345,678", "−1,23,45,678"]
    assert [money.rounded(15_400_000_000, "USD", each) for each in ("en", "hi")] == ["USD 15.4 billion", "USD 15.4 अरब"]
    assert [money.rounded(12_345_678, "USD", each) for each in ("en", "hi")] == ["USD 12.3 million", "USD 1.23 करोड़"]
    # A trillion is ten kharab, not one.
    assert [money.rounded(10**12, "USD", each) for each in ("en", "hi")] == ["USD 1 trillion", "USD 10 खरब"]
    assert [money.rounded(sum_, "INR", "en") for sum_ in (999_999_999, 999_499, 0)] == [
        "INR 1 billion", "INR 999,499", "INR 0",
    ]  # fmt: skip
    assert [money.exact(962_700_000, "USD", each) for each in ("en", "hi")] == [
        "US$ 962.7 million", "96.27 करोड़ अमेरिकी डॉलर",
    ]  # fmt: skip
    assert [money.in_full(Decimal(12_345_678), code) for code in ("INR", "USD")] == [
        "INR 1,23,45,678",
        "USD 12,345,678",
    ]
