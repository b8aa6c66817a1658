"""Slip of milestones: days with bounds, against the date first agreed and the date last agreed, by each side's word."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dtti.programme import slip
from dtti.programme.kinds.plan import PLAN
from dtti.programme.kinds.plan_report import PLAN_REPORT
from dtti.programme.values import When

DAY = st.dates(date(2026, 1, 1), date(2028, 12, 31))
COSTS = [
    {"side": "IND", "year": "2026-27", "form": "cash", "amount": 5, "currency": "INR"},
    {"side": "USA", "year": "FY2027", "form": "in-kind", "what": "Range time"},
]


def plan(*milestones: dict[str, Any], **more: Any) -> Any:
    return PLAN.read({"ref": "p", "project": "mat", "milestones": list(milestones), "costs": COSTS, **more})


def report(on: str, side: str = "IND", ref: str = "", recorded: str = "", **row: Any) -> slip.Held:
    content = {
        "ref": ref or f"r-{side}-{on}", "side": side, "project": "mat", "plan": "p", "office": f"{side}/post",
        "date": on, "milestones": [{"milestone": "1", **row}],
    }  # fmt: skip
    return slip.Held(content["ref"], PLAN_REPORT.read(content), recorded)


ONE = {"number": "1", "name": "Design review", "planned_first": "2026-06-30"}


def side_of(made: slip.Progress, side: str = "IND") -> slip.SideSays:
    return next(each for each in made.milestones[0].sides if each.side == side)


@st.composite
def partly(draw: st.DrawFn) -> tuple[When, date]:
    """A date as it is known, and the day that it really was."""
    day = draw(DAY)
    how = draw(st.sampled_from(["day", "month", "year", "between", "from", "to"]))
    before, after = (day - timedelta(draw(st.integers(0, 90))) for _ in range(2))
    after = day + (day - after)
    said = {
        "day": str(day), "month": str(day)[:7], "year": str(day)[:4], "between": f"[{before}..{after}]",
        "from": f"[{before}..]", "to": f"[..{after}]",
    }  # fmt: skip
    return When(said[how]), day


@given(partly(), partly())
def test_the_bounds_of_a_slip_hold_the_slip_that_it_really_was(planned: Any, told: Any) -> None:
    found = slip.slip(planned[0], told[0])
    real = (told[1] - planned[1]).days
    assert found.low is None or found.low <= real
    assert found.high is None or found.high >= real
    if found.late == "yes":
        assert real > 0
    if found.late == "no":
        assert real <= 0
    if planned[0].day and told[0].day:
        assert (found.low, found.high) == (real, real)


def test_both_slips_are_counted_and_the_date_first_agreed_stays() -> None:
    moved = plan(
        {**ONE, "planned_now": "2026-09-30"}, rebaselined=[{"date": "2026-06-01", "why": "A second supplier."}]
    )
    says = side_of(slip.progress(moved, [report("2026-08-01", forecast="2026-10-10")], date(2026, 8, 2)))
    assert says.state == "forecast"
    assert (says.slip.low, says.slip.high) == (102, 102)
    assert (says.slip_now.low, says.slip_now.high) == (10, 10)
    month = side_of(slip.progress(moved, [report("2026-08-01", forecast="2026-10")], date(2026, 8, 2)))
    assert (month.slip.low, month.slip.high) == (93, 123)


def test_each_side_speaks_for_itself_and_silence_is_no_delay() -> None:
    made = slip.progress(plan(ONE), [report("2026-05-01", forecast="2026-07-05")], date(2027, 1, 1))
    assert [each.side for each in made.milestones[0].sides] == ["IND"]
    assert side_of(made).state == "forecast-passed"  # nobody said that it came, and nobody that it did not
    both = slip.progress(
        plan(ONE),
        [report("2026-05-01", forecast="2026-07-05"), report("2026-05-02", "USA", forecast="2026-07-06")],
        date(2026, 6, 1),
    )
    assert both.milestones[0].differ
    assert [each.slip.low for each in both.milestones[0].sides] == [5, 6]


def test_reports_whose_order_is_not_known_are_held_both() -> None:
    first, second = report("2026-05", forecast="2026-07-05"), report("2026-05-10", forecast="2026-08-05")
    says = side_of(slip.progress(plan(ONE), [first, second], date(2026, 6, 1)))
    assert says.state == "unclear"
    assert (says.slip.low, says.slip.high) == (5, 36)
    again = report("2026-05-10", ref="z", recorded="2026-05-11T08:00:00Z", actual="2026-05-09")
    corrected = side_of(slip.progress(plan(ONE), [second, again], date(2026, 6, 1)))
    assert (corrected.state, str(corrected.actual)) == ("reached", "2026-05-09")


def test_a_report_of_a_later_day_is_not_there_yet_and_one_on_nothing_counts_for_nothing() -> None:
    later = report("2026-09-01", forecast="2026-12-01")
    assert slip.progress(plan(ONE), [later], date(2026, 8, 31)).milestones[0].sides == ()
    stray = msgspec_replaced(report("2026-05-01", forecast="2026-07-05"), "9")
    made = slip.progress(plan(ONE), [stray], date(2026, 6, 1))
    assert made.milestones[0].sides == ()
    assert made.against[stray.ref]["9"].rule == "plan-report-milestone"


def msgspec_replaced(held: slip.Held, number: str) -> slip.Held:
    stored = PLAN_REPORT.write(held.text)
    stored["milestones"][0]["milestone"] = number
    return slip.Held(held.ref, PLAN_REPORT.read(stored), held.recorded)


@given(st.lists(st.tuples(partly(), DAY), min_size=1, max_size=4), partly(), DAY)
def test_what_is_said_of_partial_report_dates_holds_for_every_order_that_they_leave_open(
    reports: list[Any], planned: Any, on: date
) -> None:
    """The real order of the reports is one of those possible: the slip by it lies within the bounds that are said."""
    agreed = plan({**ONE, "planned_first": str(planned[0])})
    known = [
        report(str(when), ref=f"r{n}", forecast=str(forecast)) for n, ((when, _day), forecast) in enumerate(reports)
    ]
    real = [report(str(day), ref=f"r{n}", forecast=str(forecast)) for n, ((_when, day), forecast) in enumerate(reports)]
    if any(day > on for (_when, day), _forecast in reports):
        return
    exact = side_of(slip.progress(plan({**ONE, "planned_first": str(planned[1])}), real, on))
    said = side_of(slip.progress(agreed, known, on))
    if exact.slip.low is not None and exact.slip.high is not None:
        assert said.slip.low is None or said.slip.low <= exact.slip.low
        assert said.slip.high is None or said.slip.high >= exact.slip.high
    if said.state not in ("unclear",):
        assert said.state == exact.state
