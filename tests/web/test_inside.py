"""What stays inside one side: drafts, remarks, national records, their release; at the pages, on the staged pair."""

from typing import Any

import pytest
from django.test import Client

from dtti.accord import table
from dtti.demo.exercise import Exercise
from dtti.ledger import act as acts
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.core import text
from dtti.node.core.draft import Draft, new_record
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.people import models, seats
from dtti.node.people.models import Authorship, Person
from dtti.node.record import lookups, read
from dtti.web.page import record_url

from .capitals import exercise, serve_side  # noqa: F401 - fixtures
from .signing import press
from .test_permissions import OFFICE, keep_national, record, seat

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("permissions")]

WORDS = "We would settle for seven minutes."
MARK = b"National, not released"


@pytest.fixture
def node(serve_side: Any) -> Node:  # noqa: F811
    return serve_side("IND")


def last(node: Node, ledger: str) -> acts.Act:
    """The act that stands last in a ledger."""
    return acts.open_leaf(node.store.leaf(ledger, node.store.size(ledger) - 1)).act


def told(node: Node) -> list[bytes]:
    """Every released leaf."""
    return list(node.store.leaves(RELEASED))


@pytest.mark.parametrize("kind", ["project", "need"])
def test_a_remark_inside_on_what_both_hold_stays_inside(node: Node, kind: str):
    browser, before = seat(node, "co_chair"), told(node)
    code = record(node, kind, "released")
    page = browser.get(f"/work/{code}/remark/").content
    assert MARK in page
    assert b"Remarks to the other side" not in page
    assert press(browser, f"/work/{code}/remark/", remarks=WORDS).status_code == 302
    assert told(node) == before
    act = last(node, NATIONAL)
    assert (act.verb, act.record.rpartition("/")[2]) == ("comment", code)


def test_a_remark_to_the_other_side_says_who_reads_it_and_goes_there(node: Node):
    browser, size = seat(node, "co_chair"), node.store.size(RELEASED)
    code = record(node, "project", "released")
    page = browser.get(f"/work/{code}/remark-to-the-other-side/").content.decode()
    assert "This will be read by the United States." in page
    form = page[: page.find('id="remarks"')]  # below it stand the remarks that were made before, each with its mark
    assert MARK.decode() not in form
    press(browser, f"/work/{code}/remark-to-the-other-side/", remarks=WORDS)
    verbs = [acts.open_leaf(leaf).act.verb for leaf in told(node)[size:]]
    assert "comment" in verbs


def test_the_two_remarks_are_two_buttons(node: Node):
    browser = seat(node, "co_chair")
    code = record(node, "project", "released")
    doings = browser.get(f"/work/{code}.json").json()["doings"]
    urls = {one["label"]: one["url"] for one in doings}
    assert urls["Remark inside"] == f"/work/{code}/remark/"
    assert urls["Remark to the other side"] == f"/work/{code}/remark-to-the-other-side/"


def test_reading_keeps_no_draft(node: Node):
    browser, count = seat(node, "co_chair"), models.Draft.objects.count()
    opened = browser.get("/work/new/projects/", follow=True)
    assert opened.status_code == 200
    for kind, purpose in (("project", "paper"), ("project", "propose"), ("need", "state")):
        code = record(node, kind, "released")
        assert browser.get(f"/work/{code}/draft/{purpose}/").status_code in (200, 302, 409)
        assert browser.get(f"/work/{code}/check/{purpose}/").status_code == 302
    assert models.Draft.objects.count() == count
    path = opened.redirect_chain[-1][0]
    assert browser.post(path, {"name": "A net"}).status_code == 302  # a name is all that it needs
    (made,) = models.Draft.objects.filter(content__name="A net")
    assert made.office.startswith("office/IND/")
    assert browser.get(path).status_code == 200
    assert models.Draft.objects.filter(record=made.record).count() == 1


def test_nobody_chooses_the_code_of_a_new_record(node: Node):
    browser = seat(node, "co_chair")
    path = browser.get("/work/new/projects/")["Location"]
    code = path.split("/")[2]
    other = path.replace(code, "a" * len(code), 1)
    assert browser.get(other).status_code == 404
    assert browser.post(other, {"name": "x"}).status_code == 404


@pytest.mark.parametrize("duty", ["auditor", "industry_submitter", "public", "custodian", "lane_recorder", "finance"])
def test_a_draft_is_closed_to_duties_that_write_no_such_text_though_they_share_its_office(node: Node, duty: str):
    office = seats.office_id(node, OFFICE)
    seat(node, "co_chair")
    person = Person.objects.get(username="walks.co-chair")
    code = record(node, "need", "released")
    full = next(row.record for row in read.listing(node, Viewer("IND"), "need").rows if row.code == code)
    models.Draft.objects.create(
        office=office, record=full, purpose="state", person=person, content={"title": "SECRETDRAFT"}
    )
    browser = seat(node, duty)
    paths = (f"/work/{code}/draft/state/", f"/work/{code}/draft/state.json", f"/work/{code}/check/state/")
    closed = 302 if duty == "industry_submitter" else 403  # industry is a stranger here: led to sign in
    if duty == "finance":  # it reads national records and writes no need
        assert browser.get(f"/work/{code}/").status_code == 200
    for path in paths:
        assert browser.get(path).status_code == closed
        assert browser.post(path, {"title": "rewritten"}).status_code == closed
    saved = browser.post(f"/work/{code}/draft/state/save", {"title": "rewritten"}).status_code
    assert saved == (401 if duty == "industry_submitter" else 403)
    for path in ("/", "/index.json", f"/work/{code}/", f"/work/{code}.json"):
        assert b"SECRETDRAFT" not in browser.get(path).content
        assert b"draft/state" not in browser.get(path).content
    assert models.Draft.objects.get(office=office, record=full).content == {"title": "SECRETDRAFT"}


def test_a_draft_of_another_office_is_not_there(node: Node):
    seat(node, "co_chair")
    person = Person.objects.get(username="walks.co-chair")
    code = record(node, "need", "released")
    full = next(row.record for row in read.listing(node, Viewer("IND"), "need").rows if row.code == code)
    models.Draft.objects.create(
        office=seats.office_id(node, "IND/ex-secretariat"),
        record=full,
        purpose="state",
        person=person,
        content={"title": "SECRETDRAFT"},
    )
    browser = seat(node, "co_chair")
    assert b"SECRETDRAFT" not in browser.get(f"/work/{code}/draft/state/").content
    assert b"SECRETDRAFT" not in browser.get("/").content


def release_kept(node: Node, browser: Client, code: str) -> Any:
    return press(browser, f"/work/{code}/release/")


@pytest.mark.parametrize("kind", ["project", "need"])
def test_a_national_record_is_released_by_page_once_with_what_it_rests_on(
    exercise: Exercise,  # noqa: F811
    node: Node,
    kind: str,
):
    code = keep_national(exercise, kind)
    node.settle()
    browser = seat(node, "disclosure_officer", "IND/ex-disclosure")
    page = browser.get(f"/work/{code}/release/")
    assert (page.status_code, MARK in page.content) == (200, True)
    size, kept = node.store.size(RELEASED), record_url(kind, code)
    said = browser.get(kept).content.decode()
    assert ("has not been told of this" in said, "was given a copy" in said) == (True, False)
    inside = Viewer("IND", national=True)
    row = next(row for row in read.listing(node, inside, kind).rows if row.code == code)
    assert lookups.untold(node, [row]) == [f"{kind}:{row.ref}"]
    assert release_kept(node, browser, code).status_code == 302
    node.settle()
    row = next(row for row in read.listing(node, inside, kind).rows if row.code == code)
    assert lookups.untold(node, [row]) == []
    assert lookups.not_released(node, inside, [f"{kind}:{row.ref}"]) == []
    said = browser.get(kept).content.decode()
    assert ("has not been told of this" in said, "was given a copy of what it says now" in said) == (False, True)
    act = acts.open_leaf(node.store.leaf(RELEASED, size)).act
    assert (act.verb, act.record.split("/")[0]) == ("state", kind)
    assert act.record.rpartition("/")[2] != code
    assert act.terms.get("basis") == ("own" if kind == "project" else None)
    again = node.store.size(RELEASED)
    assert release_kept(node, browser, code).status_code == 404
    assert node.store.size(RELEASED) == again


@pytest.mark.parametrize(
    ("called", "stopped"), [("the same account", True), ("renamed", True), ("a namesake", False), ("another", False)]
)
def test_no_account_releases_its_own_text_whatever_it_is_called(node: Node, called: str, stopped: bool):
    """An act written through a page by an account with two seats; then that account, or another, releases."""
    writer = Person.objects.create(username="writer", full_name="A. Rao (exercise)", fictitious=True)
    seats.give_seat(node, writer, OFFICE, "secretariat")
    seats.give_seat(node, writer, "IND/ex-disclosure", "disclosure_officer")
    browser = seat(node, "secretariat", user="writer")
    path = browser.get("/work/new/needs/")["Location"]
    form = {
        "type": "need", "side": "IND", "title": "A net", "user": "Corvettes", "capability": "Recover drones.",
        "priority": "high", "domain": "naval", "status": "open", "ref": f"own-{called.replace(' ', '-')}",
        "kept": "yes",
    }  # fmt: skip
    assert browser.post(path, form).status_code == 302
    code = path.split("/")[2]
    done = press(browser, f"/work/{code}/check/state/")
    assert done.status_code == 302, done.content[:2000]
    assert last(node, NATIONAL).verb == "state"
    assert Authorship.objects.get(person=writer).act != ""
    if called == "renamed":
        writer.full_name = "Arjun Rao-Iyer (exercise)"
        writer.save()
    user = "writer"
    if called in ("a namesake", "another"):
        user = "second"
        name = writer.full_name if called == "a namesake" else "V. Iyer (exercise)"
        second = Person.objects.create(username=user, full_name=name, fictitious=True)
        seats.give_seat(node, second, "IND/ex-disclosure", "disclosure_officer")
    releasing = seat(node, "disclosure_officer", user=user)
    session = releasing.session
    session["seat"] = models.Seat.objects.get(person__username=user, duty="disclosure_officer").pk
    session.save()
    size = node.store.size(RELEASED)
    answer = release_kept(node, releasing, code)
    assert (answer.status_code, node.store.size(RELEASED) > size) == ((409, False) if stopped else (302, True))


def test_whether_a_text_is_national_is_asked_first_and_so_unless_said_otherwise(node: Node):
    browser = seat(node, "co_chair")
    for kind, purpose in (("need", "state"), ("project", "paper")):
        page = browser.get(f"/work/{record(node, kind, 'released')}/draft/{purpose}/").content.decode()
        first, second = page.index('name="kept" value="yes" checked'), page.index('name="kept" value="no"')
        assert first < second
    page = browser.get("/work/new/needs/", follow=True).content.decode()
    assert 'name="kept" value="yes" checked' in page


LISTS = ("/projects/", "/projects-board/", "/search/?q=kept", "/", "/needs/", "/projects/?order=title")


@pytest.mark.parametrize("kind", ["project", "need"])
def test_every_line_and_page_of_a_national_record_says_so(exercise: Exercise, node: Node, kind: str):  # noqa: F811
    code = keep_national(exercise, kind)
    node.settle()
    browser = seat(node, "co_chair")
    for prefix, mark in (("", MARK.decode()), ("/hi", "राष्ट्रीय, जारी नहीं")):
        for path in (*LISTS, f"/{'projects' if kind == 'project' else 'needs'}/{code}/", f"/work/{code}/"):
            page = browser.get(prefix + path).content.decode()
            main = page[page.index('<main id="main"') :]
            lines = main.count(f"/{code}/")
            if path in LISTS:
                at = -1
                for _ in range(lines):
                    at = main.index(f"/{code}/", at + 1)
                    assert mark in main[at : at + 900], (path, main[at : at + 900])
            else:
                assert mark in main[: main.index("<h1")], path
            if path == LISTS[0] and kind == "project":
                assert lines


def test_a_released_act_on_a_record_that_was_kept_is_refused_by_the_write_path_too(
    exercise: Exercise,  # noqa: F811
    node: Node,
):
    from dtti.accord.refusal import Refused

    code = keep_national(exercise, "project")
    kept = f"project/IND/{code}"
    desk = exercise.ind_sec
    for draft in (
        Draft("comment", kept, table.Plain(), desk.office, (text.Text(remarks=WORDS),)),
        Draft("state", kept, table.State(basis="own"), desk.office, (text.Text(content={"ref": "x"}),)),
    ):
        with pytest.raises(Refused) as stopped:
            desk.node.write(draft)
        assert stopped.value.refusals[0].rule == "national"
    assert new_record("project", "IND") not in (kept,)
