"""What was changed in the Word file of a Statement of Intent, a record or an agenda, proposed by type and place."""

import re
from functools import cache

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtti.accord.refusal import Refused
from dtti.documents.values import Words
from dtti.papers.data.record import Owner, Record
from dtti.papers.negotiated import apply, compare, write

from .kinds import after, block, brief, everything, paper, sent, trouble
from .making import changed, paragraph_with, unpacked


def test_a_promised_date_comes_back_as_a_date():
    soi = paper("statement-of-intent")
    found = compare(soi, changed(sent("statement-of-intent"), (">Sep 2027<", ">15 October 2027<")))
    (change,) = found.changes
    assert (change.id, change.kind) == ("clause/projects.1/promised/en/value", "value")
    assert (change.value_before, change.value) == ("2027-09", "2027-10-15")
    assert (change.removed, change.added[0].text) == ("Sep 2027", "15 October 2027")
    made = everything(soi, found)
    assert made.projects[0].promised == "2027-10-15"
    assert made.projects[1:] == soi.projects[1:]
    assert made.projects[0].project == soi.projects[0].project
    assert made.digest == ""


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("Sept 2027", None),
        ("2027-09", None),
        ("September 2027", None),
        ("2028", "2028"),
        ("Oct. 3, 2027", "2027-10-03"),
    ],
)
def test_a_date_written_otherwise_is_noise_and_another_date_a_change(written, value):
    found = compare(paper("statement-of-intent"), changed(sent("statement-of-intent"), (">Sep 2027<", f">{written}<")))
    assert [each.value for each in found.changes] == ([value] if value else [])
    assert [each.kind for each in found.noise if each.kind == "value"] == ([] if value else ["value"])


@pytest.mark.parametrize(
    "written", ["06/07/2028", "7.6.2028", "31 Jun 2028", "next summer", "Jun 28", "6 2028", "Maybe 2028"]
)
def test_a_date_that_is_not_certain_is_proposed_with_the_reason_and_refused_if_confirmed(written):
    soi = paper("statement-of-intent")
    found = compare(soi, changed(sent("statement-of-intent"), (">Jun 2028<", f">{written}<")))
    assert trouble(found) == [("clause/projects.3/promised/en/value", "word-value")]
    assert found.changes[0].trouble.reason.en.startswith(f"“{written}” is no date")
    assert found.changes[0].trouble.reason.hi
    with pytest.raises(Refused) as refused:
        everything(soi, found)
    assert refused.value.refusals[0].rule == "word-value"
    assert apply(soi, found, set()) == soi


def test_a_horizon_is_one_of_three_and_nothing_else():
    soi = paper("statement-of-intent")
    found = compare(soi, changed(sent("statement-of-intent"), (">Near term<", ">Mid-term<"), (">Mid term<", ">long<")))
    assert [(each.slot, each.value) for each in found.changes] == [
        ("clause/projects.1/horizon", ""),
        ("clause/projects.3/horizon", "long"),
    ]
    assert found.changes[0].trouble.reason.en == "“Mid-term” is none of these: Near term, Mid term, Long term."


def test_a_date_that_was_not_stated_can_be_filled_in_where_that_is_printed():
    soi = paper("statement-of-intent")
    found = compare(soi, changed(sent("statement-of-intent"), ("(not stated)", "Dec 2029")))
    assert [(each.slot, each.value_before, each.value) for each in found.changes] == [
        ("clause/projects.4/promised", "", "2029-12")
    ]
    assert everything(soi, found).projects[3].promised == "2029-12"


def test_two_languages_that_give_two_dates_are_warned_of_and_only_one_is_taken():
    soi = paper("statement-of-intent")
    found = compare(
        soi, changed(sent("statement-of-intent", "both"), (">Sep 2027<", ">Oct 2027<"), (">सितंबर<", ">नवंबर<"))
    )
    assert {each.language: each.value for each in found.changes} == {"en": "2027-10", "hi": "2027-11"}
    assert "Values that the two languages give differently: 1." in found.warnings[0].en
    with pytest.raises(Refused) as refused:
        everything(soi, found)
    assert refused.value.refusals[0].rule == "word-value"
    assert apply(soi, found, {"clause/projects.1/promised/hi/value"}).projects[0].promised == "2027-11"


def test_a_labelled_line_typed_under_a_row_fills_the_value_it_names():
    soi = paper("statement-of-intent")
    found = compare(
        soi, after(sent("statement-of-intent"), "Against the version before: </w:t>", "Note: Sponsors are named.")
    )
    assert brief(found) == [("clause/projects.1/note/en/1", "", "Sponsors are named.")]
    assert everything(soi, found).projects[0].note == Words("Sponsors are named.")


def test_a_project_put_in_needs_its_horizon_and_then_is_taken():
    soi = paper("statement-of-intent")
    without = compare(soi, after(sent("statement-of-intent"), "dropped", "5\tHarbour sensor fence"))
    assert trouble(without) == [("clause/added-1/added", "word-value")]
    assert "put a line “Horizon: …” under it" in without.changes[0].trouble.reason.en
    lines = ("5\tHarbour sensor fence", "Horizon: Long term · Promised date: 2031")
    found = compare(soi, after(sent("statement-of-intent"), "dropped", *lines))
    assert trouble(found) == []
    new = everything(soi, found).projects[4]
    assert (new.number, new.project.en, new.horizon, new.promised, new.change) == (
        "5",
        "Harbour sensor fence",
        "long",
        "2031",
        "new",
    )


def test_projects_and_general_paragraphs_keep_apart():
    soi = paper("statement-of-intent")
    found = compare(soi, after(sent("statement-of-intent"), "A date stated for", "A new paragraph."))
    assert everything(soi, found).paragraphs == (*soi.paragraphs, Words("A new paragraph."))
    first = compare(soi, after(sent("statement-of-intent"), "General provisions", "A first paragraph."))
    assert everything(soi, first).paragraphs == (Words("A first paragraph."), *soi.paragraphs)


def test_the_parties_stay_placeholders_in_the_title_of_a_statement():
    soi = paper("statement-of-intent")
    found = compare(soi, changed(sent("statement-of-intent"), (" on projects under", " on all projects under")))
    assert everything(soi, found).head.title.en.startswith("Statement of Intent between {parties} on all projects")


def test_words_owners_and_due_dates_of_a_record_are_told_apart():
    record = paper("record")
    found = compare(
        record,
        changed(
            sent("record"),
            ("seven actions had", "eight actions had"),
            (">28 Feb 2027<", ">31 Mar 2027<"),
            ("Headquarters Integrated Defence Staff", "Integrated Defence Staff"),
            (">open<", ">done<"),
        ),
    )
    assert [(each.slot, each.kind) for each in found.changes] == [
        ("clause/items.2.1/text", "words"),
        ("clause/actions.1/state", "value"),
        ("clause/actions.2/ind_office", "words"),
        ("clause/actions.2/due", "value"),
    ]
    made = apply(record, found, {each.id for each in found.changes if each.slot != "clause/actions.1/state"})
    assert made.items[1].minutes[0].text.en.startswith("The secretariats reported that eight")
    assert made.items[1].minutes[0].text.reviewed is False
    assert made.actions[0] == record.actions[0]
    assert (made.actions[1].due_now, made.actions[1].due) == ("2027-03-31", "2026-12-01")
    assert made.actions[1].owners[0].office.en == "Integrated Defence Staff"
    assert made.decisions == record.decisions


@pytest.mark.parametrize(
    ("old", "new", "slot"),
    [
        (">15 Mar 2027<", ">20 Mar 2027<", "clause/actions.1/original"),
        (">Corrected<", ">Agreed<", "clause/phases.3/phase"),
        ("items 3 and 4", "item 3", "clause/phases.3/note"),
    ],
)
def test_what_an_act_of_a_side_says_is_never_changed_by_editing(old, new, slot):
    record = paper("record")
    found = compare(record, changed(sent("record"), (old, new)))
    assert {(each.slot, each.trouble.rule) for each in found.changes} == {(slot, "word-kept")}
    with pytest.raises(Refused) as refused:
        everything(record, found)
    assert refused.value.refusals[0].rule == "word-kept"


def test_an_action_typed_with_its_number_owner_and_date_is_taken_whole():
    record = paper("record")
    lines = ("11/A-3 Send the report.", "Owner, India: Directorate of Standards", "Due: 1 May 2027")
    found = compare(record, after(sent("record"), "Evidence: ", *lines))
    new = everything(record, found).actions[3]
    assert (new.number, new.text, new.due, new.state) == (
        "11/A-3",
        Words("Send the report."),
        "2027-05-01",
        "open",
    )
    assert new.owners == (Owner(side="IND", office=Words("Directorate of Standards")),)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("11/A-3 Send it.", "Due: 1 May 2027"), "action 11/A-3 must have an owner"),
        (("11/A-3 Send it.", "Owner, India: Standards"), "does not say its “Original due”"),
        (("11/A-3 Send it.", "Owner, India: Standards", "Due: 1/5/2027"), "“1/5/2027” is no date"),
        (("11/A-3 Send it.", "Officer, India: A. Example", "Due: May 2027"), "an owner on a side needs an office"),
        (
            ("11/A-3 Send it.", "Owner, India: Standards", "Due: May 2027", "Verified by: United States"),
            "an act of the side that verifies it",
        ),
    ],
)
def test_an_action_that_lacks_something_says_what(lines, reason):
    found = compare(paper("record"), after(sent("record"), "Evidence: ", *lines))
    assert reason in found.changes[0].trouble.reason.en


def test_paragraphs_and_decisions_put_in_stand_where_they_were_put():
    record = paper("record")
    made = after(sent("record"), "Both sides noted that", "(U) A third paragraph.", "A fourth.")
    made = after(made, ">Decisions<", "DTTI/GRP/11/D-0 An earlier decision.", "Item: 2")
    found = compare(record, made)
    now = everything(record, found)
    assert [(each.portion, each.text.en) for each in now.items[2].minutes[2:]] == [
        ("(U)", "A third paragraph."),
        ("", "A fourth."),
    ]
    assert (now.decisions[0].number, now.decisions[0].text.en, now.decisions[0].item) == (
        "DTTI/GRP/11/D-0",
        "An earlier decision.",
        "2",
    )
    assert now.decisions[1:] == record.decisions


def test_a_paragraph_that_begins_with_a_figure_is_no_item_of_the_agenda():
    found = compare(paper("record"), after(sent("record"), "Both sides noted that", "10 officers attended."))
    assert (found.added[0].sort, found.added[0].number) == ("minute", "")
    assert found.added[0].text["en"][0].text == "10 officers attended."


def test_a_row_moved_within_its_register_moves_and_one_moved_out_is_refused():
    record = paper("record")
    data = sent("record")
    last, first = block(data, "10/A-7", "Evidence: "), paragraph_with(data, "11/A-1")
    found = compare(record, changed(data, (last, ""), (first, last + first)))
    assert [each.id for each in found.changes] == ["clause/actions.3/moved"]
    assert [each.number for each in everything(record, found).actions] == ["10/A-7", "11/A-1", "11/A-2"]
    decision = paragraph_with(data, "DTTI/GRP/11/D-2")
    out = compare(record, changed(data, (last, ""), (decision, last + decision)))
    assert trouble(out) == [("clause/actions.3/moved", "word-kept")]


def test_a_paragraph_moved_to_another_item_belongs_to_that():
    record = paper("record")
    data = sent("record")
    moved, target = paragraph_with(data, "Both sides noted that"), paragraph_with(data, "three measures")
    made = everything(record, compare(record, changed(data, (moved, ""), (target, target + moved))))
    assert [len(each.minutes) for each in made.items] == [1, 2, 1, 2]
    assert made.items[3].minutes[1] == record.items[2].minutes[1]


def test_a_row_of_both_languages_deleted_is_one_deletion():
    record = paper("record")
    data = sent("record", "both")
    rows = re.findall(r"<w:tr>.*?</w:tr>", unpacked(data)["word/document.xml"].decode(), re.DOTALL)
    start = next(at for at, row in enumerate(rows) if "DTTI/GRP/11/D-2" in row)
    found = compare(record, changed(data, ("".join(rows[start : start + 2]), "")))
    assert [each.id for each in found.changes] == ["clause/decisions.2/deleted"]
    assert [each.number for each in everything(record, found).decisions] == ["DTTI/GRP/11/D-1", "DTTI/GRP/11/D-3"]


def test_a_fixed_heading_that_was_changed_is_only_said():
    found = compare(paper("record"), changed(sent("record"), (">Decisions<", ">Outcomes<")))
    assert found.same
    assert "fixed words changed: 1" in found.warnings[0].en


def test_an_office_of_a_person_present_is_corrected_alone():
    record = paper("record")
    found = compare(record, changed(sent("record"), ("Director, International", "Principal Director, International")))
    assert [each.slot for each in found.changes] == ["clause/present.5/office"]
    made = everything(record, found)
    assert made.present[4].office.en == "Principal Director, International Cooperation"
    assert made.present[:4] == record.present[:4]


def test_times_papers_and_sides_of_an_agenda_are_values():
    agenda = paper("agenda")
    data = changed(
        sent("agenda"),
        (">10:00<", ">10.30<"),
        (">DTTI/GRP/11/P-02; DTTI/GRP/11/P-03<", ">DTTI/GRP/11/P-02; DTTI/GRP/11/P-09<"),
        (">India, United States<", ">United States, India<"),
        (">45<", ">fifty<"),
    )
    found = compare(agenda, data)
    assert [(each.slot, each.value) for each in found.changes] == [
        ("clause/clocks.1/time", "10:30"),
        ("clause/items.1/lead", "USA IND"),
        ("clause/items.3/minutes", ""),
        ("clause/items.3/papers", "DTTI/GRP/11/P-02; DTTI/GRP/11/P-09"),
    ]
    assert trouble(found) == [("clause/items.3/minutes/en/value", "word-value")]
    made = apply(agenda, found, {each.id for each in found.changes if not each.trouble})
    assert made.clocks[0].time == "10:30"
    assert made.items[0].lead == ("USA", "IND")
    assert (made.items[2].minutes, made.items[2].papers) == (45, ("DTTI/GRP/11/P-02", "DTTI/GRP/11/P-09"))


EDITS = {
    "clause/items.1.1/text": (("items", 0, "minutes", 0, "text", "en"), "The co-chairs opened the meeting."),
    "clause/decisions.1/text": (("decisions", 0, "text", "en"), "The Group adopted the agenda as amended."),
    "clause/decisions.2/item": (("decisions", 1, "item"), "4"),
    "clause/actions.2/due": (("actions", 1, "due_now"), "2027-04"),
    "clause/actions.1/state": (("actions", 0, "state"), "dropped"),
    "clause/actions.2/usa_name": (("actions", 1, "owners", 1, "name"), "Maj. T. Sample"),
    "clause/present.2/side": (("present", 1, "side"), "USA"),
    "clause/clocks.2/time": (("clocks", 1, "time"), "00:30"),
    "date": (("head", "date"), "2027-01-27"),
    "mode": (("mode",), "hybrid"),
    "file/USA": (("head", "file_numbers", "USA"), "A&S-IC-2027-0200"),
}


def edited_record(slots):
    made = msgspec.to_builtins(paper("record"))
    for slot in slots:
        (*way, last), value = EDITS[slot]
        place = made
        for step in way:
            place = place[step]
        place[last] = value
        if last == "en":
            place["reviewed"] = False
    return msgspec.convert(made, Record)


@settings(max_examples=6, deadline=None)
@given(st.sets(st.sampled_from(sorted(EDITS))))
def test_exactly_what_is_confirmed_is_applied(slots):
    found = compared_edits()
    made = apply(paper("record"), found, {each.id for each in found.changes if each.slot in slots})
    assert made == edited_record(slots)


@cache
def compared_edits():
    found = compare(paper("record"), write(edited_record(EDITS), lang="en"))
    assert {each.slot for each in found.changes} == set(EDITS)
    return found


def test_a_change_of_a_record_that_both_agreed_is_warned_of():
    record = paper("record")
    found = compare(record, changed(sent("record"), ("seven actions had", "eight actions had")))
    assert [each.en for each in found.warnings if each.en.startswith("Both sides agreed")] == [
        "Both sides agreed this text; with any of these changes it is another one, and not agreed: 1."
    ]
    draft = msgspec.structs.replace(record, phases=record.phases[:3])
    found = compare(draft, changed(write(draft, lang="en"), ("seven actions had", "eight actions had")))
    assert not any(each.en.startswith("Both sides agreed") for each in found.warnings)
