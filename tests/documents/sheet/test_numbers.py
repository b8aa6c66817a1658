"""Numbers and sums as both countries write them: read exactly, or refused."""

from decimal import Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as some

from dtti.documents.sheet.numbers import of_cell, read_money, read_number, read_percent, unit, without_unit


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,23,45,678", 12345678),
        ("12,345,678", 12345678),
        ("12,345.50", Decimal("12345.5")),
        ("१,२३,४५६", 123456),
        ("(1,200)", -1200),
        ("-5", -5),
        ("−5", -5),
        ("5-", -5),
        ("+3", 3),
        (".5", Decimal("0.5")),
        ("1\u202f234\u202f567", 1234567),
        ("2.5 crore", 25000000),
        ("2.5 करोड़", 25000000),
        ("3 lakh", 300000),
        ("3 lac", 300000),
        ("2 lakh crore", 2 * 10**12),
        ("1.2bn", 1200000000),
        ("0", 0),
    ],
)
def test_a_number_is_read_exactly(text: str, value: object) -> None:
    found = read_number(text)
    assert (found.value, found.fault) == (value, "")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("1,2345", "sheet-number-grouping"),
        ("1.234,56", "sheet-number-grouping"),
        ("12,34", "sheet-number-grouping"),
        ("1E+08", "sheet-number-scientific"),
        ("nil", "sheet-number-nil"),
        ("about 5", "sheet-number"),
        ("", "sheet-number"),
        ("=5", "sheet-number"),
        ("1" * 5_000, "sheet-number"),
        ("NaN", "sheet-number"),
    ],
)
def test_what_is_no_number_is_refused_by_its_own_rule(text: str, rule: str) -> None:
    assert read_number(text).fault == rule


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("₹1,23,45,678/-", 12345678, "INR"),
        ("Rs. 2.5 crore", 25000000, "INR"),
        ("Rs.500", 500, "INR"),
        ("Rs. 1,00,000/- only", 100000, "INR"),
        ("रु. २.५ लाख", 250000, "INR"),
        ("2.5 करोड़ रुपये", 25000000, "INR"),
        ("US$ 1.2 bn", 1200000000, "USD"),
        ("USD 3 million", 3000000, "USD"),
        ("$1.2mn", 1200000, "USD"),
        ("(INR 500)", -500, "INR"),
        ("₹ (500)", -500, "INR"),
        ("-₹500", -500, "INR"),
        ("₹-500", -500, "INR"),
        ("1.2 bn", 1200000000, ""),
    ],
)
def test_a_sum_is_read_with_its_currency(text: str, amount: int, currency: str) -> None:
    found = read_money(text)
    assert (found.value, found.currency, found.fault) == (amount, currency, "")


def test_two_currencies_are_refused() -> None:
    assert read_money("USD 3 INR").fault == "sheet-money-two"


def test_a_percentage_without_a_sign_may_be_a_part_of_one() -> None:
    assert [read_percent(each).value for each in ("45%", "45", "१२.५ प्रतिशत", "0.5%", "0")] == [
        45,
        45,
        Decimal("12.5"),
        Decimal("0.5"),
        0,
    ]
    assert read_percent("0.45").fault == read_percent("1").fault == "sheet-percent-scale"


@pytest.mark.parametrize(
    ("heading", "currency", "scale"),
    [
        ("Value (₹ crore)", "INR", 10**7),
        ("Cost in Rs. lakhs", "INR", 10**5),
        ("Value (US$ mn)", "USD", 10**6),
        ("मूल्य (करोड़ रु.)", "INR", 10**7),
        ("Value (US$ m)", "USD", 10**6),
        ("Value ($M)", "USD", 10**6),
        ("value_usd_m", "USD", 10**6),
        ("Value (Rs. L)", "INR", 10**5),
        ("Value (USD '000)", "USD", 10**3),
        ("Value (₹ in Cr.)", "INR", 10**7),
        ("Length (m)", "", 1),
        ("Course of action", "", 1),
        ("Crew", "", 1),
        ("Remarks", "", 1),
    ],
)
def test_a_heading_gives_the_unit_of_its_column(heading: str, currency: str, scale: int) -> None:
    assert unit(heading) == (currency, scale)


@pytest.mark.parametrize(
    ("heading", "rest"),
    [
        ("Cost in Rs. lakhs", "Cost"),
        ("value_usd_m", "value"),
        ("Contract value crore", "Contract value"),
        ("Due", "Due"),
    ],
)
def test_a_unit_at_the_end_of_a_heading_is_taken_off(heading: str, rest: str) -> None:
    assert without_unit(heading) == rest


def test_a_stored_number_has_the_fifteen_digits_of_a_spreadsheet() -> None:
    assert [of_cell(each) for each in ("0.30000000000000004", "1.2E8", "-0.1")] == [
        Decimal("0.3"),
        120000000,
        Decimal("-0.1"),
    ]


@given(some.integers(-(10**15), 10**15))
def test_a_number_grouped_in_either_country_comes_back(number: int) -> None:
    for locale in ("en_IN", "en_US"):
        assert read_number(format_decimal(number, locale=locale)).value == number
        assert read_money("₹" + format_decimal(number, locale=locale)).value == number


@given(some.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_number, read_money, read_percent):
        found = read(text)
        assert found.fault == "" or found.value == 0
