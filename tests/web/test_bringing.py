"""Files that an office brings in, at the page: read, settled, ticked, confirmed whole, and the same file again."""

import html
import io
import re
import zipfile
from datetime import timedelta
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.office.imports import folders

from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.people.models import Authorship, Brought, Draft, KnownColumns, Person, Typed
from dtti.node.record import read

from .capitals import Serve, exercise, serve_side, sign_in  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("bringing")]


def text_of(answer: Any) -> str:
    """What a page says, without its marks, each run of blanks as one."""
    bare = re.sub(r"</?(b|bdi|span|code|i|a)\b[^>]*>", "", answer.content.decode())
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).split())


def upload(browser: Client, data: bytes, name: str) -> str:
    """Bring in a file; the address of its page."""
    sent = {"file": SimpleUploadedFile(name, data, "application/octet-stream")}
    answer = browser.post(reverse("bring"), sent)
    assert answer.status_code == 302, text_of(answer)
    return answer["Location"]


def fields(page: str) -> dict[str, Any]:
    """What the form of a page would send as it stands."""
    said: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", page):
        found = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if "name" not in found or (found.get("type") in ("checkbox", "radio") and " checked" not in tag):
            continue
        said.setdefault(found["name"], []).append(html.unescape(found.get("value", "")))
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        said[name] = [chosen[1] if chosen else ""]
    return said


def act(browser: Client, address: str, **more: Any) -> Any:
    """Send the form of a page with `more` answered."""
    return browser.post(address, {**fields(browser.get(address).content.decode()), **more})


def found(node: Node, kind: str) -> dict[str, dict[str, Any]]:
    """The contents of a kind by reference, as this side sees them."""
    viewer = Viewer(node.side, national=True, person="someone")
    rows = read.listing(node, viewer, kind, count=1000).rows
    return {row.ref: (read.state(node, viewer, row.record) or (None, {}))[1] for row in rows}


@pytest.fixture
def desk(serve_side: Serve) -> tuple[Node, Client]:  # noqa: F811
    """Delhi, and the browser of its secretariat."""
    node = serve_side("IND")
    return node, sign_in(node, "secretariat")


def test_a_projects_sheet_is_in_the_record_after_two_confirmed_pages(desk: tuple[Node, Client]) -> None:
    node, browser = desk
    address = upload(browser, folders.projects(), "Projects 2026.xlsx")
    page = browser.get(address)
    said = text_of(page)
    assert "G6: “1,20.5” is grouped neither by lakh nor by thousands." in said
    assert "Not taken: the record has no field for it; kept in the notes" in said
    assert fields(page.content.decode())["rows__0"] == ["5", "7"]  # row 6 has a cell that was not understood
    answer = act(browser, address, day="January 2026", do="record:0", rows__0=["5", "6", "7"])
    assert answer.status_code == 302
    checked = browser.get(answer["Location"])
    whole = text_of(checked)
    for words in ("455000000", "Hand launched sensor (exercise)", "From the file Projects 2026.xlsx, row 6."):
        assert words in whole, words
    done = browser.post(answer["Location"], {**fields(checked.content.decode()), "confirm": "yes"})
    assert (done.status_code, done["Location"]) == (302, address)
    held = found(node, "project")
    assert {ref: held[ref]["name"] for ref in ("EX-01", "EX-02", "EX-03")} == {
        "EX-01": "Shipboard drone recovery net (exercise)",
        "EX-02": "Hand launched sensor (exercise)",
        "EX-03": "Deck handling tractor (exercise)",
    }
    assert held["EX-01"]["statements"] == [{"date": "2026-01", "status": "active"}]
    records = {one.record for one in Authorship.objects.filter(person__username="ind.secretariat")}
    assert len(records) == 3
    assert "" not in set(Authorship.objects.values_list("act", flat=True))
    again = browser.get(address)
    assert "3 rows say what is there already." in text_of(again)
    assert "rows__0" not in fields(again.content.decode())
    rows = [list(row) for row in folders.PROJECTS]
    rows[4][6] = 5000
    changed = browser.get(upload(browser, folders.projects(rows), "Projects 2027.xlsx"))
    answer = act(browser, changed.request["PATH_INFO"], day="January 2026", read="yes")
    changed = browser.get(changed.request["PATH_INFO"])
    assert "2 rows say what is there already." in text_of(changed)
    assert fields(changed.content.decode())["rows__0"] == ["5"]


def test_what_was_said_of_the_columns_is_said_once(desk: tuple[Node, Client]) -> None:
    _node, browser = desk
    head = ["Thing", "How much", "When begun"]
    address = upload(browser, folders.workbook([head, ["Net A (exercise)", 45.5, "03/04/2025"]]), "a.xlsx")
    assert "choose" in text_of(browser.get(address))
    act(browser, address, register="projects", read="yes")
    page = act(browser, address, col__0="name", col__1="cost", col__2="first_named", read="yes")
    assert page.status_code == 302
    said = text_of(browser.get(address))
    assert "C2: “03/04/2025” may be 3 Apr 2025 or 4 Mar 2025" in said
    assert "“45.5” does not say in which currency" in said
    act(browser, address, unit__cost="INR lakh", order="dmy", read="yes")
    assert "Cost: INR 45,50,000 (B2)" in text_of(browser.get(address))
    assert KnownColumns.objects.count() == 1
    other = upload(browser, folders.workbook([head, ["Net B (exercise)", 12, "05/06/2025"]]), "b.xlsx")
    said = text_of(browser.get(other))
    assert "Cost: INR 12,00,000 (B2)" in said
    assert "First named: 5 Jun 2025 (C2)" in said


def test_two_columns_said_to_be_one_and_an_open_date_are_asked_back_and_nothing_is_lost(
    desk: tuple[Node, Client],
) -> None:
    _node, browser = desk
    address = upload(browser, folders.projects(), "projects.xlsx")
    answer = act(browser, address, day="03/04/2026", col__2="domain", read="yes")
    said = text_of(answer)
    assert answer.status_code == 400
    assert "This may be 3 Apr 2026 / 4 Mar 2026." in said
    assert "Two columns are said to be the same." in said
    assert fields(answer.content.decode())["day"] == ["03/04/2026"]


def test_contacts_give_offices_then_holders_and_nothing_private(desk: tuple[Node, Client]) -> None:
    node, browser = desk
    address = upload(browser, folders.contacts(), "संपर्क.xlsx")
    act(browser, address, order="dmy", day="2026", read="yes")
    said = text_of(browser.get(address))
    assert "private telephone numbers and e-mail addresses are not stored" in said
    assert "record the offices of this file first" in said
    assert "98000" not in said
    for number, kind in ((0, "office"), (1, "appointment")):
        answer = act(browser, address, do=f"record:{number}")
        assert answer.status_code == 302, text_of(answer)
        assert answer["Location"].endswith(f"/check/{kind}/")
        checked = browser.get(answer["Location"]).content.decode()
        assert browser.post(answer["Location"], {**fields(checked), "confirm": "yes"}).status_code == 302
    assert found(node, "office")["IND/director-trials-exercise"]["title"] == "Director (Trials), exercise"
    assert found(node, "appointment")["officer-one-exercise"] == {
        "ref": "officer-one-exercise",
        "office": "IND/director-trials-exercise",
        "holder": "Officer One (exercise)",
        "rank": "Cdr",
        "capacity": "substantive",
        "start": "2025-04-01",
        "end_state": "unknown",
        "attested": ["2026"],
    }


def test_actions_become_a_draft_of_the_meeting_that_is_chosen(desk: tuple[Node, Client]) -> None:
    node, browser = desk
    ref, meeting = next((ref, one) for ref, one in found(node, "meeting").items() if not one.get("actions"))
    rows = [["Action no.", "Action", "Action by India", "Due date"], ["A-1", "Send it (exercise)", None, "1 Mar 2027"]]
    address = upload(browser, folders.workbook(rows), "actions.xlsx")
    assert "Choose the meeting to which the rows belong, and read again." in text_of(browser.get(address))
    record = read.find(node, Viewer("IND", national=True, person="x"), ref)
    act(browser, address, meeting=record, way="paper", read="yes")
    answer = act(browser, address, do="draft:0")
    held = Draft.objects.get(record=record)
    assert answer["Location"] == reverse("draft", args=[record.rsplit("/", 1)[1], "paper"])
    assert held.content["actions"] == [
        {"number": "A-1", "text": "Send it (exercise)", "owners": [], "due": "2027-03-01"}
    ]
    assert held.content["date"] == meeting["date"]
    assert "1 row says what is there already." in text_of(browser.get(address))


def test_drafts_are_made_kept_beside_and_matched_again(desk: tuple[Node, Client]) -> None:
    _node, browser = desk
    rows = [["Commitment", "Due"], ["Conclude the annex (exercise)", "2027"]]
    address = upload(browser, folders.workbook(rows), "commitments.xlsx")
    act(browser, address, register="commitments", read="yes")
    act(browser, address, asked__0="firm", asked__1="Oct 2026", way="paper", read="yes")
    assert act(browser, address, do="draft:0").status_code == 302
    (held,) = Draft.objects.filter(record__startswith="commitment/")
    assert (held.purpose, held.content["made"], held.particulars["basis"]) == ("paper", "2026-10", "own")
    assert "1 row says what is there already." in text_of(browser.get(address))
    rows[1][1] = "2028"
    other = upload(browser, folders.workbook(rows), "commitments-2.xlsx")
    act(browser, other, register="commitments", asked__0="firm", read="yes")
    page = browser.get(other)
    assert "the first date given stays as it was recorded" in text_of(page)


def bomb() -> bytes:
    """A workbook of a few kilobytes that unpacks to 80 MB."""
    made = io.BytesIO(folders.projects())
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b"<x>" + b" " * 80_000_000 + b"</x>")
    return made.getvalue()


HOSTILE = {
    "archive": (lambda: b"PK\x03\x04not a workbook", "the archive is damaged or cut short"),
    "old": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a file of word or excel before 2007"),
    "bomb": (bomb, "would unpack to"),
    "word": (lambda: b"PK\x03\x04word/document.xml", "the archive is damaged or cut short"),
    "calendar": (lambda: b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "the file"),
    "pdf": (lambda: b"%PDF-1.7 no more than this", "the pdf cannot be opened"),
    "long": (lambda: b"Project no.,Project\n" + b"EX,Net\n" * 3_001, "has more than 3,000 rows"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_are_refused_by_what_they_are_and_can_be_taken_away(desk: tuple[Node, Client], case: str) -> None:
    _node, browser = desk
    data, words = HOSTILE[case]
    address = upload(browser, data(), "../../etc/<b>x</b>.xlsx")
    page = browser.get(address)
    assert page.status_code == 422
    assert words in text_of(page).lower()
    assert "<b>x</b>" not in page.content.decode()
    assert browser.post(address, {"remove": "yes"}).status_code == 302
    assert not Brought.objects.exists()


def test_what_is_confirmed_is_what_was_shown_whole_or_nothing(desk: tuple[Node, Client]) -> None:
    node, browser = desk
    rows = [
        ["Requirement", "Service", "Type"],
        ["Net C (exercise)", "Navy", "need"],
        ["Net D (exercise)", "Navy", "need"],
    ]
    address = upload(browser, folders.workbook(rows), "needs.xlsx")
    place = act(browser, address, do="record:0")["Location"]
    shown = fields(browser.get(place).content.decode())
    one = Brought.objects.get()
    one.chosen[1]["content"]["title"] = "Another thing (exercise)"
    one.save()
    before = len(found(node, "need"))
    answer = browser.post(place, {**shown, "confirm": "yes"})
    assert answer.status_code == 409
    assert "Another of the texts" in text_of(answer)
    del one.chosen[1]["content"]["user"]  # a rule that stands against one of them stops all
    one.save()
    page = browser.get(place)
    assert "A need without a user." in text_of(page)
    assert 'name="confirm"' not in page.content.decode()
    browser.post(place, {**fields(page.content.decode()), "confirm": "yes"})
    assert len(found(node, "need")) == before
    assert Authorship.objects.count() == 0


def test_no_file_is_said_at_the_field(desk: tuple[Node, Client]) -> None:
    _node, browser = desk
    answer = browser.post(reverse("bring"), {})
    assert answer.status_code == 400
    assert "no file was chosen, or it is empty" in text_of(answer)


def test_a_file_is_for_its_office_and_for_those_who_may_draft(desk: tuple[Node, Client]) -> None:
    node, browser = desk
    address = upload(browser, folders.projects(), "projects.xlsx")
    other = sign_in(node, "project_officer", "IND/ex-secretary")
    assert other.get(address).status_code == 404
    reader = sign_in(node, "auditor")
    assert reader.get(reverse("bring")).status_code in (403, 404)
    assert Client().get(reverse("bring")).status_code in (302, 404)


def test_the_page_speaks_hindi(desk: tuple[Node, Client]) -> None:
    _node, browser = desk
    address = "/hi" + upload(browser, folders.projects(), "projects.xlsx")
    page = browser.get(address)
    assert page.status_code == 200
    said = text_of(page)
    for english in ("Read again", "Not taken", "row 5", "Columns", "Rule"):
        assert english not in said, english


def test_a_word_record_becomes_a_draft_of_what_is_ticked(desk: tuple[Node, Client]) -> None:
    _node, browser = desk
    address = upload(browser, folders.minutes(), "Record of discussion.docx")
    page = browser.get(address)
    said = text_of(page)
    for words in (
        "Place: New Delhi paragraph 3",
        "table 1, D3: “ASAP” is no date that can be read",
        "A list that nobody",
    ):
        assert words in said, words
    answer = act(browser, address, purpose="information", way="paper", draft="0")
    (held,) = Draft.objects.filter(record__startswith="meeting/")
    assert answer["Location"] == reverse("draft", args=[held.record.rsplit("/", 1)[1], "paper"])
    assert [row["purpose"] for row in held.content["agenda"]] == ["review", "decision", "information"]
    assert (held.content["date"], held.content["place"], "mode" in held.content) == ("2026-11-18", "New Delhi", False)
    assert [row["number"] for row in held.content["actions"]] == ["A-1"]
    assert browser.get(answer["Location"]).status_code == 200


def test_entries_of_a_calendar_are_chosen_one_by_one(desk: tuple[Node, Client]) -> None:
    _node, browser = desk
    entry = "DTSTART;VALUE=DATE:202612{:02}\nDTEND;VALUE=DATE:202612{:02}\nSUMMARY:Visit {}"
    address = upload(browser, folders.calendar(entry.format(1, 2, "one"), entry.format(8, 9, "two")), "visits.ics")
    assert "Visit one" in text_of(browser.get(address))
    assert act(browser, address, draft="1", way="paper")["Location"] == address
    (held,) = Draft.objects.filter(record__startswith="meeting/")
    assert (held.content["date"], held.content["ref"]) == ("2026-12-08", "visit-two")


def test_a_scanned_letter_opens_the_form_with_the_file_its_number_and_its_date(desk: tuple[Node, Client]) -> None:
    _node, browser = desk
    scan = folders.letter(["No. EX/7/2026", "Dated: 18 November 2026", "Subject: Trial (exercise)"])
    address = upload(browser, scan, "letter.pdf")
    assert act(browser, address, draft="0").status_code == 400  # of what it is has to be said
    answer = act(browser, address, kind="project", draft="0")
    (held,) = Draft.objects.filter(purpose="paper")
    assert held.particulars == {
        "basis": "paper",
        "paper_number": "EX/7/2026",
        "paper_date": "2026-11-18",
        "paper_title": "Trial (exercise)",
    }
    assert [(one.name, one.media, bytes(one.data)) for one in held.files.all()] == [
        ("letter.pdf", "application/pdf", scan)
    ]
    form = browser.get(answer["Location"]).content.decode()
    assert 'value="EX/7/2026"' in form


def test_what_was_said_and_ticked_when_a_session_ended_comes_back(desk: tuple[Node, Client]) -> None:
    _node, browser = desk
    person = Person.objects.get(username="ind.secretariat")
    rows = [["Project no.", "Project"], ["EX-77", "Thing (exercise)"], ["EX-78", "Other thing (exercise)"]]
    address = upload(browser, folders.workbook(rows), "projects.xlsx")
    sent = {**fields(browser.get(address).content.decode()), "rows__0": ["3"], "day": "Jan 2026", "do": "draft:0"}
    Session.objects.all().delete()
    away = browser.post(address, sent)
    back = unquote(away["Location"].partition("next=")[2])
    assert back.startswith(address)
    again = sign_in(_node, "secretariat")
    page = again.get(back)
    said = fields(page.content.decode())
    assert (said["rows__0"], said["day"]) == (["3"], ["Jan 2026"])
    assert not Draft.objects.exists()
    assert again.post(address, {**said, "do": "draft:0"}).status_code == 302
    assert [one.content["ref"] for one in Draft.objects.filter(person=person)] == ["EX-78"]
    assert not Typed.objects.exists()


def test_each_page_of_a_file_says_when_the_file_goes(desk: tuple[Node, Client]) -> None:
    _node, browser = desk
    pages = [upload(browser, folders.projects(), "a.xlsx"), upload(browser, b"\x00\x01\x02", "b.bin"), reverse("bring")]
    goes = Brought.objects.get(name="a.xlsx").kept + timedelta(days=1)
    said = f"Deleted by itself: Delhi: {goes.astimezone(ZoneInfo('Asia/Kolkata')):%-d %b %Y}"
    for page in pages:
        assert said in text_of(browser.get(page)), page
    assert browser.get(f"{pages[0].rstrip('/')}.json").json()["goes"] == f"{goes:%Y-%m-%dT%H:%M:%SZ}"
