"""Three-valued answers about a day, fiscal years, and who held an office."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dtti.programme.fiscal import fiscal_year, last_day
from dtti.programme.kinds.appointment import APPOINTMENT, Appointment
from dtti.programme.tenure import tenure, tenures
from dtti.programme.timeline import days_between, exact_days, happened, twelve_months_after
from dtti.programme.values import When


@pytest.mark.parametrize(
    ("when", "on", "answer"),
    [
        ("2019-10", date(2019, 9, 30), "no"),
        ("2019-10", date(2019, 10, 1), "unknown"),
        ("2019-10", date(2019, 10, 30), "unknown"),
        ("2019-10", date(2019, 10, 31), "yes"),
        ("[2015..]", date(2030, 1, 1), "unknown"),
        ("[..2015]", date(2016, 1, 1), "yes"),
        ("[..2015]", date(2010, 1, 1), "unknown"),
        (None, date(2030, 1, 1), "unknown"),
        ("2019", None, "yes"),
    ],
)
def test_something_dated_in_part_had_happened_had_not_or_is_unknown(
    when: str | None, on: date | None, answer: str
) -> None:
    assert happened(When(when) if when else None, on) == answer


def test_an_unverified_date_makes_nothing_certain() -> None:
    assert happened(When("2015"), date(2020, 1, 1), "unverified") == "unknown"
    assert happened(When("2015"), date(2014, 1, 1), "unverified") == "no"


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.dates(date(1990, 1, 1), date(2040, 1, 1)))
def test_days_between_days_are_exact_and_bound_those_between_months(first: date, second: date) -> None:
    days = (second - first).days
    assert exact_days(When(str(first)), When(str(second))) == days
    low, high = days_between(When(str(first)[:7]), When(str(second)[:7]))
    assert low is not None
    assert high is not None
    assert low <= days <= high


def test_days_from_a_month_are_unknown() -> None:
    assert exact_days(When("2019-08"), When("2021-10-08")) == "unknown"
    assert exact_days(None, When("2021-10-08")) == "unknown"


def test_a_year_after_the_leap_day_is_the_last_of_february() -> None:
    assert twelve_months_after(date(2024, 2, 29)) == date(2025, 2, 28)
    assert twelve_months_after(date(2024, 6, 3)) == date(2025, 6, 3)


@pytest.mark.parametrize(
    ("when", "india", "america"),
    [
        ("2016-11-30", "2016-17", "FY2017"),
        ("2016-09-30", "2016-17", "FY2016"),
        ("2016-03-31", "2015-16", "FY2016"),
        ("1999-12-31", "1999-00", "FY2000"),
        ("2016", "unknown", "unknown"),
        ("2016-10", "2016-17", "FY2017"),
    ],
)
def test_each_side_counts_its_own_fiscal_year(when: str, india: str, america: str) -> None:
    assert fiscal_year("IND", When(when)) == india
    assert fiscal_year("USA", When(when)) == america


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from(["IND", "USA"]))
def test_a_fiscal_year_ends_on_its_last_day(day: date, side: str) -> None:
    year = fiscal_year(side, When(str(day)))  # type: ignore[arg-type]
    end = last_day(side, year)  # type: ignore[arg-type]
    assert day <= end
    assert (end - day).days < 366
    assert fiscal_year(side, When(str(end))) == year  # type: ignore[arg-type]


# --- Tenure ----------------------------------------------------------------------------------------------------------


def held(**stored: object) -> Appointment:
    base = {"ref": "one", "office": "IND/post", "holder": "A", "capacity": "substantive", "end_state": "ended"}
    return APPOINTMENT.read({**base, **stored})


def on(appointment: Appointment, *days: str) -> list[str]:
    return [tenure(appointment).on(date.fromisoformat(day)) for day in days]


def test_a_holder_is_certain_from_the_latest_start_to_the_earliest_end() -> None:
    one = held(start="2019-01", end="[2019-06-10..2019-08]")
    assert on(
        one, "2018-12-31", "2019-01-15", "2019-01-31", "2019-06-10", "2019-06-11", "2019-08-31", "2019-09-01"
    ) == [
        "no",
        "unknown",
        "yes",
        "yes",
        "unknown",
        "unknown",
        "no",
    ]


def test_attested_days_count_as_start_and_as_end() -> None:
    one = held(attested=["2018-07-18", "2019-03-15"])
    assert on(one, "2018-07-17", "2018-07-18", "2018-12-01", "2019-03-15", "2019-03-16") == [
        "unknown",
        "yes",
        "yes",
        "yes",
        "unknown",
    ]


def test_a_month_attested_makes_no_day_certain() -> None:
    assert on(held(attested=["2015-09"]), "2015-09-15") == ["unknown"]


def test_the_day_a_tenure_begins_is_certain_though_its_end_is_not_known() -> None:
    assert on(held(start="2015-05-25", end_state="unknown"), "2015-05-25", "2015-05-26") == ["yes", "unknown"]


def test_a_tenure_said_to_go_on_is_certain_after_its_start() -> None:
    assert on(held(start="2015-05-25", end_state="holding"), "2030-01-01") == ["yes"]


def test_unverified_data_make_nobody_certain() -> None:
    cite = {"confidence": "unverified"}
    assert on(held(start="2019-01-01", end="2019-12-31", cite=cite), "2019-06-01", "2020-01-01") == ["unknown", "no"]
    partly = {"sources": ["S1"], "confidence": "sourced", "unverified": ["start"]}
    assert on(held(start="2017-08", end="2018-01-31", attested=["2018-01-10"], cite=partly), "2017-12-01") == [
        "unknown"
    ]


def test_a_holder_placed_nowhere_in_time_is_nobodys_candidate() -> None:
    assert on(held(), "2020-01-01") == ["no"]


def test_nobody_is_possible_beyond_a_day_on_which_another_is_certain() -> None:
    earlier = held(ref="earlier", attested=["2015-08-12"])
    later = held(ref="later", attested=["2018-09-06"])
    day = date(2020, 1, 1)
    assert tenure(earlier).on(day) == "unknown"
    assert [each.on(day) for each in tenures([earlier, later])] == ["no", "unknown"]
    assert [each.on(date(2017, 1, 1)) for each in tenures([earlier, later])] == ["unknown", "unknown"]


def test_a_day_of_handover_has_two_holders_and_ends_the_first() -> None:
    earlier = held(ref="earlier", attested=["2015-01-01", "2016-06-01"])
    later = held(ref="later", start="2016-06-01", end_state="holding")
    both = tenures([earlier, later])
    assert [each.on(date(2016, 6, 1)) for each in both] == ["yes", "yes"]
    assert [each.on(date(2016, 6, 2)) for each in both] == ["no", "yes"]
    assert [each.on(date(2016, 5, 31)) for each in both] == ["yes", "no"]


def test_one_who_covers_for_another_does_not_rule_the_other_out() -> None:
    charge = held(ref="charge", start="2020-01-01", end="[2020-01-03..2020-09-15]")
    cover = held(ref="cover", start="2020-01-02", end="2020-01-03", covers_for="charge")
    assert [each.on(date(2020, 1, 2)) for each in tenures([charge, cover])] == ["yes", "yes"]
    assert [each.on(date(2020, 6, 1)) for each in tenures([charge, cover])] == ["unknown", "no"]
