"""Dates as offices write them: read as far as they are known, and never guessed."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dtti.documents.sheet.dates import Found, read_serial, read_text, serial
from dtti.language import dates


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("24 Oct 2019", "2019-10-24"),
        ("24-Oct-2019", "2019-10-24"),
        ("24th of October, 2019", "2019-10-24"),
        ("October 24, 2019", "2019-10-24"),
        ("Thursday, 24 October 2019", "2019-10-24"),
        ("2019-10-24", "2019-10-24"),
        ("2019/10/24", "2019-10-24"),
        ("20191024", "2019-10-24"),
        ("24 Sept. 2019", "2019-09-24"),
        ("२४ अक्टूबर २०१९", "2019-10-24"),
        ("24 फ़रवरी 2020", "2020-02-24"),
        ("24 फरवरी 2020", "2020-02-24"),
        ("26 जनवरी 2027", "2027-01-26"),
        ("Oct 2019", "2019-10"),
        ("अक्तूबर 2019", "2019-10"),
        ("10/2019", "2019-10"),
        ("2019-10", "2019-10"),
        ("2019", "2019"),
        ("\u200e24\u00a0Oct\u200b 2019", "2019-10-24"),
        ("05/05/2020", "2020-05-05"),
    ],
)
def test_a_date_is_read_as_far_as_it_is_known(text: str, iso: str) -> None:
    found = read_text(text)
    assert (found.iso, found.fits, found.fault) == (iso, "", "")


def test_numbers_alone_leave_the_order_open() -> None:
    assert read_text("03/04/2026") == Found("2026-04-03", "2026-03-04", "both")


@pytest.mark.parametrize(("text", "fits"), [("24/10/2019", "dmy"), ("10/24/2019", "mdy"), ("24.10.2019", "dmy")])
def test_a_day_after_the_twelfth_tells_the_order(text: str, fits: str) -> None:
    assert read_text(text) == Found("2019-10-24", "", fits)  # type: ignore[arg-type] # one of the two


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("31/02/2020", "sheet-date-calendar"),
        ("31 Feb 2020", "sheet-date-calendar"),
        ("2020-13-01", "sheet-date-calendar"),
        ("24 Oct 1857", "sheet-date-calendar"),
        ("03/04/26", "sheet-date-short"),
        ("Oct-19", "sheet-date-short"),
        ("2019-20", "sheet-date-fiscal"),
        ("FY 2019-20", "sheet-date-fiscal"),
        ("वित्त वर्ष 2019-20", "sheet-date-fiscal"),
        ("2009-10", "sheet-date-fiscal-or-month"),
        ("soon", "sheet-date"),
        ("24 Smarch 2019", "sheet-date"),
        ("24 Oct 2019 or later", "sheet-date"),
        ("9" * 5_000, "sheet-date"),
    ],
)
def test_what_is_no_date_is_refused_by_its_own_rule(text: str, rule: str) -> None:
    assert read_text(text).fault == rule


def test_a_time_of_day_is_left_out_and_said() -> None:
    assert read_text("2019-10-24T10:30:00Z") == Found("2019-10-24", time=True)
    assert read_text("2019-10-24 00:00:00") == Found("2019-10-24")


def test_a_year_of_two_digits_is_taken_after_a_word_only_and_said() -> None:
    assert read_text("24-Oct-19") == Found("2019-10-24", short=True)
    assert read_text("24-Oct-85") == Found("1985-10-24", short=True)


@pytest.mark.parametrize(
    ("number", "since_1904", "shows", "iso"),
    [
        (61.0, False, "day", "1900-03-01"),
        (43762.0, False, "day", "2019-10-24"),
        (42300.0, True, "day", "2019-10-24"),
        (43739.0, False, "month", "2019-10"),
        (43740.0, False, "month", "2019-10-02"),
        (43466.0, False, "year", "2019"),
    ],
)
def test_serial_numbers_count_from_1900_or_1904(number: float, *, since_1904: bool, shows: str, iso: str) -> None:
    assert read_serial(number, since_1904=since_1904, shows=shows).iso == iso


@pytest.mark.parametrize("number", [60.0, 1.0, 0.0, -1.0, 200_000.0])
def test_a_serial_number_that_programs_differ_on_is_refused(number: float) -> None:
    assert read_serial(number, since_1904=False, shows="day").fault == "sheet-date-serial"


@given(some.dates(min_value=dt.date(1900, 3, 1), max_value=dt.date(2199, 12, 31)))
def test_a_day_in_words_or_as_a_serial_number_comes_back(day: dt.date) -> None:
    iso = day.isoformat()
    assert read_text(dates.day(iso, "en")).iso == read_text(dates.day(iso, "hi")).iso == iso
    assert read_serial(float(serial(day)), since_1904=False, shows="day").iso == iso


@given(some.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = read_text(text)
    assert bool(found.iso) != bool(found.fault)
