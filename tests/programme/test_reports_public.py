"""Reports over the public record: answers like those of docs/reports.md, at other days and for other bodies."""

from datetime import date
from typing import Any

import pytest

from dtti.programme.reports import REPORTS

from .support import at, public_record, report

ANSWERS: list[tuple[str, str | None, str | None, str, Any]] = [
    # Cadence of any body, on any day
    ("cadence", None, "2plus2", "/bodies/2plus2/gaps/days", [468, 313, 532, 578]),
    ("cadence", None, "2plus2", "/bodies/2plus2/gaps/excess_days", "unknown"),
    ("cadence", None, "2plus2", "/bodies/2plus2/hosts_in_person", ["IND", "USA", "IND", "USA", "IND"]),
    ("cadence", None, "2plus2", "/bodies/2plus2/next_host/virtual_uses_turn", "unknown"),
    ("cadence", None, "jwg-actc", "/bodies/jwg-actc/gaps/days", [187]),
    ("cadence", None, "jwg-actc", "/bodies/jwg-actc/gaps/between_known_days", [187, 2569, 806]),
    ("cadence", None, "jwg-actc", "/bodies/jwg-actc/numbers_without_date", [3, 4, 5, 7]),
    ("cadence", None, "dpg", "/bodies/dpg/gaps/rows/1/days_low", 769),
    ("cadence", None, "dpg", "/bodies/dpg/gaps/rows/1/days_high", 799),
    ("cadence", "2019-12-31", "dtti-group", "/bodies/dtti-group/gaps/days", [240, 223]),
    ("cadence", "2019-12-31", "dtti-group", "/bodies/dtti-group/next_host/virtual_uses_no_turn", "USA"),
    ("cadence", "2020-12-31", "dtti-group", "/bodies/dtti-group/next_host/virtual_uses_turn", "IND"),
    ("cadence", "2020-12-31", "dtti-group", "/bodies/dtti-group/next_host/virtual_uses_no_turn", "USA"),
    ("cadence", "2022-06-01", "dtti-group", "/bodies/dtti-group/last/days_since", 204),
    ("cadence", "2022-06-01", "dtti-group", "/bodies/dtti-group/last/overdue_days", 21),
    ("cadence", "2026-02-10", "dtti-group", "/bodies/dtti-group/last/unless_met/1", "dtti-group-12"),
    ("cadence", "2020-01-01", "dtti-group", "/bodies/dtti-group/meetings/dtti-group-12/held", "no"),
    ("cadence", None, None, "/by_number/6", ["2plus2-intersessional-06", "jwgactc-06"]),
    ("cadence", None, None, "/forum_lead_days/0/days", 5),
    ("cadence", None, None, "/forum_lead_days/1/days", 1),
    ("cadence", None, "dtti-group", "/bodies/dtti-group/rule/days", 183),
    ("cadence", None, "dtti-group", "/bodies/dtti-group/rule/confidence", "inferred"),
    ("cadence", None, "dtti-group", "/bodies/dtti-group/rule/sources/0", "S1"),
    ("cadence", None, "dtti-group", "/bodies/dtti-group/meetings/dtti-group-11/co_chairs/0/holder", "Gregory Kausner"),
    # Who held what
    (
        "co-chairs",
        "2019-12-18",
        "2plus2",
        "/bodies/2plus2/co_chairs/USA",
        [
            {"holder": "Mike Pompeo", "capacity": "substantive"},
            {"holder": "Mark Esper", "capacity": "substantive"},
        ],
    ),
    (
        "co-chairs",
        "2024-04-29",
        "2plus2",
        "/bodies/2plus2/co_chairs/IND",
        [
            {"holder": "unknown", "office": "IND/external-affairs-minister"},
            {"holder": "Rajnath Singh", "capacity": "substantive"},
        ],
    ),
    ("co-chairs", "2016-02-15", "2plus2", "/bodies/2plus2/co_chairs", {"IND": "none", "USA": "none"}),
    (
        "co-chairs",
        "2016-02-15",
        "jwg-actc",
        "/bodies/jwg-actc/co_chairs/IND",
        [{"holder": "G. S. Pabby", "capacity": "substantive"}],
    ),
    (
        "co-chairs",
        "2021-07-30",
        "jwg-air-systems",
        "/bodies/jwg-air-systems/co_chairs/IND",
        [{"holder": "Narmdeshwar Tiwari", "capacity": "substantive"}],
    ),
    (
        "co-chairs",
        "2019-08-23",
        "dtti-group",
        "/bodies/dtti-group/co_chairs/IND",
        [
            {"holder": "Ajay Kumar", "capacity": "substantive"},
            {"holder": "Subhash Chandra", "capacity": "substantive"},
        ],
    ),
    ("co-chairs", "2017-12-01", "dtti-group", "/bodies/dtti-group/co_chairs/USA", "unknown"),
    (
        "co-chairs",
        "2017-12-01",
        "dtti-group",
        "/bodies/dtti-group/candidates/USA",
        [{"holder": "Ellen M. Lord", "capacity": "substantive"}],
    ),
    ("co-chairs", "2026-02-10", "dtti-group", "/bodies/dtti-group/co_chairs", {"IND": "unknown", "USA": "unknown"}),
    (
        "co-chairs",
        "2019-12-18",
        None,
        "/offices/IND~1defence-secretary/holders",
        [{"holder": "Ajay Kumar", "capacity": "substantive"}],
    ),
    ("co-chairs", "2018-02-01", None, "/offices/USA~1usd-atl/existed", "no"),
    ("co-chairs", "2018-01-31", None, "/offices/USA~1usd-atl/existed", "yes"),
    (
        "co-chairs",
        None,
        None,
        "/offices/IND~1secretary-defence-production/undated",
        [],
    ),
    (
        "co-chairs",
        "2023-05-01",
        None,
        "/offices/IND~1secretary-defence-production/candidates",
        [{"holder": "Giridhar Aramane", "capacity": "additional-charge"}],
    ),
    (
        "co-chairs",
        "2025-06-05",
        None,
        "/offices/USA~1usd-as/holders",
        [{"holder": "Michael Duffey", "capacity": "substantive"}],
    ),
    (
        "co-chairs",
        "2025-03-01",
        None,
        "/offices/USA~1secretary-of-state/candidates",
        [{"holder": "Marco Rubio", "capacity": "substantive"}],
    ),
    ("co-chairs", None, "dtti-group", "/bodies/dtti-group/co_chairs", None),
    (
        "co-chairs",
        "2018-06-01",
        "dtti-group",
        "/bodies/dtti-group/succession/IND/sourced_substantive",
        ["Ajay Kumar", "Ashok Kumar Gupta", "G. Mohan Kumar"],
    ),
    # Statements of Intent and promises
    ("statement", "2020-12-31", None, "/sequence", ["soi-1", "soi-2"]),
    ("statement", "2019-10-23", None, "/sequence", []),
    ("statement", None, None, "/statements/soi-2/total", "unknown"),
    ("statement", None, None, "/statements/soi-1/unconfirmed", ["terrain-shaping-obstacle"]),
    ("statement", None, None, "/statements/soi-1/horizons/mid", ["mda", "vamram"]),
    ("statement", None, None, "/statements/soi-3/signatories", "unknown"),
    ("statement", None, None, "/compared/soi-3/why", "The list of soi-2 and soi-3 is not known."),
    ("promises", "2020-12-31", None, "/statements/soi-1/kept", []),
    ("promises", "2021-07-30", None, "/statements/soi-1/kept", ["aluav"]),
    ("promises", None, None, "/statements/soi-1/lines/aluav/promised/0/days_late", 462),
    ("promises", None, None, "/statements/soi-1/lines/aluav/promised/0/state", "kept late"),
    ("promises", None, None, "/statements/soi-1/lines/aluav/promised/1/state", "open"),
    ("promises", "2022-01-01", None, "/statements/soi-1/lines/aluav/promised/1/state", "late"),
    ("trade", None, None, "/claims/claim-2008/contracts_then/gap_high_usd", 0),
    ("trade", None, None, "/claims/claim-2008/contracts_then/gap_preferred_usd", "unknown"),
    ("enablers", "2024-01-01", None, "/instruments/isa/days_since_signed_without_step", None),
    ("promises", "2022-01-01", None, "/statements/soi-1/lines/lsat/days_open", 800),
    ("promises", "2022-01-01", None, "/statements/soi-1/lines/lsat/promised/0/state", "late"),
    ("promises", "2020-01-01", None, "/statements/soi-1/lines/lsat/promised/0/state", "open"),
    ("promises", "2022-01-01", None, "/statements/soi-1/lines/mda/promised", []),
    ("promises", None, None, "/statements/soi-1/promises/0/sources", ["S58"]),
    ("promises", None, None, "/statements/soi-1/promises/0/confidence", "inferred"),
    ("promises", None, None, "/statements/soi-2/no_agreement_or_sale", "unknown"),
    ("promises", "2024-01-01", None, "/commitments/ninth-group-meeting/state", "met"),
    ("promises", "2024-01-01", None, "/commitments/ninth-group-meeting/days_late_at_least", 24),
    ("promises", "2019-04-15", None, "/commitments/uav-planning-document/state", "open"),
    ("promises", "2024-01-01", None, "/commitments/uav-planning-document/state", "unknown"),
    ("promises", "2024-01-01", None, "/commitments/mehps-signature-2015/state", "unknown"),
    # Scorecard and projects on earlier days
    ("scorecard", "2014-01-01", None, "/counts/named", 1),
    ("scorecard", "2014-01-01", None, "/counts/inside_dtti", 0),
    ("scorecard", "2016-06-01", None, "/counts/named", 9),
    ("scorecard", "2016-06-01", None, "/counts/agreement_reached", 0),
    ("scorecard", "2016-06-01", None, "/stages/agreement_reached/possible", ["mehps", "ngpe"]),
    ("scorecard", "2018-12-31", None, "/counts/agreement_reached", 2),
    ("scorecard", "2018-12-31", None, "/counts/agreement_signing_day_confirmed", 0),
    ("scorecard", None, None, "/stages/listed/n", 7),
    ("scorecard", None, None, "/stages/executing/projects", ["aluav"]),
    ("scorecard", None, None, "/stages/closed/projects", ["c130j-roro-isr", "raven-cheel"]),
    ("scorecard", "2020-01-01", None, "/stages/closed/possible", ["c130j-roro-isr", "raven-cheel"]),
    ("scorecard", None, None, "/by_cohort/soi-2019/agreement_reached", 1),
    ("scorecard", None, None, "/by_cohort/pathfinder-2015/named", 4),
    ("scorecard", None, None, "/by_year_named/2015/named", 6),
    ("scorecard", None, None, "/days_named_to_agreement/cases", [{"project": "aluav", "days": 868}]),
    ("scorecard", None, None, "/days_named_to_agreement/undated", ["mehps", "ngpe"]),
    ("scorecard", "2016-06-01", None, "/days_named_to_agreement/undated", []),
    ("scorecard", None, "jwg-air-systems", "/counts/named", 3),
    ("projects", "2018-01-01", None, "/by_outcome", {"unknown": 9}),
    ("projects", "2019-10-24", None, "/by_outcome/suspended", 1),
    ("projects", "2018-01-01", None, "/by_standing", {"agreement-stage": 2, "named": 5, "proposed": 2}),
    ("projects", None, None, "/groups/domain/naval", ["carrier-technology", "mda"]),
    ("projects", None, None, "/by_horizon", {"long": 2, "mid": 2, "near": 3}),
    ("projects", "2019-10-23", None, "/by_horizon", {}),
    ("projects", "2020-01-01", None, "/projects/aluav/standing", "listed"),
    ("projects", "2020-01-01", None, "/projects/aluav/outcome", "unknown"),
    ("projects", None, None, "/projects/aluav/days_named_to_agreement", 868),
    ("projects", "2020-01-01", None, "/projects/raven-cheel/possibly", ["withdrawn"]),
    ("projects", None, None, "/projects/mehps/agreement", "yes"),
    ("projects", None, None, "/projects/mehps/agreements/0/certain", "unknown"),
    ("projects", None, None, "/projects/aluav/cost/shares", {"IND": 5000, "USA": 5000}),
    ("projects", None, None, "/by_reason_code/low-partner-demand", ["c130j-roro-isr", "raven-cheel"]),
    ("projects", None, None, "/suspended/jet-engine-technology/reason_code", "no-agreed-exportable-technology"),
    ("projects", "2019-10-23", None, "/suspended", {}),
    # Bodies and rosters
    ("bodies", "2018-01-01", None, "/bodies/jwg-isr/state", "active"),
    ("bodies", "2018-12-01", None, "/bodies/jwg-isr/state", "unknown"),
    ("bodies", "2018-12-01", None, "/bodies/jwg-isr/possible", ["active", "not-listed"]),
    ("bodies", "2019-04-01", None, "/bodies/jwg-isr/state", "not-listed"),
    ("bodies", "2019-10-23", None, "/bodies/jwg-jet-engine/state", "active"),
    ("bodies", "2019-10-24", None, "/bodies/jwg-jet-engine/state", "suspended"),
    ("bodies", "2019-10-23", None, "/bodies/jwg-jet-engine/stops", []),
    ("bodies", "2014-01-01", None, "/bodies/2plus2/state", "not-yet"),
    ("bodies", "2014-01-01", None, "/bodies/jwg-air-systems/state", "unknown"),
    ("bodies", "2021-11-08", None, "/bodies/dicf/state", "active"),
    ("bodies", "2021-11-09", None, "/bodies/dicf/state", "unknown"),
    ("bodies", "2024-01-01", None, "/bodies/dtti-group/state", "active"),
    ("bodies", "2025-01-01", None, "/bodies/dtti-group/state", "unknown"),
    ("bodies", "2020-12-31", None, "/latest_roster/ref", "roster-2020-09"),
    ("bodies", "2015-06-01", None, "/latest_roster", "unknown"),
    ("bodies", "2019-04-01", None, "/roster_counts", [2, 7, 5]),
    ("bodies", None, None, "/roster_changes/2/dropped", ["jwg-other-systems"]),
    ("bodies", None, None, "/roster_changes/1/whole", False),
    # Trade
    ("trade", "2019-12-31", None, "/by_route/DCS/sum_preferred_usd", 3_100_000_000),
    ("trade", "2019-12-31", None, "/by_route/FMS/contracts", 4),
    ("trade", "2019-12-31", None, "/by_route/hybrid/sum_low_usd", 2_500_000_000),
    ("trade", "2019-12-31", None, "/by_year/2016/sum_high_usd", 1_750_000_000),
    ("trade", "2019-12-31", None, "/by_fiscal_year/USA/FY2017/sum_preferred_usd", 737_000_000),
    ("trade", "2019-12-31", None, "/by_fiscal_year/IND/2016-17/sum_preferred_usd", 1_737_000_000),
    ("trade", "2020-12-31", None, "/contracts_against_claim/contracts", 9),
    ("trade", "2020-12-31", None, "/contracts_against_claim/claim_usd", 20_000_000_000),
    ("trade", "2020-12-31", None, "/claim/ref", "claim-2020-07"),
    ("trade", "2007-12-31", None, "/contracts_against_claim/claim_usd", "unknown"),
    ("trade", "2007-12-31", None, "/contracts_against_claim/gap_low_usd", "unknown"),
    ("trade", "2019-12-31", None, "/unvalued_orders/n", 7),
    ("trade", "2019-12-31", None, "/contracts/c130j-6-2008/high_usd", 1_200_000_000),
    ("trade", None, None, "/claims/claim-2018-07/contracts_then/gap_preferred_usd", -909_700_000),
    ("trade", None, None, "/claims_falling", []),  # "over 12" after 15 need not fall
    ("trade", None, None, "/claims/claim-2021-09/contracts_then/since_high_usd", 13_850_000_000),
    ("trade", None, None, "/claims/claim-2021-09/contracts_then/gap_high_usd", 9_653_000_000),
    ("trade", None, None, "/claims/claim-2018-07/contracts_then/gap_high_usd", "unknown"),
    ("trade", None, None, "/made_by_buyer/0/basis_points", 8275),
    ("trade", None, None, "/compilations/wider-orders/rows", 47),
    ("trade", None, None, "/compilations/wider-orders/counted", 30),
    ("trade", None, None, "/compilations/wider-orders/notified_only", 13),
    (
        "trade",
        None,
        None,
        "/compilations/wider-orders/not_counted",
        ["US-IN-2010-03", "US-IN-2017-01", "US-IN-2019-02", "US-IN-2020-03"],
    ),
    ("trade", None, None, "/compared/US-IN-2024-02/differ/value", {"here": 3_810_000_000, "there": 3_500_000_000}),
    ("trade", None, None, "/compared/US-IN-2020-02/differ", {"route": {"here": "hybrid", "there": "FMS"}}),
    ("trade", None, None, "/compared/US-IN-2006-01/agree", ["quantity", "signed"]),
    ("trade", None, None, "/stated_twice", []),
    ("trade", "2018-12-31", None, "/official_series/0/ref", "series-2008-total"),
    ("trade", "2018-12-31", None, "/official_series/4/ref", "series-fy2018-fms"),
    # Enablers
    ("enablers", None, None, "/instruments/aluav-pa/days_signed_to_announced", 35),
    ("enablers", None, None, "/instruments/dicf-agreement/days_signed_to_first_meeting", 267),
    ("enablers", None, None, "/instruments/isa/first_meeting", "isa-summit-01"),
    ("enablers", "2021-09-01", None, "/instruments/isa/days_signed_to_first_step", "unknown"),
    ("enablers", "2021-09-01", None, "/instruments/isa/days_since_signed_without_step", 623),
    ("enablers", None, None, "/instruments/rdte-moa/weaker", {"expires": "inferred"}),
    ("enablers", "2025-01-01", None, "/expiring/within_12_months", ["framework-2015"]),
    ("enablers", "2029-06-01", None, "/expiring/within_12_months", ["rdte-moa"]),
    ("enablers", "2026-02-10", None, "/expiring/expired", ["framework-2005", "framework-2015"]),
    ("enablers", None, None, "/outlived", []),
    ("enablers", None, None, "/instruments/soi-1/contents", "recorded"),
    # Events and differences
    ("events", "2018-12-31", None, "/by_category/sanctions", ["caatsa-enacted", "caatsa-waiver-2018"]),
    ("events", "2018-12-31", None, "/constraints/caatsa-231/waiver", "possible"),
    ("events", "2017-08-15", None, "/possible", ["caatsa-enacted"]),
    ("events", None, None, "/constraints/caatsa-231/waiver", "proposed"),
    ("events", None, None, "/by_year/2002", ["dpp-first"]),
    ("differences", None, None, "/by_record/instrument:soi-1", ["near-term-promise", "soi-1-date"]),
    ("differences", None, None, "/differences/soi-1-date/claims/a/preferred", True),
    (
        "differences",
        None,
        None,
        "/by_kind/body",
        ["12th-group", "cadence", "dicf-birth", "dicf-name", "irrc-start", "jet-engine-fate"],
    ),
    ("differences", None, "dicf", "/groups", {"leaning": ["dicf-birth"], "resolved": ["dicf-name"]}),
]


@pytest.mark.parametrize(
    ("name", "on", "body", "pointer", "expected"), ANSWERS, ids=[f"{row[0]}{row[3]}" for row in ANSWERS]
)
def test_the_record_answers(name: str, on: str | None, body: str | None, pointer: str, expected: Any) -> None:
    made = report(name, public_record(), on=date.fromisoformat(on) if on else None, body=body)
    assert at(made, pointer) == expected


@pytest.mark.parametrize("name", REPORTS)
def test_every_report_rests_on_named_records_and_sources_at_the_published_grade(name: str) -> None:
    made = report(name, public_record(), on=date(2022, 1, 1))
    assert made["uses"]
    assert made["sources"]
    assert set(made["grades"]) == {"published"}
    assert sum(made["grades"].values()) == len(made["uses"])


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("day", ["1990-01-01", "2012-06-15", "2019-10-24", "2040-01-01"])
def test_a_report_can_be_asked_about_any_day(name: str, day: str) -> None:
    made = report(name, public_record(), on=date.fromisoformat(day))
    assert made["on"] == day


def test_nothing_was_known_in_1990() -> None:
    before = date(1990, 1, 1)
    assert report("scorecard", public_record(), on=before)["counts"]["named"] == 0
    assert report("trade", public_record(), on=before)["contracts_against_claim"]["contracts"] == 0
    assert report("events", public_record(), on=before)["sequence"] == []
