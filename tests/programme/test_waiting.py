"""Whose court, day by day: counted once for a side, never more than there are days; unknown where nothing is told."""

from datetime import date, timedelta
from typing import get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from dtti.language.catalogue import translate
from dtti.programme.delays import Delay, delays
from dtti.programme.waiting.court import Wait, court
from dtti.programme.waiting.stretches import common, days, joined, twice, without

TODAY = date(2027, 3, 1)


def on(day: int) -> date:
    """The day so many days before the day that is asked for."""
    return TODAY - timedelta(days=day)


def wait(side: str, began: int, ended: int | None = None, **more: object) -> Wait:
    return Wait(side, "ask", "project:p", (on(began), on(began)), (on(ended), on(ended)) if ended is not None else None,
                **more)  # type: ignore[arg-type] # fmt: skip


def by_side(*waits: Wait, **more: date | None) -> dict[str, tuple[int, int, int]]:
    return {each.side: (each.least, each.most, each.twice) for each in court(waits, TODAY, **more).sides}


def test_days_on_which_two_things_are_awaited_of_a_side_are_counted_once_and_said_so() -> None:
    found = by_side(wait("IND", 20, 5), wait("IND", 10))
    assert found == {"IND": (20, 20, 5), "USA": (0, 0, 0)}


def test_days_with_both_sides_count_for_each_and_stand_as_both() -> None:
    found = court([wait("IND", 20, 10), wait("USA", 15)], TODAY, first=on(30), watched=on(30))
    assert {each.side: each.least for each in found.sides} == {"IND": 10, "USA": 15}
    assert (found.both, found.none, found.unknown) == (5, 10, 0)
    assert [each.who for each in found.spells] == ["none", "IND", "both", "USA"]


def test_silence_is_not_known_until_both_work_on_it_here_and_nobody_s_after_that() -> None:
    found = court([wait("USA", 4, 2)], TODAY, first=on(30), watched=on(10))
    assert [(each.who, (each.end - each.start).days) for each in found.spells] == [
        ("unknown", 20), ("none", 6), ("USA", 2), ("none", 2),
    ]  # fmt: skip
    assert court([wait("USA", 4, 2)], TODAY, first=on(30)).none == 0
    assert court([], TODAY).since is None


def test_a_date_known_in_part_gives_bounds_and_the_days_between_are_not_known() -> None:
    part = Wait("USA", "ask", "project:p", (on(30), on(20)), (on(12), on(10)))
    found = court([part], TODAY, first=on(30), watched=on(30))
    assert [each.who for each in found.spells] == ["unknown", "USA", "unknown", "none"]
    assert by_side(part)["USA"] == (8, 20, 0)


def test_days_by_reason_come_to_the_days_of_a_side_where_no_two_reasons_overlap() -> None:
    span = (on(15).toordinal(), on(5).toordinal())
    (side, _other) = court([wait("IND", 20, reasons=(("funding", span),))], TODAY).sides
    assert [(each.code, each.days) for each in side.reasons] == [("funding", 10), ("", 10)]


_WAITS = st.lists(
    st.tuples(st.sampled_from(["IND", "USA"]), st.integers(0, 60), st.integers(0, 9), st.integers(0, 60) | st.none(),
              st.integers(0, 9)),
    max_size=7,
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(_WAITS, st.integers(0, 70))
def test_every_day_stands_once_and_the_sums_agree_with_the_days_one_by_one(
    drawn: list[tuple[str, int, int, int | None, int]], first: int
) -> None:
    waits = []
    for side, start, unsure, end, loose in drawn:
        began = (on(start + unsure), on(start))
        ended = (on(end), on(max(0, end - loose))) if end is not None and end < start else None
        waits.append(Wait(side, "ask", "project:p", began, ended))
    found = court(waits, TODAY, first=on(first), watched=on(first))
    last = TODAY.toordinal()
    if found.since is None:
        assert not any(days([each.possible(last)]) for each in waits)
        return
    for before, after in zip(found.spells, found.spells[1:], strict=False):
        assert before.end == after.start
    assert (found.spells[0].start, found.spells[-1].end) == (found.since, TODAY)
    for side in found.sides:
        mine = [each for each in waits if each.side == side.side]
        sure = {day for each in mine for day in range(*each.certain(last))}
        may = {day for each in mine for day in range(*each.possible(last))}
        assert (side.least, side.most) == (len(sure), len(may))
        assert sum(each.days for each in side.reasons) == side.least
        drawn_days = {
            day
            for each in found.spells
            if each.who in (side.side, "both")
            for day in range(each.start.toordinal(), each.end.toordinal())
        }
        assert drawn_days == sure


@settings(max_examples=60, deadline=None)
@given(*[st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6)] * 2)
def test_stretches_are_sets_of_days(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> None:
    def held(stretches: list[tuple[int, int]]) -> set[int]:
        return {day for start, end in stretches for day in range(start, end)}

    some, more = joined(one), joined(other)
    assert held(some) == held(one)
    assert held(common(some, more)) == held(one) & held(other)
    assert held(without(some, more)) == held(one) - held(other)
    assert days(some) == len(held(one))
    counted = [day for start, end in one for day in range(start, end)]
    assert twice(one) == len({day for day in counted if counted.count(day) > 1})


def test_there_is_one_list_of_reasons_and_each_says_in_both_languages_on_what_it_rests() -> None:
    assert tuple(delays()) == get_args(Delay)
    for reason in delays().values():
        assert translate(reason.words, "hi") != reason.words
        assert translate(reason.basis, "hi") != reason.basis
