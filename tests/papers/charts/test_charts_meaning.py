"""What the charts count and say: gaps, turns, shares, slips, and everything that is not known."""

from datetime import date
from itertools import pairwise

import msgspec
import pytest

from dtti.accord.refusal import Refused
from dtti.documents.charts.when import apart, placed, said, span
from dtti.documents.charts.words import _words, day
from dtti.documents.values import Words
from dtti.papers import charts
from dtti.papers.charts import ageing, cadence, court, flow, promises, slip, trade

ON = date(2026, 11, 21)
IT = Words("It", "यह")


def test_a_date_is_said_no_more_precisely_than_it_is_known() -> None:
    assert [said(when, "en") for when in ("2027-01-26", "2027-01", "2027")] == ["26 Jan 2027", "Jan 2027", "2027"]
    assert [said(when, "hi") for when in ("2027-01-26", "2027-01")] == ["26 जनवरी 2027", "जनवरी 2027"]
    assert span("2027-02") == (date(2027, 2, 1).toordinal(), date(2027, 2, 28).toordinal())
    assert span("[2026-11-05..2027-02]") == (date(2026, 11, 5).toordinal(), date(2027, 2, 28).toordinal())
    assert day("[2026-11-05..2027-02]", "en") == "between 5 Nov 2026 and Feb 2027"
    assert day("[2026-11-05..2027]", "hi") == "5 नवंबर 2026 और 2027 के बीच"
    assert [placed(each) for each in ("[..2027]", "[2027..]", "", None)] == [None] * 4
    assert [placed(each) for each in ("2027", "[2026..2027]")] == ["2027", "[2026..2027]"]
    assert apart("2027-01-26", "2027-02") == (6, 33)


def test_every_word_is_in_both_languages_with_the_same_blanks() -> None:
    from string import Formatter

    for key, entry in _words().items():
        blanks = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in entry.values()]
        assert set(entry) - {"one"} == {"en", "hi"}, key
        assert all(each >= blanks[0] - {"n"} and blanks[0] | {"n"} >= each for each in blanks), key


def test_days_are_counted_to_each_side_and_days_between_spells_are_not_known() -> None:
    spells = (
        court.Spell("IND", date(2026, 1, 1), date(2026, 1, 11)),
        court.Spell("USA", date(2026, 1, 15), date(2026, 2, 1)),
    )
    made = charts.draw(court.Court(IT, date(2026, 2, 5), spells), "en")
    assert made.description == (
        "From 1 Jan 2026 to 5 Feb 2026, 35 days: India 10, United States 17, not known 8."
        " Last in court: not known, for 4 days."
    )
    assert [row[:4] for row in made.table.rows] == [
        ("India", "1 Jan 2026", "11 Jan 2026", "10"), ("Not known", "11 Jan 2026", "15 Jan 2026", "4"),
        ("United States", "15 Jan 2026", "1 Feb 2026", "17"), ("Not known", "1 Feb 2026", "5 Feb 2026", "4"),
    ]  # fmt: skip


def test_no_share_is_given_below_five_spells() -> None:
    few = tuple(court.Spell("IND", date(2026, n, 1), date(2026, n + 1, 1)) for n in (1, 2, 3, 4))
    said_few = [text.text for text in charts.draw(court.Court(IT, date(2026, 5, 1), few), "en").scene.texts]
    five = (*few, court.Spell("USA", date(2026, 5, 1), date(2026, 6, 1)))
    said_five = [text.text for text in charts.draw(court.Court(IT, date(2026, 6, 1), five), "en").scene.texts]
    assert not any("%" in text for text in said_few)
    assert "4 spells · 79 %" in said_five


def test_own_country_stands_first() -> None:
    data = charts.read("court", charts.sample("court"))
    order = [
        [text.text for text in charts.draw(data, "en", own=own).scene.texts if text.text in ("India", "United States")]
        for own in ("IND", "USA")
    ]
    assert order[0][:2] == ["India", "United States"]
    assert order[1][:2] == ["United States", "India"]


def test_the_gaps_of_the_public_record_are_those_that_history_gives() -> None:
    held = ("2018-07-18", "2019-03-15", "2019-10-24", "2020-09-15", "2021-11-09")
    meetings = tuple(cadence.Meeting(day, n) for n, day in enumerate(held, 7))
    data = cadence.Cadence(IT, date(2021, 11, 9), 6, meetings)
    found = [cadence.gap(data, before, after.on or "") for before, after in pairwise(meetings)]
    assert [each.least for each in found if each] == [240, 223, 327, 420]
    assert [each.over[0] for each in found if each] == [56, 39, 144, 239]


def test_turns_to_host_follow_meetings_in_person_and_video_only_where_the_rule_says_so() -> None:
    meetings = (
        cadence.Meeting("2024-01-10", 1, "yes", "in-person", "IND"), cadence.Meeting("2024-06-10", 2, "yes", "virtual"),
        cadence.Meeting("2024-12-10", 3, "yes", "in-person", "USA"),
    )  # fmt: skip
    assert cadence.turns(cadence.Cadence(IT, ON, 6, meetings)) == ((None, "USA", "USA"), "IND")
    assert cadence.turns(cadence.Cadence(IT, ON, 6, meetings, virtual_uses_turn=True)) == ((None, "USA", "IND"), "IND")


def test_a_gap_over_a_missing_number_is_not_known() -> None:
    meetings = (cadence.Meeting("2024-01-10", 1), cadence.Meeting("2025-12-10", 3))
    made = charts.draw(cadence.Cadence(IT, ON, 6, meetings), "en")
    assert made.table.rows[1][3:] == ("not known", "meetings between them are not known")


def test_a_project_that_may_have_come_further_makes_a_range_and_no_share() -> None:
    projects = tuple(
        flow.Project(f"P-{n}", IT, IT, {"named": "yes", "listed": "yes" if n < 5 else "unknown", "agreed": "no"})
        for n in range(6)
    )
    row = charts.draw(flow.Flow(IT, ON, projects), "en").table.rows[0]
    assert row[:5] == ("All", "6", "6 of 6 (100 %)", "5–6", "0 of 6 (0 %)")
    assert row[5] == "0–6"


def test_a_stage_that_few_reached_names_them() -> None:
    projects = tuple(flow.Project(f"P-{n}", IT, IT, {"agreed": "yes" if n < 2 else "no"}) for n in range(6))
    row = charts.draw(flow.Flow(IT, ON, projects), "en").table.rows[0]
    assert row[4] == "2: P-0, P-1"


@pytest.mark.parametrize(
    ("made", "stands"),
    [
        (promises.Promise(IT, "2025-06-30", fact="done", done="2025-06-30"), "kept"),
        (promises.Promise(IT, "2025-06", fact="done", done="2025-06-30"), "kept"),
        (promises.Promise(IT, "2025-06-30", fact="done", done="2025-07-01"), "late"),
        (promises.Promise(IT, "2025-06-30", fact="done", done="2025"), "cannot-tell"),
        (promises.Promise(IT, "2025-06-30", fact="done"), "cannot-tell"),
        (promises.Promise(IT, "2025-06-30"), "overdue"),
        (promises.Promise(IT, "2026"), "open"),
        (promises.Promise(IT), "no-date"),
        (promises.Promise(IT, "2025-06-30", fact="unknown"), "unknown"),
    ],
)
def test_a_promise_stands_as_its_dates_allow_to_say(made: promises.Promise, stands: str) -> None:
    assert promises.state(made, ON) == stands


def test_measures_are_never_added_to_each_other() -> None:
    contracts = (
        trade.Contract(IT, "2010-01-01", 5, "contract-value"), trade.Contract(IT, "2011", 7, "contract-value"),
        trade.Contract(IT, "2010-01-01", 100, "notified-ceiling"), trade.Contract(IT, None, 1, "contract-value"),
        trade.Contract(IT, "2010-05-05", None, "contract-value"),
    )  # fmt: skip
    claim = trade.Claim(IT, "2011-06-30", 20)
    data = trade.Trade(IT, "USD", contracts, (claim,))
    assert trade.known(data, claim, "contract-value") == trade.Known(low=5, high=13, n=2, possible=2, unvalued=1)
    assert trade.known(data, claim, "notified-ceiling") == trade.Known(low=100, high=100, n=1, possible=0, unvalued=0)
    rows = charts.draw(data, "en").table.rows
    assert [row[6] for row in rows] == ["USD 7 to USD 15 unexplained", "contracts exceed it by USD 80"]


def test_slip_is_counted_from_the_baseline_and_a_lost_forecast_stays_lost() -> None:
    late = slip.Milestone(IT, "2026-01-31", (slip.Report(date(2026, 1, 1), "2026-03"),))
    assert slip.slipped(late, "2026-03") == (29, 59)
    lost = slip.Milestone(IT, "2026-01-31", (slip.Report(date(2026, 1, 1), None),))
    rows = charts.draw(slip.Slip(IT, ON, (late, lost)), "en").table.rows
    assert [row[3:] for row in rows] == [
        ("Mar 2026", "–", "29 to 59 days after the baseline"), ("not known", "–", "slip not known"),
    ]  # fmt: skip


def test_an_item_of_unknown_beginning_is_not_put_in_a_class() -> None:
    assert ageing.waited(ageing.Item("A-1", IT), ON) is None
    assert ageing.waited(ageing.Item("A-1", IT, since="2026-11"), ON) == (0, 20)
    data = ageing.Ageing(IT, ON, tuple(ageing.Item(f"A-{n}", IT, "IND") for n in range(5)))
    assert "Not known how long" in [text.text for text in charts.draw(data, "en").scene.texts]


@pytest.mark.parametrize("name", list(charts.CHARTS))
@pytest.mark.parametrize("language", ["en", "hi"])
def test_nothing_recorded_is_said_in_the_chart(name: str, language: str) -> None:
    kept = {"subject", "body", "as_of", "months", "currency"}
    bare = {key: value for key, value in msgspec.json.decode(charts.sample(name)).items() if key in kept}
    made = charts.draw(charts.read(name, msgspec.json.encode(bare)), language)  # type: ignore[arg-type]
    assert made.table.rows == ()
    assert len(made.scene.texts) == 1
    assert made.description


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        (
            "court",
            {"spells": [{"side": "IND", "from": "2026-05-01"}, {"side": "USA", "from": "2026-06-01"}]},
            "spell 1",
        ),
        ("court", {"spells": [{"side": "FRA", "from": "2026-05-01"}]}, "$.spells[0].side"),
        ("court", {"extra": 1}, "unknown field `extra`"),
        ("cadence", {"meetings": [{"on": "2026-02-30"}]}, "$.meetings[0]"),
        ("cadence", {"meetings": [{"on": "0000"}]}, "$.meetings[0].on"),
        ("cadence", {"months": 0}, "$.months"),
        ("promises", {"promises": [{"what": {"en": "x"}, "done": "2026"}]}, "$.promises[0]"),
        ("trade", {"currency": "dollars"}, "$.currency"),
        ("timeline", {"stages": [{"name": {"en": "x"}, "entered": "2026", "left": "2025"}]}, "before its beginning"),
        ("ageing", {"items": [{"ref": "A", "what": {"en": "x"}, "since": "2027"}]}, "item 1 (A)"),
    ],
)
def test_wrong_data_is_refused_with_its_place(name: str, change: dict[str, object], reason: str) -> None:
    data = {**msgspec.json.decode(charts.sample(name)), **change}
    with pytest.raises(Refused) as refused:
        charts.read(name, msgspec.json.encode(data))
    assert refused.value.refusals[0].rule == "chart-data"
    assert reason in refused.value.refusals[0].reason


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[" * 5_000, b"null", b'{"subject": "\\ud800"}'])
def test_what_is_no_chart_data_is_refused(raw: bytes) -> None:
    with pytest.raises(Refused, match="chart-data"):
        charts.read("court", raw)


def test_an_unknown_chart_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(Refused, match="timeline, flow, court, cadence, promises, trade, slip, readings, ageing"):
        charts.kind_of("pie")
