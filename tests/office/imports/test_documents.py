"""Word records, calendar files and letters become proposals of fields, each with its place; what is open stays open."""

from typing import Any

import pytest

from dtti.accord.refusal import Refused
from dtti.office.asking import Asking
from dtti.office.imports import document, entries, letters, minutes, spotting
from dtti.office.imports.document import Document
from dtti.office.imports.known import draft
from dtti.office.imports.sheets import Settled
from dtti.office.imports.sniff import sort_of

from . import folders

GROUP = draft("body/IND/aaaaaaaa", {"ref": "ex-drones", "name": "Drone Working Group, exercise"})
LAST = {"ref": "ex-11", "body": "ex-drones", "number": 12, "date": "2026-11", "mode": "virtual", "status": "planned"}


def said(made: Document) -> list[tuple[str, Any, str, bool]]:
    return [(each.path, each.stored, each.place.en, each.sure) for each in made.fields]


def test_a_word_record_in_an_offices_own_style_is_read_field_by_field(asking: Asking) -> None:
    made = minutes.read(asking, folders.minutes(), "rod.docx", Settled(), [GROUP])
    rows = [{"number": "1", "title": "Review of the last meeting's actions", "purpose": "review"}]
    rows += [{"number": "2", "title": "Recovery net: next step", "purpose": "decision"}]
    rows += [{"number": "3", "title": "Any other matter"}]
    assert said(made)[:6] == [
        ("body", "ex-drones", "paragraph 2", True),
        ("number", 12, "paragraph 2", True),
        ("date", "2026-11-18", "paragraph 3", True),
        ("end", "2026-11-19", "paragraph 3", True),
        ("place", "New Delhi", "paragraph 3", True),
        ("mode", "in-person", "paragraph 3", False),
    ]
    assert [each.stored for each in made.fields if each.path == "agenda[]"] == rows
    decisions = [each.stored for each in made.fields if each.path == "decisions[]"]
    assert decisions == [{"number": "a", "text": "The net is tried at sea in March 2027.\nCosts lie where they fall."}]
    first, second = (each for each in made.fields if each.path == "actions[]")
    assert first.stored == {
        "number": "A-1",
        "text": "Name the ship",
        "owners": [{"side": "IND", "office": "IND/desk-officer"}],
        "due": "2026-12-31",
    }
    assert (first.place.en, first.sure, second.sure) == ("table 1, A2", True, False)
    left = {(each.said, each.place.en) for each in made.left}
    assert ("“ASAP” is no date that can be read", "table 1, D3") in left
    assert ("Indian owner: Nobody's office", "table 1, C3") in left
    assert ("Circulated by hand to both sides", "paragraph 4") in left
    assert any(each.said == "A list that nobody reads" for each in made.left)
    assert [each.stored for each in made.fields if each.path == "notes"] == [
        "Present: Indian side: Officer One (exercise), co-chair; US side: Officer Three (exercise), co-chair"
    ]


def test_a_word_record_is_laid_over_the_meeting_that_it_is_of(asking: Asking) -> None:
    held = draft("meeting/IND/aaaaaaaa", LAST)
    made = minutes.read(asking, folders.minutes(), "rod.docx", Settled(), [GROUP, held])
    assert made.matched == held
    chosen = [n for n, each in enumerate(made.fields) if each.path in ("date", "agenda[]", "decisions[]")]
    content = document.composed(made, chosen, held.content, {"status": "held"})
    assert (content["ref"], content["date"], content["mode"], content["status"]) == (
        "ex-11",
        "2026-11-18",
        "virtual",
        "held",
    )
    assert [each["number"] for each in content["agenda"]] == ["1", "2", "3"]
    assert "actions" not in content


def test_entries_of_a_calendar_give_days_hours_and_place_and_nobody_who_was_invited(asking: Asking) -> None:
    timed = (
        "DTSTART;TZID=Asia/Kolkata:20261118T103000\nDTEND;TZID=Asia/Kolkata:20261118T170000\n"
        "SUMMARY:12th meeting of the Drone Working Group\\, exercise\nLOCATION:South Block\n"
        "ATTENDEE:mailto:someone@example.in"
    )
    days = "DTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20261203\nSUMMARY:Visit\nSTATUS:CANCELLED"
    first, second = entries.read(asking, folders.calendar(timed, days), [GROUP])
    assert [(path, stored) for path, stored, _place, _sure in said(first)] == [
        ("body", "ex-drones"),
        ("number", 12),
        ("date", "2026-11-18"),
        ("opens", "2026-11-18T05:00:00Z"),
        ("zone", "Asia/Kolkata"),
        ("place", "South Block"),
        ("mode", "in-person"),
        ("status", "planned"),
    ]
    assert "example.in" not in repr(first)
    assert [(each.said, each.why) for each in first.left] == [("1", "invited")]
    assert [(path, stored) for path, stored, _place, _sure in said(second)] == [
        ("date", "2026-12-01"),
        ("end", "2026-12-02"),
        ("status", "cancelled"),
    ]
    with pytest.raises(Refused):
        entries.read(asking, folders.calendar("DTSTART:20261118T103000\nDTEND:20261118T113000\nSUMMARY:Floating"))


def test_a_letter_says_number_date_and_subject_where_its_pdf_holds_words_and_nothing_else() -> None:
    made = letters.read(
        folders.letter(["No. EX/7/2026-DTTI", "Dated: 18 November 2026", "Subject: Trial of the net (exercise)"]),
        "scan.pdf",
    )
    assert said(made) == [
        ("paper_number", "EX/7/2026-DTTI", "line 1", True),
        ("paper_date", "2026-11-18", "line 2", True),
        ("paper_title", "Trial of the net (exercise)", "line 3", True),
    ]
    (open_,) = letters.read(folders.letter(["Date 03/04/2026"]), "scan.pdf").fields
    assert (open_.sure, open_.other) == (False, "2026-03-04")
    assert letters.read(b"\xff\xd8\xff\xe0 a picture", "scan.jpg").fields == ()
    with pytest.raises(Refused):
        letters.read(b"%PDF-1.7 broken", "scan.pdf")


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("Record of the 12th meeting of the Group", 12),
        ("Third Meeting of the joint working group", 3),
        ("Meeting No. 4", 4),
        ("कार्य समूह की 12वीं बैठक", 12),
        ("12 people met", None),
    ],
)
def test_the_number_of_a_meeting_as_it_is_written(words: str, number: int | None) -> None:
    assert spotting.number(words) == number


def test_a_day_of_two_readings_says_both() -> None:
    assert spotting.days("Held on 03/04/2026") == spotting.Days("2026-04-03", other="2026-03-04")
    assert spotting.days("बैठक 18 नवम्बर 2026 को हुई") == spotting.Days("2026-11-18")
    assert spotting.days("from 30 to 31 February 2026") is None


def test_a_file_is_told_by_what_it_holds() -> None:
    assert [
        sort_of(data)
        for data in (
            folders.minutes(),
            folders.projects(),
            folders.calendar(),
            b"%PDF-1.4",
            b"a,b\n1,2\n",
            b"\xff\xd8\xff",
        )
    ] == ["word", "sheet", "calendar", "paper", "sheet", "paper"]
