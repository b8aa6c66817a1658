"""The register of actions at its pages: found, filtered, reported on, verified, taken out and back in."""

import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import openpyxl
import pytest
from django.test import Client

from dtti.demo.exercise import Exercise
from dtti.node.core.node import Node
from dtti.node.people import models
from dtti.node.people.models import Person, Reading

from .capitals import copied, serve_side  # noqa: F401 - fixtures
from .signing import Page
from .test_permissions import seat

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("permissions")]

OFFICER = "IND/ex-project-officer"
TODAY = {"date_day": "1", "date_month": "11", "date_year": "2026"}


@pytest.fixture
def exercise(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Exercise]:
    """Two capitals of its own for each test: most of them write."""
    yield from copied(tmp_path_factory, request)


@pytest.fixture
def node(serve_side: Any) -> Node:  # noqa: F811
    return serve_side("IND")


@pytest.fixture
def officer(node: Node) -> Client:
    return seat(node, "working_group_co_chair", OFFICER)


@pytest.fixture
def code(exercise: Exercise) -> Callable[[str], str]:
    """The code of a staged record by its name."""
    return lambda name: exercise.records[name].rpartition("/")[2]


def rows(browser: Client, query: str = "") -> list[tuple[str, str, str]]:
    """Reference, number and state of each row of the register."""
    found = browser.get(f"/actions.json{query}").json()["rows"]
    return [(each["record"].partition(":")[2], each["number"], each["state"]) for each in found]


def test_the_register_has_every_action_once_the_longest_overdue_first(officer: Client) -> None:
    assert rows(officer) == [
        ("ex-group-01", "3", "partly-met"),
        ("ex-group-02", "1", "open"),
        ("ex-group-01", "2", "reported"),
        ("ex-trial-plan", None, "open"),
        ("ex-group-02", "2", "open"),
        ("ex-group-02", "3", "met"),
        ("ex-group-01", "1", "met"),
    ]
    page = Page(officer.get("/actions/"))
    assert "overdue by 30 days" in page.text
    assert "first due" in page.text
    assert "its owner asks for" in page.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?state=reported", [("ex-group-01", "2")]),
        ("?due=overdue", [("ex-group-01", "3"), ("ex-group-02", "1")]),
        ("?side=USA&due=overdue", [("ex-group-01", "3"), ("ex-group-02", "1")]),
        ("?type=commitment", [("ex-trial-plan", None)]),
        ("?office=IND/ex-secretariat", [("ex-group-02", "3")]),
        ("?project=ex-net&state=met", [("ex-group-01", "1")]),
        ("?q=WINCH", [("ex-group-01", "2")]),
        ("?body=no-such", []),
        ("?order=-text&state=met", [("ex-group-01", "1"), ("ex-group-02", "3")]),
    ],
)
def test_the_register_is_narrowed_and_ordered_by_its_address(officer: Client, query: str, found: list[Any]) -> None:
    assert [each[:2] for each in rows(officer, query)] == found


def test_an_answer_that_the_register_does_not_know_is_refused(officer: Client) -> None:
    answer = officer.get("/actions.json?state=done")
    assert answer.status_code == 422
    assert answer.json()["refusals"][0]["rule"] == "filter"


def test_the_public_is_shown_no_action_of_the_two_sides(node: Node) -> None:
    assert rows(Client()) == []
    assert Client().get("/decisions.json").json()["total"] == 0


def test_an_action_says_who_changed_its_date_and_why_and_what_both_sides_reported(
    node: Node, code: Callable[[str], str], officer: Client
) -> None:
    address = f"/actions/of/{code('meeting-1')}/2/"
    page = Page(officer.get(address))
    (changes,) = page.tree.xpath("//section[@id='changes']")
    assert "Kavita Pillai" in changes.text_content()
    assert "Ruth Lindqvist" in changes.text_content()
    assert "in dock for five weeks" in changes.text_content()
    (reports,) = page.tree.xpath("//section[@id='reports']")
    assert "Daniel Ortega" in reports.text_content()
    twin = officer.get(address.rstrip("/") + ".json").json()
    assert [each["before"] is None for each in twin["changes"]] == [True, False]
    assert twin["action"]["state"] == "reported"
    assert officer.get(f"/actions/of/{code('meeting-1')}/9/").status_code == 404
    assert Client().get(address).status_code == 404


def begin(browser: Client, address: str) -> dict[str, str]:
    page = Page(browser.get(address))
    assert page.answer.status_code == 200, page.answer.content[:500]
    return page.fields


def report(browser: Client, address: str, **given: str) -> Any:
    """Fill in the form of a report, and press its button."""
    return browser.post(address, {**begin(browser, address), **TODAY, **given})


def confirmed(browser: Client, answer: Any) -> None:
    """Confirm what the form led to."""
    assert answer.status_code == 302, Page(answer).text
    shown = Page(browser.get(answer["Location"]))
    done = browser.post(answer["Location"], {**shown.fields, "confirm": "yes"})
    assert done.status_code == 302, Page(done).text
    assert "/done/" in done["Location"]


def test_all_that_a_report_lacks_is_said_at_once_in_words_and_nothing_is_kept(
    node: Node, code: Callable[[str], str], officer: Client
) -> None:
    address = f"/actions/report/of/{code('meeting-2')}/2/"
    answer = officer.post(address, begin(officer, address))
    page = Page(answer)
    (summary,) = page.tree.xpath("//section[@role='alert']")
    said = summary.text_content()
    assert all(each in said for each in ("how far it is", "No day is given", "who may read it"))
    assert models.Draft.objects.count() == 0
    later = officer.post(address, {**begin(officer, address), "state": "met", "kept": "no",
                                   "date_day": "1", "date_month": "1", "date_year": "2199"})  # fmt: skip
    assert "still to come" in Page(later).text
    hindi = officer.post("/hi" + address, begin(officer, "/hi" + address))
    assert "कोई दिन नहीं दिया गया" in Page(hindi).text


def test_an_owner_reports_with_a_file_and_nobody_who_reported_verifies_it(
    node: Node, code: Callable[[str], str], officer: Client
) -> None:
    meeting = code("meeting-2")
    address = f"/actions/report/of/{meeting}/2/"
    answer = officer.post(
        address,
        {
            **begin(officer, address), **TODAY, "state": "met", "work_done": "The report went out.", "kept": "no",
            "scan": io.BytesIO(b"weights as measured"),
            "document__title": "Weights", "document__number": "EX/W/7",
        },
    )  # fmt: skip
    shown = Page(officer.get(answer["Location"]))
    assert "The report went out." in shown.text
    confirmed(officer, answer)
    node.settle()
    one = officer.get(f"/actions/of/{meeting}/2.json").json()["action"]
    assert one["state"] == "reported"
    told = one["reports"][-1]
    assert (told["side"], told["state"], told["counts_not"]) == ("IND", "met", "")
    verify = f"/actions/verify/{told['record'].rpartition('/')[2]}/"
    own = officer.get(verify)
    assert own.status_code == 422
    assert "cannot be the one who verifies" in Page(own).text
    colleague = seat(node, "secretariat", "IND/ex-secretariat")
    assert "Verify the report of" in Page(colleague.get(f"/actions/of/{meeting}/2/")).text
    assert "Weights, EX/W/7" in Page(colleague.get(verify)).text  # what is to be made sure of is shown to whoever does
    confirmed(colleague, report(colleague, verify, state="met", work_done="Seen.", kept="no"))
    node.settle()
    after = officer.get(f"/actions/of/{meeting}/2.json").json()["action"]
    assert (after["state"], after["verified"][0]["office"]) == ("met", "IND/ex-secretariat")
    settled = officer.get(address)
    assert settled.status_code == 422


def test_an_account_that_drafted_a_report_does_not_verify_it_under_another_name(
    node: Node, code: Callable[[str], str], officer: Client
) -> None:
    meeting = code("meeting-1")
    address = f"/actions/report/of/{meeting}/3/"
    confirmed(officer, report(officer, address, state="met", work_done="All named.", kept="no"))
    node.settle()
    told = officer.get(f"/actions/of/{meeting}/3.json").json()["action"]["reports"][-1]
    Person.objects.filter(username="walks.working-group-co-chair").update(full_name="Somebody Else (exercise)")
    answer = officer.get(f"/actions/verify/{told['record'].rpartition('/')[2]}/")
    assert answer.status_code == 422


def test_the_side_that_does_not_own_an_action_is_told_who_reports(
    node: Node, code: Callable[[str], str], officer: Client
) -> None:
    answer = officer.get(f"/actions/report/of/{code('meeting-2')}/1/")
    assert answer.status_code == 422
    assert "does not own it" in Page(answer).text
    page = Page(officer.get(f"/actions/of/{code('meeting-2')}/1/"))
    assert "Report on this action" not in page.text


def test_a_draft_of_a_report_goes_on_in_its_own_form(node: Node, code: Callable[[str], str], officer: Client) -> None:
    address = f"/actions/report/on/{code('trial')}/"
    assert officer.get(address).status_code == 422  # the United States own it
    address = f"/actions/report/of/{code('meeting-2')}/2/"
    answer = report(officer, address, state="open", work_done="Half of it.", kept="yes")
    draft = models.Draft.objects.get()
    name = draft.record.rpartition("/")[2]
    assert officer.get(f"/work/{name}/draft/state/")["Location"] == f"/actions/draft/{name}/"
    page = Page(officer.get(f"/actions/draft/{name}/"))
    assert "Half of it." in page.text
    gone = officer.post(f"/actions/draft/{name}/", {**page.fields, "discard": "yes"})
    assert (gone.status_code, models.Draft.objects.count()) == (302, 0)
    assert answer.status_code == 302


@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_a_report_begun_anywhere_is_begun_by_choosing_the_action_by_its_words(
    node: Node, code: Callable[[str], str], officer: Client, prefix: str
) -> None:
    """The general beginning leads to the same short form as the link of the register."""
    begun = officer.get(f"{prefix}/work/new/action-reports/")
    assert (begun.status_code, begun["Location"]) == (302, f"{prefix}/actions/report/")
    address = f"{prefix}/actions/report/of/{code('meeting-2')}/2/"
    page = Page(officer.get(begun["Location"]))
    ways = page.tree.xpath("//main//table//a[contains(@href, '/actions/report/')]/@href")
    assert address in ways
    assert f"{prefix}/actions/report/of/{code('meeting-2')}/1/" not in ways  # the United States own it
    found = Page(officer.get(begun["Location"] + "?q=TRIAL"))
    assert found.tree.xpath("//main//table//a[contains(@href, '/actions/report/')]/@href") == [address]
    none = Page(officer.get(begun["Location"] + "?q=no such words"))
    assert not none.tree.xpath("//main//table")
    register = Page(officer.get(f"{prefix}/actions/"))
    assert register.tree.xpath(f"//main//a[@href='{prefix}/actions/report/']")
    assert Page(officer.get(address)).tree.xpath("//main//form//*[@name='work_done']")


def test_a_report_is_corrected_in_the_short_form_and_keeps_what_that_does_not_ask(
    node: Node, code: Callable[[str], str], officer: Client
) -> None:
    answer = report(officer, f"/actions/report/of/{code('meeting-2')}/2/", state="open", work_done="Begun.", kept="no")
    draft = models.Draft.objects.get()
    draft.content |= {"notes": "Second copy."}
    draft.save()
    confirmed(officer, answer)
    node.settle()
    name = draft.record.rpartition("/")[2]
    form = officer.get(f"/work/{name}/draft/state/")
    assert (form.status_code, form["Location"]) == (302, f"/actions/draft/{name}/")
    page = Page(officer.get(form["Location"]))
    assert "Begun." in page.text
    confirmed(officer, report(officer, form["Location"], state="met", work_done="Sent.", kept="no"))
    node.settle()
    held = officer.get(f"/action-reports/{name}.json").json()["content"]
    assert (held["state"], held["work_done"], held["notes"]) == ("met", "Sent.", "Second copy.")


@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_what_shows_it_is_found_by_name_or_named_as_a_paper(
    node: Node, code: Callable[[str], str], officer: Client, prefix: str
) -> None:
    address = f"{prefix}/actions/report/of/{code('meeting-2')}/2/"
    page = Page(officer.get(address))
    (field,) = page.tree.xpath("//input[@name='evidence']")
    assert field.get("hx-get") == f"{prefix}/work/names/any/"
    offered = page.tree.xpath("//datalist[@id='list_evidence']/option/@value")
    assert "Shipboard drone recovery net" in offered
    given = {"state": "met", "work_done": "Sent.", "kept": "no"}
    unknown = Page(report(officer, address, **given, evidence="No such thing at all"))
    assert unknown.tree.xpath("//*[@id='id_evidence_err']")
    assert unknown.tree.xpath("string(//input[@name='evidence']/@value)") == "No such thing at all"
    open_ = Page(report(officer, address, **given, evidence="drone recovery"))
    readings = open_.tree.xpath("//input[@name='evidence__reading']/@value")
    assert "project:ex-net" in readings
    nameless = Page(report(officer, address, **given, document__number="EX/NAV/2026/31"))
    assert nameless.tree.xpath("//*[@id='id_document__title_err']")
    paper = {"document__title": "Trial report", "document__number": "EX/NAV/2026/31", "document__held_by": "Registry"}
    answer = report(officer, address, **given, **paper, evidence="drone recovery", evidence__reading="project:ex-net")
    confirmed(officer, answer)
    node.settle()
    one = officer.get(f"/actions/of/{code('meeting-2')}/2.json").json()["action"]
    assert one["reports"][-1]["evidence"] == "project:ex-net"
    assert one["evidence"] == ["project:ex-net", "Trial report, EX/NAV/2026/31 (Registry)"]
    shown = Page(officer.get(f"{prefix}/actions/of/{code('meeting-2')}/2/"))
    assert "Trial report, EX/NAV/2026/31 (Registry)" in shown.text
    assert "Shipboard drone recovery net" in shown.text


def test_a_source_is_evidence_by_its_title(node: Node, code: Callable[[str], str], officer: Client) -> None:
    source = officer.get("/sources.json").json()["rows"][0]
    address = f"/actions/report/of/{code('meeting-2')}/2/"
    answer = report(officer, address, state="met", work_done="Sent.", kept="no", evidence=source["title"])
    assert answer.status_code == 302, Page(answer).text
    assert models.Draft.objects.get().content["evidence"] == f"source:{source['ref']}"


def test_other_pages_show_what_is_left_to_do_of_them(node: Node, code: Callable[[str], str], officer: Client) -> None:
    for address in ("/projects/ex-net/", f"/offices/{OFFICER}/", "/bodies/ex-group/"):
        page = Page(officer.get(address))
        assert page.answer.status_code == 200, address
        assert "Send drawings of the winch" in page.text or "Report on the trial" in page.text, address
    meeting = Page(officer.get("/meetings/ex-group-02/"))
    assert "Actions, as they stand" in meeting.text
    assert "Daniel Ortega on action 1, Exercise Group, no. 2" in meeting.text
    assert [each["number"] for each in officer.get("/meetings/ex-group-02.json").json()["actions"]] == ["1", "2", "3"]


def test_decisions_are_searched_by_words_and_body(officer: Client) -> None:
    found = officer.get("/decisions.json?q=SUCCESS").json()
    assert [(each["meeting"], each["number"]) for each in found["rows"]] == [("ex-group-02", "EG/2/D1")]
    assert "shaped into projects" in Page(officer.get("/decisions/")).text
    assert officer.get("/decisions.json?body=no-such").json()["total"] == 0


def workbook(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def bring(browser: Client, data: bytes, name: str = "list.xlsx") -> Page:
    file = io.BytesIO(data)
    file.name = name
    return Page(browser.post("/actions/bring-in/", {**begin(browser, "/actions/bring-in/"), "file": file}))


def test_the_register_goes_out_as_it_is_filtered_and_says_nothing_new_when_it_comes_back(
    node: Node, officer: Client
) -> None:
    answer = officer.get("/actions/list.xlsx?due=overdue")
    held = workbook(answer.content).worksheets[0]
    assert [row[0].value for row in held.iter_rows(min_row=2)] == ["ex-group-01/3", "ex-group-02/1"]
    assert Reading.objects.filter(act="export", path__contains="list.xlsx").count() == 1
    text = officer.get("/actions/list.csv?state=reported").content.decode("utf-8-sig")
    assert "ex-group-01/2" in text
    assert "ex-group-01/3" not in text
    for address in ("/actions/list.xlsx", "/hi/actions/list.xlsx"):
        page = bring(officer, officer.get(address).content)
        assert "Nothing: the record holds all that the sheet says." in page.text, page.text
        assert not page.tree.xpath("//section[@id='unknown']")


def test_what_an_office_wrote_into_the_sheet_becomes_a_report_and_the_same_sheet_then_says_nothing_new(
    node: Node, code: Callable[[str], str], officer: Client
) -> None:
    book = workbook(officer.get("/actions/list.xlsx?order=meeting").content)
    held = book.worksheets[0]
    heads = {cell.value: cell.column for cell in held[1]}
    row = next(each[0].row for each in held.iter_rows(min_row=2) if each[0].value == "ex-group-02/2")
    theirs = next(each[0].row for each in held.iter_rows(min_row=2) if each[0].value == "ex-group-02/1")
    held.cell(row, heads["Status"]).value = "closed"
    held.cell(row, heads["Evidence"]).value = "Trial report EX/NAV/2026/31"
    held.cell(row, heads["Action"]).value = "Report on the trial, with photographs."
    held.cell(theirs, heads["Status"]).value = "done"
    last = held.max_row + 1
    held.cell(last, heads["Action no."]).value = "A-99"
    held.cell(last, heads["Action"]).value = "Something of our own"
    held.cell(last, heads["Due"]).value = "2027-01-31"
    out = io.BytesIO()
    book.save(out)
    page = bring(officer, out.getvalue())
    (new,) = page.tree.xpath("//section[@id='new']")
    assert "Trial report EX/NAV/2026/31" in new.text_content()
    assert "with photographs" in new.text_content()
    assert "its owner is the other side" in new.text_content()
    (unknown,) = page.tree.xpath("//section[@id='unknown']")
    assert "A-99" in unknown.text_content()
    assert models.Draft.objects.count() == 0
    (link,) = new.xpath(".//a[text()='Report this']/@href")
    form = Page(officer.get(link))
    assert "Trial report EX/NAV/2026/31" in form.text
    checked = form.tree.xpath("//input[@name='state'][@checked]/@value")
    assert checked == ["met"]
    day = {part: form.tree.xpath(f"string(//*[@name='date_{part}']/@value)") for part in ("day", "year")}
    month = form.tree.xpath("string(//select[@name='date_month']/option[@selected]/@value)")
    answer = officer.post(
        re.sub(r"\?.*", "", link),
        {
            **form.fields, "state": "met", "work_done": "Trial report EX/NAV/2026/31", "kept": "no",
            "date_day": day["day"], "date_year": day["year"], "date_month": month,
        },
    )  # fmt: skip
    confirmed(officer, answer)
    node.settle()
    again = bring(officer, out.getvalue())
    (new,) = again.tree.xpath("//section[@id='new']")
    assert not new.xpath(".//a[text()='Report this']")
    assert "Trial report" not in new.text_content()


def test_a_file_that_is_no_sheet_is_refused_at_its_field(officer: Client) -> None:
    page = bring(officer, b"\x00\x01 no sheet", "list.xlsx")
    assert page.tree.xpath("//section[@role='alert']")
    empty = officer.post("/actions/bring-in/", begin(officer, "/actions/bring-in/"))
    assert "No file was given" in Page(empty).text
