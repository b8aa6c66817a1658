"""The date finder: what counts against a day, in both languages, and which days it therefore proposes."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtti.documents.calendar.find import answer, find
from dtti.documents.calendar.hours import seat
from dtti.documents.calendar.request import (
    Cadence,
    ConfirmedList,
    FixedEvent,
    OffDay,
    Points,
    Proposal,
    Request,
    Travel,
)
from dtti.documents.calendar.table import heads, rows, table
from dtti.documents.values import Words

D = dt.date


def one(date: dt.date, **given: object) -> Proposal:
    """The finder's judgement of one day, in New Delhi unless said otherwise."""
    asked: dict[str, object] = {"first": date, "last": date, "host": "IND", "standing": False, **given}
    if asked.get("mode") == "virtual":
        asked["host"] = None
    (found,) = find(Request(**asked))  # type: ignore[arg-type]
    return found


def against(proposal: Proposal) -> dict[str, int]:
    found: dict[str, int] = {}
    for each in proposal.findings:
        if each.points:
            found[each.code] = found.get(each.code, 0) + each.points
    return found


def text(proposal: Proposal, code: str) -> Words:
    return next(each.text for each in proposal.findings if each.code == code)


def test_a_day_with_nothing_against_it_is_not_called_free():
    found = one(D(2027, 4, 22), travel={})
    assert (found.score, found.against, against(found)) == (100, 0, {})
    assert found.summary.en == "Nothing is known against it here; that does not make it free"
    assert found.summary.hi == "इसके विरुद्ध यहाँ कुछ ज्ञात नहीं; इसका अर्थ यह नहीं कि दिन खाली है"


def test_a_feast_of_the_host_closes_the_day_and_is_marked_as_an_estimate():
    found = one(D(2027, 10, 29), travel={})
    assert against(found) == {"closed": 40}
    (closed,) = [each for each in found.findings if each.code == "closed"]
    assert closed.standing == "estimate"
    assert closed.text.en == "Fri 29 Oct 2027: Diwali (Deepavali) (estimate), offices in New Delhi are closed"
    assert closed.text.hi == "शुक्र 29 अक्टूबर 2027: दिवाली (दीपावली) (अनुमान), नई दिल्ली में कार्यालय बंद"


def test_a_confirmed_list_overrides_the_estimate_both_ways():
    listed = ConfirmedList("IND", 2027, (OffDay(D(2027, 10, 28), Words(en="Diwali", hi="दीपावली")),), "office order")
    on, off = one(D(2027, 10, 28), travel={}, lists=(listed,)), one(D(2027, 10, 27), travel={}, lists=(listed,))
    assert [(each.points, each.standing) for each in on.findings] == [(40, "known")]
    assert against(off) == {}
    assert against(one(D(2027, 10, 29), travel={}, lists=(listed,))) == {"bridge": 5}


def test_a_holiday_of_the_visitors_counts_less_than_one_of_the_host():
    found = one(D(2027, 9, 6), travel={})
    assert against(found) == {"closed-abroad": 25}
    assert text(found, "closed-abroad").en.endswith(
        "Labor Day, offices in Washington are closed (the visitors' own holiday)"
    )
    assert against(one(D(2027, 9, 6), host="USA", travel={})) == {"closed": 40}


def test_a_weekend_and_a_restricted_day_and_the_day_beside_a_moon_feast_count():
    assert against(one(D(2027, 4, 24), travel={})) == {"weekend": 30}
    assert against(one(D(2027, 7, 5), travel={}, host="USA"))["closed"] == 40
    assert against(one(D(2027, 8, 17), travel={})) == {"restricted": 3}
    beside = one(D(2027, 6, 17), travel={})
    assert against(beside) == {"shifting": 6}
    assert "the moon may bring it here" in text(beside, "shifting").en


def test_a_working_day_between_two_days_off_counts_as_a_bridge():
    listed = ConfirmedList("IND", 2027, (OffDay(D(2027, 4, 22), Words(en="Sample", hi="नमूना")),), "sample")
    assert against(one(D(2027, 4, 23), travel={}, lists=(listed,))) == {"bridge": 5}


def test_days_of_travel_count_on_the_visitors_own_calendar():
    found = one(D(2027, 7, 6))  # flown to on Sunday the 4th and on Monday the 5th, the day off instead
    assert against(found) == {"travel-closed": 16}
    assert text(found, "travel").en == "Washington's delegation is away from Sun 4 Jul 2027 to Wed 7 Jul 2027"
    assert against(one(D(2027, 4, 20))) == {"travel-weekend": 2}
    assert against(one(D(2027, 4, 20), travel={"USA": Travel(1, 1)})) == {}


def test_events_count_by_weight_and_say_how_surely_they_are_known():
    event = FixedEvent(
        D(2027, 4, 20), D(2027, 4, 23), Words(en="Sample dialogue", hi="नमूना संवाद"), weight="blocks", source="note 7"
    )
    found = one(D(2027, 4, 22), travel={}, events=(event,))
    assert against(found) == {"event-blocks": 40}
    (said,) = [each for each in found.findings if each.points]
    assert (said.text.en, said.text.hi, said.source, said.standing) == (
        "Sample dialogue, 20–23 Apr 2027",
        "नमूना संवाद, 20–23 अप्रैल 2027",
        "note 7",
        "estimate",
    )


def test_standing_events_are_looked_at_unless_they_are_left_out():
    assert against(one(D(2027, 2, 1), travel={}, standing=True)) == {"event-strains": 15}
    assert against(one(D(2027, 2, 1), travel={})) == {}


def test_the_cadence_counts_each_week_late_and_names_whose_turn_it_is():
    rule = Cadence(D(2026, 10, 20), turn="USA")
    assert against(one(D(2027, 4, 21), travel={}, cadence=rule)) == {"host-turn": 10}
    window = Request(
        first=D(2027, 4, 21), last=D(2027, 5, 6), host="USA", travel={}, standing=False, cadence=rule, most=50
    )
    late = next(each for each in find(window) if each.first == D(2027, 5, 6))
    assert against(late)["cadence"] == 6
    assert text(late, "cadence").en == "15 days after the meeting is due (21 Apr 2027, 183 days after the last)"


def test_what_is_late_for_every_day_asked_for_puts_no_day_behind_another():
    rule = Cadence(D(2020, 9, 15), turn="USA")
    found = one(D(2027, 4, 21), travel={}, cadence=rule, host="USA")
    assert (against(found), found.score) == ({}, 100)
    assert "after the meeting is due" in text(found, "cadence").en


def test_too_little_time_for_visit_requests_counts():
    found = one(D(2027, 4, 22), travel={}, asked_on=D(2027, 4, 1), lead={"IND": 30, "USA": 21})
    assert against(found) == {"lead": 20}
    assert text(found, "lead").en == "21 days from 1 Apr 2027; India needs 30 for visit requests"


def test_a_year_beyond_the_data_is_said_to_be_unknown():
    found = one(D(2037, 4, 22), travel={})
    assert against(found) == {"unknown": 10}
    assert text(found, "unknown") == Words(
        en="The holidays of India in 2037 are not known here", hi="2037 में भारत के अवकाश यहाँ ज्ञात नहीं हैं"
    )
    said = answer(Request(D(2037, 4, 22), D(2037, 4, 22), host="IND"))
    assert said.looked_at[0].en == "India, holidays of 2037: not known"


def test_proposals_come_best_first_near_the_due_date_and_apart():
    rule = Cadence(D(2026, 10, 20), turn="IND")
    asked = Request(D(2027, 3, 1), D(2027, 6, 30), days=2, host="IND", cadence=rule, most=6, apart=4)
    found = find(asked)
    assert found[0].first == D(2027, 4, 21)
    assert [each.against for each in found] == sorted(each.against for each in found)
    firsts = sorted(each.first for each in found)
    assert len(firsts) == 6
    assert min((later - sooner).days for sooner, later in pairwise(firsts)) >= 4


# By video: the capitals' working days hardly meet.


@pytest.mark.parametrize(
    ("date", "delhi", "washington", "points"),
    [
        (D(2027, 4, 22), "17:00–18:30", "07:30–09:00", {"hours": 6}),  # 9½ hours apart
        (D(2027, 1, 21), "17:30–19:00", "07:00–08:30", {"hours": 14}),  # 10½ hours apart
    ],
)
def test_the_least_bad_window_is_shared_and_says_who_sits_early_and_who_late(date, delhi, washington, points):
    found = one(date, mode="virtual", minutes=90)
    clocks = found.sessions[0].clocks.en
    assert f"{delhi} in New Delhi" in clocks
    assert f"{washington} in Washington" in clocks
    assert against(found) == points
    said = [each.text.en for each in found.findings if each.code == "hours"]
    outside = "1 h" if date.month == 4 else "1 h 30 min"
    assert said == [
        f"New Delhi sits until {delhi[-5:]}, {outside} after its working day",
        f"Washington begins at {washington[:5]}, {outside} before its working day",
    ]


def test_the_side_that_sat_out_last_time_sits_better_this_time():
    delhi, washington = (one(D(2027, 1, 21), mode="virtual", minutes=60, sat_out=side) for side in ("IND", "USA"))
    assert delhi.sessions[0].start < washington.sessions[0].start


def test_a_video_meeting_judges_each_side_by_its_own_day():
    friday = one(D(2027, 4, 23), mode="virtual")
    assert "weekend" not in against(friday)
    assert against(one(D(2027, 7, 5), mode="virtual"))["closed"] == 40
    assert against(one(D(2027, 10, 29), mode="virtual"))["closed"] == 40


def test_days_on_end_across_a_change_of_the_clock_keep_delhis_time_and_say_so():
    found = one(D(2027, 3, 12), mode="virtual", minutes=60, days=4)
    assert [each.start.astimezone(dt.UTC).time() for each in found.sessions] == [found.sessions[0].start.time()] * 4
    assert "(EST)" in found.sessions[0].clocks.en
    assert "(EDT)" in found.sessions[3].clocks.en
    said = text(found, "clock-change").en
    assert said == "Washington's clocks go forward on Sun 14 Mar 2027; from then New Delhi is 9 h 30 min ahead"
    back = text(one(D(2027, 11, 9), mode="virtual"), "clock-change").en
    assert back == "Washington's clocks go back on Sun 7 Nov 2027; from then New Delhi is 10 h 30 min ahead"


@pytest.mark.parametrize(
    ("begins", "minutes", "expected"),
    [
        (600, 60, (0, 0, 0)),
        (1050, 60, (0, 60, 3)),
        (480, 60, (60, 0, 3)),
        (0, 60, (0, 450, 42)),
        (1020, 90, (0, 60, 3)),
    ],
)
def test_time_outside_working_hours_weighs_by_its_distance(begins: int, minutes: int, expected: tuple[int, ...]):
    assert seat(begins, minutes, 540, 1050) == expected


@settings(max_examples=15, deadline=None)
@given(
    first=st.dates(D(2026, 1, 1), D(2040, 1, 1)),
    length=st.integers(0, 12),
    days=st.integers(1, 5),
    host=st.sampled_from(["IND", "USA", None]),
    most=st.integers(1, 6),
)
def test_every_score_is_the_sum_of_what_is_said_in_both_languages(first, length, days, host, most):
    asked = Request(
        first,
        first + dt.timedelta(days=length),
        mode="in-person" if host else "virtual",
        days=days,
        host=host,
        most=most,
    )
    found = answer(asked)
    assert found == answer(asked)
    for each in found.proposals:
        assert each.against == sum(one.points for one in each.findings)
        assert each.score == max(0, 100 - each.against)
        assert len(each.sessions) == days
        assert all(one.text.en and one.text.hi for one in each.findings)
        assert all("free" not in one.text.en for one in each.findings)
        assert asked.first <= each.first <= asked.last
    for language in ("en", "hi"):
        assert len(rows(found, language)) == len(found.proposals)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"last": D(2027, 1, 1)}, "comes before the first"),
        ({"last": D(2030, 1, 1)}, "at most 800 days"),
        ({"host": None}, "needs its host"),
        ({"mode": "virtual"}, "nobody hosts"),
        ({"hours": {}}, "for both sides"),
        ({"zone": "Delhi"}, "no time zone"),
        ({"first": D(1889, 1, 1), "last": D(1889, 1, 2)}, "in the years 1990 to 2099"),
    ],
)
def test_a_request_that_cannot_be_answered_is_refused(wrong: dict[str, object], said: str):
    asked: dict[str, object] = {"first": D(2027, 4, 1), "last": D(2027, 4, 30), "host": "IND", **wrong}
    with pytest.raises(ValueError, match=said):
        Request(**asked)  # type: ignore[arg-type]


def test_points_can_be_given():
    assert against(one(D(2027, 4, 24), travel={}, points=Points(weekend=7))) == {"weekend": 7}


def test_the_answer_as_text_stands_within_its_width_and_holds_both_languages():
    asked = Request(D(2027, 10, 20), D(2027, 11, 20), days=2, host="IND", most=4, cadence=Cadence(D(2027, 3, 1)))
    found = answer(asked)
    lines = table(found, "both")
    assert max(len(line) for line in table(found, "en")) <= 100
    assert not any("<" in line for line in lines)
    assert "Not looked at" in lines
    assert "क्या नहीं देखा गया" in lines
    assert heads("en")[:3] == ("First day", "Last day", "Score")
    assert rows(found, "hi")[0].clocks.startswith("नई दिल्ली में")
