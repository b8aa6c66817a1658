"""A meeting worked at its page, as a secretariat does: days, notes, a Word file out and back, papers, the next one."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html
from tests.web.capitals import exercise, serve_side, sign_in

from dtti.demo.exercise import Exercise
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.people.models import Draft, Reading
from dtti.node.record import read

__all__ = ["exercise", "serve_side"]
pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.xdist_group("capitals")]
Serve = Callable[[str], Node]


def code(exercise: Exercise, name: str) -> str:
    return exercise.records[name].rpartition("/")[2]


@pytest.fixture
def secretary(serve_side: Serve) -> Client:
    return sign_in(serve_side("IND"), "secretariat")


def page(browser: Client, address: str, status: int = 200) -> html.HtmlElement:
    answer = browser.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return html.fromstring(answer.content.decode())


def words(tree: Any, path: str = "//main") -> str:
    return " ".join(" ".join(str(each.text_content()).split()) for each in tree.xpath(path))


def content(of: str, purpose: str = "propose") -> dict[str, Any]:
    held: dict[str, Any] = Draft.objects.get(record__endswith=of, purpose=purpose).content
    return held


def test_the_page_of_a_meeting_says_what_comes_next_and_leads_there(secretary: Client, exercise: Exercise) -> None:
    """Every step is one link from the page of the meeting; each link leads to a page that is there."""
    tree = page(secretary, f"/meetings/{code(exercise, 'meeting-3')}/")
    said = words(tree, "//*[@id='work']")
    for phase in ("Plan", "Agenda", "Invite", "Delegations", "Pack", "Hold", "Record of discussion", "Follow up"):
        assert phase in said
    assert "4 items" in said
    assert "not in the record yet: EX/EG/3/P-03 Survey formats in use" in said
    assert "India: 3 members" in said
    assert tree.xpath("count(//ol[@class='phases']/li[@class='now'])") == 1
    for link in tree.xpath("//*[@id='work']//a/@href"):
        if not str(link).startswith("#"):
            assert secretary.get(str(link)).status_code in (200, 302), link


def test_the_row_of_papers_gives_every_paper_and_notes_who_took_it(secretary: Client, exercise: Exercise) -> None:
    record = exercise.records["meeting-3"]
    tree = page(secretary, f"/meetings/{code(exercise, 'meeting-3')}/")
    files = [str(each) for each in tree.xpath("//*[@id='papers']//a/@href")]
    papers = {match[1] for each in files if (match := re.search(r"/papers/([a-z-]+)\.", each))}
    assert papers == {
        "agenda", "meeting-pack", "addendum", "delegation", "brief", "cover-sheet", "reply-sheet", "invitation",
    }  # fmt: skip
    for each in (one for one in files if ".en." in one):
        answer = secretary.get(each)
        assert answer.status_code == 200, each
        begins = {"pdf": b"%PDF", "ics": b"BEGIN:VCALENDAR", "ocx": b"PK"}[each[-3:]]
        assert answer.content.startswith(begins)
        assert "attachment" in answer["Content-Disposition"]
    taken = Reading.objects.filter(record=record, act="export")
    assert sorted(one.path for one in taken) == sorted(one for one in files if ".en." in one)
    assert {(one.person.username if one.person else "", one.account) for one in taken} == {("ind.secretariat", "")}


def test_who_may_not_see_a_paper_gets_none_of_it(serve_side: Serve, exercise: Exercise) -> None:
    name = code(exercise, "meeting-3")
    auditor = sign_in(serve_side("IND"), "auditor")
    assert Client().get(f"/meetings/{name}/papers/agenda.en.pdf").status_code == 404
    tree = page(auditor, f"/meetings/{name}/")
    assert not tree.xpath("//*[@id='work']//a[contains(@href, '/notes/')]")
    answer = auditor.get(f"/meetings/{name}/papers/instrument.en.pdf")
    assert answer.status_code == 422
    assert "no paper called" in answer.content.decode()


def test_days_are_found_and_taken_into_the_draft_and_nothing_is_sent(secretary: Client, exercise: Exercise) -> None:
    name = code(exercise, "meeting-3")
    tree = page(secretary, f"/meetings/{name}/days/")
    shown = words(tree)
    assert "Days that could be proposed" in shown
    assert "What was looked at" in shown
    before = exercise.pair.nodes["IND"].store.size("released")
    first = str(tree.xpath("//button[@name='take']/@value")[0])
    form = {each.get("name"): each.get("value") or "" for each in tree.xpath("//form[@id='search']//input[@name]")}
    form |= {"mode": "in-person", "host": "IND", "take": first}
    form.pop("calendar", None)
    answer = secretary.post(f"/meetings/{name}/days/", form)
    assert answer.status_code == 302, words(html.fromstring(answer.content.decode()))
    held = content(name)
    assert (held["date"], held["host"], held["zone"]) == (first, "IND", "Asia/Kolkata")
    assert held["agenda"]
    assert exercise.pair.nodes["IND"].store.size("released") == before


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("first", "03/04/2027", "two days"),
        ("first", "soon", ""),
        ("days", "many", "whole number"),
        ("last", "1 Jan 2020", "before the first"),
    ],
)
def test_what_is_typed_wrong_is_said_beside_its_field(
    secretary: Client, exercise: Exercise, field: str, typed: str, said: str
) -> None:
    answer = secretary.get(f"/meetings/{code(exercise, 'meeting-3')}/days/", {field: typed})
    assert answer.status_code == 422
    tree = html.fromstring(answer.content.decode())
    assert said in words(tree, f"//*[@id='id_{field}_err']")
    assert "re.compile" not in answer.content.decode()


def reply(uid: str, name: str, answer: str) -> bytes:
    return "\r\n".join(
        [
            "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", "METHOD:REPLY", "BEGIN:VEVENT", f"UID:{uid}",
            "DTSTAMP:20260101T000000Z", "DTSTART:20270101T043000Z", "SEQUENCE:0",
            f"ATTENDEE;CN={name};PARTSTAT={answer}:mailto:someone@example.org", "END:VEVENT", "END:VCALENDAR", "",
        ]
    ).encode()  # fmt: skip


def test_an_answer_that_came_by_mail_stands_in_the_draft_of_our_delegation(
    secretary: Client, exercise: Exercise
) -> None:
    name = code(exercise, "meeting-3")
    address = f"/meetings/{name}/answers/"
    entry = secretary.get(f"/meetings/{name}/papers/invitation.en.ics").content.decode()
    uid = re.search(r"UID:(\S+)", entry)[1]  # type: ignore[index]
    sent = SimpleUploadedFile("reply.ics", reply(uid, "Cdr. Arjun Rao", "ACCEPTED"), "text/calendar")
    made = secretary.post(address, {"answer": sent})
    assert made.status_code == 302, words(html.fromstring(made.content.decode()))
    assert "Cdr. Arjun Rao: accepted." in words(page(secretary, made.headers["Location"]))
    held = Draft.objects.get(purpose="state", record__startswith="delegation/").content
    assert [(each["name"], each.get("answer")) for each in held["members"]][1] == ("Cdr. Arjun Rao", "accepted")
    assert "example.org" not in str(held)
    other = SimpleUploadedFile("reply.ics", reply("another@meeting", "Cdr. Arjun Rao", "ACCEPTED"), "text/calendar")
    refused = secretary.post(address, {"answer": other})
    assert refused.status_code == 422
    assert "another meeting" in words(html.fromstring(refused.content.decode()), "//*[@id='id_answer_err']")
    assert secretary.post(address, {"answer": SimpleUploadedFile("x.ics", b"no")}).status_code == 422
    assert secretary.post(address, {}).status_code == 422


def note(secretary: Client, name: str, **typed: str) -> Any:
    return secretary.post(f"/meetings/{name}/notes/", typed)


def test_notes_become_the_draft_of_the_record_one_by_one(secretary: Client, exercise: Exercise) -> None:
    name = code(exercise, "meeting-3")
    assert note(secretary, name, item="2", said="Both sides spoke.").status_code == 302
    assert note(secretary, name, item="2", said="They agreed.", decided="The net goes on.").status_code == 302
    made = note(
        secretary, name, item="2", action="Write to the yard.", office_IND="IND/ex-project-officer", due="18 Jan 2027"
    )
    assert made.status_code == 302
    held = content(name)
    assert held["discussed"] == [{"item": "2", "text": "Both sides spoke.\nThey agreed."}]
    assert held["decisions"] == [{"number": "ex-group/3/D1", "text": "The net goes on.", "item": "2"}]
    assert held["actions"] == [
        {
            "number": "ex-group/3/A1",
            "text": "Write to the yard.",
            "owners": [{"side": "IND", "office": "IND/ex-project-officer"}],
            "due": "2027-01-18",
        }
    ]
    shown = words(page(secretary, f"/meetings/{name}/notes/"))
    assert "Write to the yard." in shown
    assert "18 Jan 2027" in shown


def test_an_action_without_owner_or_day_is_asked_back_and_nothing_typed_is_lost(
    secretary: Client, exercise: Exercise
) -> None:
    name = code(exercise, "meeting-3")
    answer = note(secretary, name, item="2", said="Both sides spoke.", action="Write to the yard.")
    assert answer.status_code == 422
    tree = html.fromstring(answer.content.decode())
    assert "not who does it, or not by when" in words(tree, "//*[@id='id_action_err']")
    assert words(tree, "//textarea[@name='said']") == "Both sides spoke."
    assert words(tree, "//textarea[@name='action']") == "Write to the yard."
    assert not Draft.objects.filter(record__endswith=name).exists()
    assert note(secretary, name).status_code == 422
    assert note(secretary, name, said="On nothing.").status_code == 422
    assert note(secretary, name, action="x", office_IND="IND/ex-project-officer", due="03/04/2027").status_code == 422


def test_a_text_goes_out_in_word_and_comes_back_change_by_change(secretary: Client, exercise: Exercise) -> None:
    name = code(exercise, "meeting-2")
    sent = secretary.get(f"/meetings/{name}/word/record.en.docx")
    assert sent.status_code == 200
    document = docx.Document(BytesIO(sent.content))
    changed = 0
    for part in document.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"):
        if part.text and "Two pairs fit" in part.text:
            part.text, changed = part.text.replace("Two pairs fit", "Three pairs fit"), changed + 1
        if part.text and "adopted without change" in part.text:
            part.text, changed = part.text.replace("adopted without change", "adopted as drafted"), changed + 1
    assert changed == 2
    made = BytesIO()
    document.save(made)
    answer = secretary.post(
        f"/meetings/{name}/word/record/", {"returned": SimpleUploadedFile("back.docx", made.getvalue())}
    )
    assert answer.status_code == 302
    tree = page(secretary, answer.headers["Location"].partition("#")[0])
    changes = [str(each) for each in tree.xpath("//input[@name='change']/@value")]
    shown = words(tree, "//*[@id='changes']")
    assert len(changes) >= 2
    assert "Three" in shown
    three = next(
        str(each.xpath(".//input/@value")[0])
        for each in tree.xpath("//div[@class='choice']")
        if "Three" in each.text_content()
    )
    held = str(tree.xpath("//input[@name='file']/@value")[0])
    answer = secretary.post(f"/meetings/{name}/word/record/", {"file": held, "confirm": "yes", "change": [three]})
    assert answer.status_code == 302, words(html.fromstring(answer.content.decode()))
    text = "\n".join(row["text"] for row in content(name)["discussed"])
    assert "Three pairs fit" in text
    assert "adopted without change" in text
    kept = content(name)
    assert [row["number"] for row in kept["decisions"]] == ["EG/2/D1", "EG/2/D2"]
    assert kept["agenda"][1]["papers"] == ["need:ex-in-7", "need:ex-us-31"]
    assert kept["co_chairs"]


def test_a_file_that_is_none_is_said_to_be_none(secretary: Client, exercise: Exercise) -> None:
    name = code(exercise, "meeting-2")
    answer = secretary.post(
        f"/meetings/{name}/word/record/", {"returned": SimpleUploadedFile("back.docx", b"not a Word file")}
    )
    assert answer.status_code == 422
    assert secretary.post(f"/meetings/{name}/word/record/", {}).status_code == 422
    assert secretary.get(f"/meetings/{name}/word/poem/").status_code == 404


def test_the_next_meeting_opens_with_what_carried_over_and_the_hosts_turn_changed(
    secretary: Client, exercise: Exercise
) -> None:
    answer = secretary.get(f"/meetings/{code(exercise, 'meeting-3')}/next/")
    assert answer.status_code == 302
    tree = page(secretary, answer.headers["Location"])
    values = {each.get("name"): each.get("value") for each in tree.xpath("//form[@id='draft']//input[@name]")}
    assert values["number"] == "4"
    assert tree.xpath("//select[@name='host']/option[@selected]/@value") == ["USA"]
    titles = [value for name, value in values.items() if re.fullmatch(r"agenda__\d+__title", name or "") and value]
    assert titles[0] == "Adoption of the agenda"
    assert not Draft.objects.filter(content__follows="ex-group-03").exists()


def test_no_page_of_this_work_takes_anything_from_who_may_not_draft(serve_side: Serve, exercise: Exercise) -> None:
    name = code(exercise, "meeting-3")
    for duty in ("auditor", "disclosure_officer"):
        browser = sign_in(serve_side("IND"), duty)
        for address in (f"/meetings/{name}/notes/", f"/meetings/{name}/days/", f"/meetings/{name}/word/record/"):
            assert browser.post(address, {"said": "x", "item": "1"}).status_code == 403
    assert not Draft.objects.filter(record__endswith=name).exists()


@pytest.mark.parametrize("address", ["", "days/", "notes/", "word/agenda/", "word/record/", "answers/"])
def test_hindi_pages_of_this_work_hold_no_english_sentence(secretary: Client, exercise: Exercise, address: str) -> None:
    tree = page(secretary, f"/hi/meetings/{code(exercise, 'meeting-3')}/{address}")
    for part in tree.xpath("//main//*[@lang='en']"):
        part.drop_tree()
    for marked in tree.xpath("//main//textarea|//main//option|//main//code"):
        marked.drop_tree()
    found = re.findall(r"\b[a-z]{3,} [a-z]{3,} [a-z]{3,}\b", words(tree))
    assert found == []


def filled(tree: html.HtmlElement) -> dict[str, str]:
    """What the form of a draft would send as it stands."""
    (form,) = tree.xpath("//form[@id='draft']")
    return {name: value for name, value in form.form_values() if not name.startswith(("csrf", "version"))}


BEGUN = [
    ("/meetings/{name}/readout/", "meeting-3", "readout", {"title": "Joint readout", "on": "24 Sep 2026"}),
    ("/work/new/delegations/?meeting={ref}", "meeting-2", "delegation", {"day": "24 Sep 2026"}),
    ("/work/new/briefs/?meeting={ref}", "meeting-2", "briefing", {"opening": "A short word"}),
    ("/meetings/{name}/next/", "meeting-3", "meeting", {"place": "Goa"}),
]


@pytest.mark.parametrize(("address", "of", "kind", "typed"), BEGUN, ids=[each[2] for each in BEGUN])
def test_what_is_begun_from_a_meeting_is_begun_once_whoever_presses_and_however_often(
    serve_side: Serve, exercise: Exercise, address: str, of: str, kind: str, typed: dict[str, str]
) -> None:
    """The form before it is kept, the draft after it, two people at once: one draft, and nothing typed lost."""
    node = serve_side("IND")
    one, other = sign_in(node, "secretariat"), sign_in(node, "secretariat")
    record = exercise.records[of]
    state = read.state(node, Viewer("IND", national=True, person="x"), record)
    assert state is not None
    address = address.format(name=code(exercise, of), ref=state[0].ref)
    forms = [browser.get(address)["Location"] for browser in (one, other, one)]
    assert len({each.partition("?")[0] for each in forms}) == 1
    assert not Draft.objects.filter(record__startswith=f"{kind}/").exists()  # reading keeps nothing
    pages = [filled(page(browser, form)) for browser, form in ((one, forms[0]), (other, forms[1]))]
    assert one.post(forms[0], {**pages[0], **typed}).status_code in (200, 302)
    second = other.post(forms[1], {**pages[1], **typed, "remarks": "from the other desk"})
    assert second.status_code == 409  # both texts are shown
    assert Draft.objects.filter(record__startswith=f"{kind}/").count() == 1
    again = one.get(address)["Location"]
    assert again == forms[0].partition("?")[0]
    assert "Your office has begun this already: here is its draft." in words(page(one, again), "//body")
    said = words(page(one, f"/meetings/{code(exercise, of)}/"), "//*[@id='work']")
    assert " a draft of your office" in said
    Draft.objects.all().delete()  # taken back: it can be begun anew
    assert "?begin=" in one.get(address)["Location"]


def test_another_office_and_the_other_side_begin_their_own(serve_side: Serve, exercise: Exercise) -> None:
    address = f"/meetings/{code(exercise, 'meeting-3')}/readout/"
    forms = {sign_in(serve_side(side), "secretariat").get(address)["Location"] for side in ("IND", "USA")}
    assert len({each.partition("?")[0] for each in forms}) == 2


def test_what_is_in_the_record_is_not_begun_again(secretary: Client, exercise: Exercise) -> None:
    """A press on a page that was left open leads to what is there since."""
    readout = code(exercise, "readout")
    answer = secretary.get(f"/meetings/{code(exercise, 'meeting-2')}/readout/")
    assert answer["Location"] == f"/readouts/{readout}/"
    assert "This is in the record already: here it is." in words(page(secretary, answer["Location"]), "//body")
    answer = secretary.get(f"/meetings/{code(exercise, 'meeting-2')}/next/")
    assert answer["Location"] == f"/meetings/{code(exercise, 'meeting-3')}/"


@pytest.fixture
def american(serve_side: Serve) -> Client:
    return sign_in(serve_side("USA"), "secretariat")


@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_a_cleared_readout_is_announced_by_a_short_form_that_says_all_that_is_wrong(
    american: Client, exercise: Exercise, prefix: str
) -> None:
    address = f"{prefix}/meetings/{code(exercise, 'meeting-2')}/announce/"
    tree = page(american, f"{prefix}/meetings/{code(exercise, 'meeting-2')}/")
    assert address in tree.xpath("//*[@id='work']//a/@href")
    form = {
        str(each.get("name")): each.get("value") or "" for each in page(american, address).xpath("//main//form//input")
    }
    for typed, at in (("", "on"), ("03/04/2026", "on"), ("1 Jan 2199", "on"), ("soon", "on")):
        answer = american.post(address, {**form, "on": typed, "where": "x"})
        assert answer.status_code == 422, typed
        tree = html.fromstring(answer.content.decode())
        assert tree.xpath(f"//main//section[@role='alert']//a[@href='#id_{at}']"), typed
        assert tree.xpath(f"//*[@id='id_{at}_err']"), typed
        assert (re.search("[\u0900-\u097f]", words(tree, f"//*[@id='id_{at}_err']")) is not None) == bool(prefix)
    long = html.fromstring(american.post(address, {**form, "where": "x" * 1001}).content.decode())
    assert long.xpath("//*[@id='id_where_err']")
    assert Draft.objects.count() == 0
    sent = american.post(address, {**form, "on": "03/04/2026", "on__reading": "2026-04-03", "where": "Ministry"})
    assert sent.status_code == 302
    held = Draft.objects.get()
    assert held.content["announced"] == [{"side": "USA", "on": "2026-04-03", "where": "Ministry"}]
    assert held.particulars["next"] == "IND"
    assert american.get(sent["Location"]).status_code == 200


def test_a_readout_is_announced_by_the_side_whose_turn_it_is(secretary: Client, exercise: Exercise) -> None:
    tree = page(secretary, f"/meetings/{code(exercise, 'meeting-2')}/")
    assert "readout cleared by both, not announced" in words(tree, "//*[@id='work']")
    assert not tree.xpath("//*[@id='work']//a[contains(@href, '/announce/')]")
    refused = page(secretary, f"/meetings/{code(exercise, 'meeting-2')}/announce/", 422)
    assert "the other side's turn to draft" in words(refused)
    page(secretary, f"/meetings/{code(exercise, 'meeting-3')}/announce/", 404)
