"""What holds of every warning of timing, whatever the dates: bounds, order, circles, working days."""

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dtti.programme.lanes import span
from dtti.programme.lanes.conflicts import conflicts
from dtti.programme.lanes.situation import HeldStep
from dtti.programme.lanes.span import Span
from dtti.programme.lanes.versions import lanes

from .test_lanes import agreement, case, found, necessity, situation, step, works

FIRST = date(2027, 1, 1)
DAYS = st.integers(0, 90).map(lambda days: FIRST + timedelta(days))
#: Two days, in order, between which a date lies.
BOUNDS = st.tuples(DAYS, st.integers(0, 4)).map(lambda pair: (pair[0], pair[0] + timedelta(pair[1])))
Bounds = tuple[date, date]


def said(bounds: Bounds) -> str:
    low, high = bounds
    return low.isoformat() if low == high else f"[{low}..{high}]"


def readings(bounds: Bounds) -> list[date]:
    return [bounds[0] + timedelta(days) for days in range((bounds[1] - bounds[0]).days + 1)]


def under(authority: str, signed: Bounds, in_force: Bounds, report: Bounds) -> dict[str, str]:
    """The warnings of a waiting period; days in the future alone, so that none has come."""
    held = situation(
        {"agreements": ["a"]},
        today=date(2026, 12, 31),
        instruments=agreement(signed=said(signed), in_force=said(in_force)) if signed[0] <= in_force[1] else {},
        cases=(case("USA", authority=authority),),
        steps=(step("USA", "us-congress", expected=said(report)), step("USA", "us-transmitted", expected=said(signed))),
    )
    return found(held)


@given(signed=BOUNDS, in_force=BOUNDS, report=BOUNDS)
def test_each_authority_guards_its_own_stage_and_certain_holds_in_every_reading(
    signed: Bounds, in_force: Bounds, report: Bounds
) -> None:
    if signed[1] > in_force[0]:
        signed, in_force = min(signed, in_force), max(signed, in_force)
    for authority, guarded, rule, least, most in (
        ("22-usc-2767", signed, "waiting-signature", 30, 30),
        ("10-usc-2350a", in_force, "waiting-effect", 30, 31),
    ):
        early = [
            entered < told + timedelta(days)
            for entered in readings(guarded)
            for told in readings(report)
            for days in (least, most)
        ]
        wanted = "certain" if all(early) else "possible" if any(early) else None
        assert under(authority, signed, in_force, report) == ({rule: wanted} if wanted else {})


@given(done=DAYS, report=BOUNDS, category=st.sampled_from(["buy-global", "buy-and-make", None]))
def test_necessity_is_warned_of_where_some_reading_ends_before_the_waiting_period(
    done: date, report: Bounds, category: str | None
) -> None:
    cases, held = necessity(category, done=(done - timedelta(170)).isoformat())
    made = found(situation(cases=cases, steps=(held, step("USA", "us-congress", expected=said(report))), today=FIRST))
    months = {"buy-global": (6,), "buy-and-make": (12,), None: tuple(range(6, 13))}[category]
    ends = [Span.day(done - timedelta(170)).months(each, each).low for each in months]
    early = [end < told + timedelta(days) for end in ends if end for told in readings(report) for days in (30, 31)]
    assert ("necessity-waiting" in made) is any(early)
    if made.get("necessity-waiting") in ("certain", "breached"):
        assert all(early)


NODES = [("IND", name) for name in ("in-acq-rfi", "in-acq-requirement", "in-acq-rfp")]
NODES += [("USA", name) for name in ("us-release-night-vision", "us-release-comsec", "us-negotiating")]


def waits(side: str, name: str, edges: set[Any], *, done: bool) -> HeldStep:
    """A step that waits for those to which it has an edge."""
    ahead = [{"side": other[0], "step": other[1]} for node, other in sorted(edges) if node == (side, name)]
    dates = {"done": "2027-01-01"} if done else {"expected": "2028-01-01"}
    return step(side, name, **dates, **({"awaits": ahead} if ahead else {}))


@given(
    edges=st.sets(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)).filter(lambda pair: pair[0] != pair[1])),
    done=st.sets(st.sampled_from(NODES)),
    order=st.randoms(use_true_random=False),
)
def test_a_step_stands_in_a_circle_exactly_where_it_waits_for_itself_and_the_order_of_records_decides_nothing(
    edges: set[Any], done: set[Any], order: Any
) -> None:
    steps = [waits(side, name, edges, done=(side, name) in done) for side, name in NODES]
    held = situation(steps=tuple(steps))
    told = [each for each in conflicts(held) if each.rule == "waits-in-a-circle"]
    reach = {
        node: {other for one, other in edges if one == node and other not in done} for node in NODES if node not in done
    }
    for _each in NODES:
        reach = {node: ahead.union(*(reach.get(other, set()) for other in ahead)) for node, ahead in reach.items()}
    inside = sorted(f"national_step:{name}" for (side, name), ahead in reach.items() if (side, name) in ahead)
    assert sorted(link for each in told for link in each.rests_on) == inside  # each once
    order.shuffle(steps)
    assert conflicts(situation(steps=tuple(steps))) == conflicts(held)


@given(start=DAYS, shut=st.sets(DAYS, max_size=20), doubted=st.sets(DAYS, max_size=20), amount=st.integers(0, 25))
def test_more_days_off_never_bring_a_clock_forward_and_the_bounds_hold_every_reading(
    start: date, shut: set[date], doubted: set[date], amount: int
) -> None:
    def off(side: str, day: date) -> Any:
        if day.weekday() >= 5 or (side == "IND" and day in shut):
            return "no"
        return "unknown" if day in doubted else "yes"

    def sure(side: str, day: date) -> Any:
        return "no" if day.weekday() >= 5 or (side == "IND" and day in shut) or day in doubted else "yes"

    clock = lanes()["us-agreement-1"].steps["us-request-final"].clock
    assert clock is not None
    made = {side: span.working(start, amount, (side,), off, doubt=True) for side in ("USA", "IND")}
    latest = span.working(start, amount, ("IND", "USA"), off, doubt=False)
    plain = span.working(start, amount, ("USA",), works, doubt=True)
    assert made["USA"]
    assert made["IND"]
    assert latest
    assert plain == made["USA"]
    assert plain <= made["IND"] <= latest
    assert span.working(start, amount, ("IND", "USA"), sure, doubt=False) == latest
    due = span.due(Span.day(start), clock, "USA", off)
    assert due.low
    assert due.high
    assert start <= due.low <= due.high


@given(first=BOUNDS, second=BOUNDS)
def test_before_is_certain_possible_or_no_as_the_readings_have_it(first: Bounds, second: Bounds) -> None:
    early = [one < other for one in readings(first) for other in readings(second)]
    wanted = "certain" if all(early) else "possible" if any(early) else "no"
    assert Span(*first).before(Span(*second)) == wanted
