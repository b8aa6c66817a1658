"""What reports do with records made for the purpose: the rule behind each figure, seen at its edges."""

from datetime import date
from typing import Any

import pytest

from dtti.accord.refusal import Refused
from dtti.programme.reports import Collection, Version, created_by

from .support import ask, at, public_record, report, version

CITE = {"sources": ["S1"], "confidence": "sourced"}
UNVERIFIED = {"confidence": "unverified"}


# --- The door --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "body", "rule"),
    [
        ("weather", None, "report-name"),
        ("cadence", "no-such-body", "report-body"),
        ("trade", "dtti-group", "report-body"),
    ],
)
def test_a_report_that_cannot_be_made_is_refused_with_what_can(name: str, body: str | None, rule: str) -> None:
    with pytest.raises(Refused) as caught:
        report(name, public_record(), body=body)
    (refusal,) = caught.value.refusals
    assert refusal.rule == rule
    assert refusal.remedy


def test_the_firmest_grade_speaks_where_several_records_carry_one_reference() -> None:
    def project(grade: str, side: str, outcome: str) -> Version[Any]:
        return version(
            "project", grade, side, ref="p", name="P", in_dtti=True, first_named="2027", outcome={"code": outcome}
        )

    agreed, told = project("agreed_here", "IND", "agreed"), project("recorded", "USA", "told")
    public = project("published", "PUB", "published")
    assert ask("projects", public, told, agreed)["by_outcome"] == {"agreed": 1}
    assert ask("projects", told, public)["by_outcome"] == {"told": 1}
    assert ask("projects", public)["grades"] == {"published": 1}


def test_an_exercise_is_reported_apart_from_the_public_record() -> None:
    exercise = version("project", ref="ex-net", name="Net", in_dtti=True, first_named="2027")
    both = Collection([*(each for kind in ("project", "instrument") for each in public_record().of(kind)), exercise])
    assert report("scorecard", both)["counts"]["named"] == 17
    assert report("scorecard", created_by(both, "PUB"))["counts"]["named"] == 16
    assert report("scorecard", created_by(both, "IND", "USA"))["counts"]["named"] == 1


def test_differences_that_touch_a_record_used_are_named() -> None:
    event = version("event", ref="e", name="E", scope="dtti", category="launch", date="2012")
    difference = version(
        "difference",
        ref="d",
        subject="When",
        records=["event:e"],
        status="open",
        why="Two accounts.",
        claims=[{"key": "a", "text": "2012"}, {"key": "b", "text": "2015"}],
    )
    made = ask("events", event, difference)
    assert made["differences_touching"] == {"d": "open"}
    assert made["uses"] == ["difference:d", "event:e"]


# --- Cadence ---------------------------------------------------------------------------------------------------------

GROUP = version(
    "body",
    ref="group",
    name="Group",
    type="steering-group",
    cadence={"text": "every hundred days", "days": 100},
    host_rule="alternate",
    cite=CITE,
)


def met(number: int, day: str, mode: str = "in-person", host: str | None = None, **more: Any) -> Version[Any]:
    stored = {
        "ref": f"g-{number}",
        "body": "group",
        "number": number,
        "date": day,
        "mode": mode,
        "status": "held",
        **more,
    }
    return version("meeting", **stored, **({"host": host} if host else {}))


def cadence(*meetings: Version[Any], on: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = ask("cadence", GROUP, *meetings, on=on)["bodies"]["group"]
    return found


def test_a_gap_within_the_rule_is_kept_and_one_beyond_it_is_broken() -> None:
    gaps = cadence(met(1, "2027-01-01"), met(2, "2027-04-11"), met(3, "2027-07-21"))["gaps"]
    assert (gaps["days"], gaps["excess_days"], gaps["kept"], gaps["broken"]) == ([100, 101], [0, 1], 1, 1)


def test_a_gap_across_a_meeting_not_known_is_no_gap_of_the_rule() -> None:
    found = cadence(met(1, "2027-01-01"), met(3, "2027-07-21"))
    assert (found["gaps"]["days"], found["gaps"]["between_known_days"]) == ([], [201])
    assert found["numbers_without_date"] == [2]


def test_a_gap_from_a_month_is_unknown_and_has_bounds() -> None:
    gaps = cadence(met(1, "2027-01"), met(2, "2027-04-11"))["gaps"]
    assert (gaps["days"], gaps["excess_days"], gaps["broken"]) == (["unknown"], ["unknown"], 0)
    assert (gaps["rows"][0]["days_low"], gaps["rows"][0]["days_high"]) == (70, 100)


def test_a_meeting_called_off_was_not_held_and_one_to_come_is_not_held_yet() -> None:
    off = met(1, "2027-01-01", status="cancelled")
    coming = met(2, "2027-09-01", status="planned")
    found = cadence(off, coming, on="2027-06-01")["meetings"]
    assert (found["g-1"]["held"], found["g-2"]["held"]) == ("no", "no")
    assert cadence(coming, on="2027-10-01")["meetings"]["g-2"]["held"] == "unknown"


def test_an_unverified_meeting_is_not_known_to_have_met() -> None:
    assert cadence(met(1, "2027-01-01", cite=UNVERIFIED), on="2028-01-01")["meetings"]["g-1"]["held"] == "unknown"


@pytest.mark.parametrize(
    ("meetings", "uses_turn", "uses_none"),
    [
        ([("in-person", "IND")], "USA", "USA"),
        ([("in-person", "IND"), ("virtual", "none")], "IND", "USA"),
        ([("in-person", "IND"), ("virtual", "none"), ("virtual", "none")], "USA", "USA"),
        ([("in-person", "IND"), ("virtual", "none"), ("in-person", "USA")], "IND", "IND"),
        ([("in-person", None)], "unknown", "unknown"),
        ([("in-person", "USA"), ("unknown", None)], "unknown", "unknown"),
        ([], "unknown", "unknown"),
    ],
)
def test_the_turn_to_host_alternates_from_the_last_meeting_in_person(
    meetings: list[tuple[str, str | None]], uses_turn: str, uses_none: str
) -> None:
    held = [met(n, f"2027-0{n}-01", mode, host) for n, (mode, host) in enumerate(meetings, 1)]
    assert cadence(*held)["next_host"] == {"virtual_uses_turn": uses_turn, "virtual_uses_no_turn": uses_none}


def test_two_meetings_in_a_row_in_one_country_break_the_alternation() -> None:
    found = cadence(
        met(1, "2027-01-01", host="IND"), met(2, "2027-02-01", host="IND"), met(3, "2027-03-01", host="USA")
    )
    assert (found["hosts_in_person"], found["alternation_broken"]) == (["IND", "IND", "USA"], 1)


def test_a_meeting_is_overdue_from_the_day_after_the_rule_ran_out() -> None:
    assert cadence(met(1, "2027-01-01"), on="2027-04-11")["last"]["overdue_days"] == 0
    assert cadence(met(1, "2027-01-01"), on="2027-04-12")["last"]["overdue_days"] == 1


def test_a_rule_is_cited_with_its_record_version_sources_and_confidence() -> None:
    rule = cadence(met(1, "2027-01-01"))["rule"]
    assert rule["rule"] == "every hundred days"
    assert rule["record"] == "body:group"
    assert rule["version"] == {
        "record": "body/IND/group",
        "act": "act of group",
        "recorded": "2027-01-01T00:00:00Z",
        "grade": "stated",
    }
    assert (rule["sources"], rule["confidence"]) == (["S1"], "sourced")


# --- Statements of Intent and promises -------------------------------------------------------------------------------


def intent(ref: str, signed: str, *lines: dict[str, Any], **more: Any) -> Version[Any]:
    return version(
        "instrument",
        ref=ref,
        name=ref,
        type="statement-of-intent",
        signed=signed,
        binding="non-binding",
        implementation="in-use",
        lines_known=True,
        lines=list(lines),
        **more,
    )


def line(project: str, horizon: str, promised: str | None = None) -> dict[str, Any]:
    return {"project": project, "horizon": horizon, **({"promised": promised} if promised else {})}


def test_two_known_lists_are_compared_line_by_line() -> None:
    first = intent("one", "2027-01-01", line("a", "near"), line("b", "mid"), line("c", "long"), line("e", "near"))
    second = intent(
        "two", "2028-01-01", line("a", "near"), line("b", "near"), line("d", "mid"), line("e", "near", "2028-06")
    )
    assert ask("statement", first, second)["compared"]["two"]["changes"] == {
        "added": ["d"],
        "dropped": ["c"],
        "moved": [{"project": "b", "from": "mid", "to": "near"}],
        "dated": [{"project": "e", "from": "unknown", "to": "2028-06"}],
        "kept": ["a"],
    }


def agreement(ref: str, project: str, signed: str, **more: Any) -> Version[Any]:
    return version(
        "instrument",
        ref=ref,
        name=ref,
        type="project-agreement",
        project=project,
        signed=signed,
        binding="binding",
        implementation="signed-only",
        **more,
    )


def project(ref: str, **more: Any) -> Version[Any]:
    return version("project", **{"ref": ref, "name": ref, "in_dtti": True, "first_named": "2027-01-01", **more})


def test_a_line_is_kept_in_time_kept_late_late_or_open() -> None:
    statement = intent(
        "soi", "2027-01-01", line("a", "near", "2027-06"), line("b", "near", "2027-06"), line("c", "near", "2027-06")
    )
    records = [
        statement,
        *(project(ref) for ref in "abc"),
        agreement("pa-a", "a", "2027-06-30"),
        agreement("pa-b", "b", "2027-07-10"),
    ]

    def states(day: str) -> dict[str, Any]:
        lines = ask("promises", *records, on=day)["statements"]["soi"]["lines"]
        return {ref: (row["promised"][0]["state"], row["promised"][0]["days_late"]) for ref, row in lines.items()}

    assert states("2027-08-01") == {"a": ("kept", 0), "b": ("kept late", 10), "c": ("late", 32)}
    assert states("2027-06-30") == {"a": ("kept", 0), "b": ("open", 0), "c": ("open", 0)}


def test_a_sale_that_came_of_a_project_keeps_its_line() -> None:
    sale = version("trade_contract", ref="sale", item="Sonobuoys", signed="2027-03-01", project="a")
    made = ask("promises", intent("soi", "2027-01-01", line("a", "near")), project("a"), sale)
    assert at(made, "/statements/soi/lines/a/agreement_record") == "trade_contract:sale"
    assert at(made, "/statements/soi/lines/a/days_to_agreement") == 59


def test_an_agreement_signed_in_a_month_is_certain_after_it_and_its_days_unknown() -> None:
    records = [intent("soi", "2027-01-01", line("a", "near", "2027-06")), project("a"), agreement("pa", "a", "2027-05")]
    row = at(ask("promises", *records, on="2027-05-31"), "/statements/soi/lines/a")
    assert (row["agreement"], row["days_to_agreement"], row["promised"][0]["state"]) == ("yes", "unknown", "unknown")
    assert at(ask("promises", *records, on="2027-05-30"), "/statements/soi/lines/a/agreement") == "unknown"


def test_a_commitment_of_which_nothing_is_said_is_overdue_and_unknown_where_it_was_compiled_from_sources() -> None:
    kept = {"text": "Do it", "force": "firm", "made": "2027-01-01", "due": "2027-06-30"}
    silent = version("commitment", ref="c", **kept)
    compiled = version("commitment", ref="e", **kept, cite=CITE)
    said = version(
        "commitment",
        ref="d",
        text="Do it",
        force="firm",
        made="2027-01-01",
        due="2027-06-30",
        statements=[{"date": "2027-05-01", "status": "open", "note": "In hand."}],
    )
    found = ask("promises", silent, said, compiled, on="2027-06-30")["commitments"]
    assert [found[ref]["state"] for ref in "cde"] == ["open", "open", "open"]
    found = ask("promises", silent, said, compiled, on="2027-07-10")["commitments"]
    assert [(found[ref]["state"], found[ref]["days_late_at_least"]) for ref in "cde"] == [
        ("open", 10),
        ("open", 10),
        ("unknown", "unknown"),
    ]


# --- Scorecard, projects, bodies -------------------------------------------------------------------------------------


def test_a_stage_of_the_spine_counts_as_every_stage_before_it() -> None:
    live = project(
        "p", stages=[{"stage": "proposed", "entered": "2027-01"}, {"stage": "executing", "entered": "2028-01"}]
    )
    stages = ask("scorecard", live)["stages"]
    assert {name: stages[name]["n"] for name in stages} == {
        "named": 1,
        "listed": 1,
        "agreement_reached": 1,
        "executing": 1,
        "fielded_or_in_production": 0,
        "closed": 0,
    }
    assert ask("scorecard", live, on="2027-12-31")["stages"]["listed"]["n"] == 0


def test_an_unverified_signature_is_possible_and_never_counted() -> None:
    doubtful = agreement("pa", "p", "2027-05-01", cite={**CITE, "unverified": ["signed"]})
    found = ask("scorecard", project("p"), doubtful)
    assert (found["counts"]["agreement_reached"], found["stages"]["agreement_reached"]["possible"]) == (0, ["p"])


def test_a_signing_day_that_is_inferred_is_not_confirmed() -> None:
    inferred = agreement("pa", "p", "2027-05-01", cite={**CITE, "inferred": ["signed"]})
    counts = ask("scorecard", project("p"), inferred)["counts"]
    assert (counts["agreement_reached"], counts["agreement_signing_day_confirmed"]) == (1, 0)


def test_a_fielded_project_is_counted_from_the_day_it_is_said_to_be() -> None:
    fielded = project("p", statements=[{"date": "2030-05-01", "status": "fielded"}])
    assert ask("scorecard", fielded, on="2030-04-30")["counts"]["fielded_or_in_production"] == 0
    assert ask("scorecard", fielded, on="2030-05-01")["counts"]["fielded_or_in_production"] == 1


def test_a_body_that_meets_after_its_suspension_is_active_again() -> None:
    group = version(
        "body",
        ref="group",
        name="Group",
        type="task-force",
        start="2026-01-01",
        states=[{"date": "2027-01-01", "state": "suspended", "reason_code": "funding"}],
    )
    stopped = project("p", body="group", statements=[{"date": "2027-01-01", "status": "suspended"}])
    records = [group, stopped, met(1, "2028-01-01")]
    suspended = ask("bodies", *records, on="2027-06-01")["bodies"]["group"]
    assert (suspended["state"], suspended["stops"]) == ("suspended", [{"reason_code": "funding", "project": "p"}])
    again = ask("bodies", *records, on="2028-01-01")["bodies"]["group"]
    assert (again["state"], again["stated_by"], again["stops"]) == ("active", "meeting g-1", [])


def test_a_roster_that_counts_more_than_it_names_leaves_the_rest_unnamed() -> None:
    roster = version("roster", ref="r", as_of="2027", stated_count=3, bodies=["a", "b"])
    assert ask("bodies", roster)["rosters"]["r"]["unnamed"] == 1
    assert ask("bodies", roster, on="2027-06-01")["rosters"] == {}


def test_a_seat_that_passed_between_offices_is_bounded_by_the_meetings_each_chaired() -> None:
    group = version(
        "body",
        ref="group",
        name="Group",
        type="task-force",
        co_chair_offices=["IND/new"],
        former_co_chair_offices=["IND/old"],
    )
    offices = [version("office", ref=f"IND/{ref}", side="IND", title=ref) for ref in ("old", "new")]
    holders = [
        version(
            "appointment",
            ref=ref,
            office=f"IND/{ref}",
            holder=ref,
            capacity="substantive",
            start="2020-01-01",
            end_state="holding",
        )
        for ref in ("old", "new")
    ]

    def chaired(number: int, day: str, office: str) -> Version[Any]:
        seat = {"side": "IND", "office": f"IND/{office}", "holder": office, "capacity": "substantive"}
        return met(number, day, co_chairs=[seat])

    meetings = [chaired(1, "2021-01-01", "old"), chaired(2, "2022-01-01", "old"), chaired(3, "2024-01-01", "new")]

    def chair(day: str) -> Any:
        return ask("co-chairs", group, *offices, *holders, *meetings, on=day)["bodies"]["group"]["co_chairs"]["IND"]

    assert chair("2021-06-01") == [{"holder": "old", "capacity": "substantive"}]
    assert chair("2023-01-01") == "unknown"
    assert chair("2024-01-01") == [{"holder": "new", "capacity": "substantive"}]


# --- Trade and enablers ----------------------------------------------------------------------------------------------


def contract(ref: str, amount: int, measure: str = "contract-value", side: str = "IND", **more: Any) -> Version[Any]:
    value = {"amount": amount, "measure": measure}
    return version("trade_contract", "stated", side, ref=ref, item=ref, signed="2027-01-15", value=value, **more)


def test_a_notified_ceiling_is_never_added_to_a_contract() -> None:
    ceiling = {"amount": 900, "measure": "notified-ceiling"}
    firm = contract(
        "a", 100, alternatives=[{"value": ceiling}, {"value": {"amount": 120, "measure": "press-estimate"}}]
    )
    notified = contract("b", 900, "notified-ceiling", notified_ceiling=ceiling)
    found = ask("trade", firm, notified)
    assert found["contracts_against_claim"] == {
        "contracts": 1,
        "sum_preferred_usd": 100,
        "sum_low_usd": 100,
        "sum_high_usd": 120,
        "claim_usd": "unknown",
        "gap_low_usd": "unknown",
        "gap_high_usd": "unknown",
        "gap_preferred_usd": "unknown",
    }
    assert found["against_claim_rests_on"] == {
        "uses": ["trade_contract:a", "trade_contract:b"],
        "sources": [],
        "confidence": "stated",
        "grades": {"stated": 2},
    }
    assert found["contracts"]["a"]["left_out"] == [{"amount": 900, "currency": "USD", "measure": "notified-ceiling"}]


def test_a_contract_in_another_currency_is_shown_and_not_added_to_dollars() -> None:
    value = {"amount": 700, "currency": "INR", "measure": "contract-value"}
    rupees = version("trade_contract", ref="r", item="r", signed="2027-01-15", value=value)
    found = ask("trade", rupees, contract("a", 100))
    assert (found["contracts_against_claim"]["sum_preferred_usd"], found["contracts"]["r"]["value_usd"]) == (
        100,
        "unknown",
    )


def test_a_contract_that_both_sides_state_is_compared_and_counted_once() -> None:
    found = ask("trade", contract("a", 100), contract("a", 110, side="USA"))
    assert found["contracts_against_claim"]["contracts"] == 1
    (row,) = found["stated_twice"]
    assert row["differ"] == {"value": {"here": 110, "there": 100}}
    assert sorted(row["records"]) == ["trade_contract/IND/a", "trade_contract/USA/a"]


def test_a_contract_of_a_second_compilation_is_summed_by_itself() -> None:
    other = contract("b", 130, compilation="wider", same_as="a", route="FMS")
    found = ask("trade", contract("a", 100), other)
    assert found["contracts_against_claim"]["sum_preferred_usd"] == 100
    assert found["compilations"]["wider"]["sum_preferred_usd"] == 130
    assert found["compared"]["b"]["differ"] == {"value": {"here": 130, "there": 100}}
    assert found["compared"]["b"]["only_one"] == {"route": {"here": "FMS", "there": "unknown"}}
    assert found["compared"]["b"]["confidence"] == "stated"


def test_a_contract_signed_in_a_year_counts_when_the_year_is_over() -> None:
    value = {"amount": 100, "measure": "contract-value"}
    year = version("trade_contract", ref="y", item="y", signed="2027", value=value)
    assert ask("trade", year, on="2027-12-30")["possibly_signed"] == ["y"]
    assert ask("trade", year, on="2027-12-31")["contracts_against_claim"]["contracts"] == 1


def test_the_gap_is_measured_against_the_latest_total_and_no_other_claim() -> None:
    def claim(ref: str, day: str, amount: int, scope: str = "total") -> Version[Any]:
        return version("trade_claim", ref=ref, as_of=day, figure={"amount": amount, "measure": "claim"}, scope=scope)

    claims = [claim("old", "2026", 500), claim("new", "2027-02", 400), claim("part", "2027-03", 50, "dcs-only")]
    found = ask("trade", contract("a", 100), *claims, on="2027-06-01")
    assert (found["claim"]["ref"], found["contracts_against_claim"]["gap_preferred_usd"]) == ("new", 300)
    assert ask("trade", contract("a", 100), *claims, on="2027-02-27")["claim"]["ref"] == "old"


def test_enablers_that_a_project_needs_are_signed_stepped_or_unknown() -> None:
    annex = version(
        "instrument",
        ref="annex",
        name="Annex",
        type="annex",
        signed="2027-01-01",
        first_step="2027-03-01",
        binding="binding",
        implementation="implementing",
    )
    needy = project("p", enablers=["annex", "missing"])
    found = ask("enablers", annex, needy, on="2027-02-01")["needed"]["p"]
    assert (found["annex"]["signed"], found["annex"]["first_step"], found["missing"]["signed"]) == (
        "yes",
        "no",
        "unknown",
    )


def test_an_agreement_that_outlives_its_parent_is_named() -> None:
    def paper(ref: str, expires: str, **more: Any) -> Version[Any]:
        stored = {"name": ref, "type": "framework", "binding": "binding", "implementation": "in-use"}
        return version("instrument", ref=ref, expires=expires, **stored, **more)

    found = ask("enablers", paper("parent", "2030-01-22"), paper("child", "2030-01-23", parent="parent"))
    assert [(row["instrument"], row["parent"]) for row in found["outlived"]] == [("child", "parent")]
    assert ask("enablers", paper("parent", "2030"), paper("child", "2030-06-01", parent="parent"))["outlived"] == []


def test_reports_say_nothing_of_records_that_are_not_there() -> None:
    for name in ("cadence", "co-chairs", "statement", "promises", "bodies", "trade", "enablers", "projects", "events"):
        made = report(name, Collection(()), on=date(2027, 1, 1))
        assert (made["uses"], made["sources"], made["grades"]) == ([], [], {})


# --- An end that follows from a term ---------------------------------------------------------------------------------


def test_an_end_that_is_not_recorded_is_computed_from_the_term_and_days_to_it_are_counted() -> None:
    def paper(**said: Any) -> Version[Any]:
        return version("instrument", name="X", type="agreement", binding="binding", implementation="in-use", **said)

    records = (
        paper(ref="day", signed="2020-01-15", in_force="2020-03-01", term_years=7),
        paper(ref="month", signed="2020-02", term_years=7),
        paper(ref="said", signed="2020-02", term_years=7, expires="2026-12-31"),
        paper(ref="none", signed="2020-02"),
    )
    made = ask("enablers", *records, on="2026-11-30")
    rows = made["instruments"]
    assert {ref: row["expires"] for ref, row in rows.items()} == {
        "day": "2027-03-01", "month": "2027-02", "said": "2026-12-31", "none": "unknown",
    }  # fmt: skip
    assert {ref for ref, row in rows.items() if row["expires_computed"]} == {"day", "month"}
    assert rows["day"]["weaker"] == {"expires": "inferred"}
    assert rows["day"]["to_expiry"] == {"days": 91, "low": 91, "high": 91}
    assert rows["month"]["to_expiry"] == {"days": "unknown", "low": 63, "high": 90}
    assert rows["month"]["since_signed"] == {"days": "unknown", "low": 2466, "high": 2494}
    assert rows["none"]["to_expiry"] is None
    assert made["expiring"]["within_12_months"] == ["said", "month", "day"]
    by_ref = {each["instrument"]: each["confidence"] for each in made["expiring"]["all"]}
    assert by_ref == {"said": "stated", "month": "inferred", "day": "inferred"}


# --- Measures against a claim, co-production and the indigenous share ------------------------------------------------


def purchase(ref: str, **said: Any) -> Version[Any]:
    return version("trade_contract", ref=ref, item=ref, signed="2019-01-01", **said)


def test_measures_stand_against_the_claim_by_themselves_and_shares_are_bounded() -> None:
    value = {"amount": 1_000, "measure": "contract-value"}
    records = (
        purchase("made", value=value, quantity=10, assembled_by_buyer=8, indigenous=4_000),
        purchase("silent", value={"amount": 3_000, "measure": "press-estimate"}, quantity=5),
        purchase("ceiling", value=value, notified_ceiling={"amount": 2_500, "measure": "notified-ceiling"}),
        version("trade_claim", ref="c", as_of="2019", scope="total", figure={"amount": 10_000, "measure": "claim"}),
    )
    made = ask("trade", *records, on="2019-12-31")
    against = made["by_measure_against_claim"]
    assert {code: (each["contracts"], each["added"], each["gap_low_usd"]) for code, each in against.items()} == {
        "contract-value": (2, True, 8_000), "notified-ceiling": (1, False, 7_500), "press-estimate": (1, True, 7_000),
    }  # fmt: skip
    units = made["co_production"]
    assert (units["assembled"], units["of"], units["basis_points"], units["not_stated"]) == (8, 10, 8_000, 2)
    share = made["indigenous"]
    assert (share["stated"], share["not_stated"]) == ({"made": 4_000}, 2)
    assert (share["low_usd"], share["high_usd"]) == (400, 4_400)
    assert (share["low_basis_points"], share["high_basis_points"]) == (800, 8_800)
    none = ask("trade", purchase("silent", value=value), on="2019-12-31")
    assert (none["indigenous"]["low_basis_points"], none["indigenous"]["high_basis_points"]) == (0, 10_000)
    assert none["co_production"]["basis_points"] == "unknown"
    assert none["by_measure_against_claim"]["contract-value"]["gap_low_usd"] == "unknown"


@pytest.mark.parametrize(
    ("as_of", "low", "high"), [("2008", -1_000, 0), ("2008-01", -1_000, 0), ("2008-01-31", -1_000, -1_000)]
)
def test_a_claim_dated_to_a_year_or_a_month_is_never_said_to_be_short_by_what_may_have_come_after_it(
    as_of: str, low: int, high: int
) -> None:
    first = version(
        "trade_contract",
        ref="first",
        item="x",
        signed="2008-01-31",
        value={"amount": 1_000, "measure": "contract-value"},
    )
    claim = version("trade_claim", ref="c", as_of=as_of, scope="total", figure={"amount": 0, "measure": "claim"})
    then = ask("trade", first, claim)["claims"]["c"]["contracts_then"]
    assert (then["gap_low_usd"], then["gap_high_usd"]) == (low, high)
    assert then["gap_preferred_usd"] == (-1_000 if low == high else "unknown")


# --- What a claim adds up since, and how it is put -------------------------------------------------------------------


def claimed(ref: str, day: str, amount: int, comparator: str = "stated", since: str | None = None) -> Version[Any]:
    figure = {"amount": amount, "comparator": comparator, "measure": "claim"}
    more = {"cumulative_since": since} if since else {}
    return version("trade_claim", ref=ref, as_of=day, figure=figure, scope="total", **more)


def sold(ref: str, signed: str, amount: int) -> Version[Any]:
    value = {"amount": amount, "measure": "contract-value"}
    return version("trade_contract", ref=ref, item=ref, signed=signed, value=value)


def test_a_claim_since_a_year_is_compared_with_what_was_signed_since() -> None:
    signed = [sold("before", "2010-12-31", 100), sold("either", "[2010-06..2011-06]", 20), sold("in", "2011", 3)]
    found = ask("trade", *signed, claimed("c", "2021-01-01", 1_000, since="2011"), on="2021-12-31")
    against = found["contracts_against_claim"]
    assert (against["contracts"], against["sum_high_usd"]) == (3, 123)
    assert (against["since_low_usd"], against["since_high_usd"]) == (3, 23)
    assert (against["gap_low_usd"], against["gap_high_usd"], against["gap_preferred_usd"]) == (977, 997, "unknown")
    assert found["claims"]["c"]["contracts_then"]["gap_high_usd"] == 997
    measured = found["by_measure_against_claim"]["contract-value"]
    assert (measured["sum_high_usd"], measured["gap_low_usd"], measured["gap_high_usd"]) == (123, 977, 997)
    whole = ask("trade", *signed, claimed("c", "2021-01-01", 1_000), on="2021-12-31")["contracts_against_claim"]
    assert (whole["gap_low_usd"], "since_low_usd" in whole) == (877, False)


@pytest.mark.parametrize(
    ("comparator", "low", "high"),
    [("stated", 90, 90), ("about", 90, 90), ("over", 90, "unknown"), ("just-under", "unknown", 90)],
)
def test_what_is_not_explained_has_the_ends_that_the_claim_has(comparator: str, low: object, high: object) -> None:
    found = ask("trade", sold("a", "2019", 10), claimed("c", "2021-01-01", 100, comparator), on="2021-12-31")
    for each in (found["contracts_against_claim"], found["by_measure_against_claim"]["contract-value"]):
        assert (each["gap_low_usd"], each["gap_high_usd"]) == (low, high)


@pytest.mark.parametrize(
    ("before", "after", "falls"),
    [
        (("stated", "2008"), ("stated", "2008"), True),
        (("stated", None), ("stated", None), True),
        (("over", "2008"), ("just-under", "2008"), True),
        (("stated", "2008"), ("over", "2008"), False),
        (("just-under", "2008"), ("stated", "2008"), False),
        (("stated", "2008"), ("about", "2008"), False),
        (("stated", "2011"), ("stated", "2007"), False),
        (("stated", "2008"), ("stated", None), False),
    ],
)
def test_a_total_falls_only_where_it_surely_does(before: Any, after: Any, falls: bool) -> None:
    claims = [claimed("old", "2019", 15, *before), claimed("new", "2020", 12, *after)]
    found = ask("trade", *claims, on="2021-12-31")["claims_falling"]
    assert [(each["from"], each["to"], each["fall_usd"]) for each in found] == ([("old", "new", 3)] if falls else [])
