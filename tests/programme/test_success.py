"""How a measure of success stands: by each side's readings, with dates known in part, never on a silence."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dtti.programme import success
from dtti.programme.kinds.measurement import MEASUREMENT
from dtti.programme.kinds.success_definition import SUCCESS_DEFINITION

from .test_slip import DAY, partly

TIME = {
    "number": "1", "name": "Time", "unit": "minutes", "baseline": "95", "target": "45", "direction": "at-most",
    "partly_from": "60", "by": "2026-10-31", "shown_by": "A trial.",
}  # fmt: skip
CREWS = {"number": "2", "name": "Crews lay it", "target": "yes", "by": "2026-10-31"}
AFTER = date(2026, 12, 1)


def definition(*measures: dict[str, Any], **more: Any) -> Any:
    return SUCCESS_DEFINITION.read(
        {
            "ref": "what", "project": "mat", "problem": "P", "measures": list(measures) or [TIME, CREWS],
            "assessors": [{"side": "IND", "office": "IND/judge"}, {"side": "USA", "office": "USA/judge"}], **more,
        }
    )  # fmt: skip


def read(on: str, side: str = "IND", ref: str = "", recorded: str = "", **said: Any) -> success.Read:
    content = {
        "ref": ref or f"m-{side}-{on}", "side": side, "project": "mat", "definition": "what", "date": on,
        "office": f"{side}/judge", **({} if "final" in said else {"of_measure": "1"}), **said,
    }  # fmt: skip
    return success.Read(content["ref"], MEASUREMENT.read(content), recorded)


def first(*readings: success.Read, on: date = AFTER, of: Any = None) -> success.Stands:
    return success.stands(of or definition(), readings, on).measures[0]


def state(*readings: success.Read, on: date = AFTER) -> tuple[str, str]:
    found = first(*readings, on=on)
    side = found.sides[0] if found.sides else found.unread
    return side.state, side.why


@pytest.mark.parametrize(
    ("readings", "on", "expected"),
    [
        ([], date(2026, 10, 31), ("not-due", "")),
        ([], date(2026, 11, 1), ("unknown", "nothing")),
        ([("2026-09-01", "52")], date(2026, 10, 31), ("on-way", "")),
        ([("2026-09-01", "52")], AFTER, ("unknown", "since")),  # nobody measured it at its date: not called missed
        ([("2026-10-31", "61")], AFTER, ("missed", "")),
        ([("2026-11-05", "60")], AFTER, ("partly", "")),
        ([("2026-10", "61")], AFTER, ("unknown", "since")),
        ([("2026-10-30", "45")], AFTER, ("reached", "")),
        ([("2026-10-30", "44"), ("2026-11-03", "50")], AFTER, ("partly", "")),  # the last reading speaks
        ([("2026-11", "50"), ("2026-11-03", "44")], AFTER, ("unknown", "order")),
    ],
)
def test_a_measure_stands_as_its_last_reading_and_its_date_allow_to_say(
    readings: list[tuple[str, str]], on: date, expected: tuple[str, str]
) -> None:
    made = [read(day, ref=f"r{n}", value=value, unit="minutes") for n, (day, value) in enumerate(readings)]
    assert state(*made, on=on) == expected


def test_whether_it_was_reached_by_its_date_is_said_only_where_a_reading_shows_it() -> None:
    late = first(read("2026-11-01", value="50"), read("2026-11-20", value="44"))
    assert (late.sides[0].state, late.sides[0].in_time) == ("reached", "no")
    assert first(read("2026-10-31", value="44")).sides[0].in_time == "yes"
    assert first(read("2026-11-20", value="44")).sides[0].in_time == "unknown"


def test_two_sides_stand_beside_each_other_and_are_never_joined() -> None:
    found = first(read("2026-10-30", value="44"), read("2026-11-02", "USA", value="49"))
    assert [(each.side, each.state) for each in found.sides] == [("IND", "reached"), ("USA", "partly")]
    assert found.differ
    assert [[each.text.value for each in one.last] for one in found.sides] == [["44"], ["49"]]
    alone = first(read("2026-10-30", value="44"))
    assert (len(alone.sides), alone.differ) == (1, False)


def test_a_sentence_is_answered_yes_partly_or_no() -> None:
    for answer, expected in (("yes", "reached"), ("partly", "partly"), ("no", "missed")):
        made = success.stands(definition(), [read("2026-11-02", of_measure="2", found=answer)], AFTER)
        assert made.measures[1].sides[0].state == expected


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        ({"of_measure": "9", "value": "1"}, "reading-measure"),
        ({"found": "yes"}, "reading-figure"),
        ({"of_measure": "2", "value": "1"}, "reading-figure"),
        ({"value": "44", "unit": "hours"}, "reading-unit"),
        ({"final": "success", "note": "It is.", "office": "IND/other"}, "reading-assessor"),
        ({"final": "success", "note": "It is.", "office": "USA/judge"}, "reading-assessor"),
    ],
)
def test_a_reading_that_does_not_fit_the_definition_counts_for_nothing_whoever_wrote_it(
    said: dict[str, Any], rule: str
) -> None:
    one = read("2026-10-30", **said)
    made = success.stands(definition(), [one], AFTER)
    assert made.against[one.ref].rule == rule
    assert not any(each.sides for each in made.measures)
    assert made.assessed == ()


def test_the_final_assessment_of_each_side_stands_by_itself_and_a_conversion_counts_only_where_it_says_so() -> None:
    finals = [read("2026-11-20", final="success", note="A."), read("2026-11-20", "USA", final="partial", note="B.")]
    made = success.stands(definition(), finals, AFTER, "converted")
    assert [(each.side, each.final) for each in made.assessed] == [("IND", "success"), ("USA", "partial")]
    assert (made.converted, made.conversion_counts) == (True, False)
    assert success.stands(definition(conversion_counts=True), finals, AFTER, "converted").conversion_counts
    assert not success.stands(definition(), finals, AFTER, "fielded").converted


def test_a_measure_keeps_its_readings_when_its_words_change_and_one_without_a_number_goes_by_its_words() -> None:
    renamed = definition({**TIME, "name": "Time to lay thirty metres"})
    assert first(read("2026-10-30", value="44"), of=renamed).sides[0].state == "reached"
    bare = definition({name: value for name, value in TIME.items() if name != "number"})
    assert first(read("2026-10-30", of_measure="Time", value="44"), of=bare).sides[0].state == "reached"


@given(st.lists(st.tuples(partly(), st.sampled_from(["30", "45", "50", "60", "61", "99"])), max_size=4), partly(), DAY)
def test_what_is_said_of_partial_dates_holds_for_every_day_that_they_may_be(
    readings: list[Any], by: Any, on: date
) -> None:
    """A state that is not *unknown* is the state of every reading of the dates: what is not sure is not said."""
    last_day = by[1]
    if by[0].precision in ("month", "year"):
        last_day = by[0].latest  # a month or a year ends with its last day
    known = [read(str(when), ref=f"r{n}", value=value) for n, ((when, _day), value) in enumerate(readings)]
    real = [read(str(day), ref=f"r{n}", value=value) for n, ((_when, day), value) in enumerate(readings)]
    said = first(*known, on=on, of=definition({**TIME, "by": str(by[0])}))
    exact = first(*real, on=on, of=definition({**TIME, "by": str(last_day)}))
    for one, other in ((said.passed, exact.passed), (said.unread.state, exact.unread.state)):
        assert one in ("unknown", other)
    if said.sides:
        stands = exact.sides[0] if exact.sides else exact.unread
        assert said.sides[0].state in ("unknown", stands.state)
        if said.sides[0].in_time in ("yes", "no") and stands.state == "reached":
            assert stands.in_time in (said.sides[0].in_time, "unknown")


def test_what_was_recorded_had_been_measured_by_then() -> None:
    """A reading of a year that is still running does not stand in the future."""
    found = first(read("2026", value="44", recorded="2026-11-05T08:00:00Z"), on=date(2026, 11, 6))
    assert found.sides[0].state == "reached"
    assert found.sides[0].last[0].last == date(2026, 11, 5)
    assert first(read("2026", value="44"), on=date(2026, 11, 6)).sides[0].state == "unknown"
