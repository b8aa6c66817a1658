"""National steps at the pages: recorded, kept inside, released, older than what is held; conflicts at every door."""

import json
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from tests.cli.served import command
from tests.node import capitals as machines

from dtti.accord import table
from dtti.accord.refusal import Refused
from dtti.demo.exercise import Exercise
from dtti.language.catalogue import translate
from dtti.node.core import release, text
from dtti.node.core.draft import Draft, new_record
from dtti.node.core.node import Node
from dtti.office.lanes import lanes

from .capitals import Serve, copied, serve_side  # noqa: F401 - fixtures
from .signing import Page
from .test_leaks import still
from .test_permissions import seat

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("lanes")]

OFFICER, CLEARS = "ex-project-officer", "ex-disclosure"
PLANTED = "PLANTED-NATIONAL trial range is booked"


@pytest.fixture
def exercise(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Exercise]:
    """Two capitals of its own for each test: most of them write."""
    yield from copied(tmp_path_factory, request)


class Capitals:
    """Both capitals, whoever sits down at one of them, and the line between them."""

    def __init__(self, exercise: Exercise, serve_side: Serve) -> None:  # noqa: F811
        self.exercise, self._serve = exercise, serve_side

    def sit(self, side: str, duty: str = "working_group_co_chair", office: str = OFFICER) -> Client:
        return seat(self._serve(side), duty, f"{side}/{office}", user=f"{side}.{duty}".lower().replace("_", "-"))

    def node(self, side: str) -> Node:
        return self.exercise.pair.nodes[side]

    def exchange(self) -> None:
        for node in self.exercise.pair.nodes.values():
            node.settle()
        self.exercise.pair.swap()

    def code(self, name: str) -> str:
        return self.exercise.records[name].rpartition("/")[2]


@pytest.fixture
def both(exercise: Exercise, serve_side: Serve) -> Capitals:  # noqa: F811
    return Capitals(exercise, serve_side)


def lanes_of(browser: Client, project: str) -> dict[str, dict[str, Any]]:
    """The steps of each side's lanes on a project, by side and step, as JSON has them."""
    held = browser.get(f"/projects/{project}.json").json()["lanes"]
    return {one["side"]: {each["step"]: each for each in one["steps"]} for one in held}


def warned(browser: Client, project: str) -> dict[str, dict[str, Any]]:
    found = browser.get(f"/projects/{project}/conflicts.json")
    assert found.status_code == 200
    return {each["id"]: each for each in found.json()["conflicts"]}


def keep(browser: Client, form: str, step: str, **answers: Any) -> Any:
    """Fill in the form of a step as a browser would."""
    page = Page(browser.get(form))
    return browser.post(form, {**page.fields, "step": step, **answers})


def confirm(browser: Client, answer: Any, **answers: str) -> None:
    assert answer.status_code == 302, Page(answer).text[:2000]
    page = Page(browser.get(answer["Location"]))
    done = browser.post(answer["Location"], {**page.fields, "confirm": "yes", **answers})
    assert done.status_code == 302, Page(done).text[:2000]


def record(browser: Client, project: str, step: str, **answers: Any) -> None:
    """Record a step of a project, from the project's page on."""
    form = f"/projects/{project}/national-step/?step={step}"
    confirm(browser, keep(browser, form, step, **answers))


def released(both: Capitals, side: str, record: str, **answers: str) -> None:
    """Release a record as the disclosure officer of a side, at its page."""
    browser = both.sit(side, "disclosure_officer", CLEARS)
    address = f"/work/{record.rpartition('/')[2]}/release/"
    page = Page(browser.get(address))
    shown = browser.post(address, {**page.fields, "confirm": "yes", **answers})
    if shown.status_code != 302:  # what is told besides was chosen there: it is shown again, whole
        page = Page(shown)
        shown = browser.post(address, {**page.fields, "confirm": "yes", **answers})
    assert shown.status_code == 302, Page(shown).text[:2000]
    both.exchange()


def previewed(both: Capitals, side: str, record: str, **answers: str) -> str:
    """What the page of a release says that the other side would see, once these answers are chosen there."""
    browser = both.sit(side, "disclosure_officer", CLEARS)
    address = f"/work/{record.rpartition('/')[2]}/release/"
    page = Page(browser.get(address))
    if answers:
        page = Page(browser.post(address, {**page.fields, "confirm": "yes", **answers}))
    (shown,) = page.tree.xpath("//section[@id='preview']")
    return str(shown.text_content())


# --- a step ----------------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_step_is_recorded_released_and_known_to_be_older_once_it_moved_on(both: Capitals) -> None:
    project, step = both.code("net"), "in-dap-2020:in-acq-trials"
    india = both.sit("IND")
    record(india, project, step, started="1 Nov 2026", expected="Mar 2027", delays=["delayed-comments"],
           text="Range booked.", file_number="EX/TRIAL/9")  # fmt: skip
    mine = lanes_of(india, project)["IND"]["in-acq-trials"]
    assert (mine["state"], mine["told"], mine["expected"]) == ("under-way", "inside", "2027-03")
    assert (mine["delays"], mine["file_number"]) == (["delayed-comments"], "EX/TRIAL/9")
    kept = Page(india.get(f"/projects/{project}/"))
    assert "National, not released" in kept.text
    both.exchange()
    assert "in-acq-trials" not in lanes_of(both.sit("USA"), project)["IND"]

    record_id = f"national_step/IND/{mine['record']}"
    told = previewed(both, "IND", record_id)
    assert "Range booked." in told
    assert "Comments are late" not in told
    assert "EX/TRIAL/9" not in told
    told = previewed(both, "IND", record_id, apart="yes")
    assert "EX/TRIAL/9" not in told
    released(both, "IND", record_id)
    theirs = lanes_of(both.sit("USA"), project)["IND"]["in-acq-trials"]
    assert (theirs["state"], theirs["told"], theirs["text"]) == ("under-way", "theirs", "Range booked.")
    assert (theirs["delays"], theirs["file_number"]) == ([], None)
    assert "By their own account" in Page(both.sit("USA").get(f"/projects/{project}/")).text
    assert lanes_of(both.sit("IND"), project)["IND"]["in-acq-trials"]["told"] == "current"

    india = both.sit("IND")
    again = india.get(f"/projects/{project}/national-step/?step={step}")
    assert again.status_code == 302  # the step is there: its own record is stated again
    confirm(india, keep(india, again["Location"], step, done="20 Nov 2026", delays=["delayed-comments"]))
    both.exchange()
    moved = lanes_of(india, project)["IND"]["in-acq-trials"]
    assert (moved["state"], moved["told"]) == ("done", "older")
    assert "What was shared is older than what we hold" in Page(india.get(f"/projects/{project}/")).text
    assert lanes_of(both.sit("USA"), project)["IND"]["in-acq-trials"]["state"] == "under-way"
    time.sleep(1.1)  # acts claim whole seconds: of two releases in one second neither is the later
    released(both, "IND", record_id, apart="yes")
    last = lanes_of(both.sit("USA"), project)["IND"]["in-acq-trials"]
    assert (last["state"], last["delays"], last["file_number"]) == ("done", ["delayed-comments"], None)


@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_a_step_begun_anywhere_is_begun_by_choosing_the_project_by_its_words(both: Capitals, prefix: str) -> None:
    """The general beginning leads to the same short form as the page of the project."""
    india, form = both.sit("IND"), f"{prefix}/projects/{both.code('net')}/national-step/"
    begun = india.get(f"{prefix}/work/new/national-steps/")
    assert (begun.status_code, begun["Location"]) == (302, f"{prefix}/national-steps/record/")
    ways = Page(india.get(begun["Location"])).tree.xpath("//main//table//a[contains(@href, '/national-step/')]/@href")
    assert form in ways
    assert len(ways) > 1
    found = Page(india.get(begun["Location"] + "?q=shipboard drone"))
    assert found.tree.xpath("//main//table//a[contains(@href, '/national-step/')]/@href") == [form]
    assert not Page(india.get(begun["Location"] + "?q=no such words")).tree.xpath("//main//table")
    assert Page(india.get(form)).tree.xpath("//main//form//select[@name='step']")
    for browser in (both.sit("IND", "auditor", "ex-audit"), Client()):
        assert browser.get(f"{prefix}/national-steps/record/").status_code in (302, 403, 404)


@pytest.mark.long
@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_all_that_is_wrong_with_a_step_is_said_at_once_in_the_language_of_the_page(both: Capitals, prefix: str) -> None:
    project, step, india = both.code("net"), "in-dap-2020:in-acq-trials", both.sit("IND")
    form = f"{prefix}/projects/{project}/national-step/?step={step}"
    empty = keep(india, form, step)
    assert empty.status_code == 422
    assert Page(empty).tree.xpath("//*[@id='id_done']/@aria-invalid") == ["true"]
    wrong = Page(keep(india, form, step, started="3/4/2026", done="31 Feb 2026", until="soon", silent="yes"))
    assert [wrong.tree.xpath(f"//*[@id='id_{name}']/@aria-invalid") for name in ("started", "done", "until")] == [
        ["true"]
    ] * 3
    ahead = Page(keep(india, form, step, done="1 Jan 2099"))
    assert ahead.tree.xpath("//*[@id='id_done']/@aria-invalid") == ["true"]
    assert not Page(india.get(form)).tree.xpath("//*[@aria-invalid]")
    if prefix:
        assert "is not known" not in ahead.text
    assert lanes_of(india, project)["IND"]["in-acq-trials"]["state"] == "unrecorded"


def test_who_may_not_record_and_who_is_not_signed_in_see_no_form(both: Capitals) -> None:
    project = both.code("net")
    for browser in (both.sit("IND", "auditor", "ex-audit"), both.sit("IND", "disclosure_officer", CLEARS), Client()):
        assert browser.get(f"/projects/{project}/national-step/").status_code in (302, 403, 404)
        page = Page(browser.get(f"/projects/{project}/")) if browser.cookies else None
        assert page is None or "Record a national step" not in page.text


def test_a_step_is_never_stated_straight_to_the_other_side(both: Capitals) -> None:
    """The form has no such answer; and where a form or a command had one, the write path refuses it."""
    exercise, kind = both.exercise, "national_step"
    content = {"ref": "x", "side": "IND", "project": "ex-net", "rules": "in-dap-2020", "step": "in-acq-trials",
               "started": "2026-11-01"}  # fmt: skip
    node, office = both.node("IND"), exercise.ind_po.office
    stated = Draft("state", new_record(kind, "IND"), table.State(base=0), office, (text.Text(content=content),))
    with pytest.raises(Refused) as refused:
        node.write(stated)
    assert refused.value.refusals[0].rule == "inside"
    with pytest.raises(Refused) as refused:  # not beside others either
        node.write_all([stated, Draft("comment", exercise.records["net"], table.Plain(), office,
                                      (text.Text(remarks="x"),), ledger="national")])  # fmt: skip
    assert refused.value.refusals[0].rule == "inside"


@pytest.mark.long
def test_the_other_capital_s_own_word_on_this_side_s_procedure_is_no_lane_of_it(both: Capitals) -> None:
    """It may write what it likes of its own; of this side's it is not heard."""
    exercise = both.exercise
    before = lanes_of(both.sit("IND"), both.code("net"))
    node, desk = both.node("USA"), exercise.usa_po
    content = {"ref": "odd", "side": "USA", "project": "ex-net", "rules": "us-agreement-1", "step": "us-legal",
               "done": "2026-11-01"}  # fmt: skip
    record = desk.state("national_step", content, ledger="national")
    release.release(node, record, exercise.desks[f"USA/{CLEARS}"].office)
    both.exchange()
    after = lanes_of(both.sit("IND"), both.code("net"))
    assert set(after["USA"]) - set(before["USA"]) == {"us-legal"}
    assert after["IND"] == before["IND"]


# --- what stays inside -----------------------------------------------------------------------------------------------


@pytest.mark.long
def test_what_is_national_moves_no_byte_of_any_page_of_the_other_side_or_the_public(both: Capitals) -> None:
    """Lists, search, the project with its conflicts, the desk, the checklist: as they were before it was recorded."""
    project = both.code("net")
    pages = [
        *(f"{start}{each}" for start in ("", "/hi") for each in (
            f"/projects/{project}/", f"/projects/{project}/conflicts/", f"/projects/{project}/checklist/",
            "/national-steps/", "/national-cases/", "/national-procedures/")),
        f"/projects/{project}.json", f"/projects/{project}/conflicts.json", "/national-steps.json",
        "/national-cases.json", "/search.json?q=PLANTED", "/search.json?q=range", "/?format=json",
    ]  # fmt: skip

    def seen(browser: Client) -> dict[str, str]:
        return {each: still(browser.get(each).content).decode() for each in pages}

    theirs, public = seen(both.sit("USA")), seen(Client())
    india = both.sit("IND")
    record(india, project, "in-dap-2020:in-acq-sanction", done="1 Nov 2026", silent="yes", text=PLANTED)
    assert "silence" in warned(india, project)
    assert PLANTED in Page(india.get(f"/projects/{project}/")).text
    both.exchange()
    for each, said in seen(both.sit("USA")).items():
        assert said.split("\n") == theirs[each].split("\n"), each
    assert seen(Client()) == public
    assert PLANTED.encode() not in both.node("USA").folder.path.joinpath("ledger.sqlite3").read_bytes()


def test_the_public_sees_neither_lanes_nor_conflicts_and_a_reader_of_what_is_released_no_national_one(
    both: Capitals,
) -> None:
    both.sit("IND")
    project = both.code("net")
    assert Client().get(f"/projects/{project}/").status_code == 404
    assert Client().get("/projects/S1/conflicts/").status_code == 404
    asked = command("conflicts", "ex-net", "--node", both.node("IND").folder.path, "--json")
    told = json.loads(subprocess.run(asked, env=machines.environment(), capture_output=True, check=True).stdout)
    assert {each["id"] for each in told["conflicts"]} == {
        "waiting-effect", "necessity-waiting", "framework-expires", "binding-differs"}  # fmt: skip
    assert not any(each["national"] for each in told["conflicts"])


# --- conflicts -------------------------------------------------------------------------------------------------------

ON_NET = {
    "IND": {"waiting-effect": False, "necessity-waiting": True, "framework-expires": False, "binding-differs": False},
    "USA": {"waiting-effect": True, "necessity-waiting": True, "framework-expires": False, "binding-differs": False},
}
ON_HELMET = {
    "IND": {"offsets": True, "silence": True, "waits-in-a-circle": False, "acting-signatory": False,
            "necessity-remaining": False},
    "USA": {"waiting-signature": True, "transmission": True, "waits-in-a-circle": False, "acting-signatory": False,
            "necessity-remaining": True},
}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("side", ["IND", "USA"])
def test_each_side_is_warned_of_what_it_may_know_of_and_told_what_of_it_is_national(both: Capitals, side: str) -> None:
    browser = both.sit(side)
    for name, wanted in (("net", ON_NET[side]), ("helmet", ON_HELMET[side])):
        made = warned(browser, both.code(name))
        assert {each: one["national"] for each, one in made.items()} == wanted
        for one in made.values():
            assert one["source"]
            assert one["version"]
            assert one["confidence"] in ("sourced", "single-source", "inferred", "unverified")
            assert one["cure"]
            assert one["who"]
            assert "%(" not in one["says"] + one["says_hi"] + one["who"] + one["who_hi"]


@pytest.mark.long
def test_page_json_and_command_say_the_same_and_the_checklist_warns_at_the_stage(both: Capitals) -> None:
    browser, project = both.sit("USA"), both.code("net")
    held = browser.get(f"/projects/{project}/conflicts.json").json()
    asked = command("conflicts", "ex-net", "--node", both.node("USA").folder.path, "--national", "--json")
    told = json.loads(subprocess.run(asked, env=machines.environment(), capture_output=True, check=True).stdout)
    assert told == held
    for prefix, language in (("", "en"), ("/hi", "hi")):
        for page in (f"/projects/{project}/conflicts/", f"/projects/{project}/checklist/", f"/projects/{project}/"):
            said = Page(browser.get(f"{prefix}{page}")).text
            assert "<span" not in said  # names of the record in another language are marked, not shown marked
            for each in held["conflicts"]:
                assert translate(each["words"], language) in said, (page, each["id"])
                assert translate(each["cure"], language) in said
    on = command("conflicts", "ex-net", "--on", "2020-01-01", "--node", both.node("USA").folder.path, "--json")
    refused = subprocess.run(on, env=machines.environment(), capture_output=True, check=False)
    assert refused.returncode == 1  # it was not there yet


@pytest.mark.long
def test_the_desk_warns_the_offices_concerned_and_no_other(both: Capitals) -> None:
    desk = Page(both.sit("IND").get("/"))
    assert "Silence taken for consent inside one side" in desk.text
    other = Page(both.sit("IND", "secretariat", "ex-secretariat").get("/"))
    assert "Silence taken for consent inside one side" not in other.text


def test_the_procedures_are_shown_whole_in_both_languages(both: Capitals) -> None:
    browser = both.sit("USA")
    for prefix, language in (("", "en"), ("/hi", "hi")):
        said = Page(browser.get(f"{prefix}/national-procedures/")).text
        for one in lanes().values():
            assert translate(one.about.title, language) in said
            for each in one.steps.values():
                assert translate(each.words, language) in said
    held = browser.get("/national-procedures.json").json()["procedures"]
    assert {each["about"]["version"] for each in held} == set(lanes())
