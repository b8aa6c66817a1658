"""Sheets as offices keep them become proposals: each value with its cell, rows matched, what was left said."""

from pathlib import Path
from typing import Any

import pytest

from dtti.accord.refusal import Refused
from dtti.documents.sheet.outcome import Mapping
from dtti.office.asking import Asking
from dtti.office.imports import recording, sheets
from dtti.office.imports.known import draft
from dtti.office.imports.proposal import Proposal
from dtti.office.imports.sheets import Settled

from . import folders

CASES = Path(__file__).resolve().parents[4] / "shared" / "cases" / "papers" / "sheet"


def proposals(made: sheets.Sheet, batch: int = 0) -> list[Proposal]:
    return list(made.batches[batch].proposals)


def left(one: Proposal) -> list[tuple[str, str, str]]:
    return [(each.place, each.said.en, each.why) for each in one.left]


def test_a_projects_sheet_with_merged_heads_lakh_and_dates_as_text_is_read_row_by_row(asking: Asking) -> None:
    made = sheets.read(asking, folders.projects(), "projects.xlsx", Settled(day="2026-01"))
    assert made.register == "projects"
    net, sensor, tractor = proposals(made)
    assert net.content == {
        "ref": "EX-01",
        "name": "Shipboard drone recovery net (exercise)",
        "domain": "naval",
        "first_named": "2024-11-18",
        "in_dtti": True,
        "sponsors": [
            {"side": "IND", "organisation": "Naval desk, exercise"},
            {"side": "USA", "organisation": "Harbour laboratory"},
        ],
        "cost": {"money": {"amount": 455_000_000, "currency": "INR"}},
        "statements": [{"date": "2026-01", "status": "active"}],
        "file_numbers": [{"side": "IND", "number": "MoD/EX/7"}],
        "notes": "Stage: shape\nRemarks: Trials asked for",
    }
    assert [(one.path, one.place) for one in net.taken][:3] == [("ref", "B5"), ("name", "C5"), ("domain", "D5")]
    assert left(net) == [("J5", "shape", "no-field"), ("L5", "Trials asked for", "no-field")]
    assert (net.state, net.sure, recording.judged(asking, net, kept=True).against) == ("new", True, ())
    assert sensor.problems == ("G6",)  # 1,20.5 is grouped by no country
    assert "cost" not in sensor.content
    assert not sensor.sure
    assert sensor.takeable
    assert (tractor.content["cost"], tractor.content["first_named"]) == (
        {"money": {"amount": 1_250_000, "currency": "INR"}},
        "2025-06-30",
    )


def test_a_standing_without_its_day_is_kept_in_the_notes_and_never_dated(asking: Asking) -> None:
    net = proposals(sheets.read(asking, folders.projects(), "projects.xlsx", Settled()))[0]
    assert "statements" not in net.content
    assert ("I5", "active", "no-day") in left(net)
    assert net.content["notes"].startswith("Standing: active\n")
    bare = proposals(sheets.read(asking, folders.projects(), "projects.xlsx", Settled(noted=False)))[0]
    assert "notes" not in bare.content


def test_the_same_file_again_shows_nothing_new_and_a_changed_cell_alone(asking: Asking) -> None:
    said = Settled(day="2026-01")
    first = proposals(sheets.read(asking, folders.projects(), "projects.xlsx", said))
    held = [draft(f"project/IND/aaaaaaa{place}", one.content) for place, one in zip("abc", first, strict=True)]
    again = proposals(sheets.read(asking, folders.projects(), "projects.xlsx", said, held))
    assert [(one.state, one.drafted) for one in again] == [("same", True)] * 3
    rows = [list(row) for row in folders.PROJECTS]
    rows[4][6], rows[4][11] = 5000, "Trials held"
    changed, *others = proposals(sheets.read(asking, folders.projects(rows), "projects.xlsx", said, held))
    assert [one.state for one in others] == ["same", "same"]
    assert (changed.state, changed.record) == ("changed", "project/IND/aaaaaaaa")
    before: Any = changed.before
    assert {name for name, value in changed.content.items() if before[name] != value} == {"cost", "notes"}
    assert changed.content["notes"] == "Stage: shape\nRemarks: Trials held"


def test_a_standing_recorded_for_its_day_is_the_same_where_the_next_sheet_gives_no_day(asking: Asking) -> None:
    dated = proposals(sheets.read(asking, folders.projects(), "projects.xlsx", Settled(day="2026-01")))
    held = [draft(f"project/IND/aaaaaaa{place}", one.content) for place, one in zip("abc", dated, strict=True)]
    again = proposals(sheets.read(asking, folders.projects(), "projects.xlsx", Settled(), held))
    assert [one.state for one in again] == ["same"] * 3
    rows = [list(row) for row in folders.PROJECTS]
    rows[4][8] = "On hold"
    other = proposals(sheets.read(asking, folders.projects(rows), "projects.xlsx", Settled(), held))[0]
    assert (other.state, left(other)[0]) == ("changed", ("I5", "suspended", "no-day"))


def test_a_reference_alike_under_another_name_is_asked_about(asking: Asking) -> None:
    held = [draft("project/IND/aaaaaaaa", {"ref": "EX-01", "name": "Another thing (exercise)", "in_dtti": True})]
    one = proposals(sheets.read(asking, folders.projects(), "projects.xlsx", Settled(), held))[0]
    assert (one.state, one.why, one.sure) == ("changed", "title", False)


def test_one_name_of_two_records_is_asked_about_and_neither_is_taken(asking: Asking) -> None:
    name = "Shipboard drone recovery net (exercise)"
    held = [draft(f"project/IND/aaaaaaa{n}", {"ref": f"x-{n}", "name": name, "in_dtti": True}) for n in "bc"]
    one = proposals(sheets.read(asking, folders.projects(), "projects.xlsx", Settled(), held))[0]
    assert (one.state, one.why, len(one.rivals)) == ("open", "two", 2)
    assert not one.takeable


def test_contacts_under_hindi_heads_give_offices_and_holders_and_store_nothing_private(asking: Asking) -> None:
    made = sheets.read(asking, folders.contacts(), "contacts.xlsx", Settled(order="dmy"))
    offices, holders = proposals(made), proposals(made, 1)
    assert [(one.state, one.why) for one in offices] == [("new", ""), ("same", ""), ("barred", "other-side")]
    assert offices[0].content == {
        "ref": "IND/director-trials-exercise",
        "side": "IND",
        "title": "Director (Trials), exercise",
    }
    assert [(one.title, one.state, one.why) for one in holders] == [
        ("Officer One (exercise)", "open", "first"),
        ("Officer Two (exercise)", "new", ""),
        ("Officer Three (exercise)", "barred", "other-side"),
    ]
    assert holders[1].content == {
        "ref": "officer-two-exercise",
        "office": "IND/director",
        "holder": "Officer Two (exercise)",
        "capacity": "substantive",
        "start": "2025",
        "end_state": "unknown",
    }
    stored = repr([one.content for one in (*offices, *holders)] + [left(one) for one in (*offices, *holders)])
    assert "98000" not in stored
    assert "@" not in stored
    assert ("F2", "…", "withheld") in left(holders[0])
    assert ("I2", "…", "withheld") in left(holders[0])


def test_a_holder_of_an_office_recorded_meanwhile_is_taken_with_it(asking: Asking) -> None:
    names = {"office|IND|director trials exercise": "IND/desk-officer"}
    made = sheets.read(asking, folders.contacts(), "contacts.xlsx", Settled(order="dmy", names=names))
    assert made.batches[0].proposals[0].state == "same"  # it is said to be an office that is there
    one = proposals(made, 1)[0]
    assert (one.state, one.content["office"], one.content["start"]) == ("new", "IND/desk-officer", "2025-04-01")


ACTIONS = [
    ["S No", "Action no.", "Action", "Action by India", "Action by US", "Due date", "Status"],
    [1, "A-1", "Send the list of ranges", "Desk officer, exercise", None, "26 Jan 2027", "open"],
    [2, "A-2", "Answer it", None, "Country director, exercise", "28 Feb 2027", "open"],
    [3, None, "Name a day", "Nobody's office", None, "1 Mar 2027", "open"],
]
MEETING = {"ref": "ex-2", "body": "ex", "date": "2026-10", "mode": "in-person", "status": "held"}


def test_actions_become_rows_of_the_meeting_that_is_chosen_and_keep_their_first_date(asking: Asking) -> None:
    old = {"number": "A-1", "text": "Send the list", "owners": [], "due": "2026-12-01"}
    held = [draft("meeting/IND/aaaaaaaa", {**MEETING, "actions": [old]})]
    data = folders.workbook(ACTIONS)
    made = sheets.read(asking, data, "actions.xlsx", Settled(meeting="meeting/IND/aaaaaaaa"), held)
    first, second, third = proposals(made)
    assert [one.state for one in (first, second, third)] == ["changed", "new", "new"]
    assert third.content["number"] == "3"
    assert ("D4", "Nobody's office", "not-known") in left(third)
    assert [name.said for name in made.names] == ["Nobody's office"]
    whole = sheets.merged(made.batches[0], [first.number, second.number])
    assert whole is not None
    assert whole["actions"] == [
        {
            "number": "A-1",
            "text": "Send the list of ranges",
            "owners": [{"side": "IND", "office": "IND/desk-officer"}],
            "due": "2026-12-01",
            "due_now": "2027-01-26",
        },
        {
            "number": "A-2",
            "text": "Answer it",
            "owners": [{"side": "USA", "office": "USA/desk-officer"}],
            "due": "2027-02-28",
        },
    ]
    held = [draft("meeting/IND/aaaaaaaa", whole)]
    again = sheets.read(asking, data, "actions.xlsx", Settled(meeting="meeting/IND/aaaaaaaa"), held)
    assert [one.state for one in proposals(again)] == ["same", "same", "new"]


def test_actions_of_a_list_without_their_numbers_are_known_by_their_words(asking: Asking) -> None:
    """`Sl. No.` counts the rows of a list, and is no number of an action."""
    rows = [["Sl. No.", "Action", "Action by India", "Target date"],
            [5, "Send the  list", "Desk officer, exercise", "1 Dec 2026"],
            [6, "Name a day", "Desk officer, exercise", "1 Mar 2027"]]  # fmt: skip
    old = {"number": "1", "text": "Send the list", "owners": [], "due": "2026-12-01"}
    held = [draft("meeting/IND/aaaaaaaa", {**MEETING, "actions": [old]})]
    data, settled = folders.workbook(rows), Settled(meeting="meeting/IND/aaaaaaaa")
    made = sheets.read(asking, data, "actions.xlsx", settled, held)
    assert [one.state for one in proposals(made)] == ["changed", "new"]
    whole = sheets.merged(made.batches[0], [one.number for one in proposals(made)])
    assert whole is not None
    assert [(one["number"], one["text"]) for one in whole["actions"]] == [("1", "Send the  list"), ("2", "Name a day")]
    again = sheets.read(asking, data, "actions.xlsx", settled, [draft("meeting/IND/aaaaaaaa", whole)])
    assert [one.state for one in proposals(again)] == ["same", "same"]


def test_a_person_names_columns_unit_and_order_where_the_sheet_says_nothing(asking: Asking) -> None:
    rows = [["Thing", "How much", "When"], ["Net (exercise)", 45.5, "03/04/2025"]]
    data = folders.workbook(rows)
    blind = sheets.read(asking, data, "sheet.xlsx", Settled())
    assert (blind.register, blind.seen[0].headings) == ("", ("Thing", "How much", "When"))
    keys = ("name", "cost", "first_named")
    columns = Mapping("projects", ("Thing", "How much", "When"), keys, units={"cost": "INR lakh"})
    said = Settled(register="projects", columns=columns, order="mdy")
    (one,) = proposals(sheets.read(asking, data, "sheet.xlsx", said))
    assert one.content == {
        "ref": "net-exercise",
        "name": "Net (exercise)",
        "in_dtti": True,
        "cost": {"money": {"amount": 4_550_000, "currency": "INR"}},
        "first_named": "2025-03-04",
    }


def test_contracts_ask_what_a_figure_measures_and_commitments_when_they_were_made(asking: Asking) -> None:
    rows = [["Contract no.", "Item", "Value (US$ m)"], ["EX/9", "Radar (exercise)", 12.5]]
    data = folders.workbook(rows)
    made = sheets.read(asking, data, "contracts.xlsx", Settled())
    assert made.batches[0].target.asks == ("value.measure",)
    unsaid = recording.judged(asking, proposals(made)[0], kept=True)
    assert [each.rule for each in unsaid.against] == ["trade-measure"]
    said = Settled(asked={"value.measure": "press-estimate"})
    one = recording.judged(asking, proposals(sheets.read(asking, data, "c.xlsx", said))[0], kept=True)
    assert (one.against, one.content["value"]) == (
        (),
        {"amount": 12_500_000, "measure": "press-estimate"},  # in dollars, as every sum that names no other
    )
    promised = folders.workbook([["Commitment", "Due"], ["Conclude the annex (exercise)", "2027"]])
    said = Settled(register="commitments", asked={"force": "firm", "made": "2026-10"})
    one = recording.judged(asking, proposals(sheets.read(asking, promised, "p.xlsx", said))[0], kept=True)
    assert (one.against, one.content["made"], one.content["force"]) == ((), "2026-10", "firm")


def test_a_need_is_this_side_s_own(asking: Asking) -> None:
    rows = [["Requirement", "Service", "Type", "Priority", "Outlay (₹ crore)"], ["Net (ex)", "Navy", "need", "1", 2.5]]
    one = proposals(sheets.read(asking, folders.workbook(rows), "needs.xlsx", Settled()))[0]
    judged = recording.judged(asking, one, kept=True)
    assert judged.against == ()
    assert judged.content == {
        "ref": "net-ex",
        "type": "need",
        "side": "IND",
        "title": "Net (ex)",
        "user": "Navy",
        "capability": "Net (ex)",
        "priority": "high",
        "outlay": {"amount": 25_000_000, "currency": "INR"},
    }


@pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not beside this tree")
@pytest.mark.parametrize("name", sorted(path.name for path in CASES.glob("*")) if CASES.is_dir() else [])
def test_every_shared_case_is_read_with_each_problem_at_its_cell(asking: Asking, name: str) -> None:
    made = sheets.read(asking, (CASES / name).read_bytes(), name, Settled())
    assert made.register == "actions"
    assert made.reading is not None
    named = {one.number for one in proposals(made) if one.problems}
    assert named == {problem.row for problem in made.reading.problems}


def test_what_is_no_sheet_is_refused_by_what_it_is(asking: Asking) -> None:
    long = b"Project no.,Project\n" + b"EX,Net\n" * 3_000
    for data, rule in (
        (b"%PDF-1.7", "sheet-kind"),
        (b"", "sheet-empty"),
        (b"PK\x03\x04broken", "package-zip"),
        (long, "sheet-rows"),
    ):
        with pytest.raises(Refused) as found:
            sheets.read(asking, data, "file.xlsx", Settled())
        assert [each.rule for each in found.value.refusals] == [rule]


def test_a_sheet_of_trade_claims_is_laid_beside_the_record_and_only_what_differs_is_shown(asking: Asking) -> None:
    rows = b"Claim no.,As of,Figure,Currency,Scope,Who said it\nEX-C-1,2027,18000000000,USD,total,Exercise ministry\n"
    said = Settled(asked={"figure.measure": "claim"})
    made = sheets.read(asking, rows, "claims.csv", said)
    assert made.register == "claims"
    (claim,) = proposals(made)
    assert claim.content["as_of"] == "2027"  # a year stays a year
    assert claim.content["figure"]["amount"] == 18_000_000_000
    assert (claim.content["scope"], claim.content["speaker"]) == ("total", "Exercise ministry")
    held = [draft("trade_claim/IND/aaaaaaaa", claim.content)]
    (same,) = proposals(sheets.read(asking, rows, "claims.csv", said, held))
    assert same.state == "same"
    (changed,) = proposals(sheets.read(asking, rows.replace(b"18000", b"19000"), "claims.csv", said, held))
    assert (changed.state, changed.record) == ("changed", "trade_claim/IND/aaaaaaaa")
