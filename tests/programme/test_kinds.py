"""The rules of each kind: a content that stands, and for each rule a change that it refuses."""

import re
from datetime import date
from typing import Any

import pytest

from dtti.language.refusals import refusal_in
from dtti.programme.kind import Context
from dtti.programme.kinds import KINDS

MEASURE = {
    "name": "range",
    "unit": "km",
    "baseline": "not measured",
    "target": "100",
    "by": "2028",
    "shown_by": "A test.",
}
SEATS = [{"side": "IND", "user": "Army"}, {"side": "USA", "user": "Army"}]
ASSESSORS = [{"side": "IND", "office": "IND/post"}, {"side": "USA", "office": "USA/post"}]
USD = {"amount": 100}
ACTION = {"number": "1", "text": "Write.", "owners": [{"side": "IND", "office": "IND/post"}], "due": "2027-03-01"}

ASKED = {
    "stage": "screened",
    "words": "A sponsor",
    "id": "sponsor",
    "by": "That side",
    "how": "sponsors",
    "basis": "Ours.",
    "confidence": "inferred",
}

REFERENCE = "abcd-efgh-ijkl-mnop"

STANDING: dict[str, dict[str, Any]] = {
    "side": {"ref": "IND", "name": "India"},
    "office": {"ref": "IND/post", "side": "IND", "title": "Post", "start": "2015", "end": "2018"},
    "appointment": {
        "ref": "one",
        "office": "IND/post",
        "holder": "A",
        "capacity": "acting",
        "start": "2015",
        "end": "2018",
        "end_state": "ended",
        "attested": ["2016"],
    },
    "body": {"ref": "group", "name": "Group", "type": "task-force", "start": "2015", "co_chair_offices": ["IND/post"]},
    "roster": {"ref": "r", "as_of": "2021", "stated_count": 2, "bodies": ["a", "b"]},
    "meeting": {
        "ref": "m",
        "body": "group",
        "date": "2027-01-26",
        "end": "2027-01-27",
        "mode": "in-person",
        "status": "held",
        "host": "IND",
        "co_chairs": [{"side": "IND", "office": "IND/post", "holder": "A", "capacity": "acting"}],
        "actions": [ACTION],
        "agenda": [{"number": "1", "title": "x", "purpose": "review"}],
        "discussed": [{"item": "1", "text": "It went well."}],
        "decisions": [{"number": "1", "text": "Go on.", "item": "1"}],
        "discussion": "agreed",
        "phases": [
            {"phase": "drafted", "on": "2027-01-27"},
            {"phase": "circulated", "on": "2027-02"},
            {"phase": "agreed", "on": "2027-03"},
        ],
    },
    "measurement": {
        "ref": "r",
        "side": "IND",
        "project": "p",
        "definition": "s",
        "of_measure": "1",
        "date": "2027-01",
        "value": "44",
        "unit": "km",
        "office": "IND/post",
        "evidence": "source:S1",
    },
    "plan": {
        "ref": "n",
        "project": "p",
        "milestones": [{"number": "1", "name": "Review", "planned_first": "2027-03"}],
        "work_shares": [{"side": "IND", "basis_points": 6000}, {"side": "USA", "basis_points": 4000}],
        "costs": [
            {"side": "IND", "year": "2026-27", "form": "cash", "amount": 5, "currency": "INR"},
            {"side": "USA", "year": "FY2027", "form": "in-kind", "what": "Range time"},
        ],
    },
    "plan_report": {
        "ref": "o",
        "side": "IND",
        "project": "p",
        "plan": "n",
        "office": "IND/post",
        "date": "2027-02-01",
        "milestones": [{"milestone": "1", "forecast": "2027-04"}],
        "maturity": [{"scale": "trl", "level": 6, "assessor": "Laboratory", "assessed": "2027-01"}],
        "risks": [{"number": "1", "risk": "Rain.", "likelihood": "possible", "effect": "A season.", "owner": "IND"}],
    },
    "procedure": {
        "ref": "sop-2",
        "title": "Second",
        "follows": "sop-1",
        "basis": "Ours.",
        "rows": [ASKED, {**ASKED, "id": "later", "stage": "signed", "sides": ["IND", "USA"], "waivable": True}],
    },
    "delegation": {
        "ref": "d",
        "meeting": "m",
        "side": "IND",
        "members": [
            {"name": "A", "position": "Post", "role": "head", "visit_sent": "2027-01", "visit_granted": "2027-02"},
            {"name": "B", "position": "Post"},
        ],
    },
    "briefing": {
        "ref": "b",
        "meeting": "m",
        "side": "IND",
        "office": "IND/post",
        "questions": [{"number": "1", "question": "Go on?"}],
    },
    "press_release": {
        "ref": "pr",
        "meeting": "m",
        "side": "IND",
        "title": "They met",
        "on": "2027-01-27",
        "paragraphs": ["They met in Delhi."],
    },
    "constraint_view": {
        "ref": "v",
        "constraint": "c",
        "side": "IND",
        "office": "IND/post",
        "as_of": "2027-01-26",
        "view": "A waiver is not to be counted on.",
        "watched": [{"on": "2027-06", "text": "The yearly defence bill."}],
    },
    "progress": {
        "ref": "g",
        "project": "p",
        "body": "b",
        "on": "2027-01-26",
        "course": "behind",
        "text": "The yard waits.",
        "rests_on": ["meeting:m"],
    },
    "closure": {
        "ref": "p",
        "project": "p",
        "ending": "superseded",
        "ended": "2027-01-26",
        "reason": "duplicated",
        "successor": "q",
        "settled": [{"matter": "money", "state": "settled", "how": "Both paid their share."}],
    },
    "readout": {
        "ref": "r",
        "meeting": "m",
        "title": "Readout",
        "on": "2027-01-27",
        "paragraphs": ["They met."],
        "not_before": "2027-01-28T06:30:00Z",
        "announced": [{"side": "IND", "on": "2027-01-28"}],
    },
    "action_report": {
        "ref": "r",
        "side": "IND",
        "meeting": "m",
        "action": "1",
        "office": "IND/post",
        "holder": "A",
        "date": "2027-02-01",
        "state": "partly-met",
        "work_done": "Half of it is written.",
        "document": {"title": "Trial report", "number": "EX/31", "held_by": "Registry"},
        "later": "2027-04-01",
        "why": "The ranges answered late.",
    },
    "release_question": {
        "ref": "q",
        "side": "IND",
        "project": "aluav",
        "subject": "The net",
        "pipe": "low-observable",
        "of": "IND/post",
        "asked_by": "IND/post",
        "asked": "2027-01-10",
        "wanted_by": "2027-03-10",
        "answers": [
            {
                "answer": "yes-with-conditions",
                "on": "2027-02-01",
                "office": "IND/post",
                "conditions": "Drawings stay in the yard.",
                "until": "2028-02-01",
            }
        ],
    },
    "determination": {
        "ref": "d",
        "name": "Designation",
        "type": "designation",
        "by": "USA",
        "about": "IND",
        "on": "2016-06-07",
        "follows": [{"text": "Closer trade.", "regimes": ["eccn"]}],
    },
    "export_classification": {
        "ref": "x",
        "side": "USA",
        "project": "aluav",
        "item": "Winch",
        "regime": "eccn",
        "entry": "9A610.x",
        "office": "USA/post",
        "on": "2027-01",
        "why": "A part for a military aircraft.",
    },
    "export_authorisation": {
        "ref": "l",
        "side": "USA",
        "project": "aluav",
        "type": "licence",
        "number": "EX-050",
        "holder": "A firm",
        "item": "Winch",
        "issued": "2027-01-10",
        "expires": "2031-01-10",
        "territory": "India",
        "quantity": 10,
        "unit": "winches",
        "values": [{"amount": 100}],
        "used": [{"on": "2027-02", "quantity": 4, "values": [{"amount": 40}]}],
    },
    "ask": {
        "ref": "a",
        "side": "IND",
        "office": "IND/post",
        "of": "USA/post",
        "what": "comments",
        "about": "project:p",
        "text": "What do you say of it?",
        "asked_on": "2027-02-01",
        "wanted": "2027-02-15",
    },
    "ask_answer": {
        "ref": "b",
        "side": "IND",
        "ask": "a",
        "office": "USA/post",
        "given_on": "2027-02-10",
        "result": "given",
        "text": "We agree.",
        "letter": "US/17",
    },
    "delay": {
        "ref": "d",
        "side": "IND",
        "about": "project:p",
        "office": "IND/post",
        "reason": "funding",
        "start": "2027-02-01",
        "end": "2027-02-20",
    },
    "need": {"ref": "n", "type": "need", "side": "IND", "title": "See further", "user": "Navy", "capability": "Look."},
    "project": {
        "ref": "p",
        "name": "P",
        "first_named": "2027-01",
        "in_dtti": True,
        "cost": {
            "money": USD,
            "shares": [{"side": "IND", "basis_points": 5000}, {"side": "USA", "basis_points": 5000}],
        },
        "stages": [{"stage": "proposed", "entered": "2027-01"}, {"stage": "screened", "entered": "2027-02"}],
    },
    "national_case": {
        "ref": "nc",
        "side": "IND",
        "project": "p",
        "rules": "in-dpp-2016",
        "began": "2019-05",
        "office": "IND/post",
        "entry": {
            "step": "in-acq-necessity",
            "category": "buy-global",
            "route": "co-development",
            "office": "IND/post",
        },
        "closed": "2021",
    },
    "national_step": {
        "ref": "ns",
        "side": "USA",
        "project": "p",
        "rules": "us-agreement-1",
        "step": "us-congress",
        "office": "USA/post",
        "started": "2027-01-26",
        "done": "2027-02-01",
        "until": "2027-06",
        "awaits": [{"side": "IND", "step": "in-acq-requirement"}],
        "delays": [{"reason": "awaiting-legislature"}],
    },
    "success_definition": {
        "ref": "s",
        "project": "p",
        "problem": "Nobody sees far enough.",
        "end_users": SEATS,
        "measures": [MEASURE],
        "partial": "Half the range.",
        "failure": "No flight.",
        "assessors": ASSESSORS,
    },
    "instrument": {
        "ref": "i",
        "name": "Statement",
        "type": "statement-of-intent",
        "signed": "2027-01-26",
        "expires": "2030",
        "binding": "non-binding",
        "implementation": "in-use",
        "signatories": [{"side": "USA", "name": "B", "office": "USA/post", "capacity": "substantive"}],
        "lines_known": True,
        "line_count": 1,
        "lines": [{"project": "p", "horizon": "near"}],
    },
    "commitment": {"ref": "c", "text": "Finish it", "force": "firm", "made": "2027-01", "due": "2027-06"},
    "constraint": {
        "ref": "k",
        "name": "Sanctions",
        "type": "sanctions",
        "rules": [{"law": "An Act", "text": "Punishes dealings."}],
    },
    "event": {"ref": "e", "name": "Launch", "scope": "dtti", "category": "launch", "date": "2012"},
    "trade_contract": {
        "ref": "t",
        "item": "Aircraft",
        "quantity": 6,
        "signed": "2008-01-31",
        "stated_fiscal_year_usa": 2008,
        "value": {**USD, "measure": "contract-value"},
        "low": {"amount": 90, "measure": "contract-value"},
        "high": {"amount": 120, "measure": "contract-value"},
    },
    "trade_claim": {
        "ref": "claim",
        "as_of": "2019-12",
        "cumulative_since": "2008",
        "figure": {**USD, "measure": "claim"},
        "scope": "total",
    },
    "recommendation": {
        "ref": REFERENCE,
        "side": "IND",
        "title": "One list of test ranges",
        "text": "Publish which ranges are open to both.",
        "submitter": "Chamber of instruments (exercise)",
        "submitter_is": "association",
        "consulted": ["Member one"],
        "channel": "by-mail",
        "letter": "CI/7",
        "received_on": "2027-02-01",
        "public_title": "Test ranges",
        "public_summary": "A list of ranges.",
        "cleared": "2027-02-02",
        "steps": [
            {"reached": "considered", "on": "2027-02-03"},
            {"reached": "more-needed", "on": "2027-02-04", "note": "Which ranges?"},
            {"reached": "answered", "on": "2027-02-05"},
            {"reached": "to-co-chairs", "on": "2027-02-06"},
        ],
        "replies": [{"on": "2027-03", "text": "It is taken up."}],
    },
    "disposition": {
        "ref": f"disposition-{REFERENCE}",
        "side": "IND",
        "reference": REFERENCE,
        "public_title": "Test ranges",
        "public_summary": "A list of ranges.",
        "outcome": "group-agenda",
        "body": "group",
        "reasons": "It serves both sides.",
        "on": "2027-02-20",
    },
    "session": {
        "ref": "f-ind",
        "side": "IND",
        "meeting": "m",
        "guidance": "Bring figures.",
        "shown": "2027-01-20",
        "questions": [{"question": "Who?", "asked_on": "2027-01-21", "answer": "All.", "answered_on": "2027-01-22"}],
        "attended": [{"organisation": "Chamber of instruments (exercise)"}],
    },
    "contact": {
        "ref": "c",
        "side": "IND",
        "office": "IND/post",
        "holder": "A",
        "organisation": "Chamber of instruments (exercise)",
        "met_on": "2027-01-19",
        "how": "in-person",
        "topic": "How a recommendation is sent.",
    },
    "source": {"ref": "S1", "title": "Page", "url": "https://example.org/page"},
    "difference": {
        "ref": "d",
        "subject": "Day",
        "records": ["meeting:m"],
        "status": "resolved",
        "preferred": "a",
        "why": "The minutes say so.",
        "claims": [{"key": "a", "text": "26"}, {"key": "b", "text": "27"}],
    },
}

ANSWER = {"answer": "yes", "on": "2027-02-01", "office": "IND/post"}

BROKEN: list[tuple[str, dict[str, Any], str]] = [
    ("side", {"ref": "XYZ"}, "side-code"),
    ("office", {"ref": "USA/post"}, "office-side"),
    ("office", {"end": "2014"}, "office-dates"),
    ("appointment", {"end": "2014", "attested": ...}, "appointment-dates"),
    ("appointment", {"attested": ["2014"]}, "appointment-attested"),
    ("appointment", {"attested": ["2019"]}, "appointment-attested"),
    ("appointment", {"end_state": "holding"}, "appointment-end"),
    ("body", {"end": "2014"}, "body-dates"),
    ("body", {"states": [{"date": "2014", "state": "active"}]}, "body-dates"),
    ("body", {"parent": "group"}, "body-parent"),
    ("body", {"former_co_chair_offices": ["IND/post"]}, "body-co-chair"),
    ("roster", {"bodies": ["a", "b", "c"]}, "roster-count"),
    ("roster", {"bodies": ["a", "a"]}, "roster-once"),
    ("meeting", {"end": "2027-01-25"}, "meeting-dates"),
    ("meeting", {"mode": "virtual"}, "meeting-host"),
    ("meeting", {"host": "none"}, "meeting-host"),
    (
        "meeting",
        {"co_chairs": [{"side": "USA", "office": "IND/post", "holder": "A", "capacity": "acting"}]},
        "meeting-seat",
    ),
    ("meeting", {"decisions": [{"number": "1", "text": "x"}, {"number": "1", "text": "y"}]}, "meeting-decisions"),
    (
        "meeting",
        {
            "agenda": [
                {"number": "1", "title": "x", "purpose": "review"},
                {"number": "1", "title": "y", "purpose": "review"},
            ]
        },
        "meeting-agenda",
    ),
    ("meeting", {"actions": [ACTION, ACTION]}, "meeting-actions"),
    (
        "meeting",
        {"agenda": [{"number": "1", "title": "x", "purpose": "review", "carried": "m"}]},
        "meeting-carried",
    ),
    ("release_question", {"of": "USA/post"}, "release-question-office"),
    ("release_question", {"asked_by": "USA/post"}, "release-question-office"),
    ("release_question", {"wanted_by": "2026"}, "release-question-dates"),
    ("release_question", {"answers": [{**ANSWER, "office": "USA/post"}]}, "release-question-office"),
    ("release_question", {"answers": [{**ANSWER, "answer": "yes-with-conditions"}]}, "release-answer-conditions"),
    ("release_question", {"answers": [{**ANSWER, "conditions": "Some."}]}, "release-answer-conditions"),
    ("release_question", {"answers": [{**ANSWER, "on": "2026"}]}, "release-answer-dates"),
    ("release_question", {"answers": [{**ANSWER, "until": "2026"}]}, "release-answer-dates"),
    ("determination", {"follows": ...}, "determination-follows"),
    ("determination", {"until": "2015"}, "determination-dates"),
    ("export_classification", {"regime": "scomet", "entry": "6A010"}, "export-regime"),
    ("export_classification", {"entry": "VIII"}, "export-entry"),
    ("export_classification", {"office": "IND/post"}, "export-office"),
    ("export_classification", {"basis": "determined"}, "export-determined"),
    ("export_authorisation", {"expires": "2026"}, "export-dates"),
    ("export_authorisation", {"unit": ...}, "export-unit"),
    ("export_authorisation", {"values": [{"amount": 1, "currency": "INR"}] * 2}, "export-currency"),
    ("export_authorisation", {"used": [{"on": "2027-02"}]}, "export-used"),
    ("export_authorisation", {"used": [{"on": "2026", "quantity": 1}]}, "export-used"),
    (
        "export_authorisation",
        {"used": [{"on": "2027-02", "quantity": 4}, {"on": "2027-03", "quantity": 3}]},
        "export-used-order",
    ),
    (
        "export_authorisation",
        {"used": [{"on": "2027-02", "values": [{"amount": 4}]}, {"on": "2027-03", "values": [{"amount": 3}]}]},
        "export-used-order",
    ),
    ("ask", {"office": "USA/post", "of": "USA/desk"}, "ask-office"),
    ("ask", {"of": "IND/post"}, "ask-of"),
    ("ask", {"wanted": "2027-01-31"}, "ask-wanted"),
    ("ask", {"withdrawn": "2027-01-31"}, "ask-withdrawn"),
    ("ask_answer", {"letter": ...}, "ask-answer-letter"),
    ("ask_answer", {"office": "IND/post", "letter": ..., "text": ...}, "ask-answer-text"),
    ("delay", {"end": "2027-01-31"}, "delay-dates"),
    ("delay", {"office": "USA/post"}, "delay-office"),
    ("delay", {"reason": "bad-weather"}, "delay-reason"),
    ("action_report", {"action": ...}, "action-report-of"),
    ("action_report", {"commitment": "c"}, "action-report-of"),
    ("action_report", {"office": "USA/post"}, "action-report-office"),
    ("action_report", {"work_done": ...}, "action-report-done"),
    ("action_report", {"state": "met"}, "action-report-later"),
    ("action_report", {"verifies": "q"}, "action-report-later"),
    ("action_report", {"why": ...}, "action-report-why"),
    ("action_report", {"verifies": "q", "later": ..., "why": ...}, "action-report-why"),
    ("action_report", {"verifies": "r", "later": ...}, "action-report-verifier"),
    ("meeting", {"opens": "2027-13-26T04:30:00Z"}, "content-hour"),
    ("meeting", {"opens": "2027-02-30T04:30:00Z"}, "content-hour"),
    ("meeting", {"opens": "9999-12-31T23:59:59Z"}, "content-hour"),
    ("readout", {"not_before": "2027-01-26T24:30:00Z"}, "content-hour"),
    ("meeting", {"discussed": [{"item": "2", "text": "It went well."}]}, "meeting-item"),
    ("meeting", {"decisions": [{"number": "1", "text": "Go on.", "item": "7"}]}, "meeting-item"),
    ("meeting", {"discussed": [{"item": "1", "text": "It went well."}] * 2}, "meeting-item"),
    ("meeting", {"discussion": "circulated"}, "meeting-phase"),
    ("meeting", {"status": "planned"}, "meeting-phase"),
    ("meeting", {"phases": [{"phase": "locked"}], "discussion": "locked"}, "meeting-phase"),
    ("meeting", {"phases": [{"phase": "circulated"}, {"phase": "drafted"}], "discussion": "drafted"}, "meeting-phase"),
    (
        "meeting",
        {"phases": [{"phase": "drafted", "on": "2027-05"}, {"phase": "agreed", "on": "2027-04"}]},
        "meeting-phase",
    ),
    ("meeting", {"phases": [{"phase": "agreed", "on": "2026"}]}, "meeting-phase"),
    ("delegation", {"members": [{"name": "A", "position": "x"}, {"name": "A", "position": "y"}]}, "delegation-member"),
    (
        "delegation",
        {"members": [{"name": each, "position": "x", "role": "head"} for each in "AB"]},
        "delegation-head",
    ),
    (
        "delegation",
        {"members": [{"name": "A", "position": "x", "visit_sent": "2027-03", "visit_granted": "2027-02"}]},
        "delegation-visit",
    ),
    ("briefing", {"questions": [{"number": "1", "question": "Go on?"}] * 2}, "briefing-question"),
    ("briefing", {"office": "USA/post"}, "briefing-office"),
    ("progress", {"rests_on": ...}, "progress-rests"),
    ("closure", {"ref": "other"}, "closure-ref"),
    ("closure", {"by": "IND"}, "closure-by"),
    ("closure", {"ending": "withdrawn"}, "closure-by"),
    ("closure", {"successor": ...}, "closure-successor"),
    ("closure", {"successor": "p"}, "closure-successor"),
    ("closure", {"ending": "converted"}, "closure-became"),
    ("closure", {"became": "A sale."}, "closure-became"),
    ("closure", {"settled": [{"matter": "money", "state": "open"}]}, "closure-settled"),
    ("closure", {"settled": [{"matter": "money", "state": "none"}] * 2}, "closure-settled"),
    ("measurement", {"of_measure": ..., "value": ..., "unit": ...}, "reading-of"),
    ("measurement", {"final": "success", "of_measure": ..., "value": ..., "unit": ...}, "reading-why"),
    ("measurement", {"final": "success", "of_measure": ..., "note": "So."}, "reading-value"),
    ("measurement", {"value": ...}, "reading-value"),
    ("measurement", {"found": "yes"}, "reading-value"),
    ("measurement", {"evidence": ...}, "reading-shown"),
    ("measurement", {"office": "USA/post"}, "reading-office"),
    ("plan", {"milestones": ...}, "plan-milestones"),
    (
        "plan",
        {"milestones": [{"number": "1", "name": name, "planned_first": "2027"} for name in "ab"]},
        "plan-milestones",
    ),
    (
        "plan",
        {"milestones": [{"number": "1", "name": "a", "planned_first": "2027", "planned_now": "2028"}]},
        "plan-original",
    ),
    ("plan", {"work_shares": [{"side": "IND", "basis_points": 6000}]}, "plan-shares"),
    ("plan", {"costs": ...}, "plan-costs"),
    (
        "plan",
        {
            "costs": [
                {"side": side, "year": "FY2027", "form": "cash", "amount": 1, "currency": "INR"}
                for side in ("IND", "USA")
            ]
        },
        "plan-fiscal-year",
    ),
    (
        "plan",
        {
            "costs": [
                {"side": "IND", "year": "2026-28", "form": "in-kind", "what": "A range"},
                {"side": "USA", "year": "FY2027", "form": "in-kind", "what": "A range"},
            ]
        },
        "plan-fiscal-year",
    ),
    *(
        (
            "plan",
            {
                "costs": [
                    {"side": "IND", "year": "2026-27", **line},
                    {"side": "USA", "year": "FY2027", "form": "in-kind", "what": "A range"},
                ]
            },
            "plan-cost-line",
        )
        for line in (
            {"form": "cash", "amount": 1},
            {"form": "cash", "currency": "INR"},
            {"form": "cash"},
            {"form": "in-kind"},
        )
    ),
    ("plan_report", {"milestones": ..., "maturity": ..., "risks": ...}, "plan-report-says"),
    ("plan_report", {"office": "USA/post"}, "plan-report-office"),
    ("plan_report", {"milestones": [{"milestone": "1", "forecast": "2027-04"}] * 2}, "plan-report-milestone"),
    ("plan_report", {"milestones": [{"milestone": "1"}]}, "plan-report-one"),
    ("plan_report", {"milestones": [{"milestone": "1", "forecast": "2028", "actual": "2027-01"}]}, "plan-report-one"),
    ("plan_report", {"milestones": [{"milestone": "1", "actual": "2027-03"}]}, "plan-report-actual"),
    (
        "plan_report",
        {"maturity": [{"scale": "trl", "level": 10, "assessor": "L", "assessed": "2027-01"}]},
        "plan-report-maturity",
    ),
    (
        "plan_report",
        {"maturity": [{"scale": "mrl", "level": 10, "assessor": "L", "assessed": "2027-03"}]},
        "plan-report-maturity",
    ),
    (
        "plan_report",
        {"risks": [{"number": "1", "risk": "x", "likelihood": "likely", "effect": "y", "owner": "USA"}] * 2},
        "plan-report-risk",
    ),
    (
        "success_definition",
        {"measures": [{**MEASURE, "direction": "at-least", "target": "far"}]},
        "success-measure-figure",
    ),
    ("success_definition", {"measures": [{**MEASURE, "partly_from": "50"}]}, "success-measure-partly"),
    *(
        (
            "success_definition",
            {"measures": [{**MEASURE, "direction": direction, "partly_from": figure}]},
            "success-measure-partly",
        )
        for direction, figure in (("at-least", "100"), ("at-most", "99.5"))
    ),
    (
        "success_definition",
        {"measures": [{**MEASURE, "number": "1"}, {**MEASURE, "number": "1", "name": "height"}]},
        "success-measures",
    ),
    ("readout", {"paragraphs": []}, "readout-text"),
    ("readout", {"announced": [{"side": "IND", "on": "2027-01-28"}] * 2}, "readout-announced"),
    ("readout", {"announced": [{"side": "IND", "on": "2027-01-27"}]}, "readout-embargo"),
    ("need", {"user": ...}, "need-user"),
    ("need", {"outlays": [{"year": "FY2028", "money": {"amount": 1, "currency": "INR"}}]}, "need-outlays"),
    ("need", {"outlays": [{"year": "2027-28", "money": {"amount": 1, "currency": "INR"}}] * 2}, "need-outlays"),
    ("need", {"answers": ["n"]}, "need-pair"),
    ("need", {"status": "nominated"}, "need-project"),
    ("project", {"statements": [{"date": "2026", "status": "named"}]}, "project-dates"),
    ("procedure", {"ref": "IND/second"}, "procedure-name"),
    ("procedure", {"ref": "Second"}, "procedure-name"),
    ("procedure", {"follows": "sop-2"}, "procedure-follows"),
    ("procedure", {"rows": []}, "procedure-rows"),
    ("procedure", {"rows": [ASKED, ASKED]}, "procedure-rows"),
    ("procedure", {"rows": [{**ASKED, "sides": ["IND", "IND"]}]}, "procedure-rows"),
    ("procedure", {"rows": [{**ASKED, "paths": ["sale-linked", "sale-linked"]}]}, "procedure-rows"),
    ("procedure", {"rows": [ASKED, {**ASKED, "id": "earlier", "stage": "proposed"}]}, "procedure-order"),
    ("procedure", {"rows": [{**ASKED, "waivable": True, "unless": True}]}, "procedure-unless"),
    ("project", {"continues": ["p"]}, "project-continues"),
    ("project", {"cost": {"money": USD, "shares": [{"side": "IND", "basis_points": 4000}]}}, "project-shares"),
    (
        "project",
        {"stages": [{"stage": "screened", "entered": "2027-01"}, {"stage": "proposed", "entered": "2027-02"}]},
        "project-stages",
    ),
    (
        "project",
        {"stages": [{"stage": "proposed", "entered": "2028"}, {"stage": "screened", "entered": "2027"}]},
        "project-stages",
    ),
    (
        "project",
        {"horizons": [{"statement": "i", "horizon": "near"}, {"statement": "i", "horizon": "mid"}]},
        "project-horizons",
    ),
    ("national_case", {"rules": "us-agreement-1"}, "case-rules"),
    ("national_case", {"rules": "in-dpp-1993"}, "case-rules"),
    ("national_case", {"began": "2020-10-01"}, "case-rules"),
    ("national_case", {"closed": "2018"}, "case-dates"),
    ("national_case", {"authority": "10-usc-1"}, "case-authority"),
    ("national_case", {"office": "USA/post"}, "case-office"),
    ("national_case", {"entry": {"step": "us-congress", "office": "IND/post"}}, "case-entry"),
    ("national_case", {"entry": {"step": "in-acq-rfp", "category": "buy-moon", "office": "IND/post"}}, "case-entry"),
    ("national_case", {"entry": {"step": "in-acq-rfp", "route": "single-vendor", "office": "IND/post"}}, "case-entry"),
    ("national_case", {"entry": {"step": "in-acq-rfp"}}, "case-entry"),
    ("national_case", {"entry": {"step": "in-acq-rfp", "office": "USA/post"}}, "case-office"),
    ("national_step", {"step": "in-acq-rfp"}, "step-of-rules"),
    ("national_step", {"side": "IND", "office": "IND/post"}, "step-of-rules"),
    ("national_step", {"done": "2027-01-25"}, "step-dates"),
    ("national_step", {"until": "2027-01"}, "step-dates"),
    ("national_step", {"started": ..., "done": ..., "until": ...}, "step-said"),
    ("national_step", {"not_needed": "It is small."}, "step-said"),
    ("national_step", {"done": ..., "expected": "2027-03"}, "step-done"),
    ("national_step", {"done": ..., "until": ..., "silent": True}, "step-done"),
    ("national_step", {"office": "IND/post"}, "step-office"),
    ("national_step", {"awaits": [{"side": "USA", "step": "us-congress"}]}, "step-awaits"),
    ("national_step", {"awaits": [{"side": "USA", "step": "in-acq-rfp"}]}, "step-awaits"),
    ("success_definition", {"measures": ...}, "success-measures"),
    ("success_definition", {"measures": [MEASURE, MEASURE]}, "success-measures"),
    ("success_definition", {"measures": [{"name": "range"}]}, "success-measure-whole"),
    ("success_definition", {"end_users": SEATS[:1]}, "success-users"),
    ("success_definition", {"assessors": ASSESSORS[1:]}, "success-assessors"),
    (
        "success_definition",
        {"assessors": [*ASSESSORS, {"side": "IND", "office": "USA/post"}]},
        "success-assessors",
    ),
    ("success_definition", {"failure": ...}, "success-bounds"),
    ("instrument", {"expires": "2026"}, "instrument-dates"),
    ("instrument", {"first_step": "2027-01-25"}, "instrument-dates"),
    ("instrument", {"text_agreed": "2027-02"}, "instrument-dates"),
    ("instrument", {"parent": "i"}, "instrument-parent"),
    (
        "instrument",
        {"signatories": [{"side": "IND", "name": "B", "office": "USA/post", "capacity": "substantive"}]},
        "instrument-signatory",
    ),
    ("instrument", {"line_count": 2}, "instrument-line-count"),
    ("instrument", {"lines_known": False, "line_count": ...}, "instrument-lines"),
    ("instrument", {"lines_known": ...}, "instrument-lines"),
    ("instrument", {"type": "framework"}, "instrument-lines"),
    (
        "instrument",
        {"lines": [{"project": "p", "horizon": "near"}] * 2, "line_count": 2},
        "instrument-lines",
    ),
    ("instrument", {"clauses": [{"number": "1", "text": "x", "state": "agreed"}] * 2}, "instrument-clauses"),
    ("instrument", {"shares": [{"side": "IND", "basis_points": 9000}]}, "instrument-shares"),
    ("commitment", {"due": "2026"}, "commitment-dates"),
    ("commitment", {"due": ...}, "commitment-due"),
    ("commitment", {"statements": [{"date": "2027-05", "status": "met"}]}, "commitment-evidence"),
    ("constraint", {"rules": ...}, "constraint-rule"),
    (
        "constraint",
        {
            "exposed": [
                {
                    "text": "x",
                    "low": {"amount": 110, "measure": "contract-value"},
                    "value": {**USD, "measure": "contract-value"},
                }
            ]
        },
        "constraint-stake",
    ),
    ("press_release", {"paragraphs": []}, "release-text"),
    ("constraint_view", {"office": "USA/post"}, "view-office"),
    ("constraint_view", {"watched": [{"on": "2027-06", "text": "x", "looked": "2026"}]}, "watch-dates"),
    ("trade_contract", {"value": USD}, "trade-measure"),
    ("trade_contract", {"value": {**USD, "measure": "notified-ceiling"}}, "trade-ceiling"),
    ("trade_contract", {"low": {"amount": 110, "measure": "contract-value"}}, "trade-range"),
    ("trade_contract", {"assembled_by_buyer": 7}, "trade-assembled"),
    ("trade_contract", {"same_as": "t"}, "trade-same"),
    ("trade_contract", {"stated_fiscal_year_usa": 2009}, "trade-fiscal-year"),
    ("trade_claim", {"fiscal_years": "FY2019"}, "claim-period"),
    ("trade_claim", {"as_of": ...}, "claim-period"),
    ("trade_claim", {"cumulative_since": "2020"}, "claim-dates"),
    ("trade_claim", {"figure": USD}, "claim-measure"),
    ("meeting", {"before": "m"}, "meeting-before"),
    ("recommendation", {"ref": "rec-0007"}, "recommendation-reference"),
    ("recommendation", {"consulted": ...}, "recommendation-consulted"),
    ("recommendation", {"letter": ...}, "recommendation-letter"),
    ("recommendation", {"channel": "at-session"}, "recommendation-session"),
    ("recommendation", {"cleared": ...}, "recommendation-public"),
    ("recommendation", {"replies": [{"on": "2027-01", "text": "No."}]}, "recommendation-reply"),
    ("recommendation", {"steps": [{"reached": "considered", "on": "2027-01-03"}]}, "recommendation-steps"),
    ("recommendation", {"steps": [{"reached": "more-needed", "on": "2027-02-03"}]}, "recommendation-steps"),
    ("recommendation", {"steps": [{"reached": "answered", "on": "2027-02-03"}]}, "recommendation-steps"),
    (
        "recommendation",
        {"steps": [{"reached": each, "on": "2027-02-03"} for each in ("considered", "answered")]},
        "recommendation-steps",
    ),
    (
        "recommendation",
        {"steps": [{"reached": each, "on": "2027-02-03"} for each in ("withdrawn", "considered")]},
        "recommendation-steps",
    ),
    (
        "recommendation",
        {"steps": [{"reached": "considered", "on": f"2027-02-0{day}"} for day in (4, 3)]},
        "recommendation-steps",
    ),
    ("disposition", {"ref": "disposition-1"}, "disposition-reference"),
    ("disposition", {"body": ...}, "disposition-to"),
    ("disposition", {"outcome": "to-project"}, "disposition-to"),
    ("session", {"questions": [{"question": "Who?", "answered_on": "2027-01-22"}]}, "session-answer"),
    (
        "session",
        {"questions": [{"question": "Who?", "asked_on": "2027-02", "answer": "All.", "answered_on": "2027-01-22"}]},
        "session-answer",
    ),
    ("session", {"guidance": ..., "questions": ...}, "session-shown"),
    ("contact", {"office": "USA/post"}, "contact-office"),
    ("source", {"url": "javascript:alert(1)"}, "source-address"),
    ("difference", {"claims": [{"key": "a", "text": "26"}]}, "difference-claims"),
    ("difference", {"claims": [{"key": "a", "text": "26"}, {"key": "a", "text": "27"}]}, "difference-keys"),
    ("difference", {"preferred": "c"}, "difference-preferred"),
    ("difference", {"preferred": ...}, "difference-preferred"),
    ("difference", {"status": "open"}, "difference-open"),
    ("difference", {"records": []}, "difference-records"),
    (
        "difference",
        {
            "claims": [
                {"key": "a", "text": "26", "dates": [{"record": "event:x", "field": "date", "when": "2026"}]},
                {"key": "b", "text": "27"},
            ]
        },
        "difference-dates",
    ),
]


#: Three words of a sentence in a row; codes and names of fields stay English.
ENGLISH = re.compile(r"\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b")


def broken_rules(kind: str, stored: dict[str, Any], context: Context | None = None) -> set[str]:
    descriptor = KINDS[kind]
    refusals = descriptor.rules(descriptor.read(stored), context or Context())
    assert all(refusal.reason and refusal.remedy for refusal in refusals)
    for said in (each for refusal in refusals for each in (refusal.reason, refusal.remedy)):
        assert not ENGLISH.search(refusal_in("hi", said)), said
    return {refusal.rule for refusal in refusals}


@pytest.mark.parametrize("kind", STANDING)
def test_a_whole_content_stands(kind: str) -> None:
    assert broken_rules(kind, STANDING[kind]) == set()


def test_every_kind_has_an_example() -> None:
    assert set(STANDING) == set(KINDS)


@pytest.mark.parametrize(
    ("kind", "change", "rule"), BROKEN, ids=[f"{rule}-{n}" for n, (_, _, rule) in enumerate(BROKEN)]
)
def test_a_change_that_breaks_a_rule_is_refused_by_that_rule_alone(
    kind: str, change: dict[str, Any], rule: str
) -> None:
    """`...` takes a member out."""
    stored = {key: value for key, value in {**STANDING[kind], **change}.items() if value is not ...}
    assert broken_rules(kind, stored) == {rule}


def test_an_action_keeps_its_first_due_date_for_ever() -> None:
    meeting = KINDS["meeting"]
    before = meeting.read(STANDING["meeting"])
    moved = {**STANDING["meeting"], "actions": [{**ACTION, "due": "2027-06-01"}]}
    gone = {key: value for key, value in STANDING["meeting"].items() if key != "actions"}
    later = {**STANDING["meeting"], "actions": [{**ACTION, "due_now": "2027-06-01"}]}
    context = Context(previous=before)
    assert broken_rules("meeting", moved, context) == {"meeting-action-due"}
    assert broken_rules("meeting", gone, context) == {"meeting-action-due"}
    assert broken_rules("meeting", later, context) == set()


def test_a_commitment_keeps_its_first_due_date_for_ever() -> None:
    before = KINDS["commitment"].read(STANDING["commitment"])
    later = {**STANDING["commitment"], "due": "2027-12"}
    assert broken_rules("commitment", later, Context(previous=before)) == {"commitment-original-due"}
    assert broken_rules("commitment", STANDING["commitment"], Context(previous=before)) == set()


def test_dates_known_in_part_are_refused_only_where_no_reading_is_in_order() -> None:
    office = STANDING["office"]
    assert broken_rules("office", {**office, "start": "2018", "end": "2018-01"}) == set()
    assert broken_rules("office", {**office, "start": "2018-02", "end": "2018-01"}) == {"office-dates"}


def test_the_indigenous_share_of_a_contract_is_stated_from_the_second_rule_set_on() -> None:
    stored = STANDING["trade_contract"] | {"indigenous": 6_000}
    assert broken_rules("trade_contract", stored, Context(rules="dtti_1")) == {"trade-indigenous"}
    assert broken_rules("trade_contract", stored, Context(rules="dtti_2")) == set()
    assert broken_rules("trade_contract", stored) == set()


@pytest.mark.parametrize(("kind", "rule"), [("national_case", "case-same"), ("national_step", "step-same")])
def test_a_case_and_a_step_stay_on_their_project(kind: str, rule: str) -> None:
    context = Context(previous=KINDS[kind].read(STANDING[kind]))
    assert broken_rules(kind, STANDING[kind], context) == set()
    assert broken_rules(kind, {**STANDING[kind], "project": "q"}, context) == {rule}


def test_a_case_stays_under_the_rules_with_which_it_began() -> None:
    first = STANDING["national_case"]
    later = {key: value for key, value in first.items() if key != "closed"} | {
        "rules": "in-dap-2020",
        "began": "2020-10-01",
    }
    assert broken_rules("national_case", later) == set()
    context = Context(previous=KINDS["national_case"].read(first))
    assert broken_rules("national_case", later, context) == {"case-rules-kept"}


def test_a_step_of_the_older_procedure_does_not_pass_into_the_newer() -> None:
    step = {"ref": "s", "side": "IND", "project": "p", "rules": "in-dpp-2016", "step": "in-acq-rfp", "done": "2019"}
    context = Context(previous=KINDS["national_step"].read(step))
    assert broken_rules("national_step", {**step, "rules": "in-dap-2020"}, context) == {"case-rules-kept"}


def test_a_step_is_not_told_as_past_before_its_day() -> None:
    kind = KINDS["national_step"]
    step = kind.read({**STANDING["national_step"], "until": "2027-06"})
    assert {each.rule for each in kind.ahead(step, date(2027, 1, 31))} == {"step-ahead"}
    assert kind.ahead(step, date(2027, 2, 1)) == []


STONE = {"number": "1", "name": "Review", "planned_first": "2027-03"}
WHY = {"date": "2027-02", "why": "A second supplier."}


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"milestones": [{**STONE, "planned_first": "2027-05"}], "rebaselined": [WHY]}, "plan-original"),
        ({"milestones": [{**STONE, "number": "2"}]}, "plan-original"),
        ({"milestones": [STONE, {**STONE, "number": "2", "planned_now": "2027-09"}]}, "plan-original"),
        ({"milestones": [{**STONE, "planned_now": "2027-05"}]}, "plan-rebaselined"),
    ],
)
def test_a_plan_keeps_the_dates_first_agreed_for_ever_and_says_why_one_is_moved(
    change: dict[str, Any], rule: str
) -> None:
    before = KINDS["plan"].read(STANDING["plan"])
    assert broken_rules("plan", {**STANDING["plan"], **change}, Context(previous=before)) == {rule}


def test_a_plan_whose_dates_both_moved_shows_both_and_its_reasons_stay() -> None:
    before = KINDS["plan"].read(STANDING["plan"])
    moved = {**STANDING["plan"], "milestones": [{**STONE, "planned_now": "2027-05"}], "rebaselined": [WHY]}
    assert broken_rules("plan", moved, Context(previous=before)) == set()
    after = Context(previous=KINDS["plan"].read(moved))
    assert broken_rules("plan", moved, after) == set()
    assert broken_rules("plan", {**moved, "rebaselined": [{**WHY, "why": "Rain."}]}, after) == {"plan-rebaselined"}
    again = {**moved, "milestones": [{**STONE, "planned_now": "2027-07"}]}
    assert broken_rules("plan", again, after) == {"plan-rebaselined"}
    whole = {**again, "rebaselined": [WHY, {**WHY, "date": "2027-04"}]}
    assert broken_rules("plan", whole, after) == set()
    dropped = {**moved, "milestones": [{**STONE, "planned_now": "2027-05", "dropped": "Not needed."}]}
    assert broken_rules("plan", dropped, after) == set()


def test_measures_with_numbers_and_plans_wait_for_the_rule_set_that_has_them() -> None:
    old = Context(rules="dtti_1")
    numbered = {**STANDING["success_definition"], "measures": [{**MEASURE, "number": "1", "direction": "at-least"}]}
    assert broken_rules("success_definition", numbered) == set()
    assert broken_rules("success_definition", numbered, old) == {"success-measure-rules"}
    assert broken_rules("project", {**STANDING["project"], "plan": "n"}, old) == {"project-answers-rules"}
