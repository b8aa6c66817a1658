"""The staged meetings of the Exercise Group: a record of discussion that was agreed, and the next meeting prepared.

The second meeting has its record of discussion and a readout cleared by both; the third has an agreed agenda, a
delegation on each side (the host's guest list still national) and a brief that stays inside India.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dtti.node.core.draft import new_record
from dtti.node.core.visibility import Viewer
from dtti.node.record import read

from .pair import Desk

if TYPE_CHECKING:
    from .exercise import Exercise

CHAIRS = (
    ("IND", "IND/ex-secretary", "Meera Anand", "Secretary, Exercise Department of Production"),
    ("USA", "USA/ex-under-secretary", "Laura Whitfield", "Under Secretary, Exercise Acquisition"),
)


def stage(exercise: Exercise, days: float) -> None:
    """Stage both meetings, beginning so many days before now."""
    held(exercise, days)
    ahead(exercise, days - 6)


def _now(desk: Desk, record: str) -> dict[str, Any]:
    state = read.state(desk.node, Viewer(desk.side, national=True), record)
    return dict(state[1]) if state else {}


def _co_chairs() -> list[dict[str, Any]]:
    return [
        {"side": side, "office": office, "holder": holder, "capacity": "substantive"}
        for side, office, holder, _title in CHAIRS
    ]


def held(exercise: Exercise, days: float) -> None:
    """The record of discussion of the second meeting, corrected once and agreed; its readout, cleared by both."""
    clock, pair = exercise.clock, exercise.pair
    clock.ago(days)
    record = exercise.records["meeting-2"]
    text = _now(exercise.usa_sec, record)
    text |= {
        "co_chairs": _co_chairs(),
        "agenda": [
            {"number": "1", "title": "Opening and adoption of the agenda", "purpose": "decision", "minutes": 15},
            {
                "number": "2",
                "title": "Needs and offers of both sides",
                "purpose": "review",
                "asked_by": "USA",
                "minutes": 45,
                "papers": ["need:ex-in-7", "need:ex-us-31"],
            },
            {
                "number": "3",
                "title": "Shipboard drone recovery net: what success is",
                "purpose": "decision",
                "asked_by": "IND",
                "minutes": 60,
                "papers": ["project:ex-net", "success_definition:ex-net-success"],
            },
        ],
        "present": [{"side": side, "name": name, "position": title} for side, _ref, name, title in CHAIRS],
        "discussed": [
            {"item": "1", "text": "The co-chairs opened the meeting. The agenda was adopted without change."},
            {
                "item": "2",
                "text": "Both sides laid their needs and offers side by side. Two pairs fit.\n"
                "The Indian side asked that the timing of an offer be stated with it.",
            },
            {
                "item": "3",
                "text": "The measures were read out one by one. The United States side asked for a weighing by both "
                "sides; this was taken in.",
            },
        ],
        "decisions": [
            {
                "number": "EG/2/D1",
                "text": "The success definition of the recovery net is the one on which both sides agreed.",
                "item": "3",
            },
            {"number": "EG/2/D2", "text": "Each offer states when it can be had.", "item": "2"},
        ],
        "reserved": [
            {"side": "USA", "text": "The United States side reserves its view on the weight until the trial."}
        ],
        "discussion": "agreed",
        "phases": [
            {"phase": "drafted", "on": clock.day(-190), "by": "USA"},
            {"phase": "circulated", "on": clock.day(-186), "by": "USA"},
            {"phase": "corrected", "on": clock.day(-172), "by": "IND", "note": "Item 2, the second sentence."},
            {"phase": "agreed", "on": clock.day(-days)},
        ],
        "file_numbers": [
            {"side": "IND", "number": "EX-21(4)/2026-DIP"},
            {"side": "USA", "number": "EX-A&S-2026-0871"},
        ],
    }
    exercise.usa_sec.propose(record, text, base=1)
    pair.swap()
    clock.ago(days - 1)
    exercise.ind_sec.accept(record)
    pair.swap()
    readout = exercise.new("readout", "readout", "USA")
    exercise.usa_sec.propose(
        readout,
        {
            "ref": "ex-group-02-readout",
            "meeting": "ex-group-02",
            "title": "Joint readout of the second meeting of the Exercise Group",
            "on": text["date"],
            "paragraphs": [
                "The Exercise Group met for the second time, in Washington. It was co-chaired by the Secretary of the "
                "Exercise Department of Production and the Under Secretary for Exercise Acquisition.",
                "The co-chairs agreed what success is for a shipboard drone recovery net, and that each offer states "
                "when it can be had.",
            ],
        },
    )
    pair.swap()
    exercise.ind_sec.accept(readout)
    pair.swap()


def ahead(exercise: Exercise, days: float) -> None:
    """The third meeting: its agenda agreed, a delegation on each side, what India's office advises its co-chair."""
    clock, pair = exercise.clock, exercise.pair
    clock.ago(days)
    record = exercise.new("meeting-3", "meeting", "IND")
    exercise.ind_sec.propose(
        record,
        {
            "ref": "ex-group-03",
            "body": "ex-group",
            "number": 3,
            "date": clock.day(24),
            "opens": f"{clock.day(24)}T04:30:00Z",
            "zone": "Asia/Kolkata",
            "mode": "in-person",
            "status": "planned",
            "host": "IND",
            "place": "New Delhi",
            "co_chairs": _co_chairs(),
            "follows": "ex-group-02",
            "agenda": [
                {"number": "1", "title": "Opening and adoption of the agenda", "purpose": "decision", "minutes": 15},
                {
                    "number": "2",
                    "title": "Shipboard drone recovery net: from shaping to commitment",
                    "purpose": "decision",
                    "asked_by": "IND",
                    "presenter": "Cdr. Arjun Rao",
                    "minutes": 45,
                    "papers": ["project:ex-net", "success_definition:ex-net-success"],
                },
                {
                    "number": "3",
                    "title": "Shared sea-floor survey format: is it nominated?",
                    "purpose": "decision",
                    "asked_by": "USA",
                    "presenter": "Daniel Ortega",
                    "minutes": 30,
                    "papers": ["EX/EG/3/P-03 Survey formats in use"],
                },
                {
                    "number": "4",
                    "title": "Timing of offers",
                    "purpose": "review",
                    "note": "Left open at the second meeting.",
                    "minutes": 20,
                    "carried": "ex-group-02",
                    "carried_number": "2",
                },
            ],
            "file_numbers": [{"side": "IND", "number": "EX-21(7)/2026-DIP"}],
        },
        days=10,
    )
    pair.swap()
    exercise.usa_sec.accept(record)
    pair.swap()
    _delegation(exercise.usa_sec, "USA", "Laura Whitfield", CHAIRS[1][3], "Daniel Ortega", clock.day(-days), "released")
    pair.swap()
    _delegation(exercise.ind_sec, "IND", "Meera Anand", CHAIRS[0][3], "Cdr. Arjun Rao", "", "national")
    exercise.ind_sec.state(
        "briefing",
        {
            "ref": "ex-group-03-brief-ind",
            "meeting": "ex-group-03",
            "side": "IND",
            "office": "IND/ex-secretary",
            "opening": "Third meeting of the Exercise Group, New Delhi: the net is ready, the survey is not.",
            "questions": [
                {
                    "number": "1",
                    "question": "Does the Group move the recovery net to commitment?",
                    "background": "Success is agreed; both sides name a path into service.",
                    "options": ["Yes, with a date", "Yes, without a date", "At the next meeting"],
                    "recommended": "Yes, with a date: the refit of the first corvette waits for it.",
                    "otherwise": "The refit goes on without the net, and the next one is in two years.",
                }
            ],
            "advice": ["The United States side may raise the weight of the kit; its reservation is in the record."],
        },
        new_record("briefing", "IND"),
        ledger="national",
    )
    pair.swap()


def _delegation(desk: Desk, side: str, head: str, post: str, officer: str, visits: str, ledger: str) -> None:
    """One side's list: its head, its officer, an interpreter."""
    visit = {"visit": f"EX-RFV-{side}-01", "visit_sent": visits} if visits else {}
    desk.state(
        "delegation",
        {
            "ref": f"ex-group-03-{side.lower()}",
            "meeting": "ex-group-03",
            "side": side,
            "members": [
                {"name": head, "position": post, "role": "head", "answer": "accepted", **visit},
                {"name": officer, "position": "Co-chair, naval working group (exercise)", "role": "member", **visit},
                {"name": f"Interpreter of {side} (exercise)", "position": "Interpreter", "role": "interpreter"},
            ],
        },
        new_record("delegation", side),
        ledger=ledger,
    )
